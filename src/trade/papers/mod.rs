//! The papers of an order: the sales contract and the proforma invoice, in English, Chinese or both.
//!
//! Shape: [`Paper`] holds what a paper says, [`compose`] writes it down for `platform::pdf`, `http` serves it.
//!
//! Promises: every price, quantity, date and term on a paper comes from the version it names, amounts from the same
//! [`Plan`] the order is charged by; the SHA-256 both sides accept stands on each page; what is not agreed says so across
//! each page. Refuses nothing: a draft can be printed by its drafter.

mod clauses;
mod goods;
pub mod http;
#[cfg(test)]
mod tests;

pub use crate::platform::pdf::Language;

use super::versions::{Fate, Version};
use crate::identity;
use crate::platform::database::Database;
use crate::platform::pdf::{Block, Document, Style, Words, two};
use crate::platform::problem::Fault;
use entrepot_domain::kernel::{MarketTime, Zone};
use entrepot_domain::trade::{ContractHash, OrderTerms, Plan};

/// Names a paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PaperKind {
    /// The sales contract.
    Contract,
    /// The proforma invoice.
    Proforma,
}

impl PaperKind {
    /// Finds a paper by its name in the address.
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "contract" => Some(Self::Contract),
            "proforma" => Some(Self::Proforma),
            _ => None,
        }
    }

    /// The name in addresses and of files.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Contract => "contract",
            Self::Proforma => "proforma",
        }
    }

    const fn title(self) -> Words {
        match self {
            Self::Contract => two("Sales contract", "销售合同"),
            Self::Proforma => two("Proforma invoice", "形式发票"),
        }
    }
}

/// A company as a paper names it.
#[derive(Debug, Clone, Default)]
pub struct Firm {
    /// Name in Latin letters.
    pub name: String,
    /// Chinese name, if it has one.
    pub name_zh: Option<String>,
    /// Number in its country's register.
    pub registration: String,
    /// Where it sits.
    pub city: String,
    /// Two capital letters.
    pub country: String,
}

/// A company as papers name it: what its name and country say, and what it states of itself.
pub async fn firm(
    db: &Database,
    market: u128,
    company: u128,
    (name, country): &(String, String),
) -> Result<Firm, Fault> {
    let bare = Firm { name: name.clone(), country: country.clone(), ..Firm::default() };
    Ok(match identity::company(db, market, company).await? {
        Some((_, found)) => {
            Firm { name_zh: found.name_zh, registration: found.registration_number, city: found.city, ..bare }
        }
        None => bare,
    })
}

/// Who signed by a click, and when.
#[derive(Debug, Clone)]
pub struct Signature {
    /// Name of the person; empty when it is no longer known.
    pub person: String,
    /// Market time.
    pub at: MarketTime,
}

/// What a paper says.
#[derive(Debug, Clone)]
pub struct Paper<'a> {
    /// Which paper.
    pub kind: PaperKind,
    /// In which language.
    pub language: Language,
    /// Number of the order.
    pub number: &'a str,
    /// The version on it; `None` for a draft.
    pub version: Option<&'a Version>,
    /// How many versions there are.
    pub versions: usize,
    /// The terms.
    pub terms: &'a OrderTerms,
    /// Their hash.
    pub hash: ContractHash,
    /// Their amounts.
    pub plan: &'a Plan,
    /// The buying company.
    pub buyer: Firm,
    /// The selling company.
    pub seller: Firm,
    /// Signatures of buyer and seller, as far as they are given.
    pub signed: [Option<Signature>; 2],
    /// Zone of the market.
    pub zone: &'a Zone,
    /// Whether the market holds money in escrow; without it nothing is promised about payment.
    pub escrow: bool,
}

impl Paper<'_> {
    fn say(&self, words: Words) -> String {
        words.line(self.language)
    }

    /// What stands across each page; `None` for what is in force.
    fn mark(&self) -> Option<Words> {
        match self.version.map(|version| version.fate) {
            Some(Fate::Agreed) => None,
            Some(Fate::Standing) => Some(two("OFFER, NOT AGREED", "要约，尚未成立")),
            Some(Fate::Superseded) => Some(two("SUPERSEDED, NOT AGREED", "已被替代，未成立")),
            Some(Fate::Amended) => Some(two("AMENDED, NO LONGER IN FORCE", "已变更，不再有效")),
            Some(Fate::Expired) => Some(two("EXPIRED, NOT AGREED", "已过期，未成立")),
            Some(Fate::Withdrawn) => Some(two("WITHDRAWN, NOT AGREED", "已撤回，未成立")),
            Some(Fate::Declined) => Some(two("DECLINED, NOT AGREED", "已拒绝，未成立")),
            None => Some(two("DRAFT, NOT AGREED", "草案，尚未成立")),
        }
    }

    fn standing(&self) -> Words {
        self.mark().unwrap_or(two("Agreed by both sides, in force", "双方已接受，合同有效"))
    }

    fn version_text(&self) -> String {
        match self.version {
            Some(version) => format!("{} / {}", version.no, self.versions),
            None => "–".to_owned(),
        }
    }

    /// The name of the file.
    pub fn file_name(&self) -> String {
        let version = self.version.map_or_else(|| "draft".to_owned(), |version| format!("v{}", version.no));
        format!("{}-{}-{version}-{}.pdf", self.number, self.kind.as_str(), self.language.as_str())
    }
}

/// Writes the paper down.
pub fn compose(paper: &Paper<'_>) -> Document {
    let title = paper.say(paper.kind.title());
    let mark = paper.mark();
    let mut blocks =
        vec![Block::Text(title.clone(), Style::Title), Block::Text(paper.say(paper.standing()), Style::Strong)];
    blocks.push(Block::Gap(4_000));
    blocks.push(Block::Facts(goods::particulars(paper)));
    blocks.push(Block::Gap(4_000));
    blocks.push(Block::Side(vec![
        goods::firm(paper, two("Seller", "卖方"), &paper.seller, &paper.terms.seller_contact),
        goods::firm(paper, two("Buyer", "买方"), &paper.buyer, &paper.terms.buyer_contact),
    ]));
    blocks.extend(goods::lines(paper));
    blocks.extend(goods::delivery(paper));
    blocks.extend(goods::stages(paper));
    blocks.extend(match paper.kind {
        PaperKind::Contract => [clauses::quality(paper), clauses::conditions(paper), clauses::notes(paper)].concat(),
        PaperKind::Proforma => [clauses::payment(paper), clauses::notes(paper)].concat(),
    });
    blocks.extend(clauses::signatures(paper));
    let version = paper.say(two("version", "版本"));
    Document {
        header: format!("{title} {}, {version} {}", paper.number, paper.version_text()),
        footer: format!("SHA-256 {}\n{}", paper.hash, paper.say(paper.standing())),
        title: format!("{title} {}", paper.number),
        language: paper.language.tag(),
        watermark: mark.map(|mark| mark.line(paper.language)),
        missing_note: paper.say(two(
            "□ stands for a character these fonts do not hold; the order on the platform shows it. Missing:",
            "□ 表示本文件字体中没有的字符，平台上的订单可见原文。缺失字符：",
        )),
        blocks,
    }
}
