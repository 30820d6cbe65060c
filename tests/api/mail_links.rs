//! Links that come by mail: verification and forgotten passwords; each good once, for one purpose, for a while.

use crate::authenticator::enrolled;
use crate::ground::{Client, PASSWORD, email_of, ground_with, strict};
use entrepot::platform::clock::Clock;
use serde_json::{Value, json};

const NEW: &str = "seventeen-lamps-by-the-quay";

fn nobody() -> Client {
    Client::default()
}

#[actix_web::test]
async fn an_address_is_verified_by_the_link_once() {
    let ground = strict().await;
    let anna = ground.company("Anna", true, false).await;
    let verified = async || ground.get(&anna, "/api/v1/auth/me").await.json["security"]["email_verified"].clone();
    assert_eq!(verified().await, json!(false));
    let body = json!({ "token": ground.ticket(&email_of("Anna"), "verify-email").await });

    assert_eq!(ground.post(&nobody(), "/api/v1/auth/email/verify", body.clone()).await.status, 204);

    assert_eq!(verified().await, json!(true));
    let again = ground.post(&nobody(), "/api/v1/auth/email/verify", body).await;
    assert_eq!((again.status.as_u16(), again.json["code"].as_str()), (410, Some("identity.ticket_void")));
    assert_eq!(ground.post(&anna, "/api/v1/auth/email/verification", json!({})).await.status, 202);
    assert_eq!(ground.mails(&email_of("Anna")).await.len(), 1, "nothing left to verify");
}

#[actix_web::test]
async fn a_newer_link_voids_the_older_one_and_both_run_out() {
    let ground = strict().await;
    let anna = ground.company("Anna", true, false).await;
    let first = ground.ticket(&email_of("Anna"), "verify-email").await;
    ground.wait(2);
    assert_eq!(ground.post(&anna, "/api/v1/auth/email/verification", json!({})).await.status, 202);
    let second = ground.ticket(&email_of("Anna"), "verify-email").await;
    assert_ne!(first, second);

    let open = async |token: &str| {
        ground.post(&nobody(), "/api/v1/auth/email/verify", json!({ "token": token })).await.status.as_u16()
    };
    assert_eq!(open(&first).await, 410);
    ground.wait(72 * 3_600);
    assert_eq!(open(&second).await, 410);
}

#[actix_web::test]
async fn a_forgotten_password_is_set_anew_and_ends_every_session() {
    let ground = strict().await;
    let anna = ground.company("Anna", true, false).await;
    let asked =
        ground.post(&nobody(), "/api/v1/auth/password/forgotten", json!({ "email": "Anna@Example.com " })).await;
    assert_eq!((asked.status.as_u16(), asked.json), (202, Value::Null));
    let token = ground.ticket(&email_of("Anna"), "reset-password").await;
    let set = async |password: &str| {
        ground.post(&nobody(), "/api/v1/auth/password/reset", json!({ "token": token, "password": password })).await
    };

    let weak = set("too short").await;
    assert_eq!(weak.json["errors"][0]["code"], "identity.password_short", "a weak password uses no link up");
    let done = set(NEW).await;

    assert_eq!(done.status, 204, "{done:?}");
    assert!(crate::ground::cookies(&done).is_empty(), "it signs nobody in");
    assert_eq!(ground.get(&anna, "/api/v1/wallet").await.status, 401);
    assert_eq!(ground.sign_in(&email_of("Anna"), PASSWORD).await.status, 401);
    let signed_in = ground.sign_in(&email_of("Anna"), NEW).await;
    assert_eq!(signed_in.status, 200);
    assert_eq!(signed_in.json["security"]["email_verified"], json!(true), "the mail reached its owner");
    assert_eq!(set("another-fine-password-2").await.status, 410, "once");
}

