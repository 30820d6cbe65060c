//! What a walk does next: mostly something the order is ripe for, often something it is not.

use crate::counting::{DAY, day};
use crate::order::Order;
use crate::reference::Model;
use crate::words::{Terms, TermsStage, Told, What, Who};

/// SplitMix64: a counter and a mixer, so that a seed gives the same walk everywhere.
pub struct Dice(pub u64);

impl Dice {
    pub fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) % sides as u64) as usize
    }
    fn within(&mut self, low: i64, high: i64) -> i64 {
        low + self.roll((high - low + 1) as usize) as i64
    }
    fn chance(&mut self, percent: usize) -> bool {
        self.roll(100) < percent
    }
    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.roll(from.len())]
    }
}

/// Every step but the draft itself.
pub const STEPS: [&str; 28] = [
    "order.revise",
    "order.discard",
    "order.offer",
    "order.counter",
    "order.accept",
    "order.withdraw",
    "order.decline",
    "order.expire_offer",
    "stage.fund",
    "stage.fall_due",
    "stage.lapse",
    "order.cancel_for_default",
    "shipment.dispatch",
    "shipment.track",
    "shipment.deliver",
    "shipment.assume_delivered",
    "shipment.accept",
    "shipment.auto_accept",
    "shipment.extend_acceptance",
    "amendment.propose",
    "cancellation.propose",
    "extension.propose",
    "proposal.accept",
    "proposal.decline",
    "proposal.withdraw",
    "proposal.lapse",
    "order.late_cancel",
    "order.close",
];

/// The next request. `door` says whether the ground knows roles, strangers, versions and foreign currencies.
pub fn next(dice: &mut Dice, model: &Model, past: &[(Who, What)], door: bool) -> (Who, What) {
    if model.orders.is_empty() && past.len() < 2 {
        let company = if past.is_empty() { 1 } else { 2 };
        return (owner(company), What::PayIn("USD", dice.pick(&[2_000_000, 300_000, 50_000_000])));
    }
    let roll = dice.roll(100);
    if !past.is_empty() && roll < 6 {
        return past[past.len() - 1 - dice.roll(past.len().min(8))].clone();
    }
    let alive: Vec<usize> = (0..model.orders.len()).filter(|o| !over(&model.orders[*o])).collect();
    match roll {
        6..11 => purse(dice, model, door),
        11..26 => (teacher(dice, door), What::Clock(moment(dice, model))),
        _ if model.orders.len() < 4 && (alive.is_empty() || roll < 28) => draft(dice, model, door),
        26..30 if !model.orders.is_empty() => {
            let at = dice.roll(model.orders.len());
            step(dice, model, at, door)
        }
        _ if alive.is_empty() => purse(dice, model, door),
        _ => {
            let at = dice.pick(&alive);
            step(dice, model, at, door)
        }
    }
}

fn over(order: &Order) -> bool {
    ["closed", "cancelled", "expired"].contains(&order.state)
}

fn owner(company: u8) -> Who {
    Who { company: Some(company), role: "owner" }
}

fn teacher(dice: &mut Dice, door: bool) -> Who {
    let role = if door && dice.chance(10) { dice.pick(&["support", "owner", "carrier", "admin"]) } else { "teacher" };
    Who { company: if role == "owner" { Some(1) } else { None }, role }
}

/// Somebody for a side: its owner mostly; behind a door also its clerks, and those it does not concern.
fn somebody(dice: &mut Dice, company: u8, door: bool) -> Who {
    let company = if dice.chance(10) { dice.pick(&[1, 2]) } else { company };
    if !door || dice.chance(70) {
        return owner(company);
    }
    match dice.roll(12) {
        0..4 => Who { company: Some(company), role: "trader" },
        4..6 => Who { company: Some(company), role: "finance" },
        6 => Who { company: Some(company), role: "viewer" },
        7 => owner(3),
        8 => Who { company: Some(3), role: "finance" },
        _ => Who { company: None, role: dice.pick(&["admin", "support", "teacher", "carrier"]) },
    }
}

