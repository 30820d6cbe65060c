//! The demo market's goods and suppliers, found in every way they should be.

mod feeding;
mod oracle;
mod random;
mod ranking;
mod typing;

use super::*;
use crate::catalog::{self, Shown, Which};
use crate::config::Config;
use crate::platform::clock::Clock;
use crate::platform::ids::Ids;
use crate::platform::web::AppState;
use crate::{boot, seed};
use clap::Parser;

#[derive(Parser)]
struct Arguments {
    #[command(flatten)]
    config: Config,
}

/// An application with the demo market's companies and goods.
pub struct World {
    pub state: AppState,
    pub search: Search,
    pub market: u128,
    pub folder: tempfile::TempDir,
}

fn config(folder: &Path) -> Config {
    let database = format!("sqlite://{}", folder.join("goods.db").display());
    let files = folder.join("files").display().to_string();
    Arguments::parse_from(["entrepot", "--database", &database, "--files", &files]).config
}

/// The files of an application that has been filled, by their names: filling takes longer than most tests.
async fn filled() -> &'static [(PathBuf, Vec<u8>)] {
    static FILLED: tokio::sync::OnceCell<Vec<(PathBuf, Vec<u8>)>> = tokio::sync::OnceCell::const_new();
    let fill = || async {
        let folder = tempfile::tempdir().unwrap();
        let state = opened(folder.path(), 7).await;
        seed::fill(&state, 1, 0).await.unwrap();
        state.engine.db().checkpoint().await.unwrap();
        state.engine.db().close().await.unwrap();
        let mut files = Vec::new();
        let mut folders = vec![folder.path().to_owned()];
        while let Some(next) = folders.pop() {
            for entry in std::fs::read_dir(next).unwrap().map(Result::unwrap) {
                if entry.file_type().unwrap().is_dir() {
                    folders.push(entry.path());
                } else {
                    let name = entry.path().strip_prefix(folder.path()).unwrap().to_owned();
                    files.push((name, std::fs::read(entry.path()).unwrap()));
                }
            }
        }
        files
    };
    FILLED.get_or_init(fill).await
}

async fn opened(folder: &Path, seed: u64) -> AppState {
    boot::open(config(folder), Clock::manual(1_790_000_000_000_000), Ids::seeded(seed)).await.unwrap()
}

impl World {
    /// With an index that has everything.
    pub async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (name, bytes) in filled().await {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, bytes).unwrap();
        }
        let state = opened(folder.path(), 8).await;
        let rows = crate::platform::rows::query(state.engine.db().read(), "SELECT market_id FROM market", Vec::new());
        let market = crate::platform::rows::get_id(&rows.await.unwrap()[0], "market_id").unwrap();
        let world = Self { search: Search::of(&state).unwrap(), state, market, folder };
        world.catch_up().await;
        world
    }

    pub async fn catch_up(&self) -> u64 {
        self.search.catch_up(self.state.engine.db()).await.unwrap()
    }

    pub async fn goods(&self) -> Vec<Shown> {
        catalog::listings(self.state.engine.db(), self.market, Which::Behind(0), 10_000).await.unwrap()
    }

    pub async fn find(&self, query: &str, wanted: &Wanted) -> Answer {
        self.search.find(self.market, &crate::search::Typed::read(query), wanted).await.unwrap()
    }

    /// Titles of the first page.
    pub async fn titles(&self, query: &str) -> Vec<String> {
        let wanted = Wanted { rows: 10, ..Wanted::default() };
        let mut answer = self.find(query, &wanted).await;
        let goods = self.goods().await;
        let title =
            |id: u128| goods.iter().find(|s| s.listing.product.id.0 == id).unwrap().listing.product.title.clone();
        answer.page(10).0.into_iter().map(|(_, id)| title(id)).collect()
    }
}
