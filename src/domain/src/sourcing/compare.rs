//! Quotes side by side: one column per supplier, one row per line of the request, each cell with its cost at the buyer's
//! door.
//!
//! Promises that the parts of a cell add up to its total and that freight and fees of a column are spread over its cells
//! without losing a minor unit. Marks the cheapest landed cell of a row among quotes that still stand. Refuses amounts that
//! do not fit. Duty and VAT come from the illustrative table of the destination; where it has none, cells say so.

use super::landed::{Landed, Rates, landed};
use super::price::{freight_shares, price_at};
use super::quote::{Quote, QuoteState, QuoteTerms};
use super::rfq::{Rfq, RfqLine};
use crate::catalog::IncotermCode;
use crate::kernel::{
    BarePrice, Currency, MarketTime, MoneyError, Quantity, QuoteId, line_value, split_largest_remainder,
};
use crate::market::Destination;

/// Holds the whole table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// One per quote, in the order given.
    pub columns: Vec<Column>,
    /// One per line of the request.
    pub rows: Vec<Row>,
    /// Whether the destination stands in the table of rates.
    pub rates_known: bool,
}

/// Is one supplier's quote as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// The quote.
    pub quote: QuoteId,
    /// Whether its newest version still stands and may be awarded.
    pub stands: bool,
    /// Whether carriage to the destination is neither in the price nor charged beside it, so that it is missing here.
    pub freight_missing: bool,
    /// Sum of its cells in minor units; lines that have no price count nothing.
    pub total: i64,
    /// Lines that have a price.
    pub lines: usize,
}

/// Is one line of the request over all quotes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Line number, from 1.
    pub line: i32,
    /// One cell per column.
    pub cells: Vec<CellState>,
    /// Columns of the cheapest cells: more than one when they cost the same.
    pub best: Vec<usize>,
}

/// Names what stands in a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CellState {
    /// The supplier did not quote the line.
    Declined,
    /// The supplier sells no less than this.
    BelowMoq(Quantity),
    /// A price.
    Priced(Cell),
}

/// Is one priced cell, at the quantity wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cell {
    /// Price per unit.
    pub unit_price: BarePrice,
    /// The parts of its cost, in minor units.
    pub cost: Landed,
    /// Cost per unit at the buyer's door, rounded half up to a millionth of the major unit.
    pub landed_unit: BarePrice,
    /// Whether duty and VAT are known: by the table, or because the seller pays them.
    pub rates_known: bool,
}

/// Is a quote with the fees its payments would cost the buyer.
#[derive(Debug, Clone, Copy)]
pub struct Quoted<'a> {
    /// The quote.
    pub quote: &'a Quote,
    /// Fees of its payments in minor units.
    pub fee: i64,
}

