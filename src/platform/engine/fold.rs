//! Folds platform-owned accounts when events are sealed, so that no shared row is touched by every command.

use super::flush::write_balances;
use crate::platform::live::Note;
use crate::platform::problem::Fault;
use crate::platform::rows;
use entrepot_domain::kernel::Currency;
use entrepot_domain::ledger::{Account, AccountKind, Posting};
use sea_orm::DatabaseTransaction;
use std::collections::BTreeMap;

/// Adds the postings of the given events on unguarded accounts to their balances.
pub async fn fold_platform_balances(tx: &DatabaseTransaction, market: u128, notes: &[Note]) -> Result<(), Fault> {
    let keys = notes.iter().flat_map(|n| [rows::id(market), rows::id(n.event_id)]).collect();
    let columns = "kind, owner_id, part, currency, amount";
    let mut deltas: BTreeMap<(u128, Account), i64> = BTreeMap::new();
    for row in rows::select_in(tx, columns, "posting", &["market_id", "event_id"], keys, "").await? {
        let (kind, currency): (String, String) = (row.try_get("", "kind")?, row.try_get("", "currency")?);
        let kind = AccountKind::parse(&kind).ok_or_else(|| Fault::new(format!("unknown account {kind}")))?;
        if kind.is_guarded() {
            continue;
        }
        let part: i64 = row.try_get("", "part")?;
        let account = Account {
            kind,
            owner: rows::get_id(&row, "owner_id")?,
            part: i32::try_from(part).unwrap_or(0),
            currency: Currency::parse(&currency).ok_or_else(|| Fault::new(format!("unknown currency {currency}")))?,
        };
        let posting = Posting { account, amount: row.try_get("", "amount")? };
        *deltas.entry((market, account)).or_insert(0) += posting.balance_delta();
    }
    write_balances(tx, deltas.into_iter()).await
}
