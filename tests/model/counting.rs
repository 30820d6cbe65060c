//! What the model counts with: days of the market, basis points, shares that add up; and what terms come to.

use crate::words::Terms;

pub const DAY: i64 = 86_400_000_000;
const ZONE: i64 = 8 * 3_600_000_000;

/// Market days are counted in Shanghai and end there at 24:00.
pub fn day(at: i64) -> i64 {
    (at + ZONE).div_euclid(DAY)
}

pub fn end(day: i64) -> i64 {
    (day + 1) * DAY - ZONE
}

/// Basis points of an amount, half upwards.
pub fn bps(amount: i64, points: i64) -> i64 {
    ((i128::from(amount) * i128::from(points) + 5_000) / 10_000) as i64
}

/// Shares that add up to the whole: floors, then one more for the largest remainders, the first of equals first.
pub fn split(whole: i64, weights: &[i64]) -> Vec<i64> {
    let sum = weights.iter().map(|w| i128::from(*w)).sum::<i128>().max(1);
    let part = |w: i64| i128::from(whole) * i128::from(w);
    let mut shares: Vec<i64> = weights.iter().map(|w| (part(*w) / sum) as i64).collect();
    let mut order: Vec<usize> = (0..weights.len()).collect();
    order.sort_by_key(|i| (std::cmp::Reverse(part(weights[*i]) % sum), *i));
    let missing = whole - shares.iter().sum::<i64>();
    order.into_iter().take(missing as usize).for_each(|i| shares[i] += 1);
    shares
}

/// A stage laid out: its place in the terms, the one shipment it pays for, its part for each shipment.
pub type Laid = (usize, Option<usize>, Vec<i64>);

/// What each shipment is worth, and each stage's part for each shipment; a balance becomes one stage for each.
pub fn plan(terms: &Terms) -> (Vec<i64>, Vec<Laid>) {
    let extra = split(terms.extra.abs(), &terms.goods);
    let values: Vec<i64> = terms.goods.iter().zip(extra).map(|(g, e)| g + e * terms.extra.signum()).collect();
    let shares: Vec<i64> = terms.stages.iter().map(|s| s.share).collect();
    let amounts = split(values.iter().sum(), &shares);
    let mut planned = Vec::new();
    for (at, (s, amount)) in terms.stages.iter().zip(amounts).enumerate() {
        let parts = split(amount, &values);
        let alone = |i: usize, part| (0..values.len()).map(|n| if n == i { part } else { 0 }).collect();
        match (s.only, s.kind) {
            (Some(i), _) => planned.push((at, s.only, alone(i, amount))),
            (_, "balance") => planned.extend((0..).zip(parts).map(|(i, part)| (at, Some(i), alone(i, part)))),
            _ => planned.push((at, None, parts)),
        }
    }
    (values, planned)
}

pub fn valid(terms: &Terms) -> bool {
    let shares = |kind: &str| terms.stages.iter().filter(|s| s.kind.ends_with(kind)).map(|s| s.share).sum::<i64>();
    let (first, (values, stages)) = (&terms.stages[0], plan(terms));
    terms.buyer != terms.seller
        && terms.goods.iter().all(|g| *g > 0)
        && terms.stages.iter().all(|s| s.share > 0 && (s.kind == "deposit") == (s.trigger == "agreed"))
        && (first.kind == "deposit" || first.trigger == "before_dispatch")
        && terms.stages[1..].iter().all(|s| s.kind != "deposit")
        && (shares(""), shares("retention") <= 1_000) == (10_000, true)
        && (3..=30).contains(&terms.acceptance)
        && (0..=30).contains(&terms.window)
        && (1..=90).contains(&terms.deposit_days)
        && values.iter().all(|value| *value >= 0)
        && stages.iter().all(|stage| stage.2.iter().sum::<i64>() > 0)
}
