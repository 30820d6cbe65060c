//! Short ways through the product, each past the failpoints of one place, carried to its end whatever happens on the way.
//!
//! A request that finds no server, or a server that fails, is sent again under its key; a server that is gone is started
//! again as it was, without failpoints. What a flow claims at its end must be true then.

use crate::history::{Effect, History, MARK};
use crate::http::{Answer, Client};
use crate::market;
use crate::rig::Outcome;
use crate::server::{Launch, Server};
use ring::hmac;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// How long a flow may take before its rig gives up.
const PATIENCE: Duration = Duration::from_secs(40);
const PASSWORD: &str = "quiet-harbour-lamp-seventeen";
const EMAIL: &str = "anna@example.com";

/// A server and somebody who uses it.
pub struct Driver<'a> {
    launch: &'a Launch,
    server: Option<Server>,
    /// Failpoints of the starts to come, the next one last.
    points: Vec<String>,
    pub crashes: u64,
    pub failures: u64,
    pub history: History,
    client: Client,
    sent: u64,
    began: Instant,
}

impl<'a> Driver<'a> {
    /// Starts the server with the last of `points`; each later start takes the next one.
    pub fn start(launch: &'a Launch, points: Vec<String>) -> Self {
        let client = Client::new(launch.port);
        let history = History::default();
        let mut driver = Self {
            launch,
            server: None,
            points,
            crashes: 0,
            failures: 0,
            history,
            client,
            sent: 0,
            began: Instant::now(),
        };
        driver.rise();
        driver
    }

    fn rise(&mut self) {
        let next = self.points.pop().unwrap_or_default();
        self.server = Some(self.launch.clone().env("FAILPOINTS", &next).start());
    }

    /// Starts the server again when it has gone; counts that.
    pub fn look_after(&mut self) {
        assert!(self.began.elapsed() < PATIENCE, "a flow does not come to its end");
        if self.server.as_mut().is_some_and(|server| server.wait(Duration::from_millis(1)).is_some()) {
            self.crashes += 1;
            self.rise();
        }
        std::thread::sleep(Duration::from_millis(10));
    }

    /// Sends until there is an answer that says yes or no.
    fn ask(&mut self, method: &str, path: &str, body: &[u8], headers: &[(&str, &str)]) -> Answer {
        loop {
            match self.client.send(method, path, body, headers) {
                Ok(answer) if answer.status < 500 && answer.json()["code"] != "idempotency.in_flight" => return answer,
                Ok(_) => self.failures += 1,
                Err(_) => {}
            }
            self.look_after();
        }
    }

    fn post(&mut self, path: &str, body: &Value) -> Answer {
        self.sent += 1;
        let key = format!("flow-{}", self.sent);
        let headers = [("Content-Type", "application/json"), ("Idempotency-Key", key.as_str())];
        self.ask("POST", path, body.to_string().as_bytes(), &headers)
    }

    fn sit(&mut self, seat: &str) {
        self.client.cookies.clear();
        let answer = self.post("/api/v1/auth/demo", &json!({ "seat": seat }));
        assert!(answer.status < 300, "{}", answer.words());
    }

    /// One change with its effect written down before it is sent.
    fn change(&mut self, path: &str, step: &str, order: Option<&str>, body: impl Fn(&str) -> Value) -> Answer {
        self.sent += 1;
        let key = format!("{MARK}flow-{}", self.sent);
        let mark = order.unwrap_or(&key).to_owned();
        let no = self.history.begin(&key, Effect { step: step.to_owned(), mark });
        let headers = [("Content-Type", "application/json"), ("Idempotency-Key", key.as_str())];
        let answer = self.ask("POST", path, body(&key).to_string().as_bytes(), &headers);
        assert!(answer.status < 300, "{step}: {}", answer.words());
        assert!(self.history.acknowledged(no, self.history.era()));
        answer
    }

