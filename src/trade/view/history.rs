//! What has happened to an order: one row per accepted command, and every journal with its lines.

use super::{Names, words};
use crate::platform::problem::{Failure, Fault};
use crate::platform::schema::{ActorCard, PostingRule};
use crate::trade::record::Row;
use crate::trade::view::action::JournalLine;
use entrepot_domain::kernel::{Account, AccountKind, Currency, MarketTime, Posting};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};
use utoipa::ToSchema;

/// What a step was about: its parameters, with the milestone a robot carrier filled in.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
pub struct StepSummary {
    /// Stage number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    stage: Option<i32>,
    /// Shipment number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    shipment: Option<i32>,
    /// Milestone reached.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<words::Milestone>)]
    milestone: Option<String>,
    /// The other parameters, as they were sent.
    #[serde(flatten)]
    others: BTreeMap<String, Value>,
}

impl StepSummary {
    /// Reads the sealed bytes of an event; contracts are left to their own page.
    fn of(event: &Value) -> Result<Option<Self>, Fault> {
        let params = event.pointer("/what/command/params").filter(|p| p.get("terms").is_none());
        let mut summary: Self = match params {
            Some(params) => serde_json::from_value(params.clone())?,
            None => return Ok(None),
        };
        if let Some(milestone) = event.pointer("/what/events/0/milestone").and_then(Value::as_str) {
            summary.milestone = Some(milestone.to_owned());
        }
        Ok(Some(summary))
    }
}

/// One accepted command, with its place and hash in the market's log.
#[derive(Debug, Serialize, ToSchema)]
pub struct OrderEvent {
    /// Place in the log; `null` until it is sealed.
    #[schema(required = true)]
    seq: Option<i64>,
    id: String,
    #[schema(value_type = words::StepName)]
    step: String,
    actor: ActorCard,
    /// Market time.
    #[schema(value_type = String, format = DateTime)]
    effective_at: MarketTime,
    /// Real time.
    #[schema(value_type = String, format = DateTime)]
    recorded_at: MarketTime,
    /// `null` for steps that carry a contract.
    #[schema(required = true)]
    summary: Option<StepSummary>,
    /// Chain hash in hexadecimal; `null` until it is sealed.
    #[schema(required = true)]
    hash: Option<String>,
}

impl OrderEvent {
    /// Reads a row of the log.
    pub fn of(row: &Row<'_>, users: &HashMap<u128, String>, companies: &Names) -> Result<Self, Fault> {
        let bytes: Value = row.bytes_opt("bytes")?.map(|b| serde_json::from_slice(&b)).transpose()?.unwrap_or_default();
        let hex = |hash: Vec<u8>| hash.iter().map(|b| format!("{b:02x}")).collect();
        let (step, role) = (row.text("step")?, row.text("actor_role")?);
        let person = row.id_opt("actor_user")?.and_then(|u| users.get(&u).cloned());
        Ok(Self {
            seq: row.number_opt("seq")?,
            id: format!("{:032x}", row.id("id")?),
            actor: ActorCard {
                name: person.or_else(|| crate::audit::robot(&role, &step).map(str::to_owned)),
                company: row.id_opt("actor_company")?.and_then(|c| companies.get(&c).map(|n| n.0.clone())),
                role,
            },
            step,
            effective_at: MarketTime(row.number("effective_at")?),
            recorded_at: MarketTime(row.number("recorded_at")?),
            summary: StepSummary::of(&bytes)?,
            hash: row.bytes_opt("hash")?.map(hex),
        })
    }
}

/// A posted journal.
#[derive(Debug, Serialize, ToSchema)]
pub struct JournalView {
    #[schema(value_type = PostingRule)]
    rule: String,
    /// Market time.
    #[schema(value_type = String, format = DateTime)]
    at: MarketTime,
    event_id: String,
    lines: Vec<JournalLine>,
}

/// Reads a line of the books.
fn posting(row: &Row<'_>) -> Result<Posting, Fault> {
    let (kind, currency) = (row.text("kind")?, row.text("currency")?);
    let unknown = |what: &str| Fault::new(format!("the books name an unknown {what}"));
    Ok(Posting {
        account: Account {
            kind: AccountKind::parse(&kind).ok_or_else(|| unknown("account"))?,
            owner: row.id("owner_id")?,
            part: i32::try_from(row.number("part")?).unwrap_or(0),
            currency: Currency::parse(&currency).ok_or_else(|| unknown("currency"))?,
        },
        amount: row.number("amount")?,
    })
}

impl JournalView {
    /// Gathers lines that come journal by journal.
    pub fn all<'a>(rows: impl Iterator<Item = Row<'a>>) -> Result<Vec<Self>, Failure> {
        let mut journals: Vec<(i64, Self)> = Vec::new();
        for row in rows {
            let (event_id, no) = (format!("{:032x}", row.id("event_id")?), row.number("no")?);
            let line = JournalLine::from(&posting(&row)?);
            match journals.last_mut().filter(|(last, journal)| *last == no && journal.event_id == event_id) {
                Some((_, journal)) => journal.lines.push(line),
                None => {
                    let at = MarketTime(row.number("effective_at")?);
                    journals.push((no, Self { rule: row.text("rule")?, at, event_id, lines: vec![line] }));
                }
            }
        }
        Ok(journals.into_iter().map(|(_, journal)| journal).collect())
    }
}
