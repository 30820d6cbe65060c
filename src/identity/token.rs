//! Access tokens: EdDSA JWTs of at most ten minutes, one algorithm, our own keys only.
//!
//! The library checks signature, algorithm, issuer and audience; `exp`, `nbf`, `iat`, `typ` and the form of `sid`, `ver`
//! and `seat` are checked here against our clock with no leeway (ruling 42). Verified tokens are kept in a bounded table.

use crate::platform::problem::{Failure, Fault, Refusal};
use crate::platform::sabotage::{self, Guard};
use jsonwebtoken::jwk::{AlgorithmParameters, Jwk};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// Seconds an access token lives.
pub const LIFE_SECONDS: u64 = 600;
/// Longest token looked at.
const TOKEN_MAX: usize = 2_048;
/// Verified tokens kept at most.
const CACHE_MAX: usize = 8_192;
const ISSUER: &str = "entrepot";
const AUDIENCE: &str = "entrepot-api";
const TYPE: &str = "at+jwt";
/// PKCS#8 wrapping of an Ed25519 seed (RFC 8410): everything but the 32 bytes of the seed.
const PKCS8_PREFIX: [u8; 16] =
    [0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];

/// A key pair as stored.
#[derive(Clone)]
pub struct KeyPair {
    /// Name, the token's `kid`.
    pub id: String,
    /// PKCS#8 document.
    pub secret: Vec<u8>,
    /// 32 bytes.
    pub public: Vec<u8>,
}

impl KeyPair {
    /// Draws a new pair.
    pub fn generate(id: &str) -> Result<Self, Fault> {
        let mut seed = [0u8; 32];
        getrandom::fill(&mut seed).map_err(|e| Fault::new(format!("random source: {e}")))?;
        let secret = [PKCS8_PREFIX.as_slice(), &seed].concat();
        let broken = |e: jsonwebtoken::errors::Error| Fault::new(format!("signing key: {e}"));
        let jwk = Jwk::from_encoding_key(&EncodingKey::from_ed_der(&secret), Algorithm::EdDSA).map_err(broken)?;
        let AlgorithmParameters::OctetKeyPair(pair) = &jwk.algorithm else {
            return Err(Fault::new("signing key: not an Ed25519 key"));
        };
        let public = DecodingKey::from_ed_components(&pair.x).map_err(broken)?;
        let public = public.try_get_as_bytes().map_err(broken)?.to_vec();
        Ok(Self { id: id.to_owned(), secret, public })
    }
}

/// What a token carries. Every claim is required; `seat` is empty for a session without one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Claims {
    iss: String,
    aud: String,
    sub: String,
    exp: u64,
    nbf: u64,
    iat: u64,
    sid: String,
    ver: i64,
    seat: String,
}

/// What a token says once it is believed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bearer {
    /// The user.
    pub user: u128,
    /// The session.
    pub session: u128,
    /// The user's security stamp when the token was made.
    pub stamp: i64,
    /// Market and seat.
    pub seat: Option<(u128, u128)>,
}

#[derive(Clone)]
struct Believed {
    bearer: Bearer,
    from: u64,
    until: u64,
}

/// Makes and checks tokens.
pub struct Tokens {
    kid: String,
    encoding: EncodingKey,
    decoding: HashMap<String, DecodingKey>,
    validation: Validation,
    cache: Mutex<HashMap<String, Believed>>,
}

fn refusal() -> Failure {
    Refusal::new(401, "unauthenticated", "The session is not valid any more.").into()
}

fn seconds(micros: i64) -> u64 {
    u64::try_from(micros.div_euclid(1_000_000)).unwrap_or(0)
}

fn hex(id: u128) -> String {
    format!("{id:032x}")
}

/// Reads exactly 32 small hexadecimal characters.
pub fn unhex(text: &str) -> Option<u128> {
    let well_formed = text.len() == 32 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    if well_formed { u128::from_str_radix(text, 16).ok() } else { None }
}

