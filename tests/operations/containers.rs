//! The container files against the product and each other: no engine runs here, so what can be read is read.

use crate::manual::options;
use saphyr::{LoadableYamlNode, Yaml};
use std::fs;
use std::path::Path;
use std::process::Command;

fn file(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

fn compose() -> String {
    file("docker-compose.yml")
}

/// A value below a mapping, looked up in what it merges (`<<`) too.
fn get<'a, 'b>(node: &'a Yaml<'b>, key: &str) -> Option<&'a Yaml<'b>> {
    let found = node.as_mapping_get(key);
    found.or_else(|| node.as_mapping_get("<<").and_then(|merged| get(merged, key)))
}

fn text<'a>(node: Option<&'a Yaml<'_>>) -> &'a str {
    node.and_then(|n| n.as_str()).unwrap_or("")
}

fn list(node: Option<&Yaml<'_>>) -> Vec<String> {
    let items = node.and_then(|n| n.as_sequence()).into_iter().flatten();
    items.filter_map(|item| item.as_str().map(str::to_owned)).collect()
}

/// Keys of a mapping, those it merges included.
fn keys(node: Option<&Yaml<'_>>) -> Vec<String> {
    let Some(mapping) = node.and_then(|n| n.as_mapping()) else { return Vec::new() };
    let own = mapping.iter().filter_map(|(key, _)| key.as_str().map(str::to_owned)).filter(|key| key != "<<");
    let merged = keys(node.and_then(|n| n.as_mapping_get("<<")));
    own.chain(merged).collect()
}

fn service<'a, 'b>(document: &'a Yaml<'b>, name: &str) -> &'a Yaml<'b> {
    get(document, "services").and_then(|s| get(s, name)).unwrap_or_else(|| panic!("no service {name}"))
}

fn load(text: &str) -> Yaml<'_> {
    Yaml::load_from_str(text).unwrap().into_iter().next().unwrap()
}

/// Names of variables of ours that a text sets, and that no option reads.
fn unknown_variables(text: &str) -> Vec<String> {
    let known: Vec<String> = options().into_iter().map(|(_, variable)| variable).collect();
    let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).filter(|w| w.starts_with("ENTREPOT_"));
    words.filter(|w| !known.iter().any(|k| k == w)).map(str::to_owned).collect()
}

/// Images of other people that are not pinned to a version or a day.
fn unpinned(text: &str) -> Vec<String> {
    let images =
        text.lines().map(str::trim).filter_map(|line| line.strip_prefix("FROM ").or(line.strip_prefix("image: ")));
    let pinned = |image: &str| {
        let tag = image.rsplit_once(':').map_or("", |(_, tag)| tag);
        let parts: Vec<&str> = tag.split(['.', '-']).collect();
        let numbers = parts.iter().take_while(|p| p.parse::<u32>().is_ok()).count();
        numbers >= 2 || parts.iter().any(|p| p.len() == 8 && p.parse::<u32>().is_ok())
    };
    images.map(|i| i.split(' ').next().unwrap_or(i)).filter(|i| !pinned(i)).map(str::to_owned).collect()
}

#[test]
fn every_variable_in_the_container_files_is_an_option() {
    for path in ["docker-compose.yml", "Dockerfile"] {
        assert_eq!(unknown_variables(&file(path)), Vec::<String>::new(), "{path}");
    }
    assert_eq!(unknown_variables("ENV ENTREPOT_LISTENS=1 ENTREPOT_LISTEN=2"), ["ENTREPOT_LISTENS"], "the control");
}

#[test]
fn every_image_is_pinned() {
    for path in ["docker-compose.yml", "Dockerfile"] {
        assert_eq!(unpinned(&file(path)), Vec::<String>::new(), "{path}");
    }
    let loose =
        "FROM debian AS x\nFROM nginx:latest\n  image: postgres:17\nFROM debian:bookworm-slim\nFROM rust:1.94.0-slim";
    assert_eq!(unpinned(loose), ["debian", "nginx:latest", "postgres:17", "debian:bookworm-slim"], "the control");
}

