//! One step of an order on its way through the door.

use super::stocked;
use super::store::{ORDER, Stored};
use super::view::StepReceipt;
use crate::catalog::{Listing, not_listed};
use crate::platform::access::{Actor, Relation};
use crate::platform::engine::{Command, Context, Decision, Key, Outcome, View};
use crate::platform::problem::Refusal;
use entrepot_domain::kernel::{Actor as Party, Effects, OrderId, Role, Zone};
use entrepot_domain::ledger::{Account, AccountKind};
use entrepot_domain::trade::{
    ContractHash, Order, OrderTerms, TradeCommand, TradeContext, TradeEvent, already_done, deadlines, diff_deadlines,
    evolve, judge,
};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// A step of one order.
pub struct Take {
    /// The order; for `order.draft` the identity it will have.
    pub order: u128,
    /// The step and its parameters.
    pub command: TradeCommand,
}

/// What the event row tells of a step.
#[derive(Serialize)]
struct Told<'a> {
    command: &'a TradeCommand,
    events: &'a [TradeEvent],
    /// Stocks it changed; absent where it changed none.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    stock: &'a [stocked::Changed],
}

/// A number for people, from the order's random identity: 8 letters and digits without look-alikes.
pub fn number_of(order: u128) -> String {
    const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let digits = (0..8).map(|n| {
        let index = usize::try_from((order >> (n * 5)) & 31).unwrap_or(0);
        ALPHABET.get(index).copied().map_or('0', char::from)
    });
    std::iter::once('E').chain(std::iter::once('-')).chain(digits).collect()
}

/// SHA-256 of the canonical terms.
pub fn contract_hash(terms: &OrderTerms) -> ContractHash {
    ContractHash(Sha256::digest(terms.canonical_bytes()).into())
}

/// How a seat stands to an order with these terms.
pub fn party_of(actor: &Actor, terms: &OrderTerms) -> Option<Party> {
    match (actor.role, actor.company) {
        (Role::System, _) => Some(Party::System),
        (Role::Carrier, _) => Some(Party::Carrier),
        (_, Some(company)) if company == terms.buyer.0 => Some(Party::Buyer),
        (_, Some(company)) if company == terms.seller.0 => Some(Party::Seller),
        (_, _) => None,
    }
}

/// True while only its drafter may see the order.
pub fn hidden_from(order: &Order, party: Option<Party>) -> bool {
    let drafter = Some(Party::from(order.drafter));
    never_offered(order) && party != drafter && party != Some(Party::System)
}

/// True for a draft, and for one that was thrown away before it was offered.
pub fn never_offered(order: &Order) -> bool {
    use entrepot_domain::trade::OrderStatus;
    order.status == OrderStatus::Draft || (order.status == OrderStatus::Cancelled && order.offer.is_none())
}

impl Take {
    fn key(&self) -> Key {
        Key { kind: ORDER, id: self.order }
    }

    fn terms<'a>(&'a self, view: &'a View<'_>) -> Option<&'a OrderTerms> {
        match &self.command {
            TradeCommand::Draft { terms, .. } => Some(terms),
            _ => view.get::<Stored>(self.key()).and_then(|s| s.order.terms.as_deref()),
        }
    }

    /// New terms.
    fn written(&self) -> Option<&Arc<OrderTerms>> {
        match &self.command {
            TradeCommand::Draft { terms, .. } | TradeCommand::Revise { terms } => Some(terms),
            TradeCommand::Counter { terms, .. } => Some(terms),
            _ => None,
        }
    }

    /// Listed products that the terms of a draft name. What is offered already stands, whatever becomes of the listing.
    fn products(&self) -> impl Iterator<Item = u128> {
        let drafts = !matches!(self.command, TradeCommand::Counter { .. });
        self.written().filter(|_| drafts).into_iter().flat_map(|terms| stocked::named(terms))
    }

    /// Refuses new terms with a product that its supplier does not offer.
    fn offered(&self, view: &View<'_>) -> Result<(), Refusal> {
        let hidden = |id: &u128| view.get::<Listing>(Listing::key(*id)).is_some_and(|listing| !listing.is_published());
        match self.products().find(hidden) {
            None => Ok(()),
            Some(id) => Err(not_listed(id)),
        }
    }

    /// The command with what is never believed from outside: which lines come out of stock is judged, hashes are computed.
    fn prepared(&self, order: &Order, view: &View<'_>) -> Result<TradeCommand, Refusal> {
        let mut command = self.command.clone();
        if let TradeCommand::Draft { terms, .. }
        | TradeCommand::Revise { terms }
        | TradeCommand::Counter { terms, .. } = &mut command
        {
            *terms = stocked::stamped(terms, order.terms.as_deref(), view)?;
        }
        match &mut command {
            TradeCommand::Offer { contract_hash: hash, .. } => {
                if let Some(terms) = &order.terms {
                    *hash = contract_hash(terms);
                }
            }
            TradeCommand::Counter { contract_hash: hash, terms, .. } => *hash = contract_hash(terms),
            _ => {}
        }
        Ok(command)
    }
}

