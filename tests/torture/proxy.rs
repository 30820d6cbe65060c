//! What stands before several nodes: it asks each whether it is ready, sends nothing to one that is not, and tries
//! elsewhere what certainly was not begun: a refused connection, or a read. A change that was sent is never sent again.

use crate::http::{self, read_answer};
use std::io::{Error, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// How often each node is asked.
const ASK_EVERY: Duration = Duration::from_millis(100);
/// How long a request may wait for a node that is ready.
const PATIENCE: Duration = Duration::from_secs(5);

struct Node {
    port: u16,
    ready: AtomicBool,
}

struct Shared {
    nodes: Vec<Node>,
    turn: AtomicUsize,
    over: AtomicBool,
}

/// A running proxy; it ends when dropped.
pub struct Proxy {
    pub port: u16,
    shared: Arc<Shared>,
    threads: Vec<JoinHandle<()>>,
}

impl Proxy {
    /// Stands before the nodes on these ports.
    pub fn before(ports: &[u16]) -> Self {
        let nodes = ports.iter().map(|port| Node { port: *port, ready: AtomicBool::new(false) }).collect();
        let shared = Arc::new(Shared { nodes, turn: AtomicUsize::new(0), over: AtomicBool::new(false) });
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port for the proxy");
        let port = listener.local_addr().expect("its address").port();
        let (asks, accepts) = (Arc::clone(&shared), Arc::clone(&shared));
        let threads = vec![
            std::thread::spawn(move || asks.ask()),
            std::thread::spawn(move || {
                for stream in listener.incoming().flatten().take_while(|_| !accepts.over.load(Ordering::SeqCst)) {
                    let shared = Arc::clone(&accepts);
                    // A client's connection ends with the client.
                    std::thread::spawn(move || shared.carry(stream));
                }
            }),
        ];
        Self { port, shared, threads }
    }

    /// Waits until so many nodes are ready in the proxy's eyes.
    pub fn sees_ready(&self, count: usize) {
        let until = Instant::now() + Duration::from_secs(60);
        while self.shared.nodes.iter().filter(|n| n.ready.load(Ordering::SeqCst)).count() < count {
            assert!(Instant::now() < until, "the proxy sees fewer than {count} nodes ready");
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.shared.over.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(("127.0.0.1", self.port));
        for thread in self.threads.drain(..) {
            let _ = thread.join();
        }
    }
}

impl Shared {
    fn ask(&self) {
        while !self.over.load(Ordering::SeqCst) {
            for node in &self.nodes {
                node.ready.store(http::is_ready(node.port), Ordering::SeqCst);
            }
            std::thread::sleep(ASK_EVERY);
        }
    }

    /// Carries one client's requests, one after the other.
    fn carry(&self, mut client: TcpStream) {
        let _ = client.set_nodelay(true);
        let mut rest = Vec::new();
        while let Ok(request) = read_request(&mut client, &mut rest) {
            let answer = self.forward(&request).unwrap_or_else(|_| {
                let body = "the node did not answer";
                format!("HTTP/1.1 502 Bad Gateway\r\nContent-Length: {}\r\n\r\n{body}", body.len()).into_bytes()
            });
            if client.write_all(&answer).is_err() {
                return;
            }
        }
    }

    fn forward(&self, request: &[u8]) -> Result<Vec<u8>, Error> {
        let is_read = request.starts_with(b"GET ");
        let until = Instant::now() + PATIENCE;
        loop {
            let result = match self.next_node() {
                None => Err(Error::from(ErrorKind::NotConnected)),
                Some(node) => match connect(node.port) {
                    Ok(stream) => {
                        exchange(stream, request).map_err(|e| if is_read { ErrorKind::NotConnected.into() } else { e })
                    }
                    Err(_) => {
                        node.ready.store(false, Ordering::SeqCst);
                        Err(ErrorKind::NotConnected.into())
                    }
                },
            };
            match result {
                Err(error) if error.kind() == ErrorKind::NotConnected && Instant::now() < until => {
                    std::thread::sleep(Duration::from_millis(5));
                }
                other => return other,
            }
        }
    }

    fn next_node(&self) -> Option<&Node> {
        let ready: Vec<&Node> = self.nodes.iter().filter(|n| n.ready.load(Ordering::SeqCst)).collect();
        let turn = self.turn.fetch_add(1, Ordering::SeqCst);
        ready.get(turn.checked_rem(ready.len())?).copied()
    }
}

fn connect(port: u16) -> Result<TcpStream, Error> {
    let stream = TcpStream::connect_timeout(&SocketAddr::from(([127, 0, 0, 1], port)), Duration::from_secs(2))?;
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(Duration::from_secs(30)))?;
    Ok(stream)
}

/// One request on a connection of its own, so that no idle connection can be closed under it.
fn exchange(mut stream: TcpStream, request: &[u8]) -> Result<Vec<u8>, Error> {
    // Whatever goes wrong from here on, the node may have begun.
    let begun = |e: Error| Error::other(e);
    stream.write_all(request).map_err(begun)?;
    let answer = read_answer(&mut stream).map_err(begun)?;
    Ok([answer.head.as_bytes(), b"\r\n\r\n", &answer.body].concat())
}

/// Reads one request with a stated length; what came after it stays in `rest`.
fn read_request(client: &mut TcpStream, rest: &mut Vec<u8>) -> Result<Vec<u8>, Error> {
    let mut chunk = [0u8; 16_384];
    loop {
        if let Some(end) = rest.windows(4).position(|w| w == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&rest[..end]).to_lowercase();
            let length = head.lines().find_map(|l| l.strip_prefix("content-length: ")?.trim().parse::<usize>().ok());
            let whole = end + 4 + length.unwrap_or(0);
            if rest.len() >= whole {
                return Ok(rest.drain(..whole).collect());
            }
        }
        match client.read(&mut chunk)? {
            0 => return Err(ErrorKind::UnexpectedEof.into()),
            read => rest.extend_from_slice(&chunk[..read]),
        }
    }
}
