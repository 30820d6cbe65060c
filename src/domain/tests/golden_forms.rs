//! The stored forms of an order and of its events, to the byte: what is in a log must be readable for ever.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod support;

use entrepot_domain::kernel::Actor;
use entrepot_domain::trade::{PayMethod, TradeCommand};
use support::{Bench, terms};

/// An order whose first shipment is under way and whose cancellation the seller asks for, as text: events, then the order.
fn written() -> String {
    let mut bench = Bench::new();
    bench.pay_in(1_100_000);
    bench.agree(terms());
    bench.ok(Actor::Buyer, TradeCommand::Fund { stage: 1, method: PayMethod::Card });
    bench.fund(2);
    bench.dispatch(1);
    bench.fire_next();
    bench.deliver(1);
    bench.accept(1);
    bench.ok(Actor::Seller, TradeCommand::ProposeCancellation { refund_minor: 90_000 });
    let mut lines: Vec<String> = bench.log.iter().map(|event| serde_json::to_string(event).unwrap()).collect();
    lines.push(serde_json::to_string(&bench.order).unwrap());
    lines.push(String::from_utf8(bench.order.terms.as_ref().unwrap().canonical_bytes()).unwrap());
    lines.join("\n") + "\n"
}

#[test]
fn orders_events_and_canonical_terms_keep_their_stored_form() {
    assert_eq!(written(), include_str!("golden/order.jsonl"));
}
