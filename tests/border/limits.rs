//! What one user and one request may take.

use crate::ground::{Client, agreed, ground, ground_with};
use crate::sockets::{ask, connect, head, rest};
use actix_web::http::Method;
use entrepot::platform::clock::Clock;
use serde_json::json;

#[actix_web::test]
async fn a_user_has_five_streams_and_the_sixth_ends_the_oldest() {
    let ground = ground().await;
    let [anna, ben] = [ground.company("Anna", true, true).await, ground.company("Ben", true, true).await];
    let mut open = Vec::new();
    for who in [&ben, &anna, &anna, &anna, &anna, &anna, &anna] {
        let mut stream = connect(&ground).await;
        ask(&mut stream, who, "/api/v1/live").await;
        assert!(head(&mut stream).await.starts_with("HTTP/1.1 200"));
        open.push(stream);
    }

    let oldest = rest(&mut open[1]).await;

    assert!(!oldest.contains("data:"), "it ended without a word: {oldest}");
    for stream in [0, 2, 6] {
        let waiting = tokio::time::timeout(std::time::Duration::from_millis(300), rest(&mut open[stream])).await;
        assert!(waiting.is_err(), "stream {stream} goes on");
    }
}

#[actix_web::test]
async fn an_address_that_asks_too_often_is_told_how_long_to_wait() {
    let ground = ground_with(&["--demo", "--bound-loopback", "--requests-per-second", "1"], Clock::machine()).await;
    let mut answers = Vec::new();
    for _ in 0..15 {
        answers.push(ground.get(&Client::default(), "/api/v1/auth/options").await);
    }

    let refused: Vec<_> = answers.iter().filter(|a| a.status == 429).collect();
    assert!(answers[..10].iter().all(|a| a.status == 200), "{answers:?}");
    assert!(!refused.is_empty(), "{answers:?}");
    for answer in refused {
        assert_eq!(answer.json["code"], "too_many_requests");
        assert!(answer.head.to_lowercase().contains("retry-after: 1"), "{}", answer.head);
    }
}

#[actix_web::test]
async fn without_being_told_so_this_machine_is_not_counted() {
    let ground = ground_with(&["--demo", "--requests-per-second", "1"], Clock::machine()).await;
    for _ in 0..30 {
        assert_eq!(ground.get(&Client::default(), "/api/v1/auth/options").await.status, 200);
    }
}

#[actix_web::test]
async fn queries_pages_and_lists_have_an_end() {
    let ground = ground().await;
    let (buyer, seller) = (ground.company("Buyer", true, false).await, ground.company("Seller", false, true).await);
    let order = agreed(&ground, &buyer, &seller).await;
    let many = format!("/api/v1/products?{}", vec!["limit=1"; 33].join("&"));
    let long = format!("/api/v1/products?q={}", "%C3%A4".repeat(400));
    for (path, status, code) in [(many.as_str(), 422, "too_many_parameters"), (&long, 414, "query_too_long")] {
        let answer = ground.get(&buyer, path).await;
        assert_eq!((answer.status.as_u16(), answer.json["code"].as_str()), (status, Some(code)), "{answer:?}");
    }
    let wordy = [
        ("search", "a".repeat(10_000), 422, "search.too_long"),
        ("search", "%E8%9E%BA".repeat(6_000), 422, "search.too_long"),
        ("search/suppliers", "a".repeat(10_000), 422, "search.too_long"),
        ("search/suggestions", "a".repeat(10_000), 422, "search.too_long"),
        ("search", "a".repeat(61_500), 414, "query_too_long"),
        ("saved-searches", "a".repeat(2_100), 414, "query_too_long"),
        ("searches", "a".repeat(2_100), 414, "query_too_long"),
    ];
    for (route, words, status, code) in wordy {
        let answer = ground.get(&buyer, &format!("/api/v1/{route}?q={words}")).await;
        let told = (answer.status.as_u16(), answer.json["code"].as_str());
        assert_eq!(told, (status, Some(code)), "{route} with {} bytes", words.len());
    }
    let filters = (0..50).map(|n| format!("category-of-a-long-name-that-nobody-has-{n}")).collect::<Vec<_>>().join(",");
    let answer = ground.get(&buyer, &format!("/api/v1/search?category={filters}")).await;
    assert_eq!((answer.status.as_u16(), answer.json["code"].as_str()), (422, Some("search.too_many_filters")));
    let body = ground.send(&buyer, Method::POST, &format!("/api/v1/search?q={}", "a".repeat(3_000)), b"", &[]).await;
    assert_eq!(body.status, 414, "only the search itself judges its words: {body:?}");
    let page = ground.get(&buyer, "/api/v1/products?limit=4000000").await;
    assert!(page.status == 200 || page.status == 422, "{page:?}");
    assert!(page.json["items"].as_array().is_none_or(|items| items.len() <= 100));

    let names: Vec<String> = (0..1_001).map(|n| format!("{n:032x}")).collect();
    let path = format!("/api/v1/orders/{order}/messages");
    let answer = ground.post(&buyer, &path, json!({ "text": "x", "file_ids": names })).await;
    assert_eq!(
        (answer.status.as_u16(), answer.json["errors"][0]["code"].as_str()),
        (422, Some("too_many")),
        "{answer:?}"
    );
    let deep = format!("{{\"text\":{}\"x\"{}}}", "[".repeat(32), "]".repeat(32));
    let answer = ground.send(&buyer, Method::POST, &path, deep.as_bytes(), &[]).await;
    assert_eq!((answer.status.as_u16(), answer.json["code"].as_str()), (400, Some("malformed")), "{answer:?}");
}
