//! The supervisor: starts the server as a process of its own, waits for it, ends it kindly or not, and keeps its log.

use crate::http;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// How a server is started. Kept, so that it can be started again as it was.
#[derive(Clone, Debug)]
pub struct Launch {
    pub port: u16,
    pub database: String,
    /// Files, keys, mails and the log.
    pub folder: PathBuf,
    log: Option<PathBuf>,
    pub arguments: Vec<String>,
    pub environment: Vec<(String, String)>,
}

impl Launch {
    pub fn new(database: &str, folder: &Path) -> Self {
        Self {
            port: free_port(),
            database: database.to_owned(),
            folder: folder.to_owned(),
            log: None,
            arguments: Vec::new(),
            environment: Vec::new(),
        }
    }

    /// A second node beside this one: the same database and files, a port of its own.
    pub fn beside(&self) -> Self {
        Self { port: free_port(), ..self.clone() }
    }

    /// The same with its log elsewhere than in its folder.
    pub fn logging_to(mut self, log: &Path) -> Self {
        self.log = Some(log.to_owned());
        self
    }

    /// The same with something in the environment.
    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The same with a guard taken away.
    pub fn without(self, guard: entrepot::platform::sabotage::Guard) -> Self {
        self.env("ENTREPOT_SABOTAGE", guard.word())
    }

    /// The server's program with this subcommand and the common arguments.
    pub fn command(&self, subcommand: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_entrepot"));
        command.arg(subcommand).args(["--demo", "--workers", "2", "--database", &self.database, "--listen"]);
        command.arg(format!("127.0.0.1:{}", self.port)).arg("--files").arg(self.folder.join("files"));
        command.args(&self.arguments).envs(self.environment.iter().cloned()).stdin(Stdio::null());
        command
    }

    /// The checker, on the same database, with nothing taken away.
    pub fn verify_command(&self) -> Command {
        Self { arguments: Vec::new(), environment: Vec::new(), ..self.clone() }.command("verify")
    }

    pub fn log(&self) -> PathBuf {
        self.log.clone().unwrap_or_else(|| self.folder.join(format!("server-{}.log", self.port)))
    }

    /// Starts it; its output is added to the log.
    pub fn start(&self) -> Server {
        std::fs::create_dir_all(&self.folder).expect("a folder for the server");
        let log = File::options().create(true).append(true).open(self.log()).expect("a log");
        let mut command = self.command("serve");
        command.stdout(log.try_clone().expect("a second handle")).stderr(log);
        let child = command.spawn().expect("the server's program starts");
        Server { child, port: self.port, began: Instant::now(), log: self.log(), over: false }
    }

    /// Starts it and waits until it is ready.
    pub fn start_ready(&self) -> Server {
        let mut server = self.start();
        server.ready(Duration::from_secs(60));
        server
    }

    /// Lines of the log that must not be there.
    pub fn bad_lines(&self) -> Vec<String> {
        let text = std::fs::read_to_string(self.log()).unwrap_or_default();
        let bad = text.lines().filter(|l| l.contains("panicked at") || l.contains("stack overflow"));
        bad.map(|l| format!("the log says: {l}")).collect()
    }
}

/// A port nobody listens on.
pub fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a free port").port()
}

/// A running server. Dropping it kills it.
pub struct Server {
    child: Child,
    pub port: u16,
    began: Instant,
    log: PathBuf,
    over: bool,
}

impl Server {
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Waits until it says that it is ready; answers how long that took from the start.
    pub fn ready(&mut self, patience: Duration) -> Duration {
        self.ready_within(patience)
            .unwrap_or_else(|| panic!("not ready within {patience:?}; its log ends:\n{}", self.tail()))
    }

    /// The same, but `None` when it takes longer.
    pub fn ready_within(&mut self, patience: Duration) -> Option<Duration> {
        let until = Instant::now() + patience;
        loop {
            if http::is_ready(self.port) {
                return Some(self.began.elapsed());
            }
            if let Ok(Some(status)) = self.child.try_wait() {
                panic!("the server ended by itself ({status}); its log ends:\n{}", self.tail());
            }
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return None;
            }
            std::thread::sleep(left.min(Duration::from_millis(10)));
        }
    }

    /// SIGKILL, and waits until it is gone.
    pub fn kill(mut self) {
        self.end();
    }

    fn end(&mut self) {
        if !self.over {
            let _ = self.child.kill();
            let _ = self.child.wait();
            self.over = true;
        }
    }

    /// Sends a signal by name: `TERM`, `STOP`, `CONT`.
    pub fn signal(&self, name: &str) {
        signal(self.pid(), name);
    }

    /// SIGTERM, and waits until it has ended; `None` when it does not end in time.
    pub fn terminate(mut self, patience: Duration) -> Option<ExitStatus> {
        self.signal("TERM");
        self.wait(patience)
    }

    /// Waits until it has ended by itself.
    pub fn wait(&mut self, patience: Duration) -> Option<ExitStatus> {
        let until = Instant::now() + patience;
        while Instant::now() < until {
            if let Ok(Some(status)) = self.child.try_wait() {
                self.over = true;
                return Some(status);
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        None
    }

    /// The last lines of its log.
    pub fn tail(&self) -> String {
        let text = std::fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        lines[lines.len().saturating_sub(15)..].join("\n")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.end();
    }
}

/// Sends a signal by name to a process. The shell's own `kill` is everywhere.
pub fn signal(pid: u32, name: &str) {
    let _ = Command::new("sh").args(["-c", &format!("kill -s {name} {pid}")]).stderr(Stdio::null()).status();
}
