//! What is asked and said about a request before all its suppliers: questions of suppliers, which the buyer answers to
//! everybody, and what the buyer explains of its own accord.
//!
//! Promises that nobody but the buyer learns who asked, and that what was said never changes. An unanswered question is seen
//! by who asked and by the buyer. Refuses questions once the last day for quotes is over, and a second answer.

use serde::{Deserialize, Serialize};

use super::rejection::SourcingRejection;
use super::rfq::{Rfq, RfqState};
use crate::kernel::{CompanyId, FieldError, MarketTime};

/// Questions one supplier may ask about one request.
pub const QUESTIONS_MAX: usize = 10;
/// Questions and explanations of one request.
pub const TALK_MAX: usize = 200;
const TEXT_MAX: usize = 2_000;

/// Is what a supplier asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// Who; for the buyer alone.
    pub by: CompanyId,
    /// What, in the supplier's own words.
    pub text: String,
    /// When.
    pub at: MarketTime,
}

/// Is what the buyer said to everybody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// The question as everybody reads it; the buyer may word it so that it does not tell who asked. Empty for what nobody asked.
    #[serde(default)]
    pub question: String,
    /// The answer or explanation.
    pub text: String,
    /// When.
    pub at: MarketTime,
}

/// Is one question with its answer, or one explanation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clarification {
    /// Its number, from 1.
    pub no: i32,
    /// The question; `None` for what the buyer explained of its own accord.
    #[serde(default)]
    pub asked: Option<Asked>,
    /// What everybody reads; `None` while a question waits.
    #[serde(default)]
    pub said: Option<Said>,
}

/// Holds all of one request, the oldest first.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Talk {
    /// The questions and explanations.
    pub all: Vec<Clarification>,
}

/// Is what a supplier or the buyer asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "name", rename_all = "snake_case")]
pub enum TalkCommand {
    /// A supplier asks.
    Ask {
        /// What.
        text: String,
    },
    /// The buyer answers a question, before everybody.
    Answer {
        /// Its number.
        no: i32,
        /// The question in the buyer's words; empty for the supplier's own.
        question: String,
        /// The answer.
        text: String,
    },
    /// The buyer explains something to everybody.
    Clarify {
        /// What.
        text: String,
    },
}

/// What a decision about a question rests on.
#[derive(Debug, Clone, Copy)]
pub struct TalkContext<'a> {
    /// Market time.
    pub now: MarketTime,
    /// The request.
    pub rfq: &'a Rfq,
    /// The company that acts.
    pub company: CompanyId,
    /// Whether that company sells.
    pub sells: bool,
}

/// Is what happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum TalkEvent {
    /// A supplier asked.
    Asked {
        /// Its number.
        no: i32,
        /// The question.
        asked: Asked,
    },
    /// The buyer answered a question.
    Answered {
        /// Its number.
        no: i32,
        /// What everybody reads.
        said: Said,
    },
    /// The buyer explained something.
    Clarified {
        /// Its number.
        no: i32,
        /// What everybody reads.
        said: Said,
    },
}

impl TalkEvent {
    /// Gives the number of what it is about.
    #[must_use]
    pub const fn no(&self) -> i32 {
        match self {
            Self::Asked { no, .. } | Self::Answered { no, .. } | Self::Clarified { no, .. } => *no,
        }
    }
}

fn check(pointer: &str, text: &str, least: usize) -> Result<(), SourcingRejection> {
    let long = text.chars().count();
    if text.trim().chars().count() >= least && long <= TEXT_MAX {
        return Ok(());
    }
    let detail = format!("the text has {least} to 2,000 characters");
    Err(SourcingRejection::TalkInvalid(vec![FieldError::new(pointer, "rfq.text", detail)]))
}

