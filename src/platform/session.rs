//! Who a request comes from: the extractor every guarded handler takes. How sessions work is the identity slice's
//! business; it hands in a [`Sessions`] at start.

use crate::platform::access::{Actor, Scope};
use crate::platform::problem::{Failure, Refusal};
use crate::platform::web::AppState;
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, web};
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

/// Turns a request's cookies into an actor.
#[async_trait::async_trait]
pub trait Sessions: Send + Sync {
    /// The actor of a valid, seated session.
    ///
    /// Errors: 401 without one.
    async fn actor(&self, access_token: Option<String>) -> Result<Actor, Failure>;
}

/// A request by a signed-in user in a seat.
pub struct Signed(pub Actor);

impl Signed {
    /// What its reads may see.
    pub fn scope(&self) -> Scope {
        Scope::of(&self.0)
    }
}

/// Cookie with the access token; the prefix needs https or loopback.
pub const ACCESS_COOKIE: &str = "__Host-entrepot";
/// The same without the prefix, for `--insecure-lan`.
pub const ACCESS_COOKIE_PLAIN: &str = "entrepot";

/// The access token a request carries; the plain cookie counts with `--insecure-lan` only.
pub fn access_token(request: &HttpRequest) -> Option<String> {
    let plain = request.app_data::<web::Data<AppState>>().is_some_and(|s| s.config.insecure_lan);
    let name = if plain { ACCESS_COOKIE_PLAIN } else { ACCESS_COOKIE };
    request.cookie(name).map(|c| c.value().to_owned())
}

impl FromRequest for Signed {
    type Error = Failure;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Failure>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let sessions = request.app_data::<web::Data<Arc<dyn Sessions>>>().cloned();
        let token = access_token(request);
        Box::pin(async move {
            let sessions = sessions.ok_or_else(|| Refusal::new(401, "unauthenticated", "Nobody is signed in."))?;
            Ok(Signed(sessions.actor(token).await?))
        })
    }
}
