//! Ready stock through the life of an order: what each step keeps, consumes and gives back (ruling 39, G8–G10, G12).
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod support;

use std::collections::BTreeMap;
use std::sync::Arc;

use entrepot_domain::catalog::{Stock, StockMove, StockReason};
use entrepot_domain::kernel::{Actor, ProductId, Quantity};
use entrepot_domain::trade::{
    Amendment, LineChange, OrderStatus, OrderTerms, PayMethod, ShipmentChange, StageKind, Step, TradeCommand,
    TradeRejection, Trigger, actions, reserved, reserved_until, stock_moves, stock_touched, wanted,
};
use proptest::prelude::*;
use support::{Bench, at, papers, stage, terms};

const LAMP: ProductId = ProductId(7);
const SHADE: ProductId = ProductId(3);

fn pieces(units: i64) -> Quantity {
    Quantity::whole(units).unwrap()
}

/// The order of the rule book, its lamps taken out of stock; each shipment brings 10 shades in two lines, which are not.
fn stocked() -> OrderTerms {
    let mut terms = terms();
    terms.lines[0].product = Some(LAMP);
    terms.lines[0].from_stock = Some(true);
    terms
}

/// The same with two more lines, both of one product.
fn bundled() -> OrderTerms {
    let mut terms = stocked();
    let mut line = terms.lines[0].clone();
    (line.product, line.sku, line.quantity) = (Some(SHADE), "SHADE-1".into(), pieces(30));
    terms.lines.extend([line.clone(), line]);
    terms.shipments[0].quantities.extend([pieces(10), pieces(30)]);
    terms.shipments[1].quantities.extend([pieces(20), pieces(0)]);
    terms
}

/// An order beside the stocks it takes from.
struct Yard {
    bench: Bench,
    stock: BTreeMap<ProductId, Stock>,
    moves: Vec<(ProductId, StockMove)>,
}

impl Yard {
    fn new(on_hand: &[(ProductId, i64)]) -> Self {
        let stock =
            on_hand.iter().map(|(product, units)| (*product, Stock { on_hand: pieces(*units), reserved: Quantity(0) }));
        let mut bench = Bench::new();
        bench.pay_in(2_000_000);
        Self { bench, stock: stock.collect(), moves: Vec::new() }
    }

    /// Takes a step and changes the stocks by what it says, as the door does.
    fn take(&mut self, actor: Actor, command: &TradeCommand) -> Result<(), TradeRejection> {
        self.bench.stock = self.stock.iter().map(|(product, stock)| (*product, stock.free())).collect();
        let before = self.bench.order.clone();
        self.bench.run(actor, command)?;
        let moves = stock_moves(&before, &self.bench.order);
        let touched = stock_touched(&before, command.step());
        for (product, moved) in &moves {
            assert!(touched.contains(product), "{command:?} changes a stock it did not name");
            let stock = self.stock.get_mut(product).unwrap();
            *stock = stock.after(moved).unwrap();
        }
        self.moves.extend(moves);
        let kept: Vec<_> = self.stock.iter().filter(|(_, s)| s.reserved.0 > 0).map(|(p, s)| (*p, s.reserved)).collect();
        assert_eq!(kept, reserved(&self.bench.order).into_iter().collect::<Vec<_>>());
        Ok(())
    }

    fn ok(&mut self, actor: Actor, command: TradeCommand) {
        self.take(actor, &command).unwrap_or_else(|refusal| panic!("{command:?}: {refusal}"));
    }

    fn agree(&mut self, terms: OrderTerms) {
        self.bench.agree(terms);
    }

    fn fund(&mut self, stage: i32) -> Result<(), TradeRejection> {
        self.take(Actor::Buyer, &TradeCommand::Fund { stage, method: PayMethod::Tt })
    }

    fn dispatch(&mut self, shipment: i32) {
        self.ok(Actor::Seller, TradeCommand::Dispatch { shipment, papers: papers(), eta_days: 20 });
    }

