//! What makes a version of a quote acceptable: every rule it must meet before it can be submitted.
//!
//! The rules of the payment stages are those of a contract, so that an order can be drafted from every quote.

use std::collections::BTreeSet;

use super::price::freight_shares;
use super::quote::{QuoteLine, QuoteTerms, StageKind, StageProposal, Trigger};
use super::rfq::Rfq;
use super::rfq_check::check_files;
use crate::catalog::product_hs_code_is_valid;
use crate::kernel::FieldError;

const LADDER_MAX: usize = 6;
const STAGES_MAX: usize = 6;
const NOTE_MAX: usize = 2_000;
const RETENTION_MAX_BPS: i64 = 1_000;

impl QuoteTerms {
    /// Lists everything wrong with the version as an answer to `rfq`, each complaint pointing at its field.
    #[must_use]
    pub fn validate(&self, rfq: &Rfq) -> Vec<FieldError> {
        let mut errors = Vec::new();
        if self.lines.is_empty() {
            errors.push(FieldError::new("/lines", "quote.lines", "a quote has at least one line"));
        }
        let (mut lines, mut products) = (BTreeSet::new(), BTreeSet::new());
        for (index, line) in self.lines.iter().enumerate() {
            if rfq.line(line.line).is_none() || !lines.insert(line.line) {
                let detail = "each line answers another line of the request";
                errors.push(FieldError::new(format!("/lines/{index}/line"), "quote.line", detail));
            }
            if line.product.is_some_and(|product| !products.insert(product)) {
                let detail = "each product is quoted on one line";
                errors.push(FieldError::new(format!("/lines/{index}/product_id"), "quote.product_twice", detail));
            }
            check_words(&mut errors, index, line);
            check_ladder(&mut errors, index, line);
        }
        self.check_numbers(&mut errors);
        check_stages(&mut errors, &self.stages);
        errors.extend(self.aql.iter().flat_map(|aql| aql.complaints("/aql")));
        errors.extend(check_files(&self.files));
        if errors.is_empty() && freight_shares(rfq, self).is_err() {
            errors.push(FieldError::new("/lines", "quote.amount", "the value of a line is too large"));
        }
        errors
    }

    fn check_numbers(&self, errors: &mut Vec<FieldError>) {
        let place = self.incoterm.place.trim();
        let sample = self.sample.map_or((0, 0), |sample| (sample.price_minor, sample.lead_days));
        let checks = [
            (!(0..=730).contains(&self.lead_days), "/lead_days", "quote.lead_days", "the lead time is 0 to 730 days"),
            (self.freight_minor < 0, "/freight_minor", "quote.negative", "the freight is not negative"),
            (sample.0 < 0, "/sample/price_minor", "quote.negative", "the price of the sample is not negative"),
            (!(0..=365).contains(&sample.1), "/sample/lead_days", "quote.lead_days", "the sample takes 0 to 365 days"),
            (
                !(1..=90).contains(&self.validity_days),
                "/validity_days",
                "quote.validity",
                "a quote stands 1 to 90 days",
            ),
            (
                place.is_empty() || place.chars().count() > 100,
                "/incoterm/place",
                "quote.text",
                "the place has 1 to 100 characters",
            ),
            (self.note.chars().count() > NOTE_MAX, "/note", "quote.text", "the note has at most 2,000 characters"),
        ];
        let wrong = checks.into_iter().filter(|check| check.0);
        errors.extend(wrong.map(|(_, pointer, code, detail)| FieldError::new(pointer, code, detail)));
    }
}

fn check_words(errors: &mut Vec<FieldError>, index: usize, line: &QuoteLine) {
    let at = |field: &str| format!("/lines/{index}/{field}");
    if line.sku.chars().count() > 64 {
        errors.push(FieldError::new(at("sku"), "quote.text", "the SKU has at most 64 characters"));
    }
    if line.title.chars().count() > 200 {
        errors.push(FieldError::new(at("title"), "quote.text", "the title has at most 200 characters"));
    }
    if !line.hs_code.is_empty() && !product_hs_code_is_valid(&line.hs_code) {
        errors.push(FieldError::new(at("hs_code"), "quote.hs_code", "an HS code has 6 to 10 digits"));
    }
}

fn check_ladder(errors: &mut Vec<FieldError>, index: usize, line: &QuoteLine) {
    if line.ladder.is_empty() || line.ladder.len() > LADDER_MAX {
        errors.push(FieldError::new(
            format!("/lines/{index}/ladder"),
            "quote.ladder_length",
            "a ladder has 1 to 6 breaks",
        ));
    }
    let mut before: Option<(i64, i64)> = None;
    for (step, row) in line.ladder.iter().enumerate() {
        let at = |field: &str| format!("/lines/{index}/ladder/{step}/{field}");
        let (from, price) = (row.from_quantity.0, row.unit_price.0);
        if price <= 0 {
            errors.push(FieldError::new(at("unit_price"), "quote.price", "a price is positive"));
        }
        if from <= 0 || before.is_some_and(|(last, _)| from <= last) {
            let detail = "breaks are positive and strictly ascending";
            errors.push(FieldError::new(at("from_quantity"), "quote.ladder_order", detail));
        }
        if before.is_some_and(|(_, last)| price > last) {
            let detail = "the price does not rise with the quantity";
            errors.push(FieldError::new(at("unit_price"), "quote.ladder_price", detail));
        }
        before = Some((from, price));
    }
}

fn check_stages(errors: &mut Vec<FieldError>, stages: &[StageProposal]) {
    if stages.is_empty() || stages.len() > STAGES_MAX {
        errors.push(FieldError::new("/stages", "quote.stages", "a quote proposes 1 to 6 payment stages"));
        return;
    }
    let sum = |kept: &dyn Fn(&&StageProposal) -> bool| {
        stages.iter().filter(kept).fold(0_i128, |sum, stage| sum + i128::from(stage.share_bps))
    };
    if sum(&|_| true) != 10_000 {
        let detail = "the shares of the stages add up to 10,000 basis points";
        errors.push(FieldError::new("/stages", "quote.shares_not_whole", detail));
    }
    if sum(&|stage| stage.kind == StageKind::Retention) > i128::from(RETENTION_MAX_BPS) {
        errors.push(FieldError::new("/stages", "quote.retention", "at most 10 % are retained until the order closes"));
    }
    for (index, stage) in stages.iter().enumerate() {
        let at = |field: &str| format!("/stages/{index}/{field}");
        if !(1..=10_000).contains(&stage.share_bps) {
            errors.push(FieldError::new(at("share_bps"), "quote.share", "a share is 1 to 10,000 basis points"));
        }
        if (stage.kind == StageKind::Deposit) != (stage.trigger == Trigger::Agreed) {
            let detail = "only a deposit is due on agreement, and it always is";
            errors.push(FieldError::new(at("trigger"), "quote.trigger", detail));
        }
        if stage.kind == StageKind::Deposit && index != 0 {
            errors.push(FieldError::new(at("kind"), "quote.deposit_first", "the deposit is the first stage, once"));
        }
    }
    let first = stages.first().is_some_and(|stage| {
        matches!(stage.trigger, Trigger::Agreed | Trigger::BeforeDispatch) && stage.kind != StageKind::Retention
    });
    if !first {
        let detail = "the first stage is a deposit, or a balance due before dispatch";
        errors.push(FieldError::new("/stages/0/trigger", "quote.first_stage", detail));
    }
}
