//! The floor plan, kept by a test: who may name whom, and how long things may get.
//!
//! Each rule is a pure function over one file's path and text. Each has a control beside it: a snippet that breaks the
//! rule must be found, so that a rule that stopped looking does not pass for a rule that is kept.

#[path = "architecture/imports.rs"]
mod imports;
#[path = "architecture/sizes.rs"]
mod sizes;
#[path = "architecture/sources.rs"]
mod sources;

use imports::{
    actix_at_the_border_only, backend_known_in_one_place, domain_has_no_floats, domain_is_pure, domain_order,
    features_keep_apart, platform_names_no_slice, sea_orm_in_stores_only, slice_of, slices_keep_apart,
};
use sizes::{file_length, function_length, left_to_do, module_doc, ninetieth_percentile, unproved_panics};
use sources::{Finding, Source};
use std::path::Path;

fn project() -> Vec<Source> {
    sources::all(Path::new(env!("CARGO_MANIFEST_DIR")))
}

/// Fails with every finding of the rule, one a line.
fn holds(rule: impl Fn(&str, &str) -> Vec<Finding>) {
    let project = project();
    assert!(!project.is_empty(), "no source was read");
    none(project.iter().flat_map(|source| rule(&source.path, &source.text)).collect());
}

fn none(findings: Vec<Finding>) {
    let lines: Vec<String> = findings.iter().map(ToString::to_string).collect();
    assert!(lines.is_empty(), "{} finding(s):\n{}", lines.len(), lines.join("\n"));
}

/// The control of a rule: each snippet breaks it once.
fn finds(rule: impl Fn(&str, &str) -> Vec<Finding>, snippets: &[(&str, &str)]) {
    for (path, text) in snippets {
        assert_eq!(rule(path, text).len(), 1, "the rule must find exactly one fault in {path}:\n{text}");
    }
}

/// The other control: what the rule must leave alone.
fn leaves(rule: impl Fn(&str, &str) -> Vec<Finding>, snippets: &[(&str, &str)]) {
    for (path, text) in snippets {
        none(rule(path, text));
    }
}

fn slices(project: &[Source]) -> Vec<&str> {
    let mut slices: Vec<&str> = project.iter().filter_map(|source| slice_of(&source.path)).collect();
    slices.dedup();
    slices
}

const SLICES: &[&str] = &["trade", "wallet", "catalog"];

#[test]
fn every_module_says_what_it_is_for() {
    holds(module_doc);
}

#[test]
fn a_module_without_a_word_about_itself_is_found() {
    finds(module_doc, &[("src/trade/read.rs", "use std::fmt;\n"), ("src/lib.rs", "// not a doc\n//! late\n")]);
    leaves(module_doc, &[("src/lib.rs", "\n//! What this is.\n"), ("tests/api/orders.rs", "use std::fmt;\n")]);
}

#[test]
fn no_file_is_longer_than_five_hundred_lines() {
    holds(file_length);
}

#[test]
fn a_file_of_five_hundred_and_one_lines_is_found() {
    finds(file_length, &[("src/a.rs", &"x\n".repeat(501)), ("frontend/src/a.tsx", &"x\n".repeat(501))]);
    leaves(file_length, &[("src/a.rs", &"x\n".repeat(500))]);
}

#[test]
fn nine_files_in_ten_have_at_most_three_hundred_and_fifty_lines() {
    none(ninetieth_percentile(&project()));
}

#[test]
fn two_long_files_in_ten_are_found() {
    let file = |lines: usize| Source { path: "src/a.rs".to_owned(), text: "x\n".repeat(lines) };
    let ten = |long: usize| (0..10).map(|i| file(if i < long { 351 } else { 100 })).collect::<Vec<_>>();

    assert_eq!(ninetieth_percentile(&ten(2)).len(), 2);
    none(ninetieth_percentile(&ten(1)));
}

#[test]
fn functions_fit_a_screen() {
    holds(function_length);
}

#[test]
fn a_function_of_sixty_one_lines_is_found() {
    let function =
        |lines: usize| format!("//! x\npub fn long(a: [u8; 4]) -> u8 {{\n{}}}\n", "let _ = '}';\n".repeat(lines - 2));
    finds(function_length, &[("src/trade/http.rs", &function(61)), ("src/domain/src/kernel/money.rs", &function(61))]);
    let in_tests = format!("#[cfg(test)]\nmod tests {{\n{}}}\n", function(61));
    leaves(function_length, &[("src/trade/http.rs", &function(60)), ("src/trade/http.rs", &in_tests)]);
}

