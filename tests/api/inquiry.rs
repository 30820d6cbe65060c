//! Inquiries over HTTP: who asks and answers, what is hidden from whom, and what keeps mass mail out.

use crate::access::cast::product;
use crate::ground::{Answer, Client, Ground, MARKET, agreed, ground, ground_with};
use actix_web::http::Method;
use entrepot::market::SwitchEra;
use entrepot::platform::access::Actor;
use entrepot::platform::clock::Clock;
use entrepot::platform::engine::Request;
use entrepot::platform::rows;
use entrepot_domain::kernel::Role;
use entrepot_domain::market::Era;
use serde_json::{Value, json};

const INQUIRIES: &str = "/api/v1/inquiries";

struct Stage {
    ground: Ground,
    buyer: Client,
    seller: Client,
}

async fn stage() -> Stage {
    let ground = ground().await;
    let (buyer, seller) = (ground.company("Buyer", true, false).await, ground.company("Seller", false, true).await);
    Stage { ground, buyer, seller }
}

fn told(answer: &Answer) -> (u16, Option<&str>) {
    (answer.status.as_u16(), answer.json["code"].as_str())
}

fn text_of(message: &Value) -> String {
    message["parts"].as_array().unwrap().iter().filter_map(|part| part["text"].as_str()).collect()
}

impl Stage {
    async fn ask(&self, text: &str) -> Answer {
        self.ask_of(&self.seller, text).await
    }

    async fn ask_of(&self, seller: &Client, text: &str) -> Answer {
        let body = json!({ "seller": seller.company, "subject": "Hex bolts", "text": text });
        self.ground.post(&self.buyer, INQUIRIES, body).await
    }

    async fn asked(&self, text: &str) -> String {
        let answer = self.ask(text).await;
        assert_eq!(answer.status, 201, "{answer:?}");
        format!("{INQUIRIES}/{}", answer.json["id"].as_str().unwrap())
    }

    async fn write(&self, who: &Client, inquiry: &str, text: &str) -> Answer {
        self.ground.post(who, &format!("{inquiry}/messages"), json!({ "text": text })).await
    }

    /// Messages as somebody reads them, the oldest first.
    async fn messages(&self, who: &Client, inquiry: &str) -> Vec<Value> {
        let page = self.ground.get(who, &format!("{inquiry}/messages")).await;
        assert_eq!(page.status, 200, "{page:?}");
        page.json["items"].as_array().unwrap().iter().rev().cloned().collect()
    }

    async fn unread(&self, who: &Client) -> i64 {
        self.ground.get(who, &format!("{INQUIRIES}/unread")).await.json["unread"].as_i64().unwrap()
    }

    async fn era(&self, era: Era) {
        let switch = SwitchEra { market: MARKET, era };
        self.ground.state.engine.execute(Request::new(Actor::system(MARKET), switch)).await.unwrap();
    }

    async fn overseer(&self, name: &str, role: Role) -> Client {
        let someone = self.ground.company(name, true, false).await;
        self.ground.reseat(&someone, MARKET, None, role).await
    }

    async fn upload(&self, who: &Client, name: &str, bytes: &[u8]) -> Answer {
        self.ground.send(who, Method::POST, &format!("/api/v1/inquiry-files?name={name}"), bytes, &[]).await
    }

    async fn sound(&self) {
        self.ground.sealed().await;
        let report = entrepot::audit::verify(self.ground.state.engine.db(), None).await.unwrap();
        assert!(report.findings.is_empty(), "{:?}", report.findings);
    }
}

