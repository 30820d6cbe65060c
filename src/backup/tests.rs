//! Backups that hold are restored to the same books; whatever is off is refused, and leaves nothing behind.

use super::heads::Heads;
use super::manifest::{self, Manifest, Part};
use super::*;
use crate::config::Config;
use crate::platform::access::Actor;
use crate::platform::clock::Clock;
use crate::platform::dump;
use crate::platform::engine::Request;
use crate::platform::ids::Ids;
use crate::platform::rows;
use crate::platform::web::AppState;
use crate::{boot, identity, market};
use clap::Parser;
use entrepot_domain::kernel::MarketTime;
use entrepot_domain::market::Era;
use std::path::{Path, PathBuf};

const MARKET: u128 = 0xA;
const UPLOAD: &[u8] = b"a packing list";

#[derive(Parser)]
struct Arguments {
    #[command(flatten)]
    config: Config,
}

fn config(folder: &Path, database: Option<&str>) -> Config {
    let own = format!("sqlite://{}", folder.join("shop.db").display());
    let files = folder.join("files").display().to_string();
    Arguments::parse_from(["entrepot", "--database", database.unwrap_or(&own), "--files", &files]).config
}

/// An installation at work: a market with some companies, an uploaded file, keys, and a log that is not yet copied.
struct Shop {
    state: AppState,
    folder: tempfile::TempDir,
}

async fn shop() -> Shop {
    shop_on(None).await
}

async fn shop_on(database: Option<&str>) -> Shop {
    let folder = tempfile::tempdir().unwrap();
    let config = config(folder.path(), database);
    let state = boot::open(config, Clock::manual(1_790_000_000_000_000), Ids::seeded(7)).await.unwrap();
    identity::IdentitySessions::start(&state).await.unwrap();
    let open = market::OpenMarket::new(MARKET, "A market", Era::Data, state.engine.clock().now(), MarketTime(0));
    state.engine.execute(Request::new(Actor::system(MARKET), open)).await.unwrap();
    state.files.put(UPLOAD).await.unwrap();
    let shop = Shop { state, folder };
    shop.company("Anna").await;
    shop.company("Bo").await;
    shop
}

impl Shop {
    async fn company(&self, name: &str) {
        let company = identity::OpenCompany {
            id: self.state.engine.ids().next(),
            name: name.to_owned(),
            name_zh: None,
            country: "DE".to_owned(),
            registration_number: format!("HRB {name}"),
            city: "Hamburg".to_owned(),
            founded: None,
            about: String::new(),
            buys: true,
            sells: false,
            owner: None,
        };
        self.state.engine.execute(Request::new(Actor::system(MARKET), company)).await.unwrap();
        while self.state.engine.seal(MARKET).await.unwrap() > 0 {}
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    async fn backup(&self) -> PathBuf {
        let target = self.path("backup");
        backup(&self.state.config, &target, false, None).await.unwrap();
        target
    }

    /// What stands in the way of restoring a folder to an empty place.
    async fn refused(&self, source: &Path) -> String {
        let place = tempfile::tempdir().unwrap();
        let told = restore(&config(place.path(), None), source).await.unwrap_err().to_string();
        assert!(!place.path().join("shop.db").exists(), "a refused restore left a database: {told}");
        told
    }

    /// Writes a manifest for what lies in the folder now, signed as the installation would.
    async fn sign_anew(&self, folder: &Path, change: impl FnOnce(&mut Body)) {
        let mut body = Manifest::read(folder).await.unwrap().body;
        for part in &mut body.parts {
            let (bytes, sha256) = parts::measure(&folder.join(&part.path)).await.unwrap();
            *part = Part { path: part.path.clone(), bytes, sha256 };
        }
        change(&mut body);
        let signed = Manifest::sign(body, self.state.engine.db()).await.unwrap();
        std::fs::write(folder.join(manifest::FILE), serde_json::to_vec(&signed).unwrap()).unwrap();
    }
}

#[tokio::test]
async fn a_backup_of_a_working_shop_is_restored_to_the_same_books() {
    let shop = shop().await;
    let source = shop.backup().await;
    shop.company("Later").await;

    let place = tempfile::tempdir().unwrap();
    let there = config(place.path(), None);
    let restored = restore(&there, &source).await.unwrap();

    assert_eq!(restored.body.heads.first().map(|h| h.seq), Some(3));
    let db = Database::open(&there.database).await.unwrap();
    let report = audit::verify(&db, None).await.unwrap();
    assert_eq!((report.findings, report.heads), (vec![], restored.body.heads));
    let files = crate::platform::files::Files::new(&there.files);
    assert_eq!(files.get(&crate::platform::files::sha256(UPLOAD)).await.unwrap(), UPLOAD);
    assert!(!there.secret_keys().exists(), "the keys go apart unless asked for");
}

#[tokio::test]
async fn the_keys_come_along_when_asked_for_and_belong_to_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let shop = shop().await;
    let source = shop.path("backup");
    backup(&shop.state.config, &source, true, None).await.unwrap();
    let place = tempfile::tempdir().unwrap();
    let there = config(place.path(), None);

