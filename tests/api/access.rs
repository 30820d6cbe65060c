//! The generated access test: every operation of the OpenAPI document and every step of the process, tried by every kind of
//! actor. An operation that is missing from the table below fails the test.

use crate::ground::{Answer, Client, Ground, MARKET, OTHER_MARKET, agreed, ground, pay_in, terms};
use actix_web::http::Method;
use entrepot::platform::engine::Request;
use entrepot_domain::kernel::Role;
use entrepot_domain::trade::STEPS;
use serde_json::json;

/// What an operation is about, which says who may use it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Class {
    /// Anybody, signed in or not.
    Public,
    /// Any seat; answers its own data.
    Seated,
    /// A read of the order in the path.
    OrderRead,
    /// A change of the order in the path.
    OrderWrite,
    /// A change of the seat's own company; viewers may not.
    CompanyWrite,
    /// Overseers of the market only.
    Overseer,
    /// A change only a teacher or an admin may make.
    Teacher,
    /// For owners of a company and admins.
    Head,
    /// A change of the buyer's seat, by its company's owners and by admins.
    SeatWrite,
    /// Admins only.
    Admin,
}

const TABLE: &[(&str, &str, Class)] = &[
    ("POST", "/api/v1/auth/sign-up", Class::Public),
    ("POST", "/api/v1/auth/sign-in", Class::Public),
    ("POST", "/api/v1/auth/demo", Class::Public),
    ("POST", "/api/v1/auth/refresh", Class::Public),
    ("POST", "/api/v1/auth/sign-out", Class::Public),
    ("GET", "/api/v1/auth/options", Class::Public),
    ("POST", "/api/v1/auth/sign-out-everywhere", Class::Seated),
    ("GET", "/api/v1/auth/me", Class::Seated),
    ("POST", "/api/v1/auth/seat", Class::Seated),
    ("POST", "/api/v1/auth/password/forgotten", Class::Public),
    ("POST", "/api/v1/auth/password/reset", Class::Public),
    ("POST", "/api/v1/auth/email/verify", Class::Public),
    ("POST", "/api/v1/auth/email/verification", Class::Seated),
    ("POST", "/api/v1/auth/password", Class::Seated),
    ("POST", "/api/v1/auth/step-up", Class::Seated),
    ("GET", "/api/v1/auth/sessions", Class::Seated),
    ("DELETE", "/api/v1/auth/sessions/{id}", Class::Seated),
    ("POST", "/api/v1/auth/second-factor", Class::Seated),
    ("POST", "/api/v1/auth/second-factor/confirm", Class::Seated),
    ("POST", "/api/v1/auth/second-factor/off", Class::Seated),
    ("POST", "/api/v1/auth/second-factor/recovery-codes", Class::Seated),
    ("POST", "/api/v1/auth/invitation", Class::Public),
    ("POST", "/api/v1/auth/invitation/accept", Class::Public),
    ("POST", "/api/v1/auth/first-admin", Class::Public),
    ("GET", "/api/v1/team", Class::Seated),
    ("GET", "/api/v1/team/invitations", Class::Head),
    ("POST", "/api/v1/team/invitations", Class::Head),
    ("DELETE", "/api/v1/team/invitations/{id}", Class::Head),
    ("POST", "/api/v1/team/{seat}/role", Class::SeatWrite),
    ("POST", "/api/v1/team/{seat}/deactivate", Class::SeatWrite),
    ("GET", "/api/v1/admin/users", Class::Admin),
    ("POST", "/api/v1/admin/users/{id}/disable", Class::Admin),
    ("POST", "/api/v1/admin/users/{id}/enable", Class::Admin),
    ("GET", "/api/v1/admin/mails", Class::Admin),
    ("GET", "/api/v1/admin/mails/{id}", Class::Admin),
    ("GET", "/api/v1/market", Class::Seated),
    ("GET", "/api/v1/market/activity", Class::Overseer),
    ("POST", "/api/v1/market/clock", Class::Teacher),
    ("POST", "/api/v1/market/era", Class::Teacher),
    ("POST", "/api/v1/market/capabilities", Class::Teacher),
    ("GET", "/api/v1/live", Class::Seated),
    ("GET", "/api/v1/products", Class::Seated),
    ("GET", "/api/v1/products/{id}", Class::Seated),
    ("POST", "/api/v1/products", Class::CompanyWrite),
    ("PUT", "/api/v1/products/{id}", Class::CompanyWrite),
    ("POST", "/api/v1/products/{id}/price", Class::Seated),
    ("GET", "/api/v1/categories", Class::Seated),
    ("GET", "/api/v1/pictures/{name}", Class::Seated),
    ("GET", "/api/v1/companies", Class::Seated),
    ("GET", "/api/v1/companies/{id}", Class::Seated),
    ("POST", "/api/v1/imports/products", Class::CompanyWrite),
    ("GET", "/api/v1/imports/{id}", Class::Seated),
    ("POST", "/api/v1/orders", Class::CompanyWrite),
    ("GET", "/api/v1/orders", Class::Seated),
    ("GET", "/api/v1/orders/{order}", Class::OrderRead),
    ("GET", "/api/v1/orders/{order}/actions", Class::OrderRead),
    ("POST", "/api/v1/orders/{order}/previews", Class::OrderWrite),
    ("POST", "/api/v1/orders/{order}/transitions", Class::OrderWrite),
    ("GET", "/api/v1/orders/{order}/events", Class::OrderRead),
    ("GET", "/api/v1/orders/{order}/journals", Class::OrderRead),
    ("GET", "/api/v1/orders/{order}/messages", Class::OrderRead),
    ("POST", "/api/v1/orders/{order}/messages", Class::OrderWrite),
    ("GET", "/api/v1/orders/{order}/files", Class::OrderRead),
    ("POST", "/api/v1/orders/{order}/files", Class::OrderWrite),
    ("GET", "/api/v1/files/{id}", Class::Seated),
    ("GET", "/api/v1/wallet", Class::Seated),
    ("GET", "/api/v1/wallet/statement", Class::Seated),
    ("GET", "/api/v1/wallet/statement.csv", Class::Seated),
    ("POST", "/api/v1/wallet/pay-ins", Class::CompanyWrite),
    ("POST", "/api/v1/wallet/withdrawals", Class::CompanyWrite),
    ("GET", "/api/v1/admin/trial-balance", Class::Overseer),
    ("GET", "/api/v1/admin/client-money", Class::Overseer),
    ("GET", "/api/v1/admin/events", Class::Overseer),
    ("POST", "/api/v1/admin/prove", Class::Overseer),
];

