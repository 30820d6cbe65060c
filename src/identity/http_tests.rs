//! The routes from outside: cookies, problem documents, headers.

use super::tests::{PASSWORD, World};
use super::*;
use crate::platform::session::Sessions;
use actix_web::cookie::Cookie;
use actix_web::dev::ServiceResponse;
use actix_web::http::StatusCode;
use actix_web::{App, test, web};
use serde_json::{Value, json};
use utoipa_actix_web::AppExt;

async fn call(world: &World, request: test::TestRequest) -> ServiceResponse {
    let sessions: Arc<dyn Sessions> = Arc::new(world.sessions.clone());
    let app = App::new()
        .app_data(web::Data::new(world.state.clone()))
        .app_data(web::Data::new(world.sessions.clone()))
        .app_data(web::Data::new(sessions))
        .into_utoipa_app()
        .service(utoipa_actix_web::scope("/api/v1").configure(routes))
        .into_app();
    let app = test::init_service(app).await;
    test::call_service(&app, request.to_request()).await
}

fn post(path: &str, body: &Value) -> test::TestRequest {
    test::TestRequest::post().uri(&format!("/api/v1/auth/{path}")).set_json(body)
}

fn sign_up_form() -> Value {
    let company =
        json!({ "name": "Bikes", "country": "DE", "registration_number": "HRB 1", "buys": true, "sells": false });
    json!({ "email": "anna@example.com", "password": PASSWORD, "name": "Anna", "company": company })
}

fn cookies(response: &ServiceResponse) -> Vec<Cookie<'static>> {
    response.response().cookies().map(Cookie::into_owned).collect()
}

fn with(request: test::TestRequest, cookies: &[Cookie<'static>]) -> test::TestRequest {
    cookies.iter().fold(request, |r, c| r.cookie(c.clone()))
}

fn get_me() -> test::TestRequest {
    test::TestRequest::get().uri("/api/v1/auth/me")
}

#[actix_web::test]
async fn the_cookies_are_locked_down_and_lead_through_a_session() {
    let world = World::new(&[]).await;

    let signed_up = call(&world, post("sign-up", &sign_up_form())).await;

    assert_eq!(signed_up.status(), StatusCode::CREATED);
    let jar = cookies(&signed_up);
    let written: Vec<String> = jar.iter().map(ToString::to_string).collect();
    assert!(written[0].starts_with("__Host-entrepot="), "{written:?}");
    assert!(written[0].ends_with("; HttpOnly; SameSite=Strict; Secure; Path=/; Max-Age=600"), "{written:?}");
    assert!(written[1].starts_with("__Secure-entrepot-refresh="), "{written:?}");
    assert!(
        written[1].ends_with("; HttpOnly; SameSite=Strict; Secure; Path=/api/v1/auth; Max-Age=2592000"),
        "{written:?}"
    );

    let me = call(&world, with(get_me(), &jar[..1])).await;
    assert_eq!(me.status(), StatusCode::OK);
    let me: Value = test::read_body_json(me).await;
    assert_eq!(me["user"]["email"], "anna@example.com");
    assert_eq!(me["seat"]["market"]["name"], "Harbour");
    assert_eq!(me["seat"]["company"]["country"], "DE");
    assert_eq!(
        (&me["seat"]["role"], &me["demo"], me["seats"].as_array().unwrap().len()),
        (&json!("owner"), &json!(false), 1)
    );

    let refreshed = call(&world, with(post("refresh", &json!({})), &jar[1..])).await;
    assert_eq!((refreshed.status(), cookies(&refreshed).len()), (StatusCode::OK, 2));
    let fresh = cookies(&refreshed);
    let left = call(&world, with(post("sign-out", &json!({})), &fresh)).await;
    assert_eq!(left.status(), StatusCode::NO_CONTENT);
    assert!(cookies(&left).iter().all(|c| c.value().is_empty() && c.max_age().is_some_and(|a| a.is_zero())));
    assert_eq!(call(&world, with(get_me(), &fresh)).await.status(), StatusCode::UNAUTHORIZED);
    let ended = call(&world, with(post("refresh", &json!({})), &fresh)).await;
    assert_eq!((ended.status(), cookies(&ended).len()), (StatusCode::UNAUTHORIZED, 2));
}

#[actix_web::test]
async fn a_lan_demo_uses_plain_cookies() {
    let world = World::new(&["--demo", "--insecure-lan"]).await;

    let signed_up = call(&world, post("sign-up", &sign_up_form())).await;

    let jar = cookies(&signed_up);
    assert_eq!(jar.iter().map(Cookie::name).collect::<Vec<_>>(), ["entrepot", "entrepot-refresh"]);
    assert!(jar.iter().all(|c| c.secure() != Some(true) && c.http_only() == Some(true)));
    assert_eq!(call(&world, with(get_me(), &jar)).await.status(), StatusCode::OK);
    let answer: Value =
        test::read_body_json(call(&world, test::TestRequest::get().uri("/api/v1/auth/options")).await).await;
    assert_eq!(answer, json!({ "demo": true, "insecure": true }));
}

#[actix_web::test]
async fn unknown_fields_and_wrong_passwords_answer_with_problem_documents() {
    let world = World::new(&[]).await;
    let mut sly = sign_up_form();
    sly["role"] = json!("admin");
    assert_eq!(call(&world, post("sign-up", &sly)).await.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let mut sly = sign_up_form();
    sly["company"]["verified_level"] = json!(3);
    assert_eq!(call(&world, post("sign-up", &sly)).await.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(call(&world, post("demo", &json!({ "seat": "admin" }))).await.status(), StatusCode::NOT_FOUND);
    assert_eq!(call(&world, get_me()).await.status(), StatusCode::UNAUTHORIZED);

    let guess = json!({ "email": "nobody@example.com", "password": "a wrong password" });
    for _ in 0..5 {
        let answer = call(&world, post("sign-in", &guess)).await;
        assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
        let body: Value = test::read_body_json(answer).await;
        assert_eq!(body["code"], "identity.sign_in_failed");
    }
    let throttled = call(&world, post("sign-in", &guess)).await;
    assert_eq!(throttled.status(), StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(throttled.headers().get("retry-after").unwrap(), "1");
    assert_eq!(throttled.headers().get("content-type").unwrap(), "application/problem+json");
}
