//! Controls: each tampers with a healthy database behind the service's back and expects the checker to say so.
//!
//! A check that cannot fail proves nothing. The healthy market is played through the door by [`play`].

use super::super::{Check, Report, verify};
use super::play::{BUYER, MARKET, ORDER, play};
use super::{examine, unprotected};
use crate::platform::rows;
use sea_orm::Value;

/// Runs statements that no constraint holds back, and examines what they leave.
async fn tamper(statements: &[(&str, Vec<Value>)]) -> Report {
    let played = play().await;
    let tx = unprotected(&played).await;
    for (sql, values) in statements {
        assert!(rows::execute(&tx, *sql, values.clone()).await.unwrap() > 0, "{sql} changed nothing");
    }
    let report = examine(&tx, true).await;
    tx.rollback().await.unwrap();
    report
}

async fn must_find(statement: &str, checks: &[Check]) {
    let report = tamper(&[(statement, vec![])]).await;
    for check in checks {
        assert!(report.has(*check), "{statement}: {check:?} is silent, found {:?}", report.findings);
    }
}

#[tokio::test]
async fn a_market_played_through_the_door_has_no_findings() {
    let played = play().await;

    let report = verify(played.engine.db(), None).await.unwrap();

    assert_eq!(report.findings, []);
    let c = report.checked;
    assert_eq!((c.markets, c.orders, c.events, c.journals), (1, 2, 14, 9));
    assert!(c.postings > 25 && c.accounts > 10, "{c:?}");
    assert_eq!(report.heads.first().map(|h| h.seq), Some(14));
}

#[tokio::test]
async fn another_market_is_left_alone() {
    let played = play().await;

    let report = verify(played.engine.db(), Some(MARKET + 1)).await.unwrap();

    assert_eq!((report.checked.events, report.ok()), (0, true));
}

#[tokio::test]
async fn changed_postings_are_found() {
    must_find(
        "UPDATE posting SET amount = amount + 1 WHERE kind = 'L.ESCROW' AND amount < 0 AND part = 1",
        &[
            Check::JournalBalance,
            Check::JournalClientMoney,
            Check::EventJournals,
            Check::AccountSum,
            Check::StageMoney,
            Check::OrderMoney,
            Check::ClientMoney,
        ],
    )
    .await;
    must_find(
        "UPDATE posting SET kind = 'I.PREMIUM' WHERE kind = 'L.SELLER' AND amount < 0",
        &[Check::JournalClientMoney, Check::JournalRule, Check::EventJournals, Check::AccountSum],
    )
    .await;
    must_find(
        "UPDATE posting SET amount = -amount WHERE kind LIKE 'I.%'",
        &[Check::JournalRule, Check::JournalBalance],
    )
    .await;
    must_find(
        "UPDATE posting SET currency = 'EUR' WHERE kind = 'L.ESCROW'",
        &[Check::JournalBalance, Check::OrderMoney],
    )
    .await;
    must_find(
        "DELETE FROM posting WHERE kind = 'L.RESERVE'",
        &[Check::JournalBalance, Check::EventJournals, Check::AccountSum],
    )
    .await;
}

#[tokio::test]
async fn changed_accounts_are_found() {
    must_find(
        "UPDATE account SET balance = balance + 1 WHERE kind = 'L.BUYER'",
        &[Check::AccountSum, Check::ClientMoney],
    )
    .await;
    must_find("UPDATE account SET balance = balance - 1 WHERE kind = 'I.TXN_FEE'", &[Check::AccountSum]).await;
    must_find("UPDATE account SET balance = -1 WHERE kind = 'L.SELLER'", &[Check::NegativeAccount]).await;
    must_find("DELETE FROM account WHERE kind = 'A.BANK.CLIENT'", &[Check::AccountSum, Check::ClientMoney]).await;
    must_find(
        "UPDATE account SET owner_id = market_id WHERE kind = 'L.ESCROW' AND part = 1 AND balance > 0",
        &[Check::EscrowOwner, Check::AccountSum, Check::OrderMoney],
    )
    .await;
}

#[tokio::test]
async fn changed_seals_are_found() {
    must_find("DELETE FROM sealed WHERE seq = 5", &[Check::Sequence, Check::Chain, Check::Unsealed]).await;
    must_find("DELETE FROM sealed WHERE seq = (SELECT MAX(seq) FROM sealed)", &[Check::Unsealed]).await;
    must_find("UPDATE sealed SET hash = x'00' WHERE seq = 3", &[Check::Chain]).await;
    must_find("UPDATE sealed SET seq = seq + 1000", &[Check::Sequence]).await;
    must_find("UPDATE sealed SET seq = -seq WHERE seq IN (6, 7)", &[Check::Sequence, Check::Chain]).await;
    must_find("INSERT INTO unsealed (market_id, event_id, recorded_at) SELECT market_id, event_id, 0 FROM sealed WHERE seq = 4", &[Check::Unsealed]).await;
}

#[tokio::test]
async fn changed_events_are_found() {
    must_find(
        "UPDATE event SET bytes = CAST(replace(CAST(bytes AS TEXT), 'P2', 'P5') AS BLOB)",
        &[Check::Chain, Check::EventJournals],
    )
    .await;
    must_find("UPDATE event SET bytes = x'7b' WHERE step = 'order.play'", &[Check::Chain, Check::EventBytes]).await;
    for column in [
        "step = 'x'",
        "effective_at = effective_at + 1",
        "recorded_at = recorded_at + 1",
        "actor_role = 'admin'",
        "actor_user = market_id",
    ] {
        must_find(&format!("UPDATE event SET {column} WHERE step = 'order.play'"), &[Check::EventBytes]).await;
    }
    must_find(
        "UPDATE event SET subject_version = 99 WHERE step = 'order.play' AND subject_version = 2",
        &[Check::EventBytes, Check::SubjectVersions, Check::StateVersion],
    )
    .await;
    must_find(
        "DELETE FROM event WHERE step = 'order.play' AND subject_version = 2",
        &[Check::Chain, Check::Orphan, Check::SubjectVersions],
    )
    .await;
}

