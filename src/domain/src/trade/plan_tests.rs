use super::super::terms::*;
use super::*;
use crate::catalog::{Incoterm, IncotermCode};
use crate::kernel::{BarePrice, CompanyId, Currency, Day};
use proptest::prelude::*;

fn terms(price: &str, quantities: &[i64], stages: Vec<StageTerms>) -> OrderTerms {
    let line = Line {
        product: None,
        sku: String::new(),
        title: "Goods".into(),
        hs_code: String::new(),
        unit: String::new(),
        quantity: Quantity(quantities.iter().sum()),
        unit_price: BarePrice::parse(price).unwrap(),
        from_stock: None,
    };
    OrderTerms {
        buyer: CompanyId(1),
        seller: CompanyId(2),
        currency: Currency::USD,
        lines: vec![line],
        freight_minor: 0,
        discount_minor: 0,
        tax_minor: 0,
        incoterm: Incoterm { code: IncotermCode::Fob, place: "Ningbo".into() },
        delivery_address: Address::default(),
        consignee: String::new(),
        buyer_contact: Contact::default(),
        seller_contact: Contact::default(),
        po_number: None,
        stages,
        shipments: quantities
            .iter()
            .map(|q| ShipmentTerms { ship_by: Day(20_000), quantities: vec![Quantity(*q)] })
            .collect(),
        acceptance_days: 15,
        claim_window_days: 30,
        deposit_days: 10,
        quality_points: vec![],
        aql: None,
        notes: String::new(),
    }
}

fn stage(kind: StageKind, trigger: Trigger, share_bps: i64) -> StageTerms {
    StageTerms { kind, trigger, share_bps, shipment: None }
}

fn thirty_seventy() -> Vec<StageTerms> {
    vec![stage(StageKind::Deposit, Trigger::Agreed, 3_000), stage(StageKind::Balance, Trigger::BeforeDispatch, 7_000)]
}

#[test]
fn a_balance_becomes_one_stage_per_shipment_by_value() {
    let plan = Plan::of(&terms("10", &[600_000, 400_000], thirty_seventy())).unwrap();

    assert_eq!((plan.goods_total, plan.total), (1_000_000, 1_000_000));
    assert_eq!(plan.shipments, [600_000, 400_000]);
    let rows: Vec<_> = plan.stages.iter().map(|stage| (stage.shipment, stage.amount, stage.cells.to_vec())).collect();
    assert_eq!(
        rows,
        [
            (None, 300_000, vec![180_000, 120_000]),
            (Some(1), 420_000, vec![420_000, 0]),
            (Some(2), 280_000, vec![0, 280_000]),
        ]
    );
}

#[test]
fn freight_tax_and_discount_follow_the_value_of_the_goods() {
    let mut terms = terms("10", &[600_000, 400_000], thirty_seventy());
    terms.freight_minor = 10_001;
    terms.tax_minor = 500;
    terms.discount_minor = 1_000;

    let plan = Plan::of(&terms).unwrap();

    assert_eq!(plan.total, 1_000_000 + 10_001 + 500 - 1_000);
    assert_eq!(plan.shipments, [600_000 + 6_001 + 300 - 600, 400_000 + 4_000 + 200 - 400]);
}

#[test]
fn a_discount_above_the_goods_is_refused() {
    let mut terms = terms("10", &[600_000, 400_000], thirty_seventy());
    terms.discount_minor = 1_000_001;
    assert!(Plan::of(&terms).is_err());
}

proptest! {
    #[test]
    fn shipments_stages_and_cells_always_add_up(
        micros in 1..50_000_000_i64,
        quantities in prop::collection::vec(1..5_000_000_i64, 1..7),
        deposit in 1..6_000_i64,
        retention in 0..1_000_i64,
        freight in 0..1_000_000_i64,
        tax in 0..1_000_000_i64,
    ) {
        let mut stages = vec![stage(StageKind::Deposit, Trigger::Agreed, deposit)];
        if retention > 0 {
            stages.push(stage(StageKind::Retention, Trigger::Delivered, retention));
        }
        stages.push(stage(StageKind::Balance, Trigger::BeforeDispatch, 10_000 - deposit - retention));
        let mut terms = terms("1", &quantities, stages);
        terms.lines[0].unit_price = BarePrice(micros);
        terms.freight_minor = freight;
        terms.tax_minor = tax;

        if let Ok(plan) = Plan::of(&terms) {
            let goods = crate::kernel::line_value(terms.lines[0].quantity, terms.lines[0].unit_price.in_currency(terms.currency)).unwrap();
            prop_assert_eq!(plan.goods_total, goods.minor);
            prop_assert_eq!(plan.total, goods.minor + freight + tax);
            prop_assert_eq!(plan.shipments.iter().sum::<i64>(), plan.total);
            prop_assert_eq!(plan.stages.iter().map(|stage| stage.amount).sum::<i64>(), plan.total);
            for stage in &plan.stages {
                prop_assert_eq!(stage.cells.len(), quantities.len());
                prop_assert_eq!(stage.cells.iter().sum::<i64>(), stage.amount);
                prop_assert!(stage.cells.iter().all(|cell| *cell >= 0));
            }
        }
    }
}
