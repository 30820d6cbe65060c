//! F10: the machine's clock jumps, stands and differs between nodes. Deadlines fire once and not early, the log's order is
//! its sequence, what is written down never runs backwards, and a leap ahead waits for somebody to confirm it.

use crate::ground::{DAY, House, Kind, Lane, START, Scene, Verdict, Who, verdict};
use entrepot::market::{ClockMove, MoveClock};
use entrepot::platform::access::Actor;
use entrepot::platform::engine::Request;
use entrepot::platform::life::Life;
use entrepot::platform::rows;
use serde_json::json;
use std::collections::HashMap;

const SECOND: i64 = 1_000_000;
const YEAR: i64 = 365 * DAY;

/// Numbers from a seed.
struct Dice(u64);

impl Dice {
    fn throw(&mut self, sides: i64) -> i64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        i64::try_from(self.0 >> 33).unwrap() % sides
    }
}

async fn set(lane: &Lane, change: ClockMove) {
    let command = MoveClock { market: lane.market, change };
    lane.house.nodes[0].execute(Request::new(Actor::system(lane.market), command)).await.unwrap();
}

/// What one event says of its time.
struct Stamped {
    step: String,
    subject: u128,
    version: i64,
    effective: i64,
    recorded: i64,
}

/// The sealed log in its order.
async fn log(house: &House, market: u128) -> Vec<Stamped> {
    while house.nodes[0].seal(market).await.unwrap() > 0 {}
    let sql = "SELECT e.step, e.subject_id, e.subject_version, e.effective_at, e.recorded_at FROM sealed s \
               JOIN event e ON e.market_id = s.market_id AND e.id = s.event_id WHERE s.market_id = $1 ORDER BY s.seq";
    let found = rows::query(house.nodes[0].db().read(), sql, vec![rows::id(market)]).await.unwrap();
    let stamped = |row: &rows::Row| Stamped {
        step: row.try_get("", "step").unwrap(),
        subject: rows::get_id(row, "subject_id").unwrap(),
        version: row.try_get("", "subject_version").unwrap(),
        effective: row.try_get("", "effective_at").unwrap(),
        recorded: row.try_get("", "recorded_at").unwrap(),
    };
    found.iter().map(stamped).collect()
}

/// Each subject's events come in the order of its versions; with one writer no time is before the one above it.
fn in_order(log: &[Stamped], one_writer: bool) -> Result<(), String> {
    let mut versions: HashMap<u128, (i64, i64)> = HashMap::new();
    for (n, event) in log.iter().enumerate() {
        let (version, recorded) = versions.insert(event.subject, (event.version, event.recorded)).unwrap_or_default();
        if event.version != version + 1 || (one_writer && event.recorded < recorded) {
            return Err(format!("{} of version {} after {version}, at {}", event.step, event.version, event.recorded));
        }
        if one_writer && n > 0 && event.recorded < log[n - 1].recorded {
            return Err(format!("{} is recorded before the event above it", event.step));
        }
    }
    Ok(())
}

/// A running market whose orders wait for acceptance by silence, and the hour at which each may earliest be accepted.
async fn waiting(house: &House, orders: usize) -> (Lane, HashMap<u128, i64>) {
    let lane = house.lane().await;
    set(&lane, ClockMove::Resume).await;
    let mut due = HashMap::new();
    for _ in 0..orders {
        let order = lane.scene(Scene::Delivered).await;
        due.insert(order, lane.order(order).await.shipment(1).unwrap().accept_by.unwrap().0);
    }
    (lane, due)
}

/// Jumps of every size in both directions, standing still, and time that really passes; all nodes fire what is due.
async fn jump_about(house: &House, lane: &Lane, dice: &mut Dice, jumps: usize) {
    let sizes = [SECOND, 59 * SECOND, 3_599 * SECOND, DAY, 30 * DAY, YEAR];
    for _ in 0..jumps {
        let at = usize::try_from(dice.throw(i64::try_from(house.nodes.len()).unwrap())).unwrap();
        let size = sizes[usize::try_from(dice.throw(6)).unwrap()];
        match dice.throw(4) {
            0 => house.clocks[at].leap(size),
            1 => house.clocks[at].leap(-size),
            2 => house.clocks.iter().for_each(|c| c.step(dice.throw(96) * 3_600 * SECOND)),
            _ => {}
        }
        for node in &house.nodes {
            entrepot::background::tend_once(node, &Life::default(), &mut HashMap::new()).await.unwrap();
        }
        if dice.throw(8) == 0 {
            // Somebody looks after the market and lets it run on.
            set(lane, ClockMove::Resume).await;
        }
    }
}

