//! Proof that the checker can say no: a market played through the door, and everybody who tampers with it.

mod controls;
mod mutations;
pub(crate) mod play;
mod postgres;
mod props;
mod stock;

use super::{Exam, Report, books, chain, orders, records, states, stock as stocks};
use crate::platform::database::Database;
use crate::platform::rows;
use play::{MARKET, Played};
use sea_orm::DatabaseTransaction;

/// Examines what a transaction sees. Some tampering no foreign key would let commit, so it is never committed.
async fn examine(tx: &DatabaseTransaction, single_writer: bool) -> Report {
    let mut report = Report::default();
    let exam = Exam { tx, market: MARKET, single_writer };
    chain::check(&exam, &mut report).await.unwrap();
    books::check(&exam, &mut report).await.unwrap();
    orders::check(&exam, &mut report).await.unwrap();
    records::check(&exam, &mut report).await.unwrap();
    stocks::check(&exam, &mut report).await.unwrap();
    states::check(&exam, &mut report).await.unwrap();
    report
}

/// A transaction without triggers, checks and foreign keys, as somebody with a database shell could have it.
async fn unprotected(played: &Played) -> DatabaseTransaction {
    unguarded(played.engine.db()).await
}

/// The same of any database.
async fn unguarded(db: &Database) -> DatabaseTransaction {
    let tx = db.write_tx().await.unwrap();
    for table in ["event", "sealed", "journal", "posting", "agreement", "stock_move"] {
        for verb in ["update", "delete"] {
            rows::execute(&tx, format!("DROP TRIGGER {table}__no_{verb}"), vec![]).await.unwrap();
        }
    }
    for pragma in ["defer_foreign_keys", "ignore_check_constraints"] {
        rows::execute(&tx, format!("PRAGMA {pragma} = ON"), vec![]).await.unwrap();
    }
    tx
}
