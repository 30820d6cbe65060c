//! A listing with ready stock in a market of the races, and orders that take from it.

use super::ground::{House, Lane, Verdict, Who, verdict};
use entrepot::catalog::{Draft, ListProduct};
use entrepot::platform::engine::Request;
use entrepot::platform::rows;
use entrepot::stock::Adjust;
use entrepot_domain::catalog::StockReason;
use entrepot_domain::kernel::{ProductId, Quantity};
use entrepot_domain::trade::OrderTerms;
use serde_json::json;

/// A product of the lane's seller with pieces on hand.
#[derive(Clone)]
pub struct Shelf {
    pub lane: Lane,
    pub product: u128,
}

/// What stands in the row of a stock, in whole pieces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    pub version: i64,
    pub on_hand: i64,
    pub reserved: i64,
}

impl Shelf {
    /// Lists a product of which so many lie ready.
    pub async fn of(lane: &Lane, pieces: i64) -> Self {
        let product = lane.house.nodes[0].ids().next();
        let draft: Draft = serde_json::from_value(json!({
            "sku": format!("R-{product:x}"), "title": "Hex bolts", "category": "hardware", "hs_code": "731815",
            "unit": "pcs", "origin": "CN", "currency": "USD", "moq": "1", "lead_days": 5, "supply": "ready_stock",
            "ladder": [{ "from_quantity": "1", "unit_price": "1" }], "on_hand": pieces.to_string(),
            "incoterm": { "code": "FOB", "place": "Ningbo" },
        }))
        .unwrap();
        let seller = lane.actor(Who::Seller);
        let on_hand = draft.stated_on_hand();
        let listing = draft.listing(product, seller.company.unwrap()).unwrap();
        lane.house.nodes[0].execute(Request::new(seller, ListProduct { listing, sells: true, on_hand })).await.unwrap();
        Self { lane: lane.clone(), product }
    }

    pub async fn row(&self) -> Row {
        let sql = "SELECT version, on_hand, reserved FROM stock WHERE market_id = $1 AND id = $2";
        let values = vec![rows::id(self.lane.market), rows::id(self.product)];
        let row = rows::query_one(self.lane.house.nodes[0].db().read(), sql, values).await.unwrap().unwrap();
        let number = |column: &str| -> i64 { row.try_get("", column).unwrap() };
        Row { version: number("version"), on_hand: number("on_hand") / 1_000, reserved: number("reserved") / 1_000 }
    }

    /// What is on hand and reserved.
    pub async fn counts(&self) -> (i64, i64) {
        let row = self.row().await;
        (row.on_hand, row.reserved)
    }

    /// The lane's terms with one line for each entry: so many pieces of a shelf, half of them in each shipment.
    pub async fn terms(&self, lines: &[(&Self, i64)]) -> OrderTerms {
        let mut terms = self.lane.terms().await;
        let pattern = terms.lines[0].clone();
        terms.lines.clear();
        terms.shipments.iter_mut().for_each(|shipment| shipment.quantities.clear());
        for (shelf, pieces) in lines {
            let mut line = pattern.clone();
            line.product = Some(ProductId(shelf.product));
            line.quantity = Quantity(pieces * 1_000);
            terms.lines.push(line);
            let half = pieces / 2;
            terms.shipments[0].quantities.push(Quantity((pieces - half) * 1_000));
            terms.shipments[1].quantities.push(Quantity(half * 1_000));
        }
        terms
    }

    /// An agreed order of so many pieces, all in one shipment when it is one piece.
    pub async fn agreed(&self, pieces: i64) -> u128 {
        let mut terms = self.terms(&[(self, pieces)]).await;
        if pieces < 2 {
            terms.shipments.truncate(1);
        }
        self.lane.agree(terms).await.expect("the terms are sound")
    }

    /// Pays the first stage, through one of the nodes.
    pub async fn pay(&self, node: usize, order: u128) -> Verdict {
        let step = self.lane.step(order, "stage.fund", json!({ "stage": 1, "method": "tt" }));
        verdict(self.lane.send(node, Who::Buyer, step, self.lane.key()).await)
    }

    /// A change by hand, seen at the version that stands.
    pub async fn adjust(&self, node: usize, reason: StockReason, pieces: i64) -> Verdict {
        let (id, expected_version) = (self.lane.house.nodes[0].ids().next(), self.row().await.version);
        let quantity = Quantity(pieces * 1_000);
        let change = Adjust { id, product: self.product, reason, quantity, note: String::new(), expected_version };
        verdict(self.lane.send(node, Who::Seller, change, self.lane.key()).await)
    }
}

/// Journals of paid stages, and what is held for orders.
pub async fn paid(house: &House) -> (i64, i64) {
    let journals = house.number("SELECT COUNT(*) FROM journal WHERE rule = 'P2'").await;
    (journals, house.number("SELECT CAST(COALESCE(SUM(held), 0) AS BIGINT) FROM trade_order").await)
}

/// The verdict of a buyer who came too late.
pub fn sold_out() -> Verdict {
    Verdict::Refused(409, "trade.out_of_stock".into())
}
