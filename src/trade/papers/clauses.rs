//! The second half of a paper: quality, conditions, notes and the signatures.

use super::goods::{amount, percent};
use super::{Paper, PaperKind, Signature};
use crate::platform::pdf::{Align, Block, Column, Style, Table, Words, sentence, two};
use entrepot_domain::trade::{QualityPoint, StageKind};

pub(super) fn quality(paper: &Paper<'_>) -> Vec<Block> {
    let column = |title: Words, share| Column { title: title.stacked(paper.language), share, align: Align::Left };
    let columns = vec![
        column(two("No.", "序号"), 7),
        column(two("Measured", "检测项目"), 38),
        column(two("Limit", "指标"), 22),
        column(two("Method", "检测方法"), 37),
    ];
    let row = |(no, point): (usize, &QualityPoint)| match point {
        QualityPoint::Measured(point) => vec![no.to_string(), point.point.clone(), point.limit(), point.method.clone()],
        QualityPoint::Stated(text) => vec![no.to_string(), text.clone(), "–".to_owned(), "–".to_owned()],
    };
    let rows: Vec<Vec<String>> = (1..).zip(&paper.terms.quality_points).map(row).collect();
    let mut blocks = vec![Block::Heading(paper.say(two("Quality", "质量")))];
    if rows.is_empty() {
        let nothing = two("Nothing is named yet; an offer needs at least one point.", "尚未约定，要约至少应有一项。");
        blocks.push(Block::Text(paper.say(nothing), Style::Plain));
    } else {
        blocks.push(Block::Table(Table { columns, rows, totals: Vec::new() }));
    }
    if let Some(aql) = &paper.terms.aql {
        let level = aql.level.as_str();
        let english = format!(
            "Sampling by ISO 2859-1, level {level}: AQL critical {}, major {}, minor {}.",
            aql.critical, aql.major, aql.minor
        );
        let chinese = format!(
            "按 ISO 2859-1 抽样，检验水平 {level}：AQL 致命 {}、严重 {}、轻微 {}。",
            aql.critical, aql.major, aql.minor
        );
        blocks.push(Block::Gap(3_000));
        blocks.push(Block::Text(sentence(paper.language, &english, &chinese), Style::Plain));
    }
    blocks
}

/// The sentences of the contract, as far as the terms and the rules of the order say them.
fn sentences(paper: &Paper<'_>) -> Vec<(String, String)> {
    let terms = paper.terms;
    let retained: i64 =
        terms.stages.iter().filter(|stage| stage.kind == StageKind::Retention).map(|stage| stage.share_bps).sum();
    let mut all = vec![
        (
            format!("Inspection: the buyer inspects each shipment within {} days after delivery against the quality points above. Silence until then counts as acceptance.", terms.acceptance_days),
            format!("验收：买方应在每批货物到货后 {} 日内按上列质量要点验收，逾期未提出视为验收合格。", terms.acceptance_days),
        ),
        (
            "Payment: each stage is paid into escrow on the platform. It is released to the seller for a shipment when that shipment is accepted, and returned to the buyer for goods that are cancelled.".to_owned(),
            "付款：各阶段款项付入平台托管。某批货物验收后，该批对应款项放款给卖方；取消的货物，对应款项退还买方。".to_owned(),
        ),
        (
            "Late dispatch: from the day after a ship-by date the buyer may cancel what was not dispatched, unless the delay is the buyer's own, and gets its money back in full.".to_owned(),
            "逾期发货：自最迟装运日次日起，除因买方原因外，买方可取消尚未发运的货物，其款项全额退还。".to_owned(),
        ),
        (
            format!("Claims: the order closes {} days after its last shipment was accepted or cancelled.", terms.claim_window_days),
            format!("索赔期：最后一批货物验收或取消后 {} 日，订单关闭。", terms.claim_window_days),
        ),
    ];
    if retained > 0 {
        all.push((
            format!("Retention: {} of the total stays in escrow until the order closes.", percent(retained)),
            format!("质保金：总金额的 {} 留在托管账户，至订单关闭时放款。", percent(retained)),
        ));
    }
    all.push((
        "Changes: these terms change only by a version that both sides accept on the platform. Each version is named by the SHA-256 of its canonical text, which stands at the foot of every page.".to_owned(),
        "变更：本条款仅可通过双方在平台接受的新版本变更。每一版本以其规范文本的 SHA-256 标识，见每页页脚。".to_owned(),
    ));
    all
}

