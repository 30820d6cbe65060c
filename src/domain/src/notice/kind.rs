//! What a notice is about, how much it asks of its reader, and who in a company hears of it.

use serde::{Deserialize, Serialize};

use crate::kernel::{Role, words};

words! {
    /// Groups kinds of notices as people choose about them.
    Topic {
        /// Offers, agreement, proposals, cancellation, the end of an order.
        Orders = "orders",
        /// Stages that were paid, fell due or lapsed; money that left the wallet.
        Payments = "payments",
        /// Goods on their way, delivered, accepted.
        Shipments = "shipments",
        /// Inquiries and the talk about orders.
        Messages = "messages",
        /// Requests for quotation, as suppliers hear of them.
        Requests = "requests",
        /// Quotes and awards.
        Quotes = "quotes",
        /// What the market's admins say of the company's claims.
        Proofs = "proofs",
        /// What the market says of the company's listings, where it looks at them.
        Listings = "listings",
        /// Seats and colleagues.
        Team = "team",
        /// Deadlines that come closer.
        Reminders = "reminders",
        /// Products that match a saved search.
        Searches = "searches",
        /// The account itself: passwords, second factor. These letters always go out.
        Security = "security",
    }
}

words! {
    /// Names when a person gets a letter about a topic.
    Letters {
        /// At once.
        Now = "now",
        /// With everything else of the market day, when the day is over.
        Digest = "digest",
        /// Never.
        Off = "off",
    }
}

words! {
    /// Names how much a notice asks of its reader.
    Weight {
        /// The reader should do something.
        Act = "act",
        /// The reader should know.
        Know = "know",
    }
}

/// Is what a person wants of a topic.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choice {
    /// Notices in the application.
    pub app: bool,
    /// Letters.
    pub letters: Letters,
}

impl Topic {
    /// Gives what holds for a person who chose nothing: what needs an answer comes by mail at once, what can wait in the digest.
    #[must_use]
    pub const fn default_choice(self) -> Choice {
        let letters = match self {
            Self::Orders | Self::Payments | Self::Quotes | Self::Team | Self::Reminders | Self::Security => {
                Letters::Now
            }
            Self::Shipments | Self::Messages | Self::Requests | Self::Proofs | Self::Listings | Self::Searches => {
                Letters::Digest
            }
        };
        Choice { app: true, letters }
    }

    /// Says whether people may choose about it: letters about the safety of an account cannot be switched off.
    #[must_use]
    pub const fn is_free(self) -> bool {
        !matches!(self, Self::Security)
    }
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident = $name:literal: $topic:ident, $weight:ident;)*) => {
        /// Names the sentence of a notice.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Kind {
            $($(#[$doc])* $kind,)*
        }

        impl Kind {
            /// Lists them.
            pub const ALL: &'static [Self] = &[$(Self::$kind),*];

            /// Gives the snake_case name.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$kind => $name,)* }
            }

            /// Finds one by its name.
            #[must_use]
            pub fn parse(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.as_str() == name)
            }

            /// Gives the topic it belongs to.
            #[must_use]
            pub const fn topic(self) -> Topic {
                match self { $(Self::$kind => Topic::$topic,)* }
            }

            /// Gives how much it asks of its reader.
            #[must_use]
            pub const fn weight(self) -> Weight {
                match self { $(Self::$kind => Weight::$weight,)* }
            }
        }
    };
}

