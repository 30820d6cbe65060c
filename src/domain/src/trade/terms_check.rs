//! What makes terms acceptable: every rule a contract must meet before it can be drafted.

use super::plan::Plan;
use super::terms::{OrderTerms, StageKind, Trigger};
use crate::catalog::product_hs_code_is_valid;
use crate::kernel::FieldError;

const LINES_MAX: usize = 200;
const SHIPMENTS_MAX: usize = 12;
const STAGES_MAX: usize = 6;
pub(super) const TEXT_MAX: usize = 4_000;
const RETENTION_MAX_BPS: i64 = 1_000;

impl OrderTerms {
    /// Lists everything wrong with the terms, each complaint pointing at its field; empty means acceptable.
    #[must_use]
    pub fn validate(&self) -> Vec<FieldError> {
        let mut errors = Vec::new();
        if self.buyer == self.seller {
            errors.push(FieldError::new("/seller", "terms.same_company", "a company cannot trade with itself"));
        }
        check_lines(self, &mut errors);
        check_extras(self, &mut errors);
        check_shipments(self, &mut errors);
        check_stages(self, &mut errors);
        check_days(self, &mut errors);
        check_texts(self, &mut errors);
        if errors.is_empty() {
            check_amounts(self, &mut errors);
        }
        errors
    }
}

fn check_lines(terms: &OrderTerms, errors: &mut Vec<FieldError>) {
    if terms.lines.is_empty() || terms.lines.len() > LINES_MAX {
        errors.push(FieldError::new("/lines", "terms.lines", "an order has 1 to 200 lines"));
    }
    for (index, line) in terms.lines.iter().enumerate() {
        if line.quantity.0 <= 0 {
            errors.push(FieldError::new(
                format!("/lines/{index}/quantity"),
                "terms.quantity",
                "a quantity is positive",
            ));
        }
        if line.unit_price.0 <= 0 {
            errors.push(FieldError::new(
                format!("/lines/{index}/unit_price"),
                "terms.unit_price",
                "a price is positive",
            ));
        }
        if line.title.trim().is_empty() || line.title.len() > 400 {
            errors.push(FieldError::new(
                format!("/lines/{index}/title"),
                "terms.title",
                "a line has a title of at most 400 bytes",
            ));
        }
        if !line.hs_code.is_empty() && !product_hs_code_is_valid(&line.hs_code) {
            errors.push(FieldError::new(
                format!("/lines/{index}/hs_code"),
                "terms.hs_code",
                "an HS code has 6 to 10 digits",
            ));
        }
    }
}

fn check_extras(terms: &OrderTerms, errors: &mut Vec<FieldError>) {
    let extras = [
        ("/freight_minor", terms.freight_minor),
        ("/discount_minor", terms.discount_minor),
        ("/tax_minor", terms.tax_minor),
    ];
    for (pointer, minor) in extras {
        if minor < 0 {
            errors.push(FieldError::new(pointer, "terms.negative", "the amount is not negative"));
        }
    }
}

fn check_shipments(terms: &OrderTerms, errors: &mut Vec<FieldError>) {
    if terms.shipments.is_empty() || terms.shipments.len() > SHIPMENTS_MAX {
        errors.push(FieldError::new("/shipments", "terms.shipments", "an order has 1 to 12 shipments"));
        return;
    }
    for (index, shipment) in terms.shipments.iter().enumerate() {
        let pointer = || format!("/shipments/{index}/quantities");
        if shipment.quantities.len() != terms.lines.len() {
            errors.push(FieldError::new(
                pointer(),
                "terms.shipment_lines",
                "a shipment names a quantity for every line",
            ));
        } else if shipment.quantities.iter().any(|quantity| quantity.0 < 0) {
            errors.push(FieldError::new(pointer(), "terms.quantity", "a quantity is not negative"));
        } else if shipment.quantities.iter().all(|quantity| quantity.0 == 0) {
            errors.push(FieldError::new(pointer(), "terms.shipment_empty", "a shipment carries something"));
        }
    }
    for (index, line) in terms.lines.iter().enumerate() {
        let shipped = terms.shipments.iter().filter_map(|shipment| shipment.quantities.get(index));
        let sum: i128 = shipped.map(|quantity| i128::from(quantity.0)).sum();
        if sum != i128::from(line.quantity.0) {
            let detail = "the shipments together carry exactly the quantity of the line";
            errors.push(FieldError::new(format!("/lines/{index}/quantity"), "terms.quantities_differ", detail));
        }
    }
}

