//! Nothing that happens between the loading of a page and the beginning of its live stream is lost.

use crate::access::live::Stream;
use crate::ground::{Client, Ground, ground, pay_in};

async fn live_from(ground: &Ground, who: &Client) -> String {
    ground.sealed().await;
    ground.get(who, "/api/v1/auth/me").await.json["live_from"].as_str().unwrap().to_owned()
}

#[actix_web::test]
async fn a_stream_tells_what_happened_since_its_page_began_to_load() {
    let ground = ground().await;
    let buyer = ground.company("Buyer", true, false).await;
    pay_in(&ground, &buyer, "100").await;
    let from = live_from(&ground, &buyer).await;
    pay_in(&ground, &buyer, "100").await;
    ground.sealed().await;

    let mut stream = Stream::behind(&ground, &buyer, &from).await;

    assert!(stream.until("wallet.pay_in").await, "{}", stream.text);
    assert_eq!(stream.text.matches("\ndata: {").count(), 1, "and nothing from before: {}", stream.text);
}

#[actix_web::test]
async fn a_reader_that_missed_too_much_is_told_to_load_everything_anew() {
    let ground = ground().await;
    let buyer = ground.company("Buyer", true, false).await;
    let from = live_from(&ground, &buyer).await;
    for _ in 0..entrepot::platform::live::REPLAY_MAX {
        pay_in(&ground, &buyer, "100").await;
    }
    ground.sealed().await;

    let mut stream = Stream::behind(&ground, &buyer, &from).await;

    assert!(stream.until("event: reload").await, "{}", stream.text);
    assert!(!stream.text.contains("wallet.pay_in"), "{}", stream.text);
    pay_in(&ground, &buyer, "100").await;
    ground.sealed().await;
    assert!(stream.until("wallet.pay_in").await, "and then it goes on: {}", stream.text);
}
