//! Refusals of the trade rules, each named after the rule that refuses.

use super::state::{OrderStatus, ShipmentState, StageState};
use super::step::Step;
use crate::kernel::{Actor, FieldError, MarketTime, Money, MoneyError, Quantity, Rejection};
use crate::ledger::LedgerError;
use std::fmt;

/// Says of one product that less is free than an order wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shortage {
    /// Place of the first line with it, from 0.
    pub line: usize,
    /// Seller's number.
    pub sku: String,
    /// Unit of sale.
    pub unit: String,
    /// What the order wants, over all its lines.
    pub wanted: Quantity,
    /// What is free now.
    pub available: Quantity,
}

impl fmt::Display for Shortage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { sku, unit, wanted, available, .. } = self;
        write!(f, "of {sku} {wanted} {unit} are wanted and {available} {unit} are free")
    }
}

/// Says why a command was refused; nothing has happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TradeRejection {
    /// The table does not give this step to this actor.
    WrongActor {
        /// Step asked for.
        step: Step,
        /// Who asked.
        actor: Actor,
    },
    /// The step belongs to the other side of the offer, draft or proposal.
    WrongParty {
        /// Step asked for.
        step: Step,
        /// Who asked.
        actor: Actor,
    },
    /// The order's status does not allow the step.
    WrongState {
        /// Step asked for.
        step: Step,
        /// Status of the order.
        status: OrderStatus,
    },
    /// The stage's state does not allow the step.
    WrongStageState {
        /// Stage number.
        stage: i32,
        /// Its state.
        state: StageState,
    },
    /// The shipment's state does not allow the step.
    WrongShipmentState {
        /// Shipment number.
        shipment: i32,
        /// Its state.
        state: ShipmentState,
    },
    /// There is no such stage.
    NoSuchStage(i32),
    /// There is no such shipment.
    NoSuchShipment(i32),
    /// The terms have faults.
    TermsInvalid(Vec<FieldError>),
    /// An offer needs quality terms that can be measured.
    QualityMissing(Vec<FieldError>),
    /// A ship-by date lies in the past.
    ShipByPast {
        /// Shipment whose ship-by date has passed.
        shipment: i32,
    },
    /// An offer stands 1 to 90 days.
    ValidDaysOutOfRange {
        /// Longest permitted.
        max: i64,
    },
    /// Another offer has been made since.
    OfferOutdated {
        /// Number that was accepted.
        read: i32,
        /// Number on the table.
        current: i32,
    },
    /// The terms accepted are not the terms on the table.
    ContractHashMismatch,
    /// The offer no longer stands.
    OfferExpired {
        /// When it ended.
        until: MarketTime,
    },
    /// The stage cannot be paid yet.
    StageNotDue {
        /// Stage number.
        stage: i32,
    },
    /// The time to pay is over.
    StageOverdue {
        /// Stage number.
        stage: i32,
        /// When it ended.
        until: MarketTime,
    },
    /// The wallet holds too little.
    InsufficientFunds {
        /// What is there.
        have: Money,
        /// What is needed: stage and fee.
        need: Money,
    },
    /// The seller's ready stock does not hold what the order takes from it (CON-5).
    OutOfStock(Vec<Shortage>),
    /// A deadline acted before its time.
    TooEarly {
        /// When it is time.
        due: MarketTime,
    },
    /// A stage due before dispatch is not paid.
    StageUnfunded {
        /// Stage number.
        stage: i32,
    },
    /// Dispatch needs a carrier.
    CarrierMissing,
    /// Dispatch needs documents.
    DocumentsMissing,
    /// The days until arrival are out of range.
    EtaOutOfRange {
        /// Longest permitted.
        max: i64,
    },
    /// The milestone, or a later one, was reported before.
    MilestonePassed,
    /// This side has used its extension.
    AlreadyExtended {
        /// Shipment number.
        shipment: i32,
    },
    /// Nothing is late yet.
    NotLate {
        /// From when the buyer may cancel.
        from: MarketTime,
    },
    /// The delay is the buyer's own: a stage due before dispatch is unpaid.
    OwnDefault {
        /// Stage number.
        stage: i32,
    },
    /// No balance has lapsed for goods still in the seller's hands.
    NoDefault,
    /// The penalty is above the limit.
    PenaltyTooHigh {
        /// Highest penalty.
        max: Money,
    },
    /// Another proposal waits for an answer.
    ProposalOpen,
    /// There is no proposal to answer.
    NoProposal,
    /// The time to answer is over.
    ProposalExpired {
        /// When it ended.
        until: MarketTime,
    },
    /// More than the held money of undispatched goods.
    RefundExceedsHeld {
        /// What is held for undispatched goods.
        held: Money,
    },
    /// Everything is dispatched already.
    NothingUndispatched,
    /// The ship-by date cannot move that far.
    ExtensionTooLong {
        /// Days left.
        left: i64,
    },
    /// The amendment changes nothing.
    AmendmentEmpty,
    /// This can no longer be amended.
    AmendmentNotAllowed {
        /// JSON pointer of the change.
        pointer: String,
    },
    /// An amount left the range of money.
    AmountTooLarge,
    /// An amount must be positive (MON-9).
    AmountNotPositive,
    /// The books refuse.
    Books(LedgerError),
}

