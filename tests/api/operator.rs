//! The first admin, closed accounts, and the mails an admin may read.

use crate::authenticator::enrolled;
use crate::ground::{Client, Ground, MARKET, OTHER_MARKET, PASSWORD, email_of, ground, hex, strict};
use entrepot::platform::clock::Clock;
use entrepot_domain::kernel::Role;
use serde_json::{Value, json};

const NEW: &str = "seventeen-lamps-by-the-quay";

fn first(token: &str, email: &str) -> Value {
    json!({ "token": token, "email": email, "name": "Ada", "password": NEW })
}

async fn link(ground: &Ground) -> Option<String> {
    let link = ground.identity.offer_first_admin().await.unwrap();
    link.map(|l| l.split_once("/first-admin#").unwrap().1.to_owned())
}

/// An admin of the market with a second factor.
async fn admin(ground: &Ground) -> Client {
    let who = ground.company("Ada", true, false).await;
    ground.verify(&email_of("Ada")).await;
    let who = ground.reseat(&who, MARKET, None, Role::Admin).await;
    enrolled(ground, &who).await.0
}

#[actix_web::test]
async fn the_first_admin_comes_in_by_a_printed_link_once() {
    let ground = strict().await;
    let older = link(&ground).await.unwrap();
    let token = link(&ground).await.unwrap();
    let send = async |token: &str, email: &str| {
        ground.post(&Client::default(), "/api/v1/auth/first-admin", first(token, email)).await
    };
    assert_eq!(send(&older, "ada@example.com").await.status, 410, "a newer start printed another");
    ground.company("Anna", true, false).await;
    assert_eq!(send(&token, &email_of("Anna")).await.json["code"], "identity.email_taken");

    let made = send(&token, "ada@example.com").await;

    assert_eq!((made.status.as_u16(), &made.json["seat"]["role"]), (201, &json!("admin")), "{made:?}");
    assert_eq!(send(&token, "eve@example.com").await.status, 410, "once");
    let ada = ground.moved(&Client::default(), &made).await;
    assert_eq!(ground.get(&ada, "/api/v1/admin/users").await.json["code"], "identity.second_factor_needed");
    let (ada, _, _) = enrolled(&ground, &ada).await;
    assert_eq!(ground.get(&ada, "/api/v1/admin/users").await.status, 200);
    assert_eq!(link(&ground).await, None, "there is an admin now");
}

#[actix_web::test]
async fn the_link_of_the_first_admin_runs_out_and_demo_mode_prints_none() {
    let ground = strict().await;
    let token = link(&ground).await.unwrap();
    ground.wait(3_600);
    let late = ground.post(&Client::default(), "/api/v1/auth/first-admin", first(&token, "ada@example.com")).await;
    assert_eq!(late.status, 410);

    assert_eq!(link(&crate::ground::ground().await).await, None);
}

#[actix_web::test]
async fn an_admin_closes_and_opens_an_account() {
    let ground = strict().await;
    let admin = admin(&ground).await;
    let anna = ground.company("Anna", true, false).await;
    let people = ground.get(&admin, "/api/v1/admin/users").await.json;
    let row = people["items"].as_array().unwrap().iter().find(|p| p["email"] == email_of("Anna")).unwrap().clone();
    assert_eq!((&row["disabled"], &row["second_factor"], &row["own"]), (&json!(false), &json!(false), &json!(false)));
    let path = |what: &str| format!("/api/v1/admin/users/{}/{what}", anna.user);

    assert_eq!(ground.post(&admin, &path("disable"), json!({})).await.status, 204);

    assert_eq!(ground.get(&anna, "/api/v1/auth/me").await.status, 401);
    assert_eq!(ground.post(&anna, "/api/v1/auth/refresh", json!({})).await.status, 401);
    let refused = ground.sign_in(&email_of("Anna"), PASSWORD).await;
    assert_eq!((refused.status.as_u16(), refused.json["code"].as_str()), (401, Some("identity.sign_in_failed")));
    let before = ground.mails(&email_of("Anna")).await.len();
    ground.post(&Client::default(), "/api/v1/auth/password/forgotten", json!({ "email": email_of("Anna") })).await;
    tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    assert_eq!(ground.mails(&email_of("Anna")).await.len(), before, "a closed account gets no link");
    assert_eq!(ground.post(&admin, &path("enable"), json!({})).await.status, 204);
    assert_eq!(ground.sign_in(&email_of("Anna"), PASSWORD).await.status, 200);
}

