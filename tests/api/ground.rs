//! An application on a fresh database with a market, companies and one user of every kind.

use actix_web::http::{Method, StatusCode};
use clap::Parser;
use entrepot::config::Config;
use entrepot::platform::access::Actor;
use entrepot::platform::clock::Clock;
use entrepot::platform::engine::Request;
use entrepot::platform::ids::Ids;
use entrepot::platform::tls;
use entrepot::platform::web::AppState;
use entrepot::{boot, identity, market};
use entrepot_domain::kernel::{MarketTime, Role};
use entrepot_domain::market::Era;
use serde_json::{Value, json};
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

pub const MARKET: u128 = 0xA;
pub const OTHER_MARKET: u128 = 0xB;
/// 2026-01-05 01:00 UTC, 09:00 in Shanghai.
pub const START: MarketTime = MarketTime(1_767_574_800_000_000);

/// Which database the suite runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(dead_code)] // each suite names its own
pub enum Engine {
    Sqlite,
    Postgres,
}

#[derive(Parser)]
struct Cli {
    #[command(flatten)]
    config: Config,
}

pub struct Ground {
    pub state: AppState,
    pub port: u16,
    pub identity: identity::IdentitySessions,
    folder: tempfile::TempDir,
}

/// An answer with what tests look at.
#[derive(Clone)]
pub struct Answer {
    pub status: StatusCode,
    pub head: String,
    pub json: Value,
    /// The body as it came.
    #[allow(dead_code)] // not every suite looks at files
    pub bytes: Vec<u8>,
}

impl std::fmt::Debug for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.status, self.json)
    }
}

/// Somebody who sends requests: the cookies of a signed-in seat.
#[derive(Debug, Clone, Default)]
pub struct Client {
    pub cookies: Vec<(String, String)>,
    pub company: String,
    pub user: String,
}

/// What every signed-up user of the tests signs in with.
pub const PASSWORD: &str = "quiet-harbour-lamp-seventeen";
/// Real time where clocks begin that are moved by hand.
pub const REAL: i64 = 1_790_000_000_000_000;
pub const SECOND: i64 = 1_000_000;

/// Demo mode on the machine's clock.
pub async fn ground() -> Ground {
    ground_with(&["--demo"], Clock::machine()).await
}

/// Not a demo, on a clock that is moved by hand.
pub async fn strict() -> Ground {
    ground_with(&[], Clock::manual(REAL)).await
}

pub async fn ground_with(arguments: &[&str], clock: Clock) -> Ground {
    let ground = started(arguments, clock).await;
    for (id, name) in [(MARKET, "A market"), (OTHER_MARKET, "Other market")] {
        let open = market::OpenMarket::new(id, name, Era::Data, ground.state.engine.clock().now(), START);
        ground.state.engine.execute(Request::new(Actor::system(id), open)).await.unwrap();
    }
    ground
}

/// Not a demo, and no market yet.
pub async fn empty(clock: Clock) -> Ground {
    started(&[], clock).await
}

async fn started(arguments: &[&str], clock: Clock) -> Ground {
    let folder = tempfile::tempdir().unwrap();
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let database = match crate::ENGINE {
        Engine::Sqlite => format!("sqlite://{}/test.db", folder.path().display()),
        Engine::Postgres => postgres().await,
    };
    let listen = format!("127.0.0.1:{port}");
    let all = ["test", "--workers", "1", "--listen", &listen, "--database", &database];
    let mut config = Cli::parse_from(all.into_iter().chain(arguments.iter().copied())).config;
    config.files = folder.path().join("files");
    let state = boot::open(config, clock.clone(), Ids::random(clock)).await.unwrap();
    let identity = serve(&state).await;
    Ground { state, port, identity, folder }
}

