use super::*;
use proptest::prelude::*;

fn stock(on_hand: i64, reserved: i64) -> Stock {
    Stock { on_hand: Quantity(on_hand), reserved: Quantity(reserved) }
}

fn kept(quantity: i64) -> StockMove {
    StockMove { reason: StockReason::Reserved, order: Some(OrderId(1)), on_hand: 0, reserved: quantity }
}

#[test]
fn words_read_back() {
    for supply in Supply::ALL {
        assert_eq!(Supply::parse(supply.as_str()), Some(*supply));
        assert_eq!(serde_json::to_string(supply).unwrap(), format!("\"{}\"", supply.as_str()));
    }
    for reason in StockReason::ALL {
        assert_eq!(StockReason::parse(reason.as_str()), Some(*reason));
    }
    assert!(Supply::default().is_default() && Supply::parse("ready").is_none());
}

#[test]
fn the_last_unit_can_be_kept_once() {
    let one = stock(1_000, 0);
    let after = one.after(&kept(1_000)).unwrap();
    assert_eq!((after, after.free()), (stock(1_000, 1_000), Quantity(0)));
    assert_eq!(
        after.after(&kept(1)),
        Err(StockRejection::Kept { on_hand: Quantity(1_000), reserved: Quantity(1_000) })
    );
}

#[test]
fn a_person_says_what_came_went_or_was_counted() {
    let now = stock(5_000, 2_000);
    for (reason, quantity, on_hand) in [
        (StockReason::Received, 1_000, 6_000),
        (StockReason::Returned, 500, 5_500),
        (StockReason::Damaged, 3_000, 2_000),
        (StockReason::SoldElsewhere, 1, 4_999),
        (StockReason::Counted, 2_000, 2_000),
        (StockReason::Counted, 9_000, 9_000),
    ] {
        let moved = now.adjust(reason, Quantity(quantity)).unwrap();
        assert_eq!(now.after(&moved).unwrap(), stock(on_hand, 2_000), "{reason:?}");
    }
    assert!(now.adjust(StockReason::Counted, Quantity(5_000)).unwrap().is_nothing());
}

#[test]
fn what_is_kept_cannot_be_taken_counted_away_or_given_free_twice() {
    let now = stock(5_000, 2_000);
    let refused = StockRejection::Kept { on_hand: Quantity(5_000), reserved: Quantity(2_000) };
    for (reason, quantity) in
        [(StockReason::Damaged, 3_001), (StockReason::SoldElsewhere, 9_000), (StockReason::Counted, 1_999)]
    {
        let moved = now.adjust(reason, Quantity(quantity)).unwrap();
        assert_eq!(now.after(&moved), Err(refused), "{reason:?}");
    }
    assert_eq!(now.after(&kept(-2_001)), Err(refused));
    assert_eq!(refused.to_string(), "2 of the 5 on hand are reserved for orders that were paid for.");
    let params: Vec<_> = refused.params().into_iter().collect();
    assert_eq!(params, [("on_hand", "5".into()), ("reserved", "2".into()), ("free", "3".into())]);
}

#[test]
fn odd_quantities_and_reasons_are_refused() {
    let now = stock(5_000, 0);
    for reason in [StockReason::Received, StockReason::Damaged] {
        assert_eq!(now.adjust(reason, Quantity(0)), Err(StockRejection::Quantity));
        assert_eq!(now.adjust(reason, Quantity(-1)), Err(StockRejection::Quantity));
    }
    assert_eq!(now.adjust(StockReason::Counted, Quantity(-1)), Err(StockRejection::Quantity));
    assert_eq!(now.set(StockReason::Listed, Quantity(-1)), Err(StockRejection::Quantity));
    for reason in StockReason::ALL.iter().filter(|reason| !StockReason::BY_HAND.contains(reason)) {
        assert_eq!(now.adjust(*reason, Quantity(1)), Err(StockRejection::Reason), "{reason:?}");
    }
    for quantity in [ON_HAND_MAX.0, i64::MAX] {
        let moved = now.adjust(StockReason::Received, Quantity(quantity)).unwrap();
        assert_eq!(now.after(&moved), Err(StockRejection::TooLarge));
    }
}

#[test]
fn every_refusal_has_its_code() {
    let all = [
        StockRejection::Kept { on_hand: Quantity(1), reserved: Quantity(1) },
        StockRejection::Quantity,
        StockRejection::TooLarge,
        StockRejection::Reason,
    ];
    let codes: Vec<_> = all.iter().map(|refusal| (refusal.code(), refusal.status())).collect();
    assert_eq!(codes, StockRejection::CODES);
    assert!(all.iter().all(|refusal| refusal.to_string().ends_with('.') && refusal.pointer().is_some()));
}

/// What anybody may try: by hand, or an order that keeps, gives back or ships.
fn any_move() -> impl Strategy<Value = (u8, i64)> {
    (0_u8..9, -50_i64..5_000)
}

proptest! {
    /// G9: whatever is tried, the stock stays sound, and the changes that were made add up to it.
    #[test]
    fn no_road_leads_below_zero_and_the_changes_add_up(tries in proptest::collection::vec(any_move(), 1..200)) {
        let mut now = Stock::default();
        let (mut on_hand, mut reserved) = (0_i64, 0_i64);
        for (what, quantity) in tries {
            let moved = match what {
                0 => now.adjust(StockReason::Received, Quantity(quantity)),
                1 => now.adjust(StockReason::Returned, Quantity(quantity)),
                2 => now.adjust(StockReason::Damaged, Quantity(quantity)),
                3 => now.adjust(StockReason::SoldElsewhere, Quantity(quantity)),
                4 => now.adjust(StockReason::Counted, Quantity(quantity)),
                5 => now.set(StockReason::Listed, Quantity(quantity)),
                6 => Ok(kept(quantity)),
                7 => Ok(StockMove { reason: StockReason::Released, ..kept(-quantity) }),
                _ => Ok(StockMove { reason: StockReason::Dispatched, on_hand: -quantity, ..kept(-quantity) }),
            };
            let Ok(moved) = moved else { continue };
            let Ok(next) = now.after(&moved) else { continue };
            prop_assert!(next.reserved.0 >= 0 && next.on_hand >= next.reserved && next.free().0 >= 0);
            (on_hand, reserved) = (on_hand + moved.on_hand, reserved + moved.reserved);
            now = next;
            prop_assert_eq!((now.on_hand.0, now.reserved.0), (on_hand, reserved));
        }
    }
}
