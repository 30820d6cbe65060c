//! Connections have bounds (CON-8): so many in all, so many from one address, and none that only holds a place.
//!
//! The framework gives the first request on a connection five seconds for its head and forgets the clock afterwards, and a
//! reader who takes an answer byte by byte holds it for good. So every connection is in a list, the list knows when it last
//! had something to do, and a round every second ends those that overstay.

use super::caller::{Network, counted_as};
use actix_tls::accept::rustls_0_23::TlsStream;
use actix_web::dev::Extensions;
use actix_web::rt::net::TcpStream;
use socket2::{SockRef, Socket};
use std::any::Any;
use std::collections::HashMap;
use std::net::{IpAddr, Shutdown};
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;
use tokio::time::Instant;

/// How long a connection may wait between two requests, and then take for the head of the next one.
const IDLE_MAX: Duration = Duration::from_secs(10);
/// How long an answer may take to be read, streams apart. A file of 10 MiB needs 90 kB a second.
const ANSWER_MAX: Duration = Duration::from_secs(120);

/// How many connections there may be.
#[derive(Debug, Clone)]
pub struct Bounds {
    /// In all.
    pub all: usize,
    /// From one address.
    pub per_address: usize,
    /// True when this machine's own addresses are bounded too.
    pub loopback: bool,
    /// Proxies speak for many and are not bounded.
    pub trusted: Vec<Network>,
}

impl Bounds {
    /// True when the address is not held to bounds per address.
    pub fn exempts(&self, address: IpAddr) -> bool {
        (!self.loopback && address.to_canonical().is_loopback()) || self.trusted.iter().any(|n| n.holds(address))
    }
}

/// One connection, as requests on it see it.
pub struct Connection {
    list: Weak<List>,
    id: u64,
    address: IpAddr,
    counted: bool,
    under_way: AtomicUsize,
    /// Milliseconds since the start at which it last began or ended something.
    touched: AtomicU64,
    stream: AtomicBool,
    /// The same socket by another handle, to end it from outside; `None` when the system gave none.
    socket: Option<Socket>,
}

impl Connection {
    fn overstays(&self, now: u64) -> bool {
        let idle = Duration::from_millis(now.saturating_sub(self.touched.load(Ordering::Relaxed)));
        let busy = self.under_way.load(Ordering::Relaxed) > 0;
        if busy { idle > ANSWER_MAX && !self.stream.load(Ordering::Relaxed) } else { idle > IDLE_MAX }
    }

    fn touch(&self) {
        if let Some(list) = self.list.upgrade() {
            self.touched.store(list.now(), Ordering::Relaxed);
        }
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        if let Some(list) = self.list.upgrade() {
            list.remove(self);
        }
    }
}

/// A request under way; ends when the answer has been handed over in full.
pub struct UnderWay(Arc<Connection>);

impl UnderWay {
    /// Begins a request on a connection.
    pub fn on(connection: &Arc<Connection>) -> Self {
        connection.under_way.fetch_add(1, Ordering::Relaxed);
        connection.touch();
        Self(Arc::clone(connection))
    }

    /// Says that the answer is a stream without end.
    pub fn is_stream(&self) {
        self.0.stream.store(true, Ordering::Relaxed);
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.touch();
        self.0.under_way.fetch_sub(1, Ordering::Relaxed);
    }
}

struct List {
    started: Instant,
    next: AtomicU64,
    bounds: Bounds,
    open: Mutex<Open>,
}

#[derive(Default)]
struct Open {
    by_id: HashMap<u64, Weak<Connection>>,
    by_address: HashMap<IpAddr, usize>,
}

