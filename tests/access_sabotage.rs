//! The control of the generated access suite: each wall of the product is taken away in turn, and the part of the suite
//! that stands before it must find something. A wall whose absence nobody notices is not proved.
//!
//! `cargo test --features torture --test access_sabotage` takes every second wall with the part of the suite it concerns;
//! `-- --ignored` takes every wall with the whole of that part.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::disallowed_methods)]

#[path = "api/access/mod.rs"]
#[allow(dead_code)] // the suite's own tests use the rest
mod access;
#[path = "api/asked.rs"]
mod asked;
#[path = "api/contract.rs"]
mod contract;
#[path = "api/ground.rs"]
#[allow(dead_code)] // the other suites use the rest
mod ground;

use access::cast::cast;
use access::{fields, live, matrix, steps};
use entrepot::platform::sabotage::{self, Guard};

/// The engine this suite runs on.
const ENGINE: ground::Engine = ground::Engine::Sqlite;

/// A part of the suite; the words choose operations by their path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Tokens(&'static str),
    Matrix(&'static str),
    Accounts,
    Ids,
    Grants,
    Fields,
    Sites,
    Live,
    Steps,
    Eras,
    Proofs,
    Factors,
    Guesses,
}

/// A wall, the part of the suite before it, and the words of a finding that only its absence brings.
struct Wall {
    guard: Guard,
    part: Part,
    told: &'static str,
    /// Walls behind which it stands: they are away, too, and alone must not bring the finding.
    behind: &'static [Guard],
}

const fn wall(guard: Guard, part: Part, told: &'static str) -> Wall {
    Wall { guard, part, told, behind: &[] }
}

const WALLS: &[Wall] = &[
    wall(Guard::TokenSignature, Part::Tokens("/market"), "a foreign signature"),
    wall(Guard::TokenExpiry, Part::Tokens("/market"), "an expired token"),
    wall(Guard::SecurityStamp, Part::Tokens("/market"), "an old stamp"),
    wall(Guard::SessionEnd, Part::Tokens("/market"), "a session signed out"),
    // A closed account loses its stamp and its sessions as well.
    Wall {
        guard: Guard::ClosedAccount,
        part: Part::Tokens("/market"),
        told: "a closed account",
        behind: &[Guard::SecurityStamp, Guard::SessionEnd],
    },
    wall(Guard::TakenSeat, Part::Tokens("/market"), "a seat taken away"),
    wall(Guard::SecondFactor, Part::Factors, "without a second factor"),
    wall(Guard::StepUp, Part::Proofs, "without identity.step_up_needed"),
    wall(Guard::VerifiedAddress, Part::Proofs, "without identity.email_unverified"),
    wall(Guard::Throttle, Part::Guesses, "looks at the seventh guess"),
    wall(Guard::SameSite, Part::Sites, "cross-site"),
    wall(Guard::Unseen, Part::Steps, "stranger: "),
    wall(Guard::Roles, Part::Matrix("/team"), "viewer: GET /api/v1/team/invitations"),
    wall(Guard::Relations, Part::Matrix("/products/"), "owner: PUT /api/v1/products/{id}"),
    wall(Guard::Capabilities, Part::Eras, "in era 1.0"),
    wall(Guard::GrantBound, Part::Grants, "the owner makes a"),
    wall(Guard::OwnSeat, Part::Grants, "the own seat"),
    wall(Guard::InquiryParties, Part::Matrix("/inquiries/{inquiry}"), "stranger: GET"),
    wall(Guard::ProofCompany, Part::Matrix("/proofs/{proof}"), "stranger: GET /api/v1/proofs/{proof}"),
    wall(Guard::OrderMarket, Part::Matrix("/orders/{order}"), "away admin: GET"),
    wall(Guard::OrderParties, Part::Matrix("/orders/{order}"), "stranger: GET"),
    wall(Guard::Drafts, Part::Matrix("/orders"), "counterparty reads"),
    wall(Guard::OrderFiles, Part::Matrix("/files"), "stranger: GET /api/v1/files/{id}"),
    wall(Guard::ForeignFiles, Part::Ids, "a file of another order was attached"),
    wall(Guard::SourcingFiles, Part::Matrix("/sourcing-files/"), "stranger: GET /api/v1/sourcing-files/{id}"),
    wall(Guard::SealedQuotes, Part::Matrix("/quotes/{quote}"), "stranger: GET /api/v1/quotes/{quote}"),
    wall(Guard::CatalogMarket, Part::Matrix("/products"), "away owner: GET /api/v1/products/{id}"),
    wall(Guard::ImportCompany, Part::Matrix("/imports"), "stranger: GET /api/v1/imports/{id}"),
    wall(Guard::InvitationCompany, Part::Matrix("/invitations"), "counterparty: DELETE"),
    wall(Guard::SessionOwner, Part::Accounts, "takes another user's session"),
    wall(Guard::PersonMarket, Part::Matrix("/users/"), "away admin: POST"),
    wall(Guard::MailMarket, Part::Matrix("/mails"), "away admin: GET /api/v1/admin/mails/{id}"),
    wall(Guard::LiveParties, Part::Live, "stranger is told"),
    wall(Guard::LiveSession, Part::Live, "who lost the seat is still told"),
    wall(Guard::UnknownFields, Part::Fields, "took /params"),
];

