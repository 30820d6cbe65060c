//! Rows without rules, for the market of [`super::play`].

use super::play::{BUYER, Book, SELLER};
use crate::platform::access::{Actor, Relation};
use crate::platform::engine::{AnyState, Command, Context, Decision, Key, Outcome, Saved, Store, View};
use crate::platform::problem::{Fault, Refusal};
use crate::platform::rows;
use entrepot_domain::kernel::{DeadlineChange, Effects, MarketTime};
use entrepot_domain::ledger::Account;
use sea_orm::DatabaseTransaction;
use std::sync::Arc;

/// Writes a row and books what it is told to.
pub struct Play {
    pub key: Key,
    pub row: Row,
    pub book: Book,
    pub deadline: Option<MarketTime>,
}

#[derive(Clone)]
pub enum Row {
    Company,
    Order { number: &'static str, status: &'static str, sums: [i64; 4] },
}

impl Command for Play {
    fn step(&self) -> &'static str {
        "order.play"
    }
    fn subject(&self) -> Key {
        self.key
    }
    fn accounts(&self, _: &View<'_>) -> Vec<Account> {
        let mut fx = Effects::new();
        (self.book)(&mut fx);
        fx.postings.iter().map(|p| p.account).filter(|a| a.kind.is_guarded()).collect()
    }
    fn relation(&self, _: &View<'_>, _: &Actor) -> Relation {
        Relation::None
    }
    fn decide(&self, _: &Context<'_>, _: &View<'_>, out: &mut Outcome) -> Result<Decision, Refusal> {
        let mut fx = Effects::new();
        (self.book)(&mut fx);
        (out.journals, out.postings) = (fx.journals, fx.postings);
        out.deadlines.extend(self.deadline.map(|due| DeadlineChange { step: "order.close", part: 0, due: Some(due) }));
        out.save(self.key, self.row.clone());
        Ok(Decision::Write)
    }
}

pub struct Rows(pub &'static str);

#[async_trait::async_trait]
impl Store for Rows {
    fn kind(&self) -> &'static str {
        self.0
    }
    async fn load(
        &self,
        tx: &DatabaseTransaction,
        market: u128,
        ids: &[u128],
        _: &str,
    ) -> Result<Vec<(u128, i64, AnyState)>, Fault> {
        let table = if self.0 == "order" { "trade_order" } else { "company" };
        let sql = format!("SELECT version FROM {table} WHERE market_id = $1 AND id = $2");
        let mut found: Vec<(u128, i64, AnyState)> = Vec::new();
        for id in ids {
            if let Some(row) = rows::query_one(tx, sql.as_str(), vec![rows::id(market), rows::id(*id)]).await? {
                found.push((*id, row.try_get("", "version")?, Arc::new(Row::Company)));
            }
        }
        Ok(found)
    }
    async fn save(&self, tx: &DatabaseTransaction, saved: &[Saved]) -> Result<u64, Fault> {
        let mut n = 0;
        for s in saved {
            let key = [rows::id(s.market), rows::id(s.id), s.version.into()];
            n += match s.state.downcast_ref::<Row>().unwrap() {
                Row::Company => {
                    let sql = "INSERT INTO company VALUES ($1, $2, $3, $4, 'n', 'CN', 1, 1, '{}')";
                    rows::execute(tx, sql, key.into_iter().chain([s.id.to_string().into()]).collect()).await?
                }
                Row::Order { number, status, sums } => {
                    let sql = "INSERT INTO trade_order VALUES ($1,$2,$3,$4,$5,$6,$5,$7,'p','USD',100000,$8,$9,$10,$11,'t',0,'{}') \
                        ON CONFLICT (market_id, id) DO UPDATE SET version = excluded.version, status = excluded.status, \
                        paid = excluded.paid, held = excluded.held, released = excluded.released, refunded = excluded.refunded";
                    let more = [(*number).into(), rows::id(BUYER), rows::id(SELLER), (*status).into()];
                    let values = key.into_iter().chain(more).chain(sums.iter().map(|s| (*s).into())).collect();
                    rows::execute(tx, sql, values).await?
                }
            };
        }
        Ok(n)
    }
}