fn amount(dice: &mut Dice, fair: i64) -> i64 {
    match dice.roll(12) {
        0 => -1,
        1 => 0,
        2 => i64::MAX,
        3 => fair.saturating_add(1),
        4 => 1,
        _ => fair,
    }
}

fn purse(dice: &mut Dice, model: &Model, door: bool) -> (Who, What) {
    let company = dice.pick(&[1, 2]);
    let who = if door { somebody(dice, company, door) } else { owner(company) };
    let currency = if door { dice.pick(&["USD", "USD", "USD", "CNY"]) } else { "USD" };
    let who = if who.company.is_none() { owner(company) } else { who };
    if dice.chance(50) {
        let fair = dice.within(1, 2_000_000);
        return (who, What::PayIn(currency, amount(dice, fair)));
    }
    let have = model.books.purse(who.company.unwrap(), "seller", currency);
    let fair = if dice.chance(50) { have } else { have / 3 };
    (who, What::Withdraw(currency, amount(dice, fair)))
}

/// Hours, days, exactly the next deadline, just before it, far ahead, and sometimes back.
fn moment(dice: &mut Dice, model: &Model) -> i64 {
    let next = model.orders.iter().flat_map(|o| o.deadlines().into_values()).min().unwrap_or(model.now + DAY);
    match dice.roll(40) {
        0..16 => model.now + dice.within(1, 23) * DAY / 24,
        16..23 => model.now + dice.within(1, 3) * DAY,
        23..31 => next.max(model.now),
        31..33 => (next - 1).max(model.now),
        33..36 => model.now + dice.within(4, 16) * DAY,
        36 => model.now + dice.within(0, 400) * DAY,
        _ => model.now - dice.within(0, DAY),
    }
}

fn terms(dice: &mut Dice, now: i64, buyer: u8) -> Terms {
    let stage = |kind, trigger, share, only| TermsStage { kind, trigger, share, only };
    let shipments = dice.pick(&[1, 1, 2, 2, 3]);
    let scale = dice.pick(&[100_000, 100_000, 30_000, 7, 1]);
    let goods: Vec<i64> = (0..shipments).map(|_| dice.within(1, scale)).collect();
    let share = dice.pick(&[3_000, 3_000, 3_333, 1, 9_999]);
    let before = |share| stage("balance", "before_dispatch", share, None);
    let mut stages = match dice.roll(9) {
        0 => vec![before(10_000)],
        1 => vec![stage("deposit", "agreed", 10_000, None)],
        2 => vec![stage("deposit", "agreed", share, None), stage("balance", "bl_copy", 10_000 - share, None)],
        3 => vec![stage("deposit", "agreed", 2_500, None), before(6_500), stage("retention", "delivered", 1_000, None)],
        4 => vec![stage("deposit", "agreed", 3_000, None), before(3_000), stage("balance", "delivered", 4_000, None)],
        5 => vec![
            stage("deposit", "agreed", 1_111, None),
            stage("balance", "before_dispatch", 2_222, Some(0)),
            stage("balance", "bl_copy", 6_667, Some(shipments - 1)),
        ],
        _ => vec![stage("deposit", "agreed", share, None), before(10_000 - share)],
    };
    if dice.chance(6) {
        stages[0].share = dice.pick(&[0, -1, 10_001, 2_999]);
    }
    let day_of = |dice: &mut Dice| day(now) + dice.pick(&[0, 2, 9, 12, 15, 20, 20, 30, 30, 45]);
    let extra = if dice.chance(30) { dice.within(-5, 5_000) } else { 0 };
    let ship_by = (0..shipments).map(|_| day_of(dice)).collect();
    let (acceptance, window) = (dice.pick(&[3, 3, 15, 15, 30, 2, 31]), dice.pick(&[0, 0, 7, 30, 30, 31]));
    let deposit_days = dice.pick(&[1, 10, 10, 90, 0]);
    let bad = dice.chance(90);
    Terms {
        buyer,
        seller: 3 - buyer,
        currency: "USD",
        goods,
        extra,
        ship_by,
        stages,
        acceptance: if bad { acceptance.clamp(3, 30) } else { acceptance },
        window: if bad { window.min(30) } else { window },
        deposit_days: if bad { deposit_days.max(1) } else { deposit_days },
        measured: dice.chance(94),
    }
}

