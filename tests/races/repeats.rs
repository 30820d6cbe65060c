//! F8 at the door: one key, many requests, on whichever node they arrive.

use crate::ground::{House, Kind, Lane, Scene, Who, verdict};
use entrepot::platform::engine::{Idempotency, Receipt};
use entrepot::platform::problem::Failure;
use futures_util::future::join_all;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// A step that moves money or binds somebody, and the scene it is taken in.
const STEPS: &[(&str, Scene, Who)] = &[
    ("order.offer", Scene::Drafted, Who::Buyer),
    ("order.counter", Scene::Offered, Who::Seller),
    ("order.accept", Scene::Offered, Who::Seller),
    ("stage.fund", Scene::Agreed, Who::Buyer),
    ("shipment.dispatch", Scene::Paid, Who::Seller),
    ("shipment.deliver", Scene::Dispatched, Who::Carrier),
    ("shipment.accept", Scene::Delivered, Who::Buyer),
    ("extension.propose", Scene::Agreed, Who::Seller),
];

async fn params(lane: &Lane, order: u128, step: &str) -> Value {
    match step {
        "order.accept" => json!({ "offer_no": 1, "contract_hash": lane.read(order).await }),
        "order.counter" => json!({ "terms": lane.terms().await }),
        "stage.fund" => json!({ "stage": 1, "method": "card" }),
        "shipment.dispatch" => crate::ground::papers(1),
        "extension.propose" => json!({ "shipment": 2, "days": 5 }),
        _ if step.starts_with("shipment") => json!({ "shipment": 1 }),
        _ => json!({}),
    }
}

/// Sends the step `copies` times at once under one key, to all nodes in turn.
async fn at_once(lane: &Lane, (step, scene, who): (&str, Scene, Who), copies: usize) -> Vec<Result<Receipt, Failure>> {
    let order = lane.scene(scene).await;
    let (params, key) = (params(lane, order, step).await, lane.key());
    join_all((0..copies).map(|n| lane.send(n, who, lane.step(order, step, params.clone()), key.clone()))).await
}

/// Every request under a key got the reply of the one that acted.
fn alike(answers: &[Result<Receipt, Failure>]) -> Result<(), String> {
    let bodies: BTreeSet<&str> = answers.iter().filter_map(|a| a.as_ref().ok()).map(|r| r.body.as_str()).collect();
    let fresh = answers.iter().filter(|a| a.as_ref().is_ok_and(|r| !r.replayed)).count();
    if bodies.len() == 1 && fresh == 1 && answers.iter().all(Result::is_ok) {
        return Ok(());
    }
    Err(format!("{fresh} acted, replies {bodies:?}, {answers:?}"))
}

async fn repeated(house: &House, copies: usize, rounds: usize) -> Vec<String> {
    let run = |step: &'static (&'static str, Scene, Who)| async move {
        let lane = house.lane().await;
        let mut wrong = Vec::new();
        for round in 0..rounds {
            let copies = 2 + round % (copies - 1);
            let answers = at_once(&lane, *step, copies).await;
            wrong.extend(alike(&answers).err().map(|e| format!("{} × {copies}: {e}", step.0)));
        }
        wrong
    };
    join_all(STEPS.iter().map(run)).await.concat()
}

/// Payments have no order whose state would show that they were made: only the key keeps them from being made twice.
async fn payments(house: &House, copies: usize) -> Vec<String> {
    let lane = house.lane().await;
    let mut wrong = Vec::new();
    for n in 2..=copies {
        let key = lane.key();
        let sent = (0..n).map(|at| lane.send(at, Who::Buyer, lane.paying_in(500), key.clone()));
        wrong.extend(alike(&join_all(sent).await).err().map(|e| format!("pay-in × {n}: {e}")));
    }
    let order = lane.scene(Scene::Delivered).await;
    lane.take(Who::Buyer, order, "shipment.accept", json!({ "shipment": 1 })).await;
    let key = lane.key();
    let sent = (0..copies).map(|at| lane.send(at, Who::Seller, lane.withdrawing(100), key.clone()));
    wrong.extend(alike(&join_all(sent).await).err().map(|e| format!("withdrawal × {copies}: {e}")));
    wrong
}

async fn once(kind: Kind, copies: usize, rounds: usize) {
    let house = House::open(kind).await;

    let wrong = [repeated(&house, copies, rounds).await, payments(&house, copies).await].concat();

    assert_eq!(wrong, Vec::<String>::new());
    assert_eq!(house.findings().await, Vec::<String>::new());
}

#[tokio::test]
async fn requests_under_one_key_act_once_and_get_one_reply_on_one_node() {
    once(Kind::Sqlite, 8, 14).await;
}

#[tokio::test]
async fn requests_under_one_key_act_once_and_get_one_reply_on_two_nodes() {
    once(Kind::Postgres, 8, 14).await;
}

#[tokio::test]
#[ignore = "torture: sixty-four requests at once under one key, five hundred times each step"]
async fn sixty_four_requests_under_one_key_act_once() {
    once(Kind::Sqlite, 64, 500).await;
    once(Kind::Postgres, 64, 500).await;
}

#[tokio::test]
async fn a_key_belongs_to_its_user_and_its_first_body_on_every_node() {
    let house = House::open(Kind::Postgres).await;
    let lane = house.lane().await;
    let key = |body: u8| Idempotency { key: "one".into(), body_hash: [body; 32] };

    let first = lane.send(0, Who::Buyer, lane.paying_in(100), key(1)).await;
    let other_body = verdict(lane.send(1, Who::Buyer, lane.paying_in(200), key(2)).await);
    let other_user = lane
        .send(1, Who::Seller, lane.step(lane.scene(Scene::Offered).await, "order.decline", json!({})), key(2))
        .await;

    assert!(!first.unwrap().replayed);
    assert_eq!(other_body, crate::ground::Verdict::Refused(422, "idempotency.body_differs".into()));
    assert!(!other_user.unwrap().replayed);
}

/// The key's claim is held by a transaction on another connection, as by a node that takes long.
#[tokio::test]
async fn a_key_that_another_node_works_on_for_too_long_is_refused_with_409() {
    let mut house = House::open(Kind::Postgres).await;
    let held = House { nodes: house.nodes.clone(), ..house.clone() };
    let lane = held.lane().await;
    let short = std::time::Duration::from_millis(50);
    house.nodes = house.nodes.iter().map(|n| n.clone().waiting_at_most(short)).collect();
    let hasty = Lane { house: house.clone(), ..lane.clone() };
    let key = lane.key();
    let tx = house.nodes[0].db().write_tx().await.unwrap();
    let request = entrepot::platform::engine::Request::new(lane.actor(Who::Buyer), lane.paying_in(1))
        .idempotent(Some(key.clone()));
    let claim = std::slice::from_ref(&std::sync::Arc::new(request)).to_vec();
    entrepot::platform::idempotency::claim(house.nodes[0].db(), &tx, &claim).await.unwrap();

    let waiting = verdict(hasty.send(1, Who::Buyer, lane.paying_in(700), key.clone()).await);
    tx.rollback().await.unwrap();
    let after = verdict(hasty.send(1, Who::Buyer, lane.paying_in(700), key).await);

    assert_eq!(waiting, crate::ground::Verdict::Refused(409, "idempotency.in_flight".into()));
    assert_eq!(after, crate::ground::Verdict::Done);
}
