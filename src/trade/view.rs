//! What the API shows of an order.

use super::commands::party_of;
use super::record::Row;
use super::store::Stored;
use crate::platform::access::Actor;
use crate::platform::problem::Fault;
use entrepot_domain::kernel::{Actor as Party, ActorKind, Currency, MarketTime, Money};
use entrepot_domain::trade::{Milestone, Order, OrderTerms, Plan, PlannedStage, ShipmentTerms, Step};
use serde_json::{Value, json};
use std::collections::HashMap;

/// Names by company.
pub type Names = HashMap<u128, (String, String)>;

/// A company's card.
pub fn company(names: &Names, id: u128) -> Value {
    let (name, country) = names.get(&id).cloned().unwrap_or_default();
    json!({ "id": format!("{id:032x}"), "name": name, "country": country })
}

/// Which side the seat is on, if any.
pub fn my_side(actor: &Actor, order: &Order) -> Option<&'static str> {
    match order.terms.as_ref().and_then(|t| party_of(actor, t)) {
        Some(Party::Buyer) => Some("buyer"),
        Some(Party::Seller) => Some("seller"),
        Some(Party::Carrier | Party::System) | None => None,
    }
}

/// Who has to act before a deadline strikes. A step of the clock protects one side by the other's silence.
pub fn owner_of(step: &str) -> &'static str {
    match Step::parse(step) {
        Some(Step::ExpireOffer | Step::LapseProposal) => "either",
        Some(Step::Lapse | Step::AutoAccept) => "buyer",
        Some(Step::LateCancel) => "seller",
        Some(Step::Track | Step::Deliver) => "carrier",
        Some(other) => match other.row().actors.first() {
            Some(ActorKind::Buyer) => "buyer",
            Some(ActorKind::Seller) => "seller",
            Some(ActorKind::Carrier) => "carrier",
            Some(ActorKind::Either | ActorKind::System) | None => "system",
        },
        None => "system",
    }
}

fn deadline(step: &str, part: i64, due: i64) -> Value {
    json!({ "step": step, "part": part, "due": MarketTime(due), "owner": owner_of(step) })
}

/// The same for one order, which knows whose answer its offer and its proposal wait for.
fn deadline_of(order: &Order, step: &str, part: i64, due: i64) -> Value {
    let waits_for = match Step::parse(step) {
        Some(Step::ExpireOffer) => order.offer.map(|offer| offer.by.other()),
        Some(Step::LapseProposal) => order.proposal.as_ref().map(|proposal| proposal.by.other()),
        Some(_) | None => None,
    };
    let owner = waits_for.map_or_else(|| owner_of(step), |side| side.as_str());
    json!({ "step": step, "part": part, "due": MarketTime(due), "owner": owner })
}

/// A row of the order list.
pub fn row(row: &Row<'_>, names: &Names) -> Result<Value, Fault> {
    let currency: String = row.text("currency")?;
    let money = |minor: i64| json!({ "minor": minor.to_string(), "currency": currency });
    let due: Option<i64> = row.number_opt("due_at")?;
    let next = match due {
        Some(due) => deadline(&row.text("step")?, row.number("part")?, due),
        None => Value::Null,
    };
    Ok(json!({
        "id": format!("{:032x}", row.id("id")?),
        "number": row.text("number")?,
        "status": row.text("status")?,
        "phase": row.text("phase")?,
        "buyer": company(names, row.id("buyer_id")?),
        "seller": company(names, row.id("seller_id")?),
        "title": row.text("title")?,
        "total": money(row.number("total")?),
        "paid": money(row.number("paid")?),
        "held": money(row.number("held")?),
        "released": money(row.number("released")?),
        "refunded": money(row.number("refunded")?),
        "next_deadline": next,
        "updated_at": MarketTime(row.number("updated_at")?),
    }))
}

fn stages(order: &Order) -> Vec<Value> {
    let currency = order.currency();
    let money = |minor: i64| Money { minor, currency };
    order
        .stages
        .iter()
        .map(|s| {
            json!({
                "no": s.no, "kind": s.kind, "trigger": s.trigger, "shipment": s.shipment, "amount": money(s.amount), "state": s.state,
                "due_at": s.due_at, "funded_at": s.funded_at, "method": s.method, "fee": money(s.fee),
                "released": money(s.released), "refunded": money(s.refunded), "held": money(s.held),
            })
        })
        .collect()
}