    restore(&there, &source).await.unwrap();

    let read = |path: PathBuf| std::fs::read(path).unwrap();
    assert_eq!(read(there.secret_keys()), read(shop.state.config.secret_keys()));
    assert_eq!(there.secret_keys().metadata().unwrap().permissions().mode() & 0o777, 0o600);
}

#[tokio::test]
async fn a_backup_replaces_nothing_and_neither_does_a_restore() {
    let shop = shop().await;
    let source = shop.backup().await;

    let twice = backup(&shop.state.config, &source, false, None).await.unwrap_err().to_string();
    assert!(twice.contains("is not empty"), "{twice}");
    let over = restore(&shop.state.config, &source).await.unwrap_err().to_string();
    assert!(over.contains("the target database is not empty"), "{over}");

    let place = tempfile::tempdir().unwrap();
    let there = config(place.path(), None);
    std::fs::create_dir(&there.files).unwrap();
    std::fs::write(there.files.join("stray"), "x").unwrap();
    let foreign = restore(&there, &source).await.unwrap_err().to_string();
    assert!(foreign.contains("holds stray"), "{foreign}");
}

#[tokio::test]
async fn a_copy_that_is_off_is_no_backup_and_leaves_nothing() {
    let shop = shop().await;
    let target = shop.path("backup");
    let name = crate::platform::files::sha256(UPLOAD);
    std::fs::write(shop.path("files").join(&name[..2]).join(&name), "another packing list").unwrap();

    let told = backup(&shop.state.config, &target, false, None).await.unwrap_err().to_string();

    assert!(told.contains("is damaged"), "{told}");
    let left = |shop: &Shop| {
        let names = std::fs::read_dir(shop.folder.path()).unwrap().map(|e| e.unwrap().file_name());
        names.filter(|n| n.to_string_lossy().starts_with("backup")).count()
    };
    assert_eq!(left(&shop), 0);

    std::fs::write(shop.path("files").join(&name[..2]).join(&name), UPLOAD).unwrap();
    let tampered = "INSERT INTO account (market_id, kind, owner_id, part, currency, balance) VALUES ($1, 'L.BUYER', $1, 0, 'USD', 5)";
    rows::execute(shop.state.engine.db().write(), tampered, vec![rows::id(MARKET)]).await.unwrap();
    let told = backup(&shop.state.config, &target, false, None).await.unwrap_err().to_string();
    assert!(told.contains("the books do not hold") && told.contains("account_sum"), "{told}");
    assert_eq!(left(&shop), 0);
}

#[tokio::test]
async fn a_backup_that_does_not_fit_its_manifest_is_not_restored() {
    let shop = shop().await;
    let source = shop.backup().await;
    let database = source.join(dump::SQLITE_FILE);
    let whole = std::fs::read(&database).unwrap();

    std::fs::write(&database, &whole[..whole.len() - 1]).unwrap();
    assert!(shop.refused(&source).await.contains("was changed or cut off"));
    std::fs::write(&database, &whole).unwrap();

    std::fs::write(source.join("stray"), "x").unwrap();
    assert!(shop.refused(&source).await.contains("stray lies in the backup"));
    std::fs::remove_file(source.join("stray")).unwrap();

    shop.sign_anew(&source, |body| body.schema.push("m29991231_000001_hoverboards".to_owned())).await;
    assert!(shop.refused(&source).await.contains("hoverboards, which this version does not know"));
    shop.sign_anew(&source, |body| {
        body.schema.pop();
        body.heads[0].seq -= 1;
    })
    .await;
    assert!(shop.refused(&source).await.contains("does not end where its manifest says"));

    let mut unsigned = Manifest::read(&source).await.unwrap();
    unsigned.body.heads[0].seq += 1;
    std::fs::write(source.join(manifest::FILE), serde_json::to_vec(&unsigned).unwrap()).unwrap();
    assert!(shop.refused(&source).await.contains("no signature"));
    std::fs::remove_file(source.join(manifest::FILE)).unwrap();
    assert!(shop.refused(&source).await.contains("is no backup"));
}

