//! A PostgreSQL cluster of the rig's own, as durable as an installation's: `fsync` and `synchronous_commit` on. It listens
//! on a private Unix socket only. Its processes are children of the rig, so that they can be stopped and killed by number.

use crate::market::block_on;
use crate::server::signal;
use sea_orm::{ConnectionTrait, Database};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

pub struct Cluster {
    folder: PathBuf,
    /// Where the data lies; below the folder unless it was put elsewhere.
    data: PathBuf,
    postmaster: Option<Child>,
}

/// The folder of the server programs, or why there is none.
pub fn programs() -> Result<PathBuf, String> {
    let on_path = std::env::var_os("PATH").into_iter().flat_map(|p| std::env::split_paths(&p).collect::<Vec<_>>());
    let mut folders: Vec<PathBuf> = on_path.collect();
    for root in ["/usr/lib/postgresql", "/usr"] {
        let mut found: Vec<PathBuf> =
            std::fs::read_dir(root).into_iter().flatten().flatten().map(|e| e.path().join("bin")).collect();
        found.sort();
        folders.extend(found.into_iter().rev());
    }
    let found = folders.into_iter().find(|f| f.join("initdb").exists() && f.join("postgres").exists());
    let found = found.ok_or_else(|| "no PostgreSQL server programs (initdb, postgres) here".to_owned())?;
    // Where a link points to, the other programs lie as well.
    let initdb = found.join("initdb").canonicalize().map_err(|e| e.to_string())?;
    Ok(initdb.parent().map_or(found, Path::to_owned))
}

/// Whether the rig runs as root.
pub fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output().map(|o| o.stdout).unwrap_or_default();
    String::from_utf8_lossy(&id).trim() == "0"
}

/// The account the server runs under: PostgreSQL refuses root.
const ACCOUNT: &str = "postgres";

/// Gives a folder to the account the server runs under.
fn hand_over(place: &Path) {
    if is_root() {
        let out = Command::new("chown").arg("-R").arg(ACCOUNT).arg(place).output().expect("chown");
        assert!(out.status.success(), "chown: {}", String::from_utf8_lossy(&out.stderr));
    }
}

impl Cluster {
    /// Makes a cluster below this folder and starts it.
    pub fn start(folder: &Path) -> Self {
        let mut cluster = Self::make(folder, &folder.join("data"));
        cluster.run();
        cluster
    }

    /// Makes a cluster whose data lies in a folder of its own; not started.
    pub fn make(folder: &Path, data: &Path) -> Self {
        std::fs::create_dir_all(folder.join("socket")).expect("a folder for the cluster");
        std::fs::create_dir_all(data).expect("a folder for its data");
        hand_over(folder);
        hand_over(data);
        let cluster = Self { folder: folder.to_owned(), data: data.to_owned(), postmaster: None };
        let mut initdb = cluster.program("initdb");
        initdb.args(["-U", "postgres", "--auth=trust", "--encoding=UTF8", "--no-locale", "-D"]).arg(data);
        let out = initdb.output().expect("initdb runs");
        assert!(out.status.success(), "initdb: {}", String::from_utf8_lossy(&out.stderr));
        cluster
    }

    /// Makes and starts a standby that follows this cluster.
    pub fn standby_of(primary: &Self, folder: &Path) -> Self {
        let data = folder.join("data");
        let mut standby = Self { folder: folder.to_owned(), data: data.clone(), postmaster: None };
        std::fs::create_dir_all(folder.join("socket")).expect("a folder for the cluster");
        hand_over(folder);
        let mut backup = standby.program("pg_basebackup");
        backup
            .arg("-h")
            .arg(primary.folder.join("socket"))
            .args(["-U", "postgres", "-R", "-X", "stream", "-c", "fast", "-D"]);
        let out = backup.arg(&data).output().expect("pg_basebackup runs");
        assert!(out.status.success(), "pg_basebackup: {}", String::from_utf8_lossy(&out.stderr));
        standby.run();
        standby
    }

