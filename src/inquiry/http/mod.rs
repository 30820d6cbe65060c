//! Routes of inquiries, their files, blocks, saved texts and the response clock.

mod companies;
mod files;
mod messages;
mod settle;
mod templates;
mod threads;

use super::read::{self, Listed};
use super::view::Eyes;
use crate::platform::access::{Relation, Scope};
use crate::platform::engine::{MarketState, Request};
use crate::platform::idempotency::{self, Idempotency};
use crate::platform::log::permit_outside;
use crate::platform::problem::{Failure, Refusal};
use crate::platform::security;
use crate::platform::session::Signed;
use crate::platform::web::{AppState, answer, id};
use actix_web::{HttpRequest, HttpResponse};
use entrepot_domain::inquiry::{InquiryCommand, Words, masks_contacts, warns_of_payments};
use entrepot_domain::kernel::CompanyId;
use std::collections::HashSet;
use utoipa_actix_web::service_config::ServiceConfig;

/// Registers the routes.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(threads::list_inquiries)
        .service(threads::unread_inquiries)
        .service(threads::open_inquiry)
        .service(threads::show_inquiry)
        .service(threads::close_inquiry)
        .service(threads::reopen_inquiry)
        .service(threads::report_inquiry)
        .service(settle::settle_inquiry)
        .service(threads::read_inquiry)
        .service(messages::list_inquiry_messages)
        .service(messages::write_inquiry_message)
        .service(files::upload_inquiry_file)
        .service(files::download_inquiry_file)
        .service(companies::block_company)
        .service(companies::unblock_company)
        .service(companies::list_blocks)
        .service(companies::response_clock)
        .service(templates::list_templates)
        .service(templates::add_template)
        .service(templates::change_template)
        .service(templates::delete_template);
}

/// Judges a step of the own company before its body is read, so that who may not act learns that first.
async fn judge(state: &AppState, signed: &Signed, step: &str, subject: u128) -> Result<u128, Failure> {
    let actor = &signed.0;
    let relation = if actor.company.is_some() { Relation::Party } else { Relation::Market };
    let market = state.engine.market(actor.market).await?;
    permit_outside(&state.engine, actor, step, relation, subject, |c| market.capabilities.has(c)).await?;
    Ok(actor.company.ok_or_else(Refusal::forbidden)?)
}

/// The key a request may be repeated under, if it names one; without it each sending is its own.
fn key(request: &HttpRequest, body: &[u8]) -> Result<Option<Idempotency>, Refusal> {
    let named = request.headers().contains_key("Idempotency-Key");
    named.then(|| idempotency::from_request(request, body)).transpose()
}

/// Takes a step of a thread that the caller sees.
async fn take(
    state: &AppState,
    signed: &Signed,
    (inquiry, thread): (u128, &Listed),
    key: Option<Idempotency>,
    command: InquiryCommand,
) -> Result<HttpResponse, Failure> {
    let parties = Some([thread.thread.buyer.0, thread.thread.seller.0]);
    let message = state.engine.ids().next();
    let take = super::Take { inquiry, parties, message, sells: true, insider: false, command };
    Ok(answer(&state.engine.execute(Request::new(signed.0.clone(), take).idempotent(key)).await?))
}

/// What a message says, with its files held against those the own company uploaded.
async fn words(state: &AppState, scope: &Scope, text: &str, file_ids: &[String]) -> Result<Words, Failure> {
    let files = read::files::FILES.own(state.engine.db(), scope, file_ids).await?;
    Ok(Words { text: clean(text), files })
}

/// A text without the one character that no database keeps.
fn clean(text: &str) -> String {
    text.replace('\0', "")
}

/// With whose eyes threads are read: `partners` holds the companies that share an agreed order with the reader's.
struct Reader {
    market: std::sync::Arc<MarketState>,
    partners: HashSet<u128>,
    company: Option<u128>,
}

impl Reader {
    async fn of(state: &AppState, scope: &Scope) -> Result<Self, Failure> {
        let market = state.engine.market(scope.market()).await?;
        let company = scope.actor().company.filter(|_| !scope.actor().oversees());
        let partners = match company.filter(|_| masks_contacts(market.capabilities)) {
            Some(company) => crate::trade::partners(state.engine.db(), scope.market(), company).await?,
            None => HashSet::new(),
        };
        Ok(Self { market, partners, company })
    }

    fn eyes(&self, listed: &Listed) -> Eyes {
        let thread = &listed.thread;
        let side = self.company.and_then(|company| thread.side_of(CompanyId(company)));
        let known = [thread.buyer.0, thread.seller.0].iter().any(|company| self.partners.contains(company));
        Eyes {
            side,
            hidden: side.is_some() && masks_contacts(self.market.capabilities) && !known,
            warned: warns_of_payments(self.market.capabilities),
        }
    }
}

/// One thread the scope sees; a moderator's look at a reported one is a security event.
async fn seen(state: &AppState, scope: &Scope, inquiry: &str) -> Result<(u128, Listed, i64), Failure> {
    let inquiry = id(inquiry)?;
    let (listed, version) = read::one(state.engine.db(), scope, inquiry).await?;
    if scope.actor().oversees() {
        security::note(
            security::PRIVILEGED_ACT,
            security::Outcome::Succeeded,
            scope.actor().user,
            "inquiry.read_reported",
        );
    }
    Ok((inquiry, listed, version))
}
