//! Who may name whom.

use super::sources::{Finding, Named, is_test, names, product_code};

/// The domain's modules and the siblings each may import. A new module takes its place here.
const DOMAIN_ORDER: &[(&str, &[&str])] = &[
    ("kernel", &[]),
    ("ledger", &["kernel"]),
    ("market", &["kernel"]),
    ("proof", &["kernel", "market"]),
    ("catalog", &["kernel", "market"]),
    ("inquiry", &["kernel", "market", "catalog"]),
    ("sourcing", &["kernel", "ledger", "market", "catalog"]),
    ("trade", &["kernel", "ledger", "market", "catalog", "sourcing"]),
    ("credit", &["kernel"]),
    ("guarantee", &["kernel", "ledger", "market", "catalog", "trade", "credit"]),
    ("finance", &["kernel", "ledger", "market", "catalog", "trade", "credit"]),
    ("export", &["kernel", "ledger", "market", "catalog", "trade"]),
    (
        "insight",
        &["kernel", "ledger", "market", "catalog", "inquiry", "sourcing", "trade", "credit", "guarantee", "finance"],
    ),
    ("notice", &["kernel", "trade"]),
    ("world", EVERYTHING),
    ("simulation", EVERYTHING),
];
const EVERYTHING: &[&str] = &["*"];

const DOMAIN: &str = "src/domain/src/";

fn named(path: &str, text: &str) -> Vec<Named> {
    if !path.ends_with(".rs") || is_test(path) { Vec::new() } else { names(&product_code(text)) }
}

fn report(path: &str, name: &Named, why: &str) -> Finding {
    Finding::new(path, name.line, format!("names `{}`: {why}", name.text()))
}

/// Whether the path is `.../{stem}.rs` or lies in a folder `.../{stem}/` below `src`.
fn is_or_under(path: &str, stem: &str) -> bool {
    path.ends_with(&format!("/{stem}.rs")) || path.contains(&format!("/{stem}/"))
}

pub fn sea_orm_in_stores_only(path: &str, text: &str) -> Vec<Finding> {
    let home = ["src/platform/", "src/audit/", "migrations/"].iter().any(|folder| path.starts_with(folder));
    if home || is_or_under(path, "store") || is_or_under(path, "read") {
        return Vec::new();
    }
    let found = named(path, text).into_iter().filter(|n| n.head().starts_with("sea_orm"));
    found.map(|n| report(path, &n, "only store, read, platform and audit speak to the database")).collect()
}

pub fn actix_at_the_border_only(path: &str, text: &str) -> Vec<Finding> {
    let border = ["web", "problem", "session", "openapi", "live", "static_files", "assets", "idempotency"];
    let platform = border.iter().any(|stem| path.starts_with(&format!("src/platform/{stem}")));
    if platform
        || path == "src/boot.rs"
        || path == "src/main.rs"
        || path.starts_with("src/identity/")
        || is_or_under(path, "http")
    {
        return Vec::new();
    }
    let found =
        named(path, text).into_iter().filter(|n| n.head().starts_with("actix") || n.head() == "utoipa_actix_web");
    found.map(|n| report(path, &n, "only http.rs and the platform's web border speak HTTP")).collect()
}

pub fn backend_known_in_one_place(path: &str, text: &str) -> Vec<Finding> {
    if path == "src/platform/database.rs"
        || path.starts_with("src/platform/database/")
        || path.starts_with("migrations/")
    {
        return Vec::new();
    }
    let engines = ["DbBackend", "DatabaseBackend"];
    let found = named(path, text).into_iter().filter(|n| n.parts.iter().any(|p| engines.contains(&p.as_str())));
    found.map(|n| report(path, &n, "which engine runs is known to platform/database.rs alone")).collect()
}

pub fn domain_is_pure(path: &str, text: &str) -> Vec<Finding> {
    if !path.starts_with(DOMAIN) {
        return Vec::new();
    }
    let outside = ["tokio", "sea_orm", "sea_orm_migration", "sqlx", "actix_web", "futures_util", "rand", "getrandom"];
    let std_parts = ["time", "fs", "net", "env", "process", "thread"];
    let impure = |n: &Named| {
        let second = n.parts.get(1).map_or("", String::as_str);
        let asks_time = ["Timestamp::now", "Zoned::now"].iter().any(|end| n.text().ends_with(end));
        outside.contains(&n.head()) || (n.head() == "std" && std_parts.contains(&second)) || asks_time
    };
    let found = named(path, text).into_iter().filter(impure);
    found.map(|n| report(path, &n, "the domain has no I/O, no clock and no randomness")).collect()
}

pub fn domain_has_no_floats(path: &str, text: &str) -> Vec<Finding> {
    if !path.starts_with(DOMAIN) {
        return Vec::new();
    }
    let float = |p: &String| p.ends_with("f64") || p.ends_with("f32");
    let found = named(path, text).into_iter().filter(|n| n.parts.iter().any(float));
    found.map(|n| report(path, &n, "floats do not come near money")).collect()
}