/// Lists every code with its status.
pub const CODES: &[(&str, u16)] = &[
    ("trade.wrong_actor", 403),
    ("trade.wrong_party", 403),
    ("trade.wrong_state", 409),
    ("trade.wrong_stage_state", 409),
    ("trade.wrong_shipment_state", 409),
    ("trade.no_such_stage", 422),
    ("trade.no_such_shipment", 422),
    ("trade.terms_invalid", 422),
    ("trade.quality_missing", 422),
    ("trade.ship_by_past", 422),
    ("trade.valid_days_out_of_range", 422),
    ("trade.offer_outdated", 409),
    ("trade.contract_hash_mismatch", 409),
    ("trade.offer_expired", 409),
    ("trade.stage_not_due", 409),
    ("trade.stage_overdue", 409),
    ("wallet.insufficient_funds", 409),
    ("trade.out_of_stock", 409),
    ("trade.too_early", 409),
    ("trade.stage_unfunded", 409),
    ("trade.carrier_missing", 422),
    ("trade.documents_missing", 422),
    ("trade.eta_out_of_range", 422),
    ("trade.milestone_passed", 409),
    ("trade.already_extended", 409),
    ("trade.not_late", 409),
    ("trade.own_default", 409),
    ("trade.no_default", 409),
    ("trade.penalty_too_high", 422),
    ("trade.proposal_open", 409),
    ("trade.no_proposal", 409),
    ("trade.proposal_expired", 409),
    ("trade.refund_exceeds_held", 422),
    ("trade.nothing_undispatched", 409),
    ("trade.extension_too_long", 422),
    ("trade.amendment_empty", 422),
    ("trade.amendment_not_allowed", 422),
    ("trade.amount_too_large", 422),
    ("trade.amount_not_positive", 422),
    ("trade.books", 409),
];

