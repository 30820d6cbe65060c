//! What people chose about topics; what they did not choose is the default.

use crate::platform::access::Scope;
use crate::platform::database::Database;
use crate::platform::problem::Fault;
use crate::platform::rows;
use entrepot_domain::notice::{Choice, Letters, Topic};
use sea_orm::{ConnectionTrait, Value};
use std::collections::{BTreeSet, HashMap};

/// Choices by person and topic.
pub type Chosen = HashMap<(u128, Topic), Choice>;

/// What holds for a person and a topic.
pub fn of(chosen: &Chosen, user: u128, topic: Topic) -> Choice {
    let free = chosen.get(&(user, topic)).copied().filter(|_| topic.is_free());
    free.unwrap_or_else(|| topic.default_choice())
}

/// What these people chose.
pub async fn of_users(db: &impl ConnectionTrait, market: u128, users: &BTreeSet<u128>) -> Result<Chosen, Fault> {
    let keys: Vec<Value> = users.iter().flat_map(|user| [rows::id(market), rows::id(*user)]).collect();
    let columns = "t.user_id, t.topic, t.app, t.letters";
    let mut chosen = Chosen::new();
    for row in rows::select_in(db, columns, "notice_choice", &["market_id", "user_id"], keys, "").await? {
        let (topic, letters): (String, String) = (row.try_get("", "topic")?, row.try_get("", "letters")?);
        // A word from before a change of the list counts as nothing chosen.
        if let (Some(topic), Some(letters)) = (Topic::parse(&topic), Letters::parse(&letters)) {
            let app = row.try_get::<i64>("", "app")? != 0;
            chosen.insert((rows::get_id(&row, "user_id")?, topic), Choice { app, letters });
        }
    }
    Ok(chosen)
}

/// Keeps what the reader chose about a topic.
pub async fn choose(db: &Database, scope: &Scope, topic: Topic, choice: Choice) -> Result<(), Fault> {
    let sql = "INSERT INTO notice_choice (market_id, user_id, topic, app, letters) VALUES ($1,$2,$3,$4,$5) \
        ON CONFLICT (market_id, user_id, topic) DO UPDATE SET app = excluded.app, letters = excluded.letters";
    let mut values = vec![rows::id(scope.market()), rows::id(scope.actor().user), topic.as_str().into()];
    values.extend([i64::from(choice.app).into(), choice.letters.as_str().into()]);
    rows::execute(db.write(), sql, values).await.map(|_| ())
}
