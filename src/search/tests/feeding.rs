//! The index follows the log, survives a restart, and is built anew when it is lost, broken or of another database.

use super::*;
use crate::catalog::{ChangeProduct, Listing};
use crate::identity::EditCompany;
use crate::platform::access::Actor;
use crate::platform::engine::Request;
use crate::platform::rows;
use crate::search::collect::Wanted;
use entrepot_domain::catalog::ListingState;

async fn total(world: &World, query: &str) -> (u64, bool) {
    let answer = world.find(query, &Wanted { rows: 5, ..Wanted::default() }).await;
    let exact = answer.width == Width::Exact;
    (if exact { answer.found.total } else { 0 }, answer.complete)
}

async fn rename(world: &World, from: &str, to: &str) {
    let shown = world.goods().await.into_iter().find(|s| s.listing.product.title.contains(from)).unwrap();
    let mut listing: Listing = shown.listing;
    listing.product.title = to.to_owned();
    let actor = Actor::system(world.market);
    world.state.engine.execute(Request::new(actor, ChangeProduct { listing, on_hand: None })).await.unwrap();
}

/// The same market under another process with its index in `place`.
fn below(world: &World, place: &str) -> World {
    World {
        state: world.state.clone(),
        search: Search::below(&world.folder.path().join(place)),
        market: world.market,
        folder: tempfile::tempdir().unwrap(),
    }
}

#[tokio::test]
async fn a_change_is_found_and_what_it_replaced_is_not() {
    let world = World::new().await;
    assert_eq!(total(&world, "zeppelin").await, (0, true));
    rename(&world, "Mosque carpet", "Zeppelin hull cloth").await;
    assert_eq!(total(&world, "zeppelin").await.0, 0, "nothing is told before the log is followed");

    assert_eq!(world.catch_up().await, 1);

    assert_eq!(total(&world, "zeppelin hull").await, (1, true));
    assert_eq!(total(&world, "").await.0, 320);
    assert_eq!(world.catch_up().await, 0, "an event is taken once");

    let shown = world.goods().await.into_iter().find(|s| s.listing.product.title.contains("Zeppelin")).unwrap();
    let listing = Listing { state: ListingState::Withdrawn, ..shown.listing };
    let request = Request::new(Actor::system(world.market), ChangeProduct { listing, on_hand: None });
    world.state.engine.execute(request).await.unwrap();
    world.catch_up().await;
    assert_eq!(
        (total(&world, "zeppelin").await.0, total(&world, "").await.0),
        (0, 319),
        "what is withdrawn is not found"
    );
    let anew = below(&world, "anew");
    anew.catch_up().await;
    assert_eq!(total(&anew, "").await, (319, true), "nor by an index that is built anew");
}

#[tokio::test]
async fn a_renamed_company_is_found_by_its_new_name() {
    let world = World::new().await;
    let id = world.goods().await[0].company.id;
    let edit = EditCompany {
        id,
        name: Some("Blue Whale Traders".to_owned()),
        name_zh: None,
        city: None,
        founded: None,
        about: None,
        buys: None,
        sells: None,
    };
    world.state.engine.execute(Request::new(Actor::system(world.market), edit)).await.unwrap();
    world.catch_up().await;
    assert!(total(&world, "blue whale").await.0 > 0);
}

/// Names and numbers of listings of the suppliers that a query finds.
async fn suppliers(world: &World, query: &str) -> Vec<(String, i64)> {
    let (typed, wanted) = (crate::search::Typed::read(query), Wanted { rows: 9, ..Wanted::default() });
    let cards = world.search.find_suppliers(world.market, &typed, &wanted).await.unwrap().1;
    cards.into_iter().map(|card| (card.name, card.listings)).collect()
}

