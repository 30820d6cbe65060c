//! The load: many connections kept alive on one thread, requests made beforehand, every latency kept.
//!
//! It runs in this process, the server in another. One thread for all connections, because a thread each would fight
//! the server for the machine's cores and the tail would be the scheduler's. The closed loop sends a connection's next
//! request when its answer has come; the open loop sends at a fixed rate and counts from the moment a request was due,
//! so that a stall is counted for everybody who would have waited.

use super::machine;
use super::stats::Run;
use std::cell::Cell;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A request as it goes over the wire.
pub type Wire = Rc<[u8]>;

/// Makes a request of a method, a path, a cookie, a key and a body.
pub fn wire(line: &str, cookie: &str, key: Option<&str>, body: &str) -> Wire {
    let mut text = format!("{line} HTTP/1.1\r\nHost: localhost\r\n");
    if !cookie.is_empty() {
        text.push_str(&format!("Cookie: {cookie}\r\n"));
    }
    if let Some(key) = key {
        text.push_str(&format!("Idempotency-Key: {key}\r\n"));
    }
    if !body.is_empty() {
        text.push_str(&format!("Content-Type: application/json\r\nContent-Length: {}\r\n", body.len()));
    }
    text.push_str("\r\n");
    text.push_str(body);
    text.into_bytes().into()
}

/// How requests are taken from those made.
#[derive(Clone, Copy)]
pub enum Until {
    /// Round and round until the time is over.
    Time(Duration),
    /// Each once.
    Spent,
}

/// Where the load goes and whose CPU time is counted.
#[derive(Clone, Copy)]
pub struct Target {
    pub address: SocketAddr,
    pub pid: u32,
    /// The database's first process, where it has some of its own.
    pub database: Option<u32>,
}

impl Target {
    /// CPU time taken so far by the server and its database.
    pub fn cpu(&self) -> Duration {
        machine::cpu_of(self.pid) + self.database.map(machine::cpu_of_group).unwrap_or_default()
    }
}

struct Shared<'a> {
    requests: &'a [Wire],
    next: Cell<usize>,
    until: Until,
    began: Instant,
    /// The open loop's pause between two requests of all connections together.
    pause: Option<Duration>,
    /// Requests that belong together and count as one answer.
    together: usize,
    keep: bool,
}

impl Shared<'_> {
    /// The next requests and the moment they are due.
    fn take(&self) -> Option<(usize, Instant)> {
        let n = self.next.get();
        let at = n * self.together;
        let due = self.pause.map_or_else(Instant::now, |pause| self.began + pause * u32::try_from(n).unwrap_or(0));
        let over = match self.until {
            Until::Time(time) => self.began.elapsed() >= time || due >= self.began + time,
            Until::Spent => at + self.together > self.requests.len(),
        };
        self.next.set(n + 1);
        (!over).then_some((at, due))
    }
}

/// One load: what is sent, over how many connections, for how long.
pub struct Load<'a> {
    pub requests: &'a [Wire],
    pub connections: usize,
    pub until: Until,
    /// Requests a second of the open loop; `None` for the closed loop.
    pub rate: Option<f64>,
    /// Requests that count as one answer, sent one after another.
    pub together: usize,
    /// Whether the answers' bodies are kept, in the order of the requests.
    pub keep: bool,
}

impl<'a> Load<'a> {
    pub fn closed(requests: &'a [Wire], connections: usize, until: Until) -> Self {
        Self { requests, connections, until, rate: None, together: 1, keep: false }
    }

    /// Runs it and gives the figures.
    pub fn run(&self, target: Target) -> Run {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let tasks = tokio::task::LocalSet::new();
        runtime.block_on(tasks.run_until(self.run_here(target)))
    }

    async fn run_here(&self, target: Target) -> Run {
        let mut streams = Vec::new();
        for _ in 0..self.connections {
            let stream = TcpStream::connect(target.address).await.unwrap();
            stream.set_nodelay(true).unwrap();
            streams.push(stream);
        }
        let cpu = target.cpu();
        let shared = Shared {
            requests: self.requests,
            next: Cell::new(0),
            until: self.until,
            began: Instant::now(),
            pause: self.rate.map(|rate| Duration::from_secs_f64(1.0 / rate)),
            together: self.together,
            keep: self.keep,
        };
        let all = futures_util::future::join_all(streams.into_iter().map(|s| drive(s, &shared))).await;
        let elapsed = shared.began.elapsed();
        let mut run = Run { elapsed, server_cpu: target.cpu().saturating_sub(cpu), ..Run::default() };
        let mut bodies = Vec::new();
        for part in all {
            run.micros.extend(part.micros);
            run.errors += part.errors;
            bodies.extend(part.bodies);
        }
        bodies.sort_unstable();
        run.bodies = bodies.into_iter().map(|(_, body)| body).collect();
        run.micros.sort_unstable();
        run
    }
}

