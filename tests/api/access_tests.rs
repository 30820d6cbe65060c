//! The generated access suite finds nothing wrong with the product.

use crate::access::{cast::cast, fields, live, matrix, steps, table};

fn none(findings: Vec<String>) {
    let first: Vec<&String> = findings.iter().take(30).collect();
    assert!(findings.is_empty(), "{} findings, first {first:#?}", findings.len());
}

#[test]
fn every_operation_stands_in_the_access_table() {
    let operations = table::operations();
    none(table::gaps(&operations, table::TABLE));
    // Control: a table with a row taken out must be found wanting.
    assert_eq!(table::gaps(&operations, &table::TABLE[1..]).len(), 1);
}

#[test]
fn the_document_says_of_each_operation_whether_it_needs_a_session() {
    let mut document = serde_json::to_value(entrepot::boot::document()).unwrap();
    none(table::unlike(&document));
    document["security"] = serde_json::Value::Null;
    assert!(table::unlike(&document).len() > 40, "control: a document that demands nothing");
}

#[actix_web::test]
async fn every_operation_does_for_every_seat_what_the_table_says() {
    let cast = cast().await;
    none(matrix::findings(&cast, |_| true).await);
}

#[actix_web::test]
async fn nobody_acts_on_a_token_or_a_session_that_counts_no_more() {
    let cast = cast().await;
    none(matrix::tokens(&cast, |_| true).await);
}

#[actix_web::test]
async fn every_step_does_for_every_seat_what_the_process_table_says() {
    let cast = cast().await;
    none(steps::findings(&cast).await);
}

#[actix_web::test]
async fn what_the_era_lacks_is_refused_with_the_era_that_brings_it() {
    none(steps::eras().await);
}

#[actix_web::test]
async fn identifiers_of_other_things_and_other_parents_lead_nowhere() {
    let cast = cast().await;
    none(matrix::ids(&cast).await);
    none(matrix::accounts(&cast).await);
}

#[actix_web::test]
async fn no_field_that_a_caller_may_not_set_is_read() {
    let cast = cast().await;
    none(fields::findings(&cast).await);
}

#[actix_web::test]
async fn nobody_grants_more_than_they_hold_or_changes_the_own_seat() {
    let cast = cast().await;
    none(matrix::grants(&cast).await);
}

#[actix_web::test]
async fn no_change_is_made_because_another_site_asked_for_it() {
    let cast = cast().await;
    none(matrix::sites(&cast).await);
}

#[actix_web::test]
async fn the_live_stream_tells_each_seat_its_own_and_ends_with_the_session() {
    let cast = cast().await;
    none(live::findings(&cast).await);
}

#[actix_web::test]
async fn sensitive_operations_ask_for_a_secret_a_verified_address_and_a_second_factor() {
    none(matrix::proofs().await);
    none(matrix::second_factors().await);
    none(matrix::guesses().await);
}
