//! Refresh tokens, their reuse, the ends of sessions, and how soon leaving is felt.

use super::account::Caller;
use super::tests::{MARKET, PASSWORD, SECOND, World, caller, code, refresh};
use super::*;
use crate::platform::access::Actor;
use crate::platform::engine::Request;
use crate::platform::session::Sessions;

#[tokio::test]
async fn a_refresh_token_works_once_and_gives_the_same_successor_within_the_grace() {
    let world = World::new(&[]).await;
    let first = world.sign_up("anna@example.com", "HRB 1").await.unwrap();

    let second = world.sessions.refresh(Some(refresh(&first)), &caller()).await.unwrap();
    world.clock.step(10 * SECOND);
    let again = world.sessions.refresh(Some(refresh(&first)), &caller()).await.unwrap();

    assert_ne!(refresh(&first), refresh(&second));
    assert_eq!(refresh(&again), refresh(&second));
    assert!(world.actor(&again).await.is_ok());
    let third = world.sessions.refresh(Some(refresh(&second)), &caller()).await.unwrap();
    assert_ne!(refresh(&third), refresh(&second));
}

#[tokio::test]
async fn tabs_that_refresh_at_once_get_one_successor() {
    let world = World::new(&[]).await;
    let first = world.sign_up("anna@example.com", "HRB 1").await.unwrap();
    let token = refresh(&first);

    let answers = futures_util::future::join_all((0..8).map(|_| {
        let sessions = world.sessions.clone();
        async move { sessions.refresh(Some(token), &caller()).await.unwrap() }
    }))
    .await;

    let mut successors: Vec<&str> = answers.iter().map(refresh).collect();
    successors.dedup();
    assert_eq!(successors.len(), 1);
    assert!(world.sessions.refresh(Some(successors[0]), &caller()).await.is_ok());
}

#[tokio::test]
async fn another_node_answers_within_the_grace_without_a_refresh_token() {
    let world = World::new(&[]).await;
    let first = world.sign_up("anna@example.com", "HRB 1").await.unwrap();
    let other_node = IdentitySessions::start(&world.state).await.unwrap();

    let second = world.sessions.refresh(Some(refresh(&first)), &caller()).await.unwrap();
    let late = other_node.refresh(Some(refresh(&first)), &caller()).await.unwrap();

    assert_eq!(late.refresh, None);
    assert!(other_node.actor(Some(late.access)).await.is_ok());
    assert!(other_node.refresh(Some(refresh(&second)), &caller()).await.is_ok());
}

#[tokio::test]
async fn reuse_after_the_grace_ends_the_session_for_everybody() {
    let world = World::new(&[]).await;
    let first = world.sign_up("anna@example.com", "HRB 1").await.unwrap();
    let second = world.sessions.refresh(Some(refresh(&first)), &caller()).await.unwrap();
    assert!(world.actor(&second).await.is_ok());
    world.clock.step(10 * SECOND + 1);

    assert_eq!(code(world.sessions.refresh(Some(refresh(&first)), &caller()).await), "unauthenticated");

    assert!(world.actor(&second).await.is_err());
    assert_eq!(code(world.sessions.refresh(Some(refresh(&second)), &caller()).await), "unauthenticated");
}

#[tokio::test]
async fn a_grandparent_token_and_another_client_count_as_reuse_too() {
    let world = World::new(&[]).await;
    let first = world.sign_up("anna@example.com", "HRB 1").await.unwrap();
    let second = world.sessions.refresh(Some(refresh(&first)), &caller()).await.unwrap();
    let third = world.sessions.refresh(Some(refresh(&second)), &caller()).await.unwrap();
    assert!(world.sessions.refresh(Some(refresh(&first)), &caller()).await.is_err());
    assert!(world.actor(&third).await.is_err());

    let first = world.sign_in(PASSWORD).await.unwrap();
    let second = world.sessions.refresh(Some(refresh(&first)), &caller()).await.unwrap();
    let thief = Caller { agent: "thief".to_owned(), ..caller() };
    assert!(world.sessions.refresh(Some(refresh(&first)), &thief).await.is_err());
    assert!(world.actor(&second).await.is_err());
}

