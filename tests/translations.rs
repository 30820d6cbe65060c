//! Every code the product can answer with has an English and a Chinese sentence in the frontend.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::disallowed_methods)]

use entrepot_domain::kernel::Role;
use entrepot_domain::ledger::{AccountKind, Rule};
use entrepot_domain::trade::{OrderStatus, STEPS, ShipmentState, StageState};
use serde_json::Value;
use std::collections::BTreeSet;

fn language(name: &str) -> Value {
    let path = format!("{}/frontend/src/locales/{name}.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn missing<'a>(language: &Value, prefix: &str, codes: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let keys = codes.into_iter().map(|code| format!("{prefix}.{code}"));
    keys.filter(|key| language[key].as_str().is_none_or(|text| text.trim().is_empty())).collect()
}

#[test]
fn every_problem_code_speaks_english_and_chinese() {
    let rows = entrepot::boot::problem_rows();
    let codes: Vec<&str> = rows.iter().map(|row| row.code).collect();
    for name in ["en", "zh"] {
        let language = language(name);
        for prefix in ["problem", "next"] {
            assert_eq!(missing(&language, prefix, codes.iter().copied()), Vec::<String>::new(), "{name}");
        }
        // Control: a code nobody translated must be found.
        assert_eq!(missing(&language, "problem", ["no.such.code"]).len(), 1);
    }
}

#[test]
fn the_next_step_reads_the_same_on_the_screen_and_in_the_answer() {
    let english = language("en");
    for row in entrepot::boot::problem_rows() {
        assert_eq!(english[format!("next.{}", row.code)], row.next, "{}", row.code);
    }
}

#[test]
fn every_code_has_one_status_and_a_next_step() {
    let rows = entrepot::boot::problem_rows();
    for row in &rows {
        assert!((400..600).contains(&row.status), "{}", row.code);
        assert!(row.next.ends_with('.'), "{} says no next step", row.code);
        let twins = rows.iter().filter(|other| other.code == row.code);
        assert!(twins.map(|t| (t.status, t.next)).all(|t| t == (row.status, row.next)), "{} says two things", row.code);
    }
}

/// Codes of complaints about single fields and lines, as they stand in the sources.
fn field_codes() -> BTreeSet<String> {
    let files = [
        "src/domain/src/trade/terms_check.rs",
        "src/domain/src/catalog/category.rs",
        "src/domain/src/catalog/offer.rs",
        "src/domain/src/catalog/product.rs",
        "src/domain/src/inquiry/words.rs",
        "src/domain/src/market/params.rs",
        "src/domain/src/proof/claim.rs",
        "src/domain/src/proof/dossier.rs",
        "src/domain/src/sourcing/quote_check.rs",
        "src/domain/src/sourcing/rfq_check.rs",
        "src/domain/src/catalog/measured.rs",
        "src/domain/src/trade/quality.rs",
        "src/catalog/draft.rs",
        "src/catalog/import/cell.rs",
        "src/catalog/import/job.rs",
        "src/catalog/import/rows.rs",
        "src/catalog/import/text.rs",
        "src/sourcing/draft/mod.rs",
        "src/sourcing/draft/reader.rs",
        "src/domain/src/sourcing/talk.rs",
        "src/domain/src/inquiry/settle.rs",
        "src/domain/src/catalog/review.rs",
    ];
    let root = env!("CARGO_MANIFEST_DIR");
    let sources = files.map(|file| std::fs::read_to_string(format!("{root}/{file}")).unwrap()).concat();
    let prefixes =
        ["terms.", "product.", "params.", "catalog.", "import.", "inquiry.", "rfq.", "quote.", "sourcing.", "proof."];
    let whole: Vec<&str> = entrepot::boot::problem_rows().iter().map(|row| row.code).collect();
    let words = sources.split('"').filter(|w| prefixes.iter().any(|p| w.starts_with(p)) && !whole.contains(w));
    words.filter(|w| w.chars().all(|c| c.is_ascii_lowercase() || "._".contains(c))).map(str::to_owned).collect()
}

#[test]
fn every_complaint_about_a_field_speaks_english_and_chinese() {
    let codes = field_codes();
    assert!(
        ["terms.shares_not_whole", "product.price", "inquiry.price", "import.formula"]
            .iter()
            .all(|c| codes.contains(*c)),
        "{codes:?}"
    );
    for name in ["en", "zh"] {
        assert_eq!(missing(&language(name), "fault", codes.iter().map(String::as_str)), Vec::<String>::new(), "{name}");
    }
}

/// Steps that stand in the log; the rest of the access table only reads.
fn logged_steps() -> Vec<&'static str> {
    let tables = entrepot::boot::access_tables();
    let steps = tables.iter().flat_map(|rows| rows.iter()).map(|row| row.step);
    steps
        .filter(|step| {
            !step.starts_with("audit.")
                && !step.starts_with("insight.")
                && !["wallet.show", "wallet.statement", "wallet.export"].contains(step)
        })
        .collect()
}

