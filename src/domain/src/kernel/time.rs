//! Market time, real time and calendar days as plain integers.
//!
//! Promises that market time is written as RFC 3339 in UTC and read back exactly to the microsecond (TIME-2). Refuses to
//! know what time it is: every function takes its time as an argument (TIME-1). Additions saturate at the ends of time.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

pub(crate) const SECOND: i64 = 1_000_000;
const HOUR: i64 = 3_600 * SECOND;
/// Microseconds of a day of 24 hours.
pub(crate) const DAY: i64 = 24 * HOUR;

/// Says why a time could not be read or a zone not be found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TimeError {
    /// The text is not RFC 3339.
    NotATime(String),
    /// The text is not a calendar date `YYYY-MM-DD`.
    NotADay(String),
    /// The IANA zone name is unknown.
    UnknownZone(String),
    /// The result lies outside the years -9999 to 9999.
    OutOfRange,
}

impl fmt::Display for TimeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotATime(text) => write!(f, "{text:?} is not an RFC 3339 time"),
            Self::NotADay(text) => write!(f, "{text:?} is not a date like 2026-02-01"),
            Self::UnknownZone(name) => write!(f, "unknown time zone {name:?}"),
            Self::OutOfRange => f.write_str("the time lies outside the calendar"),
        }
    }
}

impl std::error::Error for TimeError {}

/// Is an instant of simulated time: microseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct MarketTime(pub i64);

impl MarketTime {
    /// Adds hours, saturating.
    #[must_use]
    pub const fn plus_hours(self, hours: i64) -> Self {
        Self(self.0.saturating_add(hours.saturating_mul(HOUR)))
    }

    /// Adds days of 24 hours, saturating; deadlines use [`super::Zone::end_of_day`] instead (ruling 50).
    #[must_use]
    pub const fn plus_days(self, days: i64) -> Self {
        Self(self.0.saturating_add(days.saturating_mul(DAY)))
    }

    /// Adds microseconds, saturating.
    #[must_use]
    pub const fn plus_micros(self, micros: i64) -> Self {
        Self(self.0.saturating_add(micros))
    }

    /// Gives 24:00 of the day `days_ahead` after this instant's day in the IANA zone `tz` (ruling 50).
    ///
    /// Looks the zone up by name; code that does this often keeps a [`super::Zone`].
    pub fn end_of_day(self, days_ahead: i64, tz: &str) -> Result<Self, TimeError> {
        Ok(super::Zone::parse(tz)?.end_of_day(self, days_ahead))
    }

    pub(crate) fn timestamp(self) -> Timestamp {
        Timestamp::from_microsecond(self.0).unwrap_or(if self.0 < 0 { Timestamp::MIN } else { Timestamp::MAX })
    }
}

impl fmt::Display for MarketTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.timestamp())
    }
}

impl FromStr for MarketTime {
    type Err = TimeError;

    fn from_str(text: &str) -> Result<Self, TimeError> {
        let timestamp: Timestamp = text.parse().map_err(|_| TimeError::NotATime(text.to_owned()))?;
        Ok(Self(timestamp.as_microsecond()))
    }
}

impl Serialize for MarketTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for MarketTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(D::Error::custom)
    }
}

/// Is an instant of the real clock: microseconds since 1970-01-01T00:00:00Z; only clock arithmetic uses it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RealTime(pub i64);

/// Is a calendar day: days since 1970-01-01, written `YYYY-MM-DD`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Day(pub i32);

impl Day {
    /// Adds days, saturating.
    #[must_use]
    pub const fn plus(self, days: i32) -> Self {
        Self(self.0.saturating_add(days))
    }

    pub(crate) fn civil(self) -> Option<jiff::civil::Date> {
        jiff::civil::date(1970, 1, 1).checked_add(jiff::Span::new().try_days(self.0).ok()?).ok()
    }

    pub(crate) fn from_civil(date: jiff::civil::Date) -> Self {
        let days = date.since(jiff::civil::date(1970, 1, 1)).map_or(0, |span| span.get_days());
        Self(days)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.civil() {
            Some(date) => write!(f, "{date}"),
            None => write!(f, "day {}", self.0),
        }
    }
}

impl FromStr for Day {
    type Err = TimeError;

    fn from_str(text: &str) -> Result<Self, TimeError> {
        let refuse = || TimeError::NotADay(text.to_owned());
        if text.len() != 10 {
            return Err(refuse());
        }
        let date: jiff::civil::Date = text.parse().map_err(|_| refuse())?;
        Ok(Self::from_civil(date))
    }
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn market_time_is_rfc_3339_in_utc() {
        let time: MarketTime = "2026-01-05T09:00:00Z".parse().unwrap();

        assert_eq!(serde_json::to_string(&time).unwrap(), "\"2026-01-05T09:00:00Z\"");
        assert_eq!(serde_json::from_str::<MarketTime>("\"2026-01-05T17:00:00+08:00\"").unwrap(), time);
        assert_eq!(MarketTime(time.0 + 1).to_string().parse(), Ok(MarketTime(time.0 + 1)));
        assert!("2026-01-05".parse::<MarketTime>().is_err());
    }

    #[test]
    fn time_survives_2038_leap_days_and_its_own_ends() {
        for text in ["2038-01-19T03:14:08Z", "2028-02-29T12:00:00Z", "1969-12-31T23:59:59.999999Z"] {
            assert_eq!(text.parse::<MarketTime>().unwrap().to_string(), text);
        }
        assert_eq!(MarketTime(i64::MAX).plus_days(1), MarketTime(i64::MAX));
        assert!(!MarketTime(i64::MIN).to_string().is_empty());
    }

    #[test]
    fn a_day_is_a_date_and_nothing_else() {
        let day: Day = "2026-02-01".parse().unwrap();

        assert_eq!(serde_json::to_string(&day).unwrap(), "\"2026-02-01\"");
        assert_eq!(day.plus(28).to_string(), "2026-03-01");
        assert_eq!("1969-12-31".parse(), Ok(Day(-1)));
        for bad in ["2026-02-30", "2026-2-1", "", "2026-02-01T00:00:00Z", "20260201"] {
            assert!(bad.parse::<Day>().is_err(), "{bad}");
        }
    }
}