/// G24: the file alone, without the log beside it, is what careless scripts copy. Its manifest may say what it likes.
#[tokio::test]
async fn a_database_copied_without_its_log_is_not_restored() {
    let shop = shop().await;
    let source = shop.backup().await;

    std::fs::copy(shop.path("shop.db"), source.join(dump::SQLITE_FILE)).unwrap();
    shop.sign_anew(&source, |_| {}).await;

    let told = shop.refused(&source).await;
    assert!(
        told.contains("does not end where") || told.contains("no signature") || told.contains("no such table"),
        "{told}"
    );
}

#[tokio::test]
async fn a_cut_tail_is_found_through_an_exported_head() {
    let shop = shop().await;
    let db = shop.state.engine.db();
    let file = heads::export(&shop.state, &shop.path("heads")).await.unwrap();
    shop.company("Later").await;
    let exported = Heads::read(&file).await.unwrap();
    let mut report = audit::verify(db, None).await.unwrap();
    exported.hold(db, &mut report).await.unwrap();
    assert_eq!(report.findings, []);

    for sql in [
        "DROP TRIGGER sealed__no_delete",
        "DROP TRIGGER event__no_delete",
        "DELETE FROM sealed WHERE seq >= 3",
        "DELETE FROM company WHERE id IN (SELECT subject_id FROM event e WHERE NOT EXISTS (SELECT 1 FROM sealed s WHERE s.event_id = e.id))",
        "DELETE FROM event WHERE id NOT IN (SELECT event_id FROM sealed)",
    ] {
        rows::execute(db.write(), sql, vec![]).await.unwrap();
    }
    let mut report = audit::verify(db, None).await.unwrap();
    assert_eq!(report.findings, [], "without the exported head nothing is missed");
    exported.hold(db, &mut report).await.unwrap();

    assert!(report.has(audit::Check::Head), "{:?}", report.findings);
}

#[tokio::test]
async fn heads_that_somebody_changed_prove_nothing() {
    let shop = shop().await;
    let file = heads::export(&shop.state, &shop.path("heads")).await.unwrap();
    let mut exported = Heads::read(&file).await.unwrap();
    exported.body.heads[0].seq -= 1;

    let told = exported.hold(shop.state.engine.db(), &mut Report::default()).await.unwrap_err().to_string();

    assert!(told.contains("no signature of this installation"), "{told}");
}

/// The address of a new database in the cluster of `scripts/with-postgres.sh`.
async fn postgres(name: &str) -> String {
    let base = std::env::var("ENTREPOT_TEST_POSTGRES")
        .expect("ENTREPOT_TEST_POSTGRES is not set: run the tests through `make test` or scripts/with-postgres.sh");
    let name = format!("{name}{}", std::process::id());
    let server = Database::attach(&base).await.unwrap();
    rows::execute(server.write(), format!("CREATE DATABASE {name}"), vec![]).await.unwrap();
    base.replacen("/postgres?", &format!("/{name}?"), 1)
}

#[tokio::test]
async fn a_backup_of_postgres_is_restored_to_the_same_books() {
    let shop = shop_on(Some(&postgres("backup_from").await)).await;
    let source = shop.backup().await;
    let place = tempfile::tempdir().unwrap();
    let there = config(place.path(), Some(&postgres("backup_to").await));

    let restored = restore(&there, &source).await.unwrap();

    assert_eq!((restored.body.engine.as_str(), restored.body.heads[0].seq), (dump::POSTGRES, 3));
    let twice = restore(&there, &source).await.unwrap_err().to_string();
    assert!(twice.contains("the target database is not empty"), "{twice}");
    let sql = "SELECT COUNT(*) AS n FROM pg_database WHERE datname LIKE 'entrepot_check%'";
    let left = rows::query_one(shop.state.engine.db().read(), sql, vec![]).await.unwrap().unwrap();
    assert_eq!(left.try_get::<i64>("", "n").unwrap(), 0, "the throw-away database is gone");
    let crossed = restore(&config(tempfile::tempdir().unwrap().path(), None), &source).await.unwrap_err().to_string();
    assert!(crossed.contains("the backup is of a postgres database, the target is sqlite"), "{crossed}");
}
