//! G20: more rights through a form (Foreman CVE-2026-5136: role by a group in a profile; Keycloak CVE-2026-94000: a
//! delegated admin makes themself admin of everything).
//!
//! Every form of the OpenAPI document is sent with fields that nobody may set; and every grant is held to what the
//! granter holds.

use crate::ground::{Answer, Client, Ground, MARKET, OTHER_MARKET, email_of, ground, hex};
use actix_web::http::Method;
use entrepot_domain::kernel::Role;
use serde_json::{Value, json};

/// What no form may set, and a value that would help an attacker.
const PROTECTED: &[(&str, &str)] = &[
    ("role", "\"admin\""),
    ("roles", "[\"admin\"]"),
    ("group", "\"admins\""),
    ("company", "\"00000000000000000000000000000001\""),
    ("company_id", "\"00000000000000000000000000000001\""),
    ("market", "\"0000000000000000000000000000000b\""),
    ("market_id", "\"0000000000000000000000000000000b\""),
    ("user_id", "\"00000000000000000000000000000001\""),
    ("owner", "true"),
    ("status", "\"closed\""),
    ("version", "99"),
    ("verified_level", "3"),
    ("email_verified", "true"),
    ("verified_at", "1"),
    ("disabled", "false"),
    ("stamp", "1"),
    ("second_factor", "true"),
    ("proved_at", "9999999999999999"),
];

/// Forms that hold one of the names with its own, judged meaning.
const MEANT: &[(&str, &str)] = &[
    ("/api/v1/auth/sign-up", "company"),
    ("/api/v1/auth/first-admin", "market"),
    ("/api/v1/team/invitations", "role"),
    ("/api/v1/team/{seat}/role", "role"),
    // The version of a quote that a counter-offer answers.
    ("/api/v1/quotes/{quote}/counter", "version"),
];

/// Every operation that takes a JSON form.
fn forms() -> Vec<(String, String)> {
    let document = serde_json::to_value(entrepot::boot::document()).unwrap();
    let mut found = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            if operation.pointer("/requestBody/content/application~1json").is_some() {
                found.push((method.to_uppercase(), path.clone()));
            }
        }
    }
    found
}

/// A product of the client's company.
async fn product(ground: &Ground, who: &Client) -> String {
    let body = json!({
        "sku": "C-16", "title": "Corduroy", "title_zh": null, "category": "textiles", "description": "Rolls of 60 m.",
        "hs_code": "5801220000", "unit": "m", "origin": "CN", "currency": "USD", "moq": "300", "moq_step": "50",
        "ladder": [{ "from_quantity": "300", "unit_price": "3.42" }], "lead_days": 18,
        "incoterm": { "code": "FOB", "place": "Ningbo" }, "pictures": [], "supply": "ready_stock", "on_hand": "900",
    });
    let made = ground.post(who, "/api/v1/products", body).await;
    assert_eq!(made.status, 201, "{made:?}");
    made.json["id"].as_str().unwrap().to_owned()
}

/// What the forms are about: each there, so that the form and not its absence is judged.
struct Things {
    order: String,
    product: String,
    seller: String,
    inquiry: String,
    rfq: String,
    quote: String,
    template: String,
}

async fn things(ground: &Ground, owner: &Client, seller: &Client) -> Things {
    let id = |answer: Answer| {
        assert!(answer.status.is_success(), "{answer:?}");
        answer.json["id"].as_str().unwrap().to_owned()
    };
    let asked = json!({ "seller": seller.company, "subject": "Bolts", "text": "How long?" });
    let rfq = id(ground.post(owner, "/api/v1/rfqs", crate::asked::rfq_body()).await);
    let quotes = format!("/api/v1/rfqs/{rfq}/quotes");
    Things {
        order: crate::ground::agreed(ground, owner, seller).await,
        product: product(ground, owner).await,
        seller: seller.company.clone(),
        inquiry: id(ground.post(owner, "/api/v1/inquiries", asked).await),
        quote: id(ground.post(seller, &quotes, crate::asked::quote_body()).await),
        template: id(ground.post(owner, "/api/v1/templates", json!({ "title": "Hello", "text_en": "Hello." })).await),
        rfq,
    }
}

