//! Specifications of requests and attachments of quotes: who reads which, and what is refused.

use super::*;
use crate::ground::{MARKET, ground};
use actix_web::http::Method;
use entrepot_domain::kernel::Role;

/// Uploads a file and answers its card.
async fn upload(ground: &Ground, who: &Client, name: &str, bytes: &[u8]) -> Answer {
    ground.send(who, Method::POST, &format!("/api/v1/sourcing-files?name={name}"), bytes, &[]).await
}

async fn kept(ground: &Ground, who: &Client, name: &str) -> String {
    let answer = upload(ground, who, name, name.as_bytes()).await;
    assert_eq!(answer.status, 201, "{answer:?}");
    id_of(&answer)
}

/// Status of a download.
async fn download(ground: &Ground, who: &Client, file: &str) -> u16 {
    ground.get(who, &format!("/api/v1/sourcing-files/{file}")).await.status.as_u16()
}

#[actix_web::test]
async fn a_specification_is_read_by_the_buyer_and_by_suppliers_that_see_the_request() {
    let ground = ground().await;
    let buyer = ground.company("Buyer", true, false).await;
    let (north, south) = (ground.company("North", false, true).await, ground.company("South", false, true).await);
    let (only_buys, school) = (ground.company("Other", true, false).await, ground.company("School", true, false).await);
    let admin = ground.reseat(&school, MARKET, None, Role::Admin).await;
    let file = kept(&ground, &buyer, "drawing.txt").await;
    assert_eq!(download(&ground, &north, &file).await, 404, "nothing names it yet");

    let invited = with(with(rfq_body(), "/visibility", json!("invited")), "/invited", json!([north.company]));
    let rfq = publish(&ground, &buyer, with(invited, "/file_ids", json!([file]))).await;
    let seen = page(&ground, &north, &rfq).await;
    assert_eq!((&seen["files"][0]["name"], &seen["files"][0]["size"]), (&json!("drawing.txt"), &json!(11)));
    assert_eq!(seen["files"][0]["sha256"].as_str().unwrap().len(), 64);
    for (who, expected) in [(&buyer, 200), (&north, 200), (&south, 404), (&only_buys, 404), (&admin, 403)] {
        assert_eq!(download(&ground, who, &file).await, expected, "{}", who.company);
    }
    assert_eq!(page(&ground, &admin, &rfq).await["files"], json!([]), "who oversees the market reads none");

    // On the board every supplier may read it; who only buys cannot quote and may not.
    let open = publish(&ground, &buyer, with(rfq_body(), "/file_ids", json!([file]))).await;
    assert_eq!(download(&ground, &south, &file).await, 200);
    assert_eq!(download(&ground, &only_buys, &file).await, 404);
    assert_eq!(page(&ground, &only_buys, &open).await["files"], json!([]));
}

#[actix_web::test]
async fn an_attachment_of_a_quote_is_sealed_as_the_quote_is() {
    let ground = ground().await;
    let buyer = ground.company("Buyer", true, false).await;
    let (north, south) = (ground.company("North", false, true).await, ground.company("South", false, true).await);
    let rfq = publish(&ground, &buyer, rfq_body()).await;
    let file = kept(&ground, &north, "quoll.txt").await;
    let quote = id_of(&submit(&ground, &north, &rfq, with(quote_body(), "/file_ids", json!([file]))).await);
    quoted(&ground, &south, &rfq).await;

    for (who, expected) in [(&north, 200), (&buyer, 200), (&south, 404)] {
        assert_eq!(download(&ground, who, &file).await, expected);
    }
    let read = ground.get(&buyer, &format!("/api/v1/quotes/{quote}")).await.json;
    assert_eq!(read["versions"][0]["files"][0]["id"], json!(file));
    for path in [format!("/rfqs/{rfq}"), format!("/rfqs/{rfq}/quotes"), "/quotes".into(), "/rfqs".into()] {
        let answer = ground.get(&south, &format!("/api/v1{path}")).await;
        assert!(!answer.json.to_string().contains(&file) && !answer.json.to_string().contains("quoll"), "{path}");
    }
    // A version without it leaves the earlier one as it was: both sides still read what was shown then.
    let revised = ground
        .post(&north, &format!("/api/v1/quotes/{quote}/revise"), with(quote_body(), "/lead_days", json!(9)))
        .await;
    assert_eq!(revised.status, 200, "{revised:?}");
    let read = ground.get(&buyer, &format!("/api/v1/quotes/{quote}")).await.json;
    assert_eq!((&read["versions"][0]["files"], &read["versions"][1]["files"][0]["id"]), (&json!([]), &json!(file)));
    assert_eq!(download(&ground, &buyer, &file).await, 200);
}

