//! What is shown of notices and choices.

use super::read::{Listed, Place};
use super::store::{ORDER, RFQ};
use super::words::Names;
use crate::platform::schema::words;
use crate::search::Titled;
use entrepot_domain::kernel::MarketTime;
use entrepot_domain::notice::{self as domain, Choice};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

words! {
    /// What a notice says.
    NoticeKind = domain::Kind::ALL;
    /// What it belongs to.
    NoticeTopic = domain::Topic::ALL;
    /// Whether its reader should act, or know.
    NoticeWeight = domain::Weight::ALL;
    /// When a letter goes out.
    NoticeLetters = domain::Letters::ALL;
    /// What a notice leads to.
    NoticeTarget = ["order", "inquiry", "rfq", "wallet", "team", "proof", "product", "search"];
}

/// A notice: what is said follows from `kind`, with the names and numbers beside it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Notice)]
pub struct NoticeView {
    id: String,
    #[schema(value_type = NoticeKind)]
    kind: domain::Kind,
    #[schema(value_type = NoticeTopic)]
    topic: domain::Topic,
    #[schema(value_type = NoticeWeight)]
    weight: domain::Weight,
    read: bool,
    /// Its place in the list, for marking everything up to it.
    place: String,
    /// Market time.
    #[schema(format = DateTime)]
    at: String,
    /// How many messages or products it stands for.
    count: i64,
    /// Stage or shipment it is about; 0 for none.
    part: i64,
    /// Name of the company it was told to; `null` for what concerns the reader alone.
    #[schema(required = true)]
    company: Option<String>,
    /// The reader's seat in that company.
    #[schema(required = true)]
    seat_id: Option<String>,
    /// Name of the other company.
    #[schema(required = true)]
    other: Option<String>,
    /// Name of the colleague it is about.
    #[schema(required = true)]
    person: Option<String>,
    /// When the deadline is, of a reminder.
    #[schema(required = true, format = DateTime)]
    due_at: Option<String>,
    open: OpenView,
}

/// What a notice leads to.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = NoticeOpen)]
pub struct OpenView {
    #[schema(value_type = NoticeTarget)]
    kind: String,
    id: String,
    /// The number people call it by.
    #[schema(required = true)]
    number: Option<String>,
    /// A saved search, unless it was deleted.
    #[schema(required = true)]
    search: Option<Titled>,
}

/// How many notices are unread.
#[derive(Debug, Serialize, ToSchema)]
pub struct UnreadNotices {
    /// Up to 100.
    pub unread: i64,
}

/// Up to where everything was read.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReadThrough {
    /// The `place` of the newest notice that was seen.
    pub through: String,
}

/// What the reader wants of a topic.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = NoticeChoice)]
pub struct ChoiceView {
    #[schema(value_type = NoticeTopic)]
    topic: domain::Topic,
    /// Notices in the application.
    app: bool,
    #[schema(value_type = NoticeLetters)]
    letters: domain::Letters,
    /// The topic's letters cannot be switched off.
    locked: bool,
}

/// What the reader chooses about a topic.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = NoticeChoiceDraft)]
#[serde(deny_unknown_fields)]
pub struct ChoiceBody {
    /// Notices in the application.
    pub app: bool,
    #[schema(value_type = NoticeLetters)]
    pub letters: domain::Letters,
}

impl ChoiceView {
    /// What holds for a topic.
    pub fn of(topic: domain::Topic, choice: Choice) -> Self {
        Self { topic, app: choice.app, letters: choice.letters, locked: !topic.is_free() }
    }
}

/// A place as it travels.
pub fn place_text((seq, id): Place) -> String {
    format!("{seq:016x}{id:032x}")
}

/// Reads a place; `None` for anything else.
pub fn place(text: &str) -> Option<Place> {
    let (seq, id) = text.split_at_checked(16).filter(|_| text.is_ascii() && text.len() == 48)?;
    Some((i64::from_str_radix(seq, 16).ok()?, u128::from_str_radix(id, 16).ok()?))
}

/// The number people call a thing by.
pub fn number(kind: &str, id: u128) -> Option<String> {
    match kind {
        ORDER => Some(crate::trade::number_of(id)),
        RFQ => Some(crate::sourcing::rfq_number(id)),
        _ => None,
    }
}

impl NoticeView {
    /// The view of a notice.
    pub fn of(one: &Listed, names: &Names) -> Self {
        let (kind, id) = (&one.open.0, one.open.1);
        let search = names.searches.get(&id).cloned();
        let time = |at: i64| MarketTime(at).to_string();
        Self {
            id: format!("{:032x}", one.id),
            kind: one.kind,
            topic: one.kind.topic(),
            weight: one.kind.weight(),
            read: one.read,
            place: place_text((one.seq, one.id)),
            at: time(one.at),
            count: one.count,
            part: one.part,
            company: one.company.and_then(|id| names.company(id)),
            seat_id: one.seat.map(|id| format!("{id:032x}")),
            other: one.other.and_then(|id| names.company(id)),
            person: one.person.and_then(|id| names.people.get(&id).cloned()),
            due_at: one.due_at.map(time),
            open: OpenView { kind: kind.clone(), id: format!("{id:032x}"), number: number(kind, id), search },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_read_as_it_was_written_and_nothing_else_is_one() {
        assert_eq!(place(&place_text((7, 9))), Some((7, 9)));
        for wrong in ["", "7", "zz", &"g".repeat(48), &"f".repeat(47), &"ü".repeat(24)] {
            assert_eq!(place(wrong), None, "{wrong}");
        }
    }
}
