//! The rules of Entrepot, and nothing else: no I/O, no clock, no randomness, no floats.
//!
//! * [`kernel`]: money, ids, market time, actors, and the shape of a decision ([`kernel::Effects`], [`kernel::Rejection`]).
//! * [`ledger`]: the posting templates, the only place where value moves, and balances that refuse to go negative.
//! * [`market`]: eras and what they can do, rule parameters, the arithmetic of the simulated clock.
//! * [`catalog`]: products, price ladders, minimum quantities.
//! * [`inquiry`]: questions to one seller: the thread, contact data, payment hints, the response clock.
//! * [`proof`]: what a company proves of itself, and the level of verification that follows.
//! * [`sourcing`]: requests for quotation, sealed quotes, matching, comparison, award.
//! * [`trade`]: the order with its stages and shipments: the process table, decide and evolve.
//! * [`notice`]: which step tells whom, and when a deadline is reminded of.
//! * [`world`]: all of it in memory, for simulations.
//!
//! The shape is always the same: `decide(state, command, context, &mut Effects)` judges, `evolve(state, event)` applies.
//! A refusal is a value; nothing has been written when it is returned.
#![forbid(unsafe_code)]
#![deny(missing_docs)]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

pub mod catalog;
pub mod inquiry;
pub mod kernel;
pub mod ledger;
pub mod market;
pub mod notice;
pub mod proof;
pub mod sourcing;
pub mod trade;
pub mod world;
