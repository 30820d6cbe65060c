//! Whom a step concerns: companies and people, found from the event's subject.

use super::{INQUIRY, ORDER, PRODUCT, PROOF, RFQ, TEAM, WALLET};
use crate::platform::problem::Fault;
use crate::platform::rows;
use entrepot_domain::notice::{Deed, Other, To};
use entrepot_domain::sourcing::RfqEvent;
use sea_orm::{DatabaseTransaction, Value};
use std::collections::{BTreeSet, HashMap};

/// An event as this job sees it.
#[derive(Debug, Clone)]
pub struct Event {
    /// Place in the log.
    pub seq: i64,
    /// The event.
    pub id: u128,
    /// What was done.
    pub deed: Deed,
    /// Its subject.
    pub subject: u128,
    /// Who did it; nobody for the clock.
    pub user: Option<u128>,
    /// For which company.
    pub company: Option<u128>,
    /// The companies it concerns; of an order, inquiry or quote the buyer first.
    pub parties: [Option<u128>; 2],
    /// Market time, microseconds.
    pub at: i64,
    /// Real time, microseconds.
    pub recorded_at: i64,
}

/// Whom one piece of news reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    /// Those of a company that hear of such news.
    Company(u128),
    /// One person, about a seat in a company or none.
    Person(u128, Option<u128>),
}

/// A seat an event is about.
#[derive(Debug, Clone)]
pub struct Seated {
    /// Who sits there.
    pub user: u128,
    /// In which company.
    pub company: Option<u128>,
}

/// What a batch of events is about, beside what stands in the log's columns.
#[derive(Debug, Default)]
pub struct About {
    /// Orders of messages.
    orders: HashMap<u128, u128>,
    /// Requests of quotes.
    rfqs: HashMap<u128, u128>,
    /// Seats.
    pub seats: HashMap<u128, Seated>,
    /// What happened to requests, where it names suppliers.
    happened: HashMap<u128, RfqEvent>,
}

fn keys(market: u128, ids: impl Iterator<Item = u128>) -> Vec<Value> {
    ids.flat_map(|id| [rows::id(market), rows::id(id)]).collect()
}

/// Steps whose subject is a quote.
const QUOTES: &[Other] = &[
    Other::QuoteSubmit,
    Other::QuoteRevise,
    Other::QuoteCounter,
    Other::QuoteAgree,
    Other::QuoteWithdraw,
    Other::QuoteLapse,
];
const ID: &[&str] = &["market_id", "id"];

impl About {
    /// Reads it, one statement for each kind of thing.
    pub async fn load(tx: &DatabaseTransaction, market: u128, events: &[Event]) -> Result<Self, Fault> {
        let of = |wanted: &[Other]| -> BTreeSet<u128> {
            let deeds = events.iter().filter(|event| wanted.iter().any(|other| event.deed == Deed::Other(*other)));
            deeds.map(|event| event.subject).collect()
        };
        let mut about = Self::default();
        let messages = of(&[Other::MessageWrite]);
        for row in rows::select_in(tx, "id, order_id", "message", ID, keys(market, messages.into_iter()), "").await? {
            about.orders.insert(rows::get_id(&row, "id")?, rows::get_id(&row, "order_id")?);
        }
        let quotes = of(QUOTES);
        for row in rows::select_in(tx, "id, rfq_id", "quote", ID, keys(market, quotes.into_iter()), "").await? {
            about.rfqs.insert(rows::get_id(&row, "id")?, rows::get_id(&row, "rfq_id")?);
        }
        let seats = of(&[Other::SeatGrant, Other::SeatRole, Other::SeatDisable]);
        let columns = "id, user_id, company_id";
        for row in rows::select_in(tx, columns, "seat", ID, keys(market, seats.into_iter()), "").await? {
            let (user, company) = (rows::get_id(&row, "user_id")?, rows::get_id_opt(&row, "company_id")?);
            about.seats.insert(rows::get_id(&row, "id")?, Seated { user, company });
        }
        let named = [Deed::Other(Other::RfqInvite), Deed::Other(Other::RfqAward)];
        let named = events.iter().filter(|event| named.contains(&event.deed)).map(|event| event.id);
        for row in rows::select_in(tx, "id, bytes", "event", ID, keys(market, named), "").await? {
            let bytes: Vec<u8> = row.try_get("", "bytes")?;
            let mut event: serde_json::Value = serde_json::from_slice(&bytes)?;
            about.happened.insert(rows::get_id(&row, "id")?, serde_json::from_value(event["what"].take())?);
        }
        Ok(about)
    }

