//! Nodes that start at once on one empty database: one migrates, the others wait for it.

use crate::ground::postgres;
use entrepot::platform::database::{Database, schema};

#[tokio::test]
async fn nodes_that_start_at_once_on_an_empty_database_all_open_it() {
    for _ in 0..5 {
        let url = postgres().await;

        let opened = futures_util::future::join_all((0..4).map(|_| open(url.clone()))).await;

        for applied in opened {
            assert_eq!(applied, Ok(schema()));
        }
    }
}

async fn open(url: String) -> Result<Vec<String>, String> {
    let db = Database::open(&url).await.map_err(|fault| fault.to_string())?;
    let applied = db.applied().await.map_err(|fault| fault.to_string());
    db.close().await.map_err(|fault| fault.to_string())?;
    applied
}
