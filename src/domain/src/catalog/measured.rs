//! What goods are measured on: points with a number, its tolerance and the way it is measured, and the sampling of a lot.
//!
//! Promises that two people with the goods and the text before them measure the same thing. Refuses by list, each complaint
//! at its field: points without a method, tolerances where a limit has none, acceptance limits that ISO 2859-1 does not know.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

use crate::kernel::{FieldError, MoneyError, decimal_text, parse_decimal};

/// Is a measured value, in millionths of its unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Measure(pub i64);

impl Measure {
    /// Reads a decimal number with at most six decimals; it may be negative.
    ///
    /// Errors: [`MoneyError::Malformed`], [`MoneyError::Overflow`].
    pub fn parse(text: &str) -> Result<Self, MoneyError> {
        parse_decimal(text, 6).map(Self)
    }
}

impl fmt::Display for Measure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&decimal_text(self.0, 6, 0))
    }
}

impl Serialize for Measure {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Measure {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Self::parse(&text).map_err(D::Error::custom)
    }
}

/// Names how a measured value is held against the number agreed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Bound {
    /// Not below it.
    AtLeast,
    /// Not above it.
    AtMost,
    /// Not farther from it than the tolerance.
    Within,
}

impl Bound {
    /// Lists the bounds.
    pub const ALL: [Self; 3] = [Self::AtLeast, Self::AtMost, Self::Within];

    /// Gives the `snake_case` name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AtLeast => "at_least",
            Self::AtMost => "at_most",
            Self::Within => "within",
        }
    }

    /// Finds a bound by its name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|bound| bound.as_str() == name)
    }
}

/// Is one point the goods are measured on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MeasuredPoint {
    /// What is measured, such as tensile strength.
    pub point: String,
    /// How the value is held against the number.
    pub bound: Bound,
    /// The number agreed.
    pub value: Measure,
    /// How far from it a value may lie; only with [`Bound::Within`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tolerance: Option<Measure>,
    /// Unit of value and tolerance, such as MPa; empty for a plain number.
    #[serde(default)]
    pub unit: String,
    /// How it is measured: a standard, or an instrument and a sample.
    pub method: String,
}

const POINT_MAX: usize = 120;
const UNIT_MAX: usize = 24;
const METHOD_MAX: usize = 200;

impl MeasuredPoint {
    /// Gives the limit as it is written: `≥ 400 MPa`, `≤ 0.5 %`, `50 ± 0.5 mm`.
    #[must_use]
    pub fn limit(&self) -> String {
        let number = match (self.bound, self.tolerance) {
            (Bound::AtLeast, _) => format!("≥ {}", self.value),
            (Bound::AtMost, _) => format!("≤ {}", self.value),
            (Bound::Within, tolerance) => format!("{} ± {}", self.value, tolerance.unwrap_or_default()),
        };
        if self.unit.is_empty() { number } else { format!("{number} {}", self.unit) }
    }

    /// Lists what is wrong with the point that stands at the JSON pointer `at`.
    #[must_use]
    pub fn complaints(&self, at: &str) -> Vec<FieldError> {
        let mut errors = Vec::new();
        let mut text = |field: &str, text: &str, least: usize, most: usize| {
            let long = text.chars().count();
            if text.trim().is_empty() && least > 0 || long > most {
                let detail = format!("the text has {least} to {most} characters");
                errors.push(FieldError::new(format!("{at}/{field}"), "terms.point_text", detail));
            }
        };
        text("point", &self.point, 1, POINT_MAX);
        text("unit", &self.unit, 0, UNIT_MAX);
        text("method", &self.method, 1, METHOD_MAX);
        let fits = match (self.bound, self.tolerance) {
            (Bound::Within, Some(tolerance)) => tolerance.0 >= 0,
            (Bound::AtLeast | Bound::AtMost, None) => true,
            (Bound::Within, None) | (Bound::AtLeast | Bound::AtMost, Some(_)) => false,
        };
        if !fits {
            let detail = "a value within a range has a tolerance of zero or more, a lower or upper limit has none";
            errors.push(FieldError::new(format!("{at}/tolerance"), "terms.point_tolerance", detail));
        }
        errors
    }
}

/// Names an inspection level of ISO 2859-1: how large a sample of a lot is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum InspectionLevel {
    /// Special level S-1.
    #[serde(rename = "S-1")]
    S1,
    /// Special level S-2.
    #[serde(rename = "S-2")]
    S2,
    /// Special level S-3.
    #[serde(rename = "S-3")]
    S3,
    /// Special level S-4.
    #[serde(rename = "S-4")]
    S4,
    /// General level I.
    I,
    /// General level II, the usual one.
    #[serde(rename = "II")]
    Ii,
    /// General level III.
    #[serde(rename = "III")]
    Iii,
}

impl InspectionLevel {
    /// Lists the levels.
    pub const ALL: [Self; 7] = [Self::I, Self::Ii, Self::Iii, Self::S1, Self::S2, Self::S3, Self::S4];

    /// Gives the name of the standard.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::S1 => "S-1",
            Self::S2 => "S-2",
            Self::S3 => "S-3",
            Self::S4 => "S-4",
            Self::I => "I",
            Self::Ii => "II",
            Self::Iii => "III",
        }
    }
}

