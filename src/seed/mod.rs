//! The demo market: real input through the same import users use, then a year of trading through the door.
//!
//! Nothing is inserted. Identifiers come from a seeded stream, the market starts on a fixed date, and every draw is keyed
//! by the seed, so the same seed plays the same market; recorded times and credentials are the only difference.

mod draw;
mod goods;
mod people;
mod play;
mod prove;
mod talk;
mod treasury;

use crate::platform::access::Actor;
use crate::platform::engine::Request;
use crate::platform::problem::{Failure, Fault};
use crate::platform::rows;
use crate::platform::web::AppState;
use crate::{catalog, identity, market, notices};
use draw::Draw;
use entrepot_domain::kernel::MarketTime;
use entrepot_domain::market::Era;
use people::{Clerk, Trader};
use play::Stage;
use std::collections::HashMap;

/// 2025-11-03 09:00 in Shanghai: where market time begins.
const BEGINNING: MarketTime = MarketTime(1_762_131_600_000_000);

/// Days before the end of the play that people are told of.
const NEWS_DAYS: i64 = 7;

/// What the demo page and the start-up line say.
pub const ACCOUNTS: &str = "Demo sign-in is one click on the page: buyer, seller, admin, teacher.";

/// True when no market has been opened yet.
pub async fn is_empty(state: &AppState) -> Result<bool, Fault> {
    let row = rows::query_one(state.engine.db().read(), "SELECT market_id FROM market LIMIT 1", Vec::new()).await?;
    Ok(row.is_none())
}

/// Fills an empty database; answers what it made.
pub async fn fill(state: &AppState, seed: u64, orders: u32) -> Result<String, Fault> {
    fill_in(state, seed, orders).await.map_err(|failure| Fault::new(format!("filling the demo market: {failure}")))
}

async fn fill_in(state: &AppState, seed: u64, orders: u32) -> Result<String, Failure> {
    if !is_empty(state).await? {
        return Err(Fault::new("the database already holds a market; the demo market needs an empty one").into());
    }
    let folder = &state.config.demo_data;
    let companies = tokio::fs::read_to_string(folder.join("companies.csv")).await?;
    let products = tokio::fs::read_to_string(folder.join("products.csv")).await?;
    let market = state.engine.ids().next();
    let real = state.engine.clock().now();
    let open = market::OpenMarket::new(market, "Entrepot demo market", Era::Transaction, real, BEGINNING);
    state.engine.execute(Request::new(Actor::system(market), open)).await?;
    let imported =
        catalog::import_market(state, market, &companies, &products, |row| open_company(state, market, row)).await?;
    let mut stage = stage(state, market, Draw::new(seed), &products).await?;
    let (Some(buyer), Some(seller)) = (stage.buyers.first(), stage.sellers.first()) else {
        return Err(Fault::new("the demo data has no buyers or no sellers").into());
    };
    identity::demo::ensure_users(state, market, buyer.id, seller.id).await?;
    staff(&mut stage).await?;
    let admin = identity::demo::admin(state).await?;
    let drafted = stage.play(u64::from(orders), admin).await?;
    // A year of trading is nobody's news: people are told of its last days, so that the demo has something to show.
    while state.engine.seal(market).await? > 0 {}
    let now = state.engine.market(market).await?.now(state.engine.clock().now());
    notices::begin(state.engine.db(), market, now.plus_days(-NEWS_DAYS)).await?;
    Ok(format!("Demo market filled: {imported}, {drafted} orders over {} days.", play::DAYS))
}

async fn open_company(state: &AppState, market: u128, row: catalog::CompanyRow) -> Result<u128, Failure> {
    let id = state.engine.ids().next();
    let command = identity::OpenCompany {
        id,
        name: row.name,
        name_zh: row.name_zh,
        country: row.country,
        registration_number: row.registration_number,
        city: row.city,
        founded: row.founded,
        about: row.about,
        buys: row.buys,
        sells: row.sells,
        owner: None,
    };
    state.engine.execute(Request::new(Actor::system(market), command)).await?;
    Ok(id)
}

/// Gives every company somebody who acts for it; the two one-click seats act for their own.
async fn staff(stage: &mut Stage<'_>) -> Result<(), Failure> {
    let (state, market, draw) = (stage.state, stage.market, stage.draw);
    for (n, trader) in (0u64..).zip(stage.buyers.iter_mut().chain(&mut stage.sellers)) {
        let name = people::name(draw, n, &trader.country);
        let (user, name) =
            identity::demo::ensure_clerk(state, market, trader.id, &name, &trader.email("trade")).await?;
        trader.clerk = Clerk { user, name };
    }
    Ok(())
}

async fn stage<'a>(state: &'a AppState, market: u128, draw: Draw, products_csv: &str) -> Result<Stage<'a>, Failure> {
    let db = state.engine.db();
    let sql =
        "SELECT id, name, country, registration_number, sells FROM company WHERE market_id = $1 ORDER BY name, id";
    let (mut buyers, mut sellers) = (Vec::new(), Vec::new());
    for row in rows::query(db.read(), sql, vec![rows::id(market)]).await? {
        let id = rows::get_id(&row, "id")?;
        let company = identity::company(db, market, id).await?;
        let trader = Trader {
            id,
            name: row.try_get("", "name").map_err(Fault::from)?,
            registration: row.try_get("", "registration_number").map_err(Fault::from)?,
            country: row.try_get("", "country").map_err(Fault::from)?,
            city: company.map(|(_, company)| company.city).unwrap_or_default(),
            clerk: Clerk { user: 0, name: String::new() },
        };
        let sells: i64 = row.try_get("", "sells").map_err(Fault::from)?;
        if sells != 0 { sellers.push(trader) } else { buyers.push(trader) }
    }
    let mut products = HashMap::new();
    let sql = "SELECT id, supplier_id, sku FROM product WHERE market_id = $1";
    for row in rows::query(db.read(), sql, vec![rows::id(market)]).await? {
        let sku: String = row.try_get("", "sku").map_err(Fault::from)?;
        products.insert((rows::get_id(&row, "supplier_id")?, sku), format!("{:032x}", rows::get_id(&row, "id")?));
    }
    Ok(Stage { state, market, draw, buyers, sellers, goods: goods::read(products_csv)?, products })
}
