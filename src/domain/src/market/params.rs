//! Rule parameters: every number of the trade rules a market may set otherwise.
//!
//! Promises the default rule set when a field is missing, so stored parameters survive new fields. Running orders keep
//! the parameters they were agreed under. Refuses (by [`RuleParams::validate`]) numbers outside their range.

use serde::{Deserialize, Serialize};

use crate::kernel::FieldError;

macro_rules! params {
    ($($(#[$doc:meta])* $name:ident: $default:literal in $low:literal..=$high:literal),* $(,)?) => {
        /// Holds the parameters of the trade rules.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(default, deny_unknown_fields)]
        pub struct RuleParams {
            $($(#[$doc])* pub $name: i64,)*
        }

        impl Default for RuleParams {
            fn default() -> Self {
                Self { $($name: $default,)* }
            }
        }

        impl RuleParams {
            /// Lists every parameter with its value and permitted range, in declaration order.
            #[must_use]
            pub fn list(&self) -> Vec<(&'static str, i64, std::ops::RangeInclusive<i64>)> {
                vec![$((stringify!($name), self.$name, $low..=$high),)*]
            }

            /// Sets one parameter by name; false when there is none of that name.
            pub fn set(&mut self, name: &str, value: i64) -> bool {
                match name {
                    $(stringify!($name) => self.$name = value,)*
                    // Not an enum of ours: any other text is unknown.
                    _ => return false,
                }
                true
            }
        }
    };
}

params! {
    /// Days after which the system discards a draft nobody offered.
    draft_days: 90 in 1..=365,
    /// Days an offer stands when the offerer names none.
    offer_days: 15 in 1..=90,
    /// Longest days an offer may stand.
    offer_days_max: 90 in 1..=365,
    /// Days to fund the first stage after agreement.
    deposit_days: 10 in 1..=90,
    /// Days to fund a balance due before dispatch.
    balance_days: 10 in 1..=90,
    /// Days to fund a balance due against a copy of the bill of lading.
    bl_copy_days: 5 in 1..=90,
    /// Days to fund a stage due on delivery.
    delivered_days: 10 in 1..=90,
    /// Days the buyer has to inspect after delivery.
    acceptance_days: 15 in 3..=30,
    /// Days one extension of the acceptance period adds, once per side.
    acceptance_extension_days: 15 in 1..=30,
    /// Days after the ship-by date from which the buyer may cancel.
    late_cancel_after_days: 1 in 0..=90,
    /// Days after the ship-by date on which the system cancels.
    late_cancel_system_days: 30 in 1..=365,
    /// Days to answer an amendment, cancellation or extension proposal.
    proposal_days: 5 in 1..=30,
    /// Total days by which a ship-by date may be extended.
    extension_days_max: 90 in 0..=365,
    /// Days after the ETA when the buyer is asked whether the goods arrived.
    eta_ask_days: 15 in 1..=90,
    /// Days after the ETA when the system assumes delivery.
    assume_delivered_days: 30 in 1..=180,
    /// Days between completion and close.
    claim_window_days: 30 in 0..=90,
    /// Longest transport time a seller may state at dispatch, in days.
    eta_days_max: 120 in 1..=365,
    /// 1 while a robot plays the carrier; 0 leaves it to people, and the system only assumes delivery in the end.
    robot_carrier: 1 in 0..=1,
    /// Transaction fee on releases, in basis points.
    fee_bps: 200 in 0..=2_000,
    /// Guarantee premium on releases, in basis points.
    premium_bps: 30 in 0..=1_000,
    /// Part of releases kept in the seller's reserve until close, in basis points.
    reserve_bps: 500 in 0..=5_000,
    /// Payment fee by card, in basis points of the stage.
    card_fee_bps: 299 in 0..=1_000,
    /// Payment fee by bank transfer, in minor units of a two-decimal currency.
    tt_fee_minor: 1_500 in 0..=1_000_000,
    /// Highest penalty a seller keeps after the buyer's default, in basis points of the deposit.
    penalty_max_bps: 2_000 in 0..=10_000,
}

impl RuleParams {
    /// Lists the parameters outside their permitted range.
    #[must_use]
    pub fn validate(&self) -> Vec<FieldError> {
        let outside = self.list().into_iter().filter(|(_, value, range)| !range.contains(value));
        outside
            .map(|(name, value, range)| {
                let detail = format!("{value} is outside {} to {}", range.start(), range.end());
                FieldError::new(format!("/{name}"), "params.out_of_range", detail)
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_fields_take_the_default_rule_set() {
        let params: RuleParams = serde_json::from_str(r#"{"deposit_days":7}"#).unwrap();

        assert_eq!(params, RuleParams { deposit_days: 7, ..RuleParams::default() });
        assert!(serde_json::from_str::<RuleParams>(r#"{"deposit_dayz":7}"#).is_err());
    }

    #[test]
    fn the_default_rule_set_is_valid_and_the_borders_are_checked() {
        assert_eq!(RuleParams::default().validate(), []);
        for (name, _, range) in RuleParams::default().list() {
            let mut params = RuleParams::default();
            assert!(params.set(name, range.end() + 1));
            let errors = params.validate();
            assert_eq!(errors.len(), 1);
            assert_eq!(errors[0].pointer, format!("/{name}"));
        }
        assert!(!RuleParams::default().set("nonsense", 1));
    }

    #[test]
    fn the_numbers_of_the_rule_book_are_the_defaults() {
        let p = RuleParams::default();
        assert_eq!((p.offer_days, p.deposit_days, p.balance_days, p.bl_copy_days), (15, 10, 10, 5));
        assert_eq!(
            (p.acceptance_days, p.late_cancel_after_days, p.late_cancel_system_days, p.proposal_days),
            (15, 1, 30, 5)
        );
        assert_eq!(
            (p.fee_bps, p.premium_bps, p.reserve_bps, p.card_fee_bps, p.tt_fee_minor),
            (200, 30, 500, 299, 1_500)
        );
    }
}
