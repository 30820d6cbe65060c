//! Requests no browser would send, over bare sockets: smuggling, dripping, idling.

use crate::ground::{Client, Ground, ground, ground_with};
use entrepot::platform::clock::Clock;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Longer than any bound of the server, so that a test ends either way.
const PATIENCE: Duration = Duration::from_secs(40);

pub async fn connect(ground: &Ground) -> TcpStream {
    TcpStream::connect(("127.0.0.1", ground.port)).await.unwrap()
}

/// All that comes until the server hangs up.
pub async fn rest(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let read = tokio::time::timeout(PATIENCE, stream.read_to_end(&mut bytes)).await;
    // A connection that is reset has ended too.
    assert!(read.is_ok(), "the server never hung up; so far: {}", String::from_utf8_lossy(&bytes));
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Sends bytes as they are and answers all that comes back.
async fn raw(ground: &Ground, bytes: &[u8]) -> String {
    let mut stream = connect(ground).await;
    let _ = stream.write_all(bytes).await;
    rest(&mut stream).await
}

/// The head of an answer whose body does not end.
pub async fn head_of(ground: &Ground, who: &Client, path: &str) -> String {
    let mut stream = connect(ground).await;
    ask(&mut stream, who, path).await;
    head(&mut stream).await
}

pub async fn ask(stream: &mut TcpStream, who: &Client, path: &str) {
    let cookies: Vec<String> = who.cookies.iter().map(|(n, v)| format!("{n}={v}")).collect();
    let head = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nCookie: {}\r\n\r\n", cookies.join("; "));
    stream.write_all(head.as_bytes()).await.unwrap();
}

pub async fn head(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    while !bytes.windows(4).any(|w| w == b"\r\n\r\n") {
        let byte = tokio::time::timeout(PATIENCE, stream.read_u8()).await.expect("a head");
        bytes.push(byte.unwrap());
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn statuses(answers: &str) -> Vec<u16> {
    let starts = answers.match_indices("HTTP/1.1 ").map(|(at, start)| &answers[at + start.len()..]);
    starts.filter_map(|rest| rest.get(..3)?.parse().ok()).collect()
}

const END: &str = "Host: localhost\r\nConnection: close\r\n";

#[actix_web::test]
async fn a_request_whose_length_can_be_read_in_two_ways_is_refused() {
    let ground = ground().await;
    let hidden = "GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n";
    for (what, lines) in [
        ("a length beside chunks", "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n"),
        ("chunks beside a length", "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n"),
        ("two lengths", "Content-Length: 4\r\nContent-Length: 5\r\n"),
        ("a signed length", "Content-Length: +4\r\n"),
        ("a length that is none", "Content-Length: 4x\r\n"),
        ("unknown coding", "Transfer-Encoding: xchunked\r\n"),
        ("chunks twice", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"),
    ] {
        let told = raw(
            &ground,
            format!("POST /reports/csp HTTP/1.1\r\nHost: localhost\r\n{lines}\r\n0\r\n\r\n{hidden}").as_bytes(),
        )
        .await;

        assert_eq!(statuses(&told), [400], "{what}: {told}");
    }
    let control =
        raw(&ground, format!("POST /reports/csp HTTP/1.1\r\n{END}Content-Length: 4\r\n\r\nabcd").as_bytes()).await;
    assert_eq!(statuses(&control), [204], "control: {control}");
}

#[actix_web::test]
async fn a_head_that_is_folded_or_holds_strange_bytes_is_refused() {
    let ground = ground().await;
    for (what, head) in [
        ("a folded line", format!("GET /health HTTP/1.1\r\n{END}X-A: b\r\n c\r\n\r\n")),
        ("a space before the colon", format!("GET /health HTTP/1.1\r\n{END}X-A : b\r\n\r\n")),
        ("a zero byte", format!("GET /health HTTP/1.1\r\n{END}X-A: b\0c\r\n\r\n")),
        ("a bare carriage return", format!("GET /health HTTP/1.1\r\n{END}X-A: b\rX-B: c\r\n\r\n")),
        ("no version", "GET /health\r\n\r\n".to_owned()),
        ("another version", "GET /health HTTP/3.7\r\nHost: x\r\n\r\n".to_owned()),
        ("too many lines", format!("GET /health HTTP/1.1\r\n{END}{}\r\n", "X-A: b\r\n".repeat(200))),
        ("a line too long", format!("GET /health HTTP/1.1\r\n{END}X-A: {}\r\n\r\n", "b".repeat(200_000))),
    ] {
        let told = raw(&ground, head.as_bytes()).await;

        assert!(statuses(&told).iter().all(|status| (400..500).contains(status)), "{what}: {told}");
    }
}

#[actix_web::test]
async fn lines_that_end_without_a_carriage_return_hide_nothing() {
    let ground = ground().await;

    let told = raw(
        &ground,
        b"GET /health HTTP/1.1\nHost: localhost\nConnection: close\n\nGET /ready HTTP/1.1\nHost: localhost\n\n",
    )
    .await;

    // RFC 9112, 2.2 lets a bare line feed end a line: what is seen as two requests gets two answers and no third.
    assert!(statuses(&told).len() <= 2, "{told}");
}

#[actix_web::test]
async fn a_head_that_drips_is_given_up_also_on_a_connection_that_was_used_before() {
    let ground = ground().await;
    for used in [false, true] {
        let mut stream = connect(&ground).await;
        if used {
            stream.write_all(b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n").await.unwrap();
            assert!(head(&mut stream).await.contains("200"));
        }
        let started = Instant::now();
        let (mut reads, mut writes) = stream.into_split();
        let dripping = actix_web::rt::spawn(async move {
            let _ = writes.write_all(b"GET /health HTTP/1.1\r\nHost: ").await;
            while writes.write_all(b"x").await.is_ok() {
                tokio::time::sleep(Duration::from_millis(500)).await;
            }
        });
        let mut bytes = Vec::new();
        let ended = tokio::time::timeout(PATIENCE, reads.read_to_end(&mut bytes)).await;
        dripping.abort();

        assert!(ended.is_ok(), "used before: {used}: still open after {:?}", started.elapsed());
    }
}

#[actix_web::test]
async fn a_body_that_drips_gets_408_and_the_connection_ends() {
    let ground = ground().await;
    let mut stream = connect(&ground).await;
    let head = "POST /api/v1/auth/sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n{";
    stream.write_all(head.as_bytes()).await.unwrap();

    let told = rest(&mut stream).await;

    assert_eq!(statuses(&told), [408], "{told}");
    assert!(told.contains("too_slow") && told.contains("application/problem+json"), "{told}");
}

#[actix_web::test]
async fn idle_sockets_keep_nobody_out() {
    let ground = ground().await;
    let mut idle = Vec::new();
    for _ in 0..200 {
        idle.push(connect(&ground).await);
    }

    assert_eq!(ground.get(&Client::default(), "/health").await.status, 200);
    for stream in &mut idle {
        rest(stream).await;
    }
}

#[actix_web::test]
async fn one_address_gets_its_share_of_connections_and_the_rest_are_told() {
    let ground = ground_with(&["--demo", "--bound-loopback", "--connections-per-address", "6"], Clock::machine()).await;
    let mut open = Vec::new();
    for _ in 0..6 {
        let mut stream = connect(&ground).await;
        stream.write_all(b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n").await.unwrap();
        assert!(head(&mut stream).await.starts_with("HTTP/1.1 200"));
        open.push(stream);
    }

    let told = rest(&mut connect(&ground).await).await;

    assert!(told.starts_with("HTTP/1.1 503") && told.contains("too_many_connections"), "{told}");
    assert!(told.contains("retry-after"), "{told}");
    let body: serde_json::Value = serde_json::from_str(told.split("\r\n\r\n").nth(1).unwrap()).unwrap();
    assert!(body["next"].as_str().is_some_and(|next| !next.is_empty()), "{body}");
    drop(open);
    // The server sees the ends a moment later.
    for _ in 0..200 {
        let mut stream = connect(&ground).await;
        let _ = stream.write_all(b"GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").await;
        if rest(&mut stream).await.starts_with("HTTP/1.1 200") {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("places are not given back");
}
