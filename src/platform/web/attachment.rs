//! How stored files are served: always as an attachment, in a sandbox, under a name that every client understands.

use actix_web::HttpResponse;

/// A byte of a name in the form of RFC 5987.
fn percent(byte: u8) -> String {
    let plain = byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_');
    if plain { char::from(byte).to_string() } else { format!("%{byte:02X}") }
}

/// The answer with a file's bytes.
pub fn attachment(name: &str, content_type: &str, bytes: Vec<u8>) -> HttpResponse {
    let ascii: String = name.chars().map(|c| if c.is_ascii() && !matches!(c, '"' | '\\') { c } else { '_' }).collect();
    let whole: String = name.bytes().map(percent).collect();
    HttpResponse::Ok()
        .content_type(content_type)
        .insert_header(("Content-Disposition", format!("attachment; filename=\"{ascii}\"; filename*=UTF-8''{whole}")))
        .insert_header(("Content-Security-Policy", "sandbox; default-src 'none'; frame-ancestors 'none'"))
        .body(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_of_a_name_that_is_not_plain_is_written_in_hexadecimal() {
        assert_eq!("ä\"'".bytes().map(percent).collect::<String>(), "%C3%A4%22%27");
    }
}
