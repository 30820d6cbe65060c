//! Who tries, and at what: a seat of every kind, what each of them owns, and the tokens that must not be believed.

use crate::ground::{
    Answer, Client, Ground, MARKET, OTHER_MARKET, PASSWORD, REAL, agreed, email_of, ground_with, hex, pay_in, terms,
};
use actix_web::http::Method;
use entrepot::identity::OpenCompany;
use entrepot::platform::access::Actor;
use entrepot::platform::clock::Clock;
use entrepot::platform::engine::Request;
use entrepot::platform::rows;
use entrepot_domain::kernel::Role;
use serde_json::{Value, json};

/// A market with one of everything.
pub struct Cast {
    pub ground: Ground,
    /// In the order of `table::SEATS`.
    pub seats: Vec<Client>,
    pub order: String,
    pub draft: String,
    pub discarded: String,
    pub product: String,
    pub import: String,
    pub file: String,
    /// A file of another order of the same parties.
    pub other_file: String,
    pub message: String,
    /// An inquiry of the owner to the counterparty, with a file.
    pub inquiry: String,
    pub inquiry_file: String,
    pub inquiry_message: String,
    pub template: String,
    pub mail: String,
    /// A colleague of the owner whose seat may come to harm.
    pub spare_seat: String,
    /// A user of the market whose account may come to harm.
    pub leaver: Client,
    pub invitation: String,
    pub session: String,
    /// A request of the owner's company that only the counterparty is invited to.
    pub rfq: String,
    /// The counterparty's sealed quote on it.
    pub quote: String,
    /// What the quote shows: sealed as it is.
    pub quote_file: String,
    /// A claim of the owner's company that waits for the admins, with its evidence.
    pub proof: String,
    pub proof_file: String,
    /// A notice that the owner was told, and nobody else.
    pub notice: String,
    /// A search that the owner saved.
    pub saved: String,
}

/// Words that only some may read.
pub const SECRETS: [&str; 14] = [
    "quokka title",
    "numbat message",
    "bilby.txt",
    "potoroo reference",
    "quoll subject",
    "bettong question",
    "kowari.txt",
    "mulgara template",
    "dunnart request",
    "echidna quote",
    "bandicoot proof",
    "dugong.txt",
    "wallaroo.txt",
    "pademelon question",
];

/// The header of a file of goods, and a line.
pub fn goods(sku: &str) -> String {
    format!(
        "sku,title,title_zh,category,description,hs_code,unit,origin,currency,moq,ladder,lead_days,incoterm,place,picture\n\
         {sku},Wombat screw,螺丝,fasteners,Steel.,731815,pcs,CN,USD,1000,1000:0.0035,14,FOB,Ningbo,screw\n"
    )
}

/// A product as its supplier writes it.
pub fn product(sku: &str) -> Value {
    json!({
        "sku": sku, "title": "Wombat screw", "category": "fasteners", "hs_code": "731815", "unit": "pcs", "origin": "CN",
        "currency": "USD", "moq": "1000", "ladder": [{ "from_quantity": "1000", "unit_price": "0.0035" }],
        "lead_days": 14, "incoterm": { "code": "FOB", "place": "Ningbo" }, "supply": "ready_stock", "on_hand": "9",
    })
}

/// The same, under a title that everybody uses.
pub fn plain_product(sku: &str) -> Value {
    json_with(product(sku), "title", "Plain screw")
}

fn json_with(mut value: Value, name: &str, text: &str) -> Value {
    value[name] = json!(text);
    value
}

/// Terms with the secret title.
pub fn secret_terms(buyer: &str, seller: &str) -> Value {
    let mut terms = terms(buyer, seller);
    terms["lines"][0]["title"] = json!(SECRETS[0]);
    terms
}

/// Demo mode on a clock that stands still.
pub async fn still() -> Ground {
    ground_with(&["--demo"], Clock::manual(REAL)).await
}

async fn colleague(ground: &Ground, name: &str, market: u128, company: Option<&str>, role: Role) -> Client {
    let client = ground.company(name, true, false).await;
    ground.reseat(&client, market, company, role).await
}

