//! What is kept: read notices for half a year, and five hundred for each person.

use crate::platform::database::Database;
use crate::platform::problem::Fault;
use crate::platform::rows;

/// How long a notice is kept after it was read, in microseconds of real time: 180 days.
pub const READ_KEPT: i64 = 180 * 86_400_000_000;
/// Notices kept for one person in one market.
pub const KEPT_MAX: i64 = 500;

/// Deletes what was read long ago, and of people with too many the oldest; answers how many went.
pub async fn tidy(db: &Database, now: i64) -> Result<u64, Fault> {
    let sql = "DELETE FROM notice WHERE read_at IS NOT NULL AND read_at < $1";
    let mut gone = rows::execute(db.write(), sql, vec![(now - READ_KEPT).into()]).await?;
    let many =
        format!("SELECT market_id, user_id FROM notice GROUP BY market_id, user_id HAVING COUNT(*) > {KEPT_MAX}");
    for row in rows::query(db.read(), many, Vec::new()).await? {
        let sql = format!(
            "DELETE FROM notice WHERE market_id = $1 AND user_id = $2 AND (seq, id) <= \
             (SELECT seq, id FROM notice WHERE market_id = $1 AND user_id = $2 ORDER BY seq DESC, id DESC LIMIT 1 OFFSET {KEPT_MAX})"
        );
        let values = vec![rows::id(rows::get_id(&row, "market_id")?), rows::id(rows::get_id(&row, "user_id")?)];
        gone += rows::execute(db.write(), sql, values).await?;
    }
    Ok(gone)
}
