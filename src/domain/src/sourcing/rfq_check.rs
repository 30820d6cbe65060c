//! What makes a request acceptable: every rule it must meet before it can be published.

use std::collections::BTreeSet;

use super::rfq::{FILES_MAX, QualityPoint, RfqLine, RfqTerms, SEATS_MAX};
use crate::catalog::product_hs_code_is_valid;
use crate::kernel::{CompanyId, Day, FieldError, FileId, line_value};

const LINES_MAX: usize = 50;
const POINTS_MAX: usize = 20;
const ATTRIBUTES_MAX: usize = 40;
const NOTES_MAX: usize = 2_000;
/// Days ahead the last day for quotes may lie.
pub const DEADLINE_DAYS: std::ops::RangeInclusive<i32> = 1..=60;

impl RfqTerms {
    /// Lists everything wrong with the request of `buyer` on the market's day `today`, each complaint pointing at its field.
    #[must_use]
    pub fn validate(&self, buyer: CompanyId, today: Day) -> Vec<FieldError> {
        let mut errors = Vec::new();
        text(&mut errors, "/title", &self.title, 200);
        if self.lines.is_empty() || self.lines.len() > LINES_MAX {
            errors.push(FieldError::new("/lines", "rfq.lines", "a request has 1 to 50 lines"));
        }
        for (index, line) in self.lines.iter().enumerate() {
            check_line(&mut errors, index, line, self);
        }
        self.check_products(&mut errors);
        self.check_place(&mut errors);
        self.check_times(&mut errors, today);
        self.check_guests(&mut errors, buyer);
        self.check_points(&mut errors);
        errors.extend(self.aql.iter().flat_map(|aql| aql.complaints("/aql")));
        errors.extend(check_files(&self.files));
        errors
    }

    fn check_products(&self, errors: &mut Vec<FieldError>) {
        let mut seen = BTreeSet::new();
        for (index, line) in self.lines.iter().enumerate() {
            if line.product.is_some_and(|product| !seen.insert(product)) {
                let detail = "each product is asked for on one line";
                errors.push(FieldError::new(format!("/lines/{index}/product_id"), "rfq.product_twice", detail));
            }
        }
    }

    fn check_place(&self, errors: &mut Vec<FieldError>) {
        if !is_country(&self.destination) {
            let detail = "the destination is a two-letter country code";
            errors.push(FieldError::new("/destination", "rfq.country", detail));
        }
        if self.origin.as_deref().is_some_and(|origin| !is_country(origin)) {
            errors.push(FieldError::new("/origin", "rfq.country", "the origin is a two-letter country code"));
        }
        text(errors, "/incoterm/place", &self.incoterm.place, 100);
        if self.notes.chars().count() > NOTES_MAX {
            errors.push(FieldError::new("/notes", "rfq.text", "the notes have at most 2,000 characters"));
        }
    }

    fn check_times(&self, errors: &mut Vec<FieldError>, today: Day) {
        if !deadline_fits(self.deadline, today) {
            let detail = "the last day for quotes lies 1 to 60 days ahead";
            errors.push(FieldError::new("/deadline", "rfq.deadline", detail));
        }
        if self.needed_by.is_some_and(|day| day <= today) {
            errors.push(FieldError::new("/needed_by", "rfq.needed_by", "the goods are needed after today"));
        }
        if self.lead_days.is_some_and(|days| !(0..=730).contains(&days)) {
            errors.push(FieldError::new("/lead_days", "rfq.lead_days", "the lead time is 0 to 730 days"));
        }
    }

    fn check_guests(&self, errors: &mut Vec<FieldError>, buyer: CompanyId) {
        if !(1..=SEATS_MAX).contains(&self.seats) {
            errors.push(FieldError::new("/seats", "rfq.seats", "a request has 1 to 30 seats"));
        }
        errors.extend(check_invited(&self.invited, &[], buyer));
    }

    fn check_points(&self, errors: &mut Vec<FieldError>) {
        if self.quality_points.len() > POINTS_MAX {
            errors.push(FieldError::new("/quality_points", "rfq.quality_points", "at most 20 quality points"));
        }
        for (index, point) in self.quality_points.iter().enumerate() {
            let at = format!("/quality_points/{index}");
            match point {
                QualityPoint::Measured(point) => errors.extend(point.complaints(&at)),
                QualityPoint::Stated { .. } => {
                    let detail = "say how it is measured: bound, number, unit and method";
                    errors.push(FieldError::new(at, "rfq.not_measurable", detail));
                }
            }
        }
    }
}

