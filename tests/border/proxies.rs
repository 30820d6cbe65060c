//! Whose word counts: a trusted proxy's about its clients, nobody else's.

use crate::ground::{Answer, Client, Ground, ground_with};
use actix_web::http::Method;
use entrepot::platform::clock::Clock;

const BEHIND: &[&str] = &["--demo", "--requests-per-second", "1", "--trusted-proxy", "127.0.0.0/8"];

async fn from(ground: &Ground, forwarded: &str) -> Answer {
    let said = [("X-Forwarded-For", forwarded)];
    ground.send(&Client::default(), Method::GET, "/api/v1/auth/options", b"", &said).await
}

/// How many of so many requests are answered.
async fn answered(ground: &Ground, times: usize, forwarded: impl Fn(usize) -> String) -> usize {
    let mut count = 0;
    for n in 0..times {
        count += usize::from(from(ground, &forwarded(n)).await.status == 200);
    }
    count
}

#[actix_web::test]
async fn behind_a_trusted_proxy_each_client_has_its_own_share() {
    let ground = ground_with(BEHIND, Clock::machine()).await;

    assert!(answered(&ground, 30, |_| "198.51.100.1".to_owned()).await < 20);
    assert_eq!(answered(&ground, 8, |_| "198.51.100.2".to_owned()).await, 8);
    // A client that puts somebody else in front of the list is still itself: the proxy wrote the last entry.
    assert!(answered(&ground, 30, |n| format!("203.0.113.{n}, 198.51.100.3")).await < 20);
}

#[actix_web::test]
async fn somebody_who_only_says_to_be_behind_a_proxy_gains_nothing() {
    let ground = ground_with(&["--demo", "--bound-loopback", "--requests-per-second", "1"], Clock::machine()).await;

    assert!(answered(&ground, 30, |n| format!("198.51.100.{n}")).await < 20);
}

/// Wrong passwords until the network's brake holds; each for another account, so that only the network is counted.
async fn guesses(arguments: &[&str], forwarded: impl Fn(usize) -> String) -> usize {
    let ground = ground_with(arguments, Clock::machine()).await;
    let mut looked_at = 0;
    for n in 0..60 {
        let body = format!("{{\"email\":\"a{n}@example.com\",\"password\":\"wrong-wrong-wrong\"}}");
        let said = forwarded(n);
        let said = [("X-Forwarded-For", said.as_str())];
        let answer =
            ground.send(&Client::default(), Method::POST, "/api/v1/auth/sign-in", body.as_bytes(), &said).await;
        looked_at += usize::from(answer.status == 401);
    }
    looked_at
}

#[actix_web::test]
async fn guessing_passwords_from_made_up_addresses_is_braked_all_the_same() {
    let none: &[&str] = &["--requests-per-second", "0"];
    let proxied: &[&str] = &["--requests-per-second", "0", "--trusted-proxy", "127.0.0.1"];

    assert!(guesses(none, |n| format!("198.51.{n}.1")).await < 60, "no proxy is trusted");
    assert!(guesses(proxied, |n| format!("198.51.{n}.1, 203.0.113.9")).await < 60, "the client wrote the first entry");
    assert_eq!(
        guesses(proxied, |n| format!("198.51.{n}.1")).await,
        60,
        "control: sixty networks behind a trusted proxy"
    );
}

#[actix_web::test]
async fn tls_of_a_proxy_counts_when_the_proxy_is_trusted() {
    for (arguments, holds) in [(BEHIND, true), (&["--demo"][..], false)] {
        let ground = ground_with(arguments, Clock::machine()).await;
        let said = [("X-Forwarded-Proto", "https")];
        let answer = ground.send(&Client::default(), Method::GET, "/health", b"", &said).await;

        let head = answer.head.to_lowercase();
        assert_eq!(head.contains("strict-transport-security: max-age=31536000; includesubdomains"), holds, "{head}");
    }
}

#[actix_web::test]
async fn a_host_that_only_a_header_names_opens_no_door_for_other_sites() {
    let ground = ground_with(&["--demo"], Clock::machine()).await;
    let said =
        [("Origin", "https://evil.example"), ("X-Forwarded-Host", "evil.example"), ("Forwarded", "host=evil.example")];

    let answer =
        ground.send(&Client::default(), Method::POST, "/api/v1/auth/demo", b"{\"seat\":\"buyer\"}", &said).await;

    assert_eq!((answer.status.as_u16(), answer.json["code"].as_str()), (403, Some("cross_site")), "{answer:?}");
}
