//! G16: parts that do not add up to the whole: a refund of 179.26 of 179.25 (WooCommerce 64668), totals with six decimals
//! (Medusa 14817). Rule MON-10.

use crate::races::ground::Verdict;
use crate::races::ground::{House, Kind, Who, verdict};
use entrepot_domain::kernel::{BarePrice, Quantity};
use entrepot_domain::trade::{OrderTerms, Plan};
use serde_json::json;

struct Dice(u64);

impl Dice {
    fn throw(&mut self, sides: i64) -> i64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        i64::try_from(self.0 >> 33).unwrap() % sides
    }
}

/// Crooked prices, quantities, shares, freight and discount.
fn crook(terms: &mut OrderTerms, dice: &mut Dice) {
    let (first, second) = (1 + dice.throw(99_999), 1 + dice.throw(99_999));
    let price = format!("{}.{:04}", dice.throw(90), 1 + dice.throw(9_998));
    terms.lines[0].unit_price = BarePrice::parse(&price).unwrap();
    terms.lines[0].quantity = Quantity::whole(first + second).unwrap();
    terms.shipments[0].quantities = vec![Quantity::whole(first).unwrap()];
    terms.shipments[1].quantities = vec![Quantity::whole(second).unwrap()];
    terms.freight_minor = dice.throw(1_000);
    let deposit = 1 + dice.throw(9_998);
    terms.stages[0].share_bps = deposit;
    terms.stages[1].share_bps = 10_000 - deposit;
}

#[tokio::test]
async fn parts_add_up_to_the_whole_for_a_million_cents_of_crooked_terms() {
    let house = House::open(Kind::Sqlite).await;
    let mut terms = house.lane().await.terms().await;
    let (mut dice, mut planned) = (Dice(16), 0);
    for _ in 0..20_000 {
        crook(&mut terms, &mut dice);
        let Ok(plan) = Plan::of(&terms) else { continue };
        planned += 1;
        assert_eq!(plan.shipments.iter().sum::<i64>(), plan.total, "{terms:?}");
        assert_eq!(plan.stages.iter().map(|s| s.amount).sum::<i64>(), plan.total, "{terms:?}");
        for stage in &plan.stages {
            assert_eq!(stage.cells.iter().sum::<i64>(), stage.amount, "{terms:?}");
        }
    }
    assert!(planned > 15_000, "{planned}");
}

#[tokio::test]
async fn a_full_refund_gives_back_what_was_paid_to_the_cent() {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let house = House::open(kind).await;
        let lane = house.lane().await;
        let (mut dice, mut refunded) = (Dice(61), 0);
        for _ in 0..25 {
            let mut terms = lane.terms().await;
            crook(&mut terms, &mut dice);
            let Some(order) = lane.agree(terms).await else { continue };
            for stage in lane.order(order).await.stages {
                let fund = lane.step(order, "stage.fund", json!({ "stage": stage.no, "method": "card" }));
                let _ = lane.send(0, Who::Buyer, fund, lane.key()).await;
            }
            let money = lane.order(order).await.money;
            let all = json!({ "refund_minor": money.paid.to_string() });
            let propose = lane.step(order, "cancellation.propose", all);
            assert_eq!(verdict(lane.send(0, Who::Buyer, propose, lane.key()).await), Verdict::Done);
            lane.take(Who::Seller, order, "proposal.accept", json!({})).await;
            let after = lane.order(order).await.money;
            assert_eq!((after.refunded, after.held, after.released), (money.paid, 0, 0));
            refunded += 1;
        }
        assert!(refunded > 15, "{refunded}");
        assert_eq!(house.findings().await, Vec::<String>::new());
    }
}
