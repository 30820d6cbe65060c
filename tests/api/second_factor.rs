//! The second factor: enrolment, single use, recovery, and the roles that cannot do without.

use crate::authenticator::{code, code_at, enrolled};
use crate::ground::{Answer, Client, Ground, MARKET, PASSWORD, email_of, ground, strict};
use entrepot_domain::kernel::Role;
use serde_json::{Value, json};

async fn enter(ground: &Ground, code: Value) -> Answer {
    let body = json!({ "email": email_of("Anna"), "password": PASSWORD, "code": code });
    ground.post(&Client::default(), "/api/v1/auth/sign-in", body).await
}

#[actix_web::test]
async fn sign_in_asks_for_the_code_and_takes_each_code_once() {
    let ground = strict().await;
    let anna = ground.company("Anna", true, false).await;
    let other = ground.sign_in(&email_of("Anna"), PASSWORD).await;
    let other = ground.moved(&Client::default(), &other).await;
    let (here, secret, _) = enrolled(&ground, &anna).await;

    assert_eq!(ground.get(&here, "/api/v1/auth/me").await.json["security"]["second_factor"], json!(true));
    assert_eq!(ground.get(&other, "/api/v1/auth/me").await.status, 401, "other sessions end");
    assert_eq!(enter(&ground, Value::Null).await.json["code"], "identity.code_needed");
    assert_eq!(
        enter(&ground, json!(code(&ground, &secret))).await.json["code"],
        "identity.code_wrong",
        "used to confirm"
    );

    ground.wait(60);
    let now = code(&ground, &secret);
    assert_eq!(enter(&ground, json!(now)).await.status, 200);
    assert_eq!(enter(&ground, json!(now)).await.json["code"], "identity.code_wrong", "once");
    assert_eq!(enter(&ground, json!("000000")).await.status, 401);
    let told = ground.mails(&email_of("Anna")).await;
    assert!(told.iter().any(|text| text.contains("a second factor was turned on")), "{told:?}");
}

#[actix_web::test]
async fn a_code_counts_one_step_early_or_late() {
    let ground = strict().await;
    let anna = ground.company("Anna", true, false).await;
    let (_, secret, _) = enrolled(&ground, &anna).await;
    ground.wait(300);
    let now = ground.state.engine.clock().now();

    for (offset, status) in [(-60, 401), (60, 401), (-30, 200), (30, 200)] {
        let answer = enter(&ground, json!(code_at(&secret, now + offset * 1_000_000))).await;
        assert_eq!(answer.status, status, "{offset} s: {answer:?}");
    }
    assert_eq!(enter(&ground, json!(code_at(&secret, now))).await.status, 401, "older than one already used");
}

#[actix_web::test]
async fn recovery_codes_work_once_each_and_are_replaced_whole() {
    let ground = strict().await;
    let anna = ground.company("Anna", true, false).await;
    let (_, _, codes) = enrolled(&ground, &anna).await;
    assert_eq!(codes.len(), 10);

    let entered = enter(&ground, json!(codes[0].to_lowercase().replace('-', " "))).await;
    assert_eq!(entered.status, 200, "{entered:?}");
    assert_eq!(entered.json["security"]["recovery_codes_left"], json!(9));
    assert_eq!(enter(&ground, json!(codes[0])).await.status, 401, "once");
    let here = ground.moved(&Client::default(), &entered).await;
    let renewed = ground.post(&here, "/api/v1/auth/second-factor/recovery-codes", json!({})).await;
    assert_eq!(renewed.status, 200);

    assert_eq!(enter(&ground, json!(codes[1])).await.status, 401, "an old one");
    assert_eq!(enter(&ground, renewed.json["codes"][0].clone()).await.status, 200);
}

