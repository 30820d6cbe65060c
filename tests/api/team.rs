//! Colleagues: invitations, roles, seats taken away.

use crate::authenticator::enrolled;
use crate::ground::{Answer, Client, Ground, MARKET, PASSWORD, email_of, ground, hex, strict};
use entrepot_domain::kernel::Role;
use serde_json::{Value, json};

const INVITED: &str = "carl@example.com";

async fn invite(ground: &Ground, who: &Client, email: &str, role: &str) -> Answer {
    ground.post(who, "/api/v1/team/invitations", json!({ "email": email, "role": role })).await
}

async fn accept(ground: &Ground, who: &Client, token: &str) -> Answer {
    let body = json!({ "token": token, "name": "Carl", "password": "carl-rows-across-the-bay" });
    ground.post(who, "/api/v1/auth/invitation/accept", body).await
}

/// Anna, who owns a company and has verified her address.
async fn anna(ground: &Ground) -> Client {
    let anna = ground.company("Anna", true, true).await;
    ground.verify(&email_of("Anna")).await;
    anna
}

#[actix_web::test]
async fn a_colleague_comes_in_by_mail_with_the_role_offered() {
    let ground = strict().await;
    let anna = anna(&ground).await;
    let sent = invite(&ground, &anna, "Carl@Example.com", "trader").await;
    assert_eq!(
        (sent.status.as_u16(), &sent.json["email"], &sent.json["role"]),
        (201, &json!(INVITED), &json!("trader"))
    );
    assert!(!sent.json.to_string().contains("token"));
    let token = ground.ticket(INVITED, "invitation").await;
    let offer = ground.post(&Client::default(), "/api/v1/auth/invitation", json!({ "token": token })).await.json;
    assert_eq!(
        offer,
        json!({ "email": INVITED, "role": "trader", "place": "Anna", "inviter": "Owner of Anna", "account": false })
    );

    let taken = accept(&ground, &Client::default(), &token).await;

    assert_eq!(taken.status, 200, "{taken:?}");
    let carl = ground.moved(&Client::default(), &taken).await;
    assert_eq!((carl.company.as_str(), &taken.json["seat"]["role"]), (anna.company.as_str(), &json!("trader")));
    assert_eq!(taken.json["security"]["email_verified"], json!(true));
    assert_eq!(accept(&ground, &Client::default(), &token).await.status, 410, "once");
    let team = ground.get(&anna, "/api/v1/team").await.json;
    let names: Vec<&str> = team["items"].as_array().unwrap().iter().map(|m| m["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["Carl", "Owner of Anna"]);
    assert_eq!(ground.get(&anna, "/api/v1/team/invitations").await.json["items"], json!([]));
    let again = invite(&ground, &anna, INVITED, "viewer").await;
    assert_eq!(again.json["code"], "identity.already_member");
    // The grant stands in the log in the name of who invited.
    let sql = "SELECT COUNT(*) FROM event WHERE step = 'seat.grant' AND actor_role = 'owner'";
    let row = entrepot::platform::rows::query_one(ground.state.engine.db().read(), sql, vec![]).await.unwrap().unwrap();
    assert_eq!(row.try_get_by_index::<i64>(0).unwrap(), 1);
}

#[actix_web::test]
async fn somebody_with_an_account_signs_in_to_accept_and_nobody_accepts_for_another() {
    let ground = strict().await;
    let anna = anna(&ground).await;
    let (bert, cora) = (ground.company("Bert", true, false).await, ground.company("Cora", true, false).await);
    assert_eq!(invite(&ground, &anna, &email_of("Bert"), "finance").await.status, 201);
    let token = ground.ticket(&email_of("Bert"), "invitation").await;

    assert_eq!(accept(&ground, &Client::default(), &token).await.json["code"], "identity.sign_in_first");
    assert_eq!(accept(&ground, &cora, &token).await.json["code"], "identity.invited_other");
    let taken = accept(&ground, &bert, &token).await;

    assert_eq!(taken.status, 200, "{taken:?}");
    assert_eq!(taken.json["seats"].as_array().unwrap().len(), 2);
    assert_eq!(
        (&taken.json["seat"]["role"], &taken.json["user"]["name"]),
        (&json!("finance"), &json!("Owner of Bert"))
    );
}

#[actix_web::test]
async fn an_invitation_ends_when_withdrawn_renewed_run_out_or_its_inviter_lost_the_right() {
    let ground = strict().await;
    let anna = anna(&ground).await;
    let first = invite(&ground, &anna, INVITED, "viewer").await;
    let withdrawn = ground.ticket(INVITED, "invitation").await;
    let path = format!("/api/v1/team/invitations/{}", first.json["id"].as_str().unwrap());
    let stranger = ground.company("Bert", true, false).await;
    assert_eq!(ground.delete(&stranger, &path).await.status, 404);
    assert_eq!(ground.delete(&anna, &path).await.status, 204);
    assert_eq!(accept(&ground, &Client::default(), &withdrawn).await.status, 410);

    ground.wait(2);
    invite(&ground, &anna, INVITED, "viewer").await;
    let renewed = ground.ticket(INVITED, "invitation").await;
    ground.wait(2);
    invite(&ground, &anna, INVITED, "trader").await;
    assert_eq!(accept(&ground, &Client::default(), &renewed).await.status, 410, "a newer one replaced it");

    let newest = ground.ticket(INVITED, "invitation").await;
    let seat = hex(ground.get(&anna, "/api/v1/auth/me").await.json["seat"]["id"].as_str().unwrap());
    let system = entrepot::platform::access::Actor::system(MARKET);
    let demote = entrepot::identity::ChangeRole { id: seat, role: Role::Viewer };
    ground.state.engine.execute(entrepot::platform::engine::Request::new(system.clone(), demote)).await.unwrap();
    assert_eq!(accept(&ground, &Client::default(), &newest).await.status, 410, "the inviter is no owner any more");
    let promote = entrepot::identity::ChangeRole { id: seat, role: Role::Owner };
    ground.state.engine.execute(entrepot::platform::engine::Request::new(system, promote)).await.unwrap();
    ground.wait(7 * 86_400);
    assert_eq!(accept(&ground, &Client::default(), &newest).await.status, 410, "seven days");
}

#[actix_web::test]
async fn a_weak_password_or_a_race_uses_no_invitation_up() {
    let ground = strict().await;
    let anna = anna(&ground).await;
    invite(&ground, &anna, INVITED, "trader").await;
    let token = ground.ticket(INVITED, "invitation").await;
    let body = json!({ "token": token, "name": "Carl", "password": "anna12345678901" });
    let weak = ground.post(&Client::default(), "/api/v1/auth/invitation/accept", body).await;
    assert_eq!((weak.status.as_u16(), &weak.json["errors"][0]["pointer"]), (422, &json!("/password")));

    let nobody = Client::default();
    let tries = futures_util::future::join_all((0..8).map(|_| accept(&ground, &nobody, &token))).await;

    assert_eq!(tries.iter().filter(|a| a.status == 200).count(), 1, "{tries:?}");
    assert_eq!(ground.get(&anna, "/api/v1/team").await.json["items"].as_array().unwrap().len(), 2);
}

#[actix_web::test]
async fn a_changed_role_and_a_seat_taken_away_end_the_sessions() {
    let ground = strict().await;
    let anna = anna(&ground).await;
    invite(&ground, &anna, INVITED, "viewer").await;
    let taken = accept(&ground, &Client::default(), &ground.ticket(INVITED, "invitation").await).await;
    let carl = ground.moved(&Client::default(), &taken).await;
    let seat = taken.json["seat"]["id"].as_str().unwrap().to_owned();
    let role = async |who: &Client, role: &str| {
        ground.post(who, &format!("/api/v1/team/{seat}/role"), json!({ "role": role })).await
    };

    let changed = role(&anna, "trader").await;

    assert_eq!((changed.status.as_u16(), &changed.json["role"]), (200, &json!("trader")));
    assert_eq!(ground.get(&carl, "/api/v1/orders").await.status, 401, "the role of before counts no more");
    let signed_in = ground.sign_in(INVITED, "carl-rows-across-the-bay").await;
    assert_eq!(signed_in.json["seat"]["role"], "trader");
    let carl = ground.moved(&Client::default(), &signed_in).await;
    assert_eq!(role(&anna, "trader").await.status, 200, "the same again changes nothing");
    assert_eq!(ground.get(&carl, "/api/v1/orders").await.status, 200);

    let gone = ground.post(&anna, &format!("/api/v1/team/{seat}/deactivate"), json!({})).await;
    assert_eq!(gone.status, 200, "{gone:?}");
    assert_eq!(ground.get(&carl, "/api/v1/orders").await.status, 401);
    assert_eq!(ground.post(&carl, "/api/v1/auth/refresh", json!({})).await.status, 401);
    assert_eq!(ground.sign_in(INVITED, "carl-rows-across-the-bay").await.json["seat"], Value::Null);
}

#[actix_web::test]
async fn inviting_and_granting_ask_for_a_recent_proof() {
    let ground = strict().await;
    let anna = anna(&ground).await;
    let seat = ground.get(&anna, "/api/v1/auth/me").await.json["seat"]["id"].as_str().unwrap().to_owned();
    ground.wait(301);

    for (path, body) in [
        ("/api/v1/team/invitations".to_owned(), json!({ "email": INVITED, "role": "trader" })),
        (format!("/api/v1/team/{seat}/role"), json!({ "role": "trader" })),
        (format!("/api/v1/team/{seat}/deactivate"), json!({})),
    ] {
        let answer = ground.post(&anna, &path, body).await;
        assert_eq!((answer.status.as_u16(), &answer.json["code"]), (403, &json!("identity.step_up_needed")), "{path}");
    }
    ground.post(&anna, "/api/v1/auth/step-up", json!({ "password": PASSWORD })).await;
    assert_eq!(invite(&ground, &anna, INVITED, "trader").await.status, 201);
}

#[actix_web::test]
async fn an_admin_offers_seats_of_the_market() {
    let ground = strict().await;
    let admin = ground.company("Ada", true, false).await;
    ground.verify(&email_of("Ada")).await;
    let admin = ground.reseat(&admin, MARKET, None, Role::Admin).await;
    let (admin, _, _) = enrolled(&ground, &admin).await;
    assert_eq!(invite(&ground, &admin, INVITED, "trader").await.status, 422, "a trader sits in a company");
    assert_eq!(invite(&ground, &admin, INVITED, "teacher").await.status, 201);

    let taken = accept(&ground, &Client::default(), &ground.ticket(INVITED, "invitation").await).await;

    assert_eq!((taken.status.as_u16(), &taken.json["seat"]["role"]), (200, &json!("teacher")));
    assert_eq!(taken.json["security"]["second_factor_needed"], json!(true));
    let team = ground.get(&admin, "/api/v1/team").await.json;
    assert_eq!(team["grantable"], json!(["admin", "support", "credit_admin", "teacher", "carrier"]));
}

#[actix_web::test]
async fn an_invitation_links_to_the_inviters_market_only() {
    let ground = ground().await;
    let anna = ground.company("Anna", true, true).await;
    invite(&ground, &anna, INVITED, "trader").await;
    let token = ground.ticket(INVITED, "invitation").await;

    for (path, body) in [
        ("/api/v1/auth/email/verify", json!({ "token": token })),
        ("/api/v1/auth/password/reset", json!({ "token": token, "password": "seventeen-lamps-by-the-quay" })),
        (
            "/api/v1/auth/first-admin",
            json!({ "token": token, "email": INVITED, "name": "C", "password": "seventeen-lamps-by-the-quay" }),
        ),
    ] {
        assert_eq!(ground.post(&Client::default(), path, body).await.status, 410, "{path}");
    }
    assert_eq!(accept(&ground, &Client::default(), &token).await.status, 200);
}
