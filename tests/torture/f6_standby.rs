//! F6b: the primary is lost for good and its standby takes over. With a synchronous standby nothing that was
//! acknowledged may be missing; the old primary is killed before, so that there are never two.

use crate::f1::judge;
use crate::f6::{RECOVERY, goes_on};
use crate::history::History;
use crate::load::{Load, Manner};
use crate::postgres::{self, Cluster};
use crate::rig::{Control, Ground, Level, Outcome, Rig};
use crate::server::{Launch, Server};
use crate::{books, market};
use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// The fail-over to a standby.
pub struct FailOver;

/// An address that stays while what is behind it changes, as a virtual address does.
struct Address {
    port: u16,
    behind: Arc<Mutex<PathBuf>>,
}

impl Address {
    fn of(cluster: &Cluster) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port for the database");
        let port = listener.local_addr().expect("its address").port();
        let behind = Arc::new(Mutex::new(cluster.socket()));
        let target = Arc::clone(&behind);
        // Ends with the process; a connection ends with either side.
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let socket = target.lock().unwrap_or_else(PoisonError::into_inner).clone();
                if let Ok(server) = UnixStream::connect(socket) {
                    join(client, server);
                }
            }
        });
        Self { port, behind }
    }

    fn moves_to(&self, cluster: &Cluster) {
        *self.behind.lock().unwrap_or_else(PoisonError::into_inner) = cluster.socket();
    }

    fn url(&self, database: &str) -> String {
        format!("postgres://postgres@127.0.0.1:{}/{database}?sslmode=disable", self.port)
    }
}

fn join(client: TcpStream, server: UnixStream) {
    let (Ok(client_too), Ok(server_too)) = (client.try_clone(), server.try_clone()) else { return };
    std::thread::spawn(move || {
        copy(&client, &server);
        let _ = (client.shutdown(Shutdown::Both), server.shutdown(Shutdown::Both));
    });
    std::thread::spawn(move || {
        copy(&server_too, &client_too);
        let _ = (client_too.shutdown(Shutdown::Both), server_too.shutdown(Shutdown::Both));
    });
}

fn copy(mut from: impl Read, mut to: impl Write) {
    let _ = std::io::copy(&mut from, &mut to);
}

/// A primary, its standby, and a server that reaches whichever is in charge.
struct Pair {
    server: Server,
    launch: Launch,
    address: Address,
    primary: Cluster,
    standby: Cluster,
}

impl Pair {
    fn start(folder: &Path) -> Self {
        let primary = Cluster::start(&folder.join("primary"));
        primary.database("torture");
        let standby = Cluster::standby_of(&primary, &folder.join("standby"));
        let address = Address::of(&primary);
        let launch = Launch::new(&address.url("torture"), &folder.join("server"));
        std::fs::create_dir_all(&launch.folder).expect("a folder");
        market::prepare(&launch);
        Self { server: launch.start_ready(), launch, address, primary, standby }
    }

    fn fail_over(&mut self) {
        self.primary.kill();
        self.standby.promote();
        self.address.moves_to(&self.standby);
    }
}

impl Rig for FailOver {
    fn id(&self) -> &'static str {
        "F6b"
    }

    fn title(&self) -> &'static str {
        "PostgreSQL lost, its standby takes over"
    }

    fn size(&self, level: Level) -> u32 {
        level.of([0, 2, 20])
    }

    fn skipped(&self) -> Option<String> {
        match postgres::programs() {
            Ok(programs) if programs.join("pg_basebackup").exists() => None,
            Ok(_) => Some("no pg_basebackup here, which makes the standby".to_owned()),
            Err(why) => Some(why),
        }
    }

    fn run(&self, ground: &Ground) -> Outcome {
        let mut outcome = Outcome::default();
        for round in 0..ground.size {
            let seed = ground.seed.wrapping_add(u64::from(round));
            let mut pair = Pair::start(&ground.sub(&format!("run{round}")));
            pair.primary.waits_for_standby();
            let history = Arc::new(History::kept_in(&pair.launch.folder.join("history.txt")));
            let load = Load::start(&Manner::at(pair.launch.port, seed), &history);
            goes_on(&history, Duration::from_secs(60)).expect("the market trades before the fault");
            pair.fail_over();
            outcome.faults += 1;
            match goes_on(&history, Duration::from_secs(60)) {
                Some(took) => {
                    let ms = took.as_millis().try_into().unwrap_or(u64::MAX);
                    outcome.most("ms from the take-over to the next acknowledgement at most", ms);
                    if took > RECOVERY {
                        outcome.lost(seed, format!("trade went on only after {took:?}"));
                    }
                }
                None => outcome.lost(seed, "trade did not go on within a minute"),
            }
            load.finish();
            if pair.server.terminate(Duration::from_secs(20)).is_none_or(|status| !status.success()) {
                outcome.lost(seed, "the server did not end well after SIGTERM");
            }
            judge(&pair.launch, &history, seed, &mut outcome);
        }
        outcome
    }

    /// A standby that is not waited for and lags behind must be seen to lack what was acknowledged.
    fn control(&self, ground: &Ground) -> Control {
        let mut pair = Pair::start(&ground.sub("control"));
        let history = Arc::new(History::default());
        let load = Load::start(&Manner::at(pair.launch.port, ground.seed), &history);
        pair.standby.follows_nobody(&pair.primary);
        goes_on(&history, Duration::from_secs(60)).expect("the market trades before the fault");
        history.freeze();
        pair.primary.kill();
        pair.server.kill();
        load.finish();
        pair.standby.promote();
        pair.address.moves_to(&pair.standby);
        let lost = history.check(&books::effects(&pair.launch).expect("the log can be read")).lost.len();
        let of = history.figures().acknowledged;
        if lost > 0 {
            Control::Red(format!(
                "behind a standby that was not waited for, {lost} of {of} acknowledged changes were lost"
            ))
        } else {
            Control::Green("a standby that was not waited for lost nothing".to_owned())
        }
    }
}
