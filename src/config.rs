//! One typed configuration: defaults, then the command line and environment; printed redacted at start.

use crate::platform::problem::Fault;
use crate::platform::secret::Secret;
use crate::platform::tls::{Source, machine_names};
use crate::platform::web::caller::Network;
use crate::platform::web_watch::Logged;
use clap::Args;
use std::collections::BTreeSet;
use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};

/// A secret of the command line; never fails.
fn secret(text: &str) -> Result<Secret<String>, Infallible> {
    Ok(Secret::from(text))
}

fn line_of(path: &Path) -> Result<Secret<String>, Fault> {
    let text = std::fs::read_to_string(path).map_err(|e| Fault::new(format!("file {}: {e}", path.display())))?;
    match text.trim() {
        "" => Err(Fault::new(format!("file {} is empty", path.display()))),
        line => Ok(Secret::from(line)),
    }
}

/// What `serve` can be told. Each option is also an environment variable.
#[derive(Debug, Clone, Args)]
pub struct Config {
    /// Address to listen on.
    #[arg(long, env = "ENTREPOT_LISTEN", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// Database: `sqlite://path` or `postgres://user@host/name`.
    #[arg(long, env = "ENTREPOT_DATABASE", hide_env_values = true, value_parser = secret, default_value = "sqlite://data/entrepot.db")]
    pub database: Secret<String>,
    /// File that holds the database's address, where the address holds a password.
    #[arg(long, env = "ENTREPOT_DATABASE_FILE")]
    pub database_file: Option<PathBuf>,
    /// Folder for uploaded files.
    #[arg(long, env = "ENTREPOT_FILES", default_value = "data/files")]
    pub files: PathBuf,
    /// S3-compatible store for uploaded files instead of the folder: `https://host` or `http://host:port`.
    #[arg(long, env = "ENTREPOT_S3_ENDPOINT", requires_all = ["s3_bucket", "s3_access_key", "s3_secret_key_file"])]
    pub s3_endpoint: Option<String>,
    /// Bucket of the store.
    #[arg(long, env = "ENTREPOT_S3_BUCKET")]
    pub s3_bucket: Option<String>,
    /// Region that requests to the store are signed for.
    #[arg(long, env = "ENTREPOT_S3_REGION", default_value = "us-east-1")]
    pub s3_region: String,
    /// Identifier of the key for the store.
    #[arg(long, env = "ENTREPOT_S3_ACCESS_KEY")]
    pub s3_access_key: Option<String>,
    /// File that holds the key for the store.
    #[arg(long, env = "ENTREPOT_S3_SECRET_KEY_FILE")]
    pub s3_secret_key_file: Option<PathBuf>,
    /// Folder with the demo market's companies, goods and pictures.
    #[arg(long, env = "ENTREPOT_DEMO_DATA", default_value = "demo")]
    pub demo_data: PathBuf,
    /// Demo mode: one-click sign-in; the demo market is filled when the database is empty.
    #[arg(long, env = "ENTREPOT_DEMO")]
    pub demo: bool,
    /// Orders the demo market is filled with.
    #[arg(long, env = "ENTREPOT_DEMO_ORDERS", default_value_t = 240)]
    pub demo_orders: u32,
    /// Certificate chain for TLS, a PEM file with the server's own certificate first.
    #[arg(long, env = "ENTREPOT_TLS_CERT", requires = "tls_key", conflicts_with = "tls_self_signed")]
    pub tls_cert: Option<PathBuf>,
    /// Private key for TLS, a PEM file.
    #[arg(long, env = "ENTREPOT_TLS_KEY", requires = "tls_cert")]
    pub tls_key: Option<PathBuf>,
    /// Serve TLS with a certificate of this server's own, made for this machine's addresses and kept beside the files.
    #[arg(long, env = "ENTREPOT_TLS_SELF_SIGNED")]
    pub tls_self_signed: bool,
    /// Networks of proxies whose word about addresses and TLS counts: `10.0.0.0/8,fd00::/8`, or single addresses.
    #[arg(long, env = "ENTREPOT_TRUSTED_PROXY", value_delimiter = ',')]
    pub trusted_proxy: Vec<Network>,
    /// Allow demo mode on a local network without TLS, with plain cookies and a banner on every page.
    #[arg(long, env = "ENTREPOT_INSECURE_LAN")]
    pub insecure_lan: bool,
    /// Connections that may be open at a time.
    #[arg(long, env = "ENTREPOT_CONNECTIONS", default_value_t = 1_000)]
    pub connections: usize,
    /// Connections from one address; trusted proxies are not bounded.
    #[arg(long, env = "ENTREPOT_CONNECTIONS_PER_ADDRESS", default_value_t = 50)]
    pub connections_per_address: usize,
    /// Requests a second from one address, with ten seconds' worth at once; 0 means no bound.
    #[arg(long, env = "ENTREPOT_REQUESTS_PER_SECOND", default_value_t = 50)]
    pub requests_per_second: u32,
    /// Hold this machine's own addresses to the bounds per address too.
    #[arg(long, env = "ENTREPOT_BOUND_LOOPBACK")]
    pub bound_loopback: bool,
    /// Mebibytes of files that one company may keep in a market.
    #[arg(long, env = "ENTREPOT_FILE_QUOTA_MIB", default_value_t = 512)]
    pub file_quota_mib: u32,
    /// Address people reach the server at, for links in mails; `http://` and the listening address when absent.
    #[arg(long, env = "ENTREPOT_PUBLIC_URL")]
    pub public_url: Option<String>,
    /// File with the keys that encrypt second-factor seeds and queued mails; beside the uploaded files when absent.
    #[arg(long, env = "ENTREPOT_SECRET_KEYS")]
    pub secret_keys: Option<PathBuf>,
    /// Folder that mails are written to as `.eml` files when no SMTP server is named; beside the uploaded files when absent.
    #[arg(long, env = "ENTREPOT_MAIL_FOLDER")]
    pub mail_folder: Option<PathBuf>,
    /// Folder for this machine's search indices, which are built from the database; beside the uploaded files when absent.
    #[arg(long, env = "ENTREPOT_SEARCH_FOLDER")]
    pub search_folder: Option<PathBuf>,
    /// Mail server: `smtps://user:password@host`, or `smtp://host:587?tls=required`.
    #[arg(long, env = "ENTREPOT_SMTP", hide_env_values = true, value_parser = secret)]
    pub smtp: Option<Secret<String>>,
    /// File that holds the mail server's address.
    #[arg(long, env = "ENTREPOT_SMTP_FILE")]
    pub smtp_file: Option<PathBuf>,
    /// Sender of mails.
    #[arg(long, env = "ENTREPOT_MAIL_FROM", default_value = "Entrepot <no-reply@entrepot.example>")]
    pub mail_from: String,
    /// Whole units of an order's currency from which a release of escrow asks for the password or a code again.
    #[arg(long, env = "ENTREPOT_STEP_UP_RELEASE", default_value_t = 10_000)]
    pub step_up_release: i64,
    /// Minutes by which the machine's clock may be set ahead before running markets are paused until somebody resumes
    /// them, so that no deadlines fire by mistake; 0 never pauses.
    #[arg(long, env = "ENTREPOT_CLOCK_JUMP_MINUTES", default_value_t = 60)]
    pub clock_jump_minutes: i64,
    /// Worker threads of the web server; 0 means one per core.
    #[arg(long, env = "ENTREPOT_WORKERS", default_value_t = 0)]
    pub workers: usize,
    /// Folder for hourly exports of where each market's log ends; beside the uploaded files when absent. Best on another disk.
    #[arg(long, env = "ENTREPOT_HEADS")]
    pub heads: Option<PathBuf>,
    /// Seconds between "not ready any more" and the end of accepting, so that a proxy notices.
    #[arg(long, env = "ENTREPOT_DRAIN_SECONDS", default_value_t = 2)]
    pub drain_seconds: u64,
    /// Logs as JSON lines.
    #[arg(long, env = "ENTREPOT_LOG_JSON")]
    pub log_json: bool,
    /// Requests that get a line in the log: all, or those that were refused, failed or took more than a second.
    #[arg(long, env = "ENTREPOT_LOG_REQUESTS", value_enum, default_value_t = Logged::Failed)]
    pub log_requests: Logged,
    /// Address of the page of metrics, apart from the product's; none when absent.
    #[arg(long, env = "ENTREPOT_METRICS_LISTEN")]
    pub metrics_listen: Option<SocketAddr>,
    /// Allow the page of metrics beyond this machine.
    #[arg(long, env = "ENTREPOT_METRICS_PUBLIC")]
    pub metrics_public: bool,
    /// Logs with debug detail.
    #[arg(long, env = "ENTREPOT_VERBOSE")]
    pub verbose: bool,
}

