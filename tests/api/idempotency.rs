//! F8 over HTTP: every operation that moves money, repeated under its key, cut off while it answers, sent without a key,
//! with another body, and by another user (MON-11, MON-12, ruling 44).

use crate::ground::{Answer, Client, Ground, agreed, ground, pay_in};
use actix_web::http::Method;
use entrepot::platform::rows;
use entrepot_domain::kernel::ActorKind;
use entrepot_domain::trade::STEPS;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// The operations that move money: the wallet's two, and the steps of an order that people take.
const OPERATIONS: &[&str] = &[
    "wallet.pay_in",
    "wallet.withdraw",
    "stage.fund",
    "order.cancel_for_default",
    "shipment.accept",
    "proposal.accept",
    "order.late_cancel",
];

/// One request, ready to be sent.
struct Ready {
    who: Client,
    path: String,
    body: Value,
    /// The same with another meaning.
    other: Value,
}

#[test]
fn the_list_is_what_the_access_table_says_people_move_money_with() {
    let person = |kind: &ActorKind| !matches!(kind, ActorKind::System | ActorKind::Carrier);
    let by_people = |step: &str| STEPS.iter().find(|s| s.name == step).is_none_or(|s| s.actors.iter().any(person));
    let rows = entrepot::boot::access_tables().into_iter().flatten().filter(|row| row.money);
    let mut table: Vec<&str> = rows.map(|row| row.step).filter(|step| by_people(step)).collect();
    let mut listed = OPERATIONS.to_vec();
    table.sort_unstable();
    listed.sort_unstable();
    assert_eq!(listed, table);
}

/// How often anything was booked.
async fn journals(ground: &Ground) -> i64 {
    let sql = "SELECT COUNT(*) FROM journal";
    let row = rows::query_one(ground.state.engine.db().read(), sql, vec![]).await.unwrap().unwrap();
    row.try_get_by_index(0).unwrap()
}

async fn done(ground: &Ground, who: &Client, order: &str, name: &str, params: Value) {
    let answer = ground.step(who, order, name, params).await;
    assert_eq!(answer.status, 200, "{name}: {answer:?}");
}

/// An order in which the step can be taken, as far as time need not pass for it.
async fn order_for(ground: &Ground, buyer: &Client, seller: &Client, operation: &str) -> String {
    let order = agreed(ground, buyer, seller).await;
    let fund = |stage: i32| json!({ "stage": stage, "method": "tt" });
    if operation == "stage.fund" {
        return order;
    }
    done(ground, buyer, &order, "stage.fund", fund(1)).await;
    if operation == "proposal.accept" {
        done(ground, seller, &order, "cancellation.propose", json!({ "refund_minor": "200000" })).await;
    }
    if matches!(operation, "order.late_cancel" | "shipment.accept" | "wallet.withdraw") {
        done(ground, buyer, &order, "stage.fund", fund(2)).await;
        done(ground, buyer, &order, "stage.fund", fund(3)).await;
    }
    if matches!(operation, "shipment.accept" | "wallet.withdraw") {
        let papers =
            json!({ "shipment": 1, "carrier": "C", "tracking_no": "T-1", "documents": ["a"], "eta_days": 5 });
        done(ground, seller, &order, "shipment.dispatch", papers).await;
        done(ground, buyer, &order, "shipment.deliver", json!({ "shipment": 1 })).await;
    }
    order
}

fn step(who: &Client, order: &str, name: &str, params: Value, other: Value) -> Ready {
    let body = |params| json!({ "name": name, "params": params });
    Ready {
        who: who.clone(),
        path: format!("/api/v1/orders/{order}/transitions"),
        body: body(params),
        other: body(other),
    }
}

/// `count` requests of one operation, each with an effect of its own to come.
async fn ready(ground: &Ground, buyer: &Client, seller: &Client, operation: &str, count: usize) -> Vec<Ready> {
    let amount = |minor: &str| json!({ "amount": { "minor": minor, "currency": "USD" } });
    let mut all = Vec::new();
    if operation == "wallet.withdraw" {
        let order = order_for(ground, buyer, seller, operation).await;
        done(ground, buyer, &order, "shipment.accept", json!({ "shipment": 1 })).await;
    }
    for _ in 0..count {
        let wallet = |who: &Client, path: &str| Ready {
            who: who.clone(),
            path: path.to_owned(),
            body: amount("700"),
            other: amount("800"),
        };
        all.push(match operation {
            "wallet.pay_in" => {
                let reference = |mut body: Value| {
                    body["reference"] = "r".into();
                    body
                };
                let Ready { who, path, body, other } = wallet(buyer, "/api/v1/wallet/pay-ins");
                Ready { who, path, body: reference(body), other: reference(other) }
            }
            "wallet.withdraw" => wallet(seller, "/api/v1/wallet/withdrawals"),
            _ => {
                let order = order_for(ground, buyer, seller, operation).await;
                let (one, two) = (json!({ "shipment": 1 }), json!({ "shipment": 2 }));
                match operation {
                    "stage.fund" => {
                        let by = |method: &str| json!({ "stage": 1, "method": method });
                        step(buyer, &order, operation, by("tt"), by("card"))
                    }
                    "shipment.accept" => step(buyer, &order, operation, one, two),
                    "order.cancel_for_default" => {
                        let penalty = |minor: &str| json!({ "penalty_minor": minor });
                        step(seller, &order, operation, penalty("100"), penalty("200"))
                    }
                    _ => {
                        let same = step(buyer, &order, operation, json!({}), json!({}));
                        Ready { other: json!({ "name": "order.offer", "params": {} }), ..same }
                    }
                }
            }
        });
    }
    if matches!(operation, "order.late_cancel" | "order.cancel_for_default") {
        ground.days(58).await;
    }
    all
}