#[actix_web::test]
async fn nobody_closes_their_own_account_or_one_of_another_market() {
    let ground = strict().await;
    let admin = admin(&ground).await;
    let both = ground.company("Both", true, false).await;
    ground.reseat(&both, OTHER_MARKET, None, Role::Support).await;
    let close = async |user: &str| ground.post(&admin, &format!("/api/v1/admin/users/{user}/disable"), json!({})).await;

    assert_eq!(close(&admin.user).await.json["code"], "identity.own_seat");
    assert_eq!(close(&both.user).await.json["code"], "identity.user_elsewhere");
    assert_eq!(close(&"0".repeat(32)).await.status, 404);
    let other = ground.company("Otto", true, false).await;
    let other = ground.reseat(&other, OTHER_MARKET, None, Role::Admin).await;
    let (other, _, _) = enrolled(&ground, &other).await;
    ground.verify(&email_of("Otto")).await;
    let tried = ground.post(&other, &format!("/api/v1/admin/users/{}/disable", admin.user), json!({})).await;
    assert_eq!(tried.status, 404, "an admin elsewhere does not even see them: {tried:?}");
}

#[actix_web::test]
async fn an_admin_lists_mails_and_opens_one_with_a_recent_proof() {
    let ground = strict().await;
    let admin = admin(&ground).await;
    ground.company("Anna", true, false).await;
    ground.mails(&email_of("Anna")).await;

    let list = ground.get(&admin, "/api/v1/admin/mails?limit=1").await;

    assert_eq!(list.status, 200, "{list:?}");
    let item = list.json["items"][0].clone();
    assert_eq!(
        (&item["kind"], &item["recipient"], &item["state"]),
        (&json!("verify_email"), &json!(email_of("Anna")), &json!("sent"))
    );
    assert!(!list.json.to_string().contains("verify-email#"), "no text in the list");
    let next = format!("/api/v1/admin/mails?limit=1&cursor={}", list.json["next_cursor"].as_str().unwrap());
    assert_ne!(ground.get(&admin, &next).await.json["items"][0]["id"], item["id"]);
    let path = format!("/api/v1/admin/mails/{}", item["id"].as_str().unwrap());
    assert!(ground.get(&admin, &path).await.json["text"].as_str().unwrap().contains("verify-email#"));
    ground.wait(301);
    assert_eq!(ground.get(&admin, &path).await.json["code"], "identity.step_up_needed");
}

#[actix_web::test]
async fn an_admin_reads_no_mail_that_opens_more_than_their_own_market() {
    let ground = strict().await;
    let admin = admin(&ground).await;
    let both = ground.company("Both", true, false).await;
    ground.reseat(&both, OTHER_MARKET, None, Role::Support).await;
    let id = entrepot::platform::rows::query_one(
        ground.state.engine.db().read(),
        "SELECT id FROM mail WHERE recipient = 'both@example.com'",
        vec![],
    );
    let id = entrepot::platform::rows::get_id(&id.await.unwrap().unwrap(), "id").unwrap();

    let list = ground.get(&admin, "/api/v1/admin/mails").await.json.to_string();

    assert!(!list.contains("both@example.com"), "{list}");
    assert_eq!(ground.get(&admin, &format!("/api/v1/admin/mails/{id:032x}")).await.status, 404);
    assert_ne!(hex(&both.user), 0);
}

#[actix_web::test]
async fn the_first_admin_opens_the_first_market_where_there_is_none() {
    let empty = crate::ground::empty(Clock::manual(crate::ground::REAL)).await;
    let token = link(&empty).await.unwrap();
    let nameless = empty.post(&Client::default(), "/api/v1/auth/first-admin", first(&token, "ada@example.com")).await;
    assert_eq!((nameless.status.as_u16(), &nameless.json["errors"][0]["pointer"]), (422, &json!("/market")));
    let mut body = first(&token, "ada@example.com");
    body["market"] = json!("Harbour");

    let made = empty.post(&Client::default(), "/api/v1/auth/first-admin", body).await;

    assert_eq!((made.status.as_u16(), &made.json["seat"]["market"]["name"]), (201, &json!("Harbour")), "{made:?}");
    empty.company("Anna", true, false).await;
}

#[actix_web::test]
async fn demo_mode_shows_its_admin_the_mails_without_a_secret() {
    let ground = ground().await;
    let anna = ground.company("Anna", true, true).await;
    entrepot::identity::demo::ensure_users(&ground.state, MARKET, hex(&anna.company), hex(&anna.company))
        .await
        .unwrap();
    let demo = ground.post(&Client::default(), "/api/v1/auth/demo", json!({ "seat": "admin" })).await;
    let demo = ground.moved(&Client::default(), &demo).await;

    let list = ground.get(&demo, "/api/v1/admin/mails").await;

    assert_eq!(list.status, 200);
    let path = format!("/api/v1/admin/mails/{}", list.json["items"][0]["id"].as_str().unwrap());
    assert_eq!(ground.get(&demo, &path).await.status, 200);
}
