//! Many rows in one statement come back as they went in, whatever stands in them and however many there are.

use crate::ground::{Kind, ground};
use entrepot::platform::rows::{self, Table};
use sea_orm::{ConnectionTrait, DatabaseTransaction, Value};

const ODD: Table = Table { name: "odd", columns: &["id", "words", "bytes", "number"], key: &["id"] };

type Odd = (u128, Option<String>, Option<Vec<u8>>, Option<i64>);

fn odd() -> Vec<Odd> {
    let words = [
        "",
        "NULL",
        "null",
        "a,b",
        "{x}",
        "say \"so\"",
        "back\\slash\\",
        " blank ",
        "line\nbreak\ttab",
        "灯芯绒 £ 😀",
        "\\x00",
    ];
    let mut rows: Vec<Odd> = Vec::new();
    for (n, word) in words.into_iter().enumerate() {
        let id = u128::from_be_bytes([u8::try_from(n).unwrap() + 1; 16]);
        let number = [i64::MIN, -1, 0, i64::MAX][n % 4];
        rows.push((id, Some(word.to_owned()), Some(vec![0, 255, b'\\', b'"', u8::try_from(n).unwrap()]), Some(number)));
    }
    rows.push((99, None, Some(Vec::new()), None));
    rows.push((100, Some("after a NULL".into()), None, Some(7)));
    rows
}

fn values(rows: &[Odd]) -> Vec<Value> {
    let row = |(id, words, bytes, number): &Odd| {
        [rows::id(*id), words.clone().into(), bytes.clone().into(), (*number).into()]
    };
    rows.iter().flat_map(row).collect()
}

async fn read(tx: &DatabaseTransaction, wanted: &[Odd]) -> Vec<Odd> {
    let keys = wanted.iter().map(|row| rows::id(row.0)).collect();
    let found = rows::select_in(tx, "id, words, bytes, number", "odd", &["id"], keys, "").await.unwrap();
    let mut read: Vec<Odd> = found
        .iter()
        .map(|row| {
            let get = |column| rows::get_id(row, column).unwrap();
            (
                get("id"),
                row.try_get("", "words").unwrap(),
                row.try_get("", "bytes").unwrap(),
                row.try_get("", "number").unwrap(),
            )
        })
        .collect();
    read.sort();
    read
}

async fn come_back(kind: Kind, types: [&str; 2]) {
    let ground = ground(kind).await;
    let tx = ground.db.write_tx().await.unwrap();
    let [id, bytes] = types;
    let sql = format!("CREATE TEMPORARY TABLE odd (id {id} PRIMARY KEY, words TEXT, bytes {bytes}, number BIGINT)");
    tx.execute_unprepared(&sql).await.unwrap();
    let mut rows = odd();
    rows.sort();

    assert_eq!(rows::insert(&tx, &ODD, values(&rows)).await.unwrap(), 13);
    assert_eq!(read(&tx, &rows).await, rows);
    assert_eq!(rows::insert_missing(&tx, &ODD, values(&rows)).await.unwrap(), 0);

    for (n, row) in rows.iter_mut().enumerate() {
        row.1 = Some(format!("changed \"{n}\""));
        row.3 = Some(i64::try_from(n).unwrap());
    }
    assert_eq!(rows::upsert(&tx, &ODD, values(&rows)).await.unwrap(), 13);
    let more: Vec<Value> = rows.iter().flat_map(|row| [rows::id(row.0), 1_000i64.into()]).collect();
    assert_eq!(rows::add(&tx, "odd", &["id"], "number", more).await.unwrap(), 13);
    rows.iter_mut().for_each(|row| row.3 = row.3.map(|number| number + 1_000));
    assert_eq!(read(&tx, &rows).await, rows);

    // A list with one that is not there, of a size that is no power of two.
    let gone: Vec<Value> = rows.drain(..5).map(|row| rows::id(row.0)).chain([rows::id(12_345)]).collect();
    assert_eq!(rows::delete(&tx, "odd", &["id"], gone).await.unwrap(), 5);
    assert_eq!(read(&tx, &odd()).await, rows);
    tx.rollback().await.unwrap();
}

#[tokio::test]
async fn many_rows_come_back_on_sqlite() {
    come_back(Kind::Sqlite, ["BLOB", "BLOB"]).await;
}

#[tokio::test]
async fn many_rows_come_back_on_postgres() {
    come_back(Kind::Postgres, ["UUID", "BYTEA"]).await;
}
