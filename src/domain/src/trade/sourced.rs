//! The terms of the order that an award of sourcing becomes.
//!
//! Promises the award's own prices, quantities, freight and total to the minor unit, one shipment, and the payment stages
//! the supplier proposed. Refuses nothing: whether the terms are acceptable is judged when the order is drafted.

use super::quality::QualityPoint;
use super::terms::{
    Address, Contact, Line, OrderTerms, ShipmentTerms, StageKind, StageTerms, Trigger, default_acceptance_days,
    default_claim_window_days, default_deposit_days,
};
use crate::kernel::{Day, Quantity};
use crate::sourcing::{self, Award, AwardLine, QuoteTerms, Rfq, StageProposal};

/// Holds who stands behind the two sides of an award.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AwardPeople {
    /// Who receives the goods.
    pub consignee: String,
    /// Contact at the buyer.
    pub buyer: Contact,
    /// Contact at the supplier.
    pub supplier: Contact,
}

/// Writes the terms of the order drafted from `award`, whose accepted version says `quoted`, on the market's day `today`.
#[must_use]
pub fn terms_of_award(rfq: &Rfq, award: &Award, quoted: &QuoteTerms, people: AwardPeople, today: Day) -> OrderTerms {
    let lead = i32::try_from(quoted.lead_days).unwrap_or(i32::MAX);
    let quantities: Vec<Quantity> = award.lines.iter().map(|line| line.quantity).collect();
    OrderTerms {
        buyer: rfq.buyer,
        seller: award.supplier,
        currency: rfq.terms.currency,
        lines: award.lines.iter().map(|awarded| line(rfq, quoted, awarded)).collect(),
        freight_minor: award.freight_minor,
        discount_minor: 0,
        tax_minor: 0,
        incoterm: quoted.incoterm.clone(),
        delivery_address: Address { country: rfq.terms.destination.clone(), ..Address::default() },
        consignee: people.consignee,
        buyer_contact: people.buyer,
        seller_contact: people.supplier,
        po_number: Some(rfq.number.clone()),
        stages: quoted.stages.iter().map(stage).collect(),
        shipments: vec![ShipmentTerms { ship_by: today.plus(lead), quantities }],
        acceptance_days: default_acceptance_days(),
        claim_window_days: default_claim_window_days(),
        deposit_days: default_deposit_days(),
        quality_points: rfq.terms.quality_points.iter().map(point).collect(),
        aql: quoted.aql.or(rfq.terms.aql),
        notes: quoted.note.clone(),
    }
}

/// A line as quoted; what the supplier left open is what the request says.
fn line(rfq: &Rfq, quoted: &QuoteTerms, awarded: &AwardLine) -> Line {
    let (wanted, quoted) = (rfq.line(awarded.line), quoted.lines.iter().find(|line| line.line == awarded.line));
    let either = |theirs: Option<&String>, ours: Option<&String>| {
        theirs.filter(|text| !text.is_empty()).or(ours).cloned().unwrap_or_default()
    };
    Line {
        product: quoted.and_then(|line| line.product),
        sku: quoted.map(|line| line.sku.clone()).unwrap_or_default(),
        title: either(quoted.map(|line| &line.title), wanted.map(|line| &line.title)),
        hs_code: either(quoted.map(|line| &line.hs_code), wanted.map(|line| &line.hs_code)),
        unit: wanted.map(|line| line.unit.clone()).unwrap_or_default(),
        quantity: awarded.quantity,
        unit_price: awarded.unit_price,
        // A quote is made to the request, in its own time: it takes nothing of what lies ready.
        from_stock: quoted.and_then(|line| line.product).map(|_| false),
    }
}

fn stage(proposal: &StageProposal) -> StageTerms {
    StageTerms {
        kind: match proposal.kind {
            sourcing::StageKind::Deposit => StageKind::Deposit,
            sourcing::StageKind::Balance => StageKind::Balance,
            sourcing::StageKind::Retention => StageKind::Retention,
        },
        trigger: match proposal.trigger {
            sourcing::Trigger::Agreed => Trigger::Agreed,
            sourcing::Trigger::BeforeDispatch => Trigger::BeforeDispatch,
            sourcing::Trigger::BlCopy => Trigger::BlCopy,
            sourcing::Trigger::Delivered => Trigger::Delivered,
        },
        share_bps: proposal.share_bps,
        shipment: None,
    }
}

/// What a request asked to be measured is what the order is measured on.
fn point(wanted: &sourcing::QualityPoint) -> QualityPoint {
    match wanted {
        sourcing::QualityPoint::Measured(point) => QualityPoint::Measured(point.clone()),
        sourcing::QualityPoint::Stated { point, measure } => QualityPoint::Stated(format!("{point}: {measure}")),
    }
}

#[cfg(test)]
mod tests {
    use super::super::Plan;
    use super::*;
    use crate::catalog::{Aql, InspectionLevel, Measure};
    use crate::kernel::BarePrice;
    use crate::sourcing::fixture::{now, pieces, quote, quote_terms, rfq, strength, zone};
    use crate::sourcing::{AwardChoice, RfqCommand, RfqContext, Seats, evolve_rfq, judge_rfq};
    use proptest::prelude::*;

