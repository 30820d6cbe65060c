//! Orders as they are recorded: each can be read, its agreement is what its hash says, the clock will do exactly what
//! the order asks for, and of ready stock exactly what it asks for is kept.
//!
//! Which deadlines an order has is the domain's own function of its state: there is one list, and the table must be it.

use super::report::{Check, Report};
use super::{Exam, PAGE, stock};
use crate::platform::problem::Fault;
use crate::platform::rows;
use crate::trade::{ORDER, Recorded, Records};
use entrepot_domain::kernel::MarketTime;
use entrepot_domain::trade::{Order, deadlines};
use std::collections::BTreeMap;

/// When each step of each part is due.
type Waiting = BTreeMap<(String, i64), i64>;

/// Checks the records of all orders of the market; four statements for a page of orders.
pub(super) async fn check(exam: &Exam<'_>, report: &mut Report) -> Result<(), Fault> {
    let mut records = Records::new(exam.tx, exam.market);
    let mut from = 0_u128;
    loop {
        let page = records.page(from, PAGE).await?;
        let Some(last) = page.last().map(|recorded| recorded.id) else { return Ok(()) };
        let mut waiting = waiting(exam, from, last).await?;
        let mut kept = stock::kept(exam, from, last).await?;
        for recorded in &page {
            judge(exam, report, recorded, &waiting.remove(&recorded.id).unwrap_or_default());
            stock::judge(exam, report, recorded, &kept.remove(&recorded.id).unwrap_or_default());
        }
        match last.checked_add(1) {
            Some(next) if page.len() == PAGE => from = next,
            Some(_) | None => return Ok(()),
        }
    }
}

/// Reads what waits in the table for a range of orders.
async fn waiting(exam: &Exam<'_>, from: u128, upto: u128) -> Result<BTreeMap<u128, Waiting>, Fault> {
    let sql = "SELECT subject_id, step, part, due_at FROM deadline \
        WHERE market_id = $1 AND subject_id >= $2 AND subject_id <= $3 AND subject_kind = $4";
    let values = vec![rows::id(exam.market), rows::id(from), rows::id(upto), ORDER.into()];
    let mut found: BTreeMap<u128, Waiting> = BTreeMap::new();
    for row in rows::query(exam.tx, sql, values).await? {
        let what = (row.try_get("", "step")?, row.try_get("", "part")?);
        found.entry(rows::get_id(&row, "subject_id")?).or_default().insert(what, row.try_get("", "due_at")?);
    }
    Ok(found)
}

fn judge(exam: &Exam<'_>, report: &mut Report, recorded: &Recorded, waiting: &Waiting) {
    let number = &recorded.number;
    match &recorded.order {
        Err(broken) => report.find(exam.market, Check::OrderRecord, format!("order {number} {broken}")),
        Ok(order) => promises(exam, report, number, order, waiting),
    }
}

/// Holds what waits against what the order asks for, both ways (trade.md c10.9).
fn promises(exam: &Exam<'_>, report: &mut Report, number: &str, order: &Order, waiting: &Waiting) {
    let asked = deadlines(order);
    let asked: Waiting = asked.iter().map(|d| ((d.step.name().to_owned(), i64::from(d.part)), d.due.0)).collect();
    report.must(order.status.is_terminal() || !asked.is_empty(), exam.market, Check::Deadline, || {
        format!("order {number} is {} and nothing would ever end it", order.status.as_str())
    });
    for ((step, part), due) in &asked {
        let due = MarketTime(*due);
        match waiting.get(&(step.clone(), *part)) {
            Some(at) if *at == due.0 => {}
            Some(at) => {
                let at = MarketTime(*at);
                let detail = format!("{step} of part {part} of order {number} waits for {at}, its order says {due}");
                report.find(exam.market, Check::Deadline, detail);
            }
            None => {
                let detail = format!("order {number} has no deadline {step} of part {part}, which is due {due}");
                report.find(exam.market, Check::Deadline, detail);
            }
        }
    }
    for (step, part) in waiting.keys().filter(|what| !asked.contains_key(*what)) {
        let detail = format!("{step} of part {part} waits for order {number}, which does not ask for it");
        report.find(exam.market, Check::Deadline, detail);
    }
}
