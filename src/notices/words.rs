//! What letters say of notices, in English and Chinese. The application says the same sentences from its own tables; a test holds
//! them together.

use super::read::Listed;
use super::view::number;
use crate::identity::Named;
use crate::identity::read::User;
use crate::platform::mail::{self, Letter};
use crate::platform::pdf::Language;
use crate::search::Titled;
use entrepot_domain::kernel::{MarketTime, Zone};
use entrepot_domain::notice::{Kind, Letters};
use std::collections::HashMap;

/// Lines of a letter at most; how many more there are is said.
const LINES_MAX: usize = 60;

/// Names that notices hold by identifier only.
#[derive(Debug, Default)]
pub struct Names {
    /// Companies.
    pub companies: HashMap<u128, Named>,
    /// People.
    pub people: HashMap<u128, String>,
    /// Saved searches of the reader.
    pub searches: HashMap<u128, Titled>,
}

impl Names {
    /// A company's name.
    pub fn company(&self, id: u128) -> Option<String> {
        self.companies.get(&id).map(|(name, _)| name.clone())
    }
}

/// The sentence of each kind in English and Chinese; names and numbers stand in double braces.
#[rustfmt::skip]
pub const SENTENCES: &[(Kind, &str, &str)] = &[
    (Kind::OrderOffered, "{{other}} sent you offer {{number}}", "{{other}} 向您发出要约 {{number}}"),
    (Kind::OrderCountered, "{{other}} answered {{number}} with other terms", "{{other}} 就订单 {{number}} 提出反要约"),
    (Kind::OrderAgreed, "{{other}} accepted: order {{number}} is agreed", "{{other}} 已承诺，订单 {{number}} 成立"),
    (Kind::OrderWithdrawn, "{{other}} took the offer {{number}} back", "{{other}} 撤回了要约 {{number}}"),
    (Kind::OrderDeclined, "{{other}} declined the offer {{number}}", "{{other}} 拒绝了要约 {{number}}"),
    (Kind::OrderExpired, "The offer {{number}} with {{other}} expired unanswered", "与 {{other}} 的要约 {{number}} 逾期未答复，已失效"),
    (Kind::OrderCancelled, "Goods of order {{number}} with {{other}} were cancelled", "与 {{other}} 的订单 {{number}} 有货物被取消"),
    (Kind::OrderClosed, "Order {{number}} with {{other}} is closed", "与 {{other}} 的订单 {{number}} 已关闭"),
    (Kind::AmendmentProposed, "{{other}} asks to change the contract of {{number}}", "{{other}} 提议变更订单 {{number}} 的合同"),
    (Kind::CancellationProposed, "{{other}} asks to cancel {{number}} by consent", "{{other}} 提议协商取消订单 {{number}}"),
    (Kind::ExtensionProposed, "{{other}} asks for more time to ship {{number}}", "{{other}} 提议延长订单 {{number}} 的装运期限"),
    (Kind::ProposalAccepted, "{{other}} accepted your proposal on {{number}}", "{{other}} 接受了您对订单 {{number}} 的提议"),
    (Kind::ProposalDeclined, "{{other}} declined your proposal on {{number}}", "{{other}} 拒绝了您对订单 {{number}} 的提议"),
    (Kind::ProposalWithdrawn, "{{other}} took the proposal on {{number}} back", "{{other}} 撤回了对订单 {{number}} 的提议"),
    (Kind::ProposalLapsed, "The proposal on {{number}} with {{other}} lapsed unanswered", "与 {{other}} 的订单 {{number}} 的提议逾期未答复，已失效"),
    (Kind::StageFunded, "{{other}} paid a stage of {{number}} into escrow", "{{other}} 已将订单 {{number}} 的一笔阶段款付入托管"),
    (Kind::StageDue, "A stage of {{number}} with {{other}} can be paid now", "与 {{other}} 的订单 {{number}} 有一笔阶段款现可支付"),
    (Kind::StageLapsed, "A stage of {{number}} with {{other}} was not paid in time", "与 {{other}} 的订单 {{number}} 有一笔阶段款逾期未付"),
    (Kind::MoneyWithdrawn, "{{person}} withdrew money of your company", "{{person}} 提取了贵公司的资金"),
    (Kind::ShipmentDispatched, "{{other}} shipped goods of {{number}}", "{{other}} 已发运订单 {{number}} 的货物"),
    (Kind::ShipmentDelivered, "Goods of {{number}} with {{other}} were delivered", "与 {{other}} 的订单 {{number}} 有货物送达"),
    (Kind::ShipmentAccepted, "Goods of {{number}} with {{other}} are accepted", "与 {{other}} 的订单 {{number}} 有货物通过验收"),
    (Kind::AcceptanceExtended, "{{other}} extended the inspection of {{number}}", "{{other}} 延长了订单 {{number}} 的验收期"),
    (Kind::OrderMessage, "{{other}} wrote about {{number}} ({{count}})", "{{other}} 就订单 {{number}} 留言（{{count}} 条）"),
    (Kind::InquiryMessage, "{{other}} wrote in an inquiry ({{count}})", "{{other}} 在询盘中留言（{{count}} 条）"),
    (Kind::InquiryClosed, "{{other}} closed an inquiry", "{{other}} 结束了一则询盘"),
    (Kind::InquiryReopened, "{{other}} took an inquiry up again", "{{other}} 重新开启了一则询盘"),
    (Kind::InquiryExpired, "An inquiry with {{other}} ended by silence", "与 {{other}} 的一则询盘因长期无人回复而结束"),
    (Kind::InquirySettled, "A report in the inquiry with {{other}} was settled", "与 {{other}} 的询盘中的举报已处理"),
    (Kind::RfqMatched, "{{other}} asks for quotes on goods like yours: {{number}}", "{{other}} 的询价单 {{number}} 与贵公司的产品匹配"),
    (Kind::RfqInvited, "{{other}} asks you to quote on {{number}}", "{{other}} 邀请您为询价单 {{number}} 报价"),
    (Kind::RfqExtended, "{{number}} of {{other}} takes quotes longer", "{{other}} 的询价单 {{number}} 延长了报价期"),
    (Kind::RfqClosed, "{{number}} of {{other}} takes no more quotes", "{{other}} 的询价单 {{number}} 已停止收报价"),
    (Kind::RfqWithdrawn, "{{other}} took {{number}} back", "{{other}} 撤回了询价单 {{number}}"),
    (Kind::RfqLapsed, "{{number}} ended without an award", "询价单 {{number}} 未授标即告结束"),
    (Kind::RfqAsked, "{{other}} asks something about {{number}}", "{{other}} 就询价单 {{number}} 提问"),
    (Kind::RfqClarified, "{{other}} explained something about {{number}}", "{{other}} 就询价单 {{number}} 作了说明"),
    (Kind::QuoteReceived, "{{other}} quoted on {{number}}", "{{other}} 为询价单 {{number}} 报价"),
    (Kind::QuoteRevised, "{{other}} changed the quote on {{number}}", "{{other}} 修改了对询价单 {{number}} 的报价"),
    (Kind::QuoteCountered, "{{other}} asks for other terms of the quote on {{number}}", "{{other}} 就询价单 {{number}} 的报价还价"),
    (Kind::CounterAgreed, "{{other}} agreed to your counter-offer on {{number}}", "{{other}} 同意了您对询价单 {{number}} 的还价"),
    (Kind::QuoteWithdrawn, "{{other}} took the quote on {{number}} back", "{{other}} 撤回了对询价单 {{number}} 的报价"),
    (Kind::QuoteLapsed, "The quote on {{number}} with {{other}} stands no more", "与 {{other}} 之间对询价单 {{number}} 的报价已失效"),
    (Kind::QuoteAwarded, "{{other}} awarded {{number}} to you", "{{other}} 将询价单 {{number}} 授标给您"),
    (Kind::QuoteNotAwarded, "{{number}} of {{other}} was awarded to others", "{{other}} 的询价单 {{number}} 已授标给其他供应商"),
    (Kind::OutcomeTold, "{{other}} said what became of {{number}}", "{{other}} 登记了询价单 {{number}} 的成交结果"),
    (Kind::ProofAsked, "More is asked about a claim of your company", "您企业的一项资质声明需要补充材料"),
    (Kind::ProofConfirmed, "A claim of your company was confirmed", "您企业的一项资质声明获得确认"),
    (Kind::ProofRefused, "A claim of your company was refused", "您企业的一项资质声明未获通过"),
    (Kind::ProofRevoked, "A confirmed claim of your company was revoked", "您企业的一项已确认资质被撤销"),
    (Kind::ProofExpired, "A confirmed claim of your company has run out", "您企业的一项已确认资质已过期"),
    (Kind::ListingApproved, "A listing of your company was published", "您企业的一件商品已通过审核并上架"),
    (Kind::ListingReturned, "A listing of your company was returned: see why", "您企业的一件商品被退回，请查看原因"),
    (Kind::SeatGranted, "You have a new seat", "您获得了一个新席位"),
    (Kind::RoleChanged, "Your role was changed", "您的角色已变更"),
    (Kind::ColleagueJoined, "{{person}} joined your company", "{{person}} 加入了贵公司"),
    (Kind::ColleagueLeft, "{{person}} has no seat in your company any more", "{{person}} 在贵公司的席位已取消"),
    (Kind::RemindDraft, "Your draft {{number}} will be discarded", "您的草稿 {{number}} 即将被清除"),
    (Kind::RemindOffer, "The offer {{number}} of {{other}} waits for your answer", "{{other}} 的要约 {{number}} 等待您答复"),
    (Kind::RemindProposal, "The proposal of {{other}} on {{number}} waits for your answer", "{{other}} 对订单 {{number}} 的提议等待您答复"),
    (Kind::RemindPay, "Stage {{part}} of {{number}} to {{other}} waits to be paid", "应付 {{other}} 的订单 {{number}} 第 {{part}} 阶段款等待支付"),
    (Kind::RemindShip, "Shipment {{part}} of {{number}} for {{other}} is late and will be cancelled", "{{other}} 的订单 {{number}} 第 {{part}} 批货物已逾期，即将取消"),
    (Kind::RemindInspect, "Shipment {{part}} of {{number}} from {{other}} will count as accepted", "{{other}} 的订单 {{number}} 第 {{part}} 批货物即将视为通过验收"),
    (Kind::RemindInquiry, "An inquiry with {{other}} waits for your answer and ends soon", "与 {{other}} 的一则询盘等待您回复，即将结束"),
    (Kind::RemindQuote, "{{other}} still waits for your quote on {{number}}", "{{other}} 仍在等待您为询价单 {{number}} 报价"),
    (Kind::RemindAward, "{{number}} waits for your award", "询价单 {{number}} 等待您授标"),
    (Kind::RemindDecide, "The quote of {{other}} on {{number}} stands a short while longer", "{{other}} 对询价单 {{number}} 的报价即将到期"),
    (Kind::RemindProof, "A confirmed claim of your company runs out: renew it", "您企业的一项已确认资质即将到期，请更新"),
    (Kind::SearchMatched, "{{search}}: new products match ({{count}})", "{{search}}：有新产品匹配（{{count}} 个）"),
];

