//! A market of one's own to test in.

use super::*;
use crate::config::Config;
use crate::identity::{self, OpenCompany};
use crate::market;
use crate::platform::access::Actor;
use crate::platform::clock::Clock;
use crate::platform::database::Database;
use crate::platform::engine::{Engine, Registry, Request};
use crate::platform::files::Files;
use crate::platform::ids::Ids;
use crate::platform::live::Live;
use crate::platform::problem::{Failure, Refusal};
use crate::platform::rows;
use crate::platform::session::{ACCESS_COOKIE, Sessions};
use crate::platform::web::AppState;
use actix_web::cookie::Cookie;
use actix_web::http::StatusCode;
use actix_web::{App, test, web};
use clap::Parser;
use entrepot_domain::kernel::MarketTime;
use entrepot_domain::market::Era;
use serde_json::Value;
use utoipa_actix_web::AppExt;

pub const MARKET: u128 = 0x11;
pub const OTHER_MARKET: u128 = 0x12;
pub const SELLER: u128 = 0x21;
pub const RIVAL: u128 = 0x22;
pub const BUYER: u128 = 0x23;

#[derive(Parser)]
struct Arguments {
    #[command(flatten)]
    config: Config,
}

/// Two markets; in the first two sellers and a buyer.
pub struct World {
    pub state: AppState,
    pub folder: tempfile::TempDir,
}

pub fn company(id: u128, name: &str, number: &str, sells: bool) -> OpenCompany {
    OpenCompany {
        id,
        name: name.to_owned(),
        name_zh: None,
        country: "CN".to_owned(),
        registration_number: number.to_owned(),
        city: "Ningbo".to_owned(),
        founded: Some(1999),
        about: String::new(),
        buys: !sells,
        sells,
        owner: None,
    }
}

impl World {
    pub async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("test.db").display());
        let world = Self { state: open(&url, &folder).await, folder };
        for id in [MARKET, OTHER_MARKET] {
            let opening = market::OpenMarket::new(id, "Harbour", Era::ALL[0], 1_000_000, MarketTime(5_000));
            world.state.engine.execute(Request::new(Actor::system(id), opening)).await.unwrap();
        }
        for (id, name, number, sells) in [
            (SELLER, "Lanqiao Weaving", "330603", true),
            (RIVAL, "Café Ünlü", "330604", true),
            (BUYER, "Bikes", "1", false),
        ] {
            let command = company(id, name, number, sells);
            world.state.engine.execute(Request::new(Actor::system(MARKET), command)).await.unwrap();
        }
        world
    }

    /// The same database behind a new door, as after a crash.
    pub async fn again(&self) -> AppState {
        open(&format!("sqlite://{}", self.folder.path().join("test.db").display()), &self.folder).await
    }

    pub async fn count(&self, sql: &str) -> i64 {
        rows::query_one(self.state.engine.db().read(), sql, vec![]).await.unwrap().unwrap().try_get_by_index(0).unwrap()
    }

    pub async fn events(&self) -> i64 {
        self.count("SELECT COUNT(*) FROM event WHERE step LIKE 'product.%'").await
    }

    pub async fn call(&self, actor: &Actor, request: test::TestRequest) -> (StatusCode, Option<String>, Value) {
        let sessions: Arc<dyn Sessions> = Arc::new(Fake(actor.clone()));
        let app = App::new()
            .app_data(web::Data::new(self.state.clone()))
            .app_data(web::Data::new(sessions))
            .into_utoipa_app()
            .service(utoipa_actix_web::scope("/api/v1").configure(routes))
            .into_app();
        let app = test::init_service(app).await;
        let request = request.cookie(Cookie::new(ACCESS_COOKIE, "x")).to_request();
        let response = test::call_service(&app, request).await;
        let tag = response.headers().get("etag").map(|t| t.to_str().unwrap().to_owned());
        let status = response.status();
        let body = test::read_body(response).await;
        (status, tag, serde_json::from_slice(&body).unwrap_or(Value::Null))
    }
}

async fn open(url: &str, folder: &tempfile::TempDir) -> AppState {
    let db = Database::open(url).await.unwrap();
    let stores = [identity::stores(), super::stores()].into_iter().flatten().collect();
    let registry = Registry::new(stores, &[market::ACCESS, identity::ACCESS, ACCESS], &[]);
    let engine = Engine::start(db, Clock::manual(1_000_000), Ids::seeded(5), registry, Live::default()).unwrap();
    let mut config = Arguments::parse_from(["test"]).config;
    config.demo_data = folder.path().to_owned();
    AppState {
        engine,
        files: Files::new(&folder.path().join("files")),
        config: Arc::new(config),
        life: Default::default(),
        services: Default::default(),
    }
}

struct Fake(Actor);

#[async_trait::async_trait]
impl Sessions for Fake {
    async fn actor(&self, token: Option<String>) -> Result<Actor, Failure> {
        token.map(|_| self.0.clone()).ok_or_else(|| Refusal::new(401, "unauthenticated", "").into())
    }

    async fn proved(&self, _: &Actor) -> Result<(), Failure> {
        Ok(())
    }
}

pub fn seat(company: u128, role: Role) -> Actor {
    Actor { market: MARKET, user: company + 100, session: 1, company: Some(company), role }
}
