//! The page of one order: terms, stages, shipments, money and deadlines. Before agreement it shows the plan.

use super::{CompanyCard, DeadlineView, terms, words};
use crate::platform::access::Actor;
use crate::platform::problem::Refusal;
use crate::platform::schema::{self, MoneyView};
use crate::trade::commands::party_of;
use crate::trade::read::Page;
use entrepot_domain::kernel::{Currency, Day, MarketTime, OrderId, ProductId, Quantity, Side};
use entrepot_domain::trade::{
    Line, Milestone, Offer, Order, OrderStatus, OrderTerms, PayMethod, Phase, Plan, PlannedStage, Proposal, Shipment,
    ShipmentState, ShipmentTerms, Stage, StageKind, StageState, Trigger, reserved, reserved_until,
};
use serde::Serialize;
use std::sync::Arc;
use utoipa::ToSchema;

/// A payment stage of an order.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OrderStage)]
pub struct StageView {
    /// Number, counted from 1.
    no: i32,
    #[schema(value_type = words::StageKind)]
    kind: StageKind,
    #[schema(value_type = words::Trigger)]
    trigger: Trigger,
    /// Shipment it belongs to; `null` for the whole order.
    #[schema(required = true)]
    shipment: Option<i32>,
    amount: MoneyView,
    #[schema(value_type = words::StageState)]
    state: StageState,
    /// Until when it can be paid.
    #[schema(value_type = Option<String>, format = DateTime, required = true)]
    due_at: Option<MarketTime>,
    /// When it was paid.
    #[schema(value_type = Option<String>, format = DateTime, required = true)]
    funded_at: Option<MarketTime>,
    #[schema(value_type = Option<words::PayMethod>, required = true)]
    method: Option<PayMethod>,
    /// Payment fee on top of the amount.
    fee: MoneyView,
    /// Gross amount released to the seller.
    released: MoneyView,
    refunded: MoneyView,
    /// Amount in escrow.
    held: MoneyView,
}

impl StageView {
    fn of(stage: &Stage, currency: Currency) -> Self {
        let money = |minor: i64| MoneyView::of(minor, currency);
        Self {
            no: stage.no,
            kind: stage.kind,
            trigger: stage.trigger,
            shipment: stage.shipment,
            amount: money(stage.amount),
            state: stage.state,
            due_at: stage.due_at,
            funded_at: stage.funded_at,
            method: stage.method,
            fee: money(stage.fee),
            released: money(stage.released),
            refunded: money(stage.refunded),
            held: money(stage.held),
        }
    }

    /// What a stage will be once the offer is accepted.
    fn planned(no: i32, stage: &PlannedStage, currency: Currency) -> Self {
        let none = || MoneyView::of(0, currency);
        Self {
            no,
            kind: stage.kind,
            trigger: stage.trigger,
            shipment: stage.shipment,
            amount: MoneyView::of(stage.amount, currency),
            state: StageState::Planned,
            due_at: None,
            funded_at: None,
            method: None,
            fee: none(),
            released: none(),
            refunded: none(),
            held: none(),
        }
    }
}

/// A milestone that was reached.
#[derive(Debug, Serialize, ToSchema)]
pub struct MilestoneReached {
    #[schema(value_type = words::Milestone)]
    milestone: Milestone,
    #[schema(value_type = String, format = DateTime)]
    at: MarketTime,
}

/// A shipment of an order.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OrderShipment)]
pub struct ShipmentView {
    /// Number, counted from 1.
    no: i32,
    /// Last day of dispatch.
    #[schema(value_type = String, format = Date)]
    ship_by: Day,
    #[schema(value_type = words::ShipmentState)]
    state: ShipmentState,
    /// Value with its part of freight, discount and tax.
    value: MoneyView,
    /// Quantity of each line, in line order.
    #[schema(value_type = Vec<String>)]
    quantities: Vec<Quantity>,
    #[schema(value_type = Option<String>, format = DateTime, required = true)]
    dispatched_at: Option<MarketTime>,
    #[schema(value_type = Option<String>, format = DateTime, required = true)]
    delivered_at: Option<MarketTime>,
    #[schema(value_type = Option<String>, format = DateTime, required = true)]
    accepted_at: Option<MarketTime>,
    #[schema(required = true)]
    carrier: Option<String>,
    #[schema(required = true)]
    tracking_no: Option<String>,
    /// Names of the documents shown at dispatch.
    documents: Vec<String>,
    /// Announced arrival.
    #[schema(value_type = Option<String>, format = DateTime, required = true)]
    eta: Option<MarketTime>,
    milestones: Vec<MilestoneReached>,
    /// Until when the buyer can inspect.
    #[schema(value_type = Option<String>, format = DateTime, required = true)]
    accept_by: Option<MarketTime>,
}