#[actix_web::test]
async fn a_question_about_a_product_is_answered_read_closed_and_taken_up_again() {
    let stage = stage().await;
    let (ground, buyer, seller) = (&stage.ground, &stage.buyer, &stage.seller);
    let listed = ground.post(seller, "/api/v1/products", product("W-1")).await;
    let body = json!({
        "product": listed.json["id"], "quantity": "2000", "destination": "DE",
        "target_price": { "price": "0.003", "currency": "USD" }, "text": "What is your best price?",
    });
    let opened = ground.post(buyer, INQUIRIES, body).await;
    assert_eq!(opened.status, 201, "{opened:?}");
    let inquiry = format!("{INQUIRIES}/{}", opened.json["id"].as_str().unwrap());

    let seen = ground.get(seller, &inquiry).await.json;
    assert_eq!(seen["subject"], "Wombat screw");
    assert_eq!(seen["listed_price"], json!({ "price": "0.0035", "currency": "USD" }));
    assert_eq!((&seen["status"], &seen["side"], &seen["unread"]), (&json!("open"), &json!("seller"), &json!(1)));
    assert_eq!((stage.unread(seller).await, stage.unread(buyer).await), (1, 0));
    let read = ground.post(seller, &format!("{inquiry}/read"), json!({ "no": 99 })).await;
    assert_eq!(read.status, 204, "{read:?}");
    assert_eq!(stage.unread(seller).await, 0, "a mark beyond the last message stands at the last");
    assert_eq!(stage.write(seller, &inquiry, "0.0031 FOB Ningbo").await.status, 201);
    assert_eq!((stage.unread(seller).await, stage.unread(buyer).await), (0, 1));
    let card = &ground.get(buyer, INQUIRIES).await.json["items"][0];
    assert_eq!((&card["status"], &card["last_text"]), (&json!("answered"), &json!("0.0031 FOB Ningbo")));

    let close = json!({ "reason": "too_expensive" });
    assert_eq!(told(&ground.post(seller, &format!("{inquiry}/close"), close.clone()).await).0, 403);
    for _ in 0..2 {
        let closed = ground.post(buyer, &format!("{inquiry}/close"), close.clone()).await;
        assert_eq!((closed.status.as_u16(), &closed.json["status"]), (200, &json!("closed")), "{closed:?}");
    }
    assert_eq!(told(&stage.write(seller, &inquiry, "Wait!").await), (409, Some("inquiry.closed")));
    assert_eq!(ground.post(buyer, &format!("{inquiry}/reopen"), json!({})).await.status, 200);
    assert_eq!(stage.write(buyer, &inquiry, "And for 10,000?").await.status, 201);
    stage.sound().await;
}

#[actix_web::test]
async fn a_message_sent_twice_under_one_key_is_one_and_its_text_stays_out_of_the_log() {
    let stage = stage().await;
    let inquiry = stage.asked("A pangolin question").await;
    let body = json!({ "text": "A pangolin answer" });
    for _ in 0..2 {
        let sent = stage.ground.post_with_key(&stage.seller, &format!("{inquiry}/messages"), body.clone(), "same").await;
        assert_eq!(sent.status, 201, "{sent:?}");
    }
    let texts: Vec<String> = stage.messages(&stage.buyer, &inquiry).await.iter().map(text_of).collect();
    assert_eq!(texts, ["A pangolin question", "A pangolin answer"]);
    let db = stage.ground.state.engine.db();
    for row in rows::query(db.read(), "SELECT bytes FROM event", vec![]).await.unwrap() {
        let bytes: Vec<u8> = row.try_get("", "bytes").unwrap();
        assert!(!String::from_utf8_lossy(&bytes).contains("pangolin"), "who reads the log reads no talk");
    }
    let changed = rows::execute(db.write(), "UPDATE inquiry_message SET text = 'other'", vec![]).await;
    assert!(changed.is_err(), "what was said is never changed");
}