#[test]
fn only_stores_and_readers_name_the_database_library() {
    holds(sea_orm_in_stores_only);
}

#[test]
fn a_route_that_queries_the_database_itself_is_found() {
    finds(
        sea_orm_in_stores_only,
        &[
            ("src/trade/http.rs", "use sea_orm::Set;\n"),
            ("src/domain/src/kernel/ids.rs", "fn f(_: sea_orm::DbErr) {}\n"),
        ],
    );
    let allowed = [("src/trade/store.rs", "use sea_orm::Set;\n"), ("src/trade/http.rs", "// sea_orm::Set\n")];
    leaves(sea_orm_in_stores_only, &allowed);
}

#[test]
fn only_the_border_speaks_http() {
    holds(actix_at_the_border_only);
}

#[test]
fn a_store_that_speaks_http_is_found() {
    let snippet = "use {actix_web::HttpResponse, std::fmt};\n";
    finds(actix_at_the_border_only, &[("src/trade/store.rs", snippet), ("src/platform/engine/mod.rs", snippet)]);
    leaves(actix_at_the_border_only, &[("src/trade/http.rs", snippet), ("src/platform/web.rs", snippet)]);
}

#[test]
fn which_database_engine_runs_is_known_in_one_place() {
    holds(backend_known_in_one_place);
}

#[test]
fn a_branch_on_the_database_engine_elsewhere_is_found() {
    let snippet = "fn f() { let _ = sea_orm::DbBackend::Sqlite; }\n";
    finds(backend_known_in_one_place, &[("src/trade/store.rs", snippet), ("src/platform/jobs.rs", snippet)]);
    leaves(backend_known_in_one_place, &[("src/platform/database.rs", snippet), ("migrations/src/sql.rs", snippet)]);
}

#[test]
fn the_domain_has_no_io_and_no_clock() {
    holds(domain_is_pure);
}

#[test]
fn a_domain_that_asks_for_the_time_is_found() {
    let path = "src/domain/src/trade/decide.rs";
    finds(
        domain_is_pure,
        &[
            (path, "use std::{fmt, time::Instant};\n"),
            (path, "fn f() { std::fs::read(\"a\"); }\n"),
            (path, "use tokio::sync::Mutex;\n"),
            (path, "fn f() { jiff::Timestamp::now(); }\n"),
        ],
    );
    leaves(
        domain_is_pure,
        &[(
            path,
            "use std::fmt;
/// Not std::time, nor tokio.
fn f() {}
",
        )],
    );
}

#[test]
fn the_domain_has_no_floats() {
    holds(domain_has_no_floats);
}

#[test]
fn a_float_in_the_domain_is_found() {
    finds(domain_has_no_floats, &[("src/domain/src/kernel/money.rs", "fn f(a: f64) {}\n")]);
    finds(domain_has_no_floats, &[("src/domain/src/kernel/money.rs", "const A: i64 = 1f32 as i64;\n")]);
    leaves(domain_has_no_floats, &[("src/domain/examples/speed.rs", "fn f(a: f64) {}\n")]);
}

#[test]
fn the_modules_of_the_domain_stand_in_their_order() {
    holds(domain_order);
}

#[test]
fn a_lower_module_that_imports_a_higher_one_is_found() {
    finds(
        domain_order,
        &[
            ("src/domain/src/kernel/money.rs", "use crate::ledger::Account;\n"),
            ("src/domain/src/ledger/mod.rs", "use super::market::Clock;\n"),
            ("src/domain/src/catalog/price.rs", "use super::super::trade::Order;\n"),
            ("src/domain/src/market/mod.rs", "use crate::{kernel::Money, catalog::Product};\n"),
            ("src/domain/src/trade/decide.rs", "use crate::world::World;\n"),
            ("src/domain/src/novelty.rs", "//! A module nobody placed.\n"),
        ],
    );
    leaves(
        domain_order,
        &[
            ("src/domain/src/trade/decide.rs", "use crate::{kernel::Money, ledger::Posting};\nuse super::market::X;\n"),
            ("src/domain/src/world.rs", "use crate::trade::Order;\n"),
            ("src/domain/src/lib.rs", "pub mod kernel;\npub use trade::Order;\n"),
        ],
    );
}

#[test]
fn no_slice_reaches_into_the_store_or_routes_of_another() {
    let project = project();
    let slices = slices(&project);
    holds(|path, text| slices_keep_apart(path, text, &slices));
}

