//! The negotiation: every version of the terms, with who made it, who accepted it, and what became of it.

use super::{Names, terms};
use crate::platform::schema::{self, ActorCard, MoneyView, words};
use crate::trade::versions::{Fate, Kind, Told, Version};
use entrepot_domain::kernel::{MarketTime, Side};
use entrepot_domain::trade::{ContractHash, OrderTerms, Plan};
use serde::Serialize;
use std::collections::HashMap;
use std::sync::Arc;
use utoipa::ToSchema;

words! {
    /// How a version of the terms came to be.
    VersionKind = Kind::ALL;
    /// What became of a version of the terms.
    VersionFate = Fate::ALL;
}

/// A version of an order's terms; it never changes, only what became of it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OrderVersion)]
pub struct VersionView {
    /// Number, counted from 1; offers keep their own numbers.
    no: i32,
    #[schema(value_type = VersionKind)]
    kind: Kind,
    #[schema(value_type = VersionFate)]
    fate: Fate,
    /// The side that offered or proposed it.
    #[schema(value_type = schema::Side)]
    by: Side,
    made_by: ActorCard,
    /// Market time.
    #[schema(value_type = String, format = DateTime)]
    made_at: MarketTime,
    /// Until when it could be accepted; `null` for an agreed change.
    #[schema(value_type = Option<String>, format = DateTime, required = true)]
    valid_until: Option<MarketTime>,
    /// Who accepted it.
    #[schema(required = true)]
    agreed_by: Option<ActorCard>,
    /// Market time.
    #[schema(value_type = Option<String>, format = DateTime, required = true)]
    agreed_at: Option<MarketTime>,
    /// SHA-256 of the canonical terms, 64 hexadecimal characters: what both sides accept.
    #[schema(value_type = String)]
    contract_hash: ContractHash,
    total: MoneyView,
    #[schema(value_type = terms::TermsView)]
    terms: Arc<OrderTerms>,
}

/// Who acted, with names.
pub fn card(told: &Told, users: &HashMap<u128, String>, companies: &Names) -> ActorCard {
    let person = told.user.and_then(|user| users.get(&user).cloned());
    ActorCard {
        name: person.or_else(|| crate::audit::robot(&told.role, &told.step).map(str::to_owned)),
        company: told.company.and_then(|company| companies.get(&company).map(|named| named.0.clone())),
        role: told.role.clone(),
    }
}

impl VersionView {
    /// The version with the names of who made and accepted it.
    pub fn of(version: &Version, users: &HashMap<u128, String>, companies: &Names) -> Self {
        let total = Plan::of(&version.terms).map_or(0, |plan| plan.total);
        Self {
            no: version.no,
            kind: version.kind,
            fate: version.fate,
            by: version.by,
            made_by: card(&version.made, users, companies),
            made_at: version.made.at,
            valid_until: version.valid_until,
            agreed_by: version.agreed.as_ref().map(|told| card(told, users, companies)),
            agreed_at: version.agreed.as_ref().map(|told| told.at),
            contract_hash: version.hash,
            total: MoneyView::of(total, version.terms.currency),
            terms: Arc::clone(&version.terms),
        }
    }
}
