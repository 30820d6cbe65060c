//! The reference model's order: stages, shipments, offers and proposals as plain data, and what each step does to them.
//! Deadlines are no rows here but a function of where the order stands.

use crate::counting::{Laid, bps, day, end, plan, split, valid};
use crate::words::Verdict::{Conflict, Invalid, NotAllowed};
use crate::words::{Terms, Told, Verdict, Who};
use std::collections::{BTreeMap, BTreeSet};

pub const CLOCK: Who = Who { company: None, role: "system" };
pub type Judged = Result<(), Verdict>;
pub type Name = &'static str;

pub fn must(holds: bool, or: Verdict) -> Judged {
    if holds { Ok(()) } else { Err(or) }
}

/// The part of a stage that belongs to one shipment.
#[derive(Clone, Debug, Default)]
pub struct Cell {
    pub amount: i64,
    pub held: i64,
    pub released: i64,
    pub refunded: i64,
}
#[derive(Clone, Debug)]
pub struct Stage {
    pub kind: Name,
    pub trigger: Name,
    pub only: Option<usize>,
    pub state: Name,
    pub cells: Vec<Cell>,
    opens: i64,
    pub lapses: i64,
}
#[derive(Clone, Debug, Default)]
pub struct Shipment {
    pub state: Name,
    pub ship_by: i64,
    pub value: i64,
    /// Days the ship-by date was moved; the last day on which something that must come first was paid.
    moved: i64,
    paid: i64,
    /// When it was dispatched, and delivered.
    since: i64,
    eta: i64,
    pub milestones: usize,
    extended: BTreeSet<Option<u8>>,
}
#[derive(Clone, Debug, Default)]
pub struct Order {
    pub terms: Terms,
    pub state: Name,
    pub version: i64,
    pub offers: i64,
    pub stages: Vec<Stage>,
    pub shipments: Vec<Shipment>,
    pub reserve: i64,
    pub penalties: i64,
    /// Who drafted or made the last offer; until when it stands; when the draft was written, the order completed.
    pub by: Option<u8>,
    pub until: i64,
    pub since: i64,
    /// The carrier is a person; otherwise the clock reports for it.
    pub by_hand: bool,
    pub proposal: Option<(Option<u8>, Name, Told, i64)>,
    pub done: Vec<(Who, Name, Told)>,
}
/// Purses by company, name and currency; client money at the bank.
#[derive(Clone, Debug, Default)]
pub struct Books {
    pub purses: BTreeMap<(u8, Name, Name), i64>,
    pub bank: BTreeMap<Name, i64>,
}
impl Books {
    pub fn purse(&self, company: u8, purse: Name, currency: Name) -> i64 {
        self.purses.get(&(company, purse, currency)).copied().unwrap_or(0)
    }
    pub fn add(&mut self, company: u8, purse: Name, currency: Name, minor: i64, bank: i64) {
        *self.purses.entry((company, purse, currency)).or_default() += minor;
        *self.bank.entry(currency).or_default() += bank;
    }
}

impl Stage {
    pub fn sum(&self, of: fn(&Cell) -> i64) -> i64 {
        self.cells.iter().map(of).sum()
    }
    fn unpaid(&self) -> bool {
        ["planned", "due", "lapsed"].contains(&self.state)
    }
    fn reaches(&self, i: usize) -> bool {
        self.only.is_none_or(|only| only == i)
    }
}

