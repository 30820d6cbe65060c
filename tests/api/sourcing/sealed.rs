//! Sealed quotes: no rival reads another's quote, its price, its number or whose it is, wherever it looks.

use super::*;
use crate::access::live::Stream;
use crate::ground::{MARKET, ground, hex};
use entrepot::market::{ClockMove, MoveClock};
use entrepot::platform::access::Actor;
use entrepot::platform::engine::Request;
use entrepot_domain::kernel::Role;

/// What gives a quote away.
struct Secrets(Vec<String>);

impl Secrets {
    async fn of(ground: &Ground, supplier: &Client, quote: &str) -> Self {
        let seen = ground.get(supplier, &format!("/api/v1/quotes/{quote}")).await.json;
        let number = seen["number"].as_str().unwrap().to_owned();
        Self(vec![quote.to_owned(), number, "0.003217".into(), "quoll note".into(), supplier.company.clone()])
    }

    fn none_in(&self, text: &str, at: &str) {
        for secret in &self.0 {
            assert!(!text.contains(secret), "{at} tells {secret}: {text}");
        }
    }
}

fn secret_quote() -> Value {
    let body = with(quote_body(), "/lines/0/ladder/1/unit_price", json!("0.003217"));
    with(body, "/note", json!("quoll note"))
}

#[actix_web::test]
async fn a_rival_finds_nothing_of_a_quote_wherever_it_looks() {
    let ground = ground().await;
    let buyer = ground.company("Buyer", true, false).await;
    let (north, south) = (ground.company("North", false, true).await, ground.company("South", false, true).await);
    let colleague = ground.company("Colleague", true, false).await;
    let viewer = ground.reseat(&colleague, MARKET, Some(&south.company), Role::Viewer).await;
    let rfq = publish(&ground, &buyer, rfq_body()).await;
    ground.sealed().await;
    let mut told = Vec::new();
    for who in [&south, &viewer, &north, &buyer] {
        told.push(Stream::behind(&ground, who, "1").await);
    }
    let key = "the-same-key-for-both";
    let path = format!("/api/v1/rfqs/{rfq}/quotes");
    let answer = ground.post_with_key(&north, &path, secret_quote(), key).await;
    let quote = id_of(&answer);
    let rival = ground.post_with_key(&south, &path, secret_quote(), key).await;
    assert_eq!(rival.status, 201, "a key is its user's own: {rival:?}");
    let own = id_of(&rival);
    assert_ne!(own, quote);
    let revised = ground.post(&north, &format!("/api/v1/quotes/{quote}/revise"), with(secret_quote(), "/lead_days", json!(11))).await;
    assert_eq!(revised.status, 200);
    followed(&ground).await;
    let secrets = Secrets::of(&ground, &north, &quote).await;
    // The rival's own words are the same on purpose; only what is not its own gives anything away.
    let secrets = Secrets(vec![secrets.0[0].clone(), secrets.0[1].clone(), secrets.0[4].clone()]);

    for who in [&south, &viewer] {
        for path in [
            format!("/rfqs/{rfq}"),
            format!("/rfqs/{rfq}/quotes"),
            "/rfqs?view=board".into(),
            "/rfqs?view=inbox".into(),
            "/rfqs?view=mine".into(),
            "/quotes".into(),
            "/quotes/quota".into(),
            format!("/rfqs/{rfq}/matches"),
            format!("/rfqs/{rfq}/comparison"),
            format!("/rfqs/{rfq}/comparison.csv"),
            format!("/quotes/{quote}"),
            "/orders".into(),
            "/admin/events".into(),
            format!("/admin/events?subject={quote}"),
        ] {
            let answer = ground.get(who, &format!("/api/v1{path}")).await;
            secrets.none_in(&format!("{} {}", answer.head, answer.json), &path);
        }
        assert_eq!(ground.get(who, &format!("/api/v1/quotes/{quote}")).await.status, 404);
        assert_eq!(ground.get(who, &format!("/api/v1/rfqs/{rfq}/comparison")).await.status, 403);
    }
    for (path, body) in [("revise", secret_quote()), ("withdraw", json!({}))] {
        let answer = ground.post(&south, &format!("/api/v1/quotes/{quote}/{path}"), body).await;
        assert_eq!(refusal(&answer), (404, "not_found"), "{path}");
    }
    assert_eq!(page(&ground, &south, &rfq).await["seats_left"], 8, "seats left is all a rival learns");
    assert_eq!(page(&ground, &south, &rfq).await["quotes"], Value::Null);

    live_tells_only_the_parties(&ground, told, &quote, &own).await;
}

