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
use crate::platform::life::Life;
use crate::platform::live::Live;
use crate::platform::problem::{Failure, Fault, PLATFORM_PROBLEMS, ProblemRow, Refusal};
use crate::platform::services::Services;
use crate::platform::session::Sessions;
use crate::platform::sink::say;
use crate::platform::web::server::Listener;
use crate::platform::web::{AppState, JSON_MAX, problems, reports};
use crate::platform::web_metrics::{self, Sources};
use crate::platform::{assets, live_http, openapi, tls, web_life};
use crate::{
    audit, background, catalog, identity, inquiry, insight, market, messages, notices, proof, search, shutdown,
    sourcing, stock, trade, wallet,
};
use actix_web::middleware::from_fn;
use actix_web::web::{Bytes, Data, PayloadConfig, QueryConfig};
use actix_web::{App, HttpResponse};
use std::sync::{Arc, LazyLock};
use utoipa_actix_web::service_config::ServiceConfig;
use utoipa_actix_web::{AppExt, scope};

/// Access rows of all slices.
pub fn access_tables() -> Vec<&'static [crate::platform::access::AccessRow]> {
    vec![
        market::ACCESS,
        identity::ACCESS,
        catalog::ACCESS,
        stock::ACCESS,
        search::ACCESS,
        inquiry::ACCESS,
        proof::ACCESS,
        sourcing::ACCESS,
        trade::ACCESS,
        messages::ACCESS,
        wallet::ACCESS,
        audit::ACCESS,
        insight::ACCESS,
        notices::ACCESS,
    ]
}

/// Problem rows of all slices.
pub fn problem_rows() -> Vec<ProblemRow> {
    [
        PLATFORM_PROBLEMS,
        market::PROBLEMS,
        identity::PROBLEMS,
        catalog::PROBLEMS,
        stock::PROBLEMS,
        search::PROBLEMS,
        inquiry::PROBLEMS,
        proof::PROBLEMS,
        sourcing::PROBLEMS,
        trade::PROBLEMS,
        messages::PROBLEMS,
        wallet::PROBLEMS,
        audit::PROBLEMS,
        notices::PROBLEMS,
    ]
    .concat()
}

/// What the door must know of the slices.
pub fn registry() -> Registry {
    let stores = [
        identity::stores(),
        catalog::stores(),
        stock::stores(),
        inquiry::stores(),
        proof::stores(),
        sourcing::stores(),
        trade::stores(),
        messages::stores(),
        wallet::stores(),
    ];
    let deadlines = [trade::DEADLINES, inquiry::DEADLINES, proof::DEADLINES, sourcing::DEADLINES].concat();
    let followers = insight::followers().into_iter().chain(sourcing::followers()).chain(notices::followers()).collect();
    Registry::new(stores.into_iter().flatten().collect(), &access_tables(), &deadlines).following(followers)
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
    catalog::complete_cards(&db).await?;
    let files = files(&config, &clock)?;
    if !db.single_writer() && config.s3_endpoint.is_none() {
        tracing::warn!(
            "uploaded files lie in a folder of this machine; several nodes must share it, or use --s3-endpoint"
        );
    }
    let engine = Engine::start(db, clock, ids, registry(), Live::default())?;
    let limit = config.clock_jump_minutes.checked_mul(60_000_000);
    engine.hold_jumps_beyond(limit.filter(|limit| *limit > 0));
    let services = Services::of(search::Search::below(&config.search_folder()));
    Ok(AppState { engine, files, config: Arc::new(config), life: Life::default(), services })
}

/// The store of uploaded files that the configuration names.
///
/// Errors: an S3 store whose address or key cannot be read, or that this build does not know.
pub fn files(config: &Config, clock: &Clock) -> Result<Files, Fault> {
    let Some(endpoint) = &config.s3_endpoint else { return Ok(Files::new(&config.files)) };
    shared_files(config, endpoint, clock)
}

#[cfg(feature = "s3")]
fn shared_files(config: &Config, endpoint: &str, clock: &Clock) -> Result<Files, Fault> {
    use crate::platform::files::s3::{Place, S3, read_key};
    let missing = || Fault::new("--s3-endpoint needs --s3-bucket, --s3-access-key and --s3-secret-key-file");
    let place = Place {
        endpoint: endpoint.to_owned(),
        bucket: config.s3_bucket.clone().ok_or_else(missing)?,
        region: config.s3_region.clone(),
        access_key: config.s3_access_key.clone().ok_or_else(missing)?,
        secret_key: read_key(config.s3_secret_key_file.as_deref().ok_or_else(missing)?)?,
    };
    Ok(Files::of(S3::new(place, clock.clone())?))
}

#[cfg(not(feature = "s3"))]
fn shared_files(_: &Config, _: &str, _: &Clock) -> Result<Files, Fault> {
    Err(Fault::new("this build keeps files in a folder only; build it with --features s3"))
}

/// What each slice answers below `/api/v1`. Routes are tried one after another: what is asked for most comes first.
const ROUTES: &[fn(&mut ServiceConfig)] = &[
    trade::routes,
    catalog::routes,
    stock::routes,
    search::routes,
    market::routes,
    identity::routes,
    inquiry::routes,
    proof::routes,
    messages::routes,
    wallet::routes,
    audit::routes,
    insight::routes,
    sourcing::routes,
    notices::routes,
    |cfg| {
        cfg.service(live_http::live_stream);
    },
];

