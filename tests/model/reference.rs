//! The reference model: orders, wallets and the clock as plain data, written from the specification and the texts of the
//! API alone. It names nothing of the product and works its own way. This file knows who may ask for what, the wallets and
//! the clock; [`crate::order`] knows the order.

use crate::counting::{day, end, valid};
use crate::order::{Books, CLOCK, Judged, Name, Order, must};
use crate::words::Verdict::{Already, Conflict, Done, Invalid, NotAllowed, NotSeen};
use crate::words::{Terms, Told, Verdict, What, Who};

#[derive(Clone, Debug, Default)]
pub struct Model {
    pub now: i64,
    pub by_hand: bool,
    pub orders: Vec<Order>,
    pub books: Books,
}

/// Who may take a step: Buyer, Seller, Either side, the Carrier, the clocK; `$`: clerks of finance, too.
pub fn may(step: &str) -> &'static str {
    match step {
        "stage.fund" | "shipment.accept" => "B$",
        "order.late_cancel" => "BK$",
        "order.cancel_for_default" => "S$",
        "shipment.dispatch" => "S",
        "shipment.deliver" => "BCK",
        "shipment.track" => "CK",
        "order.discard" => "EK",
        "proposal.accept" => "E$",
        "order.expire_offer" | "order.close" | "proposal.lapse" | "stage.fall_due" | "stage.lapse" => "K",
        "shipment.assume_delivered" | "shipment.auto_accept" => "K",
        _ => "E",
    }
}

impl Model {
    /// One request: judged, and carried out when nothing stands against it. Also says whether it was carried out before.
    pub fn apply(&mut self, who: Who, what: &What) -> (Verdict, bool) {
        let mut again = false;
        let judged = match what {
            What::PayIn(currency, minor) => self.wallet(who, "buyer", currency, *minor),
            What::Withdraw(currency, minor) => self.wallet(who, "seller", currency, *minor),
            What::Draft(terms) => self.draft(who, terms),
            What::Step(order, step, told, version) => self.request((*order, who, step), told, *version, &mut again),
            What::Clock(to) => self.advance(who, *to),
        };
        (judged.err().unwrap_or(Done), again)
    }

    fn wallet(&mut self, who: Who, purse: Name, currency: Name, minor: i64) -> Judged {
        let handles = ["owner", "trader", "finance"].contains(&who.role);
        let company = who.company.filter(|_| handles).ok_or(NotAllowed)?;
        must((1..=1_000_000_000_000_000).contains(&minor), Invalid)?;
        must(purse == "buyer" || self.books.purse(company, purse, currency) >= minor, Conflict)?;
        let moved = if purse == "buyer" { minor } else { -minor };
        self.books.add(company, purse, currency, moved, moved);
        Ok(())
    }

    fn draft(&mut self, who: Who, terms: &Terms) -> Judged {
        must(who.company.is_none_or(|c| [terms.buyer, terms.seller].contains(&c)), NotSeen)?;
        must(["owner", "trader"].contains(&who.role), NotAllowed)?;
        must(valid(terms), Invalid)?;
        let (terms, by, since, by_hand) = (terms.clone(), who.company, self.now, self.by_hand);
        self.orders.push(Order { terms, state: "draft", version: 1, by, since, by_hand, ..Order::default() });
        Ok(())
    }

    /// Time passes: what falls due on the way happens in order of time, then of order, step and part.
    fn advance(&mut self, who: Who, to: i64) -> Judged {
        must(["teacher", "admin"].contains(&who.role), NotAllowed)?;
        must(to >= self.now, Conflict)?;
        loop {
            let all = self.orders.iter().enumerate();
            let all = all.flat_map(|(o, order)| order.deadlines().into_iter().map(move |((s, p), at)| (at, o, s, p)));
            let Some((at, o, step, part)) = all.min().filter(|next| next.0 <= to) else { break };
            self.now = self.now.max(at);
            self.step(o, CLOCK, step, &Told { part, ..Told::default() })?;
        }
        self.now = to;
        Ok(())
    }

    /// Not seen before not allowed, before an old version, before everything the order itself says.
    fn request(
        &mut self,
        (at, who, step): (usize, Who, Name),
        told: &Told,
        version: Option<i64>,
        again: &mut bool,
    ) -> Judged {
        let order = self.orders.get(at).ok_or(NotSeen)?;
        let (buyer, seller) = (who.company == Some(order.terms.buyer), who.company == Some(order.terms.seller));
        let seen = (buyer || seller || who.company.is_none()) && (order.offers > 0 || who.company == order.by);
        let (may, among) = (may(step), |roles: &[char]| may(step).contains(roles));
        must(who == CLOCK || seen, NotSeen)?;
        let (role, side) = match who.role {
            "system" => (true, among(&['K'])),
            "carrier" => (among(&['C']), true),
            "finance" => (among(&['$']), true),
            role => (["owner", "trader"].contains(&role) && among(&['B', 'S', 'E']), true),
        };
        must(role, NotAllowed)?;
        must(version.is_none_or(|v| v == order.version), Conflict)?;
        let own = !(buyer || seller) || may.contains('E') || may.contains(if buyer { 'B' } else { 'S' });
        must(side && own, NotAllowed)?;
        let mut told = told.clone();
        if let ("shipment.track", 0, Some(s)) =
            (step, told.milestone, order.shipments.get((told.part as usize).wrapping_sub(1)))
        {
            told.milestone = s.milestones + 1;
        }
        let of = |who: Who| (who.company, who.role == "carrier");
        let same = |d: &(Who, Name, Told)| (of(d.0), d.1, &d.2) == (of(who), step, &told);
        *again = who == CLOCK || order.done.iter().any(same);
        let stands = order.done.last().is_some_and(same);
        let (now, open) = (self.now, order.deadlines());
        let due = open.iter().any(|(k, at)| k.0 == step && (k.1 == told.part || told.part == 0) && *at <= now);
        let before = (order.clone(), self.books.clone());
        let judged = match self.step(at, who, step, &told) {
            Err(_) if stands => Err(Already),
            Ok(()) if who == CLOCK && !due => Err(Conflict),
            judged => judged,
        };
        if judged.is_err() {
            (self.orders[at], self.books) = before;
        }
        judged
    }

    fn step(&mut self, at: usize, who: Who, step: Name, told: &Told) -> Judged {
        let (now, books, o) = (self.now, &mut self.books, &mut self.orders[at]);
        match step.split_once('.').unwrap_or_default() {
            ("shipment", name) => o.ship(books, who, name, told, now)?,
            ("stage", name) => o.pay(books, name, told, now)?,
            ("order", name) => o.deal(books, who, name, told, now)?,
            ("proposal", name) => o.answer(books, who, name, now)?,
            _ => {
                o.possible(step, told, now)?;
                must(o.proposal.is_none(), Conflict)?;
                o.proposal = Some((who.company, step, told.clone(), end(day(now) + 5)));
            }
        }
        o.version += 1;
        o.done.push((who, step, told.clone()));
        Ok(())
    }
}