#[actix_web::test]
async fn a_clerk_of_a_third_company_finds_nothing() {
    let stage = stage().await;
    let stranger = stage.ground.company("Stranger", true, true).await;
    let inquiry = stage.asked("Do you make M8?").await;
    for (method, path) in [
        ("GET", ""), ("GET", "/messages"), ("POST", "/messages"), ("POST", "/close"), ("POST", "/reopen"), ("POST", "/report"),
        ("POST", "/read"),
    ] {
        let to = format!("{inquiry}{path}");
        let answer = stage.ground.send(&stranger, method.parse().unwrap(), &to, b"{\"text\":\"t\"}", &[]).await;
        assert_eq!(told(&answer), (404, Some("not_found")), "{method} {to}");
    }
    assert_eq!(stage.ground.get(&stranger, INQUIRIES).await.json["items"], json!([]));
    assert_eq!(stage.unread(&stranger).await, 0);
}

#[actix_web::test]
async fn contacts_are_hidden_from_the_other_side_until_an_order_is_agreed() {
    let stage = stage().await;
    let inquiry = stage.asked("Mail me: anna@bolts.example or +49 30 1234567, HS 731815").await;
    let hidden = "Mail me: ••• or •••, HS 731815";
    let by_seller = stage.messages(&stage.seller, &inquiry).await;
    assert_eq!(text_of(&by_seller[0]), hidden);
    assert_eq!(by_seller[0]["parts"][1], json!({ "text": "•••", "hidden": "email" }));
    let own = stage.messages(&stage.buyer, &inquiry).await;
    assert!(text_of(&own[0]).contains("anna@bolts.example") && own[0]["hidden_from_other"] == true, "{own:?}");
    let card = &stage.ground.get(&stage.seller, INQUIRIES).await.json["items"][0];
    assert_eq!(card["last_text"], hidden);
    assert_eq!(stage.ground.get(&stage.buyer, &inquiry).await.json["contacts_hidden"], true);

    stage.era(Era::Information).await;
    assert!(text_of(&stage.messages(&stage.seller, &inquiry).await[0]).contains("anna@bolts.example"), "era 1.0");
    stage.era(Era::Transaction).await;
    assert_eq!(text_of(&stage.messages(&stage.seller, &inquiry).await[0]), hidden);
    agreed(&stage.ground, &stage.buyer, &stage.seller).await;
    let shown = stage.messages(&stage.seller, &inquiry).await;
    assert!(text_of(&shown[0]).contains("+49 30 1234567"), "what was stored is what was written: {shown:?}");
    assert_eq!(stage.messages(&stage.buyer, &inquiry).await[0]["hidden_from_other"], false);
}

#[actix_web::test]
async fn a_payment_hint_is_shown_to_both_sides_where_there_is_an_escrow() {
    let stage = stage().await;
    let inquiry = stage.asked("How do we pay?").await;
    stage.write(&stage.seller, &inquiry, "Our bank account has changed, send USDT").await;
    for who in [&stage.buyer, &stage.seller] {
        assert_eq!(stage.messages(who, &inquiry).await[1]["warnings"], json!(["account_changed", "crypto"]));
    }
    stage.era(Era::Information).await;
    assert_eq!(stage.messages(&stage.buyer, &inquiry).await[1]["warnings"], json!([]));
}