/// A company of the other market, with the client's user as its owner.
async fn away(ground: &Ground) -> Client {
    let client = ground.company("Away", true, false).await;
    let id = ground.state.engine.ids().next();
    let open = OpenCompany {
        id,
        name: "Thylacine Away".into(),
        name_zh: None,
        country: "AU".into(),
        registration_number: "AU-1".into(),
        city: String::new(),
        founded: None,
        about: String::new(),
        buys: true,
        sells: true,
        owner: None,
    };
    ground.state.engine.execute(Request::new(Actor::system(OTHER_MARKET), open)).await.unwrap();
    ground.reseat(&client, OTHER_MARKET, Some(&format!("{id:032x}")), Role::Owner).await
}

async fn seats(ground: &Ground) -> Vec<Client> {
    let owner = ground.company("Owner", true, true).await;
    let company = Some(owner.company.as_str());
    let mut seats = vec![owner.clone()];
    for (name, role) in [("Trader", Role::Trader), ("Finance", Role::Finance), ("Viewer", Role::Viewer)] {
        seats.push(colleague(ground, name, MARKET, company, role).await);
    }
    seats.push(ground.company("Counterparty", true, true).await);
    seats.push(ground.company("Stranger", true, true).await);
    let market = [
        ("Admin", Role::Admin),
        ("Support", Role::Support),
        ("Credit admin", Role::CreditAdmin),
        ("Teacher", Role::Teacher),
        ("Carrier", Role::Carrier),
    ];
    for (name, role) in market {
        seats.push(colleague(ground, name, MARKET, None, role).await);
    }
    seats.push(away(ground).await);
    seats.push(colleague(ground, "Away admin", OTHER_MARKET, None, Role::Admin).await);
    seats
}

fn text(answer: &Answer, at: &str) -> String {
    assert!(answer.status.is_success(), "{answer:?}");
    answer.json.pointer(at).and_then(Value::as_str).unwrap_or_else(|| panic!("{at} in {answer:?}")).to_owned()
}

async fn secret_order(ground: &Ground, owner: &Client, seller: &Client) -> String {
    let body = json!({ "terms": secret_terms(&owner.company, &seller.company) });
    text(&ground.post(owner, "/api/v1/orders", body).await, "/id")
}

/// A request that only the seller is invited to, the seller's quote on it with an attachment, and a question that waits.
async fn asked(ground: &Ground, owner: &Client, seller: &Client) -> (String, String, String) {
    use crate::asked::{quote_body, rfq_body, with};
    let body = with(with(rfq_body(), "/visibility", json!("invited")), "/invited", json!([seller.company]));
    let body = with(body, "/title", json!(SECRETS[8]));
    let rfq = text(&ground.post(owner, "/api/v1/rfqs", body).await, "/id");
    let to = format!("/api/v1/sourcing-files?name={}", SECRETS[12]);
    let file = text(&ground.send(seller, Method::POST, &to, b"a drawing", &[]).await, "/id");
    let quote = with(with(quote_body(), "/note", json!(SECRETS[9])), "/file_ids", json!([file]));
    let quote = text(&ground.post(seller, &format!("/api/v1/rfqs/{rfq}/quotes"), quote).await, "/id");
    let question = json!({ "text": SECRETS[13] });
    let asked = ground.post(seller, &format!("/api/v1/rfqs/{rfq}/questions"), question).await;
    assert_eq!(asked.status, 201, "{asked:?}");
    (rfq, quote, file)
}

async fn upload(ground: &Ground, who: &Client, order: &str, name: &str) -> String {
    let path = format!("/api/v1/orders/{order}/files?name={name}");
    text(&ground.send(who, Method::POST, &path, name.as_bytes(), &[]).await, "/id")
}

/// An inquiry with secrets in its subject, its first message and its file.
async fn ask(ground: &Ground, owner: &Client, seller: &Client) -> (String, String, String) {
    let path = format!("/api/v1/inquiry-files?name={}", SECRETS[6]);
    let file = text(&ground.send(owner, Method::POST, &path, b"kowari", &[]).await, "/id");
    let body = json!({ "seller": seller.company, "subject": SECRETS[4], "text": SECRETS[5], "file_ids": [file] });
    let opened = ground.post(owner, "/api/v1/inquiries", body).await;
    (text(&opened, "/id"), file, text(&opened, "/message"))
}

