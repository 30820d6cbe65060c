//! Multi-row statements: one statement per table per group of commands.
//!
//! Measured with SQLite at FULL durability, about twenty statements per command cap the door below 800 commands a
//! second, one statement per table per group of 64 carries it above 15,000. The SQL text is the same on both engines.

use crate::platform::database::numbers_parameters;
use crate::platform::problem::Fault;
use crate::platform::sabotage::{self, Guard};
use sea_orm::{ConnectionTrait, DatabaseTransaction, QueryResult, Statement, Value};

/// A row of a result.
pub type Row = QueryResult;

/// Bound of parameters in one statement (SQLite allows 32,766).
const PARAMETERS_MAX: usize = 16_000;

/// What one `INSERT` writes.
pub struct Table {
    /// Table name.
    pub name: &'static str,
    /// Columns, in the order of the values.
    pub columns: &'static [&'static str],
    /// Primary key columns, for `ON CONFLICT`.
    pub key: &'static [&'static str],
}

/// `(?,?),(?,?)`, or with numbers where the engine wants them.
///
/// SQLite looks a numbered parameter's name up in a list, once to parse and once to bind: with a thousand of them in a
/// statement the lookups cost more than the insert. Bare marks have no name.
fn placeholders(numbered: bool, rows: usize, columns: usize) -> String {
    let mut sql = String::with_capacity(rows * columns * 6);
    let mut n = 0;
    for row in 0..rows {
        sql.push_str(if row == 0 { "(" } else { ",(" });
        for column in 0..columns {
            if column > 0 {
                sql.push(',');
            }
            n += 1;
            if numbered {
                sql.push('$');
                sql.push_str(&n.to_string());
            } else {
                sql.push('?');
            }
        }
        sql.push(')');
    }
    sql
}

/// How many rows a statement for `rows` rows is written for: the next power of two. Groups differ in size, and with a text for
/// each size nearly every statement would be prepared anew; with these few, all stay prepared. What is too many is filled with
/// `NULL`, which no key equals.
fn room(rows: usize) -> usize {
    rows.next_power_of_two()
}

/// Fills up to `room` rows with `NULL`, each of its column's type: PostgreSQL wants to know it.
fn fill(values: &mut Vec<Value>, columns: usize, room: usize) {
    let nulls: Vec<Value> = values.iter().take(columns).map(Value::as_null).collect();
    let missing = (room * columns).saturating_sub(values.len());
    values.extend(nulls.into_iter().cycle().take(missing));
}

/// Runs `make(tuples, source)` over the rows: `tuples` as in `VALUES`, `source` what an `INSERT` reads.
async fn in_chunks(
    tx: &DatabaseTransaction,
    columns: usize,
    values: Vec<Value>,
    make: impl Fn(&str, &str) -> String,
) -> Result<u64, Fault> {
    let per_chunk = (PARAMETERS_MAX / columns) * columns;
    let (mut affected, numbered) = (0, numbers_parameters(tx.get_database_backend()));
    let mut rest = values;
    while !rest.is_empty() {
        let tail = rest.split_off(rest.len().min(per_chunk));
        let (rows, room) = (rest.len() / columns, room(rest.len() / columns));
        let tuples = placeholders(numbered, room, columns);
        let source = if room == rows {
            format!("VALUES {tuples}")
        } else {
            format!("SELECT * FROM (VALUES {tuples}) AS filled WHERE column1 IS NOT NULL")
        };
        fill(&mut rest, columns, room);
        let statement = Statement::from_sql_and_values(tx.get_database_backend(), make(&tuples, &source), rest);
        affected += tx.execute_raw(statement).await?.rows_affected();
        rest = tail;
    }
    Ok(affected)
}

/// Inserts rows; `values` holds them one after another.
pub async fn insert(tx: &DatabaseTransaction, table: &Table, values: Vec<Value>) -> Result<u64, Fault> {
    in_chunks(tx, table.columns.len(), values, |_, source| {
        format!("INSERT INTO {} ({}) {source}", table.name, table.columns.join(","))
    })
    .await
}

