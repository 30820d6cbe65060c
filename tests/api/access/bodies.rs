//! Bodies that are in order, operation by operation and step by step.

use super::cast::{Cast, SECRETS, goods, plain_product, product};
use crate::ground::terms;
use serde_json::{Value, json};

impl Cast {
    /// A body of the operation that is in order.
    pub(super) fn body(&self, method: &str, path: &str) -> Vec<u8> {
        let unique = uuid::Uuid::new_v4().simple().to_string();
        let amount = json!({ "minor": "100", "currency": "USD" });
        let (buyer, seller) = (&self.seats[0].company, &self.seats[4].company);
        let body = match path.trim_start_matches("/api/v1") {
            "/products" => plain_product(&unique),
            "/products/{id}" => product("W-1"),
            "/products/{id}/price" => json!({ "quantity": "1000" }),
            "/auth/language" => json!({ "language": "en" }),
            "/admin/listings/{product}/decision" => json!({ "decision": "return", "reasons": [] }),
            "/own-products/bulk" => json!({ "product_ids": [unique], "lead_days": 14 }),
            "/quick-orders/price" => json!({ "lines": [{ "sku": "W-1", "quantity": "1000" }] }),
            "/shortlist/{id}" => json!({ "note": unique }),
            "/pictures" => return unique.into_bytes(),
            "/imports/products" => return goods(&unique).replace("Wombat", "Plain").into_bytes(),
            "/rfqs" => crate::asked::rfq_body(),
            "/rfqs/{rfq}/extend" => json!({ "deadline": "2026-02-10" }),
            "/rfqs/{rfq}/invite" => json!({ "invited": [seller] }),
            "/rfqs/{rfq}/award" => json!({
                "awards": [{ "quote_id": self.quote, "version": 9, "lines": [{ "line": 1, "quantity": "1000" }] }]
            }),
            "/rfqs/{rfq}/outcome" => json!({ "quote_id": self.quote, "dealt": true }),
            "/rfqs/{rfq}/quotes" | "/quotes/{quote}/revise" => crate::asked::quote_body(),
            "/quotes/{quote}/counter" => json!({ "version": 9, "lead_days": 1 }),
            "/rfqs/{rfq}/questions" | "/rfqs/{rfq}/clarifications" => json!({ "text": unique }),
            "/rfqs/{rfq}/questions/{no}/answer" => json!({ "text": unique }),
            "/quotes/{quote}/agree" => json!({ "counter": 9 }),
            "/orders" => json!({ "terms": terms(buyer, seller) }),
            "/orders/{order}/previews" | "/orders/{order}/transitions" => {
                json!({ "name": "proposal.withdraw", "params": {} })
            }
            "/orders/{order}/messages" => json!({ "text": "hello" }),
            "/orders/{order}/files" | "/inquiry-files" | "/proof-files" | "/sourcing-files" => {
                return unique.into_bytes();
            }
            "/proofs" => json!({
                "kind": "quality_certificate",
                "paper": { "statement": "ISO 9001", "number": unique, "file_ids": [self.proof_file] },
            }),
            "/proofs/{proof}/answer" => {
                json!({ "statement": SECRETS[10], "number": "N-2", "file_ids": [self.proof_file] })
            }
            "/admin/proofs/{proof}/decision" => json!({ "decision": "ask", "reason": "page_missing" }),
            "/inquiries" => json!({ "seller": seller, "subject": "Screws", "text": unique }),
            "/inquiries/{inquiry}/messages" => json!({ "text": "hello" }),
            "/inquiries/{inquiry}/read" => json!({ "no": 1 }),
            "/inquiries/{inquiry}/close" => json!({ "reason": "other" }),
            "/inquiries/{inquiry}/settle" => json!({ "outcome": "warn", "note": "" }),
            "/inquiries/{inquiry}/report" => json!({ "reason": "spam" }),
            "/templates" | "/templates/{id}" => json!({ "title": unique, "text_en": "hello" }),
            "/notices/read" => json!({ "through": "0".repeat(48) }),
            "/notices/choices/{topic}" => json!({ "app": true, "letters": "now" }),
            "/saved-searches" => json!({ "name": unique, "alerts": false, "search": { "q": "screw" } }),
            "/saved-searches/{id}" => json!({ "name": "wombats", "alerts": true }),
            "/wallet/pay-ins" => json!({ "amount": amount, "reference": "r" }),
            "/wallet/withdrawals" => json!({ "amount": amount }),
            "/market/clock" => json!({ "action": "resume" }),
            "/market/era" => json!({ "era": "3.0" }),
            "/market/capabilities" => json!({ "name": "wallet", "on": true }),
            "/team/invitations" => json!({ "email": format!("{unique}@example.com"), "role": "viewer" }),
            "/team/{seat}/role" => json!({ "role": "viewer" }),
            _ => super::fields::sample_of(method, path).unwrap_or(json!({})),
        };
        body.to_string().into_bytes()
    }
}

/// The order, and each step's parameters in a form that parses, so that access and not the form is what refuses.
pub fn params(name: &str, buyer: &str, seller: &str) -> Value {
    let terms = terms(buyer, seller);
    match name {
        "order.revise" | "order.counter" => json!({ "terms": terms }),
        "order.accept" => json!({ "offer_no": 1, "contract_hash": "0".repeat(64) }),
        "stage.fund" => json!({ "stage": 1, "method": "tt" }),
        "stage.fall_due" | "stage.lapse" => json!({ "stage": 1 }),
        "shipment.dispatch" => {
            json!({ "shipment": 1, "carrier": "C", "tracking_no": "T", "documents": ["a"], "eta_days": 5 })
        }
        "cancellation.propose" => json!({ "refund_minor": "0" }),
        "order.cancel_for_default" => json!({ "penalty_minor": "0" }),
        "extension.propose" => json!({ "shipment": 1, "days": 5 }),
        "amendment.propose" => json!({ "notes": "n" }),
        name if name.starts_with("shipment.") => json!({ "shipment": 1 }),
        _ => json!({}),
    }
}
