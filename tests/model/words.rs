//! The words walks are told in: who asks, for what, with which terms, and how it was answered. The model, the products
//! under test and the generator share these words and nothing else.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Done,
    Already,
    NotSeen,
    NotAllowed,
    Conflict,
    Invalid,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Who {
    pub company: Option<u8>,
    pub role: &'static str,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Terms {
    pub buyer: u8,
    pub seller: u8,
    pub currency: &'static str,
    /// Goods of each shipment in minor units; freight and tax less discount.
    pub goods: Vec<i64>,
    pub extra: i64,
    /// Days of the market, counted as in [`super::counting::day`].
    pub ship_by: Vec<i64>,
    pub stages: Vec<TermsStage>,
    pub acceptance: i64,
    pub window: i64,
    pub deposit_days: i64,
    /// Whether they say what the goods are measured on.
    pub measured: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TermsStage {
    pub kind: &'static str,
    pub trigger: &'static str,
    pub share: i64,
    /// The one shipment it pays for.
    pub only: Option<usize>,
}

/// What a step is told; what it does not read stays at its default, so that equal requests are equal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// Stage or shipment, from 1.
    pub part: i64,
    pub minor: i64,
    pub days: i64,
    pub offer: i64,
    pub card: bool,
    /// A wrong hash, or no carrier, or no papers.
    pub flawed: bool,
    pub milestone: usize,
    pub terms: Option<Terms>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    PayIn(&'static str, i64),
    Withdraw(&'static str, i64),
    Draft(Terms),
    /// Order, step, parameters, the version the caller expects.
    Step(usize, &'static str, Told, Option<i64>),
    /// The market's clock is moved to a moment.
    Clock(i64),
}
