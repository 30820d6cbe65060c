//! What the routes of oversight read and write.

use super::label::{label, robot};
use super::read::{Entry, Sums};
use super::verify::Report;
use crate::platform::schema::{AccountCode, ActorCard};
use entrepot_domain::ledger::AccountKind;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::{IntoParams, ToSchema};

/// The account that holds client money.
const CLIENT_BANK: &str = "A.BANK.CLIENT";

/// An account of the trial balance.
#[derive(Serialize, ToSchema)]
pub(super) struct TrialRow {
    /// Account code.
    #[schema(value_type = AccountCode)]
    pub(super) account: String,
    pub(super) label: String,
    /// Minor units, as a decimal string; absent on the credit side.
    #[schema(required = true)]
    pub(super) debit: Option<String>,
    /// Minor units, as a decimal string; absent on the debit side.
    #[schema(required = true)]
    pub(super) credit: Option<String>,
}

/// The trial balance in one currency.
#[derive(Serialize, ToSchema)]
pub(super) struct TrialCurrency {
    pub(super) currency: String,
    pub(super) rows: Vec<TrialRow>,
    pub(super) total_debit: String,
    pub(super) total_credit: String,
}

/// All accounts by code; debits equal credits in each currency.
#[derive(Serialize, ToSchema)]
pub(super) struct TrialBalance {
    pub(super) currencies: Vec<TrialCurrency>,
}

/// Sums by currency; accounts follow in the order of their codes.
pub(super) fn by_currency(sums: &Sums) -> BTreeMap<&str, Vec<(&str, i128)>> {
    let mut found: BTreeMap<&str, Vec<(&str, i128)>> = BTreeMap::new();
    for ((currency, account), sum) in sums {
        found.entry(currency).or_default().push((account, *sum));
    }
    found
}

pub(super) fn trial(currency: &str, sums: &[(&str, i128)]) -> TrialCurrency {
    let (mut rows, mut total_debit, mut total_credit) = (Vec::with_capacity(sums.len()), 0_i128, 0_i128);
    for (account, sum) in sums {
        let kind = AccountKind::parse(account);
        let debit = if kind.is_some_and(AccountKind::is_debit_normal) { *sum } else { -sum };
        let amount = debit.abs().to_string();
        let (left, right) = if debit >= 0 { (Some(amount), None) } else { (None, Some(amount)) };
        total_debit += debit.max(0);
        total_credit += (-debit).max(0);
        let label = kind.map_or_else(|| (*account).to_owned(), |k| label(k).to_owned());
        rows.push(TrialRow { account: (*account).to_owned(), label, debit: left, credit: right });
    }
    TrialCurrency {
        currency: currency.to_owned(),
        rows,
        total_debit: total_debit.to_string(),
        total_credit: total_credit.to_string(),
    }
}

/// What is owed to clients on one account.
#[derive(Serialize, ToSchema)]
pub(super) struct Liability {
    /// Account code.
    #[schema(value_type = AccountCode)]
    pub(super) account: String,
    pub(super) label: String,
    /// Minor units, as a decimal string.
    pub(super) amount: String,
}

/// Client money in one currency.
#[derive(Serialize, ToSchema)]
pub(super) struct ClientCurrency {
    pub(super) currency: String,
    /// Client money at the bank, in minor units.
    pub(super) bank: String,
    pub(super) liabilities: Vec<Liability>,
    /// Sum of the liabilities.
    pub(super) total: String,
    /// Bank less liabilities: always 0.
    pub(super) difference: String,
}

/// Client money at the bank against what is owed to clients.
#[derive(Serialize, ToSchema)]
pub(super) struct ClientMoney {
    pub(super) currencies: Vec<ClientCurrency>,
}

pub(super) fn segregation(currency: &str, sums: &[(&str, i128)]) -> ClientCurrency {
    let bank = sums.iter().filter(|(account, _)| *account == CLIENT_BANK).map(|(_, sum)| *sum).sum::<i128>();
    let owed: Vec<(AccountKind, i128)> = sums
        .iter()
        .filter_map(|(account, sum)| AccountKind::parse(account).filter(|k| k.is_client_liability()).map(|k| (k, *sum)))
        .collect();
    let total = owed.iter().map(|(_, sum)| *sum).sum::<i128>();
    let liability = |(kind, sum): (AccountKind, i128)| Liability {
        account: kind.code().to_owned(),
        label: label(kind).to_owned(),
        amount: sum.to_string(),
    };
    ClientCurrency {
        currency: currency.to_owned(),
        bank: bank.to_string(),
        liabilities: owed.into_iter().map(liability).collect(),
        total: total.to_string(),
        difference: (bank - total).to_string(),
    }
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct LogQuery {
    /// `next_cursor` of the page before.
    #[param(value_type = Option<String>)]
    pub(super) cursor: Option<i64>,
    /// Entries per page, at most 100.
    pub(super) limit: Option<u32>,
    /// Only events of this subject.
    pub(super) subject: Option<String>,
    /// Only this step, such as `order.accept`.
    pub(super) step: Option<String>,
}

/// One entry of the market's log.
#[derive(Serialize, ToSchema)]
pub(super) struct LogEntry {
    pub(super) seq: i64,
    pub(super) id: String,
    pub(super) step: String,
    pub(super) subject_kind: String,
    pub(super) subject_id: String,
    pub(super) subject_version: i64,
    pub(super) actor: ActorCard,
    /// Market time.
    #[schema(format = DateTime)]
    pub(super) effective_at: String,
    /// Real time.
    #[schema(format = DateTime)]
    pub(super) recorded_at: String,
    /// Chain hash in hexadecimal.
    pub(super) hash: String,
}

impl From<Entry> for LogEntry {
    fn from(entry: Entry) -> Self {
        Self {
            seq: entry.seq,
            id: format!("{:032x}", entry.id),
            actor: ActorCard {
                name: entry.user.or_else(|| robot(&entry.role, &entry.step).map(str::to_owned)),
                company: entry.company,
                role: entry.role,
            },
            step: entry.step,
            subject_kind: entry.subject.0,
            subject_id: format!("{:032x}", entry.subject.1),
            subject_version: entry.subject.2,
            effective_at: entry.effective_at.to_string(),
            recorded_at: entry.recorded_at.to_string(),
            hash: entry.hash,
        }
    }
}

/// What recomputing the books found.
#[derive(Serialize, ToSchema)]
pub(super) struct Proof {
    /// True when nothing was found.
    pub(super) ok: bool,
    #[serde(flatten)]
    pub(super) report: Report,
}
