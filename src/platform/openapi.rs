//! The OpenAPI 3.1 document, collected from the registered routes so that it cannot drift.

use utoipa::openapi::OpenApi;

/// Sets title, version and description of the collected document.
pub fn finish(mut api: OpenApi) -> OpenApi {
    api.info.title = "Entrepot".to_owned();
    api.info.version = env!("CARGO_PKG_VERSION").to_owned();
    api.info.description = Some("Simulated B2B cross-border trading: only the money is not real.".to_owned());
    api.info.license = None;
    api
}
