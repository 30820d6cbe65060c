//! F7: the races two people, a person and a deadline, or two nodes can run over one order or wallet (ruling 24).
//!
//! Each names where it begins, who runs, how many may win and what must stand afterwards. Everybody starts at one
//! barrier; who does not win is refused with 409 or told that it was done already.

use super::ground::{DAY, House, Lane, Scene, Verdict, Who, papers, verdict};
use entrepot_domain::trade::{CellState, Order, OrderStatus, ShipmentState, StageState};
use serde_json::{Value, json};
use std::sync::Arc;
use tokio::sync::Barrier;

/// One runner.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Run {
    /// A step of the order.
    Step(Who, &'static str, Told),
    /// The clock lets fall due what is due.
    Due,
    /// The seller withdraws all that is in the wallet at the start.
    WithdrawAll,
    /// The buyer pays 1.00 in.
    PayIn,
}

/// What a step is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    Nothing,
    Shipment(i32),
    Tt(i32),
    Card(i32),
    Papers(i32),
    Offer,
    Counter,
}

/// What is done to the order between its scene and the start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Then {
    Nothing,
    /// The inspection is over and nobody has noticed yet.
    InspectionOver,
    /// Both shipments are late, so that the buyer may cancel.
    Late,
    /// So late that the system cancels too.
    Forgotten,
    /// The announced arrival has passed.
    Arrived,
    /// As late, and the buyer proposes to cancel: the seller keeps everything that is held.
    LateAndProposed,
    /// The seller proposes to cancel, everything goes back.
    ProposedToRefund,
    /// The seller proposes other notes.
    Amending,
    /// Shipments of other orders were released: there is something to withdraw.
    Earned,
}

/// One pairing.
pub struct Pairing {
    pub name: &'static str,
    pub scene: Scene,
    pub then: Then,
    /// Runners; with more actors than these they take turns.
    pub runs: &'static [Run],
    /// How many `Done` there are, counting the clock's as one.
    pub wins: std::ops::RangeInclusive<usize>,
    /// What must stand.
    pub stands: fn(&Order) -> bool,
}

use Run::{Due, PayIn, Step, WithdrawAll};
use Told::{Card, Counter, Nothing, Offer, Papers, Shipment, Tt};
use Who::{Buyer, Carrier, Seller};

fn cells(order: &Order, shipment: i32) -> Vec<CellState> {
    order.stages.iter().filter_map(|s| order.cell(s.no, shipment)).filter(|c| c.amount > 0).map(|c| c.state).collect()
}

fn shipment(order: &Order, no: i32) -> ShipmentState {
    order.shipment(no).unwrap().state
}

fn released_once(order: &Order) -> bool {
    shipment(order, 1).is_accepted() && cells(order, 1).iter().all(|c| *c == CellState::Released)
}

/// Everything went one way: all to the seller, or all to the buyer.
fn one_way(order: &Order) -> bool {
    let (money, all) = (&order.money, 1_000_000);
    money.held == 0 && [(all, 0), (0, all)].contains(&(money.released, money.refunded))
}

const ACCEPT: Run = Step(Buyer, "shipment.accept", Shipment(1));
const LATE_CANCEL: Run = Step(Buyer, "order.late_cancel", Nothing);
const AGREE: Run = Step(Seller, "proposal.accept", Nothing);
const DISPATCH: Run = Step(Seller, "shipment.dispatch", Papers(1));

/// The pairings of ruling 24 that wait for an issue to come, with the nearest race of this list.
pub const WAITING: &[(&str, &str)] = &[
    ("dispute‖auto-release", "disputes come with the guarantee; here: extension‖auto-acceptance"),
    ("accept‖dispute", "disputes come with the guarantee; here: acceptance‖extension"),
    ("settle‖decide", "disputes come with the guarantee; here: proposal accepted‖late cancellation"),
    ("appeal‖execute", "disputes come with the guarantee"),
    ("sweep‖withdraw", "recourse comes with the guarantee; here: withdrawal‖withdrawal‖release"),
    ("reversal‖release", "bank reversals (P10) come with the guarantee"),
    ("early release‖early release", "early release comes with the guarantee; its late cancellation is here"),
];

