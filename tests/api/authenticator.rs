//! An authenticator app: reads a seed and shows codes.

use crate::ground::{Client, Ground};
use ring::hmac;
use serde_json::json;

/// The seed behind its base 32 form.
pub fn seed(secret: &str) -> Vec<u8> {
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let bits: Vec<usize> =
        secret.chars().flat_map(|c| (0..5).rev().map(move |n| alphabet.find(c).unwrap() >> n & 1)).collect();
    bits.chunks_exact(8).map(|byte| byte.iter().fold(0u8, |sum, bit| sum << 1 | *bit as u8)).collect()
}

/// The code shown at a moment (RFC 6238).
pub fn code_at(secret: &str, micros: i64) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &seed(secret));
    let tag = hmac::sign(&key, &(micros / 30_000_000).to_be_bytes());
    let tag = tag.as_ref();
    let at = usize::from(tag[19] & 15);
    let word = u32::from_be_bytes(tag[at..at + 4].try_into().unwrap()) & 0x7fff_ffff;
    format!("{:06}", word % 1_000_000)
}

/// The code shown now.
pub fn code(ground: &Ground, secret: &str) -> String {
    code_at(secret, ground.state.engine.clock().now())
}

/// Turns the client's second factor on; answers the moved client, the seed and the recovery codes.
pub async fn enrolled(ground: &Ground, who: &Client) -> (Client, String, Vec<String>) {
    let drawn = ground.post(who, "/api/v1/auth/second-factor", json!({})).await;
    assert_eq!(drawn.status, 200, "{drawn:?}");
    let secret = drawn.json["secret"].as_str().unwrap().to_owned();
    let body = json!({ "code": code(ground, &secret) });
    let confirmed = ground.post(who, "/api/v1/auth/second-factor/confirm", body).await;
    assert_eq!(confirmed.status, 200, "{confirmed:?}");
    let codes = confirmed.json["codes"].as_array().unwrap().iter().map(|c| c.as_str().unwrap().to_owned()).collect();
    (ground.moved(who, &confirmed).await, secret, codes)
}
