//! What follows an award: where the era has contracts, one drafted order per supplier in the buyer's name; in any era that
//! has contact exchange, whom to call on the other side.
//!
//! An order's identifier is computed from request and quote, and drafting an order that exists changes nothing: a repeated
//! award, a second tab or a crash between two orders completes what is missing and never makes a second one.

use super::read;
use super::view::rfq::{ContactView, FollowedOrder};
use crate::identity::read::{owner_of, user_by_id};
use crate::platform::access::{Actor, Scope};
use crate::platform::engine::{MarketState, Request};
use crate::platform::problem::{Failure, Fault};
use crate::platform::web::AppState;
use crate::trade::{Take, load_order, number_of};
use entrepot_domain::kernel::{CompanyId, Day, OrderId, Zone};
use entrepot_domain::market::Capability;
use entrepot_domain::sourcing::{Award, Quote, Rfq};
use entrepot_domain::trade::{AwardPeople, Contact, OrderTerms, TradeCommand, terms_of_award};
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// What an award led to.
#[derive(Debug, Clone, Default)]
pub struct Followed {
    /// The order, as far as the reader may see it.
    pub order: Option<FollowedOrder>,
    /// Code of the rule that refused to draft it.
    pub refused: Option<String>,
    /// Contact of the other side.
    pub contact: Option<ContactView>,
}

/// The identifier of the order that an award becomes.
pub fn order_id(rfq: &Rfq, award: &Award) -> u128 {
    let hash = Sha256::new()
        .chain_update(b"entrepot.award.v1")
        .chain_update(rfq.id.0.to_be_bytes())
        .chain_update(award.quote.0.to_be_bytes())
        .finalize();
    hash.iter().take(16).fold(0, |id, byte| (id << 8) | u128::from(*byte))
}

/// The owner of a company, as a contact.
async fn contact(state: &AppState, market: u128, company: CompanyId) -> Result<Option<ContactView>, Fault> {
    let db = state.engine.db();
    let Some((user, name)) = owner_of(db, market, company.0).await? else { return Ok(None) };
    Ok(user_by_id(db, user).await?.map(|user| ContactView { name, email: user.email }))
}

/// What followed an award, for a reader who may see the award.
pub async fn followed(
    state: &AppState,
    actor: &Actor,
    market: &MarketState,
    rfq: &Rfq,
    award: &Award,
) -> Result<Followed, Failure> {
    let mut followed = Followed::default();
    let other = if actor.company == Some(rfq.buyer.0) { award.supplier } else { rfq.buyer };
    if market.capabilities.has(Capability::ContactExchange) {
        followed.contact = contact(state, actor.market, other).await?;
    }
    let id = order_id(rfq, award);
    match load_order(state.engine.db(), &Scope::of(actor), id).await {
        Ok(_) => followed.order = Some(card(id)),
        Err(Failure::Refused(refusal)) if refusal.status == 404 => {}
        Err(failure) => return Err(failure),
    }
    Ok(followed)
}

fn card(id: u128) -> FollowedOrder {
    FollowedOrder { id: format!("{id:032x}"), number: number_of(id) }
}

/// Drafts the orders of an award that are not there yet, in the buyer's name; answers what followed each part.
pub async fn complete(
    state: &AppState,
    actor: &Actor,
    market: &MarketState,
    rfq: &Rfq,
) -> Result<Vec<Followed>, Failure> {
    let quotes = read::quotes_on(state.engine.db(), &Scope::of(actor), rfq.id.0).await?;
    let mut all = Vec::with_capacity(rfq.awards.len());
    for award in &rfq.awards {
        let mut part = followed(state, actor, market, rfq, award).await?;
        let quote = quotes.iter().map(|(quote, _)| quote).find(|quote| quote.id == award.quote);
        if let Some(quote) = quote
            && part.order.is_none()
            && market.capabilities.has(Capability::Contract)
        {
            match draft(state, actor, market, rfq, award, quote).await {
                Ok(()) => part.order = Some(card(order_id(rfq, award))),
                Err(Failure::Refused(refusal)) => part.refused = Some(refusal.code),
                Err(failure) => return Err(failure),
            }
        }
        all.push(part);
    }
    Ok(all)
}

async fn draft(
    state: &AppState,
    actor: &Actor,
    market: &MarketState,
    rfq: &Rfq,
    award: &Award,
    quote: &Quote,
) -> Result<(), Failure> {
    let zone = Zone::parse(&market.time_zone).map_err(|e| Fault::new(e.to_string()))?;
    let today = zone.day_of(market.now(state.engine.clock().now()));
    let people = AwardPeople {
        consignee: company_name(state, actor.market, rfq.buyer).await?,
        buyer: as_contact(contact(state, actor.market, rfq.buyer).await?),
        supplier: as_contact(contact(state, actor.market, award.supplier).await?),
    };
    let terms = terms(rfq, award, quote, people, today)?;
    let order = order_id(rfq, award);
    let command = TradeCommand::Draft { id: OrderId(order), number: number_of(order).into(), terms: Arc::new(terms) };
    state.engine.execute(Request::new(actor.clone(), Take { order, command })).await.map(|_| ())
}

/// The terms an award comes to, on the market's day `today`.
pub fn terms(rfq: &Rfq, award: &Award, quote: &Quote, people: AwardPeople, today: Day) -> Result<OrderTerms, Fault> {
    let version = quote.versions.iter().find(|version| version.no == award.version);
    let version = version.ok_or_else(|| Fault::new("an award of a version that is not there"))?;
    Ok(terms_of_award(rfq, award, &version.terms, people, today))
}

/// Who stands behind an award on paper; whom to write to only where the era exchanges contacts.
pub async fn people(
    state: &AppState,
    market: &MarketState,
    id: u128,
    rfq: &Rfq,
    award: &Award,
) -> Result<AwardPeople, Fault> {
    let consignee = company_name(state, id, rfq.buyer).await?;
    if !market.capabilities.has(Capability::ContactExchange) {
        return Ok(AwardPeople { consignee, ..AwardPeople::default() });
    }
    Ok(AwardPeople {
        consignee,
        buyer: as_contact(contact(state, id, rfq.buyer).await?),
        supplier: as_contact(contact(state, id, award.supplier).await?),
    })
}

async fn company_name(state: &AppState, market: u128, company: CompanyId) -> Result<String, Fault> {
    let names = crate::identity::company_names(state.engine.db(), market, &[company.0]).await?;
    Ok(names.get(&company.0).map(|(name, _)| name.clone()).unwrap_or_default())
}

fn as_contact(found: Option<ContactView>) -> Contact {
    found.map_or_else(Contact::default, |c| Contact { name: c.name, email: c.email, phone: String::new() })
}