/// Says whether the last day for quotes lies 1 to 60 days after `today`.
#[must_use]
pub fn deadline_fits(deadline: Day, today: Day) -> bool {
    deadline.0.checked_sub(today.0).is_some_and(|ahead| DEADLINE_DAYS.contains(&ahead))
}

/// Lists what is wrong with suppliers invited in addition to those invited before.
#[must_use]
pub fn check_invited(more: &[CompanyId], before: &[CompanyId], buyer: CompanyId) -> Vec<FieldError> {
    let mut errors = Vec::new();
    if i64::try_from(more.len().saturating_add(before.len())).is_ok_and(|n| n > SEATS_MAX) {
        errors.push(FieldError::new("/invited", "rfq.invited", "at most 30 suppliers are invited"));
    }
    let mut seen = BTreeSet::new();
    for (index, company) in more.iter().enumerate() {
        if *company == buyer || !seen.insert(*company) {
            let detail = "each invited company is another one, and not your own";
            errors.push(FieldError::new(format!("/invited/{index}"), "rfq.invited", detail));
        }
    }
    errors
}

/// Lists what is wrong with the files that a request or a version of a quote names.
#[must_use]
pub fn check_files(files: &[FileId]) -> Vec<FieldError> {
    let mut errors = Vec::new();
    if files.len() > FILES_MAX {
        errors.push(FieldError::new("/file_ids", "rfq.files", "at most five files"));
    }
    let mut seen = BTreeSet::new();
    for (index, file) in files.iter().enumerate() {
        if !seen.insert(*file) {
            errors.push(FieldError::new(format!("/file_ids/{index}"), "rfq.files", "each file is named once"));
        }
    }
    errors
}

fn check_line(errors: &mut Vec<FieldError>, index: usize, line: &RfqLine, terms: &RfqTerms) {
    let at = |field: &str| format!("/lines/{index}/{field}");
    text(errors, &at("title"), &line.title, 200);
    text(errors, &at("unit"), &line.unit, 32);
    let slug = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'-';
    if line.category.is_empty() || line.category.len() > 64 || !line.category.bytes().all(slug) {
        let detail = "the category is a slug of lower-case letters, digits and hyphens";
        errors.push(FieldError::new(at("category"), "rfq.category", detail));
    }
    if !line.hs_code.is_empty() && !product_hs_code_is_valid(&line.hs_code) {
        errors.push(FieldError::new(at("hs_code"), "rfq.hs_code", "an HS code has 6 to 10 digits"));
    }
    if line.quantity.0 <= 0 {
        errors.push(FieldError::new(at("quantity"), "rfq.quantity", "a quantity is positive"));
    }
    if let Some(price) = line.target_price {
        if price.0 <= 0 {
            errors.push(FieldError::new(at("target_price"), "rfq.price", "a price is positive"));
        } else if line_value(line.quantity, price.in_currency(terms.currency)).is_err() && line.quantity.0 > 0 {
            errors.push(FieldError::new(at("target_price"), "rfq.amount", "the value of the line is too large"));
        }
    }
    let long = |text: &String, max: usize| text.trim().is_empty() || text.chars().count() > max;
    if line.attributes.len() > ATTRIBUTES_MAX
        || line.attributes.iter().any(|(name, value)| long(name, 200) || long(value, 200))
    {
        let detail = "at most 40 properties with name and value of 1 to 200 characters";
        errors.push(FieldError::new(at("attributes"), "rfq.attributes", detail));
    }
    if line.notes.chars().count() > NOTES_MAX {
        errors.push(FieldError::new(at("notes"), "rfq.text", "the notes have at most 2,000 characters"));
    }
}

fn text(errors: &mut Vec<FieldError>, pointer: &str, text: &str, max: usize) {
    if text.trim().is_empty() || text.chars().count() > max {
        errors.push(FieldError::new(pointer, "rfq.text", format!("the text has 1 to {max} characters")));
    }
}

fn is_country(code: &str) -> bool {
    code.len() == 2 && code.bytes().all(|b| b.is_ascii_uppercase())
}
