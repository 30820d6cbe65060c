//! The border of the server: headers on every answer, TLS, proxies, and what a connection and a request may cost. The same
//! server as in production, over real sockets.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::disallowed_methods)]

#[allow(dead_code)]
#[path = "api/contract.rs"]
mod contract;
#[allow(dead_code)]
#[path = "api/ground.rs"]
mod ground;
#[path = "border/headers.rs"]
mod headers;
#[path = "border/limits.rs"]
mod limits;
#[path = "border/proxies.rs"]
mod proxies;
#[path = "border/sockets.rs"]
mod sockets;
#[path = "border/tls.rs"]
mod tls;

/// The engine this suite runs on.
const ENGINE: ground::Engine = ground::Engine::Sqlite;
