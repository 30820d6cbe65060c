//! Balances and statements of one company, read from the account rows and from the sealed books.

use crate::platform::database::Database;
use crate::platform::problem::Fault;
use crate::platform::rows;
use entrepot_domain::kernel::{Currency, MarketTime};
use entrepot_domain::ledger::{AccountKind, Rule};
use sea_orm::QueryResult;
use std::collections::BTreeMap;

/// A company's balances in one currency, in minor units.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Balances {
    /// The wallet it buys from.
    pub buyer: i64,
    /// The wallet its sales are paid into.
    pub seller: i64,
    /// What stays back until its sales are closed.
    pub reserve: i64,
    /// What its purchases hold in escrow.
    pub held: i64,
}

/// Place of a line in the sealed books: sequence of the event, journal, line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Sequence of the event in the market's log.
    pub seq: i64,
    /// Journal of the event.
    pub journal: i64,
    /// Line of the journal.
    pub line: i64,
}

impl Place {
    /// After every line.
    pub const END: Self = Self { seq: i64::MAX, journal: i64::MAX, line: i64::MAX };
}

/// Which account of which company.
#[derive(Debug, Clone, Copy)]
pub struct Book {
    /// The market.
    pub market: u128,
    /// The owner.
    pub company: u128,
    /// The account.
    pub kind: AccountKind,
    /// Its currency.
    pub currency: Currency,
}

/// One line of a statement.
#[derive(Debug, Clone)]
pub struct Line {
    /// Where it stands.
    pub place: Place,
    /// Market time of the event.
    pub at: MarketTime,
    /// Posting rule.
    pub rule: Option<Rule>,
    /// The order, when the journal belongs to one.
    pub order: Option<(u128, String)>,
    /// Change of the balance: positive when money came in.
    pub change: i64,
    /// The balance after this line.
    pub balance: i64,
    /// What the payer wrote, for pay-ins.
    pub reference: String,
}

fn currency(row: &QueryResult) -> Result<Currency, Fault> {
    let code: String = row.try_get("", "currency")?;
    Currency::parse(&code).ok_or_else(|| Fault::new(format!("unknown currency {code}")))
}

/// All balances of a company by currency.
pub async fn balances(db: &Database, market: u128, company: u128) -> Result<BTreeMap<Currency, Balances>, Fault> {
    let mut found: BTreeMap<Currency, Balances> = BTreeMap::new();
    let sql = "SELECT kind, currency, balance FROM account WHERE market_id = $1 AND owner_id = $2";
    for row in rows::query(db.read(), sql, vec![rows::id(market), rows::id(company)]).await? {
        let (kind, balance): (String, i64) = (row.try_get("", "kind")?, row.try_get("", "balance")?);
        let entry = found.entry(currency(&row)?).or_default();
        match AccountKind::parse(&kind) {
            Some(AccountKind::Buyer) => entry.buyer = balance,
            Some(AccountKind::Seller) => entry.seller = balance,
            Some(AccountKind::Reserve) => entry.reserve = balance,
            Some(_) | None => {}
        }
    }
    let sql = "SELECT currency, CAST(SUM(held) AS BIGINT) AS held FROM trade_order \
               WHERE market_id = $1 AND buyer_id = $2 GROUP BY currency";
    for row in rows::query(db.read(), sql, vec![rows::id(market), rows::id(company)]).await? {
        let held: i64 = row.try_get("", "held")?;
        if held != 0 {
            found.entry(currency(&row)?).or_default().held = held;
        }
    }
    Ok(found)
}

/// The newest `limit` lines before `before`, newest first. Balances run over the whole account, oldest line first.
pub async fn statement(db: &Database, book: &Book, before: Place, limit: u32) -> Result<Vec<Line>, Fault> {
    let sql = format!(
        "WITH lines AS (SELECT s.seq, p.journal_no, p.line_no, p.event_id, -p.amount AS change, \
            CAST(SUM(-p.amount) OVER (ORDER BY s.seq, p.journal_no, p.line_no) AS BIGINT) AS balance \
          FROM posting p JOIN sealed s ON s.market_id = p.market_id AND s.event_id = p.event_id \
          WHERE p.market_id = $1 AND p.owner_id = $2 AND p.kind = $3 AND p.currency = $4 AND p.part = 0) \
         SELECT l.seq, l.journal_no, l.line_no, l.change, l.balance, e.effective_at, j.rule, o.id AS order_id, o.number, \
            CASE WHEN j.rule = 'P1' THEN e.bytes END AS bytes \
         FROM lines l JOIN event e ON e.market_id = $1 AND e.id = l.event_id \
         JOIN journal j ON j.market_id = $1 AND j.event_id = l.event_id AND j.no = l.journal_no \
         LEFT JOIN trade_order o ON o.market_id = $1 AND o.id = j.order_id \
         WHERE (l.seq, l.journal_no, l.line_no) < ($5, $6, $7) \
         ORDER BY l.seq DESC, l.journal_no DESC, l.line_no DESC LIMIT {limit}"
    );
    let values = vec![
        rows::id(book.market),
        rows::id(book.company),
        book.kind.code().into(),
        book.currency.code().into(),
        before.seq.into(),
        before.journal.into(),
        before.line.into(),
    ];
    rows::query(db.read(), sql, values).await?.iter().map(line).collect()
}

fn line(row: &QueryResult) -> Result<Line, Fault> {
    let rule: String = row.try_get("", "rule")?;
    let order = match (rows::get_id_opt(row, "order_id")?, row.try_get::<Option<String>>("", "number")?) {
        (Some(id), Some(number)) => Some((id, number)),
        (None, _) | (_, None) => None,
    };
    Ok(Line {
        place: Place {
            seq: row.try_get("", "seq")?,
            journal: row.try_get("", "journal_no")?,
            line: row.try_get("", "line_no")?,
        },
        at: MarketTime(row.try_get("", "effective_at")?),
        rule: Rule::parse(&rule),
        order,
        change: row.try_get("", "change")?,
        balance: row.try_get("", "balance")?,
        reference: reference(row.try_get::<Option<Vec<u8>>>("", "bytes")?),
    })
}

/// The payer's words out of the event's bytes; they are stored nowhere else.
fn reference(bytes: Option<Vec<u8>>) -> String {
    let event: Option<serde_json::Value> = bytes.and_then(|b| serde_json::from_slice(&b).ok());
    event.and_then(|e| e.pointer("/what/reference").and_then(|r| r.as_str()).map(str::to_owned)).unwrap_or_default()
}