    /// From now on a commit waits until the standby has it on its disk.
    pub fn waits_for_standby(&self) {
        self.ask("ALTER SYSTEM SET synchronous_standby_names = '*'");
        self.ask("SELECT pg_reload_conf()");
        let until = Instant::now() + Duration::from_secs(60);
        let sync = "SELECT 1 FROM pg_stat_replication WHERE sync_state = 'sync'";
        while self.ask(sync) == 0 {
            assert!(Instant::now() < until, "the standby did not become synchronous");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Cuts a standby off from its primary, so that it lags. What had been sent is not taken from it any more.
    pub fn follows_nobody(&self, primary: &Self) {
        self.ask("ALTER SYSTEM SET primary_conninfo = ''");
        self.ask("SELECT pg_reload_conf()");
        let until = Instant::now() + Duration::from_secs(60);
        while primary.ask("SELECT 1 FROM pg_stat_replication") > 0 {
            assert!(Instant::now() < until, "the standby did not let go of its primary");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Makes a standby a primary.
    pub fn promote(&self) {
        self.ask("SELECT pg_promote(true, 60)");
    }

    /// Runs one statement in the cluster; answers the number of rows it gave.
    fn ask(&self, sql: &str) -> usize {
        block_on(async {
            let server = Database::connect(self.url("postgres")).await.expect("the cluster answers");
            let statement = sea_orm::Statement::from_string(server.get_database_backend(), sql);
            server.query_all_raw(statement).await.expect("the statement runs").len()
        })
    }

    /// The socket it listens on.
    pub fn socket(&self) -> PathBuf {
        self.folder.join("socket").join(".s.PGSQL.5432")
    }

    fn program(&self, name: &str) -> Command {
        let program = programs().expect("the server programs").join(name);
        let mut command = if is_root() {
            let mut command = Command::new("setpriv");
            command.args([&format!("--reuid={ACCOUNT}"), &format!("--regid={ACCOUNT}"), "--clear-groups"]).arg(program);
            command
        } else {
            Command::new(program)
        };
        command.current_dir(&self.folder).env("LC_ALL", "C").env("HOME", &self.folder).stdin(Stdio::null());
        command
    }

    /// Starts the server and waits until it takes connections.
    pub fn run(&mut self) {
        let log =
            std::fs::File::options().create(true).append(true).open(self.folder.join("postgres.log")).expect("a log");
        let mut command = self.program("postgres");
        command.arg("-D").arg(&self.data);
        let socket = format!("unix_socket_directories={}", self.folder.join("socket").display());
        for setting in [
            "listen_addresses=",
            &socket,
            "max_connections=200",
            "fsync=on",
            "synchronous_commit=on",
            "full_page_writes=on",
        ] {
            command.args(["-c", setting]);
        }
        command.stdout(log.try_clone().expect("a second handle")).stderr(log);
        self.postmaster = Some(command.spawn().expect("postgres starts"));
        let until = Instant::now() + Duration::from_secs(60);
        while !self.answers() {
            assert!(
                Instant::now() < until,
                "PostgreSQL did not start; see {}",
                self.folder.join("postgres.log").display()
            );
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    fn answers(&self) -> bool {
        block_on(async { Database::connect(self.url("postgres")).await.is_ok() })
    }

    /// The address of one of its databases.
    pub fn url(&self, database: &str) -> String {
        format!("postgres://postgres@localhost/{database}?host={}", self.folder.join("socket").display())
    }

    /// Makes an empty database and answers its address.
    pub fn database(&self, name: &str) -> String {
        block_on(async {
            let server = Database::connect(self.url("postgres")).await.expect("the cluster answers");
            server.execute_unprepared(&format!("CREATE DATABASE {name}")).await.expect("a database");
        });
        self.url(name)
    }

    /// Every process of the cluster, the postmaster first.
    fn processes(&self) -> Vec<u32> {
        let Some(postmaster) = self.postmaster.as_ref().map(Child::id) else { return Vec::new() };
        let mut all = vec![postmaster];
        for entry in std::fs::read_dir("/proc").into_iter().flatten().flatten() {
            let Some(pid) = entry.file_name().to_str().and_then(|n| n.parse::<u32>().ok()) else { continue };
            let stat = std::fs::read_to_string(entry.path().join("stat")).unwrap_or_default();
            // "pid (name) state parent ..."; the name may hold anything but is closed by the last bracket.
            let parent = stat.rsplit(')').next().and_then(|rest| rest.split_whitespace().nth(1)?.parse::<u32>().ok());
            if parent == Some(postmaster) {
                all.push(pid);
            }
        }
        all
    }

    /// Sends every process of the cluster a signal by name.
    pub fn signal_all(&self, name: &str) {
        self.processes().into_iter().for_each(|pid| signal(pid, name));
    }

    /// What `pg_ctl stop -m immediate` does: ends without a checkpoint, so that the next start recovers from the log.
    pub fn stop_at_once(&mut self) {
        if let Some(mut postmaster) = self.postmaster.take() {
            signal(postmaster.id(), "QUIT");
            let _ = postmaster.wait();
        }
    }

    /// Kills every process and waits until all are gone.
    pub fn kill(&mut self) {
        // Stopped first, so that the postmaster makes no new one meanwhile.
        if let Some(postmaster) = &self.postmaster {
            signal(postmaster.id(), "STOP");
        }
        let all = self.processes();
        all.iter().for_each(|pid| signal(*pid, "KILL"));
        if let Some(mut postmaster) = self.postmaster.take() {
            let _ = postmaster.wait();
        }
        let until = Instant::now() + Duration::from_secs(10);
        let alive = |pid: &u32| std::fs::read_to_string(format!("/proc/{pid}/stat")).is_ok_and(|s| !s.contains(") Z "));
        while all.iter().any(alive) && Instant::now() < until {
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if let Some(postmaster) = &self.postmaster {
            signal(postmaster.id(), "CONT");
        }
        self.stop_at_once();
    }
}
