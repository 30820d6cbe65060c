//! A fresh database of each kind per test.

use entrepot::platform::database::Database;
use std::sync::atomic::{AtomicU64, Ordering};

static NEXT: AtomicU64 = AtomicU64::new(0);

/// Which engine a test runs on.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    Sqlite,
    Postgres,
}

/// A database that lives as long as the test.
pub struct Ground {
    pub db: Database,
    _folder: tempfile::TempDir,
}

pub async fn ground(kind: Kind) -> Ground {
    let folder = tempfile::tempdir().unwrap();
    let url = match kind {
        Kind::Sqlite => format!("sqlite://{}/test.db", folder.path().display()),
        Kind::Postgres => postgres().await,
    };
    Ground { db: Database::open(&url).await.unwrap(), _folder: folder }
}

/// The address of an empty PostgreSQL database.
pub async fn postgres() -> String {
    use sea_orm::ConnectionTrait;
    let base = std::env::var("ENTREPOT_TEST_POSTGRES")
        .expect("ENTREPOT_TEST_POSTGRES is not set: run the tests through `make test` or scripts/with-postgres.sh");
    let name = format!("t{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::SeqCst));
    let server = sea_orm::Database::connect(&base).await.unwrap();
    server.execute_unprepared(&format!("CREATE DATABASE {name}")).await.unwrap();
    base.replacen("/postgres?", &format!("/{name}?"), 1)
}

/// Runs the test body on both engines.
#[macro_export]
macro_rules! on_both {
    ($name:ident, $body:expr) => {
        mod $name {
            use super::*;
            #[tokio::test]
            async fn sqlite() {
                ($body)($crate::ground::ground($crate::ground::Kind::Sqlite).await).await;
            }
            #[tokio::test]
            async fn postgres() {
                ($body)($crate::ground::ground($crate::ground::Kind::Postgres).await).await;
            }
        }
    };
}
