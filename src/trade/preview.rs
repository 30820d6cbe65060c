//! What may be done now, why the rest may not, and the journal each step would post.

use super::commands::party_of;
use super::read::Judged;
use super::view::action::{ActionView, JournalPreview};
use crate::platform::access::{Actor, Relation, permit};
use crate::platform::engine::Registry;
use crate::platform::problem::Refusal;
use entrepot_domain::kernel::{Actor as Party, Effects, MarketTime, Zone};
use entrepot_domain::trade::{Step, TradeCommand, TradeContext, actions, decide};

/// Everything the actor could try on this order, allowed or not.
pub fn list(judged: &Judged, registry: &Registry, actor: &Actor, now: MarketTime) -> Result<Vec<ActionView>, Refusal> {
    let (order, market) = (&judged.stored.order, &judged.market);
    let Some(party) = order.terms.as_ref().and_then(|t| party_of(actor, t)) else {
        return Ok(Vec::new());
    };
    let zone = Zone::parse(&market.time_zone).map_err(|e| Refusal::new(500, "internal", e.to_string()))?;
    let context = TradeContext {
        now,
        actor: party,
        wallet_available: judged.wallet,
        stock: &judged.stock,
        params: &market.params,
        zone: &zone,
    };
    let relation = relation_of(Some(party));
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
        let journal = view.outcome.as_ref().map(|e| JournalPreview::all(&e.journals, &e.postings)).unwrap_or_default();
        ActionView::of(row, view.part, refusal, journal, due_of(order, view.step, view.part))
    });
    Ok(views.collect())
}

/// How somebody who sees the order stands to it.
fn relation_of(party: Option<Party>) -> Relation {
    match party {
        Some(Party::Buyer | Party::Seller) => Relation::Party,
        Some(Party::Carrier) => Relation::Market,
        Some(Party::System) | None => Relation::Overseer,
    }
}

/// The journal a step with these very parameters would post; nothing is written.
///
/// Errors: the refusal the step itself would meet.
pub fn of(
    judged: &Judged,
    registry: &Registry,
    actor: &Actor,
    now: MarketTime,
    command: &TradeCommand,
) -> Result<Vec<JournalPreview>, Refusal> {
    let (order, market) = (&judged.stored.order, &judged.market);
    let party = order.terms.as_ref().and_then(|t| party_of(actor, t));
    let entry = registry.access(command.step().name()).ok_or_else(Refusal::forbidden)?;
    permit(entry, actor, relation_of(party), |c| market.capabilities.has(c))?;
    let zone = Zone::parse(&market.time_zone).map_err(|e| Refusal::new(500, "internal", e.to_string()))?;
    let context = TradeContext {
        now,
        actor: party.ok_or_else(Refusal::forbidden)?,
        wallet_available: judged.wallet,
        stock: &judged.stock,
        params: &market.params,
        zone: &zone,
    };
    let mut effects = Effects::new();
    decide(order, command, &context, &mut effects)?;
    Ok(JournalPreview::all(&effects.journals, &effects.postings))
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
