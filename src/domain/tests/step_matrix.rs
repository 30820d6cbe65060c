//! The process table as a matrix: every (state, step, actor), and the way out of every state.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod support;

use std::collections::BTreeSet;
use std::sync::Arc;

use entrepot_domain::kernel::{Actor, OrderId, Rejection};
use entrepot_domain::trade::{
    Amendment, CODES, Order, OrderStatus, Part, PayMethod, STEPS, ShipmentState, StageState, Step, TradeCommand,
    TradeRejection, actions, already_done,
};
use support::{Bench, HASH, papers, terms};

fn sample(step: Step) -> TradeCommand {
    let amendment = Amendment { notes: Some("x".into()), ..Amendment::default() };
    match step {
        Step::Draft => TradeCommand::Draft { id: OrderId(1), number: Arc::from("1"), terms: Arc::new(terms()) },
        Step::Revise => TradeCommand::Revise { terms: Arc::new(terms()) },
        Step::Discard => TradeCommand::Discard {},
        Step::Offer => TradeCommand::Offer { valid_days: None, contract_hash: HASH },
        Step::Counter => TradeCommand::Counter { terms: Arc::new(terms()), valid_days: None, contract_hash: HASH },
        Step::Accept => TradeCommand::Accept { offer_no: 1, contract_hash: HASH },
        Step::Withdraw => TradeCommand::Withdraw { reason: None },
        Step::Decline => TradeCommand::Decline { reason: None },
        Step::ExpireOffer => TradeCommand::ExpireOffer {},
        Step::Fund => TradeCommand::Fund { stage: 1, method: PayMethod::Card },
        Step::FallDue => TradeCommand::FallDue { stage: 1 },
        Step::Lapse => TradeCommand::Lapse { stage: 1 },
        Step::CancelForDefault => TradeCommand::CancelForDefault { penalty_minor: 0 },
        Step::Dispatch => TradeCommand::Dispatch { shipment: 1, papers: papers(), eta_days: 10 },
        Step::Track => TradeCommand::Track { shipment: 1, milestone: None },
        Step::Deliver => TradeCommand::Deliver { shipment: 1 },
        Step::AssumeDelivered => TradeCommand::AssumeDelivered { shipment: 1 },
        Step::AcceptShipment => TradeCommand::AcceptShipment { shipment: 1 },
        Step::AutoAccept => TradeCommand::AutoAccept { shipment: 1 },
        Step::ExtendAcceptance => TradeCommand::ExtendAcceptance { shipment: 1 },
        Step::ProposeAmendment => TradeCommand::ProposeAmendment { amendment: Arc::new(amendment) },
        Step::ProposeCancellation => TradeCommand::ProposeCancellation { refund_minor: 0 },
        Step::ProposeExtension => TradeCommand::ProposeExtension { shipment: 1, days: 5 },
        Step::AcceptProposal => TradeCommand::AcceptProposal {},
        Step::DeclineProposal => TradeCommand::DeclineProposal {},
        Step::WithdrawProposal => TradeCommand::WithdrawProposal {},
        Step::LapseProposal => TradeCommand::LapseProposal {},
        Step::LateCancel => TradeCommand::LateCancel {},
        Step::Close => TradeCommand::Close {},
    }
}

/// One bench in each situation an order can be in.
fn situations() -> Vec<(&'static str, Bench)> {
    let mut all = vec![("new", Bench::new())];
    let mut bench = Bench::new();
    bench.pay_in(2_000_000);
    bench.draft(terms());
    all.push(("draft", bench.clone()));
    let mut discarded = bench.clone();
    discarded.ok(Actor::Seller, TradeCommand::Discard {});
    all.push(("cancelled", discarded));
    bench.ok(Actor::Seller, TradeCommand::Offer { valid_days: None, contract_hash: HASH });
    all.push(("offered", bench.clone()));
    let mut expired = bench.clone();
    expired.fire_next();
    all.push(("expired", expired));
    bench.ok(Actor::Buyer, TradeCommand::Accept { offer_no: 1, contract_hash: HASH });
    all.push(("agreed", bench.clone()));
    bench.fund(1);
    all.push(("active", bench.clone()));
    bench.fund(2);
    bench.dispatch(1);
    all.push(("dispatched", bench.clone()));
    bench.deliver(1);
    all.push(("delivered", bench.clone()));
    bench.accept(1);
    all.push(("accepted", bench.clone()));
    bench.fund(3);
    bench.dispatch(2);
    bench.deliver(2);
    bench.accept(2);
    all.push(("completed", bench.clone()));
    bench.fire_next();
    all.push(("closed", bench));
    all
}

