//! The words of markets, taken from the domain's lists.

use crate::platform::schema::words;
use entrepot_domain::market;

words! {
    /// An age of the platform; later ages contain earlier ones.
    Era = market::Era::ALL;
    /// One thing a market can do.
    Capability = market::Capability::ALL;
}