    /// Fires the earliest deadline; false when there is none.
    fn fire_next(&mut self) -> bool {
        let next = self.bench.due.iter().map(|((step, part), due)| (*due, step.clone(), *part)).min();
        let Some((due, step, part)) = next else { return false };
        self.bench.now = self.bench.now.max(due);
        self.ok(Actor::System, TradeCommand::from_deadline(&step, part).unwrap());
        true
    }

    fn of(&self, product: ProductId) -> (i64, i64) {
        let stock = self.stock[&product];
        (stock.on_hand.0 / 1_000, stock.reserved.0 / 1_000)
    }

    fn reasons(&self) -> Vec<StockReason> {
        self.moves.iter().map(|(_, moved)| moved.reason).collect()
    }
}

#[test]
fn the_first_payment_keeps_the_goods_and_each_shipment_takes_its_part() {
    let mut yard = Yard::new(&[(LAMP, 1_500)]);
    yard.agree(stocked());
    assert_eq!((yard.of(LAMP), wanted(&yard.bench.order)), ((1_500, 0), [(LAMP, pieces(1_000))].into()));

    yard.fund(1).unwrap();
    assert_eq!(yard.of(LAMP), (1_500, 1_000));
    for stage in [2, 3] {
        yard.fund(stage).unwrap();
    }
    assert_eq!(yard.of(LAMP), (1_500, 1_000), "later payments keep nothing more (G12)");
    yard.dispatch(1);
    assert_eq!(yard.of(LAMP), (900, 400));
    yard.dispatch(2);
    assert_eq!(yard.of(LAMP), (500, 0));
    while yard.fire_next() {}
    assert_eq!((yard.bench.order.status, yard.of(LAMP)), (OrderStatus::Closed, (500, 0)));
    assert_eq!(yard.reasons(), [StockReason::Reserved, StockReason::Dispatched, StockReason::Dispatched]);
}

#[test]
fn an_order_that_is_made_to_order_touches_no_stock() {
    let mut yard = Yard::new(&[(LAMP, 5)]);
    for from_stock in [None, Some(false)] {
        let mut terms = stocked();
        terms.lines[0].from_stock = from_stock;
        yard.bench = Bench::new();
        yard.bench.activate(terms);
        assert!(reserved(&yard.bench.order).is_empty() && reserved_until(&yard.bench.order).is_none());
        assert_eq!(stock_touched(&yard.bench.order, Step::Dispatch), []);
    }
    assert_eq!(yard.moves, []);
}

#[test]
fn goods_that_are_not_all_there_are_not_kept_and_nobody_is_charged() {
    let mut yard = Yard::new(&[(LAMP, 999), (SHADE, 60)]);
    yard.agree(bundled());
    let paid = yard.bench.books.clone();

    let refusal = yard.fund(1).unwrap_err();

    let TradeRejection::OutOfStock(short) = &refusal else { panic!("{refusal}") };
    assert_eq!(
        short.iter().map(|s| (s.line, s.wanted, s.available)).collect::<Vec<_>>(),
        [(0, pieces(1_000), pieces(999))]
    );
    assert_eq!((yard.of(LAMP), yard.of(SHADE)), ((999, 0), (60, 0)), "all or nothing");
    assert_eq!(yard.bench.books, paid);
    assert_eq!(yard.bench.order.status, OrderStatus::Agreed);

    yard.stock.get_mut(&LAMP).unwrap().on_hand = pieces(1_000);
    yard.fund(1).unwrap();
}

