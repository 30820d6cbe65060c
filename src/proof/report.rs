//! The verification report of a company as a document: facts of the company, each public claim with its source, who checked it
//! and when, until when it counts, and what it does *not* prove. Composes only; `platform::pdf` prints it.
//!
//! Promises that it says what the page of proofs says and no more: of private numbers the last characters, of evidence nothing.
//! The hash at the foot of each page covers company, level and claims, so that a paper can be held against the platform later.

use super::view::{CompanyProofs, ProofBadge};
use crate::platform::pdf::{Block, Document, Language, Style, Words, two};
use entrepot_domain::kernel::Zone;
use entrepot_domain::proof::{ProofKind, ProofState};

/// What the report says of the company itself.
pub struct Facts<'a> {
    /// Name in Latin letters.
    pub name: &'a str,
    /// Chinese name, if it has one.
    pub name_zh: Option<&'a str>,
    /// Number in its country's register.
    pub registration: &'a str,
    /// Where it sits.
    pub place: String,
}

const fn kind(kind: ProofKind) -> Words {
    match kind {
        ProofKind::BusinessLicence => two("Business licence", "营业执照"),
        ProofKind::LegalRepresentative => two("Legal representative", "法定代表人"),
        ProofKind::BankAccount => two("Bank account", "银行账户"),
        ProofKind::SiteVisit => two("Visit on site", "实地走访"),
        ProofKind::ExportRegistration => two("Export registration", "出口登记"),
        ProofKind::QualityCertificate => two("Quality certificate", "质量证书"),
    }
}

/// What a confirmed claim of a kind proves.
pub const fn proves(kind: ProofKind) -> Words {
    match kind {
        ProofKind::BusinessLicence => two(
            "Proves that the company stood in the register of companies on the day of the check.",
            "证明核验当日该企业在工商登记中存续。",
        ),
        ProofKind::LegalRepresentative => two(
            "Proves that the named person could sign for the company on the day of the check.",
            "证明核验当日所列人员有权代表企业签字。",
        ),
        ProofKind::BankAccount => two(
            "Proves that an account in the company's own name existed on the day of the check.",
            "证明核验当日存在本企业名下的账户。",
        ),
        ProofKind::SiteVisit => two(
            "Proves that somebody went to the address and saw what is described.",
            "证明有人到过该地址并看到所描述的情况。",
        ),
        ProofKind::ExportRegistration => two(
            "Proves that the company was registered to export in its own name.",
            "证明该企业登记有以自己名义出口的资格。",
        ),
        ProofKind::QualityCertificate => two(
            "Proves that the issuer had issued the certificate and it was valid on the day of the check.",
            "证明证书由所列机构签发且核验当日有效。",
        ),
    }
}

/// What a confirmed claim of a kind does not prove.
pub const fn proves_not(kind: ProofKind) -> Words {
    match kind {
        ProofKind::BusinessLicence => two(
            "Does not prove that the company is solvent, or delivers what it sells.",
            "不能证明：企业有偿付能力，或会交付所售货物。",
        ),
        ProofKind::LegalRepresentative => two(
            "Does not prove who owns the company, or that everybody who writes for it may bind it.",
            "不能证明：企业归谁所有，或以企业名义书写的每个人都有权代表企业。",
        ),
        ProofKind::BankAccount => two(
            "Does not prove that money sent to another account reaches the company. Check every change of account.",
            "不能证明：汇往其他账户的款项会到达该企业。账户变更务必核实。",
        ),
        ProofKind::SiteVisit => two(
            "Does not prove how the next lot turns out, or that nothing has changed since the visit.",
            "不能证明：下一批货物的质量，或走访之后没有变化。",
        ),
        ProofKind::ExportRegistration => two(
            "Does not prove that a shipment is cleared, or that these goods may enter your country.",
            "不能证明：货物已清关，或该货物可以进入贵国。",
        ),
        ProofKind::QualityCertificate => two(
            "Does not prove that each product or the next lot meets the standard.",
            "不能证明：每件产品或下一批货物都符合标准。",
        ),
    }
}

const fn level(level: u8) -> Words {
    match level {
        1 => two("Business licence and legal representative", "营业执照和法定代表人"),
        2 => two("As level 1, and a bank account in its own name", "同 1 级，另有本企业名下的银行账户"),
        3 => two("As level 2, and a visit on site", "同 2 级，另有实地走访"),
        _ => two("No proofs that would carry a level", "没有足以构成等级的资质"),
    }
}