impl List {
    fn now(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    fn open(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn remove(&self, connection: &Connection) {
        let mut open = self.open();
        open.by_id.remove(&connection.id);
        if connection.counted
            && let Some(count) = open.by_address.get_mut(&connection.address)
        {
            *count -= 1;
            if *count == 0 {
                open.by_address.remove(&connection.address);
            }
        }
    }
}

/// All connections of the server. Cheap to clone.
#[derive(Clone)]
pub struct Connections(Arc<List>);

impl Connections {
    /// No connection yet.
    pub fn new(bounds: Bounds) -> Self {
        let list = List { started: Instant::now(), next: AtomicU64::new(0), bounds, open: Mutex::default() };
        Self(Arc::new(list))
    }

    /// The bounds.
    pub fn bounds(&self) -> &Bounds {
        &self.0.bounds
    }

    /// Connections that are open.
    pub fn count(&self) -> usize {
        self.0.open().by_id.len()
    }

    /// Takes a connection that the framework accepted into the list, or ends it.
    pub fn accept(&self, io: &dyn Any, extensions: &mut Extensions) {
        let plain = io.downcast_ref::<TcpStream>();
        let Some(tcp) = plain.or_else(|| io.downcast_ref::<TlsStream<TcpStream>>().map(|tls| tls.get_ref().0)) else {
            return;
        };
        let Ok(peer) = tcp.peer_addr() else { return };
        match self.enter(peer.ip(), SockRef::from(tcp).try_clone().ok()) {
            Some(connection) => {
                extensions.insert(connection);
            }
            None => turn_away(tcp, plain.is_some()),
        }
    }

    /// `None` when there are too many, in all or from this address.
    fn enter(&self, peer: IpAddr, socket: Option<Socket>) -> Option<Arc<Connection>> {
        let (address, counted) = (counted_as(peer), !self.0.bounds.exempts(peer));
        let mut open = self.0.open();
        let here = open.by_address.get(&address).copied().unwrap_or(0);
        if open.by_id.len() >= self.0.bounds.all || (counted && here >= self.0.bounds.per_address) {
            return None;
        }
        if counted {
            open.by_address.insert(address, here + 1);
        }
        let connection = Arc::new(Connection {
            list: Arc::downgrade(&self.0),
            id: self.0.next.fetch_add(1, Ordering::Relaxed),
            address,
            counted,
            under_way: AtomicUsize::new(0),
            touched: AtomicU64::new(self.0.now()),
            stream: AtomicBool::new(false),
            socket,
        });
        open.by_id.insert(connection.id, Arc::downgrade(&connection));
        Some(connection)
    }

    /// Ends the connections that only hold a place; returns how many.
    pub fn tidy(&self) -> usize {
        let now = self.0.now();
        let all: Vec<Arc<Connection>> = self.0.open().by_id.values().filter_map(Weak::upgrade).collect();
        let gone = all.iter().filter(|connection| connection.overstays(now));
        gone.filter_map(|c| c.socket.as_ref())
            .map(|socket| socket.shutdown(Shutdown::Both))
            .filter(Result::is_ok)
            .count()
    }

    /// Tidies every second, until nobody else holds the list.
    pub async fn watch(self) {
        let list = Arc::downgrade(&self.0);
        drop(self);
        loop {
            tokio::time::sleep(Duration::from_secs(1)).await;
            let Some(list) = list.upgrade() else { return };
            Self(list).tidy();
        }
    }
}

/// What somebody reads who is turned away before a request was read.
const FULL: &str = "{\"type\":\"urn:entrepot:problem:too_many_connections\",\"code\":\"too_many_connections\",\"status\":503,\
    \"title\":\"too many connections\",\"detail\":\"There are too many connections, in all or from your address.\",\"params\":{},\
    \"errors\":[],\"next\":\"Close what you do not need and try again in a moment.\"}";

/// Says why and ends the connection at once, so that those who are turned away take nobody's place.
fn turn_away(tcp: &TcpStream, plain: bool) {
    let socket = SockRef::from(tcp);
    if plain {
        let answer = format!(
            "HTTP/1.1 503 Service Unavailable\r\ncontent-type: application/problem+json\r\ncontent-length: {}\r\nretry-after: 5\r\n\
             connection: close\r\ncache-control: no-store\r\nx-content-type-options: nosniff\r\n\r\n{FULL}",
            FULL.len()
        );
        // Straight to the socket: the runtime does not know yet that it can be written to. Whoever cannot take this much at
        // once is not told.
        let _ = socket.send(answer.as_bytes());
    }
    let _ = socket.shutdown(Shutdown::Both);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn few(loopback: bool) -> Connections {
        let trusted = vec!["10.0.0.0/8".parse().unwrap()];
        Connections::new(Bounds { all: 4, per_address: 2, loopback, trusted })
    }

    fn enter(list: &Connections, peer: &str) -> Option<Arc<Connection>> {
        list.enter(peer.parse().unwrap(), None)
    }

    #[test]
    fn one_address_gets_its_share_and_all_get_no_more_than_there_is() {
        let list = few(false);
        let first = enter(&list, "198.51.100.1");
        let second = enter(&list, "198.51.100.1");

        assert!(first.is_some() && second.is_some());
        assert!(enter(&list, "198.51.100.1").is_none(), "a third from one address");
        let more = [enter(&list, "198.51.100.2"), enter(&list, "198.51.100.3")];
        assert!(more.iter().all(Option::is_some));
        assert!(enter(&list, "198.51.100.4").is_none(), "a fifth in all");
        drop((first, more));
        assert_eq!(list.count(), 1);
        assert!(enter(&list, "198.51.100.1").is_some(), "places that were given back");
    }

    #[test]
    fn this_machine_and_trusted_proxies_are_bound_by_the_whole_alone() {
        for (loopback, peer, entered) in
            [(false, "127.0.0.1", 4), (false, "10.9.9.9", 4), (true, "127.0.0.1", 2), (false, "203.0.113.1", 2)]
        {
            let list = few(loopback);
            let open: Vec<_> = (0..6).filter_map(|_| enter(&list, peer)).collect();

            assert_eq!(open.len(), entered, "{peer}");
        }
    }

    #[test]
    fn a_connection_that_only_holds_a_place_overstays() {
        let list = few(false);
        let [idle, busy, slow, stream] = [1, 2, 3, 4].map(|n| enter(&list, &format!("198.51.100.{n}")).unwrap());
        let [under_way, reading, streaming] = [&busy, &slow, &stream].map(UnderWay::on);
        streaming.is_stream();
        let after = |seconds: u64| list.0.now() + seconds * 1_000;

        assert!([&idle, &busy, &slow, &stream].iter().all(|connection| !connection.overstays(after(9))));
        assert!(idle.overstays(after(11)) && !busy.overstays(after(11)) && !stream.overstays(after(11)));
        assert!(slow.overstays(after(121)) && !stream.overstays(after(121)));
        drop((under_way, reading, streaming));
        assert!(busy.overstays(after(11)), "answered, and idle since");
    }
}