impl Config {
    /// The configuration with the secrets that lie in files.
    ///
    /// Errors: a file that cannot be read, or is empty.
    pub fn with_files(mut self) -> Result<Self, Fault> {
        if let Some(path) = &self.database_file {
            self.database = line_of(path)?;
        }
        if let Some(path) = &self.smtp_file {
            self.smtp = Some(line_of(path)?);
        }
        Ok(self)
    }

    /// Where people reach the server, without a slash at the end.
    pub fn public_url(&self) -> String {
        let given = self.public_url.as_deref().map(|url| url.trim_end_matches('/').to_owned());
        let scheme = if self.tls().is_some() { "https" } else { "http" };
        given.unwrap_or_else(|| format!("{scheme}://{}", self.listen))
    }

    /// What to type into a browser: the public address, or every address of this machine when all are listened on.
    pub fn addresses(&self) -> Vec<String> {
        if self.public_url.is_some() || !self.listen.ip().is_unspecified() {
            return vec![self.public_url()];
        }
        let scheme = if self.tls().is_some() { "https" } else { "http" };
        let own = machine_names().into_iter().filter_map(|name| name.parse::<IpAddr>().ok());
        own.map(|ip| format!("{scheme}://{}", SocketAddr::new(ip, self.listen.port()))).collect()
    }