/// The guarded accounts an order's money moves through.
pub fn accounts_of(order: u128, terms: &OrderTerms, stages: &[i32]) -> Vec<Account> {
    let currency = terms.currency;
    let mut accounts = vec![
        Account::of(AccountKind::Buyer, terms.buyer.0, currency),
        Account::of(AccountKind::Reserve, terms.seller.0, currency),
    ];
    accounts.extend(stages.iter().map(|stage| Account::escrow(order, *stage, currency)));
    accounts
}

impl Command for Take {
    fn step(&self) -> &'static str {
        self.command.step().name()
    }

    fn subject(&self) -> Key {
        self.key()
    }

    fn loads(&self) -> Vec<Key> {
        let named = self.written().into_iter().flat_map(|terms| stocked::named(terms));
        std::iter::once(self.key()).chain(named.map(Listing::key)).collect()
    }

    fn loads_then(&self, view: &View<'_>) -> Vec<Key> {
        let stored = view.get::<Stored>(self.key());
        stored.map_or_else(Vec::new, |stored| stocked::shelves(&stored.order, self.command.step()))
    }

    fn accounts(&self, view: &View<'_>) -> Vec<Account> {
        let moves_money = !self.command.step().row().money.is_empty();
        match view.get::<Stored>(self.key()) {
            Some(stored) if moves_money => {
                let stages: Vec<i32> = stored.order.stages.iter().map(|s| s.no).collect();
                stored.order.terms.as_deref().map(|t| accounts_of(self.order, t, &stages)).unwrap_or_default()
            }
            Some(_) | None => Vec::new(),
        }
    }

    fn relation(&self, view: &View<'_>, actor: &Actor) -> Relation {
        let Some(terms) = self.terms(view) else {
            return Relation::None;
        };
        let party = party_of(actor, terms);
        if view.get::<Stored>(self.key()).is_some_and(|s| hidden_from(&s.order, party)) {
            return Relation::None;
        }
        match party {
            Some(Party::Buyer | Party::Seller) => Relation::Party,
            Some(Party::Carrier) => Relation::Market,
            Some(Party::System) => Relation::Overseer,
            None if actor.oversees() => Relation::Overseer,
            None => Relation::None,
        }
    }

    fn decide(&self, cx: &Context<'_>, view: &View<'_>, out: &mut Outcome) -> Result<Decision, Refusal> {
        let fresh = Order::new(OrderId(self.order));
        let stored = view.get::<Stored>(self.key());
        let before = stored.map_or(&fresh, |s| &s.order);
        let terms = self.terms(view).ok_or_else(Refusal::not_found)?;
        let party = party_of(cx.actor, terms).ok_or_else(Refusal::forbidden)?;
        let wallet = Account::of(AccountKind::Buyer, terms.buyer.0, terms.currency);
        let zone = Zone::parse(&cx.market.time_zone).map_err(|e| Refusal::new(500, "internal", e.to_string()))?;
        let context = TradeContext {
            now: cx.now,
            actor: party,
            wallet_available: view.balance(wallet),
            stock: &stocked::free(before, self.command.step(), view),
            params: &cx.market.params,
            zone: &zone,
        };
        let command = self.prepared(before, view)?;
        out.parties = parties(before, terms);
        let version = view.version(self.key());
        if already_done(before, &command, party) {
            out.reply(200, &StepReceipt::of(self.order, version, before, None))?;
            return Ok(Decision::Already);
        }
        self.offered(view)?;
        let mut effects = Effects::new();
        judge(before, &command, &context, &mut effects)?;
        let mut after = before.clone();
        for event in &effects.events {
            evolve(&mut after, event);
        }
        diff_deadlines(&deadlines(before), &deadlines(&after), &mut effects.deadlines);
        let stock = stocked::save(cx, view, before, &after, out)?;
        out.tell(&Told { command: &command, events: &effects.events, stock: &stock })?;
        out.parties = parties(&after, terms);
        let status = if version == 0 { 201 } else { 200 };
        out.reply(status, &StepReceipt::of(self.order, version + 1, &after, Some(cx.event_id)))?;
        out.journals = effects.journals;
        out.postings = effects.postings;
        out.deadlines = effects.deadlines;
        out.save(
            self.key(),
            Stored { order: after, updated_at: cx.now.0, agreed: stored.and_then(|s| s.agreed.clone()) },
        );
        Ok(Decision::Write)
    }
}

/// A draft concerns its drafter alone.
fn parties(order: &Order, terms: &OrderTerms) -> [Option<u128>; 2] {
    let (buyer, seller) = (Some(terms.buyer.0), Some(terms.seller.0));
    let hidden = |side| hidden_from(order, Some(side));
    [buyer.filter(|_| !hidden(Party::Buyer)), seller.filter(|_| !hidden(Party::Seller))]
}
