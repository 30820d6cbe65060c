//! The search over HTTP: ranked text with all facets counted, filters, typos, suppliers, completions; how long an index takes to build and a change
//! to be found.

use super::{Bench, in_turn};
use crate::data::{self, CATEGORIES, Dice, MATERIALS, Made, WORDS, word};
use crate::load::{Load, Until, Wire, wire};
use crate::machine;
use crate::server::Server;
use crate::stats::Case;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// After so long without work the index has given back what building it took.
const REST: Duration = Duration::from_secs(9);
/// Requests made beforehand of each kind.
const MADE: usize = 2_048;
/// Words that changes bring, whose way into the index is measured; far from each other, for one mistake a word is forgiven.
const NEW_WORDS: [&str; 15] = [
    "amberchange",
    "bronzewords",
    "cobaltfresh",
    "dahlianovel",
    "ebonyrecent",
    "falconlater",
    "garnetafter",
    "hazelsudden",
    "indigobegun",
    "jasperfirst",
    "kelpturning",
    "lotusrising",
    "mapleopened",
    "nickelshown",
    "onyxreached",
];

fn material(dice: &mut Dice) -> &'static str {
    MATERIALS[dice.below(MATERIALS.len())]
}

/// A category; two in five have no products.
fn category(dice: &mut Dice) -> &'static str {
    CATEGORIES.get(dice.below(MATERIALS.len())).copied().unwrap_or("plastics-rubber")
}

/// A word with two letters swapped.
fn typo(word: &str) -> String {
    let mut letters: Vec<char> = word.chars().collect();
    letters.swap(1, 2);
    letters.into_iter().collect()
}

fn kinds(cookie: &str) -> Vec<(&'static str, Vec<Wire>)> {
    let mut dice = Dice::new(11);
    let mut many = |make: &dyn Fn(&mut Dice) -> String| -> Vec<Wire> {
        (0..MADE).map(|_| wire(&format!("GET /api/v1/{}", make(&mut dice)), cookie, None, "")).collect()
    };
    vec![
        ("search common", many(&|d| format!("search?q={}%20", material(d)))),
        ("search two words", many(&|d| format!("search?q={}+{}%20", material(d), word(d.below(WORDS))))),
        (
            "search common, 3 filters",
            many(&|d| {
                format!(
                    "search?q={}%20&category={},{}&incoterm=FOB&lead=15,30&quantity=1000&price_max=60",
                    material(d),
                    category(d),
                    category(d)
                )
            }),
        ),
        ("search with a typo", many(&|d| format!("search?q={}%20", typo(&word(d.below(WORDS)))))),
        ("search nothing typed", many(&|d| format!("search?q=&category={}", category(d)))),
        ("search common, punctual", many(&|d| format!("search?q={}%20&on_time=90", material(d)))),
        ("search suppliers", many(&|d| format!("search/suppliers?q={}%20", material(d)))),
        (
            "completion",
            many(&|d| {
                let whole = word(d.below(WORDS));
                let typed = &whole[..1 + d.below(whole.len() - 1)];
                format!("search/suggestions?q={typed}")
            }),
        ),
    ]
}

fn answer(ours: &Server, cookie: &str, path: &str) -> Value {
    ours.must(&wire(&format!("GET /api/v1/{path}"), cookie, None, ""))
}

