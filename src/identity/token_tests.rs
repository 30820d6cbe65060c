//! Forged tokens of every kind we know, and honest ones at the edges of their life.

use super::*;
use serde_json::{Value, json};

const NOW: i64 = 1_790_000_000_000_000;
const SECOND: i64 = 1_000_000;

fn bearer() -> Bearer {
    Bearer { user: 7, session: 8, stamp: 3, seat: Some((9, 10)) }
}

fn keys() -> KeyPair {
    KeyPair::generate("k1").unwrap()
}

fn honest_claims() -> Value {
    let now = seconds(NOW);
    json!({
        "iss": ISSUER, "aud": AUDIENCE, "sub": hex(7), "exp": now + LIFE_SECONDS, "nbf": now, "iat": now,
        "sid": hex(8), "ver": 3, "seat": format!("{}.{}", hex(9), hex(10)),
    })
}

fn header() -> Header {
    let mut header = Header::new(Algorithm::EdDSA);
    header.typ = Some(TYPE.to_owned());
    header.kid = Some("k1".to_owned());
    header
}

fn sign(pair: &KeyPair, header: &Header, claims: &Value) -> String {
    jsonwebtoken::encode(header, claims, &EncodingKey::from_ed_der(&pair.secret)).unwrap()
}

/// URL-safe base64 without padding, through the library's own HMAC path: signs and keeps the payload part.
fn encoded(value: &Value) -> String {
    let token = jsonwebtoken::encode(&Header::default(), value, &EncodingKey::from_secret(b"x")).unwrap();
    token.split('.').nth(1).unwrap().to_owned()
}

#[test]
fn an_honest_token_is_believed_for_ten_minutes_and_not_a_second_longer() {
    let tokens = Tokens::new(&[keys()]).unwrap();
    let token = tokens.mint(&bearer(), NOW).unwrap();

    assert_eq!(tokens.verify(&token, NOW).unwrap(), bearer());
    assert_eq!(tokens.verify(&token, NOW + 599 * SECOND).unwrap(), bearer());
    assert!(tokens.verify(&token, NOW + 600 * SECOND).is_err());
    assert!(tokens.verify(&token, NOW - SECOND).is_err(), "from the future, although cached");
    assert!(Tokens::new(&[]).is_err());
}

#[test]
fn a_token_without_a_seat_says_so() {
    let tokens = Tokens::new(&[keys()]).unwrap();
    let unseated = Bearer { seat: None, ..bearer() };

    let token = tokens.mint(&unseated, NOW).unwrap();

    assert_eq!(tokens.verify(&token, NOW).unwrap(), unseated);
}

#[test]
fn forged_headers_are_refused() {
    let pair = keys();
    let tokens = Tokens::new(std::slice::from_ref(&pair)).unwrap();
    let claims = honest_claims();
    assert!(tokens.verify(&sign(&pair, &header(), &claims), NOW).is_ok(), "the control");

    let mut hmac = header();
    hmac.alg = Algorithm::HS256;
    let with_public_key = jsonwebtoken::encode(&hmac, &claims, &EncodingKey::from_secret(&pair.public)).unwrap();
    let mut forged = vec![with_public_key];
    for alg in ["none", "None", "nOnE", ""] {
        let head = encoded(&json!({ "alg": alg, "typ": TYPE, "kid": "k1" }));
        forged.push(format!("{head}.{}.", encoded(&claims)));
    }
    for typ in [None, Some("JWT"), Some("AT+JWT"), Some("application/at+jwt")] {
        forged.push(sign(&pair, &Header { typ: typ.map(str::to_owned), ..header() }, &claims));
    }
    for kid in [None, Some(""), Some("k2"), Some("../k1")] {
        forged.push(sign(&pair, &Header { kid: kid.map(str::to_owned), ..header() }, &claims));
    }
    forged.push(sign(&keys(), &header(), &claims));
    for (n, token) in forged.iter().enumerate() {
        assert!(tokens.verify(token, NOW).is_err(), "forgery {n}: {token}");
    }
}

#[test]
fn forged_claims_are_refused() {
    let pair = keys();
    let tokens = Tokens::new(std::slice::from_ref(&pair)).unwrap();
    let now = seconds(NOW);
    let times = [
        json!("1790000300"),
        json!(-1),
        json!(1.79e9),
        json!(1_790_000_300.5),
        json!(u64::MAX),
        json!(1e300),
        json!(null),
        json!([1]),
    ];
    let mut forged: Vec<Value> = Vec::new();
    let mut with = |name: &str, value: Value| {
        let mut claims = honest_claims();
        claims[name] = value;
        forged.push(claims);
    };
    for name in ["exp", "nbf", "iat"] {
        times.iter().for_each(|t| with(name, t.clone()));
    }
    with("exp", json!(now));
    with("exp", json!(now + LIFE_SECONDS + 1));
    with("exp", json!(0));
    with("nbf", json!(now + 1));
    with("nbf", json!(now - 1));
    with("iat", json!(now + 1));
    with("iat", json!(now - 1));
    with("iss", json!("somebody"));
    with("aud", json!("other"));
    with("aud", json!([AUDIENCE]));
    for name in ["sub", "sid"] {
        [json!(""), json!("7"), json!(7), json!(hex(0xab).to_uppercase()), json!(null)]
            .into_iter()
            .for_each(|v| with(name, v));
    }
    [json!("3"), json!(3.0), json!(null)].into_iter().for_each(|v| with("ver", v));
    [json!("x"), json!("."), json!(hex(9)), json!(null)].into_iter().for_each(|v| with("seat", v));
    with("role", json!("admin"));
    for name in ["iss", "aud", "sub", "exp", "nbf", "iat", "sid", "ver", "seat"] {
        let mut claims = honest_claims();
        claims.as_object_mut().unwrap().remove(name);
        forged.push(claims);
    }
    for claims in forged {
        assert!(tokens.verify(&sign(&pair, &header(), &claims), NOW).is_err(), "{claims}");
    }
}

#[test]
fn a_tampered_or_broken_token_is_refused() {
    let tokens = Tokens::new(&[keys()]).unwrap();
    let token = tokens.mint(&bearer(), NOW).unwrap();
    let parts: Vec<&str> = token.split('.').collect();
    let richer = encoded(&json!({ "sub": hex(1) }));
    let tampered = format!("{}.{richer}.{}", parts[0], parts[2]);
    let unsigned = format!("{}.{}.", parts[0], parts[1]);
    let (short, long) = (token[..token.len() - 4].to_owned(), "a".repeat(5_000));

    for broken in
        [tampered, unsigned, short, long, String::new(), "..".to_owned(), "a.b".to_owned(), "\0.\u{fc}.x".to_owned()]
    {
        assert!(tokens.verify(&broken, NOW).is_err(), "{broken}");
    }
}

#[test]
fn the_table_of_verified_tokens_stays_bounded() {
    let tokens = Tokens::new(&[keys()]).unwrap();
    for n in 0..CACHE_MAX {
        let from_before = Believed { bearer: bearer(), from: 0, until: 1 };
        tokens.cache.lock().unwrap().insert(n.to_string(), from_before);
    }

    tokens.verify(&tokens.mint(&bearer(), NOW).unwrap(), NOW).unwrap();

    assert_eq!(tokens.cache.lock().unwrap().len(), 1);
}
