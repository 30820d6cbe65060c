//! Requests: publish, list, page, and the suppliers that fit.

use super::{cursor, judge, limit, listed, next_cursor, own};
use crate::platform::access::Relation;
use crate::platform::engine::Request;
use crate::platform::idempotency;
use crate::platform::problem::{Failure, Problem, Refusal};
use crate::platform::schema::{FileCard, Page};
use crate::platform::session::Signed;
use crate::platform::web::{AppState, answer, id, parse};
use crate::sourcing::commands::PublishRfq;
use crate::sourcing::draft::DraftRfq;
use crate::sourcing::orders;
use crate::sourcing::read::{self, Filter, Listed, Which};
use crate::sourcing::view::rfq::{AwardView, Beside, MatchView, RfqCard, RfqView};
use crate::sourcing::view::{CompanyRef, RfqReceipt, RfqState, talk};
use actix_web::http::header::ETAG;
use actix_web::web::{Bytes, Data, Path, Query};
use actix_web::{HttpRequest, HttpResponse, get, post};
use entrepot_domain::inquiry::masks_contacts;
use entrepot_domain::kernel::{CompanyId, FieldError};
use entrepot_domain::sourcing::{self, SourcingRejection};
use serde::Deserialize;
use utoipa::IntoParams;

/// Publishes a request for quotation of the seat's company.
#[utoipa::path(params(("Idempotency-Key" = String, Header, description = "1 to 255 characters; the same key and body give the same reply")), request_body = DraftRfq, responses((status = 201, body = RfqReceipt), (status = 403, body = Problem), (status = 422, body = Problem)), tag = "sourcing")]
#[post("/rfqs")]
pub(super) async fn publish_rfq(
    state: Data<AppState>,
    request: HttpRequest,
    signed: Signed,
    body: Bytes,
) -> Result<HttpResponse, Failure> {
    judge(&state, &signed, "rfq.publish", 0, own(&signed)).await?;
    let buyer = signed.0.company.ok_or_else(Refusal::forbidden)?;
    let key = idempotency::from_request(&request, &body)?;
    let draft = parse::<DraftRfq>(&body)?;
    let files = read::files::FILES.own(state.engine.db(), &signed.scope(), &draft.file_ids).await?;
    let terms = draft.terms(files)?;
    known(&state, signed.0.market, &terms.invited).await?;
    let found = listed(&state, &signed, terms.lines.iter().filter_map(|line| line.product)).await?;
    let unknown = terms.lines.iter().position(|line| line.product.is_some_and(|id| !found.contains_key(&id)));
    if let Some(n) = unknown {
        let detail = "there is no such product in this market";
        let error = FieldError::new(format!("/lines/{n}/product_id"), "rfq.unknown_product", detail);
        return Err(Refusal::from(SourcingRejection::RfqInvalid(vec![error])).into());
    }
    let command = PublishRfq { id: state.engine.ids().next(), buyer, terms };
    Ok(answer(&state.engine.execute(Request::new(signed.0, command).idempotent(Some(key))).await?))
}

