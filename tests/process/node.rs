//! A server process of its own, and plain requests to it.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// How long anything may take before the test gives up.
const PATIENCE: Duration = Duration::from_secs(60);

pub struct Node {
    child: Child,
    pub address: SocketAddr,
}

impl Node {
    /// Starts a node on an own folder and waits until it is ready.
    pub fn start(folder: &Path, arguments: &[&str]) -> Self {
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let log = std::fs::File::create(folder.join("log")).unwrap();
        let child = Command::new(env!("CARGO_BIN_EXE_entrepot"))
            .arg("serve")
            .args(["--listen", &address.to_string()])
            .args(["--database", &database(folder), "--files", folder.join("files").to_str().unwrap()])
            .args(arguments)
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .unwrap();
        let mut node = Self { child, address };
        node.until(|node| node.status("/ready") == Some(200));
        node
    }

    /// Waits until something holds; fails when the node ends meanwhile or nothing happens.
    pub fn until(&mut self, mut holds: impl FnMut(&Self) -> bool) {
        let begun = Instant::now();
        while !holds(self) {
            assert!(begun.elapsed() < PATIENCE, "waited too long");
            assert!(self.child.try_wait().unwrap().is_none(), "the node ended");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Sends a signal by name.
    pub fn signal(&self, name: &str) {
        let sent = Command::new("kill").args(["-s", name, &self.child.id().to_string()]).status().unwrap();
        assert!(sent.success());
    }

    /// The exit status, once the node ends.
    pub fn end(&mut self) -> ExitStatus {
        let begun = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(begun.elapsed() < PATIENCE, "the node does not end");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// The status of a `GET`; `None` when nobody accepts.
    pub fn status(&self, path: &str) -> Option<u16> {
        answer(self.open(&format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))?).0
    }

    /// Opens a connection and sends some bytes of a request.
    pub fn open(&self, text: &str) -> Option<TcpStream> {
        let mut stream = TcpStream::connect(self.address).ok()?;
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.write_all(text.as_bytes()).ok()?;
        Some(stream)
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub fn database(folder: &Path) -> String {
    format!("sqlite://{}", folder.join("node.db").display())
}

/// Reads an answer to its end: status and text.
pub fn answer(mut stream: TcpStream) -> (Option<u16>, String) {
    let mut bytes = Vec::new();
    let _ = stream.read_to_end(&mut bytes);
    let text = String::from_utf8_lossy(&bytes).into_owned();
    (text.split(' ').nth(1).and_then(|status| status.parse().ok()), text)
}