#[actix_web::test]
async fn a_reported_thread_is_seen_by_those_who_lead_the_market_and_by_nobody_else() {
    let stage = stage().await;
    let inquiry = stage.asked("Call 13812345678").await;
    let quiet = stage.asked("Another question").await;
    let mut leaders = Vec::new();
    for (name, role) in [("Admin", Role::Admin), ("Support", Role::Support), ("Teacher", Role::Teacher)] {
        leaders.push(stage.overseer(name, role).await);
    }
    let credit = stage.overseer("Credit", Role::CreditAdmin).await;
    for who in leaders.iter().chain([&credit]) {
        assert_eq!(stage.ground.get(who, &inquiry).await.status, 404, "not before it is reported");
    }
    let report = json!({ "reason": "fraud", "note": "They ask for cash." });
    for _ in 0..2 {
        let sent = stage.ground.post(&stage.seller, &format!("{inquiry}/report"), report.clone()).await;
        assert_eq!(sent.status, 200, "{sent:?}");
    }
    for who in &leaders {
        let seen = stage.ground.get(who, &inquiry).await.json;
        assert_eq!(seen["reports"][0]["note"], "They ask for cash.", "{seen}");
        assert_eq!((&seen["side"], &seen["can"]["write"]), (&Value::Null, &json!(false)));
        assert_eq!(text_of(&stage.messages(who, &inquiry).await[0]), "Call 13812345678", "they judge what was written");
        assert_eq!(stage.ground.get(who, INQUIRIES).await.json["items"].as_array().map(Vec::len), Some(1));
        assert_eq!(stage.write(who, &inquiry, "Behave!").await.status, 403);
        assert_eq!(stage.ground.get(who, &quiet).await.status, 404);
    }
    assert_eq!(stage.ground.get(&credit, &inquiry).await.status, 404);
    let other = stage.ground.get(&stage.buyer, &inquiry).await.json;
    assert_eq!((&other["reports"], &other["reported"]), (&json!([]), &json!(false)), "the other side is not told");
}

#[actix_web::test]
async fn who_is_blocked_is_refused_without_insult_and_who_blocks_is_reminded() {
    let stage = stage().await;
    let inquiry = stage.asked("Hello").await;
    let block = format!("/api/v1/companies/{}/block", stage.buyer.company);
    for _ in 0..2 {
        let blocked = stage.ground.post(&stage.seller, &block, json!({})).await;
        assert_eq!((blocked.status.as_u16(), &blocked.json["blocked"]), (200, &json!(true)), "{blocked:?}");
    }
    let refused = stage.write(&stage.buyer, &inquiry, "Hello?").await;
    assert_eq!(told(&refused), (409, Some("inquiry.not_taken")));
    assert!(!refused.json["detail"].as_str().unwrap().to_lowercase().contains("block"), "{refused:?}");
    assert_eq!(told(&stage.ask("Hello again").await), (409, Some("inquiry.not_taken")));
    assert_eq!(told(&stage.write(&stage.seller, &inquiry, "And now?").await), (409, Some("inquiry.blocked_by_you")));
    let listed = stage.ground.get(&stage.seller, "/api/v1/blocks").await.json;
    assert_eq!(listed["items"][0]["id"], stage.buyer.company.as_str());
    assert_eq!(stage.ground.get(&stage.buyer, "/api/v1/blocks").await.json["items"], json!([]));
    assert_eq!(stage.ground.get(&stage.seller, &inquiry).await.json["blocked_by_us"], true);
    assert_eq!(stage.ground.get(&stage.buyer, &inquiry).await.json["blocked_by_us"], false);

    assert_eq!(stage.ground.delete(&stage.seller, &block).await.json["blocked"], false);
    assert_eq!(stage.write(&stage.buyer, &inquiry, "Thank you").await.status, 201);
    let own = format!("/api/v1/companies/{}/block", stage.seller.company);
    assert_eq!(told(&stage.ground.post(&stage.seller, &own, json!({})).await), (422, Some("inquiry.block_self")));
    stage.sound().await;
}

#[actix_web::test]
async fn twenty_inquiries_a_day_however_many_clerks_ask_at_once() {
    let stage = stage().await;
    let texts: Vec<String> = (0..25).map(|n| format!("Question number {n}")).collect();
    let answers = futures_util::future::join_all(texts.iter().map(|text| stage.ask(text))).await;
    let statuses: Vec<u16> = answers.iter().map(|answer| answer.status.as_u16()).collect();
    assert_eq!(statuses.iter().filter(|status| **status == 201).count(), 20, "{statuses:?}");
    let late = answers.iter().find(|answer| answer.status != 201).unwrap();
    assert_eq!(told(late), (409, Some("inquiry.too_many_today")));
    assert!(late.json["next"].as_str().unwrap().contains("request for quotation"), "{late:?}");
    stage.ground.days(1).await;
    assert_eq!(stage.ask("Tomorrow's question").await.status, 201);
    stage.sound().await;
}

