//! The statement as a CSV file that a spreadsheet may open without harm.
//!
//! Text cells that a spreadsheet would read as a formula get an apostrophe in front (CWE-1236); numbers stay numbers.

use super::read::Line;
use super::view::text;
use crate::platform::problem::Fault;
use entrepot_domain::kernel::{Currency, Money};

/// Columns of the file.
const HEADER: [&str; 9] = ["sequence", "at", "rule", "text", "order", "currency", "debit", "credit", "balance"];

/// Makes a text harmless to spreadsheets.
pub fn harmless(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}

/// Writes an amount as a plain decimal number of major units.
fn decimal(minor: i64, currency: Currency) -> String {
    let text = Money::new(minor, currency).to_string();
    text.split_once(' ').map_or(text.clone(), |(number, _)| number.to_owned())
}

/// Writes the lines, oldest first.
pub fn statement(lines: &[Line], currency: Currency) -> Result<Vec<u8>, Fault> {
    let mut file = csv::Writer::from_writer(Vec::new());
    file.write_record(HEADER).map_err(|e| Fault::new(e.to_string()))?;
    for line in lines {
        let amount = decimal(line.change.saturating_abs(), currency);
        let (debit, credit) = if line.change < 0 { (amount, String::new()) } else { (String::new(), amount) };
        let record = [
            line.place.seq.to_string(),
            line.at.to_string(),
            line.rule.map_or("", |r| r.code()).to_owned(),
            harmless(&text(line)),
            harmless(line.order.as_ref().map_or("", |(_, number)| number)),
            currency.to_string(),
            debit,
            credit,
            decimal(line.balance, currency),
        ];
        file.write_record(record).map_err(|e| Fault::new(e.to_string()))?;
    }
    file.into_inner().map_err(|e| Fault::new(e.to_string()))
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
            balance: 5,
            reference: String::new(),
        };

        let file = String::from_utf8(statement(&[line], Currency::USD).unwrap()).unwrap();

        assert!(file.contains("\"'=HYPERLINK(\"\"x\"\")\""), "{file}");
        assert!(file.ends_with(",USD,12.50,,0.05\n"), "{file}");
        for start in ["=1", "+1", "-1", "@a", "\ta", "\ra"] {
            assert_eq!(harmless(start), format!("'{start}"));
        }
        assert_eq!(harmless("a=1"), "a=1");
    }
}