impl Order {
    /// Every open deadline: step and part, and when it fires.
    pub fn deadlines(&self) -> BTreeMap<(Name, i64), i64> {
        let mut open = BTreeMap::new();
        let mut put = |step, part: usize, due| open.insert((step, part as i64), due);
        match self.state {
            "draft" => put("order.discard", 0, end(day(self.since) + 90)),
            "offered" => put("order.expire_offer", 0, self.until),
            "completed" => put("order.close", 0, end(day(self.since) + self.terms.window)),
            _ => None,
        };
        for (i, s) in (1..).zip(&self.stages) {
            match (s.state, s.trigger) {
                ("due", _) => put("stage.lapse", i, s.lapses),
                ("planned", "before_dispatch") if self.state == "active" => put("stage.fall_due", i, s.opens),
                _ => None,
            };
        }
        for (i, s) in (1..).zip(&self.shipments) {
            let next = s.milestones as i64 + 1;
            let accept = day(s.since) + self.terms.acceptance + 15 * s.extended.len() as i64;
            match s.state {
                "planned" if self.state == "active" => put("order.late_cancel", i, end(s.ship_by.max(s.paid) + 30)),
                "dispatched" if self.by_hand => None,
                "dispatched" if next < 6 => put("shipment.track", i, s.since + (end(s.eta) - s.since) / 6 * next),
                "dispatched" => put("shipment.deliver", i, end(s.eta)),
                "delivered" => put("shipment.auto_accept", i, end(accept)),
                _ => None,
            };
            if s.state == "dispatched" {
                put("shipment.assume_delivered", i, end(s.eta + 30));
            }
        }
        self.proposal.as_ref().map(|p| put("proposal.lapse", 0, p.3));
        open
    }

    /// Moves held money of a cell: to the seller less its cuts (a sale also feeds guarantee and reserve), and back.
    fn settle(&mut self, books: &mut Books, (s, i): (usize, usize), release: i64, refund: i64, sale: bool) {
        let (fee, currency, seller) = (bps(release, 200), self.terms.currency, self.terms.seller);
        let (premium, kept) = if sale { (bps(release, 30), bps(release, 500)) } else { (0, 0) };
        books.add(seller, "seller", currency, release - fee - premium - kept, -fee - premium);
        books.add(seller, "reserve", currency, kept, 0);
        books.add(self.terms.buyer, "buyer", currency, refund, 0);
        self.reserve += kept;
        let stage = &mut self.stages[s];
        let cell = &mut stage.cells[i];
        cell.held -= release + refund;
        cell.released += release;
        cell.refunded += refund;
        stage.state = match (stage.sum(|c| c.held) > 0, stage.sum(|c| c.released) > 0, stage.sum(|c| c.refunded) > 0) {
            (true, false, false) => "funded",
            (true, ..) => "partly_released",
            (_, _, false) => "released",
            (_, false, _) => "refunded",
            _ => "split",
        };
    }
    /// Cells that hold money, of stages and shipments of one's choice; and what they hold together.
    pub fn held(&self, which: impl Fn(&Stage, usize) -> bool) -> (Vec<(usize, usize)>, i64) {
        let all = (0..self.shipments.len()).flat_map(|i| (0..self.stages.len()).map(move |s| (s, i)));
        let held = |s: usize, i: usize| self.stages[s].cells[i].held;
        let cells: Vec<_> = all.filter(|(s, i)| held(*s, *i) > 0 && which(&self.stages[*s], *i)).collect();
        let sum = cells.iter().map(|(s, i)| held(*s, *i)).sum();
        (cells, sum)
    }
    fn release(&mut self, books: &mut Books, which: impl Fn(&Stage, usize) -> bool) {
        for (s, i) in self.held(which).0 {
            self.settle(books, (s, i), self.stages[s].cells[i].held, 0, true);
        }
    }
    /// Goods that a cancellation reaches: not dispatched; for the buyer's default also those whose papers are unpaid.
    fn at_hand(&self, default: bool) -> Vec<bool> {
        let papers = |i| self.stages.iter().any(|s| s.trigger == "bl_copy" && s.only == Some(i) && s.state == "lapsed");
        let reached =
            |(i, s): (usize, &Shipment)| s.state == "planned" || default && s.state == "dispatched" && papers(i);
        self.shipments.iter().enumerate().map(reached).collect()
    }
    /// Cancels what is at hand: the seller keeps a part of its money (in default of the deposit's), the rest goes back.
    fn cancel(&mut self, books: &mut Books, keep: i64, default: bool, now: i64) {
        let reached = self.at_hand(default);
        let cells = self.held(|_, i| reached[i]).0;
        let held = |(s, i): &(usize, usize)| self.stages[*s].cells[*i].held;
        let weight = |c: &(usize, usize)| if default && self.stages[c.0].kind != "deposit" { 0 } else { held(c) };
        let kept = split(keep, &cells.iter().map(weight).collect::<Vec<_>>());
        let moves: Vec<_> = cells.iter().zip(kept).map(|(c, kept)| (*c, kept, held(c) - kept)).collect();
        moves.into_iter().for_each(|(cell, kept, back)| self.settle(books, cell, kept, back, false));
        for i in (0..reached.len()).filter(|i| reached[*i]) {
            self.shipments[i].state = "cancelled";
            self.stages.iter_mut().filter(|s| s.unpaid()).for_each(|s| s.cells[i].amount = 0);
        }
        let idle = |s: &&mut Stage| s.unpaid() && s.sum(|c| c.amount) == 0;
        self.stages.iter_mut().filter(idle).for_each(|s| s.state = "lapsed");
        self.complete(books, now);
    }
    /// Once nothing is on its way and nothing more is due, the order is completed, or cancelled if nothing was accepted.
    fn complete(&mut self, books: &mut Books, now: i64) {
        let any = |states: &[&str]| self.shipments.iter().any(|s| states.contains(&s.state));
        let waits = any(&["planned", "dispatched", "delivered"]) || self.stages.iter().any(|s| s.state == "due");
        match (waits, any(&["accepted", "auto_accepted"])) {
            (true, _) => {}
            (_, true) => (self.state, self.since, self.proposal) = ("completed", now, None),
            _ => self.finish(books, "cancelled"),
        }
    }
    fn finish(&mut self, books: &mut Books, state: Name) {
        books.add(self.terms.seller, "reserve", self.terms.currency, -self.reserve, 0);
        books.add(self.terms.seller, "seller", self.terms.currency, self.reserve, 0);
        (self.state, self.reserve, self.proposal) = (state, 0, None);
    }
    fn fall_due(&mut self, trigger: &str, i: usize, lapses: i64) {
        let meant = |s: &&mut Stage| s.state == "planned" && s.trigger == trigger && s.reaches(i);
        self.stages.iter_mut().filter(meant).for_each(|s| (s.state, s.lapses) = ("due", lapses));
    }
    fn owes(&self, i: usize) -> bool {
        self.stages.iter().any(|s| s.trigger == "before_dispatch" && s.only == Some(i) && s.unpaid())
    }
    fn timely(&self, now: i64) -> Judged {
        must(self.terms.ship_by.iter().all(|s| *s >= day(now)), Invalid)
    }

