//! The page of metrics, on a listener of its own: what it tells is for the operator, so it is not reachable through the
//! product's port.

use crate::platform::engine::Engine;
use crate::platform::metrics::{self, Sample};
use crate::platform::problem::{Failure, Fault};
use actix_web::dev::Server;
use actix_web::web::Data;
use actix_web::{App, HttpResponse, HttpServer, get};
use std::future::Future;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;

/// What a slice adds to the page when it is read.
pub type Asked = Pin<Box<dyn Future<Output = Result<Vec<Sample>, Failure>> + Send>>;

/// Where the page's numbers come from.
#[derive(Clone)]
pub struct Sources {
    /// The door.
    pub engine: Engine,
    /// What the slices add.
    pub slices: Arc<dyn Fn() -> Asked + Send + Sync>,
}

#[get("/metrics")]
async fn page(sources: Data<Sources>) -> Result<HttpResponse, Failure> {
    let mut samples = metrics::of_engine(&sources.engine).await?;
    samples.extend((sources.slices)().await?);
    Ok(HttpResponse::Ok().content_type("text/plain; version=0.0.4; charset=utf-8").body(metrics::render(&samples)))
}

/// Opens the listener.
///
/// Errors: an address that cannot be listened on.
pub fn listen(address: SocketAddr, sources: Sources) -> Result<Server, Fault> {
    metrics::begin();
    let server = HttpServer::new(move || App::new().app_data(Data::new(sources.clone())).service(page))
        .workers(1)
        .shutdown_timeout(1)
        .disable_signals()
        .bind(address)
        .map_err(|error| Fault::new(format!("--metrics-listen {address}: {error}")))?;
    Ok(server.run())
}