async fn send(ground: &Ground, who: &Client, things: &Things, operation: (&str, &str), body: &str) -> Answer {
    let (method, path) = operation;
    let nothing = "0".repeat(32);
    let id = match path {
        p if ["/products/", "/own-stock/", "/shortlist/"].iter().any(|part| p.contains(part)) => &things.product,
        p if p.contains("/companies/") => &things.seller,
        p if p.contains("/templates/") => &things.template,
        _ => &nothing,
    };
    let path = path
        .replace("{order}", &things.order)
        .replace("{inquiry}", &things.inquiry)
        .replace("{rfq}", &things.rfq)
        .replace("{quote}", &things.quote)
        .replace("{no}", "1")
        .replace("{id}", id)
        .replace("{seat}", &nothing)
        .replace("{proof}", &nothing)
        .replace("{product}", &things.product)
        .replace("{topic}", "orders");
    let key = uuid::Uuid::new_v4().to_string();
    let extra = [("Idempotency-Key", key.as_str()), ("Content-Type", "application/json"), ("If-Match", "\"1\"")];
    ground.send(who, method.parse::<Method>().unwrap(), &path, body.as_bytes(), &extra).await
}

#[actix_web::test]
async fn no_form_takes_a_field_that_gives_rights() {
    let ground = ground().await;
    let admin = ground.company("Ada", true, true).await;
    let admin = ground.reseat(&admin, MARKET, None, Role::Admin).await;
    let (owner, seller) = (ground.company("Anna", true, true).await, ground.company("Seller", false, true).await);
    let things = things(&ground, &owner, &seller).await;
    let forms = forms();
    assert!(forms.len() >= 25, "{}", forms.len());
    for (method, path) in &forms {
        for (name, value) in PROTECTED {
            if MEANT.contains(&(path.as_str(), *name)) {
                continue;
            }
            // Somebody the operation is for, so that the form and not the role refuses.
            let who = match path.as_str() {
                p if p.contains("/market/") || p.contains("/admin/") => &admin,
                p if p.contains("quote") && !p.contains("counter") => &seller,
                _ => &owner,
            };
            let answer =
                send(&ground, who, &things, (method.as_str(), path.as_str()), &format!("{{\"{name}\":{value}}}")).await;
            let said = answer.json.to_string();
            assert_eq!(answer.status, 422, "{method} {path} took {name}: {answer:?}");
            assert!(
                said.contains(&format!("unknown field `{name}`")),
                "{method} {path} does not know {name} by name: {said}"
            );
        }
    }
    // Control: a field the form has is not refused as unknown.
    let control =
        send(&ground, &owner, &things, ("POST", "/api/v1/auth/sign-in"), "{\"email\":\"a@example.com\"}").await;
    assert!(!control.json.to_string().contains("unknown field"), "{control:?}");
}

#[actix_web::test]
async fn no_step_of_an_order_takes_a_field_that_gives_rights() {
    let ground = ground().await;
    let (buyer, seller) = (ground.company("Buyer", true, false).await, ground.company("Seller", false, true).await);
    crate::ground::pay_in(&ground, &buyer, "1100000").await;
    let order = crate::ground::agreed(&ground, &buyer, &seller).await;
    for (name, value) in PROTECTED {
        let mut params = json!({ "stage": 1, "method": "tt" });
        params[*name] = serde_json::from_str(value).unwrap();
        let answer = ground.step(&buyer, &order, "stage.fund", params).await;
        assert_eq!(answer.status, 422, "{name}: {answer:?}");
    }
}

async fn grant(ground: &Ground, who: &Client, role: &str) -> Answer {
    ground
        .post(who, "/api/v1/team/invitations", json!({ "email": format!("new-{role}@example.com"), "role": role }))
        .await
}

