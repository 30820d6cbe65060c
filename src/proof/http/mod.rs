//! Routes of proofs, their evidence and the trade record.

mod admin;
mod company;
mod files;
mod supplier;

use super::read;
use super::view::{Shown, files_of, users_of};
use crate::platform::access::{Relation, Scope};
use crate::platform::engine::MarketState;
use crate::platform::idempotency::{self, Idempotency};
use crate::platform::log::permit_outside;
use crate::platform::problem::{Failure, Fault, Refusal};
use crate::platform::session::Signed;
use crate::platform::shelf::Card;
use crate::platform::web::AppState;
use actix_web::HttpRequest;
use entrepot_domain::kernel::{MarketTime, Zone};
use entrepot_domain::proof::{Claim, Paper};
use serde::Deserialize;
use std::collections::HashMap;
use std::sync::Arc;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

/// Registers the routes.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(supplier::company_proofs)
        .service(supplier::proofs_report)
        .service(supplier::company_record)
        .service(company::list_proofs)
        .service(company::submit_proof)
        .service(company::show_proof)
        .service(company::answer_proof)
        .service(company::withdraw_proof)
        .service(files::upload_proof_file)
        .service(files::download_proof_file)
        .service(admin::list_waiting_proofs)
        .service(admin::decide_proof);
}

/// Judges a step before its body is read, so that who may not act learns that first.
async fn judge(state: &AppState, signed: &Signed, step: &str) -> Result<(), Failure> {
    let actor = &signed.0;
    let relation = match (actor.oversees(), actor.company) {
        (true, _) => Relation::Overseer,
        (false, Some(_)) => Relation::Party,
        (false, None) => Relation::Market,
    };
    let market = state.engine.market(actor.market).await?;
    permit_outside(&state.engine, actor, step, relation, 0, |c| market.capabilities.has(c)).await
}

/// The key a request may be repeated under, if it names one; without it each sending is its own.
fn key(request: &HttpRequest, body: &[u8]) -> Result<Option<Idempotency>, Refusal> {
    let named = request.headers().contains_key("Idempotency-Key");
    named.then(|| idempotency::from_request(request, body)).transpose()
}

/// The market at the moment of a request.
struct Today {
    market: Arc<MarketState>,
    now: MarketTime,
    zone: Zone,
}

impl Today {
    async fn of(state: &AppState, scope: &Scope) -> Result<Self, Failure> {
        let market = state.engine.market(scope.market()).await?;
        let zone = Zone::parse(&market.time_zone).map_err(|e| Fault::new(e.to_string()))?;
        Ok(Self { now: market.now(state.engine.clock().now()), zone, market })
    }
}

/// What claims are shown with: the names they mention and, where `evidence` is seen, their files.
struct Around {
    names: super::view::Names,
    cards: HashMap<u128, Card>,
}

impl Around {
    async fn of(state: &AppState, scope: &Scope, claims: &[&Claim], evidence: bool) -> Result<Self, Failure> {
        let db = state.engine.db();
        let names = crate::identity::user_names(db, &users_of(claims.iter().copied())).await?;
        let files = if evidence { files_of(claims.iter().copied()) } else { Vec::new() };
        Ok(Self { names, cards: read::files::FILES.cards(db, scope.market(), &files).await? })
    }

    fn shown<'a>(&'a self, today: &'a Today) -> Shown<'a> {
        Shown { now: today.now, zone: &today.zone, names: &self.names, cards: &self.cards }
    }
}

/// What a company claims and shows for it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ProofPaper {
    /// What is claimed, 1 to 300 characters.
    statement: String,
    /// Number of the licence, the account, the certificate.
    #[serde(default)]
    number: String,
    /// Who issued it.
    #[serde(default)]
    issuer: String,
    /// Evidence uploaded before.
    #[serde(default)]
    file_ids: Vec<String>,
}

impl ProofPaper {
    /// The paper, with its files held against those the own company uploaded.
    async fn paper(&self, state: &AppState, scope: &Scope) -> Result<Paper, Failure> {
        let files = read::files::FILES.own(state.engine.db(), scope, &self.file_ids).await?;
        Ok(Paper { statement: clean(&self.statement), number: clean(&self.number), issuer: clean(&self.issuer), files })
    }
}

/// A line without what a screen or a database stumbles over: control characters and marks that turn the direction of writing.
fn clean(text: &str) -> String {
    let turns = |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let kept: String = text.chars().filter(|c| !c.is_control() && !turns(*c)).collect();
    kept.trim().to_owned()
}