impl TradeRejection {
    const fn entry(&self) -> (&'static str, u16) {
        match self {
            Self::WrongActor { .. } => ("trade.wrong_actor", 403),
            Self::WrongParty { .. } => ("trade.wrong_party", 403),
            Self::WrongState { .. } => ("trade.wrong_state", 409),
            Self::WrongStageState { .. } => ("trade.wrong_stage_state", 409),
            Self::WrongShipmentState { .. } => ("trade.wrong_shipment_state", 409),
            Self::NoSuchStage(_) => ("trade.no_such_stage", 422),
            Self::NoSuchShipment(_) => ("trade.no_such_shipment", 422),
            Self::TermsInvalid(_) => ("trade.terms_invalid", 422),
            Self::QualityMissing(_) => ("trade.quality_missing", 422),
            Self::ShipByPast { .. } => ("trade.ship_by_past", 422),
            Self::ValidDaysOutOfRange { .. } => ("trade.valid_days_out_of_range", 422),
            Self::OfferOutdated { .. } => ("trade.offer_outdated", 409),
            Self::ContractHashMismatch => ("trade.contract_hash_mismatch", 409),
            Self::OfferExpired { .. } => ("trade.offer_expired", 409),
            Self::StageNotDue { .. } => ("trade.stage_not_due", 409),
            Self::StageOverdue { .. } => ("trade.stage_overdue", 409),
            Self::InsufficientFunds { .. } => ("wallet.insufficient_funds", 409),
            Self::OutOfStock(_) => ("trade.out_of_stock", 409),
            Self::TooEarly { .. } => ("trade.too_early", 409),
            Self::StageUnfunded { .. } => ("trade.stage_unfunded", 409),
            Self::CarrierMissing => ("trade.carrier_missing", 422),
            Self::DocumentsMissing => ("trade.documents_missing", 422),
            Self::EtaOutOfRange { .. } => ("trade.eta_out_of_range", 422),
            Self::MilestonePassed => ("trade.milestone_passed", 409),
            Self::AlreadyExtended { .. } => ("trade.already_extended", 409),
            Self::NotLate { .. } => ("trade.not_late", 409),
            Self::OwnDefault { .. } => ("trade.own_default", 409),
            Self::NoDefault => ("trade.no_default", 409),
            Self::PenaltyTooHigh { .. } => ("trade.penalty_too_high", 422),
            Self::ProposalOpen => ("trade.proposal_open", 409),
            Self::NoProposal => ("trade.no_proposal", 409),
            Self::ProposalExpired { .. } => ("trade.proposal_expired", 409),
            Self::RefundExceedsHeld { .. } => ("trade.refund_exceeds_held", 422),
            Self::NothingUndispatched => ("trade.nothing_undispatched", 409),
            Self::ExtensionTooLong { .. } => ("trade.extension_too_long", 422),
            Self::AmendmentEmpty => ("trade.amendment_empty", 422),
            Self::AmendmentNotAllowed { .. } => ("trade.amendment_not_allowed", 422),
            Self::AmountTooLarge => ("trade.amount_too_large", 422),
            Self::AmountNotPositive => ("trade.amount_not_positive", 422),
            Self::Books(_) => ("trade.books", 409),
        }
    }
}

/// Gives an amount as parameters: its minor units, and the currency that says what they are.
fn amount(name: &'static str, money: Money) -> Vec<(&'static str, String)> {
    vec![(name, money.minor.to_string()), ("currency", money.currency.to_string())]
}