    /// Where certificate and key come from; `None` without TLS.
    pub fn tls(&self) -> Option<Source> {
        match (&self.tls_cert, &self.tls_key) {
            (Some(chain), Some(key)) => Some(Source::Files { chain: chain.clone(), key: key.clone() }),
            (None, _) | (_, None) => self.tls_self_signed.then(|| Source::Own {
                folder: self.files.parent().unwrap_or(Path::new(".")).to_owned(),
                names: self.names(),
            }),
        }
    }

    /// Names an own certificate needs beside the machine's: the listening address and the public one.
    fn names(&self) -> BTreeSet<String> {
        let public = self.public_url.as_deref().and_then(|url| url.split("://").nth(1));
        let host = public.and_then(|rest| rest.split('/').next()).map(|authority| match authority.strip_prefix('[') {
            Some(v6) => v6.split(']').next().unwrap_or(v6),
            None => authority.split(':').next().unwrap_or(authority),
        });
        let listen = Some(self.listen.ip()).filter(|ip| !ip.is_unspecified()).map(|ip| ip.to_string());
        host.map(str::to_owned).into_iter().chain(listen).collect()
    }

    /// The file with the encryption keys.
    pub fn secret_keys(&self) -> PathBuf {
        self.secret_keys.clone().unwrap_or_else(|| self.files.with_file_name("secret.key"))
    }

    /// The folder for exported chain heads.
    pub fn heads(&self) -> PathBuf {
        self.heads.clone().unwrap_or_else(|| self.files.with_file_name("heads"))
    }

    /// The folder for search indices.
    pub fn search_folder(&self) -> PathBuf {
        self.search_folder.clone().unwrap_or_else(|| self.files.with_file_name("search"))
    }

    /// The folder for mails.
    pub fn mail_folder(&self) -> PathBuf {
        self.mail_folder.clone().unwrap_or_else(|| self.files.with_file_name("mail"))
    }

    /// Says why this configuration must not be served, if so.
    pub fn refusal(&self) -> Option<String> {
        let (encrypted, proxied) = (self.tls().is_some(), !self.trusted_proxy.is_empty());
        let open = !self.listen.ip().is_loopback();
        if self.insecure_lan && !self.demo {
            return Some(
                "--insecure-lan sends passwords in the clear and is for demo mode only; use --tls-self-signed"
                    .to_owned(),
            );
        }
        if self.insecure_lan && (encrypted || proxied) {
            return Some(
                "--insecure-lan is for a network without TLS; leave it out beside TLS or a trusted proxy".to_owned(),
            );
        }
        if open && !encrypted && !proxied && !self.insecure_lan {
            return Some(format!(
                "{} can be reached by others and has no TLS; give --tls-cert and --tls-key, or --tls-self-signed, or name the \
                 proxy in front with --trusted-proxy, or listen on 127.0.0.1 (for a demo on a local network: --insecure-lan)",
                self.listen
            ));
        }
        if self.s3_endpoint.is_some() && !cfg!(feature = "s3") {
            return Some(
                "this build keeps files in a folder only; build it with --features s3 for --s3-endpoint".to_owned(),
            );
        }
        if let Some(address) = self.metrics_listen
            && !address.ip().is_loopback()
            && !self.metrics_public
        {
            return Some(format!(
                "the page of metrics would be open to the network on {address}; listen on 127.0.0.1 or add --metrics-public"
            ));
        }
        None
    }