fn child_fits(order: &Order, part: Part) -> bool {
    match part {
        Part::Order => true,
        Part::Stage { from, .. } => order.stage(1).is_some_and(|stage| from.contains(&stage.state)),
        Part::Shipment { from, .. } => order.shipment(1).is_some_and(|shipment| from.contains(&shipment.state)),
    }
}

#[test]
fn every_state_step_and_actor_agrees_with_the_table() {
    let mut seen = BTreeSet::new();
    for (name, bench) in situations() {
        seen.insert(bench.order.status);
        for row in STEPS {
            for actor in Actor::ALL {
                let outcome = bench.judge(actor, &sample(row.step));
                let case = format!("{name}: {} by {actor:?}: {outcome:?}", row.name);
                if !row.admits(actor) {
                    assert_eq!(outcome.unwrap_err().status(), 403, "{case}");
                } else if !row.from.contains(&bench.order.status) {
                    assert!(matches!(outcome, Err(TradeRejection::WrongState { .. })), "{case}");
                    assert_eq!(outcome.unwrap_err().status(), 409);
                } else if !child_fits(&bench.order, row.part) {
                    assert_eq!(outcome.unwrap_err().status(), 409, "{case}");
                } else if let Err(refusal) = outcome {
                    let wrong_state =
                        matches!(refusal, TradeRejection::WrongState { .. } | TradeRejection::WrongActor { .. });
                    assert!(!wrong_state, "{case}: only a guard may refuse here");
                }
            }
        }
    }
    assert_eq!(seen.len(), OrderStatus::ALL.len(), "every status was visited");
}

#[test]
fn every_refusal_met_has_its_code_in_the_list() {
    let listed: BTreeSet<_> = CODES.iter().copied().collect();
    assert_eq!(listed.len(), CODES.len());
    for (_, bench) in situations() {
        for actor in Actor::ALL {
            for row in STEPS {
                if let Err(refusal) = bench.judge(actor, &sample(row.step)) {
                    assert!(listed.contains(&(refusal.code(), refusal.status())), "{refusal}");
                }
            }
        }
    }
}

#[test]
fn the_system_alone_leads_every_status_to_an_end() {
    let mut ends: BTreeSet<OrderStatus> =
        OrderStatus::ALL.iter().copied().filter(|status| status.is_terminal()).collect();
    loop {
        let before = ends.len();
        for row in STEPS.iter().filter(|row| row.is_automatic()) {
            if row.to.iter().any(|status| ends.contains(status)) {
                ends.extend(row.from);
            }
        }
        if ends.len() == before {
            break;
        }
    }
    let stuck: Vec<_> = OrderStatus::ALL.iter().filter(|status| !ends.contains(status)).collect();
    assert_eq!(stuck, [&OrderStatus::New], "only an order that does not exist yet may wait for ever");
}

#[test]
fn the_system_alone_moves_every_open_stage_and_shipment_on() {
    for state in [StageState::Planned, StageState::Due] {
        let moved = STEPS.iter().filter(|row| row.is_automatic()).any(|row| match row.part {
            Part::Stage { from, to } => from.contains(&state) && !to.contains(&state),
            Part::Order | Part::Shipment { .. } => false,
        });
        assert!(moved, "{state:?}");
    }
    for state in ShipmentState::ALL.iter().filter(|state| !state.is_final()) {
        let moved = STEPS.iter().filter(|row| row.is_automatic()).any(|row| match row.part {
            Part::Shipment { from, to } => from.contains(state) && !to.contains(state),
            Part::Order => *state == ShipmentState::Planned && row.step == Step::LateCancel,
            Part::Stage { .. } => false,
        });
        assert!(moved, "{state:?}");
    }
}

