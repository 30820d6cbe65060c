//! The comparison: one column per quote, one row per line, money in the request's currency.

use super::{CompanyRef, ValuationBasis};
use crate::catalog::IncotermView;
use crate::platform::schema::MoneyView;
use crate::sourcing::draft::DraftStage;
use entrepot_domain::catalog::Incoterm;
use entrepot_domain::kernel::{Currency, MarketTime};
use entrepot_domain::market::{Destination, ILLUSTRATIVE_ON};
use entrepot_domain::sourcing::{Cell, CellState, Column, Comparison, Quote, Rfq, StageProposal};
use serde::Serialize;
use std::collections::HashMap;
use utoipa::ToSchema;

/// A supplier's quote as a whole.
#[derive(Debug, Serialize, ToSchema)]
pub struct ComparisonColumn {
    /// The quote.
    pub quote_id: String,
    /// Its number for people.
    pub number: String,
    /// Its newest version; an award names it.
    pub version: i32,
    /// Who quotes.
    pub supplier: CompanyRef,
    /// True when it still stands and may be awarded.
    pub stands: bool,
    /// Until when, market time.
    #[schema(value_type = String, format = DateTime)]
    pub valid_until: MarketTime,
    /// Days of production.
    pub lead_days: i64,
    /// Delivery term of the prices.
    #[schema(value_type = IncotermView)]
    pub incoterm: Incoterm,
    /// How the supplier proposes to be paid.
    pub stages: Vec<DraftStage>,
    /// True when carriage is neither in the price nor charged beside it: it is missing in the landed cost.
    pub freight_missing: bool,
    /// Sum of the landed cost of its lines.
    pub total: MoneyView,
    /// Lines that have a price.
    pub lines: usize,
}

/// What stands in a cell: a price with its cost, or why there is none.
#[derive(Debug, Serialize, ToSchema)]
pub struct ComparisonCell {
    /// `priced`, `declined` or `below_moq`.
    pub state: &'static str,
    /// Decimal number.
    #[schema(required = true)]
    pub unit_price: Option<String>,
    /// Price of the goods.
    #[schema(required = true)]
    pub goods: Option<MoneyView>,
    /// Share of the freight, by value.
    #[schema(required = true)]
    pub freight: Option<MoneyView>,
    /// Duty by the illustrative table.
    #[schema(required = true)]
    pub duty: Option<MoneyView>,
    /// Import VAT by the illustrative table.
    #[schema(required = true)]
    pub vat: Option<MoneyView>,
    /// Fees of the payments.
    #[schema(required = true)]
    pub fee: Option<MoneyView>,
    /// Sum of it all.
    #[schema(required = true)]
    pub landed: Option<MoneyView>,
    /// Landed cost per unit, a decimal number.
    #[schema(required = true)]
    pub landed_unit: Option<String>,
    /// False when neither the table nor the delivery term says what duty and VAT are.
    pub rates_known: bool,
    /// True for the cheapest landed cost of the row among quotes that stand.
    pub best: bool,
    /// The smallest quantity sold, where the quantity wanted is below it.
    #[schema(required = true)]
    pub moq: Option<String>,
}

/// A line of the request over all quotes.
#[derive(Debug, Serialize, ToSchema)]
pub struct ComparisonRow {
    /// Number of the line, from 1.
    pub line: i32,
    /// What it is.
    pub title: String,
    /// Unit of sale.
    pub unit: String,
    /// Quantity wanted, a decimal number.
    pub quantity: String,
    /// Price per unit hoped for.
    #[schema(required = true)]
    pub target_price: Option<String>,
    /// One cell per column.
    pub cells: Vec<ComparisonCell>,
}

