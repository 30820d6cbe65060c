//! What the server may do on PostgreSQL (MON-3): under its role nothing that is append-only can be changed, even where
//! the triggers are asleep; and it starts where that role cannot be had.

use crate::ground::{Kind, ground, postgres};
use entrepot::config::Config;
use entrepot::doctor::{self, Level};
use entrepot::platform::database::Database;
use entrepot::platform::rights::{self, ROLE};
use entrepot::platform::rows;
use sea_orm::{ConnectionTrait, DatabaseConnection, TransactionTrait};

/// Every table that only grows. A new one belongs here too; the test compares this list with the triggers.
const APPEND_ONLY: [&str; 13] = [
    "agreement",
    "denial",
    "event",
    "inquiry_attachment",
    "inquiry_file",
    "inquiry_message",
    "journal",
    "posting",
    "proof_file",
    "sealed",
    "sourcing_attachment",
    "sourcing_file",
    "stock_move",
];

async fn names(db: &impl ConnectionTrait, sql: &str) -> Vec<String> {
    let found = rows::query(db, sql, Vec::new()).await.unwrap();
    found.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
}

async fn one(db: &impl ConnectionTrait, sql: &str) -> String {
    names(db, sql).await.pop().unwrap()
}

/// Tables whose trigger refuses changes, by what the database says.
async fn guarded(db: &impl ConnectionTrait) -> Vec<String> {
    let sql = "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal \
               AND tgfoid = 'refuse_change'::regproc ORDER BY 1";
    names(db, sql).await
}

async fn may(db: &impl ConnectionTrait, user: &str, verb: &str, table: &str) -> bool {
    let sql = format!("SELECT has_table_privilege('{user}', '{table}', '{verb}')::text");
    one(db, &sql).await == "true"
}