#[actix_web::test]
async fn the_same_words_to_a_sixth_supplier_lead_to_a_request_for_quotation() {
    let stage = stage().await;
    let mut answers = Vec::new();
    for n in 0..6 {
        let seller = stage.ground.company(&format!("Seller {n}"), false, true).await;
        answers.push(stage.ask_of(&seller, if n == 3 { "BEST price  please!" } else { "Best price, please" }).await);
    }
    assert!(answers[..5].iter().all(|answer| answer.status == 201), "{answers:?}");
    assert_eq!(told(&answers[5]), (409, Some("inquiry.same_text")));
    assert_eq!(answers[5].json["params"]["max"], "5");
}

#[actix_web::test]
async fn what_cannot_be_asked_is_refused_field_by_field() {
    let stage = stage().await;
    let seller = stage.seller.company.as_str();
    let cases = [
        (json!({ "text": "?" }), "/seller"),
        (json!({ "seller": seller, "text": "?" }), "/subject"),
        (json!({ "seller": seller, "subject": "s", "text": "?", "quantity": "-1" }), "/quantity"),
        (json!({ "seller": seller, "subject": "s", "text": "?", "quantity": "many" }), "/quantity"),
        (json!({ "seller": seller, "subject": "s", "text": "?", "destination": "Mars" }), "/destination"),
        (json!({ "seller": seller, "subject": "s", "text": "?", "target_price": { "price": "1", "currency": "XXX1" } }), "/target_price"),
        (json!({ "seller": seller, "subject": "s", "text": " " }), "/text"),
        (json!({ "seller": seller, "subject": "s", "text": "界".repeat(4_001) }), "/text"),
        (json!({ "seller": seller, "subject": "s", "text": "t", "file_ids": ["nothing"] }), "/file_ids/0"),
        (json!({ "seller": stage.buyer.company, "subject": "s", "text": "t" }), "/seller"),
    ];
    for (body, pointer) in cases {
        let answer = stage.ground.post(&stage.buyer, INQUIRIES, body.clone()).await;
        assert_eq!((answer.status.as_u16(), answer.json["errors"][0]["pointer"].as_str()), (422, Some(pointer)), "{body}: {answer:?}");
    }
    let nobody = json!({ "seller": "0".repeat(32), "subject": "s", "text": "t" });
    assert_eq!(stage.ground.post(&stage.buyer, INQUIRIES, nobody).await.status, 404);
    let other = stage.ground.company("Other buyer", true, false).await;
    assert_eq!(told(&stage.ask_of(&other, "t").await), (422, Some("inquiry.not_a_seller")));
    let odd = json!({ "seller": seller, "subject": "s\u{0}s", "text": "nul \u{0} <script>alert(1)</script>" });
    assert_eq!(stage.ground.post(&stage.buyer, INQUIRIES, odd).await.status, 201, "what no database keeps is left out");
}

