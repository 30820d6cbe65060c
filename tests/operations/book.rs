//! The log of this program, kept in memory as the JSON lines the product writes, debug detail included.

use serde_json::Value;
use std::io::{self, Write};
use std::sync::{Mutex, Once, PoisonError};
use tracing_subscriber::util::SubscriberInitExt;

static LINES: Mutex<Vec<u8>> = Mutex::new(Vec::new());

struct Book;

impl Write for Book {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        LINES.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Opens the book; the first caller's call counts. Panics of servers go into it as they do in the product; those of the
/// tests themselves are shown as usual too.
pub fn open() {
    static OPENED: Once = Once::new();
    OPENED.call_once(|| {
        let lines = entrepot::platform::telemetry::lines(true, true, || Book);
        lines.try_init().unwrap();
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            entrepot::platform::telemetry::tell_panic(panic);
            if panic.location().is_none_or(|place| !place.file().ends_with("panics.rs")) {
                usual(panic);
            }
        }));
    });
}

/// Everything written so far.
pub fn text() -> String {
    String::from_utf8(LINES.lock().unwrap_or_else(PoisonError::into_inner).clone()).unwrap()
}

/// The lines that match.
pub fn lines(fits: impl Fn(&Value) -> bool) -> Vec<Value> {
    text().lines().map(|line| serde_json::from_str(line).unwrap()).filter(fits).collect()
}
