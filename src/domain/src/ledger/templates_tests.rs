use super::*;
use proptest::prelude::*;

const USD: Currency = Currency::USD;
const ORDER: OrderId = OrderId(9);
const BUYER: CompanyId = CompanyId(1);
const SELLER: CompanyId = CompanyId(2);

fn usd(minor: i64) -> Money {
    Money::new(minor, USD)
}

fn amounts(fx: &Effects<()>) -> Vec<(&'static str, i64)> {
    fx.postings.iter().map(|posting| (posting.account.kind.code(), posting.amount)).collect()
}

fn release(x: i64, t: i64, p: i64, v: i64) -> Release {
    Release { order: ORDER, stage: 1, shipment: 1, seller: SELLER, amount: usd(x), fee: t, premium: p, reserve: v }
}

#[test]
fn funding_by_card_posts_the_fee_out_of_client_money() {
    let mut fx = Effects::<()>::new();

    p2_fund(&mut fx, &Fund { order: ORDER, stage: 1, buyer: BUYER, amount: usd(300_000), fee: 8_970 }).unwrap();

    assert_eq!(
        amounts(&fx),
        [
            ("L.BUYER", 308_970),
            ("L.ESCROW", -300_000),
            ("A.BANK.OPS", 8_970),
            ("I.PAYMENT_FEE", -8_970),
            ("A.BANK.CLIENT", -8_970)
        ]
    );
    assert_eq!(fx.journals[0].natural_text(), format!("P2:{:032x}:1:0", 9));
}

#[test]
fn a_release_splits_into_seller_reserve_fee_and_premium() {
    let mut fx = Effects::<()>::new();

    p3_release(&mut fx, &release(600_000, 12_000, 1_800, 30_000)).unwrap();

    assert_eq!(
        amounts(&fx),
        [
            ("L.ESCROW", 600_000),
            ("L.SELLER", -556_200),
            ("L.RESERVE", -30_000),
            ("A.BANK.OPS", 12_000),
            ("I.TXN_FEE", -12_000),
            ("A.BANK.FUND", 1_800),
            ("I.PREMIUM", -1_800),
            ("A.BANK.CLIENT", -13_800),
        ]
    );
}

#[test]
fn legs_of_zero_are_left_out() {
    let mut fx = Effects::<()>::new();

    p2_fund(&mut fx, &Fund { order: ORDER, stage: 1, buyer: BUYER, amount: usd(5), fee: 0 }).unwrap();

    assert_eq!(amounts(&fx), [("L.BUYER", 5), ("L.ESCROW", -5)]);
}

#[test]
fn amounts_at_the_border_are_refused_and_nothing_is_appended() {
    let mut fx = Effects::<()>::new();
    for minor in [0, -1, i64::MIN] {
        assert_eq!(p1_pay_in(&mut fx, BUYER, usd(minor), EventId(1)), Err(LedgerError::NotPositive));
        assert_eq!(p5_refund(&mut fx, ORDER, (1, 1), BUYER, usd(minor)), Err(LedgerError::NotPositive));
        assert_eq!(p6_withdraw(&mut fx, SELLER, usd(minor), EventId(1)), Err(LedgerError::NotPositive));
        assert_eq!(p12_reserve(&mut fx, ORDER, SELLER, usd(minor)), Err(LedgerError::NotPositive));
    }
    let fund = Fund { order: ORDER, stage: 1, buyer: BUYER, amount: usd(i64::MAX), fee: 1 };
    assert_eq!(p2_fund(&mut fx, &fund), Err(LedgerError::Overflow));
    assert_eq!(p3_release(&mut fx, &release(100, 50, 50, 1)), Err(LedgerError::NotPositive));
    assert_eq!(p3_release(&mut fx, &release(100, -1, 0, 0)), Err(LedgerError::NotPositive));
    assert_eq!(p3_release(&mut fx, &release(100, i64::MAX, 1, 0)), Err(LedgerError::Overflow));
    assert!(fx.journals.is_empty() && fx.postings.is_empty());
}

#[test]
fn a_journal_out_of_balance_or_mixing_client_money_is_caught() {
    let bank = Account::platform(AccountKind::BankClient, USD);
    let wallet = Account::of(AccountKind::Buyer, 1, USD);
    let income = Account::platform(AccountKind::PaymentFee, USD);

    assert_eq!(check_journal(&[debit(bank, 5), credit(wallet, 4)]), Err(LedgerError::Unbalanced(USD)));
    assert_eq!(check_journal(&[debit(wallet, 5), credit(income, 5)]), Err(LedgerError::ClientMoney(USD)));
    let euro = Account::of(AccountKind::Buyer, 1, Currency::EUR);
    assert_eq!(check_journal(&[debit(bank, 5), credit(euro, 5)]), Err(LedgerError::Unbalanced(USD)));
    assert_eq!(check_journal(&[]), Ok(()));
}

proptest! {
    #[test]
    fn every_template_balances_and_preserves_client_money(x in 1..=i64::MAX / 4, t in 0..1_000_000_i64, p in 0..1_000_000_i64, v in 0..1_000_000_i64) {
        let mut fx = Effects::<()>::new();
        p1_pay_in(&mut fx, BUYER, usd(x), EventId(1)).unwrap();
        p2_fund(&mut fx, &Fund { order: ORDER, stage: 1, buyer: BUYER, amount: usd(x), fee: t }).unwrap();
        let released = p3_release(&mut fx, &release(x, t, p, v));
        prop_assert_eq!(released.is_ok(), x >= t + p + v);
        p5_refund(&mut fx, ORDER, (1, 1), BUYER, usd(x)).unwrap();
        p6_withdraw(&mut fx, SELLER, usd(x), EventId(2)).unwrap();
        p12_reserve(&mut fx, ORDER, SELLER, usd(x)).unwrap();

        for head in &fx.journals {
            let postings = fx.postings_of(head);
            prop_assert!(postings.len() >= 2);
            prop_assert_eq!(check_journal(postings), Ok(()));
            prop_assert!(postings.iter().all(|posting| posting.amount != 0));
        }
    }
}
