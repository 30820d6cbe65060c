use super::*;
use crate::kernel::{CompanyId, Currency, Effects, FileId, MarketTime, Quantity, Rejection, Side, UnitPrice, Zone};

const HOUR: i64 = 3_600_000_000;
const BUYER: Speaker = Speaker::Side(Side::Buyer);
const SELLER: Speaker = Speaker::Side(Side::Seller);

fn ask() -> Ask {
    Ask {
        product: None,
        subject: "Hex bolts M8 x 40".into(),
        quantity: Some(Quantity(5_000_000)),
        destination: Some("DE".into()),
        target_price: Some(UnitPrice { micros: 35_000, currency: Currency::USD }),
        listed_price: None,
    }
}

fn words(text: &str) -> Words {
    Words { text: text.into(), files: Vec::new() }
}

struct Talk {
    thread: Thread,
    now: MarketTime,
    block: Option<Block>,
    sells: bool,
}

impl Talk {
    fn new() -> Self {
        Self { thread: Thread::new(CompanyId(1), CompanyId(2)), now: MarketTime(100 * HOUR), block: None, sells: true }
    }

    fn open() -> Self {
        let mut talk = Self::new();
        talk.take(BUYER, InquiryCommand::Open { ask: ask(), words: words("What does it cost?") }).unwrap();
        talk
    }

    fn take(&mut self, speaker: Speaker, command: InquiryCommand) -> Result<(), InquiryRejection> {
        let zone = Zone::parse("Asia/Shanghai").unwrap();
        let cx = InquiryContext { now: self.now, speaker, block: self.block, sells: self.sells, zone: &zone };
        let mut effects = Effects::new();
        decide(&self.thread, &command, &cx, &mut effects)?;
        effects.events.iter().for_each(|event| evolve(&mut self.thread, event));
        Ok(())
    }

    fn write(&mut self, speaker: Speaker, text: &str) -> Result<(), InquiryRejection> {
        self.now = self.now.plus_hours(1);
        self.take(speaker, InquiryCommand::Write { words: words(text) })
    }
}

#[test]
fn a_question_an_answer_and_an_end() {
    let mut talk = Talk::open();
    assert_eq!((talk.thread.status, talk.thread.messages), (ThreadStatus::Open, 1));
    talk.write(BUYER, "Hello?").unwrap();
    assert_eq!(talk.thread.status, ThreadStatus::Open, "the buyer's own word is no answer");
    talk.write(SELLER, "0.034").unwrap();
    talk.write(SELLER, "FOB").unwrap();
    let thread = &talk.thread;
    assert_eq!(
        (thread.status, thread.messages, thread.last_of_buyer, thread.last_of_seller),
        (ThreadStatus::Answered, 4, 2, 4)
    );
    assert_eq!(thread.answered_at, Some(MarketTime(102 * HOUR)), "the first answer counts");
    talk.take(BUYER, InquiryCommand::Close { reason: CloseReason::Ordered }).unwrap();
    assert_eq!(talk.thread.closed.map(|c| c.reason), Some(CloseReason::Ordered));
    assert_eq!(talk.write(SELLER, "Sorry to hear"), Err(InquiryRejection::Closed));
    assert_eq!(talk.write(BUYER, "wait"), Err(InquiryRejection::Closed));
    talk.take(BUYER, InquiryCommand::Reopen).unwrap();
    assert_eq!((talk.thread.status, talk.thread.closed), (ThreadStatus::Answered, None));
    talk.write(BUYER, "wait").unwrap();
}

#[test]
fn only_the_buyer_opens_closes_and_reopens() {
    let mut fresh = Talk::new();
    let open = InquiryCommand::Open { ask: ask(), words: words("Buy our bolts") };
    assert_eq!(fresh.take(SELLER, open), Err(InquiryRejection::BuyersOnly));
    let mut talk = Talk::open();
    for command in [InquiryCommand::Close { reason: CloseReason::Other }, InquiryCommand::Reopen] {
        assert_eq!(talk.take(SELLER, command.clone()), Err(InquiryRejection::BuyersOnly));
        assert_eq!(talk.take(Speaker::Clock, command), Err(InquiryRejection::BuyersOnly));
    }
}

#[test]
fn a_company_asks_neither_itself_nor_one_that_does_not_sell() {
    let open = || InquiryCommand::Open { ask: ask(), words: words("?") };
    let mut own = Talk { thread: Thread::new(CompanyId(1), CompanyId(1)), ..Talk::new() };
    assert_eq!(own.take(BUYER, open()), Err(InquiryRejection::OwnCompany));
    let mut buyer = Talk { sells: false, ..Talk::new() };
    assert_eq!(buyer.take(BUYER, open()), Err(InquiryRejection::NotASeller));
}

