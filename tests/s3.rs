//! Files in an S3-compatible store: a small server of the test's own keeps objects in memory and checks every signature
//! with the key it knows, computing it from what arrived.
#![cfg(feature = "s3")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::disallowed_methods)]

use entrepot::platform::clock::Clock;
use entrepot::platform::files::Files;
use entrepot::platform::files::s3::{Place, S3};
use entrepot::platform::files::sigv4::{Signed, Signer};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

const KEY: &str = "store-secret-key";

type Objects = Arc<Mutex<HashMap<String, Vec<u8>>>>;

struct Fake {
    endpoint: String,
    objects: Objects,
}

fn fake() -> Fake {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let objects = Objects::default();
    let kept = Arc::clone(&objects);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let (stream, kept) = (stream.unwrap(), Arc::clone(&kept));
            std::thread::spawn(move || while answer(&stream, &kept).is_some() {});
        }
    });
    Fake { endpoint, objects }
}

/// Answers one request; `None` when the client is gone.
fn answer(stream: &TcpStream, objects: &Objects) -> Option<()> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).ok().filter(|n| *n > 0)?;
    let mut words = line.split(' ');
    let (method, path) = (words.next()?.to_owned(), words.next()?.to_owned());
    let mut headers = HashMap::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        headers.insert(name.to_lowercase(), value.trim().to_owned());
    }
    let mut body = vec![0; headers.get("content-length").map_or(0, |n| n.parse().unwrap())];
    reader.read_exact(&mut body).ok()?;
    let (status, out) = judge(&method, &path, &headers, body, &mut objects.lock().unwrap());
    let shown = if method == "HEAD" { Vec::new() } else { out.clone() };
    let mut stream = stream;
    write!(stream, "HTTP/1.1 {status} X\r\nContent-Length: {}\r\n\r\n", out.len()).ok()?;
    stream.write_all(&shown).ok()
}

fn judge(
    method: &str,
    path: &str,
    headers: &HashMap<String, String>,
    body: Vec<u8>,
    objects: &mut HashMap<String, Vec<u8>>,
) -> (u16, Vec<u8>) {
    let digest: String = Sha256::digest(&body).iter().map(|b| format!("{b:02x}")).collect();
    let said = headers.get("x-amz-content-sha256").cloned().unwrap_or_default();
    let at = headers.get("x-amz-date").cloned().unwrap_or_default();
    let signer =
        Signer { access_key: "node".to_owned(), secret_key: KEY.into(), region: "eu-test-1".to_owned(), service: "s3" };
    let signed = [("host", headers["host"].as_str()), ("x-amz-content-sha256", &said), ("x-amz-date", &at)];
    let what = Signed { method, path, query: "", headers: &signed, body: &digest, at: &at };
    if said != digest || headers.get("authorization") != Some(&signer.authorization(&what)) {
        return (403, b"<Error><Code>SignatureDoesNotMatch</Code></Error>".to_vec());
    }
    match method {
        "PUT" => {
            objects.insert(path.to_owned(), body);
            (200, Vec::new())
        }
        "GET" | "HEAD" => objects.get(path).map_or((404, Vec::new()), |bytes| (200, bytes.clone())),
        "DELETE" => {
            objects.remove(path);
            (204, Vec::new())
        }
        _ => (405, Vec::new()),
    }
}

fn store(fake: &Fake, key: &str) -> Files {
    let place = Place {
        endpoint: fake.endpoint.clone(),
        bucket: "entrepot-files".to_owned(),
        region: "eu-test-1".to_owned(),
        access_key: "node".to_owned(),
        secret_key: key.into(),
    };
    Files::of(S3::new(place, Clock::manual(1_790_000_000_000_000)).unwrap())
}

#[tokio::test]
async fn a_file_put_by_one_node_is_read_by_another() {
    let fake = fake();
    let (one, other) = (store(&fake, KEY), store(&fake, KEY));
    let contents = vec![7u8; 3_000_000];

    let name = one.put(&contents).await.unwrap();

    assert_eq!(one.put(&contents).await.unwrap(), name, "twice is once");
    assert_eq!(other.get(&name).await.unwrap(), contents);
    let path = format!("/entrepot-files/{}/{name}", &name[..2]);
    assert_eq!(fake.objects.lock().unwrap().keys().collect::<Vec<_>>(), [&path], "path-style");
    other.delete(&name).await.unwrap();
    assert!(!one.exists(&name).await.unwrap());
    assert!(one.get(&name).await.unwrap_err().to_string().contains("404"));
}

#[tokio::test]
async fn an_empty_file_is_a_file() {
    let fake = fake();
    let files = store(&fake, KEY);

    let name = files.put(b"").await.unwrap();

    assert!(files.get(&name).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_wrong_key_is_refused_and_not_repeated_in_the_complaint() {
    let fake = fake();

    let refused = store(&fake, "another-key").put(b"x").await.unwrap_err().to_string();

    assert!(refused.contains("403"), "{refused}");
    assert!(!refused.contains("another-key"), "{refused}");
    assert!(fake.objects.lock().unwrap().is_empty());
}

#[tokio::test]
async fn contents_changed_in_the_store_are_refused() {
    let fake = fake();
    let files = store(&fake, KEY);
    let name = files.put(b"invoice").await.unwrap();

    fake.objects.lock().unwrap().values_mut().for_each(|bytes| bytes[0] ^= 1);

    assert!(files.get(&name).await.unwrap_err().to_string().contains("not what its name says"));
}

#[test]
fn addresses_and_buckets_of_the_wrong_form_are_refused() {
    for (endpoint, bucket) in [
        ("ftp://x", "abc"),
        ("https://", "abc"),
        ("https://u:p@x", "abc"),
        ("https://x/y", "abc"),
        ("https://x", "A b"),
        ("https://x", "ab"),
    ] {
        let place = Place {
            endpoint: endpoint.to_owned(),
            bucket: bucket.to_owned(),
            region: String::new(),
            access_key: String::new(),
            secret_key: "".into(),
        };
        assert!(S3::new(place, Clock::machine()).is_err(), "{endpoint} {bucket}");
    }
}
