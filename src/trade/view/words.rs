//! The words of trade, taken from the domain's lists.

use crate::platform::schema::words;
use entrepot_domain::{catalog, trade};

words! {
    /// Where an order stands.
    OrderStatus = trade::OrderStatus::ALL;
    /// What to call the order's progress on a screen.
    Phase = trade::Phase::ALL;
    /// Where a payment stage stands.
    StageState = trade::StageState::ALL;
    /// Where a shipment stands.
    ShipmentState = trade::ShipmentState::ALL;
    /// What a payment stage is.
    StageKind = trade::StageKind::ALL;
    /// What makes a stage due.
    Trigger = trade::Trigger::ALL;
    /// How a stage is paid.
    PayMethod = trade::PayMethod::ALL;
    /// A point on a shipment's way.
    Milestone = trade::Milestone::ALL;
    /// How a measured value is held against the number agreed.
    Bound = catalog::Bound::ALL;
    /// How large the sample of a lot is (ISO 2859-1).
    InspectionLevel = catalog::InspectionLevel::ALL;
    /// A step of the process table.
    StepName = trade::STEPS.iter().map(|row| row.name);
}
