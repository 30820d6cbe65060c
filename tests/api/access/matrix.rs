//! Every operation by every seat, and what each answer gives away.

use super::cast::{Cast, SECRETS};
use super::table::{PROVED, Row, SEATS, TABLE, marks};
use crate::ground::{Answer, Client, OTHER_MARKET};
use actix_web::http::Method;
use entrepot_domain::kernel::Role;
use serde_json::Value;

/// The one answer for what is not there and for what may not be seen (ACC-3).
fn is_not_found(answer: &Answer) -> bool {
    let keys = ["code", "detail", "errors", "next", "params", "status", "title", "type"];
    let fields = answer.json.as_object().map(|o| o.keys().map(String::as_str).collect::<Vec<_>>());
    answer.status == 404
        && answer.json["code"] == "not_found"
        && answer.json["detail"] == "There is nothing here that you may see."
        && answer.json["params"] == serde_json::json!({})
        && answer.json["errors"] == serde_json::json!([])
        && fields.as_deref() == Some(keys.as_slice())
}

fn judged(answer: &Answer, mark: char) -> Result<(), String> {
    let status = answer.status.as_u16();
    let right = match mark {
        '4' => is_not_found(answer),
        '3' => status == 403,
        _ => ![401, 403, 404].contains(&status) && status < 500,
    };
    if right { Ok(()) } else { Err(format!("expected `{mark}`, got {answer:?}")) }
}

/// A secret, and the seats that may read it.
struct Secret {
    text: String,
    seats: &'static [&'static str],
}

const COMPANY: [&str; 4] = ["owner", "trader", "finance", "viewer"];

/// What must not be read by whom.
fn secrets(cast: &Cast) -> Vec<Secret> {
    const INSIDE: &[&str] = &["owner", "trader", "finance", "viewer", "admin", "support", "credit admin", "teacher"];
    const ORDER: &[&str] = &[
        "owner",
        "trader",
        "finance",
        "viewer",
        "counterparty",
        "admin",
        "support",
        "credit admin",
        "teacher",
        "carrier",
    ];
    const TALK: &[&str] =
        &["owner", "trader", "finance", "viewer", "counterparty", "admin", "support", "credit admin", "teacher"];
    const SEALED: &[&str] = &["owner", "trader", "finance", "viewer", "counterparty"];
    const TEAM: &[&str] = &["owner", "trader", "finance", "viewer", "admin"];
    const HERE: &[&str] = &[
        "owner",
        "trader",
        "finance",
        "viewer",
        "counterparty",
        "stranger",
        "admin",
        "support",
        "credit admin",
        "teacher",
        "carrier",
    ];
    // Those who lead the market see it once it is reported; its identifier stands in their log before.
    const ASKED: &[&str] =
        &["owner", "trader", "finance", "viewer", "counterparty", "admin", "support", "teacher", "credit admin"];
    const ASKED_TEXT: &[&str] =
        &["owner", "trader", "finance", "viewer", "counterparty", "admin", "support", "teacher"];
    const COMPANY_ALONE: &[&str] = &["owner", "trader", "finance", "viewer"];
    const CLAIMED: &[&str] = &["owner", "trader", "finance", "viewer", "admin"];
    const AWAY: &[&str] = &["away owner", "away admin"];
    const SELLER: &[&str] = &["counterparty", "admin", "support", "credit admin", "teacher"];
    let of = |text: &str, seats| Secret { text: text.to_owned(), seats };
    vec![
        of(&cast.order, ORDER),
        of(SECRETS[0], ORDER),
        of(&cast.draft, INSIDE),
        of(&cast.discarded, INSIDE),
        of(SECRETS[1], TALK),
        of(&cast.message, TALK),
        of(SECRETS[2], TALK),
        of(&cast.file, TALK),
        of(SECRETS[3], INSIDE),
        of(&cast.inquiry, ASKED),
        of(&cast.inquiry_file, ASKED),
        of(&cast.inquiry_message, ASKED),
        of(SECRETS[4], ASKED_TEXT),
        of(SECRETS[5], ASKED_TEXT),
        of(SECRETS[6], ASKED_TEXT),
        of(SECRETS[7], COMPANY_ALONE),
        of(&cast.rfq, TALK),
        of(SECRETS[8], TALK),
        of(&cast.quote, TALK),
        of(SECRETS[9], SEALED),
        of(&cast.quote_file, SEALED),
        of(SECRETS[12], SEALED),
        of(SECRETS[13], SEALED),
        of(&cast.proof, CLAIMED),
        of(&cast.proof_file, CLAIMED),
        of(SECRETS[10], CLAIMED),
        of(SECRETS[11], CLAIMED),
        of("1100017", INSIDE),
        of("trader@example.com", TEAM),
        of("spare@example.com", TEAM),
        of("dibbler@example.com", TEAM),
        of(&cast.import, SELLER),
        of(&cast.product, HERE),
        of("Wombat screw", HERE),
        of("Counterparty", HERE),
        of("Thylacine", AWAY),
    ]
}