#[actix_web::test]
async fn a_seed_counts_only_after_its_first_code_and_the_old_one_until_then() {
    let ground = strict().await;
    let anna = ground.company("Anna", true, false).await;
    let drawn = ground.post(&anna, "/api/v1/auth/second-factor", json!({})).await;
    let uri = drawn.json["uri"].as_str().unwrap();
    assert!(uri.starts_with("otpauth://totp/Entrepot:anna@example.com?secret="), "{uri}");
    assert_eq!(ground.sign_in(&email_of("Anna"), PASSWORD).await.status, 200, "not confirmed");
    let wrong = ground.post(&anna, "/api/v1/auth/second-factor/confirm", json!({ "code": "000000" })).await;
    assert_eq!((wrong.status.as_u16(), wrong.json["code"].as_str()), (422, Some("identity.proof_wrong")));

    let (here, first, _) = enrolled(&ground, &anna).await;
    ground.post(&here, "/api/v1/auth/second-factor", json!({})).await;
    ground.wait(60);
    assert_eq!(
        enter(&ground, json!(code(&ground, &first))).await.status,
        200,
        "the old app until the new one is confirmed"
    );
    let (_, second, _) = enrolled(&ground, &here).await;
    ground.wait(60);
    assert_eq!(enter(&ground, json!(code(&ground, &first))).await.status, 401);
    assert_eq!(enter(&ground, json!(code(&ground, &second))).await.status, 200);
}

#[actix_web::test]
async fn turning_it_off_takes_the_password_and_a_password_that_stands_alone() {
    let ground = strict().await;
    let anna = ground.company("Anna", true, false).await;
    let (here, _, _) = enrolled(&ground, &anna).await;
    let off = async |who: &Client, password: &str| {
        ground.post(who, "/api/v1/auth/second-factor/off", json!({ "password": password })).await
    };
    assert_eq!(off(&here, "not-the-password").await.status, 422);
    let body = json!({ "current_password": PASSWORD, "password": "otterly9" });
    let shorter = ground.post(&here, "/api/v1/auth/password", body).await;
    let here = ground.moved(&here, &shorter).await;
    let refused = off(&here, "otterly9").await;
    assert_eq!((refused.status.as_u16(), &refused.json["errors"][0]["code"]), (422, &json!("identity.password_short")));

    let body = json!({ "current_password": "otterly9", "password": PASSWORD });
    let longer = ground.post(&here, "/api/v1/auth/password", body).await;
    let here = ground.moved(&here, &longer).await;
    assert_eq!(off(&here, PASSWORD).await.status, 200);
    assert_eq!(ground.sign_in(&email_of("Anna"), PASSWORD).await.status, 200);
}

#[actix_web::test]
async fn privileged_roles_do_nothing_without_it_outside_demo_mode() {
    let ground = strict().await;
    for role in [Role::Admin, Role::CreditAdmin, Role::Teacher] {
        let name = format!("Person {role}");
        let who = ground.company(&name, true, false).await;
        let who = ground.reseat(&who, MARKET, None, role).await;
        for (method, path) in
            [("GET", "/api/v1/admin/trial-balance"), ("GET", "/api/v1/orders"), ("POST", "/api/v1/market/clock")]
        {
            let answer = ground.send(&who, method.parse().unwrap(), path, b"{}", &[]).await;
            assert_eq!(
                (answer.status.as_u16(), answer.json["code"].as_str()),
                (403, Some("identity.second_factor_needed")),
                "{path}"
            );
        }
        assert_eq!(ground.get(&who, "/api/v1/auth/me").await.json["security"]["second_factor_needed"], json!(true));

        let (who, _, _) = enrolled(&ground, &who).await;

        assert_eq!(ground.get(&who, "/api/v1/admin/trial-balance").await.status, 200, "{role}");
        assert_eq!(ground.get(&who, "/api/v1/auth/me").await.json["security"]["second_factor_needed"], json!(false));
        let off = ground.post(&who, "/api/v1/auth/second-factor/off", json!({ "password": PASSWORD })).await;
        assert_eq!((off.status.as_u16(), off.json["code"].as_str()), (409, Some("identity.second_factor_mandatory")));
    }
}

#[actix_web::test]
async fn demo_mode_asks_no_admin_for_it() {
    let ground = ground().await;
    let who = ground.company("Anna", true, false).await;
    let who = ground.reseat(&who, MARKET, None, Role::Admin).await;

    assert_eq!(ground.get(&who, "/api/v1/admin/trial-balance").await.status, 200);
}

#[actix_web::test]
async fn a_seed_lies_in_the_database_encrypted() {
    let ground = strict().await;
    let anna = ground.company("Anna", true, false).await;
    let (_, secret, codes) = enrolled(&ground, &anna).await;

    let plain = crate::authenticator::seed(&secret);
    for bytes in ground.bytes_on_disk() {
        for needle in [plain.as_slice(), secret.as_bytes(), codes[0].as_bytes()] {
            assert!(!bytes.windows(needle.len()).any(|w| w == needle));
        }
    }
}
