//! One brake for every flow that checks a secret. A route that takes one and is not in the table fails the test.

use crate::ground::{Client, Ground, PASSWORD, email_of, strict};
use serde_json::{Value, json};

/// Every operation that checks a secret, with a body that holds a wrong one; `true` when it needs a signed-in user.
fn table() -> Vec<(&'static str, Value, bool)> {
    let email = email_of("Anna");
    let void = "0".repeat(64);
    vec![
        ("/api/v1/auth/sign-in", json!({ "email": email, "password": "not-the-password" }), false),
        ("/api/v1/auth/step-up", json!({ "password": "not-the-password" }), true),
        ("/api/v1/auth/password", json!({ "current_password": "no", "password": "seventeen-lamps-by-the-quay" }), true),
        ("/api/v1/auth/second-factor/confirm", json!({ "code": "000000" }), true),
        ("/api/v1/auth/second-factor/off", json!({ "password": "not-the-password" }), true),
        ("/api/v1/auth/password/reset", json!({ "token": void, "password": "seventeen-lamps-by-the-quay" }), false),
        ("/api/v1/auth/email/verify", json!({ "token": void }), false),
        ("/api/v1/auth/invitation", json!({ "token": void }), false),
        ("/api/v1/auth/invitation/accept", json!({ "token": void }), false),
        (
            "/api/v1/auth/first-admin",
            json!({ "token": void, "email": "a@example.com", "name": "A", "password": "seventeen-lamps-by-the-quay" }),
            false,
        ),
    ]
}

/// Operations whose form has a field that holds a secret, from the OpenAPI document; forms that set a first password and
/// hold no other secret are left out.
fn takes_a_secret() -> Vec<String> {
    let document = serde_json::to_value(entrepot::boot::document()).unwrap();
    let mut found = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        let Some(name) = item.pointer("/post/requestBody/content/application~1json/schema/$ref") else { continue };
        let schema = document.pointer(name.as_str().unwrap().trim_start_matches('#')).unwrap();
        let Some(fields) = schema["properties"].as_object() else { continue };
        let secret = ["password", "current_password", "code", "token"].iter().any(|f| fields.contains_key(*f));
        if secret && path != "/api/v1/auth/sign-up" {
            found.push(path.clone());
        }
    }
    found
}

#[test]
fn every_operation_that_takes_a_secret_is_in_the_table_and_documents_the_brake() {
    let document = serde_json::to_value(entrepot::boot::document()).unwrap();
    let table = table();
    for path in takes_a_secret() {
        assert!(table.iter().any(|(p, _, _)| *p == path), "{path} takes a secret and is not in the table");
        assert!(document["paths"][&path]["post"]["responses"]["429"].is_object(), "{path} does not document 429");
    }
    assert_eq!(takes_a_secret().len(), table.len());
}

/// Sends the same wrong secret until the brake answers; gives the number of tries that were looked at.
async fn guess(ground: &Ground, who: &Client, path: &str, body: &Value) -> usize {
    for tries in 0..80 {
        let answer = ground.post(who, path, body.clone()).await;
        if answer.status == 429 {
            assert_eq!(answer.json["code"], "throttled");
            assert!(answer.head.to_lowercase().contains("retry-after: "), "{path}: {}", answer.head);
            return tries;
        }
        assert!([401, 410, 422].contains(&answer.status.as_u16()), "{path}: {answer:?}");
    }
    panic!("{path} is never slowed down");
}

#[actix_web::test]
async fn every_flow_that_checks_a_secret_is_slowed_down() {
    for (path, body, signed_in) in table() {
        let ground = strict().await;
        let mut who = ground.company("Anna", true, false).await;
        if path.ends_with("/off") {
            who = crate::authenticator::enrolled(&ground, &who).await.0;
        }
        if path.ends_with("/confirm") {
            assert_eq!(ground.post(&who, "/api/v1/auth/second-factor", json!({})).await.status, 200);
        }
        let nobody = Client::default();

        let tries = guess(&ground, if signed_in { &who } else { &nobody }, path, &body).await;

        assert!(tries <= 50, "{path} allows {tries} tries");
    }
}

#[actix_web::test]
async fn the_flows_share_one_counter_per_account() {
    let ground = strict().await;
    let anna = ground.company("Anna", true, false).await;
    let wrong = json!({ "password": "not-the-password" });
    assert_eq!(guess(&ground, &anna, "/api/v1/auth/step-up", &wrong).await, 5);

    // What one flow used up is used up for the others, the right secret included.
    let body = json!({ "current_password": PASSWORD, "password": "seventeen-lamps-by-the-quay" });
    assert_eq!(ground.post(&anna, "/api/v1/auth/password", body).await.status, 429);
    assert_eq!(ground.sign_in(&email_of("Anna"), PASSWORD).await.status, 429);
    ground.wait(2);
    assert_eq!(ground.sign_in(&email_of("Anna"), PASSWORD).await.status, 200);
}

#[actix_web::test]
async fn a_hundred_failures_close_the_password_until_it_is_set_anew() {
    let ground = strict().await;
    ground.company("Anna", true, false).await;
    let known = async |email: &str| {
        let mut looked_at = 0;
        for _ in 0..400 {
            let answer = ground.sign_in(email, "not-the-password").await;
            match answer.status.as_u16() {
                403 => {
                    assert_eq!(answer.json["code"], "identity.reset_needed");
                    return looked_at;
                }
                401 => looked_at += 1,
                _ => ground.wait(901),
            }
        }
        panic!("never closed");
    };

    assert_eq!(known(&email_of("Anna")).await, 100);
    assert_eq!(ground.sign_in(&email_of("Anna"), PASSWORD).await.status, 403);

    ground.post(&Client::default(), "/api/v1/auth/password/forgotten", json!({ "email": email_of("Anna") })).await;
    let token = ground.ticket(&email_of("Anna"), "reset-password").await;
    ground.wait(301); // the network's own brake
    let body = json!({ "token": token, "password": "seventeen-lamps-by-the-quay" });
    assert_eq!(ground.post(&Client::default(), "/api/v1/auth/password/reset", body).await.status, 204);
    assert_eq!(ground.sign_in(&email_of("Anna"), "seventeen-lamps-by-the-quay").await.status, 200);
    assert_eq!(known("nobody@example.com").await, 100, "whether the account exists is not told");
}

#[actix_web::test]
async fn a_mailbox_is_not_flooded_and_asking_for_mail_locks_nobody_out() {
    let ground = strict().await;
    ground.company("Anna", true, false).await;
    let before = ground.mails(&email_of("Anna")).await.len();
    let body = json!({ "email": email_of("Anna") });

    let asked = guess_mails(&ground, &body).await;

    assert!((1..=5).contains(&asked), "{asked}");
    assert_eq!(ground.sign_in(&email_of("Anna"), PASSWORD).await.status, 200);
    tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    assert!(ground.mails(&email_of("Anna")).await.len() - before <= asked);
}

async fn guess_mails(ground: &Ground, body: &Value) -> usize {
    for asked in 0..20 {
        let answer = ground.post(&Client::default(), "/api/v1/auth/password/forgotten", body.clone()).await;
        if answer.status == 429 {
            return asked;
        }
        assert_eq!(answer.status, 202);
    }
    panic!("a mailbox can be flooded");
}
