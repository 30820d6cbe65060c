//! One typed configuration: defaults, then the command line and environment; printed redacted at start.

use clap::Args;
use std::path::PathBuf;

/// What `serve` can be told. Each option is also an environment variable.
#[derive(Debug, Clone, Args)]
pub struct Config {
    /// Address to listen on.
    #[arg(long, env = "ENTREPOT_LISTEN", default_value = "127.0.0.1:8080")]
    pub listen: std::net::SocketAddr,
    /// Database: `sqlite://path` or `postgres://user@host/name`.
    #[arg(long, env = "ENTREPOT_DATABASE", default_value = "sqlite://data/entrepot.db")]
    pub database: String,
    /// Folder for uploaded files.
    #[arg(long, env = "ENTREPOT_FILES", default_value = "data/files")]
    pub files: PathBuf,
    /// Folder with the demo market's companies, goods and pictures.
    #[arg(long, env = "ENTREPOT_DEMO_DATA", default_value = "demo")]
    pub demo_data: PathBuf,
    /// Demo mode: one-click sign-in; the demo market is filled when the database is empty.
    #[arg(long, env = "ENTREPOT_DEMO")]
    pub demo: bool,
    /// Orders the demo market is filled with.
    #[arg(long, env = "ENTREPOT_DEMO_ORDERS", default_value_t = 240)]
    pub demo_orders: u32,
    /// Allow demo mode beyond this machine, with plain cookies and a banner.
    #[arg(long, env = "ENTREPOT_INSECURE_LAN")]
    pub insecure_lan: bool,
    /// Address people reach the server at, for links in mails; `http://` and the listening address when absent.
    #[arg(long, env = "ENTREPOT_PUBLIC_URL")]
    pub public_url: Option<String>,
    /// File with the keys that encrypt second-factor seeds and queued mails; beside the uploaded files when absent.
    #[arg(long, env = "ENTREPOT_SECRET_KEYS")]
    pub secret_keys: Option<PathBuf>,
    /// Folder that mails are written to as `.eml` files when no SMTP server is named; beside the uploaded files when absent.
    #[arg(long, env = "ENTREPOT_MAIL_FOLDER")]
    pub mail_folder: Option<PathBuf>,
    /// Mail server: `smtps://user:password@host`, or `smtp://host:587?tls=required`.
    #[arg(long, env = "ENTREPOT_SMTP", hide_env_values = true)]
    pub smtp: Option<String>,
    /// Sender of mails.
    #[arg(long, env = "ENTREPOT_MAIL_FROM", default_value = "Entrepot <no-reply@entrepot.example>")]
    pub mail_from: String,
    /// Whole units of an order's currency from which a release of escrow asks for the password or a code again.
    #[arg(long, env = "ENTREPOT_STEP_UP_RELEASE", default_value_t = 10_000)]
    pub step_up_release: i64,
    /// Worker threads of the web server; 0 means one per core.
    #[arg(long, env = "ENTREPOT_WORKERS", default_value_t = 0)]
    pub workers: usize,
    /// Logs as JSON lines.
    #[arg(long, env = "ENTREPOT_LOG_JSON")]
    pub log_json: bool,
    /// Logs with debug detail.
    #[arg(long, env = "ENTREPOT_VERBOSE")]
    pub verbose: bool,
}

impl Config {
    /// Where people reach the server, without a slash at the end.
    pub fn public_url(&self) -> String {
        let given = self.public_url.as_deref().map(|url| url.trim_end_matches('/').to_owned());
        given.unwrap_or_else(|| format!("http://{}", self.listen))
    }

    /// The file with the encryption keys.
    pub fn secret_keys(&self) -> PathBuf {
        self.secret_keys.clone().unwrap_or_else(|| self.files.with_file_name("secret.key"))
    }

    /// The folder for mails.
    pub fn mail_folder(&self) -> PathBuf {
        self.mail_folder.clone().unwrap_or_else(|| self.files.with_file_name("mail"))
    }

    /// Says why this configuration must not be served, if so.
    pub fn refusal(&self) -> Option<String> {
        if self.demo && !self.listen.ip().is_loopback() && !self.insecure_lan {
            return Some(format!(
                "demo mode lets anybody sign in as anybody and is refused on {}; listen on 127.0.0.1 or add --insecure-lan",
                self.listen
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
            _ => self.database.clone(),
        };
        format!("listen={} database={database} demo={} workers={}", self.listen, self.demo, self.workers)
    }
}