impl ShipmentView {
    fn of(shipment: &Shipment, quantities: Vec<Quantity>, currency: Currency) -> Self {
        let reached = Milestone::ALL.iter().zip(shipment.milestones);
        let papers = shipment.papers.as_deref();
        Self {
            no: shipment.no,
            ship_by: shipment.ship_by,
            state: shipment.state,
            value: MoneyView::of(shipment.value, currency),
            quantities,
            dispatched_at: shipment.dispatched_at,
            delivered_at: shipment.delivered_at,
            accepted_at: shipment.accepted_at,
            carrier: papers.map(|p| p.carrier.clone()),
            tracking_no: papers.map(|p| p.tracking_no.clone()),
            documents: papers.map(|p| p.documents.clone()).unwrap_or_default(),
            eta: shipment.eta,
            milestones: reached
                .filter_map(|(milestone, at)| at.map(|at| MilestoneReached { milestone: *milestone, at }))
                .collect(),
            accept_by: shipment.accept_by,
        }
    }

    /// What a shipment will be once the offer is accepted.
    fn planned(no: i32, shipment: &ShipmentTerms, value: i64, currency: Currency) -> Self {
        Self {
            no,
            ship_by: shipment.ship_by,
            state: ShipmentState::Planned,
            value: MoneyView::of(value, currency),
            quantities: shipment.quantities.clone(),
            dispatched_at: None,
            delivered_at: None,
            accepted_at: None,
            carrier: None,
            tracking_no: None,
            documents: Vec::new(),
            eta: None,
            milestones: Vec::new(),
            accept_by: None,
        }
    }
}

/// Where the money of an order is.
#[derive(Debug, Serialize, ToSchema)]
pub struct OrderMoney {
    /// Paid into escrow by the buyer.
    paid: MoneyView,
    /// In escrow now.
    held: MoneyView,
    /// Released to the seller, gross.
    released: MoneyView,
    /// Refunded to the buyer.
    refunded: MoneyView,
    /// Payment fees paid by the buyer on top.
    fees: MoneyView,
    /// Transaction fees taken from releases.
    txn_fees: MoneyView,
    /// Premiums taken from releases.
    premiums: MoneyView,
    /// In the seller's reserve for this order now.
    reserve: MoneyView,
}

impl OrderMoney {
    fn of(order: &Order) -> Self {
        let (money, currency) = (order.money, order.currency());
        let of = |minor: i64| MoneyView::of(minor, currency);
        Self {
            paid: of(money.paid),
            held: of(money.held),
            released: of(money.released),
            refunded: of(money.refunded),
            fees: of(money.payment_fees),
            txn_fees: of(money.txn_fees),
            premiums: of(money.premiums),
            reserve: of(money.reserve),
        }
    }
}

/// Goods that lie ready and are kept for an order until they are dispatched.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OrderReservation)]
pub struct ReservationView {
    /// When the clock ends it: what is late then is cancelled, and its goods are free again.
    #[schema(value_type = String, format = DateTime)]
    until: MarketTime,
    /// By product.
    goods: Vec<ReservedGoods>,
}

/// What is kept of one product.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReservedGoods {
    #[schema(value_type = String)]
    product_id: ProductId,
    /// The seller's number.
    sku: String,
    /// Decimal number.
    #[schema(value_type = String)]
    quantity: Quantity,
    /// Unit of sale.
    unit: String,
}

impl ReservationView {
    fn of(order: &Order, terms: &OrderTerms) -> Option<Self> {
        let until = reserved_until(order)?;
        let goods = reserved(order).into_iter().map(|(product_id, quantity)| {
            let line = terms.lines.iter().find(|line| line.stocked() == Some(product_id));
            let of = |text: fn(&Line) -> &String| line.map(text).cloned().unwrap_or_default();
            ReservedGoods { product_id, sku: of(|line| &line.sku), quantity, unit: of(|line| &line.unit) }
        });
        Some(Self { until, goods: goods.collect() })
    }
}