    pub fn deal(&mut self, books: &mut Books, who: Who, name: &str, told: &Told, now: i64) -> Judged {
        let (needs, own) = match name {
            "revise" | "discard" | "offer" => ("draft", true),
            "counter" | "accept" | "decline" | "withdraw" | "expire_offer" => ("offered", name == "withdraw"),
            _ => (if name == "close" { "completed" } else { "active" }, true),
        };
        must(self.state == needs, Conflict)?;
        must(needs == "active" || who == CLOCK || (who.company == self.by) == own, NotAllowed)?;
        if let "revise" | "counter" = name {
            let (new, old) = (told.terms.as_ref().filter(|t| valid(t)).ok_or(Invalid)?, &self.terms);
            let sides = [new.buyer == old.buyer, new.seller == old.seller, new.currency == old.currency];
            let mine = if who.company == Some(old.buyer) { sides[0] } else { sides[1] };
            must(if name == "revise" { mine } else { sides == [true; 3] }, Invalid)?;
            (self.terms, self.since) = (new.clone(), now);
        }
        match name {
            "revise" => {}
            "offer" | "counter" => {
                self.timely(now)?;
                must(self.terms.measured, Invalid)?;
                must((1..=90).contains(&told.days), Invalid)?;
                (self.state, self.by, self.until) = ("offered", who.company, end(day(now) + told.days));
                self.offers += 1;
            }
            "accept" => {
                must(told.offer == self.offers && !told.flawed, Conflict)?;
                self.timely(now)?;
                self.lay_out();
                (self.state, self.stages[0].state) = ("agreed", "due");
                self.stages[0].lapses = end(day(now) + self.terms.deposit_days);
            }
            "close" => {
                self.release(books, |_, _| true);
                self.finish(books, "closed");
            }
            "late_cancel" => {
                let late = |(i, s): (usize, &Shipment)| {
                    s.state == "planned" && day(now) > s.ship_by.max(s.paid) && (who == CLOCK || !self.owes(i))
                };
                must(self.shipments.iter().enumerate().any(late), Conflict)?;
                self.cancel(books, 0, false, now);
            }
            "cancel_for_default" => {
                let (reached, deposit) = (self.at_hand(true), &self.stages[0]);
                let owed = |i| self.stages.iter().any(|s| s.state == "lapsed" && s.reaches(i));
                must((0..reached.len()).any(|i| reached[i] && owed(i)), Conflict)?;
                let most = if deposit.kind == "deposit" { bps(deposit.sum(|c| c.amount), 2_000) } else { 0 };
                let held = self.held(|s, i| s.kind == "deposit" && reached[i]).1;
                must((0..=held.min(most - self.penalties)).contains(&told.minor), Invalid)?;
                self.penalties += told.minor;
                self.cancel(books, told.minor, true, now);
            }
            _ => self.finish(books, if name == "expire_offer" { "expired" } else { "cancelled" }),
        }
        Ok(())
    }
    fn lay_out(&mut self) {
        let ((values, stages), terms) = (plan(&self.terms), &self.terms);
        let shipment =
            |(v, by): (&i64, &i64)| Shipment { state: "planned", ship_by: *by, value: *v, ..Shipment::default() };
        self.shipments = values.iter().zip(&terms.ship_by).map(shipment).collect();
        let stage = |(at, only, parts): Laid| {
            let (kind, trigger) = (terms.stages[at].kind, terms.stages[at].trigger);
            let cells = parts.into_iter().map(|amount| Cell { amount, ..Cell::default() }).collect();
            Stage { kind, trigger, only, state: "planned", cells, opens: 0, lapses: 0 }
        };
        self.stages = stages.into_iter().map(stage).collect();
    }

