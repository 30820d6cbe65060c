//! A whole market from two files: its companies and their goods.

use super::cell::Row;
use super::job::run_chunk;
use super::rows::goods;
use super::run::Runner;
use super::{CHUNK, ImportSummary, RowError, text};
use crate::catalog::read;
use crate::platform::access::Actor;
use crate::platform::problem::{Failure, Refusal};
use crate::platform::web::AppState;

const COLUMNS: &[&str] =
    &["registration_number", "name", "name_zh", "country", "city", "founded", "about", "sells", "buys"];

/// One line of a file of companies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompanyRow {
    /// Its line.
    pub line: u64,
    /// Number in its country's register.
    pub registration_number: String,
    /// Name in Latin letters.
    pub name: String,
    /// Chinese name.
    pub name_zh: Option<String>,
    /// Two capital letters.
    pub country: String,
    /// Where it sits.
    pub city: String,
    /// Year it was founded in.
    pub founded: Option<i32>,
    /// What it says about itself.
    pub about: String,
    /// It sells.
    pub sells: bool,
    /// It buys.
    pub buys: bool,
}

/// Reads a file of companies: the good lines, and what is wrong with the others.
///
/// Errors: 422 for a wrong header.
pub fn read_companies(csv: &str) -> Result<(Vec<CompanyRow>, Vec<RowError>), Refusal> {
    let (mut good, mut bad) = (Vec::new(), Vec::new());
    for record in text::read(text::decode(csv.as_bytes())?, COLUMNS, &[])? {
        match record.cells {
            Err(error) => bad.push(error),
            Ok(cells) => {
                let mut row = Row::new(record.line, &cells);
                let company = company(&mut row);
                if row.errors.is_empty() { good.push(company) } else { bad.append(&mut row.errors) }
            }
        }
    }
    Ok((good, bad))
}

fn company(row: &mut Row<'_>) -> CompanyRow {
    let founded = row.optional("founded");
    let year = founded.as_deref().and_then(|text| text.parse().ok());
    if founded.is_some() && year.is_none() {
        row.blame("founded", "import.number", "this is not a year");
    }
    CompanyRow {
        line: row.line,
        registration_number: row.text("registration_number"),
        name: row.text("name"),
        name_zh: row.optional("name_zh"),
        country: row.text("country"),
        city: row.text("city"),
        founded: year,
        about: row.text("about"),
        sells: row.flag("sells"),
        buys: row.flag("buys"),
    }
}

/// Fills a market: each company through `open_company` (which answers its identifier), then the goods, as the system.
///
/// Errors: 422 for a wrong header, or the fault that stopped it. Refused lines are in the summary.
pub async fn import_market<F>(
    state: &AppState,
    market: u128,
    companies_csv: &str,
    products_csv: &str,
    open_company: F,
) -> Result<ImportSummary, Failure>
where
    F: AsyncFn(CompanyRow) -> Result<u128, Failure>,
{
    let (companies, bad) = read_companies(companies_csv)?;
    let rows = goods(text::decode(products_csv.as_bytes())?, true)?;
    let mut summary = ImportSummary::default();
    bad.into_iter().for_each(|error| summary.complain(vec![error]));
    // One after the other: who opens a company draws identifiers, and the same seed shall give the same market.
    for company in companies {
        let line = company.line;
        match open_company(company).await {
            Ok(_) => summary.companies += 1,
            Err(Failure::Refused(refusal)) => {
                summary.complain(vec![RowError::new(line, None, &refusal.code, &refusal.detail)])
            }
            Err(failure) => return Err(failure),
        }
    }
    let suppliers = read::suppliers_by_registration(state.engine.db(), market).await?;
    let mut runner = Runner::new(state, Actor::system(market), false);
    for chunk in rows.chunks(CHUNK) {
        for supplier in chunk.iter().filter_map(|row| suppliers.get(&row.supplier)) {
            runner.know(supplier).await?;
        }
        for outcome in run_chunk(&runner, chunk, |row| suppliers.get(&row.supplier).map(|s| s.id)).await? {
            summary.count(outcome);
        }
    }
    Ok(summary)
}
