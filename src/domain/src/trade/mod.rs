//! Trade: the order with its payment stages and shipments, from draft to close.
//!
//! Shape: [`STEPS`] is the process table; [`decide`] judges a [`TradeCommand`] against it and the guards and yields one
//! [`TradeEvent`], journals and deadline changes; [`evolve`] folds the event into the [`Order`].
//!
//! Promises: stages and cells add up to the total; every cell of money is settled exactly once (ruling 13); every
//! non-terminal state has a deadline that leads on (invariant 9); a refused command has changed nothing. Refuses, by
//! name: the wrong actor (403), the wrong state (409), unacceptable parameters (422). See [`TradeRejection`].

mod actions;
mod already;
mod amendment;
mod command;
mod deadlines;
mod decide;
mod event;
mod evolve;
mod invariants;
mod layout;
mod negotiate;
mod pay;
mod plan;
mod propose;
mod quality;
mod record;
mod rejection;
mod sentence;
mod settle;
mod ship;
mod sourced;
mod state;
mod status;
mod step;
mod stock;
mod terms;
mod terms_check;

pub use actions::{ActionView, actions};
pub use already::already_done;
pub use amendment::{Amendment, LineChange, ShipmentChange};
pub use command::{DispatchPapers, Milestone, PayMethod, TradeCommand, TradeContext};
pub(crate) use deadlines::earliest_deadline;
pub use deadlines::{Deadline, deadlines, diff_deadlines};
pub use decide::{decide, judge};
pub use event::TradeEvent;
pub use evolve::evolve;
pub use invariants::check;
pub use plan::{Plan, PlannedStage};
pub use quality::QualityPoint;
pub use record::{RECORD_DAYS, RECORD_MIN, TradeRecord};
pub use rejection::{CODES, Shortage, TradeRejection};
pub use settle::{Cuts, payment_fee, release_cuts};
pub use sourced::{AwardPeople, terms_of_award};
pub use state::{
    Cell, CellState, Done, Offer, Order, OrderStatus, Phase, Proposal, ProposalKind, ShipDates, Shipment,
    ShipmentState, Stage, StageState, Totals,
};
pub use step::{Part, STEPS, Step, StepRow};
pub use stock::{Goods, NO_GOODS, reserved, reserved_until, stock_moves, stock_touched, wanted};
pub use terms::{Address, Contact, ContractHash, Line, OrderTerms, ShipmentTerms, StageKind, StageTerms, Trigger};
