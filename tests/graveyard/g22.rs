//! G22: the race of refreshes. Too lax, and many tokens come out of one (CVE-2026-1035); too strict, and parallel tabs sign
//! their own user out (nocturne 326, fliks 457, OpenRisk 700), or the loser's failure deletes the winner's cookie (revel
//! 950).

use crate::ground::{Answer, Client, Ground, cookies, strict};
use serde_json::json;
use std::collections::BTreeSet;

const TABS: usize = 64;

fn refresh_cookie(cookies: &[(String, String)]) -> Option<&(String, String)> {
    cookies.iter().find(|(name, _)| name.contains("refresh"))
}

/// A browser that holds nothing but a refresh token.
fn only(cookie: &(String, String)) -> Client {
    Client { cookies: vec![cookie.clone()], ..Client::default() }
}

async fn refresh(ground: &Ground, who: &Client) -> Answer {
    ground.post(who, "/api/v1/auth/refresh", json!({})).await
}

#[actix_web::test]
async fn sixty_four_parallel_refreshes_give_one_successor_and_sign_nobody_out() {
    let ground = strict().await;
    let anna = ground.company("Anna", true, true).await;
    let first = refresh_cookie(&anna.cookies).unwrap().clone();
    let tab = only(&first);

    let answers = futures_util::future::join_all((0..TABS).map(|_| refresh(&ground, &tab))).await;

    assert!(answers.iter().all(|a| a.status == 200), "{answers:?}");
    let successors: BTreeSet<String> =
        answers.iter().filter_map(|a| refresh_cookie(&cookies(a)).map(|(_, value)| value.clone())).collect();
    assert_eq!(successors.len(), 1, "one successor");
    assert!(!successors.contains(&first.1));
    // No answer takes a cookie away, so no tab undoes what another got.
    for answer in &answers {
        let cleared = answer.head.lines().filter(|l| l.to_lowercase().contains("max-age=0")).count();
        assert_eq!(cleared, 0, "{}", answer.head);
    }
    // Whichever answer came last, the browser is signed in and can go on.
    for answer in &answers {
        let here = Client { cookies: cookies(answer), ..Client::default() };
        assert_eq!(ground.get(&here, "/api/v1/wallet").await.status, 200);
    }
    let next = refresh(&ground, &only(&(first.0, successors.first().unwrap().clone()))).await;
    assert_eq!(next.status, 200);
}

#[actix_web::test]
async fn later_reuse_of_the_old_token_ends_the_whole_family() {
    let ground = strict().await;
    let anna = ground.company("Anna", true, true).await;
    let first = refresh_cookie(&anna.cookies).unwrap().clone();
    let answers = futures_util::future::join_all((0..TABS).map(|_| refresh(&ground, &anna))).await;
    let here = Client { cookies: cookies(&answers[0]), ..Client::default() };
    assert_eq!(ground.get(&here, "/api/v1/wallet").await.status, 200);
    ground.wait(11);

    let thief = refresh(&ground, &only(&first)).await;

    assert_eq!(thief.status, 401);
    assert_eq!(ground.get(&here, "/api/v1/wallet").await.status, 401, "the access token dies too");
    assert_eq!(refresh(&ground, &here).await.status, 401, "and the successor");
}

#[actix_web::test]
async fn a_chain_of_races_keeps_one_line_of_tokens() {
    let ground = strict().await;
    let anna = ground.company("Anna", true, true).await;
    let mut cookie = refresh_cookie(&anna.cookies).unwrap().clone();
    for round in 0..8 {
        let tab = only(&cookie);
        let answers = futures_util::future::join_all((0..8).map(|_| refresh(&ground, &tab))).await;
        let successors: BTreeSet<String> =
            answers.iter().filter_map(|a| refresh_cookie(&cookies(a)).map(|(_, value)| value.clone())).collect();
        assert_eq!(successors.len(), 1, "round {round}: {answers:?}");
        cookie.1 = successors.into_iter().next().unwrap();
        ground.wait(1);
    }
    let sql = "SELECT COUNT(*) FROM session WHERE revoked_at IS NULL";
    let row = entrepot::platform::rows::query_one(ground.state.engine.db().read(), sql, vec![]).await.unwrap().unwrap();
    assert_eq!(row.try_get_by_index::<i64>(0).unwrap(), 1);
}
