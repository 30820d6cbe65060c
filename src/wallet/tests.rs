//! The wallet through the door: what it lets in, what it refuses, and what the statement says afterwards.

use super::read::{self, Book, Place};
use crate::audit::play::{BUYER, MARKET, SELLER, open, play, seat, usd};
use crate::audit::verify;
use crate::platform::access::Actor;
use crate::platform::engine::{Idempotency, Receipt, Request};
use crate::platform::problem::{Failure, Refusal};
use crate::wallet::{AMOUNT_MAX, PayIn};
use entrepot_domain::kernel::{Currency, Role};
use entrepot_domain::ledger::{AccountKind, Rule};

fn refusal(result: Result<Receipt, Failure>) -> Refusal {
    match result {
        Err(Failure::Refused(refusal)) => refusal,
        other => panic!("expected a refusal, got {other:?}"),
    }
}

fn book(company: u128, kind: AccountKind) -> Book {
    Book { market: MARKET, company, kind, currency: Currency::USD }
}

#[tokio::test]
async fn a_pay_in_raises_the_wallet_and_a_withdrawal_beyond_the_balance_is_refused() {
    let played = open().await;

    let receipt = played.pay_in(seat(BUYER, Role::Finance), BUYER, usd(500)).await.unwrap();
    let refused = refusal(played.withdraw(seat(BUYER, Role::Owner), BUYER, usd(500)).await);

    let reply = receipt.json().unwrap();
    assert_eq!((receipt.status, receipt.version), (201, 1));
    assert_eq!(reply["balance"]["minor"], "500");
    assert_eq!(reply["event_id"].as_str().map(str::len), Some(32));
    assert_eq!((refused.status, refused.code.as_str()), (409, "wallet.insufficient_funds"));
    assert!(
        refused.params.contains(&("have".to_owned(), "0".to_owned()))
            && refused.params.contains(&("need".to_owned(), "500".to_owned()))
    );
    let balances = read::balances(played.engine.db(), MARKET, BUYER).await.unwrap();
    assert_eq!(balances.get(&Currency::USD).map(|b| (b.buyer, b.seller)), Some((500, 0)));
}

#[tokio::test]
async fn only_positive_amounts_up_to_the_bound_pass() {
    let played = open().await;
    let owner = || seat(SELLER, Role::Owner);

    for minor in [i64::MIN, -1, 0, AMOUNT_MAX + 1, i64::MAX] {
        for refused in
            [played.pay_in(owner(), SELLER, usd(minor)).await, played.withdraw(owner(), SELLER, usd(minor)).await]
        {
            let refused = refusal(refused);
            assert_eq!((refused.status, refused.errors[0].pointer.as_str()), (422, "/amount/minor"), "{minor}");
        }
    }
    for minor in [1, AMOUNT_MAX] {
        assert!(played.pay_in(owner(), SELLER, usd(minor)).await.is_ok());
    }
}

#[tokio::test]
async fn strangers_and_readers_move_nothing() {
    let played = open().await;
    let admin = Actor { company: None, ..seat(0, Role::Admin) };

    let cases = [
        (seat(BUYER, Role::Viewer), 403),
        (seat(SELLER, Role::Owner), 404),
        (admin, 403),
        (Actor { company: None, ..seat(9, Role::Carrier) }, 403),
    ];
    for (actor, status) in cases {
        assert_eq!(refusal(played.pay_in(actor.clone(), BUYER, usd(5)).await).status, status, "{actor:?}");
        assert_eq!(refusal(played.withdraw(actor, BUYER, usd(5)).await).status, status);
    }
    assert!(read::balances(played.engine.db(), MARKET, BUYER).await.unwrap().is_empty());
}

#[tokio::test]
async fn the_same_key_pays_once_and_another_body_is_refused() {
    let played = open().await;
    let pay = async |minor: i64, body_hash: [u8; 32]| {
        let command =
            PayIn { payment: played.engine.ids().next(), company: BUYER, amount: usd(minor), reference: String::new() };
        let key = Idempotency { key: "k".to_owned(), body_hash };
        played.engine.execute(Request::new(seat(BUYER, Role::Owner), command).idempotent(Some(key))).await
    };

    let first = pay(100, [1; 32]).await.unwrap();
    let second = pay(100, [1; 32]).await.unwrap();
    let other = refusal(pay(200, [2; 32]).await);

    assert_eq!((first.body, second.replayed), (second.body, true));
    assert_eq!(other.status, 422);
    let balances = read::balances(played.engine.db(), MARKET, BUYER).await.unwrap();
    assert_eq!(balances.get(&Currency::USD).map(|b| b.buyer), Some(100));
}

#[tokio::test]
async fn the_statement_runs_from_the_oldest_line_and_pages_from_the_newest() {
    let played = play().await;
    let db = played.engine.db();
    let buyer = book(BUYER, AccountKind::Buyer);

    let all = read::statement(db, &buyer, Place::END, 100).await.unwrap();
    let first = read::statement(db, &buyer, Place::END, 2).await.unwrap();
    let rest = read::statement(db, &buyer, first.last().unwrap().place, 100).await.unwrap();

    let mut balance = 0;
    for line in all.iter().rev() {
        balance += line.change;
        assert_eq!(line.balance, balance);
    }
    let wallet = read::balances(db, MARKET, BUYER).await.unwrap()[&Currency::USD];
    assert_eq!((balance, wallet.held), (wallet.buyer, 83_000));
    assert_eq!(first.len() + rest.len(), all.len());
    assert!(first.iter().chain(&rest).map(|l| l.place.seq).eq(all.iter().map(|l| l.place.seq)));
    let oldest = all.last().unwrap();
    assert_eq!((oldest.rule, oldest.reference.as_str(), oldest.order.is_none()), (Some(Rule::P1), "=cmd", true));
    assert_eq!(all.first().and_then(|l| l.order.clone()).map(|(_, number)| number), Some("O-2".to_owned()));
    let seller = read::statement(db, &book(SELLER, AccountKind::Seller), Place::END, 100).await.unwrap();
    assert_eq!(seller.first().and_then(|l| l.rule), Some(Rule::P6));
    let file = String::from_utf8(super::export::statement(&all, Currency::USD).unwrap()).unwrap();
    assert!(file.contains("Pay-in: =cmd") && file.lines().count() == all.len() + 1);
}

#[tokio::test]
async fn payments_keep_the_books_whole() {
    let played = open().await;

    played.pay_in(seat(SELLER, Role::Owner), SELLER, usd(77)).await.unwrap();

    assert_eq!(verify(played.engine.db(), Some(MARKET)).await.unwrap().findings, []);
}

pub(super) async fn statement_sums(
    db: &crate::platform::database::Database,
    market: u128,
    company: u128,
) -> (usize, i64) {
    let book = Book { market, ..book(company, AccountKind::Buyer) };
    let lines = read::statement(db, &book, Place::END, 100).await.unwrap();
    (lines.len(), lines.first().map_or(0, |l| l.balance))
}
