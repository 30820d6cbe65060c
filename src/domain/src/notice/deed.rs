//! Every step that the market's log can hold.

use crate::trade::Step;

macro_rules! others {
    ($($deed:ident = $name:literal,)*) => {
        /// Names a step of the log that is no step of an order.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Other {
            $(#[doc = concat!("Is `", $name, "`.")] $deed,)*
        }

        impl Other {
            /// Lists them.
            pub const ALL: &'static [Self] = &[$(Self::$deed),*];

            /// Gives the step's public name.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$deed => $name,)* }
            }
        }
    };
}

others! {
    MarketOpen = "market.open",
    EraSwitch = "era.switch",
    CapabilitySwitch = "capability.switch",
    ClockPause = "clock.pause",
    ClockResume = "clock.resume",
    ClockRate = "clock.set_rate",
    ClockAdvance = "clock.advance",
    CompanyOpen = "company.open",
    CompanyEdit = "company.edit",
    CompanyBlock = "company.block",
    CompanyUnblock = "company.unblock",
    SeatGrant = "seat.grant",
    SeatRole = "seat.change_role",
    SeatDisable = "seat.disable",
    ProductList = "product.list",
    ProductChange = "product.change",
    ProductApprove = "product.approve",
    ProductReturn = "product.return",
    StockAdjust = "stock.adjust",
    InquiryOpen = "inquiry.open",
    InquiryWrite = "inquiry.write",
    InquiryClose = "inquiry.close",
    InquiryReopen = "inquiry.reopen",
    InquiryReport = "inquiry.report",
    InquirySettle = "inquiry.settle",
    InquiryExpire = "inquiry.expire",
    MessageWrite = "message.write",
    RfqPublish = "rfq.publish",
    RfqExtend = "rfq.extend",
    RfqInvite = "rfq.invite",
    RfqClose = "rfq.close",
    RfqWithdraw = "rfq.withdraw",
    RfqLapse = "rfq.lapse",
    RfqAsk = "rfq.ask",
    RfqAnswer = "rfq.answer",
    RfqClarify = "rfq.clarify",
    RfqAward = "rfq.award",
    RfqOutcome = "rfq.outcome",
    QuoteSubmit = "quote.submit",
    QuoteRevise = "quote.revise",
    QuoteCounter = "quote.counter",
    QuoteAgree = "quote.agree",
    QuoteWithdraw = "quote.withdraw",
    QuoteLapse = "quote.lapse",
    ProofSubmit = "proof.submit",
    ProofAnswer = "proof.answer",
    ProofWithdraw = "proof.withdraw",
    ProofAsk = "proof.ask",
    ProofConfirm = "proof.confirm",
    ProofRefuse = "proof.refuse",
    ProofRevoke = "proof.revoke",
    ProofRecheck = "proof.recheck",
    ProofExpire = "proof.expire",
    WalletPayIn = "wallet.pay_in",
    WalletWithdraw = "wallet.withdraw",
}

/// Is one step of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Deed {
    /// A step of an order.
    Order(Step),
    /// Any other.
    Other(Other),
}

impl Deed {
    /// Finds a step by its public name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        let other = || Other::ALL.iter().copied().find(|other| other.name() == name).map(Self::Other);
        Step::parse(name).map(Self::Order).or_else(other)
    }
}
