//! Every step of the process by every seat, and in a market whose era lacks it.

use super::bodies::params;
use super::cast::{Cast, still};
use super::table::{LATER, SEATS};
use crate::ground::{Answer, MARKET, agreed, pay_in};
use entrepot::market::SwitchEra;
use entrepot::platform::access::Actor;
use entrepot::platform::engine::Request;
use entrepot_domain::kernel::ActorKind;
use entrepot_domain::market::Era;
use entrepot_domain::trade::{STEPS, StepRow};
use serde_json::json;

/// What the process table says of a seat: `4` unseen, `3` not this seat's, `.` the rules decide.
fn expected(row: &StepRow, seat: &str) -> char {
    let has = |kind: ActorKind| row.actors.contains(&kind);
    let (buys, sells) =
        (has(ActorKind::Buyer) || has(ActorKind::Either), has(ActorKind::Seller) || has(ActorKind::Either));
    let (carries, pays) = (has(ActorKind::Carrier), !row.money.is_empty());
    let may = match seat {
        "stranger" | "away owner" | "away admin" => return '4',
        "owner" | "trader" => buys,
        // Who handles money takes the steps that move it.
        "finance" => buys && pays && !carries,
        "counterparty" => sells,
        "carrier" => carries,
        _ => false,
    };
    if may { '.' } else { '3' }
}

fn judged(answer: &Answer, mark: char) -> bool {
    let status = answer.status.as_u16();
    match mark {
        '4' => status == 404 && answer.json["code"] == "not_found",
        '3' => status == 403,
        // The rules may still say that it is the other side's turn.
        _ => {
            status < 500
                && ![401, 404].contains(&status)
                && (status != 403 || answer.json["code"].as_str().is_some_and(|code| code.starts_with("trade.")))
        }
    }
}

/// Findings over all steps and seats; a refused step must leave the order as it was.
pub async fn findings(cast: &Cast) -> Vec<String> {
    let ground = &cast.ground;
    let (buyer, seller) = (&cast.seats[0].company, &cast.seats[4].company);
    let order = || async {
        ground.get(cast.seat("owner"), &format!("/api/v1/orders/{}", cast.order)).await.json["version"].clone()
    };
    let (mut findings, before) = (Vec::new(), order().await);
    for entitled in [false, true] {
        for row in STEPS.iter().filter(|row| row.name != "order.draft") {
            for (seat, who) in SEATS.iter().zip(&cast.seats) {
                let mark = expected(row, seat);
                if (mark == '.') != entitled {
                    continue;
                }
                let answer = ground.step(who, &cast.order, row.name, params(row.name, buyer, seller)).await;
                if !judged(&answer, mark) {
                    findings.push(format!("{seat}: {} expected `{mark}`, got {answer:?}", row.name));
                }
            }
        }
        if !entitled && order().await != before {
            findings.push("a refused step changed the order".to_owned());
        }
    }
    findings
}

/// What era 1.0 lacks answers 409 and names the era that brings it.
pub async fn eras() -> Vec<String> {
    let ground = still().await;
    let (owner, seller) = (ground.company("Owner", true, true).await, ground.company("Seller", false, true).await);
    pay_in(&ground, &owner, "1100000").await;
    let order = agreed(&ground, &owner, &seller).await;
    let switch = SwitchEra { market: MARKET, era: Era::Information };
    ground.state.engine.execute(Request::new(Actor::system(MARKET), switch)).await.unwrap();

    let late = |answer: &Answer| {
        let told = (answer.status.as_u16(), answer.json["code"].as_str(), answer.json["params"]["era"].as_str());
        told == (409, Some("market.not_in_this_era"), Some("2.0"))
    };
    let mut findings = Vec::new();
    for row in STEPS.iter().filter(|row| row.name != "order.draft") {
        for (seat, who) in [("owner", &owner), ("counterparty", &seller)] {
            let answer = ground.step(who, &order, row.name, params(row.name, &owner.company, &seller.company)).await;
            if expected(row, seat) == '.' && !late(&answer) {
                findings.push(format!("{seat} in era 1.0: {} {answer:?}", row.name));
            }
        }
    }
    let amount = json!({ "minor": "100", "currency": "USD" });
    for (method, path) in LATER {
        let body = match *path {
            p if p.ends_with("/pay-ins") => json!({ "amount": amount, "reference": "r" }),
            p if p.ends_with("/withdrawals") => json!({ "amount": amount }),
            p if p.ends_with("/orders") => json!({ "terms": crate::ground::terms(&owner.company, &seller.company) }),
            _ => json!({ "name": "proposal.withdraw", "params": {} }),
        };
        let to = path.replace("{order}", &order);
        let answer =
            if *method == "GET" { ground.get(&owner, &to).await } else { ground.post(&owner, &to, body).await };
        if !late(&answer) {
            findings.push(format!("{method} {path} in era 1.0: {answer:?}"));
        }
    }
    findings
}
