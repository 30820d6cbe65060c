//! What readers did with their notices. Nobody else sees it, so it does not go through the door.

use crate::notices::read::Place;
use crate::platform::access::Scope;
use crate::platform::database::Database;
use crate::platform::problem::{Failure, Fault, Refusal};
use crate::platform::rows;

/// Marks one notice of the reader as read; again changes nothing.
///
/// Errors: 404 for somebody else's.
pub async fn read(db: &Database, scope: &Scope, notice: u128, at: i64) -> Result<(), Failure> {
    let sql = "UPDATE notice SET read_at = COALESCE(read_at, $4) WHERE market_id = $1 AND user_id = $2 AND id = $3";
    let values = vec![rows::id(scope.market()), rows::id(scope.actor().user), rows::id(notice), at.into()];
    match rows::execute(db.write(), sql, values).await? {
        0 => Err(Refusal::not_found().into()),
        _ => Ok(()),
    }
}

/// Marks everything up to a place as read, as the reader saw it: what came since stays unread.
pub async fn read_through(db: &Database, scope: &Scope, place: Place, at: i64) -> Result<(), Fault> {
    // Locked in the order the job writes in, so that the two never wait for each other.
    let sql = format!(
        "UPDATE notice SET read_at = $5 WHERE market_id = $1 AND user_id = $2 AND cause IN (SELECT n.cause FROM notice n \
         WHERE n.market_id = $1 AND n.user_id = $2 AND n.read_at IS NULL AND (n.seq, n.id) <= ($3, $4) ORDER BY n.cause{})",
        db.lock_clause()
    );
    let (market, user) = (rows::id(scope.market()), rows::id(scope.actor().user));
    let values = vec![market, user, place.0.into(), rows::id(place.1), at.into()];
    rows::execute(db.write(), sql, values).await.map(|_| ())
}