#[actix_web::test]
async fn a_link_for_a_password_lives_thirty_minutes() {
    let ground = strict().await;
    ground.company("Anna", true, false).await;
    ground.post(&nobody(), "/api/v1/auth/password/forgotten", json!({ "email": email_of("Anna") })).await;
    let token = ground.ticket(&email_of("Anna"), "reset-password").await;

    ground.wait(30 * 60);

    let body = json!({ "token": token, "password": NEW });
    assert_eq!(ground.post(&nobody(), "/api/v1/auth/password/reset", body).await.status, 410);
}

#[actix_web::test]
async fn an_unknown_address_gets_the_same_answer_and_no_mail() {
    let ground = strict().await;
    ground.company("Anna", true, false).await;
    let ask =
        async |email: &str| ground.post(&nobody(), "/api/v1/auth/password/forgotten", json!({ "email": email })).await;

    let (known, unknown, none) =
        (ask(&email_of("Anna")).await, ask("nobody@example.com").await, ask("no address").await);

    assert_eq!((known.status, &known.json), (unknown.status, &unknown.json));
    assert_eq!(known.status, none.status);
    let lines = |head: &str| head.lines().filter(|l| !l.to_lowercase().starts_with("date")).count();
    assert_eq!(lines(&known.head), lines(&unknown.head));
    assert!(ground.mails("nobody@example.com").await.is_empty());
}

#[actix_web::test]
async fn a_reset_does_not_go_around_the_second_factor() {
    let ground = strict().await;
    let anna = ground.company("Anna", true, false).await;
    let (_, secret, _) = enrolled(&ground, &anna).await;
    ground.post(&nobody(), "/api/v1/auth/password/forgotten", json!({ "email": email_of("Anna") })).await;
    let token = ground.ticket(&email_of("Anna"), "reset-password").await;

    // Beside a second factor eight characters are enough.
    let body = json!({ "token": token, "password": "otterly9" });
    assert_eq!(ground.post(&nobody(), "/api/v1/auth/password/reset", body).await.status, 204);

    let refused = ground.sign_in(&email_of("Anna"), "otterly9").await;
    assert_eq!((refused.status.as_u16(), refused.json["code"].as_str()), (401, Some("identity.code_needed")));
    ground.wait(60);
    let body = json!({ "email": email_of("Anna"), "password": "otterly9", "code": crate::authenticator::code(&ground, &secret) });
    assert_eq!(ground.post(&nobody(), "/api/v1/auth/sign-in", body).await.status, 200);
}

#[actix_web::test]
async fn every_link_is_good_for_its_one_purpose() {
    let ground = strict().await;
    ground.company("Anna", true, false).await;
    ground.post(&nobody(), "/api/v1/auth/password/forgotten", json!({ "email": email_of("Anna") })).await;
    let verify = ground.ticket(&email_of("Anna"), "verify-email").await;
    let reset = ground.ticket(&email_of("Anna"), "reset-password").await;

    for (path, body) in [
        ("/api/v1/auth/email/verify", json!({ "token": reset })),
        ("/api/v1/auth/password/reset", json!({ "token": verify, "password": NEW })),
    ] {
        assert_eq!(ground.post(&nobody(), path, body).await.status, 410, "{path}");
    }
    // Neither is spent by the wrong door.
    let body = json!({ "token": reset, "password": NEW });
    assert_eq!(ground.post(&nobody(), "/api/v1/auth/password/reset", body).await.status, 204);
    assert_eq!(ground.post(&nobody(), "/api/v1/auth/email/verify", json!({ "token": verify })).await.status, 204);
}

#[actix_web::test]
async fn links_lead_to_the_public_address_and_lie_in_the_database_as_hashes() {
    let ground = ground_with(&["--public-url", "https://trade.example/"], Clock::manual(crate::ground::REAL)).await;
    ground.company("Anna", true, false).await;
    let ticket = ground.ticket(&email_of("Anna"), "verify-email").await;

    let mails = ground.mails(&email_of("Anna")).await;

    assert!(mails[0].contains(&format!("https://trade.example/verify-email#{ticket}")), "{mails:?}");
    for bytes in ground.bytes_on_disk() {
        assert!(!bytes.windows(ticket.len()).any(|w| w == ticket.as_bytes()), "a ticket lies in the database in plain");
    }
}