/// A claim with a secret statement, and its evidence with a secret name.
async fn claim(ground: &Ground, owner: &Client) -> (String, String) {
    let path = format!("/api/v1/proof-files?name={}", SECRETS[11]);
    let file = text(&ground.send(owner, Method::POST, &path, b"dugong", &[]).await, "/id");
    let paper = json!({ "statement": SECRETS[10], "number": "N-1", "file_ids": [file] });
    let body = json!({ "kind": "business_licence", "paper": paper });
    (text(&ground.post(owner, "/api/v1/proofs", body).await, "/id"), file)
}

/// The identifier of the seat a client sits in.
pub async fn seat_of(ground: &Ground, who: &Client) -> String {
    text(&ground.get(who, "/api/v1/auth/me").await, "/seat/id")
}

/// Opens the stage.
pub async fn cast() -> Cast {
    let ground = still().await;
    let seats = seats(&ground).await;
    let (owner, seller) = (&seats[0], &seats[4]);
    let body = json!({ "amount": { "minor": "1100017", "currency": "USD" }, "reference": SECRETS[3] });
    assert_eq!(ground.post(owner, "/api/v1/wallet/pay-ins", body).await.status, 201);
    assert_eq!(pay_in(&ground, seller, "100").await.status, 201);

    let draft = secret_order(&ground, owner, seller).await;
    let discarded = secret_order(&ground, owner, seller).await;
    assert_eq!(ground.step(owner, &discarded, "order.discard", json!({})).await.status, 200);
    let order = secret_order(&ground, owner, seller).await;
    assert_eq!(ground.step(owner, &order, "order.offer", json!({})).await.status, 200);
    let hash = ground.get(seller, &format!("/api/v1/orders/{order}")).await.json["offer"]["contract_hash"].clone();
    let accept = json!({ "offer_no": 1, "contract_hash": hash });
    assert_eq!(ground.step(seller, &order, "order.accept", accept).await.status, 200);
    let funded = ground.step(owner, &order, "stage.fund", json!({ "stage": 1, "method": "tt" })).await;
    assert_eq!(funded.status, 200, "{funded:?}");

    let file = upload(&ground, owner, &order, SECRETS[2]).await;
    let message = json!({ "text": SECRETS[1], "file_ids": [file] });
    let message = text(&ground.post(owner, &format!("/api/v1/orders/{order}/messages"), message).await, "/id");
    let other = agreed(&ground, owner, seller).await;
    let other_file = upload(&ground, owner, &other, "other.txt").await;
    let (inquiry, inquiry_file, inquiry_message) = ask(&ground, owner, seller).await;
    let saved = json!({ "title": "plain title", "text_en": SECRETS[7] });
    let template = text(&ground.post(owner, "/api/v1/templates", saved).await, "/id");
    let product = text(&ground.post(seller, "/api/v1/products", product("W-1")).await, "/id");
    let csv = [("Content-Type", "text/csv")];
    let lines = goods("W-2");
    let started = "/api/v1/imports/products?dry_run=true";
    let import = text(&ground.send(seller, Method::POST, started, lines.as_bytes(), &csv).await, "/id");

    let spare = colleague(&ground, "Spare", MARKET, Some(&owner.company), Role::Viewer).await;
    let spare_seat = seat_of(&ground, &spare).await;
    let leaver = ground.company("Leaver", true, true).await;
    let invite = json!({ "email": "dibbler@example.com", "role": "viewer" });
    let invitation = text(&ground.post(owner, "/api/v1/team/invitations", invite).await, "/id");
    let mail = text(&ground.get(&seats[6], "/api/v1/admin/mails").await, "/items/0/id");
    let second = ground.sign_in(&email_of("Owner"), PASSWORD).await;
    assert_eq!(second.status, 200, "{second:?}");
    let listed = ground.get(owner, "/api/v1/auth/sessions").await;
    let other_session = |s: &&Value| s["current"] != true;
    let session = listed.json["items"].as_array().unwrap().iter().find(other_session).unwrap();
    let session = session["id"].as_str().unwrap().to_owned();
    let (rfq, quote, quote_file) = asked(&ground, owner, seller).await;
    let (proof, proof_file) = claim(&ground, owner).await;
    let search = json!({ "name": "wombats", "alerts": true, "search": { "q": "wombat" } });
    let saved = text(&ground.post(owner, "/api/v1/saved-searches", search).await, "/id");
    ground.told().await;
    entrepot::search::Search::of(&ground.state).unwrap().catch_up(ground.state.engine.db()).await.unwrap();
    let notice = text(&ground.get(owner, "/api/v1/notices").await, "/items/0/id");
    Cast {
        ground,
        seats,
        order,
        draft,
        discarded,
        product,
        import,
        file,
        other_file,
        message,
        inquiry,
        inquiry_file,
        inquiry_message,
        template,
        mail,
        spare_seat,
        leaver,
        invitation,
        session,
        rfq,
        quote,
        quote_file,
        proof,
        proof_file,
        notice,
        saved,
    }
}

