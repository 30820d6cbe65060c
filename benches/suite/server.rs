//! Servers as processes of their own: started, waited for, asked, ended.

use super::data::{self, Made, PASSWORD, free_port};
use super::load::{Target, Wire, ask, wire};
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A server that ends when it is dropped.
pub struct Server {
    child: Child,
    pub address: SocketAddr,
    /// From the start of the process to its first answer.
    pub started_in: Duration,
    /// The first process of a database that runs apart.
    pub database: Option<u32>,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Server {
    fn start(mut command: Command, address: SocketAddr, path: &str) -> Self {
        let began = Instant::now();
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::null()).spawn().unwrap();
        let request = wire(&format!("GET {path}"), "", None, "");
        loop {
            if std::net::TcpStream::connect(address).is_ok() && ask(address, &request).0 == 200 {
                break;
            }
            if let Some(status) = child.try_wait().unwrap() {
                panic!("the server ended at once: {status}");
            }
            assert!(began.elapsed() < Duration::from_secs(60), "the server does not answer");
            std::thread::sleep(Duration::from_millis(1));
        }
        Self { child, address, started_in: began.elapsed(), database: None }
    }

    /// Ours, the release binary.
    pub fn ours(folder: &Path, database: Option<&str>, postmaster: Option<u32>) -> Self {
        let address = free_port();
        let mut command = Command::new(env!("CARGO_BIN_EXE_entrepot"));
        let database = database.map_or_else(|| format!("sqlite://{}/bench.db", folder.display()), str::to_owned);
        command.args(["serve", "--demo", "--listen", &address.to_string(), "--database", &database]);
        command.arg("--files").arg(folder.join("files"));
        command.stderr(std::fs::File::create(folder.join("server.log")).unwrap());
        let mut server = Self::start(command, address, "/health");
        server.database = postmaster;
        server
    }

    /// The bare one, this program in another part.
    pub fn bare(folder: &Path, products: usize) -> Self {
        let (address, path) = (free_port(), folder.join(format!("bare-{products}.db")));
        super::bare::fill(&path, products);
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.arg("--role").arg("bare").arg(path).arg(address.to_string());
        Self::start(command, address, "/ready")
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    pub fn target(&self) -> Target {
        Target { address: self.address, pid: self.pid(), database: self.database }
    }

    /// Posts JSON and gives the cookie that signs in.
    fn entered(&self, path: &str, body: &Value) -> String {
        let request = wire(&format!("POST {path}"), "", None, &body.to_string());
        let (status, head, body) = ask(self.address, &request);
        assert_eq!(status, 200, "{}", String::from_utf8_lossy(&body));
        let cookie = head.lines().find_map(|line| {
            let (name, value) = line.split_once(": ")?;
            let signs_in = name.eq_ignore_ascii_case("set-cookie") && value.starts_with("__Host-entrepot=");
            signs_in.then(|| value.split(';').next().unwrap_or("").to_owned())
        });
        cookie.expect("a cookie")
    }

    /// Signs a demo user in.
    pub fn demo(&self, seat: &str) -> String {
        self.entered("/api/v1/auth/demo", &json!({ "seat": seat }))
    }

    /// Signs the owners of all buying companies in.
    pub fn buyers(&self, made: &Made) -> Vec<String> {
        let own =
            |n: usize| self.entered("/api/v1/auth/sign-in", &json!({ "email": data::email(n), "password": PASSWORD }));
        (0..made.buyers.len()).map(|n| if n == 0 { self.demo("buyer") } else { own(n) }).collect()
    }

    /// Sends one request that must succeed and gives its JSON.
    pub fn must(&self, request: &Wire) -> Value {
        let (status, _, body) = ask(self.address, request);
        assert!(status / 100 == 2, "{status}: {}", String::from_utf8_lossy(&body));
        serde_json::from_slice(&body).unwrap_or(Value::Null)
    }

    /// Sends SIGTERM and waits until the process has ended.
    pub fn stop(mut self) {
        let _ = Command::new("kill").arg(self.pid().to_string()).status();
        let _ = self.child.wait();
    }
}
