//! `entrepot doctor` on installations that are well and on such that are broken in one place each, and `entrepot health`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::disallowed_methods)]

use clap::Parser;
use entrepot::config::Config;
use entrepot::doctor::{self, Finding, Level};
use entrepot::platform::clock::Clock;
use entrepot::platform::database::Database;
use entrepot::platform::files::Files;
use entrepot::platform::ids::Ids;
use entrepot::{boot, identity};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

#[derive(Parser)]
struct Cli {
    #[command(flatten)]
    config: Config,
}

fn config(folder: &Path, more: &[&str]) -> Config {
    let (database, files) =
        (format!("sqlite://{}/entrepot.db", folder.display()), format!("{}/files", folder.display()));
    let listen = format!("127.0.0.1:{}", free_port());
    let all = ["doctor", "--database", &database, "--files", &files, "--listen", &listen];
    Cli::parse_from(all.into_iter().chain(more.iter().copied())).config
}

fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// An installation that served before: database, keys and one file.
async fn served(folder: &Path) -> String {
    let state = boot::open(config(folder, &[]), Clock::machine(), Ids::random(Clock::machine())).await.unwrap();
    identity::IdentitySessions::start(&state).await.unwrap();
    state.files.put(b"bill of lading").await.unwrap()
}

fn of<'a>(findings: &'a [Finding], name: &str) -> &'a Finding {
    findings.iter().find(|f| f.name == name).unwrap_or_else(|| panic!("no {name} in {findings:#?}"))
}

async fn finds(config: &Config, name: &str, level: Level, words: &str) {
    let findings = doctor::examine(config).await;
    let finding = of(&findings, name);
    assert_eq!(finding.level, level, "{findings:#?}");
    assert!(finding.detail.contains(words), "{finding:?}");
    assert!(!finding.next.is_empty(), "a finding that is not well names the next step: {finding:?}");
    assert_eq!(doctor::healthy(&findings), level != Level::Fail, "{findings:#?}");
}

#[tokio::test]
async fn an_installation_that_serves_is_well() {
    let folder = tempfile::tempdir().unwrap();
    served(folder.path()).await;

    let findings = doctor::examine(&config(folder.path(), &[])).await;

    assert!(doctor::healthy(&findings), "{findings:#?}");
    for name in [
        "configuration",
        "port",
        "database",
        "durability",
        "schema",
        "log",
        "jobs",
        "files",
        "file contents",
        "secret keys",
        "sealed values",
        "clock",
    ] {
        assert_eq!(of(&findings, name).level, Level::Ok, "{findings:#?}");
    }
}

#[tokio::test]
async fn an_empty_folder_is_a_first_start_and_no_fault() {
    let folder = tempfile::tempdir().unwrap();

    let findings = doctor::examine(&config(folder.path(), &[])).await;

    assert!(doctor::healthy(&findings), "{findings:#?}");
    assert_eq!(of(&findings, "database").level, Level::Warn);
    assert!(!folder.path().join("entrepot.db").exists(), "the doctor makes nothing");
    assert!(!folder.path().join("secret.key").exists());
}

#[tokio::test]
async fn a_configuration_that_serve_refuses_is_broken() {
    let folder = tempfile::tempdir().unwrap();
    let config = config(folder.path(), &["--metrics-listen", "0.0.0.0:9"]);

    finds(&config, "configuration", Level::Fail, "--metrics-public").await;
}

#[tokio::test]
async fn a_key_file_that_others_may_read_is_broken() {
    let folder = tempfile::tempdir().unwrap();
    served(folder.path()).await;
    let key = folder.path().join("secret.key");
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o644)).unwrap();

    finds(&config(folder.path(), &[]), "secret keys", Level::Fail, "may be read by others").await;
}