fn operations() -> Vec<(String, String)> {
    let document = serde_json::to_value(entrepot::boot::document()).unwrap();
    let mut found = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for method in
            item.as_object().unwrap().keys().filter(|k| ["get", "post", "put", "patch", "delete"].contains(&k.as_str()))
        {
            found.push((method.to_uppercase(), path.clone()));
        }
    }
    found
}

/// What every operation is expected to be: missing rows and rows without an operation are both findings.
fn gaps(operations: &[(String, String)], table: &[(&str, &str, Class)]) -> Vec<String> {
    let missing = operations
        .iter()
        .filter(|(m, p)| !table.iter().any(|(tm, tp, _)| tm == m && tp == p))
        .map(|(m, p)| format!("no row for {m} {p}"));
    let stale = table
        .iter()
        .filter(|(tm, tp, _)| !operations.iter().any(|(m, p)| m == tm && p == tp))
        .map(|(m, p, _)| format!("no operation {m} {p}"));
    missing.chain(stale).collect()
}

#[test]
fn every_operation_stands_in_the_access_table() {
    let operations = operations();
    assert_eq!(gaps(&operations, TABLE), Vec::<String>::new());
    // Control: a table with a row taken out must be found wanting.
    assert_eq!(gaps(&operations, &TABLE[1..]).len(), 1);
}

struct Cast {
    ground: Ground,
    buyer: Client,
    seller: Client,
    stranger: Client,
    elsewhere: Client,
    viewer: Client,
    support: Client,
    teacher: Client,
    seat: String,
    disabled: Client,
    tampered: Client,
    order: String,
}

