//! The list of sessions, and what ends them.

use crate::ground::{Client, PASSWORD, email_of, ground, strict};
use serde_json::{Value, json};

async fn ids(ground: &crate::ground::Ground, who: &Client) -> Vec<(String, bool)> {
    let list = ground.get(who, "/api/v1/auth/sessions").await;
    assert_eq!(list.status, 200, "{list:?}");
    let items = list.json["items"].as_array().unwrap().clone();
    items.iter().map(|s| (s["id"].as_str().unwrap().to_owned(), s["current"] == json!(true))).collect()
}

#[actix_web::test]
async fn a_user_sees_their_sessions_and_ends_one() {
    let ground = strict().await;
    let desk = ground.company("Anna", true, false).await;
    ground.wait(60);
    let signed_in = ground.sign_in(&email_of("Anna"), PASSWORD).await;
    let phone = ground.moved(&Client::default(), &signed_in).await;

    let seen = ids(&ground, &phone).await;
    assert_eq!(seen.iter().map(|(_, current)| *current).collect::<Vec<_>>(), [true, false]);
    let list = ground.get(&phone, "/api/v1/auth/sessions").await.json;
    assert_eq!(list["items"][0]["network"], "127.0.0.0/24");
    assert!(list["items"][0]["created_at"].as_str().unwrap().ends_with('Z'), "{list}");
    assert!(!list.to_string().contains("hash"), "{list}");

    let ended = ground.delete(&phone, &format!("/api/v1/auth/sessions/{}", seen[1].0)).await;

    assert_eq!(ended.status, 204);
    assert_eq!(ground.get(&desk, "/api/v1/auth/me").await.status, 401);
    assert_eq!(ground.post(&desk, "/api/v1/auth/refresh", json!({})).await.status, 401);
    assert_eq!(ids(&ground, &phone).await.len(), 1);
    assert_eq!(ground.delete(&phone, &format!("/api/v1/auth/sessions/{}", seen[1].0)).await.status, 404);
}

#[actix_web::test]
async fn nobody_ends_or_sees_the_session_of_somebody_else() {
    let ground = ground().await;
    let (anna, bert) = (ground.company("Anna", true, false).await, ground.company("Bert", true, false).await);
    let own = ids(&ground, &anna).await;

    let tried = ground.delete(&bert, &format!("/api/v1/auth/sessions/{}", own[0].0)).await;

    assert_eq!((tried.status.as_u16(), tried.json["code"].as_str()), (404, Some("not_found")));
    assert!(ids(&ground, &bert).await.iter().all(|s| *s != own[0]));
    assert_eq!(ground.get(&anna, "/api/v1/auth/me").await.status, 200);
}

#[actix_web::test]
async fn signing_out_everywhere_ends_every_session_and_every_token() {
    let ground = ground().await;
    let desk = ground.company("Anna", true, false).await;
    let signed_in = ground.sign_in(&email_of("Anna"), PASSWORD).await;
    let phone = ground.moved(&Client::default(), &signed_in).await;

    assert_eq!(ground.post(&phone, "/api/v1/auth/sign-out-everywhere", json!({})).await.status, 204);

    for who in [&desk, &phone] {
        assert_eq!(ground.get(who, "/api/v1/wallet").await.status, 401);
        assert_eq!(ground.post(who, "/api/v1/auth/refresh", Value::Null).await.status, 401);
    }
}