#[tokio::test]
async fn a_supplier_follows_its_name_its_goods_and_whether_it_sells() {
    let world = World::new().await;
    let company = world.goods().await[0].company.clone();
    let before = suppliers(&world, &company.name).await;
    let (_, listings) = before.iter().find(|(name, _)| *name == company.name).unwrap().clone();
    let edit = |name: &str, sells: bool| EditCompany {
        id: company.id,
        name: Some(name.to_owned()),
        name_zh: None,
        city: None,
        founded: None,
        about: Some("We make zeppelins".to_owned()),
        buys: Some(true),
        sells: Some(sells),
    };
    let change = async |edit: EditCompany| {
        world.state.engine.execute(Request::new(Actor::system(world.market), edit)).await.unwrap();
        world.catch_up().await;
    };
    change(edit("Blue Whale Traders", true)).await;
    assert_eq!(suppliers(&world, "blue whale").await, [("Blue Whale Traders".to_owned(), listings)]);
    assert_eq!(suppliers(&world, "zeppelins").await, [], "what a company says of itself is not searched");

    let shown = world.goods().await.into_iter().find(|shown| shown.company.id == company.id).unwrap();
    let mut listing: Listing = shown.listing;
    listing.product.title = "Zeppelin hull cloth".to_owned();
    let renamed = ChangeProduct { listing: listing.clone(), on_hand: None };
    world.state.engine.execute(Request::new(Actor::system(world.market), renamed)).await.unwrap();
    world.catch_up().await;
    assert_eq!(suppliers(&world, "zeppelins").await, [("Blue Whale Traders".to_owned(), listings)]);
    let withdrawn = ChangeProduct { listing: Listing { state: ListingState::Withdrawn, ..listing }, on_hand: None };
    world.state.engine.execute(Request::new(Actor::system(world.market), withdrawn)).await.unwrap();
    world.catch_up().await;
    assert_eq!(suppliers(&world, "zeppelins").await, []);
    assert_eq!(suppliers(&world, "blue whale").await, [("Blue Whale Traders".to_owned(), listings - 1)]);

    let anew = below(&world, "anew");
    anew.catch_up().await;
    assert_eq!(suppliers(&anew, "blue whale").await, [("Blue Whale Traders".to_owned(), listings - 1)]);

    change(edit("Blue Whale Traders", false)).await;
    let left = suppliers(&world, "blue whale").await;
    assert!(left.iter().all(|(name, _)| name != "Blue Whale Traders"), "who sells no more is no supplier: {left:?}");
}

#[tokio::test]
async fn an_index_survives_its_process_and_a_lost_one_is_built_anew() {
    let world = World::new().await;
    let kept = below(&world, "kept");
    assert_eq!(kept.catch_up().await, 320);
    drop(kept);
    let kept = below(&world, "kept");
    assert_eq!(kept.catch_up().await, 0, "what was kept is not built again");
    assert!(total(&kept, "corduroy").await.1);
    drop(kept);

    std::fs::remove_dir_all(world.folder.path().join("kept")).unwrap();
    let lost = below(&world, "kept");
    assert_eq!(total(&lost, "corduroy").await, (0, false), "an index that is not built says so");
    assert_eq!(lost.catch_up().await, 320);
    assert!(total(&lost, "corduroy").await.0 > 0);
}

#[tokio::test]
async fn a_damaged_index_is_built_anew() {
    let world = World::new().await;
    for (how, damage) in [
        ("cut", (|bytes: &mut Vec<u8>| bytes.truncate(bytes.len() / 2)) as fn(&mut Vec<u8>)),
        ("flipped", |bytes: &mut Vec<u8>| {
            let middle = bytes.len() / 2;
            bytes[middle] ^= 0x40;
        }),
    ] {
        let kept = below(&world, how);
        kept.catch_up().await;
        drop(kept);
        let mut damaged = 0;
        for entry in walk(&world.folder.path().join(how)) {
            if entry.extension().is_some_and(|e| e == "term" || e == "idx") {
                let mut bytes = std::fs::read(&entry).unwrap();
                damage(&mut bytes);
                std::fs::write(&entry, bytes).unwrap();
                damaged += 1;
            }
        }
        assert!(damaged > 0);
        let again = below(&world, how);
        assert_eq!(again.catch_up().await, 320, "{how}");
        assert!(total(&again, "corduroy").await.0 > 0, "{how}");
    }
}