async fn jumps(kind: Kind, seed: u64, count: usize) {
    let house = House::open(kind).await;
    let (mut dice, rounds, mut silent) = (Dice(seed), count.div_ceil(250), 0);
    for _ in 0..rounds {
        let (lane, due) = waiting(&house, 3).await;
        jump_about(&house, &lane, &mut dice, 250).await;
        let log = log(&house, lane.market).await;
        in_order(&log, kind == Kind::Sqlite).unwrap_or_else(|e| panic!("SEED={seed} {kind:?}: {e}"));
        for (order, earliest) in due {
            let accepted: Vec<i64> = log
                .iter()
                .filter(|e| e.subject == order && e.step == "shipment.auto_accept")
                .map(|e| e.effective)
                .collect();
            silent += accepted.len();
            assert!(accepted.len() <= 1 && accepted.iter().all(|at| *at >= earliest), "SEED={seed}: {accepted:?}");
        }
    }
    assert!(silent > 0, "SEED={seed}: nothing was ever accepted by silence");
    assert_eq!(house.findings().await, Vec::<String>::new(), "SEED={seed} {kind:?}");
}

#[tokio::test]
async fn two_thousand_jumps_of_one_nodes_clock_release_nothing_twice_or_early() {
    jumps(Kind::Sqlite, 1, 2_000).await;
}

#[tokio::test]
async fn jumps_of_two_nodes_clocks_release_nothing_twice_or_early() {
    jumps(Kind::Postgres, 2, 500).await;
}

#[tokio::test]
#[ignore = "torture: a hundred thousand jumps of the machine's clock on each engine"]
async fn a_hundred_thousand_jumps_release_nothing_twice_or_early() {
    for (seed, kind) in [(11, Kind::Sqlite), (12, Kind::Postgres)] {
        jumps(kind, seed, 100_000).await;
    }
}

/// Two nodes ten minutes apart take turns; every event must come after what it rests on.
pub async fn apart(house: &House) -> Result<(), String> {
    house.clocks[0].leap(300 * SECOND);
    house.clocks[1].leap(-300 * SECOND);
    let lane = house.lane().await;
    for turn in 0..20 {
        let order = lane.scene(Scene::Delivered).await;
        let accept = lane.step(order, "shipment.accept", json!({ "shipment": 1 }));
        assert_eq!(verdict(lane.send(1, Who::Buyer, accept, lane.key()).await), Verdict::Done);
        let draw = lane.withdrawing(lane.seller_has().await);
        assert_eq!(verdict(lane.send(turn, Who::Seller, draw, lane.key()).await), Verdict::Done);
        if turn % 5 == 4 {
            house.nodes[turn % 2].seal(lane.market).await.unwrap();
        }
    }
    let log = log(house, lane.market).await;
    in_order(&log, false)?;
    // A withdrawal takes what the acceptance before it released.
    let turn = |step: &str| i32::from(step == "shipment.accept") - i32::from(step == "wallet.withdraw");
    let mut open = 0;
    for event in &log {
        open += turn(&event.step);
        if !(0..=1).contains(&open) {
            return Err("a withdrawal before its release".into());
        }
    }
    Ok(())
}

#[tokio::test]
async fn nodes_ten_minutes_apart_seal_every_event_after_what_it_rests_on() {
    let house = House::open(Kind::Postgres).await;

    assert_eq!(apart(&house).await, Ok(()));
    assert_eq!(house.findings().await, Vec::<String>::new());
}

/// A deposit becomes overdue while nobody looks; then the machine's clock is set back by ten days.
pub async fn set_back(house: &House) -> Result<(), String> {
    let (lane, _) = waiting(house, 1).await;
    let order = lane.scene(Scene::Agreed).await;
    house.clocks[0].step(11 * DAY);
    let pay = || lane.step(order, "stage.fund", json!({ "stage": 1, "method": "tt" }));
    let overdue = Verdict::Refused(409, "trade.stage_overdue".into());
    assert_eq!(verdict(lane.send(0, Who::Buyer, pay(), lane.key()).await), overdue);
    lane.pay_in(100).await;

    house.clocks[0].leap(-10 * DAY);
    let back = verdict(lane.send(0, Who::Buyer, pay(), lane.key()).await);
    lane.pay_in(100).await;

    if back != overdue {
        return Err(format!("open again: {back:?}"));
    }
    in_order(&log(house, lane.market).await, true)
}

