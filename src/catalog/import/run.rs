//! Lines of goods through the door, many at a time.

use super::RowError;
use super::rows::{Said, row_error};
use super::text::Cells;
use crate::catalog::commands::{ChangeProduct, ListProduct, wrong_on_hand};
use crate::catalog::draft::Draft;
use crate::catalog::listing::{Listing, uploaded};
use crate::catalog::read::own::Own;
use crate::catalog::read::{self, Supplier};
use crate::platform::access::Actor;
use crate::platform::engine::Request;
use crate::platform::problem::{Failure, Refusal};
use crate::platform::web::AppState;
use entrepot_domain::kernel::FieldError;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

/// How often a line is sent again while the door is busy.
const BUSY_TRIES: u32 = 5;

/// How a line ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The product is new.
    Created,
    /// The product was changed.
    Updated,
    /// The product was as the line says; nothing was written.
    Unchanged,
    /// The line was refused.
    Failed(Vec<RowError>),
}

/// A line with its supplier found.
pub struct Item {
    /// Its line.
    pub line: u64,
    /// Its supplier.
    pub supplier: u128,
    /// The draft.
    pub draft: Draft,
    /// What the line says beyond the columns that every file has.
    pub said: Said,
    /// Its cells, to name what is wrong with one.
    pub cells: Arc<Cells>,
}

type Known = Option<Own>;

enum Plan {
    Done(Outcome),
    List(ListProduct),
    Change(ChangeProduct, i64),
}

/// Executes lines for one actor.
pub struct Runner<'a> {
    state: &'a AppState,
    actor: Actor,
    dry_run: bool,
    suppliers: HashMap<u128, Supplier>,
    /// Uploaded pictures by supplier.
    pictures: HashMap<u128, HashSet<u128>>,
}

impl<'a> Runner<'a> {
    /// A runner; a dry run compares and writes nothing.
    pub fn new(state: &'a AppState, actor: Actor, dry_run: bool) -> Self {
        Self { state, actor, dry_run, suppliers: HashMap::new(), pictures: HashMap::new() }
    }

    /// Makes a supplier and its pictures known; a second call does nothing.
    pub async fn know(&mut self, supplier: &Supplier) -> Result<(), Failure> {
        if !self.suppliers.contains_key(&supplier.id) {
            let pictures = read::pictures::all_of(self.state.engine.db(), self.actor.market, supplier.id).await?;
            self.pictures.insert(supplier.id, pictures);
            self.suppliers.insert(supplier.id, supplier.clone());
        }
        Ok(())
    }

    /// Executes lines together; outcomes stand in the order of the lines.
    ///
    /// Errors: the fault that stopped the import; refusals are outcomes.
    pub async fn run(&self, items: &[Item]) -> Result<Vec<Outcome>, Failure> {
        // Identifiers are drawn before anything runs, so that the same seed gives the same market.
        let ids: Vec<u128> = items.iter().map(|_| self.state.engine.ids().next()).collect();
        let known = self.standing(items).await?;
        let before = |item: &Item| known.get(&(item.supplier, item.draft.sku())).cloned();
        let before: Vec<Known> = items.iter().map(before).collect();
        let running = items.iter().zip(ids).zip(before).map(|((item, id), before)| self.one(item, id, before));
        // Nor may a line give way to later ones because this task had its turn: a chunk is small.
        let done = tokio::task::unconstrained(futures_util::future::join_all(running)).await;
        done.into_iter().collect()
    }

    /// What is listed already of what the lines name, by supplier and SKU.
    async fn standing(&self, items: &[Item]) -> Result<HashMap<(u128, String), Own>, Failure> {
        let mut skus: BTreeMap<u128, Vec<String>> = BTreeMap::new();
        for item in items {
            skus.entry(item.supplier).or_default().push(item.draft.sku());
        }
        let mut known = HashMap::new();
        for (supplier, skus) in skus {
            let found = read::products_by_sku(self.state.engine.db(), self.actor.market, supplier, &skus).await?;
            known.extend(found.into_iter().map(|(sku, own)| ((supplier, sku), own)));
        }
        Ok(known)
    }

    async fn one(&self, item: &Item, id: u128, before: Known) -> Result<Outcome, Failure> {
        let refusal = match self.attempt(item, id, before).await? {
            Ok(outcome) => return Ok(outcome),
            Err(refusal) => refusal,
        };
        // Somebody wrote this product since it was read: look again, once.
        let raced = matches!(refusal.code.as_str(), "catalog.sku_taken" | "stale_version" | "conflict");
        if !raced {
            return Ok(Outcome::Failed(complaints(item, refusal)));
        }
        let now = self.standing(std::slice::from_ref(item)).await?.into_values().next();
        let again = self.attempt(item, id, now).await?;
        Ok(again.unwrap_or_else(|refusal| Outcome::Failed(complaints(item, refusal))))
    }

