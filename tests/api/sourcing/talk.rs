//! Questions about a request: answered before every supplier, and nobody but the buyer learns who asked.

use super::*;
use crate::ground::{MARKET, ground};
use entrepot_domain::kernel::Role;

async fn ask(ground: &Ground, who: &Client, rfq: &str, text: &str) -> Answer {
    ground.post(who, &format!("/api/v1/rfqs/{rfq}/questions"), json!({ "text": text })).await
}

async fn reply(ground: &Ground, who: &Client, rfq: &str, no: i64, body: Value) -> Answer {
    ground.post(who, &format!("/api/v1/rfqs/{rfq}/questions/{no}/answer"), body).await
}

/// The kinds of notices somebody has about a request.
async fn told(ground: &Ground, who: &Client) -> Vec<String> {
    let page = ground.get(who, "/api/v1/notices").await.json;
    let kinds = page["items"].as_array().unwrap().iter().map(|one| one["kind"].as_str().unwrap().to_owned());
    kinds.filter(|kind| kind.starts_with("rfq_")).collect()
}

#[actix_web::test]
async fn an_answer_reaches_every_supplier_and_tells_nobody_who_asked() {
    let ground = ground().await;
    let buyer = ground.company("Buyer", true, false).await;
    let (north, south) = (ground.company("North", false, true).await, ground.company("South", false, true).await);
    let outsider = ground.company("Outsider", false, true).await;
    let school = ground.company("School", true, false).await;
    let admin = ground.reseat(&school, MARKET, None, Role::Admin).await;
    let invited = json!([north.company, south.company]);
    let body = with(with(rfq_body(), "/visibility", json!("invited")), "/invited", invited);
    let rfq = publish(&ground, &buyer, body).await;
    let before = page(&ground, &south, &rfq).await["version"].clone();
    let asked = ask(&ground, &north, &rfq, "We at North plate with zinc; is that enough?").await;
    assert_eq!((asked.status.as_u16(), &asked.json["no"]), (201, &json!(1)), "{asked:?}");

    // Until it is answered, the buyer and who asked read it; the request itself does not move.
    for (who, seen) in [(&buyer, 1), (&north, 1), (&south, 0), (&admin, 0)] {
        let page = page(&ground, who, &rfq).await;
        assert_eq!(page["clarifications"].as_array().unwrap().len(), seen, "{page}");
        assert_eq!(page["version"], before);
    }
    let waiting = page(&ground, &buyer, &rfq).await["clarifications"][0].clone();
    assert_eq!((&waiting["asked_by"]["name"], &waiting["answer"]), (&json!("North"), &Value::Null));
    let own = page(&ground, &north, &rfq).await["clarifications"][0].clone();
    assert_eq!((&own["mine"], &own["asked_by"]), (&json!(true), &Value::Null));

    let body = json!({ "question": "Is zinc plating enough?", "text": "Yes, 8 micrometres." });
    assert_eq!(refusal(&reply(&ground, &south, &rfq, 1, body.clone()).await), (403, "forbidden"));
    assert_eq!(refusal(&reply(&ground, &outsider, &rfq, 1, body.clone()).await), (404, "not_found"));
    let answered = reply(&ground, &buyer, &rfq, 1, body.clone()).await;
    assert_eq!(answered.status, 201, "{answered:?}");
    for who in [&south, &north, &admin] {
        let page = page(&ground, who, &rfq).await;
        let one = &page["clarifications"][0];
        assert_eq!((&one["question"], &one["answer"]), (&body["question"], &body["text"]));
        assert_eq!(one["asked_by"], Value::Null);
        assert!(!page["clarifications"].to_string().contains("North"), "{page}");
    }
    // The same answer again is the first one; another is refused and changes nothing.
    let again = reply(&ground, &buyer, &rfq, 1, body).await;
    assert_eq!((again.status.as_u16(), &again.json["already"]), (200, &json!(true)));
    let other = reply(&ground, &buyer, &rfq, 1, json!({ "text": "No." })).await;
    assert_eq!(refusal(&other), (409, "sourcing.question_answered"));

    ground.told().await;
    assert_eq!(told(&ground, &buyer).await, ["rfq_asked"]);
    assert_eq!(told(&ground, &south).await, ["rfq_clarified", "rfq_invited"]);
    assert_eq!(told(&ground, &north).await, ["rfq_clarified", "rfq_invited"]);
    assert_eq!(told(&ground, &outsider).await, Vec::<String>::new());
    let text = ground.get(&south, "/api/v1/notices").await.json.to_string();
    assert!(!text.contains("North"), "{text}");
}

