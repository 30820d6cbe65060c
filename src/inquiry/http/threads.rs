//! Threads: list, one, and the steps on it.

use super::super::Take;
use super::super::read::{self, Filter};
use super::super::view::{
    AskedPrice, InquiryCan, InquiryCard, InquiryCloseReason, InquiryReceipt, InquiryReportReason, InquiryView,
};
use super::{Reader, clean, judge, key, seen, take, words};
use crate::platform::access::Scope;
use crate::platform::engine::Request;
use crate::platform::problem::{Failure, Problem, Refusal};
use crate::platform::schema::Page;
use crate::platform::session::Signed;
use crate::platform::web::{AppState, PAGE_MAX, answer, id, parse};
use actix_web::web::{Bytes, Data, Path, Query};
use actix_web::{HttpRequest, HttpResponse, get, post};
use entrepot_domain::inquiry::{Ask, CloseReason, InquiryCommand, ReportReason, SUBJECT_MAX, Thread, ThreadStatus};
use entrepot_domain::kernel::{ProductId, Quantity, Side};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Threads of a page when the caller names no number.
const PAGE: u32 = 30;
/// Unread threads are counted up to this number.
const UNREAD_MAX: u32 = 100;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct ListQuery {
    /// `buyer` for what the own company asked, `seller` for what it was asked.
    role: Option<String>,
    /// Only inquiries in this state.
    status: Option<String>,
    /// Only inquiries about this product.
    product: Option<String>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// Rows, 1 to 100.
    limit: Option<u32>,
}

impl ListQuery {
    fn filter(self) -> Result<Filter, Refusal> {
        let statuses: Vec<&str> = ThreadStatus::ALL.iter().map(|status| status.as_str()).collect();
        let known: [(&str, &Option<String>, &[&str]); 2] =
            [("/status", &self.status, &statuses), ("/role", &self.role, &["buyer", "seller"])];
        for (at, word, all) in known {
            if word.as_deref().is_some_and(|word| !all.contains(&word)) {
                let detail = format!("not one of {}", all.join(", "));
                return Err(Refusal::invalid("A filter of the list is not known.").field(at, "malformed", detail));
            }
        }
        let limit = self.limit.unwrap_or(PAGE).clamp(1, PAGE_MAX);
        // An identifier that is none names no product, about which there are no inquiries.
        let product = self.product.map(|product| id(&product).unwrap_or(0));
        let after = self.cursor.as_deref().map(cursor).transpose()?;
        Ok(Filter { role: self.role, status: self.status, product, after, limit })
    }
}

fn cursor(text: &str) -> Result<(i64, u128), Refusal> {
    let parts = text.split_once('-').and_then(|(at, last)| Some((at.parse().ok()?, id(last).ok()?)));
    let refusal =
        || Refusal::invalid("This is no cursor of this list.").field("/cursor", "malformed", "unknown cursor");
    parts.ok_or_else(refusal)
}

/// Inquiries of the own company, the last moved first; reported ones for who judges reports.
#[utoipa::path(params(ListQuery), responses((status = 200, body = Page<InquiryCard>), (status = 422, body = Problem)), tag = "inquiries")]
#[get("/inquiries")]
pub(super) async fn list_inquiries(
    state: Data<AppState>,
    signed: Signed,
    query: Query<ListQuery>,
) -> Result<HttpResponse, Failure> {
    let scope = signed.scope();
    let filter = query.into_inner().filter()?;
    let wanted = usize::try_from(filter.limit).unwrap_or(1);
    let more = Filter { limit: filter.limit + 1, ..filter };
    let mut found = read::list(state.engine.db(), &scope, &more).await?;
    let further = found.len() > wanted;
    found.truncate(wanted);
    let last = found.last().filter(|_| further);
    let next_cursor = last.map(|last| format!("{}-{:032x}", last.thread.last_at.0, last.id));
    let reader = Reader::of(&state, &scope).await?;
    let items = found.iter().map(|listed| InquiryCard::of(listed, reader.eyes(listed))).collect();
    Ok(HttpResponse::Ok().json(Page { items, next_cursor }))
}

/// How many inquiries hold something unread.
#[derive(Serialize, ToSchema)]
struct UnreadInquiries {
    /// Counted up to 100.
    unread: i64,
}

/// How many running inquiries of the own company hold a message of the other side that the caller has not read and no
/// colleague has answered.
#[utoipa::path(responses((status = 200, body = UnreadInquiries)), tag = "inquiries")]
#[get("/inquiries/unread")]
pub(super) async fn unread_inquiries(state: Data<AppState>, signed: Signed) -> Result<HttpResponse, Failure> {
    let unread = read::unread(state.engine.db(), &signed.scope(), UNREAD_MAX).await?;
    Ok(HttpResponse::Ok().json(UnreadInquiries { unread }))
}

