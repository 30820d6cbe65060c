//! What may be done with an order, and the journals a step would post or has posted.

use super::words;
use crate::platform::log::postings_of;
use crate::platform::problem::Refusal;
use crate::platform::schema::{self, AccountCode, MoneyView, PostingRule};
use entrepot_domain::kernel::{AccountKind, ActorKind, JournalHead, MarketTime, Posting};
use entrepot_domain::trade::StepRow;
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// One line of a journal: debit or credit.
#[derive(Debug, Serialize, ToSchema)]
pub struct JournalLine {
    #[schema(value_type = AccountCode)]
    account: String,
    /// For an escrow account the stage, else 0.
    part: i32,
    /// The account in English; an escrow account is told apart by its stage.
    label: String,
    #[schema(required = true)]
    debit: Option<MoneyView>,
    #[schema(required = true)]
    credit: Option<MoneyView>,
}

/// An account's name for people; an escrow account is told apart by its stage.
fn label(kind: AccountKind, part: i32) -> String {
    let name = crate::audit::label(kind);
    if kind == AccountKind::Escrow { format!("{name}, stage {part}") } else { name.to_owned() }
}

impl From<&Posting> for JournalLine {
    fn from(posting: &Posting) -> Self {
        let account = posting.account;
        let amount = MoneyView::of(posting.amount.saturating_abs(), account.currency);
        let (debit, credit) = if posting.amount > 0 { (Some(amount), None) } else { (None, Some(amount)) };
        Self {
            account: account.kind.code().to_owned(),
            part: account.part,
            label: label(account.kind, account.part),
            debit,
            credit,
        }
    }
}

/// A journal that a step would post.
#[derive(Debug, Serialize, ToSchema)]
pub struct JournalPreview {
    #[schema(value_type = PostingRule)]
    rule: &'static str,
    lines: Vec<JournalLine>,
}

impl JournalPreview {
    /// The journals of a decision.
    pub fn all(heads: &[JournalHead], postings: &[Posting]) -> Vec<Self> {
        let preview = |head: &JournalHead| Self {
            rule: head.rule.code(),
            lines: postings_of(head, postings).iter().map(JournalLine::from).collect(),
        };
        heads.iter().map(preview).collect()
    }
}

/// Why a step is refused now.
#[derive(Debug, Serialize, ToSchema)]
pub struct StepRefusal {
    /// Stable code.
    code: String,
    /// English sentence.
    detail: String,
    /// Values for the translated sentence.
    params: BTreeMap<String, String>,
}

impl From<Refusal> for StepRefusal {
    fn from(refusal: Refusal) -> Self {
        Self { code: refusal.code, detail: refusal.detail, params: refusal.params.into_iter().collect() }
    }
}

/// The row of the process table behind a step.
#[derive(Debug, Serialize, ToSchema)]
pub struct StepRule {
    /// The guard in words.
    text: &'static str,
    /// The deadline in words; empty when there is none.
    deadline: &'static str,
    /// Who may take the step.
    #[schema(value_type = Vec<schema::ActorKind>)]
    who: &'static [ActorKind],
    /// Section of the trade rules.
    spec: &'static str,
}

/// A step on one part of the order, allowed or refused.
#[derive(Debug, Serialize, ToSchema)]
pub struct ActionView {
    #[schema(value_type = words::StepName)]
    step: &'static str,
    /// Stage or shipment number; `null` for the order as a whole.
    #[schema(required = true)]
    part: Option<i32>,
    allowed: bool,
    #[schema(required = true)]
    refusal: Option<StepRefusal>,
    rule: StepRule,
    /// Names of the step's parameters.
    #[schema(value_type = Vec<String>)]
    params: &'static [&'static str],
    /// What the step would post with its usual parameters; empty when it is refused.
    journal: Vec<JournalPreview>,
    /// Until when it can be taken.
    #[schema(value_type = Option<String>, format = DateTime, required = true)]
    deadline: Option<MarketTime>,
}

impl ActionView {
    /// The view of a judged step.
    pub fn of(
        row: &'static StepRow,
        part: Option<i32>,
        refusal: Option<Refusal>,
        journal: Vec<JournalPreview>,
        deadline: Option<MarketTime>,
    ) -> Self {
        Self {
            step: row.name,
            part,
            allowed: refusal.is_none(),
            refusal: refusal.map(StepRefusal::from),
            rule: StepRule { text: row.guard, deadline: row.deadline, who: row.actors, spec: row.source },
            params: row.params,
            journal,
            deadline,
        }
    }
}

/// What may be done with an order, what not and why.
#[derive(Debug, Serialize, ToSchema)]
pub struct OrderActions {
    /// The order's version judged.
    pub version: i64,
    /// Allowed and refused steps in the order of the process table.
    pub actions: Vec<ActionView>,
}

/// What a step with given parameters would post.
#[derive(Debug, Serialize, ToSchema)]
pub struct StepPreview {
    /// The order's version judged.
    pub version: i64,
    /// The journals in the order of posting.
    pub journal: Vec<JournalPreview>,
}
