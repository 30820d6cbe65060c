//! Builds the application: database, door, slices' tables, web server, background work, shutdown.
//!
//! This is the only place that knows all slices. `boot` collects their access rows, problem rows, stores and routes into
//! the one table of each kind.

use crate::config::Config;
use crate::platform::clock::Clock;
use crate::platform::database::Database;
use crate::platform::engine::{Engine, Registry};
use crate::platform::files::Files;
use crate::platform::ids::Ids;
use crate::platform::live::{self, Live};
use crate::platform::problem::{Failure, Fault, PLATFORM_PROBLEMS, ProblemRow, Refusal};
use crate::platform::session::Sessions;
use crate::platform::web::{AppState, headers, problems, same_site};
use crate::platform::{assets, live_http, openapi, rows};
use crate::{audit, catalog, identity, insight, market, messages, trade, wallet};
use actix_web::middleware::{Compress, from_fn};
use actix_web::web::{Data, PayloadConfig, QueryConfig};
use actix_web::{App, HttpResponse, HttpServer, get};
use std::sync::Arc;
use std::time::Duration;
use utoipa_actix_web::service_config::ServiceConfig;
use utoipa_actix_web::{AppExt, scope};

/// Access rows of all slices.
pub fn access_tables() -> Vec<&'static [crate::platform::access::AccessRow]> {
    vec![
        market::ACCESS,
        identity::ACCESS,
        catalog::ACCESS,
        trade::ACCESS,
        messages::ACCESS,
        wallet::ACCESS,
        audit::ACCESS,
        insight::ACCESS,
    ]
}

/// Problem rows of all slices.
pub fn problem_rows() -> Vec<ProblemRow> {
    [
        PLATFORM_PROBLEMS,
        market::PROBLEMS,
        identity::PROBLEMS,
        catalog::PROBLEMS,
        trade::PROBLEMS,
        messages::PROBLEMS,
        wallet::PROBLEMS,
        audit::PROBLEMS,
    ]
    .concat()
}

/// What the door must know of the slices.
pub fn registry() -> Registry {
    let stores = [identity::stores(), catalog::stores(), trade::stores(), messages::stores(), wallet::stores()];
    Registry::new(stores.into_iter().flatten().collect(), &access_tables(), trade::DEADLINES)
        .following(insight::followers())
}

/// Opens the database and the door.
pub async fn open(config: Config, clock: Clock, ids: Ids) -> Result<AppState, Fault> {
    crate::platform::problem::install(problem_rows());
    if let Some(path) = config.database.strip_prefix("sqlite://")
        && let Some(folder) = std::path::Path::new(path.split('?').next().unwrap_or(path)).parent()
    {
        tokio::fs::create_dir_all(folder).await?;
    }
    let db = Database::open(&config.database).await?;
    let engine = Engine::start(db, clock, ids, registry(), Live::default())?;
    Ok(AppState { engine, files: Files::new(&config.files), config: Arc::new(config) })
}

/// All routes below `/api/v1`; the OpenAPI document is collected from them.
pub fn routes(cfg: &mut ServiceConfig) {
    market::routes(cfg);
    identity::routes(cfg);
    catalog::routes(cfg);
    trade::routes(cfg);
    messages::routes(cfg);
    wallet::routes(cfg);
    audit::routes(cfg);
    insight::routes(cfg);
    cfg.service(live_http::live_stream);
}

#[get("/health")]
async fn health() -> HttpResponse {
    HttpResponse::Ok().json(serde_json::json!({ "status": "ok" }))
}

/// Ready when the database answers.
#[get("/ready")]
async fn ready(state: Data<AppState>) -> Result<HttpResponse, Failure> {
    rows::query_one(state.engine.db().read(), "SELECT 1 AS one", Vec::new()).await?;
    Ok(HttpResponse::Ok().json(serde_json::json!({ "status": "ready" })))
}

/// The document `openapi` prints and `/api/v1/openapi.json` serves.
pub fn document() -> utoipa::openapi::OpenApi {
    let (_, api) = App::new().into_utoipa_app().service(scope::scope("/api/v1").configure(routes)).split_for_parts();
    openapi::finish(api)
}

