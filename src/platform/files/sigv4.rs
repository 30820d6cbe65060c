//! Signatures of AWS, version 4: HMAC-SHA-256 over the request in one canonical form.
//!
//! Held against the examples that AWS publishes.

use crate::platform::secret::Secret;
use ring::hmac;
use sha2::{Digest, Sha256};

/// Hash of an empty body.
pub const EMPTY: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/// Who signs, and for where.
#[derive(Debug, Clone)]
pub struct Signer {
    /// Identifier of the key.
    pub access_key: String,
    /// The key.
    pub secret_key: Secret<String>,
    /// The region.
    pub region: String,
    /// The service: `s3`.
    pub service: &'static str,
}

/// What is signed. Path and query are in their encoded form, headers in small letters and in alphabetical order.
pub struct Signed<'a> {
    /// The method.
    pub method: &'a str,
    /// The path.
    pub path: &'a str,
    /// The query, sorted.
    pub query: &'a str,
    /// The headers.
    pub headers: &'a [(&'a str, &'a str)],
    /// SHA-256 of the body in hex.
    pub body: &'a str,
    /// The moment, as `20130524T000000Z`.
    pub at: &'a str,
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

fn mac(key: &[u8], text: &str) -> Vec<u8> {
    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), text.as_bytes()).as_ref().to_vec()
}

impl Signer {
    /// The value of the `Authorization` header.
    pub fn authorization(&self, what: &Signed<'_>) -> String {
        let headers: String = what.headers.iter().map(|(name, value)| format!("{name}:{}\n", value.trim())).collect();
        let names = what.headers.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(";");
        let (method, path, query, body) = (what.method, what.path, what.query, what.body);
        let canonical = format!("{method}\n{path}\n{query}\n{headers}\n{names}\n{body}");
        let day = what.at.get(..8).unwrap_or(what.at);
        let scope = format!("{day}/{}/{}/aws4_request", self.region, self.service);
        let digest = hex(&Sha256::digest(canonical.as_bytes()));
        let to_sign = format!("AWS4-HMAC-SHA256\n{}\n{scope}\n{digest}", what.at);
        let key = [day, &self.region, self.service, "aws4_request"]
            .iter()
            .fold(format!("AWS4{}", self.secret_key.expose()).into_bytes(), |key, part| mac(&key, part));
        let signature = hex(&mac(&key, &to_sign));
        let access = &self.access_key;
        format!("AWS4-HMAC-SHA256 Credential={access}/{scope},SignedHeaders={names},Signature={signature}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signer() -> Signer {
        Signer {
            access_key: "AKIAIOSFODNN7EXAMPLE".to_owned(),
            secret_key: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY".into(),
            region: "us-east-1".to_owned(),
            service: "s3",
        }
    }

    const AT: &str = "20130524T000000Z";
    const HOST: &str = "examplebucket.s3.amazonaws.com";

    /// Amazon S3 API Reference, "Examples: Signature Calculations".
    #[test]
    fn the_published_examples_of_s3_come_out() {
        let put = "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072";
        let get = [("host", HOST), ("range", "bytes=0-9"), ("x-amz-content-sha256", EMPTY), ("x-amz-date", AT)];
        let put_headers = [
            ("date", "Fri, 24 May 2013 00:00:00 GMT"),
            ("host", HOST),
            ("x-amz-content-sha256", put),
            ("x-amz-date", AT),
            ("x-amz-storage-class", "REDUCED_REDUNDANCY"),
        ];
        let plain = [("host", HOST), ("x-amz-content-sha256", EMPTY), ("x-amz-date", AT)];
        let cases = [
            (
                "GET",
                "/test.txt",
                "",
                &get[..],
                EMPTY,
                "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
            ),
            (
                "PUT",
                "/test%24file.text",
                "",
                &put_headers[..],
                put,
                "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd",
            ),
            (
                "GET",
                "/",
                "lifecycle=",
                &plain[..],
                EMPTY,
                "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543",
            ),
            (
                "GET",
                "/",
                "max-keys=2&prefix=J",
                &plain[..],
                EMPTY,
                "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
            ),
        ];
        for (method, path, query, headers, body, signature) in cases {
            let what = Signed { method, path, query, headers, body, at: AT };

            let said = signer().authorization(&what);

            assert!(said.ends_with(&format!("Signature={signature}")), "{method} {path}?{query}: {said}");
        }
    }

    #[test]
    fn the_signer_does_not_show_its_key() {
        assert!(!format!("{:?}", signer()).contains("wJalrX"));
    }
}