#[actix_web::test]
async fn nobody_grants_what_they_do_not_hold() {
    let ground = ground().await;
    let owner = ground.company("Anna", true, true).await;
    let member = async |name: &str, role: Role| {
        let who = ground.company(name, true, false).await;
        ground.reseat(&who, MARKET, Some(&owner.company), role).await
    };
    let (trader, finance, viewer) =
        (member("Tom", Role::Trader).await, member("Fay", Role::Finance).await, member("Vic", Role::Viewer).await);
    let support = ground.company("Sue", true, false).await;
    let support = ground.reseat(&support, MARKET, None, Role::Support).await;
    let teacher = ground.company("Tea", true, false).await;
    let teacher = ground.reseat(&teacher, MARKET, None, Role::Teacher).await;
    for role in Role::ALL {
        for (kind, who) in [
            ("trader", &trader),
            ("finance", &finance),
            ("viewer", &viewer),
            ("support", &support),
            ("teacher", &teacher),
        ] {
            assert_eq!(grant(&ground, who, role.as_str()).await.status, 403, "a {kind} grants {role}");
        }
        let within = matches!(role, Role::Owner | Role::Trader | Role::Finance | Role::Viewer);
        let answer = grant(&ground, &owner, role.as_str()).await;
        assert_eq!(answer.status, if within { 201 } else { 403 }, "an owner grants {role}: {answer:?}");
    }
}

#[actix_web::test]
async fn nobody_raises_themselves_or_reaches_into_another_company_or_market() {
    let ground = ground().await;
    let (anna, bert) = (ground.company("Anna", true, true).await, ground.company("Bert", true, true).await);
    let seat = async |who: &Client| -> String {
        ground.get(who, "/api/v1/auth/me").await.json["seat"]["id"].as_str().unwrap().to_owned()
    };
    let change = async |who: &Client, seat: &str, role: &str| {
        ground.post(who, &format!("/api/v1/team/{seat}/role"), json!({ "role": role })).await
    };
    let (annas, berts) = (seat(&anna).await, seat(&bert).await);
    let code = |answer: Answer| (answer.status.as_u16(), answer.json["code"].as_str().unwrap_or("").to_owned());

    assert_eq!(code(change(&anna, &annas, "admin").await), (409, "identity.own_seat".to_owned()));
    assert_eq!(code(change(&anna, &berts, "viewer").await), (404, "not_found".to_owned()));
    let elsewhere = ground.company("Eve", true, true).await;
    let elsewhere = ground.reseat(&elsewhere, OTHER_MARKET, None, Role::Admin).await;
    assert_eq!(code(change(&elsewhere, &annas, "viewer").await), (404, "not_found".to_owned()));
    let deactivate = format!("/api/v1/team/{annas}/deactivate");
    assert_eq!(ground.post(&elsewhere, &deactivate, json!({})).await.status, 404);
    assert_eq!(ground.post(&bert, &deactivate, json!({})).await.status, 404);

    // An admin of one market is made in that market only, and by its admins.
    let admin = ground.company("Ada", true, true).await;
    let admin = ground.reseat(&admin, MARKET, None, Role::Admin).await;
    assert_eq!(code(change(&admin, &annas, "admin").await), (422, "identity.company_unknown".to_owned()));
    assert_eq!(code(change(&admin, &annas, "system").await), (403, "identity.role_not_grantable".to_owned()));
    assert_eq!(ground.get(&anna, "/api/v1/auth/me").await.json["seat"]["role"], "owner", "nothing changed");
}

#[actix_web::test]
async fn an_offer_is_worth_what_its_giver_holds_when_it_is_taken() {
    let ground = ground().await;
    let owner = ground.company("Anna", true, true).await;
    assert_eq!(grant(&ground, &owner, "owner").await.status, 201);
    let token = ground.ticket("new-owner@example.com", "invitation").await;
    let seat = ground.get(&owner, "/api/v1/auth/me").await.json["seat"]["id"].as_str().unwrap().to_owned();
    let system = entrepot::platform::access::Actor::system(MARKET);
    let gone = entrepot::identity::DisableSeat { id: hex(&seat) };
    ground.state.engine.execute(entrepot::platform::engine::Request::new(system, gone)).await.unwrap();

    let body = json!({ "token": token, "name": "Eve", "password": "seventeen-lamps-by-the-quay" });
    let answer = ground.post(&Client::default(), "/api/v1/auth/invitation/accept", body).await;

    assert_eq!(answer.status, 410, "{answer:?}");
    assert_eq!(ground.sign_in("new-owner@example.com", "seventeen-lamps-by-the-quay").await.status, 401);
    let _: Value = ground.get(&owner, "/api/v1/auth/me").await.json;
    assert_eq!(ground.sign_in(&email_of("Anna"), crate::ground::PASSWORD).await.json["seat"], Value::Null);
}
