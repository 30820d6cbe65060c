//! Steps of a request that exists: extend, invite, close, withdraw, award, and what became of it.

use super::rfqs::known;
use crate::platform::engine::{Receipt, Request};
use crate::platform::idempotency;
use crate::platform::problem::{Failure, Problem, Refusal};
use crate::platform::session::Signed;
use crate::platform::web::{AppState, answer, id, parse};
use crate::sourcing::commands::TakeRfq;
use crate::sourcing::draft::AwardDraft;
use crate::sourcing::orders;
use crate::sourcing::read;
use crate::sourcing::view::RfqReceipt;
use crate::sourcing::view::rfq::{AwardReceipt, AwardView};
use actix_web::web::{Bytes, Data, Path};
use actix_web::{HttpRequest, HttpResponse, post};
use entrepot_domain::kernel::{CompanyId, Day, QuoteId, Side};
use entrepot_domain::sourcing::RfqCommand;
use serde::Deserialize;
use utoipa::ToSchema;

/// How often a step that somebody outran is tried.
const TRIES: usize = 3;

async fn take(state: &AppState, signed: &Signed, rfq: u128, command: RfqCommand) -> Result<Receipt, Failure> {
    state.engine.execute(Request::new(signed.0.clone(), TakeRfq::of(rfq, command))).await
}

/// A later last day.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RfqExtension {
    /// The new last day for quotes, `YYYY-MM-DD`.
    deadline: String,
}

/// Takes quotes longer.
#[utoipa::path(request_body = RfqExtension, responses((status = 200, body = RfqReceipt), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)), tag = "sourcing")]
#[post("/rfqs/{rfq}/extend")]
pub(super) async fn extend_rfq(
    state: Data<AppState>,
    signed: Signed,
    rfq: Path<String>,
    body: Bytes,
) -> Result<HttpResponse, Failure> {
    let (rfq, body) = (id(&rfq)?, parse::<RfqExtension>(&body)?);
    let deadline: Day = body.deadline.parse().map_err(|_| {
        let refusal = Refusal::invalid("The day cannot be read.");
        refusal.field("/deadline", "sourcing.day", "a day is written YYYY-MM-DD")
    })?;
    Ok(answer(&take(&state, &signed, rfq, RfqCommand::Extend { deadline }).await?))
}

/// Further suppliers to ask.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RfqInvitation {
    /// Identifiers of companies.
    invited: Vec<String>,
}

/// Asks further suppliers by name.
#[utoipa::path(request_body = RfqInvitation, responses((status = 200, body = RfqReceipt), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)), tag = "sourcing")]
#[post("/rfqs/{rfq}/invite")]
pub(super) async fn invite_suppliers(
    state: Data<AppState>,
    signed: Signed,
    rfq: Path<String>,
    body: Bytes,
) -> Result<HttpResponse, Failure> {
    let (rfq, body) = (id(&rfq)?, parse::<RfqInvitation>(&body)?);
    let mut suppliers = Vec::with_capacity(body.invited.len());
    for (n, company) in body.invited.iter().enumerate() {
        let read = id(company).map_err(|_| {
            let refusal = Refusal::invalid("A company cannot be read.");
            refusal.field(format!("/invited/{n}"), "sourcing.id", "an identifier has 32 hexadecimal digits")
        });
        suppliers.push(CompanyId(read?));
    }
    read::rfq(state.engine.db(), &signed.scope(), rfq).await?;
    known(&state, signed.0.market, &suppliers).await?;
    Ok(answer(&take(&state, &signed, rfq, RfqCommand::Invite { suppliers }).await?))
}

/// Takes no more quotes; the buyer decides in its own time, 90 days at most.
#[utoipa::path(responses((status = 200, body = RfqReceipt), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)), tag = "sourcing")]
#[post("/rfqs/{rfq}/close")]
pub(super) async fn close_rfq(
    state: Data<AppState>,
    signed: Signed,
    rfq: Path<String>,
) -> Result<HttpResponse, Failure> {
    Ok(answer(&take(&state, &signed, id(&rfq)?, RfqCommand::Close).await?))
}

/// Takes the request back before any award; each quote on it gives its supplier a right to quote back.
#[utoipa::path(responses((status = 200, body = RfqReceipt), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)), tag = "sourcing")]
#[post("/rfqs/{rfq}/withdraw")]
pub(super) async fn withdraw_rfq(
    state: Data<AppState>,
    signed: Signed,
    rfq: Path<String>,
) -> Result<HttpResponse, Failure> {
    let rfq = id(&rfq)?;
    let mut tries = TRIES;
    loop {
        tries -= 1;
        let suppliers = read::seated(state.engine.db(), signed.0.market, rfq).await?;
        let command = TakeRfq { rfq, command: RfqCommand::Withdraw, suppliers };
        match state.engine.execute(Request::new(signed.0.clone(), command)).await {
            Err(Failure::Refused(refusal)) if refusal.code == "sourcing.seats_moved" && tries > 0 => {}
            taken => return Ok(answer(&taken?)),
        }
    }
}

