//! The product in the walks' words: how a request reads to it, and what of its state is compared.

use crate::order::Books;
use crate::reference::Model;
use crate::words::{Terms, Told, Verdict};
use entrepot_domain::catalog::{Bound, Incoterm, IncotermCode, Measure, MeasuredPoint};
use entrepot_domain::kernel::{BarePrice, CompanyId, Currency, Day, Quantity};
use entrepot_domain::trade::{
    Amendment, ContractHash, DispatchPapers, Line, Milestone, Order, OrderStatus, OrderTerms, PayMethod, QualityPoint,
    ShipmentChange, ShipmentTerms, StageKind, StageTerms, TradeCommand, Trigger,
};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The purses of a company, by the model's names and the chart's.
pub const PURSES: [&str; 3] = ["buyer", "seller", "reserve"];

/// What is compared after every step. Versions only where the ground counts them.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Seen {
    pub orders: Vec<SeenOrder>,
    pub purses: BTreeMap<(u8, &'static str, &'static str), i64>,
    pub bank: BTreeMap<&'static str, i64>,
}

#[derive(Debug, Default, PartialEq, Eq)]
pub struct SeenOrder {
    pub state: &'static str,
    pub version: Option<i64>,
    /// State, lapse, and held, released and refunded money of each stage.
    pub stages: Vec<(&'static str, i64, [i64; 3])>,
    /// State, ship-by day and value of each shipment.
    pub shipments: Vec<(&'static str, i64, i64)>,
    pub deadlines: BTreeMap<(&'static str, i64), i64>,
    pub reserve: i64,
}

impl Seen {
    /// One line for each thing that is compared.
    pub fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for (at, o) in self.orders.iter().enumerate() {
            lines.push(format!("order {at}: {} version {:?} reserve {}", o.state, o.version, o.reserve));
            lines.extend((1..).zip(&o.stages).map(|(i, s)| format!("order {at} stage {i}: {s:?}")));
            lines.extend((1..).zip(&o.shipments).map(|(i, s)| format!("order {at} shipment {i}: {s:?}")));
            lines.extend(o.deadlines.iter().map(|d| format!("order {at} deadline {d:?}")));
        }
        lines.extend(self.purses.iter().map(|p| format!("purse {p:?}")));
        lines.extend(self.bank.iter().map(|b| format!("bank {b:?}")));
        lines
    }
}

pub fn of_model(model: &Model, versions: bool) -> Seen {
    let order = |o: &crate::order::Order| SeenOrder {
        state: o.state,
        version: versions.then_some(o.version),
        stages: o
            .stages
            .iter()
            .map(|s| {
                (
                    s.state,
                    if s.state == "due" { s.lapses } else { 0 },
                    [s.sum(|c| c.held), s.sum(|c| c.released), s.sum(|c| c.refunded)],
                )
            })
            .collect(),
        shipments: o.shipments.iter().map(|s| (s.state, s.ship_by, s.value)).collect(),
        deadlines: o.deadlines(),
        reserve: o.reserve,
    };
    let Books { purses, bank } = &model.books;
    Seen {
        orders: model.orders.iter().map(order).collect(),
        purses: purses.iter().filter(|p| *p.1 != 0).map(|(k, v)| (*k, *v)).collect(),
        bank: bank.iter().filter(|b| *b.1 != 0).map(|(k, v)| (*k, *v)).collect(),
    }
}

/// An order as the product holds it; deadlines and version come from where the ground keeps them.
pub fn of_order(order: &Order, version: Option<i64>, deadlines: BTreeMap<(&'static str, i64), i64>) -> SeenOrder {
    let due = |s: &entrepot_domain::trade::Stage| {
        if s.state == entrepot_domain::trade::StageState::Due { s.due_at.map_or(0, |d| d.0) } else { 0 }
    };
    let stage = |s: &entrepot_domain::trade::Stage| (s.state.as_str(), due(s), [s.held, s.released, s.refunded]);
    let shipment = |s: &entrepot_domain::trade::Shipment| (s.state.as_str(), i64::from(s.ship_by.0), s.value);
    SeenOrder {
        state: order.status.as_str(),
        version,
        stages: order.stages.iter().map(stage).collect(),
        shipments: order.shipments.iter().map(shipment).collect(),
        deadlines,
        reserve: order.money.reserve,
    }
}

/// The verdict a refusal's status stands for.
pub fn refused(status: u16) -> Verdict {
    match status {
        403 => Verdict::NotAllowed,
        404 => Verdict::NotSeen,
        409 => Verdict::Conflict,
        422 => Verdict::Invalid,
        other => panic!("a refusal with status {other}"),
    }
}

/// True while the door hides the order from everybody but its drafter.
pub fn never_offered(order: &Order) -> bool {
    matches!(order.status, OrderStatus::Draft | OrderStatus::Cancelled) && order.offer.is_none()
}

pub fn terms(terms: &Terms, company: impl Fn(u8) -> u128) -> OrderTerms {
    let quantity = |minor: i64| Quantity::whole(minor).unwrap();
    let kind = |kind: &str| serde_json::from_value::<StageKind>(kind.into()).unwrap();
    let trigger = |trigger: &str| serde_json::from_value::<Trigger>(trigger.into()).unwrap();
    let stage = |s: &crate::words::TermsStage| StageTerms {
        kind: kind(s.kind),
        trigger: trigger(s.trigger),
        share_bps: s.share,
        shipment: s.only.map(|i| i as i32 + 1),
    };
    let shipment =
        |(by, goods): (&i64, &i64)| ShipmentTerms { ship_by: Day(*by as i32), quantities: vec![quantity(*goods)] };
    let line = Line {
        product: None,
        sku: "S-1".into(),
        title: "Hex bolts".into(),
        hs_code: "731815".into(),
        unit: "pcs".into(),
        quantity: quantity(terms.goods.iter().sum()),
        unit_price: BarePrice::parse("0.01").unwrap(),
        from_stock: None,
    };
    OrderTerms {
        buyer: CompanyId(company(terms.buyer)),
        seller: CompanyId(company(terms.seller)),
        currency: Currency::parse(terms.currency).unwrap(),
        lines: vec![line],
        freight_minor: terms.extra.max(0),
        discount_minor: (-terms.extra).max(0),
        tax_minor: 0,
        incoterm: Incoterm { code: IncotermCode::Fob, place: "Ningbo".into() },
        delivery_address: Default::default(),
        consignee: String::new(),
        buyer_contact: Default::default(),
        seller_contact: Default::default(),
        po_number: None,
        stages: terms.stages.iter().map(stage).collect(),
        shipments: terms.ship_by.iter().zip(&terms.goods).map(shipment).collect(),
        acceptance_days: terms.acceptance,
        claim_window_days: terms.window,
        deposit_days: terms.deposit_days,
        quality_points: terms.measured.then(measured).into_iter().collect(),
        aql: None,
        notes: String::new(),
    }
}

fn measured() -> QualityPoint {
    QualityPoint::Measured(MeasuredPoint {
        point: "Thread".into(),
        bound: Bound::AtMost,
        value: Measure(6_000_000),
        tolerance: None,
        unit: "mm".into(),
        method: "gauge".into(),
    })
}

/// A step and what it is told, as the product's command. `read` is the hash its caller read.
pub fn command(
    step: &str,
    told: &Told,
    read: ContractHash,
    terms: impl Fn(&Terms) -> Arc<OrderTerms>,
) -> Option<TradeCommand> {
    use TradeCommand as C;
    let part = told.part as i32;
    let hash = if told.flawed { ContractHash([255; 32]) } else { read };
    let papers = DispatchPapers {
        carrier: if told.flawed { "" } else { "Line" }.into(),
        tracking_no: "T1".into(),
        documents: vec!["bl.pdf".into()],
    };
    let change = ShipmentChange { shipment: part, ship_by: Some(Day(told.days as i32)), quantities: None };
    let changes = if told.flawed { Vec::new() } else { vec![change] };
    let new = || told.terms.as_ref().map(&terms);
    let valid_days = Some(told.days);
    Some(match step {
        "order.revise" => C::Revise { terms: new()? },
        "order.discard" => C::Discard {},
        "order.offer" => C::Offer { valid_days, contract_hash: read },
        "order.counter" => C::Counter { terms: new()?, valid_days, contract_hash: read },
        "order.accept" => C::Accept { offer_no: told.offer as i32, contract_hash: hash },
        "order.withdraw" => C::Withdraw { reason: None },
        "order.decline" => C::Decline { reason: None },
        "order.expire_offer" => C::ExpireOffer {},
        "stage.fund" => C::Fund { stage: part, method: if told.card { PayMethod::Card } else { PayMethod::Tt } },
        "stage.fall_due" => C::FallDue { stage: part },
        "stage.lapse" => C::Lapse { stage: part },
        "order.cancel_for_default" => C::CancelForDefault { penalty_minor: told.minor },
        "shipment.dispatch" => C::Dispatch { shipment: part, papers: Arc::new(papers), eta_days: told.days },
        "shipment.track" => {
            C::Track { shipment: part, milestone: Milestone::ALL.get(told.milestone.wrapping_sub(1)).copied() }
        }
        "shipment.deliver" => C::Deliver { shipment: part },
        "shipment.assume_delivered" => C::AssumeDelivered { shipment: part },
        "shipment.accept" => C::AcceptShipment { shipment: part },
        "shipment.auto_accept" => C::AutoAccept { shipment: part },
        "shipment.extend_acceptance" => C::ExtendAcceptance { shipment: part },
        "amendment.propose" => {
            C::ProposeAmendment { amendment: Arc::new(Amendment { shipments: changes, ..Amendment::default() }) }
        }
        "cancellation.propose" => C::ProposeCancellation { refund_minor: told.minor },
        "extension.propose" => C::ProposeExtension { shipment: part, days: told.days },
        "proposal.accept" => C::AcceptProposal {},
        "proposal.decline" => C::DeclineProposal {},
        "proposal.withdraw" => C::WithdrawProposal {},
        "proposal.lapse" => C::LapseProposal {},
        "order.late_cancel" => C::LateCancel {},
        "order.close" => C::Close {},
        _ => return None,
    })
}