fn shipments(order: &Order) -> Vec<Value> {
    let currency = order.currency();
    let terms = order.terms.as_deref();
    order
        .shipments
        .iter()
        .enumerate()
        .map(|(n, s)| {
            let milestones: Vec<Value> = Milestone::ALL
                .iter()
                .zip(s.milestones)
                .filter_map(|(m, at)| at.map(|at| json!({ "milestone": m, "at": at })))
                .collect();
            json!({
                "no": s.no, "ship_by": s.ship_by, "state": s.state, "value": Money { minor: s.value, currency },
                "quantities": terms.and_then(|t| t.shipments.get(n)).map(|t| &t.quantities),
                "dispatched_at": s.dispatched_at, "delivered_at": s.delivered_at, "accepted_at": s.accepted_at,
                "carrier": s.papers.as_ref().map(|p| p.carrier.clone()),
                "tracking_no": s.papers.as_ref().map(|p| p.tracking_no.clone()),
                "documents": s.papers.as_ref().map(|p| p.documents.clone()).unwrap_or_default(),
                "eta": s.eta, "milestones": milestones, "accept_by": s.accept_by,
            })
        })
        .collect()
}

/// What the stages will be once the offer is accepted.
fn planned_stages(plan: &Plan, currency: Currency) -> Vec<Value> {
    let money = |minor: i64| Money { minor, currency };
    let stage = |(n, s): (usize, &PlannedStage)| {
        json!({
            "no": n + 1, "kind": s.kind, "trigger": s.trigger, "shipment": s.shipment, "amount": money(s.amount), "state": "planned",
            "due_at": null, "funded_at": null, "method": null, "fee": money(0),
            "released": money(0), "refunded": money(0), "held": money(0),
        })
    };
    plan.stages.iter().enumerate().map(stage).collect()
}

/// What the shipments will be once the offer is accepted.
fn planned_shipments(plan: &Plan, terms: &OrderTerms) -> Vec<Value> {
    let shipment = |(n, s): (usize, &ShipmentTerms)| {
        let minor = plan.shipments.get(n).copied().unwrap_or(0);
        json!({
            "no": n + 1, "ship_by": s.ship_by, "state": "planned", "value": Money { minor, currency: terms.currency },
            "quantities": s.quantities, "dispatched_at": null, "delivered_at": null, "accepted_at": null, "carrier": null,
            "tracking_no": null, "documents": [], "eta": null, "milestones": [], "accept_by": null,
        })
    };
    terms.shipments.iter().enumerate().map(shipment).collect()
}

/// The whole order as its parties see it.
pub fn order(stored: &Stored, version: i64, actor: &Actor, names: &Names, due: &[(String, i64, i64)]) -> Value {
    let order = &stored.order;
    let currency = order.currency();
    let money = |minor: i64| Money { minor, currency };
    let terms = order.terms.as_deref();
    let plan = terms.and_then(|t| Plan::of(t).ok());
    let total = plan.as_ref().map_or(order.total, |p| p.total);
    let (stages, shipments) = match (&plan, terms) {
        (Some(plan), Some(terms)) if order.stages.is_empty() => {
            (planned_stages(plan, terms.currency), planned_shipments(plan, terms))
        }
        _ => (stages(order), shipments(order)),
    };
    json!({
        "id": order.id, "number": order.number, "version": version, "status": order.status, "phase": order.phase(),
        "my_side": my_side(actor, order), "drafter": order.drafter,
        "buyer": terms.map(|t| company(names, t.buyer.0)),
        "seller": terms.map(|t| company(names, t.seller.0)),
        "terms": terms, "offer": order.offer, "total": money(total),
        "goods_total": money(plan.as_ref().map_or(0, |p| p.goods_total)),
        "stages": stages, "shipments": shipments,
        "money": {
            "paid": money(order.money.paid), "held": money(order.money.held), "released": money(order.money.released),
            "refunded": money(order.money.refunded), "fees": money(order.money.payment_fees),
            "txn_fees": money(order.money.txn_fees), "premiums": money(order.money.premiums), "reserve": money(order.money.reserve),
        },
        "proposal": order.proposal, "close_at": order.close_at,
        "deadlines": due.iter().map(|(step, part, at)| deadline_of(order, step, *part, *at)).collect::<Vec<_>>(),
        "updated_at": MarketTime(stored.updated_at),
    })
}
