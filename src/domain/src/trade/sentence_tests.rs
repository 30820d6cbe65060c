//! Every refusal, said out loud.

use super::*;
use crate::kernel::{CompanyId, Currency, FieldError, Money, Quantity, Rejection};
use crate::ledger::{Account, AccountKind, LedgerError};
use crate::trade::{CODES, Shortage};

const AT: MarketTime = MarketTime(1_767_574_800_000_000);

fn usd(minor: i64) -> Money {
    Money::new(minor, Currency::USD)
}

fn short(sku: &str, wanted: i64, available: i64) -> Shortage {
    let (wanted, available) = (Quantity(wanted), Quantity(available));
    Shortage { line: 1, sku: sku.into(), unit: "m".into(), wanted, available }
}

/// One example of each refusal, in the order of [`CODES`].
fn examples() -> Vec<TradeRejection> {
    use TradeRejection as R;
    let (step, actor) = (Step::Dispatch, Actor::Buyer);
    let account = Account::of(AccountKind::Buyer, CompanyId(1).0, Currency::USD);
    vec![
        R::WrongActor { step, actor },
        R::WrongParty { step, actor },
        R::WrongState { step, status: OrderStatus::Offered },
        R::WrongStageState { stage: 2, state: StageState::PartlyReleased },
        R::WrongShipmentState { shipment: 3, state: ShipmentState::AutoAccepted },
        R::NoSuchStage(7),
        R::NoSuchShipment(7),
        R::TermsInvalid(vec![FieldError::new("/lines", "terms.lines", "an order has 1 to 200 lines")]),
        R::QualityMissing(vec![FieldError::new("/quality_points", "terms.quality_missing", "name one point")]),
        R::ShipByPast { shipment: 1 },
        R::ValidDaysOutOfRange { max: 90 },
        R::OfferOutdated { read: 1, current: 2 },
        R::ContractHashMismatch,
        R::OfferExpired { until: AT },
        R::StageNotDue { stage: 2 },
        R::StageOverdue { stage: 2, until: AT },
        R::InsufficientFunds { have: usd(10_000), need: usd(31_500) },
        R::OutOfStock(vec![short("S-1", 500_000, 420_500), short("S-2", 1_000, 0)]),
        R::TooEarly { due: AT },
        R::StageUnfunded { stage: 2 },
        R::CarrierMissing,
        R::DocumentsMissing,
        R::EtaOutOfRange { max: 120 },
        R::MilestonePassed,
        R::AlreadyExtended { shipment: 1 },
        R::NotLate { from: AT },
        R::OwnDefault { stage: 2 },
        R::NoDefault,
        R::PenaltyTooHigh { max: usd(60_000) },
        R::ProposalOpen,
        R::NoProposal,
        R::ProposalExpired { until: AT },
        R::RefundExceedsHeld { held: usd(120_000) },
        R::NothingUndispatched,
        R::ExtensionTooLong { left: 30 },
        R::AmendmentEmpty,
        R::AmendmentNotAllowed { pointer: "/lines/0".to_owned() },
        R::AmountTooLarge,
        R::AmountNotPositive,
        R::Books(LedgerError::Insufficient { account, have: 100, need: 250 }),
    ]
}

/// What a clerk would stumble over: codes, parameter lists, bare minor units, machine time.
fn stumbles(text: &str) -> bool {
    let whole = text.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit()) && text.ends_with('.');
    !whole || text.contains(['_', '=', '{']) || text.contains("trade.") || text.contains("T0")
}

#[test]
fn every_refusal_is_a_sentence() {
    let examples = examples();
    let codes: Vec<_> = examples.iter().map(|r| (r.code(), r.status())).collect();
    assert_eq!(codes, CODES, "an example of every code, in order");
    for refusal in &examples {
        assert!(!stumbles(&refusal.to_string()), "{}: {refusal}", refusal.code());
    }
    // Control: the code with its parameters is no sentence.
    assert!(stumbles("trade.wrong_actor step=shipment.dispatch actor=buyer"));
    assert!(stumbles("The offer ended on 2026-01-05T01:00:00Z."));
}

#[test]
fn sentences_name_the_amounts_times_and_sides() {
    let examples = examples();
    let said = |code: &str| examples.iter().find(|r| r.code() == code).map(ToString::to_string).unwrap();
    assert_eq!(
        said("wallet.insufficient_funds"),
        "The wallet holds 100.00 USD; the stage and its fee come to 315.00 USD."
    );
    assert_eq!(said("trade.stage_overdue"), "The time to pay stage 2 ended on 2026-01-05 01:00 UTC.");
    assert_eq!(said("trade.wrong_actor"), "This step is taken by the seller, not by the buyer.");
    assert_eq!(said("trade.wrong_state"), "This is not possible while the order is offered and not yet accepted.");
    assert_eq!(
        said("trade.books"),
        "The books refuse this step: account L.BUYER holds 1.00 USD and 2.50 USD are needed."
    );
}

#[test]
fn sentences_fit_every_state() {
    for step in crate::trade::STEPS {
        assert!(!takers(step.step).is_empty());
    }
    let words = OrderStatus::ALL.iter().map(|s| order(*s)).chain(StageState::ALL.iter().map(|s| stage(*s)));
    assert!(words.chain(ShipmentState::ALL.iter().map(|s| shipment(*s))).all(|w| !w.contains('_')));
    assert_eq!(TradeRejection::ExtensionTooLong { left: 0 }.to_string(), "The ship-by date cannot move any further.");
}

#[test]
fn a_short_stock_says_what_is_free_and_that_nothing_was_charged() {
    let refusal = TradeRejection::OutOfStock(vec![short("S-1", 500_000, 420_500), short("S-2", 1_000, 0)]);
    assert_eq!(
        refusal.to_string(),
        "The ready stock does not hold what the order takes from it: of S-1 500 m are wanted and 420.5 m are free; \
         of S-2 1 m are wanted and 0 m are free. Nothing was charged."
    );
    let first = refusal.params();
    assert_eq!(first[2..], [("wanted", "500".into()), ("available", "420.5".into()), ("products", "2".into())]);
    assert_eq!(refusal.errors().iter().map(|e| e.pointer.as_str()).collect::<Vec<_>>(), ["/terms/lines/1/quantity"; 2]);
}