    pub fn pay(&mut self, books: &mut Books, name: &str, told: &Told, now: i64) -> Judged {
        must(self.state == "active" || self.state == "agreed" && name != "fall_due", Conflict)?;
        let at = (1..=self.stages.len() as i64).position(|n| n == told.part).ok_or(Invalid)?;
        let stage = &mut self.stages[at];
        let early = stage.state == "planned" && stage.trigger == "before_dispatch" && self.state == "active";
        must(if name == "fall_due" { early } else { stage.state == "due" || name == "fund" && early }, Conflict)?;
        match name {
            "fall_due" => stage.state = "due",
            "lapse" => {
                stage.state = "lapsed";
                if self.state == "agreed" { self.finish(books, "expired") } else { self.complete(books, now) }
            }
            _ => {
                let (buyer, currency, amount) = (self.terms.buyer, self.terms.currency, stage.sum(|c| c.amount));
                let fee = if told.card { bps(amount, 299) } else { 1_500 };
                must(books.purse(buyer, "buyer", currency) >= amount + fee, Conflict)?;
                books.add(buyer, "buyer", currency, -amount - fee, -fee);
                stage.cells.iter_mut().for_each(|c| c.held = c.amount);
                stage.state = "funded";
                if ["agreed", "before_dispatch"].contains(&stage.trigger) {
                    let shipments = self.shipments.iter_mut().enumerate().filter(|(i, _)| stage.reaches(*i));
                    shipments.for_each(|(_, s)| s.paid = if s.state == "planned" { day(now) } else { s.paid });
                }
                if self.state == "agreed" {
                    self.begin(now);
                }
                let accepted: Vec<bool> = self.shipments.iter().map(|s| s.state.ends_with("accepted")).collect();
                self.release(books, |s, i| s.kind != "retention" && accepted[i]);
                self.complete(books, now);
            }
        }
        Ok(())
    }
    /// The order begins: balances fall due ten days before their goods are to leave, at once if that is past.
    fn begin(&mut self, now: i64) {
        self.state = "active";
        for s in self.stages.iter_mut().filter(|s| s.state == "planned" && s.trigger == "before_dispatch") {
            let ship_by = self.shipments[s.only.unwrap_or(0)].ship_by;
            (s.opens, s.lapses) = (end(ship_by - 10), end(ship_by.max(day(now) + 10)));
            s.state = if s.opens <= now { "due" } else { s.state };
        }
    }

