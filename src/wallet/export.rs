//! The statement as a CSV file that a spreadsheet may open without harm.
//!
//! Texts are defused and numbers stay numbers: `platform/spreadsheet` sees to both.

use super::read::Line;
use super::view::text;
use crate::platform::problem::Fault;
use crate::platform::spreadsheet::{Cell, Sheet};
use entrepot_domain::kernel::{Currency, Money};

/// Columns of the file.
const HEADER: [&str; 9] = ["sequence", "at", "rule", "text", "order", "currency", "debit", "credit", "balance"];

/// Writes an amount as a plain decimal number of major units.
fn decimal(minor: i64, currency: Currency) -> String {
    let text = Money::new(minor, currency).to_string();
    text.split_once(' ').map_or(text.clone(), |(number, _)| number.to_owned())
}

/// Writes the lines, oldest first.
pub fn statement(lines: &[Line], currency: Currency) -> Result<Vec<u8>, Fault> {
    let mut sheet = Sheet::new(&HEADER)?;
    for line in lines {
        let amount = Cell::number(&decimal(line.change.saturating_abs(), currency));
        let (debit, credit) = if line.change < 0 { (amount, Cell::Empty) } else { (Cell::Empty, amount) };
        sheet.row([
            line.place.seq.into(),
            Cell::text(line.at.to_string()),
            Cell::text(line.rule.map_or("", |r| r.code())),
            Cell::text(text(line)),
            Cell::text(line.order.as_ref().map_or("", |(_, number)| number)),
            Cell::text(currency.to_string()),
            debit,
            credit,
            Cell::number(&decimal(line.balance, currency)),
        ])?;
    }
    sheet.finish()
}

#[cfg(test)]
mod tests {
    use super::super::read::Place;
    use super::*;
    use entrepot_domain::kernel::MarketTime;
    use entrepot_domain::ledger::Rule;

    #[test]
    fn text_that_a_spreadsheet_would_run_is_defused_and_numbers_stay_numbers() {
        let line = Line {
            place: Place { seq: 3, journal: 0, line: 1 },
            at: MarketTime(0),
            rule: Some(Rule::P6),
            order: Some((1, "=HYPERLINK(\"x\")".to_owned())),
            change: -1_250,
            balance: -5,
            reference: String::new(),
        };

        let file = String::from_utf8(statement(&[line], Currency::USD).unwrap()).unwrap();

        assert!(file.contains("\"'=HYPERLINK(\"\"x\"\")\""), "{file}");
        assert!(file.ends_with(",USD,12.50,,-0.05\n"), "{file}");
    }
}
