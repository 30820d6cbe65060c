//! Rows without rules, for the market of [`super::play`].

use super::play::{BUYER, Book, SELLER, T0};
use crate::platform::access::{Actor, Relation};
use crate::platform::engine::{AnyState, Command, Context, Decision, Key, Outcome, Saved, Store, View};
use crate::platform::problem::{Fault, Refusal};
use crate::platform::rows;
use crate::trade::example_terms as terms;
use entrepot_domain::kernel::{DeadlineChange, Effects, MarketTime, OrderId};
use entrepot_domain::ledger::Account;
use entrepot_domain::market::RuleParams;
use entrepot_domain::trade::{Order, OrderStatus, Stage, StageKind, StageState, Trigger, deadlines};
use sea_orm::DatabaseTransaction;
use serde_json::json;
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// Writes a row and books what it is told to.
pub struct Play {
    pub key: Key,
    pub row: Row,
    pub book: Book,
}

#[derive(Clone)]
pub enum Row {
    Company,
    Order { number: &'static str, status: OrderStatus, sums: [i64; 4] },
}

/// Those an order of the play goes through.
const STATUSES: &[OrderStatus] =
    &[OrderStatus::Draft, OrderStatus::Agreed, OrderStatus::Active, OrderStatus::Completed];

/// An order as a step leaves it, with one or two things that the clock will do.
fn order(id: u128, number: &str, status: OrderStatus) -> Order {
    let due = |hours: i64| Some(MarketTime(T0 * 2 + hours * 3_600_000_000));
    let stage = |no: i32| Stage {
        no,
        kind: StageKind::Balance,
        trigger: Trigger::Agreed,
        shipment: None,
        amount: 0,
        state: StageState::Due,
        opens_at: None,
        due_at: due(i64::from(no)),
        funded_at: None,
        method: None,
        fee: 0,
        released: 0,
        refunded: 0,
        held: 0,
    };
    Order {
        number: number.into(),
        status,
        discard_at: due(0),
        close_at: due(0),
        stages: vec![stage(1), stage(2)],
        ..Order::new(OrderId(id))
    }
}

/// What the orders of the play were agreed under, and the hash of it.
fn agreement() -> (Vec<u8>, String) {
    let body = json!({ "terms": terms(), "rules": RuleParams::default() }).to_string();
    (Sha256::digest(&body).to_vec(), body)
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
        if let Row::Order { number, status, .. } = self.row {
            let earlier = STATUSES.iter().flat_map(|status| deadlines(&order(self.key.id, number, *status)));
            out.deadlines.extend(earlier.map(|d| DeadlineChange { step: d.step.name(), part: d.part, due: None }));
            let now = deadlines(&order(self.key.id, number, status));
            out.deadlines.extend(now.iter().map(|d| DeadlineChange {
                step: d.step.name(),
                part: d.part,
                due: Some(d.due),
            }));
        }
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
                    let sql = "INSERT INTO company (market_id, id, version, registration_number, name, country, buys, sells, state) \
                               VALUES ($1, $2, $3, $4, 'n', 'CN', 1, 1, '{}')";
                    rows::execute(tx, sql, key.into_iter().chain([s.id.to_string().into()]).collect()).await?
                }
                Row::Order { number, status, sums } => {
                    let (hash, body) = agreement();
                    let sql = "INSERT INTO agreement VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
                    rows::execute(tx, sql, vec![rows::id(s.market), hash.clone().into(), body.into()]).await?;
                    let state = serde_json::to_string(&order(s.id, number, *status)).unwrap();
                    let sql = "INSERT INTO trade_order VALUES ($1,$2,$3,$4,$5,$6,$5,$7,'p','USD',100000,$8,$9,$10,$11,'t',0,$12,$13,1) \
                        ON CONFLICT (market_id, id) DO UPDATE SET version = excluded.version, status = excluded.status, \
                        paid = excluded.paid, held = excluded.held, released = excluded.released, refunded = excluded.refunded, \
                        state = excluded.state";
                    let more = [(*number).into(), rows::id(BUYER), rows::id(SELLER), status.as_str().into()];
                    let values = key.into_iter().chain(more).chain(sums.iter().map(|s| (*s).into()));
                    let values = values.chain([state.into(), hash.into()]).collect();
                    rows::execute(tx, sql, values).await?
                }
            };
        }
        Ok(n)
    }
}
