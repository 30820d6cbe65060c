//! The frontend, embedded in the binary (read from disk in debug builds).
//!
//! Hashed assets are cached for good and lie packed beside themselves (`.br`, `.gz`), so that they are sent at the best
//! ratio without packing them for each request; every other path answers the application page, which routes by itself.

use actix_web::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY,
};
use actix_web::{HttpRequest, HttpResponse};
use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "frontend/dist"]
struct Dist;

/// The codings files may be packed in, the best first, and how such a file's name ends.
const PACKED: [(&str, &str); 2] = [("br", "br"), ("gzip", "gz")];

/// Says whether an `Accept-Encoding` header names a coding and does not refuse it with a weight of zero (RFC 9110, 12.5.3).
fn accepts(header: &str, coding: &str) -> bool {
    header.split(',').any(|part| {
        let (name, weight) = part.split_once(';').unwrap_or((part, ""));
        let refused =
            weight.trim().strip_prefix("q=").is_some_and(|q| q.trim().trim_end_matches(['0', '.']).is_empty());
        name.trim().eq_ignore_ascii_case(coding) && !refused
    })
}

/// Serves a file of the frontend, or its page.
pub async fn serve(request: HttpRequest) -> HttpResponse {
    let path = request.path().trim_start_matches('/');
    let (name, file) = match Dist::get(path) {
        Some(file) if !path.is_empty() => (path, Some(file)),
        Some(_) | None if path.starts_with("assets/") || path.starts_with("api/") => (path, None),
        Some(_) | None => ("index.html", Dist::get("index.html")),
    };
    let Some(plain) = file else {
        return HttpResponse::NotFound().finish();
    };
    let accepted = request.headers().get(ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or("");
    let packed = PACKED.iter().find_map(|(coding, ending)| {
        let file = accepts(accepted, coding).then(|| Dist::get(&format!("{name}.{ending}")))??;
        Some((*coding, file))
    });
    let (coding, file) = packed.map_or((None, plain), |(coding, file)| (Some(coding), file));
    let tag: String = file.metadata.sha256_hash().iter().take(8).map(|b| format!("{b:02x}")).collect();
    let tag = format!("\"{tag}\"");
    if request.headers().get(IF_NONE_MATCH).and_then(|v| v.to_str().ok()) == Some(tag.as_str()) {
        return HttpResponse::NotModified().finish();
    }
    let cache = if name.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "no-cache" };
    let kind = mime_guess::from_path(name).first_or_octet_stream();
    let kind = if kind.type_() == mime_guess::mime::TEXT { format!("{kind}; charset=utf-8") } else { kind.to_string() };
    let mut answer = HttpResponse::Ok();
    if let Some(coding) = coding {
        answer.insert_header((CONTENT_ENCODING, coding)).insert_header((VARY, "accept-encoding"));
    }
    answer
        .insert_header((CONTENT_TYPE, kind))
        .insert_header((CACHE_CONTROL, cache))
        .insert_header((ETAG, tag))
        .body(file.data.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_coding_is_used_when_it_is_named_and_not_refused() {
        let browser = "gzip, deflate, br;q=0.9, zstd";
        assert!(accepts(browser, "br") && accepts(browser, "gzip"));
        for refusing in ["", "deflate", "br;q=0", "BR; q=0.000", "brotli", "xbr"] {
            assert!(!accepts(refusing, "br"), "{refusing}");
        }
    }
}
