//! Notices over HTTP: who is told of what, once; what people choose; letters, reminders, and alerts of saved searches.

use crate::access::cast::product;
use crate::asked::{quote_body, rfq_body, with};
use crate::ground::{Client, Engine, Ground, MARKET, OTHER_MARKET, email_of, ground, ground_with, terms};
use actix_web::http::Method;
use entrepot::notices::Desk;
use entrepot::platform::clock::Clock;
use entrepot::platform::ids::Ids;
use entrepot::platform::rows;
use entrepot_domain::kernel::Role;
use serde_json::{Value, json};

const NOTICES: &str = "/api/v1/notices";
const SEARCHES: &str = "/api/v1/saved-searches";

struct Stage {
    ground: Ground,
    buyer: Client,
    seller: Client,
    desk: Desk,
}

async fn stage() -> Stage {
    stage_on(ground().await).await
}

async fn stage_on(ground: Ground) -> Stage {
    let (buyer, seller) = (ground.company("Buyer", true, false).await, ground.company("Seller", false, true).await);
    let desk = Desk::new(&ground.state, ground.identity.mail().clone());
    let stage = Stage { ground, buyer, seller, desk };
    stage.told().await;
    stage
}

impl Stage {
    /// Lets the jobs and the desk work.
    async fn told(&self) {
        self.ground.told().await;
        self.desk.work().await.unwrap();
    }

    async fn read(&self, who: &Client, query: &str) -> Vec<Value> {
        let page = self.ground.get(who, &format!("{NOTICES}{query}")).await;
        assert_eq!(page.status, 200, "{page:?}");
        page.json["items"].as_array().unwrap().clone()
    }

    /// Kinds of somebody's notices, the newest first.
    async fn kinds(&self, who: &Client) -> Vec<String> {
        self.read(who, "").await.iter().map(|one| one["kind"].as_str().unwrap().to_owned()).collect()
    }

    async fn unread(&self, who: &Client) -> i64 {
        self.ground.get(who, &format!("{NOTICES}/unread")).await.json["unread"].as_i64().unwrap()
    }

    /// An order the buyer offers to the seller.
    async fn offered(&self, valid_days: i64) -> String {
        let body = json!({ "terms": terms(&self.buyer.company, &self.seller.company) });
        let draft = self.ground.post(&self.buyer, "/api/v1/orders", body).await;
        let order = draft.json["id"].as_str().unwrap().to_owned();
        let offered = self.ground.step(&self.buyer, &order, "order.offer", json!({ "valid_days": valid_days })).await;
        assert_eq!(offered.status, 200, "{offered:?}");
        order
    }

    async fn accepted(&self, order: &str) {
        let seen = self.ground.get(&self.seller, &format!("/api/v1/orders/{order}")).await.json;
        let params = json!({ "offer_no": 1, "contract_hash": seen["offer"]["contract_hash"] });
        assert_eq!(self.ground.step(&self.seller, order, "order.accept", params).await.status, 200);
    }

    async fn choose(&self, who: &Client, topic: &str, app: bool, letters: &str) -> (u16, Option<String>) {
        let body = json!({ "app": app, "letters": letters }).to_string();
        let path = format!("{NOTICES}/choices/{topic}");
        let answer = self.ground.send(who, Method::PUT, &path, body.as_bytes(), &[]).await;
        (answer.status.as_u16(), answer.json["code"].as_str().map(str::to_owned))
    }

    /// Letters about notices to a company's owner.
    async fn letters(&self, name: &str) -> Vec<String> {
        let mails = self.ground.mails(&email_of(name)).await;
        mails.into_iter().filter(|text| text.contains("/notices")).collect()
    }

    async fn sql(&self, sql: &str) {
        rows::execute(self.ground.state.engine.db().write(), sql, vec![rows::id(MARKET)]).await.unwrap();
    }
}