/// Quotes side by side.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Comparison)]
pub struct ComparisonView {
    /// The request.
    pub rfq_id: String,
    /// ISO 4217 code of all money.
    pub currency: String,
    /// Where the goods go.
    pub destination: String,
    /// What duty is charged on there; `null` beyond the table.
    #[schema(required = true, value_type = Option<ValuationBasis>)]
    pub basis: Option<&'static str>,
    /// The day the table of duty and VAT was made. It is illustrative and no customs advice.
    pub illustrative_on: &'static str,
    /// False when the destination is beyond the table.
    pub rates_known: bool,
    /// One per quote that was not taken back.
    pub columns: Vec<ComparisonColumn>,
    /// One per line.
    pub rows: Vec<ComparisonRow>,
}

fn cell(state: &CellState, best: bool, currency: Currency) -> ComparisonCell {
    let priced = state.priced();
    let money = |part: fn(&Cell) -> i64| priced.map(|cell| MoneyView::of(part(cell), currency));
    ComparisonCell {
        state: match state {
            CellState::Priced(_) => "priced",
            CellState::Declined => "declined",
            CellState::BelowMoq(_) => "below_moq",
        },
        unit_price: priced.map(|cell| cell.unit_price.in_currency(currency).decimal()),
        goods: money(|cell| cell.cost.goods),
        freight: money(|cell| cell.cost.freight),
        duty: money(|cell| cell.cost.duty),
        vat: money(|cell| cell.cost.vat),
        fee: money(|cell| cell.cost.fee),
        landed: money(|cell| cell.cost.total),
        landed_unit: priced.map(|cell| cell.landed_unit.in_currency(currency).decimal()),
        rates_known: priced.is_some_and(|cell| cell.rates_known),
        best,
        moq: if let CellState::BelowMoq(moq) = state { Some(moq.to_string()) } else { None },
    }
}

fn column(column: &Column, quote: &Quote, names: &HashMap<u128, (String, String)>) -> Option<ComparisonColumn> {
    let newest = quote.newest()?;
    let stage = |s: &StageProposal| DraftStage {
        kind: s.kind.as_str().to_owned(),
        trigger: s.trigger.as_str().to_owned(),
        share_bps: s.share_bps,
    };
    Some(ComparisonColumn {
        quote_id: quote.id.to_string(),
        number: quote.number.clone(),
        version: newest.no,
        supplier: CompanyRef::named(quote.supplier.0, names.get(&quote.supplier.0).cloned().unwrap_or_default()),
        stands: column.stands,
        valid_until: newest.valid_until,
        lead_days: newest.terms.lead_days,
        incoterm: newest.terms.incoterm.clone(),
        stages: newest.terms.stages.iter().map(stage).collect(),
        freight_missing: column.freight_missing,
        total: MoneyView::of(column.total, quote.currency),
        lines: column.lines,
    })
}

impl ComparisonView {
    /// The view of a comparison of these quotes, in their order.
    pub fn of(rfq: &Rfq, table: &Comparison, quotes: &[&Quote], names: &HashMap<u128, (String, String)>) -> Self {
        let currency = rfq.terms.currency;
        let columns = table.columns.iter().zip(quotes).filter_map(|(c, quote)| column(c, quote, names)).collect();
        let rows = table.rows.iter().zip(&rfq.terms.lines).map(|(row, wanted)| ComparisonRow {
            line: row.line,
            title: wanted.title.clone(),
            unit: wanted.unit.clone(),
            quantity: wanted.quantity.to_string(),
            target_price: wanted.target_price.map(|price| price.in_currency(currency).decimal()),
            cells: row
                .cells
                .iter()
                .enumerate()
                .map(|(n, state)| cell(state, row.best.contains(&n), currency))
                .collect(),
        });
        Self {
            rfq_id: rfq.id.to_string(),
            currency: currency.to_string(),
            destination: rfq.terms.destination.clone(),
            basis: Destination::of(&rfq.terms.destination).map(|d| d.basis.as_str()),
            illustrative_on: ILLUSTRATIVE_ON,
            rates_known: table.rates_known,
            columns,
            rows: rows.collect(),
        }
    }
}