#[tokio::test]
async fn changed_journals_are_found() {
    must_find("DELETE FROM journal WHERE rule = 'P5'", &[Check::Orphan, Check::EventJournals]).await;
    must_find(
        "UPDATE journal SET rule = 'P9' WHERE rule = 'P3'",
        &[Check::JournalRule, Check::NaturalKey, Check::StageMoney],
    )
    .await;
    must_find(
        "UPDATE journal SET natural_key = natural_key || '0' WHERE rule = 'P1'",
        &[Check::NaturalKey, Check::EventJournals],
    )
    .await;
    must_find("UPDATE journal SET order_id = market_id WHERE rule = 'P2'", &[Check::NaturalKey]).await;
}

#[tokio::test]
async fn changed_orders_are_found() {
    for column in ["paid", "held", "released", "refunded"] {
        must_find(&format!("UPDATE trade_order SET {column} = {column} + 1"), &[Check::OrderMoney]).await;
    }
    must_find("UPDATE trade_order SET total = 1", &[Check::OrderMoney]).await;
    must_find("UPDATE trade_order SET currency = 'EUR'", &[Check::OrderMoney]).await;
    must_find("UPDATE trade_order SET version = version + 1", &[Check::StateVersion]).await;
    must_find("UPDATE trade_order SET status = 'closed'", &[Check::OrderReserve, Check::Deadline]).await;
    must_find("DELETE FROM trade_order", &[Check::StateVersion, Check::EscrowOwner, Check::Deadline]).await;
    must_find("UPDATE trade_order SET status = 'expired' WHERE held > 0", &[Check::OrderMoney]).await;
}

#[tokio::test]
async fn changed_agreements_are_found() {
    must_find("DELETE FROM agreement", &[Check::OrderRecord]).await;
    must_find("UPDATE agreement SET body = body || ' '", &[Check::OrderRecord]).await;
    must_find("UPDATE agreement SET hash = zeroblob(32)", &[Check::OrderRecord]).await;
    must_find("UPDATE trade_order SET agreement = zeroblob(32) WHERE number = 'O-2'", &[Check::OrderRecord]).await;
    must_find("UPDATE trade_order SET agreement = NULL WHERE number = 'O-2'", &[Check::OrderRecord]).await;
    must_find("UPDATE trade_order SET state = '{}' WHERE number = 'O-2'", &[Check::OrderRecord]).await;
}

#[tokio::test]
async fn an_order_that_keeps_its_terms_in_its_state_as_of_old_is_sound() {
    let own_terms = "UPDATE trade_order SET agreement = NULL, state = json_set(state, '$.terms', json((SELECT body ->> 'terms' FROM agreement)))";

    let report = tamper(&[(own_terms, vec![])]).await;

    assert_eq!(report.findings, []);
}

#[tokio::test]
async fn a_deadline_lost_moved_or_added_is_found_however_many_are_left() {
    must_find("DELETE FROM deadline", &[Check::Deadline]).await;
    for one in [
        "DELETE FROM deadline WHERE part = 2",
        "UPDATE deadline SET due_at = due_at + 1 WHERE part = 1",
        "UPDATE deadline SET part = 3 WHERE part = 2",
        "UPDATE deadline SET step = 'order.close' WHERE part = 2",
        "INSERT INTO deadline SELECT market_id, subject_kind, subject_id, 'shipment.deliver', part, due_at FROM deadline WHERE part = 1",
        "UPDATE trade_order SET state = json_set(state, '$.stages[1].due_at', '2099-01-01T00:00:00Z') WHERE status = 'active'",
    ] {
        let report = tamper(&[(one, vec![])]).await;
        let found = report.findings.iter().filter(|f| f.check == Check::Deadline).count();
        assert!((1..=2).contains(&found), "{one}: {:?}", report.findings);
        assert_eq!(found, report.findings.len(), "{one} is about deadlines only: {:?}", report.findings);
    }
    must_find("UPDATE trade_order SET state = json_set(state, '$.stages', json('[]'))", &[Check::Deadline]).await;
}

#[tokio::test]
async fn strays_are_found() {
    let deadline = "INSERT INTO deadline VALUES ($1, 'order', $2, 'order.close', 0, 1)";
    let report = tamper(&[(deadline, vec![rows::id(MARKET), rows::id(4_711)])]).await;
    assert!(report.has(Check::Deadline), "{:?}", report.findings);

    let reply = "INSERT INTO reply VALUES ($1, $2, 'key', x'00', 200, '{}', $3, 0)";
    let report = tamper(&[(reply, vec![rows::id(MARKET), rows::id(BUYER), rows::id(4_711)])]).await;
    assert!(report.has(Check::Reply), "{:?}", report.findings);

    must_find("UPDATE company SET version = 2", &[Check::StateVersion]).await;
    let moved = "UPDATE posting SET owner_id = $1 WHERE kind = 'L.BUYER' AND owner_id = $2";
    let report = tamper(&[(moved, vec![rows::id(ORDER), rows::id(BUYER)])]).await;
    assert!(report.has(Check::AccountSum) && report.has(Check::EventJournals), "{:?}", report.findings);
}