impl Tokens {
    /// Signs with the last of `keys` and believes all of them.
    pub fn new(keys: &[KeyPair]) -> Result<Self, Fault> {
        let newest = keys.last().ok_or_else(|| Fault::new("there is no signing key"))?;
        if keys.iter().any(|k| k.public.len() != 32) {
            return Err(Fault::new("a stored signing key is damaged"));
        }
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_issuer(&[ISSUER]);
        validation.set_audience(&[AUDIENCE]);
        validation.set_required_spec_claims(&["exp", "nbf", "aud", "iss", "sub"]);
        validation.leeway = 0;
        // The library would ask the machine's clock; ours is asked below.
        validation.validate_exp = false;
        validation.validate_nbf = false;
        Ok(Self {
            kid: newest.id.clone(),
            encoding: EncodingKey::from_ed_der(&newest.secret),
            decoding: keys.iter().map(|k| (k.id.clone(), DecodingKey::from_ed_der(&k.public))).collect(),
            validation,
            cache: Mutex::default(),
        })
    }

    /// Makes a token at `now` (microseconds).
    pub fn mint(&self, bearer: &Bearer, now: i64) -> Result<String, Fault> {
        let now = seconds(now);
        let claims = Claims {
            iss: ISSUER.to_owned(),
            aud: AUDIENCE.to_owned(),
            sub: hex(bearer.user),
            exp: now + LIFE_SECONDS,
            nbf: now,
            iat: now,
            sid: hex(bearer.session),
            ver: bearer.stamp,
            seat: bearer.seat.map(|(market, seat)| format!("{}.{}", hex(market), hex(seat))).unwrap_or_default(),
        };
        let mut header = Header::new(Algorithm::EdDSA);
        header.typ = Some(TYPE.to_owned());
        header.kid = Some(self.kid.clone());
        jsonwebtoken::encode(&header, &claims, &self.encoding).map_err(|e| Fault::new(format!("token: {e}")))
    }

    /// Believes a token or answers 401.
    pub fn verify(&self, token: &str, now: i64) -> Result<Bearer, Failure> {
        let now = seconds(now);
        let in_time = |b: &Believed| sabotage::skips(Guard::TokenExpiry) || (b.from <= now && now < b.until);
        if let Some(known) = self.cache.lock().unwrap_or_else(PoisonError::into_inner).get(token) {
            return if in_time(known) { Ok(known.bearer.clone()) } else { Err(refusal()) };
        }
        let believed = self.read(token).ok_or_else(refusal)?;
        if !in_time(&believed) {
            return Err(refusal());
        }
        let mut cache = self.cache.lock().unwrap_or_else(PoisonError::into_inner);
        if cache.len() >= CACHE_MAX {
            cache.retain(|_, b| now < b.until);
        }
        if cache.len() >= CACHE_MAX {
            cache.clear();
        }
        cache.insert(token.to_owned(), believed.clone());
        Ok(believed.bearer)
    }

    fn read(&self, token: &str) -> Option<Believed> {
        if token.len() > TOKEN_MAX {
            return None;
        }
        let header = jsonwebtoken::decode_header(token).ok()?;
        if header.typ.as_deref() != Some(TYPE) || header.crit.is_some() {
            return None;
        }
        let key = self.decoding.get(header.kid.as_deref()?)?;
        let claims = match sabotage::skips(Guard::TokenSignature) {
            true => jsonwebtoken::dangerous::insecure_decode::<Claims>(token).ok()?.claims,
            false => jsonwebtoken::decode::<Claims>(token, key, &self.validation).ok()?.claims,
        };
        let life = claims.exp.checked_sub(claims.iat)?;
        if life > LIFE_SECONDS || claims.nbf < claims.iat {
            return None;
        }
        let seat = match claims.seat.split_once('.') {
            Some((market, seat)) => Some((unhex(market)?, unhex(seat)?)),
            None if claims.seat.is_empty() => None,
            None => return None,
        };
        let bearer = Bearer { user: unhex(&claims.sub)?, session: unhex(&claims.sid)?, stamp: claims.ver, seat };
        Some(Believed { bearer, from: claims.nbf.max(claims.iat), until: claims.exp })
    }
}

#[cfg(test)]
#[path = "token_tests.rs"]
mod tests;