    /// Money in, an order from draft to its first payment, and forty days; answers the order.
    pub fn trade(&mut self) -> String {
        self.sit("buyer");
        let money = |key: &str| json!({ "amount": { "minor": "12345", "currency": "USD" }, "reference": key });
        self.change("/api/v1/wallet/pay-ins", "wallet.pay_in", None, money);
        let place = self.ask("GET", "/api/v1/market", b"", &[]).json();
        let day = market::ship_by(place["clock"]["now"].as_str().expect("the market's time"));
        let terms = |key: &str| json!({ "terms": market::terms(key, &day) });
        let draft = self.change("/api/v1/orders", "order.draft", None, terms);
        let order = draft.json()["id"].as_str().expect("an order").to_owned();
        self.take(&order, "order.offer", &json!({}));
        self.sit("seller");
        let seen = self.ask("GET", &format!("/api/v1/orders/{order}"), b"", &[]);
        let hash = seen.json()["offer"]["contract_hash"].clone();
        self.take(&order, "order.accept", &json!({ "offer_no": 1, "contract_hash": hash }));
        self.sit("buyer");
        self.take(&order, "stage.fund", &json!({ "stage": 1, "method": "tt" }));
        // Deadlines fire, many in one transaction.
        self.sit("teacher");
        let moved = self.post("/api/v1/market/clock", &json!({ "action": "advance", "by": "40d" }));
        assert!(moved.status < 300, "{}", moved.words());
        self.sit("buyer");
        order
    }

    fn take(&mut self, order: &str, step: &str, params: &Value) {
        let path = format!("/api/v1/orders/{order}/transitions");
        self.change(&path, step, Some(order), |_| json!({ "name": step, "params": params }));
    }

    /// A file on an order, and its bytes back.
    pub fn upload(&mut self) {
        let order = self.trade();
        let bytes = b"packing list, two pallets";
        let path = format!("/api/v1/orders/{order}/files?name=list.txt");
        let kind = [("Content-Type", "application/octet-stream")];
        let card = self.ask("POST", &path, bytes, &kind);
        assert_eq!(card.status, 201, "{}", card.words());
        let sum = entrepot::platform::files::sha256(bytes);
        assert_eq!(card.json()["sha256"], sum);
        let kept = self.launch.folder.join("files").join(&sum[..2]).join(&sum);
        assert_eq!(std::fs::read(kept).expect("the file is kept"), bytes);
    }

    /// A session that is renewed.
    pub fn session(&mut self) {
        self.sit("buyer");
        let renewed = self.post("/api/v1/auth/refresh", &json!({}));
        if renewed.status == 401 {
            // Its answer was lost and the old token is spent for good: signing in again is the way.
            self.sit("buyer");
        }
        assert_eq!(self.ask("GET", "/api/v1/auth/me", b"", &[]).status, 200);
    }

    fn sign_up(&mut self) {
        let company =
            json!({ "name": "Anna", "country": "DE", "registration_number": "HRB-77", "buys": true, "sells": false });
        let body = json!({ "email": EMAIL, "password": PASSWORD, "name": "Anna", "company": company });
        self.client.cookies.clear();
        let answer = self.post("/api/v1/auth/sign-up", &body);
        if answer.status >= 300 {
            // Half of it may have happened before the crash: then the address is taken, and its password works.
            assert_eq!(self.enter(PASSWORD, None).status, 200, "{}", answer.words());
        }
    }

    fn enter(&mut self, password: &str, code: Option<&str>) -> Answer {
        self.client.cookies.clear();
        self.post("/api/v1/auth/sign-in", &json!({ "email": EMAIL, "password": password, "code": code }))
    }

    /// The newest link to a page that was mailed; asks for it again when no mail comes.
    fn link(&mut self, page: &str, ask: (&str, Value)) -> String {
        let folder = self.launch.folder.join("mail");
        for round in 0u32.. {
            if round % 300 == 299 {
                self.post(ask.0, &ask.1);
            }
            let mut files: Vec<_> =
                std::fs::read_dir(&folder).into_iter().flatten().map(|f| f.expect("a mail").path()).collect();
            files.sort();
            let texts = files.iter().rev().filter_map(|path| std::fs::read_to_string(path).ok());
            let found = texts.filter_map(|text| Some(text.split_once(&format!("/{page}#"))?.1.get(..64)?.to_owned()));
            if let Some(ticket) = found.into_iter().next() {
                return ticket;
            }
            self.look_after();
        }
        unreachable!("looking after a server ends");
    }

    /// An address that is verified and a password that is set anew, both by mailed links.
    pub fn letters(&mut self) {
        self.sign_up();
        let ticket = self.link("verify-email", ("/api/v1/auth/email/verification", json!({})));
        let verified = self.post("/api/v1/auth/email/verify", &json!({ "token": ticket }));
        assert!(matches!(verified.status, 204 | 410), "{}", verified.words());
        let ask = ("/api/v1/auth/password/forgotten", json!({ "email": EMAIL }));
        self.post(ask.0, &ask.1);
        let ticket = self.link("reset-password", ask);
        let anew = "another-harbour-lamp-eighteen";
        let reset = self.post("/api/v1/auth/password/reset", &json!({ "token": ticket, "password": anew }));
        assert!(matches!(reset.status, 204 | 410), "{}", reset.words());
        assert_eq!(self.enter(anew, None).status, 200, "the new password counts");
        let me = self.ask("GET", "/api/v1/auth/me", b"", &[]);
        assert!(me.json()["user"]["email_verified"].as_bool().unwrap_or(true), "{}", me.words());
    }

