//! Each security event is written once, with who, what, where and outcome (ASVS 16.3).

use crate::authenticator::{code, enrolled};
use crate::book;
use crate::ground::{Client, Ground, MARKET, PASSWORD, email_of, strict};
use entrepot_domain::kernel::Role;
use serde_json::{Value, json};

/// The security events that name a user, as `event outcome what`.
fn of(user: &str) -> Vec<String> {
    let mine = |line: &Value| line["target"] == "security" && line["fields"]["user.id"] == user;
    book::lines(mine).iter().map(shown).collect()
}

fn shown(line: &Value) -> String {
    let word = |name: &str| line["fields"][name].as_str().unwrap_or("missing").to_owned();
    format!("{} {} {}", word("security.event"), word("outcome"), word("what")).trim_end().to_owned()
}

/// The events written while `work` ran that name nobody.
fn nameless(before: usize) -> Vec<String> {
    let nobody = "0".repeat(32);
    let all = book::lines(|line| line["target"] == "security" && line["fields"]["user.id"] == nobody.as_str());
    all.iter().skip(before).map(shown).collect()
}

async fn admin(ground: &Ground, name: &str) -> Client {
    let who = ground.company(name, true, false).await;
    ground.verify(&email_of(name)).await;
    let who = ground.reseat(&who, MARKET, None, Role::Admin).await;
    enrolled(ground, &who).await.0
}

#[actix_web::test]
async fn what_a_user_does_with_their_account_is_written_once_each() {
    book::open();
    let ground = strict().await;
    let who = ground.company("Event one", true, true).await;
    let email = email_of("Event one");
    ground.verify(&email).await;
    let (who, seed, codes) = enrolled(&ground, &who).await;
    assert_eq!(ground.post(&who, "/api/v1/auth/step-up", json!({ "password": "not-the-password" })).await.status, 422);
    assert_eq!(ground.post(&who, "/api/v1/auth/step-up", json!({ "code": codes[0] })).await.status, 200);
    assert_eq!(ground.post(&who, "/api/v1/auth/second-factor/recovery-codes", json!({})).await.status, 200);
    ground.wait(60);
    let body = json!({ "email": email, "password": PASSWORD, "code": code(&ground, &seed) });
    assert_eq!(ground.post(&Client::default(), "/api/v1/auth/sign-in", body).await.status, 200);
    let change = json!({ "current_password": PASSWORD, "password": "another-quiet-harbour-lamp" });
    let changed = ground.post(&who, "/api/v1/auth/password", change).await;
    assert_eq!(changed.status, 200, "{changed:?}");
    let here = ground.moved(&who, &changed).await;
    let off = json!({ "password": "another-quiet-harbour-lamp" });
    let turned = ground.post(&here, "/api/v1/auth/second-factor/off", off).await;
    assert_eq!(turned.status, 200, "{turned:?}");
    let here = ground.moved(&here, &turned).await;
    assert_eq!(ground.get(&here, "/api/v1/admin/users").await.status, 403);
    assert_eq!(ground.post(&here, "/api/v1/auth/sign-out", json!({})).await.status, 204);

    assert_eq!(
        of(&who.user),
        [
            "sign_up succeeded",
            "email_verified succeeded",
            "second_factor_on succeeded",
            "step_up failed identity.proof_wrong",
            "recovery_code_used succeeded",
            "step_up succeeded",
            "recovery_codes_renewed succeeded",
            "sign_in succeeded",
            "password_change succeeded",
            "second_factor_off succeeded",
            "denied failed user.list",
            "sign_out succeeded",
        ]
    );
}

#[actix_web::test]
async fn failed_and_throttled_sign_ins_and_other_sites_are_written_without_a_name() {
    book::open();
    let ground = strict().await;
    ground.company("Event two", true, true).await;
    let count = || nameless(0).len();
    let before = count();
    let mut answers = Vec::new();
    for _ in 0..7 {
        answers.push(ground.sign_in(&email_of("Event two"), "wrong-wrong-wrong-wrong").await.status.as_u16());
    }
    let foreign = [("Sec-Fetch-Site", "cross-site"), ("Content-Type", "application/json")];
    let refused =
        ground.send(&Client::default(), actix_web::http::Method::POST, "/api/v1/auth/sign-out", b"{}", &foreign).await;
    assert_eq!(refused.status, 403);

    // Other tests write nameless events too; these are looked for among them.
    let events = nameless(before);
    let failed = events.iter().filter(|e| *e == "sign_in failed identity.sign_in_failed").count();
    let throttled = events.iter().filter(|e| *e == "sign_in throttled throttled").count();
    let of_status = |status: u16| answers.iter().filter(|s| **s == status).count();
    assert!(of_status(401) > 3 && of_status(429) > 0, "{answers:?}");
    assert!(failed >= of_status(401) && throttled >= of_status(429), "{events:?}");
    assert!(events.iter().any(|e| e == "cross_site failed"), "{events:?}");
}

#[actix_web::test]
async fn what_admins_do_is_written_with_whom_it_concerned() {
    book::open();
    let ground = strict().await;
    let ada = admin(&ground, "Event three").await;
    let bob = ground.company("Event four", true, true).await;
    let close = |what: &str| format!("/api/v1/admin/users/{}/{what}", bob.user);
    assert_eq!(ground.post(&ada, &close("disable"), json!({})).await.status, 204);
    assert_eq!(ground.post(&ada, &close("enable"), json!({})).await.status, 204);
    let era = ground.post(&ada, "/api/v1/market/clock", json!({ "action": "advance", "by": "1h" })).await;
    let mails = ground.get(&ada, "/api/v1/admin/mails").await;
    let mail = mails.json["items"][0]["id"].as_str().unwrap().to_owned();
    assert_eq!(ground.get(&ada, &format!("/api/v1/admin/mails/{mail}")).await.status, 200);

    let events = of(&ada.user);
    for wanted in [
        format!("account_closed succeeded {}", bob.user),
        format!("account_opened succeeded {}", bob.user),
        format!("mail_read succeeded {mail}"),
    ] {
        assert_eq!(events.iter().filter(|e| **e == wanted).count(), 1, "{wanted} in {events:?}");
    }
    assert_eq!(era.status, 200, "{era:?}");
    assert!(events.iter().any(|e| e == "privileged_act succeeded clock.advance"), "{events:?}");
}

#[actix_web::test]
async fn each_event_says_who_what_when_where_and_with_which_outcome() {
    book::open();
    let ground = strict().await;
    let who = ground.company("Event five", true, true).await;

    let line = &book::lines(|line| line["target"] == "security" && line["fields"]["user.id"] == who.user.as_str())[0];

    assert!(line["timestamp"].as_str().unwrap().ends_with('Z'), "{line}");
    assert_eq!(line["fields"]["network"], "net:127.0.0.0/24");
    assert_eq!(line["fields"]["outcome"], "succeeded");
    assert_eq!(line["fields"]["correlation.id"].as_str().unwrap().len(), 32);
}
