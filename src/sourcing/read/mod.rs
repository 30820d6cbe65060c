//! Lists and pages of requests and quotes. A quote is read by two statements only, and both name its supplier or its buyer:
//! nothing here gives one company another's quote (sealed quotes).

pub mod files;

use super::commands::{sealed, standing};
use super::store::{parse, quota};
use crate::platform::access::{Relation, Scope};
use crate::platform::database::Database;
use crate::platform::problem::{Failure, Fault, Refusal};
use crate::platform::rows;
use crate::platform::sabotage::{self, Guard};
use entrepot_domain::sourcing::{Quote, QuoteQuota, Reason, Rfq, Seats, Talk};
use sea_orm::{QueryResult, Value};

/// Which requests a list shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// The reader's own.
    Mine,
    /// Everything that everybody may see; for those who oversee the market everything.
    Board,
    /// Those that fit the reader's goods, and those it is invited to.
    Inbox,
}

/// Filters of the list of requests.
#[derive(Debug)]
pub struct Filter {
    /// Which.
    pub which: Which,
    /// Only this state.
    pub status: Option<String>,
    /// The last row of the page before: moment of publication, identifier.
    pub after: Option<(i64, u128)>,
    /// Rows at most.
    pub limit: u32,
}

/// A request as a list shows it to one reader.
pub struct Listed {
    /// The request.
    pub rfq: Rfq,
    /// Name and country of the buyer.
    pub buyer: (String, String),
    /// Seats left.
    pub left: i64,
    /// Quotes on it; only for its buyer.
    pub quotes: Option<i64>,
    /// How well it fits the reader's goods, and why.
    pub fit: Option<(i64, Vec<Reason>)>,
    /// The reader was invited by name.
    pub invited: bool,
    /// The reader's own quote: identifier and state.
    pub own: Option<(u128, String)>,
}

const LISTED: &str = "SELECT r.state, c.name AS buyer_name, c.country AS buyer_country, h.total - h.taken AS seats_left, \
    h.taken, m.score, m.reasons, g.supplier_id AS guest, q.id AS quote_id, q.status AS quote_status \
    FROM rfq r JOIN company c ON c.market_id = r.market_id AND c.id = r.buyer_id \
    JOIN rfq_seats h ON h.market_id = r.market_id AND h.id = r.id \
    LEFT JOIN rfq_match m ON m.market_id = r.market_id AND m.rfq_id = r.id AND m.supplier_id = $2 \
    LEFT JOIN rfq_guest g ON g.market_id = r.market_id AND g.rfq_id = r.id AND g.supplier_id = $2 \
    LEFT JOIN quote q ON q.market_id = r.market_id AND q.rfq_id = r.id AND q.supplier_id = $2 AND q.status <> 'withdrawn' \
    WHERE r.market_id = $1";

fn listed(row: &QueryResult, scope: &Scope) -> Result<Listed, Fault> {
    let rfq: Rfq = parse(row)?;
    let own = scope.company() == Some(rfq.buyer.0);
    let score: Option<i64> = row.try_get("", "score")?;
    let reasons: Option<String> = row.try_get("", "reasons")?;
    let fit = match (score, reasons) {
        (Some(score), Some(reasons)) => Some((score, serde_json::from_str(&reasons)?)),
        (_, _) => None,
    };
    let status: Option<String> = row.try_get("", "quote_status")?;
    Ok(Listed {
        buyer: (row.try_get("", "buyer_name")?, row.try_get("", "buyer_country")?),
        left: row.try_get("", "seats_left")?,
        quotes: if own { Some(row.try_get("", "taken")?) } else { None },
        fit,
        invited: rows::get_id_opt(row, "guest")?.is_some(),
        own: rows::get_id_opt(row, "quote_id")?.zip(status),
        rfq,
    })
}

/// The company whose own rows a list joins; nobody's for those without one.
fn company(scope: &Scope) -> Value {
    rows::id(scope.actor().company.unwrap_or(0))
}