    /// The configuration in one line, with the database's password hidden.
    pub fn redacted(&self) -> String {
        let database = match (self.database.find("://"), self.database.rfind('@')) {
            (Some(start), Some(at)) if at > start => {
                format!("{}***{}", &self.database[..start + 3], &self.database[at..])
            }
            _ => self.database.expose().clone(),
        };
        let tls = match self.tls() {
            Some(Source::Files { .. }) => "files",
            Some(Source::Own { .. }) => "self-signed",
            None => "no",
        };
        format!("listen={} tls={tls} database={database} demo={} workers={}", self.listen, self.demo, self.workers)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Parser)]
    struct Cli {
        #[command(flatten)]
        config: Config,
    }

    fn told(arguments: &str) -> Config {
        Cli::try_parse_from(["test"].into_iter().chain(arguments.split_whitespace())).map(|cli| cli.config).unwrap()
    }

    #[test]
    fn nothing_is_served_in_the_clear_beyond_this_machine_unless_it_is_said() {
        for (served, arguments) in [
            (true, "--listen 127.0.0.1:80"),
            (true, "--listen [::1]:80 --demo"),
            (false, "--listen 0.0.0.0:80"),
            (false, "--listen 192.0.2.7:80 --demo"),
            (false, "--listen [::]:80"),
            (true, "--listen 0.0.0.0:80 --tls-self-signed"),
            (true, "--listen 0.0.0.0:443 --tls-cert a --tls-key b"),
            (true, "--listen 0.0.0.0:80 --trusted-proxy 10.0.0.0/8,fd00::/8"),
            (true, "--listen 0.0.0.0:80 --demo --insecure-lan"),
            (false, "--listen 0.0.0.0:80 --insecure-lan"),
            (false, "--listen 127.0.0.1:80 --insecure-lan"),
            (false, "--listen 0.0.0.0:80 --demo --insecure-lan --tls-self-signed"),
        ] {
            assert_eq!(told(arguments).refusal().is_none(), served, "{arguments}");
        }
        assert!(told("--listen 0.0.0.0:80").refusal().unwrap().contains("--tls-self-signed"));
    }

    #[test]
    fn half_a_certificate_and_two_of_them_are_refused() {
        for arguments in
            ["--tls-cert a", "--tls-key b", "--tls-cert a --tls-key b --tls-self-signed", "--trusted-proxy lan"]
        {
            let parsed = Cli::try_parse_from(["test"].into_iter().chain(arguments.split_whitespace()));
            assert!(parsed.is_err(), "{arguments}");
        }
    }

    #[test]
    fn an_own_certificate_names_the_public_and_the_listening_address() {
        let names = |arguments: &str| told(arguments).names().into_iter().collect::<Vec<_>>();

        assert_eq!(
            names("--listen 192.0.2.7:80 --public-url https://trade.example:8443/x"),
            ["192.0.2.7", "trade.example"]
        );
        assert_eq!(names("--listen 0.0.0.0:80 --public-url https://[2001:db8::1]:8443"), ["2001:db8::1"]);
        assert_eq!(told("--listen 127.0.0.1:8443 --tls-self-signed").public_url(), "https://127.0.0.1:8443");
        assert_eq!(told("--listen 127.0.0.1:8080").addresses(), ["http://127.0.0.1:8080"]);
        let all = told("--listen 0.0.0.0:8443 --tls-self-signed").addresses();
        assert!(
            all.contains(&"https://127.0.0.1:8443".to_owned()) && all.iter().all(|a| !a.contains("0.0.0.0")),
            "{all:?}"
        );
    }
}
