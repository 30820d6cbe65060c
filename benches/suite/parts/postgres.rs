//! The same on PostgreSQL: a cluster of its own that flushes to disk (`fsync` and `synchronous_commit` on), made by
//! `scripts/with-postgres.sh`, which starts this program again inside.

use super::{Bench, data, door, read, write};
use crate::data::Size;
use crate::load::{Load, Until};
use crate::server::Server;
use crate::stats::Case;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

/// Products and orders: fewer, because they are made anew each time.
const SIZE: Size = Size::of(2_000, 6_000);
const PREFIX: &str = "PostgreSQL: ";

/// Where the cluster is, when this program runs inside the script.
const CLUSTER: &str = "ENTREPOT_TEST_POSTGRES";

pub fn run(bench: &mut Bench) {
    let Ok(url) = std::env::var(CLUSTER) else {
        return inside(bench);
    };
    if postmaster(&url).is_none() {
        println!("  PostgreSQL's own CPU time is not counted: its first process was not found");
    }
    let folder = bench.fresh("postgres");
    let database = url.replace("/postgres?", "/bench?");
    create(&url, "bench");
    let made = data::apart(&folder, SIZE, Some(&database));
    {
        let ours = Server::ours(&folder, Some(&database), postmaster(&url));
        let cookies = ours.buyers(&made);
        write::money(bench, &made, &cookies, ours.target(), None, PREFIX);
        let until = Until::Time(Duration::from_secs_f64(bench.seconds));
        for (name, together, requests) in read::kinds(&made, &cookies[0]) {
            let mut case = Case::new(format!("{PREFIX}{name}, 16"), "GET over HTTP, closed loop");
            for _ in 0..bench.rounds {
                case.runs.push(Load { together, ..Load::closed(&requests, 16, until) }.run(ours.target()));
            }
            bench.report.case(case);
        }
        ours.stop();
    }
    write::verified_at(bench, &database, PREFIX);
    create(&url, "whole");
    write::whole_orders(bench, Some(&url.replace("/postgres?", "/whole?")), postmaster(&url), PREFIX);
    create(&url, "ledger");
    door::ledger(bench, Some(&url.replace("/postgres?", "/ledger?")), PREFIX);
    bench.report.part("postgres", "PostgreSQL, fsync=on, synchronous_commit=on");
}

/// Starts this part again inside a cluster, or tells why it cannot be.
fn inside(bench: &mut Bench) {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("scripts/with-postgres.sh");
    let mut command = Command::new(script);
    command.arg(std::env::current_exe().unwrap()).arg("postgres").env("ENTREPOT_POSTGRES_FSYNC", "on");
    command.arg("--out").arg(&bench.folder).arg("--rounds").arg(bench.rounds.to_string());
    command.arg("--seconds").arg(bench.seconds.to_string()).arg("--no-table");
    match command.status() {
        Ok(status) if status.success() => bench.report.adopt("postgres"),
        Ok(status) => println!(
            "  PostgreSQL was not measured: {status}; its server programs are installed by scripts/install-test-needs.sh"
        ),
        Err(error) => println!("  PostgreSQL was not measured: {error}"),
    }
}

fn create(url: &str, name: &str) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        use sea_orm::ConnectionTrait;
        let server = sea_orm::Database::connect(url).await.unwrap();
        server.execute_unprepared(&format!("CREATE DATABASE {name}")).await.unwrap();
    });
}

/// The cluster's first process, from the lock file beside its socket.
fn postmaster(url: &str) -> Option<u32> {
    let socket = url.split("host=").nth(1)?;
    let lock = Path::new(socket).join(".s.PGSQL.5432.lock");
    std::fs::read_to_string(lock).ok()?.lines().next()?.trim().parse().ok()
}