impl Cast {
    /// The seat of this name.
    pub fn seat(&self, name: &str) -> &Client {
        let at = super::table::SEATS.iter().position(|seat| *seat == name).unwrap();
        &self.seats[at]
    }

    /// The path with the identifiers of what the owner and the counterparty own.
    pub fn path(&self, path: &str) -> String {
        let id = match path {
            p if ["/products/", "/own-stock/", "/shortlist/"].iter().any(|part| p.contains(part)) => &self.product,
            p if p.contains("/imports/") => &self.import,
            p if p.contains("/files/") => &self.file,
            p if p.contains("/inquiry-files/") => &self.inquiry_file,
            p if p.contains("/sourcing-files/") => &self.quote_file,
            p if p.contains("/proof-files/") => &self.proof_file,
            p if p.contains("/templates/") => &self.template,
            p if p.contains("/mails/") => &self.mail,
            p if p.contains("/users/") => &self.leaver.user,
            p if p.contains("/companies/") => &self.seats[4].company,
            p if p.contains("/invitations/") => &self.invitation,
            p if p.contains("/notices/") => &self.notice,
            p if p.contains("/saved-searches/") => &self.saved,
            _ => &self.session,
        };
        let path = path.replace("{order}", &self.order).replace("{seat}", &self.spare_seat).replace("{id}", id);
        let path = path.replace("{inquiry}", &self.inquiry).replace("{rfq}", &self.rfq).replace("{quote}", &self.quote);
        let path = path.replace("{proof}", &self.proof).replace("{no}", "9").replace("{product}", &self.product);
        let path = path.replace("{kind}", "contract").replace("{topic}", "orders");
        path.replace("{name}", "air-conditioner.svg")
    }

    /// Calls an operation with a body that is in order.
    pub async fn call(&self, who: &Client, method: &str, path: &str) -> Answer {
        self.call_at(who, method, path, &self.path(path)).await
    }

    /// The same on another object.
    pub async fn call_at(&self, who: &Client, method: &str, path: &str, to: &str) -> Answer {
        self.call_with(who, method, path, to, &[]).await
    }

    /// The same with further headers.
    pub async fn call_with(&self, who: &Client, method: &str, path: &str, to: &str, more: &[(&str, &str)]) -> Answer {
        let body = if method == "GET" { Vec::new() } else { self.body(method, path) };
        let key = uuid::Uuid::new_v4().to_string();
        let mut extra = vec![("Idempotency-Key", key.as_str()), ("If-Match", "\"1\"")];
        extra.extend(more);
        let uploads =
            ["/files", "/inquiry-files", "/proof-files", "/sourcing-files"].iter().any(|end| path.ends_with(end));
        let to = if uploads && method == "POST" { format!("{to}?name=a.txt") } else { to.to_owned() };
        self.ground.send(who, method.parse::<Method>().unwrap(), &to, &body, &extra).await
    }
}

/// The cookie with the access token.
const COOKIE: &str = "__Host-entrepot";
/// PKCS#8 around an Ed25519 seed (RFC 8410).
const PKCS8: [u8; 16] =
    [0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];