#[tokio::test]
async fn values_sealed_with_a_key_that_is_gone_are_found() {
    let folder = tempfile::tempdir().unwrap();
    served(folder.path()).await;
    let sealed = "INSERT INTO mail (id, kind, recipient, subject, key_id, sealed, created_at, attempts, next_at, error) \
        VALUES (x'00000000000000000000000000000001', 'k', 'a@example.com', 's', 'gone', x'01', 1, 0, 1, '')";
    let db = Database::connect(&config(folder.path(), &[]).database).await.unwrap();
    sea_orm::ConnectionTrait::execute_unprepared(db.write(), sealed).await.unwrap();

    finds(&config(folder.path(), &[]), "sealed values", Level::Fail, "key gone").await;
}

#[tokio::test]
async fn a_schema_from_the_future_is_broken_and_one_from_the_past_a_warning() {
    let folder = tempfile::tempdir().unwrap();
    served(folder.path()).await;
    let db = Database::connect(&config(folder.path(), &[]).database).await.unwrap();
    let run = |sql: &'static str| sea_orm::ConnectionTrait::execute_unprepared(db.write(), sql);

    run("INSERT INTO seaql_migrations (version, applied_at) VALUES ('m99991231_000001_future', 1)").await.unwrap();
    finds(&config(folder.path(), &[]), "schema", Level::Fail, "m99991231_000001_future").await;

    run("DELETE FROM seaql_migrations WHERE version IN (SELECT version FROM seaql_migrations ORDER BY version DESC LIMIT 2)")
        .await
        .unwrap();
    finds(&config(folder.path(), &[]), "schema", Level::Warn, "1 steps").await;
}

#[tokio::test]
async fn a_stored_file_that_is_not_what_its_name_says_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let name = served(folder.path()).await;
    std::fs::write(folder.path().join("files").join(&name[..2]).join(&name), b"bill of ladinG").unwrap();

    finds(&config(folder.path(), &[]), "file contents", Level::Fail, &name).await;
}

#[tokio::test]
async fn a_files_folder_that_is_none_is_broken() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("files"), b"a file in the place of the folder").unwrap();

    finds(&config(folder.path(), &[]), "files", Level::Fail, "folder").await;
}

#[tokio::test]
async fn a_database_that_is_none_or_does_not_answer_is_broken_and_its_password_not_shown() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("entrepot.db"), b"this is no database, whatever its name says").unwrap();
    let findings = doctor::examine(&config(folder.path(), &[])).await;
    assert_eq!(of(&findings, "database").level, Level::Fail, "{findings:#?}");

    let mut away = config(folder.path(), &[]);
    away.database = format!("postgres://trader:hunter2hunter2@127.0.0.1:{}/none", free_port()).as_str().into();
    let findings = doctor::examine(&away).await;
    assert_eq!(of(&findings, "database").level, Level::Fail, "{findings:#?}");
    let shown = doctor::as_text(&findings) + &doctor::as_json(&findings);
    assert!(shown.contains("cannot be reached"), "{shown}");
    assert!(!shown.contains("hunter2hunter2"), "{shown}");
}

#[tokio::test]
async fn a_taken_port_is_a_warning() {
    let folder = tempfile::tempdir().unwrap();
    let config = config(folder.path(), &[]);
    let _taken = std::net::TcpListener::bind(config.listen).unwrap();

    finds(&config, "port", Level::Warn, "is taken").await;
}

#[tokio::test]
async fn a_mail_server_nobody_answers_at_and_missing_demo_data_are_broken() {
    let folder = tempfile::tempdir().unwrap();
    let smtp = format!("smtp://127.0.0.1:{}", free_port());
    finds(&config(folder.path(), &["--smtp", &smtp]), "mail", Level::Fail, "mail server").await;

    let empty = folder.path().display().to_string();
    let demo = config(folder.path(), &["--demo", "--demo-data", &empty]);
    finds(&demo, "demo data", Level::Fail, "companies.csv").await;
}