/// A page of requests, the last published first.
pub async fn list(db: &Database, scope: &Scope, filter: &Filter) -> Result<Vec<Listed>, Fault> {
    let mut values = vec![rows::id(scope.market()), company(scope)];
    let mut sql = LISTED.to_owned();
    sql.push_str(match filter.which {
        Which::Mine => " AND r.buyer_id = $2",
        Which::Board if scope.company().is_none() => "",
        Which::Board => " AND r.visibility = 'board'",
        Which::Inbox => {
            " AND r.buyer_id <> $2 AND (r.visibility = 'board' OR g.supplier_id IS NOT NULL) AND r.id IN \
             (SELECT rfq_id FROM rfq_match WHERE market_id = $1 AND supplier_id = $2 \
              UNION SELECT rfq_id FROM rfq_guest WHERE market_id = $1 AND supplier_id = $2)"
        }
    });
    if let Some(status) = &filter.status {
        values.push(status.clone().into());
        sql.push_str(&format!(" AND r.status = ${}", values.len()));
    }
    if let Some((at, id)) = filter.after {
        values.extend([at.into(), rows::id(id)]);
        sql.push_str(&format!(" AND (r.published_at, r.id) < (${}, ${})", values.len() - 1, values.len()));
    }
    sql.push_str(&format!(" ORDER BY r.published_at DESC, r.id DESC LIMIT {}", filter.limit));
    rows::query(db.read(), sql, values).await?.iter().map(|row| listed(row, scope)).collect()
}

/// One request with its version and how the reader stands to it; 404 when it may not be seen.
pub async fn rfq(db: &Database, scope: &Scope, id: u128) -> Result<(Listed, i64, Relation), Failure> {
    let sql = LISTED.replacen("SELECT ", "SELECT r.version, ", 1) + " AND r.id = $3";
    let values = vec![rows::id(scope.market()), company(scope), rows::id(id)];
    let row = rows::query_one(db.read(), sql, values).await?.ok_or_else(Refusal::not_found)?;
    let found = listed(&row, scope)?;
    match standing(&found.rfq, scope.actor()) {
        Relation::None => Err(Refusal::not_found().into()),
        relation => Ok((found, row.try_get("", "version").map_err(Fault::from)?, relation)),
    }
}

/// The quotes the reader may see on a request that it may see: the buyer all, a supplier its own.
pub async fn quotes_on(db: &Database, scope: &Scope, rfq: u128) -> Result<Vec<(Quote, i64)>, Fault> {
    let sql = "SELECT q.state, q.version FROM quote q WHERE q.market_id = $1 AND q.rfq_id = $3 \
        AND (q.buyer_id = $2 OR q.supplier_id = $2) ORDER BY q.id";
    let values = vec![rows::id(scope.market()), company(scope), rows::id(rfq)];
    rows::query(db.read(), sql, values).await?.iter().map(quote_in).collect()
}

fn quote_in(row: &QueryResult) -> Result<(Quote, i64), Fault> {
    Ok((parse(row)?, row.try_get("", "version")?))
}

/// A page of the reader's own quotes, the last changed first.
pub async fn own_quotes(
    db: &Database,
    scope: &Scope,
    after: Option<(i64, u128)>,
    limit: u32,
) -> Result<Vec<(Quote, Rfq)>, Fault> {
    let mut values = vec![rows::id(scope.market()), company(scope)];
    let mut sql = "SELECT q.state, r.state AS rfq_state FROM quote q \
        JOIN rfq r ON r.market_id = q.market_id AND r.id = q.rfq_id WHERE q.market_id = $1 AND q.supplier_id = $2"
        .to_owned();
    if let Some((at, id)) = after {
        values.extend([at.into(), rows::id(id)]);
        sql.push_str(" AND (q.updated_at, q.id) < ($3, $4)");
    }
    sql.push_str(&format!(" ORDER BY q.updated_at DESC, q.id DESC LIMIT {limit}"));
    let one = |row: &QueryResult| {
        let rfq: String = row.try_get("", "rfq_state")?;
        Ok((parse(row)?, serde_json::from_str(&rfq)?))
    };
    rows::query(db.read(), sql, values).await?.iter().map(one).collect()
}

/// A quote with its version, its request and how the reader stands to it; 404 when it is sealed for the reader.
pub async fn quote(db: &Database, scope: &Scope, id: u128) -> Result<(Quote, i64, Rfq, Relation), Failure> {
    let sql = "SELECT q.state, q.version, r.state AS rfq_state FROM quote q \
        JOIN rfq r ON r.market_id = q.market_id AND r.id = q.rfq_id WHERE q.market_id = $1 AND q.id = $2";
    let found = rows::query_one(db.read(), sql, vec![rows::id(scope.market()), rows::id(id)]).await?;
    let row = found.ok_or_else(Refusal::not_found)?;
    let (quote, version) = quote_in(&row)?;
    let rfq: String = row.try_get("", "rfq_state").map_err(Fault::from)?;
    match sealed(quote.supplier, quote.buyer, scope.actor()) {
        Relation::None if sabotage::skips(Guard::SealedQuotes) => {
            Ok((quote, version, serde_json::from_str(&rfq).map_err(Fault::from)?, Relation::Market))
        }
        Relation::None => Err(Refusal::not_found().into()),
        relation => Ok((quote, version, serde_json::from_str(&rfq).map_err(Fault::from)?, relation)),
    }
}

