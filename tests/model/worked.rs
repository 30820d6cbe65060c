//! The model against the numbers the specification works out by hand: 10,000.00, 30/70, shipments of 6,000 and 4,000.

use crate::counting::{DAY, day};
use crate::reference::Model;
use crate::walk::START;
use crate::words::{Terms, TermsStage, Told, Verdict, What, Who};

const BUYER: Who = Who { company: Some(1), role: "owner" };
const SELLER: Who = Who { company: Some(2), role: "owner" };
const TEACHER: Who = Who { company: None, role: "teacher" };

fn agreed() -> Model {
    let mut model = Model { now: START, ..Model::default() };
    let stage = |kind, trigger, share| TermsStage { kind, trigger, share, only: None };
    let today = day(model.now);
    let terms = Terms {
        buyer: 1,
        seller: 2,
        currency: "USD",
        goods: vec![600_000, 400_000],
        extra: 0,
        ship_by: vec![today + 40, today + 60],
        stages: vec![stage("deposit", "agreed", 3_000), stage("balance", "before_dispatch", 7_000)],
        acceptance: 15,
        window: 30,
        deposit_days: 10,
        measured: true,
    };
    done(&mut model, BUYER, What::PayIn("USD", 1_100_000));
    done(&mut model, BUYER, What::Draft(terms));
    step(&mut model, BUYER, "order.offer", Told { days: 15, ..Told::default() });
    step(&mut model, SELLER, "order.accept", Told { offer: 1, ..Told::default() });
    step(&mut model, BUYER, "stage.fund", Told { part: 1, card: true, ..Told::default() });
    step(&mut model, BUYER, "stage.fund", Told { part: 2, ..Told::default() });
    step(&mut model, BUYER, "stage.fund", Told { part: 3, ..Told::default() });
    model
}

fn done(model: &mut Model, who: Who, what: What) {
    assert_eq!(model.apply(who, &what).0, Verdict::Done, "{who:?} {what:?} {model:?}");
}

fn step(model: &mut Model, who: Who, name: &'static str, told: Told) {
    done(model, who, What::Step(0, name, told, None));
}

fn ship(model: &mut Model, part: i64) {
    step(model, SELLER, "shipment.dispatch", Told { part, days: 12, ..Told::default() });
}

fn days(model: &mut Model, days: i64) {
    let to = model.now + days * DAY;
    done(model, TEACHER, What::Clock(to));
}

#[test]
fn the_happy_path_ends_with_the_numbers_of_the_specification() {
    let mut model = agreed();
    assert_eq!(model.books.purse(1, "buyer", "USD"), 88_030);
    ship(&mut model, 1);
    ship(&mut model, 2);
    days(&mut model, 13);
    step(&mut model, BUYER, "shipment.accept", Told { part: 1, ..Told::default() });
    days(&mut model, 17);
    assert_eq!(model.orders[0].state, "completed");
    assert_eq!((model.books.purse(2, "seller", "USD"), model.books.purse(2, "reserve", "USD")), (927_000, 50_000));
    days(&mut model, 32);
    assert_eq!((model.orders[0].state, model.books.purse(2, "seller", "USD")), ("closed", 977_000));
}

#[test]
fn a_late_cancellation_leaves_the_accepted_shipment_alone() {
    let mut model = agreed();
    ship(&mut model, 1);
    days(&mut model, 13);
    step(&mut model, BUYER, "shipment.accept", Told { part: 1, ..Told::default() });
    days(&mut model, 49);
    step(&mut model, BUYER, "order.late_cancel", Told::default());
    assert_eq!(model.orders[0].state, "completed");
    assert_eq!(model.books.purse(1, "buyer", "USD"), 88_030 + 400_000);
}
