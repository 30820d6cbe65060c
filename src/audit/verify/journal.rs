//! One journal: balanced, keeping client money whole, of the shape of its rule, and equal to what the event says.

use super::Exam;
use super::report::{Check, Report, hex};
use crate::platform::problem::Fault;
use crate::platform::rows;
use serde::Deserialize;
use std::collections::{BTreeMap, HashMap};

/// One line as the table has it.
pub(super) struct Line {
    no: i64,
    kind: String,
    owner: String,
    part: i64,
    currency: String,
    amount: i64,
}

/// One journal as the tables have it.
pub(super) struct Journal {
    event: u128,
    no: i64,
    rule: String,
    key: String,
    order: Option<u128>,
    pub(super) lines: Vec<Line>,
}

/// One journal as the event's bytes have it.
#[derive(Deserialize)]
pub(super) struct Told {
    rule: String,
    key: String,
    /// Account, owner, part, currency, amount.
    lines: Vec<(String, String, i64, String, String)>,
}

/// Accounts a rule may debit, and accounts it may credit (trade.md c8).
const SHAPES: &[(&str, &[&str], &[&str])] = &[
    ("P1", &["A.BANK.CLIENT"], &["L.BUYER"]),
    ("P2", &["L.BUYER", "A.BANK.OPS"], &["L.ESCROW", "I.PAYMENT_FEE", "A.BANK.CLIENT"]),
    (
        "P3",
        &["L.ESCROW", "A.BANK.OPS", "A.BANK.FUND"],
        &["L.SELLER", "I.TXN_FEE", "I.PREMIUM", "L.RESERVE", "A.BANK.CLIENT"],
    ),
    ("P5", &["L.ESCROW"], &["L.BUYER"]),
    ("P6", &["L.SELLER"], &["A.BANK.CLIENT"]),
    ("P12", &["L.RESERVE"], &["L.SELLER"]),
];

/// Reads the journals of some events with their lines.
pub(super) async fn load(exam: &Exam<'_>, events: &[u128]) -> Result<HashMap<u128, Vec<Journal>>, Fault> {
    let keys = || events.iter().flat_map(|id| [rows::id(exam.market), rows::id(*id)]).collect::<Vec<_>>();
    let mut lines: HashMap<(u128, i64), Vec<Line>> = HashMap::new();
    let columns = "event_id, journal_no, line_no, kind, owner_id, part, currency, amount";
    for row in rows::select_in(exam.tx, columns, "posting", &["market_id", "event_id"], keys(), "").await? {
        lines.entry((rows::get_id(&row, "event_id")?, row.try_get("", "journal_no")?)).or_default().push(Line {
            no: row.try_get("", "line_no")?,
            kind: row.try_get("", "kind")?,
            owner: hex(rows::get_id(&row, "owner_id")?),
            part: row.try_get("", "part")?,
            currency: row.try_get("", "currency")?,
            amount: row.try_get("", "amount")?,
        });
    }
    let mut found: HashMap<u128, Vec<Journal>> = HashMap::new();
    let columns = "event_id, no, rule, natural_key, order_id";
    for row in rows::select_in(exam.tx, columns, "journal", &["market_id", "event_id"], keys(), "").await? {
        let (event, no) = (rows::get_id(&row, "event_id")?, row.try_get("", "no")?);
        let mut lines = lines.remove(&(event, no)).unwrap_or_default();
        lines.sort_by_key(|l| l.no);
        let (rule, key) = (row.try_get("", "rule")?, row.try_get("", "natural_key")?);
        found.entry(event).or_default().push(Journal {
            event,
            no,
            rule,
            key,
            order: rows::get_id_opt(&row, "order_id")?,
            lines,
        });
    }
    for journals in found.values_mut() {
        journals.sort_by_key(|j| j.no);
    }
    Ok(found)
}

/// True when the books hold exactly the journals that the bytes tell of, line by line.
pub(super) fn same(booked: &[Journal], told: &[Told]) -> bool {
    let line = |a: &Line, b: &(String, String, i64, String, String)| {
        (a.kind == b.0) && (a.owner == b.1) && (a.part == b.2) && (a.currency == b.3) && (a.amount.to_string() == b.4)
    };
    booked.len() == told.len()
        && booked.iter().zip(told).all(|(a, b)| {
            a.rule == b.rule
                && a.key == b.key
                && a.lines.len() == b.lines.len()
                && a.lines.iter().zip(&b.lines).all(|(x, y)| line(x, y))
        })
}

impl Journal {
    /// Checks the journal by itself.
    pub(super) fn check(&self, market: u128, report: &mut Report) {
        let name = || format!("journal {} of event {} ({})", self.no, hex(self.event), self.rule);
        for (currency, (sum, client)) in self.sums() {
            report.must(sum == 0, market, Check::JournalBalance, || format!("{} is off by {sum} {currency}", name()));
            report.must(client == 0, market, Check::JournalClientMoney, || {
                format!("{} moves the client bank and the liabilities apart by {client} {currency}", name())
            });
        }
        report.must(self.fits_rule(), market, Check::JournalRule, || {
            format!("{} has lines its rule does not have", name())
        });
        report.must(self.fits_key(), market, Check::NaturalKey, || format!("{} has the key {:?}", name(), self.key));
    }

    /// Sums per currency: of all lines, and of client bank and client liabilities alone.
    fn sums(&self) -> BTreeMap<&str, (i128, i128)> {
        let mut sums: BTreeMap<&str, (i128, i128)> = BTreeMap::new();
        for line in &self.lines {
            let (all, client) = sums.entry(line.currency.as_str()).or_default();
            *all += i128::from(line.amount);
            if line.kind == "A.BANK.CLIENT" || line.kind.starts_with("L.") {
                *client += i128::from(line.amount);
            }
        }
        sums
    }

    fn fits_rule(&self) -> bool {
        let Some((_, debits, credits)) = SHAPES.iter().find(|(rule, _, _)| *rule == self.rule) else {
            return false;
        };
        !self.lines.is_empty()
            && self.lines.iter().all(|line| {
                let side = if line.amount > 0 { debits } else { credits };
                side.contains(&line.kind.as_str())
            })
    }

    /// The key is `rule:owner:stage:shipment`, with the event at its end for payments; the order column repeats it.
    fn fits_key(&self) -> bool {
        let parts: Vec<&str> = self.key.split(':').collect();
        let owner = self.order.map(hex).unwrap_or_default();
        match parts.as_slice() {
            [rule, order, _, _] => *rule == self.rule && *order == owner && !self.is_payment(),
            [rule, company, "0", "0", event] => {
                let same_owner = self.order.is_none() || *company == owner;
                let paid = self.lines.iter().any(|l| l.owner == *company);
                *rule == self.rule && self.is_payment() && *event == hex(self.event) && same_owner && paid
            }
            _ => false,
        }
    }

    fn is_payment(&self) -> bool {
        matches!(self.rule.as_str(), "P1" | "P6")
    }
}