/// G10: two lines of one product are one sum.
#[test]
fn lines_of_one_product_are_added_up_before_they_are_judged() {
    let mut yard = Yard::new(&[(LAMP, 1_000), (SHADE, 59)]);
    yard.agree(bundled());
    let refusal = yard.fund(1).unwrap_err();
    let TradeRejection::OutOfStock(short) = &refusal else { panic!("{refusal}") };
    assert_eq!((short[0].line, short[0].wanted, short[0].available), (1, pieces(60), pieces(59)));

    yard.stock.get_mut(&SHADE).unwrap().on_hand = pieces(60);
    yard.fund(1).unwrap();
    assert_eq!((yard.of(LAMP), yard.of(SHADE)), ((1_000, 1_000), (60, 60)));
    for stage in [2, 3] {
        yard.fund(stage).unwrap();
    }
    yard.dispatch(1);
    assert_eq!((yard.of(LAMP), yard.of(SHADE)), ((400, 400), (20, 20)));
    let order: Vec<_> = yard.moves.iter().map(|(product, _)| *product).collect();
    assert_eq!(order, [SHADE, LAMP, SHADE, LAMP], "in the order of products, not of lines (CON-3)");
}

#[test]
fn no_wallet_is_asked_for_money_that_would_buy_nothing() {
    let mut yard = Yard::new(&[(LAMP, 1)]);
    yard.bench = Bench::new();
    yard.agree(stocked());
    assert!(matches!(yard.fund(1), Err(TradeRejection::OutOfStock(_))), "an empty wallet hears of the goods first");
}

#[test]
fn a_balance_that_is_never_paid_lets_the_clock_give_the_goods_back() {
    let mut yard = Yard::new(&[(LAMP, 1_000)]);
    yard.agree(stocked());
    yard.fund(1).unwrap();
    let until = reserved_until(&yard.bench.order).unwrap();
    assert_eq!(until, at("2026-04-01T00:00:00+08:00"), "30 days behind the first ship-by date");

    while yard.of(LAMP).1 > 0 {
        assert!(yard.fire_next(), "nothing would ever end the reservation");
    }

    assert!(yard.bench.now <= until, "{:?}", yard.bench.now);
    assert_eq!((yard.of(LAMP), yard.bench.order.status), ((1_000, 0), OrderStatus::Cancelled));
    assert_eq!(
        (yard.reasons(), reserved_until(&yard.bench.order)),
        (vec![StockReason::Reserved, StockReason::Released], None)
    );
}

#[test]
fn default_consent_and_lateness_give_back_what_has_not_left() {
    let default = |yard: &mut Yard| {
        while !yard.bench.log.iter().any(|event| event.type_name() == "stage_lapsed") {
            assert!(yard.fire_next());
        }
        yard.ok(Actor::Seller, TradeCommand::CancelForDefault { penalty_minor: 0 });
    };
    let consent = |yard: &mut Yard| {
        yard.ok(Actor::Seller, TradeCommand::ProposeCancellation { refund_minor: 0 });
        yard.ok(Actor::Buyer, TradeCommand::AcceptProposal {});
    };
    let late = |yard: &mut Yard| {
        yard.fund(2).unwrap();
        yard.dispatch(1);
        yard.fund(3).unwrap();
        yard.bench.now = at("2026-05-01T00:00:00+08:00");
        yard.ok(Actor::Buyer, TradeCommand::LateCancel {});
    };
    let ends: [&dyn Fn(&mut Yard); 3] = [&default, &consent, &late];
    for ((name, on_hand), end) in [("default", 1_000), ("consent", 1_000), ("late", 400)].into_iter().zip(ends) {
        let mut yard = Yard::new(&[(LAMP, 1_000)]);
        yard.agree(stocked());
        yard.fund(1).unwrap();
        end(&mut yard);
        assert_eq!(yard.of(LAMP), (on_hand, 0), "{name}");
    }
}

#[test]
fn goods_of_an_unpaid_bill_of_lading_do_not_come_back_by_themselves() {
    let mut terms = stocked();
    terms.stages =
        vec![stage(StageKind::Deposit, Trigger::Agreed, 3_000), stage(StageKind::Balance, Trigger::BlCopy, 7_000)];
    let mut yard = Yard::new(&[(LAMP, 1_000)]);
    yard.agree(terms);
    yard.fund(1).unwrap();
    yard.dispatch(1);
    while !yard.bench.log.iter().any(|event| event.type_name() == "stage_lapsed") {
        assert!(yard.fire_next());
    }
    yard.ok(Actor::Seller, TradeCommand::CancelForDefault { penalty_minor: 0 });
    assert_eq!(yard.of(LAMP), (400, 0), "600 are on the way; whoever gets them back says so by hand");
}

