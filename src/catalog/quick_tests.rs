use super::*;
use crate::catalog::draft::Draft;
use crate::catalog::read::Supplier;
use serde_json::json;

fn found(id: u128, supplier: u128, sku: &str, moq: &str, currency: &str) -> Found {
    let draft: Draft = serde_json::from_value(json!({
        "sku": sku, "title": "Screw", "category": "fasteners", "hs_code": "731815", "unit": "pcs", "origin": "CN",
        "currency": currency, "moq": moq, "moq_step": "50",
        "ladder": [{ "from_quantity": moq, "unit_price": "0.0035" }, { "from_quantity": "5000", "unit_price": "0.003" }],
        "lead_days": 14, "incoterm": { "code": "FOB", "place": "Ningbo" },
    }))
    .unwrap();
    let listing = draft.listing(id, supplier).unwrap();
    let seller = Supplier {
        id: supplier,
        name: format!("Supplier {supplier}"),
        country: "CN".into(),
        sells: true,
        verified_level: 0,
    };
    Found { id, version: 1, listing, supplier: seller }
}

fn line(sku: &str, quantity: &str, supplier: Option<&str>) -> Wanted {
    Wanted { sku: sku.into(), quantity: quantity.into(), supplier: supplier.map(str::to_owned) }
}

fn goods() -> HashMap<String, Vec<Found>> {
    HashMap::from([
        ("A".to_owned(), vec![found(1, 7, "A", "1000", "USD")]),
        ("B".to_owned(), vec![found(2, 7, "B", "100", "USD"), found(3, 8, "B", "100", "USD")]),
        ("C".to_owned(), vec![found(4, 7, "C", "100", "EUR")]),
        ("D".to_owned(), vec![found(5, 9, "D", "100", "USD")]),
    ])
}

#[test]
fn each_line_says_what_is_wrong_with_it_and_the_good_ones_are_priced() {
    let asked = [
        line(" A ", "5000", None),
        line("A", "999", None),
        line("A", "1001", None),
        line("A", "many", None),
        line("B", "100", None),
        line("B", "100", Some("supplier 8")),
        line("B", "100", Some(&format!("{:032x}", 7))),
        line("B", "100", Some("nobody")),
        line("Z", "1", None),
        line("D", "100", None),
        line("C", "100", None),
    ];
    let answer = price(&asked, &goods(), Some(9));
    use Verdict as V;
    let verdicts: Vec<V> = answer.lines.iter().map(|line| line.verdict).collect();
    assert_eq!(
        verdicts,
        [
            V::Good,
            V::BelowMoq,
            V::OffStep,
            V::Unreadable,
            V::Ambiguous,
            V::Good,
            V::Good,
            V::Unknown,
            V::Unknown,
            V::Own,
            V::Good
        ]
    );
    let told = |n: usize| (answer.lines[n].unit_price.as_deref(), answer.lines[n].nearest_quantity.as_deref());
    assert_eq!(told(0), (Some("0.003"), None));
    assert_eq!((told(1), told(2)), ((None, Some("1000")), (None, Some("1050"))));
    assert_eq!(answer.lines[4].choices.len(), 2);
    // One order per supplier, currency and delivery term.
    let groups: Vec<_> = answer.groups.iter().map(|g| (g.supplier.name.as_str(), g.lines.clone())).collect();
    assert_eq!(groups, [("Supplier 7", vec![11]), ("Supplier 7", vec![1, 7]), ("Supplier 8", vec![6])]);
    assert_eq!(answer.groups[1].total, MoneyView { minor: "1535".into(), currency: "USD".into() });
}

#[test]
fn amounts_beyond_what_can_be_counted_spoil_their_line_only() {
    let asked = [line("A", "9000000000000000", None), line("A", "1000", None)];
    let answer = price(&asked, &goods(), None);
    assert_eq!(answer.lines[1].verdict, Verdict::Good);
}
