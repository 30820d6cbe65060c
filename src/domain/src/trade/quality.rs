//! The quality terms of an order: a checklist of points that can be measured, and the sampling of each lot.
//!
//! Promises that every offer made under this rule names at least one point with a number and a method. Texts of older
//! orders are kept as they were written, because both sides accepted their hash.

use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use super::terms::OrderTerms;
use super::terms_check::TEXT_MAX;
use crate::catalog::MeasuredPoint;
use crate::kernel::FieldError;

const POINTS_MAX: usize = 50;

/// Is a point of the checklist.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum QualityPoint {
    /// A point that can be measured.
    Measured(MeasuredPoint),
    /// A text, as orders had before; a new offer cannot be made with it.
    Stated(String),
}

struct Point;

impl<'de> Visitor<'de> for Point {
    type Value = QualityPoint;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a point with bound, value, unit and method")
    }

    fn visit_str<E>(self, text: &str) -> Result<QualityPoint, E> {
        Ok(QualityPoint::Stated(text.to_owned()))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<QualityPoint, A::Error> {
        MeasuredPoint::deserialize(MapAccessDeserializer::new(map)).map(QualityPoint::Measured)
    }
}

impl<'de> Deserialize<'de> for QualityPoint {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Point)
    }
}

impl OrderTerms {
    /// Lists what keeps these terms from being offered: no measurable point, or points that are mere text.
    #[must_use]
    pub fn unmeasured(&self) -> Vec<FieldError> {
        let mut errors: Vec<FieldError> = Vec::new();
        for (index, point) in self.quality_points.iter().enumerate() {
            if let QualityPoint::Stated(_) = point {
                let detail = "say how it is measured: bound, number, unit and method";
                errors.push(FieldError::new(format!("/quality_points/{index}"), "terms.quality_not_measured", detail));
            }
        }
        if self.quality_points.is_empty() {
            let detail = "name at least one point the goods are measured on";
            errors.push(FieldError::new("/quality_points", "terms.quality_missing", detail));
        }
        errors
    }

    /// Lists what is wrong with the quality terms there are, drafts included.
    pub(super) fn quality_complaints(&self) -> Vec<FieldError> {
        let mut errors: Vec<FieldError> = Vec::new();
        let stated_too_long =
            |point: &QualityPoint| matches!(point, QualityPoint::Stated(text) if text.len() > TEXT_MAX);
        if self.quality_points.len() > POINTS_MAX || self.quality_points.iter().any(stated_too_long) {
            let detail = "at most 50 points of at most 4,000 bytes";
            errors.push(FieldError::new("/quality_points", "terms.too_long", detail));
        }
        for (index, point) in self.quality_points.iter().enumerate() {
            if let QualityPoint::Measured(point) = point {
                errors.extend(point.complaints(&format!("/quality_points/{index}")));
            }
        }
        errors.extend(self.aql.iter().flat_map(|aql| aql.complaints("/aql")));
        errors
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(value: serde_json::Value) -> Result<QualityPoint, String> {
        serde_json::from_value(value).map_err(|error| error.to_string())
    }

    #[test]
    fn texts_of_older_orders_and_measured_points_are_both_read_and_written_as_they_were() {
        let measured = json!({ "point": "Thread", "bound": "within", "value": "6", "tolerance": "0.05", "unit": "mm", "method": "gauge 6g" });
        for value in [json!("AQL 2.5"), measured] {
            let point = read(value.clone()).unwrap();
            assert_eq!(serde_json::to_value(point).unwrap(), value);
        }
        let refused = [
            (json!({ "point": "Thread", "bound": "within", "value": "6" }), "missing field `method`"),
            (json!({ "point": "Thread", "bound": "about", "value": "6", "method": "m" }), "unknown variant `about`"),
            (json!({ "point": "Thread", "bound": "at_most", "value": "six", "method": "m" }), "not a decimal number"),
            (json!(7), "expected a point with bound"),
        ];
        for (value, why) in refused {
            let said = read(value).unwrap_err();
            assert!(said.contains(why), "{said}");
        }
    }
}
