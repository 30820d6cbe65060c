//! TLS of the server's own: what it speaks, what it shows, and what it sets.

use crate::ground::{Ground, ground_with};
use entrepot::platform::clock::Clock;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::version::{TLS12, TLS13};
use rustls::{ClientConfig, ProtocolVersion, RootCertStore, SupportedProtocolVersion};
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

async fn encrypted() -> Ground {
    ground_with(&["--demo", "--tls-self-signed"], Clock::machine()).await
}

/// Connects as a client that trusts this server's certificate and no other.
async fn connect(
    ground: &Ground,
    versions: &[&'static SupportedProtocolVersion],
    protocols: &[&[u8]],
) -> std::io::Result<TlsStream<TcpStream>> {
    let mut roots = RootCertStore::empty();
    let chain = ground.state.config.files.with_file_name("tls.crt");
    roots.add(CertificateDer::from_pem_file(chain).unwrap()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(versions)
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = protocols.iter().map(|p| p.to_vec()).collect();
    let tcp = TcpStream::connect(("127.0.0.1", ground.port)).await?;
    // By address: the certificate must name it.
    let name = ServerName::try_from("127.0.0.1").unwrap();
    TlsConnector::from(Arc::new(config)).connect(name, tcp).await
}

async fn exchange(stream: &mut TlsStream<TcpStream>, head: &str, body: &str) -> String {
    let whole = format!("{head}Host: localhost\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}", body.len());
    stream.write_all(whole.as_bytes()).await.unwrap();
    let mut bytes = Vec::new();
    let _ = stream.read_to_end(&mut bytes).await;
    String::from_utf8_lossy(&bytes).into_owned()
}

#[actix_web::test]
async fn both_versions_of_tls_are_spoken_and_the_stricter_is_chosen() {
    let ground = encrypted().await;
    for (versions, chosen) in [
        (&[&TLS12][..], ProtocolVersion::TLSv1_2),
        (&[&TLS13], ProtocolVersion::TLSv1_3),
        (&[&TLS12, &TLS13], ProtocolVersion::TLSv1_3),
    ] {
        let mut stream = connect(&ground, versions, &[]).await.unwrap();
        assert_eq!(stream.get_ref().1.protocol_version(), Some(chosen));

        let told = exchange(&mut stream, "GET /health HTTP/1.1\r\n", "").await;

        assert!(told.starts_with("HTTP/1.1 200"), "{told}");
        let told = told.to_lowercase();
        assert!(told.contains("strict-transport-security: max-age=31536000; includesubdomains"), "{told}");
        assert!(told.contains("reporting-endpoints: csp=\"/reports/csp\"") && told.contains("report-to csp"), "{told}");
    }
    let stream = connect(&ground, &[&TLS13], &[b"h2", b"http/1.1"]).await.unwrap();
    assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"h2"[..]));
}

#[actix_web::test]
async fn cookies_over_tls_belong_to_this_host_alone() {
    let ground = encrypted().await;
    let mut stream = connect(&ground, &[&TLS13], &[]).await.unwrap();
    let form = "{\"email\":\"a@example.com\",\"password\":\"quiet-harbour-lamp-seventeen\",\"name\":\"A\",\"company\":{\"name\":\"A\",\
        \"country\":\"DE\",\"registration_number\":\"HRB-1\",\"buys\":true,\"sells\":false}}";

    let told = exchange(&mut stream, "POST /api/v1/auth/sign-up HTTP/1.1\r\n", form).await;

    assert!(told.starts_with("HTTP/1.1 201"), "{told}");
    let cookies: Vec<String> = told
        .lines()
        .filter(|line| line.to_lowercase().starts_with("set-cookie: "))
        .map(|line| line[12..].to_owned())
        .collect();
    assert_eq!(cookies.len(), 2, "{told}");
    for cookie in &cookies {
        for part in ["HttpOnly", "Secure", "SameSite=Strict"] {
            assert!(cookie.contains(part), "{part} in {cookie}");
        }
        assert!(!cookie.contains("Domain="), "{cookie}");
    }
    assert!(cookies.iter().any(|cookie| cookie.starts_with("__Host-entrepot=")), "{cookies:?}");
}

#[actix_web::test]
async fn a_client_that_speaks_no_tls_learns_nothing_and_leaves() {
    let ground = encrypted().await;
    let mut stream = TcpStream::connect(("127.0.0.1", ground.port)).await.unwrap();
    stream.write_all(b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n").await.unwrap();
    let mut bytes = Vec::new();
    let ended = tokio::time::timeout(std::time::Duration::from_secs(20), stream.read_to_end(&mut bytes)).await;

    assert!(ended.is_ok() && !String::from_utf8_lossy(&bytes).contains("200"), "{bytes:?}");
}

#[actix_web::test]
async fn a_demo_in_the_clear_says_so_and_uses_plain_cookies() {
    for (arguments, insecure) in [(&["--demo", "--insecure-lan"][..], true), (&["--demo"], false)] {
        let ground = ground_with(arguments, Clock::machine()).await;
        let nobody = crate::ground::Client::default();

        let options = ground.get(&nobody, "/api/v1/auth/options").await;
        let someone = ground.company("Someone", true, false).await;

        assert_eq!(options.json["insecure"], insecure, "{options:?}");
        assert_eq!(
            someone.cookies.iter().any(|(name, _)| name.starts_with("__Host-")),
            !insecure,
            "{:?}",
            someone.cookies
        );
    }
}
