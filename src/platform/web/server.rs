//! The listener: plain or TLS, with every guard around the routes. Tests start the same one.

use super::headers::headers;
use super::limits::{Border, Heavy, Wordy, bounded};
use super::{AppState, same_site, spare_short};
use crate::platform::problem::Fault;
use crate::platform::tls::Identity;
use crate::platform::web_watch::watch;
use actix_web::dev::Server;
use actix_web::middleware::{Compress, from_fn};
use actix_web::web::{Data, ServiceConfig};
use actix_web::{App, HttpServer};
use std::time::Duration;

/// How long the head of a first request may take.
const HEAD_MAX: Duration = Duration::from_secs(5);

/// What the listener needs to be told.
pub struct Listener<F> {
    /// The application's state; its configuration names address, workers and bounds.
    pub state: AppState,
    /// Certificate and key; plain without.
    pub tls: Option<Identity>,
    /// Routes that do much at once.
    pub heavy: Heavy,
    /// Routes that say themselves what is too long.
    pub wordy: Wordy,
    /// Adds the routes and what they need.
    pub routes: F,
}

impl<F> Listener<F>
where
    F: Fn(&mut ServiceConfig) + Clone + Send + 'static,
{
    /// Binds the address and answers; the future of the server ends when it is stopped.
    ///
    /// Errors: an address that cannot be bound.
    pub fn start(self) -> Result<Server, Fault> {
        let Self { state, tls, heavy, wordy, routes } = self;
        let (listen, workers) = (state.config.listen, state.config.workers);
        let border = Data::new(Border::new(&state.config, heavy, wordy));
        let all = border.connections.clone();
        tokio::task::spawn(all.clone().watch());
        let most = all.bounds().all.saturating_add(1);
        let mut server = HttpServer::new(move || {
            App::new()
                .app_data(Data::new(state.clone()))
                .app_data(border.clone())
                .wrap(from_fn(spare_short))
                .wrap(Compress::default())
                .wrap(from_fn(same_site))
                .wrap(from_fn(bounded))
                .wrap(from_fn(headers))
                .wrap(from_fn(watch))
                .configure(routes.clone())
        })
        .on_connect(move |io, extensions| all.accept(io, extensions))
        // Our own count turns surplus away with a sentence; the framework's is the wall behind it.
        .max_connections(most)
        // A packed answer leaves in pieces; held back, its end waited 40 ms for the browser to say that it had the rest.
        .tcp_nodelay(true)
        .shutdown_timeout(10)
        .client_request_timeout(HEAD_MAX)
        .tls_handshake_timeout(HEAD_MAX)
        .disable_signals();
        if workers > 0 {
            server = server.workers(workers);
        }
        let bound = match tls {
            Some(identity) => server.bind_rustls_0_23(listen, identity.config)?,
            None => server.bind(listen)?,
        };
        Ok(bound.run())
    }
}
