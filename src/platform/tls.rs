//! TLS: certificate and key from files, or a certificate of this server's own for a network without a public name.
//!
//! The own certificate and its key lie beside the data, the key readable by its owner alone. They are kept over restarts,
//! because browsers remember exceptions by certificate, and made anew when the addresses of this machine are no longer all in
//! it or its last month begins.

use crate::platform::problem::Fault;
use crate::platform::vault::hex;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use rcgen::{CertificateParams, DnType, KeyPair};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::version::{TLS12, TLS13};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Days an own certificate holds; browsers accept no more than 398.
const LIFE_DAYS: i32 = 390;
/// Days before its end at which it is made anew.
const RENEWAL_DAYS: i32 = 30;

/// Where certificate and key come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// PEM files: the chain, the server's own certificate first, and its key.
    Files {
        /// The chain.
        chain: PathBuf,
        /// The key.
        key: PathBuf,
    },
    /// A certificate of this server's own, kept in a folder.
    Own {
        /// The folder.
        folder: PathBuf,
        /// Names and addresses beside those of the machine.
        names: BTreeSet<String>,
    },
}

/// What the server shows to browsers.
#[derive(Debug, Clone)]
pub struct Identity {
    /// For the listener. TLS 1.2 and 1.3, with the primitives of `ring`.
    pub config: rustls::ServerConfig,
    /// SHA-256 of the server's certificate, as browsers show it.
    pub fingerprint: String,
}

/// Reads or makes certificate and key. `now`: microseconds since 1970.
///
/// Errors: files that are missing, hold nothing of the kind, or do not belong together; each names the file.
pub fn identity(source: &Source, now: i64) -> Result<Identity, Fault> {
    let (chain, key) = match source {
        Source::Files { chain, key } => (chain.clone(), key.clone()),
        Source::Own { folder, names } => own(folder, names, now)?,
    };
    let unreadable = |path: &Path, what: &str, error: &dyn std::fmt::Display| {
        Fault::new(format!("{} holds no {what} in PEM form: {error}", path.display()))
    };
    let certificates: Vec<CertificateDer<'static>> = CertificateDer::pem_file_iter(&chain)
        .and_then(Iterator::collect)
        .map_err(|error| unreadable(&chain, "certificate", &error))?;
    let first = certificates.first().ok_or_else(|| unreadable(&chain, "certificate", &"there is none"))?;
    let digest = ring::digest::digest(&ring::digest::SHA256, first);
    let pairs: Vec<String> = digest.as_ref().iter().map(|byte| format!("{byte:02X}")).collect();
    let private = PrivateKeyDer::from_pem_file(&key).map_err(|error| unreadable(&key, "private key", &error))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&TLS13, &TLS12])
        .map_err(|error| Fault::new(format!("tls: {error}")))?
        .with_no_client_auth()
        .with_single_cert(certificates, private)
        .map_err(|error| Fault::new(format!("{} and {} do not fit: {error}", chain.display(), key.display())))?;
    Ok(Identity { config, fingerprint: pairs.join(":") })
}

/// The names this machine is reached by: its addresses, its host name and the loopback ones.
pub fn machine_names() -> BTreeSet<String> {
    let mut names: BTreeSet<String> = ["localhost", "127.0.0.1", "::1"].map(str::to_owned).into();
    if let Ok(interfaces) = if_addrs::get_if_addrs() {
        let addresses = interfaces.iter().map(if_addrs::Interface::ip);
        // Addresses of the link alone carry the interface's name and fit in no certificate.
        let usable = addresses.filter(|ip| !matches!(ip, std::net::IpAddr::V6(v6) if v6.is_unicast_link_local()));
        names.extend(usable.map(|ip| ip.to_string()));
    }
    if let Ok(host) = std::fs::read_to_string("/proc/sys/kernel/hostname") {
        let host = host.trim().to_ascii_lowercase();
        if !host.is_empty() && host.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '.') {
            names.insert(host);
        }
    }
    names
}