fn sentences(kind: Kind) -> (&'static str, &'static str) {
    SENTENCES.iter().find(|(known, _, _)| *known == kind).map_or(("", ""), |(_, english, chinese)| (*english, *chinese))
}

/// Words of people inside a line of mail: nothing that ends the line.
fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

fn filled(sentence: &str, one: &Listed, names: &Names) -> String {
    let company = |id: Option<u128>| id.and_then(|id| names.company(id)).unwrap_or_else(|| "—".to_owned());
    let person = one.person.and_then(|id| names.people.get(&id).cloned()).unwrap_or_else(|| "—".to_owned());
    let search = names.searches.get(&one.open.1).map_or_else(|| "—".to_owned(), |search| search.name.clone());
    let words = [
        ("{{other}}", company(one.other)),
        ("{{number}}", number(&one.open.0, one.open.1).unwrap_or_default()),
        ("{{person}}", person),
        ("{{search}}", search),
        ("{{count}}", one.count.to_string()),
        ("{{part}}", one.part.to_string()),
    ];
    // Filled in one pass, so that a name with braces stays a name.
    let mut text = String::new();
    let mut rest = sentence;
    while let Some(at) = rest.find("{{") {
        let (before, from) = rest.split_at(at);
        text.push_str(before);
        match words.iter().find(|(mark, _)| from.starts_with(mark)) {
            Some((mark, word)) => {
                text.push_str(&plain(word));
                rest = from.get(mark.len()..).unwrap_or_default();
            }
            None => {
                text.push_str("{{");
                rest = from.get(2..).unwrap_or_default();
            }
        }
    }
    text.push_str(rest);
    text
}

