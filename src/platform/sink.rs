//! Where log lines go: a thread of its own takes them from a queue, so that a full disk or a reader that stopped reading
//! never holds up a request. Lines that find the queue full, or that cannot be written, are dropped and counted; the count
//! is told with the next line that can be written.

use std::io::{self, Write};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tracing_subscriber::fmt::MakeWriter;

/// Lines waiting at most (CON-8).
const QUEUE_MAX: usize = 8_192;

enum Item {
    Line(Vec<u8>),
    Flush(SyncSender<()>),
}

/// Takes lines and never blocks or fails. Cheap to clone.
#[derive(Clone)]
pub struct Sink {
    queue: SyncSender<Item>,
    lost: Arc<AtomicU64>,
}

impl Sink {
    /// Starts the thread that writes to `output`.
    pub fn start(output: impl Write + Send + 'static) -> io::Result<Self> {
        let (queue, items) = sync_channel(QUEUE_MAX);
        let lost = Arc::new(AtomicU64::new(0));
        let counted = Arc::clone(&lost);
        std::thread::Builder::new().name("log".to_owned()).spawn(move || write_all(output, &items, &counted))?;
        Ok(Self { queue, lost })
    }

    fn take(&self, line: Vec<u8>) {
        if let Err(TrySendError::Full(_) | TrySendError::Disconnected(_)) = self.queue.try_send(Item::Line(line)) {
            self.lost.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Waits until what was taken so far is written, `patience` at most.
    pub fn flush(&self, patience: Duration) {
        let (done, wait) = sync_channel(1);
        if self.queue.try_send(Item::Flush(done)).is_ok() {
            let (Ok(()) | Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected)) =
                wait.recv_timeout(patience);
        }
    }
}

fn write_all(mut output: impl Write, items: &Receiver<Item>, lost: &AtomicU64) {
    for item in items {
        match item {
            Item::Line(line) => {
                let gone = lost.load(Ordering::Relaxed);
                let told = gone == 0 || writeln!(output, "… {gone} log lines were lost here").is_ok();
                if told {
                    lost.fetch_sub(gone, Ordering::Relaxed);
                }
                if !told || output.write_all(&line).and_then(|()| output.flush()).is_err() {
                    lost.fetch_add(1, Ordering::Relaxed);
                }
            }
            Item::Flush(done) => drop(done.try_send(())),
        }
    }
}

/// One event's text on its way to the queue.
pub struct Line<'a> {
    sink: &'a Sink,
}

impl Write for Line<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.sink.take(bytes.to_vec());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Sink {
    type Writer = Line<'a>;

    fn make_writer(&'a self) -> Line<'a> {
        Line { sink: self }
    }
}

static STDERR: OnceLock<Sink> = OnceLock::new();

/// The sink of this process, which writes to standard error.
///
/// Errors: no thread can be started.
pub fn stderr() -> io::Result<Sink> {
    if let Some(sink) = STDERR.get() {
        return Ok(sink.clone());
    }
    let sink = Sink::start(io::stderr())?;
    Ok(STDERR.get_or_init(|| sink).clone())
}

/// Gives what was logged a moment to be written; for the end of the process.
pub fn flush() {
    if let Some(sink) = STDERR.get() {
        sink.flush(Duration::from_millis(500));
    }
}

/// Tells the operator a line on standard output; nobody listening is fine.
pub fn say(text: impl std::fmt::Display) {
    let _ = writeln!(io::stdout(), "{text}");
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::AtomicBool;
    use std::sync::{Mutex, mpsc};

    /// A disk that can be full.
    #[derive(Clone, Default)]
    struct Disk {
        full: Arc<AtomicBool>,
        text: Arc<Mutex<String>>,
    }

    impl Write for Disk {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            if self.full.load(Ordering::SeqCst) {
                return Err(io::ErrorKind::StorageFull.into());
            }
            self.text.lock().unwrap().push_str(&String::from_utf8_lossy(bytes));
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    const PATIENCE: Duration = Duration::from_secs(60);

    #[test]
    fn a_full_disk_costs_lines_and_nothing_else() {
        let disk = Disk::default();
        let sink = Sink::start(disk.clone()).unwrap();
        sink.make_writer().write_all(b"before\n").unwrap();
        sink.flush(PATIENCE);

        disk.full.store(true, Ordering::SeqCst);
        for _ in 0..3 {
            sink.make_writer().write_all(b"lost\n").unwrap();
        }
        sink.flush(PATIENCE);
        disk.full.store(false, Ordering::SeqCst);
        sink.make_writer().write_all(b"after\n").unwrap();
        sink.flush(PATIENCE);

        assert_eq!(*disk.text.lock().unwrap(), "before\n… 3 log lines were lost here\nafter\n");
    }

    /// Output whose reader has stopped reading.
    struct Stuck(mpsc::Receiver<()>);

    impl Write for Stuck {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let _ = self.0.recv();
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_reader_that_stopped_reading_holds_nobody_up() {
        let (release, gate) = mpsc::channel();
        let sink = Sink::start(Stuck(gate)).unwrap();

        for _ in 0..3 * QUEUE_MAX {
            sink.make_writer().write_all(b"line\n").unwrap();
        }

        assert!(sink.lost.load(Ordering::SeqCst) > 0, "more was taken than the queue holds");
        drop(release);
    }
}