/// All routes below `/api/v1`; the OpenAPI document is collected from them.
pub fn routes(cfg: &mut ServiceConfig) {
    ROUTES.iter().for_each(|add| add(cfg));
}

/// The document as it is sent; made when somebody asks for it first.
static DOCUMENT: LazyLock<Bytes> =
    LazyLock::new(|| serde_json::to_vec(&document()).map(Bytes::from).unwrap_or_default());

/// The document `openapi` prints and `/api/v1/openapi.json` serves.
pub fn document() -> utoipa::openapi::OpenApi {
    let (_, mut api) =
        App::new().into_utoipa_app().service(scope::scope("/api/v1").configure(routes)).split_for_parts();
    crate::money::mark(&mut api);
    openapi::finish(api)
}

/// Adds everything the server answers to an app; tests use the same.
pub fn configure(cfg: &mut actix_web::web::ServiceConfig) {
    cfg.app_data(PayloadConfig::new(JSON_MAX))
        .app_data(QueryConfig::default().error_handler(|error, _| {
            let refusal = Refusal::invalid("A query parameter is missing or has a wrong form.");
            Failure::from(refusal.field("", "malformed", error.to_string())).into()
        }))
        .service(web_life::health)
        .service(web_life::ready)
        .service(reports::take)
        .service(reports::tell)
        .route(
            "/api/v1/openapi.json",
            actix_web::web::get().to(|| async {
                let json = actix_web::web::block(|| DOCUMENT.clone()).await?;
                Ok::<_, actix_web::Error>(HttpResponse::Ok().content_type("application/json").body(json))
            }),
        )
        .service(utoipa_swagger_ui::SwaggerUi::new("/api/docs/{_:.*}").config("/api/v1/openapi.json".into()))
        .service(
            actix_web::web::scope("/api/v1")
                .wrap(from_fn(web_life::kept))
                .wrap(from_fn(problems))
                .configure(|inner| {
                    // What is collected for the document goes with each slice: a worker that kept all of it until the end took 29 MB.
                    ROUTES.iter().for_each(|add| add(&mut ServiceConfig::new(inner)));
                })
                .default_service(actix_web::web::to(|| async {
                    Err::<HttpResponse, Failure>(Refusal::not_found().into())
                })),
        )
        .default_service(actix_web::web::get().to(assets::serve));
}

/// Routes that do much at once: two of them at a time, with two minutes each instead of ten seconds.
const HEAVY: &[&str] = &["POST /api/v1/admin/prove", "POST /api/v1/market/clock"];

/// Binds the address and starts to answer, with all guards; tests start the same server.
pub fn listen(
    state: &AppState,
    identity: &identity::IdentitySessions,
    tls: Option<tls::Identity>,
) -> Result<actix_web::dev::Server, Fault> {
    let (own, identity) = (state.clone(), identity.clone());
    let sessions: Arc<dyn Sessions> = Arc::new(identity.clone());
    let routes = move |cfg: &mut actix_web::web::ServiceConfig| {
        cfg.app_data(Data::new(Arc::clone(&sessions))).app_data(Data::new(identity.clone())).configure(configure);
    };
    Listener { state: own, tls, heavy: HEAVY, wordy: search::WORDY, routes }.start()
}

/// Serves until told to stop; returns after a graceful shutdown.
pub async fn serve(state: AppState) -> Result<(), Fault> {
    let config = Arc::clone(&state.config);
    let identity = identity::IdentitySessions::start(&state).await?;
    if let Some(link) = identity.offer_first_admin().await.map_err(words)? {
        say(format_args!("There is no admin yet. This link makes the first one, once, within an hour:\n  {link}"));
    }
    catalog::resume_imports(&state).await.map_err(words)?;
    let background = tokio::task::spawn(background::tend(state.clone(), identity.clone()));
    let searching = tokio::task::spawn(search::tend(state.clone(), search::Search::of(&state)?));
    let telling = tokio::task::spawn(notices::tend(state.clone(), identity.mail().clone()));
    let postman = tokio::task::spawn(identity.mail().clone().run(state.life.clone()));
    if let Some(address) = config.metrics_listen {
        actix_web::rt::spawn(web_metrics::listen(address, sources(&state, &identity))?);
    }
    let tls = config.tls().map(|source| tls::identity(&source, state.engine.clock().now())).transpose()?;
    if let Some(identity) = &tls {
        say(format_args!("Its certificate has the SHA-256 fingerprint\n  {}", identity.fingerprint));
    }
    let server = listen(&state, &identity, tls)?;
    let handle = server.handle();
    let drained = state.clone();
    tokio::task::spawn(async move {
        shutdown::drain(&drained).await;
        handle.stop(true).await;
    });
    server.await?;
    shutdown::finish(&state, [background, postman, searching, telling]).await
}

/// Where the page of metrics takes its numbers from.
pub fn sources(state: &AppState, identity: &identity::IdentitySessions) -> Sources {
    let identity = identity.clone();
    let slices = move || -> web_metrics::Asked {
        let identity = identity.clone();
        Box::pin(async move { identity::samples(&identity).await })
    };
    Sources { engine: state.engine.clone(), slices: Arc::new(slices) }
}

fn words(failure: Failure) -> Fault {
    Fault::new(failure.to_string())
}
