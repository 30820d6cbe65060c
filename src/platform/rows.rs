//! Multi-row statements: one statement per table per group of commands.
//!
//! Measured with SQLite at FULL durability, about twenty statements per command cap the door below 800 commands a
//! second, one statement per table per group of 64 carries it above 15,000.
//!
//! The rows of a statement are a list of tuples on SQLite and an array for each column on PostgreSQL, where a statement has
//! one text whatever the number of its rows: it is prepared and planned once on each connection.

mod arrays;

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

/// `(?,?),(?,?)`.
///
/// SQLite looks a numbered parameter's name up in a list, once to parse and once to bind: with a thousand of them in a
/// statement the lookups cost more than the insert. Bare marks have no name.
fn placeholders(rows: usize, columns: usize) -> String {
    let tuple = format!("({})", vec!["?"; columns].join(","));
    vec![tuple.as_str(); rows].join(",")
}

/// How many rows a statement of SQLite for `rows` rows is written for: the next power of two. Groups differ in size, and with a text for
/// each size nearly every statement would be prepared anew; with these few, all stay prepared. What is too many is filled with
/// `NULL`, which no key equals.
fn room(rows: usize) -> usize {
    rows.next_power_of_two()
}

/// Fills up to `room` rows with `NULL`.
fn fill(values: &mut Vec<Value>, columns: usize, room: usize) {
    values.resize(room * columns, Value::Bytes(None));
}

/// What a statement reads its rows from.
struct Given {
    /// A query of them in their order; on SQLite with rows of `NULL` after them.
    all: String,
    /// A query of them alone.
    alone: String,
}

/// Writes the query of the rows in `values` and puts its parameters there: arrays where parameters are numbered.
fn given(numbered: bool, columns: usize, values: &mut Vec<Value>) -> Result<Given, Fault> {
    if numbered {
        let query = arrays::query(columns, values)?;
        return Ok(Given { all: query.clone(), alone: query });
    }
    let (rows, room) = (values.len() / columns, room(values.len() / columns));
    fill(values, columns, room);
    let all = format!("VALUES {}", placeholders(room, columns));
    let alone = if room == rows { all.clone() } else { format!("SELECT * FROM ({all}) WHERE column1 IS NOT NULL") };
    Ok(Given { all, alone })
}

/// Runs what `make` writes over the rows.
async fn in_chunks(
    tx: &DatabaseTransaction,
    columns: usize,
    values: Vec<Value>,
    make: impl Fn(&Given) -> String,
) -> Result<u64, Fault> {
    let per_chunk = (PARAMETERS_MAX / columns) * columns;
    let (mut affected, backend) = (0, tx.get_database_backend());
    let mut rest = values;
    while !rest.is_empty() {
        let tail = rest.split_off(rest.len().min(per_chunk));
        let given = given(numbers_parameters(backend), columns, &mut rest)?;
        let statement = Statement::from_sql_and_values(backend, make(&given), rest);
        affected += tx.execute_raw(statement).await?.rows_affected();
        rest = tail;
    }
    Ok(affected)
}

/// Inserts rows; `values` holds them one after another.
pub async fn insert(tx: &DatabaseTransaction, table: &Table, values: Vec<Value>) -> Result<u64, Fault> {
    in_chunks(tx, table.columns.len(), values, |given| {
        format!("INSERT INTO {} ({}) {}", table.name, table.columns.join(","), given.alone)
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
    in_chunks(tx, table.columns.len(), values, |given| {
        format!(
            "INSERT INTO {} ({}) {} ON CONFLICT ({}) DO UPDATE SET {}{guard}",
            table.name,
            table.columns.join(","),
            given.alone,
            table.key.join(","),
            set.join(",")
        )
    })
    .await
}

/// Inserts rows; where the key is taken the row there is changed as `change` says: assignments, and a `WHERE` if it may stay.
pub async fn merge(tx: &DatabaseTransaction, table: &Table, change: &str, values: Vec<Value>) -> Result<u64, Fault> {
    in_chunks(tx, table.columns.len(), values, |given| {
        format!(
            "INSERT INTO {} ({}) {} ON CONFLICT ({}) DO UPDATE SET {change}",
            table.name,
            table.columns.join(","),
            given.alone,
            table.key.join(",")
        )
    })
    .await
}

/// Inserts rows that are not there yet and leaves the others alone.
pub async fn insert_missing(tx: &DatabaseTransaction, table: &Table, values: Vec<Value>) -> Result<u64, Fault> {
    in_chunks(tx, table.columns.len(), values, |given| {
        format!("INSERT INTO {} ({}) {} ON CONFLICT DO NOTHING", table.name, table.columns.join(","), given.alone)
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
    in_chunks(tx, key.len() + 1, values, |given| {
        format!(
            "WITH v({},delta) AS ({}) UPDATE {table} AS t SET {column} = t.{column} + v.delta FROM v WHERE {}",
            key.join(","),
            given.all,
            matches.join(" AND ")
        )
    })
    .await
}

/// Tuples in one `DELETE` of SQLite at most: it is written as one `OR` term per tuple, which is answered by index.
const DELETED_MAX: usize = 64;

/// Deletes the rows whose key columns equal one of the given tuples.
pub async fn delete(
    tx: &DatabaseTransaction,
    table: &'static str,
    key: &[&'static str],
    values: Vec<Value>,
) -> Result<u64, Fault> {
    if numbers_parameters(tx.get_database_backend()) {
        return in_chunks(tx, key.len(), values, |given| {
            let (names, equals) = joined(key);
            format!("DELETE FROM {table} AS t USING ({}) AS v({names}) WHERE {equals}", given.all)
        })
        .await;
    }
    let mut affected = 0;
    for part in values.chunks(key.len() * DELETED_MAX) {
        let room = room(part.len() / key.len());
        let mut tuples = part.to_vec();
        fill(&mut tuples, key.len(), room);
        let equals: Vec<String> = key.iter().map(|k| format!("{k} = ?")).collect();
        let term = format!("({})", equals.join(" AND "));
        let terms = vec![term.as_str(); room].join(" OR ");
        affected += execute(tx, format!("DELETE FROM {table} WHERE {terms}"), tuples).await?;
    }
    Ok(affected)
}

/// Names for the key's columns in a list of tuples `v`, and what says that a row `t` is one of them.
fn joined(key: &[&str]) -> (String, String) {
    let names: Vec<String> = (0..key.len()).map(|n| format!("k{n}")).collect();
    let equals: Vec<String> = key.iter().zip(&names).map(|(k, n)| format!("t.{k} = v.{n}")).collect();
    (names.join(","), equals.join(" AND "))
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
    let given = given(numbers_parameters(db.get_database_backend()), key.len(), &mut values)?;
    let (names, equals) = joined(key);
    let suffix = suffix.replace("FOR UPDATE", "FOR UPDATE OF t");
    let sql = format!(
        "WITH v({names}) AS ({}) SELECT {columns} FROM v CROSS JOIN {table} t WHERE {equals} {suffix}",
        given.all
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