/// A throw-away database in the cluster of `scripts/with-postgres.sh`: a copy of one that has had all steps of the schema, for
/// these take longer than most tests.
async fn postgres() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    static TEMPLATE: tokio::sync::OnceCell<String> = tokio::sync::OnceCell::const_new();
    let base = std::env::var("ENTREPOT_TEST_POSTGRES")
        .expect("ENTREPOT_TEST_POSTGRES is not set: run the tests through `make test` or scripts/with-postgres.sh");
    let at = |name: &str| base.replacen("/postgres?", &format!("/{name}?"), 1);
    let template = TEMPLATE
        .get_or_init(|| async {
            let name = format!("api{}_template", std::process::id());
            create(&base, &name, "template1").await;
            let made = entrepot::platform::database::Database::open(&at(&name)).await.unwrap();
            made.close().await.unwrap();
            name
        })
        .await;
    let name = format!("api{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::SeqCst));
    create(&base, &name, template).await;
    at(&name)
}

/// Copies a database that nobody uses; the sessions that made it take a moment to end.
async fn create(base: &str, name: &str, template: &str) {
    use sea_orm::ConnectionTrait;
    let server = sea_orm::Database::connect(base).await.unwrap();
    let mut tries = 0;
    while let Err(error) = server.execute_unprepared(&format!("CREATE DATABASE {name} TEMPLATE {template}")).await {
        tries += 1;
        assert!(tries < 100, "{name} could not be made: {error}");
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    server.close().await.unwrap();
}

async fn serve(state: &AppState) -> identity::IdentitySessions {
    let identity = identity::IdentitySessions::start(state).await.unwrap();
    let tls = state.config.tls().map(|source| tls::identity(&source, state.engine.clock().now()).unwrap());
    actix_web::rt::spawn(boot::listen(state, &identity, tls).unwrap());
    identity
}

impl Ground {
    /// Sends a request; `extra` are further header lines. What comes back must be as documented.
    pub async fn send(&self, who: &Client, method: Method, path: &str, body: &[u8], extra: &[(&str, &str)]) -> Answer {
        let mut stream = tokio::net::TcpStream::connect(("127.0.0.1", self.port)).await.unwrap();
        let cookies: Vec<String> = who.cookies.iter().map(|(n, v)| format!("{n}={v}")).collect();
        let mut head = format!(
            "{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: {}\r\n",
            body.len()
        );
        if !cookies.is_empty() {
            head.push_str(&format!("Cookie: {}\r\n", cookies.join("; ")));
        }
        for (name, value) in extra {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str("\r\n");
        // In one piece: a second one would wait until the first is acknowledged, 40 ms later.
        stream.write_all(&[head.as_bytes(), body].concat()).await.unwrap();
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).await.unwrap();
        let end = bytes.windows(4).position(|w| w == b"\r\n\r\n").expect("a head");
        let head = String::from_utf8_lossy(&bytes[..end]).to_string();
        let status = head.split(' ').nth(1).unwrap().parse::<u16>().unwrap();
        let bytes = bytes[end + 4..].to_vec();
        let json = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        crate::contract::hold(method.as_str(), path, body, status, &json);
        Answer { status: StatusCode::from_u16(status).unwrap(), head, json, bytes }
    }

    pub async fn get(&self, who: &Client, path: &str) -> Answer {
        self.send(who, Method::GET, path, b"", &[]).await
    }

    /// Posts JSON under a fresh idempotency key.
    pub async fn post(&self, who: &Client, path: &str, body: Value) -> Answer {
        let key = uuid::Uuid::new_v4().to_string();
        self.post_with_key(who, path, body, &key).await
    }

    pub async fn post_with_key(&self, who: &Client, path: &str, body: Value, key: &str) -> Answer {
        let extra = [("Idempotency-Key", key), ("Content-Type", "application/json")];
        self.send(who, Method::POST, path, body.to_string().as_bytes(), &extra).await
    }

    /// Takes a step of an order.
    pub async fn step(&self, who: &Client, order: &str, name: &str, params: Value) -> Answer {
        self.post(who, &format!("/api/v1/orders/{order}/transitions"), json!({ "name": name, "params": params })).await
    }

    /// Signs a new company up; its user is the owner.
    pub async fn company(&self, name: &str, buys: bool, sells: bool) -> Client {
        let body = json!({
            "email": email_of(name),
            "password": PASSWORD, "name": format!("Owner of {name}"),
            "company": { "name": name, "country": "DE", "registration_number": format!("HRB-{name}"), "buys": buys, "sells": sells },
        });
        let answer = self.post(&Client::default(), "/api/v1/auth/sign-up", body).await;
        assert!(answer.status.is_success(), "{answer:?}");
        self.known(cookies(&answer)).await
    }

    async fn known(&self, cookies: Vec<(String, String)>) -> Client {
        let mut client = Client { cookies, ..Client::default() };
        let me = self.get(&client, "/api/v1/auth/me").await;
        assert_eq!(me.status, 200, "{me:?}");
        client.company = me.json.pointer("/seat/company/id").and_then(Value::as_str).unwrap_or_default().to_owned();
        client.user = me.json["user"]["id"].as_str().unwrap().to_owned();
        client
    }

    /// Gives the client's user a further seat and moves it there.
    pub async fn reseat(&self, who: &Client, market: u128, company: Option<&str>, role: Role) -> Client {
        let id = self.state.engine.ids().next();
        let grant = identity::GrantSeat { id, user: hex(&who.user), company: company.map(hex), role };
        self.state.engine.execute(Request::new(Actor::system(market), grant)).await.unwrap();
        let answer = self.post(who, "/api/v1/auth/seat", json!({ "seat_id": format!("{id:032x}") })).await;
        assert!(answer.status.is_success(), "{answer:?}");
        self.known(merged(who, &answer)).await
    }

    /// The client with the cookies an answer brought.
    pub async fn moved(&self, who: &Client, answer: &Answer) -> Client {
        self.known(merged(who, answer)).await
    }

    /// Signs a user in anew, as another browser would.
    pub async fn sign_in(&self, email: &str, password: &str) -> Answer {
        let body = json!({ "email": email, "password": password });
        self.post(&Client::default(), "/api/v1/auth/sign-in", body).await
    }

    pub async fn delete(&self, who: &Client, path: &str) -> Answer {
        self.send(who, Method::DELETE, path, b"", &[]).await
    }

    /// Lets time pass.
    pub fn wait(&self, seconds: i64) {
        self.state.engine.clock().step(seconds * SECOND);
    }

    /// The texts of the mails to an address, the oldest first.
    pub async fn mails(&self, email: &str) -> Vec<String> {
        self.identity.mail().send_due().await.unwrap();
        let folder = self.folder.path().join("mail");
        let mut files: Vec<_> = std::fs::read_dir(folder).into_iter().flatten().map(|f| f.unwrap().path()).collect();
        files.sort();
        let texts = files.iter().map(|path| std::fs::read_to_string(path).unwrap());
        texts.filter(|text| text.contains(&format!("To: {email}\r\n"))).collect()
    }

    /// The ticket of the newest link to a page that was sent to an address; waits a little for it.
    pub async fn ticket(&self, email: &str, page: &str) -> String {
        for _ in 0..100 {
            let mails = self.mails(email).await;
            let found = mails.iter().rev().find_map(|text| text.split_once(&format!("/{page}#")));
            if let Some((_, after)) = found {
                return after[..64].to_owned();
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        panic!("no mail with a link to {page} for {email}: {:?}", self.mails(email).await);
    }

    /// What lies on disk of the database: file and log. Empty on PostgreSQL, whose files are another process's.
    pub fn bytes_on_disk(&self) -> Vec<Vec<u8>> {
        match crate::ENGINE {
            Engine::Sqlite => {
                let read = |name: &str| std::fs::read(self.folder.path().join(name)).unwrap();
                vec![read("test.db"), read("test.db-wal")]
            }
            Engine::Postgres => Vec::new(),
        }
    }

    /// Opens the link that verifies the client's address.
    pub async fn verify(&self, email: &str) {
        let body = json!({ "token": self.ticket(email, "verify-email").await });
        let answer = self.post(&Client::default(), "/api/v1/auth/email/verify", body).await;
        assert_eq!(answer.status, 204, "{answer:?}");
    }

    /// Waits until the log is sealed, as the server's background rounds do on PostgreSQL.
    pub async fn sealed(&self) {
        while self.state.engine.seal(MARKET).await.unwrap() > 0 {}
    }

    /// Lets the jobs take what happened, as the server's background rounds do.
    pub async fn told(&self) {
        self.sealed().await;
        while self.state.engine.follow(MARKET).await.unwrap() > 0 {}
    }

    /// Moves the market's clock, as the market itself.
    pub async fn days(&self, days: i64) -> u64 {
        let change = market::ClockMove::By(days * 86_400_000_000);
        self.state
            .engine
            .execute(Request::new(Actor::system(MARKET), market::MoveClock { market: MARKET, change }))
            .await
            .unwrap();
        self.state.engine.run_due(MARKET).await.unwrap()
    }
}

/// The address [`Ground::company`] signs a company's owner up with.
pub fn email_of(name: &str) -> String {
    format!("{}@example.com", name.to_lowercase().replace(' ', "."))
}

fn merged(who: &Client, answer: &Answer) -> Vec<(String, String)> {
    let mut merged = who.cookies.clone();
    for (name, value) in cookies(answer) {
        merged.retain(|(n, _)| *n != name);
        merged.push((name, value));
    }
    merged
}

pub fn hex(id: &str) -> u128 {
    u128::from_str_radix(id, 16).unwrap()
}

pub fn cookies(answer: &Answer) -> Vec<(String, String)> {
    answer
        .head
        .lines()
        .filter(|l| l.to_lowercase().starts_with("set-cookie: "))
        .filter_map(|l| l[12..].split(';').next()?.split_once('=').map(|(n, v)| (n.to_owned(), v.to_owned())))
        .filter(|(_, v)| !v.is_empty())
        .collect()
}

/// Terms of 10,000.00: 30 % deposit, 70 % balance, two shipments of 6,000 and 4,000.
pub fn terms(buyer: &str, seller: &str) -> Value {
    let contact = json!({ "name": "A", "email": "a@b.example", "phone": "1" });
    json!({
        "buyer": buyer, "seller": seller, "currency": "USD",
        "lines": [{ "product": null, "sku": "S-1", "title": "Hex bolts", "hs_code": "731815", "unit": "pcs", "quantity": "10000", "unit_price": "1" }],
        "freight_minor": "0", "discount_minor": "0", "tax_minor": "0",
        "incoterm": { "code": "FOB", "place": "Ningbo" },
        "delivery_address": { "name": "B", "street": "S", "city": "H", "region": "H", "postcode": "1", "country": "DE" },
        "consignee": "B", "buyer_contact": contact, "seller_contact": contact, "po_number": "PO-1",
        "stages": [
            { "kind": "deposit", "trigger": "agreed", "share_bps": 3000, "shipment": null },
            { "kind": "balance", "trigger": "before_dispatch", "share_bps": 7000, "shipment": null },
        ],
        "shipments": [{ "ship_by": "2026-03-01", "quantities": ["6000"] }, { "ship_by": "2026-03-20", "quantities": ["4000"] }],
        "acceptance_days": 15, "claim_window_days": 30, "deposit_days": 10,
        "quality_points": [{ "point": "Thread", "bound": "within", "value": "8", "tolerance": "0.05", "unit": "mm", "method": "gauge 6g" }],
        "notes": "",
    })
}

/// An agreed order of [`terms`]; answers its id.
pub async fn agreed(ground: &Ground, buyer: &Client, seller: &Client) -> String {
    let draft = ground.post(buyer, "/api/v1/orders", json!({ "terms": terms(&buyer.company, &seller.company) })).await;
    assert_eq!(draft.status, 201, "{draft:?}");
    let order = draft.json["id"].as_str().unwrap().to_owned();
    assert_eq!(ground.step(buyer, &order, "order.offer", json!({})).await.status, 200);
    let hash = ground.get(seller, &format!("/api/v1/orders/{order}")).await.json["offer"]["contract_hash"].clone();
    let accepted = ground.step(seller, &order, "order.accept", json!({ "offer_no": 1, "contract_hash": hash })).await;
    assert_eq!(accepted.status, 200, "{accepted:?}");
    order
}

pub async fn pay_in(ground: &Ground, who: &Client, minor: &str) -> Answer {
    let body = json!({ "amount": { "minor": minor, "currency": "USD" }, "reference": "opening" });
    ground.post(who, "/api/v1/wallet/pay-ins", body).await
}