#[test]
fn every_automatic_step_has_a_command_for_its_deadline() {
    for row in STEPS {
        let command = TradeCommand::from_deadline(row.name, 1);
        assert_eq!(command.is_some(), row.is_automatic(), "{}", row.name);
        if let Some(command) = command {
            assert_eq!(command.step(), row.step);
        }
    }
    assert_eq!(TradeCommand::from_deadline("order.nonsense", 0), None);
}

#[test]
fn commands_are_the_public_json_and_read_back() {
    for row in STEPS {
        let command = sample(row.step);
        let json = serde_json::to_value(&command).unwrap();
        assert_eq!(json["name"], row.name);
        assert_eq!(TradeCommand::from_json(row.name, json["params"].clone()), Ok(command.clone()), "{json}");
        if row.step != Step::Draft && row.step != Step::ProposeAmendment {
            for key in json["params"].as_object().unwrap().keys() {
                assert!(row.params.contains(&key.as_str()) || key == "contract_hash", "{}: {key}", row.name);
            }
        }
    }
    assert_eq!(TradeCommand::from_json("order.discard", serde_json::Value::Null), Ok(TradeCommand::Discard {}));
    assert!(TradeCommand::from_json("order.nonsense", serde_json::json!({})).is_err());
    assert!(TradeCommand::from_json("stage.fund", serde_json::json!({"stage":"1","method":"card"})).is_err());
    assert!(TradeCommand::from_json("stage.fund", serde_json::json!({"stage":1,"method":"cash"})).is_err());
}

#[test]
fn actions_show_what_decide_would_do() {
    for (name, bench) in situations() {
        for actor in Actor::ALL {
            let views = actions(&bench.order, &bench.context(actor));
            if bench.order.status != OrderStatus::New {
                let shown: BTreeSet<_> = views.iter().map(|view| view.step).collect();
                assert_eq!(shown.len(), STEPS.len() - 1, "{name}: all but the draft itself");
            }
            for view in views {
                assert_eq!(view.outcome, bench.judge(actor, &view.command), "{name}");
                assert_eq!(
                    view.part.is_some() && view.outcome.is_ok(),
                    view.outcome.is_ok() && view.command.part().is_some()
                );
            }
        }
    }
}

#[test]
fn a_step_just_done_counts_as_done_for_its_actor_only() {
    let mut bench = Bench::new();
    bench.pay_in(2_000_000);
    let script: Vec<(Actor, TradeCommand)> = vec![
        (Actor::Seller, TradeCommand::Draft { id: OrderId(100), number: Arc::from("1"), terms: Arc::new(terms()) }),
        (Actor::Seller, sample(Step::Offer)),
        (Actor::Buyer, sample(Step::Accept)),
        (Actor::Buyer, sample(Step::Fund)),
        (Actor::Buyer, sample(Step::ProposeExtension)),
        (Actor::Seller, sample(Step::AcceptProposal)),
        (Actor::Buyer, TradeCommand::Fund { stage: 2, method: PayMethod::Tt }),
        (Actor::Seller, sample(Step::Dispatch)),
        (
            Actor::Carrier,
            TradeCommand::Track { shipment: 1, milestone: Some(entrepot_domain::trade::Milestone::OnBoard) },
        ),
        (Actor::Carrier, sample(Step::Deliver)),
        (Actor::Buyer, sample(Step::ExtendAcceptance)),
        (Actor::Buyer, sample(Step::AcceptShipment)),
    ];
    for (actor, command) in script {
        assert!(!already_done(&bench.order, &command, actor), "{command:?}");
        bench.ok(actor, command.clone());
        assert!(already_done(&bench.order, &command, actor), "{command:?}");
        for other in Actor::ALL.into_iter().filter(|other| *other != actor) {
            assert!(!already_done(&bench.order, &command, other), "{command:?} by {other:?}");
        }
    }
    assert!(
        !already_done(&bench.order, &TradeCommand::Fund { stage: 1, method: PayMethod::Tt }, Actor::Buyer),
        "other parameters"
    );
}