fn draft(dice: &mut Dice, model: &Model, door: bool) -> (Who, What) {
    let buyer = dice.pick(&[1, 1, 1, 2]);
    let company = dice.pick(&[1, 2]);
    let mut drafted = terms(dice, model.now, buyer);
    if door && dice.chance(5) {
        drafted.currency = "CNY";
    }
    (somebody(dice, company, door), What::Draft(drafted))
}

/// What the order is ripe for, some of it more often.
fn ripe(dice: &mut Dice, order: &Order, today: i64) -> &'static str {
    let shipped = |state| order.shipments.iter().filter(|s| s.state == state).count();
    let unpaid = order.stages.iter().filter(|s| ["planned", "due"].contains(&s.state)).count();
    let late = order.shipments.iter().any(|s| s.state == "planned" && s.ship_by < today);
    let lapsed = order.stages.iter().any(|s| s.state == "lapsed");
    let proposals = [(2, "amendment.propose"), (1, "cancellation.propose"), (2, "extension.propose")];
    let mut steps = match order.state {
        "draft" => vec![(16, "order.offer"), (3, "order.revise"), (1, "order.discard")],
        "offered" => {
            vec![(16, "order.accept"), (3, "order.counter"), (1, "order.decline"), (1, "order.withdraw")]
        }
        "agreed" => vec![(16, "stage.fund")],
        "active" => vec![
            (5 * unpaid, "stage.fund"),
            (8 * shipped("planned"), "shipment.dispatch"),
            (4 * shipped("dispatched"), "shipment.track"),
            (6 * shipped("dispatched"), "shipment.deliver"),
            (9 * shipped("delivered"), "shipment.accept"),
            (4 * shipped("delivered"), "shipment.extend_acceptance"),
            (if late { 8 } else { 1 }, "order.late_cancel"),
            (if lapsed { 8 } else { 1 }, "order.cancel_for_default"),
        ],
        _ => vec![(1, "stage.fund"), (1, "order.close"), (1, "shipment.accept")],
    };
    if ["agreed", "active"].contains(&order.state) {
        steps.extend(proposals);
    }
    if order.proposal.is_some() {
        steps.extend([(12, "proposal.accept"), (2, "proposal.decline"), (2, "proposal.withdraw")]);
    }
    let mut at = dice.roll(steps.iter().map(|s| s.0).sum());
    for (weight, step) in steps {
        if at < weight {
            return step;
        }
        at -= weight;
    }
    unreachable!("the weights add up")
}

/// The part a step is about: one it fits if there is one.
fn part(dice: &mut Dice, order: &Order, name: &str) -> i64 {
    let states: &[&str] = match name {
        "stage.fund" => &["planned", "due"],
        "shipment.dispatch" | "extension.propose" | "amendment.propose" => &["planned"],
        "shipment.track" | "shipment.deliver" => &["dispatched"],
        "shipment.accept" | "shipment.extend_acceptance" => &["delivered"],
        _ => &[],
    };
    let all: Vec<&str> = match name.starts_with("stage.") {
        true => order.stages.iter().map(|s| s.state).collect(),
        false => order.shipments.iter().map(|s| s.state).collect(),
    };
    let fit: Vec<i64> = (1..).zip(&all).filter(|(_, state)| states.contains(state)).map(|(i, _)| i).collect();
    match dice.roll(25) {
        0 => dice.pick(&[0, -1, 99, i64::from(i32::MAX)]),
        1..22 if !fit.is_empty() => dice.pick(&fit),
        _ => dice.within(1, all.len().max(1) as i64),
    }
}