/// Adds everything the server answers to an app; tests use the same.
pub fn configure(cfg: &mut actix_web::web::ServiceConfig) {
    let api = document();
    let json = serde_json::to_string(&api).unwrap_or_default();
    cfg.app_data(PayloadConfig::new(crate::platform::web::FILE_MAX))
        .app_data(QueryConfig::default().error_handler(|error, _| {
            let refusal = Refusal::invalid("A query parameter is missing or has a wrong form.");
            Failure::from(refusal.field("", "malformed", error.to_string())).into()
        }))
        .service(health)
        .service(ready)
        .route(
            "/api/v1/openapi.json",
            actix_web::web::get().to(move || {
                let json = json.clone();
                async move { HttpResponse::Ok().content_type("application/json").body(json) }
            }),
        )
        .service(utoipa_swagger_ui::SwaggerUi::new("/api/docs/{_:.*}").url("/api/v1/openapi.json", api))
        .service(
            actix_web::web::scope("/api/v1")
                .wrap(from_fn(problems))
                .configure(|inner| {
                    let mut collected = ServiceConfig::new(inner);
                    routes(&mut collected);
                })
                .default_service(actix_web::web::to(|| async {
                    Err::<HttpResponse, Failure>(Refusal::not_found().into())
                })),
        )
        .default_service(actix_web::web::get().to(assets::serve));
}

/// Serves until told to stop; returns after a graceful shutdown.
pub async fn serve(state: AppState) -> Result<(), Fault> {
    let config = Arc::clone(&state.config);
    let identity = identity::IdentitySessions::start(&state).await?;
    if let Some(link) = identity.offer_first_admin().await.map_err(words)? {
        println!("There is no admin yet. This link makes the first one, once, within an hour:\n  {link}");
    }
    let sessions: Arc<dyn Sessions> = Arc::new(identity.clone());
    catalog::resume_imports(&state).await.map_err(words)?;
    let background = tokio::task::spawn(tend(state.engine.clone(), identity.clone()));
    let postman = tokio::task::spawn(identity.mail().clone().run());
    let app_state = state.clone();
    let mut server = HttpServer::new(move || {
        App::new()
            .app_data(Data::new(app_state.clone()))
            .app_data(Data::new(Arc::clone(&sessions)))
            .app_data(Data::new(identity.clone()))
            .wrap(Compress::default())
            .wrap(from_fn(same_site))
            .wrap(from_fn(headers))
            .configure(configure)
    })
    .shutdown_timeout(10)
    .client_request_timeout(Duration::from_secs(5))
    .disable_signals();
    if config.workers > 0 {
        server = server.workers(config.workers);
    }
    let server = server.bind(config.listen)?.run();
    let handle = server.handle();
    let live = state.engine.live().clone();
    tokio::task::spawn(async move {
        stop_signal().await;
        live.stop();
        handle.stop(true).await;
    });
    server.await?;
    background.abort();
    postman.abort();
    Ok(())
}

fn words(failure: Failure) -> Fault {
    Fault::new(failure.to_string())
}

async fn stop_signal() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => {
            tokio::select! { _ = tokio::signal::ctrl_c() => {}, _ = terminate.recv() => {} }
        }
        Err(_) => {
            let _ = tokio::signal::ctrl_c().await;
        }
    }
}

/// Background rounds in an hour.
const ROUNDS_PER_HOUR: u64 = 5 * 3_600;

/// Lets running clocks fire their deadlines, seals what other transactions committed, feeds the jobs, and carries sealed events of other
/// nodes to this node's streams.
async fn tend(engine: Engine, identity: identity::IdentitySessions) {
    let mut seen: std::collections::HashMap<u128, i64> = std::collections::HashMap::new();
    for round in 0u64.. {
        tokio::time::sleep(Duration::from_millis(200)).await;
        if round.is_multiple_of(ROUNDS_PER_HOUR)
            && let Err(fault) = identity.tidy().await
        {
            tracing::warn!(error = %fault, "old sessions could not be removed");
        }
        if let Err(failure) = tend_once(&engine, &mut seen).await {
            tracing::warn!(error = %failure, "background round failed: {failure}");
        }
    }
}

async fn tend_once(engine: &Engine, seen: &mut std::collections::HashMap<u128, i64>) -> Result<(), Failure> {
    for row in rows::query(engine.db().read(), "SELECT market_id FROM market", Vec::new()).await? {
        let market = rows::get_id(&row, "market_id")?;
        if !engine.market(market).await?.clock.paused {
            engine.run_due(market).await?;
        }
        while engine.seal(market).await? > 0 {}
        while engine.follow(market).await? > 0 {}
        if !engine.db().single_writer() {
            let last = seen.entry(market).or_insert(i64::MAX);
            let notes = live::since(engine.db(), market, if *last == i64::MAX { 0 } else { *last }).await?;
            if let Some(newest) = notes.last() {
                let first_round = *last == i64::MAX;
                *last = newest.seq;
                if !first_round {
                    engine.live().publish(notes);
                }
            }
        }
    }
    Ok(())
}
