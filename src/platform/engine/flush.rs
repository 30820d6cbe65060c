//! Writes what a group decided: one statement per table.

use super::command::{Outcome, Receipt, Request};
use super::overlay::{ACCOUNT_KEY, AnyState, Key, Saved, account_key};
use super::registry::Registry;
use crate::platform::database::Database;
use crate::platform::live::Note;
use crate::platform::log::{self, EventRow, EventWords, postings_of};
use crate::platform::problem::Fault;
use crate::platform::rows::{self, Table};
use crate::platform::sabotage::{self, Guard};
use entrepot_domain::ledger::Account;
use sea_orm::{DatabaseTransaction, Value};
use std::collections::BTreeMap;

/// States by market and id.
type Wave = BTreeMap<(u128, u128), Saved>;
/// Market, subject, step and part to the new due time and the subject's kind; `None` takes the deadline out.
type DeadlineChanges = BTreeMap<(u128, u128, &'static str, i32), Option<(i64, &'static str)>>;

#[derive(Default)]
pub(super) struct Batch {
    /// Wave n holds the n-th save of an aggregate within the group, so each keeps its own version check.
    waves: Vec<BTreeMap<&'static str, Wave>>,
    events: Vec<EventRow>,
    journals: Vec<Value>,
    postings: Vec<Value>,
    balances: BTreeMap<(u128, Account), i64>,
    deadlines: DeadlineChanges,
    fired: Vec<Value>,
    replies: Vec<Value>,
}

const JOURNAL: Table =
    Table { name: "journal", columns: &["market_id", "event_id", "no", "rule", "natural_key", "order_id"], key: &[] };
const POSTING: Table = Table {
    name: "posting",
    columns: &["market_id", "event_id", "journal_no", "line_no", "kind", "owner_id", "part", "currency", "amount"],
    key: &[],
};
const ACCOUNT: Table = Table {
    name: "account",
    columns: &["market_id", "owner_id", "kind", "part", "currency", "balance"],
    key: ACCOUNT_KEY,
};
const DEADLINE_KEY: &[&str] = &["market_id", "subject_id", "step", "part"];
const DEADLINE: Table = Table {
    name: "deadline",
    columns: &["market_id", "subject_id", "step", "part", "subject_kind", "due_at"],
    key: DEADLINE_KEY,
};
const REPLY: Table = Table {
    name: "reply",
    columns: &["market_id", "actor_id", "key", "body_hash", "status", "body", "event_id", "created_at"],
    key: &[],
};

impl Batch {
    pub fn is_empty(&self) -> bool {
        self.events.is_empty() && self.fired.is_empty()
    }

    /// Events to write.
    pub fn len(&self) -> usize {
        self.events.len()
    }

    pub fn save(&mut self, market: u128, key: Key, version: i64, state: AnyState) {
        let mut wave = 0;
        loop {
            if self.waves.len() == wave {
                self.waves.push(BTreeMap::new());
            }
            let Some(kinds) = self.waves.get_mut(wave) else { return };
            let rows = kinds.entry(key.kind).or_default();
            if let std::collections::btree_map::Entry::Vacant(free) = rows.entry((market, key.id)) {
                free.insert(Saved { market, id: key.id, version, state });
                return;
            }
            wave += 1;
        }
    }

    pub fn event(&mut self, row: EventRow, words: &EventWords, outcome: Outcome) {
        let market = words.market;
        for (no, head) in outcome.journals.iter().enumerate() {
            let no = i64::try_from(no).unwrap_or(i64::MAX);
            self.journals.extend([
                rows::id(market),
                rows::id(words.event_id),
                no.into(),
                head.rule.code().into(),
                head.natural_text().into(),
                rows::id_opt((head.natural.salt == 0 && head.natural.order != 0).then_some(head.natural.order)),
            ]);
            for (line, posting) in postings_of(head, &outcome.postings).iter().enumerate() {
                let account = &posting.account;
                self.postings.extend([
                    rows::id(market),
                    rows::id(words.event_id),
                    no.into(),
                    i64::try_from(line).unwrap_or(i64::MAX).into(),
                    account.kind.code().into(),
                    rows::id(account.owner),
                    i64::from(account.part).into(),
                    account.currency.code().into(),
                    posting.amount.into(),
                ]);
                *self.balances.entry((market, *account)).or_insert(0) += posting.balance_delta();
            }
        }
        for change in &outcome.deadlines {
            let key = (market, words.subject.id, change.step, change.part);
            self.deadlines.insert(key, change.due.map(|due| (due.0, words.subject.kind)));
        }
        self.events.push(row);
    }