    fn awarded(terms: &QuoteTerms, lines: &[(i32, Quantity)]) -> Rfq {
        let (mut rfq, quote) = (rfq(), quote(2, terms));
        let choices = vec![AwardChoice { quote: quote.id, version: 1, lines: lines.to_vec() }];
        let cx = RfqContext { now: now(), zone: &zone(), seats: &Seats::new(10), quotes: &[&quote] };
        let event = judge_rfq(&rfq, &RfqCommand::Award { choices }, &cx).unwrap().unwrap();
        evolve_rfq(&mut rfq, &event);
        rfq
    }

    fn ordered(terms: &QuoteTerms, lines: &[(i32, Quantity)]) -> (Rfq, OrderTerms) {
        let rfq = awarded(terms, lines);
        let order = terms_of_award(&rfq, &rfq.awards[0], terms, AwardPeople::default(), zone().day_of(now()));
        (rfq, order)
    }

    #[test]
    fn the_order_says_what_the_quote_said_and_is_acceptable_as_it_is() {
        let (rfq, order) = ordered(&quote_terms(), &[(1, pieces(10_000)), (2, pieces(20_000))]);

        assert_eq!(order.validate(), []);
        let line = &order.lines[0];
        assert_eq!((line.title.as_str(), line.sku.as_str(), line.hs_code.as_str()), ("Bolt M8", "S-1", "731815"));
        assert_eq!((line.unit.as_str(), line.quantity, line.unit_price), ("pcs", pieces(10_000), BarePrice(3_000)));
        assert_eq!(order.shipments[0].ship_by.to_string(), "2026-01-25", "today and twenty days");
        assert_eq!(order.quality_points, [QualityPoint::Measured(strength())]);
        assert_eq!(order.unmeasured(), [], "the order can be offered as it is");
        assert_eq!((order.freight_minor, order.incoterm), (10_000, quote_terms().incoterm));
        assert_eq!(
            (order.buyer, order.seller, order.currency),
            (rfq.buyer, rfq.awards[0].supplier, rfq.terms.currency)
        );
        let stages: Vec<_> = order.stages.iter().map(|s| (s.kind, s.trigger, s.share_bps)).collect();
        let expected =
            [(StageKind::Deposit, Trigger::Agreed, 3_000), (StageKind::Balance, Trigger::BeforeDispatch, 7_000)];
        assert_eq!(stages, expected);
    }

    #[test]
    fn the_sampling_of_the_request_stands_in_the_order_unless_the_quote_names_another() {
        let of = |major: i64| Aql {
            level: InspectionLevel::Ii,
            critical: Measure(0),
            major: Measure(major),
            minor: Measure(4_000_000),
        };
        let lines = [(1, pieces(10_000))];
        let mut asked = awarded(&quote_terms(), &lines);
        asked.terms.aql = Some(of(2_500_000));
        let order = |rfq: &Rfq, terms: &QuoteTerms| {
            terms_of_award(rfq, &rfq.awards[0], terms, AwardPeople::default(), zone().day_of(now()))
        };
        assert_eq!(order(&asked, &quote_terms()).aql, Some(of(2_500_000)));
        let stricter = QuoteTerms { aql: Some(of(1_500_000)), ..quote_terms() };
        assert_eq!(order(&asked, &stricter).aql, Some(of(1_500_000)));
        assert_eq!(order(&awarded(&quote_terms(), &lines), &quote_terms()).aql, None);
    }

    #[test]
    fn what_the_supplier_calls_otherwise_stands_in_the_order() {
        let mut terms = quote_terms();
        terms.lines[0].title = "Bolt M8, zinc".into();
        terms.lines[0].hs_code = "73181500".into();
        let (_, order) = ordered(&terms, &[(1, pieces(10_000))]);
        assert_eq!((order.lines[0].title.as_str(), order.lines[0].hs_code.as_str()), ("Bolt M8, zinc", "73181500"));
    }

    proptest! {
        /// The invariant of the whole road: accepted price is contract price, and the totals agree to the minor unit.
        #[test]
        fn prices_and_total_of_the_order_are_those_of_the_award(
            first in 2_000..1_000_000_000_i64,
            second in 1..1_000_000_000_i64,
            bolts in 1_000_000..10_000_000_i64,
            nuts in 5_000_000..20_000_000_i64,
            freight in 0..100_000_000_i64,
        ) {
            let mut terms = QuoteTerms { freight_minor: freight, ..quote_terms() };
            terms.lines[0].ladder[0].unit_price = BarePrice(first + 1);
            terms.lines[0].ladder[1].unit_price = BarePrice(first);
            terms.lines[1].ladder[0].unit_price = BarePrice(second);
            let (rfq, order) = ordered(&terms, &[(1, Quantity(bolts)), (2, Quantity(nuts))]);
            let award = &rfq.awards[0];

            for (line, awarded) in order.lines.iter().zip(&award.lines) {
                prop_assert_eq!((line.unit_price, line.quantity), (awarded.unit_price, awarded.quantity));
            }
            let expected = if bolts >= 10_000_000 { first } else { first + 1 };
            prop_assert_eq!(order.lines[0].unit_price, BarePrice(expected));
            prop_assert_eq!(Plan::of(&order).unwrap().total, award.total_minor);
        }
    }
}
