//! A search: the narrowest width that finds something, one pass over it.

use super::card::{self, SupplierCard};
use super::collect::{Found, Pass, Place, Wanted};
use super::query::{Builder, WIDTHS, Width};
use super::schema::Stock;
use super::shelf::Shelf;
use super::text::Piece;
use super::typed::Typed;
use super::{Search, fault};
use crate::platform::problem::Fault;

/// What a search found.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The pass.
    pub found: Found,
    /// How wide the query had to be.
    pub width: Width,
    /// What was probably meant, where a word is in no product.
    pub meant: Option<String>,
    /// False while the index is being built.
    pub complete: bool,
    /// Place in the market's log that the index has taken.
    pub seq: i64,
}

impl Answer {
    /// Takes the page's places; tells whether another page follows.
    pub fn page(&mut self, rows: usize) -> (Vec<Place>, bool) {
        let mut hits = std::mem::take(&mut self.found.hits);
        let more = hits.len() > rows;
        hits.truncate(rows);
        (hits, more)
    }
}

impl Search {
    /// Searches a market's products.
    pub async fn find(&self, market: u128, typed: &Typed, wanted: &Wanted) -> Result<Answer, Fault> {
        find(self.shelf(market, Stock::Products).await?.as_ref(), typed, wanted)
    }

    /// Searches a market's suppliers; with the answer come the cards of its page.
    pub async fn find_suppliers(
        &self,
        market: u128,
        typed: &Typed,
        wanted: &Wanted,
    ) -> Result<(Answer, Vec<SupplierCard>), Fault> {
        let shelf = self.shelf(market, Stock::Suppliers).await?;
        let answer = find(&shelf, typed, wanted)?;
        let page: Vec<u128> = answer.found.hits.iter().take(wanted.rows).map(|hit| hit.1).collect();
        let cards = card::cards(&shelf, &page)?;
        Ok((answer, cards))
    }
}

/// Searches what the index holds now.
pub fn find(shelf: &Shelf, typed: &Typed, wanted: &Wanted) -> Result<Answer, Fault> {
    let snapshot = shelf.snapshot();
    let builder = Builder { searcher: &snapshot.searcher, fields: &shelf.fields };
    let pass = Pass { snapshot: &snapshot, wanted };
    let answer = |found, width, meant| Answer {
        found,
        width,
        meant,
        complete: shelf.is_complete(),
        seq: shelf.reached().map_or(0, |reached| reached.seq),
    };
    for width in WIDTHS {
        let query = builder.of_supplier(builder.query(typed, width)?, wanted.supplier);
        let found = snapshot.searcher.search(&query, &pass).map_err(fault)?;
        // Whether the text finds something decides, not the filters: a filter that leaves nothing must not bring other words in.
        if found.matched > 0 || width == Width::Some {
            let meant = if width == Width::Exact { None } else { meant(&builder, typed)? };
            return Ok(answer(found, width, meant));
        }
    }
    Ok(answer(Found::default(), Width::Some, None))
}

/// The words as typed, those that are in no product replaced by the most frequent one near them; `None` when nothing changes.
fn meant(builder: &Builder<'_>, typed: &Typed) -> Result<Option<String>, Fault> {
    let (mut said, mut changed) = (Vec::new(), false);
    for piece in typed.clauses.iter().flat_map(|clause| &clause.typed) {
        match piece {
            Piece::Run(run) => said.push(run.iter().collect()),
            Piece::Word(word) => {
                let known = builder.is_known(word)?;
                match builder.words_near(word, None)?.into_iter().next().filter(|_| !known) {
                    Some(other) => {
                        changed = true;
                        said.push(other);
                    }
                    None => said.push(word.clone()),
                }
            }
        }
    }
    Ok(changed.then(|| said.join(" ")))
}