/// Judges a step of the talk about a request.
///
/// Refuses the buyer's own question, a company that does not sell, a request that takes no quotes any more (for questions) or is
/// decided (for answers), more questions than there may be, and texts that are empty or too long.
pub fn judge_talk(talk: &Talk, command: &TalkCommand, cx: &TalkContext<'_>) -> Result<TalkVerdict, SourcingRejection> {
    let next = i32::try_from(talk.all.len().saturating_add(1)).unwrap_or(i32::MAX);
    let room = || if talk.all.len() < TALK_MAX { Ok(()) } else { Err(SourcingRejection::TalkFull { most: TALK_MAX }) };
    match command {
        TalkCommand::Ask { text } => {
            may_ask(cx)?;
            check("/text", text, 1)?;
            let own = || talk.all.iter().filter(|one| one.asked.as_ref().is_some_and(|asked| asked.by == cx.company));
            let same = own().find(|one| one.asked.as_ref().is_some_and(|asked| asked.text == *text));
            if let Some(same) = same {
                return Ok(TalkVerdict::Already(same.no));
            }
            if own().count() >= QUESTIONS_MAX {
                return Err(SourcingRejection::QuestionsUsed { most: QUESTIONS_MAX });
            }
            room()?;
            let asked = Asked { by: cx.company, text: text.clone(), at: cx.now };
            Ok(TalkVerdict::Do(TalkEvent::Asked { no: next, asked }))
        }
        TalkCommand::Answer { no, question, text } => answer(talk, *no, (question, text), cx),
        TalkCommand::Clarify { text } => {
            may_say(cx)?;
            check("/text", text, 1)?;
            let said = |one: &&Clarification| one.asked.is_none() && one.said.as_ref().is_some_and(|s| s.text == *text);
            if let Some(same) = talk.all.iter().find(said) {
                return Ok(TalkVerdict::Already(same.no));
            }
            room()?;
            let said = Said { question: String::new(), text: text.clone(), at: cx.now };
            Ok(TalkVerdict::Do(TalkEvent::Clarified { no: next, said }))
        }
    }
}

/// How a decision ended when nothing refused it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TalkVerdict {
    /// This happens.
    Do(TalkEvent),
    /// It was done before, under this number (ruling 36).
    Already(i32),
}

fn may_ask(cx: &TalkContext<'_>) -> Result<(), SourcingRejection> {
    if cx.rfq.buyer == cx.company {
        return Err(SourcingRejection::OwnRfq);
    }
    if !cx.sells {
        return Err(SourcingRejection::NotASeller);
    }
    match cx.rfq.state {
        RfqState::Open if cx.rfq.takes_quotes(cx.now) => Ok(()),
        RfqState::Open => Err(SourcingRejection::DeadlineOver { deadline: cx.rfq.deadline }),
        state => Err(SourcingRejection::RfqState { state }),
    }
}

fn may_say(cx: &TalkContext<'_>) -> Result<(), SourcingRejection> {
    match cx.rfq.state {
        RfqState::Open | RfqState::Closed => Ok(()),
        state => Err(SourcingRejection::RfqState { state }),
    }
}

fn answer(
    talk: &Talk,
    no: i32,
    (question, text): (&str, &str),
    cx: &TalkContext<'_>,
) -> Result<TalkVerdict, SourcingRejection> {
    let found = talk.all.iter().find(|one| one.no == no);
    let one = found.ok_or(SourcingRejection::NoQuestion { no })?;
    let asked = one.asked.as_ref().ok_or(SourcingRejection::NoQuestion { no })?;
    let question = if question.trim().is_empty() { &asked.text } else { question };
    if let Some(said) = &one.said {
        let same = (said.question.as_str(), said.text.as_str()) == (question, text);
        return if same { Ok(TalkVerdict::Already(no)) } else { Err(SourcingRejection::QuestionAnswered { no }) };
    }
    may_say(cx)?;
    check("/question", question, 1)?;
    check("/text", text, 1)?;
    let said = Said { question: question.to_owned(), text: text.to_owned(), at: cx.now };
    Ok(TalkVerdict::Do(TalkEvent::Answered { no, said }))
}