/// The secrets in an answer that this seat may not read. What the caller sent itself says nothing.
fn leaks(secrets: &[Secret], seat: &str, asked: &str, answer: &Answer) -> Vec<String> {
    let text = if answer.json.is_null() { answer.head.clone() } else { answer.json.to_string() };
    let hidden = secrets.iter().filter(|s| !s.seats.contains(&seat) && !asked.contains(&s.text));
    hidden.filter(|s| text.contains(&s.text)).map(|s| format!("{seat} reads `{}` at {asked}", s.text)).collect()
}

/// Lists with filters, cursors and searches that reach for what others own.
fn reaches(cast: &Cast) -> Vec<String> {
    let (owner, seller) = (&cast.seats[0].company, &cast.seats[4].company);
    [
        "/orders?q=quokka".to_owned(),
        "/orders?role=buyer&limit=100".into(),
        "/orders?role=seller&limit=100".into(),
        "/orders?status=draft".into(),
        "/orders?status=cancelled".into(),
        "/orders?phase=done".into(),
        format!("/orders?cursor=9000000000000000-{}", "f".repeat(32)),
        "/inquiries?role=buyer&limit=100".into(),
        "/inquiries?role=seller&limit=100".into(),
        format!("/inquiries?cursor=9000000000000000-{}", "f".repeat(32)),
        format!("/companies/{seller}/response-clock"),
        format!("/companies/{owner}/proofs"),
        "/admin/proofs?view=waiting&limit=100".into(),
        "/admin/proofs?view=recheck&limit=100".into(),
        "/notices?limit=100".into(),
        format!("/notices?cursor={}", "7".repeat(48)),
        "/saved-searches".into(),
        "/rfqs?view=mine&limit=100".into(),
        "/rfqs?view=board&limit=100".into(),
        "/rfqs?view=inbox&limit=100".into(),
        "/quotes?limit=100".into(),
        "/search?q=screw".into(),
        "/search/suppliers?q=counterparty".into(),
        "/search/suggestions?q=wom".into(),
        format!("/products?supplier={seller}"),
        "/search?q=wombat".into(),
        "/companies?sells=true&limit=100".into(),
        format!("/companies/{owner}"),
        "/wallet/statement?currency=USD&account=buyer".into(),
        "/wallet/statement.csv?currency=USD&account=buyer".into(),
        format!("/admin/events?subject={}&limit=100", cast.order),
        "/admin/events?limit=100".into(),
        "/admin/mails?limit=100".into(),
        "/admin/users?limit=100".into(),
    ]
    .map(|path| format!("/api/v1{path}"))
    .to_vec()
}

