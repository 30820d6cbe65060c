//! Rows of invitations.

use crate::platform::database::Database;
use crate::platform::problem::Fault;
use crate::platform::rows;
use crate::platform::sabotage;
use entrepot_domain::kernel::Role;
use sea_orm::QueryResult;

/// A seat offered by mail.
#[derive(Debug, Clone)]
pub struct Invitation {
    /// The market.
    pub market: u128,
    /// Its identifier, and that of the seat it becomes.
    pub id: u128,
    /// The company, for seats within one.
    pub company: Option<u128>,
    /// Whom it is offered to.
    pub email: String,
    /// The role.
    pub role: Role,
    /// Who offers it.
    pub inviter: u128,
    /// When it was sent.
    pub created_at: i64,
    /// When it ends.
    pub expires_at: i64,
}

const COLUMNS: &str = "market_id, id, company_id, email, role, inviter_id, created_at, expires_at";
const OPEN: &str = "accepted_at IS NULL AND withdrawn_at IS NULL";

fn invitation(row: &QueryResult) -> Result<Invitation, Fault> {
    let role: String = row.try_get("", "role")?;
    Ok(Invitation {
        market: rows::get_id(row, "market_id")?,
        id: rows::get_id(row, "id")?,
        company: rows::get_id_opt(row, "company_id")?,
        email: row.try_get("", "email")?,
        role: Role::parse(&role).ok_or_else(|| Fault::new(format!("unknown role {role}")))?,
        inviter: rows::get_id(row, "inviter_id")?,
        created_at: row.try_get("", "created_at")?,
        expires_at: row.try_get("", "expires_at")?,
    })
}

/// The condition that a row belongs to a company, or to none.
fn belongs(company: Option<u128>) -> &'static str {
    if company.is_some() { "company_id = $2" } else { "company_id IS NULL AND $2 = $2" }
}

/// Stores an invitation; an open one to the same address and place is withdrawn.
pub async fn add(db: &Database, new: &Invitation) -> Result<(), Fault> {
    let tx = db.write_tx().await?;
    let earlier = format!(
        "UPDATE invitation SET withdrawn_at = $4 WHERE market_id = $1 AND {} AND email = $3 AND {OPEN}",
        belongs(new.company)
    );
    let place = rows::id(new.company.unwrap_or(0));
    let values = vec![rows::id(new.market), place, new.email.clone().into(), new.created_at.into()];
    rows::execute(&tx, earlier, values).await?;
    let sql = format!("INSERT INTO invitation ({COLUMNS}) VALUES ($1,$2,$3,$4,$5,$6,$7,$8)");
    let values = vec![
        rows::id(new.market),
        rows::id(new.id),
        rows::id_opt(new.company),
        new.email.clone().into(),
        new.role.as_str().into(),
        rows::id(new.inviter),
        new.created_at.into(),
        new.expires_at.into(),
    ];
    rows::execute(&tx, sql, values).await?;
    sabotage::point("invitation.add")?;
    tx.commit().await?;
    sabotage::point("invitation.added")
}

/// Open invitations of a company, or of the market itself, the newest first.
pub async fn open(
    db: &Database,
    market: u128,
    company: Option<u128>,
    now: i64,
    limit: i64,
) -> Result<Vec<Invitation>, Fault> {
    let sql = format!(
        "SELECT {COLUMNS} FROM invitation WHERE market_id = $1 AND {} AND {OPEN} AND expires_at > $3 \
         ORDER BY created_at DESC, id LIMIT $4",
        belongs(company)
    );
    let values = vec![rows::id(market), rows::id(company.unwrap_or(0)), now.into(), limit.into()];
    rows::query(db.write(), sql, values).await?.iter().map(invitation).collect()
}

/// An open invitation.
pub async fn find(db: &Database, market: u128, id: u128, now: i64) -> Result<Option<Invitation>, Fault> {
    let sql =
        format!("SELECT {COLUMNS} FROM invitation WHERE market_id = $1 AND id = $2 AND {OPEN} AND expires_at > $3");
    let row = rows::query_one(db.write(), sql, vec![rows::id(market), rows::id(id), now.into()]).await?;
    row.as_ref().map(invitation).transpose()
}

/// Closes an open invitation, as accepted or withdrawn; false when it is closed already.
pub async fn close(db: &Database, market: u128, id: u128, now: i64, accepted: bool) -> Result<bool, Fault> {
    let column = if accepted { "accepted_at" } else { "withdrawn_at" };
    let sql = format!("UPDATE invitation SET {column} = $3 WHERE market_id = $1 AND id = $2 AND {OPEN}");
    Ok(rows::execute(db.write(), sql, vec![rows::id(market), rows::id(id), now.into()]).await? == 1)
}

/// Opens an invitation again whose acceptance did not come about.
pub async fn reopen(db: &Database, market: u128, id: u128) -> Result<(), Fault> {
    let sql = "UPDATE invitation SET accepted_at = NULL WHERE market_id = $1 AND id = $2";
    rows::execute(db.write(), sql, vec![rows::id(market), rows::id(id)]).await.map(|_| ())
}