/// Inserts rows or overwrites the row of the same key; with a `version` column only a row one version older.
/// Returns the number of rows written, so the caller sees a lost race.
pub async fn upsert(tx: &DatabaseTransaction, table: &Table, values: Vec<Value>) -> Result<u64, Fault> {
    upsert_but(tx, table, &[], values).await
}

/// As [`upsert`], but a row that is there keeps what it has in the `fixed` columns: those that are said once and never change.
///
/// SQLite writes each index of a column that is named anew, whether its value changed or not, and asks for each reference
/// again: the number of an order alone was an eighth of all pages that a payment changed.
pub async fn upsert_but(
    tx: &DatabaseTransaction,
    table: &Table,
    fixed: &[&str],
    values: Vec<Value>,
) -> Result<u64, Fault> {
    let set: Vec<String> = table
        .columns
        .iter()
        .filter(|c| !table.key.contains(c) && !fixed.contains(c))
        .map(|c| format!("{c}=excluded.{c}"))
        .collect();
    let guard = if table.columns.contains(&"version") && !sabotage::skips(Guard::VersionCheck) {
        format!(" WHERE {}.version = excluded.version - 1", table.name)
    } else {
        String::new()
    };
    in_chunks(tx, table.columns.len(), values, |_, source| {
        format!(
            "INSERT INTO {} ({}) {source} ON CONFLICT ({}) DO UPDATE SET {}{guard}",
            table.name,
            table.columns.join(","),
            table.key.join(","),
            set.join(",")
        )
    })
    .await
}

/// Inserts rows; where the key is taken the row there is changed as `change` says: assignments, and a `WHERE` if it may stay.
pub async fn merge(tx: &DatabaseTransaction, table: &Table, change: &str, values: Vec<Value>) -> Result<u64, Fault> {
    in_chunks(tx, table.columns.len(), values, |_, source| {
        format!(
            "INSERT INTO {} ({}) {source} ON CONFLICT ({}) DO UPDATE SET {change}",
            table.name,
            table.columns.join(","),
            table.key.join(",")
        )
    })
    .await
}

/// Inserts rows that are not there yet and leaves the others alone.
pub async fn insert_missing(tx: &DatabaseTransaction, table: &Table, values: Vec<Value>) -> Result<u64, Fault> {
    in_chunks(tx, table.columns.len(), values, |_, source| {
        format!("INSERT INTO {} ({}) {source} ON CONFLICT DO NOTHING", table.name, table.columns.join(","))
    })
    .await
}

