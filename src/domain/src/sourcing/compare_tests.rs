//! The comparison against figures computed by hand.

use super::super::fixture::*;
use super::*;
use crate::catalog::{Incoterm, IncotermCode};
use proptest::prelude::*;

fn table(rfq: &Rfq, quotes: &[&Quote]) -> Comparison {
    let quoted: Vec<_> = quotes.iter().map(|quote| Quoted { quote, fee: 3_000 }).collect();
    compare(rfq, &quoted, now()).unwrap()
}

fn cell(table: &Comparison, row: usize, column: usize) -> Cell {
    *table.rows[row].cells[column].priced().expect("a price")
}

#[test]
fn a_cell_adds_up_goods_freight_duty_vat_and_fee() {
    let table = table(&rfq(), &[&quote(2, &quote_terms())]);

    // Bolts 10,000 × 0.003 = 30.00; freight 42.86; CIF 72.86; duty 3.5 % = 2.55; VAT 19 % of 75.41 = 14.33; fee 3/7 of 30.00.
    let bolts = cell(&table, 0, 0);
    let expected =
        Landed { goods: 3_000, freight: 4_286, customs_value: 7_286, duty: 255, vat: 1_433, fee: 1_286, total: 10_260 };
    assert_eq!(bolts.cost, expected);
    assert_eq!((bolts.unit_price, bolts.landed_unit), (BarePrice(3_000), BarePrice(10_260)));
    // Nuts 20,000 × 0.002 = 40.00; freight 57.14; CIF 97.14; duty 3.40; VAT 19.10; fee 17.14.
    let nuts = cell(&table, 1, 0).cost;
    assert_eq!((nuts.duty, nuts.vat, nuts.fee, nuts.total), (340, 1_910, 1_714, 13_678));
    let column = &table.columns[0];
    assert_eq!((column.total, column.lines, column.stands, table.rates_known), (10_260 + 13_678, 2, true, true));
}

#[test]
fn the_cheapest_standing_cell_of_a_row_is_marked_and_equals_share_the_mark() {
    let dear = quote(2, &quote_terms());
    let mut terms = quote_terms();
    terms.lines[0].ladder[1].unit_price = BarePrice(2_500);
    terms.lines.pop();
    let cheap = quote(3, &terms);
    let twin = quote(4, &quote_terms());
    let gone = Quote { state: QuoteState::Withdrawn, ..cheap.clone() };

    let rows = |quotes: &[&Quote]| table(&rfq(), quotes).rows.into_iter().map(|row| row.best).collect::<Vec<_>>();
    // Alone on its line the cheap one carries all of the freight: its bolts are dearer at the door.
    assert_eq!(rows(&[&dear, &cheap]), [vec![0], vec![0]]);
    let free = QuoteTerms { freight_minor: 0, ..terms };
    assert_eq!(rows(&[&dear, &quote(3, &free)]), [vec![1], vec![0]]);
    assert_eq!(rows(&[&dear, &twin]), [vec![0, 1], vec![0, 1]]);
    assert_eq!(rows(&[&dear, &gone]), [vec![0], vec![0]], "what was taken back is never the best");
    assert_eq!(rows(&[]), [vec![], Vec::<usize>::new()]);
    assert_eq!(table(&rfq(), &[&cheap]).rows[1].cells, [CellState::Declined]);
}

#[test]
fn below_the_smallest_quantity_there_is_no_price_and_no_freight() {
    let mut terms = quote_terms();
    terms.lines[1].ladder[0].from_quantity = pieces(30_000);
    let table = table(&rfq(), &[&quote(2, &terms)]);

    assert_eq!(table.rows[1].cells, [CellState::BelowMoq(pieces(30_000))]);
    assert_eq!(cell(&table, 0, 0).cost.freight, 10_000);
    assert_eq!(table.columns[0].lines, 1);
}

#[test]
fn the_delivery_term_says_who_pays_what() {
    let with = |code, freight_minor| {
        let incoterm = Incoterm { code, place: "Hamburg".into() };
        table(&rfq(), &[&quote(2, &QuoteTerms { incoterm, freight_minor, ..quote_terms() })])
    };
    let paid = with(IncotermCode::Ddp, 0);
    assert_eq!((cell(&paid, 0, 0).cost.duty, cell(&paid, 0, 0).cost.vat), (0, 0), "the seller pays duty and VAT");
    assert!(cell(&paid, 0, 0).rates_known);
    let missing = |code, freight| with(code, freight).columns[0].freight_missing;
    assert!(missing(IncotermCode::Exw, 0) && missing(IncotermCode::Fob, 0));
    assert!(!missing(IncotermCode::Fob, 1) && !missing(IncotermCode::Cif, 0) && !missing(IncotermCode::Dap, 0));
}

#[test]
fn beyond_the_table_a_cell_says_that_duty_is_unknown() {
    let far = Rfq { terms: super::super::RfqTerms { destination: "AQ".into(), ..rfq_terms() }, ..rfq() };
    let quote = quote(2, &quote_terms());
    let found = table(&far, &[&quote]);
    assert!(!found.rates_known && !cell(&found, 0, 0).rates_known);
    assert_eq!(cell(&found, 0, 0).cost.total, 3_000 + 4_286 + 1_286);

    let mut nameless = rfq();
    nameless.terms.lines[0].hs_code.clear();
    assert!(!cell(&table(&nameless, &[&quote]), 0, 0).rates_known, "no HS code, no duty");
    let mut coded = quote_terms();
    coded.lines[0].hs_code = "731815".into();
    assert!(cell(&table(&nameless, &[&self::quote(2, &coded)]), 0, 0).rates_known, "unless the supplier names one");
}

#[test]
fn a_version_whose_validity_is_over_does_not_stand() {
    let quote = quote(2, &quote_terms());
    let late = compare(&rfq(), &[Quoted { quote: &quote, fee: 0 }], quote.due().unwrap()).unwrap();
    assert!(!late.columns[0].stands && late.rows.iter().all(|row| row.best.is_empty()));
}

proptest! {
    #[test]
    fn the_cells_of_a_column_carry_its_freight_and_fee_to_the_last_cent(
        freight in 0..1_000_000_000_i64,
        fee in 0..1_000_000_i64,
        price in 2_001..1_000_000_000_i64,
    ) {
        let mut terms = QuoteTerms { freight_minor: freight, ..quote_terms() };
        terms.lines[0].ladder = vec![crate::catalog::PriceBreak { from_quantity: pieces(1), unit_price: BarePrice(price) }];
        let quote = quote(2, &terms);
        let table = compare(&rfq(), &[Quoted { quote: &quote, fee }], now()).unwrap();
        let costs: Vec<Landed> = table.rows.iter().filter_map(|row| row.cells[0].priced()).map(|cell| cell.cost).collect();
        prop_assert_eq!(costs.iter().map(|c| c.freight).sum::<i64>(), freight);
        prop_assert_eq!(costs.iter().map(|c| c.fee).sum::<i64>(), fee);
        for cost in &costs {
            prop_assert_eq!(cost.total, cost.goods + cost.freight + cost.duty + cost.vat + cost.fee);
        }
        prop_assert_eq!(table.columns[0].total, costs.iter().map(|c| c.total).sum::<i64>());
    }
}
