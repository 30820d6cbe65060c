//! The walks themselves: how many on which ground. A failure names its seed; `SEED=… cargo test --test model` repeats it
//! alone, made as short as it gets.

use crate::door::{Door, Service};
use crate::memory::Memory;
use crate::walk::{shrink, told, walk};
use futures_util::stream::{self, StreamExt};

/// Walks that go at once through one door, so that it has groups to commit.
const AT_ONCE: usize = 64;

/// Seeds to walk: `SEED` alone, or so many as the variable says, or as the test takes by itself, from `WALKS_FROM` or 1 on.
fn seeds(name: &str, by_itself: u64) -> std::ops::Range<u64> {
    let number = |name: &str| std::env::var(name).ok().and_then(|v| v.parse::<u64>().ok());
    match number("SEED") {
        Some(seed) => seed..seed + 1,
        None => {
            let first = number("WALKS_FROM").unwrap_or(1);
            first..first + number(name).unwrap_or(by_itself)
        }
    }
}

fn say(count: u64, ground: &str, began: std::time::Instant) {
    println!("{count} walks on {ground} in {:.1} s", began.elapsed().as_secs_f64());
}

async fn in_memory(by_itself: u64) {
    let (began, seeds) = (std::time::Instant::now(), seeds("WALKS_IN_MEMORY", by_itself));
    let count = seeds.end - seeds.start;
    for seed in seeds {
        if let Err((path, _)) = walk(seed, &mut Memory::of(seed)).await {
            let (path, why) = shrink(path, async || Memory::of(seed)).await;
            panic!("{}", told(seed, "memory", &path, &why));
        }
    }
    say(count, "memory", began);
}

async fn through_the_door(postgres: bool, by_itself: u64) {
    let began = std::time::Instant::now();
    let (ground, name) = if postgres { ("PostgreSQL", "WALKS_ON_POSTGRESQL") } else { ("SQLite", "WALKS_ON_SQLITE") };
    let seeds = seeds(name, by_itself);
    let count = seeds.end - seeds.start;
    let service = &Service::start(postgres).await;
    let one = async |seed| (seed, walk(seed, &mut Door::open(service).await).await.err());
    let walks = stream::iter(seeds).map(one).buffer_unordered(AT_ONCE).collect::<Vec<_>>().await;
    let failed = walks.into_iter().filter_map(|(seed, error)| Some((seed, error?))).min_by_key(|failed| failed.0);
    if let Some((seed, (path, _))) = failed {
        let (path, why) = shrink(path, async || Door::open(service).await).await;
        panic!("{}", told(seed, ground, &path, &why));
    }
    let report = entrepot::audit::verify(service.engine.db(), None).await.unwrap();
    assert!(report.findings.is_empty(), "{:?}", report.findings);
    say(count, ground, began);
}

#[tokio::test]
async fn in_memory_the_product_does_what_the_model_does() {
    in_memory(20_000).await;
}

#[tokio::test]
async fn on_sqlite_the_service_does_what_the_model_does() {
    through_the_door(false, 200).await;
}

#[tokio::test]
async fn on_postgresql_the_service_does_what_the_model_does() {
    through_the_door(true, 20).await;
}

#[tokio::test]
#[ignore = "torture: 1,000,000 walks of 40 actions in memory, compared with the reference model after each"]
async fn a_million_walks_in_memory() {
    in_memory(1_000_000).await;
}

#[tokio::test]
#[ignore = "torture: 100,000 walks through the whole service on SQLite, 64 at once"]
async fn a_hundred_thousand_walks_on_sqlite() {
    through_the_door(false, 100_000).await;
}

#[tokio::test]
#[ignore = "torture: 100,000 walks through the whole service on PostgreSQL, 64 at once"]
async fn a_hundred_thousand_walks_on_postgresql() {
    through_the_door(true, 100_000).await;
}