    /// What the news of an event lead to; `None` when it is gone.
    pub fn open(&self, event: &Event) -> Option<(&'static str, u128)> {
        let Deed::Other(other) = event.deed else { return Some((ORDER, event.subject)) };
        match other {
            Other::MessageWrite => self.orders.get(&event.subject).map(|order| (ORDER, *order)),
            Other::QuoteSubmit
            | Other::QuoteRevise
            | Other::QuoteCounter
            | Other::QuoteAgree
            | Other::QuoteWithdraw
            | Other::QuoteLapse => self.rfqs.get(&event.subject).map(|rfq| (RFQ, *rfq)),
            Other::RfqPublish | Other::RfqExtend | Other::RfqInvite | Other::RfqClose => Some((RFQ, event.subject)),
            Other::RfqAsk | Other::RfqAnswer | Other::RfqClarify => Some((RFQ, event.subject)),
            Other::RfqWithdraw | Other::RfqLapse | Other::RfqAward | Other::RfqOutcome => Some((RFQ, event.subject)),
            Other::InquiryOpen | Other::InquiryWrite | Other::InquiryClose => Some((INQUIRY, event.subject)),
            Other::InquirySettle => Some((INQUIRY, event.subject)),
            Other::InquiryReopen | Other::InquiryReport | Other::InquiryExpire => Some((INQUIRY, event.subject)),
            Other::ProofSubmit | Other::ProofAnswer | Other::ProofWithdraw | Other::ProofAsk => {
                Some((PROOF, event.subject))
            }
            Other::ProofConfirm | Other::ProofRefuse | Other::ProofRevoke => Some((PROOF, event.subject)),
            Other::ProofRecheck | Other::ProofExpire => Some((PROOF, event.subject)),
            Other::WalletPayIn | Other::WalletWithdraw => Some((WALLET, event.subject)),
            Other::SeatGrant | Other::SeatRole | Other::SeatDisable => Some((TEAM, event.subject)),
            Other::MarketOpen | Other::EraSwitch | Other::CapabilitySwitch | Other::ClockPause => None,
            Other::ClockResume | Other::ClockRate | Other::ClockAdvance | Other::CompanyOpen => None,
            Other::CompanyEdit | Other::CompanyBlock | Other::CompanyUnblock => None,
            Other::ProductApprove | Other::ProductReturn => Some((PRODUCT, event.subject)),
            Other::ProductList | Other::ProductChange | Other::StockAdjust => None,
        }
    }

    /// Whom news of an event reach.
    pub async fn whom(
        &self,
        tx: &DatabaseTransaction,
        market: u128,
        event: &Event,
        to: To,
    ) -> Result<Vec<Target>, Fault> {
        let companies = |ids: Vec<u128>| ids.into_iter().map(Target::Company).collect();
        let seat = self.seats.get(&event.subject);
        Ok(match to {
            To::Others => {
                let acted = event.company.filter(|company| event.parties.contains(&Some(*company)));
                companies(event.parties.into_iter().flatten().filter(|party| Some(*party) != acted).collect())
            }
            To::Buyer => companies(event.parties.first().copied().flatten().into_iter().collect()),
            To::Colleagues => companies(event.company.into_iter().collect()),
            To::Seated => seat.map(|seat| Target::Person(seat.user, seat.company)).into_iter().collect(),
            To::SeatsColleagues => companies(seat.and_then(|seat| seat.company).into_iter().collect()),
            To::Matched => companies(suppliers(tx, market, event.subject, MATCHED).await?),
            To::Invited => match self.happened.get(&event.id) {
                Some(RfqEvent::Invited { suppliers }) => companies(suppliers.iter().map(|one| one.0).collect()),
                Some(_) | None => companies(suppliers(tx, market, event.subject, GUESTS).await?),
            },
            To::Quoting => companies(suppliers(tx, market, event.subject, QUOTING).await?),
            To::Addressed => companies(suppliers(tx, market, event.subject, ADDRESSED).await?),
            To::Awarded => companies(self.awarded(event)),
            To::NotAwarded => {
                let awarded = self.awarded(event);
                let quoting = suppliers(tx, market, event.subject, QUOTING).await?;
                companies(quoting.into_iter().filter(|supplier| !awarded.contains(supplier)).collect())
            }
        })
    }

    fn awarded(&self, event: &Event) -> Vec<u128> {
        match self.happened.get(&event.id) {
            Some(RfqEvent::Awarded { awards, .. }) => awards.iter().map(|award| award.supplier.0).collect(),
            Some(_) | None => Vec::new(),
        }
    }
}

const MATCHED: &str = "SELECT supplier_id FROM rfq_match WHERE market_id = $1 AND rfq_id = $2 ORDER BY supplier_id";
const GUESTS: &str = "SELECT supplier_id FROM rfq_guest WHERE market_id = $1 AND rfq_id = $2 ORDER BY supplier_id";
const QUOTING: &str =
    "SELECT supplier_id FROM quote WHERE market_id = $1 AND rfq_id = $2 AND status <> 'withdrawn' ORDER BY supplier_id";
/// Each once: the union drops what it holds already.
const ADDRESSED: &str = "SELECT supplier_id FROM rfq_guest WHERE market_id = $1 AND rfq_id = $2 \
    UNION SELECT supplier_id FROM rfq_asker WHERE market_id = $1 AND rfq_id = $2 \
    UNION SELECT supplier_id FROM quote WHERE market_id = $1 AND rfq_id = $2 AND status <> 'withdrawn' \
    ORDER BY supplier_id";

async fn suppliers(tx: &DatabaseTransaction, market: u128, rfq: u128, sql: &str) -> Result<Vec<u128>, Fault> {
    let found = rows::query(tx, sql, vec![rows::id(market), rows::id(rfq)]).await?;
    found.iter().map(|row| rows::get_id(row, "supplier_id")).collect()
}

/// Who sits in these companies: company, user, role.
pub async fn people(
    tx: &DatabaseTransaction,
    market: u128,
    companies: &BTreeSet<u128>,
) -> Result<HashMap<u128, Vec<(u128, String)>>, Fault> {
    let mut people: HashMap<u128, Vec<(u128, String)>> = HashMap::new();
    let (columns, suffix) = ("company_id, user_id, role", "AND t.disabled = 0 ORDER BY t.user_id");
    let keys = keys(market, companies.iter().copied());
    for row in rows::select_in(tx, columns, "seat", &["market_id", "company_id"], keys, suffix).await? {
        let person = (rows::get_id(&row, "user_id")?, row.try_get("", "role")?);
        people.entry(rows::get_id(&row, "company_id")?).or_default().push(person);
    }
    Ok(people)
}
