//! Holds the map of OWASP ASVS (`docs/asvs.toml`) against the list of all its numbers, against the tests and pages it names,
//! and holds the sources against the rules that no single test can see.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::disallowed_methods)]

#[path = "asvs/map.rs"]
mod map;
#[path = "asvs/rules.rs"]
mod rules;

use map::{gaps, items, numbers};
use rules::{allowed_only, backend, frontend, manifest, none_of};

#[test]
fn the_map_has_every_number_and_each_has_its_proof_or_reason() {
    let items = items();
    assert_eq!(numbers().len(), 253);

    assert_eq!(gaps(&items), Vec::<String>::new());
}

#[test]
fn a_map_with_a_hole_is_found_wanting() {
    let whole = items();
    let without = |change: &dyn Fn(&mut map::Item)| {
        let mut items = items();
        change(items.iter_mut().find(|(id, _)| id == "8.2.1").map(|(_, item)| item).unwrap());
        gaps(&items).len()
    };

    assert_eq!(gaps(&whole[1..]).len(), 1, "a missing number");
    assert_eq!(without(&|item| item.test.clear()), 1, "no proof");
    assert_eq!(
        without(&|item| item.test.push("tests/asvs.rs::nobody_wrote_this".into())),
        1,
        "a test that is not there"
    );
    assert_eq!(without(&|item| item.waiver = Some("later".into())), 1, "a reason that is none");
    assert_eq!(without(&|item| item.doc = Some("docs/security.md#nothing".into())), 1, "a section that is not there");
}

#[test]
fn every_section_that_the_map_names_is_there() {
    let missing: Vec<String> = items().iter().filter_map(|(id, item)| map::section_gap(id, item)).collect();
    assert_eq!(missing, Vec::<String>::new());
}

#[test]
fn no_page_is_made_from_text() {
    let words = [
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "dangerouslySetInnerHTML",
        "eval(",
        "new Function",
        "document.write",
        "__proto__",
        "javascript:",
        "<iframe",
        "http://",
        "https://",
    ];
    let found: Vec<String> =
        none_of(&frontend(), &words).into_iter().filter(|line| !line.contains("www.w3.org")).collect();
    assert_eq!(found, Vec::<String>::new());
    assert_eq!(none_of(&[("a.ts".into(), "x.innerHTML = y;".into())], &words).len(), 1, "control");
}

#[test]
fn no_statement_holds_a_text_of_a_user() {
    // A quote that opens within a statement and is filled by a value: `'{`. A doubled brace is a brace and no value.
    let words = ["'{", "'{}'", "\\\"{}\\\""];
    let statements: Vec<(String, String)> = backend()
        .into_iter()
        .filter(|(path, _)| {
            ["store.rs", "read.rs", "rows.rs", "people.rs", "store/", "read/"].iter().any(|p| path.contains(p))
        })
        .map(|(path, text)| (path, text.lines().filter(|l| !l.contains("ETag")).collect::<Vec<_>>().join("\n")))
        .map(|(path, text)| (path, text.replace("{{", "")))
        .collect();
    assert!(statements.len() > 10);
    assert_eq!(none_of(&statements, &words), Vec::<String>::new());
    assert_eq!(none_of(&[("a.rs".into(), "format!(\"name = '{name}'\")".into())], &words).len(), 1, "control");
}

#[test]
fn no_process_is_started_and_no_address_is_called() {
    let words =
        ["process::Command", "Command::new(\"", "reqwest", "ureq", "hyper::client", "awc::", "TcpStream::connect"];
    // The database's own programs, the installation's own file store and its own health: by names that no user gives.
    let own = ["src/platform/dump.rs", "src/platform/files/s3.rs", "src/health.rs"];
    let sources: Vec<(String, String)> =
        backend().into_iter().filter(|(path, _)| !own.iter().any(|own| path.ends_with(own))).collect();
    assert_eq!(none_of(&sources, &words), Vec::<String>::new());
    assert_eq!(none_of(&[("a.rs".into(), "std::process::Command::new(\"sh\")".into())], &words).len(), 2, "control");
}