/// Paths of the own certificate and key, which are made when they are missing or no longer do.
fn own(folder: &Path, names: &BTreeSet<String>, now: i64) -> Result<(PathBuf, PathBuf), Fault> {
    let (chain, key) = (folder.join("tls.crt"), folder.join("tls.key"));
    let today = Timestamp::from_microsecond(now).map_err(|e| Fault::new(e.to_string()))?.to_zoned(TimeZone::UTC).date();
    let names: BTreeSet<String> = machine_names().union(names).cloned().collect();
    if let (Ok(text), true) = (std::fs::read_to_string(&chain), key.try_exists()?)
        && still_does(&text, &names, today)
    {
        return Ok((chain, key));
    }
    std::fs::create_dir_all(folder)?;
    let made = |error: rcgen::Error| Fault::new(format!("a certificate could not be made: {error}"));
    let pair = KeyPair::generate().map_err(made)?;
    let until = today.checked_add(LIFE_DAYS.days()).map_err(|e| Fault::new(e.to_string()))?;
    let number = |n: i8| u8::try_from(n).unwrap_or(1);
    let day = |date: Date| rcgen::date_time_ymd(date.year().into(), number(date.month()), number(date.day()));
    let mut wanted = CertificateParams::new(names.iter().cloned().collect::<Vec<_>>()).map_err(made)?;
    wanted.not_before = day(today.yesterday().map_err(|e| Fault::new(e.to_string()))?);
    wanted.not_after = day(until);
    wanted.distinguished_name.push(DnType::CommonName, "Entrepot on this network");
    let certificate = wanted.self_signed(&pair).map_err(made)?;
    write_for_owner(&key, &pair.serialize_pem())?;
    let listed: Vec<&str> = names.iter().map(String::as_str).collect();
    write_for_owner(&chain, &format!("names {}\nuntil {until}\n{}", listed.join(" "), certificate.pem()))?;
    Ok((chain, key))
}

/// True when a kept certificate names all of these and its last month has not begun. What it holds stands above it.
fn still_does(text: &str, names: &BTreeSet<String>, today: Date) -> bool {
    let line = |word: &str| text.lines().find_map(|line| line.strip_prefix(word));
    let held: BTreeSet<&str> = line("names ").unwrap_or("").split(' ').collect();
    let until = line("until ").and_then(|date| date.parse::<Date>().ok());
    let renewal = until.and_then(|until| until.checked_sub(RENEWAL_DAYS.days()).ok());
    names.iter().all(|name| held.contains(name.as_str())) && renewal.is_some_and(|renewal| today < renewal)
}

/// Writes a file that only its owner may read, whole or not at all.
fn write_for_owner(path: &Path, text: &str) -> Result<(), Fault> {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    let random: [u8; 8] = crate::platform::vault::draw()?;
    let temporary = path.with_extension(hex(&random));
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&temporary)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    Ok(std::fs::rename(&temporary, path)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-01-05.
    const NOW: i64 = 1_767_574_800_000_000;
    const DAY: i64 = 86_400_000_000;

    fn own_in(folder: &Path, names: &[&str], now: i64) -> Identity {
        let names = names.iter().map(|n| (*n).to_owned()).collect();
        identity(&Source::Own { folder: folder.to_owned(), names }, now).unwrap()
    }

    #[test]
    fn an_own_certificate_is_kept_until_a_name_is_missing_or_its_last_month_begins() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let first = own_in(folder.path(), &["192.0.2.7"], NOW).fingerprint;

        assert_eq!(own_in(folder.path(), &["192.0.2.7"], NOW + 350 * DAY).fingerprint, first);
        assert_eq!(own_in(folder.path(), &[], NOW).fingerprint, first);
        let moved = own_in(folder.path(), &["192.0.2.8"], NOW).fingerprint;
        assert_ne!(moved, first);
        assert_ne!(own_in(folder.path(), &["192.0.2.8"], NOW + 361 * DAY).fingerprint, moved);
        for file in ["tls.key", "tls.crt"] {
            let mode = std::fs::metadata(folder.path().join(file)).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{file}");
        }
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2, "no half-written file stays");
        assert_eq!(first.len(), 32 * 3 - 1);
    }

    #[test]
    fn files_that_are_missing_empty_or_of_different_owners_are_refused_by_name() {
        let [one, other] = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
        own_in(one.path(), &[], NOW);
        own_in(other.path(), &[], NOW);
        let try_with = |chain: PathBuf, key: PathBuf| identity(&Source::Files { chain, key }, NOW);
        let (chain, key) = (one.path().join("tls.crt"), one.path().join("tls.key"));
        let empty = one.path().join("empty.pem");
        std::fs::write(&empty, "").unwrap();

        assert!(try_with(chain.clone(), key.clone()).is_ok());
        for (chain, key, word) in [
            (chain.clone(), other.path().join("tls.key"), "do not fit"),
            (chain.clone(), empty.clone(), "empty.pem holds no private key"),
            (empty, key.clone(), "empty.pem holds no certificate"),
            (one.path().join("absent.pem"), key.clone(), "absent.pem holds no certificate"),
        ] {
            let error = try_with(chain, key).unwrap_err().to_string();
            assert!(error.contains(word), "{error}");
        }
    }
}