#[test]
fn a_block_stops_words_in_both_directions_but_not_reports_and_endings() {
    for (block, refusal) in
        [(Block::ByOther, InquiryRejection::NotTaken), (Block::ByOwn, InquiryRejection::BlockedByYou)]
    {
        let mut talk = Talk::open();
        talk.block = Some(block);
        assert_eq!(talk.write(BUYER, "hello"), Err(refusal.clone()));
        assert_eq!(talk.write(SELLER, "hello"), Err(refusal.clone()));
        talk.take(SELLER, InquiryCommand::Report { reason: ReportReason::Spam, note: String::new() }).unwrap();
        talk.take(BUYER, InquiryCommand::Close { reason: CloseReason::Elsewhere }).unwrap();
        assert_eq!(talk.take(BUYER, InquiryCommand::Reopen), Err(refusal.clone()));
        let mut fresh = Talk { block: Some(block), ..Talk::new() };
        assert_eq!(fresh.take(BUYER, InquiryCommand::Open { ask: ask(), words: words("?") }), Err(refusal));
    }
    assert!(!InquiryRejection::NotTaken.to_string().to_lowercase().contains("block"), "nobody is told off");
}

#[test]
fn a_message_says_something_and_not_too_much() {
    let mut talk = Talk::open();
    assert_eq!(talk.write(BUYER, " \n\t"), Err(InquiryRejection::Empty));
    assert_eq!(talk.write(BUYER, &"界".repeat(4_001)), Err(InquiryRejection::TooLong { max: 4_000 }));
    talk.write(BUYER, &"界".repeat(4_000)).unwrap();
    let files =
        |n: u128| InquiryCommand::Write { words: Words { text: String::new(), files: (0..n).map(FileId).collect() } };
    talk.take(SELLER, files(10)).unwrap();
    assert_eq!(talk.take(SELLER, files(11)), Err(InquiryRejection::TooManyFiles { max: 10 }));
}

#[test]
fn each_fault_of_a_question_is_blamed_on_its_field() {
    type Spoil = fn(&mut Ask);
    let cases: [(&str, Spoil); 6] = [
        ("/subject", |a| a.subject = "  ".into()),
        ("/subject", |a| a.subject = "x".repeat(201)),
        ("/quantity", |a| a.quantity = Some(Quantity(0))),
        ("/destination", |a| a.destination = Some("Germany".into())),
        ("/destination", |a| a.destination = Some("de".into())),
        ("/target_price", |a| a.target_price = Some(UnitPrice { micros: -1, currency: Currency::USD })),
    ];
    assert_eq!(ask().validate(), []);
    for (pointer, spoil) in cases {
        let mut wrong = ask();
        spoil(&mut wrong);
        let refusal = Talk::new().take(BUYER, InquiryCommand::Open { ask: wrong, words: words("?") }).unwrap_err();
        assert_eq!(refusal.errors().iter().map(|e| e.pointer.as_str()).collect::<Vec<_>>(), [pointer]);
    }
}

#[test]
fn silence_ends_a_thread_at_the_end_of_its_day_and_a_word_puts_it_off() {
    let zone = Zone::parse("Asia/Shanghai").unwrap();
    let mut talk = Talk::open();
    let due = expiry(&talk.thread, &zone).unwrap();
    talk.write(SELLER, "Yes").unwrap();
    let later = expiry(&talk.thread, &zone).unwrap();
    assert!(later >= due);
    talk.now = MarketTime(later.0 - 1);
    assert_eq!(talk.take(Speaker::Clock, InquiryCommand::Expire), Err(InquiryRejection::Closed));
    talk.now = later;
    talk.take(Speaker::Clock, InquiryCommand::Expire).unwrap();
    assert_eq!(talk.thread.closed.map(|c| c.reason), Some(CloseReason::Silence));
    assert_eq!(expiry(&talk.thread, &zone), None);
}

#[test]
fn the_buyer_cannot_borrow_the_clocks_reason() {
    let mut talk = Talk::open();
    talk.take(BUYER, InquiryCommand::Close { reason: CloseReason::Silence }).unwrap();
    assert_eq!(talk.thread.closed.map(|c| c.reason), Some(CloseReason::NoAnswer));
}

#[test]
fn repeating_a_step_is_known() {
    let mut talk = Talk::open();
    let close = InquiryCommand::Close { reason: CloseReason::Other };
    let report = InquiryCommand::Report { reason: ReportReason::Fraud, note: "n".into() };
    assert!(already_done(&talk.thread, &InquiryCommand::Reopen, BUYER));
    assert!(!already_done(&talk.thread, &close, BUYER) && !already_done(&talk.thread, &report, SELLER));
    talk.take(SELLER, report.clone()).unwrap();
    talk.take(BUYER, close.clone()).unwrap();
    assert!(already_done(&talk.thread, &close, BUYER) && already_done(&talk.thread, &report, SELLER));
    assert!(!already_done(&talk.thread, &close, SELLER) && !already_done(&talk.thread, &report, BUYER));
    assert!(!already_done(&talk.thread, &InquiryCommand::Close { reason: CloseReason::Ordered }, BUYER));
    assert!(!already_done(&talk.thread, &InquiryCommand::Write { words: words("x") }, BUYER));
}

#[test]
fn both_sides_may_report_once_each() {
    let mut talk = Talk::open();
    for speaker in [BUYER, SELLER] {
        talk.take(speaker, InquiryCommand::Report { reason: ReportReason::Abuse, note: String::new() }).unwrap();
    }
    assert_eq!(talk.thread.reports.len(), 2);
    let long = InquiryCommand::Report { reason: ReportReason::Other, note: "x".repeat(4_001) };
    assert_eq!(talk.take(BUYER, long), Err(InquiryRejection::NoteTooLong { max: 4_000 }));
}