    async fn attempt(&self, item: &Item, id: u128, before: Known) -> Result<Result<Outcome, Refusal>, Failure> {
        let mut tries = 0;
        loop {
            let (request, outcome) = match self.plan(item, id, before.clone()) {
                Plan::Done(outcome) => return Ok(Ok(outcome)),
                Plan::List(_) if self.dry_run => return Ok(Ok(Outcome::Created)),
                Plan::Change(_, _) if self.dry_run => return Ok(Ok(Outcome::Updated)),
                Plan::List(command) => (Request::new(self.actor.clone(), command), Outcome::Created),
                Plan::Change(command, version) => {
                    (Request::new(self.actor.clone(), command).expecting(Some(version)), Outcome::Updated)
                }
            };
            return match self.state.engine.execute(request).await {
                Ok(receipt) if receipt.event_id == 0 => Ok(Ok(Outcome::Unchanged)),
                Ok(_) => Ok(Ok(outcome)),
                Err(Failure::Refused(refusal)) if refusal.status == 503 && tries < BUSY_TRIES => {
                    tries += 1;
                    tokio::time::sleep(Duration::from_millis(200)).await;
                    continue;
                }
                Err(Failure::Refused(refusal)) if refusal.status != 503 => Ok(Err(refusal)),
                Err(failure) => Err(failure),
            };
        }
    }

    /// A picture of the line that its supplier did not upload.
    fn foreign_picture(&self, item: &Item, listing: &Listing) -> Option<FieldError> {
        let own = self.pictures.get(&item.supplier);
        let foreign = |name: &String| uploaded(name).is_some_and(|id| own.is_none_or(|own| !own.contains(&id)));
        let place = listing.pictures.iter().position(foreign)?;
        let detail = "this is no picture that your company uploaded";
        Some(FieldError::new(format!("/pictures/{place}"), "catalog.picture", detail))
    }

    fn plan(&self, item: &Item, id: u128, before: Known) -> Plan {
        let id = before.as_ref().map_or(id, |own| own.listing.product.id.0);
        let on_hand = item.draft.stated_on_hand();
        let refused = |faults: &[FieldError]| {
            let told = faults.iter().map(|e| row_error(item.line, &item.cells, e)).collect();
            Plan::Done(Outcome::Failed(told))
        };
        let mut listing = match item.draft.clone().listing(id, item.supplier) {
            Ok(listing) => listing,
            Err(errors) => return refused(&errors),
        };
        if let Some(error) = self.foreign_picture(item, &listing) {
            return refused(&[error]);
        }
        if let Some(before) = &before {
            keep(&mut listing, &before.listing, item.said);
            // What stayed must fit what the line says: another category has another template.
            let faults = listing.faults();
            if !faults.is_empty() {
                return refused(&faults);
            }
        }
        let standing = before.as_ref().and_then(|own| own.on_hand);
        if let Some(error) = wrong_on_hand(&listing, on_hand, standing.is_some()) {
            return refused(&[error]);
        }
        let Some(before) = before else {
            let sells = self.suppliers.get(&item.supplier).is_some_and(|s| s.sells);
            return Plan::List(ListProduct { listing, sells, on_hand });
        };
        if listing == before.listing && (on_hand.is_none() || on_hand == standing) {
            return Plan::Done(Outcome::Unchanged);
        }
        Plan::Change(ChangeProduct { listing, on_hand }, before.version)
    }
}

/// What a file of goods says nothing about stays as it is.
fn keep(listing: &mut Listing, before: &Listing, said: Said) {
    if !said.step {
        listing.product.lot_step = before.product.lot_step;
    }
    if !said.attributes {
        listing.attributes.clone_from(&before.attributes);
    }
    if !said.pictures && listing.pictures.first() == before.pictures.first() {
        listing.pictures.clone_from(&before.pictures);
    }
    if !said.sample {
        listing.sample.clone_from(&before.sample);
    }
    if !said.certificates {
        listing.certificates.clone_from(&before.certificates);
    }
    if !said.family {
        listing.family.clone_from(&before.family);
    }
    if !said.state {
        listing.state = before.state;
    }
    if !said.supply {
        listing.product.supply = before.product.supply;
    }
    if !said.capacity {
        listing.product.capacity = before.product.capacity;
    }
}

fn complaints(item: &Item, refusal: Refusal) -> Vec<RowError> {
    if refusal.errors.is_empty() {
        return vec![RowError::new(item.line, None, &refusal.code, &refusal.detail)];
    }
    let told = refusal.errors.into_iter().map(|e| FieldError::new(e.pointer, &e.code, e.detail));
    told.map(|error| row_error(item.line, &item.cells, &error)).collect()
}
