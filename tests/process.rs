//! What only a process of its own can show: how a node ends.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::disallowed_methods)]

#[path = "process/node.rs"]
mod node;

use node::{Node, answer};
use std::io::Write;

/// A sign-up whose body is still on its way.
fn half_a_request() -> (String, String) {
    let body = serde_json::json!({
        "email": "anna@example.com", "password": "quiet-harbour-lamp-seventeen", "name": "Anna",
        "company": { "name": "Anna Ltd", "country": "DE", "registration_number": "HRB-1", "buys": true, "sells": false },
    })
    .to_string();
    let head = format!(
        "POST /api/v1/auth/sign-up HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nIdempotency-Key: k\r\n\
         Content-Length: {}\r\n\r\n",
        body.len()
    );
    let (first, rest) = body.split_at(40);
    (format!("{head}{first}"), rest.to_owned())
}

#[test]
fn a_node_told_to_stop_is_not_ready_at_once_and_still_answers() {
    let folder = tempfile::tempdir().unwrap();
    let mut node = Node::start(folder.path(), &["--drain-seconds", "5"]);

    node.signal("TERM");
    node.until(|node| node.status("/ready") == Some(503));

    let kept = node.open("GET /api/v1/auth/me HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
    let (status, text) = answer(kept);
    assert_eq!(status, Some(401));
    assert!(text.to_lowercase().contains("connection: close"), "a draining node keeps no connection");
    assert_eq!(node.status("/health"), Some(200));
    assert!(node.end().success());
    assert_eq!(node.status("/health"), None);
}

#[test]
fn a_request_under_way_is_finished_and_the_log_is_copied_into_the_database() {
    let folder = tempfile::tempdir().unwrap();
    let mut node = Node::start(folder.path(), &["--drain-seconds", "0"]);
    let (first, rest) = half_a_request();
    let mut stream = node.open(&first).unwrap();
    node.until(|node| node.status("/health") == Some(200));

    node.signal("TERM");
    node.until(|node| node.status("/health").is_none());
    stream.write_all(rest.as_bytes()).unwrap();

    let (status, text) = answer(stream);
    // Nobody has opened a market here: what matters is that the node judged the request.
    assert!(status.is_some_and(|status| status < 500), "{text}");
    assert!(node.end().success());
    let wal = folder.path().join("node.db-wal");
    assert!(!wal.exists() || wal.metadata().unwrap().len() == 0);
}

#[test]
fn a_second_signal_ends_the_node_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let mut node = Node::start(folder.path(), &["--drain-seconds", "3600"]);

    node.signal("TERM");
    node.until(|node| node.status("/ready") == Some(503));
    node.signal("TERM");

    assert_eq!(node.end().code(), Some(1));
}