/// The pairings of ruling 24 that the product as built can run, and those of its own.
#[rustfmt::skip]
pub const PAIRINGS: &[Pairing] = &[
    Pairing { name: "release‖release", scene: Scene::Delivered, then: Then::Nothing, runs: &[ACCEPT],
        wins: 1..=1, stands: released_once },
    Pairing { name: "release‖refund", scene: Scene::Paid, then: Then::LateAndProposed, runs: &[AGREE, LATE_CANCEL],
        wins: 1..=1, stands: one_way },
    Pairing { name: "fund‖fund", scene: Scene::Agreed, then: Then::Nothing,
        runs: &[Step(Buyer, "stage.fund", Tt(1)), Step(Buyer, "stage.fund", Card(1))],
        wins: 1..=1, stands: |o| o.money.paid == 300_000 && o.money.held == 300_000 },
    Pairing { name: "fund‖cancel", scene: Scene::Begun, then: Then::ProposedToRefund,
        runs: &[Step(Buyer, "stage.fund", Tt(2)), Step(Buyer, "proposal.accept", Nothing)],
        // Paid first, the proposal may still hold; then its refund is a part and the rest is the seller's.
        wins: 1..=2, stands: |o| o.status == OrderStatus::Cancelled && o.money.held == 0 },
    Pairing { name: "callback‖click", scene: Scene::Dispatched, then: Then::Arrived,
        runs: &[Step(Buyer, "shipment.deliver", Shipment(1)), Step(Carrier, "shipment.deliver", Shipment(1)), Due],
        wins: 1..=2, stands: |o| shipment(o, 1) == ShipmentState::Delivered },
    Pairing { name: "two tabs, two keys: offer", scene: Scene::Drafted, then: Then::Nothing,
        runs: &[Step(Buyer, "order.offer", Nothing)], wins: 1..=1, stands: |o| o.offer.is_some_and(|offer| offer.no == 1) },
    Pairing { name: "two tabs, two keys: pay", scene: Scene::Begun, then: Then::Nothing,
        runs: &[Step(Buyer, "stage.fund", Tt(2))], wins: 1..=1, stands: |o| o.money.paid == 720_000 },
    Pairing { name: "withdraw‖payout", scene: Scene::Delivered, then: Then::Earned, runs: &[WithdrawAll, WithdrawAll, ACCEPT],
        // All withdrawals ask for all there was, more than the release brings.
        wins: 1..=2, stands: |_| true },
    Pairing { name: "late cancel‖late cancel", scene: Scene::Paid, then: Then::Late, runs: &[LATE_CANCEL],
        wins: 1..=1, stands: |o| o.money.refunded == 1_000_000 },
    Pairing { name: "late cancel‖dispatch", scene: Scene::Paid, then: Then::Late, runs: &[LATE_CANCEL, DISPATCH],
        // Dispatched first, the other shipment can still be cancelled.
        wins: 1..=2, stands: |o| if shipment(o, 1) == ShipmentState::Dispatched { o.money.held == 600_000 && o.money.refunded == 400_000 }
            else { o.money.refunded == 1_000_000 } },
    Pairing { name: "auto-accept‖accept", scene: Scene::Delivered, then: Then::InspectionOver, runs: &[Due, ACCEPT],
        wins: 1..=2, stands: released_once },
    Pairing { name: "auto-accept‖extension", scene: Scene::Delivered, then: Then::InspectionOver,
        runs: &[Due, Step(Buyer, "shipment.extend_acceptance", Shipment(1)), Step(Seller, "shipment.extend_acceptance", Shipment(1))],
        wins: 1..=3, stands: |o| released_once(o) || shipment(o, 1) == ShipmentState::Delivered },
    Pairing { name: "auto-accept‖late cancel", scene: Scene::Delivered, then: Then::Forgotten, runs: &[Due, LATE_CANCEL],
        wins: 1..=2, stands: |o| released_once(o) && cells(o, 2).iter().all(|c| *c == CellState::Refunded) },
    Pairing { name: "accept‖extension", scene: Scene::Delivered, then: Then::Nothing,
        runs: &[ACCEPT, Step(Seller, "shipment.extend_acceptance", Shipment(1))], wins: 1..=2, stands: released_once },
    Pairing { name: "system's late cancel‖dispatch", scene: Scene::Paid, then: Then::Forgotten, runs: &[Due, DISPATCH],
        wins: 1..=2, stands: |o| if shipment(o, 1) == ShipmentState::Cancelled { o.money.refunded == 1_000_000 } else { o.money.held == 600_000 } },
    Pairing { name: "accept‖counter", scene: Scene::Offered, then: Then::Nothing,
        runs: &[Step(Seller, "order.accept", Offer), Step(Seller, "order.counter", Counter)], wins: 1..=1,
        stands: |o| (o.status == OrderStatus::Agreed) != o.offer.is_some_and(|offer| offer.no == 2) },
    Pairing { name: "accept‖withdraw", scene: Scene::Offered, then: Then::Nothing,
        runs: &[Step(Seller, "order.accept", Offer), Step(Buyer, "order.withdraw", Nothing)], wins: 1..=1,
        stands: |o| matches!(o.status, OrderStatus::Agreed | OrderStatus::Cancelled) },
    Pairing { name: "amendment accepted‖paid", scene: Scene::Agreed, then: Then::Amending,
        runs: &[Step(Buyer, "proposal.accept", Nothing), Step(Buyer, "stage.fund", Tt(1))], wins: 1..=2,
        stands: |o| o.money.paid == 300_000 && o.stages[0].state != StageState::Due },
    Pairing { name: "pay-in‖fund", scene: Scene::Agreed, then: Then::Nothing,
        runs: &[PayIn, Step(Buyer, "stage.fund", Tt(1))], wins: 2..=16, stands: |o| o.money.paid == 300_000 },
];