#[tokio::test]
async fn sessions_end_when_idle_and_at_their_last_day() {
    const DAY: i64 = 86_400 * SECOND;
    let world = World::new(&[]).await;
    let first = world.sign_up("anna@example.com", "HRB 1").await.unwrap();

    let mut issued = first.clone();
    for _ in 0..2 {
        world.clock.step(14 * DAY - 1);
        issued = world.sessions.refresh(Some(refresh(&issued)), &caller()).await.unwrap();
    }
    world.clock.step(2 * DAY + 2);
    assert!(world.sessions.refresh(Some(refresh(&issued)), &caller()).await.is_err(), "thirty days");

    let idle = world.sign_in(PASSWORD).await.unwrap();
    world.clock.step(14 * DAY);
    assert!(world.sessions.refresh(Some(refresh(&idle)), &caller()).await.is_err(), "fourteen days idle");
    assert!(world.sessions.tidy().await.unwrap() >= 1);
}

#[tokio::test]
async fn leaving_is_felt_at_once_here_and_within_a_second_elsewhere() {
    let world = World::new(&[]).await;
    let issued = world.sign_up("anna@example.com", "HRB 1").await.unwrap();
    let other = world.sign_in(PASSWORD).await.unwrap();
    let other_node = IdentitySessions::start(&world.state).await.unwrap();
    assert!(other_node.actor(Some(issued.access.clone())).await.is_ok());

    world.sessions.sign_out(Some(&issued.access), None).await.unwrap();
    assert!(world.actor(&issued).await.is_err());
    world.clock.step(SECOND);
    assert!(other_node.actor(Some(issued.access.clone())).await.is_err());
    assert!(world.actor(&other).await.is_ok(), "another session stays");

    let known = world.sessions.identify(Some(&other.access)).await.unwrap();
    world.sessions.revoke_user(known.user).await.unwrap();
    assert!(world.actor(&other).await.is_err());
    assert!(world.sessions.refresh(Some(refresh(&other)), &caller()).await.is_err());
    assert!(world.sign_in(PASSWORD).await.is_ok());
}

#[tokio::test]
async fn a_disabled_seat_ends_its_sessions_within_a_second() {
    let world = World::new(&[]).await;
    let issued = world.sign_up("anna@example.com", "HRB 1").await.unwrap();
    assert!(world.actor(&issued).await.is_ok());
    let (_, seat) = issued.seat.unwrap();

    world.state.engine.execute(Request::new(Actor::system(MARKET), DisableSeat { id: seat })).await.unwrap();
    world.clock.step(SECOND);

    assert!(world.actor(&issued).await.is_err());
    let unseated = world.sessions.refresh(Some(refresh(&issued)), &caller()).await.unwrap();
    assert_eq!(unseated.seat, None);
    assert!(world.sessions.identify(Some(&unseated.access)).await.unwrap().seat.is_none());
}

#[tokio::test]
async fn a_moved_security_stamp_voids_what_was_made_before() {
    let world = World::new(&[]).await;
    let issued = world.sign_up("anna@example.com", "HRB 1").await.unwrap();
    store::bump_stamp(world.state.engine.db(), issued.user).await.unwrap();
    world.clock.step(SECOND);

    assert!(world.actor(&issued).await.is_err());
    assert!(world.sessions.refresh(Some(refresh(&issued)), &caller()).await.is_err());
    assert!(world.sign_in(PASSWORD).await.is_ok());
}

#[tokio::test]
async fn an_admin_seat_has_a_short_session() {
    const MINUTE: i64 = 60 * SECOND;
    let world = World::new(&["--demo"]).await;
    let anna = world.sign_up("anna@example.com", "HRB 1").await.unwrap();
    let company = world.actor(&anna).await.unwrap().company.unwrap();
    demo::ensure_users(&world.state, MARKET, company, company).await.unwrap();
    let here = caller();
    let enter = || world.sessions.enter_demo(super::view::DemoSeat::Admin, &here);

    let idle = enter().await.unwrap();
    world.clock.step(90 * MINUTE);
    assert!(world.sessions.refresh(Some(refresh(&idle)), &caller()).await.is_err());

    let mut issued = enter().await.unwrap();
    for _ in 0..8 {
        world.clock.step(89 * MINUTE);
        issued = world.sessions.refresh(Some(refresh(&issued)), &caller()).await.unwrap();
    }
    world.clock.step(8 * MINUTE);
    assert!(world.actor(&issued).await.is_err(), "twelve hours");
    assert!(world.sessions.refresh(Some(refresh(&anna)), &caller()).await.is_ok(), "a trader stays");
}
