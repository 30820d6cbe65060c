//! A walk: request after request given to the model and to the product, everything compared after each, and at the end
//! time alone (G15). A walk that fails is made shorter before it is shown.

use crate::counting::DAY;
use crate::generate::{Dice, next};
use crate::order::Order;
use crate::product::{Seen, of_model};
use crate::reference::Model;
use crate::words::{Verdict, What, Who};
use std::collections::BTreeMap;

/// 2026-01-05 01:00 UTC, 09:00 in Shanghai.
pub const START: i64 = 1_767_574_800_000_000;
pub const ACTIONS: usize = 40;
const TEACHER: Who = Who { company: None, role: "teacher" };
/// Longer than any chain of deadlines an order can have.
const LONG: i64 = 400;

/// Where the product runs.
pub trait Ground {
    /// Whether roles, strangers, versions and several currencies are known here.
    const DOOR: bool;
    /// Whether a person plays the carrier.
    fn by_hand(&self) -> bool {
        false
    }
    async fn apply(&mut self, who: Who, what: &What) -> Verdict;
    async fn look(&mut self) -> Seen;
}

pub type Path = Vec<(Who, What)>;

fn start<G: Ground>(ground: &G) -> Model {
    Model { now: START, by_hand: ground.by_hand(), ..Model::default() }
}

/// Walks from a seed; gives the path when it failed, with what failed.
pub async fn walk<G: Ground>(seed: u64, ground: &mut G) -> Result<Model, (Path, String)> {
    let mut dice = Dice(seed);
    let mut model = start(ground);
    let mut path = Path::new();
    for _ in 0..ACTIONS {
        let request = next(&mut dice, &model, &path, G::DOOR);
        path.push(request.clone());
        compare(&mut model, ground, &request).await.map_err(|e| (path.clone(), e))?;
    }
    ends(&mut model, ground).await.map_err(|e| (path, e))?;
    Ok(model)
}

/// Walks a given path.
pub async fn retrace<G: Ground>(path: &[(Who, What)], ground: &mut G) -> Result<(), String> {
    let mut model = start(ground);
    for request in path {
        compare(&mut model, ground, request).await?;
    }
    ends(&mut model, ground).await
}

async fn compare<G: Ground>(model: &mut Model, ground: &mut G, (who, what): &(Who, What)) -> Result<(), String> {
    let (expected, may_repeat) = model.apply(*who, what);
    let got = ground.apply(*who, what).await;
    // A repeat whose result no longer stands may be answered either way: nothing changes.
    let repeat = may_repeat && expected != Verdict::Done && got == Verdict::Already;
    if expected != got && !repeat {
        return Err(format!("the model says {expected:?}, the product {got:?}"));
    }
    let (expected, got) = (of_model(model, G::DOOR), ground.look().await);
    if expected != got {
        return Err(format!(
            "after {got_verdict:?} the states differ\n{}",
            differences(&expected, &got),
            got_verdict = what_name(what)
        ));
    }
    sound(model)
}

fn what_name(what: &What) -> String {
    match what {
        What::Step(order, step, ..) => format!("{step} of order {order}"),
        other => format!("{other:?}"),
    }
}

/// The lines in which two states differ.
fn differences(expected: &Seen, got: &Seen) -> String {
    let (expected, got) = (expected.lines(), got.lines());
    let only = |a: &[String], b: &[String], sign: &str| {
        a.iter().filter(|l| !b.contains(l)).map(|l| format!("  {sign} {l}\n")).collect::<String>()
    };
    only(&expected, &got, "model  ") + &only(&got, &expected, "product")
}

/// Client money is what companies own and what orders hold; nothing is below zero.
fn sound(model: &Model) -> Result<(), String> {
    let mut owed: BTreeMap<&str, i64> = BTreeMap::new();
    model.books.purses.iter().for_each(|((_, _, c), minor)| *owed.entry(c).or_default() += minor);
    model.orders.iter().for_each(|o| *owed.entry(o.terms.currency).or_default() += o.held(|_, _| true).1);
    let bank = |c: &str| model.books.bank.get(c).copied().unwrap_or(0);
    let sound = owed.iter().all(|(c, minor)| bank(c) == *minor) && model.books.purses.values().all(|p| *p >= 0);
    if sound { Ok(()) } else { Err(format!("the model's own books: {:?} for {owed:?}", model.books)) }
}

/// What time alone must have done (G15).
fn ended(model: &Model) -> Result<(), String> {
    let over = |o: &Order| ["closed", "cancelled", "expired"].contains(&o.state) && o.held(|_, _| true).1 == 0;
    match model.orders.iter().position(|o| !over(o) || o.reserve != 0) {
        Some(o) => Err(format!("time alone does not end order {o}: {:?}", model.orders[o])),
        None => Ok(()),
    }
}

/// Time alone brings every order to an end, and nothing stays held.
async fn ends<G: Ground>(model: &mut Model, ground: &mut G) -> Result<(), String> {
    for _ in 0..2 {
        let far = (TEACHER, What::Clock(model.now + LONG * DAY));
        compare(model, ground, &far).await.map_err(|e| format!("while time passes: {e}"))?;
    }
    ended(model)
}

/// Leaves out what is not needed to fail.
pub async fn shrink<G: Ground, F: AsyncFnMut() -> G>(mut path: Path, mut fresh: F) -> (Path, String) {
    let mut why = String::new();
    let mut size = path.len().div_ceil(2).max(1);
    loop {
        let mut at = 0;
        let mut shorter = false;
        while at < path.len() {
            let mut candidate = path.clone();
            candidate.drain(at..(at + size).min(path.len()));
            let mut ground = fresh().await;
            match retrace(&candidate, &mut ground).await {
                Err(still) => (path, why, shorter) = (candidate, still, true),
                Ok(()) => at += size,
            }
        }
        if size == 1 && !shorter {
            return (path, why);
        }
        size = if shorter { size } else { size.div_ceil(2) };
    }
}

/// How a failed walk is shown.
pub fn told(seed: u64, ground: &str, path: &Path, why: &str) -> String {
    let steps: String =
        path.iter().map(|(who, what)| format!("  {}:{} {what:?}\n", who.role, who.company.unwrap_or(0))).collect();
    format!("SEED={seed} on {ground}: {why}\nshortest path found:\n{steps}")
}
