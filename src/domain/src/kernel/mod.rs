//! Words every other module speaks: ids, money, market time, actors, effects and refusals.
//!
//! Promises exact integer arithmetic (MON-1): an operation that could overflow returns an error. Refuses floats,
//! silent rounding and mixing of currencies.

mod currency;
mod effects;
mod few;
mod ids;
mod journal;
mod money;
mod party;
mod rejection;
mod share;
mod time;
mod words;
mod zone;

pub use currency::Currency;
pub use effects::{DeadlineChange, Effects};
pub use few::Few;
pub use ids::{
    CompanyId, EventId, FileId, MarketId, MessageId, OrderId, ParseIdError, ProductId, ProofId, QuoteId, RfqId, UserId,
};
pub use journal::{Account, AccountKind, JournalHead, NaturalKey, Posting, Rule};
pub use money::{BarePrice, Money, MoneyError, Quantity, UnitPrice, line_value, minor_text};
pub(crate) use money::{decimal_text, parse_decimal};
pub use party::{Actor, ActorKind, Role, Side};
pub use rejection::{FieldError, Rejection};
pub use share::{Bps, Parts, split_largest_remainder};
pub use time::{Day, MarketTime, RealTime, TimeError};
pub(crate) use words::words;
pub use zone::Zone;