#[actix_web::test]
async fn the_other_side_is_told_once_whatever_crashes_and_whoever_else_works() {
    let stage = stage().await;
    let (ground, buyer, seller) = (&stage.ground, &stage.buyer, &stage.seller);
    let colleague = ground.company("Trader", true, false).await;
    let colleague = ground.reseat(&colleague, MARKET, Some(&seller.company), Role::Trader).await;
    let viewer = ground.company("Viewer", true, false).await;
    let viewer = ground.reseat(&viewer, MARKET, Some(&seller.company), Role::Viewer).await;
    let stranger = ground.company("Stranger", true, true).await;
    let order = stage.offered(15).await;

    // Several rounds at once, on PostgreSQL of two nodes.
    ground.sealed().await;
    let config = (*ground.state.config).clone();
    let other = match crate::ENGINE {
        Engine::Sqlite => ground.state.clone(),
        Engine::Postgres => {
            let clock = ground.state.engine.clock().clone();
            entrepot::boot::open(config, clock.clone(), Ids::random(clock)).await.unwrap()
        }
    };
    let racers = [&ground.state, &other, &ground.state, &other].map(|node| node.engine.follow(MARKET));
    futures_util::future::join_all(racers).await;
    stage.told().await;

    let found = stage.read(seller, "").await;
    let told = found.iter().find(|one| one["kind"] == "order_offered").unwrap();
    assert_eq!((&told["other"], &told["company"], &told["weight"]), (&json!("Buyer"), &json!("Seller"), &json!("act")));
    assert_eq!((&told["open"]["kind"], &told["open"]["id"]), (&json!("order"), &json!(order)));
    let number = ground.get(seller, &format!("/api/v1/orders/{order}")).await.json["number"].clone();
    assert_eq!((&told["open"]["number"], &told["read"]), (&number, &json!(false)));
    assert_eq!(stage.kinds(&colleague).await.iter().filter(|kind| *kind == "order_offered").count(), 1);
    for (who, name) in [(buyer, "who did it"), (&viewer, "who only looks"), (&stranger, "who has no part in it")] {
        assert!(!stage.kinds(who).await.iter().any(|kind| kind.starts_with("order")), "{name} is told");
    }

    // As after a crash that lost the job's place but not its work: everything is taken again, and nothing is told again.
    let before = stage.unread(seller).await;
    let read = ground.post(seller, &format!("{NOTICES}/{}/read", told["id"].as_str().unwrap()), Value::Null).await;
    assert_eq!(read.status, 204, "{read:?}");
    stage.sql("UPDATE job_cursor SET seq = 0 WHERE market_id = $1 AND job = 'notices'").await;
    stage.told().await;
    assert_eq!(stage.read(seller, "").await.len(), found.len(), "nobody is told twice");
    assert_eq!(stage.unread(seller).await, before - 1, "what was read stays read");

    stage.accepted(&order).await;
    stage.told().await;
    assert_eq!(stage.kinds(buyer).await.first().map(String::as_str), Some("order_agreed"));
    assert_eq!(stage.kinds(seller).await[0], "order_offered", "nobody hears of their own deed");
    // Somebody else's notice is not there, in this market or another.
    let path = format!("{NOTICES}/{}/read", told["id"].as_str().unwrap());
    for who in [buyer, &stranger] {
        assert_eq!(ground.post(who, &path, Value::Null).await.status, 404);
    }
    let away = ground.reseat(&stranger, OTHER_MARKET, None, Role::Admin).await;
    assert_eq!(ground.post(&away, &path, Value::Null).await.status, 404);
    assert_eq!(stage.unread(&away).await, 0);
}

#[actix_web::test]
async fn messages_are_one_notice_while_they_are_unread_and_say_nothing_of_their_text() {
    let stage = stage().await;
    let (ground, buyer, seller) = (&stage.ground, &stage.buyer, &stage.seller);
    let body = json!({ "seller": seller.company, "subject": "quokka subject", "text": "call +49 30 1234567" });
    let inquiry = ground.post(buyer, "/api/v1/inquiries", body).await.json["id"].as_str().unwrap().to_owned();
    let write = async |who: &Client, text: &str| {
        let path = format!("/api/v1/inquiries/{inquiry}/messages");
        assert_eq!(ground.post(who, &path, json!({ "text": text })).await.status, 201);
    };
    write(buyer, "and a second word").await;
    stage.told().await;
    write(buyer, "and a third").await;
    stage.told().await;

    let found = stage.read(seller, "").await;
    assert_eq!((found.len(), &found[0]["kind"], &found[0]["count"]), (1, &json!("inquiry_message"), &json!(3)));
    let text = json!(found).to_string();
    assert!(!text.contains("quokka") && !text.contains("1234567"), "{text}");

    let through = json!({ "through": found[0]["place"] });
    assert_eq!(ground.post(seller, &format!("{NOTICES}/read"), through).await.status, 204);
    assert_eq!((stage.unread(seller).await, stage.read(seller, "?unread=true").await.len()), (0, 0));
    write(seller, "an answer").await;
    write(buyer, "a fourth").await;
    stage.told().await;
    let again = stage.read(seller, "").await;
    assert_eq!((again.len(), &again[0]["count"], &again[0]["read"]), (1, &json!(1), &json!(false)), "new again");
    assert_eq!(stage.kinds(buyer).await, ["inquiry_message"]);
    for wrong in ["", "x", "7"] {
        let answer = ground.post(seller, &format!("{NOTICES}/read"), json!({ "through": wrong })).await;
        assert_eq!((answer.status.as_u16(), &answer.json["code"]), (422, &json!("notice.cursor")));
    }
    let page = ground.get(buyer, &format!("{NOTICES}?cursor=zz")).await;
    assert_eq!((page.status.as_u16(), &page.json["code"]), (422, &json!("notice.cursor")));
}

