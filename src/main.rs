//! The command line: `serve`, `seed`, `verify`, `backup`, `restore`, `migrate`, `openapi`, `doctor`, `health`.

use clap::{Parser, Subcommand};
use entrepot::config::Config;
use entrepot::platform::clock::Clock;
use entrepot::platform::ids::Ids;
use entrepot::platform::problem::Fault;
use entrepot::platform::sink::{self, say};
use entrepot::{audit, backup, boot, doctor, health, platform, seed};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Gives back what a large task leaves behind: the system's kept 300 MiB after an index of a million products was built, and took a
/// tenth more of the processor for a command. How it is set stands in `.cargo/config.toml`.
#[global_allocator]
static MEMORY: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

#[derive(Parser)]
#[command(name = "entrepot", version, about = "Simulated B2B cross-border trading; only the money is not real")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the platform; with --demo an empty database is filled with the demo market first.
    Serve(Config),
    /// Fill an empty database with the demo market, through the same door as everybody.
    Seed {
        #[command(flatten)]
        config: Config,
        /// Same seed, same market.
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
    /// Recompute the books from postings and events; exit 0, or a list of what is wrong.
    Verify {
        #[command(flatten)]
        config: Config,
        /// Also hold the log against an exported head (again for more): finds a log whose tail was cut off.
        #[arg(long)]
        head: Vec<PathBuf>,
    },
    /// Copy database, files and manifest to a new folder while the server works; the copy is examined before it counts.
    Backup {
        #[command(flatten)]
        config: Config,
        /// Folder to make.
        target: PathBuf,
        /// Put the file with the encryption keys inside as well.
        #[arg(long)]
        with_keys: bool,
        /// Empty PostgreSQL database to examine the copy in, when the role may not make one.
        #[arg(long)]
        scratch: Option<String>,
    },
    /// Put a backup back into an empty database and an empty folder for files.
    Restore {
        #[command(flatten)]
        config: Config,
        /// Folder of the backup.
        source: PathBuf,
    },
    /// Bring the schema up to date.
    Migrate(Config),
    /// Print the OpenAPI document.
    Openapi,
    /// Examine an installation before or while it serves; exit 0, or 1 when something is broken.
    Doctor {
        #[command(flatten)]
        config: Config,
        /// Answer in JSON.
        #[arg(long)]
        json: bool,
    },
    /// Ask a running server whether it is ready; exit 0 or 1. For containers and scripts.
    Health(health::Asked),
}

#[actix_web::main]
async fn main() -> ExitCode {
    platform::sabotage::arm();
    // One provider of cryptography for mail, databases and listener; an earlier one stays.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let outcome = match Cli::parse().command {
        Command::Serve(config) => serve(config).await,
        Command::Seed { config, seed } => fill(config, seed).await,
        Command::Verify { config, head } => verify(config, &head).await,
        Command::Backup { config, target, with_keys, scratch } => {
            keep(config, &target, with_keys, scratch.as_deref()).await
        }
        Command::Restore { config, source } => put_back(config, &source).await,
        Command::Migrate(config) => migrate(config).await,
        Command::Doctor { config, json } => examine(config, json).await,
        Command::Health(asked) => health::ask(&asked).await.map(|()| ExitCode::SUCCESS),
        Command::Openapi => {
            say(serde_json::to_string_pretty(&boot::document()).unwrap_or_default());
            Ok(ExitCode::SUCCESS)
        }
    };
    let code = outcome.unwrap_or_else(|fault| {
        let _ = writeln!(std::io::stderr(), "entrepot: {fault}");
        ExitCode::FAILURE
    });
    sink::flush();
    code
}

async fn serve(config: Config) -> Result<ExitCode, Fault> {
    let config = config.with_files()?;
    platform::telemetry::install(config.log_json, config.verbose);
    if let Some(refusal) = config.refusal() {
        return Err(Fault::new(refusal));
    }
    tracing::info!("starting with {}", config.redacted());
    let (addresses, demo) = (config.addresses(), config.demo);
    let state = boot::open(config.clone(), Clock::machine(), Ids::random(Clock::machine())).await?;
    if demo && seed::is_empty(&state).await? {
        // The demo market is played with seeded identifiers; afterwards they are random.
        let filling = boot::open(config, Clock::machine(), Ids::seeded(1)).await?;
        say("Filling the demo market with a year of trading …");
        say(seed::fill(&filling, 1, filling.config.demo_orders).await?);
    }
    say(format_args!("Entrepot is on {}", addresses.join(" and ")));
    if demo {
        say(seed::ACCOUNTS);
    }
    boot::serve(state).await?;
    Ok(ExitCode::SUCCESS)
}

async fn fill(config: Config, seed_number: u64) -> Result<ExitCode, Fault> {
    let config = config.with_files()?;
    platform::telemetry::install(config.log_json, config.verbose);
    let orders = config.demo_orders;
    let state = boot::open(config, Clock::machine(), Ids::seeded(seed_number)).await?;
    let summary = seed::fill(&state, seed_number, orders).await?;
    say(summary);
    Ok(ExitCode::SUCCESS)
}

async fn keep(config: Config, target: &Path, with_keys: bool, scratch: Option<&str>) -> Result<ExitCode, Fault> {
    let made = backup::backup(&config.with_files()?, target, with_keys, scratch).await?;
    Ok(done(&made))
}

async fn put_back(config: Config, source: &Path) -> Result<ExitCode, Fault> {
    let restored = backup::restore(&config.with_files()?, source).await?;
    Ok(done(&restored))
}

async fn migrate(config: Config) -> Result<ExitCode, Fault> {
    let config = config.with_files()?;
    platform::database::Database::open(&config.database).await.map(|_| ExitCode::SUCCESS)
}

async fn examine(config: Config, json: bool) -> Result<ExitCode, Fault> {
    let findings = doctor::examine(&config.with_files()?).await;
    say(if json { doctor::as_json(&findings) } else { doctor::as_text(&findings) });
    Ok(if doctor::healthy(&findings) { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn verify(config: Config, heads: &[PathBuf]) -> Result<ExitCode, Fault> {
    let config = config.with_files()?;
    let db = platform::database::Database::open(&config.database).await?;
    let mut report = audit::verify(&db, None).await?;
    for path in heads {
        backup::heads::Heads::read(path).await?.hold(&db, &mut report).await?;
    }
    say(serde_json::to_string_pretty(&report)?);
    Ok(if report.ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn done(words: &impl std::fmt::Display) -> ExitCode {
    say(words);
    ExitCode::SUCCESS
}
