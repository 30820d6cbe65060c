//! The steps people and carriers can take, as the document shows them: one name, one shape of parameters.
//!
//! The domain reads a step itself (`TradeCommand`), so nothing here runs in the product; the tests below hold each shape
//! against the domain and against the process table. Steps that only the clock takes are left out: asked for, they answer 403.

use super::terms::{AmendmentView, TermsView};
use super::words;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// One step of an order's process. Numbers of stages and shipments count from 1; amounts are minor units as decimal strings.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = Step)]
#[serde(tag = "name", content = "params")]
pub enum StepView {
    /// Rewrites a draft.
    #[serde(rename = "order.revise")]
    Revise { terms: Box<TermsView> },
    /// Throws a draft away.
    #[serde(rename = "order.discard")]
    Discard {},
    /// Offers the draft to the other side.
    #[serde(rename = "order.offer")]
    Offer {
        /// Days the offer stands, 1 to 90; the market's default if absent.
        #[serde(default)]
        valid_days: Option<i64>,
    },
    /// Answers an offer with other terms.
    #[serde(rename = "order.counter")]
    Counter {
        terms: Box<TermsView>,
        /// Days the counter-offer stands.
        #[serde(default)]
        valid_days: Option<i64>,
    },
    /// Accepts the offer on the table.
    #[serde(rename = "order.accept")]
    Accept {
        /// Number of the offer that was read.
        offer_no: i32,
        /// Hash of the terms that were read.
        contract_hash: String,
    },
    /// Takes one's own offer back.
    #[serde(rename = "order.withdraw")]
    Withdraw {
        #[serde(default)]
        reason: Option<String>,
    },
    /// Refuses the other side's offer.
    #[serde(rename = "order.decline")]
    Decline {
        #[serde(default)]
        reason: Option<String>,
    },
    /// Pays a stage into escrow.
    #[serde(rename = "stage.fund")]
    Fund {
        stage: i32,
        #[schema(value_type = words::PayMethod)]
        method: String,
    },
    /// Cancels because the buyer did not pay.
    #[serde(rename = "order.cancel_for_default")]
    CancelForDefault {
        /// Penalty the seller keeps.
        #[serde(default)]
        penalty_minor: String,
    },
    /// Hands a shipment to the carrier.
    #[serde(rename = "shipment.dispatch")]
    Dispatch {
        shipment: i32,
        carrier: String,
        #[serde(default)]
        tracking_no: String,
        /// Names of the documents shown: bill of lading, packing list, invoice.
        #[serde(default)]
        documents: Vec<String>,
        /// Days until arrival.
        eta_days: i64,
    },
    /// Reports a milestone.
    #[serde(rename = "shipment.track")]
    Track {
        shipment: i32,
        /// The next one if absent.
        #[serde(default)]
        #[schema(value_type = Option<words::Milestone>)]
        milestone: Option<String>,
    },
    /// Reports delivery.
    #[serde(rename = "shipment.deliver")]
    Deliver { shipment: i32 },
    /// Accepts the goods.
    #[serde(rename = "shipment.accept")]
    AcceptShipment { shipment: i32 },
    /// Extends the inspection, once per side.
    #[serde(rename = "shipment.extend_acceptance")]
    ExtendAcceptance { shipment: i32 },
    /// Proposes other terms.
    #[serde(rename = "amendment.propose")]
    ProposeAmendment(Box<AmendmentView>),
    /// Proposes to cancel what is not dispatched.
    #[serde(rename = "cancellation.propose")]
    ProposeCancellation {
        /// Part of the held undispatched money for the buyer; the rest is released to the seller.
        refund_minor: String,
    },
    /// Proposes a later ship-by date.
    #[serde(rename = "extension.propose")]
    ProposeExtension {
        shipment: i32,
        /// Days to add.
        days: i64,
    },
    /// Agrees to the open proposal.
    #[serde(rename = "proposal.accept")]
    AcceptProposal {},
    /// Refuses the open proposal.
    #[serde(rename = "proposal.decline")]
    DeclineProposal {},
    /// Takes one's own proposal back.
    #[serde(rename = "proposal.withdraw")]
    WithdrawProposal {},
    /// Cancels what is not dispatched because it is late.
    #[serde(rename = "order.late_cancel")]
    LateCancel {},
}

