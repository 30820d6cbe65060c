//! The bare server: the same web framework and database library without login, rules, mapping or pool. It is the line ours
//! is held against in the same minute: one statement per answer, on connections that are only handed round.
//!
//! It speaks to SQLite through the raw driver that ours uses too, because two drivers cannot be linked into one program
//! without building the database library twice. A bare order is two lines of stock, two ledger entries and an audit row in
//! one transaction of its own, WAL and `synchronous=FULL` as in ours.

use super::data::Dice;
use actix_web::{App, HttpResponse, HttpServer, web};
use sea_orm::sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteRow, SqliteSynchronous};
use sea_orm::sqlx::{self, ConnectOptions, Row, SqliteConnection};
use serde::Serialize;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Mutex, mpsc};

/// Connections that read.
const READERS: usize = 4;

#[derive(Serialize)]
struct Product {
    id: i64,
    sku: String,
    title: String,
    category: String,
    description: String,
    price: i64,
    currency: String,
    supplier: String,
}

const DETAIL: &str =
    "SELECT id, sku, title, category, description, price, currency, supplier FROM product WHERE id = ?";
const LIST: &str = "SELECT id, sku, title, category, description, price, currency, supplier FROM product WHERE id > ? ORDER BY id LIMIT ?";

fn product(row: &SqliteRow) -> Product {
    Product {
        id: row.get(0),
        sku: row.get(1),
        title: row.get(2),
        category: row.get(3),
        description: row.get(4),
        price: row.get(5),
        currency: row.get(6),
        supplier: row.get(7),
    }
}

async fn open(path: &Path) -> SqliteConnection {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(Duration::from_secs(10))
        .disable_statement_logging();
    options.connect().await.unwrap()
}

/// Makes the database unless it is there.
pub fn fill(path: &Path, products: usize) {
    if path.exists() {
        return;
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let mut db = open(path).await;
        let tables = "CREATE TABLE product (id INTEGER PRIMARY KEY, sku TEXT, title TEXT, category TEXT, description TEXT, price INTEGER, currency TEXT, supplier TEXT, stock INTEGER);
             CREATE TABLE trade_order (id INTEGER PRIMARY KEY, buyer INTEGER, total INTEGER, state TEXT);
             CREATE TABLE line (id INTEGER PRIMARY KEY, order_id INTEGER, product INTEGER, quantity INTEGER);
             CREATE TABLE entry (id INTEGER PRIMARY KEY, order_id INTEGER, account INTEGER, amount INTEGER);
             CREATE TABLE audit (id INTEGER PRIMARY KEY, order_id INTEGER, what TEXT); BEGIN;";
        sqlx::raw_sql(tables).execute(&mut db).await.unwrap();
        let mut dice = Dice::new(1);
        for n in 0..products {
            let description = format!("{:040} plain words about the goods ", dice.below(1 << 40)).repeat(3);
            let insert = "INSERT INTO product VALUES (?, ?, ?, 'steel', ?, 1250, 'USD', 'Supplier 7', 1000000000)";
            let query = sqlx::query(insert).bind(n as i64 + 1).bind(format!("SKU-{n}"));
            query.bind(format!("steel hex bolt lamp cotton {n}")).bind(description).execute(&mut db).await.unwrap();
        }
        sqlx::raw_sql("COMMIT; PRAGMA wal_checkpoint(TRUNCATE)").execute(&mut db).await.unwrap();
    });
}

/// Connections handed round: readers, and the one that writes.
#[derive(Clone)]
struct Pool {
    back: mpsc::Sender<SqliteConnection>,
    readers: Arc<Mutex<mpsc::Receiver<SqliteConnection>>>,
    writer: Arc<Mutex<SqliteConnection>>,
}

impl Pool {
    async fn open(path: &Path) -> Self {
        let (back, readers) = mpsc::channel(READERS);
        for _ in 0..READERS {
            back.send(open(path).await).await.unwrap();
        }
        Self { back, readers: Arc::new(Mutex::new(readers)), writer: Arc::new(Mutex::new(open(path).await)) }
    }

    async fn reader(&self) -> SqliteConnection {
        self.readers.lock().await.recv().await.unwrap()
    }

    fn give_back(&self, reader: SqliteConnection) {
        let _ = self.back.try_send(reader);
    }
}

async fn detail(pool: web::Data<Pool>, id: web::Path<i64>) -> HttpResponse {
    let mut db = pool.reader().await;
    let found = sqlx::query(DETAIL).bind(*id).fetch_one(&mut db).await.unwrap();
    pool.give_back(db);
    HttpResponse::Ok().json(product(&found))
}

async fn list(pool: web::Data<Pool>, at: web::Path<(i64, i64)>) -> HttpResponse {
    let mut db = pool.reader().await;
    let found = sqlx::query(LIST).bind(at.0).bind(at.1).fetch_all(&mut db).await.unwrap();
    pool.give_back(db);
    HttpResponse::Ok().json(found.iter().map(product).collect::<Vec<_>>())
}

async fn order(pool: web::Data<Pool>, at: web::Path<i64>) -> HttpResponse {
    let mut db = pool.writer.lock().await;
    let run = async |sql: &'static str, values: &[i64], db: &mut SqliteConnection| {
        let query = values.iter().fold(sqlx::query(sql), |query, value| query.bind(*value));
        query.execute(db).await.unwrap().last_insert_rowid()
    };
    run("BEGIN IMMEDIATE", &[], &mut db).await;
    let id = run("INSERT INTO trade_order (buyer, total, state) VALUES (1, 2500, 'funded')", &[], &mut db).await;
    for product in [*at, *at + 1] {
        run("INSERT INTO line (order_id, product, quantity) VALUES (?, ?, 1)", &[id, product], &mut db).await;
        run("UPDATE product SET stock = stock - 1 WHERE id = ?", &[product], &mut db).await;
    }
    for amount in [2_500, -2_500] {
        run("INSERT INTO entry (order_id, account, amount) VALUES (?, 7, ?)", &[id, amount], &mut db).await;
    }
    run("INSERT INTO audit (order_id, what) VALUES (?, 'order')", &[id], &mut db).await;
    run("COMMIT", &[], &mut db).await;
    HttpResponse::Created().json(serde_json::json!({ "id": id }))
}

/// Serves until it is ended.
pub fn serve(path: PathBuf, address: SocketAddr) {
    let ready = || async { HttpResponse::Ok().json(serde_json::json!({ "status": "ok" })) };
    let work = async move {
        let pool = Pool::open(&path).await;
        let app = move || {
            App::new()
                .app_data(web::Data::new(pool.clone()))
                .route("/ready", web::get().to(ready))
                .route("/products/{id}", web::get().to(detail))
                .route("/list/{after}/{rows}", web::get().to(list))
                .route("/orders/{product}", web::post().to(order))
        };
        HttpServer::new(app).bind(address).unwrap().run().await.unwrap();
    };
    actix_web::rt::System::new().block_on(work);
}