#[tokio::test]
async fn a_log_from_the_future_tells_of_a_clock_that_went_back() {
    let folder = tempfile::tempdir().unwrap();
    served(folder.path()).await;
    let later = Clock::manual(Clock::machine().now() + 86_400_000_000);
    let state = boot::open(config(folder.path(), &[]), later.clone(), Ids::random(later)).await.unwrap();
    let now = state.engine.clock().now();
    let market = entrepot::market::OpenMarket::new(
        7,
        "Tomorrow",
        entrepot_domain::market::Era::Data,
        now,
        entrepot_domain::kernel::MarketTime(now),
    );
    let request = entrepot::platform::engine::Request::new(entrepot::platform::access::Actor::system(7), market);
    state.engine.execute(request).await.unwrap();

    finds(&config(folder.path(), &[]), "clock and log", Level::Fail, "in the future").await;
}

#[test]
fn the_command_answers_in_text_and_json_and_by_its_exit_code() {
    let folder = tempfile::tempdir().unwrap();
    let run = |more: &[&str]| {
        let listen = format!("127.0.0.1:{}", free_port());
        Command::new(env!("CARGO_BIN_EXE_entrepot"))
            .args(["doctor", "--listen", &listen])
            .args(more)
            .current_dir(folder.path())
            .output()
            .unwrap()
    };

    let well = run(&["--json"]);
    assert!(well.status.success(), "{well:?}");
    let report: serde_json::Value = serde_json::from_slice(&well.stdout).unwrap();
    assert_eq!(report["healthy"], true);
    assert!(report["findings"].as_array().unwrap().iter().all(|f| f["level"].is_string() && f["detail"].is_string()));
    let broken = run(&["--demo", "--demo-data", "nowhere"]);
    assert_eq!(broken.status.code(), Some(1));
    let text = String::from_utf8_lossy(&broken.stdout).into_owned();
    assert!(text.contains("FAIL  demo data"), "{text}");
    assert!(text.contains("next: "), "{text}");
}

#[test]
fn an_address_in_a_file_is_taken_and_an_empty_file_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("address");
    let told = || Cli::parse_from(["x", "--database-file", &path.display().to_string()]).config.with_files();

    std::fs::write(&path, "postgres://a:b@c/d\n").unwrap();
    assert_eq!(told().unwrap().database.expose(), "postgres://a:b@c/d");
    std::fs::write(&path, "\n").unwrap();
    assert!(told().unwrap_err().to_string().contains("is empty"));
}

#[test]
fn health_tells_an_answering_server_from_a_silent_one() {
    let health = |address: &str| {
        let run = Command::new(env!("CARGO_BIN_EXE_entrepot")).args(["health", "--listen", address]).output().unwrap();
        run.status.code()
    };
    let answering = |line: &'static str| {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        std::thread::spawn(move || {
            use std::io::{Read, Write};
            let (mut stream, _) = listener.accept().unwrap();
            let mut asked = [0; 1024];
            let n = stream.read(&mut asked).unwrap();
            assert!(asked[..n].starts_with(b"GET /ready HTTP/1.1\r\n"));
            write!(stream, "HTTP/1.1 {line}\r\nContent-Length: 0\r\n\r\n").unwrap();
        });
        address
    };

    assert_eq!(health(&answering("200 OK")), Some(0));
    assert_eq!(health(&answering("503 Service Unavailable")), Some(1));
    assert_eq!(health(&format!("127.0.0.1:{}", free_port())), Some(1));
}

#[tokio::test]
async fn files_given_by_the_store_are_looked_at_too() {
    let folder = tempfile::tempdir().unwrap();
    served(folder.path()).await;
    let before = std::fs::read_dir(folder.path().join("files")).unwrap().count();

    doctor::examine(&config(folder.path(), &[])).await;

    let files = Files::new(&folder.path().join("files"));
    assert_eq!(files.get(&entrepot::platform::files::sha256(b"bill of lading")).await.unwrap(), b"bill of lading");
    let left: Vec<_> = walk(&folder.path().join("files"));
    assert_eq!(left.len(), 1, "the probe is removed: {left:?}; {before} folders before");
}

fn walk(folder: &Path) -> Vec<std::path::PathBuf> {
    let inside = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    inside.flat_map(|path| if path.is_dir() { walk(&path) } else { vec![path] }).collect()
}
