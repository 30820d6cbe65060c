//! The language of letters: the one a person chose last, and both while they chose none.

use crate::ground::{Answer, Client, Ground, PASSWORD, email_of, ground};
use actix_web::http::Method;
use serde_json::{Value, json};

const NEW: &str = "a-second-password-of-anna-2";

async fn choose(ground: &Ground, who: &Client, body: Value) -> Answer {
    let extra = [("Content-Type", "application/json")];
    ground.send(who, Method::PUT, "/api/v1/auth/language", body.to_string().as_bytes(), &extra).await
}

/// The letter that a forgotten password leads to; waits a little for it.
async fn forgotten(ground: &Ground, before: usize) -> (String, usize) {
    let body = json!({ "email": email_of("Anna") });
    let asked = ground.post(&Client::default(), "/api/v1/auth/password/forgotten", body).await;
    assert!(asked.status.is_success(), "{asked:?}");
    for _ in 0..100 {
        let mails = ground.mails(&email_of("Anna")).await;
        if mails.len() > before {
            return (mails.last().unwrap().clone(), mails.len());
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("no letter");
}

#[actix_web::test]
async fn letters_come_in_the_language_chosen_last_and_in_both_before_any() {
    let ground = ground().await;
    let anna = ground.company("Anna", true, false).await;
    let (both, mut letters) = forgotten(&ground, ground.mails(&email_of("Anna")).await.len()).await;
    assert!(both.contains("Hello ") && both.contains("您好"), "{both}");
    for (language, there, absent) in [("zh", "您好", "Hello "), ("en", "Hello ", "您好")] {
        assert_eq!(choose(&ground, &anna, json!({ "language": language })).await.status, 204);
        ground.wait(3_600);
        let (letter, now) = forgotten(&ground, letters).await;
        letters = now;
        assert!(letter.contains(there) && !letter.contains(absent), "{language}: {letter}");
        assert!(letter.contains("http"), "the link is there in either language: {letter}");
    }
}

#[actix_web::test]
async fn only_the_two_languages_are_taken_and_a_change_of_the_account_is_told_in_it() {
    let ground = ground().await;
    let anna = ground.company("Anna", true, false).await;
    for body in [json!({ "language": "fr" }), json!({ "language": "" }), json!({ "tongue": "en" }), json!({})] {
        assert_eq!(choose(&ground, &anna, body).await.status, 422);
    }
    assert_eq!(choose(&ground, &Client::default(), json!({ "language": "en" })).await.status, 401);
    assert_eq!(choose(&ground, &anna, json!({ "language": "zh" })).await.status, 204);
    let body = json!({ "current_password": PASSWORD, "password": NEW });
    let changed = ground.post(&anna, "/api/v1/auth/password", body).await;
    assert!(changed.status.is_success(), "{changed:?}");
    let mails = ground.mails(&email_of("Anna")).await;
    let told = mails.iter().find(|text| text.contains("已设置新密码")).unwrap();
    assert!(!told.contains("a new password was set"), "{told}");
}
