//! Sixteen clients who trade without rest: each request under a key of its own, in the history before it is sent, and sent
//! again under the same key when its connection was lost.

use crate::history::{Effect, History, MARK};
use crate::http::{Answer, Client};
use crate::market;
use crate::rig::Draw;
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

pub const CLIENTS: u64 = 16;
/// Between two tries of a request that found no server.
const PAUSE: Duration = Duration::from_millis(15);

/// How the clients behave.
#[derive(Clone)]
pub struct Manner {
    pub port: u16,
    pub seed: u64,
    /// One request in so many is sent twice: once by a client that hangs up before the answer. 0 for never.
    pub hang_up_in: u64,
    /// One request in so many is not tried again after a lost connection; it may or may not have happened. 0 for never.
    pub give_up_in: u64,
}

impl Manner {
    pub fn at(port: u16, seed: u64) -> Self {
        Self { port, seed, hang_up_in: 20, give_up_in: 8 }
    }
}

/// The running clients. They stop when told to, or when dropped.
pub struct Load {
    stop: Arc<AtomicBool>,
    clients: Vec<JoinHandle<()>>,
}

impl Load {
    /// Starts the clients.
    pub fn start(manner: &Manner, history: &Arc<History>) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let clients = (0..CLIENTS).map(|n| {
            let (manner, history, stop) = (manner.clone(), Arc::clone(history), Arc::clone(&stop));
            std::thread::spawn(move || Trader::new(n, manner, history, stop).trade())
        });
        Self { clients: clients.collect(), stop }
    }

    /// Lets each client finish what it is at, if there is a server that answers, and waits for them.
    pub fn finish(mut self) {
        self.stop.store(true, Ordering::SeqCst);
        for client in self.clients.drain(..) {
            client.join().expect("a client does not panic");
        }
    }
}

impl Drop for Load {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
    }
}

/// One person at two browsers: the buyer's and the seller's.
struct Trader {
    manner: Manner,
    history: Arc<History>,
    stop: Arc<AtomicBool>,
    draw: Draw,
    name: String,
    sent: u64,
    buyer: Client,
    seller: Client,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Buyer,
    Seller,
}

/// One request with what it will have done.
struct Order {
    side: Side,
    path: String,
    step: &'static str,
    /// The order it moves; its own key when it makes something new.
    subject: Option<String>,
}

impl Trader {
    fn new(n: u64, manner: Manner, history: Arc<History>, stop: Arc<AtomicBool>) -> Self {
        let mut draw = Draw::new(manner.seed ^ (n << 32));
        // The run is in the name, so that several runs on one database do not meet.
        let name = format!("{MARK}{:08x}-{n}", draw.next() & 0xffff_ffff);
        let (buyer, seller) = (Client::new(manner.port), Client::new(manner.port));
        Self { manner, history, stop, draw, name, sent: 0, buyer, seller }
    }

    fn stopped(&self) -> bool {
        self.stop.load(Ordering::SeqCst)
    }

    fn trade(mut self) {
        while !self.stopped() {
            self.round();
        }
    }

    /// Money in, something that must be refused, and an order from draft to its first payment. What fails ends the round.
    fn round(&mut self) -> Option<()> {
        let money = |minor: &'static str| move |key: &str| json!({ "amount": { "minor": minor, "currency": "USD" }, "reference": key });
        let pay_in = || new_thing(Side::Buyer, "/api/v1/wallet/pay-ins", "wallet.pay_in");
        self.change(&pay_in(), money("12345"))?;
        if self.draw.below(4) == 0 {
            self.change(&pay_in(), money("0"));
        }
        let draft = new_thing(Side::Buyer, "/api/v1/orders", "order.draft");
        let drafted = self.change(&draft, |key| json!({ "terms": market::terms(key, market::SHIP_BY) }))?;
        let order = drafted.json()["id"].as_str()?.to_owned();
        self.take(Side::Buyer, &order, "order.offer", &json!({}))?;
        let hash =
            self.read(Side::Seller, &format!("/api/v1/orders/{order}"))?.json()["offer"]["contract_hash"].clone();
        self.take(Side::Seller, &order, "order.accept", &json!({ "offer_no": 1, "contract_hash": hash }))?;
        self.take(Side::Buyer, &order, "stage.fund", &json!({ "stage": 1, "method": "tt" }))?;
        let write = new_thing(Side::Seller, &format!("/api/v1/orders/{order}/messages"), "message.write");
        self.change(&write, |key| json!({ "text": key }))?;
        Some(())
    }

    fn take(&mut self, side: Side, order: &str, step: &'static str, params: &Value) -> Option<Answer> {
        let path = format!("/api/v1/orders/{order}/transitions");
        let ask = Order { side, path, step, subject: Some(order.to_owned()) };
        self.change(&ask, |_| json!({ "name": step, "params": params }))
    }