/// The server's signing key: name and PKCS#8 document.
async fn signing_key(ground: &Ground) -> (String, Vec<u8>) {
    let found =
        rows::query(ground.state.engine.db().write(), "SELECT id, secret FROM signing_key", vec![]).await.unwrap();
    (found[0].try_get("", "id").unwrap(), found[0].try_get("", "secret").unwrap())
}

/// The client with its token's claims changed and signed anew.
fn forged(who: &Client, (kid, secret): (&str, &[u8]), change: impl Fn(&mut Value)) -> Client {
    let (_, token) = who.cookies.iter().find(|(name, _)| name == COOKIE).unwrap();
    let mut claims = jsonwebtoken::dangerous::insecure_decode::<Value>(token).unwrap().claims;
    change(&mut claims);
    let mut header = jsonwebtoken::Header::new(jsonwebtoken::Algorithm::EdDSA);
    (header.typ, header.kid) = (Some("at+jwt".into()), Some(kid.into()));
    let key = jsonwebtoken::EncodingKey::from_ed_der(secret);
    let token = jsonwebtoken::encode(&header, &claims, &key).unwrap();
    Client { cookies: vec![(COOKIE.into(), token)], ..who.clone() }
}

fn later(claims: &mut Value, seconds: i64) {
    for name in ["iat", "nbf", "exp"] {
        claims[name] = json!(claims[name].as_i64().unwrap() + seconds);
    }
}

/// Clients whose requests must answer 401, and whether their account's own operations may pass.
pub async fn unbelievable(cast: &Cast) -> Vec<(&'static str, Client, bool)> {
    let ground = &cast.ground;
    let (kid, secret) = signing_key(ground).await;
    let owner = cast.seat("owner");
    let ours = (kid.as_str(), secret.as_slice());
    let foreign = [PKCS8.as_slice(), &[7; 32]].concat();
    let mut tampered = owner.clone();
    for (_, value) in &mut tampered.cookies {
        let middle = value.len() / 2;
        let other = if value.as_bytes()[middle] == b'A' { "B" } else { "A" };
        value.replace_range(middle..=middle, other);
    }
    let stranger = cast.seat("stranger");
    let stranger_seat = format!("{MARKET:032x}.{}", seat_of(ground, stranger).await);
    let no_token = Client::default();
    let control = forged(owner, ours, |_| ());
    assert_eq!(
        ground.get(&control, "/api/v1/auth/me").await.status,
        200,
        "control: what is forged with nothing changed"
    );

    let signed_out = ground.company("Signed out", true, true).await;
    assert_eq!(ground.post(&signed_out, "/api/v1/auth/sign-out", json!({})).await.status, 204);
    let unseated = ground.company("Unseated", true, true).await;
    let command = entrepot::identity::DisableSeat { id: hex(&seat_of(ground, &unseated).await) };
    ground.state.engine.execute(Request::new(Actor::system(MARKET), command)).await.unwrap();
    let closed = ground.company("Closed", true, true).await;
    let close = format!("/api/v1/admin/users/{}/disable", closed.user);
    assert_eq!(ground.post(cast.seat("admin"), &close, json!({})).await.status, 204);
    ground.wait(2);
    vec![
        ("no token", no_token, false),
        ("a tampered token", tampered, false),
        ("an expired token", forged(owner, ours, |c| later(c, -700)), false),
        ("a token of the future", forged(owner, ours, |c| later(c, 60)), false),
        ("a foreign signature", forged(owner, (&kid, &foreign), |_| ()), false),
        ("an unknown key", forged(owner, ("k9", &foreign), |_| ()), false),
        ("an old stamp", forged(owner, ours, |c| c["ver"] = json!(c["ver"].as_i64().unwrap() - 1)), false),
        ("another user's name", forged(owner, ours, |c| c["sub"] = json!(stranger.user)), false),
        ("another user's seat", forged(owner, ours, |c| c["seat"] = json!(stranger_seat)), false),
        ("a session signed out", signed_out, false),
        ("a closed account", closed, false),
        ("a seat taken away", unseated, true),
    ]
}