/// Waits until the index has everything; seconds since `began`.
fn built(ours: &Server, cookie: &str, made: &Made, began: Instant) -> f64 {
    let whole = made.products.len() as u64;
    loop {
        let page = answer(ours, cookie, "search?q=&limit=1");
        if page["complete"] == true && page["total"] == whole {
            return began.elapsed().as_secs_f64();
        }
        assert!(began.elapsed() < Duration::from_secs(600), "the index is never complete: {page}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Seconds from the answer to a change until the search finds it, the median of several.
fn visible(ours: &Server, seller: &str, made: &Made) -> f64 {
    let own = answer(ours, seller, &format!("products?supplier={}&limit=50", made.suppliers[0]));
    let mut seconds: Vec<f64> = Vec::new();
    for (n, card) in own["items"].as_array().unwrap().iter().take(NEW_WORDS.len()).enumerate() {
        let product = answer(ours, seller, &format!("products/{}", card["id"].as_str().unwrap()));
        let name = NEW_WORDS[n];
        let keep = |field: &str| product[field].clone();
        let body = json!({
            "sku": keep("sku"), "title": format!("{name} thing"), "title_zh": keep("title_zh"), "category": keep("category"),
            "description": keep("description"), "hs_code": keep("hs_code"), "unit": keep("unit"), "origin": keep("origin"),
            "currency": keep("currency"), "moq": keep("moq"), "moq_step": keep("moq_step"), "ladder": keep("ladder"),
            "lead_days": keep("lead_days"), "incoterm": keep("incoterm"), "pictures": [], "attributes": keep("attributes"),
        })
        .to_string();
        let version = product["version"].to_string();
        let line = format!("PUT /api/v1/products/{}", product["id"].as_str().unwrap());
        let request = String::from_utf8_lossy(&wire(&line, seller, None, &body)).replacen(
            "\r\n",
            &format!("\r\nIf-Match: \"{version}\"\r\n"),
            1,
        );
        ours.must(&request.into_bytes().into());
        let began = Instant::now();
        while answer(ours, seller, &format!("search?q={name}%20"))["total"] != 1 {
            assert!(began.elapsed() < Duration::from_secs(30), "{name} is never found");
            std::thread::sleep(Duration::from_millis(5));
        }
        seconds.push(began.elapsed().as_secs_f64());
    }
    seconds.sort_by(f64::total_cmp);
    seconds[seconds.len() / 2]
}

/// Products of the imported file.
const IMPORTED: usize = 10_000;

/// Seconds from sending a file of ten thousand products until all are validated, listed and found.
fn imported(ours: &Server, seller: &str) -> f64 {
    let header = "sku,title,title_zh,category,description,hs_code,unit,origin,currency,moq,ladder,lead_days,incoterm,place,picture";
    let row = |n: usize| {
        format!(
            "IMP-{n},Importedword {n} M8,螺栓,fasteners,Zinc plated.,73181500,pcs,CN,USD,100,100:0.0035;5000:0.003,14,FOB,Ningbo,\n"
        )
    };
    let file = format!("{header}\n{}", (0..IMPORTED).map(row).collect::<String>());
    let began = Instant::now();
    let job = ours.must(&wire("POST /api/v1/imports/products?dry_run=false", seller, None, &file));
    let job = format!("imports/{}", job["id"].as_str().unwrap());
    let wait = |what: &str, done: &dyn Fn() -> bool| {
        while !done() {
            assert!(began.elapsed() < Duration::from_secs(120), "{what} never ends");
            std::thread::sleep(Duration::from_millis(5));
        }
    };
    wait("the import", &|| answer(ours, seller, &job)["state"] != "running");
    let told = answer(ours, seller, &job);
    assert_eq!((&told["created"], &told["failed"]), (&json!(IMPORTED), &json!(0)), "{}", told["errors"][0]);
    wait("the index", &|| answer(ours, seller, "search?q=importedword%20&limit=1")["total"] == IMPORTED);
    began.elapsed().as_secs_f64()
}

pub fn run(bench: &mut Bench) {
    let (kept, made) = bench.large();
    let folder = bench.fresh("search-run");
    data::copy(&kept, &folder);
    let _ = std::fs::remove_dir_all(folder.join("search"));
    let began = Instant::now();
    let ours = Server::ours(&folder, None, None);
    let cookie = ours.demo("buyer");
    let took = built(&ours, &cookie, &made, began);
    bench.report.figure(&format!("index of {} products built in", made.products.len()), took, "s");
    bench.report.figure("memory, index just built", machine::memory_of(ours.pid()).0, "MiB");
    std::thread::sleep(REST);
    bench.report.figure("memory, index at rest", machine::memory_of(ours.pid()).0, "MiB");
    let kinds = kinds(&cookie);
    let until = Until::Time(Duration::from_secs_f64(bench.seconds));
    for connections in [1, 16] {
        let mut cases = Vec::new();
        for (name, requests) in &kinds {
            let case = Case::new(format!("{name}, {connections}"), "GET over HTTP, closed loop");
            cases.push((case, ours.target(), Load::closed(requests, connections, until)));
        }
        in_turn(bench.rounds, &mut cases);
        for (case, _, _) in cases {
            bench.report.case(case);
        }
    }
    let found = visible(&ours, &ours.demo("seller"), &made);
    bench.report.figure("change visible", found, "s");
    let took = imported(&ours, &ours.demo("seller"));
    bench.report.figure(&format!("import of {IMPORTED} products, validated and indexed, in"), took, "s");
    bench.report.figure("memory while searching", machine::memory_of(ours.pid()).0, "MiB");
    ours.stop();
    bench.report.part("search", "SQLite, WAL, synchronous=FULL");
}
