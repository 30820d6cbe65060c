//! All listings of a company as the file that the import takes: sent back as it is, it changes nothing.

use super::import::{EXPORT_COLUMNS, written_attributes, written_certificates, written_family, written_sample};
use super::read::own::Own;
use super::view::price_text;
use crate::platform::problem::Fault;
use crate::platform::spreadsheet::{Cell, Sheet};

fn ladder(listing: &super::listing::Listing) -> String {
    let row =
        |b: &entrepot_domain::catalog::PriceBreak| format!("{}:{}", b.from_quantity, price_text(listing, b.unit_price));
    listing.product.ladder.iter().map(row).collect::<Vec<_>>().join(";")
}

/// What lies ready, where new orders take from it: the import states it anew, and a file that was not changed states no other.
fn on_hand(own: &Own) -> Cell {
    let stated = own.on_hand.filter(|_| own.listing.product.supply.is_ready());
    stated.map_or_else(|| Cell::text(""), |on_hand| Cell::number(&on_hand.to_string()))
}

fn cells(own: &Own) -> [Cell; 26] {
    let listing = &own.listing;
    let product = &listing.product;
    [
        Cell::text(&product.sku),
        Cell::text(&product.title),
        Cell::text(listing.title_zh.as_deref().unwrap_or("")),
        Cell::text(&listing.category),
        Cell::text(&listing.description),
        Cell::text(&product.hs_code),
        Cell::text(&product.unit),
        Cell::text(&product.origin),
        Cell::text(product.currency.code()),
        Cell::number(&product.moq.to_string()),
        Cell::text(ladder(listing)),
        product.lead_days.into(),
        Cell::text(product.incoterm.code.as_str()),
        Cell::text(&product.incoterm.place),
        Cell::text(listing.pictures.first().map(String::as_str).unwrap_or("")),
        Cell::number(&product.lot_step.to_string()),
        Cell::text(listing.pictures.join(";")),
        Cell::text(written_attributes(&listing.attributes)),
        Cell::text(listing.sample.as_ref().map(|sample| written_sample(listing, sample)).unwrap_or_default()),
        Cell::text(written_certificates(&listing.certificates)),
        Cell::text(listing.family.as_ref().map(|family| family.key.clone()).unwrap_or_default()),
        Cell::text(listing.family.as_ref().map(|family| written_family(&family.options)).unwrap_or_default()),
        Cell::text(listing.state.as_str()),
        Cell::text(product.supply.as_str()),
        product.capacity.map_or_else(|| Cell::text(""), |capacity| Cell::number(&capacity.to_string())),
        on_hand(own),
    ]
}

/// Writes the file.
pub fn goods(listings: &[Own]) -> Result<Vec<u8>, Fault> {
    let mut sheet = Sheet::new(EXPORT_COLUMNS)?;
    for listing in listings {
        sheet.row(cells(listing))?;
    }
    sheet.finish()
}
