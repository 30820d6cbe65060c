//! Ready stock: each stock is the sum of its changes, each change belongs to an event, and what is kept is exactly what the
//! orders that were paid for have not sent yet (CON-5, G11).
//!
//! What an order keeps is worked out here from its row, its terms and the states of its shipments, not by the rules' own sum.

use super::report::{Check, Report, hex};
use super::{Exam, PAGE};
use crate::platform::problem::Fault;
use crate::platform::rows::{self, Row};
use crate::trade::Recorded;
use entrepot_domain::kernel::Quantity;
use entrepot_domain::trade::Order;
use serde_json::Value;
use std::collections::BTreeMap;

/// What is kept of each product for one order, in thousandths of a unit.
type Kept = BTreeMap<u128, i64>;

/// Checks the stocks of the market.
pub(super) async fn check(exam: &Exam<'_>, report: &mut Report) -> Result<(), Fault> {
    sums(exam, report).await?;
    steps(exam, report).await?;
    origins(exam, report).await?;
    told(exam, report).await?;
    strangers(exam, report).await
}

/// A stock is the sum of its changes, which are numbered 1, 2, 3 … like its versions, and never below what is kept.
async fn sums(exam: &Exam<'_>, report: &mut Report) -> Result<(), Fault> {
    let sql = "SELECT s.id, s.version, s.on_hand, s.reserved, COALESCE(m.n, 0) AS n, COALESCE(m.on_hand, 0) AS moved, \
        COALESCE(m.reserved, 0) AS moved_reserved FROM stock s LEFT JOIN \
        (SELECT product_id, COUNT(*) AS n, MAX(no) AS last, CAST(SUM(on_hand_delta) AS BIGINT) AS on_hand, \
            CAST(SUM(reserved_delta) AS BIGINT) AS reserved FROM stock_move WHERE market_id = $1 GROUP BY product_id) m \
        ON m.product_id = s.id WHERE s.market_id = $1 AND (s.version <> COALESCE(m.n, 0) OR s.version <> COALESCE(m.last, 0) \
        OR s.on_hand <> COALESCE(m.on_hand, 0) OR s.reserved <> COALESCE(m.reserved, 0) OR s.reserved < 0 OR s.on_hand < s.reserved) \
        ORDER BY s.id";
    exam.refute(report, Check::StockSum, sql, |row| {
        let number = |column: &str| -> Result<i64, Fault> { Ok(row.try_get("", column)?) };
        let text = |column: &str| -> Result<String, Fault> { Ok(Quantity(number(column)?).to_string()) };
        Ok(format!(
            "the stock of {} has {} on hand and {} reserved at version {}; its {} changes make {} and {}",
            hex(rows::get_id(row, "id")?),
            text("on_hand")?,
            text("reserved")?,
            number("version")?,
            number("n")?,
            text("moved")?,
            text("moved_reserved")?
        ))
    })
    .await
}

/// Each change leads from the quantities after the one before it to its own.
async fn steps(exam: &Exam<'_>, report: &mut Report) -> Result<(), Fault> {
    let sql = "SELECT m.product_id, m.no FROM stock_move m LEFT JOIN stock_move b \
        ON b.market_id = m.market_id AND b.product_id = m.product_id AND b.no = m.no - 1 WHERE m.market_id = $1 \
        AND (m.on_hand <> COALESCE(b.on_hand, 0) + m.on_hand_delta OR m.reserved <> COALESCE(b.reserved, 0) + m.reserved_delta \
        OR m.reserved < 0 OR m.on_hand < m.reserved) ORDER BY m.product_id, m.no";
    exam.refute(report, Check::StockSum, sql, |row| {
        let no: i64 = row.try_get("", "no")?;
        let product = hex(rows::get_id(row, "product_id")?);
        Ok(format!("change {no} of the stock of {product} does not lead to the quantities it states"))
    })
    .await
}

/// Each change belongs to an event, and one made for an order to an event of that order.
async fn origins(exam: &Exam<'_>, report: &mut Report) -> Result<(), Fault> {
    let sql = "SELECT m.product_id, m.no FROM stock_move m LEFT JOIN event e ON e.market_id = m.market_id AND e.id = m.event_id \
        WHERE m.market_id = $1 AND (e.id IS NULL OR (m.order_id IS NOT NULL AND (e.subject_kind <> 'order' OR e.subject_id <> m.order_id)) \
        OR (m.order_id IS NULL AND e.subject_kind NOT IN ('product', 'stock_adjustment'))) ORDER BY m.product_id, m.no";
    exam.refute(report, Check::Orphan, sql, |row| {
        let no: i64 = row.try_get("", "no")?;
        let product = hex(rows::get_id(row, "product_id")?);
        Ok(format!("change {no} of the stock of {product} belongs to no event that could have made it"))
    })
    .await
}

/// One change as its row has it.
struct Change {
    product: u128,
    no: i64,
    reason: String,
    on_hand_delta: i64,
    reserved_delta: i64,
    on_hand: i64,
}

impl Change {
    fn read(row: &Row) -> Result<Self, Fault> {
        Ok(Self {
            product: rows::get_id(row, "product_id")?,
            no: row.try_get("", "no")?,
            reason: row.try_get("", "reason")?,
            on_hand_delta: row.try_get("", "on_hand_delta")?,
            reserved_delta: row.try_get("", "reserved_delta")?,
            on_hand: row.try_get("", "on_hand")?,
        })
    }

