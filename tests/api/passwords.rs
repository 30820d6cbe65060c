//! Passwords: which are taken, changing one, and what a change ends.

use crate::ground::{Client, PASSWORD, cookies, email_of, strict};
use serde_json::json;

const NEW: &str = "seventeen-lamps-by-the-quay";

#[actix_web::test]
async fn a_new_password_ends_the_other_sessions_and_keeps_this_browser_signed_in() {
    let ground = strict().await;
    let desk = ground.company("Anna", true, false).await;
    let signed_in = ground.sign_in(&email_of("Anna"), PASSWORD).await;
    let phone = ground.moved(&Client::default(), &signed_in).await;

    let body = json!({ "current_password": PASSWORD, "password": NEW });
    let changed = ground.post(&phone, "/api/v1/auth/password", body).await;

    assert_eq!(changed.status, 200, "{changed:?}");
    let here = ground.moved(&phone, &changed).await;
    assert_eq!(ground.get(&here, "/api/v1/wallet").await.status, 200);
    // The tokens of before are dead at once, although they would have lived for minutes (G21).
    assert_eq!(ground.get(&phone, "/api/v1/wallet").await.status, 401);
    assert_eq!(ground.get(&desk, "/api/v1/wallet").await.status, 401);
    assert_eq!(ground.post(&desk, "/api/v1/auth/refresh", json!({})).await.status, 401);
    assert_eq!(ground.sign_in(&email_of("Anna"), PASSWORD).await.status, 401);
    assert_eq!(ground.sign_in(&email_of("Anna"), NEW).await.status, 200);
    let told = ground.mails(&email_of("Anna")).await;
    assert!(
        told.iter().any(|text| text.contains("a new password was set") && text.contains("已设置新密码")),
        "{told:?}"
    );
}

#[actix_web::test]
async fn the_old_password_must_be_right_and_the_new_one_strong() {
    let ground = strict().await;
    let anna = ground.company("Anna", true, false).await;
    for (current, new, pointer, code) in [
        ("not-the-password-of-anna", NEW, "/current_password", "identity.proof_wrong"),
        (PASSWORD, "fourteen chars", "/password", "identity.password_short"),
        (PASSWORD, "password12345678", "/password", "identity.password_common"),
        (PASSWORD, "anna@example.com", "/password", "identity.password_common"),
        (PASSWORD, "Owner of Anna 1", "/password", "identity.password_common"),
        (PASSWORD, &"long password ".repeat(20), "/password", "identity.password_long"),
    ] {
        let body = json!({ "current_password": current, "password": new });
        let refused = ground.post(&anna, "/api/v1/auth/password", body).await;
        assert_eq!(refused.status, 422, "{new}: {refused:?}");
        assert_eq!(refused.json["errors"][0]["pointer"], pointer, "{new}");
        assert_eq!(refused.json["errors"][0]["code"], code, "{new}");
        assert!(cookies(&refused).is_empty());
    }
    assert_eq!(ground.get(&anna, "/api/v1/wallet").await.status, 200, "nothing happened");
    assert_eq!(ground.sign_in(&email_of("Anna"), PASSWORD).await.status, 200);
}

#[actix_web::test]
async fn a_company_name_is_no_password() {
    let ground = strict().await;
    let body = json!({
        "email": "zoe@example.com", "password": "harbour lights ltd 1", "name": "Zoe",
        "company": { "name": "Harbour Lights Ltd", "country": "DE", "registration_number": "1", "buys": true, "sells": false },
    });

    let refused = ground.post(&Client::default(), "/api/v1/auth/sign-up", body).await;

    assert_eq!(
        (refused.status.as_u16(), &refused.json["errors"][0]["code"]),
        (422, &json!("identity.password_common"))
    );
}

#[actix_web::test]
async fn a_password_is_the_same_on_every_keyboard_and_long_ones_count_whole() {
    let ground = strict().await;
    let anna = ground.company("Anna", true, false).await;
    let long = format!("{}ü9", "otters sleep at the quay, ".repeat(8));
    let body = json!({ "current_password": PASSWORD, "password": long });
    assert_eq!(ground.post(&anna, "/api/v1/auth/password", body).await.status, 200);

    // NFKC: u with a combining diaeresis, and a full-width nine.
    let typed = long.replace('ü', "u\u{308}").replace('9', "\u{ff19}");
    assert_eq!(ground.sign_in(&email_of("Anna"), &typed).await.status, 200);
    assert_eq!(ground.sign_in(&email_of("Anna"), &long[..long.len() - 1]).await.status, 401);
}