#[test]
fn memory_and_arithmetic_are_guarded_by_the_compiler() {
    let root = manifest("Cargo.toml");
    assert!(root.contains("unsafe_code = \"forbid\"") && root.contains("overflow-checks = true"));
    for member in ["Cargo.toml", "src/domain/Cargo.toml", "migrations/Cargo.toml"] {
        let text = manifest(member);
        assert!(text.contains("[lints]\nworkspace = true") || text.contains("lints.workspace = true"), "{member}");
    }
}

#[test]
fn no_reading_operation_takes_a_body() {
    let document = serde_json::to_value(entrepot::boot::document()).unwrap();
    let paths = document["paths"].as_object().unwrap();
    let with_body = paths.iter().filter(|(_, item)| !item["get"]["requestBody"].is_null());
    assert_eq!(with_body.map(|(path, _)| path.as_str()).collect::<Vec<_>>(), Vec::<&str>::new());
}

#[test]
fn no_secret_travels_in_an_address() {
    let document = serde_json::to_value(entrepot::boot::document()).unwrap();
    let secret = |name: &str| ["token", "password", "code", "secret", "ticket", "key"].iter().any(|s| name.contains(s));
    let mut seen = 0;
    for (path, item) in document["paths"].as_object().unwrap() {
        for operation in item.as_object().unwrap().values() {
            for parameter in operation["parameters"].as_array().into_iter().flatten() {
                let name = parameter["name"].as_str().unwrap().to_lowercase();
                seen += 1;
                assert!(parameter["in"] == "header" || !secret(&name), "{path}: {name}");
            }
        }
    }
    assert!(seen > 20 && secret("reset_token"));
}

#[test]
fn no_form_asks_for_a_hint() {
    let document = serde_json::to_value(entrepot::boot::document()).unwrap();
    // Where suppliers ask the buyer of a request, that is what the word means.
    let of_requests = |name: &str| name.starts_with("Rfq") || name.starts_with("/api/v1/rfqs/");
    let parts = [&document["paths"], &document["components"]["schemas"]];
    for (name, part) in parts.into_iter().flat_map(|part| part.as_object().unwrap()) {
        let text = part.to_string().to_lowercase();
        for word in ["\"hint\"", "security_question", "\"question\"", "maiden"] {
            let meant = word == "\"question\"" && of_requests(name);
            assert!(meant || !text.contains(word), "{name}: {word}");
        }
    }
}

#[test]
fn the_server_redirects_nobody() {
    let words = [
        "HttpResponse::Found",
        "HttpResponse::MovedPermanently",
        "HttpResponse::SeeOther",
        "TemporaryRedirect",
        "PermanentRedirect",
        "Redirect::",
    ];
    assert_eq!(none_of(&backend(), &words), Vec::<String>::new());
    assert_eq!(none_of(&[("a.rs".into(), "HttpResponse::Found()".into())], &words).len(), 1, "control");
}

#[test]
fn the_browser_keeps_and_passes_no_secret() {
    // Where something is kept: the language and that the server was told of it, and for the life of one tab what was typed and a link's ticket.
    let keeps = allowed_only(
        &frontend(),
        &["localStorage", "sessionStorage", "indexedDB", "document.cookie"],
        &[
            "features/draft/model.ts",
            "lib/i18n.ts",
            "lib/kept.ts",
            "features/auth/ticket.ts",
            "api/tell-language.ts",
            "test/",
        ],
    );
    assert_eq!(keeps, Vec::<String>::new());
    // Messages go to tabs of the same origin only.
    assert_eq!(none_of(&frontend(), &["window.postMessage", "parent.postMessage", "opener."]), Vec::<String>::new());
    assert_eq!(
        allowed_only(&[("a.ts".into(), "localStorage.setItem(t)".into())], &["localStorage"], &[]).len(),
        1,
        "control"
    );
}

#[test]
fn passwords_are_typed_hidden_and_pasted_freely() {
    let files = frontend();
    let fields = files.iter().filter(|(_, text)| text.contains("<PasswordInput")).count();
    assert!(fields >= 4, "{fields}");
    assert_eq!(none_of(&files, &["onPaste", "preventPaste", "autoComplete=\"off\""]), Vec::<String>::new());
    for (path, text) in files.iter().filter(|(_, text)| text.contains("autoComplete=\"current-password\"")) {
        assert!(text.contains("PasswordInput"), "{path} shows a password while it is typed");
    }
}

