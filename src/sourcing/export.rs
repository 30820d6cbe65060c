//! The comparison as a CSV file that a spreadsheet may open without harm: one row per line and supplier.

use super::view::table::{ComparisonCell, ComparisonColumn, ComparisonRow, ComparisonView};
use crate::platform::problem::Fault;
use crate::platform::schema::MoneyView;
use crate::platform::spreadsheet::{Cell, Sheet};
use entrepot_domain::kernel::{Currency, Money};

const HEADER: [&str; 20] = [
    "line",
    "title",
    "unit",
    "quantity",
    "target_price",
    "supplier",
    "quote",
    "version",
    "state",
    "currency",
    "unit_price",
    "goods",
    "freight",
    "duty",
    "vat",
    "fee",
    "landed",
    "landed_unit",
    "best",
    "lead_days",
];

fn money(amount: Option<&MoneyView>) -> Cell {
    let read = |view: &MoneyView| {
        let currency = Currency::parse(&view.currency)?;
        let text = Money::new(view.minor.parse().ok()?, currency).to_string();
        text.split_once(' ').map(|(number, _)| Cell::number(number))
    };
    amount.and_then(read).unwrap_or(Cell::Empty)
}

fn number(text: Option<&String>) -> Cell {
    text.map_or(Cell::Empty, |text| Cell::number(text))
}

fn cells(table: &ComparisonView, row: &ComparisonRow, column: &ComparisonColumn, cell: &ComparisonCell) -> [Cell; 20] {
    [
        i64::from(row.line).into(),
        Cell::text(&row.title),
        Cell::text(&row.unit),
        Cell::number(&row.quantity),
        number(row.target_price.as_ref()),
        Cell::text(&column.supplier.name),
        Cell::text(&column.number),
        i64::from(column.version).into(),
        Cell::text(if column.stands { cell.state } else { "expired" }),
        Cell::text(&table.currency),
        number(cell.unit_price.as_ref()),
        money(cell.goods.as_ref()),
        money(cell.freight.as_ref()),
        money(cell.duty.as_ref()),
        money(cell.vat.as_ref()),
        money(cell.fee.as_ref()),
        money(cell.landed.as_ref()),
        number(cell.landed_unit.as_ref()),
        Cell::text(if cell.best { "best" } else { "" }),
        column.lead_days.into(),
    ]
}

/// Writes the table, line by line.
pub fn comparison(table: &ComparisonView) -> Result<Vec<u8>, Fault> {
    let mut sheet = Sheet::new(&HEADER)?;
    for row in &table.rows {
        for (column, cell) in table.columns.iter().zip(&row.cells) {
            sheet.row(cells(table, row, column, cell))?;
        }
    }
    sheet.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sourcing::view::CompanyRef;
    use entrepot_domain::catalog::{Incoterm, IncotermCode};
    use entrepot_domain::kernel::MarketTime;

    fn cell() -> ComparisonCell {
        let money = |minor: &str| Some(MoneyView { minor: minor.into(), currency: "USD".into() });
        ComparisonCell {
            state: "priced",
            unit_price: Some("0.003".into()),
            goods: money("3000"),
            freight: money("4286"),
            duty: money("255"),
            vat: money("1433"),
            fee: money("0"),
            landed: money("8974"),
            landed_unit: Some("0.008974".into()),
            rates_known: true,
            best: true,
            moq: None,
        }
    }

    #[test]
    fn names_that_a_spreadsheet_would_run_are_defused_and_amounts_stay_numbers() {
        let column = ComparisonColumn {
            quote_id: String::new(),
            number: "Q-1".into(),
            version: 2,
            supplier: CompanyRef::named(1, ("=HYPERLINK(1)".into(), "CN".into())),
            stands: true,
            valid_until: MarketTime(0),
            lead_days: 20,
            incoterm: Incoterm { code: IncotermCode::Fob, place: "Ningbo".into() },
            stages: Vec::new(),
            freight_missing: false,
            total: MoneyView { minor: "8974".into(), currency: "USD".into() },
            lines: 1,
        };
        let row = ComparisonRow {
            line: 1,
            title: "@Bolt".into(),
            unit: "pcs".into(),
            quantity: "10000".into(),
            target_price: None,
            cells: vec![cell()],
        };
        let table = ComparisonView {
            rfq_id: String::new(),
            currency: "USD".into(),
            destination: "DE".into(),
            basis: Some("cif"),
            illustrative_on: "2026-01-01",
            rates_known: true,
            columns: vec![column],
            rows: vec![row],
        };

        let file = String::from_utf8(comparison(&table).unwrap()).unwrap();

        let line = "1,'@Bolt,pcs,10000,,'=HYPERLINK(1),Q-1,2,priced,USD,0.003,30.00,42.86,2.55,14.33,0.00,89.74,0.008974,best,20";
        assert_eq!(file.lines().nth(1), Some(line));
    }
}