#[actix_web::test]
async fn six_files_one_twice_and_foreign_ones_are_refused_at_their_place() {
    let ground = ground().await;
    let buyer = ground.company("Buyer", true, false).await;
    let north = ground.company("North", false, true).await;
    let mut files = Vec::new();
    for n in 0..6 {
        files.push(kept(&ground, &buyer, &format!("part-{n}.txt")).await);
    }
    let again = kept(&ground, &buyer, "part-0.txt").await;
    assert_eq!(again, files[0], "the same file under the same name is the first one");
    let of = |body: Value, ids: Value| with(body, "/file_ids", ids);
    let post = |body: Value| ground.post(&buyer, "/api/v1/rfqs", body);
    let six = post(of(rfq_body(), json!(files))).await;
    assert_eq!(
        (refusal(&six), &six.json["errors"][0]["pointer"]),
        ((422, "sourcing.rfq_invalid"), &json!("/file_ids"))
    );
    let twice = post(of(rfq_body(), json!([files[0], files[0]]))).await;
    assert_eq!(twice.json["errors"][0]["pointer"], json!("/file_ids/1"));
    let foreign = kept(&ground, &north, "other.txt").await;
    for unknown in [foreign.as_str(), "zz"] {
        let answer = post(of(rfq_body(), json!([files[0], unknown]))).await;
        assert_eq!(
            (answer.status.as_u16(), &answer.json["errors"][0]["pointer"]),
            (422, &json!("/file_ids/1")),
            "{answer:?}"
        );
    }
    let rfq = publish(&ground, &buyer, of(rfq_body(), json!(files[..5]))).await;
    let borrowed = submit(&ground, &north, &rfq, of(quote_body(), json!([files[0]]))).await;
    assert_eq!((borrowed.status.as_u16(), &borrowed.json["errors"][0]["pointer"]), (422, &json!("/file_ids/0")));
    // Judged by its bytes, whatever its name says.
    let page = upload(&ground, &buyer, "drawing.pdf", b"<html><script>alert(1)</script></html>").await;
    assert_eq!(page.status, 422, "{page:?}");
}

#[actix_web::test]
async fn the_sampling_of_a_request_stands_in_the_drafted_order() {
    let ground = ground().await;
    let buyer = ground.company("Buyer", true, false).await;
    let north = ground.company("North", false, true).await;
    let aql = json!({ "level": "II", "critical": "0", "major": "2.5", "minor": "4" });
    let wrong = with(rfq_body(), "/aql", json!({ "level": "IV", "critical": "0", "major": "3", "minor": "4" }));
    let refused = ground.post(&buyer, "/api/v1/rfqs", wrong).await;
    assert_eq!(refused.json["errors"][0]["pointer"], json!("/aql/level"), "{refused:?}");
    let odd = with(rfq_body(), "/aql", json!({ "level": "II", "critical": "0", "major": "3", "minor": "4" }));
    let refused = ground.post(&buyer, "/api/v1/rfqs", odd).await;
    assert_eq!(refused.json["errors"][0]["pointer"], json!("/aql/major"), "{refused:?}");

    let rfq = publish(&ground, &buyer, with(rfq_body(), "/aql", aql.clone())).await;
    assert_eq!(page(&ground, &north, &rfq).await["aql"], aql);
    let quote = quoted(&ground, &north, &rfq).await;
    let awarded = award(&ground, &buyer, &rfq, &[(&quote, 1, &[(1, "10000")])]).await;
    let order = awarded.json["awards"][0]["order"]["id"].as_str().unwrap().to_owned();
    let drafted = ground.get(&buyer, &format!("/api/v1/orders/{order}")).await.json;
    assert_eq!(drafted["terms"]["aql"], aql, "{drafted}");
}
