//! The job: takes the sealed log and tells people what concerns them. Each event once, in its order; the place in the log is kept
//! in the same transaction, and the unique cause is the second wall against telling somebody twice.

use super::whom::{About, Event, Target, people};
use super::{JOB, New, cause, remind, write};
use crate::platform::engine::MarketState;
use crate::platform::jobs::{Entry, Follower};
use crate::platform::problem::Fault;
use crate::platform::rows;
use entrepot_domain::kernel::{MarketTime, Role, Zone};
use entrepot_domain::notice::{Deed, News, hears, told};
use sea_orm::{DatabaseTransaction, Value};
use std::collections::{BTreeSet, HashMap, HashSet};

/// Follows the log and tells.
pub struct Notices;

/// One piece of news of one event, on its way to its readers.
struct Word<'a> {
    event: &'a Event,
    news: &'static News,
    open: (&'static str, u128),
    target: Target,
}

#[async_trait::async_trait]
impl Follower for Notices {
    fn name(&self) -> &'static str {
        JOB
    }

    /// Suppliers a request fits are known once they were matched.
    fn behind(&self) -> Option<&'static str> {
        Some("matching")
    }

    async fn take(
        &self,
        tx: &DatabaseTransaction,
        market: u128,
        state: &MarketState,
        entries: &[Entry],
    ) -> Result<(), Fault> {
        let zone = Zone::parse(&state.time_zone).map_err(|e| Fault::new(e.to_string()))?;
        let (events, subjects) = events(tx, market, entries).await?;
        let about = About::load(tx, market, &events).await?;
        let mut words = Vec::new();
        for event in &events {
            let Some(open) = about.open(event) else { continue };
            for news in told(event.deed).news() {
                let targets = about.whom(tx, market, event, news.to).await?;
                words.extend(targets.into_iter().map(|target| Word { event, news, open, target }));
            }
        }
        let companies: BTreeSet<u128> = words.iter().filter_map(|word| company_of(word.target)).collect();
        let people = people(tx, market, &companies).await?;
        write(tx, market, told_to(&words, &people, &about, &zone)).await?;
        remind::withdraw(tx, market, &subjects).await
    }
}

fn company_of(target: Target) -> Option<u128> {
    match target {
        Target::Company(company) => Some(company),
        Target::Person(..) => None,
    }
}

/// The events of the entries that tell anybody anything, and the subjects of all.
async fn events(
    tx: &DatabaseTransaction,
    market: u128,
    entries: &[Entry],
) -> Result<(Vec<Event>, BTreeSet<u128>), Fault> {
    let known: HashMap<u128, &Entry> = entries.iter().map(|entry| (entry.event, entry)).collect();
    let keys: Vec<Value> = entries.iter().flat_map(|entry| [rows::id(market), rows::id(entry.event)]).collect();
    let columns = "id, subject_id, actor_user, actor_company, party_a, party_b, recorded_at";
    let (mut events, mut subjects) = (Vec::new(), BTreeSet::new());
    for row in rows::select_in(tx, columns, "event", &["market_id", "id"], keys, "").await? {
        let (id, subject) = (rows::get_id(&row, "id")?, rows::get_id(&row, "subject_id")?);
        subjects.insert(subject);
        let Some(entry) = known.get(&id) else { continue };
        let Some(deed) = Deed::parse(&entry.step).filter(|deed| !told(*deed).news().is_empty()) else { continue };
        events.push(Event {
            seq: entry.seq,
            id,
            deed,
            subject,
            user: rows::get_id_opt(&row, "actor_user")?,
            company: rows::get_id_opt(&row, "actor_company")?,
            parties: [rows::get_id_opt(&row, "party_a")?, rows::get_id_opt(&row, "party_b")?],
            at: entry.effective_at.0,
            recorded_at: row.try_get("", "recorded_at")?,
        });
    }
    events.sort_by_key(|event| event.seq);
    Ok((events, subjects))
}

/// The words as notices of people: nobody hears of their own deed, and of one event everybody hears once.
fn told_to(words: &[Word<'_>], people: &HashMap<u128, Vec<(u128, String)>>, about: &About, zone: &Zone) -> Vec<New> {
    let mut heard: HashSet<(u128, u128)> = HashSet::new();
    let mut news = Vec::new();
    for word in words {
        let readers: Vec<(u128, Option<u128>)> = match word.target {
            Target::Person(user, company) => vec![(user, company)],
            Target::Company(company) => {
                let seats = people.get(&company).into_iter().flatten();
                let hearing = seats.filter(|(_, role)| Role::parse(role).is_some_and(|r| hears(word.news.kind, r)));
                hearing.map(|(user, _)| (*user, Some(company))).collect()
            }
        };
        for (user, company) in readers {
            if Some(user) != word.event.user && heard.insert((word.event.id, user)) {
                news.push(notice(word, about, zone, user, company));
            }
        }
    }
    news
}

fn notice(word: &Word<'_>, about: &About, zone: &Zone, user: u128, company: Option<u128>) -> New {
    let (event, kind) = (word.event, word.news.kind);
    let seat = about.seats.get(&event.subject);
    let cause = if kind.bundles() { cause(&[kind.as_str().as_bytes(), &word.open.1.to_be_bytes()]) } else { event.id };
    New {
        user,
        company,
        cause,
        kind,
        open: word.open,
        other: event.parties.into_iter().flatten().find(|party| Some(*party) != company),
        person: seat.map(|seat| seat.user).or(event.user.filter(|_| event.company == company)),
        part: 0,
        count: 1,
        seq: event.seq,
        at: (MarketTime(event.at), zone.day_of(MarketTime(event.at)).0),
        told_at: event.recorded_at,
        due: None,
    }
}
