//! G24: a backup that is corrupt, short, or of no moment at all, and yet "verified" (neotoma 2075; bindery 900; ella core
//! 890; Vaultwarden 2851). A hundred backups under load are restored by the rig F20; here is one, with its controls.

use crate::ground::{Client, Ground, ground};
use entrepot::audit;
use entrepot::backup::{self, heads::Heads};
use entrepot::config::Config;
use entrepot::platform::database::Database;
use serde_json::json;
use std::path::Path;

/// The same configuration for another place.
fn at(ground: &Ground, folder: &Path) -> Config {
    let mut config = (*ground.state.config).clone();
    config.database = format!("sqlite://{}", folder.join("copy.db").display()).into();
    config.files = folder.join("files");
    config
}

async fn pay_in(ground: &Ground, who: &Client, n: u32) {
    let body = json!({ "amount": { "minor": "100", "currency": "USD" }, "reference": format!("G24-{n}") });
    let answer = ground.post(who, "/api/v1/wallet/pay-ins", body).await;
    assert!(answer.status.is_success(), "{answer:?}");
}

#[actix_web::test]
async fn a_backup_made_while_money_moves_is_restored_to_books_that_hold() {
    let ground = ground().await;
    let buyer = ground.company("Buyer", true, false).await;
    for n in 0..20 {
        pay_in(&ground, &buyer, n).await;
    }
    let folder = tempfile::tempdir().unwrap();
    let (target, there) = (folder.path().join("backup"), folder.path().join("there"));
    let writing = async {
        for n in 20..60 {
            pay_in(&ground, &buyer, n).await;
        }
    };

    let (made, ()) = tokio::join!(backup::backup(&ground.state.config, &target, true, None), writing);

    let mut config = at(&ground, &there);
    config.secret_keys = Some(there.join("secret.key"));
    let restored = backup::restore(&config, &target).await.unwrap();
    assert_eq!(restored.body, made.unwrap().manifest.body);
    let db = Database::open(&config.database).await.unwrap();
    let report = audit::verify(&db, None).await.unwrap();
    assert_eq!((report.findings.as_slice(), &report.heads), (&[][..], &restored.body.heads));
    assert!(report.checked.journals >= 20, "what was acknowledged before the backup began is in it");
}

#[actix_web::test]
async fn the_file_alone_copied_while_money_moves_is_not_taken_for_a_backup() {
    let ground = ground().await;
    let buyer = ground.company("Buyer", true, false).await;
    for n in 0..20 {
        pay_in(&ground, &buyer, n).await;
    }
    let folder = tempfile::tempdir().unwrap();
    let source = ground.state.config.database.trim_start_matches("sqlite://");
    let careless = folder.path().join("copy.db");
    std::fs::copy(source, &careless).unwrap();
    let file = backup::heads::export(&ground.state, &folder.path().join("heads")).await.unwrap();

    // Without the log beside it the file is empty, old, or torn: whatever it is, the exported head tells.
    let told = match Database::attach(&format!("sqlite://{}", careless.display())).await {
        Err(fault) => fault.to_string(),
        Ok(db) => match audit::verify(&db, None).await {
            Err(fault) => fault.to_string(),
            Ok(mut report) => match Heads::read(&file).await.unwrap().hold(&db, &mut report).await {
                Err(fault) => fault.to_string(),
                Ok(()) => report.findings.iter().map(|f| f.detail.clone()).collect(),
            },
        },
    };

    assert!(!told.is_empty(), "a file copied without its log was taken for whole");
}
