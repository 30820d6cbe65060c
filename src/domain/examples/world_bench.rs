//! Prints how many steps per second one core takes through whole order lives:
//! draft, offer, accept, fund, fund, dispatch, deliver, accept the goods, close.
//!
//! Once with every order kept in memory, and once as a simulation does it that retires what has ended.
//!
//! `cargo run --release -p entrepot-domain --example world_bench [orders]`

use std::sync::Arc;
use std::time::Instant;

use entrepot_domain::catalog::{Bound, Incoterm, IncotermCode, Measure, MeasuredPoint};
use entrepot_domain::kernel::{Actor, BarePrice, CompanyId, Currency, MarketTime, Quantity, Zone};
use entrepot_domain::market::RuleParams;
use entrepot_domain::trade::{
    Address, Contact, ContractHash, DispatchPapers, Line, OrderTerms, PayMethod, QualityPoint, ShipmentTerms,
    StageKind, StageTerms, TradeCommand, TradeRejection, Trigger,
};
use entrepot_domain::world::World;

const HASH: ContractHash = ContractHash([1; 32]);
const COMPANIES: u32 = 1_000;
/// Orders begun before the clock moves.
const BATCH: usize = 1_000;

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

fn terms(buyer: u128, seller: u128, shipments: i64) -> Arc<OrderTerms> {
    let stage = |kind, trigger, share_bps| StageTerms { kind, trigger, share_bps, shipment: None };
    let ship_by = "2099-03-01".parse().unwrap_or_default();
    let each = Quantity(1_000_000);
    Arc::new(OrderTerms {
        buyer: CompanyId(buyer),
        seller: CompanyId(seller),
        currency: Currency::USD,
        lines: vec![Line {
            product: None,
            sku: String::new(),
            title: "Lamp".into(),
            hs_code: String::new(),
            unit: "piece".into(),
            quantity: Quantity(each.0 * shipments),
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
        shipments: (0..shipments).map(|_| ShipmentTerms { ship_by, quantities: vec![each] }).collect(),
        acceptance_days: 15,
        claim_window_days: 0,
        deposit_days: 10,
        quality_points: vec![measured()],
        aql: None,
        notes: String::new(),
    })
}

fn life(
    world: &mut World,
    number: &Arc<str>,
    terms: &Arc<OrderTerms>,
    papers: &Arc<DispatchPapers>,
) -> Result<u32, TradeRejection> {
    let order = world.draft(Actor::Seller, Arc::clone(number), Arc::clone(terms))?;
    world.apply(order, Actor::Seller, &TradeCommand::Offer { valid_days: None, contract_hash: HASH })?;
    world.apply(order, Actor::Buyer, &TradeCommand::Accept { offer_no: 1, contract_hash: HASH })?;
    world.apply(order, Actor::Buyer, &TradeCommand::Fund { stage: 1, method: PayMethod::Card })?;
    for shipment in (1_i32..).take(terms.shipments.len()) {
        world.apply(order, Actor::Buyer, &TradeCommand::Fund { stage: shipment + 1, method: PayMethod::Tt })?;
        world.apply(
            order,
            Actor::Seller,
            &TradeCommand::Dispatch { shipment, papers: Arc::clone(papers), eta_days: 20 },
        )?;
        world.apply(order, Actor::Carrier, &TradeCommand::Deliver { shipment })?;
        world.apply(order, Actor::Buyer, &TradeCommand::AcceptShipment { shipment })?;
    }
    Ok(order)
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let orders: u32 = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(200_000);
    let start: MarketTime = "2026-01-05T09:00:00Z".parse()?;
    let number: Arc<str> = Arc::from("bench");
    let papers =
        Arc::new(DispatchPapers { carrier: "COSCO".into(), tracking_no: String::new(), documents: vec!["B/L".into()] });
    for (shipments, retires) in [(1, false), (2, false), (1, true), (2, true)] {
        let mut world =
            World::new(Currency::USD, COMPANIES, RuleParams::default(), Zone::parse("Asia/Shanghai")?, start);
        let contracts: Vec<_> = (1..=u128::from(COMPANIES / 2))
            .map(|buyer| terms(buyer, buyer + u128::from(COMPANIES / 2), shipments))
            .collect();
        for buyer in 1..=u128::from(COMPANIES) {
            world.pay_in(CompanyId(buyer), 1_000_000_000_000_000)?;
        }
        let began = Instant::now();
        let mut left = usize::try_from(orders)?;
        while left > 0 {
            let batch = left.min(if retires { BATCH } else { left });
            let places = contracts.iter().cycle().take(batch);
            let begun = places.map(|terms| life(&mut world, &number, terms, &papers)).collect::<Result<Vec<_>, _>>()?;
            world.advance(world.now().plus_days(3))?;
            for order in begun.into_iter().filter(|_| retires) {
                world.retire(order);
            }
            left -= batch;
        }
        let took = began.elapsed();
        let per_second = u128::from(world.steps()) * 1_000_000_000 / took.as_nanos().max(1);
        let open = world.orders().iter().filter(|order| !order.status.is_terminal() && order.terms.is_some()).count();
        println!(
            "{shipments} shipment(s), {}: {orders} orders, {} steps in {} ms = {per_second} steps/s; {open} open, client money gap {}",
            if retires { "retiring" } else { "keeping all" },
            world.steps(),
            took.as_millis(),
            world.client_money_gap()
        );
    }
    Ok(())
}
