//! The page of metrics: everything documented is there and moves when it should, and nothing of users is in it.

use crate::ground::{Client, Ground, MARKET, PASSWORD, agreed, email_of, ground, strict};
use actix_web::{App, web};
use entrepot::boot;
use entrepot::platform::web_metrics;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

/// The page as somebody reads it from its own listener.
pub async fn page(ground: &Ground) -> String {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let address = format!("127.0.0.1:{port}").parse().unwrap();
    let server = web_metrics::listen(address, boot::sources(&ground.state, &ground.identity)).unwrap();
    let handle = server.handle();
    actix_web::rt::spawn(server);
    let text = crate::manual::fetch(port, "/metrics").await;
    handle.stop(false).await;
    assert!(text.starts_with("HTTP/1.1 200"), "{text}");
    text.split_once("\r\n\r\n").unwrap().1.to_owned()
}

/// Values by metric and labels.
fn values(page: &str) -> BTreeMap<String, f64> {
    let rows = page.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    rows.map(|line| line.rsplit_once(' ').unwrap())
        .map(|(name, value)| (name.to_owned(), value.parse().unwrap()))
        .collect()
}

/// Names of the metrics on a page, from their `TYPE` lines.
pub fn names(page: &str) -> BTreeSet<String> {
    page.lines().filter_map(|line| line.strip_prefix("# TYPE ")?.split(' ').next()).map(str::to_owned).collect()
}

async fn moved(ground: &Ground, before: &BTreeMap<String, f64>, rows: &[&str]) {
    let after = values(&page(ground).await);
    for row in rows {
        let (was, is) = (before.get(*row).copied().unwrap_or(0.0), after.get(*row).copied().unwrap_or(0.0));
        assert!(is > was, "{row} was {was} and is {is} in {after:#?}");
    }
}

#[actix_web::test]
async fn counts_move_when_what_they_count_happens() {
    let ground = strict().await;
    let before = values(&page(&ground).await);

    let (buyer, seller) =
        (ground.company("Metric one", true, true).await, ground.company("Metric two", true, true).await);
    let order = agreed(&ground, &buyer, &seller).await;
    ground.sign_in(&email_of("Metric one"), "wrong-wrong-wrong-wrong").await;
    ground.get(&buyer, "/api/v1/admin/users").await;
    ground.step(&buyer, &order, "order.offer", json!({})).await;
    ground.get(&Client::default(), "/nowhere/that/is/a/route").await;
    assert!(ground.days(40).await > 0, "the deposit's deadline fires");
    ground.state.engine.follow(MARKET).await.unwrap();
    ground.mails(&email_of("Metric one")).await;

    moved(
        &ground,
        &before,
        &[
            r#"entrepot_http_requests_total{method="POST",route="/api/v1/orders/{order}/transitions",status="2xx"}"#,
            r#"entrepot_http_requests_total{method="POST",route="/api/v1/orders/{order}/transitions",status="4xx"}"#,
            r#"entrepot_http_request_duration_seconds_count{method="POST",route="/api/v1/auth/sign-up"}"#,
            r#"entrepot_http_requests_total{method="GET",route="page",status="2xx"}"#,
            r#"entrepot_door_commands_total{step="order.accept",outcome="written"}"#,
            r#"entrepot_door_commands_total{step="order.offer",outcome="refused"}"#,
            r#"entrepot_door_command_duration_seconds_count{step="order.offer"}"#,
            "entrepot_door_commit_duration_seconds_count",
            "entrepot_door_queue_wait_seconds_count",
            "entrepot_door_group_commands_count",
            "entrepot_log_sealed_events_total",
            "entrepot_deadlines_fired_total",
            r#"entrepot_job_events_total{job="activity"}"#,
            "entrepot_mails_sent_total",
            "entrepot_sessions_open",
            r#"entrepot_security_events_total{event="sign_in",outcome="failed"}"#,
            r#"entrepot_security_events_total{event="denied",outcome="failed"}"#,
        ],
    )
    .await;
}

#[actix_web::test]
async fn a_repeated_request_counts_as_replayed_and_gauges_follow_what_is() {
    let ground = ground().await;
    let who = ground.company("Metric three", true, true).await;
    let before = values(&page(&ground).await);
    let body = json!({ "amount": { "minor": "100", "currency": "USD" }, "reference": "r" });
    for _ in 0..2 {
        assert!(ground.post_with_key(&who, "/api/v1/wallet/pay-ins", body.clone(), "once").await.status.is_success());
    }
    let _stream = ground.state.engine.live().listen();

    let replayed = r#"entrepot_door_commands_total{step="wallet.pay_in",outcome="replayed"}"#;
    moved(&ground, &before, &["entrepot_live_streams", replayed]).await;
}

#[actix_web::test]
async fn labels_are_words_of_the_code_and_never_of_users() {
    let ground = strict().await;
    let buyer = ground.company("Cardinal", true, true).await;
    let seller = ground.company("Ordinal", true, true).await;
    let order = agreed(&ground, &buyer, &seller).await;
    for n in 0..20 {
        ground.get(&buyer, &format!("/api/v1/orders/{order}?page={n}")).await;
        ground.get(&buyer, &format!("/api/v1/orders/{n:032x}")).await;
        ground.get(&buyer, &format!("/made/up/{n}/Cardinal")).await;
        ground
            .send(&buyer, actix_web::http::Method::from_bytes(format!("M{n}").as_bytes()).unwrap(), "/x", b"", &[])
            .await;
    }
    let page = page(&ground).await;

    for word in [order.as_str(), &buyer.user, &buyer.company, "Cardinal", "cardinal", "made/up", PASSWORD, "M19"] {
        assert!(!page.contains(word), "{word} stands in the page");
    }
    // Other tests of this program are counted on the same page, so one route is looked at.
    let rows = |page: &str| {
        page.lines().filter(|line| line.contains(r#"method="GET",route="/api/v1/orders/{order}""#)).count()
    };
    let series = rows(&page);
    assert!(series > 10, "{page}");
    for n in 0..20 {
        ground.get(&buyer, &format!("/api/v1/orders/{:032x}", n + 1_000)).await;
    }
    assert_eq!(rows(&self::page(&ground).await), series, "more use, not more rows");
}

#[actix_web::test]
async fn the_product_s_own_port_does_not_have_the_page() {
    let ground = strict().await;

    let answer = crate::manual::fetch(ground.port, "/metrics").await;

    assert!(!answer.contains("entrepot_http_requests_total"), "{answer}");
    let app = actix_web::test::init_service(
        App::new().app_data(web::Data::new(ground.state.clone())).configure(boot::configure),
    )
    .await;
    let request = actix_web::test::TestRequest::get().uri("/api/v1/metrics").to_request();
    assert_eq!(actix_web::test::call_service(&app, request).await.status(), 404);
}
