//! Structured logs: one line per event, readable or JSON; secrets never reach it.
//!
//! Whatever a value holds, a line stays one line: line breaks, escapes and other control characters are written as text, so
//! that nobody can forge a line or steer the terminal of its reader. A panic gets a line with its place; its words are kept
//! only when they are a constant of the code, because others may quote what somebody typed. A log that cannot be written holds
//! nobody up ([`sink`]).

use crate::platform::sink;
use std::fmt::Write as _;
use std::io::{self, Write};
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::util::SubscriberInitExt;

/// Installs the log output and the line for panics; a second call changes nothing.
pub fn install(json: bool, verbose: bool) {
    let Ok(sink) = sink::stderr() else { return };
    // Records of libraries that use `log` come too.
    if lines(json, verbose, sink).try_init().is_ok() {
        std::panic::set_hook(Box::new(tell_panic));
    }
}

/// The lines themselves, written to `out`.
pub fn lines<W>(json: bool, verbose: bool, out: W) -> Box<dyn tracing::Subscriber + Send + Sync>
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let level = if verbose { LevelFilter::DEBUG } else { LevelFilter::INFO };
    let builder = tracing_subscriber::fmt()
        .with_max_level(level)
        .with_ansi(false)
        .log_internal_errors(false)
        .with_writer(OneLine(out));
    if json { Box::new(builder.json().finish()) } else { Box::new(builder.finish()) }
}

/// Writes a panic's place to the log, and its words when they are a constant of the code.
pub fn tell_panic(panic: &std::panic::PanicHookInfo<'_>) {
    let words = panic.payload().downcast_ref::<&'static str>().copied().unwrap_or("its words may quote data");
    let place = panic.location().map(|l| format!("{}:{}", l.file(), l.line())).unwrap_or_default();
    tracing::error!(panic.place = %place, "panic at {place}: {words}");
}

/// Makes writers whose every write is one line.
struct OneLine<W>(W);

impl<'a, W: MakeWriter<'a>> MakeWriter<'a> for OneLine<W> {
    type Writer = Line<W::Writer>;

    fn make_writer(&'a self) -> Self::Writer {
        Line(self.0.make_writer())
    }
}

/// Takes one event's text per write, as the formatter above gives it.
struct Line<W>(W);

impl<W: Write> Write for Line<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(bytes);
        let body = text.strip_suffix('\n').unwrap_or(&text);
        match text.len() - body.len() {
            0 => self.0.write_all(shown(body).as_bytes())?,
            _ => self.0.write_all(format!("{}\n", shown(body)).as_bytes())?,
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// True for what ends a line, steers a terminal or turns the direction of reading.
fn steers(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// The text with such characters as `\u001b`, which JSON reads too.
fn shown(text: &str) -> String {
    if !text.contains(steers) {
        return text.to_owned();
    }
    let mut clean = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if steers(c) {
            // All of them have at most four digits; writing to a String does not fail.
            let _ = write!(clean, "\\u{:04x}", u32::from(c));
        } else {
            clean.push(c);
        }
    }
    clean
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::{Arc, Mutex};

    #[derive(Clone, Default)]
    struct Kept(Arc<Mutex<Vec<u8>>>);

    impl Write for Kept {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn logged(json: bool, tell: impl FnOnce()) -> String {
        let kept = Kept::default();
        let out = kept.clone();
        tracing::subscriber::with_default(lines(json, true, move || out.clone()), tell);
        let bytes = kept.0.lock().unwrap().clone();
        String::from_utf8(bytes).unwrap()
    }

    const HOSTILE: &str = "a\r\nERROR forged\u{1b}[31m red\u{7f}\u{85}\u{2028}\u{202e}end\t\0";

    #[test]
    fn a_hostile_value_stays_on_its_line_in_both_forms() {
        for json in [false, true] {
            let text = logged(json, || {
                tracing::info!(name = %HOSTILE, debug = ?HOSTILE, "said {HOSTILE}");
            });

            assert_eq!(text.matches('\n').count(), 1, "json {json}: {text:?}");
            assert!(!text.trim_end_matches('\n').contains(steers), "json {json}: {text:?}");
            if json {
                let line: serde_json::Value = serde_json::from_str(&text).unwrap();
                assert_eq!(line["fields"]["message"], format!("said {HOSTILE}"), "nothing is lost");
            }
        }
    }

    #[test]
    fn what_the_escaping_looks_for_is_there_without_it() {
        assert!(HOSTILE.contains(steers));
        assert_eq!(shown("plain – 文"), "plain – 文");
        assert_eq!(shown("a\nb\u{1b}"), "a\\u000ab\\u001b");
    }
}
