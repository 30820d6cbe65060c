//! What surrounds the database: configuration, ports, disk, folders, keys, mail, clock.

use super::Finding;
use crate::boot;
use crate::config::Config;
use crate::platform::clock::Clock;
use crate::platform::files::sha256;
use crate::platform::mail::Transport;
use crate::platform::metrics;
use crate::platform::vault::Vault;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

const MIB: u64 = 1_024 * 1_024;
/// Free space below which we warn, and below which we fail.
const FREE_WARN: u64 = 1_024 * MIB;
const FREE_FAIL: u64 = 64 * MIB;
/// Size of a write-ahead log that tells of a reader that never ends.
const WAL_WARN: u64 = 512 * MIB;
/// Open files a busy node may need.
const FILES_WANTED: u64 = 4_096;
/// Stored files whose contents are held against their names.
const SAMPLE: usize = 50;
/// Seconds by which clocks may differ.
const DRIFT: i64 = 5;

pub(super) fn configuration(config: &Config) -> Finding {
    match config.refusal() {
        Some(refusal) => Finding::fail("configuration", refusal, "Change the options; `serve` refuses them too."),
        None => Finding::ok("configuration", config.redacted()),
    }
}

pub(super) fn ports(config: &Config) -> Vec<Finding> {
    let wanted = [("port", Some(config.listen)), ("metrics port", config.metrics_listen)];
    wanted.into_iter().filter_map(|(name, address)| address.map(|a| port(name, a))).collect()
}

fn port(name: &'static str, address: SocketAddr) -> Finding {
    match TcpListener::bind(address) {
        Ok(_) => Finding::ok(name, format!("{address} is free")),
        Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => Finding::warn(
            name,
            format!("{address} is taken"),
            "Fine when this server runs already; else stop what listens there or choose another address.",
        ),
        Err(error) => {
            let next = "Choose an address of this machine and a port you may use; below 1024 needs the right to.";
            Finding::fail(name, format!("{address}: {error}"), next)
        }
    }
}

pub(super) fn open_files() -> Finding {
    const NAME: &str = "open files";
    const NEXT: &str = "Raise it, say with LimitNOFILE=65536 in the unit file, or `ulimit -n 65536`.";
    match metrics::file_limit() {
        Some(limit) if limit < FILES_WANTED => Finding::warn(NAME, format!("at most {limit}"), NEXT),
        Some(limit) => Finding::ok(NAME, format!("at most {limit}")),
        None => Finding::ok(NAME, "the system does not tell, or there is no limit"),
    }
}

/// The nearest folder at or above a path that exists.
fn standing(path: &Path) -> PathBuf {
    let found = path.ancestors().find(|at| !at.as_os_str().is_empty() && at.exists());
    found.map_or_else(|| PathBuf::from("."), Path::to_owned)
}

/// The file of an SQLite database.
pub(super) fn sqlite_file(config: &Config) -> Option<PathBuf> {
    let path = config.database.strip_prefix("sqlite://")?;
    Some(PathBuf::from(path.split('?').next().unwrap_or(path)))
}

pub(super) fn disk(config: &Config) -> Vec<Finding> {
    let mut findings = Vec::new();
    if let Some(file) = sqlite_file(config) {
        findings.push(free("disk of the data", &standing(file.parent().unwrap_or(Path::new(".")))));
        let mut wal = file.into_os_string();
        wal.push("-wal");
        let size = std::fs::metadata(&wal).map_or(0, |m| m.len());
        const NEXT: &str =
            "Stop the server once, so that the log is copied into the file; look for a reader that never ends.";
        findings.push(match size > WAL_WARN {
            true => Finding::warn("write-ahead log", format!("{} MiB", size / MIB), NEXT),
            false => Finding::ok("write-ahead log", format!("{} MiB", size / MIB)),
        });
    }
    if config.s3_endpoint.is_none() {
        findings.push(free("disk of the files", &standing(&config.files)));
    }
    findings
}

fn free(name: &'static str, folder: &Path) -> Finding {
    const NEXT: &str = "Free some space or move the folder; a full disk makes the node read-only.";
    match rustix::fs::statvfs(folder) {
        Ok(fs) => {
            let bytes = fs.f_bavail.saturating_mul(fs.f_frsize);
            let detail = format!("{} MiB free at {}", bytes / MIB, folder.display());
            match bytes {
                ..FREE_FAIL => Finding::fail(name, detail, NEXT),
                FREE_FAIL..FREE_WARN => Finding::warn(name, detail, NEXT),
                FREE_WARN.. => Finding::ok(name, detail),
            }
        }
        Err(error) => Finding::fail(name, format!("{}: {error}", folder.display()), "Make the folder readable."),
    }
}

pub(super) fn secret_keys(config: &Config) -> Finding {
    const NAME: &str = "secret keys";
    let path = config.secret_keys();
    if !path.exists() {
        const NEXT: &str = "Nothing on a first start: `serve` makes the file. Else bring it back from its own backup.";
        return Finding::warn(NAME, format!("{} is not there", path.display()), NEXT);
    }
    match Vault::open(&path) {
        Ok(_) => Finding::ok(NAME, format!("{} is readable by its owner alone", path.display())),
        Err(fault) => Finding::fail(NAME, fault.to_string(), "chmod 600 the file, or bring it back from its backup."),
    }
}