/// A notice in both languages: the reader's company, what happened, and until when something must be done.
fn line(one: &Listed, names: &Names, zone: &Zone) -> (String, String) {
    let (english, chinese) = sentences(one.kind);
    let place = one.company.and_then(|id| names.company(id)).map(|name| format!("[{}] ", plain(&name)));
    let place = place.unwrap_or_default();
    // A deadline at 24:00 is the end of its day, not the beginning of the next.
    let day = one.due_at.map(|due| zone.day_of(MarketTime(due.saturating_sub(1))));
    let until = day.map(|day| (format!(", until {day}"), format!("，截至 {day}"))).unwrap_or_default();
    let said = |sentence, until| format!("{place}{}{until}", filled(sentence, one, names));
    (said(english, until.0), said(chinese, until.1))
}

/// A letter about these notices, one link in it.
pub fn letter(
    reader: &User,
    (market, zone): (u128, &Zone),
    letters: Letters,
    notices: &[&Listed],
    names: &Names,
    url: &str,
) -> Letter {
    let lines: Vec<(String, String)> = notices.iter().take(LINES_MAX).map(|one| line(one, names, zone)).collect();
    let (total, more) = (notices.len(), notices.len().saturating_sub(LINES_MAX));
    let (kind, subject) = match (letters, lines.first()) {
        (Letters::Digest, _) => ("digest", (format!("Your day in {total} notices"), format!("今日通知 {total} 条"))),
        (Letters::Now | Letters::Off, Some(both)) if total == 1 => ("notice", both.clone()),
        (Letters::Now | Letters::Off, _) => ("notice", (format!("{total} notices"), format!("{total} 条通知"))),
    };
    let list = |said: Vec<&String>, rest: String| {
        let lines: String = said.into_iter().map(|line| format!("- {line}\n")).collect();
        if more > 0 { format!("{lines}- {rest}\n") } else { lines }
    };
    let english = list(lines.iter().map(|line| &line.0).collect(), format!("and {more} more"));
    let chinese = list(lines.iter().map(|line| &line.1).collect(), format!("另有 {more} 条"));
    let name = plain(&reader.name);
    let link = format!("{url}/notices");
    let english = format!(
        "Hello {name},\n\n{english}\nOpen them, and choose what we write to you about:\n\n{link}\n\n\
         Entrepot is a simulated market: only the money is not real.\n"
    );
    // One link is enough for a letter in both languages.
    let open = match reader.language {
        Language::Both => "请打开上述链接查看，并可在该页选择接收哪些邮件。".to_owned(),
        Language::English | Language::Chinese => {
            format!("请打开以下链接查看，并可在该页选择接收哪些邮件：\n\n{link}")
        }
    };
    let chinese = format!("{name}，您好：\n\n{chinese}\n{open}\n\nEntrepot 是模拟市场：唯有资金并非真实。\n");
    Letter {
        kind,
        recipient: reader.email.clone(),
        user: Some(reader.id),
        market: Some(market),
        subject: mail::subject(reader.language, &subject.0, &subject.1),
        text: mail::text(reader.language, &english, &chinese).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn notice(kind: Kind) -> Listed {
        Listed {
            id: 1,
            kind,
            company: Some(1),
            seat: None,
            open: ("order".to_owned(), 7),
            other: Some(2),
            person: None,
            part: 2,
            count: 3,
            seq: 1,
            at: 0,
            due_at: Some(1_767_888_000_000_000),
            read: false,
        }
    }

    fn names() -> Names {
        let named = |name: &str| (name.to_owned(), "DE".to_owned());
        let companies = [(1, named("Own")), (2, named("Evil\r\nBcc: all@example.com {{number}}"))];
        Names { companies: companies.into(), ..Names::default() }
    }

    #[test]
    fn every_kind_has_its_sentences_once_and_in_the_order_of_the_rules() {
        let kinds: Vec<Kind> = SENTENCES.iter().map(|(kind, _, _)| *kind).collect();
        assert_eq!(kinds, Kind::ALL);
        assert!(SENTENCES.iter().all(|(_, english, chinese)| !english.is_empty() && !chinese.is_ascii()));
    }

    #[test]
    fn a_name_neither_ends_a_line_nor_becomes_a_placeholder() {
        // 2026-01-08T16:00Z is the end of the 8th in Shanghai.
        let (english, chinese) = line(&notice(Kind::RemindPay), &names(), &Zone::parse("Asia/Shanghai").unwrap());
        assert!(english.starts_with("[Own] Stage 2 of E-"), "{english}");
        assert!(english.ends_with("waits to be paid, until 2026-01-08"), "{english}");
        assert!(english.contains("Evil  Bcc: all@example.com {{number}}"), "{english}");
        assert!(!english.contains(['\r', '\n']) && chinese.ends_with("截至 2026-01-08"), "{chinese}");
    }
}
