//! Orders: their running totals follow from their journals, as a whole and stage by stage.

use super::report::{Check, Report, hex};
use super::{Exam, PAGE};
use crate::platform::problem::Fault;
use crate::platform::rows;
use std::collections::BTreeMap;

/// States in which an order has ended.
const ENDED: [&str; 3] = ["closed", "cancelled", "expired"];

/// Sums of one order or of one of its stages, by the rule that moved the money.
#[derive(Default, Clone, Copy)]
struct Moved {
    funded: i128,
    released: i128,
    refunded: i128,
    /// Of any other rule: there is none that touches escrow.
    other: i128,
    /// What the escrow account rows have.
    held: i128,
}

impl Moved {
    fn add(&mut self, rule: &str, amount: i128) {
        match rule {
            "P2" => self.funded -= amount,
            "P3" => self.released += amount,
            "P5" => self.refunded += amount,
            // A rule's text from the database, not an enum of ours.
            _ => self.other += amount,
        }
    }

    fn plus(self, more: &Self) -> Self {
        Self {
            funded: self.funded + more.funded,
            released: self.released + more.released,
            refunded: self.refunded + more.refunded,
            other: self.other + more.other,
            held: self.held + more.held,
        }
    }
}

/// What the row of an order says.
struct Order {
    id: u128,
    number: String,
    status: String,
    currency: String,
    total: i64,
    paid: i64,
    held: i64,
    released: i64,
    refunded: i64,
}

/// Escrow of a range of orders: by order, then by (stage, currency).
type Stages = BTreeMap<u128, BTreeMap<(i64, String), Moved>>;

/// Checks all orders of the market.
pub(super) async fn check(exam: &Exam<'_>, report: &mut Report) -> Result<(), Fault> {
    let sql = format!(
        "SELECT id, number, status, currency, total, paid, held, released, refunded FROM trade_order \
         WHERE market_id = $1 AND id >= $2 ORDER BY id LIMIT {PAGE}"
    );
    let mut from = 0_u128;
    loop {
        let page = rows::query(exam.tx, sql.as_str(), vec![rows::id(exam.market), rows::id(from)]).await?;
        let mut orders = Vec::with_capacity(page.len());
        for row in &page {
            orders.push(read(row)?);
        }
        let Some(last) = orders.last().map(|o| o.id) else { break };
        let mut stages = escrow(exam, from, last).await?;
        let reserves = reserves(exam, from, last).await?;
        for order in &orders {
            report.checked.orders += 1;
            money(exam, report, order, &stages.remove(&order.id).unwrap_or_default());
            let reserve = reserves.get(&order.id).copied().unwrap_or_default();
            report.must(reserve.fits(&order.status), exam.market, Check::OrderReserve, || {
                format!(
                    "order {} ({}) kept {} back and gave {} free",
                    order.number, order.status, reserve.kept, reserve.freed
                )
            });
        }
        match last.checked_add(1) {
            Some(next) if orders.len() == PAGE => from = next,
            Some(_) | None => break,
        }
    }
    strangers(exam, report).await
}

fn read(row: &sea_orm::QueryResult) -> Result<Order, Fault> {
    Ok(Order {
        id: rows::get_id(row, "id")?,
        number: row.try_get("", "number")?,
        status: row.try_get("", "status")?,
        currency: row.try_get("", "currency")?,
        total: row.try_get("", "total")?,
        paid: row.try_get("", "paid")?,
        held: row.try_get("", "held")?,
        released: row.try_get("", "released")?,
        refunded: row.try_get("", "refunded")?,
    })
}

/// Reads what moved in and out of escrow, and what the account rows still hold.
async fn escrow(exam: &Exam<'_>, from: u128, upto: u128) -> Result<Stages, Fault> {
    let mut stages = Stages::new();
    let range = || vec![rows::id(exam.market), rows::id(from), rows::id(upto)];
    let sql = "SELECT p.owner_id, p.part, p.currency, j.rule, CAST(SUM(p.amount) AS BIGINT) AS total FROM posting p \
        JOIN journal j ON j.market_id = p.market_id AND j.event_id = p.event_id AND j.no = p.journal_no \
        WHERE p.market_id = $1 AND p.owner_id >= $2 AND p.owner_id <= $3 AND p.kind = 'L.ESCROW' \
        GROUP BY p.owner_id, p.part, p.currency, j.rule";
    for row in rows::query(exam.tx, sql, range()).await? {
        let (rule, total): (String, i64) = (row.try_get("", "rule")?, row.try_get("", "total")?);
        let stage = stages.entry(rows::get_id(&row, "owner_id")?).or_default();
        stage
            .entry((row.try_get("", "part")?, row.try_get("", "currency")?))
            .or_default()
            .add(&rule, i128::from(total));
    }
    let sql = "SELECT owner_id, part, currency, balance FROM account \
        WHERE market_id = $1 AND owner_id >= $2 AND owner_id <= $3 AND kind = 'L.ESCROW'";
    for row in rows::query(exam.tx, sql, range()).await? {
        let stage = stages.entry(rows::get_id(&row, "owner_id")?).or_default();
        let held: i64 = row.try_get("", "balance")?;
        stage.entry((row.try_get("", "part")?, row.try_get("", "currency")?)).or_default().held += i128::from(held);
    }
    Ok(stages)
}

