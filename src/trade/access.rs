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

const CODE_COUNT: usize = entrepot_domain::trade::CODES.len();

const fn problems() -> [ProblemRow; CODE_COUNT] {
    let mut rows = [ProblemRow { code: "", status: 0, next: "" }; CODE_COUNT];
    let mut n = 0;
    while n < CODE_COUNT {
        let (code, status) = entrepot_domain::trade::CODES[n];
        let next = match status {
            403 => "This step belongs to the other side; wait for them, or write them a message.",
            409 => "Reload the order and look at its allowed actions.",
            _ => "Correct the marked values and send again.",
        };
        rows[n] = ProblemRow { code, status, next };
        n += 1;
    }
    rows
}

const PROBLEM_ROWS: [ProblemRow; CODE_COUNT] = problems();

/// Codes this slice answers with.
pub const PROBLEMS: &[ProblemRow] = &PROBLEM_ROWS;
