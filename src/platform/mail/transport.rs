//! How a mail leaves: as a file for the operator to read, or by SMTP over TLS.

use super::Row;
use crate::platform::problem::Fault;
use lettre::message::header::{ContentTransferEncoding, ContentType};
use lettre::message::{Body, Mailbox, Message};
use lettre::transport::smtp::AsyncSmtpTransport;
use lettre::{AsyncTransport, Tokio1Executor};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How long the mail server may take.
const PATIENCE: Duration = Duration::from_secs(20);

enum Way {
    Folder(PathBuf),
    Smtp(AsyncSmtpTransport<Tokio1Executor>),
}

/// A way out for mails, and the address they come from.
pub struct Transport {
    from: Mailbox,
    way: Way,
}

fn mailbox(text: &str) -> Result<Mailbox, Fault> {
    text.parse().map_err(|e| Fault::new(format!("mail address {text:?}: {e}")))
}

impl Transport {
    /// Writes `.eml` files to a folder, which is made when first written to.
    pub fn folder(from: &str, folder: &Path) -> Result<Self, Fault> {
        Ok(Self { from: mailbox(from)?, way: Way::Folder(folder.to_owned()) })
    }

    /// Sends by SMTP; `url` is `smtps://user:password@host` or `smtp://…?tls=required`.
    ///
    /// Errors: an address without TLS on a host other than this machine.
    pub fn smtp(from: &str, url: &str) -> Result<Self, Fault> {
        let encrypted = url.starts_with("smtps://") || url.contains("tls=required");
        let after = url.split("://").nth(1).unwrap_or("");
        let host = after.rsplit('@').next().unwrap_or("");
        let local = ["localhost", "127.0.0.1", "[::1]"].iter().any(|name| host.starts_with(name));
        if !encrypted && !local {
            return Err(Fault::new("mail would travel in plain: use smtps://, or smtp:// with ?tls=required"));
        }
        // The URL holds a password, so the library's complaint about it is not repeated.
        let builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(url)
            .map_err(|_| Fault::new("the SMTP address cannot be read"))?;
        Ok(Self { from: mailbox(from)?, way: Way::Smtp(builder.timeout(Some(PATIENCE)).build()) })
    }

    /// Tries the way out without sending anything: the folder can be written to, or the server answers and lets us in.
    pub async fn reach(&self) -> Result<(), Fault> {
        match &self.way {
            Way::Folder(folder) => {
                let mut at = folder.as_path();
                while !tokio::fs::try_exists(at).await? {
                    at = at.parent().unwrap_or(Path::new("."));
                    if at.as_os_str().is_empty() {
                        at = Path::new(".");
                    }
                }
                Ok(tempfile_in(at).await?)
            }
            Way::Smtp(server) => match server.test_connection().await {
                Ok(true) => Ok(()),
                Ok(false) => Err(Fault::new("the mail server does not answer")),
                Err(error) => Err(Fault::new(format!("mail server: {error}"))),
            },
        }
    }

    /// True when a mail that left needs not be kept readable.
    pub fn wipes(&self) -> bool {
        matches!(self.way, Way::Smtp(_))
    }

    fn message(&self, row: &Row, text: &str, now: i64) -> Result<Message, Fault> {
        let since = Duration::from_micros(u64::try_from(now).unwrap_or(0));
        let builder = Message::builder()
            .from(self.from.clone())
            .to(mailbox(&row.recipient)?)
            .date(std::time::UNIX_EPOCH + since)
            .message_id(Some(format!("<{:032x}@entrepot>", row.id)))
            .subject(&row.subject)
            .header(ContentType::TEXT_PLAIN);
        // Files are read by people: they stay as they are, while a mail server may want another encoding.
        let body = match self.way {
            Way::Folder(_) => {
                let bytes = text.replace('\n', "\r\n").into_bytes();
                Body::dangerous_pre_encoded(bytes, ContentTransferEncoding::EightBit)
            }
            Way::Smtp(_) => Body::new(text.to_owned()),
        };
        builder.body(body).map_err(|e| Fault::new(format!("mail: {e}")))
    }

    /// Sends one mail.
    pub async fn send(&self, row: &Row, text: &str, now: i64) -> Result<(), Fault> {
        let message = self.message(row, text, now)?;
        match &self.way {
            Way::Folder(folder) => write(folder, row, &message.formatted()).await,
            Way::Smtp(server) => {
                server.send(message).await.map(|_| ()).map_err(|e| Fault::new(format!("mail server: {e}")))
            }
        }
    }
}

/// Makes and removes a file.
async fn tempfile_in(folder: &Path) -> Result<(), Fault> {
    let path = folder.join(format!(".probe-{}", uuid::Uuid::new_v4().simple()));
    tokio::fs::write(&path, b"probe").await.map_err(|e| Fault::new(format!("folder {}: {e}", folder.display())))?;
    Ok(tokio::fs::remove_file(&path).await?)
}

/// A file that only its owner may read, under its name only when it is whole.
async fn write(folder: &Path, row: &Row, bytes: &[u8]) -> Result<(), Fault> {
    use std::os::unix::fs::PermissionsExt;
    use tokio::io::AsyncWriteExt;
    if !tokio::fs::try_exists(folder).await? {
        tokio::fs::create_dir_all(folder).await?;
        tokio::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o700)).await?;
    }
    let name = format!("{}-{:032x}", row.created_at / 1_000_000, row.id);
    let (temporary, path) = (folder.join(format!(".{name}")), folder.join(format!("{name}.eml")));
    let mut options = tokio::fs::OpenOptions::new();
    let mut file = options.write(true).create(true).truncate(true).mode(0o600).open(&temporary).await?;
    file.write_all(bytes).await?;
    file.sync_all().await?;
    Ok(tokio::fs::rename(&temporary, &path).await?)
}