    /// Takes a fired deadline out of the table, unless the step it fired sets it anew.
    pub fn fired(&mut self, market: u128, subject: u128, step: &str, part: i32) {
        self.deadlines.retain(|key, _| !(key.0 == market && key.1 == subject && key.2 == step && key.3 == part));
        self.fired.extend([rows::id(market), rows::id(subject), step.into(), i64::from(part).into()]);
    }

    pub fn reply(&mut self, request: &Request, receipt: &Receipt, at: i64) {
        let Some(key) = request.idempotency.as_ref().filter(|_| !sabotage::skips(Guard::Replies)) else { return };
        self.replies.extend([
            rows::id(request.actor.market),
            rows::id(request.actor.user),
            key.key.clone().into(),
            key.body_hash.to_vec().into(),
            i64::from(receipt.status).into(),
            receipt.body.clone().into(),
            rows::id(receipt.event_id),
            at.into(),
        ]);
    }

    /// Writes everything; returns what was sealed in this transaction.
    pub async fn write(self, db: &Database, registry: &Registry, tx: &DatabaseTransaction) -> Result<Vec<Note>, Fault> {
        for (kind, saved) in self.waves.into_iter().flatten() {
            let store = registry.stores.get(kind).ok_or_else(|| Fault::new(format!("no store for {kind}")))?;
            let rows: Vec<Saved> = saved.into_values().collect();
            let written = store.save(tx, &rows).await?;
            if written != u64::try_from(rows.len()).unwrap_or(u64::MAX) {
                let mut lost = Fault::new(format!("a {kind} changed under the command (CON-1)"));
                lost.retry = true;
                return Err(lost);
            }
        }
        log::insert(tx, &self.events).await?;
        rows::insert(tx, &JOURNAL, self.journals).await?;
        rows::insert(tx, &POSTING, self.postings).await?;
        let guarded_only = !db.single_writer();
        write_balances(tx, self.balances.into_iter().filter(|((_, a), _)| !guarded_only || a.kind.is_guarded()))
            .await?;
        rows::delete(tx, "deadline", DEADLINE_KEY, self.fired).await?;
        write_deadlines(tx, self.deadlines).await?;
        rows::insert(tx, &REPLY, self.replies).await?;
        if db.single_writer() {
            log::seal(tx, &self.events).await
        } else {
            log::queue(tx, &self.events).await.map(|()| Vec::new())
        }
    }
}

/// Adds deltas to balances in one canonical order; a balance below its floor breaks the CHECK and the transaction.
pub(in crate::platform) async fn write_balances(
    tx: &DatabaseTransaction,
    deltas: impl Iterator<Item = ((u128, Account), i64)>,
) -> Result<(), Fault> {
    let (mut missing, mut moved) = (Vec::new(), Vec::new());
    for ((market, account), delta) in deltas.filter(|(_, d)| *d != 0) {
        missing.extend(account_key(market, &account));
        missing.push(0i64.into());
        moved.extend(account_key(market, &account));
        moved.push(delta.into());
    }
    rows::insert_missing(tx, &ACCOUNT, missing).await?;
    rows::add(tx, "account", ACCOUNT_KEY, "balance", moved).await?;
    Ok(())
}

async fn write_deadlines(tx: &DatabaseTransaction, changes: DeadlineChanges) -> Result<(), Fault> {
    let (mut set, mut cleared) = (Vec::new(), Vec::new());
    for ((market, subject, step, part), due) in changes {
        let key: [Value; 4] = [rows::id(market), rows::id(subject), step.into(), i64::from(part).into()];
        match due {
            Some((due_at, kind)) => {
                set.extend(key);
                set.extend([kind.into(), due_at.into()]);
            }
            None => cleared.extend(key),
        }
    }
    rows::delete(tx, "deadline", DEADLINE_KEY, cleared).await?;
    rows::upsert(tx, &DEADLINE, set).await?;
    Ok(())
}
