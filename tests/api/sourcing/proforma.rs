//! The proforma invoice of an awarded quote: its total is the award's, it is sealed as the quote is, and it promises no escrow
//! where there is none.

use super::*;
use crate::ground::{MARKET, ground};
use crate::pdf_text;
use entrepot::market::SwitchEra;
use entrepot::platform::access::Actor;
use entrepot::platform::engine::Request;
use entrepot_domain::market::Era;

async fn proforma(ground: &Ground, who: &Client, quote: &str, query: &str) -> Answer {
    ground.get(who, &format!("/api/v1/quotes/{quote}/proforma{query}")).await
}

fn text(answer: &Answer) -> String {
    assert_eq!(answer.status, 200, "{answer:?}");
    // A sentence is drawn line by line.
    pdf_text::read(&answer.bytes).text().replace('\n', " ")
}

#[actix_web::test]
async fn the_paper_of_an_awarded_quote_has_the_awards_prices_and_total() {
    let ground = ground().await;
    let buyer = ground.company("Buyer", true, false).await;
    let (north, south) = (ground.company("North", false, true).await, ground.company("South", false, true).await);
    let rfq = publish(&ground, &buyer, rfq_body()).await;
    let quote = quoted(&ground, &north, &rfq).await;
    let other = quoted(&ground, &south, &rfq).await;
    assert_eq!(refusal(&proforma(&ground, &buyer, &quote, "").await), (409, "sourcing.not_awarded"));
    let awarded = award(&ground, &buyer, &rfq, &[(&quote, 1, &[(1, "10000")])]).await;
    let total = awarded.json["awards"][0]["total"]["minor"].as_str().unwrap().parse::<i64>().unwrap();
    let written = format!("{}.{:02}", total / 100, total % 100);
    assert_eq!(written, "72.86", "10,000 at 0.003 and the line's share of the freight");

    let english = text(&proforma(&ground, &buyer, &quote, "?lang=en").await);
    for needed in ["Proforma invoice", "North", "Buyer", "Bolt M8", "0.003", "USD 72.86", "DRAFT, NOT AGREED", "escrow"]
    {
        assert!(english.contains(needed), "{needed} in\n{english}");
    }
    let chinese = text(&proforma(&ground, &north, &quote, "?lang=zh").await);
    assert!(chinese.contains("形式发票") && !chinese.contains("Proforma"), "{chinese}");
    let both = text(&proforma(&ground, &north, &quote, "").await);
    assert!(both.contains("形式发票") && both.contains("Proforma invoice"));
    assert_eq!(refusal(&proforma(&ground, &south, &quote, "").await), (404, "not_found"));
    assert_eq!(refusal(&proforma(&ground, &south, &other, "").await), (409, "sourcing.not_awarded"));
    let odd = proforma(&ground, &buyer, &quote, "?lang=fr").await;
    assert_eq!((odd.status.as_u16(), &odd.json["errors"][0]["pointer"]), (422, &json!("/lang")));
}

#[actix_web::test]
async fn where_no_money_is_held_the_paper_promises_no_escrow() {
    let ground = ground().await;
    let switch = SwitchEra { market: MARKET, era: Era::Information };
    ground.state.engine.execute(Request::new(Actor::system(MARKET), switch)).await.unwrap();
    let buyer = ground.company("Buyer", true, false).await;
    let north = ground.company("North", false, true).await;
    let rfq = publish(&ground, &buyer, rfq_body()).await;
    let quote = quoted(&ground, &north, &rfq).await;
    let awarded = award(&ground, &buyer, &rfq, &[(&quote, 1, &[(1, "10000")])]).await;
    assert_eq!(awarded.status, 200, "{awarded:?}");
    let said = text(&proforma(&ground, &buyer, &quote, "?lang=en").await);
    assert!(said.contains("nothing is guaranteed"), "{said}");
    assert!(!said.contains("into the escrow"), "{said}");
}
