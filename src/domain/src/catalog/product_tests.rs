use super::super::IncotermCode;
use super::*;
use proptest::prelude::*;

fn price_break(quantity: i64, micros: i64) -> PriceBreak {
    PriceBreak { from_quantity: Quantity(quantity * 1_000), unit_price: BarePrice(micros) }
}

pub(in crate::catalog) fn screws() -> Product {
    Product {
        id: ProductId(1),
        supplier: CompanyId(2),
        sku: "M4-20".into(),
        title: "Screw M4 x 20".into(),
        unit: "piece".into(),
        hs_code: "731815".into(),
        origin: "CN".into(),
        currency: Currency::USD,
        moq: Quantity(1_000_000),
        lot_step: Quantity(500_000),
        ladder: vec![price_break(1_000, 3_500), price_break(10_000, 3_000), price_break(100_000, 2_500)],
        lead_days: 14,
        incoterm: Incoterm { code: IncotermCode::Fob, place: "Ningbo".into() },
        supply: Supply::MadeToOrder,
        capacity: Some(Quantity(900_000_000)),
    }
}

#[test]
fn a_capacity_is_positive_and_said_of_goods_made_to_order() {
    let with = |supply, capacity| Product { supply, capacity, ..screws() }.validate();
    assert_eq!(with(Supply::MadeToOrder, None), []);
    assert_eq!(with(Supply::ReadyStock, None), []);
    for (supply, capacity) in [(Supply::MadeToOrder, 0), (Supply::MadeToOrder, -1), (Supply::ReadyStock, 1_000)] {
        let errors = with(supply, Some(Quantity(capacity)));
        assert_eq!(errors.iter().map(|e| e.pointer.as_str()).collect::<Vec<_>>(), ["/capacity"], "{capacity}");
    }
}

#[test]
fn a_listing_that_says_nothing_of_stock_is_stored_as_before() {
    let text = serde_json::to_string(&Product { capacity: None, ..screws() }).unwrap();
    assert!(!text.contains("supply") && !text.contains("capacity"), "{text}");
    assert_eq!(serde_json::from_str::<Product>(&text).unwrap().supply, Supply::MadeToOrder);
}

#[test]
fn the_price_follows_the_quantity_breaks() {
    let product = screws();
    for (quantity, micros) in [(1_000, 3_500), (9_500, 3_500), (10_000, 3_000), (99_500, 3_000), (1_000_000, 2_500)] {
        assert_eq!(product.price_at(Quantity(quantity * 1_000)).unwrap().micros, micros, "{quantity}");
    }
}

#[test]
fn a_quantity_off_the_rules_gets_the_nearest_acceptable_one() {
    let product = screws();
    for (asked, nearest) in [(0, 1_000), (-5, 1_000), (999, 1_000), (1_001, 1_500), (1_499, 1_500)] {
        let refusal = product.price_at(Quantity(asked * 1_000)).unwrap_err();
        assert_eq!(refusal.quantity, Quantity(nearest * 1_000), "{asked}");
    }
}

#[test]
fn a_sound_product_has_no_complaints() {
    assert_eq!(screws().validate(), []);
}

#[test]
fn each_fault_is_blamed_on_its_field() {
    type Spoil = fn(&mut Product);
    let cases: [(&str, Spoil); 11] = [
        ("/sku", |p| p.sku.clear()),
        ("/title", |p| p.title = "x".repeat(201)),
        ("/hs_code", |p| p.hs_code = "73181".into()),
        ("/hs_code", |p| p.hs_code = "7318.15".into()),
        ("/origin", |p| p.origin = "China".into()),
        ("/moq", |p| p.moq = Quantity(0)),
        ("/lead_days", |p| p.lead_days = -1),
        ("/ladder", |p| p.ladder.clear()),
        ("/ladder/1/from_quantity", |p| p.ladder[1].from_quantity = Quantity(1_000_000)),
        ("/ladder/2/unit_price", |p| p.ladder[2].unit_price = BarePrice(3_001)),
        ("/ladder/2/unit_price", |p| p.ladder[2].unit_price = BarePrice(0)),
    ];
    for (pointer, spoil) in cases {
        let mut product = screws();
        spoil(&mut product);
        assert!(product.validate().iter().any(|error| error.pointer == pointer), "{pointer}");
    }
}

#[test]
fn a_ladder_that_begins_above_the_minimum_is_refused() {
    let mut product = screws();
    product.moq = Quantity(500_000);
    assert_eq!(product.validate()[0].code, "product.ladder_start");
}

proptest! {
    #[test]
    fn the_nearest_quantity_is_always_acceptable(asked in any::<i64>(), moq in 1..1_000_000_i64, step in 0..10_000_i64) {
        let product = Product { moq: Quantity(moq), lot_step: Quantity(step), ladder: vec![PriceBreak { from_quantity: Quantity(1), unit_price: BarePrice(5) }], ..screws() };

        if let Err(nearest) = product.price_at(Quantity(asked)) {
            prop_assert!(product.price_at(nearest.quantity).is_ok());
        }
    }
}