    pub fn ship(&mut self, books: &mut Books, who: Who, name: &str, told: &Told, now: i64) -> Judged {
        must(self.state == "active", Conflict)?;
        let i = (1..=self.shipments.len() as i64).position(|n| n == told.part).ok_or(Invalid)?;
        let needs = match name {
            "dispatch" => "planned",
            "track" | "deliver" | "assume_delivered" => "dispatched",
            _ => "delivered",
        };
        let owes = self.owes(i);
        let s = &mut self.shipments[i];
        must(s.state == needs, Conflict)?;
        match name {
            "dispatch" => {
                must((1..=120).contains(&told.days) && !told.flawed, Invalid)?;
                must(!owes, Conflict)?;
                (s.state, s.since, s.eta) = ("dispatched", now, day(now) + told.days);
                self.fall_due("bl_copy", i, end(day(now) + 5));
            }
            "track" => {
                let milestone = if told.milestone > 0 { told.milestone } else { s.milestones + 1 };
                must(milestone > s.milestones && milestone < 6, Conflict)?;
                s.milestones = milestone;
            }
            "deliver" | "assume_delivered" => {
                (s.state, s.since) = ("delivered", now);
                self.fall_due("delivered", i, end(day(now) + 10));
            }
            "extend_acceptance" => must(s.extended.insert(who.company), Conflict)?,
            _ => {
                s.state = if who == CLOCK { "auto_accepted" } else { "accepted" };
                self.release(books, |s, n| n == i && s.kind != "retention");
                self.complete(books, now);
            }
        }
        Ok(())
    }

    /// What a proposal asks for must be possible when it is made and when it is accepted. Gives the new ship-by date
    /// or the money that can be divided.
    pub fn possible(&self, kind: &str, told: &Told, now: i64) -> Result<i64, Verdict> {
        must(["agreed", "active"].contains(&self.state), Conflict)?;
        if kind == "cancellation.propose" {
            let reached = self.at_hand(false);
            must(reached.contains(&true), Conflict)?;
            let held = self.held(|_, i| reached[i]).1;
            return must((0..=held).contains(&told.minor), Invalid).map(|()| held);
        }
        must(!told.flawed, Invalid)?;
        let i = (1..=self.shipments.len() as i64).position(|n| n == told.part).ok_or(Invalid)?;
        let s = &self.shipments[i];
        if kind == "extension.propose" {
            must(s.state == "planned", Conflict)?;
            must(told.days > 0 && told.days + s.moved <= 90, Invalid)?;
            return Ok(s.ship_by + told.days);
        }
        let past = |(n, s): (usize, &Shipment)| n != i && s.ship_by < day(now);
        must(s.state == "planned" && told.days >= day(now), Invalid)?;
        must(self.state == "active" || !self.shipments.iter().enumerate().any(past), Invalid)?;
        must(self.state == "agreed" || told.days - s.ship_by + s.moved <= 90, Invalid)?;
        Ok(told.days)
    }
    pub fn answer(&mut self, books: &mut Books, who: Who, name: &str, now: i64) -> Judged {
        must(["agreed", "active"].contains(&self.state), Conflict)?;
        let (by, kind, told, _) = self.proposal.take().ok_or(Conflict)?;
        must(who == CLOCK || (who.company == by) == (name == "withdraw"), NotAllowed)?;
        if name != "accept" {
            return Ok(());
        }
        let found = self.possible(kind, &told, now)?;
        if kind == "cancellation.propose" {
            self.cancel(books, found - told.minor, false, now);
            return Ok(());
        }
        let i = told.part as usize - 1;
        let s = &mut self.shipments[i];
        (s.ship_by, s.moved) = (found, s.moved + (found - s.ship_by).max(0));
        let waits = |s: &&mut Stage| s.only == Some(i) && s.trigger == "before_dispatch" && self.state == "active";
        for s in self.stages.iter_mut().filter(waits) {
            (s.opens, s.lapses) = (s.opens.max(end(found - 10)), s.lapses.max(end(found)));
        }
        Ok(())
    }
}