/// A question to one supplier.
#[derive(Deserialize, ToSchema)]
#[schema(as = InquiryDraft)]
#[serde(deny_unknown_fields)]
struct OpenBody {
    /// The company asked; may be left out where a product is named.
    seller: Option<String>,
    /// The product asked about.
    product: Option<String>,
    /// One line; the product's title where it is left out.
    subject: Option<String>,
    /// Decimal number.
    quantity: Option<String>,
    /// Country of destination, two capital letters.
    destination: Option<String>,
    /// Price per unit the buyer hopes for.
    target_price: Option<AskedPrice>,
    /// The first message.
    text: String,
    /// Files uploaded before.
    #[serde(default)]
    file_ids: Vec<String>,
}

fn wrong(pointer: &str, code: &str, detail: &str) -> Refusal {
    Refusal::new(422, "inquiry.invalid", "The inquiry cannot be sent as it is.").field(pointer, code, detail)
}

/// Who is asked, and what for.
async fn asked(state: &AppState, scope: &Scope, body: &OpenBody) -> Result<(u128, Ask), Failure> {
    let db = state.engine.db();
    let product = match &body.product {
        Some(product) => Some(crate::catalog::offered(db, scope, id(product)?).await?),
        None => None,
    };
    let seller = match (&body.seller, &product) {
        (Some(seller), found) => {
            let seller = id(seller)?;
            if found.as_ref().is_some_and(|found| found.supplier.id != seller) {
                return Err(wrong("/product", "inquiry.product", "The product is another supplier's.").into());
            }
            seller
        }
        (None, Some(found)) => found.supplier.id,
        (None, None) => return Err(wrong("/seller", "inquiry.seller", "Name a supplier or a product.").into()),
    };
    let number = |text: &String| Quantity::parse(text.trim());
    let quantity = body.quantity.as_ref().map(number).transpose();
    let quantity = quantity.map_err(|_| wrong("/quantity", "inquiry.quantity", "A quantity is a positive number."))?;
    let target_price =
        match &body.target_price {
            Some(price) => Some(price.read().ok_or_else(|| {
                wrong("/target_price", "inquiry.price", "A price is a positive number and a currency.")
            })?),
            None => None,
        };
    let listed = product.as_ref().zip(quantity).and_then(|(found, q)| found.listing.product.price_at(q).ok());
    let title = product.as_ref().map(|found| found.listing.product.title.as_str()).unwrap_or_default();
    let given = body.subject.as_deref().map(str::trim).filter(|subject| !subject.is_empty());
    let subject = given.map_or_else(|| title.chars().take(SUBJECT_MAX).collect(), clean);
    let ask = Ask {
        product: product.map(|found| ProductId(found.id)),
        subject,
        quantity,
        destination: body.destination.clone(),
        target_price,
        listed_price: listed,
    };
    Ok((seller, ask))
}

/// Asks one supplier about a product, or in general.
#[utoipa::path(params(("Idempotency-Key" = Option<String>, Header, description = "1 to 255 characters; the same key and body give the same reply")), request_body = OpenBody, responses((status = 201, body = InquiryReceipt), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)), tag = "inquiries")]
#[post("/inquiries")]
pub(super) async fn open_inquiry(
    state: Data<AppState>,
    request: HttpRequest,
    signed: Signed,
    body: Bytes,
) -> Result<HttpResponse, Failure> {
    let buyer = judge(&state, &signed, "inquiry.open", 0).await?;
    let draft: OpenBody = parse(&body)?;
    let scope = signed.scope();
    let (seller, ask) = asked(&state, &scope, &draft).await?;
    let words = words(&state, &scope, &draft.text, &draft.file_ids).await?;
    let sells = crate::catalog::supplier(state.engine.db(), scope.market(), seller).await?.sells;
    let (inquiry, message) = (state.engine.ids().next(), state.engine.ids().next());
    let command = InquiryCommand::Open { ask, words };
    let take = Take { inquiry, parties: Some([buyer, seller]), message, sells, insider: false, command };
    let key = key(&request, &body)?;
    Ok(answer(&state.engine.execute(Request::new(signed.0, take).idempotent(key)).await?))
}

fn can(state: &AppState, scope: &Scope, thread: &Thread, side: Option<Side>, blocked: bool) -> InquiryCan {
    let role = scope.actor().role;
    let may = |step: &str| {
        side.is_some() && state.engine.registry().access(step).is_some_and(|row| row.roles.contains(&role))
    };
    let (running, buyer) = (thread.closed.is_none(), side == Some(Side::Buyer));
    InquiryCan {
        write: running && !blocked && may("inquiry.write"),
        close: running && buyer && may("inquiry.close"),
        reopen: !running && buyer && !blocked && may("inquiry.reopen"),
        settle: side.is_none()
            && !thread.open_reports().is_empty()
            && state.engine.registry().access("inquiry.settle").is_some_and(|row| row.roles.contains(&role)),
        report: side.is_some_and(|side| thread.open_report_of(side).is_none()) && may("inquiry.report"),
        block: may("company.block"),
    }
}

