//! Looks at a database as it lies: what the log says was done, and whether the books hold (`entrepot verify`).

use crate::history::{Effect, MARK};
use crate::market::block_on;
use crate::server::Launch;
use sea_orm::{ConnectOptions, ConnectionTrait, Database, Statement};
use std::collections::HashMap;

/// Steps whose effect is known by the text they left; all others by the order they moved.
const BY_TEXT: &[&str] = &["wallet.pay_in", "order.draft", "message.write"];

/// Every effect in the log with the number of times it is there.
///
/// Errors: what the database says when it cannot be read.
pub fn effects(launch: &Launch) -> Result<HashMap<Effect, u64>, String> {
    block_on(async {
        let mut options = ConnectOptions::new(launch.database.clone());
        options.max_connections(1).sqlx_logging(false);
        let db = Database::connect(options).await.map_err(|e| e.to_string())?;
        let sql = "SELECT step, subject_id, bytes FROM event";
        let rows = db
            .query_all_raw(Statement::from_string(db.get_database_backend(), sql))
            .await
            .map_err(|e| e.to_string())?;
        let mut effects = HashMap::new();
        for row in rows {
            let step: String = row.try_get("", "step").expect("a step");
            let subject: uuid::Uuid = row.try_get("", "subject_id").expect("a subject");
            let bytes: Vec<u8> = row.try_get("", "bytes").expect("the event's bytes");
            let mark =
                if BY_TEXT.contains(&step.as_str()) { text_in(&bytes) } else { Some(subject.simple().to_string()) };
            if let Some(mark) = mark {
                *effects.entry(Effect { step, mark }).or_insert(0) += 1;
            }
        }
        db.close().await.map_err(|e| e.to_string())?;
        Ok(effects)
    })
}

fn text_in(bytes: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(bytes);
    let from = text.find(MARK)?;
    let rest = &text[from..];
    Some(rest[..rest.find('"').unwrap_or(rest.len())].to_owned())
}

/// Runs `entrepot verify` on the database; answers what it found wrong.
pub fn verify(launch: &Launch) -> Vec<String> {
    let out = launch.verify_command().output().expect("the checker starts");
    if out.status.success() {
        return Vec::new();
    }
    let text = format!("{}{}", String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr));
    vec![format!("the books do not hold ({}): {}", out.status, text.chars().take(600).collect::<String>())]
}