async fn cast() -> Cast {
    let ground = ground().await;
    let (buyer, seller) = (ground.company("Buyer", true, false).await, ground.company("Seller", false, true).await);
    let stranger = ground.company("Stranger", true, true).await;
    let viewer = ground.company("Viewer", true, false).await;
    let viewer = ground.reseat(&viewer, MARKET, Some(&buyer.company), Role::Viewer).await;
    let support = ground.company("Support", true, false).await;
    let support = ground.reseat(&support, MARKET, None, Role::Support).await;
    let teacher = ground.company("Teacher", true, false).await;
    let teacher = ground.reseat(&teacher, MARKET, None, Role::Teacher).await;
    let seat = ground.get(&buyer, "/api/v1/auth/me").await.json["seat"]["id"].as_str().unwrap().to_owned();
    let elsewhere = ground.company("Elsewhere", true, true).await;
    let elsewhere = ground.reseat(&elsewhere, OTHER_MARKET, None, Role::Admin).await;
    let disabled = disabled(&ground).await;
    let mut tampered = buyer.clone();
    for (_, value) in &mut tampered.cookies {
        let middle = value.len() / 2;
        let other = if value.as_bytes()[middle] == b'A' { "B" } else { "A" };
        value.replace_range(middle..=middle, other);
    }
    pay_in(&ground, &buyer, "1100000").await;
    let order = agreed(&ground, &buyer, &seller).await;
    Cast { ground, buyer, seller, stranger, elsewhere, viewer, support, teacher, seat, disabled, tampered, order }
}

/// A user whose seat was taken away while the session stood.
async fn disabled(ground: &Ground) -> Client {
    let client = ground.company("Disabled", true, true).await;
    let me = ground.get(&client, "/api/v1/auth/me").await.json;
    let seat = crate::ground::hex(me["seat"]["id"].as_str().unwrap());
    let command = entrepot::identity::DisableSeat { id: seat };
    ground
        .state
        .engine
        .execute(Request::new(entrepot::platform::access::Actor::system(MARKET), command))
        .await
        .unwrap();
    tokio::time::sleep(std::time::Duration::from_millis(1_200)).await;
    client
}

async fn call(cast: &Cast, who: &Client, method: &str, path: &str) -> Answer {
    let nothing = "0".repeat(32);
    let path = path
        .replace("{order}", &cast.order)
        .replace("{id}", &nothing)
        .replace("{seat}", &cast.seat)
        .replace("{name}", "none.svg");
    let body: &[u8] = match path.ends_with("/role") {
        _ if method == "GET" => b"",
        true => br#"{"role":"viewer"}"#,
        false => b"{}",
    };
    let key = uuid::Uuid::new_v4().to_string();
    let extra = [("Idempotency-Key", key.as_str()), ("Content-Type", "application/json")];
    cast.ground.send(who, method.parse::<Method>().unwrap(), &path, body, &extra).await
}

#[actix_web::test]
async fn every_operation_refuses_whom_it_must() {
    let cast = cast().await;
    let nobody = Client::default();
    for (method, path, class) in TABLE
        .iter()
        .filter(|(_, p, c)| *c != Class::Public && *p != "/api/v1/live" && !p.ends_with("sign-out-everywhere"))
    {
        for (kind, who) in
            [("nobody", &nobody), ("a tampered token", &cast.tampered), ("a seat taken away", &cast.disabled)]
        {
            let answer = call(&cast, who, method, path).await;
            // Who one is (and moving to another seat) works for a user without a seat too.
            let own_account = path.starts_with("/api/v1/auth/") && kind == "a seat taken away";
            assert!(answer.status == 401 || own_account, "{kind}: {method} {path} answered {}", answer.status);
        }
        let (unseen, refused): (&[_], &[_]) = match class {
            Class::OrderRead => (&[("a stranger", &cast.stranger), ("another market's admin", &cast.elsewhere)], &[]),
            Class::OrderWrite => (&[("a stranger", &cast.stranger), ("another market's admin", &cast.elsewhere)], &[]),
            Class::Overseer => (&[], &[("the buyer", &cast.buyer), ("a viewer", &cast.viewer)]),
            Class::Teacher => {
                (&[], &[("the buyer", &cast.buyer), ("a viewer", &cast.viewer), ("support", &cast.support)])
            }
            Class::Head => (&[], &[("a viewer", &cast.viewer), ("support", &cast.support)]),
            Class::SeatWrite => (
                &[("a stranger", &cast.stranger), ("another market's admin", &cast.elsewhere)],
                &[("a viewer", &cast.viewer), ("support", &cast.support)],
            ),
            Class::Admin => (
                &[],
                &[
                    ("the buyer", &cast.buyer),
                    ("a viewer", &cast.viewer),
                    ("support", &cast.support),
                    ("a teacher", &cast.teacher),
                ],
            ),
            Class::Public | Class::Seated | Class::CompanyWrite => (&[], &[]),
        };
        for (kind, who) in unseen {
            let answer = call(&cast, who, method, path).await;
            assert!([404, 422].contains(&answer.status.as_u16()), "{kind}: {method} {path} answered {}", answer.status);
            assert!(!answer.json.to_string().contains("Hex bolts"), "{kind} read something at {path}");
        }
        for (kind, who) in refused {
            let answer = call(&cast, who, method, path).await;
            assert_eq!(answer.status, 403, "{kind}: {method} {path}");
        }
    }
}