#[actix_web::test]
async fn a_file_is_seen_by_the_two_companies_once_a_message_names_it() {
    let stage = stage().await;
    let stranger = stage.ground.company("Stranger", true, true).await;
    let file = stage.upload(&stage.buyer, "drawing.txt", b"M8 x 40").await;
    assert_eq!(file.status, 201, "{file:?}");
    assert_eq!(file.json["sha256"].as_str().map(str::len), Some(64));
    assert_eq!(stage.upload(&stage.buyer, "drawing.txt", b"M8 x 40").await.json["id"], file.json["id"]);
    let path = format!("/api/v1/inquiry-files/{}", file.json["id"].as_str().unwrap());
    assert_eq!(stage.ground.get(&stage.seller, &path).await.status, 404, "nobody named it yet");
    let body = json!({ "seller": stage.seller.company, "subject": "s", "text": "See the drawing", "file_ids": [file.json["id"]] });
    let opened = stage.ground.post(&stage.buyer, INQUIRIES, body).await;
    let inquiry = format!("{INQUIRIES}/{}", opened.json["id"].as_str().unwrap());
    let named = &stage.messages(&stage.seller, &inquiry).await[0]["files"][0];
    assert_eq!((&named["id"], &named["name"]), (&file.json["id"], &json!("drawing.txt")));
    for (who, status) in [(&stage.seller, 200), (&stage.buyer, 200), (&stranger, 404)] {
        assert_eq!(stage.ground.get(who, &path).await.status.as_u16(), status);
    }
    let foreign = json!({ "text": "t", "file_ids": [file.json["id"]] });
    let refused = stage.ground.post(&stage.seller, &format!("{inquiry}/messages"), foreign).await;
    assert_eq!((refused.status.as_u16(), &refused.json["errors"][0]["pointer"]), (422, &json!("/file_ids/0")));
    let telling = stage.upload(&stage.buyer, "13812345678.txt", b"x").await;
    let body = json!({ "text": "", "file_ids": [telling.json["id"]] });
    assert_eq!(stage.ground.post(&stage.buyer, &format!("{inquiry}/messages"), body).await.status, 201);
    assert_eq!(stage.messages(&stage.seller, &inquiry).await[1]["files"][0]["name"], "•••.txt");
}

#[actix_web::test]
async fn the_room_for_files_is_one_for_orders_and_inquiries() {
    let ground = ground_with(&["--demo", "--file-quota-mib", "1"], Clock::machine()).await;
    let (buyer, seller) = (ground.company("Buyer", true, false).await, ground.company("Seller", false, true).await);
    let order = agreed(&ground, &buyer, &seller).await;
    let first = ground.send(&buyer, Method::POST, &format!("/api/v1/orders/{order}/files?name=a.txt"), &[b'a'; 700 * 1024], &[]).await;
    let second = ground.send(&buyer, Method::POST, "/api/v1/inquiry-files?name=b.txt", &[b'b'; 700 * 1024], &[]).await;
    assert_eq!((first.status.as_u16(), told(&second)), (201, (409, Some("file.quota"))));
}

#[actix_web::test]
async fn the_response_clock_says_nothing_below_five_and_then_the_truth() {
    let stage = stage().await;
    let clock = format!("/api/v1/companies/{}/response-clock", stage.seller.company);
    let mut inquiries = Vec::new();
    for n in 0..5 {
        inquiries.push(stage.asked(&format!("Question {n}")).await);
    }
    let early = stage.ground.get(&stage.buyer, &clock).await.json;
    assert_eq!((&early["inquiries"], &early["median_minutes"]), (&json!(0), &Value::Null), "all had less than a day");
    for inquiry in &inquiries[..3] {
        stage.write(&stage.seller, inquiry, "Yes").await;
    }
    stage.ground.days(2).await;
    stage.write(&stage.seller, &inquiries[3], "Sorry, late").await;
    let told = stage.ground.get(&stage.buyer, &clock).await.json;
    assert_eq!((&told["inquiries"], &told["answered"], &told["within_day_bps"]), (&json!(5), &json!(4), &json!(6000)), "{told}");
    assert!(told["median_minutes"].as_i64().is_some_and(|minutes| minutes < 24 * 60), "{told}");
    stage.ground.days(90).await;
    assert_eq!(stage.ground.get(&stage.buyer, &clock).await.json["inquiries"], 0, "old inquiries are forgotten");
}

#[actix_web::test]
async fn silence_closes_an_inquiry_after_sixty_days() {
    let stage = stage().await;
    let inquiry = stage.asked("Anybody there?").await;
    stage.ground.days(59).await;
    assert_eq!(stage.ground.get(&stage.buyer, &inquiry).await.json["status"], "open");
    stage.ground.days(3).await;
    let over = stage.ground.get(&stage.buyer, &inquiry).await.json;
    assert_eq!((&over["status"], &over["closed"]["reason"]), (&json!("closed"), &json!("silence")), "{over}");
    stage.sound().await;
}