/// Is how a lot is sampled, and how many defects in a hundred it may have (AQL, ISO 2859-1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Aql {
    /// How large the sample is.
    pub level: InspectionLevel,
    /// Limit of critical defects; 0 accepts none.
    pub critical: Measure,
    /// Limit of major defects.
    pub major: Measure,
    /// Limit of minor defects.
    pub minor: Measure,
}

/// The preferred limits of ISO 2859-1 for nonconforming items, in millionths of a percent, and zero.
const LIMITS: [i64; 13] = [
    0, 65_000, 100_000, 150_000, 250_000, 400_000, 650_000, 1_000_000, 1_500_000, 2_500_000, 4_000_000, 6_500_000,
    10_000_000,
];

impl Aql {
    /// Lists what is wrong with the sampling that stands at the JSON pointer `at`.
    #[must_use]
    pub fn complaints(&self, at: &str) -> Vec<FieldError> {
        let limits = [("critical", self.critical), ("major", self.major), ("minor", self.minor)];
        let unknown = limits.iter().filter(|(_, limit)| !LIMITS.contains(&limit.0)).map(|(field, _)| {
            let detail = "a limit is 0, 0.065, 0.1, 0.15, 0.25, 0.4, 0.65, 1, 1.5, 2.5, 4, 6.5 or 10";
            FieldError::new(format!("{at}/{field}"), "terms.aql_limit", detail)
        });
        let mut errors: Vec<FieldError> = unknown.collect();
        if errors.is_empty() && (self.critical > self.major || self.major > self.minor) {
            let detail = "graver defects have the stricter limit: critical, then major, then minor";
            errors.push(FieldError::new(format!("{at}/major"), "terms.aql_order", detail));
        }
        errors
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(super) fn strength() -> MeasuredPoint {
        MeasuredPoint {
            point: "Tensile strength".into(),
            bound: Bound::AtLeast,
            value: Measure::parse("400").unwrap(),
            tolerance: None,
            unit: "MPa".into(),
            method: "ISO 6892-1, 5 pieces a lot".into(),
        }
    }

    fn aql(critical: &str, major: &str, minor: &str) -> Aql {
        let of = |text: &str| Measure::parse(text).unwrap();
        Aql { level: InspectionLevel::Ii, critical: of(critical), major: of(major), minor: of(minor) }
    }

    #[test]
    fn limits_are_written_as_on_a_drawing() {
        let within = MeasuredPoint { bound: Bound::Within, tolerance: Some(Measure(500_000)), ..strength() };
        assert_eq!(strength().limit(), "≥ 400 MPa");
        assert_eq!(MeasuredPoint { unit: String::new(), bound: Bound::AtMost, ..strength() }.limit(), "≤ 400");
        assert_eq!(within.limit(), "400 ± 0.5 MPa");
        assert_eq!(Measure::parse("-20").map(|m| m.to_string()), Ok("-20".into()));
    }

    #[test]
    fn each_fault_of_a_point_is_blamed_on_its_field() {
        assert_eq!(strength().complaints("/p"), []);
        let some = Some(Measure(1));
        let cases = [
            ("/p/point", MeasuredPoint { point: " ".into(), ..strength() }),
            ("/p/point", MeasuredPoint { point: "é".repeat(121), ..strength() }),
            ("/p/method", MeasuredPoint { method: String::new(), ..strength() }),
            ("/p/unit", MeasuredPoint { unit: "u".repeat(25), ..strength() }),
            ("/p/tolerance", MeasuredPoint { tolerance: some, ..strength() }),
            ("/p/tolerance", MeasuredPoint { bound: Bound::Within, ..strength() }),
            ("/p/tolerance", MeasuredPoint { bound: Bound::Within, tolerance: Some(Measure(-1)), ..strength() }),
        ];
        for (pointer, point) in cases {
            let found: Vec<String> = point.complaints("/p").into_iter().map(|error| error.pointer).collect();
            assert_eq!(found, [pointer], "{point:?}");
        }
    }

    #[test]
    fn acceptance_limits_are_those_of_the_standard_and_grow_with_lesser_faults() {
        assert_eq!(aql("0", "2.5", "4").complaints("/aql"), []);
        assert_eq!(aql("0.65", "1.5", "1.5").complaints("/aql"), []);
        let codes = |aql: Aql| aql.complaints("/aql").into_iter().map(|e| (e.pointer, e.code)).collect::<Vec<_>>();
        assert_eq!(codes(aql("0", "3", "4")), [("/aql/major".into(), "terms.aql_limit".into())]);
        assert_eq!(codes(aql("0", "4", "2.5")), [("/aql/major".into(), "terms.aql_order".into())]);
        assert_eq!(codes(aql("-1", "2.5", "4")), [("/aql/critical".into(), "terms.aql_limit".into())]);
        let written = serde_json::to_string(&aql("0", "2.5", "4.0")).unwrap();
        assert_eq!(written, r#"{"level":"II","critical":"0","major":"2.5","minor":"4"}"#);
    }
}
