//! How a document is answered as a PDF, whichever slice composed it.
//!
//! A document is printed when it is asked for, on a thread of its own, two at a time on a node; whoever waits too long is asked
//! to come again. Its `ETag` is a hash of everything that stands on it.

use super::attachment::attachment;
use crate::platform::pdf::{self, Document, Language};
use crate::platform::problem::{Failure, Fault, Refusal};
use actix_web::http::header::{ETAG, HeaderValue, IF_NONE_MATCH};
use actix_web::{HttpRequest, HttpResponse, web};
use sha2::{Digest, Sha256};
use std::time::Duration;
use tokio::sync::Semaphore;

/// Documents in the making at a time; the others wait.
static PRESS: Semaphore = Semaphore::const_new(2);
/// How long somebody waits for the press.
const WAIT_MAX: Duration = Duration::from_secs(5);
/// Changes when the same document would come out as other bytes, so that no cache keeps the old ones.
const EDITION: &[u8] = b"entrepot-paper-1";

/// The language a request asks for, `both` unless told.
///
/// Errors: 422 for any other word.
pub fn language(word: Option<&str>) -> Result<Language, Refusal> {
    let Some(word) = word else { return Ok(Language::Both) };
    Language::parse(word).ok_or_else(|| {
        let refusal = Refusal::invalid("Papers are made in English, Chinese or both.");
        refusal.field("/lang", "malformed", "not one of en, zh, both")
    })
}

/// The document as a file of this name, or 304 for who has it.
///
/// Errors: 503 while too many documents are being made.
pub async fn printed(request: &HttpRequest, name: &str, document: Document) -> Result<HttpResponse, Failure> {
    let etag = etag(&document)?;
    let known = request.headers().get(IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    if known.is_some_and(|known| known.split(',').any(|one| one.trim() == etag)) {
        return Ok(HttpResponse::NotModified().insert_header((ETAG, etag)).finish());
    }
    let mut response = attachment(name, "application/pdf", print(document).await?);
    response.headers_mut().insert(ETAG, HeaderValue::from_str(&etag).map_err(|e| Fault::new(e.to_string()))?);
    Ok(response)
}

/// A strong validator over all that stands on the paper.
fn etag(document: &Document) -> Result<String, Fault> {
    let hash = Sha256::new().chain_update(EDITION).chain_update(serde_json::to_vec(document)?).finalize();
    Ok(format!("\"{}\"", hash.iter().take(16).map(|byte| format!("{byte:02x}")).collect::<String>()))
}

/// Makes the file away from the threads that answer requests.
async fn print(document: Document) -> Result<Vec<u8>, Failure> {
    let busy = || Refusal::new(503, "busy", "Too many papers are being made.");
    let permit = tokio::time::timeout(WAIT_MAX, PRESS.acquire()).await.map_err(|_| busy())?;
    let permit = permit.map_err(|_| busy())?;
    let made = web::block(move || {
        // Kept until the work is done, even when the one who asked is gone.
        let _permit = permit;
        let sheet = pdf::lay_out(&document)?;
        if !sheet.missing.is_empty() {
            tracing::info!(pdf.missing = ?sheet.missing, "a document asks for characters its fonts do not hold");
        }
        pdf::write(&sheet)
    });
    let bytes = made.await.map_err(|e| Fault::new(e.to_string()))?;
    Ok(bytes.map_err(|e| Fault::new(e.to_string()))?)
}