/// Findings of the rows that `wanted` takes: first those who are refused, then those who may.
pub async fn findings(cast: &Cast, wanted: impl Fn(&str) -> bool) -> Vec<String> {
    let (mut findings, secrets) = (Vec::new(), secrets(cast));
    let rows =
        TABLE.iter().filter(|(_, path, row)| matches!(row, Row::Seats(_)) && *path != "/api/v1/live" && wanted(path));
    for (method, path, row) in rows {
        let marks = marks(*row);
        let mut order: Vec<usize> = (0..SEATS.len()).collect();
        order.sort_by_key(|n| marks[*n] == '.');
        for n in order {
            let answer = cast.call(&cast.seats[n], method, path).await;
            if let Err(why) = judged(&answer, marks[n]) {
                findings.push(format!("{}: {method} {path} {why}", SEATS[n]));
            }
            findings.extend(leaks(&secrets, SEATS[n], path, &answer));
        }
    }
    for path in reaches(cast).iter().filter(|path| wanted(path)) {
        for (seat, who) in SEATS.iter().zip(&cast.seats) {
            let answer = cast.ground.get(who, path).await;
            if answer.status.is_server_error() {
                findings.push(format!("{seat}: {path} {answer:?}"));
            }
            findings.extend(leaks(&secrets, seat, path, &answer));
        }
    }
    findings
}

/// The accounts' own operations: what belongs to another user is not there.
pub async fn accounts(cast: &Cast) -> Vec<String> {
    let mut findings = Vec::new();
    let owner_seat = super::cast::seat_of(&cast.ground, cast.seat("owner")).await;
    for (seat, who) in SEATS.iter().zip(&cast.seats).skip(1) {
        let path = format!("/api/v1/auth/sessions/{}", cast.session);
        let session = cast.ground.delete(who, &path).await;
        let moved = cast.ground.post(who, "/api/v1/auth/seat", serde_json::json!({ "seat_id": owner_seat })).await;
        for (what, answer) in [("session", session), ("seat", moved)] {
            if !is_not_found(&answer) {
                findings.push(format!("{seat} takes another user's {what}: {answer:?}"));
            }
        }
        let listed = cast.ground.get(who, "/api/v1/auth/sessions").await;
        if listed.json.to_string().contains(&cast.session) {
            findings.push(format!("{seat} lists another user's session"));
        }
    }
    let ended = cast.ground.delete(cast.seat("owner"), &format!("/api/v1/auth/sessions/{}", cast.session)).await;
    if ended.status != 204 {
        findings.push(format!("the owner cannot end an own session: {ended:?}"));
    }
    findings
}

/// Identifiers of things of other types, of other parents and of nothing: all of them are simply not there.
pub async fn ids(cast: &Cast) -> Vec<String> {
    let mut findings = Vec::new();
    let nothing = "0".repeat(32);
    let others: Vec<&str> = [
        &cast.order,
        &cast.product,
        &cast.file,
        &cast.import,
        &cast.mail,
        &cast.message,
        &cast.inquiry,
        &cast.inquiry_file,
        &cast.inquiry_message,
        &cast.template,
        &cast.invitation,
        &cast.session,
        &cast.spare_seat,
        &cast.rfq,
        &cast.quote,
        &cast.quote_file,
        &cast.proof,
        &cast.proof_file,
        &cast.notice,
        &cast.saved,
        &cast.leaver.user,
        &cast.seats[4].company,
        &cast.seats[0].user,
        &nothing,
    ]
    .into_iter()
    .map(String::as_str)
    .chain(["zz", "%00", "00000000-0000-0000-0000-000000000001"])
    .collect();
    for (method, path, row) in TABLE {
        let Some(at) = path.find('{').filter(|_| !path.ends_with("{name}")) else { continue };
        let right = cast.path(&path[..=path.find('}').unwrap()]);
        let end = path.find('}').unwrap();
        let first = marks(*row).iter().position(|mark| *mark == '.').unwrap_or(0);
        for other in others.iter().filter(|other| !right.ends_with(**other)) {
            let to = format!("{}{other}{}", &path[..at], &path[end + 1..])
                .replace("{kind}", "contract")
                .replace("{no}", "9");
            // Another user's account is of the same type.
            if path.contains("/users/") && **other == cast.seats[0].user {
                continue;
            }
            let answer = cast.call_at(&cast.seats[first], method, path, &to).await;
            if !is_not_found(&answer) {
                findings.push(format!("{method} {to} as {}: {answer:?}", SEATS[first]));
            }
        }
    }
    findings.extend(foreign_file(cast).await);
    findings
}

