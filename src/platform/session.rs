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

    /// Whether the actor showed a secret in this session a short while ago: demanded by sensitive steps.
    ///
    /// Errors: 403 with the way to show one.
    async fn proved(&self, actor: &Actor) -> Result<(), Failure>;
}

/// A request by a signed-in user in a seat.
pub struct Signed(pub Actor);

impl Signed {
    /// What its reads may see.
    pub fn scope(&self) -> Scope {
        Scope::of(&self.0)
    }
}

/// A request by a signed-in user who showed a secret a short while ago: what handlers of sensitive steps take.
pub struct Proved(pub Actor);

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

/// The sessions handed in at start; without them nobody is signed in.
fn sessions(request: &HttpRequest) -> Result<web::Data<Arc<dyn Sessions>>, Failure> {
    let found = request.app_data::<web::Data<Arc<dyn Sessions>>>().cloned();
    Ok(found.ok_or_else(|| Refusal::new(401, "unauthenticated", "Nobody is signed in."))?)
}

impl FromRequest for Signed {
    type Error = Failure;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Failure>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let (sessions, token) = (sessions(request), access_token(request));
        Box::pin(async move { Ok(Signed(sessions?.actor(token).await?)) })
    }
}

impl FromRequest for Proved {
    type Error = Failure;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Failure>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let (sessions, token) = (sessions(request), access_token(request));
        Box::pin(async move {
            let sessions = sessions?;
            let actor = sessions.actor(token).await?;
            sessions.proved(&actor).await?;
            Ok(Proved(actor))
        })
    }
}
