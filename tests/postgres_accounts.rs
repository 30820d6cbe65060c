//! Accounts on PostgreSQL: the statements of the identity slice, once through every flow. The rules themselves are tested
//! on SQLite in `tests/api`.
//!
//! PostgreSQL is taken from `ENTREPOT_TEST_POSTGRES` (set by `scripts/with-postgres.sh`); without it the test fails rather
//! than pass untested.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::disallowed_methods, dead_code)]

#[path = "api/authenticator.rs"]
mod authenticator;
#[path = "api/ground.rs"]
mod ground;

use authenticator::{code, enrolled};
use entrepot_domain::kernel::Role;
use ground::{Answer, Client, Ground, MARKET, PASSWORD, email_of, strict_on};
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};

const NEW: &str = "seventeen-lamps-by-the-quay";

async fn database() -> String {
    let base = std::env::var("ENTREPOT_TEST_POSTGRES")
        .expect("ENTREPOT_TEST_POSTGRES is not set: run the tests through `make test` or scripts/with-postgres.sh");
    let name = format!("accounts_{}", std::process::id());
    let server = sea_orm::Database::connect(&base).await.unwrap();
    server.execute_unprepared(&format!("CREATE DATABASE {name}")).await.unwrap();
    base.replacen("/postgres?", &format!("/{name}?"), 1)
}

async fn post(ground: &Ground, who: &Client, path: &str, body: Value, status: u16) -> Answer {
    let answer = ground.post(who, &format!("/api/v1{path}"), body).await;
    assert_eq!(answer.status, status, "{path}: {answer:?}");
    answer
}

async fn get(ground: &Ground, who: &Client, path: &str) -> Value {
    let answer = ground.get(who, &format!("/api/v1{path}")).await;
    assert_eq!(answer.status, 200, "{path}: {answer:?}");
    answer.json
}

#[actix_web::test]
async fn every_flow_of_accounts_runs_on_postgresql() {
    let ground = strict_on(&database().await).await;
    let nobody = Client::default();
    let token = ground.identity.offer_first_admin().await.unwrap().unwrap();
    let token = token.split_once('#').unwrap().1;
    let body = json!({ "token": token, "email": "ada@example.com", "name": "Ada", "password": NEW });
    let admin = ground.moved(&nobody, &post(&ground, &nobody, "/auth/first-admin", body, 201).await).await;
    let (admin, _, _) = enrolled(&ground, &admin).await;

    let anna = ground.company("Anna", true, true).await;
    ground.verify(&email_of("Anna")).await;
    let (anna, secret, codes) = enrolled(&ground, &anna).await;
    assert_eq!(get(&ground, &anna, "/auth/sessions").await["items"].as_array().unwrap().len(), 1);
    post(&ground, &anna, "/auth/second-factor/recovery-codes", json!({}), 200).await;
    let sign_in =
        |password: &str, code: String| json!({ "email": email_of("Anna"), "password": password, "code": code });
    post(&ground, &nobody, "/auth/sign-in", sign_in(PASSWORD, codes[0].clone()), 401).await;
    ground.wait(60);
    let entered = post(&ground, &nobody, "/auth/sign-in", sign_in(PASSWORD, code(&ground, &secret)), 200).await;
    let anna = ground.moved(&nobody, &entered).await;
    ground.wait(301);
    let invite = json!({ "email": "carl@example.com", "role": "viewer" });
    post(&ground, &anna, "/team/invitations", invite.clone(), 403).await;
    post(&ground, &anna, "/auth/step-up", json!({ "code": code(&ground, &secret) }), 200).await;
    let sent = post(&ground, &anna, "/team/invitations", invite.clone(), 201).await;
    let path = format!("/api/v1/team/invitations/{}", sent.json["id"].as_str().unwrap());
    assert_eq!(ground.delete(&anna, &path).await.status, 204);
    ground.wait(2);
    post(&ground, &anna, "/team/invitations", invite, 201).await;
    assert_eq!(get(&ground, &anna, "/team/invitations").await["items"].as_array().unwrap().len(), 1);
    let token = ground.ticket("carl@example.com", "invitation").await;
    let body = json!({ "token": token, "name": "Carl", "password": NEW });
    let carl = post(&ground, &nobody, "/auth/invitation/accept", body, 200).await;
    let seat = carl.json["seat"]["id"].as_str().unwrap().to_owned();
    assert_eq!(get(&ground, &anna, "/team").await["items"].as_array().unwrap().len(), 2);
    post(&ground, &anna, &format!("/team/{seat}/role"), json!({ "role": "trader" }), 200).await;
    post(&ground, &anna, &format!("/team/{seat}/deactivate"), json!({}), 200).await;

    let asked = json!({ "email": "carl@example.com" });
    post(&ground, &nobody, "/auth/password/forgotten", asked, 202).await;
    let token = ground.ticket("carl@example.com", "reset-password").await;
    post(&ground, &nobody, "/auth/password/reset", json!({ "token": token, "password": PASSWORD }), 204).await;
    post(&ground, &nobody, "/auth/password/reset", json!({ "token": token, "password": PASSWORD }), 410).await;
    let body = json!({ "current_password": PASSWORD, "password": "otterly9" });
    let anna = ground.moved(&anna, &post(&ground, &anna, "/auth/password", body, 200).await).await;
    post(&ground, &anna, "/auth/second-factor/off", json!({ "password": "otterly9" }), 422).await;

    post(&ground, &admin, "/auth/step-up", json!({ "password": NEW }), 200).await;
    let page = get(&ground, &admin, "/admin/users?limit=2").await;
    let next = page["next_cursor"].as_str().unwrap();
    assert_eq!(
        get(&ground, &admin, &format!("/admin/users?cursor={next}")).await["items"].as_array().unwrap().len(),
        1
    );
    let page = get(&ground, &admin, "/admin/mails?limit=2").await;
    let next = page["next_cursor"].as_str().unwrap();
    get(&ground, &admin, &format!("/admin/mails?cursor={next}")).await;
    get(&ground, &admin, &format!("/admin/mails/{}", page["items"][0]["id"].as_str().unwrap())).await;
    post(&ground, &admin, &format!("/admin/users/{}/disable", anna.user), json!({}), 204).await;
    assert_eq!(ground.get(&anna, "/api/v1/auth/me").await.status, 401);
    post(&ground, &admin, &format!("/admin/users/{}/enable", anna.user), json!({}), 204).await;
    assert!(ground.reseat(&admin, MARKET, None, Role::Admin).await.user == admin.user);
    ground.wait(90 * 86_400);
    assert!(ground.identity.tidy().await.unwrap() > 0);
}
