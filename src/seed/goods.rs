//! The goods that demo orders are made of, and the contracts they become.

use super::draw::Draw;
use super::people::Trader;
use crate::platform::problem::Fault;
use entrepot_domain::catalog::Supply;
use entrepot_domain::kernel::Day;
use entrepot_domain::trade::OrderTerms;
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::HashMap;

/// A row of the goods file, as far as a contract needs it.
#[derive(Debug, Clone, Deserialize)]
pub struct Good {
    /// Supplier's registration number.
    pub supplier_registration: String,
    sku: String,
    title: String,
    hs_code: String,
    unit: String,
    currency: String,
    moq: i64,
    ladder: String,
    lead_days: i64,
    incoterm: String,
    place: String,
    #[serde(default)]
    supply: Supply,
}

/// Reads the goods file.
pub fn read(csv: &str) -> Result<Vec<Good>, Fault> {
    csv::Reader::from_reader(csv.trim_start_matches('\u{feff}').as_bytes())
        .deserialize()
        .collect::<Result<_, _>>()
        .map_err(|e| Fault::new(format!("goods: {e}")))
}

/// Who trades with whom.
pub struct Sides<'a> {
    /// Buying company.
    pub buyer: &'a Trader,
    /// Selling company.
    pub seller: &'a Trader,
}

impl Good {
    /// The price at the highest break not above the quantity.
    fn price(&self, quantity: i64) -> String {
        let mut breaks = self.ladder.split(';').filter_map(|b| b.split_once(':'));
        let fitting = breaks.rfind(|(from, _)| from.trim().parse::<i64>().is_ok_and(|f| f <= quantity));
        fitting.map_or("1", |(_, price)| price.trim()).to_owned()
    }

    /// The supplier's own number.
    pub fn sku(&self) -> &str {
        &self.sku
    }

    /// What the goods are called.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// Days the goods take to make.
    pub fn lead_days(&self) -> i64 {
        self.lead_days
    }
}

/// How a demo order is paid: deposit, balance, retention in per mille of ten.
fn stages(draw: Draw, n: u64) -> Value {
    match draw.below("stages", n, 5) {
        0 => json!([{ "kind": "balance", "trigger": "before_dispatch", "share_bps": 10_000, "shipment": null }]),
        1 => json!([
            { "kind": "deposit", "trigger": "agreed", "share_bps": 3_000, "shipment": null },
            { "kind": "balance", "trigger": "before_dispatch", "share_bps": 6_000, "shipment": null },
            { "kind": "retention", "trigger": "before_dispatch", "share_bps": 1_000, "shipment": null },
        ]),
        2 => json!([
            { "kind": "deposit", "trigger": "agreed", "share_bps": 3_000, "shipment": null },
            { "kind": "balance", "trigger": "bl_copy", "share_bps": 7_000, "shipment": null },
        ]),
        _ => json!([
            { "kind": "deposit", "trigger": "agreed", "share_bps": 3_000, "shipment": null },
            { "kind": "balance", "trigger": "before_dispatch", "share_bps": 7_000, "shipment": null },
        ]),
    }
}

/// Writes the contract of demo order `n`, agreed around `today`.
pub fn terms(
    draw: Draw,
    n: u64,
    goods: &[&Good],
    sides: &Sides<'_>,
    today: Day,
    products: &HashMap<String, String>,
) -> Result<OrderTerms, Fault> {
    let first = goods.first().ok_or_else(|| Fault::new("a supplier without goods"))?;
    let parcels = 1 + i64::try_from(draw.below("parcels", n, 2)).unwrap_or(0);
    let (mut lines, mut quantities) = (Vec::new(), vec![Vec::new(); usize::try_from(parcels).unwrap_or(1)]);
    for (k, good) in goods.iter().filter(|g| g.currency == first.currency).enumerate() {
        let times = 2
            * parcels
            * (1 + i64::try_from(draw.below("times", n * 8 + u64::try_from(k).unwrap_or(0), 6)).unwrap_or(0));
        let quantity = good.moq * times;
        lines.push(json!({
            "product": products.get(&good.sku), "sku": good.sku, "title": good.title, "hs_code": good.hs_code, "unit": good.unit,
            "quantity": quantity.to_string(), "unit_price": good.price(quantity),
        }));
        if good.supply.is_ready()
            && let Some(line) = lines.last_mut()
        {
            line["from_stock"] = json!(true);
        }
        for part in &mut quantities {
            part.push((quantity / parcels).to_string());
        }
    }
    let lead = i32::try_from(goods.iter().map(|g| g.lead_days()).max().unwrap_or(20)).unwrap_or(20);
    let shipments: Vec<Value> = quantities
        .into_iter()
        .enumerate()
        .map(|(k, part)| {
            let days = 14 + lead + 15 * i32::try_from(k).unwrap_or(0);
            json!({ "ship_by": Day(today.0 + days), "quantities": part })
        })
        .collect();
    let value = json!({
        "buyer": format!("{:032x}", sides.buyer.id), "seller": format!("{:032x}", sides.seller.id), "currency": first.currency,
        "lines": lines, "freight_minor": (draw.below("freight", n, 40) * 1_000).to_string(), "discount_minor": "0", "tax_minor": "0",
        "incoterm": { "code": first.incoterm, "place": first.place },
        "delivery_address": sides.buyer.address(),
        "consignee": sides.buyer.name,
        "buyer_contact": sides.buyer.contact(),
        "seller_contact": sides.seller.contact(),
        "po_number": format!("PO-{:05}", 10_000 + n),
        "stages": stages(draw, n), "shipments": shipments,
        "acceptance_days": 15, "claim_window_days": 30, "deposit_days": 10,
        "quality_points": [
            { "point": "Quantity as packed / 装箱数量", "bound": "within", "value": "100", "tolerance": "0.5", "unit": "%",
              "method": "Count of every tenth carton / 每十箱清点一箱" },
            { "point": "Labels and marks that can be read / 清晰可读的标签唛头", "bound": "at_least", "value": "98", "unit": "%",
              "method": "Eye, 200 pieces a lot / 目测，每批 200 件" },
        ],
        "aql": { "level": "II", "critical": "0", "major": "2.5", "minor": "4" },
        "notes": "",
    });
    serde_json::from_value(value).map_err(|e| Fault::new(format!("demo terms: {e}")))
}