/// Asks for a step.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = StepRequest)]
pub struct StepRequestView {
    #[serde(flatten)]
    step: StepView,
    /// The version the caller saw; any other answers 409.
    #[serde(default)]
    expected_version: Option<i64>,
}

#[cfg(test)]
mod tests {
    use super::super::terms::tests::{amendment, terms};
    use super::*;
    use entrepot_domain::kernel::ActorKind;
    use entrepot_domain::trade::{STEPS, Step, TradeCommand};
    use serde_json::{Map, Value, json};
    use std::collections::BTreeSet;

    /// One of each, with every parameter given.
    fn samples() -> Vec<(&'static str, Value)> {
        vec![
            ("order.revise", json!({ "terms": terms() })),
            ("order.discard", json!({})),
            ("order.offer", json!({ "valid_days": 5 })),
            ("order.counter", json!({ "terms": terms(), "valid_days": 5 })),
            ("order.accept", json!({ "offer_no": 1, "contract_hash": "ab".repeat(32) })),
            ("order.withdraw", json!({ "reason": "R" })),
            ("order.decline", json!({ "reason": "R" })),
            ("stage.fund", json!({ "stage": 1, "method": "tt" })),
            ("order.cancel_for_default", json!({ "penalty_minor": "5" })),
            (
                "shipment.dispatch",
                json!({ "shipment": 1, "carrier": "L", "tracking_no": "T", "documents": ["bl"], "eta_days": 9 }),
            ),
            ("shipment.track", json!({ "shipment": 1, "milestone": "booked" })),
            ("shipment.deliver", json!({ "shipment": 1 })),
            ("shipment.accept", json!({ "shipment": 1 })),
            ("shipment.extend_acceptance", json!({ "shipment": 1 })),
            ("amendment.propose", serde_json::to_value(amendment()).unwrap()),
            ("cancellation.propose", json!({ "refund_minor": "5" })),
            ("extension.propose", json!({ "shipment": 1, "days": 2 })),
            ("proposal.accept", json!({})),
            ("proposal.decline", json!({})),
            ("proposal.withdraw", json!({})),
            ("order.late_cancel", json!({})),
        ]
    }

    fn keys(params: &Map<String, Value>) -> BTreeSet<&str> {
        params.keys().map(String::as_str).collect()
    }

    #[test]
    fn each_described_step_has_the_parameters_of_the_process_table_and_the_domain_reads_them() {
        for (name, params) in samples() {
            let view: StepView = serde_json::from_value(json!({ "name": name, "params": params })).unwrap();
            let written = serde_json::to_value(view).unwrap();
            assert_eq!(written, json!({ "name": name, "params": params }), "{name}: the description lost something");

            let row = Step::parse(name).unwrap().row();
            let described = written["params"].as_object().unwrap();
            assert_eq!(keys(described), row.params.iter().copied().collect(), "{name}");

            let read = TradeCommand::from_json(name, params.clone()).unwrap();
            let domain = serde_json::to_value(read).unwrap();
            for (key, value) in described {
                assert_eq!(domain["params"][key], *value, "{name}: {key}");
            }
        }
    }

    #[test]
    fn every_step_that_somebody_can_take_is_described_and_no_other() {
        let described: BTreeSet<&str> = samples().iter().map(|(name, _)| *name).collect();
        let somebody = |kind: &ActorKind| *kind != ActorKind::System;
        let table = STEPS.iter().filter(|row| row.step != Step::Draft && row.actors.iter().any(somebody));
        assert_eq!(described, table.map(|row| row.name).collect());
        for row in STEPS.iter().filter(|row| !described.contains(row.name)) {
            let error = serde_json::from_value::<StepView>(json!({ "name": row.name, "params": {} })).unwrap_err();
            assert!(error.to_string().contains("unknown variant"), "{}: {error}", row.name);
        }
    }
}