kinds! {
    /// The other side made an offer.
    OrderOffered = "order_offered": Orders, Act;
    /// The other side answered with other terms.
    OrderCountered = "order_countered": Orders, Act;
    /// The offer was accepted.
    OrderAgreed = "order_agreed": Orders, Know;
    /// The offer was taken back.
    OrderWithdrawn = "order_withdrawn": Orders, Know;
    /// The offer was declined.
    OrderDeclined = "order_declined": Orders, Know;
    /// Nobody answered the offer in time.
    OrderExpired = "order_expired": Orders, Know;
    /// What was not shipped was cancelled.
    OrderCancelled = "order_cancelled": Orders, Know;
    /// The order closed.
    OrderClosed = "order_closed": Orders, Know;
    /// The other side asks to change the contract.
    AmendmentProposed = "amendment_proposed": Orders, Act;
    /// The other side asks to cancel by consent.
    CancellationProposed = "cancellation_proposed": Orders, Act;
    /// The other side asks for more time.
    ExtensionProposed = "extension_proposed": Orders, Act;
    /// A proposal was accepted.
    ProposalAccepted = "proposal_accepted": Orders, Know;
    /// A proposal was declined.
    ProposalDeclined = "proposal_declined": Orders, Know;
    /// A proposal was taken back.
    ProposalWithdrawn = "proposal_withdrawn": Orders, Know;
    /// Nobody answered a proposal in time.
    ProposalLapsed = "proposal_lapsed": Orders, Know;
    /// A stage was paid.
    StageFunded = "stage_funded": Payments, Know;
    /// A stage can be paid now.
    StageDue = "stage_due": Payments, Act;
    /// A stage was not paid in time.
    StageLapsed = "stage_lapsed": Payments, Know;
    /// A colleague withdrew money of the company.
    MoneyWithdrawn = "money_withdrawn": Payments, Know;
    /// A shipment left.
    ShipmentDispatched = "shipment_dispatched": Shipments, Know;
    /// A shipment arrived.
    ShipmentDelivered = "shipment_delivered": Shipments, Act;
    /// A shipment was accepted, in words or by silence.
    ShipmentAccepted = "shipment_accepted": Shipments, Know;
    /// The inspection was extended.
    AcceptanceExtended = "acceptance_extended": Shipments, Know;
    /// Something was written about an order; one notice for all that is unread.
    OrderMessage = "order_message": Messages, Act;
    /// Something was written in an inquiry; one notice for all that is unread.
    InquiryMessage = "inquiry_message": Messages, Act;
    /// The buyer closed an inquiry.
    InquiryClosed = "inquiry_closed": Messages, Know;
    /// The buyer took an inquiry up again.
    InquiryReopened = "inquiry_reopened": Messages, Act;
    /// An inquiry ended by silence.
    InquiryExpired = "inquiry_expired": Messages, Know;
    /// Those who lead the market settled a report in an inquiry.
    InquirySettled = "inquiry_settled": Messages, Know;
    /// A request fits what the company sells.
    RfqMatched = "rfq_matched": Requests, Act;
    /// The company was asked by name to quote.
    RfqInvited = "rfq_invited": Requests, Act;
    /// A request that was quoted on takes quotes longer.
    RfqExtended = "rfq_extended": Requests, Know;
    /// A request that was quoted on takes no more quotes.
    RfqClosed = "rfq_closed": Requests, Know;
    /// A request that was quoted on was taken back.
    RfqWithdrawn = "rfq_withdrawn": Requests, Know;
    /// A request ended without an award.
    RfqLapsed = "rfq_lapsed": Requests, Know;
    /// A supplier asks something about a request.
    RfqAsked = "rfq_asked": Quotes, Act;
    /// The buyer answered or explained something to every supplier of a request.
    RfqClarified = "rfq_clarified": Requests, Know;
    /// A supplier quoted.
    QuoteReceived = "quote_received": Quotes, Act;
    /// A supplier changed a quote.
    QuoteRevised = "quote_revised": Quotes, Act;
    /// The buyer asks for other terms of a quote.
    QuoteCountered = "quote_countered": Quotes, Act;
    /// The supplier agreed to a counter-offer.
    CounterAgreed = "counter_agreed": Quotes, Act;
    /// A supplier took a quote back.
    QuoteWithdrawn = "quote_withdrawn": Quotes, Know;
    /// A quote stands no more.
    QuoteLapsed = "quote_lapsed": Quotes, Know;
    /// The company's quote was awarded.
    QuoteAwarded = "quote_awarded": Quotes, Act;
    /// A request was awarded to others; who they are is not said.
    QuoteNotAwarded = "quote_not_awarded": Quotes, Know;
    /// The other side said what became of an award.
    OutcomeTold = "outcome_told": Quotes, Know;
    /// Those who check proofs want more about a claim.
    ProofAsked = "proof_asked": Proofs, Act;
    /// A claim was confirmed, or a first step of two was.
    ProofConfirmed = "proof_confirmed": Proofs, Know;
    /// A claim was refused.
    ProofRefused = "proof_refused": Proofs, Know;
    /// A confirmed claim was taken back.
    ProofRevoked = "proof_revoked": Proofs, Know;
    /// A confirmed claim has passed its last day.
    ProofExpired = "proof_expired": Proofs, Act;
    /// The market published a listing it had looked at.
    ListingApproved = "listing_approved": Listings, Know;
    /// The market returned a listing with reasons.
    ListingReturned = "listing_returned": Listings, Act;
    /// The reader got a seat.
    SeatGranted = "seat_granted": Team, Know;
    /// The reader's role changed.
    RoleChanged = "role_changed": Team, Know;
    /// A colleague joined.
    ColleagueJoined = "colleague_joined": Team, Know;
    /// A colleague's seat was taken away.
    ColleagueLeft = "colleague_left": Team, Know;
    /// A draft will be discarded.
    RemindDraft = "remind_draft": Reminders, Act;
    /// An offer waits for an answer.
    RemindOffer = "remind_offer": Reminders, Act;
    /// A proposal waits for an answer.
    RemindProposal = "remind_proposal": Reminders, Act;
    /// A stage waits to be paid.
    RemindPay = "remind_pay": Reminders, Act;
    /// Late goods will be cancelled.
    RemindShip = "remind_ship": Reminders, Act;
    /// A shipment waits to be inspected.
    RemindInspect = "remind_inspect": Reminders, Act;
    /// An inquiry waits for an answer.
    RemindInquiry = "remind_inquiry": Reminders, Act;
    /// A request takes quotes a short while longer.
    RemindQuote = "remind_quote": Reminders, Act;
    /// A closed request waits for its award.
    RemindAward = "remind_award": Reminders, Act;
    /// A quote stands a short while longer.
    RemindDecide = "remind_decide": Reminders, Act;
    /// A confirmed claim comes to its last day.
    RemindProof = "remind_proof": Reminders, Act;
    /// Products match a saved search.
    SearchMatched = "search_matched": Searches, Know;
}

impl Kind {
    /// Says whether several events of one subject make one notice while it is unread.
    #[must_use]
    pub const fn bundles(self) -> bool {
        matches!(self, Self::OrderMessage | Self::InquiryMessage | Self::SearchMatched)
    }
}

/// Says whether a seat of this role hears what its company is told: those who trade hear of trade, those who pay of money too,
/// owners of their team. Whoever only looks hears nothing.
#[must_use]
pub const fn hears(kind: Kind, role: Role) -> bool {
    let trades = matches!(role, Role::Owner | Role::Trader);
    let handles = trades || matches!(role, Role::Finance);
    match kind.topic() {
        Topic::Orders | Topic::Shipments | Topic::Requests | Topic::Quotes | Topic::Proofs | Topic::Listings => trades,
        Topic::Payments | Topic::Messages => handles,
        Topic::Reminders if matches!(kind, Kind::RemindPay) => handles,
        Topic::Reminders => trades,
        Topic::Team => matches!(role, Role::Owner),
        // These reach a person, not a company.
        Topic::Searches | Topic::Security => false,
    }
}
