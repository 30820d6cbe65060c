//! Finding products and suppliers by what somebody types: ranked text, exact counts, filters, completions.
//!
//! * `text`: how texts become tokens; `typed`: what was typed, as clauses with synonyms; `query`: clauses as queries in three widths.
//! * `schema`: what an index keeps; `property`: properties of the chosen category; `columns`: what is counted and filtered by.
//! * `collect`: the one pass over what matches, with `stated` for properties; `standing`: how suppliers stand, joined in it.
//! * `shelf`: an index of one market on this node; `feed`: keeps both up with the market's log; `card`: a supplier as a list shows it.
//! * `find`: a search and a completion; `terms`: what is looked for, as it travels; `http`: the routes.
//! * `saved`: searches people keep; `sample`: a few products as a search of their own, for alerts.
//!
//! Every node has its own index and can lose it: it is rebuilt from the database, and answers say meanwhile that they are not complete.
//! Nothing that guards a decision reads it. Refuses queries too long to mean anything.

mod card;
mod collect;
mod columns;
mod feed;
mod find;
pub mod http;
mod property;
mod query;
mod sample;
mod saved;
mod schema;
mod shelf;
mod standing;
mod stated;
mod suggest;
mod terms;
mod text;
mod typed;

#[cfg(test)]
mod tests;

pub use card::SupplierCard;
pub use collect::{Found, Judged, Sort, Wanted};
pub use feed::tend;
pub use find::Answer;
pub use http::{WORDY, routes};
pub use query::Width;
pub use sample::Sample;
pub use saved::{Saved, Titled, titled, watching};
pub use schema::Stock;
pub use standing::mark_of;
pub use terms::{SupplierTerms, Terms};
pub use typed::Typed;

use crate::platform::access::{AccessRow, Relation};
use crate::platform::problem::{Fault, ProblemRow};
use crate::platform::web::AppState;
use entrepot_domain::kernel::Role;
use entrepot_domain::market::Capability;
use shelf::{Room, Shelf};
use std::collections::HashMap;
use std::fmt::Display;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// Step of a search, for the access table.
const SEARCH: &str = "search.find";

/// Who may search: everybody with a seat, where the market has a search.
pub const ACCESS: &[AccessRow] = &[AccessRow {
    step: SEARCH,
    roles: &Role::ALL,
    relations: &[Relation::Market],
    capability: Some(Capability::Search),
    money: false,
}];

const fn row(code: &'static str, next: &'static str) -> ProblemRow {
    ProblemRow { code, status: 422, next }
}

/// Codes this slice answers with.
pub const PROBLEMS: &[ProblemRow] = &[
    row("search.too_long", "Search for fewer words."),
    row("search.too_many_filters", "Choose fewer values."),
    row("search.filter", "Correct the filter named and search again."),
    row("search.cursor", "Start again from the first page."),
    row("search.name", "Give the search a name of at most 80 characters."),
    ProblemRow { code: "search.name_taken", status: 409, next: "Choose another name." },
    ProblemRow {
        code: "search.too_many",
        status: 409,
        next: "Delete a search you do not need: a person keeps 50 at most.",
    },
];

/// A fault of the index: its files are not the database's, so it says nothing about where the market is kept.
fn fault(error: impl Display) -> Fault {
    Fault::new(format!("search index: {error}"))
}

/// The indices of this node. Cheap to clone.
#[derive(Clone)]
pub struct Search {
    inner: Arc<Inner>,
}

/// A market's index of products or of suppliers.
type Place = (u128, Stock);

struct Inner {
    base: PathBuf,
    room: Mutex<Option<Arc<Room>>>,
    shelves: Mutex<HashMap<Place, Arc<Shelf>>>,
    /// Held while an index is opened, which takes as long as its checksums: the others' searches go on meanwhile.
    opening: Mutex<()>,
    /// Held while the indices are brought up: two at once would each put the same products in.
    feeding: tokio::sync::Mutex<()>,
    standings: standing::Standings,
}

impl Search {
    /// Indices below `base`; nothing is opened yet.
    pub fn below(base: &Path) -> Self {
        let inner = Inner {
            base: base.to_owned(),
            room: Mutex::default(),
            shelves: Mutex::default(),
            opening: Mutex::default(),
            feeding: tokio::sync::Mutex::default(),
            standings: standing::Standings::default(),
        };
        Self { inner: Arc::new(inner) }
    }

    /// The indices of an application.
    ///
    /// Errors: an application that was built without them.
    pub fn of(state: &AppState) -> Result<Self, Fault> {
        state.services.get::<Self>().cloned().ok_or_else(|| Fault::new("this application has no search"))
    }

    fn room(&self) -> Result<Arc<Room>, Fault> {
        let mut room = self.inner.room.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(taken) = room.as_ref() {
            return Ok(Arc::clone(taken));
        }
        Ok(Arc::clone(room.insert(Arc::new(Room::take(&self.inner.base)?))))
    }

    /// An index of a market, opened when it is first asked for.
    async fn shelf(&self, market: u128, stock: Stock) -> Result<Arc<Shelf>, Fault> {
        if let Some(shelf) = self.open((market, stock)) {
            return Ok(shelf);
        }
        let own = self.clone();
        tokio::task::spawn_blocking(move || own.take_out((market, stock))).await.map_err(fault)?
    }

    fn open(&self, place: Place) -> Option<Arc<Shelf>> {
        self.inner.shelves.lock().unwrap_or_else(PoisonError::into_inner).get(&place).cloned()
    }

    fn take_out(&self, place: Place) -> Result<Arc<Shelf>, Fault> {
        let (market, stock) = place;
        let folder = self.room()?.folder.join(format!("{}-{market:032x}", stock.form()));
        let _opening = self.inner.opening.lock().unwrap_or_else(PoisonError::into_inner);
        // Somebody may have opened it while this one waited: two openings of one folder would be two indices.
        if let Some(shelf) = self.open(place) {
            return Ok(shelf);
        }
        let shelf = Arc::new(Shelf::open(&folder, stock)?);
        self.inner.shelves.lock().unwrap_or_else(PoisonError::into_inner).insert(place, Arc::clone(&shelf));
        Ok(shelf)
    }

    fn shelves(&self) -> Vec<Arc<Shelf>> {
        self.inner.shelves.lock().unwrap_or_else(PoisonError::into_inner).values().cloned().collect()
    }
}
