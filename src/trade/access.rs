//! Access rows of the process steps and problem rows of the trade rules.

use crate::platform::access::{AccessRow, Relation};
use crate::platform::problem::ProblemRow;
use entrepot_domain::kernel::{ActorKind, Role};
use entrepot_domain::market::Capability;
use entrepot_domain::trade::{STEPS, StepRow};

const NOBODY: &[Role] = &[];
const TRADERS: &[Role] = &[Role::Owner, Role::Trader];
const PAYERS: &[Role] = &[Role::Owner, Role::Trader, Role::Finance];
const CARRIERS: &[Role] = &[Role::Carrier];
const RECEIVERS: &[Role] = &[Role::Owner, Role::Trader, Role::Carrier];

const fn has(row: &StepRow, wanted: ActorKind) -> bool {
    let mut n = 0;
    while n < row.actors.len() {
        if row.actors[n] as u8 == wanted as u8 {
            return true;
        }
        n += 1;
    }
    false
}

/// The roles follow from the table's actors: what only the clock does, no person may do.
const fn of(row: &StepRow) -> AccessRow {
    let company = has(row, ActorKind::Buyer) || has(row, ActorKind::Seller) || has(row, ActorKind::Either);
    let carrier = has(row, ActorKind::Carrier);
    let money = !row.money.is_empty();
    let roles = match (company, carrier, money) {
        (true, true, _) => RECEIVERS,
        (true, false, true) => PAYERS,
        (true, false, false) => TRADERS,
        (false, true, _) => CARRIERS,
        (false, false, _) => NOBODY,
    };
    AccessRow {
        step: row.name,
        roles,
        relations: if carrier { &[Relation::Party, Relation::Market] } else { &[Relation::Party] },
        capability: Some(if money { Capability::Escrow } else { Capability::Contract }),
        money,
    }
}

const COUNT: usize = STEPS.len();

const fn rows() -> [AccessRow; COUNT] {
    let mut rows = [of(&STEPS[0]); COUNT];
    let mut n = 0;
    while n < COUNT {
        rows[n] = of(&STEPS[n]);
        n += 1;
    }
    rows
}

const ROWS: [AccessRow; COUNT] = rows();

/// Who may take which step of an order.
pub const ACCESS: &[AccessRow] = &ROWS;

const fn row(code: &'static str, status: u16, next: &'static str) -> ProblemRow {
    ProblemRow { code, status, next }
}

/// Codes this slice answers with, in the order of the rules' own list.
pub const PROBLEMS: &[ProblemRow] = &[
    row("trade.wrong_actor", 403, "Wait for them, or write them a message."),
    row("trade.wrong_party", 403, "Wait for the other side, or write them a message."),
    row("trade.wrong_state", 409, "Reload the order and look at its next action."),
    row("trade.wrong_stage_state", 409, "Reload the order and look at its payment stages."),
    row("trade.wrong_shipment_state", 409, "Reload the order and look at its shipments."),
    row("trade.no_such_stage", 422, "Choose one of the order's payment stages."),
    row("trade.no_such_shipment", 422, "Choose one of the order's shipments."),
    row("trade.terms_invalid", 422, "Correct the entries named and send again."),
    row("trade.quality_missing", 422, "Edit the terms and name what the goods are measured on."),
    row("trade.ship_by_past", 422, "Choose a ship-by date from today on."),
    row("trade.valid_days_out_of_range", 422, "Choose how many days the offer stands within this range."),
    row("trade.offer_outdated", 409, "Reload the order and read the latest offer."),
    row("trade.contract_hash_mismatch", 409, "Reload the order and read the terms again."),
    row("trade.offer_expired", 409, "Write a new order, or ask the other side to."),
    row("trade.stage_not_due", 409, "Wait until the stage falls due."),
    row("trade.stage_overdue", 409, "Agree on an amendment, or write a new order."),
    row("wallet.insufficient_funds", 409, "Pay in what is missing, or choose a smaller amount."),
    row(
        "trade.out_of_stock",
        409,
        "Agree on an amendment with fewer goods, or ask the seller to take more goods in; then pay again.",
    ),
    row("trade.too_early", 409, "Wait until then; it happens by itself."),
    row("trade.stage_unfunded", 409, "Ask the buyer to pay this stage first."),
    row("trade.carrier_missing", 422, "Name the carrier."),
    row("trade.documents_missing", 422, "Name the documents that travel with the goods."),
    row("trade.eta_out_of_range", 422, "Give the days until arrival within this range."),
    row("trade.milestone_passed", 409, "Report the next milestone."),
    row("trade.already_extended", 409, "Accept the shipment, or write the other side a message."),
    row("trade.not_late", 409, "Wait until then, or propose to cancel by consent."),
    row("trade.own_default", 409, "Pay the stage, or propose to cancel by consent."),
    row("trade.no_default", 409, "Wait for the payment, or propose to cancel by consent."),
    row("trade.penalty_too_high", 422, "Choose a smaller penalty."),
    row("trade.proposal_open", 409, "Answer or withdraw the open proposal first."),
    row("trade.no_proposal", 409, "Reload the order; the proposal was answered or has lapsed."),
    row("trade.proposal_expired", 409, "Make the proposal again."),
    row("trade.refund_exceeds_held", 422, "Choose a smaller refund."),
    row("trade.nothing_undispatched", 409, "Wait for the shipments to be accepted."),
    row("trade.extension_too_long", 422, "Choose fewer days, or cancel by consent."),
    row("trade.amendment_empty", 422, "Change at least one entry before you propose it."),
    row("trade.amendment_not_allowed", 422, "Leave this entry as it is, or cancel by consent and order anew."),
    row("trade.amount_too_large", 422, "Choose a smaller amount."),
    row("trade.amount_not_positive", 422, "Choose an amount above zero."),
    row("trade.books", 409, "Check the balances and try a smaller amount."),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_of_the_rules_has_its_row() {
        let rows: Vec<_> = PROBLEMS.iter().map(|row| (row.code, row.status)).collect();
        assert_eq!(rows, entrepot_domain::trade::CODES);
    }
}
