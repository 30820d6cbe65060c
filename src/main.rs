//! The command line: `serve`, `seed`, `verify`, `migrate`, `openapi`.

use clap::{Parser, Subcommand};
use entrepot::config::Config;
use entrepot::platform::clock::Clock;
use entrepot::platform::ids::Ids;
use entrepot::platform::problem::Fault;
use entrepot::{audit, boot, platform, seed};
use std::process::ExitCode;

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
    Verify(Config),
    /// Bring the schema up to date.
    Migrate(Config),
    /// Print the OpenAPI document.
    Openapi,
}

#[actix_web::main]
async fn main() -> ExitCode {
    let outcome = match Cli::parse().command {
        Command::Serve(config) => serve(config).await,
        Command::Seed { config, seed } => fill(config, seed).await,
        Command::Verify(config) => verify(config).await,
        Command::Migrate(config) => {
            platform::database::Database::open(&config.database).await.map(|_| ExitCode::SUCCESS)
        }
        Command::Openapi => {
            println!("{}", serde_json::to_string_pretty(&boot::document()).unwrap_or_default());
            Ok(ExitCode::SUCCESS)
        }
    };
    outcome.unwrap_or_else(|fault| {
        eprintln!("entrepot: {fault}");
        ExitCode::FAILURE
    })
}

async fn serve(config: Config) -> Result<ExitCode, Fault> {
    platform::telemetry::install(config.log_json, config.verbose);
    if let Some(refusal) = config.refusal() {
        return Err(Fault::new(refusal));
    }
    tracing::info!("starting with {}", config.redacted());
    let (listen, demo) = (config.listen, config.demo);
    if demo {
        // The demo market is played with seeded identifiers; afterwards they are random.
        let state = boot::open(config.clone(), Clock::machine(), Ids::seeded(1)).await?;
        if seed::is_empty(&state).await? {
            println!("Filling the demo market with a year of trading …");
            println!("{}", seed::fill(&state, 1, config.demo_orders).await?);
        }
    }
    let state = boot::open(config, Clock::machine(), Ids::random(Clock::machine())).await?;
    println!("Entrepot is on http://{listen}");
    if demo {
        println!("{}", seed::ACCOUNTS);
    }
    boot::serve(state).await?;
    Ok(ExitCode::SUCCESS)
}

async fn fill(config: Config, seed_number: u64) -> Result<ExitCode, Fault> {
    platform::telemetry::install(config.log_json, config.verbose);
    let orders = config.demo_orders;
    let state = boot::open(config, Clock::machine(), Ids::seeded(seed_number)).await?;
    let summary = seed::fill(&state, seed_number, orders).await?;
    println!("{summary}");
    Ok(ExitCode::SUCCESS)
}

async fn verify(config: Config) -> Result<ExitCode, Fault> {
    let db = platform::database::Database::open(&config.database).await?;
    let report = audit::verify(&db, None).await?;
    println!("{}", serde_json::to_string_pretty(&report)?);
    Ok(if report.findings.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