/// South's two seats, north and the buyer.
async fn live_tells_only_the_parties(ground: &Ground, told: Vec<Stream>, quote: &str, own: &str) {
    // Everybody is told of the market's own event: what came before it, came.
    let change = ClockMove::By(1_000_000);
    let moved = MoveClock { market: MARKET, change };
    ground.state.engine.execute(Request::new(Actor::system(MARKET), moved)).await.unwrap();
    ground.sealed().await;
    for (n, mut stream) in told.into_iter().enumerate() {
        assert!(stream.until("clock.advance").await, "{}", stream.text);
        let sees = (stream.text.contains(quote), stream.text.contains(own));
        let expected = [(false, true), (false, true), (true, false), (true, true)][n];
        assert_eq!(sees, expected, "stream {n}: {}", stream.text);
    }
}

#[actix_web::test]
async fn a_rival_learns_nothing_from_the_award_either() {
    let ground = ground().await;
    let buyer = ground.company("Buyer", true, false).await;
    let (north, south) = (ground.company("North", false, true).await, ground.company("South", false, true).await);
    let rfq = publish(&ground, &buyer, rfq_body()).await;
    let quote = id_of(&submit(&ground, &north, &rfq, secret_quote()).await);
    let lost = quoted(&ground, &south, &rfq).await;
    let secrets = Secrets::of(&ground, &north, &quote).await;
    let awarded = award(&ground, &buyer, &rfq, &[(&quote, 1, &[(1, "10000")])]).await;
    assert_eq!(awarded.status, 200, "{awarded:?}");
    assert!(awarded.json.to_string().contains("0.003217"), "control: the buyer reads the price");

    for path in [format!("/rfqs/{rfq}"), format!("/rfqs/{rfq}/quotes"), "/quotes".into(), "/rfqs".into(), "/orders".into()] {
        let answer = ground.get(&south, &format!("/api/v1{path}")).await;
        secrets.none_in(&answer.json.to_string(), &path);
    }
    let told = json!({ "quote_id": quote, "dealt": true });
    let guessed = ground.post(&south, &format!("/api/v1/rfqs/{rfq}/outcome"), told).await;
    assert_eq!(refusal(&guessed), (403, "forbidden"));
    // A second award by guessed quotes of another request is no way in.
    let other = publish(&ground, &buyer, rfq_body()).await;
    let foreign = award(&ground, &buyer, &other, &[(&lost, 1, &[(1, "10000")])]).await;
    assert_eq!(refusal(&foreign), (422, "sourcing.no_such_quote"));
}

#[actix_web::test]
async fn who_oversees_the_market_sees_requests_and_no_prices() {
    let ground = ground().await;
    let buyer = ground.company("Buyer", true, false).await;
    let north = ground.company("North", false, true).await;
    let someone = ground.company("School", true, false).await;
    let admin = ground.reseat(&someone, MARKET, None, Role::Admin).await;
    let rfq = publish(&ground, &buyer, with(rfq_body(), "/visibility", json!("invited"))).await;
    let invite = json!({ "invited": [north.company] });
    assert_eq!(ground.post(&buyer, &format!("/api/v1/rfqs/{rfq}/invite"), invite).await.status, 200);
    let quote = id_of(&submit(&ground, &north, &rfq, secret_quote()).await);
    assert!(hex(&quote) > 0);
    ground.sealed().await;

    assert_eq!(page(&ground, &admin, &rfq).await["title"], "Bolts and nuts");
    for path in [format!("/rfqs/{rfq}/quotes"), format!("/quotes/{quote}"), format!("/rfqs/{rfq}/comparison")] {
        assert_eq!(ground.get(&admin, &format!("/api/v1{path}")).await.status, 403, "{path}");
    }
    for path in ["/rfqs", "/quotes", "/admin/events?limit=100"] {
        let answer = ground.get(&admin, &format!("/api/v1{path}")).await;
        assert!(!answer.json.to_string().contains("0.003217"), "{path}");
    }
}
