//! Asks a running server whether it is ready, with nothing but a socket: images without a shell use it as their check.

use crate::platform::problem::Fault;
use clap::Args;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// How long the server may take.
const PATIENCE: Duration = Duration::from_secs(4);
/// Bytes of the answer that are looked at.
const HEAD: u64 = 512;

/// Which server is asked.
#[derive(Debug, Clone, Args)]
pub struct Asked {
    /// Address the server listens on; where it listens everywhere, this machine is asked.
    #[arg(long, env = "ENTREPOT_LISTEN", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// What to ask: `/ready`, or `/health` for whether the process lives.
    #[arg(long, default_value = "/ready")]
    pub path: String,
}

/// Asks.
///
/// Errors: nobody answers, or the answer is not 200.
pub async fn ask(asked: &Asked) -> Result<(), Fault> {
    let mut address = asked.listen;
    if address.ip().is_unspecified() {
        address.set_ip(IpAddr::V4(Ipv4Addr::LOCALHOST));
    }
    let answered = tokio::time::timeout(PATIENCE, get(address, &asked.path)).await;
    let line = answered.map_err(|_| Fault::new(format!("{address} did not answer in time")))??;
    if line.split(' ').nth(1) == Some("200") {
        return Ok(());
    }
    Err(Fault::new(format!("{address}{} answered: {line}", asked.path)))
}

/// The first line of the answer.
async fn get(address: SocketAddr, path: &str) -> Result<String, Fault> {
    let unreached = |e: std::io::Error| Fault::new(format!("{address} cannot be reached: {e}"));
    let mut stream = TcpStream::connect(address).await.map_err(unreached)?;
    let request = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut head = Vec::new();
    stream.take(HEAD).read_to_end(&mut head).await?;
    let text = String::from_utf8_lossy(&head);
    Ok(text.lines().next().unwrap_or("nothing").to_owned())
}
