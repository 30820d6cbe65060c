//! What imported goods cost at the buyer's door (export-rebate 2.4).
//!
//! `duty = round2(customs value × rate)`, `VAT = round2((customs value + duty) × rate)`, each rounded half up once to the
//! minor unit. The customs value is goods and freight (CIF) or the goods alone (FOB), as the destination has it.

use crate::kernel::{Bps, MoneyError};
use crate::market::ValuationBasis;

/// Holds the rates that apply to one line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rates {
    /// What duty is charged on.
    pub basis: ValuationBasis,
    /// Duty in basis points.
    pub duty_bps: i64,
    /// Import VAT in basis points.
    pub vat_bps: i64,
}

/// Holds what one line costs, part by part, in minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Landed {
    /// Price of the goods.
    pub goods: i64,
    /// Freight.
    pub freight: i64,
    /// What duty is charged on.
    pub customs_value: i64,
    /// Duty.
    pub duty: i64,
    /// Import VAT.
    pub vat: i64,
    /// Fees of the payments.
    pub fee: i64,
    /// Goods, freight, duty, VAT and fees.
    pub total: i64,
}

/// Adds up what a line costs; `None` for rates where the seller pays them (DDP) or none are known.
pub fn landed(goods: i64, freight: i64, fee: i64, rates: Option<Rates>) -> Result<Landed, MoneyError> {
    let shipped = add(goods, freight)?;
    let Some(rates) = rates else {
        return Ok(Landed {
            goods,
            freight,
            customs_value: shipped,
            fee,
            total: add(shipped, fee)?,
            ..Landed::default()
        });
    };
    let customs_value = match rates.basis {
        ValuationBasis::Cif => shipped,
        ValuationBasis::Fob => goods,
    };
    let duty = Bps(rates.duty_bps).of(customs_value)?;
    let vat = Bps(rates.vat_bps).of(add(customs_value, duty)?)?;
    let total = add(add(add(shipped, duty)?, vat)?, fee)?;
    Ok(Landed { goods, freight, customs_value, duty, vat, fee, total })
}

fn add(a: i64, b: i64) -> Result<i64, MoneyError> {
    a.checked_add(b).ok_or(MoneyError::Overflow)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(basis: ValuationBasis, goods: i64, freight: i64, duty_bps: i64, vat_bps: i64) -> (i64, i64, i64) {
        let found = landed(goods, freight, 0, Some(Rates { basis, duty_bps, vat_bps })).unwrap();
        (found.duty, found.vat, found.total)
    }

    /// Vectors L1–L3 of export-rebate section 5, computed there by decimal arithmetic.
    #[test]
    fn the_worked_vectors_come_out_to_the_cent() {
        use ValuationBasis::Cif;
        assert_eq!(of(Cif, 110_000, 0, 200, 2_000), (2_200, 22_440, 134_640), "L1");
        // 1,000 + 100 freight + 50 insurance.
        assert_eq!(of(Cif, 100_000, 15_000, 2_000, 1_800), (23_000, 24_840, 162_840), "L2");
        assert_eq!(of(Cif, 1_120_000, 0, 2_000, 1_800), (224_000, 241_920, 1_585_920), "L3");
    }

    #[test]
    fn where_the_port_of_loading_counts_freight_bears_no_duty() {
        assert_eq!(of(ValuationBasis::Fob, 100_000, 15_000, 1_000, 0), (10_000, 0, 125_000));
        assert_eq!(of(ValuationBasis::Cif, 100_000, 15_000, 1_000, 0), (11_500, 0, 126_500));
    }

    #[test]
    fn each_part_is_rounded_half_up_once() {
        // 0.50 at 1 % is half a cent.
        assert_eq!(of(ValuationBasis::Cif, 50, 0, 100, 0), (1, 0, 51));
        assert_eq!(of(ValuationBasis::Cif, 49, 0, 100, 0), (0, 0, 49));
        assert_eq!(landed(i64::MAX, 1, 0, None), Err(MoneyError::Overflow));
    }

    #[test]
    fn without_rates_only_goods_freight_and_fee_count() {
        let found = landed(1_000, 200, 30, None).unwrap();
        assert_eq!((found.duty, found.vat, found.total), (0, 0, 1_230));
    }
}