#[actix_web::test]
async fn the_buyer_explains_to_all_and_who_asked_on_the_board_is_told() {
    let ground = ground().await;
    let buyer = ground.company("Buyer", true, false).await;
    let (north, south) = (ground.company("North", false, true).await, ground.company("South", false, true).await);
    let rfq = publish(&ground, &buyer, rfq_body()).await;
    assert_eq!(ask(&ground, &north, &rfq, "Which packing?").await.status, 201);
    let path = format!("/api/v1/rfqs/{rfq}/clarifications");
    let explained = ground.post_with_key(&buyer, &path, json!({ "text": "Boxes of 500." }), "k-1").await;
    assert_eq!(explained.status, 201, "{explained:?}");
    // A double click is one explanation, under the key and without it.
    let double = ground.post_with_key(&buyer, &path, json!({ "text": "Boxes of 500." }), "k-1").await;
    assert_eq!(double.json["no"], explained.json["no"]);
    let again = ground.post(&buyer, &path, json!({ "text": "Boxes of 500." })).await;
    assert_eq!((again.status.as_u16(), &again.json["already"]), (200, &json!(true)));
    assert_eq!(page(&ground, &south, &rfq).await["clarifications"].as_array().unwrap().len(), 1);
    assert_eq!(page(&ground, &buyer, &rfq).await["clarifications"].as_array().unwrap().len(), 2);
    ground.told().await;
    assert!(told(&ground, &north).await.contains(&"rfq_clarified".to_owned()));
    assert_eq!(told(&ground, &south).await, Vec::<String>::new(), "who neither quoted nor asked is not written to");
}

#[actix_web::test]
async fn texts_are_bounded_and_contact_data_is_hidden_from_others() {
    let ground = ground().await;
    let buyer = ground.company("Buyer", true, false).await;
    let (north, south) = (ground.company("North", false, true).await, ground.company("South", false, true).await);
    let rfq = publish(&ground, &buyer, rfq_body()).await;
    for text in [" ".to_owned(), "x".repeat(2_001)] {
        let answer = ask(&ground, &north, &rfq, &text).await;
        assert_eq!(refusal(&answer), (422, "sourcing.talk_invalid"));
        assert_eq!(answer.json["errors"][0]["pointer"], json!("/text"));
    }
    let own = ask(&ground, &buyer, &rfq, "Do I know?").await;
    assert_eq!(refusal(&own), (409, "sourcing.own_rfq"));
    assert_eq!(refusal(&reply(&ground, &buyer, &rfq, 4, json!({ "text": "?" })).await), (422, "sourcing.no_question"));
    let wrong = ground.post(&buyer, &format!("/api/v1/rfqs/{rfq}/questions/zz/answer"), json!({ "text": "?" })).await;
    assert_eq!(wrong.status, 404);

    let text = "Write to quoll@example.com, please?";
    assert_eq!(ask(&ground, &north, &rfq, text).await.status, 201);
    let body = json!({ "question": "May we write?", "text": "No, ask here; not at buyer@example.com." });
    assert_eq!(reply(&ground, &buyer, &rfq, 1, body).await.status, 201);
    let seen = page(&ground, &south, &rfq).await["clarifications"].to_string();
    assert!(!seen.contains("example.com"), "{seen}");
    let own = page(&ground, &buyer, &rfq).await["clarifications"].to_string();
    assert!(own.contains("buyer@example.com"), "{own}");
    for n in 0..9 {
        assert_eq!(ask(&ground, &north, &rfq, &format!("Question {n}?")).await.status, 201);
    }
    assert_eq!(refusal(&ask(&ground, &north, &rfq, "One more?").await), (409, "sourcing.questions_used"));
    let closed = ground.post(&buyer, &format!("/api/v1/rfqs/{rfq}/close"), json!({})).await;
    assert_eq!(closed.status, 200);
    assert_eq!(refusal(&ask(&ground, &south, &rfq, "Too late?").await), (409, "sourcing.rfq_state"));
}
