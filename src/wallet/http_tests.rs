//! The wallet and oversight over HTTP, with a session that is whoever the token says.

use crate::audit;
use crate::audit::play::{BUYER, Played, play, seat};
use crate::config::Config;
use crate::platform::access::Actor;
use crate::platform::files::Files;
use crate::platform::problem::{Failure, Refusal};
use crate::platform::session::{ACCESS_COOKIE, Sessions};
use crate::platform::web::AppState;
use actix_web::cookie::Cookie;
use actix_web::test::{TestRequest, call_service, init_service, read_body};
use actix_web::{App, web};
use clap::Parser;
use entrepot_domain::kernel::Role;
use serde_json::{Value, json};
use std::sync::Arc;
use utoipa_actix_web::AppExt;

struct ByName;

#[async_trait::async_trait]
impl Sessions for ByName {
    async fn actor(&self, token: Option<String>) -> Result<Actor, Failure> {
        let role =
            token.as_deref().and_then(Role::parse).ok_or_else(|| Refusal::new(401, "unauthenticated", "Nobody."))?;
        let company = (!matches!(role, Role::Admin | Role::Teacher | Role::Support)).then_some(BUYER);
        Ok(Actor { company, ..seat(BUYER, role) })
    }

    async fn proved(&self, _: &Actor) -> Result<(), Failure> {
        Ok(())
    }
}

#[derive(Parser)]
struct Options {
    #[command(flatten)]
    config: Config,
}

/// Sends one request; gives status, content type and body.
async fn send(played: &Played, role: &str, request: TestRequest) -> (u16, String, String) {
    let config = Arc::new(Options::parse_from(["entrepot"]).config);
    let state = AppState {
        engine: played.engine.clone(),
        files: Files::new(std::path::Path::new("unused")),
        config,
        life: Default::default(),
        services: Default::default(),
    };
    let sessions: Arc<dyn Sessions> = Arc::new(ByName);
    let app = App::new().app_data(web::Data::new(state)).app_data(web::Data::new(sessions)).into_utoipa_app();
    let routes = utoipa_actix_web::scope("/api/v1").configure(super::routes).configure(audit::routes);
    let (app, _) = app.service(routes).split_for_parts();
    let service = init_service(app).await;
    let cookie = Cookie::new(ACCESS_COOKIE, role.to_owned());
    let response = call_service(&service, request.cookie(cookie).to_request()).await;
    let status = response.status().as_u16();
    let kind = response.headers().get("content-type").and_then(|v| v.to_str().ok()).unwrap_or("").to_owned();
    (status, kind, String::from_utf8(read_body(response).await.to_vec()).unwrap())
}

async fn get(played: &Played, role: &str, path: &str) -> (u16, Value) {
    let (status, _, body) = send(played, role, TestRequest::get().uri(&format!("/api/v1{path}"))).await;
    (status, serde_json::from_str(&body).unwrap_or(Value::Null))
}

#[actix_web::test]
async fn a_company_reads_its_wallet_and_pages_its_statement() {
    let played = play().await;

    let (status, wallet) = get(&played, "viewer", "/wallet").await;
    let (_, first) = get(&played, "viewer", "/wallet/statement?limit=3").await;
    let cursor = first["next_cursor"].as_str().unwrap_or_default();
    let (_, rest) = get(&played, "viewer", &format!("/wallet/statement?limit=3&cursor={cursor}")).await;
    let (file_status, kind, file) =
        send(&played, "owner", TestRequest::get().uri("/api/v1/wallet/statement.csv")).await;

    assert_eq!((status, wallet["accounts"][0]["held_in_escrow"]["minor"].as_str()), (200, Some("83000")));
    assert_eq!(wallet["accounts"][0]["buyer"]["minor"], first["items"][0]["balance"]["minor"]);
    assert_eq!((first["items"].as_array().map(Vec::len), rest["items"].as_array().map(Vec::len)), (Some(3), Some(2)));
    assert_eq!((rest["next_cursor"].clone(), rest["items"][1]["text"].as_str()), (Value::Null, Some("Pay-in: =cmd")));
    assert_eq!((rest["items"][1]["rule"].as_str(), rest["items"][1]["reference"].as_str()), (Some("P1"), Some("=cmd")));
    assert_eq!((file_status, kind.as_str(), file.lines().count()), (200, "text/csv; charset=utf-8", 6));
    assert_eq!(get(&played, "viewer", "/wallet/statement?cursor=x").await.0, 422);
    assert_eq!(get(&played, "viewer", "/wallet/statement?account=x").await.0, 422);
    for (role, status) in [("admin", 403), ("carrier", 403), ("nobody", 401)] {
        assert_eq!(get(&played, role, "/wallet").await.0, status, "{role}");
    }
}

