//! Structured logs: one line per event, readable or JSON; secrets never reach it.

use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::fmt;

/// Installs the log output; a second call changes nothing.
pub fn install(json: bool, verbose: bool) {
    let level = if verbose { LevelFilter::DEBUG } else { LevelFilter::INFO };
    let builder = fmt().with_max_level(level).with_target(false).with_writer(std::io::stderr);
    let installed = if json { builder.json().try_init() } else { builder.try_init() };
    drop(installed);
}