/// The quote a supplier has on a request, unless it was taken back.
pub async fn known(db: &Database, market: u128, rfq: u128, supplier: u128) -> Result<Option<u128>, Fault> {
    let sql =
        "SELECT id FROM quote WHERE market_id = $1 AND rfq_id = $2 AND supplier_id = $3 AND status <> 'withdrawn'";
    let values = vec![rows::id(market), rows::id(rfq), rows::id(supplier)];
    rows::query_one(db.write(), sql, values).await?.map(|row| rows::get_id(&row, "id")).transpose()
}

/// The request a quote belongs to; for steps, whose own rules say who may take them.
pub async fn rfq_of(db: &Database, market: u128, quote: u128) -> Result<u128, Failure> {
    let sql = "SELECT rfq_id FROM quote WHERE market_id = $1 AND id = $2";
    let found = rows::query_one(db.write(), sql, vec![rows::id(market), rows::id(quote)]).await?;
    Ok(rows::get_id(&found.ok_or_else(Refusal::not_found)?, "rfq_id")?)
}

/// Who quotes on a request now; for steps, which refuse when somebody came or went in between.
pub async fn seated(db: &Database, market: u128, rfq: u128) -> Result<Vec<u128>, Fault> {
    let sql = "SELECT state FROM rfq_seats WHERE market_id = $1 AND id = $2";
    let found = rows::query_one(db.write(), sql, vec![rows::id(market), rows::id(rfq)]).await?;
    let seats: Option<Seats> = found.as_ref().map(parse).transpose()?;
    Ok(seats.map_or_else(Vec::new, |seats| seats.taken.iter().map(|seat| seat.supplier.0).collect()))
}

/// What was asked and said about a request, whoever may read which part.
pub async fn talk(db: &Database, market: u128, rfq: u128) -> Result<Talk, Fault> {
    let sql = "SELECT state FROM rfq_talk WHERE market_id = $1 AND id = $2";
    let found = rows::query_one(db.read(), sql, vec![rows::id(market), rows::id(rfq)]).await?;
    found.as_ref().map(parse).transpose().map(Option::unwrap_or_default)
}

/// A supplier's rights to quote.
pub async fn rights(db: &Database, scope: &Scope) -> Result<QuoteQuota, Fault> {
    let sql = "SELECT month, used, earned FROM quote_quota WHERE market_id = $1 AND id = $2";
    let found = rows::query_one(db.read(), sql, vec![rows::id(scope.market()), company(scope)]).await?;
    Ok(found.as_ref().map(quota).transpose()?.unwrap_or_default())
}

/// A supplier that fits a request.
pub struct Matched {
    /// Who.
    pub supplier: u128,
    /// Name and country.
    pub named: (String, String),
    /// 1 to 100.
    pub score: i64,
    /// Why.
    pub reasons: Vec<Reason>,
}

/// The suppliers that fit a request, the best first.
pub async fn matches(db: &Database, scope: &Scope, rfq: u128) -> Result<Vec<Matched>, Fault> {
    let sql = "SELECT m.supplier_id, m.score, m.reasons, c.name, c.country FROM rfq_match m \
        JOIN company c ON c.market_id = m.market_id AND c.id = m.supplier_id \
        WHERE m.market_id = $1 AND m.rfq_id = $2 ORDER BY m.score DESC, m.supplier_id";
    let one = |row: &QueryResult| {
        Ok(Matched {
            supplier: rows::get_id(row, "supplier_id")?,
            named: (row.try_get("", "name")?, row.try_get("", "country")?),
            score: row.try_get("", "score")?,
            reasons: serde_json::from_str(&row.try_get::<String>("", "reasons")?)?,
        })
    };
    rows::query(db.read(), sql, vec![rows::id(scope.market()), rows::id(rfq)]).await?.iter().map(one).collect()
}
