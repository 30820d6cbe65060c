//! Files of an order over HTTP: what is kept, under which name, how it is served, and how much of it.

use crate::ground::{Answer, Client, Ground, agreed, ground_with};
use actix_web::http::Method;
use entrepot::platform::clock::Clock;

/// One red dot.
const PNG: &[u8] = &[0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x48, 0x44, 0x52, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x01, 0x08, 0x06, 0x00, 0x00, 0x00, 0x1f, 0x15, 0xc4, 0x89, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x44, 0x41, 0x54, 0x78, 0x9c, 0x63, 0xf8, 0xcf, 0xc0, 0xf0, 0x1f, 0x00, 0x05, 0x00, 0x01, 0xff, 0x89, 0x99, 0x3d, 0x1d, 0x00, 0x00, 0x00, 0x00, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82];

async fn busy(arguments: &[&str]) -> (Ground, Client, Client, String) {
    let ground = ground_with(arguments, Clock::machine()).await;
    let (buyer, seller) = (ground.company("Buyer", true, false).await, ground.company("Seller", false, true).await);
    let order = agreed(&ground, &buyer, &seller).await;
    (ground, buyer, seller, order)
}

async fn upload(ground: &Ground, who: &Client, order: &str, name: &str, kind: &str, bytes: &[u8]) -> Answer {
    let path = format!("/api/v1/orders/{order}/files?name={name}");
    ground.send(who, Method::POST, &path, bytes, &[("Content-Type", kind)]).await
}

#[actix_web::test]
async fn a_file_is_kept_for_what_it_is_and_served_as_nothing_that_runs() {
    let (ground, buyer, _, order) = busy(&["--demo"]).await;
    for (name, kind, bytes, media) in [
        ("photo.png", "image/png", PNG, "image/png"),
        ("terms.txt", "text/plain", b"as agreed", "text/plain"),
        ("%E4%BB%B7%E6%A0%BC.csv", "text/csv", b"a,b\n1,-2\n", "text/csv"),
        ("contract.pdf", "application/pdf", b"%PDF-1.7 %%EOF", "application/pdf"),
    ] {
        let kept = upload(&ground, &buyer, &order, name, kind, bytes).await;
        assert_eq!((kept.status.as_u16(), kept.json["content_type"].as_str()), (201, Some(media)), "{name}: {kept:?}");
        let served = ground.get(&buyer, &format!("/api/v1/files/{}", kept.json["id"].as_str().unwrap())).await;
        let head = served.head.to_lowercase();
        assert!(head.contains("content-disposition: attachment; filename="), "{head}");
        assert!(head.contains("content-security-policy: sandbox") && head.contains("nosniff"), "{head}");
        assert!(head.contains(&format!("filename*=utf-8''{}", name.to_lowercase())), "{head}");
    }
}

#[actix_web::test]
async fn a_file_that_lies_or_is_not_kept_is_refused_with_what_is() {
    let (ground, buyer, _, order) = busy(&["--demo"]).await;
    let mut bomb = PNG.to_vec();
    bomb[16..24].copy_from_slice(&[0, 1, 0, 0, 0, 1, 0, 0]);
    bomb[29..33].copy_from_slice(&0x6C84_30E3_u32.to_be_bytes());
    for (name, kind, bytes, code) in [
        ("a.svg", "image/svg+xml", &b"<svg/>"[..], "file.type_refused"),
        ("a.html", "text/html", b"<html>", "file.type_refused"),
        ("a.zip", "application/zip", b"PK\x03\x04", "file.type_refused"),
        ("a.txt", "text/plain", b"<script>", "file.type_refused"),
        ("a.jpg", "image/jpeg", PNG, "file.type_differs"),
        ("a.png", "text/html", PNG, "file.type_differs"),
        ("a.png", "image/png", &PNG[..40], "file.damaged"),
        ("..%2F..%2F", "image/png", PNG, "invalid"),
    ] {
        let answer = upload(&ground, &buyer, &order, name, kind, bytes).await;
        assert_eq!((answer.status.as_u16(), answer.json["code"].as_str()), (422, Some(code)), "{name}: {answer:?}");
        assert!(answer.json["next"].as_str().is_some_and(|next| !next.is_empty()), "{answer:?}");
    }
    let answer = upload(&ground, &buyer, &order, "bomb.png", "image/png", &bomb).await;
    assert_eq!((answer.status.as_u16(), answer.json["code"].as_str()), (422, Some("file.too_many_pixels")), "{answer:?}");
    let files = ground.get(&buyer, &format!("/api/v1/orders/{order}/files")).await;
    assert_eq!(files.json["items"].as_array().map(Vec::len), Some(0), "{files:?}");
}

#[actix_web::test]
async fn a_company_has_room_for_so_much_and_is_told_the_numbers() {
    let (ground, buyer, seller, order) = busy(&["--demo", "--file-quota-mib", "1"]).await;
    let text = |n: u8| vec![b'a' + n; 400 * 1024];
    for n in 0..2 {
        let kept = upload(&ground, &buyer, &order, &format!("{n}.txt"), "text/plain", &text(n)).await;
        assert_eq!(kept.status, 201, "{kept:?}");
    }

    let full = upload(&ground, &buyer, &order, "2.txt", "text/plain", &text(2)).await;
    let small = upload(&ground, &buyer, &order, "3.txt", "text/plain", b"still fits").await;
    let known = upload(&ground, &buyer, &order, "0.txt", "text/plain", &text(0)).await;
    let other = upload(&ground, &seller, &order, "2.txt", "text/plain", &text(2)).await;

    assert_eq!((full.status.as_u16(), full.json["code"].as_str()), (409, Some("file.quota")), "{full:?}");
    let told = ["kept_kib", "size_kib", "quota_kib"].map(|name| full.json["params"][name].as_str().unwrap().to_owned());
    assert_eq!(told, ["800", "400", "1024"]);
    assert_eq!([small.status.as_u16(), known.status.as_u16(), other.status.as_u16()], [201, 201, 201]);
}

#[actix_web::test]
async fn uploads_at_once_do_not_share_the_last_room() {
    let (ground, buyer, _, order) = busy(&["--demo", "--file-quota-mib", "1"]).await;
    let texts: Vec<Vec<u8>> = (0..6).map(|n| vec![b'a' + n; 400 * 1024]).collect();
    let names: Vec<String> = (0..6).map(|n| format!("{n}.txt")).collect();

    let sent = texts.iter().zip(&names).map(|(text, name)| upload(&ground, &buyer, &order, name, "text/plain", text));
    let answers = futures_util::future::join_all(sent).await;

    let statuses: Vec<u16> = answers.iter().map(|a| a.status.as_u16()).collect();
    assert_eq!(statuses.iter().filter(|s| **s == 201).count(), 2, "{statuses:?}");
    assert_eq!(statuses.iter().filter(|s| **s == 409).count(), 4, "{statuses:?}");
}
