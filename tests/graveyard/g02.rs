//! G2: a negative refund passes a check that only looks for "at most" (Hyperswitch PR 11491). Rule MON-9.

use crate::ground::{Client, Ground, agreed, ground, pay_in};
use serde_json::{Value, json};

/// Boundary values of an amount, and things that are no amount.
const AMOUNTS: &[&str] = &[
    "-1",
    "0",
    "1",
    "-0",
    "+1",
    "01",
    "1.5",
    "1e3",
    "",
    " 1",
    "0x10",
    "NaN",
    "1000000000000000",
    "1000000000000001",
    "9223372036854775807",
    "-9223372036854775808",
    "9223372036854775808",
    "99999999999999999999999999",
];

async fn books(ground: &Ground, who: &Client) -> Value {
    ground.get(who, "/api/v1/wallet").await.json
}

#[actix_web::test]
async fn boundary_amounts_are_taken_or_refused_and_never_break_anything() {
    let ground = ground().await;
    let (buyer, seller) = (ground.company("Buyer", true, false).await, ground.company("Seller", false, true).await);
    pay_in(&ground, &buyer, "1000000").await;
    let order = agreed(&ground, &buyer, &seller).await;
    let funded = ground.step(&buyer, &order, "stage.fund", json!({ "stage": 1, "method": "tt" })).await;
    assert_eq!(funded.status, 200, "{funded:?}");

    for minor in AMOUNTS {
        let amount = json!({ "minor": minor, "currency": "USD" });
        let before = (books(&ground, &buyer).await, books(&ground, &seller).await);
        let paid = ground.post(&buyer, "/api/v1/wallet/pay-ins", json!({ "amount": amount, "reference": "r" })).await;
        let drawn = ground.post(&seller, "/api/v1/wallet/withdrawals", json!({ "amount": amount })).await;
        let refund = ground.step(&seller, &order, "cancellation.propose", json!({ "refund_minor": minor })).await;
        let penalty = ground.step(&seller, &order, "order.cancel_for_default", json!({ "penalty_minor": minor })).await;

        // Only an amount above zero and within the limit is money; a refund may be nothing at all. Odd spellings of a
        // number may be refused or read as what they are.
        let number = minor.parse::<i64>().ok();
        let plain = number.is_some_and(|n| *minor == n.to_string());
        let within = number.is_some_and(|n| (1..=1_000_000_000_000_000).contains(&n));
        let held = number.is_some_and(|n| (0..=300_000).contains(&n));
        assert!(within || paid.status != 201, "pay-in of {minor:?}: {paid:?}");
        assert!(!(plain && within) || paid.status == 201, "pay-in of {minor:?}: {paid:?}");
        assert!(!drawn.status.is_success(), "nothing to withdraw, {minor:?}: {drawn:?}");
        assert!(held || refund.status != 200, "{minor:?}: {refund:?}");
        assert!(!(plain && held) || refund.status == 200, "{minor:?}: {refund:?}");
        for answer in [&paid, &drawn, &refund, &penalty] {
            assert!(answer.status.as_u16() < 500, "{minor:?}: {answer:?}");
        }
        if refund.status == 200 {
            assert_eq!(ground.step(&seller, &order, "proposal.withdraw", json!({})).await.status, 200);
        }
        if paid.status != 201 {
            assert_eq!((books(&ground, &buyer).await, books(&ground, &seller).await), before, "{minor:?}");
        }
    }
    ground.sealed().await;
    let report = entrepot::audit::verify(ground.state.engine.db(), None).await.unwrap();
    assert!(report.findings.is_empty(), "{:?}", report.findings);
}