#[actix_web::test]
async fn reads_of_an_order_are_for_its_parties_and_overseers() {
    let cast = cast().await;
    for (_, path, class) in TABLE {
        if *class != Class::OrderRead {
            continue;
        }
        for who in [&cast.buyer, &cast.seller, &cast.viewer, &cast.support] {
            assert_eq!(call(&cast, who, "GET", path).await.status, 200, "{path}");
        }
    }
}

/// Parameters that parse, so that access and not the form is what refuses.
fn params(name: &str, cast: &Cast) -> serde_json::Value {
    let terms = terms(&cast.buyer.company, &cast.seller.company);
    match name {
        "order.revise" => json!({ "terms": terms }),
        "order.counter" => json!({ "terms": terms }),
        "order.accept" => json!({ "offer_no": 1, "contract_hash": "0".repeat(64) }),
        "stage.fund" => json!({ "stage": 1, "method": "tt" }),
        "stage.fall_due" | "stage.lapse" => json!({ "stage": 1 }),
        "shipment.dispatch" => {
            json!({ "shipment": 1, "carrier": "C", "tracking_no": "T", "documents": ["a"], "eta_days": 5 })
        }
        "cancellation.propose" => json!({ "refund_minor": "0" }),
        "order.cancel_for_default" => json!({ "penalty_minor": "0" }),
        "extension.propose" => json!({ "shipment": 1, "days": 5 }),
        "amendment.propose" => json!({ "notes": "n" }),
        name if name.starts_with("shipment.") => json!({ "shipment": 1 }),
        _ => json!({}),
    }
}

#[actix_web::test]
async fn every_step_refuses_whom_it_must() {
    let cast = cast().await;
    let ground = &cast.ground;
    let before = ground.get(&cast.buyer, &format!("/api/v1/orders/{}", cast.order)).await.json;
    let nobody = Client::default();
    for row in STEPS.iter().filter(|r| r.name != "order.draft") {
        let step = |who| ground.step(who, &cast.order, row.name, params(row.name, &cast));
        assert_eq!(step(&nobody).await.status, 401, "nobody: {}", row.name);
        assert_eq!(step(&cast.tampered).await.status, 401, "tampered: {}", row.name);
        assert_eq!(step(&cast.disabled).await.status, 401, "disabled: {}", row.name);
        assert_eq!(step(&cast.stranger).await.status, 404, "stranger: {}", row.name);
        assert_eq!(step(&cast.elsewhere).await.status, 404, "other market: {}", row.name);
        assert_eq!(step(&cast.viewer).await.status, 403, "viewer: {}", row.name);
        assert_eq!(step(&cast.support).await.status, 403, "support: {}", row.name);
        for (actor, who) in [
            (entrepot_domain::kernel::Actor::Buyer, &cast.buyer),
            (entrepot_domain::kernel::Actor::Seller, &cast.seller),
        ] {
            if !row.admits(actor) {
                assert_eq!(step(who).await.status, 403, "{actor:?}: {}", row.name);
            }
        }
    }
    let after = ground.get(&cast.buyer, &format!("/api/v1/orders/{}", cast.order)).await.json;
    assert_eq!(before["version"], after["version"], "a refused step changed the order");
}
