//! G21: tokens believed that must not be (CVE-2026-25537: a string `nbf` counted as none; Watcharr 649: no expiry, and a
//! new password left old tokens alive).
//!
//! The attacker of this table holds the real signing key for the claims, and the real session: only the forgery itself
//! can be what is refused. Each row is sent to a guarded route over HTTP.

use crate::ground::{Client, Ground, PASSWORD, REAL, SECOND, email_of, strict};
use entrepot::platform::rows;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};

const COOKIE: &str = "__Host-entrepot";

/// The server's key pair.
struct Keys {
    id: String,
    secret: Vec<u8>,
    public: Vec<u8>,
}

async fn keys(ground: &Ground) -> Keys {
    let sql = "SELECT id, secret, public FROM signing_key";
    let row = rows::query_one(ground.state.engine.db().read(), sql, vec![]).await.unwrap().unwrap();
    Keys {
        id: row.try_get("", "id").unwrap(),
        secret: row.try_get("", "secret").unwrap(),
        public: row.try_get("", "public").unwrap(),
    }
}

fn token(who: &Client) -> &str {
    &who.cookies.iter().find(|(name, _)| name == COOKIE).unwrap().1
}

fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let groups = bytes.chunks(3).map(|three| {
        let word = three.iter().fold(0u32, |sum, b| sum << 8 | u32::from(*b)) << (8 * (3 - three.len()));
        (0..=three.len()).map(move |n| char::from(LETTERS[(word >> (18 - 6 * n) & 63) as usize]))
    });
    groups.flatten().collect()
}

fn unbase64(text: &str) -> Vec<u8> {
    const LETTERS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let bits: Vec<usize> =
        text.chars().flat_map(|c| (0..6).rev().map(move |n| LETTERS.find(c).unwrap() >> n & 1)).collect();
    bits.chunks_exact(8).map(|byte| byte.iter().fold(0u8, |sum, bit| sum << 1 | *bit as u8)).collect()
}

/// The claims of the real token.
fn claims(who: &Client) -> Value {
    serde_json::from_slice(&unbase64(token(who).split('.').nth(1).unwrap())).unwrap()
}

fn header(keys: &Keys) -> Header {
    let mut header = Header::new(Algorithm::EdDSA);
    header.typ = Some("at+jwt".to_owned());
    header.kid = Some(keys.id.clone());
    header
}

fn sign(keys: &Keys, header: &Header, claims: &Value) -> String {
    jsonwebtoken::encode(header, claims, &EncodingKey::from_ed_der(&keys.secret)).unwrap()
}

async fn answers(ground: &Ground, token: &str) -> u16 {
    let who = Client { cookies: vec![(COOKIE.to_owned(), token.to_owned())], ..Client::default() };
    ground.get(&who, "/api/v1/wallet").await.status.as_u16()
}

/// Honest claims with one of them replaced, or taken out.
fn with(honest: &Value, name: &str, value: Option<Value>) -> Value {
    let mut claims = honest.clone();
    match value {
        Some(value) => claims[name] = value,
        None => drop(claims.as_object_mut().unwrap().remove(name)),
    }
    claims
}

#[actix_web::test]
async fn a_token_signed_by_the_server_with_wrong_claims_opens_nothing() {
    let ground = strict().await;
    let anna = ground.company("Anna", true, true).await;
    let (keys, honest) = (keys(&ground).await, claims(&anna));
    assert_eq!(
        answers(&ground, &sign(&keys, &header(&keys), &honest)).await,
        200,
        "the control: the same claims again"
    );
    let now = REAL / SECOND;
    let numbers = [
        json!((now + 300).to_string()),
        json!(""),
        json!(-1),
        json!(i64::MIN),
        json!(1.5),
        json!(1.79e9),
        json!(1e300),
        json!(u64::MAX),
        json!(null),
        json!(true),
        json!([now]),
        json!({ "at": now }),
    ];
    let mut forged: Vec<(String, Value)> = Vec::new();
    for name in ["exp", "nbf", "iat"] {
        for value in &numbers {
            forged.push((format!("{name}={value}"), with(&honest, name, Some(value.clone()))));
        }
    }
    for name in ["iss", "aud", "sub", "exp", "nbf", "iat", "sid", "ver", "seat"] {
        forged.push((format!("no {name}"), with(&honest, name, None)));
    }
    let other = "0".repeat(31) + "1";
    for (name, value) in [
        ("exp", json!(now)),
        ("exp", json!(now - 1)),
        ("exp", json!(now + 601)),
        ("exp", json!(now + 86_400)),
        ("nbf", json!(now + 1)),
        ("iat", json!(now + 1)),
        ("iss", json!("somebody")),
        ("iss", json!(["entrepot"])),
        ("aud", json!("entrepot")),
        ("aud", json!(["entrepot-api", "other"])),
        ("sub", json!(other)),
        ("sub", json!("")),
        ("sid", json!(other)),
        ("sid", json!("../../1")),
        ("ver", json!(2)),
        ("ver", json!("1")),
        ("ver", json!(1.0)),
        ("seat", json!(format!("{other}.{other}"))),
        ("role", json!("admin")),
        ("seat", json!("")),
    ] {
        forged.push((format!("{name}={value}"), with(&honest, name, Some(value))));
    }
    for (what, claims) in forged {
        assert_eq!(answers(&ground, &sign(&keys, &header(&keys), &claims)).await, 401, "{what}");
    }
}

