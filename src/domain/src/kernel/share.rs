//! Parts of a whole: basis points, and splitting an amount without losing a cent.
//!
//! Promises that the parts of a split add up to the whole, always (MON-10). Refuses negative shares.

use serde::{Deserialize, Serialize};

use super::few::Few;
use super::money::MoneyError;

/// Holds the parts of a split, in the order of their weights.
pub type Parts = Few<i64, 4>;

/// Counts hundredths of a percent: 10,000 is the whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Bps(pub i64);

impl Bps {
    /// The whole: 10,000 basis points.
    pub const WHOLE: Self = Self(10_000);

    /// Takes this share of an amount in minor units, rounded half up once; an overflow or a negative input is an error.
    pub fn of(self, minor: i64) -> Result<i64, MoneyError> {
        if self.0 < 0 || minor < 0 {
            return Err(MoneyError::Negative);
        }
        // Nearly all amounts fit 64 bits, where division is several times faster.
        if let Some(exact) = minor.checked_mul(self.0).and_then(|exact| exact.checked_add(5_000)) {
            return Ok(exact / 10_000);
        }
        let exact = i128::from(minor) * i128::from(self.0);
        i64::try_from((exact + 5_000) / 10_000).map_err(|_| MoneyError::Overflow)
    }
}

/// Splits `total` in proportion to `weights` by largest remainder: parts are whole minor units and add up to `total`.
///
/// Ties go to the earlier part. When all weights are zero the last part takes everything. Negative input or no
/// weights at all is an error (MON-10).
pub fn split_largest_remainder(total: i64, weights: &[i64]) -> Result<Parts, MoneyError> {
    if total < 0 || weights.iter().any(|weight| *weight < 0) {
        return Err(MoneyError::Negative);
    }
    let Some(last) = weights.len().checked_sub(1) else {
        return Err(MoneyError::NothingToSplitOver);
    };
    if last == 0 {
        return Ok(Parts::filled(total, 1));
    }
    let sum: i128 = weights.iter().map(|weight| i128::from(*weight)).sum();
    let mut parts = Parts::filled(0, weights.len());
    if sum == 0 {
        parts.last_mut().into_iter().for_each(|part| *part = total);
        return Ok(parts);
    }
    let mut remainders: Few<(std::cmp::Reverse<i128>, usize), 4> = Few::new();
    let mut given = 0_i128;
    for (index, (part, weight)) in parts.iter_mut().zip(weights).enumerate() {
        let (whole, remainder) = divide(total, *weight, sum)?;
        given += i128::from(whole);
        *part = whole;
        remainders.push((std::cmp::Reverse(remainder), index));
    }
    let missing = usize::try_from(i128::from(total) - given).map_err(|_| MoneyError::Overflow)?;
    if missing > 0 {
        remainders.sort_unstable();
    }
    for (_, index) in remainders.iter().take(missing) {
        if let Some(part) = parts.get_mut(*index) {
            *part += 1;
        }
    }
    Ok(parts)
}

/// Divides `total * weight` by `sum`, in 64 bits where they suffice: division there is several times faster.
fn divide(total: i64, weight: i64, sum: i128) -> Result<(i64, i128), MoneyError> {
    if let (Some(exact), Ok(small)) = (total.checked_mul(weight), i64::try_from(sum)) {
        return Ok((exact / small, i128::from(exact % small)));
    }
    let exact = i128::from(total) * i128::from(weight);
    Ok((i64::try_from(exact / sum).map_err(|_| MoneyError::Overflow)?, exact % sum))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_share_is_rounded_half_up_once() {
        assert_eq!(Bps(299).of(300_000), Ok(8_970));
        assert_eq!(Bps(1).of(5_000), Ok(1));
        assert_eq!(Bps(1).of(4_999), Ok(0));
        assert_eq!(Bps::WHOLE.of(i64::MAX), Ok(i64::MAX));
        assert_eq!(Bps(10_001).of(i64::MAX), Err(MoneyError::Overflow));
        assert_eq!(Bps(-1).of(1), Err(MoneyError::Negative));
    }

    #[test]
    fn a_cent_that_cannot_be_divided_goes_to_the_largest_remainder() {
        let split = |total, weights: &[i64]| split_largest_remainder(total, weights).unwrap();
        assert_eq!(split(100, &[1, 1, 1]), [34, 33, 33]);
        assert_eq!(split(10, &[1, 2, 4]), [1, 3, 6]);
        assert_eq!(split(7, &[0, 0]), [0, 7]);
        assert_eq!(split(7, &[0]), [7]);
    }

    #[test]
    fn splitting_over_nothing_or_below_zero_is_refused() {
        assert_eq!(split_largest_remainder(7, &[]), Err(MoneyError::NothingToSplitOver));
        assert_eq!(split_largest_remainder(-7, &[1]), Err(MoneyError::Negative));
        assert_eq!(split_largest_remainder(7, &[1, -1]), Err(MoneyError::Negative));
    }

    proptest! {
        #[test]
        fn the_parts_always_add_up_to_the_whole(total in 0..=i64::MAX, weights in prop::collection::vec(0..=i64::MAX, 1..12)) {
            let parts = split_largest_remainder(total, &weights).unwrap();

            prop_assert_eq!(parts.len(), weights.len());
            prop_assert!(parts.iter().all(|part| *part >= 0));
            prop_assert_eq!(parts.iter().map(|part| i128::from(*part)).sum::<i128>(), i128::from(total));
        }

        #[test]
        fn no_part_is_off_by_a_whole_unit(total in 0..1_000_000_000_i64, weights in prop::collection::vec(1..1_000_000_i64, 1..12)) {
            let parts = split_largest_remainder(total, &weights).unwrap();

            let sum: i128 = weights.iter().map(|w| i128::from(*w)).sum();
            for (part, weight) in parts.iter().zip(&weights) {
                let exact = i128::from(total) * i128::from(*weight);
                prop_assert!((i128::from(*part) * sum - exact).abs() < sum);
            }
        }
    }
}