/// Puts the quotes side by side.
pub fn compare(rfq: &Rfq, quotes: &[Quoted<'_>], now: MarketTime) -> Result<Comparison, MoneyError> {
    let destination = Destination::of(&rfq.terms.destination);
    let mut columns = Vec::with_capacity(quotes.len());
    let numbers = 1_i32..;
    let mut rows: Vec<Row> = numbers
        .zip(&rfq.terms.lines)
        .map(|(line, _)| Row { line, cells: Vec::with_capacity(quotes.len()), best: Vec::new() })
        .collect();
    for quoted in quotes {
        let Some(newest) = quoted.quote.newest() else { continue };
        let cells = column(rfq, &newest.terms, quoted.fee, destination)?;
        let priced = || cells.iter().filter_map(CellState::priced);
        let total = priced().try_fold(0_i64, |sum, cell| sum.checked_add(cell.cost.total));
        columns.push(Column {
            quote: quoted.quote.id,
            stands: quoted.quote.state == QuoteState::Live && newest.valid_until > now,
            freight_missing: newest.terms.freight_minor == 0 && !includes_carriage(newest.terms.incoterm.code),
            total: total.ok_or(MoneyError::Overflow)?,
            lines: priced().count(),
        });
        rows.iter_mut().zip(cells).for_each(|(row, cell)| row.cells.push(cell));
    }
    for row in &mut rows {
        row.best = best(&row.cells, &columns);
    }
    Ok(Comparison { columns, rows, rates_known: destination.is_some() })
}

impl CellState {
    /// Gives the cell when it has a price.
    #[must_use]
    pub const fn priced(&self) -> Option<&Cell> {
        match self {
            Self::Priced(cell) => Some(cell),
            Self::Declined | Self::BelowMoq(_) => None,
        }
    }
}

/// Says whether the price of a delivery term holds the main carriage (export-rebate 2.5).
const fn includes_carriage(code: IncotermCode) -> bool {
    match code {
        IncotermCode::Exw | IncotermCode::Fca | IncotermCode::Fas | IncotermCode::Fob => false,
        IncotermCode::Cfr | IncotermCode::Cif | IncotermCode::Cpt | IncotermCode::Cip => true,
        IncotermCode::Dap | IncotermCode::Dpu | IncotermCode::Ddp => true,
    }
}

/// The cells of one quote, in the order of the request's lines.
fn column(
    rfq: &Rfq,
    terms: &QuoteTerms,
    fee: i64,
    destination: Option<&Destination>,
) -> Result<Vec<CellState>, MoneyError> {
    let freight = freight_shares(rfq, terms)?;
    let quoted = |number: i32| terms.lines.iter().zip(&freight).find(|(line, _)| line.line == number);
    let mut goods = Vec::with_capacity(rfq.terms.lines.len());
    for (number, wanted) in (1_i32..).zip(&rfq.terms.lines) {
        let price = quoted(number).and_then(|(line, _)| price_at(line, wanted.quantity));
        let value = price.map(|price| line_value(wanted.quantity, price.in_currency(rfq.terms.currency)));
        goods.push(value.transpose()?.map_or(0, |money| money.minor));
    }
    let fees = split_largest_remainder(fee, &goods)?;
    let mut cells = Vec::with_capacity(goods.len());
    for (((number, wanted), value), fee) in (1_i32..).zip(&rfq.terms.lines).zip(&goods).zip(&fees) {
        let Some((line, share)) = quoted(number) else {
            cells.push(CellState::Declined);
            continue;
        };
        let Some(unit_price) = price_at(line, wanted.quantity) else {
            cells.push(CellState::BelowMoq(line.moq()));
            continue;
        };
        let hs_code = if line.hs_code.is_empty() { &wanted.hs_code } else { &line.hs_code };
        let paid_by_seller = terms.incoterm.code == IncotermCode::Ddp;
        let rates = destination.and_then(|to| {
            let duty_bps = to.duty_bps(hs_code)?;
            Some(Rates { basis: to.basis, duty_bps, vat_bps: to.vat_bps })
        });
        let cost = landed(*value, *share, *fee, rates.filter(|_| !paid_by_seller))?;
        let landed_unit = per_unit(cost.total, wanted, rfq.terms.currency)?;
        let rates_known = paid_by_seller || rates.is_some();
        cells.push(CellState::Priced(Cell { unit_price, cost, landed_unit, rates_known }));
    }
    Ok(cells)
}

/// Cost per unit in millionths of the major unit, rounded half up.
fn per_unit(minor: i64, wanted: &RfqLine, currency: Currency) -> Result<BarePrice, MoneyError> {
    let quantity = i128::from(wanted.quantity.0);
    if quantity <= 0 || minor < 0 {
        return Err(MoneyError::Negative);
    }
    let micros = i128::from(minor) * 10_i128.pow(6_u32.saturating_sub(currency.exponent()));
    let exact = micros * 1_000 * 2 + quantity;
    i64::try_from(exact / (quantity * 2)).map(BarePrice).map_err(|_| MoneyError::Overflow)
}

fn best(cells: &[CellState], columns: &[Column]) -> Vec<usize> {
    let standing = || {
        let priced = cells.iter().zip(columns).enumerate().filter(|(_, (_, column))| column.stands);
        priced.filter_map(|(index, (cell, _))| cell.priced().map(|cell| (index, cell.landed_unit)))
    };
    let least = standing().map(|(_, price)| price).min();
    standing().filter(|(_, price)| Some(*price) == least).map(|(index, _)| index).collect()
}

#[cfg(test)]
#[path = "compare_tests.rs"]
mod tests;
