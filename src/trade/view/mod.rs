//! What the API shows of orders: cards of the list here, the page of one order, its steps and its history beside it.
//!
//! Terms, offers and proposals are the domain's own JSON; `terms` and `steps` describe that JSON, and tests keep the
//! descriptions and the domain equal. Everything else is built here from the aggregate.

pub mod action;
pub mod history;
pub mod order;
pub mod steps;
pub mod terms;
pub mod versions;
pub mod words;

pub use terms::AqlView;
#[cfg(test)]
pub(crate) use terms::tests::terms as example_terms;

use super::record::Row;
use crate::platform::problem::Fault;
use crate::platform::schema::{self, MoneyView};
use entrepot_domain::kernel::{ActorKind, MarketTime};
use entrepot_domain::trade::{Order, Step};
use serde::Serialize;
use std::collections::HashMap;
use utoipa::ToSchema;

/// Names by company.
pub type Names = HashMap<u128, (String, String)>;

/// A company in few words.
#[derive(Debug, Serialize, ToSchema)]
pub struct CompanyCard {
    id: String,
    name: String,
    /// Two capital letters.
    country: String,
}

impl CompanyCard {
    /// The card of a company with its name and country.
    pub fn named(id: u128, (name, country): (String, String)) -> Self {
        Self { id: format!("{id:032x}"), name, country }
    }
}

/// A step the clock takes unless somebody acts before.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Deadline)]
pub struct DeadlineView {
    #[schema(value_type = words::StepName)]
    step: String,
    /// Stage or shipment number; 0 for the order as a whole.
    part: i64,
    /// Market time.
    #[schema(value_type = String, format = DateTime)]
    due: MarketTime,
    /// Whose silence lets it strike; `either` where a list does not tell whose answer an offer waits for.
    #[schema(value_type = schema::ActorKind)]
    owner: &'static str,
}

impl DeadlineView {
    /// The view of a deadline's row.
    pub fn of(step: &str, part: i64, due: i64) -> Self {
        Self { step: step.to_owned(), part, due: MarketTime(due), owner: owner_of(step) }
    }

    /// The same for one order, which knows whose answer its offer and its proposal wait for.
    pub fn of_order(order: &Order, step: &str, part: i64, due: i64) -> Self {
        let waits_for = match Step::parse(step) {
            Some(Step::ExpireOffer) => order.offer.map(|offer| offer.by.other()),
            Some(Step::LapseProposal) => order.proposal.as_ref().map(|proposal| proposal.by.other()),
            Some(_) | None => None,
        };
        let deadline = Self::of(step, part, due);
        Self { owner: waits_for.map_or(deadline.owner, |side| side.as_str()), ..deadline }
    }
}

/// Who has to act before a deadline strikes. A step of the clock protects one side by the other's silence.
fn owner_of(step: &str) -> &'static str {
    match Step::parse(step) {
        Some(Step::ExpireOffer | Step::LapseProposal) => "either",
        Some(Step::Lapse | Step::AutoAccept) => "buyer",
        Some(Step::LateCancel) => "seller",
        Some(Step::Track | Step::Deliver) => "carrier",
        Some(other) => match other.row().actors.first() {
            Some(ActorKind::Buyer) => "buyer",
            Some(ActorKind::Seller) => "seller",
            Some(ActorKind::Carrier) => "carrier",
            Some(ActorKind::Either | ActorKind::System) | None => "system",
        },
        None => "system",
    }
}

/// An order in the list.
#[derive(Debug, Serialize, ToSchema)]
pub struct OrderCard {
    id: String,
    /// Number for people.
    number: String,
    #[schema(value_type = words::OrderStatus)]
    status: String,
    #[schema(value_type = words::Phase)]
    phase: String,
    buyer: CompanyCard,
    seller: CompanyCard,
    /// The first line of goods, with the number of further lines.
    title: String,
    total: MoneyView,
    paid: MoneyView,
    held: MoneyView,
    released: MoneyView,
    refunded: MoneyView,
    /// The deadline that strikes first.
    #[schema(required = true)]
    next_deadline: Option<DeadlineView>,
    #[schema(value_type = String, format = DateTime)]
    updated_at: MarketTime,
}

impl OrderCard {
    /// Reads a row of the list.
    pub fn of(row: &Row<'_>) -> Result<Self, Fault> {
        let currency: String = row.text("currency")?;
        let money = |column: &str| -> Result<MoneyView, Fault> {
            Ok(MoneyView { minor: row.number(column)?.to_string(), currency: currency.clone() })
        };
        let company = |id: u128, name, country| CompanyCard::named(id, (name, country));
        let next_deadline = match row.number_opt("due_at")? {
            Some(due) => Some(DeadlineView::of(&row.text("step")?, row.number("part")?, due)),
            None => None,
        };
        Ok(Self {
            id: format!("{:032x}", row.id("id")?),
            number: row.text("number")?,
            status: row.text("status")?,
            phase: row.text("phase")?,
            buyer: company(row.id("buyer_id")?, row.text("buyer_name")?, row.text("buyer_country")?),
            seller: company(row.id("seller_id")?, row.text("seller_name")?, row.text("seller_country")?),
            title: row.text("title")?,
            total: money("total")?,
            paid: money("paid")?,
            held: money("held")?,
            released: money("released")?,
            refunded: money("refunded")?,
            next_deadline,
            updated_at: MarketTime(row.number("updated_at")?),
        })
    }
}

/// What a step answers.
#[derive(Debug, Serialize, ToSchema)]
pub struct StepReceipt {
    /// The order.
    pub id: String,
    /// Its number for people.
    pub number: String,
    /// Its version after the step.
    pub version: i64,
    #[schema(value_type = words::OrderStatus)]
    pub status: entrepot_domain::trade::OrderStatus,
    #[schema(value_type = words::Phase)]
    pub phase: entrepot_domain::trade::Phase,
    /// The event written; `null` when the step had been taken before.
    #[schema(required = true)]
    pub event_id: Option<String>,
    /// True when the step had been taken before and nothing was written.
    pub already: bool,
}

impl StepReceipt {
    /// The receipt of a step that wrote `event`, or of one that had been taken already.
    pub fn of(order: u128, version: i64, state: &Order, event: Option<u128>) -> Self {
        Self {
            id: format!("{order:032x}"),
            number: state.number.to_string(),
            version,
            status: state.status,
            phase: state.phase(),
            event_id: event.map(|e| format!("{e:032x}")),
            already: event.is_none(),
        }
    }
}
