//! The market as a stage: eras and capabilities, rule parameters, and the arithmetic of its clock.
//!
//! Promises one table for what each era can do and one struct for every number a teacher may change. Refuses a clock
//! that runs backwards (TIME-4) and parameters that make no sense.

mod clock;
mod destination;
mod era;
mod params;

pub use clock::{ClockError, ClockState};
pub use destination::{Destination, ILLUSTRATIVE_ON, ValuationBasis};
pub use era::{Capabilities, Capability, Era, brings, era_capabilities};
pub use params::RuleParams;
