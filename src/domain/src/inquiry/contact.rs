//! Contact data in a text: what it is, how it is hidden, and in which markets.
//!
//! In era 1.0 exchanging contacts is the point of an inquiry. Where the platform can hold the money (era 2.0 and later)
//! contacts are hidden from the other side until the two companies share an order that was agreed: a deal taken off the
//! platform loses escrow and guarantee (reliability-security 7, quote-poaching). Stored is always what was written; hiding
//! is decided when a text is read.
//!
//! Finding is a matter of degree: pictures and riddles get through. It prefers to miss a riddle to hiding a price.

use serde::{Deserialize, Serialize};

use super::contact_scan::Scan;
use crate::market::{Capabilities, Capability};

/// Stands where contact data was.
pub const HIDDEN: &str = "•••";

/// Names a kind of contact data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContactKind {
    /// An e-mail address.
    Email,
    /// A telephone number.
    Phone,
    /// An address of a web page.
    Link,
    /// A name or number at a messenger: WeChat, WhatsApp, QQ, Telegram and others.
    Messenger,
}

impl ContactKind {
    /// Lists every kind.
    pub const ALL: [Self; 4] = [Self::Email, Self::Phone, Self::Link, Self::Messenger];
}

/// Is a place in a text, in bytes, and what was found there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// Byte after the last.
    pub end: usize,
    /// What it is.
    pub kind: ContactKind,
}

/// Is a part of a text as the other side reads it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// What is read: the words, or [`HIDDEN`].
    pub text: String,
    /// What was hidden here.
    pub hidden: Option<ContactKind>,
}

/// Says whether contacts are hidden before a common order: where money can be held, and where exchange is switched off.
#[must_use]
pub fn masks_contacts(capabilities: Capabilities) -> bool {
    capabilities.has(Capability::Escrow) || !capabilities.has(Capability::ContactExchange)
}

/// Says whether payment hints are shown: where there is an escrow to stay in.
#[must_use]
pub fn warns_of_payments(capabilities: Capabilities) -> bool {
    capabilities.has(Capability::Escrow)
}

/// Finds contact data, in order and without overlap.
#[must_use]
pub fn find_contacts(text: &str) -> Vec<Span> {
    let mut spans = Scan::new(text).spans();
    spans.sort_by_key(|span| (span.start, std::cmp::Reverse(span.end)));
    let mut kept: Vec<Span> = Vec::with_capacity(spans.len());
    for span in spans {
        match kept.last_mut() {
            // What two finds share is hidden once; the first one names it.
            Some(last) if span.start < last.end => last.end = last.end.max(span.end),
            Some(_) | None => kept.push(span),
        }
    }
    kept
}

/// Gives a text as the other side reads it while contacts are hidden. The parts joined are the whole text.
#[must_use]
pub fn mask(text: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let plain = |from: usize, to: usize, parts: &mut Vec<Part>| {
        if let Some(words) = text.get(from..to).filter(|words| !words.is_empty()) {
            parts.push(Part { text: words.to_owned(), hidden: None });
        }
    };
    let mut at = 0;
    for span in find_contacts(text) {
        plain(at, span.start, &mut parts);
        parts.push(Part { text: HIDDEN.to_owned(), hidden: Some(span.kind) });
        at = span.end;
    }
    plain(at, text.len(), &mut parts);
    parts
}

/// A character as texts are compared: lower case, full width narrowed; `None` for marks that show nothing.
pub(super) fn fold(c: char) -> Option<char> {
    match c {
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' => None,
        '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{3000}' => Some(' '),
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).map(|c| c.to_ascii_lowercase()),
        '‐' | '‑' | '‒' | '–' | '—' | '−' | '﹣' => Some('-'),
        '﹫' => Some('@'),
        other => other.to_lowercase().next(),
    }
}

/// A text as it is compared with others.
pub(super) fn folded(text: &str) -> Vec<char> {
    text.chars().filter_map(fold).collect()
}