#[actix_web::test]
async fn quotes_and_awards_are_told_and_no_rival_is_named() {
    let stage = stage().await;
    let (ground, buyer, north) = (&stage.ground, &stage.buyer, &stage.seller);
    let south = ground.company("South", false, true).await;
    let body = with(rfq_body(), "/visibility", json!("invited"));
    let body = with(body, "/invited", json!([north.company, south.company]));
    let rfq = ground.post(buyer, "/api/v1/rfqs", body).await.json["id"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/rfqs/{rfq}/quotes");
    let first = ground.post(north, &path, quote_body()).await.json["id"].as_str().unwrap().to_owned();
    assert_eq!(ground.post(&south, &path, quote_body()).await.status, 201);
    stage.told().await;

    let quotes = stage.read(buyer, "").await;
    assert_eq!(quotes.iter().map(|one| one["other"].as_str().unwrap()).collect::<Vec<_>>(), ["South", "Seller"]);
    assert!(quotes.iter().all(|one| one["kind"] == "quote_received" && one["open"]["id"] == rfq.as_str()));
    for supplier in [north, &south] {
        assert_eq!(stage.kinds(supplier).await, ["rfq_invited"]);
    }
    let lines = json!([{ "line": 1, "quantity": "10000" }]);
    let awards = json!({ "awards": [{ "quote_id": first, "version": 1, "lines": lines }] });
    assert_eq!(ground.post(buyer, &format!("/api/v1/rfqs/{rfq}/award"), awards).await.status, 200);
    stage.told().await;
    assert_eq!(stage.kinds(north).await, ["quote_awarded", "rfq_invited"]);
    let lost = stage.read(&south, "").await;
    assert_eq!((&lost[0]["kind"], &lost[0]["other"]), (&json!("quote_not_awarded"), &json!("Buyer")));
    let text = json!(lost).to_string();
    assert!(!text.contains("Seller") && !text.contains(&first) && !text.contains(&north.company), "{text}");
}

#[actix_web::test]
async fn what_somebody_chose_is_what_they_get_by_mail_and_on_the_screen() {
    let stage = stage().await;
    let (ground, buyer, seller) = (&stage.ground, &stage.buyer, &stage.seller);
    stage.offered(15).await;
    stage.told().await;
    assert_eq!(stage.letters("Seller").await.len(), 0, "an address that was not verified gets no letters");
    ground.verify(&email_of("Seller")).await;

    stage.offered(15).await;
    stage.told().await;
    stage.told().await;
    let letters = stage.letters("Seller").await;
    assert_eq!(letters.len(), 1, "one letter: {letters:?}");
    assert!(letters[0].contains("Buyer sent you offer E-"), "{}", letters[0]);

    // A burst is one letter; messages wait for the digest of the market day.
    for n in 0..2 {
        stage.offered(15).await;
        let body = json!({ "seller": seller.company, "subject": "Bolts", "text": format!("Question {n}?") });
        assert_eq!(ground.post(buyer, "/api/v1/inquiries", body).await.status, 201);
    }
    stage.told().await;
    assert_eq!(stage.letters("Seller").await.len(), 2);
    ground.days(1).await;
    stage.told().await;
    stage.told().await;
    let letters = stage.letters("Seller").await;
    assert_eq!(letters.len(), 3, "{letters:?}");
    assert_eq!(letters[2].matches("Buyer wrote in an inquiry").count(), 2, "{}", letters[2]);

    let listed = ground.get(seller, &format!("{NOTICES}/choices")).await.json["items"].clone();
    assert_eq!(listed[0], json!({ "topic": "orders", "app": true, "letters": "now", "locked": false }));
    assert_eq!(stage.choose(seller, "orders", true, "off").await.0, 200);
    let before = stage.unread(seller).await;
    stage.offered(15).await;
    stage.told().await;
    assert_eq!((stage.letters("Seller").await.len(), stage.unread(seller).await), (3, before + 1));
    assert_eq!(stage.choose(seller, "orders", false, "now").await.0, 200);
    stage.offered(15).await;
    stage.told().await;
    assert_eq!((stage.letters("Seller").await.len(), stage.unread(seller).await), (4, before + 1), "by mail alone");
    assert_eq!(stage.choose(seller, "orders", false, "off").await.0, 200);
    stage.offered(15).await;
    stage.told().await;
    assert_eq!((stage.letters("Seller").await.len(), stage.unread(seller).await), (4, before + 1), "silence");
    assert_eq!(stage.choose(seller, "security", false, "off").await, (409, Some("notice.locked".to_owned())));
    assert_eq!(stage.choose(seller, "weather", false, "off").await.0, 404);
    assert_eq!(stage.choose(seller, "orders", true, "often").await.0, 422);
}

#[actix_web::test]
async fn a_deadline_is_reminded_of_at_72_and_24_hours_and_forgotten_when_it_is_gone() {
    let stage = stage().await;
    let (ground, buyer, seller) = (&stage.ground, &stage.buyer, &stage.seller);
    let reminders = async |who: &Client| -> Vec<Value> {
        let found = stage.read(who, "").await;
        found.into_iter().filter(|one| one["topic"] == "reminders").collect()
    };
    // 09:00; the offer stands until the end of the fifteenth day ahead: 15 days and 15 hours.
    let order = stage.offered(15).await;
    stage.told().await;
    ground.days(12).await;
    stage.told().await;
    assert_eq!(reminders(seller).await.len(), 0, "87 hours are left");
    ground.days(1).await;
    stage.told().await;
    stage.told().await;
    let first = reminders(seller).await;
    assert_eq!((first.len(), &first[0]["kind"]), (1, &json!("remind_offer")), "{first:?}");
    assert_eq!(first[0]["due_at"], "2026-01-20T16:00:00Z");
    assert_eq!(reminders(buyer).await.len(), 0, "it is not the buyer's turn");
    ground.days(2).await;
    stage.told().await;
    let second = reminders(seller).await;
    assert_eq!(second.len(), 1, "the nearer one stands in the place of the other");
    assert_ne!(second[0]["id"], first[0]["id"]);
    stage.accepted(&order).await;
    stage.told().await;
    assert_eq!(reminders(seller).await.len(), 0, "withdrawn with its deadline");

    // Thirty days at once over both points of one offer, over another that lapsed, and not yet to those of a third: one reminder.
    let (near, lapsed, far) = (stage.offered(30).await, stage.offered(20).await, stage.offered(40).await);
    stage.told().await;
    ground.days(30).await;
    stage.told().await;
    let told = reminders(seller).await;
    let about: Vec<&str> = told.iter().filter(|one| one["kind"] == "remind_offer").map(|one| one["open"]["id"].as_str().unwrap()).collect();
    assert_eq!(about, [near.as_str()], "{told:?} {lapsed} {far}");
    assert!(stage.kinds(seller).await.contains(&"order_expired".to_owned()));
}

async fn listed(stage: &Stage, sku: &str, title: &str, price: &str) -> String {
    let body = with(with(product(sku), "/title", json!(title)), "/ladder/0/unit_price", json!(price));
    let answer = stage.ground.post(&stage.seller, "/api/v1/products", body).await;
    assert_eq!(answer.status, 201, "{answer:?}");
    answer.json["id"].as_str().unwrap().to_owned()
}

#[actix_web::test]
async fn a_saved_search_tells_once_a_day_of_products_that_match_newly() {
    let stage = stage().await;
    let (ground, buyer, seller) = (&stage.ground, &stage.buyer, &stage.seller);
    listed(&stage, "W-0", "Wood screw", "0.001").await;
    stage.told().await;
    let search = json!({ "q": "screws", "price_max": "0.002" });
    let body = json!({ "name": " Cheap screws ", "alerts": true, "search": search });
    let saved = ground.post(buyer, SEARCHES, body.clone()).await;
    assert_eq!((saved.status.as_u16(), &saved.json["name"]), (201, &json!("Cheap screws")), "{saved:?}");
    assert_eq!(ground.post(buyer, SEARCHES, body.clone()).await.json["id"], saved.json["id"], "a double click");
    assert_eq!(ground.post(seller, SEARCHES, body.clone()).await.status, 201, "a name is one's own");
    stage.told().await;
    let alerts = async |who: &Client| -> Vec<i64> {
        let found = stage.read(who, "").await;
        found.iter().filter(|one| one["kind"] == "search_matched").map(|one| one["count"].as_i64().unwrap()).collect()
    };
    assert_eq!(alerts(buyer).await, Vec::<i64>::new(), "what was there before is no news");

    listed(&stage, "W-1", "Hex screw", "0.0015").await;
    let dear = listed(&stage, "W-2", "Dear screw", "0.9").await;
    listed(&stage, "W-3", "Bolt", "0.001").await;
    stage.told().await;
    assert_eq!(alerts(buyer).await, [1], "one of three matches");
    let change = async |price: &str, version: &str| {
        let body = with(with(product("W-2"), "/title", json!("Dear screw")), "/ladder/0/unit_price", json!(price));
        let path = format!("/api/v1/products/{dear}");
        let answer = ground.send(seller, Method::PUT, &path, body.to_string().as_bytes(), &[("If-Match", version)]).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        stage.told().await;
    };
    change("0.0019", "\"1\"").await;
    assert_eq!(alerts(buyer).await, [2], "it matches newly, on the same notice");
    change("0.0018", "\"2\"").await;
    assert_eq!(alerts(buyer).await, [2], "it matched before");
    assert_eq!(alerts(seller).await, Vec::<i64>::new(), "nobody hears of their own goods");
    let told = &stage.read(buyer, "").await[0];
    assert_eq!(told["open"]["search"], json!({ "name": "Cheap screws", "terms": search }));

    ground.days(1).await;
    listed(&stage, "W-4", "Long screw", "0.001").await;
    stage.told().await;
    assert_eq!(alerts(buyer).await, [1, 2], "another day, another notice");
    let path = format!("{SEARCHES}/{}", saved.json["id"].as_str().unwrap());
    let put = async |body: Value| ground.send(buyer, Method::PUT, &path, body.to_string().as_bytes(), &[]).await;
    assert_eq!(put(json!({ "name": "Screws", "alerts": false })).await.json["alerts"], false);
    listed(&stage, "W-5", "Short screw", "0.001").await;
    stage.told().await;
    assert_eq!(alerts(buyer).await, [1, 2], "alerts are off");
    assert_eq!(put(json!({ "name": "  ", "alerts": false })).await.json["code"], "search.name");
    let other = json!({ "name": "Bolts", "alerts": false, "search": { "q": "bolt" } });
    assert_eq!(ground.post(buyer, SEARCHES, other.clone()).await.status, 201);
    assert_eq!(put(json!({ "name": "Bolts", "alerts": false })).await.json["code"], "search.name_taken");
    let clash = ground.post(buyer, SEARCHES, with(other, "/search/q", json!("nut"))).await;
    assert_eq!((clash.status.as_u16(), &clash.json["code"]), (409, &json!("search.name_taken")));
    let wrong = json!({ "name": "Wrong", "alerts": false, "search": { "price_max": "many" } });
    assert_eq!(ground.post(buyer, SEARCHES, wrong).await.json["code"], "search.filter");
    assert_eq!(ground.delete(seller, &path).await.status, 404);
    assert_eq!(ground.delete(buyer, &path).await.status, 204);
    assert_eq!(ground.get(buyer, SEARCHES).await.json["items"].as_array().unwrap().len(), 1);
    for n in 1..50 {
        let body = json!({ "name": format!("s{n}"), "alerts": false, "search": {} });
        assert_eq!(ground.post(buyer, SEARCHES, body).await.status, 201, "{n}");
    }
    let full = ground.post(buyer, SEARCHES, json!({ "name": "one more", "alerts": false, "search": {} })).await;
    assert_eq!((full.status.as_u16(), &full.json["code"]), (409, &json!("search.too_many")));
}

#[actix_web::test]
async fn a_seat_a_company_and_time_bound_what_is_kept_and_shown() {
    let stage = stage_on(ground_with(&["--demo"], Clock::manual(crate::ground::REAL)).await).await;
    let (ground, seller) = (&stage.ground, &stage.seller);
    // One person in two companies: each notice says which, and leads to the seat there.
    let second = ground.company("Second", true, true).await;
    let both = ground.reseat(&second, MARKET, Some(&seller.company), Role::Trader).await;
    stage.offered(15).await;
    let body = json!({ "seller": second.company, "subject": "Nuts", "text": "Do you have them?" });
    assert_eq!(ground.post(&stage.buyer, "/api/v1/inquiries", body).await.status, 201);
    stage.told().await;
    let found = stage.read(&both, "").await;
    let of = |kind: &str| found.iter().find(|one| one["kind"] == kind).unwrap();
    assert_eq!((&of("order_offered")["company"], &of("inquiry_message")["company"]), (&json!("Seller"), &json!("Second")));
    let seat = ground.get(&both, "/api/v1/auth/me").await.json["seat"]["id"].clone();
    assert_eq!(of("order_offered")["seat_id"], seat);
    assert_ne!(of("inquiry_message")["seat_id"], seat);
    assert!(stage.kinds(&both).await.contains(&"seat_granted".to_owned()));
    assert!(stage.kinds(seller).await.contains(&"colleague_joined".to_owned()));

    let gone = entrepot::identity::DisableSeat { id: crate::ground::hex(of("inquiry_message")["seat_id"].as_str().unwrap()) };
    let system = entrepot::platform::access::Actor::system(MARKET);
    ground.state.engine.execute(entrepot::platform::engine::Request::new(system, gone)).await.unwrap();
    assert!(!stage.kinds(&both).await.contains(&"inquiry_message".to_owned()), "what a lost seat heard is not read");

    let before = stage.read(seller, "").await;
    let through = json!({ "through": before[0]["place"] });
    assert_eq!(ground.post(seller, &format!("{NOTICES}/read"), through).await.status, 204);
    ground.wait(179 * 86_400);
    assert_eq!(stage.desk.tidy().await.unwrap(), 0);
    ground.wait(2 * 86_400);
    let fresh = stage.ground.sign_in(&email_of("Seller"), crate::ground::PASSWORD).await;
    let seller = ground.moved(seller, &fresh).await;
    assert_eq!(stage.desk.tidy().await.unwrap(), u64::try_from(before.len()).unwrap());
    assert_eq!(stage.read(&seller, "").await.len(), 0, "read half a year ago");

    let buyer = ground.sign_in(&email_of("Buyer"), crate::ground::PASSWORD).await;
    let stage = Stage { buyer: ground.moved(&stage.buyer, &buyer).await, seller: seller.clone(), ..stage };
    let ground = &stage.ground;
    stage.offered(15).await;
    stage.told().await;
    let copy = "INSERT INTO notice (market_id, id, user_id, company_id, cause, kind, topic, open_kind, open_id, part, count, seq, at, \
        day, told_at, shown, mail) SELECT market_id, $2, user_id, company_id, $2, kind, topic, open_kind, open_id, part, count, seq, \
        at, day, told_at, shown, 'off' FROM notice WHERE market_id = $1 AND kind = 'order_offered' AND read_at IS NULL AND user_id = $3 \
        ORDER BY seq DESC LIMIT 1";
    for n in 0..510u128 {
        let values = vec![rows::id(MARKET), rows::id(n + 1), rows::id(crate::ground::hex(&seller.user))];
        rows::execute(ground.state.engine.db().write(), copy, values).await.unwrap();
    }
    assert!(stage.desk.tidy().await.unwrap() >= 10);
    assert_eq!(stage.unread(&seller).await, 100, "counted no further");
    let first = ground.get(&seller, &format!("{NOTICES}?limit=100")).await.json;
    assert_eq!(first["items"].as_array().unwrap().len(), 100);
    let next = ground.get(&seller, &format!("{NOTICES}?limit=100&cursor={}", first["next_cursor"].as_str().unwrap())).await.json;
    assert!(!json!(next["items"]).to_string().contains(first["items"][99]["id"].as_str().unwrap()));
}