/// The whole order as its parties see it.
#[derive(Debug, Serialize, ToSchema)]
pub struct OrderView {
    #[schema(value_type = String)]
    id: OrderId,
    /// Number for people.
    number: String,
    /// Send it back as `expected_version`.
    version: i64,
    #[schema(value_type = words::OrderStatus)]
    status: OrderStatus,
    #[schema(value_type = words::Phase)]
    phase: Phase,
    /// The caller's side; `null` for who is on neither.
    #[schema(value_type = Option<schema::Side>, required = true)]
    my_side: Option<Side>,
    /// The side that wrote the draft.
    #[schema(value_type = schema::Side)]
    drafter: Side,
    buyer: CompanyCard,
    seller: CompanyCard,
    #[schema(value_type = terms::TermsView)]
    terms: Arc<OrderTerms>,
    /// The offer on the table, or the one that was accepted.
    #[schema(value_type = Option<terms::OfferView>, required = true)]
    offer: Option<Offer>,
    total: MoneyView,
    /// The lines alone, without freight, discount and tax.
    goods_total: MoneyView,
    stages: Vec<StageView>,
    shipments: Vec<ShipmentView>,
    money: OrderMoney,
    /// The proposal that waits for an answer.
    #[schema(value_type = Option<terms::ProposalView>, required = true)]
    proposal: Option<Proposal>,
    /// When the claim window ends.
    #[schema(value_type = Option<String>, format = DateTime, required = true)]
    close_at: Option<MarketTime>,
    /// What is kept of the seller's ready stock for this order; `null` where nothing is.
    #[schema(required = true)]
    reservation: Option<ReservationView>,
    /// What the clock will do, first things first.
    deadlines: Vec<DeadlineView>,
    #[schema(value_type = String, format = DateTime)]
    updated_at: MarketTime,
}

fn counted(n: usize) -> i32 {
    i32::try_from(n).map_or(i32::MAX, |n| n.saturating_add(1))
}

/// Stages and shipments as they are, or as they will be while nothing is agreed.
fn parts(order: &Order, terms: &OrderTerms, plan: Option<&Plan>) -> (Vec<StageView>, Vec<ShipmentView>) {
    if let Some(plan) = plan.filter(|_| order.stages.is_empty()) {
        let value = |n: usize| plan.shipments.get(n).copied().unwrap_or(0);
        let stages = plan.stages.iter().enumerate();
        let shipments = terms.shipments.iter().enumerate();
        return (
            stages.map(|(n, s)| StageView::planned(counted(n), s, terms.currency)).collect(),
            shipments.map(|(n, s)| ShipmentView::planned(counted(n), s, value(n), terms.currency)).collect(),
        );
    }
    let currency = order.currency();
    let quantities = |n: usize| terms.shipments.get(n).map(|t| t.quantities.clone()).unwrap_or_default();
    let shipments = order.shipments.iter().enumerate();
    (
        order.stages.iter().map(|s| StageView::of(s, currency)).collect(),
        shipments.map(|(n, s)| ShipmentView::of(s, quantities(n), currency)).collect(),
    )
}

impl OrderView {
    /// The order as the actor sees it.
    ///
    /// Errors: 404 for an order without terms, which nobody can have drafted.
    pub fn of(page: Page, actor: &Actor) -> Result<Self, Refusal> {
        let Page { stored, version, names: [buyer, seller], deadlines: due } = page;
        let order = &stored.order;
        let terms = order.terms.as_ref().ok_or_else(Refusal::not_found)?;
        let plan = Plan::of(terms).ok();
        let (stages, shipments) = parts(order, terms, plan.as_ref());
        let money = |minor: i64| MoneyView::of(minor, order.currency());
        Ok(Self {
            id: order.id,
            number: order.number.to_string(),
            version,
            status: order.status,
            phase: order.phase(),
            my_side: party_of(actor, terms).and_then(|party| party.side()),
            drafter: order.drafter,
            buyer: CompanyCard::named(terms.buyer.0, buyer),
            seller: CompanyCard::named(terms.seller.0, seller),
            terms: Arc::clone(terms),
            offer: order.offer,
            total: money(plan.as_ref().map_or(order.total, |p| p.total)),
            goods_total: money(plan.as_ref().map_or(0, |p| p.goods_total)),
            stages,
            shipments,
            money: OrderMoney::of(order),
            proposal: order.proposal.clone(),
            close_at: order.close_at,
            reservation: ReservationView::of(order, terms),
            deadlines: due.iter().map(|(step, part, at)| DeadlineView::of_order(order, step, *part, *at)).collect(),
            updated_at: MarketTime(stored.updated_at),
        })
    }
}