/// A file of another order is none of this one's.
async fn foreign_file(cast: &Cast) -> Option<String> {
    let body = serde_json::json!({ "text": "t", "file_ids": [cast.other_file] });
    let path = format!("/api/v1/orders/{}/messages", cast.order);
    let answer = cast.ground.post(cast.seat("owner"), &path, body).await;
    let named = answer.json["errors"][0]["pointer"] == "/file_ids/0";
    (answer.status != 422 || !named).then(|| format!("a file of another order was attached: {answer:?}"))
}

/// What may be granted is bounded by what the granter holds (ACC-6).
pub async fn grants(cast: &Cast) -> Vec<String> {
    let (ground, owner, admin) = (&cast.ground, cast.seat("owner"), cast.seat("admin"));
    let mut findings = Vec::new();
    let mut expect = |what: String, answer: Answer, status: u16, code: &str| {
        if (answer.status.as_u16(), answer.json["code"].as_str()) != (status, Some(code)) {
            findings.push(format!("{what}: {answer:?}"));
        }
    };
    let above =
        Role::ALL.into_iter().filter(|r| !matches!(r, Role::Owner | Role::Trader | Role::Finance | Role::Viewer));
    for role in above {
        let body = serde_json::json!({ "role": role.as_str() });
        let granted = ground.post(owner, &format!("/api/v1/team/{}/role", cast.spare_seat), body).await;
        expect(format!("the owner makes a {role}"), granted, 403, "identity.role_not_grantable");
        let body = serde_json::json!({ "email": format!("{role}@example.org"), "role": role.as_str() });
        let invited = ground.post(owner, "/api/v1/team/invitations", body).await;
        expect(format!("the owner invites a {role}"), invited, 403, "identity.role_not_grantable");
    }
    for (name, who) in [("owner", owner), ("admin", admin)] {
        let seat = super::cast::seat_of(ground, who).await;
        let body = serde_json::json!({ "role": "viewer" });
        let changed = ground.post(who, &format!("/api/v1/team/{seat}/role"), body).await;
        expect(format!("the {name} changes the own seat"), changed, 409, "identity.own_seat");
        let gone = ground.post(who, &format!("/api/v1/team/{seat}/deactivate"), Value::Null).await;
        expect(format!("the {name} takes the own seat away"), gone, 409, "identity.own_seat");
    }
    let closed = ground.post(admin, &format!("/api/v1/admin/users/{}/disable", admin.user), Value::Null).await;
    expect("the admin closes the own account".into(), closed, 409, "identity.own_seat");
    findings
}

/// Changes that another site's page asks for, by somebody who may make them.
pub async fn sites(cast: &Cast) -> Vec<String> {
    let mut findings = Vec::new();
    for (method, path, _) in TABLE.iter().filter(|(method, _, _)| *method != "GET") {
        for header in
            [("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Site", "same-site"), ("Origin", "https://evil.example")]
        {
            let answer = cast.call_with(cast.seat("owner"), method, path, &cast.path(path), &[header]).await;
            if answer.status != 403 || answer.json["code"] != "cross_site" {
                findings.push(format!("{method} {path} with {header:?}: {answer:?}"));
            }
        }
    }
    findings
}

