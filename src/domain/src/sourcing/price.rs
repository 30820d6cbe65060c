//! What a quoted line costs at a quantity, and which part of the freight it carries.

use super::quote::{QuoteLine, QuoteTerms};
use super::rfq::Rfq;
use crate::kernel::{BarePrice, MoneyError, Quantity, line_value, split_largest_remainder};

/// Gives the price per unit by the ladder; `None` below the smallest quantity sold.
#[must_use]
pub fn price_at(line: &QuoteLine, quantity: Quantity) -> Option<BarePrice> {
    line.ladder.iter().rev().find(|row| row.from_quantity <= quantity).map(|row| row.unit_price)
}

/// Splits the quote's freight over its lines by their value at the quantities wanted, by largest remainder; minor units, in
/// the order of the quote's lines. A line that is not sold at the quantity wanted carries nothing.
pub fn freight_shares(rfq: &Rfq, terms: &QuoteTerms) -> Result<Vec<i64>, MoneyError> {
    let value = |line: &QuoteLine| {
        let wanted = rfq.line(line.line).map_or(Quantity(0), |wanted| wanted.quantity);
        match price_at(line, wanted) {
            Some(price) => line_value(wanted, price.in_currency(rfq.terms.currency)).map(|money| money.minor),
            None => Ok(0),
        }
    };
    let weights = terms.lines.iter().map(value).collect::<Result<Vec<i64>, MoneyError>>()?;
    Ok(split_largest_remainder(terms.freight_minor, &weights)?.to_vec())
}

/// Gives the freight of a part of a line: its share times part over whole, rounded half up; minor units.
pub(super) fn freight_of_part(share: i64, part: Quantity, whole: Quantity) -> Result<i64, MoneyError> {
    if share < 0 || part.0 < 0 || whole.0 <= 0 {
        return Err(MoneyError::Negative);
    }
    let whole = i128::from(whole.0);
    let exact = i128::from(share) * i128::from(part.0);
    i64::try_from((exact * 2 + whole) / (whole * 2)).map_err(|_| MoneyError::Overflow)
}