    /// A second factor: on, with new recovery codes, and off.
    pub fn factor(&mut self) {
        self.sign_up();
        let mut secret = String::new();
        for (path, wanted) in [("confirm", true), ("recovery-codes", true), ("off", false)] {
            for _ in 0..4 {
                let body = match path {
                    "confirm" => {
                        let drawn = self.post("/api/v1/auth/second-factor", &json!({}));
                        if let Some(seed) = drawn.json()["secret"].as_str() {
                            secret = seed.to_owned();
                        }
                        json!({ "code": code(&secret, 0) })
                    }
                    "off" => json!({ "password": PASSWORD }),
                    _ => json!({}),
                };
                self.post(&format!("/api/v1/auth/second-factor/{path}"), &body);
                self.come_back(&secret);
                if self.has_factor() == wanted {
                    break;
                }
            }
            assert_eq!(self.has_factor(), wanted, "after {path}");
        }
    }

    fn has_factor(&mut self) -> bool {
        self.ask("GET", "/api/v1/auth/me", b"", &[]).json()["security"]["second_factor"] == true
    }

    /// Signs in again where the session ended, with a code that was not used yet.
    fn come_back(&mut self, secret: &str) {
        let me = self.ask("GET", "/api/v1/auth/me", b"", &[]);
        if me.status == 200 {
            return;
        }
        let plain = self.enter(PASSWORD, None);
        if plain.status != 200 {
            let next = code(secret, 30_000_000);
            let with = self.enter(PASSWORD, Some(&next));
            assert_eq!(with.status, 200, "{} then {}", plain.words(), with.words());
        }
    }

    /// An invitation by the owner of a company.
    pub fn invite(&mut self) {
        self.sign_up();
        let invited = self.post("/api/v1/team/invitations", &json!({ "email": "bo@example.com", "role": "trader" }));
        assert!(matches!(invited.status, 201 | 409), "{}", invited.words());
        let all = self.ask("GET", "/api/v1/team/invitations", b"", &[]).json();
        assert_eq!(all["items"].as_array().map(Vec::len), Some(1), "one open invitation: {all}");
    }

    /// Waits until the failpoint was met: the server has crashed, or says so in its log.
    pub fn meet(&mut self, point: &str) {
        let met = format!("failpoint {point}");
        while self.crashes == 0 && !std::fs::read_to_string(self.launch.log()).unwrap_or_default().contains(&met) {
            self.look_after();
        }
    }

    /// Ends the server as an operator would, and looks through history, books and log.
    pub fn finish(mut self, seed: u64, outcome: &mut Outcome) {
        while !crate::http::is_ready(self.launch.port) {
            self.look_after();
        }
        if let Some(server) = self.server.take()
            && server.terminate(Duration::from_secs(20)).is_none_or(|status| !status.success())
        {
            outcome.lost(seed, "the server did not end well after SIGTERM");
        }
        let there = crate::books::effects(self.launch).expect("the log can be read");
        let wrong = self.history.check(&there);
        outcome.count("acknowledged", self.history.figures().acknowledged);
        outcome.count("crashes", self.crashes);
        outcome.count("answers of a failing server", self.failures);
        let all = wrong.all().cloned().chain(crate::books::verify(self.launch)).chain(self.launch.bad_lines());
        all.for_each(|what| outcome.lost(seed, what));
    }
}

/// The code an authenticator app shows (RFC 6238), `later` microseconds from now.
fn code(secret: &str, later: i64) -> String {
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let bits: Vec<usize> = secret
        .chars()
        .filter_map(|c| alphabet.find(c))
        .flat_map(|place| (0..5).rev().map(move |bit| place >> bit & 1))
        .collect();
    let seed: Vec<u8> =
        bits.chunks_exact(8).map(|byte| byte.iter().fold(0u8, |sum, bit| sum << 1 | *bit as u8)).collect();
    let now = entrepot::platform::clock::Clock::machine().now() + later;
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &seed);
    let tag = hmac::sign(&key, &(now / 30_000_000).to_be_bytes());
    let at = usize::from(tag.as_ref()[19] & 15);
    let word = u32::from_be_bytes(tag.as_ref()[at..at + 4].try_into().expect("four bytes")) & 0x7fff_ffff;
    format!("{:06}", word % 1_000_000)
}
