use super::*;
use crate::catalog::{Bound, Incoterm, IncotermCode, Measure, MeasuredPoint};
use crate::kernel::{BarePrice, Money, Quantity};
use crate::trade::{
    Address, Contact, ContractHash, DispatchPapers, Line, OrderStatus, PayMethod, QualityPoint, ShipmentTerms,
    StageKind, StageTerms, Trigger,
};

const HASH: ContractHash = ContractHash([1; 32]);

fn measured() -> QualityPoint {
    QualityPoint::Measured(MeasuredPoint {
        point: "Luminous flux".into(),
        bound: Bound::AtLeast,
        value: Measure(800_000_000),
        tolerance: None,
        unit: "lm".into(),
        method: "five of each lot".into(),
    })
}

fn terms() -> Arc<OrderTerms> {
    let stage = |kind, trigger, share_bps| StageTerms { kind, trigger, share_bps, shipment: None };
    Arc::new(OrderTerms {
        buyer: CompanyId(1),
        seller: CompanyId(2),
        currency: Currency::USD,
        lines: vec![Line {
            product: None,
            sku: String::new(),
            title: "Lamp".into(),
            hs_code: String::new(),
            unit: "piece".into(),
            quantity: Quantity(1_000_000),
            unit_price: BarePrice(10_000_000),
            from_stock: None,
        }],
        freight_minor: 0,
        discount_minor: 0,
        tax_minor: 0,
        incoterm: Incoterm { code: IncotermCode::Fob, place: "Ningbo".into() },
        delivery_address: Address::default(),
        consignee: String::new(),
        buyer_contact: Contact::default(),
        seller_contact: Contact::default(),
        po_number: None,
        stages: vec![
            stage(StageKind::Deposit, Trigger::Agreed, 3_000),
            stage(StageKind::Balance, Trigger::BeforeDispatch, 7_000),
        ],
        shipments: vec![ShipmentTerms {
            ship_by: "2026-03-01".parse().unwrap(),
            quantities: vec![Quantity(1_000_000)],
        }],
        acceptance_days: 15,
        claim_window_days: 30,
        deposit_days: 10,
        quality_points: vec![measured()],
        aql: None,
        notes: String::new(),
    })
}

fn world() -> World {
    let now = "2026-01-05T09:00:00Z".parse().unwrap();
    let mut world = World::new(Currency::USD, 2, RuleParams::default(), Zone::parse("Asia/Shanghai").unwrap(), now);
    world.pay_in(CompanyId(1), 1_100_000).unwrap();
    world
}

fn agree(world: &mut World) -> u32 {
    let index = world.draft(Actor::Seller, Arc::from("1"), terms()).unwrap();
    world.apply(index, Actor::Seller, &TradeCommand::Offer { valid_days: None, contract_hash: HASH }).unwrap();
    world.apply(index, Actor::Buyer, &TradeCommand::Accept { offer_no: 1, contract_hash: HASH }).unwrap();
    index
}

fn fund(world: &mut World, index: u32, stage: i32) -> Result<(), TradeRejection> {
    world.apply(index, Actor::Buyer, &TradeCommand::Fund { stage, method: PayMethod::Tt })
}

fn usd(minor: i64) -> Money {
    Money::new(minor, Currency::USD)
}

#[test]
fn moving_the_clock_alone_finishes_a_dispatched_order() {
    let mut world = world();
    let index = agree(&mut world);
    fund(&mut world, index, 1).unwrap();
    fund(&mut world, index, 2).unwrap();
    let papers =
        Arc::new(DispatchPapers { carrier: "COSCO".into(), tracking_no: String::new(), documents: vec!["B/L".into()] });
    world.apply(index, Actor::Seller, &TradeCommand::Dispatch { shipment: 1, papers, eta_days: 20 }).unwrap();

    let taken = world.advance("2026-12-31T00:00:00Z".parse().unwrap()).unwrap();

    assert_eq!(taken, 8, "five milestones, delivery, acceptance, close");
    assert_eq!(world.order(index).unwrap().status, OrderStatus::Closed);
    let seller = Account::of(AccountKind::Seller, 2, Currency::USD);
    assert_eq!(world.balance(&seller), 977_000);
    assert_eq!(world.client_money_gap(), 0);
    assert_eq!(world.next_deadline(), None);
    world.withdraw(CompanyId(2), 977_000).unwrap();
    assert!(world.withdraw(CompanyId(2), 1).is_err());
}

#[test]
fn results_do_not_depend_on_the_size_of_the_ticks() {
    let run = |days: i64| {
        let mut world = world();
        let index = agree(&mut world);
        fund(&mut world, index, 1).unwrap();
        let end: MarketTime = "2027-01-05T09:00:00Z".parse().unwrap();
        while world.now() < end {
            let to = world.now().plus_days(days).min(end);
            world.advance(to).unwrap();
        }
        world.orders().to_vec()
    };

    assert_eq!(run(1), run(400));
    assert_eq!(run(7)[0].status, OrderStatus::Cancelled, "nobody dispatched: the system cancelled and refunded");
}

#[test]
fn a_refused_command_leaves_no_trace() {
    let mut world = world();
    let index = agree(&mut world);
    let second = agree(&mut world);
    fund(&mut world, index, 1).unwrap();
    fund(&mut world, index, 2).unwrap();
    let before = world.orders().to_vec();
    let wallet = Account::of(AccountKind::Buyer, 1, Currency::USD);
    let left = world.balance(&wallet);

    let refusal = fund(&mut world, second, 1);

    assert_eq!(refusal, Err(TradeRejection::InsufficientFunds { have: usd(left), need: usd(301_500) }));
    assert_eq!((world.orders(), world.balance(&wallet)), (before.as_slice(), left));
    assert!(world.apply(99, Actor::Buyer, &TradeCommand::Close {}).is_err());
    assert!(world.advance(MarketTime(0)).is_err());
}

#[test]
fn the_place_of_an_ended_order_is_used_again_and_an_open_one_keeps_its_own() {
    let mut world = world();
    let index = agree(&mut world);
    assert!(!world.retire(index), "agreed, not ended");
    let later = world.now().plus_days(30);
    world.advance(later).unwrap();
    assert_eq!(world.order(index).unwrap().status, OrderStatus::Expired, "nobody paid");

    assert!(world.retire(index));

    assert!(!world.retire(index), "given back once");
    assert!(!world.retire(99));
    let mut invalid = (*terms()).clone();
    invalid.seller = invalid.buyer;
    assert!(world.draft(Actor::Seller, Arc::from("2"), Arc::new(invalid)).is_err());
    let again = agree(&mut world);
    assert_eq!((again, world.orders().len()), (index, 1), "a refused draft gives the place back too");
    fund(&mut world, again, 1).unwrap();
    let order = world.order(again).unwrap();
    assert_eq!((order.status, order.money.held, order.stages.len()), (OrderStatus::Active, 300_000, 2));
    let end: MarketTime = "2027-01-05T09:00:00Z".parse().unwrap();
    world.advance(end).unwrap();
    assert_eq!(world.order(again).unwrap().status, OrderStatus::Cancelled, "its own deadlines fired");
    assert_eq!(world.client_money_gap(), 0);
}

#[test]
fn another_currency_is_refused() {
    let mut world = world();
    let mut euro = (*terms()).clone();
    euro.currency = Currency::EUR;
    assert!(world.draft(Actor::Seller, Arc::from("1"), Arc::new(euro)).is_err());
    assert!(world.orders().is_empty());
}
