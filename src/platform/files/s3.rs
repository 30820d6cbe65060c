//! Files in an S3-compatible store, which several nodes share. Built with the feature `s3`.
//!
//! Addresses are path-style (`endpoint/bucket/ab/abcd…`), redirects are not followed, and a request has thirty seconds.
//! The client blocks, so each call runs beside the server's own threads.

use super::FileStore;
use super::sigv4::{EMPTY, Signed, Signer};
use crate::platform::clock::Clock;
use crate::platform::problem::Fault;
use crate::platform::secret::Secret;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

const PATIENCE: Duration = Duration::from_secs(30);
/// More than the largest file.
const BYTES_MAX: u64 = 16 * 1024 * 1024;

/// Where the store is and who may use it.
#[derive(Debug, Clone)]
pub struct Place {
    /// `https://host` or `http://host:port`, without a path.
    pub endpoint: String,
    /// The bucket.
    pub bucket: String,
    /// The region that signatures name.
    pub region: String,
    /// Identifier of the key.
    pub access_key: String,
    /// The key.
    pub secret_key: Secret<String>,
}

/// Reads the key of the store from its file.
///
/// Errors: no file, or an empty one.
pub fn read_key(path: &Path) -> Result<Secret<String>, Fault> {
    let text = std::fs::read_to_string(path).map_err(|e| Fault::new(format!("S3 key file {}: {e}", path.display())))?;
    let key = text.trim();
    if key.is_empty() { Err(Fault::new(format!("S3 key file {} is empty", path.display()))) } else { Ok(key.into()) }
}

struct Inner {
    agent: ureq::Agent,
    endpoint: String,
    host: String,
    bucket: String,
    signer: Signer,
    clock: Clock,
}

/// The store.
pub struct S3(Arc<Inner>);

/// An answer: status and body.
type Answer = (u16, Vec<u8>);

impl S3 {
    /// A store; nothing is asked of it yet.
    ///
    /// Errors: an address or a bucket of the wrong form.
    pub fn new(place: Place, clock: Clock) -> Result<Self, Fault> {
        let endpoint = place.endpoint.trim_end_matches('/').to_owned();
        let host = match endpoint.split_once("://") {
            Some(("http" | "https", host)) if !host.is_empty() && !host.contains(['/', '@', '?', '#']) => {
                host.to_owned()
            }
            Some(_) | None => return Err(Fault::new("--s3-endpoint must be https://host or http://host:port")),
        };
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '.';
        if !(3..=63).contains(&place.bucket.len()) || !place.bucket.chars().all(fits) {
            return Err(Fault::new("--s3-bucket has 3 to 63 small letters, digits, dots and hyphens"));
        }
        let config = ureq::Agent::config_builder()
            .timeout_global(Some(PATIENCE))
            .http_status_as_error(false)
            .max_redirects(0)
            .build();
        let signer =
            Signer { access_key: place.access_key, secret_key: place.secret_key, region: place.region, service: "s3" };
        let agent = ureq::Agent::new_with_config(config);
        Ok(Self(Arc::new(Inner { agent, endpoint, host, bucket: place.bucket, signer, clock })))
    }

    async fn ask(&self, method: &'static str, name: &str, body: Vec<u8>) -> Result<Answer, Fault> {
        let (inner, name) = (Arc::clone(&self.0), name.to_owned());
        let asked = tokio::task::spawn_blocking(move || inner.ask(method, &name, &body)).await;
        asked.map_err(|e| Fault::new(format!("S3: {e}")))?
    }
}

fn unexpected(method: &str, answer: &Answer) -> Fault {
    // The body may name keys and hosts: the status says enough.
    Fault::new(format!("S3 answered {} to {method}", answer.0))
}

impl Inner {
    fn ask(&self, method: &'static str, name: &str, body: &[u8]) -> Result<Answer, Fault> {
        let path = format!("/{}/{}/{name}", self.bucket, name.get(..2).unwrap_or("xx"));
        let at = jiff::Timestamp::from_microsecond(self.clock.now())
            .map_err(|e| Fault::new(format!("S3: {e}")))?
            .strftime("%Y%m%dT%H%M%SZ")
            .to_string();
        let digest = if body.is_empty() { EMPTY.to_owned() } else { super::sha256(body) };
        let headers = [("host", self.host.as_str()), ("x-amz-content-sha256", &digest), ("x-amz-date", &at)];
        let what = Signed { method, path: &path, query: "", headers: &headers, body: &digest, at: &at };
        let authorization = self.signer.authorization(&what);
        let request = ureq::http::Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.endpoint))
            .header("authorization", authorization)
            .header("host", &self.host)
            .header("x-amz-content-sha256", &digest)
            .header("x-amz-date", &at);
        let unsent = |e: &dyn std::fmt::Display| Fault::new(format!("S3 {method}: {e}"));
        let answered = if method == "PUT" {
            self.agent.run(request.body(body).map_err(|e| unsent(&e))?)
        } else {
            self.agent.run(request.body(()).map_err(|e| unsent(&e))?)
        };
        let mut answer = answered.map_err(|e| unsent(&e))?;
        let status = answer.status().as_u16();
        let bytes = answer.body_mut().with_config().limit(BYTES_MAX).read_to_vec().map_err(|e| unsent(&e))?;
        Ok((status, bytes))
    }
}

#[async_trait::async_trait]
impl FileStore for S3 {
    fn place(&self) -> String {
        format!("S3 bucket {} at {}", self.0.bucket, self.0.endpoint)
    }

    async fn put(&self, name: &str, bytes: &[u8]) -> Result<(), Fault> {
        let answer = self.ask("PUT", name, bytes.to_vec()).await?;
        if answer.0 == 200 { Ok(()) } else { Err(unexpected("PUT", &answer)) }
    }

    async fn get(&self, name: &str) -> Result<Vec<u8>, Fault> {
        let answer = self.ask("GET", name, Vec::new()).await?;
        if answer.0 == 200 { Ok(answer.1) } else { Err(unexpected("GET", &answer)) }
    }

    async fn exists(&self, name: &str) -> Result<bool, Fault> {
        let answer = self.ask("HEAD", name, Vec::new()).await?;
        match answer.0 {
            200 => Ok(true),
            404 => Ok(false),
            _ => Err(unexpected("HEAD", &answer)),
        }
    }

    async fn delete(&self, name: &str) -> Result<(), Fault> {
        let answer = self.ask("DELETE", name, Vec::new()).await?;
        match answer.0 {
            200 | 204 | 404 => Ok(()),
            _ => Err(unexpected("DELETE", &answer)),
        }
    }
}