/// What one connection saw.
#[derive(Default)]
struct Part {
    micros: Vec<u32>,
    errors: usize,
    bodies: Vec<(usize, Vec<u8>)>,
}

async fn drive(mut stream: TcpStream, shared: &Shared<'_>) -> Part {
    let (mut part, mut buffer) = (Part::default(), vec![0u8; 256 * 1_024]);
    while let Some((at, due)) = shared.take() {
        if due > Instant::now() {
            tokio::time::sleep_until(due.into()).await;
        }
        let mut good = true;
        for n in 0..shared.together {
            stream.write_all(&shared.requests[(at + n) % shared.requests.len()]).await.unwrap();
            let (status, body) = answer(&mut stream, &mut buffer).await;
            if status / 100 != 2 && good && part.errors == 0 {
                println!("  first error: {status} {}", String::from_utf8_lossy(&buffer[body.clone()]));
            }
            good &= status / 100 == 2;
            if shared.keep {
                part.bodies.push((at + n, buffer[body].to_vec()));
            }
        }
        part.errors += usize::from(!good);
        part.micros.push(u32::try_from(due.elapsed().as_micros()).unwrap_or(u32::MAX));
    }
    part
}

/// Reads one answer into the buffer: its status and where its body lies.
pub async fn answer(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> (u16, std::ops::Range<usize>) {
    let mut filled = 0;
    loop {
        if filled == buffer.len() {
            buffer.resize(filled * 2, 0);
        }
        let read = stream.read(&mut buffer[filled..]).await.unwrap();
        assert!(read > 0, "the server closed the connection");
        filled += read;
        let Some(end) = buffer[..filled].windows(4).position(|w| w == b"\r\n\r\n").map(|at| at + 4) else {
            continue;
        };
        if in_chunks(&buffer[..end]) {
            while !buffer[end..filled].ends_with(b"0\r\n\r\n") {
                if filled == buffer.len() {
                    buffer.resize(filled * 2, 0);
                }
                let read = stream.read(&mut buffer[filled..]).await.unwrap();
                assert!(read > 0, "the server broke an answer off");
                filled += read;
            }
            return (status(buffer), end..filled);
        }
        let length = length(&buffer[..end]);
        while filled < end + length {
            if buffer.len() < end + length {
                buffer.resize(end + length, 0);
            }
            let read = stream.read(&mut buffer[filled..]).await.unwrap();
            assert!(read > 0, "the server broke an answer off");
            filled += read;
        }
        return (status(buffer), end..end + length);
    }
}

fn status(answer: &[u8]) -> u16 {
    std::str::from_utf8(&answer[9..12]).ok().and_then(|s| s.parse().ok()).unwrap_or(0)
}

/// Whether the body comes in chunks: packed answers do.
fn in_chunks(head: &[u8]) -> bool {
    head.split(|b| *b == b'\n').any(|line| line.len() > 18 && line[..18].eq_ignore_ascii_case(b"transfer-encoding:"))
}

/// The length an answer's head tells; 0 where it tells none.
fn length(head: &[u8]) -> usize {
    head.split(|b| *b == b'\n')
        .find(|line| line.len() > 15 && line[..15].eq_ignore_ascii_case(b"content-length:"))
        .and_then(|line| std::str::from_utf8(&line[15..]).ok()?.trim().parse().ok())
        .unwrap_or(0)
}

/// Sends one request and gives status, head and body.
pub fn ask(address: SocketAddr, request: &Wire) -> (u16, String, Vec<u8>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(request).await.unwrap();
        let mut buffer = vec![0u8; 64 * 1_024];
        let (status, body) = answer(&mut stream, &mut buffer).await;
        (status, String::from_utf8_lossy(&buffer[..body.start]).into_owned(), buffer[body].to_vec())
    })
}