#[actix_web::test]
async fn lists_go_on_where_the_page_before_ended() {
    let stage = stage().await;
    let inquiry = stage.asked("Message 1").await;
    for n in 2..8 {
        stage.write(&stage.buyer, &inquiry, &format!("Message {n}")).await;
    }
    for n in 0..4 {
        stage.asked(&format!("Inquiry {n}")).await;
    }
    for (list, total) in [(format!("{inquiry}/messages"), 7), (INQUIRIES.to_owned(), 5)] {
        let (mut seen, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = stage.ground.get(&stage.buyer, &format!("{list}?limit=3{cursor}")).await.json;
            seen.extend(page["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()));
            let Some(next) = page["next_cursor"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        let all = seen.len();
        seen.sort_unstable();
        seen.dedup();
        assert_eq!((all, seen.len()), (total, total), "{list}");
        assert_eq!(stage.ground.get(&stage.buyer, &format!("{list}?cursor=x")).await.status, 422);
    }
    assert_eq!(stage.ground.get(&stage.buyer, &format!("{INQUIRIES}?role=seller")).await.json["items"], json!([]));
    assert_eq!(stage.ground.get(&stage.buyer, &format!("{INQUIRIES}?status=gone")).await.status, 422);
}

#[actix_web::test]
async fn saved_texts_belong_to_one_company_and_keep_within_bounds() {
    let stage = stage().await;
    let templates = "/api/v1/templates";
    let draft = |title: &str, text: &str| json!({ "title": title, "text_en": text, "text_zh": "" });
    let first = stage.ground.post(&stage.seller, templates, draft("Greeting", "Hello")).await;
    assert_eq!(first.status, 201, "{first:?}");
    assert_eq!(stage.ground.post(&stage.seller, templates, draft("Greeting", "Hello")).await.json["id"], first.json["id"]);
    assert_eq!(told(&stage.ground.post(&stage.seller, templates, draft("Greeting", "Bye")).await), (409, Some("template.title_taken")));
    assert_eq!(told(&stage.ground.post(&stage.seller, templates, draft("Empty", " ")).await), (422, Some("template.invalid")));
    let one = format!("{templates}/{}", first.json["id"].as_str().unwrap());
    let put = |who: &Client, version: &'static str, text: &str| {
        let (who, body, one) = (who.clone(), draft("Greeting", text).to_string(), one.clone());
        let ground = &stage.ground;
        async move { ground.send(&who, Method::PUT, &one, body.as_bytes(), &[("If-Match", version)]).await }
    };
    assert_eq!(put(&stage.seller, "\"1\"", "Dear buyer").await.json["version"], 2);
    assert_eq!(told(&put(&stage.seller, "\"1\"", "Second tab").await), (409, Some("stale_version")));
    assert_eq!(put(&stage.buyer, "\"2\"", "Mine now").await.status, 404);
    assert_eq!(stage.ground.get(&stage.buyer, templates).await.json["items"], json!([]));
    for n in 1..50 {
        let kept = stage.ground.post(&stage.seller, templates, draft(&format!("T{n}"), "t")).await;
        assert_eq!(kept.status, 201, "{n}: {kept:?}");
    }
    assert_eq!(told(&stage.ground.post(&stage.seller, templates, draft("T50", "t")).await), (409, Some("template.too_many")));
    for _ in 0..2 {
        assert_eq!(stage.ground.delete(&stage.seller, &one).await.status, 204);
    }
    assert_eq!(stage.ground.delete(&stage.buyer, &one).await.status, 404);
    assert_eq!(stage.ground.post(&stage.seller, templates, draft("Greeting", "Anew")).await.status, 201);
}