/// Sends the request and hangs up after `read` bytes of the answer.
async fn cut_off(ground: &Ground, ready: &Ready, key: &str, read: usize) {
    let body = ready.body.to_string();
    let cookies: Vec<String> = ready.who.cookies.iter().map(|(n, v)| format!("{n}={v}")).collect();
    let head = format!(
        "POST {} HTTP/1.1\r\nHost: localhost\r\nCookie: {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nIdempotency-Key: {key}\r\n\r\n",
        ready.path,
        cookies.join("; "),
        body.len()
    );
    let mut stream = tokio::net::TcpStream::connect(("127.0.0.1", ground.port)).await.unwrap();
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(body.as_bytes()).await.unwrap();
    let mut bytes = vec![0; read];
    stream.read_exact(&mut bytes).await.unwrap();
}

async fn send(ground: &Ground, ready: &Ready, body: &Value, key: &str) -> Answer {
    ground.post_with_key(&ready.who, &ready.path, body.clone(), key).await
}

/// What each operation must survive; `copies` requests are sent at once.
async fn survives(ground: &Ground, operation: &str, copies: usize) {
    let (buyer, seller) = (ground.company("Buyer", true, true).await, ground.company("Seller", true, true).await);
    pay_in(ground, &buyer, "100000000").await;
    let mut all = ready(ground, &buyer, &seller, operation, 6).await.into_iter();

    // Without a key nothing happens; then many at once under one key act once.
    let first = all.next().unwrap();
    let before = journals(ground).await;
    let bytes = first.body.to_string();
    let keyless = ground.send(&first.who, Method::POST, &first.path, bytes.as_bytes(), &[]).await;
    assert_eq!((keyless.status.as_u16(), journals(ground).await), (400, before), "{operation}: {keyless:?}");
    let answers = futures_util::future::join_all((0..copies).map(|_| send(ground, &first, &first.body, "k-0"))).await;
    let booked = journals(ground).await - before;
    assert!(booked > 0 && answers.iter().all(|a| a.status.is_success() && a.json == answers[0].json), "{operation}: {answers:?}");

    // Another body under the key is refused, another user's key is another key.
    let other = send(ground, &first, &first.other, "k-0").await;
    assert_eq!((other.status.as_u16(), &other.json["code"]), (422, &json!("idempotency.body_differs")), "{operation}");
    let colleague = if first.who.user == buyer.user { &seller } else { &buyer };
    let theirs = ground.post_with_key(colleague, &first.path, first.body.clone(), "k-0").await;
    assert_ne!(theirs.json, answers[0].json, "{operation}: another user got the stored reply");

    // Cut off before the answer, and at each quarter of it: the repeat under the key gives the answer, and once.
    let whole = answers[0].head.len() + 4 + answers[0].json.to_string().len();
    for (quarter, ready) in (0..5).zip(all) {
        let (before, key) = (journals(ground).await, format!("k-cut-{quarter}"));
        cut_off(ground, &ready, &key, whole.saturating_sub(40) * quarter / 4).await;
        let again = send(ground, &ready, &ready.body, &key).await;
        let more = send(ground, &ready, &ready.body, &key).await;
        assert!(again.status.is_success() && again.json == more.json, "{operation}, cut at {quarter}/4: {again:?} {more:?}");
        assert_eq!(journals(ground).await - before, booked, "{operation}, cut at {quarter}/4");
    }
}

macro_rules! operations {
    ($($name:ident = $operation:literal,)*) => {
        $(#[actix_web::test]
        async fn $name() {
            survives(&ground().await, $operation, 8).await;
        })*

        #[test]
        fn every_operation_has_its_test() {
            assert_eq!([$($operation),*], OPERATIONS);
        }

        #[actix_web::test]
        #[ignore = "torture: every operation that moves money, sixty-four times at once under one key"]
        async fn every_operation_survives_sixty_four_copies() {
            for operation in OPERATIONS {
                survives(&ground().await, operation, 64).await;
            }
        }
    };
}

operations! {
    paying_in_acts_once_under_its_key = "wallet.pay_in",
    withdrawing_acts_once_under_its_key = "wallet.withdraw",
    funding_acts_once_under_its_key = "stage.fund",
    cancelling_for_default_acts_once_under_its_key = "order.cancel_for_default",
    accepting_a_shipment_acts_once_under_its_key = "shipment.accept",
    accepting_a_proposal_acts_once_under_its_key = "proposal.accept",
    cancelling_late_acts_once_under_its_key = "order.late_cancel",
}
