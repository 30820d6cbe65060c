//! Who must act before a deadline, and when they are reminded: 72 and 24 hours of market time before it.

use super::deed::{Deed, Other};
use super::kind::Kind;
use crate::kernel::{MarketTime, Side};
use crate::trade::{Order, Step};

/// Names how long before a deadline somebody is reminded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Ahead {
    /// Three days.
    H72,
    /// One day.
    H24,
}

impl Ahead {
    /// Lists them, the nearer last.
    pub const ALL: [Self; 2] = [Self::H72, Self::H24];

    /// Gives the hours of market time.
    #[must_use]
    pub const fn hours(self) -> i64 {
        match self {
            Self::H72 => 72,
            Self::H24 => 24,
        }
    }
}

/// Is a span of due times: behind `after`, up to and with `until`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// Reminding point.
    pub ahead: Ahead,
    /// Due times behind this.
    pub after: MarketTime,
    /// And not behind this.
    pub until: MarketTime,
}

impl Window {
    /// Says whether a due time lies in it.
    #[must_use]
    pub fn holds(&self, due: MarketTime) -> bool {
        self.after < due && due <= self.until
    }
}

/// Gives the due times whose reminding point lies between two moments of the market's clock.
///
/// Promises that a deadline lies in at most one of them: who passed both points in one leap is reminded once, of the nearer, and
/// whose deadline has passed as well not at all. A deadline shorter than a point never meets it.
#[must_use]
pub fn windows(before: MarketTime, now: MarketTime) -> [Window; 2] {
    let near = now.plus_hours(Ahead::H24.hours());
    let window = |ahead: Ahead, least: MarketTime| Window {
        ahead,
        after: before.plus_hours(ahead.hours()).max(least),
        until: now.plus_hours(ahead.hours()),
    };
    [window(Ahead::H72, near), window(Ahead::H24, now)]
}

/// Names who must act, seen from the deadline's subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// The order's buyer.
    Buyer,
    /// The order's seller.
    Seller,
    /// The side that drafted the order.
    Drafter,
    /// The side the last offer was made to.
    OfferAsked,
    /// The side the open proposal was made to.
    ProposalAsked,
    /// The side of an inquiry that did not speak last.
    Silent,
    /// Suppliers asked by name that have not quoted, while the request takes quotes.
    Guests,
    /// The buyer of a request that waits for its award.
    Awarder,
    /// The buyer of a quote on a request that was not decided.
    Decider,
    /// The company whose claim it is.
    Holder,
}

/// Is what must be done before a deadline, and by whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Duty {
    /// What is said.
    pub kind: Kind,
    /// To whom.
    pub who: Who,
}

/// Says who must act before the clock takes a step; nobody where the clock or a carrier only goes on.
#[must_use]
pub fn duties(step: &str) -> &'static [Duty] {
    macro_rules! duty {
        ($($kind:ident => $who:ident),+) => { &[$(Duty { kind: Kind::$kind, who: Who::$who }),+] };
    }
    match Deed::parse(step) {
        Some(Deed::Order(Step::Discard)) => duty!(RemindDraft => Drafter),
        Some(Deed::Order(Step::ExpireOffer)) => duty!(RemindOffer => OfferAsked),
        Some(Deed::Order(Step::Lapse)) => duty!(RemindPay => Buyer),
        Some(Deed::Order(Step::LapseProposal)) => duty!(RemindProposal => ProposalAsked),
        Some(Deed::Order(Step::LateCancel)) => duty!(RemindShip => Seller),
        Some(Deed::Order(Step::AutoAccept)) => duty!(RemindInspect => Buyer),
        Some(Deed::Other(Other::InquiryExpire)) => duty!(RemindInquiry => Silent),
        Some(Deed::Other(Other::RfqLapse)) => duty!(RemindQuote => Guests, RemindAward => Awarder),
        Some(Deed::Other(Other::QuoteLapse)) => duty!(RemindDecide => Decider),
        Some(Deed::Other(Other::ProofExpire)) => duty!(RemindProof => Holder),
        // What falls due, travels, is assumed delivered or closes needs nobody's hand.
        Some(Deed::Order(_) | Deed::Other(_)) | None => &[],
    }
}

/// Gives the side of an order that must act; `None` where the order does not wait for it, or the duty is not an order's.
#[must_use]
pub fn side_of(order: &Order, who: Who) -> Option<Side> {
    match who {
        Who::Buyer => Some(Side::Buyer),
        Who::Seller => Some(Side::Seller),
        Who::Drafter => Some(order.drafter),
        Who::OfferAsked => order.offer.map(|offer| offer.by.other()),
        Who::ProposalAsked => order.proposal.as_ref().map(|proposal| proposal.by.other()),
        Who::Silent | Who::Guests | Who::Awarder | Who::Decider | Who::Holder => None,
    }
}