#[test]
fn signing_out_is_always_in_reach() {
    let files = frontend();
    let shell = files.iter().find(|(path, _)| path.ends_with("app/shell.tsx")).map(|(_, text)| text).unwrap();
    assert!(shell.contains("shell.signOut") && shell.contains("/auth/sign-out"));
    assert!(shell.contains("dropAll()"), "what a tab keeps goes with its user");
}

#[test]
fn secrets_come_from_the_random_source_of_the_system() {
    let words = ["rand::", "thread_rng", "fastrand", "SmallRng", "StdRng"];
    assert_eq!(allowed_only(&backend(), &words, &["src/seed/", "src/domain/", "tests"]), Vec::<String>::new());
    let drawn = backend().iter().filter(|(_, text)| text.contains("getrandom::fill")).count();
    assert!(drawn >= 4, "{drawn}");
}

#[test]
fn only_the_primitives_of_the_inventory_are_used() {
    let text = manifest("Cargo.toml");
    let dependencies = text.split("[dependencies]").nth(1).unwrap().split("\n[").next().unwrap();
    let weak = ["md5", "md-5", "sha1", "sha-1", "rsa", "des", "rc4", "blowfish", "openssl", "rand"];
    let named: Vec<&str> =
        dependencies.lines().filter_map(|l| l.split_once(" =").map(|(name, _)| name.trim())).collect();
    assert!(named.contains(&"ring") && named.contains(&"argon2"));
    assert_eq!(named.iter().filter(|name| weak.contains(name)).collect::<Vec<_>>(), Vec::<&&str>::new());
    let legacy = ["SHA1", "HMAC_SHA1", "AES_128_ECB", "Algorithm::HS", "Algorithm::RS"];
    let places = ["identity/totp.rs", "identity/second_factor.rs", "token_tests.rs"];
    assert_eq!(allowed_only(&backend(), &legacy, &places), Vec::<String>::new());
}

#[test]
fn no_secret_lies_in_the_sources() {
    let words = ["BEGIN PRIVATE KEY", "BEGIN RSA PRIVATE", "BEGIN OPENSSH", "AKIA"];
    // The key that Amazon prints in its documentation is nobody's.
    let published = |text: String| text.replace("AKIAIOSFODNN7EXAMPLE", "");
    let all: Vec<(String, String)> =
        backend().into_iter().chain(frontend()).map(|(path, text)| (path, published(text))).collect();
    assert_eq!(none_of(&all, &words), Vec::<String>::new());
}

#[derive(clap::Parser)]
struct Told {
    #[command(flatten)]
    config: entrepot::config::Config,
}

#[test]
fn demo_mode_stays_on_this_machine() {
    let config = backend().into_iter().find(|(path, _)| path.ends_with("src/config.rs")).map(|(_, text)| text).unwrap();
    assert!(config.contains("default_value = \"127.0.0.1:8080\""));
    let refused = |arguments: &[&str]| {
        let all = ["test"].iter().chain(arguments);
        <Told as clap::Parser>::parse_from(all).config.refusal().is_some()
    };
    assert!(refused(&["--demo", "--listen", "192.0.2.7:80"]));
    assert!(!refused(&["--demo", "--listen", "127.0.0.1:80"]), "control");
}

#[test]
fn the_torture_build_is_never_the_default() {
    let text = manifest("Cargo.toml");
    let features = text.split("[features]").nth(1).unwrap().split("\n[").next().unwrap();
    assert!(features.contains("torture = [") && !features.contains("default ="));
    assert!(!manifest("Makefile").lines().any(|line| line.contains("--release") && line.contains("torture")));
}

#[test]
fn components_come_from_the_registries_alone() {
    let lock = manifest("Cargo.lock");
    let sources: std::collections::BTreeSet<&str> = lock.lines().filter_map(|l| l.strip_prefix("source = ")).collect();
    assert_eq!(sources.len(), 1, "{sources:?}");
    let packages: serde_json::Value = serde_json::from_str(&manifest("frontend/package-lock.json")).unwrap();
    for (name, package) in packages["packages"].as_object().unwrap() {
        let from = package["resolved"].as_str().unwrap_or("https://registry.npmjs.org/");
        assert!(from.starts_with("https://registry.npmjs.org/"), "{name}: {from}");
    }
}
