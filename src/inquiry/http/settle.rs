//! Settling what was reported: by an admin or teacher of the market who belongs to neither company.

use super::super::view::{InquiryOutcome, InquiryReceipt};
use super::super::{BlockCompany, Take};
use super::{clean, key, seen};
use crate::platform::access::Actor;
use crate::platform::engine::Request;
use crate::platform::problem::{Failure, Problem};
use crate::platform::schema::Side as SideWord;
use crate::platform::session::Signed;
use crate::platform::web::{AppState, answer, parse};
use actix_web::web::{Bytes, Data, Path};
use actix_web::{HttpRequest, HttpResponse, post};
use entrepot_domain::inquiry::{InquiryCommand, SettleOutcome};
use entrepot_domain::kernel::Side;
use serde::Deserialize;
use utoipa::ToSchema;

/// What follows from a report, and why.
#[derive(Deserialize, ToSchema)]
#[schema(as = InquirySettlementDraft)]
#[serde(deny_unknown_fields)]
struct SettleBody {
    #[schema(value_type = InquiryOutcome)]
    outcome: SettleOutcome,
    /// Against which side; only with a warning or a block.
    #[serde(default)]
    #[schema(value_type = Option<SideWord>)]
    against: Option<Side>,
    /// Why, 1 to 1,000 characters; both sides read it.
    note: String,
}

/// Settles what was reported: nothing, a warning, or a block. Both companies are told, and the inquiry leaves the list.
#[utoipa::path(params(("Idempotency-Key" = Option<String>, Header, description = "1 to 255 characters; the same key and body give the same reply")), request_body = SettleBody, responses((status = 200, body = InquiryReceipt), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)), tag = "inquiries")]
#[post("/inquiries/{inquiry}/settle")]
pub(super) async fn settle_inquiry(
    state: Data<AppState>,
    request: HttpRequest,
    signed: Signed,
    inquiry: Path<String>,
    body: Bytes,
) -> Result<HttpResponse, Failure> {
    let SettleBody { outcome, against, note } = parse(&body)?;
    let (inquiry, listed, _) = seen(&state, &signed.scope(), &inquiry).await?;
    let (buyer, seller) = (listed.thread.buyer.0, listed.thread.seller.0);
    let mut insider = false;
    for company in [buyer, seller] {
        insider |= crate::identity::belonged(state.engine.db(), signed.0.market, signed.0.user, company).await?;
    }
    let command = InquiryCommand::Settle { outcome, against, note: clean(&note) };
    let take = Take { inquiry, parties: Some([buyer, seller]), message: 0, sells: true, insider, command };
    let key = key(&request, &body)?;
    let receipt = state.engine.execute(Request::new(signed.0.clone(), take).idempotent(key)).await?;
    // A block that exists changes nothing, so settling again completes what a fault left undone.
    if let (SettleOutcome::Block, Some(against)) = (outcome, against) {
        let (blocked, blocker) = if against == Side::Buyer { (buyer, seller) } else { (seller, buyer) };
        let block = BlockCompany { blocker, blocked, active: true };
        state.engine.execute(Request::new(Actor::system(signed.0.market), block)).await?;
    }
    Ok(answer(&receipt))
}