    /// Whether the bytes of its event tell this very change: orders tell a list, a change by hand itself, a listing what it
    /// states to be there.
    fn is_told(&self, bytes: &[u8]) -> bool {
        let Ok(event) = serde_json::from_slice::<Value>(bytes) else { return false };
        let what = event.get("what").unwrap_or(&Value::Null);
        let moved = |told: &Value| {
            told["reason"] == self.reason.as_str()
                && told["on_hand"] == self.on_hand_delta
                && told["reserved"] == self.reserved_delta
        };
        let of_this = |told: &Value| told["product"] == format!("{:032x}", self.product).as_str();
        match (&what["stock"], self.reason.as_str()) {
            (Value::Array(all), _) => all.iter().any(|told| of_this(told) && moved(told)),
            (_, "listed") => what["on_hand"]["after"] == Quantity(self.on_hand).to_string().as_str(),
            (told, _) => of_this(what) && moved(told),
        }
    }
}

/// Each change is what its event tells: who changes a stock and its log alike has the chain against them.
async fn told(exam: &Exam<'_>, report: &mut Report) -> Result<(), Fault> {
    let sql = format!(
        "SELECT m.product_id, m.no, m.reason, m.on_hand_delta, m.reserved_delta, m.on_hand, e.bytes FROM stock_move m \
         JOIN event e ON e.market_id = m.market_id AND e.id = m.event_id WHERE m.market_id = $1 AND (m.product_id, m.no) > ($2, $3) \
         ORDER BY m.product_id, m.no LIMIT {PAGE}"
    );
    let mut after = (0_u128, 0_i64);
    loop {
        let values = vec![rows::id(exam.market), rows::id(after.0), after.1.into()];
        let page = rows::query(exam.tx, sql.as_str(), values).await?;
        for row in &page {
            let change = Change::read(row)?;
            let bytes: Vec<u8> = row.try_get("", "bytes")?;
            report.must(change.is_told(&bytes), exam.market, Check::StockSum, || {
                format!("change {} of the stock of {} is not what its event tells", change.no, hex(change.product))
            });
            after = (change.product, change.no);
        }
        if page.len() < PAGE {
            return Ok(());
        }
    }
}

/// Changes for orders that are not there.
async fn strangers(exam: &Exam<'_>, report: &mut Report) -> Result<(), Fault> {
    let sql = "SELECT DISTINCT m.product_id, m.order_id FROM stock_move m \
        LEFT JOIN trade_order o ON o.market_id = m.market_id AND o.id = m.order_id \
        WHERE m.market_id = $1 AND m.order_id IS NOT NULL AND o.id IS NULL ORDER BY m.product_id, m.order_id";
    exam.refute(report, Check::StockReserved, sql, |row| {
        let (product, order) = (hex(rows::get_id(row, "product_id")?), hex(rows::get_id(row, "order_id")?));
        Ok(format!("the stock of {product} was kept for order {order}, which is missing"))
    })
    .await
}

/// What the changes say is kept for a range of orders.
pub(super) async fn kept(exam: &Exam<'_>, from: u128, upto: u128) -> Result<BTreeMap<u128, Kept>, Fault> {
    let sql = "SELECT order_id, product_id, CAST(SUM(reserved_delta) AS BIGINT) AS kept FROM stock_move \
        WHERE market_id = $1 AND order_id >= $2 AND order_id <= $3 AND order_id IS NOT NULL GROUP BY order_id, product_id \
        HAVING SUM(reserved_delta) <> 0";
    let mut found: BTreeMap<u128, Kept> = BTreeMap::new();
    for row in rows::query(exam.tx, sql, vec![rows::id(exam.market), rows::id(from), rows::id(upto)]).await? {
        let kept = found.entry(rows::get_id(&row, "order_id")?).or_default();
        kept.insert(rows::get_id(&row, "product_id")?, row.try_get("", "kept")?);
    }
    Ok(found)
}

/// What an order must have kept: while it is under way, the planned shipments' part of every line from stock.
fn asked(order: &Order) -> Kept {
    let mut asked = Kept::new();
    let Some(terms) = order.terms.as_ref().filter(|_| order.status.as_str() == "active") else { return asked };
    for (place, shipment) in order.shipments.iter().enumerate() {
        let quantities = terms.shipments.get(place).map(|planned| planned.quantities.as_slice()).unwrap_or_default();
        for (line, quantity) in terms.lines.iter().zip(quantities) {
            if let (Some(product), Some(true), "planned") = (line.product, line.from_stock, shipment.state.as_str()) {
                *asked.entry(product.0).or_default() += quantity.0;
            }
        }
    }
    asked.retain(|_, quantity| *quantity != 0);
    asked
}

/// Holds what is kept for one order against what it asks for, both ways.
pub(super) fn judge(exam: &Exam<'_>, report: &mut Report, recorded: &Recorded, kept: &Kept) {
    let Ok(order) = &recorded.order else { return };
    let asked = asked(order);
    let products: std::collections::BTreeSet<u128> = asked.keys().chain(kept.keys()).copied().collect();
    for product in products {
        let of = |all: &Kept| all.get(&product).copied().unwrap_or(0);
        report.must(of(&asked) == of(kept), exam.market, Check::StockReserved, || {
            format!(
                "order {} ({}) keeps {} of product {}, its stock says {}",
                recorded.number,
                order.status.as_str(),
                Quantity(of(&asked)),
                hex(product),
                Quantity(of(kept))
            )
        });
    }
}
