//! The queue: files appear once, failures wait longer each time and end, texts are encrypted at rest.

use super::*;
use crate::platform::rows;

const START: i64 = 1_790_000_000 * SECOND;

struct Post {
    mail: Mail,
    clock: Clock,
    db: Database,
    folder: tempfile::TempDir,
}

async fn post() -> Post {
    let folder = tempfile::tempdir().unwrap();
    let db = Database::open(&format!("sqlite://{}", folder.path().join("t.db").display())).await.unwrap();
    let vault = Vault::open(&folder.path().join("secret.key")).unwrap();
    let clock = Clock::manual(START);
    let transport = Transport::folder("Entrepot <no-reply@entrepot.example>", &folder.path().join("mail")).unwrap();
    let mail = Mail::new(db.clone(), clock.clone(), vault, transport);
    Post { mail, clock, db, folder }
}

fn letter(recipient: &str) -> Letter {
    Letter {
        kind: "reset_password",
        recipient: recipient.to_owned(),
        user: None,
        market: None,
        subject: "New password 新密码".to_owned(),
        text: "Open the link.\n打开链接。\nhttps://e.example/reset-password#canary-77\n".into(),
    }
}

async fn number(post: &Post, sql: &str) -> i64 {
    rows::query_one(post.db.write(), sql, vec![]).await.unwrap().unwrap().try_get_by_index(0).unwrap()
}

#[tokio::test]
async fn a_letter_becomes_one_file_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let post = post().await;
    post.mail.post(letter("anna@example.com")).await.unwrap();

    let (first, second) = tokio::join!(post.mail.send_due(), post.mail.send_due());

    assert_eq!(first.unwrap() + second.unwrap(), 1);
    let files: Vec<_> = std::fs::read_dir(post.folder.path().join("mail")).unwrap().map(|f| f.unwrap()).collect();
    assert_eq!(files.len(), 1);
    assert_eq!(files[0].metadata().unwrap().permissions().mode() & 0o777, 0o600);
    let text = std::fs::read_to_string(files[0].path()).unwrap();
    assert!(text.contains("To: anna@example.com") && text.contains("Date: Mon, 21 Sep 2026"), "{text}");
    assert!(text.contains("Subject: New password =?utf-8?") && text.contains("打开链接"), "{text}");
}

#[tokio::test]
async fn the_text_lies_in_the_database_encrypted() {
    let post = post().await;
    post.mail.post(letter("anna@example.com")).await.unwrap();

    let row = rows::query_one(post.db.write(), "SELECT sealed FROM mail", vec![]).await.unwrap().unwrap();
    let sealed: Vec<u8> = row.try_get("", "sealed").unwrap();

    assert!(!String::from_utf8_lossy(&sealed).contains("canary"));
    let row = queue::claim(&post.db, START, START + LEASE).await.unwrap().unwrap();
    assert!(post.mail.text(&row).unwrap().unwrap().contains("canary-77"));
}

#[tokio::test]
async fn a_mail_that_cannot_leave_is_tried_again_ever_later_and_then_given_up() {
    let post = post().await;
    std::fs::write(post.folder.path().join("mail"), "a file where the folder should be").unwrap();
    post.mail.post(letter("anna@example.com")).await.unwrap();

    assert_eq!(post.mail.send_due().await.unwrap(), 0);
    assert_eq!(post.mail.send_due().await.unwrap(), 0, "not due yet");
    assert_eq!(number(&post, "SELECT attempts FROM mail").await, 1);
    for _ in 0..20 {
        post.clock.step(WAIT_MAX);
        post.mail.send_due().await.unwrap();
    }
    assert_eq!(number(&post, "SELECT attempts FROM mail").await, TRIES_MAX);
    assert_eq!(number(&post, "SELECT COUNT(*) FROM mail WHERE given_up_at IS NOT NULL AND error <> ''").await, 1);

    post.clock.step(KEPT);
    assert_eq!(post.mail.tidy().await.unwrap(), 1);
}

#[tokio::test]
async fn a_hostile_address_writes_no_further_header() {
    let post = post().await;
    post.mail.post(letter("anna@example.com\r\nBcc: thief@example.com")).await.unwrap();

    assert_eq!(post.mail.send_due().await.unwrap(), 0);
}

#[test]
fn mail_does_not_travel_in_plain() {
    let from = "no-reply@entrepot.example";
    for refused in ["smtp://user:pass@mail.example.com", "smtp://mail.example.com:587", "nonsense"] {
        assert!(Transport::smtp(from, refused).is_err(), "{refused}");
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let _inside = runtime.enter();
    for taken in
        ["smtps://user:pass@mail.example.com", "smtp://mail.example.com:587?tls=required", "smtp://localhost:2525"]
    {
        assert!(Transport::smtp(from, taken).is_ok(), "{taken}");
    }
}
