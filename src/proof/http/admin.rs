//! The queue of the market's admins and their decisions.

use super::super::Take;
use super::super::read::{self, Listed, Queue};
use super::super::view::{Beside, ProofQueue, ProofReason as ProofReasonWord, ProofReceipt, QueuedProof};
use super::{Around, Today, clean, judge, key};
use crate::platform::engine::Request;
use crate::platform::problem::{Failure, Problem, Refusal};
use crate::platform::schema::words;
use crate::platform::security;
use crate::platform::session::Signed;
use crate::platform::web::{AppState, PAGE_MAX, answer, id, parse};
use actix_web::web::{Bytes, Data, Path, Query};
use actix_web::{HttpRequest, HttpResponse, get, post};
use entrepot_domain::kernel::{Day, ProofId};
use entrepot_domain::proof::{Claim, ProofCommand, ProofReason, Ruling};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

/// Claims of a page when the caller names no number.
const PAGE: u32 = 20;
/// Claims of a queue are counted up to this number.
const COUNTED_MAX: u32 = 1_000;
/// How a claim can be decided.
const DECISIONS: [&str; 5] = ["ask", "confirm", "refuse", "revoke", "recheck"];

words! {
    /// How a claim is decided; `revoke` takes a confirmation back, `recheck` says that it was looked at again.
    ProofDecision = DECISIONS;
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct QueueQuery {
    /// `waiting` (the default) for what waits for a decision, `recheck` for what should be looked at again.
    view: Option<String>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// Rows, 1 to 100.
    limit: Option<u32>,
}

fn cursor(text: &str) -> Result<(i64, u128), Refusal> {
    let parts = text.split_once('-').and_then(|(place, last)| Some((place.parse().ok()?, id(last).ok()?)));
    let refusal =
        || Refusal::invalid("This is no cursor of this list.").field("/cursor", "malformed", "unknown cursor");
    parts.ok_or_else(refusal)
}

/// What an admin needs beside a claim to decide on it.
async fn beside(state: &AppState, signed: &Signed, listed: &Listed) -> Result<Beside, Failure> {
    let (db, scope) = (state.engine.db(), signed.scope());
    let company = crate::identity::company(db, scope.market(), listed.company).await?;
    Ok(Beside {
        registration_number: company.map(|(_, company)| company.registration_number).unwrap_or_default(),
        same_number: read::same_number(db, &scope, listed.company, &listed.claim).await?,
        insider: crate::identity::belonged(db, scope.market(), signed.0.user, listed.company).await?,
    })
}

/// Claims that wait for a decision, the oldest first; or confirmed ones that should be looked at again.
#[utoipa::path(params(QueueQuery), responses((status = 200, body = ProofQueue), (status = 403, body = Problem), (status = 422, body = Problem)), tag = "proofs")]
#[get("/admin/proofs")]
pub(super) async fn list_waiting_proofs(
    state: Data<AppState>,
    signed: Signed,
    query: Query<QueueQuery>,
) -> Result<HttpResponse, Failure> {
    judge(&state, &signed, "proof.review").await?;
    let (db, scope) = (state.engine.db(), signed.scope());
    let today = Today::of(&state, &scope).await?;
    let day = today.zone.day_of(today.now);
    let view = match query.view.as_deref() {
        None | Some("" | "waiting") => Queue::Waiting,
        Some("recheck") => Queue::Recheck(day),
        Some(_) => {
            let refusal = Refusal::invalid("A filter of the list is not known.");
            return Err(refusal.field("/view", "malformed", "not one of waiting, recheck").into());
        }
    };
    let after = query.cursor.as_deref().filter(|text| !text.is_empty()).map(cursor).transpose()?;
    let limit = query.limit.unwrap_or(PAGE).clamp(1, PAGE_MAX);
    let mut found = read::queue(db, &scope, view, after, limit + 1).await?;
    let wanted = usize::try_from(limit).unwrap_or(1);
    let further = found.len() > wanted;
    found.truncate(wanted);
    let last = found.last().filter(|_| further);
    let next_cursor = last.map(|last| format!("{}-{}", view.place(&last.claim), last.claim.id));
    let claims: Vec<&Claim> = found.iter().map(|listed| &listed.claim).collect();
    let around = Around::of(&state, &scope, &claims, true).await?;
    let mut items = Vec::with_capacity(found.len());
    for listed in &found {
        let beside = beside(&state, &signed, listed).await?;
        items.push(QueuedProof::of(listed, &around.shown(&today), beside));
    }
    let (waiting, recheck) = read::counts(db, &scope, day, COUNTED_MAX).await?;
    Ok(HttpResponse::Ok().json(ProofQueue { items, next_cursor, waiting, recheck }))
}

/// A decision on a claim.
#[derive(Deserialize, ToSchema)]
#[schema(as = ProofRuling)]
#[serde(deny_unknown_fields)]
struct DecisionBody {
    #[schema(value_type = ProofDecision)]
    decision: String,
    /// Demanded by `ask`, `refuse` and `revoke`.
    #[schema(value_type = Option<ProofReasonWord>)]
    reason: Option<String>,
    /// Last day, `YYYY-MM-DD`; demanded by `confirm`.
    valid_until: Option<String>,
    /// Day on which an admin should look again, `YYYY-MM-DD`.
    recheck_on: Option<String>,
    /// What the company reads beside the reason.
    #[serde(default)]
    note: String,
}

fn wrong(pointer: &str, detail: impl Into<String>) -> Refusal {
    Refusal::new(422, "proof.invalid", "The decision cannot be taken as it is.").field(pointer, "malformed", detail)
}

fn day(pointer: &str, text: &str) -> Result<Day, Refusal> {
    text.trim().parse().map_err(|_| wrong(pointer, "a date like 2026-12-31"))
}

impl DecisionBody {
    fn reason(&self) -> Result<ProofReason, Refusal> {
        let wanted = self.reason.as_deref().unwrap_or_default();
        let found = ProofReason::ALL.iter().copied().find(|reason| reason.as_str() == wanted);
        let all: Vec<&str> = ProofReason::ALL.iter().map(|reason| reason.as_str()).collect();
        found.ok_or_else(|| wrong("/reason", format!("one of {}", all.join(", "))))
    }

    fn ruling(&self) -> Result<Ruling, Refusal> {
        let given = |text: &Option<String>| text.clone().filter(|text| !text.trim().is_empty());
        let recheck_on = given(&self.recheck_on).map(|text| day("/recheck_on", &text)).transpose()?;
        match self.decision.as_str() {
            "ask" => Ok(Ruling::Ask(self.reason()?)),
            "refuse" => Ok(Ruling::Refuse(self.reason()?)),
            "revoke" => Ok(Ruling::Revoke(self.reason()?)),
            "recheck" => Ok(Ruling::Recheck { recheck_on }),
            "confirm" => {
                let valid_until = day("/valid_until", &given(&self.valid_until).unwrap_or_default())?;
                Ok(Ruling::Confirm { valid_until, recheck_on })
            }
            _ => Err(wrong("/decision", format!("one of {}", DECISIONS.join(", ")))),
        }
    }
}

/// Decides on a claim of another company. A second decision is refused with what stands.
#[utoipa::path(params(("Idempotency-Key" = Option<String>, Header, description = "1 to 255 characters; the same key and body give the same reply")), request_body = DecisionBody, responses((status = 200, body = ProofReceipt), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)), tag = "proofs")]
#[post("/admin/proofs/{proof}/decision")]
pub(super) async fn decide_proof(
    state: Data<AppState>,
    request: HttpRequest,
    signed: Signed,
    proof: Path<String>,
    body: Bytes,
) -> Result<HttpResponse, Failure> {
    judge(&state, &signed, "proof.review").await?;
    let draft: DecisionBody = parse(&body)?;
    let (scope, proof) = (signed.scope(), id(&proof)?);
    let company = read::company_of(state.engine.db(), &scope, proof).await?;
    let ruling = draft.ruling()?;
    let insider = crate::identity::belonged(state.engine.db(), scope.market(), signed.0.user, company).await?;
    let command = ProofCommand::Decide { id: ProofId(proof), ruling, note: clean(&draft.note) };
    let take = Take { company, insider, command };
    let key = key(&request, &body)?;
    let user = signed.0.user;
    let receipt = state.engine.execute(Request::new(signed.0, take).idempotent(key)).await?;
    security::note(security::PRIVILEGED_ACT, security::Outcome::Succeeded, user, "proof.decide");
    Ok(answer(&receipt))
}
