//! Bodies: JSON of bounded size, depth and breadth, and files of up to 10 MiB, both refused while they come in.

use crate::platform::problem::{Failure, Refusal};
use actix_web::dev::Payload;
use actix_web::error::PayloadError;
use actix_web::http::header::CONTENT_LENGTH;
use actix_web::web::Bytes;
use actix_web::{Error, FromRequest, HttpRequest};
use futures_util::StreamExt;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::error::Category;
use std::future::Future;
use std::pin::Pin;

/// Largest JSON body.
pub const JSON_MAX: usize = 256 * 1024;
/// Largest uploaded file.
pub const FILE_MAX: usize = 10 * 1024 * 1024;
/// Deepest nesting of JSON.
pub const DEPTH_MAX: usize = 32;
/// Most elements of one array, or fields of one object.
pub const BREADTH_MAX: usize = 1_000;

/// A file's bytes: what routes that take files have in the place of [`Bytes`].
pub struct Upload(pub Bytes);

impl FromRequest for Upload {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Error>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let declared = request.headers().get(CONTENT_LENGTH).and_then(|length| length.to_str().ok());
        let declared = declared.and_then(|length| length.parse::<usize>().ok()).unwrap_or(0);
        let mut payload = payload.take();
        Box::pin(async move {
            if declared > FILE_MAX {
                return Err(file_too_large().into());
            }
            let mut file = Vec::with_capacity(declared.min(JSON_MAX));
            while let Some(chunk) = payload.next().await {
                let chunk = chunk?;
                if file.len() + chunk.len() > FILE_MAX {
                    return Err(file_too_large().into());
                }
                file.extend_from_slice(&chunk);
            }
            Ok(Self(file.into()))
        })
    }
}

fn file_too_large() -> Failure {
    too_large("The file is larger than 10 MiB.").into()
}

/// 413 with the limit in words.
pub fn too_large(detail: &str) -> Refusal {
    Refusal::new(413, "too_large", detail)
}

/// What the framework says of a body it could not read, in our words.
pub fn unreadable_body(error: &PayloadError) -> Refusal {
    match error {
        PayloadError::Overflow => too_large("The body is larger than 256 KiB."),
        PayloadError::Io(io) if io.kind() == std::io::ErrorKind::TimedOut => {
            Refusal::new(408, "too_slow", "The body came in too slowly and was given up.")
        }
        _ => Refusal::new(400, "malformed", "The body broke off, or it is not packed as its headers say."),
    }
}

/// Reads a JSON body; unknown fields and wrong types answer 422 with the reader's words.
pub fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, Refusal> {
    if body.len() > JSON_MAX {
        return Err(too_large("The body is larger than 256 KiB."));
    }
    has_bounds(body)?;
    let unreadable = |error: &dyn std::fmt::Display| {
        Refusal::new(400, "malformed", format!("The body cannot be read as JSON: {error}."))
    };
    serde_json::from_slice(body).map_err(|error| match error.classify() {
        Category::Data => {
            // Reading stopped at the first field that does not fit; what follows may be no JSON at all.
            if let Err(error) = std::str::from_utf8(body) {
                return unreadable(&error);
            }
            if let Err(error) = serde_json::from_slice::<IgnoredAny>(body) {
                return unreadable(&error);
            }
            Refusal::invalid("A field is missing or has a wrong form.").field("", "malformed", error.to_string())
        }
        Category::Io | Category::Syntax | Category::Eof => unreadable(&error),
    })
}

/// Looks at brackets and commas alone, before anything is built from them.
fn has_bounds(body: &[u8]) -> Result<(), Refusal> {
    let (mut quoted, mut escaped) = (false, false);
    let mut elements: Vec<usize> = Vec::with_capacity(DEPTH_MAX);
    for byte in body {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            _ if quoted => {}
            b'[' | b'{' if elements.len() == DEPTH_MAX => {
                let detail = format!("The body is nested more than {DEPTH_MAX} levels deep.");
                return Err(Refusal::new(400, "malformed", detail));
            }
            b'[' | b'{' => elements.push(1),
            b']' | b'}' => {
                elements.pop();
            }
            b',' => {
                let Some(count) = elements.last_mut() else { continue };
                *count += 1;
                if *count > BREADTH_MAX {
                    let detail = format!("A list in the body has more than {BREADTH_MAX} entries.");
                    return Err(Refusal::invalid(detail.clone()).field("", "too_many", detail));
                }
            }
            _ => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    fn status(body: &str) -> u16 {
        parse::<Value>(body.as_bytes()).map_or_else(|refusal| refusal.status, |_| 200)
    }

    #[test]
    fn json_has_a_depth_and_a_breadth() {
        let nested = |n: usize| format!("{}1{}", "[".repeat(n), "]".repeat(n));
        let mixed = |n: usize| format!("{}1{}", "{\"a\":[".repeat(n / 2), "]}".repeat(n / 2));
        let wide = |n: usize| format!("{{\"a\":[{}]}}", vec!["0"; n].join(","));

        assert_eq!([status(&nested(32)), status(&nested(33)), status(&nested(100_000))], [200, 400, 400]);
        assert_eq!([status(&mixed(32)), status(&mixed(34))], [200, 400]);
        assert_eq!([status(&wide(1_000)), status(&wide(1_001))], [200, 422]);
        assert_eq!(status("[[[[1],[1]],[1]],[1]]"), 200, "side by side is not deep");
    }

    #[test]
    fn brackets_and_commas_within_texts_do_not_count() {
        let text = format!("{{\"a\":\"{}{}\\\"[[\\\\\"}}", "[".repeat(100), ",".repeat(2_000));

        assert_eq!(status(&text), 200, "{text}");
        assert_eq!(status("]]]]"), 400);
        assert_eq!(status(&format!("{{\"a\":\"\\\\\",\"b\":{}1{}}}", "[".repeat(40), "]".repeat(40))), 400);
    }
}
