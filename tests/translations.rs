//! Every code the product can answer with has an English and a Chinese sentence in the frontend.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use serde_json::Value;

fn missing(language: &Value, codes: &[&str]) -> Vec<String> {
    let keys = codes.iter().map(|code| format!("problem.{code}"));
    keys.filter(|key| language[key].as_str().is_none_or(|text| text.trim().is_empty())).collect()
}

#[test]
fn every_problem_code_speaks_english_and_chinese() {
    let rows = entrepot::boot::problem_rows();
    let codes: Vec<&str> = rows.iter().map(|row| row.code).collect();
    for name in ["en", "zh"] {
        let path = format!("{}/frontend/src/locales/{name}.json", env!("CARGO_MANIFEST_DIR"));
        let language: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        assert_eq!(missing(&language, &codes), Vec::<String>::new(), "{name}");
        // Control: a code nobody translated must be found.
        assert_eq!(missing(&language, &["no.such.code"]).len(), 1);
    }
}

#[test]
fn every_code_has_one_status_and_a_next_step() {
    for row in entrepot::boot::problem_rows() {
        assert!((400..600).contains(&row.status), "{}", row.code);
        assert!(row.next.ends_with('.'), "{} says no next step", row.code);
    }
}