fn check_stages(terms: &OrderTerms, errors: &mut Vec<FieldError>) {
    if terms.stages.is_empty() || terms.stages.len() > STAGES_MAX {
        errors.push(FieldError::new("/stages", "terms.stages", "an order has 1 to 6 payment stages"));
        return;
    }
    let sum: i128 = terms.stages.iter().map(|stage| i128::from(stage.share_bps)).sum();
    if sum != 10_000 {
        errors.push(FieldError::new(
            "/stages",
            "terms.shares_not_whole",
            "the shares of the stages add up to 10,000 basis points",
        ));
    }
    for (index, stage) in terms.stages.iter().enumerate() {
        let at = |field: &str| format!("/stages/{index}/{field}");
        if !(1..=10_000).contains(&stage.share_bps) {
            errors.push(FieldError::new(at("share_bps"), "terms.share", "a share is 1 to 10,000 basis points"));
        }
        let known = |number: i32| usize::try_from(number).is_ok_and(|n| (1..=terms.shipments.len()).contains(&n));
        if stage.shipment.is_some_and(|number| !known(number)) {
            errors.push(FieldError::new(
                at("shipment"),
                "terms.no_such_shipment",
                "the stage names a shipment of this order",
            ));
        }
        let trigger_fits = match stage.kind {
            StageKind::Deposit => stage.trigger == Trigger::Agreed,
            StageKind::Balance | StageKind::Retention => stage.trigger != Trigger::Agreed,
        };
        if !trigger_fits {
            errors.push(FieldError::new(
                at("trigger"),
                "terms.trigger",
                "only a deposit is due on agreement, and it always is",
            ));
        }
        if stage.kind == StageKind::Deposit && (index != 0 || stage.shipment.is_some()) {
            errors.push(FieldError::new(
                at("kind"),
                "terms.deposit_first",
                "the deposit is the first stage, once, for the whole order",
            ));
        }
    }
    let first_pays_before_dispatch = terms.stages.first().is_some_and(|stage| {
        matches!(stage.trigger, Trigger::Agreed | Trigger::BeforeDispatch) && stage.kind != StageKind::Retention
    });
    if !first_pays_before_dispatch {
        let detail = "the first stage is a deposit, or a balance due before dispatch";
        errors.push(FieldError::new("/stages/0/trigger", "terms.first_stage", detail));
    }
    check_retention(terms, errors);
}

fn check_retention(terms: &OrderTerms, errors: &mut Vec<FieldError>) {
    let retained: i128 = terms
        .stages
        .iter()
        .filter(|stage| stage.kind == StageKind::Retention)
        .map(|stage| i128::from(stage.share_bps))
        .sum();
    if retained > i128::from(RETENTION_MAX_BPS) {
        errors.push(FieldError::new("/stages", "terms.retention", "at most 10 % are retained until the order closes"));
    }
}

fn check_days(terms: &OrderTerms, errors: &mut Vec<FieldError>) {
    let ranges = [
        ("/acceptance_days", terms.acceptance_days, 3..=30),
        ("/claim_window_days", terms.claim_window_days, 0..=30),
        ("/deposit_days", terms.deposit_days, 1..=90),
    ];
    for (pointer, days, range) in ranges {
        if !range.contains(&days) {
            let detail = format!("{days} is outside {} to {} days", range.start(), range.end());
            errors.push(FieldError::new(pointer, "terms.days", detail));
        }
    }
}

fn check_texts(terms: &OrderTerms, errors: &mut Vec<FieldError>) {
    if terms.incoterm.place.trim().is_empty() || terms.incoterm.place.len() > 400 {
        errors.push(FieldError::new("/incoterm/place", "terms.place", "the delivery term names a place"));
    }
    let texts = [("/notes", terms.notes.len()), ("/consignee", terms.consignee.len())];
    for (pointer, length) in texts {
        if length > TEXT_MAX {
            errors.push(FieldError::new(pointer, "terms.too_long", "the text has at most 4,000 bytes"));
        }
    }
    errors.extend(terms.quality_complaints());
}

fn check_amounts(terms: &OrderTerms, errors: &mut Vec<FieldError>) {
    let Ok(plan) = Plan::of(terms) else {
        errors.push(FieldError::new("/lines", "terms.total", "the total is positive and not too large"));
        return;
    };
    if plan.stages.iter().any(|stage| stage.amount <= 0) {
        errors.push(FieldError::new("/stages", "terms.stage_amount", "every stage comes to at least one minor unit"));
    }
}

#[cfg(test)]
#[path = "terms_tests.rs"]
mod tests;