/// What changes rows of a table, by verb.
fn changes(table: &str) -> [(&'static str, String); 3] {
    [
        ("UPDATE", format!("UPDATE {table} SET market_id = market_id")),
        ("DELETE", format!("DELETE FROM {table}")),
        ("TRUNCATE", format!("TRUNCATE {table} CASCADE")),
    ]
}

async fn refusal(db: &impl ConnectionTrait, sql: &str) -> String {
    rows::execute(db, sql, Vec::new()).await.expect_err(sql).to_string()
}

#[tokio::test]
async fn the_server_may_not_change_what_is_append_only_and_the_owner_may() {
    let ground = ground(Kind::Postgres).await;
    let owner = Database::attach(ground.db.url()).await.unwrap();
    assert_eq!(guarded(owner.read()).await, APPEND_ONLY, "a table is on the list and has no trigger, or the reverse");

    for table in guarded(owner.read()).await {
        for (verb, sql) in changes(&table) {
            assert!(!may(owner.read(), ROLE, verb, &table).await, "{verb} on {table}");
            assert!(may(owner.read(), "postgres", verb, &table).await, "the control: the owner has {verb} on {table}");
            for pool in [ground.db.write(), ground.db.snapshots()] {
                let told = refusal(pool, &sql).await;
                assert!(told.contains(&format!("permission denied for table {table}")), "{sql}: {told}");
            }
        }
        assert!(may(owner.read(), ROLE, "INSERT", &table).await && may(owner.read(), ROLE, "SELECT", &table).await);
    }
}

/// The row triggers do not see everything; a table without its trigger is still closed to the server.
#[tokio::test]
async fn history_stays_closed_to_the_server_while_the_triggers_sleep() {
    let ground = ground(Kind::Postgres).await;
    let owner = Database::attach(ground.db.url()).await.unwrap();
    let nil = uuid::Uuid::nil();
    let denial = "INSERT INTO denial (market_id, id, at, actor_role, step, code) VALUES ($1, $1, 1, 'owner', 's', 'c')";
    rows::execute(ground.db.write(), denial, vec![nil.into()]).await.unwrap();
    let sleep = "SET LOCAL session_replication_role = replica";

    let tx = owner.write().begin().await.unwrap();
    tx.execute_unprepared(sleep).await.unwrap();
    assert_eq!(
        rows::execute(&tx, "DELETE FROM denial", Vec::new()).await.unwrap(),
        1,
        "the control: nothing else stops it"
    );
    tx.rollback().await.unwrap();

    let tx = ground.db.write().begin().await.unwrap();
    assert!(refusal(&tx, sleep).await.contains("permission denied"), "the server cannot put the triggers to sleep");
    tx.rollback().await.unwrap();
    let triggers = "ALTER TABLE denial DISABLE TRIGGER USER";
    assert!(refusal(ground.db.write(), triggers).await.contains("must be owner"));
    rows::execute(owner.write(), triggers, Vec::new()).await.unwrap();
    let told = refusal(ground.db.write(), "DELETE FROM denial").await;
    assert!(told.contains("permission denied for table denial"), "{told}");
}

#[tokio::test]
async fn every_pool_works_under_the_role_and_has_what_it_needs_on_every_table() {
    let ground = ground(Kind::Postgres).await;
    let db = &ground.db;
    for pool in [db.write() as &DatabaseConnection, db.snapshots()] {
        assert_eq!(one(pool, "SELECT current_user::text").await, ROLE);
    }
    assert_eq!(one(db.read(), "SELECT current_user::text").await, ROLE);
    db.probe().await.unwrap();

    for table in db.tables().await.unwrap() {
        let kept = APPEND_ONLY.contains(&table.as_str());
        let steps = table == "seaql_migrations";
        let wanted = [("SELECT", true), ("INSERT", !steps), ("UPDATE", !kept && !steps), ("DELETE", !kept && !steps)];
        for (verb, wanted) in wanted.into_iter().chain([("TRUNCATE", false)]) {
            assert_eq!(may(db.read(), ROLE, verb, &table).await, wanted, "{verb} on {table}");
        }
    }
    assert!(refusal(db.write(), "CREATE TABLE stray (n BIGINT)").await.contains("permission denied for schema"));
}

/// No list of the product names the tables: what has the trigger is closed, what has not is open.
#[tokio::test]
async fn a_new_table_gets_its_rights_at_the_next_start_and_rights_that_crept_in_are_taken_back() {
    let ground = ground(Kind::Postgres).await;
    let owner = Database::attach(ground.db.url()).await.unwrap();
    for sql in [
        "CREATE TABLE \"Minutes\" (market_id UUID)",
        "CREATE TRIGGER guard BEFORE UPDATE OR DELETE ON \"Minutes\" FOR EACH ROW EXECUTE FUNCTION refuse_change()",
        "CREATE TABLE notes (market_id UUID)",
        "GRANT ALL ON posting TO entrepot_app",
    ] {
        rows::execute(owner.write(), sql, Vec::new()).await.unwrap();
    }
    let before = rights::look(owner.read(), ROLE).await.unwrap();
    assert!(before.lacks.contains(&"INSERT ON \"Minutes\"".to_owned()), "{before:?}");
    assert_eq!(before.exceeds, ["DELETE ON posting", "TRUNCATE ON posting", "UPDATE ON posting"]);

    let db = Database::open(ground.db.url()).await.unwrap();

    let told = refusal(db.write(), "DELETE FROM \"Minutes\"").await;
    assert!(told.contains("permission denied"), "{told}");
    rows::execute(db.write(), "INSERT INTO \"Minutes\" VALUES (NULL)", Vec::new()).await.unwrap();
    rows::execute(db.write(), "DELETE FROM notes", Vec::new()).await.unwrap();
    assert!(refusal(db.write(), "DELETE FROM posting").await.contains("permission denied"));
    let after = rights::look(owner.read(), ROLE).await.unwrap();
    assert_eq!((after.lacks, after.exceeds), (vec![], vec![]));
}

/// An address of the same database for a user of its own, who may do `with`.
async fn user_of(url: &str, name: &str, with: &str) -> String {
    let admin = Database::attach(url).await.unwrap();
    rows::execute(admin.write(), format!("CREATE ROLE {name} LOGIN {with}"), Vec::new()).await.unwrap();
    url.replacen("postgres@", &format!("{name}@"), 1)
}

async fn as_admin(url: &str, statements: &[&str]) {
    let admin = Database::attach(url).await.unwrap();
    for sql in statements {
        rows::execute(admin.write(), *sql, Vec::new()).await.unwrap();
    }
}

#[derive(clap::Parser)]
struct Cli {
    #[command(flatten)]
    config: Config,
}

/// What the doctor says on a matter: how bad, what and what to do.
async fn doctors_word(url: &str, on: &str) -> (Level, String, String) {
    let folder = tempfile::tempdir().unwrap();
    let files = folder.path().join("files").display().to_string();
    let cli: Cli = clap::Parser::parse_from(["doctor", "--database", url, "--files", &files]);
    let found = doctor::examine(&cli.config).await;
    let found = found.into_iter().find(|finding| finding.name == on).unwrap();
    (found.level, found.detail, found.next)
}

/// The role is there (of another installation in the cluster, say), and this user is no member and may not become one.
#[tokio::test]
async fn a_user_who_may_not_take_the_role_serves_without_it_and_is_told_what_to_do() {
    drop(ground(Kind::Postgres).await);
    let url = postgres().await;
    let plain = user_of(&url, "plain", "").await;
    let database = one(Database::attach(&url).await.unwrap().read(), "SELECT current_database()::text").await;
    as_admin(&url, &[&format!("ALTER DATABASE {database} OWNER TO plain")]).await;

    let db = Database::open(&plain).await.unwrap();

    assert_eq!(one(db.read(), "SELECT current_user::text").await, "plain");
    let (level, detail, next) = doctors_word(&plain, "role").await;
    assert_eq!((level, detail.as_str()), (Level::Warn, "plain may not work as entrepot_app"));
    assert!(next.contains("GRANT entrepot_app TO \"plain\""), "{next}");

    as_admin(&url, &["GRANT entrepot_app TO \"plain\""]).await;
    let db = Database::open(&plain).await.unwrap();
    assert_eq!(one(db.read(), "SELECT current_user::text").await, ROLE);
    assert_eq!(doctors_word(&plain, "role").await.0, Level::Ok);
}

#[tokio::test]
async fn a_user_who_may_make_roles_makes_it_and_one_who_may_not_goes_on() {
    let url = postgres().await;
    for (name, with, gets) in [("maker", "CREATEROLE", true), ("nobody_much", "", false)] {
        let user = user_of(&url, name, with).await;
        as_admin(&url, &[&format!("GRANT ALL ON SCHEMA public TO {name} WITH GRANT OPTION")]).await;
        let db = Database::attach(&user).await.unwrap();
        let role: &'static str = if gets { "made_anew" } else { "never_made" };

        let had = rights::hand_out(db.write(), role).await.unwrap();

        assert_eq!(had, gets.then_some(role), "{name}");
        let (complaint, asks) =
            (rights::look(db.read(), role).await.unwrap().complaint(role), "CREATE ROLE never_made");
        assert_eq!(complaint.is_some_and(|(_, next)| next.contains(asks)), !gets, "{name}");
    }
}

/// Roles are the cluster's: the first starts of two databases meet here, not at the lock of a database.
#[tokio::test]
async fn databases_that_start_at_once_share_the_role() {
    let databases = futures_util::future::join_all((0..6).map(|_| postgres())).await;
    let admin = Database::attach(&databases[0]).await.unwrap();
    for round in 0..5 {
        let role: &'static str = format!("shared_{round}").leak();
        let users = (0..databases.len()).map(|n| (n, format!("joins_{round}_{n}")));
        let opened: Vec<_> = futures_util::future::join_all(users.map(|(n, name)| {
            let url = &databases[n];
            async move {
                let db = Database::attach(&user_of(url, &name, "CREATEROLE").await).await.unwrap();
                as_admin(url, &[&format!("GRANT USAGE ON SCHEMA public TO {name} WITH GRANT OPTION")]).await;
                db
            }
        }))
        .await;

        let all = futures_util::future::join_all(opened.iter().map(|db| rights::hand_out(db.write(), role))).await;

        for had in all {
            assert_eq!(had.unwrap(), Some(role));
        }
        let members = format!(
            "SELECT COUNT(*)::text FROM pg_auth_members WHERE roleid = '{role}'::regrole AND member::regrole::text LIKE 'joins%'"
        );
        assert_eq!(one(admin.read(), &members).await, databases.len().to_string());
    }
}

/// Two accounts: one owns the tables and migrates, one is a mere member of the role and serves.
#[tokio::test]
async fn a_server_whose_user_owns_nothing_serves_and_has_no_way_back_to_more() {
    let ground = ground(Kind::Postgres).await;
    let serves = user_of(ground.db.url(), "serves", "IN ROLE entrepot_app").await;

    let db = Database::open(&serves).await.unwrap();

    assert_eq!(one(db.read(), "SELECT current_user::text").await, ROLE);
    rows::execute(db.write(), "RESET ROLE", Vec::new()).await.unwrap();
    for table in APPEND_ONLY {
        assert!(!may(db.read(), "serves", "UPDATE", table).await && !may(db.read(), "serves", "DELETE", table).await);
    }
    assert_eq!(doctors_word(&serves, "role").await.0, Level::Ok);
    assert_eq!(doctors_word(&serves, "rights").await.0, Level::Ok, "where no step is missing nobody needs to migrate");
}