fn walk(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(walk(&path)) } else { found.push(path) }
    }
    found
}

#[tokio::test]
async fn an_index_of_another_log_is_not_believed() {
    let world = World::new().await;
    let kept = below(&world, "kept");
    kept.catch_up().await;
    drop(kept);
    // A restored backup: the log ends before the place the index has reached.
    let db = world.state.engine.db();
    let triggers = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'sealed'";
    for row in rows::query(db.read(), triggers, Vec::new()).await.unwrap() {
        let name: String = row.try_get("", "name").unwrap();
        rows::execute(db.write(), format!("DROP TRIGGER {name}"), Vec::new()).await.unwrap();
    }
    let cut = "DELETE FROM sealed WHERE seq = (SELECT MAX(seq) FROM sealed)";
    rows::execute(db.write(), cut, Vec::new()).await.unwrap();
    let again = below(&world, "kept");
    assert_eq!(again.catch_up().await, 320);
}

#[tokio::test]
async fn two_processes_on_one_folder_have_an_index_each() {
    let world = World::new().await;
    let (one, two) = (below(&world, "shared"), below(&world, "shared"));
    assert_eq!((one.catch_up().await, two.catch_up().await), (320, 320));
    assert!(total(&one, "corduroy").await.0 > 0 && total(&two, "corduroy").await.0 > 0);
}

#[tokio::test]
async fn a_proof_that_runs_out_takes_its_level_out_of_the_facet_on_the_same_day() {
    use crate::market::{ClockMove, MoveClock};
    use crate::proof::Take;
    use entrepot_domain::kernel::{FileId, ProofId, Role, Zone};
    use entrepot_domain::proof::{Paper, ProofCommand, ProofKind, Ruling};

    let world = World::new().await;
    let bare = world.goods().await.into_iter().find(|shown| shown.company.verified_level == 0).unwrap().company.id;
    let market = world.state.engine.market(world.market).await.unwrap();
    let zone = Zone::parse(&market.time_zone).unwrap();
    let today = zone.day_of(market.now(world.state.engine.clock().now()));
    let counted = async || {
        world.catch_up().await;
        let wanted = Wanted { rows: 1, supplier: Some(bare.0), ..Wanted::default() };
        world.find("", &wanted).await.found.facets[2].keys().cloned().collect::<Vec<_>>()
    };
    let take = async |company: Option<u128>, role: Role, command: ProofCommand| {
        let actor = Actor { company, role, user: 77, ..Actor::system(world.market) };
        let actor = if role == Role::Admin { Actor { user: 78, ..actor } } else { actor };
        let take = Take { company: bare.0, insider: false, command };
        world.state.engine.execute(Request::new(actor, take)).await.unwrap();
    };
    assert_eq!(counted().await, ["0"]);
    for (n, kind) in [(1, ProofKind::BusinessLicence), (2, ProofKind::LegalRepresentative)] {
        let said = || "said".to_owned();
        let paper = Paper { statement: said(), number: said(), issuer: said(), files: vec![FileId(1)] };
        let id = ProofId(n);
        take(Some(bare.0), Role::Owner, ProofCommand::Submit { id, kind, paper }).await;
        let ruling = Ruling::Confirm { valid_until: today, recheck_on: None };
        take(None, Role::Admin, ProofCommand::Decide { id, ruling, note: String::new() }).await;
    }
    assert_eq!(counted().await, ["1"]);

    let change = ClockMove::By(86_400_000_000);
    let next = MoveClock { market: world.market, change };
    world.state.engine.execute(Request::new(Actor::system(world.market), next)).await.unwrap();
    world.state.engine.run_due(world.market).await.unwrap();
    assert_eq!(counted().await, ["0"]);
}