/// `kernel` stands below everything, `world` above.
pub fn domain_order(path: &str, text: &str) -> Vec<Finding> {
    let Some(inside) = path.strip_prefix(DOMAIN) else {
        return Vec::new();
    };
    let place: Vec<&str> = inside.trim_end_matches(".rs").split('/').filter(|part| *part != "mod").collect();
    let Some(own) = place.first().copied().filter(|own| *own != "lib") else {
        return Vec::new();
    };
    let Some((_, allowed)) = DOMAIN_ORDER.iter().find(|(module, _)| *module == own) else {
        return vec![Finding::new(path, 1, format!("`{own}` has no place in DOMAIN_ORDER of the architecture test"))];
    };
    let forbidden = |n: &Named| {
        let target = domain_target(&place, n);
        let sibling = target.filter(|t| *t != own && DOMAIN_ORDER.iter().any(|(module, _)| module == t));
        sibling.is_some_and(|t| !allowed.contains(&t) && *allowed != EVERYTHING)
    };
    let found = named(path, text).into_iter().filter(forbidden);
    found.map(|n| report(path, &n, &format!("`{own}` may import only {allowed:?}"))).collect()
}

/// The domain module a path leads to, when it is written from the crate's root.
fn domain_target<'a>(place: &[&str], name: &'a Named) -> Option<&'a str> {
    let parts: Vec<&str> = name.parts.iter().map(String::as_str).collect();
    let ups = parts.iter().take_while(|part| **part == "super").count();
    let from_root = parts.first() == Some(&"crate");
    if !from_root && (ups == 0 || ups < place.len()) {
        return None;
    }
    parts.get(if from_root { 1 } else { ups }).copied()
}

/// The slice a file belongs to: its folder in `src`, unless that is the domain or the platform.
pub fn slice_of(path: &str) -> Option<&str> {
    let (folder, _) = path.strip_prefix("src/")?.split_once('/')?;
    (folder != "domain" && folder != "platform").then_some(folder)
}

/// Another slice is read through the names in its `mod.rs`, never through its store or its routes.
pub fn slices_keep_apart(path: &str, text: &str, slices: &[&str]) -> Vec<Finding> {
    let Some(own) = slice_of(path) else { return Vec::new() };
    let reaches_in = |n: &Named| {
        n.parts.windows(2).any(|pair| {
            let other = pair[0] != own && slices.contains(&pair[0].as_str());
            other && (pair[1] == "store" || pair[1] == "http")
        }) && (n.head() == "crate" || n.head() == "super")
    };
    let found = named(path, text).into_iter().filter(reaches_in);
    found.map(|n| report(path, &n, "use what the other slice's mod.rs offers, or a command")).collect()
}

pub fn platform_names_no_slice(path: &str, text: &str, slices: &[&str]) -> Vec<Finding> {
    let Some(inside) = path.strip_prefix("src/platform/") else {
        return Vec::new();
    };
    // From src/platform/x.rs `super::super` is the crate's root; from a folder below it is one more.
    let depth = inside.trim_end_matches(".rs").split('/').filter(|part| *part != "mod").count() + 1;
    let leads_to_slice = |n: &Named| {
        let ups = n.parts.iter().take_while(|part| *part == "super").count();
        let root = if n.head() == "crate" { 1 } else { ups };
        let reaches_root = n.head() == "crate" || ups >= depth;
        reaches_root && n.parts.get(root).is_some_and(|part| slices.contains(&part.as_str()))
    };
    let found = named(path, text).into_iter().filter(leads_to_slice);
    found.map(|n| report(path, &n, "the platform knows no business; let boot hand it in")).collect()
}

const FEATURES: &str = "frontend/src/features/";

/// What two features share belongs to `ui` or `lib`.
pub fn features_keep_apart(path: &str, text: &str) -> Vec<Finding> {
    let Some((own, _)) = path.strip_prefix(FEATURES).and_then(|inside| inside.split_once('/')) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let imports = line.contains(" from ") || line.trim_start().starts_with("import") || line.contains("import(");
        for target in line.split(['"', '\'']).skip(1).step_by(2).filter(|_| imports) {
            let resolved = resolve(path, target);
            let other = resolved.split_once("features/").and_then(|(_, inside)| inside.split('/').next());
            if let Some(other) = other.filter(|other| *other != own) {
                let message = format!("imports feature `{other}`: what two features share belongs to ui or lib");
                found.push(Finding::new(path, number + 1, message));
            }
        }
    }
    found
}

/// A relative import as a path from the project's root; any other import as it stands.
fn resolve(path: &str, target: &str) -> String {
    if !target.starts_with('.') {
        return target.to_owned();
    }
    let mut place: Vec<&str> = path.split('/').collect();
    place.pop();
    for part in target.split('/') {
        match part {
            "." => {}
            ".." => drop(place.pop()),
            _ => place.push(part),
        }
    }
    place.join("/")
}