pub(super) async fn files(config: &Config) -> Vec<Finding> {
    let mut findings = Vec::new();
    let store = match boot::files(config, &Clock::machine()) {
        Ok(store) => store,
        Err(fault) => return vec![Finding::fail("files", fault.to_string(), "Correct the --s3 options.")],
    };
    if config.s3_endpoint.is_none() && !config.files.exists() {
        const NEXT: &str = "Nothing on a first start: the folder is made with the first file.";
        return vec![Finding::warn("files", format!("{} is not there", config.files.display()), NEXT)];
    }
    let probe = format!("probe of the doctor {}", uuid::Uuid::new_v4());
    let tried = async {
        let name = store.put(probe.as_bytes()).await?;
        store.get(&name).await?;
        store.delete(&name).await
    };
    findings.push(match tried.await {
        Ok(()) => Finding::ok("files", format!("{} takes and gives files", store.place())),
        Err(fault) => {
            const NEXT: &str = "Make it writable for the account that serves; for S3 check address, bucket and key.";
            Finding::fail("files", format!("{}: {fault}", store.place()), NEXT)
        }
    });
    if config.s3_endpoint.is_none() {
        findings.push(contents(&config.files));
    }
    findings
}

/// Holds some stored files against their names.
fn contents(root: &Path) -> Finding {
    const NAME: &str = "file contents";
    let folders = std::fs::read_dir(root).into_iter().flatten().flatten();
    let files = folders.flat_map(|folder| std::fs::read_dir(folder.path()).into_iter().flatten().flatten());
    let (mut seen, mut wrong) = (0, Vec::new());
    for file in files.filter(|f| f.file_name().len() == 64).take(SAMPLE) {
        let name = file.file_name().to_string_lossy().into_owned();
        seen += 1;
        if std::fs::read(file.path()).map_or(true, |bytes| sha256(&bytes) != name) {
            wrong.push(name);
        }
    }
    match wrong.first() {
        Some(first) => {
            let detail = format!("{} of {seen} looked at are not what their names say, {first} first", wrong.len());
            Finding::fail(NAME, detail, "Bring these files back from a backup, and look at the disk.")
        }
        None => Finding::ok(NAME, format!("{seen} looked at are what their names say")),
    }
}

pub(super) async fn mail(config: &Config) -> Finding {
    const NAME: &str = "mail";
    let (way, transport) = match &config.smtp {
        Some(url) => ("the mail server answers".to_owned(), Transport::smtp(&config.mail_from, url)),
        None => {
            let folder = config.mail_folder();
            (format!("mails are written to {}", folder.display()), Transport::folder(&config.mail_from, &folder))
        }
    };
    let reached = match transport {
        Ok(transport) => transport.reach().await,
        Err(fault) => Err(fault),
    };
    match reached {
        Ok(()) => Finding::ok(NAME, way),
        Err(fault) => {
            const NEXT: &str = "Correct --smtp and --mail-from; without --smtp mails are written to a folder.";
            Finding::fail(NAME, fault.to_string(), NEXT)
        }
    }
}

pub(super) fn demo_data(config: &Config) -> Finding {
    const NAME: &str = "demo data";
    if !config.demo {
        return Finding::ok(NAME, "not a demo");
    }
    let needed = ["companies.csv", "products.csv", "pictures"];
    let missing: Vec<&str> = needed.into_iter().filter(|n| !config.demo_data.join(n).exists()).collect();
    if missing.is_empty() {
        return Finding::ok(NAME, format!("{} is complete", config.demo_data.display()));
    }
    let detail = format!("{} lacks {}", config.demo_data.display(), missing.join(", "));
    Finding::fail(NAME, detail, "Name the folder `demo` of the sources with --demo-data, or leave --demo out.")
}

/// Holds the machine's clock against what the file system writes.
pub(super) fn clock(config: &Config) -> Finding {
    const NAME: &str = "clock";
    const NEXT: &str = "Set the clock and keep it set, say with chrony or systemd-timesyncd.";
    let now = Clock::machine().now() / 1_000_000;
    if now < 1_735_689_600 {
        return Finding::fail(NAME, "the machine believes it is before 2025", NEXT);
    }
    let probe = standing(&config.files).join(format!(".probe-{}", uuid::Uuid::new_v4().simple()));
    let written = std::fs::write(&probe, b"probe").and_then(|()| std::fs::metadata(&probe)?.modified());
    let _ = std::fs::remove_file(&probe);
    let Ok(written) = written else { return Finding::ok(NAME, "the file system could not be asked") };
    let there = written.duration_since(UNIX_EPOCH).map_or(0, |since| i64::try_from(since.as_secs()).unwrap_or(0));
    let drift = (there - now).abs();
    match drift > DRIFT {
        true => Finding::warn(NAME, format!("the file system differs by {drift} s"), NEXT),
        false => Finding::ok(NAME, format!("the file system agrees within {DRIFT} s")),
    }
}