async fn prepare(lane: &Lane, pairing: &Pairing) -> u128 {
    // Twice what the race itself releases.
    for _ in 0..if pairing.then == Then::Earned { 2 } else { 0 } {
        let other = lane.scene(Scene::Delivered).await;
        lane.take(Buyer, other, "shipment.accept", json!({ "shipment": 1 })).await;
    }
    let order = lane.scene(pairing.scene).await;
    let later = |days: i64| async move { lane.wait_until(lane.now().await + days * DAY).await };
    match pairing.then {
        Then::Nothing | Then::Earned => {}
        Then::InspectionOver => later(16).await,
        Then::Arrived => later(6).await,
        Then::Late => later(53).await,
        Then::Forgotten => later(90).await,
        Then::LateAndProposed => {
            later(53).await;
            propose(lane, order, Buyer, "0").await;
        }
        Then::ProposedToRefund => propose(lane, order, Seller, "300000").await,
        Then::Amending => lane.take(Seller, order, "amendment.propose", json!({ "notes": "by lorry" })).await,
    }
    order
}

async fn propose(lane: &Lane, order: u128, who: Who, refund: &str) {
    lane.take(who, order, "cancellation.propose", json!({ "refund_minor": refund })).await;
}

async fn told(lane: &Lane, order: u128, told: Told) -> Value {
    match told {
        Nothing => json!({}),
        Shipment(no) => json!({ "shipment": no }),
        Tt(stage) => json!({ "stage": stage, "method": "tt" }),
        Card(stage) => json!({ "stage": stage, "method": "card" }),
        Papers(no) => papers(no),
        Offer => json!({ "offer_no": 1, "contract_hash": lane.read(order).await }),
        Counter => {
            let mut terms = lane.terms().await;
            terms.notes = "another way".into();
            json!({ "terms": terms })
        }
    }
}

/// Lets the runner go; the clock counts as having won when anything fired.
async fn go(lane: Lane, node: usize, run: Run, order: u128, params: Value, purse: i64, start: Arc<Barrier>) -> Verdict {
    let key = lane.key();
    match run {
        Step(who, name, _) => {
            let command = lane.step(order, name, params);
            start.wait().await;
            verdict(lane.send(node, who, command, key).await)
        }
        Due => {
            start.wait().await;
            if lane.due(node).await > 0 { Verdict::Done } else { Verdict::Already }
        }
        WithdrawAll => {
            let command = lane.withdrawing(purse);
            start.wait().await;
            verdict(lane.send(node, Seller, command, key).await)
        }
        PayIn => {
            let command = lane.paying_in(100);
            start.wait().await;
            verdict(lane.send(node, Buyer, command, key).await)
        }
    }
}

/// Runs one race with `actors` runners; says what went wrong.
pub async fn race(lane: &Lane, pairing: &Pairing, actors: usize) -> Result<(), String> {
    let order = prepare(lane, pairing).await;
    let purse = lane.seller_has().await;
    let start = Arc::new(Barrier::new(actors));
    let mut runners = Vec::new();
    for n in 0..actors {
        let run = pairing.runs[n % pairing.runs.len()];
        let params = if let Step(_, _, what) = run { told(lane, order, what).await } else { Value::Null };
        // Runners of one kind take turns at the nodes, and so do the kinds.
        let node = n % pairing.runs.len() + n / pairing.runs.len();
        runners.push(go(lane.clone(), node, run, order, params, purse, Arc::clone(&start)));
    }
    let verdicts = futures_util::future::join_all(runners).await;
    let after = lane.order(order).await;
    // What each kind of runner won; the clock fires at most what there was.
    let wins = verdicts.iter().enumerate().filter(|(_, v)| **v == Verdict::Done).count();
    // Who has just made a counter-offer is no longer the one to accept: that is a matter of sides, not of states.
    let fair = |v: &Verdict| match v {
        Verdict::Done | Verdict::Already | Verdict::Refused(409, _) => true,
        Verdict::Refused(403, code) => code == "trade.wrong_party" && pairing.name == "accept‖counter",
        Verdict::Refused(..) => false,
    };
    let fair = verdicts.iter().all(fair);
    if !pairing.wins.contains(&wins) || !fair || !(pairing.stands)(&after) {
        return Err(format!("{}: {wins} won of {verdicts:?}; {:?} {:?}", pairing.name, after.status, after.money));
    }
    Ok(())
}

/// Runs a pairing many times in several markets at once; returns what went wrong.
pub async fn races(house: &House, pairing: &Pairing, count: usize) -> Vec<String> {
    const LANES: usize = 8;
    let lane = |no: usize| async move {
        let lane = house.lane().await;
        let mut wrong = Vec::new();
        for n in (no..count).step_by(LANES) {
            let actors = [2, 3, 4, 8, 16][n % 5].max(pairing.runs.len());
            wrong.extend(race(&lane, pairing, actors).await.err());
        }
        wrong
    };
    futures_util::future::join_all((0..LANES).map(lane)).await.concat()
}
