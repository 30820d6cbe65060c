//! The own company's proofs.

use super::super::Take;
use super::super::read;
use super::super::view::{OwnProofs, ProofKind as ProofKindWord, ProofReceipt, ProofView};
use super::{Around, ProofPaper, Today, judge, key};
use crate::platform::engine::Request;
use crate::platform::problem::{Failure, Problem, Refusal};
use crate::platform::security;
use crate::platform::session::Signed;
use crate::platform::web::{AppState, answer, id, parse};
use actix_web::web::{Bytes, Data, Path};
use actix_web::{HttpRequest, HttpResponse, get, post};
use entrepot_domain::kernel::{ProofId, Role};
use entrepot_domain::proof::{Claim, ProofCommand, ProofKind};
use serde::Deserialize;
use utoipa::ToSchema;

/// The own company's claims, its level, and what the next one demands.
#[utoipa::path(responses((status = 200, body = OwnProofs), (status = 403, body = Problem)), tag = "proofs")]
#[get("/proofs")]
pub(super) async fn list_proofs(state: Data<AppState>, signed: Signed) -> Result<HttpResponse, Failure> {
    judge(&state, &signed, "proof.list").await?;
    let scope = signed.scope();
    let company = signed.0.company.ok_or_else(Refusal::forbidden)?;
    let today = Today::of(&state, &scope).await?;
    let dossier = read::dossier(state.engine.db(), scope.market(), company).await?;
    let claims: Vec<&Claim> = dossier.claims.iter().collect();
    let around = Around::of(&state, &scope, &claims, true).await?;
    let can_submit = matches!(signed.0.role, Role::Owner | Role::Trader);
    Ok(HttpResponse::Ok().json(OwnProofs::of(&dossier, &around.shown(&today), can_submit)))
}

/// A claim of the own company.
#[derive(Deserialize, ToSchema)]
#[schema(as = ProofDraft)]
#[serde(deny_unknown_fields)]
struct SubmitBody {
    #[schema(value_type = ProofKindWord)]
    kind: String,
    paper: ProofPaper,
}

fn kind_of(word: &str) -> Result<ProofKind, Refusal> {
    let found = ProofKind::ALL.iter().copied().find(|kind| kind.as_str() == word);
    let all: Vec<&str> = ProofKind::ALL.iter().map(|kind| kind.as_str()).collect();
    found.ok_or_else(|| {
        let detail = format!("one of {}", all.join(", "));
        Refusal::new(422, "proof.invalid", "The claim cannot be taken as it is.").field("/kind", "malformed", detail)
    })
}

/// Makes a claim; the market's admins decide on it.
#[utoipa::path(params(("Idempotency-Key" = Option<String>, Header, description = "1 to 255 characters; the same key and body give the same reply")), request_body = SubmitBody, responses((status = 200, body = ProofReceipt), (status = 201, body = ProofReceipt), (status = 403, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)), tag = "proofs")]
#[post("/proofs")]
pub(super) async fn submit_proof(
    state: Data<AppState>,
    request: HttpRequest,
    signed: Signed,
    body: Bytes,
) -> Result<HttpResponse, Failure> {
    judge(&state, &signed, "proof.submit").await?;
    let company = signed.0.company.ok_or_else(Refusal::forbidden)?;
    let draft: SubmitBody = parse(&body)?;
    let kind = kind_of(&draft.kind)?;
    let paper = draft.paper.paper(&state, &signed.scope()).await?;
    let command = ProofCommand::Submit { id: ProofId(state.engine.ids().next()), kind, paper };
    let take = Take { company, insider: false, command };
    let key = key(&request, &body)?;
    Ok(answer(&state.engine.execute(Request::new(signed.0, take).idempotent(key)).await?))
}

/// One claim whole, for its company and the market's admins.
#[utoipa::path(responses((status = 200, body = ProofView), (status = 404, body = Problem)), tag = "proofs")]
#[get("/proofs/{proof}")]
pub(super) async fn show_proof(
    state: Data<AppState>,
    signed: Signed,
    proof: Path<String>,
) -> Result<HttpResponse, Failure> {
    let (scope, proof) = (signed.scope(), id(&proof)?);
    let company = read::company_of(state.engine.db(), &scope, proof).await?;
    let today = Today::of(&state, &scope).await?;
    let dossier = read::dossier(state.engine.db(), scope.market(), company).await?;
    let claim = dossier.claim(ProofId(proof)).ok_or_else(Refusal::not_found)?;
    if signed.0.company != Some(company) {
        let read = "proof.read_claim";
        security::note(security::PRIVILEGED_ACT, security::Outcome::Succeeded, signed.0.user, read);
    }
    let around = Around::of(&state, &scope, &[claim], true).await?;
    Ok(HttpResponse::Ok().json(ProofView::of(claim, &around.shown(&today))))
}

/// Answers what was asked about a claim of the own company.
#[utoipa::path(params(("Idempotency-Key" = Option<String>, Header, description = "1 to 255 characters; the same key and body give the same reply")), request_body = ProofPaper, responses((status = 200, body = ProofReceipt), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)), tag = "proofs")]
#[post("/proofs/{proof}/answer")]
pub(super) async fn answer_proof(
    state: Data<AppState>,
    request: HttpRequest,
    signed: Signed,
    proof: Path<String>,
    body: Bytes,
) -> Result<HttpResponse, Failure> {
    judge(&state, &signed, "proof.answer").await?;
    let draft: ProofPaper = parse(&body)?;
    let scope = signed.scope();
    let proof = id(&proof)?;
    let company = read::company_of(state.engine.db(), &scope, proof).await?;
    let paper = draft.paper(&state, &scope).await?;
    let command = ProofCommand::Answer { id: ProofId(proof), paper };
    let key = key(&request, &body)?;
    let take = Take { company, insider: false, command };
    Ok(answer(&state.engine.execute(Request::new(signed.0, take).idempotent(key)).await?))
}

/// Takes a claim of the own company back; a confirmed one counts no more.
#[utoipa::path(params(("Idempotency-Key" = Option<String>, Header, description = "1 to 255 characters; the same key and body give the same reply")), responses((status = 200, body = ProofReceipt), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)), tag = "proofs")]
#[post("/proofs/{proof}/withdraw")]
pub(super) async fn withdraw_proof(
    state: Data<AppState>,
    request: HttpRequest,
    signed: Signed,
    proof: Path<String>,
) -> Result<HttpResponse, Failure> {
    judge(&state, &signed, "proof.withdraw").await?;
    let proof = id(&proof)?;
    let company = read::company_of(state.engine.db(), &signed.scope(), proof).await?;
    let key = key(&request, b"")?;
    let take = Take { company, insider: false, command: ProofCommand::Withdraw { id: ProofId(proof) } };
    Ok(answer(&state.engine.execute(Request::new(signed.0, take).idempotent(key)).await?))
}
