//! Names of the chart of accounts and of the robots, in English, for people who read journals and the log.

use entrepot_domain::kernel::Role;
use entrepot_domain::ledger::AccountKind;

/// Gives the name of who acted when nobody did: the clock, or the robot that plays the carrier.
pub fn robot(role: &str, step: &str) -> Option<&'static str> {
    match (Role::parse(role)?, step) {
        (Role::System, "shipment.track" | "shipment.deliver") => Some("Carrier robot"),
        (Role::System, _) => Some("Clock"),
        _ => None,
    }
}

/// Gives the name of a line of the chart of accounts.
pub fn label(kind: AccountKind) -> &'static str {
    match kind {
        AccountKind::BankClient => "Bank: client money",
        AccountKind::BankOps => "Bank: platform's own money",
        AccountKind::BankFund => "Bank: guarantee fund",
        AccountKind::BankFin => "Bank: finance partner",
        AccountKind::Recourse => "Recourse against sellers",
        AccountKind::BuyerCredit => "Credit to buyers",
        AccountKind::TaxRefund => "Tax rebates advanced",
        AccountKind::Buyer => "Buyer wallet",
        AccountKind::Escrow => "Escrow of an order",
        AccountKind::Seller => "Seller wallet",
        AccountKind::Reserve => "Seller reserve",
        AccountKind::PaymentFee => "Income: payment fees",
        AccountKind::TxnFee => "Income: transaction fees",
        AccountKind::Premium => "Income: guarantee premiums",
        AccountKind::Interest => "Income: interest",
        AccountKind::ExportFee => "Income: export services",
        AccountKind::FxSpread => "Income: currency exchange",
        AccountKind::GuaranteeLoss => "Guarantee losses",
        AccountKind::Goodwill => "Goodwill",
        AccountKind::Capital => "Capital",
        AccountKind::GuaranteeFund => "Guarantee fund capital",
        AccountKind::FinCapital => "Finance partner capital",
    }
}