/// Accepts the newest versions of one or several quotes, line by line, in one action. Where the era has contracts, one order
/// per supplier is drafted; the same award again completes what is missing and makes nothing twice.
#[utoipa::path(params(("Idempotency-Key" = String, Header, description = "1 to 255 characters; the same key and body give the same reply")), request_body = AwardDraft, responses((status = 200, body = AwardReceipt), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)), tag = "sourcing")]
#[post("/rfqs/{rfq}/award")]
pub(super) async fn award_rfq(
    state: Data<AppState>,
    request: HttpRequest,
    signed: Signed,
    rfq: Path<String>,
    body: Bytes,
) -> Result<HttpResponse, Failure> {
    let rfq = id(&rfq)?;
    let key = idempotency::from_request(&request, &body)?;
    let choices = parse::<AwardDraft>(&body)?.choices()?;
    // A quote's supplier never changes, so what is read here cannot be outrun.
    let quotes = read::quotes_on(state.engine.db(), &signed.scope(), rfq).await?;
    let chosen = quotes.iter().filter(|(quote, _)| choices.iter().any(|choice| choice.quote == quote.id));
    let suppliers = chosen.map(|(quote, _)| quote.supplier.0).collect();
    let command = TakeRfq { rfq, command: RfqCommand::Award { choices }, suppliers };
    let receipt = state.engine.execute(Request::new(signed.0.clone(), command).idempotent(Some(key))).await?;
    let told = award_receipt(&state, &signed, rfq, &receipt).await?;
    Ok(HttpResponse::Ok().json(told))
}

/// Drafts the orders that are missing, then says what stands.
async fn award_receipt(
    state: &AppState,
    signed: &Signed,
    rfq: u128,
    receipt: &Receipt,
) -> Result<AwardReceipt, Failure> {
    let (found, version, _) = read::rfq(state.engine.db(), &signed.scope(), rfq).await?;
    let market = state.engine.market(signed.0.market).await?;
    let followed = orders::complete(state, &signed.0, &market, &found.rfq).await?;
    let suppliers: Vec<u128> = found.rfq.awards.iter().map(|award| award.supplier.0).collect();
    let names = crate::identity::company_names(state.engine.db(), signed.0.market, &suppliers).await?;
    let views = found.rfq.awards.iter().zip(&followed).map(|(award, followed)| {
        AwardView::of(award, &found.rfq, names.get(&award.supplier.0).cloned().unwrap_or_default(), followed)
    });
    let already = receipt.json()?["already"] == true;
    Ok(AwardReceipt {
        id: format!("{rfq:032x}"),
        version,
        state: found.rfq.state.as_str(),
        already,
        awards: views.collect(),
    })
}

/// What became of an award outside the platform.
#[derive(Deserialize, ToSchema)]
#[schema(as = RfqOutcomeDraft)]
#[serde(deny_unknown_fields)]
pub(super) struct OutcomeBody {
    /// The awarded quote.
    quote_id: String,
    /// Whether a deal was made.
    dealt: bool,
    /// In own words.
    #[serde(default)]
    note: String,
}

/// Says what became of an award outside the platform; either side says it once and may correct itself.
#[utoipa::path(request_body = OutcomeBody, responses((status = 200, body = RfqReceipt), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)), tag = "sourcing")]
#[post("/rfqs/{rfq}/outcome")]
pub(super) async fn tell_outcome(
    state: Data<AppState>,
    signed: Signed,
    rfq: Path<String>,
    body: Bytes,
) -> Result<HttpResponse, Failure> {
    let (rfq, body) = (id(&rfq)?, parse::<OutcomeBody>(&body)?);
    let (found, _, _) = read::rfq(state.engine.db(), &signed.scope(), rfq).await?;
    let quote = QuoteId(id(&body.quote_id).map_err(|_| {
        let refusal = Refusal::invalid("The quote cannot be read.");
        refusal.field("/quote_id", "sourcing.id", "an identifier has 32 hexadecimal digits")
    })?);
    let company = signed.0.company.map(CompanyId);
    let buys = company == Some(found.rfq.buyer);
    // A supplier speaks of its own award only; of another's it learns nothing, not even that it is there.
    let foreign = found.rfq.award_of(quote).is_some_and(|award| Some(award.supplier) != company);
    let quote = if foreign && !buys { QuoteId(0) } else { quote };
    let by = if buys { Side::Buyer } else { Side::Seller };
    let command = RfqCommand::Outcome { quote, by, dealt: body.dealt, note: body.note };
    Ok(answer(&take(&state, &signed, rfq, command).await?))
}