#[test]
fn a_slice_that_reaches_into_the_store_of_another_is_found() {
    let rule = |path: &str, text: &str| slices_keep_apart(path, text, SLICES);
    finds(
        rule,
        &[
            ("src/trade/http.rs", "use crate::wallet::store;\n"),
            ("src/trade/http.rs", "use crate::{platform::Engine, wallet::{read, store::save}};\n"),
            ("src/trade/read.rs", "fn f() { super::super::catalog::http::routes(); }\n"),
        ],
    );
    leaves(
        rule,
        &[("src/trade/http.rs", "use crate::trade::store;\nuse crate::wallet::read;\nuse actix_web::http;\n")],
    );
    leaves(rule, &[("src/boot.rs", "use crate::trade::http;\n")]);
}

#[test]
fn the_platform_names_no_slice() {
    let project = project();
    let slices = slices(&project);
    holds(|path, text| platform_names_no_slice(path, text, &slices));
}

#[test]
fn a_platform_that_names_a_slice_is_found() {
    let rule = |path: &str, text: &str| platform_names_no_slice(path, text, SLICES);
    finds(
        rule,
        &[
            ("src/platform/jobs.rs", "use crate::trade::Steps;\n"),
            ("src/platform/engine/group.rs", "use crate::{wallet, platform::rows};\n"),
            ("src/platform/jobs.rs", "use super::super::catalog::read;\n"),
        ],
    );
    let domain = "use entrepot_domain::trade::Order;\nuse crate::platform::rows;\nuse super::market;\n";
    leaves(rule, &[("src/platform/jobs.rs", domain)]);
}

#[test]
fn no_feature_of_the_frontend_imports_another() {
    holds(features_keep_apart);
}

#[test]
fn a_feature_that_imports_another_is_found() {
    let path = "frontend/src/features/orders/list/OrderList.tsx";
    finds(
        features_keep_apart,
        &[
            (path, "import { Card } from \"../../catalog/Card\";\n"),
            (path, "import { Card } from '@/features/catalog';\n"),
            (path, "const Card = lazy(() => import('../../wallet/Card'));\n"),
        ],
    );
    leaves(features_keep_apart, &[(path, "import { Card } from '../Card';\nimport { Money } from '@/ui/Money';\n")]);
}

#[test]
fn nothing_is_left_to_do() {
    holds(left_to_do);
}

#[test]
fn a_macro_that_stands_for_missing_work_is_found() {
    finds(left_to_do, &[("src/a.rs", "fn f() { todo!() }\n"), ("tests/a.rs", "fn f() { dbg!(1); }\n")]);
    finds(left_to_do, &[("migrations/src/a.rs", "fn f() { unimplemented!(\"later\") }\n")]);
    leaves(
        left_to_do,
        &[(
            "src/a.rs",
            "// todo!()\nfn f(todo: bool) -> &'static str { if todo != true { \"dbg!()\" } else { \"\" } }\n",
        )],
    );
}

#[test]
fn product_code_does_not_panic_on_what_it_did_not_prove() {
    holds(unproved_panics);
}

#[test]
fn an_unwrap_or_an_expect_without_a_reason_is_found() {
    finds(
        unproved_panics,
        &[
            ("src/trade/store.rs", "fn f(a: Option<u8>) -> u8 { a.unwrap() }\n"),
            ("src/trade/store.rs", "fn f(a: Option<u8>) -> u8 { a.expect(\"has a value\") }\n"),
            ("src/domain/src/kernel/money.rs", "fn f(a: Option<u8>, why: &str) -> u8 { a.expect(why) }\n"),
        ],
    );
    leaves(
        unproved_panics,
        &[
            ("src/trade/store.rs", "fn f() -> u8 { A.expect(\n    \"the table is a constant and holds this row\") }\n"),
            (
                "src/trade/store.rs",
                "fn f(a: Option<u8>) -> u8 { a.unwrap_or(0) }\n#[cfg(test)]\nmod tests { fn g() { A.unwrap(); } }\n",
            ),
            ("tests/api/orders.rs", "fn f(a: Option<u8>) -> u8 { a.unwrap() }\n"),
        ],
    );
}

#[test]
fn comments_strings_and_characters_are_not_code() {
    let text = "let a = \"f64 \\\" { \"; /* f64 /* { */ */ let b = r#\"\"f64\"{\"#; let c = '{'; let d: &'static str; // f64\nlet e = b'\\'';\n";

    let code = sources::code(text);

    assert!(!code.contains("f64") && !code.contains('{'), "{code}");
    assert!(code.contains("let b =") && code.contains("&'static str") && code.contains("let e ="), "{code}");
    assert_eq!(code.lines().count(), text.lines().count());
}
