//! One node at a time prepares a PostgreSQL database: several that start at once would take the same schema steps.
//!
//! The lock is the session's, so a node that dies in the middle lets go of it; each step is a transaction, so the next node
//! goes on where that one stopped.

use crate::platform::problem::Fault;
use sea_orm::sqlx::pool::PoolConnection;
use sea_orm::sqlx::{self, PgPool, Postgres};
use sea_orm::{DbErr, RuntimeErr};

/// Two numbers of an advisory lock; markets and idempotency keys are locked by one number, so they never meet it.
const PREPARING: (i32, i32) = (0x656e_7472, 1);

/// The turn of one node to prepare a database; others wait until it ends, or until its connection does.
pub struct Turn(PoolConnection<Postgres>);

impl Turn {
    /// Waits for the turn, however long another node's migration takes.
    pub async fn take(pool: &PgPool) -> Result<Self, Fault> {
        let mut session = pool.acquire().await.map_err(failed)?;
        let free: bool = sqlx::query_scalar("SELECT pg_try_advisory_lock($1, $2)")
            .bind(PREPARING.0)
            .bind(PREPARING.1)
            .fetch_one(&mut *session)
            .await
            .map_err(failed)?;
        if !free {
            tracing::info!("another node prepares the database: waiting for it");
            let wait = sqlx::query("SELECT pg_advisory_lock($1, $2)").bind(PREPARING.0).bind(PREPARING.1);
            wait.execute(&mut *session).await.map_err(failed)?;
        }
        Ok(Self(session))
    }

    /// Lets the next node have its turn.
    pub async fn end(self) -> Result<(), Fault> {
        Ok(self.0.close().await.map_err(failed)?)
    }
}

fn failed(error: sqlx::Error) -> DbErr {
    DbErr::Query(RuntimeErr::SqlxError(error.into()))
}