#[tokio::test]
async fn a_clock_set_back_reopens_nothing_and_records_nothing_earlier() {
    assert_eq!(set_back(&House::open(Kind::Sqlite).await).await, Ok(()));
}

#[tokio::test]
async fn a_leap_ahead_pauses_the_market_where_it_stood_until_somebody_resumes_it() {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let house = House::open(kind).await;
        let (lane, due) = waiting(&house, 2).await;
        let (node, clock) = (&house.nodes[0], &house.clocks[0]);
        let before = lane.now().await;

        clock.leap(YEAR);
        // Also what is fired at once, before the background has looked.
        node.run_due(lane.market).await.unwrap();
        entrepot::background::tend_once(node, &Life::default(), &mut HashMap::new()).await.unwrap();

        let market = node.market(lane.market).await.unwrap();
        assert!(market.clock.paused && market.clock.market_anchor.0 == before, "{kind:?}: {:?}", market.clock);
        for order in due.keys() {
            assert!(!lane.order(*order).await.shipment(1).unwrap().state.is_accepted());
        }
        // Who resumes confirms: time runs on from where it stood.
        set(&lane, ClockMove::Resume).await;
        clock.step(40 * DAY);
        entrepot::background::tend_once(node, &Life::default(), &mut HashMap::new()).await.unwrap();
        assert_eq!(lane.now().await, before + 40 * DAY);
        for order in due.keys() {
            assert!(lane.order(*order).await.shipment(1).unwrap().state.is_accepted());
        }
    }
}

/// The control: where the configuration lets every jump pass, the same leap accepts by silence at once.
#[tokio::test]
async fn without_the_limit_the_same_leap_fires_everything() {
    let house = House::open(Kind::Sqlite).await;
    let (lane, due) = waiting(&house, 1).await;
    house.nodes[0].hold_jumps_beyond(None);

    house.clocks[0].leap(YEAR);
    entrepot::background::tend_once(&house.nodes[0], &Life::default(), &mut HashMap::new()).await.unwrap();

    for order in due.keys() {
        assert!(lane.order(*order).await.shipment(1).unwrap().state.is_accepted());
    }
}

#[tokio::test]
async fn a_market_moved_by_its_teacher_needs_no_confirmation() {
    let house = House::open(Kind::Sqlite).await;
    let (lane, due) = waiting(&house, 1).await;

    set(&lane, ClockMove::By(60 * DAY)).await;
    lane.due(0).await;

    for order in due.keys() {
        assert!(lane.order(*order).await.shipment(1).unwrap().state.is_accepted());
    }
}

/// Days end at midnight of the market's zone through leap day, new year, a change to summer time, and past 2038.
#[tokio::test]
async fn deadlines_end_with_the_markets_day_on_every_odd_date() {
    let house = House::open(Kind::Sqlite).await;
    let starts = ["2028-02-27T10:00:00Z", "2026-12-30T10:00:00Z", "2027-03-10T10:00:00Z", "2038-01-17T10:00:00Z"];
    for start in starts {
        let at = start.parse::<jiff::Timestamp>().unwrap().as_microsecond();
        let lane = house.lane().await;
        assert!(at > START);
        lane.wait_until(at).await;
        let order = lane.scene(Scene::Offered).await;
        let until = lane.order(order).await.offer.unwrap().valid_until.0;

        let zone = jiff::tz::TimeZone::get("Asia/Shanghai").unwrap();
        let local = jiff::Timestamp::from_microsecond(until).unwrap().to_zoned(zone);
        assert_eq!((local.hour(), local.minute()), (0, 0), "{start}");
        lane.wait_until(until - 1).await;
        lane.due(0).await;
        assert_eq!(lane.order(order).await.status.as_str(), "offered", "{start}: not early");
        lane.wait_until(until).await;
        lane.due(0).await;
        assert_eq!(lane.order(order).await.status.as_str(), "expired", "{start}");
    }
    assert_eq!(house.findings().await, Vec::<String>::new());
}