#[test]
fn every_name_of_the_books_and_the_process_speaks_english_and_chinese() {
    let accounts: Vec<&str> = AccountKind::ALL.iter().map(|kind| kind.code()).collect();
    let rules: Vec<&str> = Rule::ALL.iter().map(|rule| rule.code()).collect();
    let checks: Vec<&str> = entrepot::audit::Check::ALL.iter().map(|check| check.as_str()).collect();
    let steps: Vec<&str> = STEPS.iter().map(|row| row.name).collect();
    let timed: Vec<&str> = STEPS.iter().filter(|row| !row.deadline.is_empty()).map(|row| row.name).collect();
    let roles: Vec<&str> = Role::ALL.iter().map(|role| role.as_str()).collect();
    let states = OrderStatus::ALL.iter().filter(|s| **s != OrderStatus::New).map(|s| s.as_str());
    let states = states.chain(StageState::ALL.iter().map(|s| s.as_str()));
    let states: Vec<&str> = states.chain(ShipmentState::ALL.iter().map(|s| s.as_str())).collect();
    for name in ["en", "zh"] {
        let language = language(name);
        let lists = [
            ("account", &accounts),
            ("posting", &rules),
            ("check", &checks),
            ("step", &steps),
            ("step", &logged_steps()),
            ("guard", &steps),
            ("when", &timed),
            ("deadline", &timed),
            ("role", &roles),
            ("status", &states),
        ];
        for (prefix, codes) in lists {
            assert_eq!(missing(&language, prefix, codes.iter().copied()), Vec::<String>::new(), "{name}");
        }
    }
}

#[test]
fn notices_say_the_same_on_the_screen_and_in_letters() {
    use entrepot_domain::notice::{Kind, Letters, Topic};
    let (english, chinese) = (language("en"), language("zh"));
    for (kind, en, zh) in entrepot::notices::SENTENCES {
        let key = format!("notice.text.{}", kind.as_str());
        assert_eq!((&english[&key], &chinese[&key]), (&(*en).into(), &(*zh).into()), "{key}");
    }
    assert_eq!(entrepot::notices::SENTENCES.len(), Kind::ALL.len());
    let topics: Vec<&str> = Topic::ALL.iter().map(|topic| topic.as_str()).collect();
    let letters: Vec<&str> = Letters::ALL.iter().map(|letters| letters.as_str()).collect();
    for language in [&english, &chinese] {
        for (prefix, words) in [("notice.topic", &topics), ("notice.about", &topics), ("notices.letters", &letters)] {
            assert_eq!(missing(language, prefix, words.iter().copied()), Vec::<String>::new());
        }
    }
}

/// Steps of the access table that leave no event: they read, or change what nobody else sees.
const BESIDE_THE_LOG: &[&str] = &[
    "audit.",
    "insight.",
    "notice.",
    "search.",
    "wallet.show",
    "wallet.statement",
    "wallet.export",
    "team.list",
    "invitation.",
    "user.",
    "mail.",
    "block.list",
    "template.",
    "inquiry.upload",
    "file.upload",
    "import.start",
    "product.import",
    "product.export",
    "product.own",
    "stock.own",
    "product.history",
    "product.review",
    "picture.",
    "shortlist.",
    "quick.price",
    "proof.list",
    "proof.upload",
    "proof.review",
    "rfq.matches",
    "rfq.quotes",
    "rfq.compare",
    "quote.read",
    "quote.quota",
    "sourcing.upload",
    "sourcing.file",
];

#[test]
fn every_step_that_the_log_can_hold_is_told_or_silent_on_purpose() {
    let tables = entrepot::boot::access_tables();
    let steps = tables.iter().flat_map(|rows| rows.iter()).map(|row| row.step);
    let logged = steps.filter(|step| !BESIDE_THE_LOG.iter().any(|beside| step.starts_with(beside)));
    let undecided: Vec<&str> = logged.filter(|step| entrepot_domain::notice::Deed::parse(step).is_none()).collect();
    assert_eq!(undecided, Vec::<&str>::new(), "say in domain::notice whom these steps tell");
}

#[test]
fn rules_and_accounts_read_the_same_on_the_screen_and_in_the_answer() {
    let english = language("en");
    for row in STEPS {
        assert_eq!(english[format!("guard.{}", row.name)], row.guard);
        if !row.deadline.is_empty() {
            assert_eq!(english[format!("when.{}", row.name)], row.deadline);
        }
    }
    for kind in AccountKind::ALL {
        assert_eq!(english[format!("account.{}", kind.code())], entrepot::audit::label(*kind));
    }
}