fn step(dice: &mut Dice, model: &Model, at: usize, door: bool) -> (Who, What) {
    let order = &model.orders[at];
    let name = if dice.chance(12) { dice.pick(&STEPS) } else { ripe(dice, order, day(model.now)) };
    let (buyer, seller) = (order.terms.buyer, order.terms.seller);
    let other = |company: Option<u8>| company.map(|c| if c == buyer { seller } else { buyer });
    let company = match name {
        "order.offer" | "order.revise" | "order.discard" | "order.withdraw" => order.by,
        "order.counter" | "order.accept" | "order.decline" => other(order.by),
        "proposal.accept" | "proposal.decline" => other(order.proposal.as_ref().and_then(|p| p.0)),
        "proposal.withdraw" => order.proposal.as_ref().and_then(|p| p.0),
        "shipment.dispatch" | "order.cancel_for_default" => Some(seller),
        "stage.fund" | "shipment.accept" | "shipment.deliver" | "order.late_cancel" => Some(buyer),
        _ => None,
    };
    let company = company.unwrap_or_else(|| dice.pick(&[buyer, seller]));
    let mut who = somebody(dice, company, door);
    if name == "shipment.track" && dice.chance(80) || name == "shipment.deliver" && dice.chance(50) {
        who = Who { company: None, role: "carrier" };
    }
    let reports = name == "shipment.track" || name == "shipment.deliver";
    if dice.chance(3) && !(reports && model.by_hand) {
        who = Who { company: None, role: "system" };
    }
    let version = match dice.roll(12) {
        0 if door => Some(order.version - 1),
        1..4 if door => Some(order.version),
        _ => None,
    };
    let mut told = told(dice, model, order, name);
    if who.role == "system" {
        told.milestone = 0;
    }
    (who, What::Step(at, name, told, version))
}

fn told(dice: &mut Dice, model: &Model, order: &Order, name: &str) -> Told {
    let mut told = Told::default();
    if ["stage", "shipment", "extension", "amendment"].contains(&name.split('.').next().unwrap_or_default()) {
        told.part = part(dice, order, name);
    }
    match name {
        "order.offer" => told.days = dice.pick(&[15, 15, 15, 15, 15, 15, 15, 15, 1, 90, 90, 90, 0, 91, -1]),
        "order.revise" | "order.counter" => {
            let mut new = Terms { seller: order.terms.seller, ..terms(dice, model.now, order.terms.buyer) };
            match dice.roll(20) {
                0 => new.buyer = 3,
                1 => new.seller = 3,
                _ => {}
            }
            told.terms = Some(new);
            told.days = if name == "order.counter" { dice.pick(&[15, 15, 3, 0]) } else { 0 };
        }
        "order.accept" => {
            told.offer = if dice.chance(8) { order.offers - 1 } else { order.offers };
            told.flawed = dice.chance(5);
        }
        "stage.fund" => told.card = dice.chance(40),
        "shipment.dispatch" => {
            told.days = dice.pick(&[12, 12, 1, 30, 120, 0, 121]);
            told.flawed = dice.chance(5);
        }
        "shipment.track" => told.milestone = dice.roll(6),
        "extension.propose" => told.days = dice.pick(&[5, 5, 30, 90, 91, 0, -1]),
        "amendment.propose" => {
            told.days = day(model.now) + dice.within(-1, 60);
            told.flawed = dice.chance(5);
        }
        "cancellation.propose" => {
            let held = order.stages.iter().map(|s| s.sum(|c| c.held)).sum::<i64>();
            let fair = dice.pick(&[held, held / 2, held / 3, 0]);
            told.minor = amount(dice, fair);
        }
        "order.cancel_for_default" => {
            let deposit = order.stages.first().map_or(0, |s| s.sum(|c| c.amount));
            let fair = dice.pick(&[0, deposit / 5, deposit / 7]);
            told.minor = amount(dice, fair);
        }
        _ => {}
    }
    told
}