#[actix_web::test]
async fn a_token_with_a_wrong_header_or_signature_opens_nothing() {
    let ground = strict().await;
    let anna = ground.company("Anna", true, true).await;
    let (keys, honest) = (keys(&ground).await, claims(&anna));
    let body = base64(honest.to_string().as_bytes());
    let head = |value: Value| base64(value.to_string().as_bytes());
    let mut forged: Vec<(String, String)> = Vec::new();
    for alg in ["none", "None", "NONE", "nOnE", "", "EdDSA"] {
        let head = head(json!({ "alg": alg, "typ": "at+jwt", "kid": keys.id }));
        forged.push((format!("alg {alg} without signature"), format!("{head}.{body}.")));
        forged.push((format!("alg {alg} with two parts"), format!("{head}.{body}")));
    }
    for alg in [Algorithm::HS256, Algorithm::HS384, Algorithm::HS512] {
        let mut header = header(&keys);
        header.alg = alg;
        let with_public = jsonwebtoken::encode(&header, &honest, &EncodingKey::from_secret(&keys.public)).unwrap();
        forged.push((format!("{alg:?} keyed with the public key"), with_public));
    }
    let real = token(&anna);
    let parts: Vec<&str> = real.split('.').collect();
    for alg in ["RS256", "ES256", "PS256", "HS256"] {
        let head = head(json!({ "alg": alg, "typ": "at+jwt", "kid": keys.id }));
        forged.push((format!("alg {alg} with our signature"), format!("{head}.{}.{}", parts[1], parts[2])));
    }
    for typ in [None, Some("JWT"), Some("jwt"), Some("AT+JWT"), Some("application/at+jwt"), Some("rt+jwt")] {
        let header = Header { typ: typ.map(str::to_owned), ..header(&keys) };
        forged.push((format!("typ {typ:?}"), sign(&keys, &header, &honest)));
    }
    for kid in
        [None, Some(""), Some("k2"), Some("../k1"), Some("k1\0"), Some("/dev/null"), Some("k1' OR '1'='1"), Some("K1")]
    {
        let header = Header { kid: kid.map(str::to_owned), ..header(&keys) };
        forged.push((format!("kid {kid:?}"), sign(&keys, &header, &honest)));
    }
    let stolen_head = head(json!({ "alg": "EdDSA", "typ": "at+jwt", "kid": keys.id, "crit": ["exp"] }));
    forged.push(("crit".to_owned(), format!("{stolen_head}.{}.{}", parts[1], parts[2])));
    let richer = base64(with(&honest, "sub", Some(json!("0".repeat(32)))).to_string().as_bytes());
    forged.push(("another body under our signature".to_owned(), format!("{}.{richer}.{}", parts[0], parts[2])));
    forged.push(("a cut signature".to_owned(), real[..real.len() - 2].to_owned()));
    forged.push(("nothing".to_owned(), String::new()));
    forged.push(("dots".to_owned(), "..".to_owned()));
    forged.push(("very long".to_owned(), "a".repeat(3_000)));
    for (what, token) in forged {
        assert_eq!(answers(&ground, &token).await, 401, "{what}");
    }
    assert_eq!(answers(&ground, real).await, 200, "the control: the real token still works");
}

#[actix_web::test]
async fn a_refresh_token_is_no_access_token_and_the_other_way_round() {
    let ground = strict().await;
    let anna = ground.company("Anna", true, true).await;
    let refresh = anna.cookies.iter().find(|(name, _)| name.contains("refresh")).unwrap().clone();

    assert_eq!(answers(&ground, &refresh.1).await, 401);
    let swapped = Client { cookies: vec![(refresh.0, token(&anna).to_owned())], ..Client::default() };
    assert_eq!(ground.post(&swapped, "/api/v1/auth/refresh", json!({})).await.status, 401);
    assert_eq!(answers(&ground, token(&anna)).await, 200, "and neither try ended the session");
}

#[actix_web::test]
async fn tokens_end_by_themselves_and_with_a_new_password() {
    let ground = strict().await;
    let anna = ground.company("Anna", true, true).await;
    assert_eq!(answers(&ground, token(&anna)).await, 200);
    ground.wait(600);
    assert_eq!(answers(&ground, token(&anna)).await, 401, "ten minutes");

    let signed_in = ground.sign_in(&email_of("Anna"), PASSWORD).await;
    let anna = ground.moved(&Client::default(), &signed_in).await;
    let body = json!({ "current_password": PASSWORD, "password": "seventeen-lamps-by-the-quay" });
    assert_eq!(ground.post(&anna, "/api/v1/auth/password", body).await.status, 200);
    assert_eq!(answers(&ground, token(&anna)).await, 401, "a token of before the new password");
}