/// What keeps a service from being harmless when it is broken into.
fn openings(service: &Yaml<'_>) -> Vec<&'static str> {
    let mut found = Vec::new();
    let user = text(get(service, "user"));
    if user.is_empty() || user.starts_with('0') || user == "root" {
        found.push("runs as root");
    }
    if get(service, "read_only").and_then(|n| n.as_bool()) != Some(true) {
        found.push("writes to its image");
    }
    if list(get(service, "cap_drop")) != ["ALL"] {
        found.push("keeps rights of root");
    }
    if !list(get(service, "security_opt")).iter().any(|o| o == "no-new-privileges:true") {
        found.push("may gain rights");
    }
    found
}

#[test]
fn nodes_and_proxy_run_without_rights_on_a_read_only_image() {
    let text = compose();
    let document = load(&text);
    for name in ["node1", "node2", "proxy"] {
        assert_eq!(openings(service(&document, name)), Vec::<&str>::new(), "{name}");
    }
    let open = "user: root\nread_only: false\n";
    assert_eq!(openings(&load(open)).len(), 4, "the control");
    assert!(file("Dockerfile").lines().any(|l| l.starts_with("USER 65532")));
}

#[test]
fn nodes_share_what_they_must_share_and_start_one_after_the_other() {
    let text_of = compose();
    let document = load(&text_of);
    let (one, two) = (service(&document, "node1"), service(&document, "node2"));
    for part in ["volumes", "secrets"] {
        assert_eq!(list(get(one, part)), list(get(two, part)), "{part}");
    }
    let environment = |node| keys(get(node, "environment"));
    assert_eq!(environment(one), environment(two));
    for shared in ["ENTREPOT_DATABASE_FILE", "ENTREPOT_FILES", "ENTREPOT_SECRET_KEYS"] {
        assert!(environment(one).iter().any(|v| v == shared), "{shared}");
    }
    let waits = |node, on: &str| {
        let after = get(node, "depends_on").and_then(|d| get(d, on));
        text(after.and_then(|a| get(a, "condition"))) == "service_healthy"
    };
    assert!(waits(one, "postgres") && waits(two, "node1"), "the first alone migrates");
    let grace = text(get(one, "stop_grace_period")).trim_end_matches('s').parse::<u32>().unwrap();
    assert!(grace >= 15, "drain and ten seconds of requests under way fit into {grace} s");
    let secrets = keys(get(&document, "secrets"));
    for name in ["node1", "postgres", "proxy"] {
        for secret in list(get(service(&document, name), "secrets")) {
            assert!(secrets.contains(&secret), "{name} wants {secret}");
        }
    }
    assert_eq!(
        keys(get(service(&document, "postgres"), "environment")).iter().filter(|k| k.ends_with("PASSWORD")).count(),
        0
    );
}

#[test]
fn health_checks_ask_what_the_program_answers() {
    let text_of = compose();
    let document = load(&text_of);
    let test = list(get(service(&document, "node1"), "healthcheck").and_then(|h| get(h, "test")));
    assert_eq!(test, ["CMD", "entrepot", "health"]);
    assert!(file("Dockerfile").contains(r#"CMD ["entrepot", "health"]"#));
    let help = Command::new(env!("CARGO_BIN_EXE_entrepot")).args(["health", "--help"]).output().unwrap();
    assert!(String::from_utf8_lossy(&help.stdout).contains("[default: /ready]"), "{help:?}");
}

/// Ports after a word, such as `listen` or `server`.
fn ports(conf: &str, word: &str) -> Vec<String> {
    let rows = conf.lines().map(str::trim).filter_map(|line| line.strip_prefix(word)?.strip_suffix(';'));
    rows.filter_map(|row| row.split_whitespace().next()).map(str::to_owned).collect()
}

#[test]
fn the_proxy_leads_to_the_nodes_and_is_reached_where_compose_says() {
    let (text_of, conf) = (compose(), file("deploy/nginx.conf"));
    let document = load(&text_of);
    let listen = text(get(service(&document, "node1"), "environment").and_then(|e| get(e, "ENTREPOT_LISTEN")));
    let port = listen.rsplit_once(':').unwrap().1;
    let nodes: Vec<String> = keys(get(&document, "services")).into_iter().filter(|s| s.starts_with("node")).collect();
    let wanted: Vec<String> = nodes.iter().map(|node| format!("{node}:{port}")).collect();
    assert_eq!(ports(&conf, "server "), wanted);
    assert!(file("Dockerfile").contains(&format!("EXPOSE {port}\n")));
    let published = list(get(service(&document, "proxy"), "ports"));
    for mapping in &published {
        assert!(ports(&conf, "listen ").contains(&mapping.rsplit_once(':').unwrap().1.to_owned()), "{mapping}");
    }
    assert_eq!(published.len(), 1, "the proxy's own health stays inside");
    assert!(list(get(service(&document, "node1"), "ports")).is_empty(), "nodes are reached through the proxy only");
    let health = list(get(service(&document, "proxy"), "healthcheck").and_then(|h| get(h, "test"))).join(" ");
    let path = health.rsplit_once("8081").unwrap().1;
    assert!(conf.contains(&format!("location = {path} ")), "{path}");
    for hidden in ["/ready", "/health", "/metrics"] {
        assert!(conf.contains(&format!("location = {hidden} {{ return 404; }}")), "{hidden}");
    }
    for secret in list(get(service(&document, "proxy"), "secrets")) {
        assert!(conf.contains(&format!("/run/secrets/{secret};")), "{secret}");
    }
}

#[test]
fn the_image_s_context_has_no_keys_data_or_history() {
    let ignored = file(".dockerignore");
    for path in [".git", "target", "data", "**/node_modules", "deploy/secrets", "*.key", "*.db"] {
        assert!(ignored.lines().any(|line| line == path), "{path}");
    }
}