async fn run(part: Part, away: &[Guard], whole: bool) -> Vec<String> {
    let wanted = |words: &'static str| move |path: &str| whole || path.contains(words);
    let take = || away.iter().for_each(|guard| sabotage::take_away(*guard));
    // The stage is set with every wall in place, unless the part sets its own.
    match part {
        Part::Eras => {
            take();
            return steps::eras().await;
        }
        Part::Proofs => {
            take();
            return matrix::proofs().await;
        }
        Part::Factors => {
            take();
            return matrix::second_factors().await;
        }
        Part::Guesses => {
            take();
            return matrix::guesses().await;
        }
        _ => {}
    }
    let cast = cast().await;
    take();
    match part {
        Part::Tokens(words) => matrix::tokens(&cast, wanted(words)).await,
        Part::Matrix(words) => matrix::findings(&cast, wanted(words)).await,
        Part::Accounts => matrix::accounts(&cast).await,
        Part::Ids => matrix::ids(&cast).await,
        Part::Grants => matrix::grants(&cast).await,
        Part::Fields => fields::steps(&cast).await,
        Part::Sites => matrix::sites(&cast).await,
        Part::Live => live::findings(&cast).await,
        Part::Steps => steps::findings(&cast).await,
        Part::Eras | Part::Proofs | Part::Factors | Part::Guesses => unreachable!("handled above"),
    }
}

/// What the part finds with these walls away; a part that breaks down has found something, too.
fn findings(part: Part, away: &'static [Guard], more: Option<Guard>, whole: bool) -> Vec<String> {
    let all: Vec<Guard> = away.iter().copied().chain(more).collect();
    let run = std::thread::spawn(move || actix_web::rt::System::new().block_on(run(part, &all, whole))).join();
    sabotage::restore();
    run.unwrap_or_else(|panic| {
        let told = panic.downcast_ref::<String>().cloned();
        vec![format!("the suite broke down: {}", told.unwrap_or_default())]
    })
}

/// What is wrong with the proof of a wall.
fn unproved(wall: &Wall, whole: bool) -> Option<String> {
    let named = |found: &[String]| found.iter().any(|f| f.contains(wall.told) || f.contains("the suite broke down"));
    if !wall.behind.is_empty() && named(&findings(wall.part, wall.behind, None, whole)) {
        return Some(format!("{:?}: found with {:?} away already", wall.guard, wall.behind));
    }
    let found = findings(wall.part, wall.behind, Some(wall.guard), whole);
    println!("{}: {} findings", wall.guard.word(), found.len());
    (!named(&found)).then(|| format!("{:?}: nothing told `{}` among {found:?}", wall.guard, wall.told))
}

/// One at a time: what is taken away is away for the whole process.
static STAGE: std::sync::Mutex<()> = std::sync::Mutex::new(());

fn prove<'a>(walls: impl Iterator<Item = &'a Wall>, whole: bool) {
    let _alone = STAGE.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let wrong: Vec<String> = walls.filter_map(|wall| unproved(wall, whole)).collect();
    assert!(wrong.is_empty(), "walls that the suite does not prove:\n{}", wrong.join("\n"));
}

#[test]
fn the_suite_notices_every_second_wall_that_is_taken_away() {
    prove(WALLS.iter().step_by(2), false);
}

#[test]
fn the_suite_is_content_with_every_wall_in_place() {
    let _alone = STAGE.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    for part in [Part::Tokens("/market"), Part::Matrix("/orders"), Part::Grants] {
        assert_eq!(findings(part, &[], None, false), Vec::<String>::new(), "{part:?}");
    }
}

#[test]
#[ignore = "minutes: every wall, with the whole of its part of the suite"]
fn the_suite_notices_every_wall_that_is_taken_away() {
    prove(WALLS.iter(), true);
}
