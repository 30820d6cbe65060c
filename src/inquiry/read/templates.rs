//! A company's saved texts. They are shared inside one company and seen by nobody else, so they do not go through the door.

use crate::platform::access::Scope;
use crate::platform::database::Database;
use crate::platform::problem::{Failure, Fault, Refusal};
use crate::platform::rows::{self, Row};

/// Texts a company keeps at most.
pub const TEMPLATES_MAX: i64 = 50;

/// A saved text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    /// Identifier.
    pub id: u128,
    /// Version, for changes.
    pub version: i64,
    /// What it is called.
    pub title: String,
    /// Words in English.
    pub text_en: String,
    /// Words in Chinese.
    pub text_zh: String,
}

const SELECT: &str = "SELECT id, version, title, text_en, text_zh, deleted FROM inquiry_template \
    WHERE market_id = $1 AND company_id = $2";

fn template(row: &Row) -> Result<Template, Fault> {
    Ok(Template {
        id: rows::get_id(row, "id")?,
        version: row.try_get("", "version")?,
        title: row.try_get("", "title")?,
        text_en: row.try_get("", "text_en")?,
        text_zh: row.try_get("", "text_zh")?,
    })
}

fn owner(scope: &Scope) -> Vec<sea_orm::Value> {
    vec![rows::id(scope.market()), rows::id(scope.actor().company.unwrap_or(0))]
}

/// The company's texts by title.
pub async fn list(db: &Database, scope: &Scope) -> Result<Vec<Template>, Fault> {
    let sql = format!("{SELECT} AND deleted = 0 ORDER BY title, id LIMIT {TEMPLATES_MAX}");
    rows::query(db.read(), sql, owner(scope)).await?.iter().map(template).collect()
}

fn title_taken() -> Refusal {
    Refusal::new(409, "template.title_taken", "Another text has this title.").field(
        "/title",
        "template.title_taken",
        "the title is taken",
    )
}

/// Adds a text; the same title with the same words answers the one that is there.
///
/// Errors: 409 when the title is taken, or the company keeps [`TEMPLATES_MAX`] already.
pub async fn add(db: &Database, scope: &Scope, new: &Template, at: i64) -> Result<Template, Failure> {
    let tx = db.write_tx().await?;
    db.market_lock(&tx, uuid::Uuid::from_u128(scope.market())).await?;
    let found = rows::query(&tx, format!("{SELECT} AND deleted = 0"), owner(scope)).await?;
    let known = found.iter().map(template).collect::<Result<Vec<_>, _>>()?;
    if let Some(twin) = known.iter().find(|known| known.title == new.title) {
        let same = twin.text_en == new.text_en && twin.text_zh == new.text_zh;
        return if same { Ok(twin.clone()) } else { Err(title_taken().into()) };
    }
    if i64::try_from(known.len()).unwrap_or(i64::MAX) >= TEMPLATES_MAX {
        let detail = format!("Your company keeps {TEMPLATES_MAX} texts already.");
        return Err(Refusal::new(409, "template.too_many", detail).with("max", TEMPLATES_MAX).into());
    }
    let sql = "INSERT INTO inquiry_template (market_id, company_id, id, version, title, text_en, text_zh, deleted, user_id, at) \
        VALUES ($1,$2,$3,1,$4,$5,$6,0,$7,$8)";
    let mut values = owner(scope);
    values.extend([
        rows::id(new.id),
        new.title.clone().into(),
        new.text_en.clone().into(),
        new.text_zh.clone().into(),
        rows::id(scope.actor().user),
        at.into(),
    ]);
    rows::execute(&tx, sql, values).await?;
    tx.commit().await?;
    Ok(Template { version: 1, ..new.clone() })
}

async fn one(db: &Database, scope: &Scope, id: u128) -> Result<(Template, bool), Failure> {
    let mut values = owner(scope);
    values.push(rows::id(id));
    let row = rows::query_one(db.write(), format!("{SELECT} AND id = $3"), values).await?;
    let row = row.ok_or_else(Refusal::not_found)?;
    let read = || -> Result<(Template, bool), Fault> { Ok((template(&row)?, row.try_get::<i64>("", "deleted")? != 0)) };
    Ok(read()?)
}

/// The texts of a company before a change.
///
/// Errors: 404 for another company's, and for one that was deleted.
pub async fn find(db: &Database, scope: &Scope, id: u128) -> Result<Template, Failure> {
    match one(db, scope, id).await? {
        (template, false) => Ok(template),
        (_, true) => Err(Refusal::not_found().into()),
    }
}

/// Changes a text that stands at `new.version`.
///
/// Errors: 409 when somebody changed it in the meantime, or the title is taken.
pub async fn change(db: &Database, scope: &Scope, new: &Template, at: i64) -> Result<Template, Failure> {
    let sql = "UPDATE inquiry_template SET version = version + 1, title = $4, text_en = $5, text_zh = $6, user_id = $7, at = $8 \
        WHERE market_id = $1 AND company_id = $2 AND id = $3 AND version = $9 AND deleted = 0";
    let mut values = owner(scope);
    values.extend([
        rows::id(new.id),
        new.title.clone().into(),
        new.text_en.clone().into(),
        new.text_zh.clone().into(),
        rows::id(scope.actor().user),
        at.into(),
        new.version.into(),
    ]);
    match rows::execute(db.write(), sql, values).await {
        Ok(1) => Ok(Template { version: new.version + 1, ..new.clone() }),
        Ok(_) => Err(Refusal::new(409, "stale_version", "Somebody changed this text in the meantime.").into()),
        Err(fault) if fault.constraint.is_some() => Err(title_taken().into()),
        Err(fault) => Err(fault.into()),
    }
}

/// Deletes a text; deleting it again changes nothing.
///
/// Errors: 404 for another company's.
pub async fn delete(db: &Database, scope: &Scope, id: u128, at: i64) -> Result<(), Failure> {
    one(db, scope, id).await?;
    let sql = "UPDATE inquiry_template SET deleted = 1, user_id = $4, at = $5 WHERE market_id = $1 AND company_id = $2 AND id = $3";
    let mut values = owner(scope);
    values.extend([rows::id(id), rows::id(scope.actor().user), at.into()]);
    rows::execute(db.write(), sql, values).await?;
    Ok(())
}