/// Applies what happened.
pub fn evolve_talk(talk: &mut Talk, event: &TalkEvent) {
    match event {
        TalkEvent::Asked { no, asked } => {
            talk.all.push(Clarification { no: *no, asked: Some(asked.clone()), said: None });
        }
        TalkEvent::Answered { no, said } => {
            if let Some(one) = talk.all.iter_mut().find(|one| one.no == *no) {
                one.said = Some(said.clone());
            }
        }
        TalkEvent::Clarified { no, said } => {
            talk.all.push(Clarification { no: *no, asked: None, said: Some(said.clone()) });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{BUYER, SUPPLIER, now, rfq};
    use super::*;

    fn cx(rfq: &Rfq, company: CompanyId) -> TalkContext<'_> {
        TalkContext { now: now(), rfq, company, sells: company != BUYER }
    }

    fn ask(text: &str) -> TalkCommand {
        TalkCommand::Ask { text: text.into() }
    }

    fn reply(no: i32, text: &str) -> TalkCommand {
        TalkCommand::Answer { no, question: String::new(), text: text.into() }
    }

    fn done(talk: &mut Talk, command: &TalkCommand, cx: &TalkContext<'_>) {
        match judge_talk(talk, command, cx) {
            Ok(TalkVerdict::Do(event)) => evolve_talk(talk, &event),
            other => panic!("{command:?}: {other:?}"),
        }
    }

    #[test]
    fn a_question_is_answered_once_and_the_same_answer_again_changes_nothing() {
        let (rfq, mut talk) = (rfq(), Talk::default());
        done(&mut talk, &ask("Zinc plated?"), &cx(&rfq, SUPPLIER));
        assert_eq!(judge_talk(&talk, &ask("Zinc plated?"), &cx(&rfq, SUPPLIER)), Ok(TalkVerdict::Already(1)));
        done(&mut talk, &reply(1, "Yes, 8 micrometres."), &cx(&rfq, BUYER));
        let said = talk.all[0].said.as_ref().unwrap();
        assert_eq!((said.question.as_str(), said.text.as_str()), ("Zinc plated?", "Yes, 8 micrometres."));
        let again = judge_talk(&talk, &reply(1, "Yes, 8 micrometres."), &cx(&rfq, BUYER));
        assert_eq!(again, Ok(TalkVerdict::Already(1)));
        let other = judge_talk(&talk, &reply(1, "No."), &cx(&rfq, BUYER));
        assert_eq!(other, Err(SourcingRejection::QuestionAnswered { no: 1 }));
        assert_eq!(judge_talk(&talk, &reply(2, "?"), &cx(&rfq, BUYER)), Err(SourcingRejection::NoQuestion { no: 2 }));
    }

    #[test]
    fn the_buyer_may_word_a_question_so_that_it_does_not_tell_who_asked() {
        let (rfq, mut talk) = (rfq(), Talk::default());
        done(&mut talk, &ask("We at North only do M8 to M12, is that enough?"), &cx(&rfq, SUPPLIER));
        let command =
            TalkCommand::Answer { no: 1, question: "Which sizes are needed?".into(), text: "M8 alone.".into() };
        done(&mut talk, &command, &cx(&rfq, BUYER));
        assert_eq!(talk.all[0].said.as_ref().unwrap().question, "Which sizes are needed?");
    }

    #[test]
    fn who_may_ask_and_until_when() {
        let (mut rfq, talk) = (rfq(), Talk::default());
        assert_eq!(judge_talk(&talk, &ask("?"), &cx(&rfq, BUYER)), Err(SourcingRejection::OwnRfq));
        let mute = TalkContext { sells: false, ..cx(&rfq, SUPPLIER) };
        assert_eq!(judge_talk(&talk, &ask("?"), &mute), Err(SourcingRejection::NotASeller));
        let late = TalkContext { now: rfq.deadline, ..cx(&rfq, SUPPLIER) };
        let over = Err(SourcingRejection::DeadlineOver { deadline: rfq.deadline });
        assert_eq!(judge_talk(&talk, &ask("?"), &late), over);
        for text in ["  ".to_owned(), "é".repeat(2_001)] {
            let refused = judge_talk(&talk, &ask(&text), &cx(&rfq, SUPPLIER));
            assert!(matches!(refused, Err(SourcingRejection::TalkInvalid(_))), "{refused:?}");
        }
        rfq.state = RfqState::Closed;
        let closed = Err(SourcingRejection::RfqState { state: RfqState::Closed });
        assert_eq!(judge_talk(&talk, &ask("?"), &cx(&rfq, SUPPLIER)), closed);
        let explained = judge_talk(&talk, &TalkCommand::Clarify { text: "Steel 8.8.".into() }, &cx(&rfq, BUYER));
        assert!(matches!(explained, Ok(TalkVerdict::Do(_))), "the buyer may still explain: {explained:?}");
        rfq.state = RfqState::Awarded;
        let decided = judge_talk(&talk, &TalkCommand::Clarify { text: "Late.".into() }, &cx(&rfq, BUYER));
        assert_eq!(decided, Err(SourcingRejection::RfqState { state: RfqState::Awarded }));
    }

    #[test]
    fn one_supplier_asks_ten_times_and_another_still_may() {
        let (rfq, mut talk) = (rfq(), Talk::default());
        for n in 0..QUESTIONS_MAX {
            done(&mut talk, &ask(&format!("Question {n}?")), &cx(&rfq, SUPPLIER));
        }
        let eleventh = judge_talk(&talk, &ask("One more?"), &cx(&rfq, SUPPLIER));
        assert_eq!(eleventh, Err(SourcingRejection::QuestionsUsed { most: QUESTIONS_MAX }));
        done(&mut talk, &ask("One more?"), &cx(&rfq, CompanyId(77)));
        assert_eq!(talk.all.last().map(|one| one.no), Some(11));
    }
}