const MODERATOR: Speaker = Speaker::Moderator { insider: false };

fn settle(outcome: SettleOutcome, against: Option<Side>, note: &str) -> InquiryCommand {
    InquiryCommand::Settle { outcome, against, note: note.into() }
}

#[test]
fn a_settlement_answers_every_open_report_and_a_new_report_opens_the_thread_again() {
    let mut talk = Talk::open();
    let report = || InquiryCommand::Report { reason: ReportReason::Abuse, note: String::new() };
    let warn = settle(SettleOutcome::Warn, Some(Side::Buyer), "Keep a civil tongue.");
    assert_eq!(talk.take(MODERATOR, warn.clone()), Err(InquiryRejection::NothingReported));
    talk.take(BUYER, report()).unwrap();
    talk.take(SELLER, report()).unwrap();
    for speaker in [BUYER, SELLER, Speaker::Clock, Speaker::Moderator { insider: true }] {
        assert_eq!(talk.take(speaker, warn.clone()), Err(InquiryRejection::Insider), "{speaker:?}");
    }
    talk.take(MODERATOR, warn.clone()).unwrap();
    assert!(talk.thread.open_reports().is_empty());
    assert!(already_done(&talk.thread, &warn, MODERATOR), "the same again is known");
    let other = settle(SettleOutcome::NoAction, None, "Nothing wrong.");
    assert!(!already_done(&talk.thread, &other, MODERATOR));
    assert_eq!(talk.take(MODERATOR, other.clone()), Err(InquiryRejection::NothingReported));

    assert!(!already_done(&talk.thread, &report(), SELLER), "what was settled may happen again and be reported again");
    talk.take(SELLER, report()).unwrap();
    assert_eq!(talk.thread.open_reports().len(), 1);
    assert!(talk.thread.open_report_of(Side::Buyer).is_none());
    talk.take(MODERATOR, other).unwrap();
    assert_eq!((talk.thread.reports.len(), talk.thread.settlements.len()), (3, 2));
}

#[test]
fn a_measure_names_a_side_and_every_settlement_a_reason() {
    let mut talk = Talk::open();
    talk.take(SELLER, InquiryCommand::Report { reason: ReportReason::Spam, note: String::new() }).unwrap();
    let at = |rejection: Result<(), InquiryRejection>| match rejection {
        Err(InquiryRejection::Invalid(errors)) => errors.into_iter().map(|error| error.pointer).collect::<Vec<_>>(),
        other => panic!("{other:?}"),
    };
    assert_eq!(at(talk.take(MODERATOR, settle(SettleOutcome::Block, None, "Why."))), ["/against"]);
    assert_eq!(at(talk.take(MODERATOR, settle(SettleOutcome::NoAction, Some(Side::Buyer), "Why."))), ["/against"]);
    assert_eq!(at(talk.take(MODERATOR, settle(SettleOutcome::Warn, Some(Side::Buyer), " "))), ["/note"]);
    let long = "x".repeat(SETTLE_NOTE_MAX + 1);
    assert_eq!(at(talk.take(MODERATOR, settle(SettleOutcome::NoAction, None, &long))), ["/note"]);
    talk.take(MODERATOR, settle(SettleOutcome::Block, Some(Side::Buyer), "Mass mail.")).unwrap();
}

#[test]
fn a_side_writes_sixty_messages_a_market_day_and_the_other_still_may() {
    let mut talk = Talk::open();
    let say = || InquiryCommand::Write { words: words("And another thing") };
    for _ in 1..MESSAGES_A_DAY {
        talk.take(BUYER, say()).unwrap();
    }
    assert_eq!(talk.take(BUYER, say()), Err(InquiryRejection::TooManyMessages { max: MESSAGES_A_DAY }));
    talk.take(SELLER, say()).unwrap();
    talk.now = talk.now.plus_days(1);
    talk.take(BUYER, say()).unwrap();
    assert_eq!(talk.thread.messages, MESSAGES_A_DAY + 2);
}

#[test]
fn every_refusal_has_a_code_a_class_and_a_sentence() {
    use InquiryRejection as R;
    let all = [
        R::Empty,
        R::TooLong { max: 1 },
        R::TooManyFiles { max: 1 },
        R::Invalid(ask().validate()),
        R::OwnCompany,
        R::NotASeller,
        R::TooManyToday { max: 20 },
        R::SameText { max: 5 },
        R::Closed,
        R::NotTaken,
        R::BlockedByYou,
        R::BuyersOnly,
        R::NoteTooLong { max: 1 },
        R::TooManyMessages { max: 60 },
        R::NothingReported,
        R::Insider,
    ];
    for rejection in all {
        assert!(rejection.code().starts_with("inquiry."), "{rejection:?}");
        assert!([403, 409, 422].contains(&rejection.status()) && rejection.to_string().ends_with('.'), "{rejection:?}");
    }
}
