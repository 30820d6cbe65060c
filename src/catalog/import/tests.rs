use super::*;
use crate::catalog::read;
use crate::catalog::tests::{BUYER, MARKET, RIVAL, SELLER, World, company, seat};
use crate::platform::access::{Actor, Scope};
use crate::platform::engine::Request;
use crate::platform::problem::Failure;
use crate::platform::rows as store_rows;
use entrepot_domain::kernel::Role;
use serde_json::{Value, json};
use std::time::Duration;

const HEADER: &str =
    "sku,title,title_zh,category,description,hs_code,unit,origin,currency,moq,ladder,lead_days,incoterm,place,picture";

fn line(n: usize, price: &str) -> String {
    format!("S-{n},Screw {n},螺丝,hardware,Steel.,731815,pcs,CN,USD,1000,1000:{price};5000:0.003,14,FOB,Ningbo,screw")
}

fn file(lines: &[String]) -> String {
    format!("{HEADER}\n{}\n", lines.join("\n"))
}

async fn finished(state: &crate::platform::web::AppState, id: u128) -> Value {
    for _ in 0..600 {
        let view = show(state, &Scope::of(&seat(SELLER, Role::Viewer)), id).await.unwrap();
        let view = serde_json::to_value(view).unwrap();
        if view["state"] != "running" {
            return view;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("the import did not end");
}

async fn import(world: &World, text: &str, dry_run: bool) -> Value {
    let id = start(&world.state, &seat(SELLER, Role::Trader), SELLER, text.as_bytes(), dry_run).await.unwrap();
    finished(&world.state, id).await
}

fn counts(view: &Value) -> [i64; 5] {
    ["rows", "created", "updated", "unchanged", "failed"].map(|name| view[name].as_i64().unwrap())
}

#[tokio::test]
async fn a_file_may_be_sent_again_and_one_price_touches_one_row() {
    let world = World::new().await;
    let mut lines: Vec<String> = (0..200).map(|n| line(n, "0.0035")).collect();

    assert_eq!(counts(&import(&world, &file(&lines), true).await), [200, 200, 0, 0, 0]);
    assert_eq!(world.events().await, 0, "a dry run writes nothing");
    let first = import(&world, &file(&lines), false).await;
    assert_eq!((counts(&first), &first["state"]), ([200, 200, 0, 0, 0], &json!("done")));
    assert_eq!(counts(&import(&world, &file(&lines), false).await), [200, 0, 0, 200, 0]);
    assert_eq!(world.events().await, 200);

    lines[77] = line(77, "0.0034");
    assert_eq!(counts(&import(&world, &file(&lines), true).await), [200, 0, 1, 199, 0]);
    assert_eq!(counts(&import(&world, &file(&lines), false).await), [200, 0, 1, 199, 0]);
    assert_eq!(world.events().await, 201);
    assert_eq!(world.count("SELECT COUNT(*) FROM product WHERE version = 2").await, 1);
    assert_eq!(world.count("SELECT COUNT(*) FROM product").await, 200);
}

/// A line knows its listing by the SKU as it is kept, not as it is written: before, a file with a break in a SKU could be sent once.
#[tokio::test]
async fn a_sku_is_one_however_it_is_written() {
    let world = World::new().await;
    let broken = line(1, "0.0035").replacen("S-1", "\"S\n1\"", 1);
    let spaced = line(1, "0.0034").replacen("S-1", "S 1", 1);

    assert_eq!(counts(&import(&world, &file(std::slice::from_ref(&broken)), false).await), [1, 1, 0, 0, 0]);
    assert_eq!(counts(&import(&world, &file(std::slice::from_ref(&broken)), false).await), [1, 0, 0, 1, 0]);
    assert_eq!(counts(&import(&world, &file(std::slice::from_ref(&spaced)), false).await), [1, 0, 1, 0, 0]);
    let twice = import(&world, &file(&[broken, spaced]), false).await;
    assert_eq!((&twice["failed"], &twice["errors"][0]["code"]), (&json!(1), &json!("import.sku_repeated")));
}

/// The same file gives the same log, however much the importing task has done in its turn before.
#[tokio::test]
async fn lines_are_written_in_the_order_of_the_file() {
    let world = World::new().await;
    let lines: Vec<String> = (0..64).map(|n| format!("330603,{}", line(n, "0.0035"))).collect();
    let text = format!("supplier_registration,{HEADER}\n{}\n", lines.join("\n"));
    let rows_read = rows::goods(&text, true).unwrap();
    let suppliers = read::suppliers_by_registration(world.state.engine.db(), MARKET).await.unwrap();
    let mut runner = run::Runner::new(&world.state, Actor::system(MARKET), false);
    runner.know(&suppliers["330603"]).await.unwrap();
    // Some of what a task may do before it must give way.
    for _ in 0..100 {
        tokio::task::consume_budget().await;
    }

    job::run_chunk(&runner, &rows_read, |_| Some(SELLER)).await.unwrap();

    let sql = "SELECT p.sku FROM sealed s JOIN event e ON e.market_id = s.market_id AND e.id = s.event_id \
        JOIN product p ON p.market_id = e.market_id AND p.id = e.subject_id WHERE e.step LIKE 'product.%' ORDER BY s.seq";
    let written = store_rows::query(world.state.engine.db().read(), sql, vec![]).await.unwrap();
    let written: Vec<String> = written.iter().map(|row| row.try_get("", "sku").unwrap()).collect();
    assert_eq!(written, (0..64).map(|n| format!("S-{n}")).collect::<Vec<_>>());
}

/// Everything a listing can hold, with texts that separators, spreadsheets and lines of CSV could stumble over.
fn laden(n: usize) -> Value {
    let state = if n == 0 { "draft" } else { "published" };
    json!({ "sku": format!("=SUM({n})"), "title": "'-10 °C, \"deep\" freezer; a=b|c", "title_zh": "+灯芯绒",
        "category": "textiles", "description": "-first\r\nsecond,\tthird\n\n\"fourth\" '=5",
        "hs_code": "5801220000", "unit": "m", "origin": "CN", "currency": "JPY", "moq": "300.5", "moq_step": "0.5",
        "ladder": [{ "from_quantity": "300", "unit_price": "3.42" }, { "from_quantity": "1000", "unit_price": "0.000001" }],
        "lead_days": 0, "incoterm": { "code": "DAP", "place": "@Köln" }, "pictures": ["lace.svg", "fabric-roll.svg"],
        "attributes": { "composition": "100 % =cotton; \\ 5|6", "weight_gsm": "-1.5", "=own": "x=y;z", "weave": "woven" },
        "sample": { "unit_price": "0", "max_quantity": 3, "lead_days": 7 },
        "certificates": [
            { "kind": "OEKO|TEX", "number": "=1;2", "issuer": "TÜV", "valid_until": "2027-06-30" },
            { "kind": "-CE", "number": "3", "issuer": "SGS" },
        ],
        "family": { "key": "@f;1", "options": { "colour": "=blue", "size": "a;b" } },
        "state": state })
}

#[tokio::test]
async fn what_is_exported_is_taken_back_and_changes_nothing() {
    use crate::catalog::draft::Draft;
    use crate::catalog::{ListProduct, export, read};
    let world = World::new().await;
    let mut plain = laden(1);
    for name in ["title_zh", "moq_step", "sample", "family"] {
        plain[name] = Value::Null;
    }
    for (name, empty) in
        [("sku", json!("plain")), ("pictures", json!([])), ("attributes", json!({})), ("certificates", json!([]))]
    {
        plain[name] = empty;
    }
    for (id, draft) in [laden(0), laden(1), plain].into_iter().enumerate() {
        let draft: Draft = serde_json::from_value(draft).unwrap();
        let listing = draft.listing(id as u128 + 1, SELLER).unwrap();
        let request = Request::new(seat(SELLER, Role::Owner), ListProduct { listing, sells: true, on_hand: None });
        world.state.engine.execute(request).await.unwrap();
    }
    let scope = Scope::of(&seat(SELLER, Role::Owner));
    let listings = read::own::all(world.state.engine.db(), &scope).await.unwrap();
    assert_eq!(listings.len(), 3, "drafts are exported too");
    let file = String::from_utf8(export::goods(&listings).unwrap()).unwrap();
    let mut cells = csv::Reader::from_reader(file.as_bytes());
    for cell in cells.records().flat_map(|row| row.unwrap().iter().map(str::to_owned).collect::<Vec<_>>()) {
        assert!(!cell.starts_with(['=', '+', '@', '\t', '-']), "a spreadsheet would run {cell}");
    }

    let again = import(&world, &file, false).await;
    assert_eq!((counts(&again), &again["errors"]), ([3, 0, 0, 3, 0], &json!([])));
    assert_eq!(world.events().await, 3, "nothing was written");

    // One changed cell touches one row, and an older file without the new columns takes nothing away.
    let dearer = file.replacen("300:3.42", "300:3.43", 1);
    assert_eq!(counts(&import(&world, &dearer, false).await), [3, 0, 1, 2, 0]);
    let mut reader = csv::Reader::from_reader(file.as_bytes());
    let mut older = csv::Writer::from_writer(Vec::new());
    older.write_record(HEADER.split(',')).unwrap();
    for row in reader.records().skip(1) {
        older.write_record(row.unwrap().iter().take(15)).unwrap();
    }
    let older = String::from_utf8(older.into_inner().unwrap()).unwrap();
    let kept = import(&world, &older, false).await;
    assert_eq!((counts(&kept), &kept["errors"]), ([2, 0, 0, 2, 0], &json!([])));
    let emptied = file.replacen("colour=", "=", 1);
    let refused = import(&world, &emptied, true).await;
    assert_eq!(refused["failed"], 1, "{refused}");
}

#[tokio::test]
async fn good_lines_are_kept_and_bad_ones_listed() {
    let world = World::new().await;
    let mut lines: Vec<String> = (0..1_100).map(|n| line(n, "free")).collect();
    lines.push(line(2_000, "0.0035"));

    let view = import(&world, &file(&lines), false).await;

    assert_eq!(counts(&view), [1_101, 1, 0, 0, 1_100]);
    assert_eq!(view["errors"].as_array().unwrap().len(), 1_000);
    assert_eq!(
        view["errors"][0],
        json!({ "line": 2, "column": "ladder", "value": "1000:free;5000:0.003", "code": "catalog.number",
            "detail": view["errors"][0]["detail"] })
    );
}

#[tokio::test]
async fn a_job_belongs_to_its_company_and_runs_alone() {
    let world = World::new().await;
    let lines: Vec<String> = (0..300).map(|n| line(n, "0.0035")).collect();
    let trader = seat(SELLER, Role::Trader);
    let id = start(&world.state, &trader, SELLER, file(&lines).as_bytes(), false).await.unwrap();

    let second = start(&world.state, &trader, SELLER, file(&lines).as_bytes(), false).await;
    assert!(matches!(second, Err(Failure::Refused(r)) if r.code == "import.running"));
    for stranger in
        [seat(RIVAL, Role::Owner), seat(BUYER, Role::Owner), Actor { market: 0x12, ..seat(SELLER, Role::Owner) }]
    {
        assert!(
            matches!(show(&world.state, &Scope::of(&stranger), id).await, Err(Failure::Refused(r)) if r.status == 404)
        );
    }
    assert_eq!(counts(&finished(&world.state, id).await), [300, 300, 0, 0, 0]);
}

#[tokio::test]
async fn an_interrupted_import_goes_on_after_a_restart() {
    let world = World::new().await;
    let lines: Vec<String> = (0..100).map(|n| line(n, "0.0035")).collect();
    import(&world, &file(&lines[..30]), false).await;
    let id = start(&world.state, &seat(SELLER, Role::Trader), SELLER, file(&lines).as_bytes(), false).await.unwrap();
    finished(&world.state, id).await;
    // As the crash left it: under way, with nothing noted yet.
    let mut job = store::load(world.state.engine.db(), MARKET, id).await.unwrap().unwrap();
    job.status = job::Status::Running;
    job.progress.summary = ImportSummary { done: 10, unchanged: 10, ..ImportSummary::default() };
    store::save(world.state.engine.db(), &job).await.unwrap();

    let state = world.again().await;
    resume_imports(&state).await.unwrap();

    assert_eq!(counts(&finished(&state, id).await), [100, 0, 0, 100, 0]);
    // One whose file is gone is marked instead.
    job.progress.file = "00".repeat(32);
    store::save(state.engine.db(), &job).await.unwrap();
    resume_imports(&state).await.unwrap();
    let failed = finished(&state, id).await;
    assert_eq!((&failed["state"], &failed["errors"][0]["code"]), (&json!("failed"), &json!("import.stopped")));
}

#[tokio::test]
async fn a_market_is_filled_from_two_files_and_again_without_harm() {
    let world = World::new().await;
    let mut companies = "registration_number,name,name_zh,country,city,founded,about,sells,buys\n".to_owned();
    let mut products = format!("supplier_registration,{HEADER}\n");
    for supplier in 0..20 {
        companies.push_str(&format!("N{supplier},Maker {supplier},,CN,Ningbo,2001,Makes.,true,false\n"));
        for n in 0..100 {
            products.push_str(&format!("N{supplier},{}\n", line(n, "0.0035")));
        }
    }
    products.push_str(&format!("nobody,{}\n", line(1, "0.0035")));
    let began = std::time::Instant::now();
    let fill = || async {
        let open = |row: CompanyRow| {
            let world = &world;
            async move {
                let id = world.state.engine.ids().next();
                let command = company(id, &row.name, &row.registration_number, row.sells);
                world.state.engine.execute(Request::new(Actor::system(MARKET), command)).await.map(|_| id)
            }
        };
        import_market(&world.state, MARKET, &companies, &products, open).await.unwrap()
    };

    let first = fill().await;
    println!("2,000 goods in {:?}", began.elapsed());
    let second = fill().await;

    assert_eq!((first.companies, first.created, first.failed), (20, 2_000, 1));
    assert_eq!(first.errors[0].code, "import.supplier_unknown");
    assert_eq!((second.companies, second.created, second.unchanged, second.failed), (0, 0, 2_000, 21));
    assert_eq!(world.events().await, 2_000);
}