/// Compares the order's row with its journals, and each stage with itself.
fn money(exam: &Exam<'_>, report: &mut Report, order: &Order, stages: &BTreeMap<(i64, String), Moved>) {
    let mut sum = Moved::default();
    for ((stage, currency), moved) in stages {
        sum = sum.plus(moved);
        report.must(*currency == order.currency, exam.market, Check::OrderMoney, || {
            format!("order {} is in {} but has escrow in {currency}", order.number, order.currency)
        });
        let whole = moved.funded == moved.released + moved.refunded + moved.held && moved.other == 0;
        report.must(whole, exam.market, Check::StageMoney, || {
            let Moved { funded, released, refunded, other, held } = moved;
            format!(
                "stage {stage} of order {}: funded {funded}, released {released}, refunded {refunded}, held {held}, by other rules {other}",
                order.number
            )
        });
    }
    let pairs = [
        ("paid", order.paid, sum.funded),
        ("held", order.held, sum.held),
        ("released", order.released, sum.released),
        ("refunded", order.refunded, sum.refunded),
    ];
    for (word, row, books) in pairs {
        report.must(i128::from(row) == books, exam.market, Check::OrderMoney, || {
            format!("order {}: {word} is {row} in its row and {books} in the books", order.number)
        });
    }
    let ended = ENDED.contains(&order.status.as_str());
    report.must(!ended || sum.held == 0, exam.market, Check::OrderMoney, || {
        format!("order {} is {} and still holds {}", order.number, order.status, sum.held)
    });
    let sums = i128::from(order.held) + i128::from(order.released) + i128::from(order.refunded);
    report.must(i128::from(order.paid) == sums && order.paid <= order.total, exam.market, Check::OrderMoney, || {
        format!(
            "order {}: paid {} of {}, but {sums} is held, released or refunded",
            order.number, order.paid, order.total
        )
    });
}

/// What releases of an order kept back from the seller, and what its close gave free.
#[derive(Default, Clone, Copy)]
struct Reserve {
    kept: i128,
    freed: i128,
}

impl Reserve {
    /// All is given free at once, and an ended order keeps nothing back.
    fn fits(&self, status: &str) -> bool {
        self.freed == self.kept || (self.freed == 0 && !ENDED.contains(&status))
    }
}

async fn reserves(exam: &Exam<'_>, from: u128, upto: u128) -> Result<BTreeMap<u128, Reserve>, Fault> {
    let sql = "SELECT j.order_id, j.rule, CAST(SUM(p.amount) AS BIGINT) AS total FROM event e \
        JOIN journal j ON j.market_id = e.market_id AND j.event_id = e.id \
        JOIN posting p ON p.market_id = j.market_id AND p.event_id = j.event_id AND p.journal_no = j.no \
        WHERE e.market_id = $1 AND e.subject_kind = 'order' AND e.subject_id >= $2 AND e.subject_id <= $3 \
        AND j.order_id = e.subject_id AND p.kind = 'L.RESERVE' GROUP BY j.order_id, j.rule";
    let values = vec![rows::id(exam.market), rows::id(from), rows::id(upto)];
    let mut found: BTreeMap<u128, Reserve> = BTreeMap::new();
    for row in rows::query(exam.tx, sql, values).await? {
        let (rule, total): (String, i64) = (row.try_get("", "rule")?, row.try_get("", "total")?);
        let reserve = found.entry(rows::get_id(&row, "order_id")?).or_default();
        if rule == "P12" {
            reserve.freed += i128::from(total);
        } else {
            reserve.kept -= i128::from(total);
        }
    }
    Ok(found)
}

/// Escrow whose owner is no order of the market.
async fn strangers(exam: &Exam<'_>, report: &mut Report) -> Result<(), Fault> {
    let sql = "SELECT a.owner_id, a.part, a.balance FROM account a \
        LEFT JOIN trade_order o ON o.market_id = a.market_id AND o.id = a.owner_id \
        WHERE a.market_id = $1 AND a.kind = 'L.ESCROW' AND o.id IS NULL ORDER BY a.owner_id, a.part";
    exam.refute(report, Check::EscrowOwner, sql, |row| {
        let (part, balance): (i64, i64) = (row.try_get("", "part")?, row.try_get("", "balance")?);
        Ok(format!("escrow {part} of {} holds {balance} and belongs to no order", hex(rows::get_id(row, "owner_id")?)))
    })
    .await
}