/// Adds each row's last value to `column` of the row whose key columns equal the values before it.
pub async fn add(
    tx: &DatabaseTransaction,
    table: &'static str,
    key: &[&'static str],
    column: &str,
    values: Vec<Value>,
) -> Result<u64, Fault> {
    let matches: Vec<String> = key.iter().map(|k| format!("t.{k} = v.{k}")).collect();
    in_chunks(tx, key.len() + 1, values, |v, _| {
        format!(
            "WITH v({},delta) AS (VALUES {v}) UPDATE {table} AS t SET {column} = t.{column} + v.delta FROM v WHERE {}",
            key.join(","),
            matches.join(" AND ")
        )
    })
    .await
}

/// Tuples in one `DELETE` at most: it is written as one `OR` term per tuple, which both engines answer by index.
const DELETED_MAX: usize = 64;

/// Deletes the rows whose key columns equal one of the given tuples.
pub async fn delete(
    tx: &DatabaseTransaction,
    table: &'static str,
    key: &[&'static str],
    values: Vec<Value>,
) -> Result<u64, Fault> {
    let (mut affected, numbered) = (0, numbers_parameters(tx.get_database_backend()));
    for part in values.chunks(key.len() * DELETED_MAX) {
        let room = room(part.len() / key.len());
        let mut tuples = part.to_vec();
        fill(&mut tuples, key.len(), room);
        let terms: Vec<String> = (0..room)
            .map(|row| {
                let mark = |n: usize| if numbered { format!("${}", row * key.len() + n + 1) } else { "?".to_owned() };
                let equals: Vec<String> = key.iter().enumerate().map(|(n, k)| format!("{k} = {}", mark(n))).collect();
                format!("({})", equals.join(" AND "))
            })
            .collect();
        affected += execute(tx, format!("DELETE FROM {table} WHERE {}", terms.join(" OR ")), tuples).await?;
    }
    Ok(affected)
}

/// Selects `columns` of the rows whose key columns equal one of the given tuples; `suffix` may hold the lock clause.
///
/// Written as a join from the tuples to the table: `(a, b) IN (VALUES …)` makes SQLite scan the whole table.
pub async fn select_in(
    db: &impl ConnectionTrait,
    columns: &str,
    table: &str,
    key: &[&str],
    mut values: Vec<Value>,
    suffix: &str,
) -> Result<Vec<QueryResult>, Fault> {
    if values.is_empty() {
        return Ok(Vec::new());
    }
    let numbered = numbers_parameters(db.get_database_backend());
    let room = room(values.len() / key.len());
    let tuples = placeholders(numbered, room, key.len());
    fill(&mut values, key.len(), room);
    let names: Vec<String> = (0..key.len()).map(|n| format!("k{n}")).collect();
    let equals: Vec<String> = key.iter().zip(&names).map(|(k, n)| format!("t.{k} = v.{n}")).collect();
    let suffix = suffix.replace("FOR UPDATE", "FOR UPDATE OF t");
    let sql = format!(
        "WITH v({}) AS (VALUES {tuples}) SELECT {columns} FROM v CROSS JOIN {table} t WHERE {} {suffix}",
        names.join(","),
        equals.join(" AND ")
    );
    Ok(db.query_all_raw(Statement::from_sql_and_values(db.get_database_backend(), sql, values)).await?)
}

/// Runs a reading statement with numbered parameters.
pub async fn query(
    db: &impl ConnectionTrait,
    sql: impl Into<String>,
    values: Vec<Value>,
) -> Result<Vec<QueryResult>, Fault> {
    Ok(db.query_all_raw(Statement::from_sql_and_values(db.get_database_backend(), sql, values)).await?)
}

/// Runs a reading statement that gives at most one row.
pub async fn query_one(
    db: &impl ConnectionTrait,
    sql: impl Into<String>,
    values: Vec<Value>,
) -> Result<Option<QueryResult>, Fault> {
    Ok(db.query_one_raw(Statement::from_sql_and_values(db.get_database_backend(), sql, values)).await?)
}

/// Runs a writing statement with numbered parameters and returns the rows it touched.
pub async fn execute(db: &impl ConnectionTrait, sql: impl Into<String>, values: Vec<Value>) -> Result<u64, Fault> {
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, values);
    Ok(db.execute_raw(statement).await?.rows_affected())
}

/// Appends `wanted` to the values and answers the marks of an `IN` over them; `None` where nothing is wanted. Filled up with the
/// last one to a power of two, so that a few texts stay prepared.
pub fn any_of(values: &mut Vec<Value>, wanted: impl IntoIterator<Item = Value>) -> Option<String> {
    let first = values.len().saturating_add(1);
    values.extend(wanted);
    let given = values.len().saturating_add(1).saturating_sub(first);
    let last = values.last().filter(|_| given > 0)?.clone();
    let end = first.saturating_add(room(given));
    values.resize(end.saturating_sub(1), last);
    Some((first..end).map(|n| format!("${n}")).collect::<Vec<_>>().join(","))
}

/// An identifier as a column value.
pub fn id(value: u128) -> Value {
    uuid::Uuid::from_u128(value).into()
}

/// An optional identifier as a column value.
pub fn id_opt(value: Option<u128>) -> Value {
    value.map(uuid::Uuid::from_u128).into()
}

/// Reads an identifier column.
pub fn get_id(row: &QueryResult, column: &str) -> Result<u128, Fault> {
    Ok(row.try_get::<uuid::Uuid>("", column)?.as_u128())
}

/// Reads an identifier column that may be empty.
pub fn get_id_opt(row: &QueryResult, column: &str) -> Result<Option<u128>, Fault> {
    Ok(row.try_get::<Option<uuid::Uuid>>("", column)?.map(|u| u.as_u128()))
}
