//! Sensitive steps ask for a secret that was shown at most five minutes ago.

use crate::authenticator::{code, enrolled};
use crate::ground::{Answer, Client, Ground, PASSWORD, email_of, ground, pay_in, strict};
use serde_json::{Value, json};

async fn withdraw(ground: &Ground, who: &Client, key: &str) -> Answer {
    let body = json!({ "amount": { "minor": "100", "currency": "USD" } });
    ground.post_with_key(who, "/api/v1/wallet/withdrawals", body, key).await
}

async fn show(ground: &Ground, who: &Client, secret: Value) -> Answer {
    ground.post(who, "/api/v1/auth/step-up", secret).await
}

fn asks(answer: &Answer) -> bool {
    answer.status == 403 && answer.json["code"] == "identity.step_up_needed"
}

#[actix_web::test]
async fn a_payout_asks_for_the_password_again_after_five_minutes() {
    let ground = strict().await;
    let anna = ground.company("Anna", true, true).await;
    ground.verify(&email_of("Anna")).await;
    ground.wait(300);
    assert_eq!(
        withdraw(&ground, &anna, "a").await.json["code"],
        "wallet.insufficient_funds",
        "fresh: only the wallet refuses"
    );
    ground.wait(1);
    let refused = withdraw(&ground, &anna, "b").await;
    assert!(asks(&refused), "{refused:?}");
    assert_eq!(refused.json["params"], json!({ "password": "true", "code": "false" }));

    let wrong = show(&ground, &anna, json!({ "password": "not-the-password" })).await;
    assert_eq!((wrong.status.as_u16(), wrong.json["code"].as_str()), (422, Some("identity.proof_wrong")));
    assert!(asks(&withdraw(&ground, &anna, "b").await));
    assert_eq!(show(&ground, &anna, json!({ "password": PASSWORD })).await.status, 200);

    assert_eq!(withdraw(&ground, &anna, "b").await.json["code"], "wallet.insufficient_funds", "the same key goes on");
}

#[actix_web::test]
async fn a_code_is_as_good_as_the_password_and_counts_for_its_own_session_only() {
    let ground = strict().await;
    let anna = ground.company("Anna", true, true).await;
    ground.verify(&email_of("Anna")).await;
    let (here, secret, codes) = enrolled(&ground, &anna).await;
    let body = json!({ "email": email_of("Anna"), "password": PASSWORD, "code": codes[0] });
    let other = ground.post(&Client::default(), "/api/v1/auth/sign-in", body).await;
    let other = ground.moved(&Client::default(), &other).await;
    ground.wait(301);

    let shown = show(&ground, &here, json!({ "code": code(&ground, &secret) })).await;

    assert_eq!(shown.status, 200, "{shown:?}");
    assert!(!asks(&withdraw(&ground, &here, "a").await));
    assert!(asks(&withdraw(&ground, &other, "a").await), "another session shows its own");
    assert_eq!(show(&ground, &here, json!({ "code": code(&ground, &secret) })).await.status, 422, "used");
    for odd in [json!({}), json!({ "code": "1", "password": "2" })] {
        assert_eq!(show(&ground, &here, odd).await.status, 422);
    }
}

#[actix_web::test]
async fn an_unverified_address_pays_nothing_out_outside_demo_mode() {
    let ground = strict().await;
    let anna = ground.company("Anna", true, true).await;

    let refused = withdraw(&ground, &anna, "a").await;

    assert_eq!((refused.status.as_u16(), refused.json["code"].as_str()), (403, Some("identity.email_unverified")));
    ground.verify(&email_of("Anna")).await;
    assert_eq!(withdraw(&ground, &anna, "a").await.json["code"], "wallet.insufficient_funds");
}

#[actix_web::test]
async fn a_demo_user_has_no_secret_and_is_asked_for_none() {
    let ground = ground().await;
    let anna = ground.company("Anna", true, true).await;
    let company = crate::ground::hex(&anna.company);
    entrepot::identity::demo::ensure_users(&ground.state, crate::ground::MARKET, company, company).await.unwrap();
    let demo = ground.post(&Client::default(), "/api/v1/auth/demo", json!({ "seat": "seller" })).await;
    let demo = ground.moved(&Client::default(), &demo).await;
    let sql = "UPDATE session SET proved_at = 0";
    entrepot::platform::rows::execute(ground.state.engine.db().write(), sql, vec![]).await.unwrap();
    tokio::time::sleep(std::time::Duration::from_millis(1_100)).await;

    assert_eq!(withdraw(&ground, &demo, "a").await.json["code"], "wallet.insufficient_funds");
    assert!(asks(&withdraw(&ground, &anna, "a").await), "somebody with a password is asked");
}

#[actix_web::test]
async fn a_large_release_asks_and_a_small_one_does_not() {
    for (threshold, asked) in [("10000", false), ("1", true)] {
        let ground = crate::ground::ground_with(
            &["--demo", "--step-up-release", threshold],
            entrepot::platform::clock::Clock::manual(crate::ground::REAL),
        )
        .await;
        let (buyer, seller) = (ground.company("Buyer", true, false).await, ground.company("Seller", false, true).await);
        pay_in(&ground, &buyer, "1100000").await;
        let order = delivered(&ground, &buyer, &seller).await;
        ground.wait(301);

        let accepted = ground.step(&buyer, &order, "shipment.accept", json!({ "shipment": 1 })).await;

        assert_eq!(asks(&accepted), asked, "{threshold}: {accepted:?}");
        if asked {
            assert_eq!(show(&ground, &buyer, json!({ "password": PASSWORD })).await.status, 200);
            let repeated = ground.step(&buyer, &order, "shipment.accept", json!({ "shipment": 1 })).await;
            assert_eq!(repeated.status, 200, "{repeated:?}");
        } else {
            assert_eq!(accepted.status, 200, "{accepted:?}");
        }
    }
}

/// An order whose first shipment waits for acceptance.
async fn delivered(ground: &Ground, buyer: &Client, seller: &Client) -> String {
    let order = crate::ground::agreed(ground, buyer, seller).await;
    for (who, name, params) in [
        (buyer, "stage.fund", json!({ "stage": 1, "method": "tt" })),
        (seller, "shipment.ready", json!({ "shipment": 1 })),
    ] {
        let answer = ground.step(who, &order, name, params).await;
        assert!(answer.status.is_success() || answer.status == 409 || answer.status == 422, "{name}: {answer:?}");
    }
    let answer = ground.step(buyer, &order, "stage.fund", json!({ "stage": 2, "method": "tt" })).await;
    assert!(answer.status.is_success(), "{answer:?}");
    let dispatch = json!({ "shipment": 1, "carrier": "C", "tracking_no": "T-1", "documents": ["a"], "eta_days": 5 });
    let answer = ground.step(seller, &order, "shipment.dispatch", dispatch).await;
    assert!(answer.status.is_success(), "{answer:?}");
    ground.days(8).await;
    order
}
