//! A client that speaks just enough HTTP/1.1: one connection kept alive, cookies, JSON, and the truth about what it lost.

use serde_json::Value;
use std::io::{Error, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// An answer that arrived whole.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }

    /// The beginning of the body, for messages.
    pub fn words(&self) -> String {
        String::from_utf8_lossy(&self.body).chars().take(120).collect()
    }
}

/// Why there is no answer. Only [`Lost::Unsent`] is certain: the server never saw the request.
#[derive(Debug)]
#[allow(dead_code)] // the error is read where the loss is put into words
pub enum Lost {
    /// No connection could be made.
    Unsent,
    /// The connection ended before the answer was whole; the request may or may not have been carried out.
    Unknown(Error),
}

/// One browser: an address, cookies, and at most one connection.
pub struct Client {
    port: u16,
    pub cookies: Vec<(String, String)>,
    stream: Option<TcpStream>,
    /// How long an answer may take.
    pub patience: Duration,
}

impl Client {
    pub fn new(port: u16) -> Self {
        Self { port, cookies: Vec::new(), stream: None, patience: Duration::from_secs(30) }
    }

    pub fn get(&mut self, path: &str) -> Result<Answer, Lost> {
        self.send("GET", path, b"", &[])
    }

    /// Posts JSON, under a key when there is one.
    pub fn post(&mut self, path: &str, body: &Value, key: Option<&str>) -> Result<Answer, Lost> {
        let body = body.to_string();
        let kind = ("Content-Type", "application/json");
        match key {
            Some(key) => self.send("POST", path, body.as_bytes(), &[kind, ("Idempotency-Key", key)]),
            None => self.send("POST", path, body.as_bytes(), &[kind]),
        }
    }

    /// Sends one request and reads its answer. A connection that fails is dropped; the next request makes a new one.
    pub fn send(&mut self, method: &str, path: &str, body: &[u8], headers: &[(&str, &str)]) -> Result<Answer, Lost> {
        let mut head = format!("{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {}\r\n", body.len());
        if !self.cookies.is_empty() {
            let all: Vec<String> = self.cookies.iter().map(|(n, v)| format!("{n}={v}")).collect();
            head.push_str(&format!("Cookie: {}\r\n", all.join("; ")));
        }
        headers.iter().for_each(|(name, value)| head.push_str(&format!("{name}: {value}\r\n")));
        head.push_str("\r\n");
        let mut bytes = head.into_bytes();
        bytes.extend_from_slice(body);

        let mut stream = match self.stream.take() {
            // A connection the server closed while it was idle carries no request any more.
            Some(stream) if is_open(&stream) => stream,
            _ => self.connect().map_err(|_| Lost::Unsent)?,
        };
        let answer = stream.write_all(&bytes).and_then(|()| read_answer(&mut stream)).map_err(Lost::Unknown)?;
        if !answer.head.to_lowercase().contains("connection: close") {
            self.stream = Some(stream);
        }
        self.remember(&answer);
        Ok(answer)
    }

    /// Gives the connection up, as a browser does that is closed.
    pub fn hang_up(&mut self) {
        self.stream = None;
    }

    /// Sends a request and hangs up without reading the answer.
    pub fn send_and_leave(&mut self, path: &str, body: &Value, key: &str) {
        let patience = std::mem::replace(&mut self.patience, Duration::from_millis(1));
        self.hang_up();
        let _ = self.post(path, body, Some(key));
        self.patience = patience;
        self.hang_up();
    }

    fn connect(&self) -> Result<TcpStream, Error> {
        let stream =
            TcpStream::connect_timeout(&SocketAddr::from(([127, 0, 0, 1], self.port)), Duration::from_secs(5))?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(self.patience))?;
        stream.set_write_timeout(Some(self.patience))?;
        Ok(stream)
    }

    fn remember(&mut self, answer: &Answer) {
        for line in answer.head.lines().filter(|l| l.to_lowercase().starts_with("set-cookie: ")) {
            let pair = line[12..].split(';').next().and_then(|p| p.split_once('='));
            if let Some((name, value)) = pair {
                self.cookies.retain(|(n, _)| n != name);
                if !value.is_empty() {
                    self.cookies.push((name.to_owned(), value.to_owned()));
                }
            }
        }
    }
}

/// False when the other side has closed.
fn is_open(stream: &TcpStream) -> bool {
    let _ = stream.set_nonblocking(true);
    let seen = stream.peek(&mut [0u8; 1]);
    let _ = stream.set_nonblocking(false);
    matches!(seen, Err(e) if e.kind() == ErrorKind::WouldBlock)
}

/// Reads one answer with a stated length.
pub fn read_answer(stream: &mut impl Read) -> Result<Answer, Error> {
    let (mut bytes, mut chunk) = (Vec::new(), [0u8; 16_384]);
    let end = loop {
        if let Some(end) = bytes.windows(4).position(|w| w == b"\r\n\r\n") {
            break end;
        }
        take(stream, &mut bytes, &mut chunk)?;
    };
    let head = String::from_utf8_lossy(&bytes[..end]).to_string();
    let status = head.split(' ').nth(1).and_then(|s| s.parse().ok()).ok_or_else(|| Error::other("no status line"))?;
    let length = head
        .lines()
        .find_map(|l| l.to_lowercase().strip_prefix("content-length: ").and_then(|l| l.trim().parse::<usize>().ok()));
    let whole = end + 4 + length.unwrap_or(0);
    while bytes.len() < whole {
        take(stream, &mut bytes, &mut chunk)?;
    }
    Ok(Answer { status, head, body: bytes[end + 4..whole].to_vec() })
}

fn take(stream: &mut impl Read, bytes: &mut Vec<u8>, chunk: &mut [u8]) -> Result<(), Error> {
    match stream.read(chunk) {
        // A child of this process has ended; with a time limit on the socket the read is not taken up by itself.
        Err(error) if error.kind() == ErrorKind::Interrupted => Ok(()),
        Err(error) => Err(error),
        Ok(0) => Err(ErrorKind::UnexpectedEof.into()),
        Ok(read) => {
            bytes.extend_from_slice(&chunk[..read]);
            Ok(())
        }
    }
}

/// Whether the server on this port says that it is ready.
pub fn is_ready(port: u16) -> bool {
    let mut client = Client::new(port);
    client.patience = Duration::from_secs(5);
    matches!(client.get("/ready"), Ok(answer) if answer.status == 200)
}