#[actix_web::test]
async fn a_payment_needs_a_key_and_a_sound_amount() {
    let played = play().await;
    let pay = async |path: &str, key: Option<&str>, body: Value| {
        let request = TestRequest::post().uri(&format!("/api/v1/wallet/{path}")).set_payload(body.to_string());
        let request = if let Some(key) = key { request.insert_header(("Idempotency-Key", key)) } else { request };
        let (status, _, body) = send(&played, "finance", request).await;
        (status, serde_json::from_str::<Value>(&body).unwrap())
    };
    let amount = |minor: Value, currency: &str| json!({ "amount": { "minor": minor, "currency": currency } });

    let (status, reply) = pay("pay-ins", Some("a"), amount(json!("250"), "EUR")).await;
    assert_eq!((status, reply["balance"].clone()), (201, json!({ "minor": "250", "currency": "EUR" })));
    assert_eq!(pay("pay-ins", Some("a"), amount(json!("250"), "EUR")).await, (201, reply));
    assert_eq!(pay("pay-ins", Some("a"), amount(json!("251"), "EUR")).await.0, 422);
    assert_eq!(pay("pay-ins", None, amount(json!("250"), "EUR")).await.0, 400);
    assert_eq!(pay("withdrawals", Some("b"), amount(json!("1"), "EUR")).await.0, 409);
    for minor in ["0", "-1", "1000000000000001", "99999999999999999999", "1.5", "", "+1", "1e3"] {
        let (status, problem) = pay("pay-ins", Some("c"), amount(json!(minor), "USD")).await;
        assert_eq!((status, problem["errors"][0]["pointer"].as_str()), (422, Some("/amount/minor")), "{minor:?}");
    }
    let (status, problem) = pay("pay-ins", Some("c"), amount(json!("1"), "XXX")).await;
    assert_eq!((status, problem["errors"][0]["pointer"].as_str()), (422, Some("/amount/currency")));
    assert_eq!(pay("pay-ins", Some("c"), amount(json!(5), "USD")).await.0, 422);
}

#[actix_web::test]
async fn overseers_see_the_books_and_companies_do_not() {
    let played = play().await;

    let (_, trial) = get(&played, "teacher", "/admin/trial-balance").await;
    let (_, client) = get(&played, "support", "/admin/client-money").await;
    let (_, log) = get(&played, "admin", "/admin/events?limit=10").await;
    let (_, more) = get(&played, "admin", "/admin/events?cursor=5&step=order.play").await;
    let (status, _, proof) = send(&played, "admin", TestRequest::post().uri("/api/v1/admin/prove")).await;

    let usd = &trial["currencies"][0];
    assert_eq!(usd["total_debit"], usd["total_credit"]);
    assert_eq!(usd["rows"][0]["label"], "Bank: client money");
    assert_eq!(client["currencies"][0]["difference"], "0");
    assert_eq!((log["items"][0]["seq"].as_i64(), log["next_cursor"].as_str()), (Some(14), Some("5")));
    assert_eq!((more["items"].as_array().map(Vec::len), more["next_cursor"].clone()), (Some(2), Value::Null));
    let proof: Value = serde_json::from_str(&proof).unwrap();
    assert_eq!((status, proof["ok"].as_bool(), proof["checked"]["orders"].as_i64()), (200, Some(true), Some(2)));
    for path in ["trial-balance", "client-money", "events"] {
        assert_eq!(get(&played, "owner", &format!("/admin/{path}")).await.0, 403, "{path}");
    }
    assert_eq!(send(&played, "owner", TestRequest::post().uri("/api/v1/admin/prove")).await.0, 403);
}