#[test]
fn amended_goods_are_what_the_first_payment_keeps_and_nothing_changes_them_after() {
    let mut yard = Yard::new(&[(LAMP, 500)]);
    yard.agree(stocked());
    let fewer = |units: i64| {
        let line = LineChange { line: 1, title: None, quantity: Some(pieces(units)), unit_price: None };
        let shipment =
            |shipment, units| ShipmentChange { shipment, ship_by: None, quantities: Some(vec![pieces(units)]) };
        let shipments = vec![shipment(1, units - 100), shipment(2, 100)];
        TradeCommand::ProposeAmendment {
            amendment: Arc::new(Amendment { lines: vec![line], shipments, ..Amendment::default() }),
        }
    };
    assert!(yard.fund(1).is_err());
    yard.ok(Actor::Buyer, fewer(500));
    yard.ok(Actor::Seller, TradeCommand::AcceptProposal {});
    yard.fund(1).unwrap();
    assert_eq!(yard.of(LAMP), (500, 500));
    let refusal = yard.take(Actor::Buyer, &fewer(400)).unwrap_err();
    assert!(matches!(refusal, TradeRejection::AmendmentNotAllowed { .. }), "{refusal}");
    assert_eq!(yard.of(LAMP), (500, 500));
}

#[test]
fn a_later_ship_by_date_moves_the_end_of_the_reservation() {
    let mut yard = Yard::new(&[(LAMP, 1_000)]);
    yard.agree(stocked());
    yard.fund(1).unwrap();
    yard.ok(Actor::Seller, TradeCommand::ProposeExtension { shipment: 1, days: 7 });
    yard.ok(Actor::Buyer, TradeCommand::AcceptProposal {});
    assert_eq!(reserved_until(&yard.bench.order), Some(at("2026-04-08T00:00:00+08:00")));
    assert_eq!(yard.moves.len(), 1);
}

#[test]
fn terms_that_say_nothing_of_stock_keep_their_canonical_form() {
    let text = String::from_utf8(terms().canonical_bytes()).unwrap();
    assert!(!text.contains("from_stock"), "{text}");
    assert!(String::from_utf8(stocked().canonical_bytes()).unwrap().contains(r#""from_stock":true"#));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, ..ProptestConfig::default() })]

    /// Any order of steps: the stock keeps exactly what the order keeps, never goes below nothing, and the changes add up.
    #[test]
    fn on_every_road_the_stock_keeps_what_the_order_keeps(
        spare in -40_i64..40,
        choices in proptest::collection::vec((0_usize..1_000, 0_u8..4), 1..60),
    ) {
        let mut yard = Yard::new(&[(LAMP, 1_000 + spare), (SHADE, 60)]);
        let start = yard.stock.clone();
        yard.agree(bundled());
        for (pick, what) in choices {
            if what == 3 {
                if !yard.fire_next() { break; }
                continue;
            }
            let actor = [Actor::Buyer, Actor::Seller, Actor::Carrier][usize::from(what)];
            yard.bench.stock = yard.stock.iter().map(|(product, stock)| (*product, stock.free())).collect();
            let open: Vec<TradeCommand> = actions(&yard.bench.order, &yard.bench.context(actor))
                .into_iter()
                .filter(|view| view.outcome.is_ok())
                .map(|view| view.command)
                .collect();
            if !open.is_empty() {
                yard.ok(actor, open[pick % open.len()].clone());
            }
        }
        while yard.fire_next() {}
        for (product, stock) in &yard.stock {
            prop_assert_eq!(stock.reserved, Quantity(0), "an ended order keeps nothing");
            let sum: i64 = yard.moves.iter().filter(|(of, _)| of == product).map(|(_, moved)| moved.on_hand).sum();
            prop_assert_eq!(start[product].on_hand.0 + sum, stock.on_hand.0);
        }
    }
}
