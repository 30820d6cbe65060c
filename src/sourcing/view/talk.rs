//! Questions and explanations of a request, as far as each reader may see them.

use super::CompanyRef;
use entrepot_domain::inquiry::mask;
use entrepot_domain::kernel::{CompanyId, MarketTime};
use entrepot_domain::sourcing::{Clarification, Talk};
use serde::Serialize;
use std::collections::HashMap;
use utoipa::ToSchema;

/// What a question, an answer or an explanation answers.
#[derive(Debug, Serialize, ToSchema)]
pub struct TalkReceipt {
    /// The request.
    id: String,
    /// Number of the question or explanation within it.
    no: i32,
    /// The event written; `null` when it had been said before.
    #[schema(required = true)]
    event_id: Option<String>,
    /// True when it had been said before and nothing was written.
    already: bool,
}

impl TalkReceipt {
    /// The receipt of a step that wrote `event`, or of one that had been taken already.
    pub fn of(rfq: u128, no: i32, event: Option<u128>) -> Self {
        Self { id: format!("{rfq:032x}"), no, event_id: event.map(|id| format!("{id:032x}")), already: event.is_none() }
    }
}

/// A question with its answer, or an explanation that nobody asked for.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RfqClarification)]
pub struct ClarificationView {
    /// Number within the request, from 1.
    no: i32,
    /// The question as everybody reads it; `null` for an explanation.
    #[schema(required = true)]
    question: Option<String>,
    /// The answer or explanation; `null` while a question waits.
    #[schema(required = true)]
    answer: Option<String>,
    /// Who asked; `null` for all but the buyer.
    #[schema(required = true)]
    asked_by: Option<CompanyRef>,
    /// True when the reader's own company asked.
    mine: bool,
    /// When it was answered or explained, else when it was asked; market time.
    #[schema(value_type = String, format = DateTime)]
    at: MarketTime,
}

/// With whose eyes the talk is read.
#[derive(Debug, Clone, Copy)]
pub struct Reader {
    /// The reader's company.
    pub company: Option<CompanyId>,
    /// True for the buyer's own people.
    pub buyer: bool,
    /// Contact data of others is hidden.
    pub hidden: bool,
}

/// The companies that a buyer reads as askers.
pub fn askers(talk: &Talk) -> Vec<u128> {
    talk.all.iter().filter_map(|one| one.asked.as_ref()).map(|asked| asked.by.0).collect()
}

/// What the reader may see: everything that was answered, and the own questions; the buyer sees all.
pub fn seen(talk: &Talk, reader: Reader, names: &HashMap<u128, (String, String)>) -> Vec<ClarificationView> {
    let mine = |one: &Clarification| one.asked.as_ref().is_some_and(|asked| Some(asked.by) == reader.company);
    let kept = talk.all.iter().filter(|one| one.said.is_some() || reader.buyer || mine(one));
    kept.filter_map(|one| view(one, mine(one), reader, names)).collect()
}

fn view(
    one: &Clarification,
    mine: bool,
    reader: Reader,
    names: &HashMap<u128, (String, String)>,
) -> Option<ClarificationView> {
    let plain = |text: &str, own: bool| {
        let hide = reader.hidden && !own;
        if hide { mask(text).into_iter().map(|part| part.text).collect() } else { text.to_owned() }
    };
    let said = one.said.as_ref();
    let asked = one.asked.as_ref();
    let question = match (said, asked) {
        (Some(said), Some(_)) => Some(plain(&said.question, reader.buyer)),
        (None, Some(asked)) => Some(plain(&asked.text, mine)),
        (_, None) => None,
    };
    let by = asked.filter(|_| reader.buyer).map(|asked| asked.by.0);
    Some(ClarificationView {
        no: one.no,
        question,
        answer: said.map(|said| plain(&said.text, reader.buyer)),
        asked_by: by.map(|id| CompanyRef::named(id, names.get(&id).cloned().unwrap_or_default())),
        mine,
        at: said.map(|said| said.at).or(asked.map(|asked| asked.at))?,
    })
}