pub(super) fn conditions(paper: &Paper<'_>) -> Vec<Block> {
    let mut blocks = vec![Block::Heading(paper.say(two("Conditions", "条款")))];
    for (no, (english, chinese)) in (1..).zip(sentences(paper)) {
        let text = sentence(paper.language, &english, &chinese);
        blocks.push(Block::Text(format!("{no}. {text}"), Style::Plain));
        blocks.push(Block::Gap(2_500));
    }
    blocks
}

pub(super) fn payment(paper: &Paper<'_>) -> Vec<Block> {
    let first = paper.plan.stages.first().map_or(0, |stage| stage.amount);
    let due = amount(paper, first);
    let english = format!(
        "The first payment is {due}. Pay only from the wallet on the platform into the escrow of this order. No bank account is ever sent by message; whoever sends one does not speak for the seller or the platform."
    );
    let (outside, outside_zh) = (
        format!(
            "The first payment is {due}. This market holds no money: the deal is paid outside the platform and nothing is guaranteed. Confirm a bank account by a second way before you pay."
        ),
        format!(
            "首笔应付 {due}。本市场不托管资金：交易在平台外付款，平台不作任何保障。付款前请通过另一途径核实银行账户。"
        ),
    );
    let chinese = format!(
        "首笔应付 {due}。请仅通过平台钱包付入本订单的托管账户。平台与卖方不会以消息方式发送银行账户；凡以消息发送账户者，均不代表卖方或平台。"
    );
    let said = if paper.escrow {
        sentence(paper.language, &english, &chinese)
    } else {
        sentence(paper.language, &outside, &outside_zh)
    };
    vec![Block::Heading(paper.say(two("How to pay", "付款方式"))), Block::Text(said, Style::Plain)]
}

pub(super) fn notes(paper: &Paper<'_>) -> Vec<Block> {
    if paper.terms.notes.trim().is_empty() {
        return Vec::new();
    }
    vec![Block::Heading(paper.say(two("Notes", "备注"))), Block::Text(paper.terms.notes.clone(), Style::Plain)]
}

/// Both signatures side by side; a proforma is the seller's paper and shows the same acceptance.
pub(super) fn signatures(paper: &Paper<'_>) -> Vec<Block> {
    let [buyer, seller] = &paper.signed;
    let block = |side: Words, firm: &str, signature: &Option<Signature>| {
        let mut blocks = vec![Block::Text(paper.say(side), Style::Small), Block::Text(firm.to_owned(), Style::Strong)];
        match signature {
            Some(signature) => {
                let when = paper.zone.written(signature.at);
                let accepted = paper.say(two("accepted electronically", "电子接受"));
                blocks.push(Block::Text(signature.person.clone(), Style::Plain));
                blocks.push(Block::Text(format!("{accepted} {when}"), Style::Plain));
            }
            None => blocks.push(Block::Text(paper.say(two("not accepted", "未接受")), Style::Plain)),
        }
        blocks
    };
    let title = match paper.kind {
        PaperKind::Contract => two("Signatures", "签署"),
        PaperKind::Proforma => two("Agreed by", "合同接受方"),
    };
    let hash = format!("{} {}", paper.say(two("SHA-256 of the accepted terms:", "所接受条款的 SHA-256：")), paper.hash);
    vec![
        Block::Heading(paper.say(title)),
        Block::Side(vec![
            block(two("Seller", "卖方"), &paper.seller.name, seller),
            block(two("Buyer", "买方"), &paper.buyer.name, buyer),
        ]),
        Block::Gap(5_000),
        Block::Text(hash, Style::Small),
    ]
}