/// Operations by clients whose token or session counts no more.
pub async fn tokens(cast: &Cast, wanted: impl Fn(&str) -> bool) -> Vec<String> {
    let mut findings = Vec::new();
    for (kind, who, own_account) in super::cast::unbelievable(cast).await {
        for (method, path, row) in TABLE.iter().filter(|(_, path, row)| *row != Row::Public && wanted(path)) {
            if own_account && *row == Row::Account {
                continue;
            }
            // A stream that is let in does not end.
            let call = cast.call(&who, method, path);
            let answer = tokio::time::timeout(std::time::Duration::from_secs(10), call).await;
            match answer {
                Ok(answer) if answer.status == 401 => {}
                answer => findings.push(format!("{kind}: {method} {path} {answer:?}")),
            }
        }
    }
    findings
}

/// An operation that asks for a secret by somebody who has shown none for five minutes, or whose address is not verified.
pub async fn proofs() -> Vec<String> {
    use crate::ground::{email_of, strict};
    let mut findings = Vec::new();
    let ground = strict().await;
    let owner = ground.company("Owner", true, true).await;
    let nothing = "0".repeat(32);
    for (verified, code) in [(false, "identity.email_unverified"), (true, "identity.step_up_needed")] {
        if verified {
            ground.verify(&email_of("Owner")).await;
            ground.wait(301);
        }
        for (method, path) in PROVED {
            let to = path.replace("{id}", &nothing).replace("{seat}", &nothing);
            let answer = ground.send(&owner, method.parse::<Method>().unwrap(), &to, b"{}", &[]).await;
            if answer.status != 403 || answer.json["code"] != code {
                findings.push(format!("{method} {path} without {code}: {answer:?}"));
            }
        }
    }
    findings
}

/// Roles that demand a second factor do nothing without one outside demo mode.
pub async fn second_factors() -> Vec<String> {
    use crate::ground::{MARKET, strict};
    let mut findings = Vec::new();
    let ground = strict().await;
    let nothing = "0".repeat(32);
    for (name, market, role) in [
        ("Admin", MARKET, Role::Admin),
        ("Credit", MARKET, Role::CreditAdmin),
        ("Teacher", OTHER_MARKET, Role::Teacher),
    ] {
        let client = ground.company(name, true, false).await;
        let client: Client = ground.reseat(&client, market, None, role).await;
        for (method, path, row) in TABLE.iter().filter(|(_, path, _)| *path != "/api/v1/live") {
            if !matches!(row, Row::Seats(_)) {
                continue;
            }
            let to = ["{id}", "{seat}", "{order}", "{inquiry}", "{name}", "{rfq}", "{quote}", "{proof}"]
                .iter()
                .fold((*path).to_owned(), |p, n| p.replace(n, &nothing));
            let answer = ground.send(&client, method.parse::<Method>().unwrap(), &to, b"{}", &[]).await;
            if answer.status != 403 || answer.json["code"] != "identity.second_factor_needed" {
                findings.push(format!("{role}: {method} {path} without a second factor: {answer:?}"));
            }
        }
    }
    findings
}

/// Guesses at secrets: the sixth at one account is not looked at.
pub async fn guesses() -> Vec<String> {
    use crate::ground::{email_of, strict};
    let ground = strict().await;
    let owner = ground.company("Owner", true, true).await;
    let wrong = "not-the-password-at-all";
    let forms = [
        ("/api/v1/auth/sign-in", serde_json::json!({ "email": email_of("Owner"), "password": wrong })),
        ("/api/v1/auth/step-up", serde_json::json!({ "password": wrong })),
        ("/api/v1/auth/password", serde_json::json!({ "current_password": wrong, "password": "a-new-quiet-harbour" })),
    ];
    let mut findings = Vec::new();
    for (path, form) in forms {
        let mut last = 0;
        for _ in 0..7 {
            last = ground.post(&owner, path, form.clone()).await.status.as_u16();
        }
        if last != 429 {
            findings.push(format!("{path} looks at the seventh guess: {last}"));
        }
    }
    findings
}

/// True for the seats of the company that buys.
pub fn of_the_company(seat: &str) -> bool {
    COMPANY.contains(&seat)
}
