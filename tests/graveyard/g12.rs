//! G12: stock, or money, is taken twice on the way from "authorised" to "settled" (Vendure 550). Rule MON-7.

use crate::races::ground::{DAY, House, Kind};
use crate::races::pairings::{PAIRINGS, races};

/// Every scene and race of the list, then time alone to the end: each side effect of each path happened once.
#[tokio::test]
async fn on_every_path_through_the_states_each_effect_is_booked_once() {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let house = House::open(kind).await;
        for pairing in PAIRINGS {
            let wrong = races(&house, pairing, 2).await;
            assert_eq!(wrong, Vec::<String>::new());
        }
        crate::g15::let_time_pass(&house, 400 * DAY).await;

        // At most one payment of a stage (P2), one release (P3) or refund (P5) of a cell and not both in full, one closing
        // of a reserve (P12): the natural key names each.
        let effects = "SELECT COUNT(*) FROM journal WHERE rule IN ('P2', 'P3', 'P5', 'P12')";
        let names = "SELECT COUNT(*) FROM (SELECT DISTINCT market_id, natural_key FROM journal \
                     WHERE rule IN ('P2', 'P3', 'P5', 'P12')) t";
        assert_eq!(house.number(effects).await, house.number(names).await);
        let stages = "SELECT COUNT(*) FROM (SELECT market_id, owner_id, part FROM posting WHERE kind = 'L.ESCROW' \
                      GROUP BY market_id, owner_id, part HAVING SUM(amount) <> 0) t";
        assert_eq!(house.number(stages).await, 0, "{kind:?}: money that time alone did not settle");
        assert_eq!(house.findings().await, Vec::<String>::new());
    }
}