/// One inquiry.
#[utoipa::path(responses((status = 200, body = InquiryView), (status = 404, body = Problem)), tag = "inquiries")]
#[get("/inquiries/{inquiry}")]
pub(super) async fn show_inquiry(
    state: Data<AppState>,
    signed: Signed,
    inquiry: Path<String>,
) -> Result<HttpResponse, Failure> {
    let scope = signed.scope();
    let (_, listed, version) = seen(&state, &scope, &inquiry).await?;
    let eyes = Reader::of(&state, &scope).await?.eyes(&listed);
    let other = match eyes.side {
        Some(Side::Buyer) => listed.thread.seller.0,
        Some(Side::Seller) | None => listed.thread.buyer.0,
    };
    let blocked = eyes.side.is_some() && read::blocks::blocks(state.engine.db(), &scope, other).await?;
    let can = can(&state, &scope, &listed.thread, eyes.side, blocked);
    let view = InquiryView::of(&listed, version, eyes, (blocked, can));
    Ok(HttpResponse::Ok().insert_header(("ETag", format!("\"{version}\""))).json(view))
}

/// Why the buyer closes an inquiry.
#[derive(Deserialize, ToSchema)]
#[schema(as = InquiryClose)]
#[serde(deny_unknown_fields)]
struct CloseBody {
    #[schema(value_type = InquiryCloseReason)]
    reason: CloseReason,
}

/// Closes an inquiry; the buyer's step.
#[utoipa::path(params(("Idempotency-Key" = Option<String>, Header, description = "1 to 255 characters; the same key and body give the same reply")), request_body = CloseBody, responses((status = 200, body = InquiryReceipt), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)), tag = "inquiries")]
#[post("/inquiries/{inquiry}/close")]
pub(super) async fn close_inquiry(
    state: Data<AppState>,
    request: HttpRequest,
    signed: Signed,
    inquiry: Path<String>,
    body: Bytes,
) -> Result<HttpResponse, Failure> {
    let (inquiry, thread, _) = seen(&state, &signed.scope(), &inquiry).await?;
    let close: CloseBody = parse(&body)?;
    let command = InquiryCommand::Close { reason: close.reason };
    take(&state, &signed, (inquiry, &thread), key(&request, &body)?, command).await
}

/// Takes a closed inquiry up again; the buyer's step.
#[utoipa::path(responses((status = 200, body = InquiryReceipt), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)), tag = "inquiries")]
#[post("/inquiries/{inquiry}/reopen")]
pub(super) async fn reopen_inquiry(
    state: Data<AppState>,
    request: HttpRequest,
    signed: Signed,
    inquiry: Path<String>,
) -> Result<HttpResponse, Failure> {
    let (inquiry, thread, _) = seen(&state, &signed.scope(), &inquiry).await?;
    take(&state, &signed, (inquiry, &thread), key(&request, &[])?, InquiryCommand::Reopen).await
}

/// What the other side is reported for.
#[derive(Deserialize, ToSchema)]
#[schema(as = InquiryReportDraft)]
#[serde(deny_unknown_fields)]
struct ReportBody {
    #[schema(value_type = InquiryReportReason)]
    reason: ReportReason,
    /// What the reporter adds, 4,000 characters at most.
    #[serde(default)]
    note: String,
}

/// Reports the other side to those who lead the market; from then on they see this inquiry.
#[utoipa::path(params(("Idempotency-Key" = Option<String>, Header, description = "1 to 255 characters; the same key and body give the same reply")), request_body = ReportBody, responses((status = 200, body = InquiryReceipt), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)), tag = "inquiries")]
#[post("/inquiries/{inquiry}/report")]
pub(super) async fn report_inquiry(
    state: Data<AppState>,
    request: HttpRequest,
    signed: Signed,
    inquiry: Path<String>,
    body: Bytes,
) -> Result<HttpResponse, Failure> {
    let (inquiry, thread, _) = seen(&state, &signed.scope(), &inquiry).await?;
    let report: ReportBody = parse(&body)?;
    let command = InquiryCommand::Report { reason: report.reason, note: clean(&report.note) };
    take(&state, &signed, (inquiry, &thread), key(&request, &body)?, command).await
}

/// How far the caller has read.
#[derive(Deserialize, ToSchema)]
#[schema(as = InquiryRead)]
#[serde(deny_unknown_fields)]
struct ReadBody {
    /// Number of the last message read.
    no: i64,
}

/// Remembers how far the caller has read; for the caller alone.
#[utoipa::path(request_body = ReadBody, responses((status = 204), (status = 404, body = Problem)), tag = "inquiries")]
#[post("/inquiries/{inquiry}/read")]
pub(super) async fn read_inquiry(
    state: Data<AppState>,
    signed: Signed,
    inquiry: Path<String>,
    body: Bytes,
) -> Result<HttpResponse, Failure> {
    let scope = signed.scope();
    let (inquiry, listed, _) = seen(&state, &scope, &inquiry).await?;
    let read: ReadBody = parse(&body)?;
    let no = read.no.clamp(0, listed.thread.messages);
    read::mark_read(state.engine.db(), &scope, inquiry, no, state.engine.clock().now()).await?;
    Ok(HttpResponse::NoContent().finish())
}
