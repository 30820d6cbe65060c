//! What may be done now, why the rest may not, and the journal each step would post.

use super::commands::party_of;
use super::store::Stored;
use crate::platform::access::{Actor, Relation, permit};
use crate::platform::engine::{MarketState, Registry};
use crate::platform::log::postings_of;
use crate::platform::problem::Refusal;
use entrepot_domain::kernel::{AccountKind, Effects, JournalHead, MarketTime, Money, Posting, Zone};
use entrepot_domain::trade::{Step, TradeCommand, TradeContext, actions, decide};
use serde_json::{Value, json};

/// Journals as the API shows them: one line per account, debit or credit.
pub fn journals(heads: &[JournalHead], postings: &[Posting]) -> Vec<Value> {
    heads
        .iter()
        .map(|head| {
            let lines: Vec<Value> = postings_of(head, postings).iter().map(line).collect();
            json!({ "rule": head.rule.code(), "lines": lines })
        })
        .collect()
}

fn line(posting: &Posting) -> Value {
    let amount = Money { minor: posting.amount.abs(), currency: posting.account.currency };
    let debit = posting.amount > 0;
    json!({
        "account": posting.account.kind.code(),
        "part": posting.account.part,
        "label": label(posting.account.kind, posting.account.part),
        "debit": debit.then_some(amount),
        "credit": (!debit).then_some(amount),
    })
}

/// An account's name for people; an escrow account is told apart by its stage.
pub fn label(kind: AccountKind, part: i32) -> String {
    let name = crate::audit::label(kind);
    if kind == AccountKind::Escrow { format!("{name}, stage {part}") } else { name.to_owned() }
}

/// Everything the actor could try on this order, allowed or not.
pub fn list(
    stored: &Stored,
    market: &MarketState,
    registry: &Registry,
    actor: &Actor,
    now: MarketTime,
    wallet: i64,
) -> Result<Vec<Value>, Refusal> {
    let order = &stored.order;
    let Some(party) = order.terms.as_ref().and_then(|t| party_of(actor, t)) else {
        return Ok(Vec::new());
    };
    let zone = Zone::parse(&market.time_zone).map_err(|e| Refusal::new(500, "internal", e.to_string()))?;
    let context = TradeContext { now, actor: party, wallet_available: wallet, params: &market.params, zone: &zone };
    let relation = if party.side().is_some() { Relation::Party } else { Relation::Market };
    let views = actions(order, &context).into_iter().map(|view| {
        let row = view.step.row();
        let entry = registry.access(row.name);
        let role =
            entry.map_or(Err(Refusal::forbidden()), |e| permit(e, actor, relation, |c| market.capabilities.has(c)));
        let refusal = match (role, &view.outcome) {
            (Err(refusal), _) => Some(refusal),
            (Ok(()), Err(rejection)) => Some(Refusal::from(rejection.clone())),
            (Ok(()), Ok(_)) => None,
        };
        let journal = view.outcome.as_ref().map(|e| journals(&e.journals, &e.postings)).unwrap_or_default();
        json!({
            "step": row.name, "part": view.part, "allowed": refusal.is_none(),
            "refusal": refusal.map(|r| json!({
                "code": r.code, "detail": r.detail,
                "params": r.params.into_iter().map(|(k, v)| (k, Value::String(v))).collect::<serde_json::Map<_, _>>(),
            })),
            "rule": { "text": row.guard, "deadline": row.deadline, "who": row.actors, "spec": row.source },
            "params": row.params, "journal": journal, "deadline": due_of(order, view.step, view.part),
        })
    });
    Ok(views.collect())
}

/// The journal a step with these very parameters would post; nothing is written.
///
/// Errors: the refusal the step itself would meet.
pub fn of(
    stored: &Stored,
    market: &MarketState,
    actor: &Actor,
    now: MarketTime,
    wallet: i64,
    command: &TradeCommand,
) -> Result<Vec<Value>, Refusal> {
    let order = &stored.order;
    let party = order.terms.as_ref().and_then(|t| party_of(actor, t));
    let zone = Zone::parse(&market.time_zone).map_err(|e| Refusal::new(500, "internal", e.to_string()))?;
    let context = TradeContext {
        now,
        actor: party.ok_or_else(Refusal::forbidden)?,
        wallet_available: wallet,
        params: &market.params,
        zone: &zone,
    };
    let mut effects = Effects::new();
    decide(order, command, &context, &mut effects)?;
    Ok(journals(&effects.journals, &effects.postings))
}

/// Until when the step can be taken, where the order says so.
fn due_of(order: &entrepot_domain::trade::Order, step: Step, part: Option<i32>) -> Option<MarketTime> {
    match step {
        Step::Fund => part.and_then(|no| order.stage(no)).and_then(|s| s.due_at),
        Step::AcceptShipment | Step::ExtendAcceptance => {
            part.and_then(|no| order.shipment(no)).and_then(|s| s.accept_by)
        }
        Step::Dispatch => part.and_then(|no| order.shipment(no)).map(|s| s.dates.ship_by_end),
        Step::Accept | Step::Counter | Step::Decline | Step::Withdraw => order.offer.map(|o| o.valid_until),
        Step::AcceptProposal | Step::DeclineProposal | Step::WithdrawProposal => {
            order.proposal.as_ref().map(|p| p.answer_by)
        }
        _ => None,
    }
}
