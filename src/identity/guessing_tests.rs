//! Guessing is slowed down, and people who mistype or sit in one classroom are not.

use super::account::Caller;
use super::tests::{PASSWORD, SECOND, World, caller, code};
use super::view::SignIn;
use crate::platform::problem::Failure;

#[tokio::test]
async fn guessing_is_slowed_down_and_a_pause_lets_the_owner_in() {
    let world = World::new(&[]).await;
    world.sign_up("anna@example.com", "HRB 1").await.unwrap();

    for _ in 0..5 {
        assert_eq!(code(world.sign_in("a wrong password").await), "identity.sign_in_failed");
    }
    let Err(Failure::Refused(refusal)) = world.sign_in(PASSWORD).await else { panic!("not throttled") };
    assert_eq!((refusal.status, refusal.code.as_str()), (429, "throttled"));
    assert_eq!(refusal.params, [("retry_after".to_owned(), "1".to_owned())]);

    world.clock.step(SECOND);
    assert_eq!(code(world.sign_in("a wrong password").await), "identity.sign_in_failed");
    world.clock.step(SECOND);
    assert_eq!(code(world.sign_in(PASSWORD).await), "throttled", "two seconds by now");
    world.clock.step(SECOND);
    assert_eq!(code(world.sign_in(PASSWORD).await), "ok");
    assert_eq!(code(world.sign_in("a wrong password").await), "identity.sign_in_failed", "counted anew");
}

#[tokio::test]
async fn a_guesser_elsewhere_does_not_keep_the_owner_out() {
    let world = World::new(&[]).await;
    world.sign_up("anna@example.com", "HRB 1").await.unwrap();
    let (email, password) = ("anna@example.com".to_owned(), "a wrong password".to_owned());
    let guess = SignIn { email, password: password.into(), code: None };
    let far = Caller { peer: "198.51.100.1".parse().ok(), agent: String::new() };
    for _ in 0..40 {
        assert!(world.sessions.sign_in(&guess, &far).await.is_err());
    }

    assert_eq!(code(world.sign_in(PASSWORD).await), "ok");
}

#[tokio::test]
async fn a_class_behind_one_address_signs_in_at_once() {
    let world = World::new(&[]).await;
    world.sign_up("anna@example.com", "HRB 1").await.unwrap();

    let answers = futures_util::future::join_all((0..4).map(|_| world.sign_in(PASSWORD))).await;

    assert!(answers.into_iter().all(|a| a.is_ok()));
    let class = (0..30).map(|n| {
        let world = &world;
        async move { world.sign_up(&format!("student{n}@example.com"), &format!("HRB S{n}")).await }
    });
    let answers = futures_util::future::join_all(class).await;
    assert_eq!(answers.into_iter().map(code).filter(|c| c != "ok").collect::<Vec<_>>(), Vec::<String>::new());
}

#[tokio::test]
async fn guesses_at_once_gain_nothing() {
    let world = World::new(&[]).await;
    world.sign_up("anna@example.com", "HRB 1").await.unwrap();

    let answers = futures_util::future::join_all((0..16).map(|_| world.sign_in("a wrong password"))).await;

    let looked_at = answers.into_iter().filter(|a| matches!(a, Err(Failure::Refused(r)) if r.status == 401)).count();
    assert!(looked_at <= 5, "{looked_at}");
}

#[tokio::test]
async fn failed_refreshes_count_against_the_network_but_not_loopback_in_demo() {
    let world = World::new(&["--demo"]).await;
    let here = Caller { peer: "127.0.0.1".parse().ok(), agent: String::new() };

    for _ in 0..60 {
        assert_eq!(code(world.sessions.refresh(Some("x"), &here).await), "unauthenticated");
    }
    for _ in 0..50 {
        assert_eq!(code(world.sessions.refresh(Some("x"), &caller()).await), "unauthenticated");
    }
    assert_eq!(code(world.sessions.refresh(Some("x"), &caller()).await), "throttled");
}