fn claim(badge: &ProofBadge, language: Language, zone: &Zone) -> Vec<Block> {
    let say = |words: Words| words.line(language);
    let found = ProofKind::ALL.iter().copied().find(|one| one.as_str() == badge.kind);
    let Some(about) = found else { return Vec::new() };
    let expired = badge.state == ProofState::Expired.as_str();
    let or_dash = |text: &str| if text.trim().is_empty() { "–".to_owned() } else { text.to_owned() };
    let until = if expired { two("Was valid until", "有效期曾至") } else { two("Valid until", "有效期至") };
    let state = if expired { two("EXPIRED", "已过期") } else { two("Valid", "有效") };
    let checked = badge.checked_at.map_or_else(|| "–".to_owned(), |at| zone.written(at));
    vec![
        Block::Heading(format!("{} · {}", say(kind(about)), say(state))),
        Block::Facts(vec![
            (say(two("Claimed", "声明内容")), or_dash(&badge.statement)),
            (say(two("Number", "编号")), or_dash(&badge.number)),
            (say(two("Source", "来源（签发机构）")), or_dash(&badge.issuer)),
            (say(two("Checked by", "核验人")), or_dash(&badge.checked_by)),
            (say(two("Checked on", "核验时间")), checked),
            (say(until), or_dash(badge.valid_until.as_deref().unwrap_or_default())),
        ]),
        Block::Gap(2_000),
        Block::Text(proves(about).stacked(language), Style::Small),
        Block::Text(proves_not(about).stacked(language), Style::Strong),
        Block::Gap(5_000),
    ]
}

/// Writes the report down.
pub fn compose(facts: &Facts<'_>, proofs: &CompanyProofs, language: Language, zone: &Zone) -> Document {
    let say = |words: Words| words.line(language);
    let title = say(two("Verification report", "认证报告"));
    let chinese = facts.name_zh.filter(|_| language != Language::English);
    let name = chinese.map_or_else(|| facts.name.to_owned(), |zh| format!("{} {zh}", facts.name));
    let written = zone.written(proofs.at);
    let mut blocks = vec![
        Block::Text(title.clone(), Style::Title),
        Block::Text(name.clone(), Style::Strong),
        Block::Gap(4_000),
        Block::Facts(vec![
            (say(two("Registration number", "注册号")), facts.registration.to_owned()),
            (say(two("Place", "所在地")), facts.place.clone()),
            (
                say(two("Level of verification", "认证等级")),
                format!("{} / 3 · {}", proofs.level, say(level(proofs.level))),
            ),
            (say(two("As of (market time)", "截至（市场时间）")), written),
        ]),
        Block::Gap(4_000),
    ];
    if proofs.proofs.is_empty() {
        let none = two(
            "Nothing is proved at the moment. That is no verdict: nobody checked anything that would still be valid.",
            "目前没有有效资质。这不是评价：只是没有仍然有效的核验。",
        );
        blocks.push(Block::Text(none.stacked(language), Style::Plain));
    }
    blocks.extend(proofs.proofs.iter().flat_map(|badge| claim(badge, language, zone)));
    let means = two(
        "Each part says what was checked on the day named. None of them vouches for a delivery.",
        "各项只说明所列日期核验的内容，均不为交货作担保。",
    );
    let hash = say(two("SHA-256 of company, level and claims:", "企业、等级与各项资质的 SHA-256："));
    blocks.push(Block::Text(means.stacked(language), Style::Plain));
    blocks.push(Block::Text(format!("{hash} {}", proofs.sha256), Style::Small));
    let missing =
        two("Characters this file's fonts do not hold are drawn as a box:", "本文件字体缺少的字符以方框表示：");
    Document {
        header: format!("{title} · {name}"),
        title: format!("{title} · {}", facts.name),
        language: language.tag(),
        footer: format!("SHA-256 {}", proofs.sha256),
        watermark: None,
        missing_note: say(missing),
        blocks,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_report_and_the_screen_say_the_same_of_each_kind() {
        for (file, language) in [("en", Language::English), ("zh", Language::Chinese)] {
            let path = format!("{}/frontend/src/locales/{file}.json", env!("CARGO_MANIFEST_DIR"));
            let texts: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
            let text = |key: String| texts[&key].as_str().unwrap_or_else(|| panic!("no {key}")).to_owned();
            let not = text("proof.doesNotProve".to_owned());
            for about in ProofKind::ALL {
                assert_eq!(kind(*about).line(language), text(format!("proof.kind.{}", about.as_str())));
                assert_eq!(proves(*about).line(language), text(format!("proof.proves.{}", about.as_str())));
                let said = proves_not(*about).line(language);
                assert!(said.starts_with(not.trim()), "{said}");
                assert!(said.ends_with(&text(format!("proof.not.{}", about.as_str()))), "{said}");
            }
            for number in 0..=3 {
                assert_eq!(level(number).line(language), text(format!("proof.levelMeans.{number}")));
            }
        }
    }
}
