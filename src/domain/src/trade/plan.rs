//! From terms to amounts: the value of each shipment, each stage, and each cell (stage × shipment).
//!
//! Promises that shipments add up to the total, stages add up to the total, and the cells of a stage add up to the stage,
//! to the minor unit (MON-10, P4). Refuses terms whose numbers do not fit.

use super::state::index_of;
use super::terms::{OrderTerms, StageKind, Trigger};
use crate::kernel::{Few, MoneyError, Parts, Quantity, line_value, split_largest_remainder};

/// Highest total in minor units; leaves room for sums of sums.
pub(crate) const TOTAL_MAX: i64 = 1_000_000_000_000_000;

/// Is one planned payment stage after expansion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedStage {
    /// What the payment is.
    pub kind: StageKind,
    /// What makes it due.
    pub trigger: Trigger,
    /// Shipment number (1-based), or `None` for the whole order.
    pub shipment: Option<i32>,
    /// Amount in minor units.
    pub amount: i64,
    /// Amount of each shipment's cell in minor units.
    pub cells: Parts,
}

/// Is the whole plan in minor units of the contract currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Sum of the lines.
    pub goods_total: i64,
    /// Goods minus discount plus freight plus tax.
    pub total: i64,
    /// Value of each shipment, including its part of freight, discount and tax.
    pub shipments: Parts,
    /// Stages in order; number = index + 1.
    pub stages: Vec<PlannedStage>,
}

impl Plan {
    /// Computes the plan; terms that pass [`OrderTerms::validate`] always have one.
    pub fn of(terms: &OrderTerms) -> Result<Self, MoneyError> {
        let goods = goods_by_shipment(terms)?;
        let goods_total = sum(&goods)?;
        let shipments = with_extras(terms, &goods)?;
        let total = sum(&shipments)?;
        if total <= 0 || total > TOTAL_MAX {
            return Err(MoneyError::Overflow);
        }
        let shares: Few<i64, 6> = terms.stages.iter().map(|stage| stage.share_bps).collect();
        let amounts = split_largest_remainder(total, &shares)?;
        let mut stages = Vec::with_capacity(terms.stages.len() + shipments.len());
        for (stage, amount) in terms.stages.iter().zip(&amounts) {
            let mut plan = |shipment, amount, cells| {
                let (kind, trigger) = (stage.kind, stage.trigger);
                stages.push(PlannedStage { kind, trigger, shipment, amount, cells });
            };
            match (stage.kind, stage.shipment) {
                (_, Some(number)) => plan(Some(number), *amount, on_one(number, *amount, shipments.len())),
                (StageKind::Balance, None) => {
                    let parts = split_largest_remainder(*amount, &shipments)?;
                    for (number, part) in (1_i32..).zip(&parts) {
                        plan(Some(number), *part, on_one(number, *part, shipments.len()));
                    }
                }
                (StageKind::Deposit | StageKind::Retention, None) => {
                    plan(None, *amount, split_largest_remainder(*amount, &shipments)?);
                }
            }
        }
        Ok(Self { goods_total, total, shipments, stages })
    }
}

/// Puts a whole amount into the cell of one shipment.
fn on_one(number: i32, amount: i64, shipments: usize) -> Parts {
    let mut cells = Parts::filled(0, shipments);
    if let Some(cell) = index_of(number).and_then(|index| cells.get_mut(index)) {
        *cell = amount;
    }
    cells
}

/// Values each line once and spreads it over the shipments by quantity.
fn goods_by_shipment(terms: &OrderTerms) -> Result<Parts, MoneyError> {
    let mut goods = Parts::filled(0, terms.shipments.len());
    for (index, line) in terms.lines.iter().enumerate() {
        let value = line_value(line.quantity, line.unit_price.in_currency(terms.currency))?;
        if let [only] = &mut *goods {
            *only = only.checked_add(value.minor).ok_or(MoneyError::Overflow)?;
            continue;
        }
        let quantity_of = |quantities: &[Quantity]| quantities.get(index).map_or(0, |quantity| quantity.0);
        let weights: Parts = terms.shipments.iter().map(|shipment| quantity_of(&shipment.quantities)).collect();
        for (sum, part) in goods.iter_mut().zip(&split_largest_remainder(value.minor, &weights)?) {
            *sum = sum.checked_add(*part).ok_or(MoneyError::Overflow)?;
        }
    }
    Ok(goods)
}

/// Spreads freight, discount and tax over the shipments by their goods value.
fn with_extras(terms: &OrderTerms, goods: &Parts) -> Result<Parts, MoneyError> {
    let mut values = goods.clone();
    for (extra, add) in [(terms.freight_minor, true), (terms.tax_minor, true), (terms.discount_minor, false)] {
        if extra == 0 {
            continue;
        }
        for (value, part) in values.iter_mut().zip(&split_largest_remainder(extra, goods)?) {
            let changed = if add { value.checked_add(*part) } else { value.checked_sub(*part) };
            *value = changed.ok_or(MoneyError::Overflow)?;
        }
    }
    if values.iter().any(|value| *value < 0) {
        return Err(MoneyError::Negative);
    }
    Ok(values)
}

fn sum(values: &[i64]) -> Result<i64, MoneyError> {
    values.iter().try_fold(0_i64, |sum, value| sum.checked_add(*value)).ok_or(MoneyError::Overflow)
}

#[cfg(test)]
#[path = "plan_tests.rs"]
mod tests;