    /// Carries one change to its end; `None` when it was refused, given up, or there is no time left.
    fn change(&mut self, ask: &Order, body: impl Fn(&str) -> Value) -> Option<Answer> {
        self.sent += 1;
        let key = format!("{}-{}", self.name, self.sent);
        let body = body(&key);
        let effect = Effect { step: ask.step.to_owned(), mark: ask.subject.clone().unwrap_or_else(|| key.clone()) };
        let no = self.history.begin(&key, effect);
        let gives_up = self.one_in(self.manner.give_up_in);
        if self.one_in(self.manner.hang_up_in) && self.signed_in(ask.side) {
            self.client(ask.side).send_and_leave(&ask.path, &body, &key);
            self.history.retried();
        }
        loop {
            let era = self.history.era();
            let heard = self.try_once(ask, &body, &key);
            if let Try::Done(answer) = heard {
                let yes = answer.status < 300;
                let counts = if yes { self.history.acknowledged(no, era) } else { self.history.refused(no, era) };
                if counts && !yes {
                    self.judge_refusal(era, ask, &key, &answer);
                }
                if counts {
                    return yes.then_some(answer);
                }
            } else if gives_up && matches!(heard, Try::Lost) {
                return None;
            }
            if self.stopped() {
                return None;
            }
            self.history.retried();
            std::thread::sleep(PAUSE);
        }
    }

    fn one_in(&mut self, times: u64) -> bool {
        times > 0 && self.draw.below(times) == 0
    }

    fn try_once(&mut self, ask: &Order, body: &Value, key: &str) -> Try {
        if !self.signed_in(ask.side) {
            return Try::Lost;
        }
        let era = self.history.era();
        match self.client(ask.side).post(&ask.path, body, Some(key)) {
            Err(lost) => {
                self.history.interrupted(&format!("{} {key}: {lost:?}", ask.step));
                Try::Lost
            }
            Ok(answer) => match answer.status {
                401 => {
                    self.client(ask.side).cookies.clear();
                    Try::Again
                }
                503 | 507 => {
                    self.history.interrupted(&format!("{} {key}: answer {}", ask.step, answer.status));
                    Try::Again
                }
                409 if answer.json()["code"] == "idempotency.in_flight" => Try::Again,
                500.. => {
                    self.history.interrupted(&format!("{} {key}: answer {}", ask.step, answer.status));
                    self.history
                        .anomaly(era, format!("answer {} to {} {key}: {}", answer.status, ask.step, answer.words()));
                    Try::Again
                }
                _ => Try::Done(answer),
            },
        }
    }

    /// Only the payment of nothing is there to be refused.
    fn judge_refusal(&self, era: u64, ask: &Order, key: &str, answer: &Answer) {
        let expected = ask.step == "wallet.pay_in" && answer.status == 422;
        if !expected {
            self.history
                .anomaly(era, format!("{} {key} was refused with {}: {}", ask.step, answer.status, answer.words()));
        }
    }

    fn read(&mut self, side: Side, path: &str) -> Option<Answer> {
        loop {
            let era = self.history.era();
            let answer = if self.signed_in(side) { self.client(side).get(path).ok() } else { None };
            if answer.as_ref().is_none_or(|a| a.status == 503) {
                self.history.interrupted(&format!("GET {path}"));
            }
            match answer {
                Some(answer) if answer.status == 200 => return Some(answer),
                Some(answer) if answer.status == 401 => self.client(side).cookies.clear(),
                Some(answer) if answer.status != 503 => {
                    self.history.anomaly(era, format!("answer {} to GET {path}: {}", answer.status, answer.words()));
                    if answer.status < 500 {
                        return None;
                    }
                }
                _ => {}
            }
            if self.stopped() {
                return None;
            }
            std::thread::sleep(PAUSE);
        }
    }

    fn client(&mut self, side: Side) -> &mut Client {
        if side == Side::Buyer { &mut self.buyer } else { &mut self.seller }
    }

    /// Signs in where that has not been done; false when nobody answers.
    fn signed_in(&mut self, side: Side) -> bool {
        let seat = if side == Side::Buyer { "buyer" } else { "seller" };
        let era = self.history.era();
        let client = self.client(side);
        if client.cookies.is_empty() {
            let answer = client.post("/api/v1/auth/demo", &json!({ "seat": seat }), None);
            match answer {
                Ok(answer) if answer.status < 400 => {}
                Ok(answer) if !matches!(answer.status, 503 | 507) => {
                    self.history.anomaly(era, format!("answer {} to the sign-in: {}", answer.status, answer.words()));
                }
                Ok(_) | Err(_) => self.history.interrupted("sign-in"),
            }
        }
        !self.client(side).cookies.is_empty()
    }
}

enum Try {
    /// An answer that says yes or no.
    Done(Answer),
    /// No answer.
    Lost,
    /// An answer that says later.
    Again,
}

fn new_thing(side: Side, path: &str, step: &'static str) -> Order {
    Order { side, path: path.to_owned(), step, subject: None }
}