/// Refuses invited companies that are not in the market.
pub(super) async fn known(state: &AppState, market: u128, invited: &[CompanyId]) -> Result<(), Failure> {
    let ids: Vec<u128> = invited.iter().map(|company| company.0).collect();
    let names = crate::identity::company_names(state.engine.db(), market, &ids).await?;
    let strangers = ids.iter().enumerate().filter(|(_, id)| !names.contains_key(id));
    let error = |n| FieldError::new(format!("/invited/{n}"), "rfq.invited", "there is no such company in this market");
    let errors: Vec<FieldError> = strangers.map(|(n, _)| error(n)).collect();
    if errors.is_empty() { Ok(()) } else { Err(Refusal::from(SourcingRejection::RfqInvalid(errors)).into()) }
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct RfqsQuery {
    /// `mine`, `board` or `inbox` (requests that fit the reader's goods, or name it); the board unless told.
    view: Option<String>,
    #[param(value_type = Option<RfqState>)]
    state: Option<String>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// Rows, 1 to 100.
    limit: Option<u32>,
}

impl RfqsQuery {
    fn filter(self) -> Result<Filter, Refusal> {
        let odd = |at: &str, words: &str| {
            let refusal = Refusal::invalid("A filter of the list is not known.");
            Err(refusal.field(at, "malformed", format!("not one of {words}")))
        };
        let which = match self.view.as_deref() {
            Some("mine") => Which::Mine,
            Some("board") | None => Which::Board,
            Some("inbox") => Which::Inbox,
            Some(_) => return odd("/view", "mine, board, inbox"),
        };
        let states = sourcing::RfqState::ALL.map(sourcing::RfqState::as_str);
        if self.state.as_deref().is_some_and(|state| !states.contains(&state)) {
            return odd("/state", &states.join(", "));
        }
        let after = self.cursor.as_deref().map(cursor).transpose()?;
        Ok(Filter { which, status: self.state, after, limit: limit(self.limit) })
    }
}

/// Requests for quotation, the last published first.
#[utoipa::path(params(RfqsQuery), responses((status = 200, body = Page<RfqCard>), (status = 401, body = Problem), (status = 422, body = Problem)), tag = "sourcing")]
#[get("/rfqs")]
pub(super) async fn list_rfqs(
    state: Data<AppState>,
    signed: Signed,
    query: Query<RfqsQuery>,
) -> Result<HttpResponse, Failure> {
    let filter = query.into_inner().filter()?;
    let found = read::list(state.engine.db(), &signed.scope(), &filter).await?;
    let next_cursor = next_cursor(&found, filter.limit, |l| (l.rfq.published_at.0, l.rfq.id.0));
    Ok(HttpResponse::Ok().json(Page { items: found.iter().map(RfqCard::from).collect(), next_cursor }))
}

/// One request; the buyer sees whom it invited and all awards, a supplier its own award.
#[utoipa::path(responses((status = 200, body = RfqView), (status = 404, body = Problem)), tag = "sourcing")]
#[get("/rfqs/{rfq}")]
pub(super) async fn show_rfq(
    state: Data<AppState>,
    signed: Signed,
    rfq: Path<String>,
) -> Result<HttpResponse, Failure> {
    let (found, version, relation) = read::rfq(state.engine.db(), &signed.scope(), id(&rfq)?).await?;
    let mine = relation == Relation::Party;
    let beside = beside(&state, &signed, &found, relation).await?;
    let view = RfqView::of(&found, version, mine, beside);
    Ok(HttpResponse::Ok().insert_header((ETAG, format!("\"{version}\""))).json(view))
}

/// What stands beside the terms, as far as the reader may see it.
async fn beside(state: &AppState, signed: &Signed, found: &Listed, relation: Relation) -> Result<Beside, Failure> {
    let (db, scope, rfq) = (state.engine.db(), signed.scope(), &found.rfq);
    let mine = relation == Relation::Party;
    let specified = read::files::reads_specification(db, &scope, relation).await?;
    let named_files = if specified { rfq.terms.files.as_slice() } else { &[] };
    let cards = read::files::FILES.cards(db, scope.market(), named_files).await?;
    let talk = read::talk(db, scope.market(), rfq.id.0).await?;
    let askers = if mine { talk::askers(&talk) } else { Vec::new() };
    let names = crate::identity::company_names(db, scope.market(), &askers).await?;
    let market = state.engine.market(scope.market()).await?;
    let reader = talk::Reader {
        company: signed.0.company.map(CompanyId),
        buyer: mine,
        hidden: relation != Relation::Overseer && masks_contacts(market.capabilities),
    };
    Ok(Beside {
        invited_suppliers: if mine { named(state, scope.market(), &rfq.terms.invited).await? } else { Vec::new() },
        awards: awards_for(state, signed, found, mine).await?,
        files: named_files.iter().filter_map(|file| cards.get(&file.0)).map(FileCard::from).collect(),
        clarifications: talk::seen(&talk, reader, &names),
    })
}

async fn named(state: &AppState, market: u128, companies: &[CompanyId]) -> Result<Vec<CompanyRef>, Failure> {
    let ids: Vec<u128> = companies.iter().map(|company| company.0).collect();
    let names = crate::identity::company_names(state.engine.db(), market, &ids).await?;
    let one = |id: &u128| CompanyRef::named(*id, names.get(id).cloned().unwrap_or_default());
    Ok(ids.iter().map(one).collect())
}

/// The parts of the award the reader may see, with what followed.
async fn awards_for(state: &AppState, signed: &Signed, found: &Listed, mine: bool) -> Result<Vec<AwardView>, Failure> {
    let rfq = &found.rfq;
    let seen = rfq.awards.iter().filter(|award| mine || Some(award.supplier.0) == signed.0.company);
    let market = state.engine.market(signed.0.market).await?;
    let mut views = Vec::new();
    for award in seen {
        let followed = orders::followed(state, &signed.0, &market, rfq, award).await?;
        let names = crate::identity::company_names(state.engine.db(), signed.0.market, &[award.supplier.0]).await?;
        let supplier = names.get(&award.supplier.0).cloned().unwrap_or_default();
        views.push(AwardView::of(award, rfq, supplier, &followed));
    }
    Ok(views)
}

/// The suppliers whose goods fit, the best first, with reasons; for the buyer and those who oversee the market.
#[utoipa::path(responses((status = 200, body = Page<MatchView>), (status = 403, body = Problem), (status = 404, body = Problem)), tag = "sourcing")]
#[get("/rfqs/{rfq}/matches")]
pub(super) async fn list_matches(
    state: Data<AppState>,
    signed: Signed,
    rfq: Path<String>,
) -> Result<HttpResponse, Failure> {
    let (found, _, relation) = read::rfq(state.engine.db(), &signed.scope(), id(&rfq)?).await?;
    judge(&state, &signed, "rfq.matches", found.rfq.id.0, relation).await?;
    let matched = read::matches(state.engine.db(), &signed.scope(), found.rfq.id.0).await?;
    let items: Vec<MatchView> = matched.into_iter().map(|m| MatchView::of(m, &found.rfq)).collect();
    Ok(HttpResponse::Ok().json(Page::whole(items)))
}
