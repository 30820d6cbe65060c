//! What each step tells, and whom. The matches have no rest, so a new step of an order needs a line here.

use super::deed::{Deed, Other};
use super::kind::Kind;
use crate::trade::Step;

/// Names whom a piece of news reaches, seen from the event's subject. The person who did it never hears of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum To {
    /// The side that did not act; both when the clock or the carrier did.
    Others,
    /// The buying company.
    Buyer,
    /// Suppliers a request fits, unless they were asked by name.
    Matched,
    /// Suppliers that were asked by name.
    Invited,
    /// Suppliers with a quote on the request.
    Quoting,
    /// Suppliers that were asked by name, quoted or asked something.
    Addressed,
    /// Suppliers whose quote was awarded.
    Awarded,
    /// Suppliers with a quote that was not.
    NotAwarded,
    /// Colleagues of whoever acted.
    Colleagues,
    /// The person in the seat.
    Seated,
    /// Colleagues of the person in the seat.
    SeatsColleagues,
}

/// Is one piece of news of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct News {
    /// What is said.
    pub kind: Kind,
    /// To whom.
    pub to: To,
}

/// Says what becomes of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// Nobody is told, for this reason.
    Silent(&'static str),
    /// These are told; of several, the first that reaches a person counts.
    News(&'static [News]),
}

impl Told {
    /// Gives the news; none of a silent step.
    #[must_use]
    pub const fn news(self) -> &'static [News] {
        match self {
            Self::Silent(_) => &[],
            Self::News(news) => news,
        }
    }
}

macro_rules! news {
    ($($kind:ident => $to:ident),+) => {
        Told::News(&[$(News { kind: Kind::$kind, to: To::$to }),+])
    };
}

/// Says what a step tells whom.
#[must_use]
pub const fn told(deed: Deed) -> Told {
    match deed {
        Deed::Order(step) => of_order(step),
        Deed::Other(other) => of_other(other),
    }
}

const fn of_order(step: Step) -> Told {
    match step {
        Step::Draft | Step::Revise | Step::Discard => Told::Silent("a draft is seen by its own side alone"),
        Step::Offer => news!(OrderOffered => Others),
        Step::Counter => news!(OrderCountered => Others),
        Step::Accept => news!(OrderAgreed => Others),
        Step::Withdraw => news!(OrderWithdrawn => Others),
        Step::Decline => news!(OrderDeclined => Others),
        Step::ExpireOffer => news!(OrderExpired => Others),
        Step::Fund => news!(StageFunded => Others),
        Step::FallDue => news!(StageDue => Buyer),
        Step::Lapse => news!(StageLapsed => Others),
        Step::CancelForDefault | Step::LateCancel => news!(OrderCancelled => Others),
        Step::Dispatch => news!(ShipmentDispatched => Others),
        Step::Track => Told::Silent("milestones stand in the order's timeline; four letters a shipment are too many"),
        Step::Deliver | Step::AssumeDelivered => news!(ShipmentDelivered => Others),
        Step::AcceptShipment | Step::AutoAccept => news!(ShipmentAccepted => Others),
        Step::ExtendAcceptance => news!(AcceptanceExtended => Others),
        Step::ProposeAmendment => news!(AmendmentProposed => Others),
        Step::ProposeCancellation => news!(CancellationProposed => Others),
        Step::ProposeExtension => news!(ExtensionProposed => Others),
        Step::AcceptProposal => news!(ProposalAccepted => Others),
        Step::DeclineProposal => news!(ProposalDeclined => Others),
        Step::WithdrawProposal => news!(ProposalWithdrawn => Others),
        Step::LapseProposal => news!(ProposalLapsed => Others),
        Step::Close => news!(OrderClosed => Others),
    }
}

const fn of_other(other: Other) -> Told {
    match other {
        Other::MarketOpen | Other::EraSwitch | Other::CapabilitySwitch => {
            Told::Silent("the market bar shows where the market stands")
        }
        Other::ClockPause | Other::ClockResume | Other::ClockRate | Other::ClockAdvance => {
            Told::Silent("the market bar shows the clock")
        }
        Other::CompanyOpen | Other::CompanyEdit => Told::Silent("a company's page concerns nobody's duties"),
        Other::CompanyBlock | Other::CompanyUnblock => Told::Silent("whoever is blocked is not told"),
        Other::ProductList | Other::ProductChange => Told::Silent("saved searches tell of products"),
        Other::ProductApprove => news!(ListingApproved => Others),
        Other::ProductReturn => news!(ListingReturned => Others),
        Other::StockAdjust => Told::Silent("a stock keeps its own log, read where it is kept"),
        Other::WalletPayIn => Told::Silent("the wallet shows what was paid in"),
        Other::WalletWithdraw => news!(MoneyWithdrawn => Colleagues),
        Other::SeatGrant => news!(SeatGranted => Seated, ColleagueJoined => SeatsColleagues),
        Other::SeatRole => news!(RoleChanged => Seated),
        Other::SeatDisable => news!(ColleagueLeft => SeatsColleagues),
        Other::InquiryOpen | Other::InquiryWrite => news!(InquiryMessage => Others),
        Other::InquiryClose => news!(InquiryClosed => Others),
        Other::InquiryReopen => news!(InquiryReopened => Others),
        Other::InquiryReport => Told::Silent("a report stays with who made it"),
        Other::InquirySettle => news!(InquirySettled => Others),
        Other::InquiryExpire => news!(InquiryExpired => Others),
        Other::MessageWrite => news!(OrderMessage => Others),
        Other::RfqPublish => news!(RfqInvited => Invited, RfqMatched => Matched),
        Other::RfqInvite => news!(RfqInvited => Invited),
        Other::RfqExtend => news!(RfqExtended => Quoting),
        Other::RfqClose => news!(RfqClosed => Quoting),
        Other::RfqWithdraw => news!(RfqWithdrawn => Quoting),
        Other::RfqLapse => news!(RfqLapsed => Buyer, RfqLapsed => Quoting),
        Other::RfqAsk => news!(RfqAsked => Buyer),
        Other::RfqAnswer | Other::RfqClarify => news!(RfqClarified => Addressed),
        Other::RfqAward => news!(QuoteAwarded => Awarded, QuoteNotAwarded => NotAwarded),
        Other::RfqOutcome => news!(OutcomeTold => Others),
        Other::QuoteSubmit => news!(QuoteReceived => Buyer),
        Other::QuoteRevise => news!(QuoteRevised => Buyer),
        Other::QuoteCounter => news!(QuoteCountered => Others),
        Other::QuoteAgree => news!(CounterAgreed => Others),
        Other::QuoteWithdraw => news!(QuoteWithdrawn => Buyer),
        Other::QuoteLapse => news!(QuoteLapsed => Others),
        Other::ProofSubmit | Other::ProofAnswer | Other::ProofWithdraw => {
            Told::Silent("claims stand in the list of those who check them")
        }
        Other::ProofRecheck => Told::Silent("when a claim is looked at again concerns who checks it"),
        Other::ProofAsk => news!(ProofAsked => Others),
        Other::ProofConfirm => news!(ProofConfirmed => Others),
        Other::ProofRefuse => news!(ProofRefused => Others),
        Other::ProofRevoke => news!(ProofRevoked => Others),
        Other::ProofExpire => news!(ProofExpired => Others),
    }
}