impl Rejection for TradeRejection {
    fn code(&self) -> &'static str {
        self.entry().0
    }

    fn status(&self) -> u16 {
        self.entry().1
    }

    fn params(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::WrongActor { step, actor } | Self::WrongParty { step, actor } => {
                vec![("step", step.name().into()), ("actor", actor.as_str().into())]
            }
            Self::WrongState { step, status } => vec![("step", step.name().into()), ("status", status.as_str().into())],
            Self::WrongStageState { stage, state } => {
                vec![("stage", stage.to_string()), ("state", state.as_str().into())]
            }
            Self::WrongShipmentState { shipment, state } => {
                vec![("shipment", shipment.to_string()), ("state", state.as_str().into())]
            }
            Self::NoSuchStage(stage)
            | Self::StageNotDue { stage }
            | Self::StageUnfunded { stage }
            | Self::OwnDefault { stage } => {
                vec![("stage", stage.to_string())]
            }
            Self::NoSuchShipment(shipment) | Self::ShipByPast { shipment } | Self::AlreadyExtended { shipment } => {
                vec![("shipment", shipment.to_string())]
            }
            Self::StageOverdue { stage, until } => vec![("stage", stage.to_string()), ("until", until.to_string())],
            Self::OfferOutdated { read, current } => vec![("read", read.to_string()), ("current", current.to_string())],
            Self::OfferExpired { until } | Self::ProposalExpired { until } => vec![("until", until.to_string())],
            Self::InsufficientFunds { have, need } => {
                let mut params = amount("need", *need);
                params.push(("have", have.minor.to_string()));
                params
            }
            Self::OutOfStock(short) => short.first().map_or_else(Vec::new, |first| {
                vec![
                    ("sku", first.sku.clone()),
                    ("unit", first.unit.clone()),
                    ("wanted", first.wanted.to_string()),
                    ("available", first.available.to_string()),
                    ("products", short.len().to_string()),
                ]
            }),
            Self::TooEarly { due } => vec![("due", due.to_string())],
            Self::NotLate { from } => vec![("from", from.to_string())],
            Self::ValidDaysOutOfRange { max } | Self::EtaOutOfRange { max } => vec![("max", max.to_string())],
            Self::PenaltyTooHigh { max } => amount("max", *max),
            Self::RefundExceedsHeld { held } => amount("held", *held),
            Self::ExtensionTooLong { left } => vec![("left", left.to_string())],
            Self::Books(error) => vec![("detail", error.to_string())],
            Self::TermsInvalid(errors) | Self::QualityMissing(errors) => vec![("errors", errors.len().to_string())],
            Self::AmendmentNotAllowed { pointer } => {
                vec![("field", pointer.clone()), ("reason", super::sentence::amendment_fault(pointer).into())]
            }
            Self::ContractHashMismatch | Self::CarrierMissing | Self::DocumentsMissing | Self::MilestonePassed => {
                vec![]
            }
            Self::NoDefault | Self::ProposalOpen | Self::NoProposal | Self::NothingUndispatched => vec![],
            Self::AmendmentEmpty | Self::AmountTooLarge | Self::AmountNotPositive => vec![],
        }
    }

    fn pointer(&self) -> Option<String> {
        match self {
            Self::NoSuchStage(_) => Some("/stage".into()),
            Self::NoSuchShipment(_) => Some("/shipment".into()),
            Self::ValidDaysOutOfRange { .. } => Some("/valid_days".into()),
            Self::ContractHashMismatch => Some("/contract_hash".into()),
            Self::OfferOutdated { .. } => Some("/offer_no".into()),
            Self::CarrierMissing => Some("/carrier".into()),
            Self::DocumentsMissing => Some("/documents".into()),
            Self::EtaOutOfRange { .. } => Some("/eta_days".into()),
            Self::MilestonePassed => Some("/milestone".into()),
            Self::PenaltyTooHigh { .. } => Some("/penalty_minor".into()),
            Self::RefundExceedsHeld { .. } => Some("/refund_minor".into()),
            Self::ExtensionTooLong { .. } => Some("/days".into()),
            Self::ShipByPast { shipment } => Some(format!("/terms/shipments/{}/ship_by", shipment.saturating_sub(1))),
            Self::TermsInvalid(errors) | Self::QualityMissing(errors) => {
                errors.first().map(|error| error.pointer.clone())
            }
            Self::AmendmentNotAllowed { pointer } => Some(pointer.clone()),
            Self::WrongActor { .. }
            | Self::WrongParty { .. }
            | Self::WrongState { .. }
            | Self::WrongStageState { .. } => None,
            Self::WrongShipmentState { .. } | Self::OfferExpired { .. } | Self::StageNotDue { .. } => None,
            Self::StageOverdue { .. } | Self::InsufficientFunds { .. } | Self::TooEarly { .. } => None,
            Self::StageUnfunded { .. } | Self::AlreadyExtended { .. } | Self::NotLate { .. } => None,
            Self::OwnDefault { .. } | Self::NoDefault | Self::ProposalOpen | Self::NoProposal => None,
            Self::ProposalExpired { .. } | Self::NothingUndispatched | Self::AmendmentEmpty => None,
            Self::AmountTooLarge | Self::AmountNotPositive | Self::Books(_) | Self::OutOfStock(_) => None,
        }
    }

    fn errors(&self) -> Vec<FieldError> {
        if let Self::TermsInvalid(errors) | Self::QualityMissing(errors) = self {
            return errors.clone();
        }
        let Self::OutOfStock(short) = self else { return Vec::new() };
        let error = |shortage: &Shortage| {
            let pointer = format!("/terms/lines/{}/quantity", shortage.line);
            FieldError::new(pointer, "trade.out_of_stock", shortage.to_string())
        };
        short.iter().map(error).collect()
    }
}

impl std::error::Error for TradeRejection {}

impl From<MoneyError> for TradeRejection {
    fn from(error: MoneyError) -> Self {
        match error {
            MoneyError::Overflow | MoneyError::CurrencyMismatch | MoneyError::Malformed => Self::AmountTooLarge,
            MoneyError::Negative | MoneyError::NothingToSplitOver => Self::AmountNotPositive,
        }
    }
}

impl From<LedgerError> for TradeRejection {
    fn from(error: LedgerError) -> Self {
        match error {
            LedgerError::Overflow => Self::AmountTooLarge,
            LedgerError::NotPositive => Self::AmountNotPositive,
            LedgerError::Unbalanced(_) | LedgerError::ClientMoney(_) | LedgerError::Insufficient { .. } => {
                Self::Books(error)
            }
        }
    }
}
