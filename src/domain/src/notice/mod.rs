//! Notices: which step tells whom, of what kind and weight, and when a deadline is reminded of.
//!
//! * [`Deed`]: every step the market's log can hold; [`told`]: what each of them tells, or why it is silent.
//! * [`Kind`] with its [`Topic`] and [`Weight`]: the sentence a reader gets; [`hears`]: which roles of a company hear of it.
//! * [`Choice`]: what a person wants of a topic, on the screen and by mail, with defaults.
//! * [`duties`] and [`windows`]: who must act before a deadline, and which deadlines pass a reminding point between two moments.
//!
//! Promises that a step nobody decided about does not compile (`Deed`) or fails a test (a step of the access table that is none).
//! Refuses to hold sentences: a notice is its kind with identifiers and numbers, said in the reader's language elsewhere.

mod deed;
mod kind;
mod remind;
mod told;

#[cfg(test)]
mod tests;

pub use deed::{Deed, Other};
pub use kind::{Choice, Kind, Letters, Topic, Weight, hears};
pub use remind::{Ahead, Duty, Who, Window, duties, side_of, windows};
pub use told::{News, To, Told, told};
