//! The market's time zone: where days end (ruling 50).
//!
//! Promises that a deadline in days ends at 24:00 local time, whatever daylight saving does (TIME-6), from time-zone data
//! that is compiled in. Refuses unknown zone names. For the years after a zone's last change of offset (Asia/Shanghai:
//! 1991) it computes with integers only, so that the simulator can afford it.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

use super::time::{DAY, Day, MarketTime, SECOND, TimeError};

/// Is an IANA time zone, looked up once.
#[derive(Debug, Clone, PartialEq)]
pub struct Zone {
    name: String,
    zone: TimeZone,
    /// From this instant on the offset never changes again.
    settled_from: i64,
    /// That final offset in microseconds east of UTC.
    settled_offset: i64,
}

impl Zone {
    /// Finds a zone by its IANA name, such as `Asia/Shanghai`.
    pub fn parse(name: &str) -> Result<Self, TimeError> {
        let zone = TimeZone::get(name).map_err(|_| TimeError::UnknownZone(name.to_owned()))?;
        let last = zone.preceding(Timestamp::MAX).next().map(|transition| transition.timestamp());
        // Two days of margin: a local date near the change may still belong to the old offset.
        let settled_from = last.map_or(i64::MIN, |at| at.as_microsecond().saturating_add(2 * DAY));
        let settled_offset = i64::from(zone.to_offset(Timestamp::MAX).seconds()).saturating_mul(SECOND);
        Ok(Self { name: name.to_owned(), zone, settled_from, settled_offset })
    }

    /// Is the zone without offset.
    #[must_use]
    pub fn utc() -> Self {
        Self { name: "UTC".to_owned(), zone: TimeZone::UTC, settled_from: i64::MIN, settled_offset: 0 }
    }

    /// Gives the IANA name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Gives the local calendar day of an instant.
    #[must_use]
    pub fn day_of(&self, time: MarketTime) -> Day {
        if time.0 >= self.settled_from {
            let local = time.0.saturating_add(self.settled_offset);
            return Day(i32::try_from(local.div_euclid(DAY)).unwrap_or(i32::MAX));
        }
        Day::from_civil(time.timestamp().to_zoned(self.zone.clone()).date())
    }

    /// Gives 00:00 local time of a day (the first instant of the day where the clock skips midnight).
    #[must_use]
    pub fn start_of(&self, day: Day) -> MarketTime {
        let settled = i64::from(day.0).saturating_mul(DAY).saturating_sub(self.settled_offset);
        if settled >= self.settled_from {
            return MarketTime(settled);
        }
        let zoned = day.civil().and_then(|date| date.to_zoned(self.zone.clone()).ok());
        zoned.map_or(MarketTime(settled), |zoned| MarketTime(zoned.timestamp().as_microsecond()))
    }

    /// Gives 24:00 local time of a day.
    #[must_use]
    pub fn end_of(&self, day: Day) -> MarketTime {
        self.start_of(day.plus(1))
    }

    /// Writes an instant as its local date and minute with the offset: `2026-01-05 09:00 +08:00`.
    #[must_use]
    pub fn written(&self, time: MarketTime) -> String {
        time.timestamp().to_zoned(self.zone.clone()).strftime("%Y-%m-%d %H:%M %:z").to_string()
    }

    /// Gives 24:00 local time of the day `days_ahead` after the instant's own day (ruling 50).
    #[must_use]
    pub fn end_of_day(&self, time: MarketTime, days_ahead: i64) -> MarketTime {
        let ahead = i32::try_from(days_ahead).unwrap_or(if days_ahead < 0 { i32::MIN } else { i32::MAX });
        self.end_of(self.day_of(time).plus(ahead))
    }
}

impl Serialize for Zone {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.name)
    }
}

impl<'de> Deserialize<'de> for Zone {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Self::parse(&text).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(text: &str) -> MarketTime {
        text.parse().unwrap()
    }

    #[test]
    fn a_deadline_in_days_ends_at_24_00_of_the_market_zone() {
        let due = at("2026-01-05T09:00:00Z").end_of_day(10, "Asia/Shanghai").unwrap();

        assert_eq!(due, at("2026-01-16T00:00:00+08:00"));
        assert_eq!(at("2026-01-05T17:00:00Z").end_of_day(0, "Asia/Shanghai").unwrap(), at("2026-01-06T16:00:00Z"));
        assert_eq!(
            at("2026-01-05T09:00:00Z").end_of_day(1, "Atlantis/Capital"),
            Err(TimeError::UnknownZone("Atlantis/Capital".into()))
        );
    }

    #[test]
    fn days_are_23_or_25_hours_long_when_the_clocks_change() {
        let berlin = Zone::parse("Europe/Berlin").unwrap();
        let length = |day: &str| {
            let day: Day = day.parse().unwrap();
            (berlin.end_of(day).0 - berlin.start_of(day).0) / 3_600_000_000
        };

        assert_eq!(length("2026-03-29"), 23);
        assert_eq!(length("2026-10-25"), 25);
        assert_eq!(length("2028-02-29"), 24);
    }

    #[test]
    fn a_zone_is_json_text() {
        let zone = Zone::parse("Asia/Shanghai").unwrap();
        let json = serde_json::to_string(&zone).unwrap();
        assert_eq!(json, "\"Asia/Shanghai\"");
        assert_eq!(serde_json::from_str::<Zone>(&json).unwrap(), zone);
        assert_eq!(Zone::utc().name(), "UTC");
    }

    proptest! {
        #[test]
        fn the_integer_path_agrees_with_the_zone_database(micros in 0..4_000_000_000_000_000_i64, zone in prop::sample::select(vec!["Asia/Shanghai", "Europe/Berlin", "America/Sao_Paulo", "Asia/Kolkata", "UTC"])) {
            let quick = Zone::parse(zone).unwrap();
            let slow = Zone { settled_from: i64::MAX, ..quick.clone() };
            let time = MarketTime(micros);

            prop_assert_eq!(quick.day_of(time), slow.day_of(time));
            prop_assert_eq!(quick.end_of_day(time, 15), slow.end_of_day(time, 15));
            prop_assert!(quick.end_of_day(time, 0) > time);
        }
    }
}
