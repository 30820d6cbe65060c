//! The first half of a paper: particulars, parties, goods, delivery, payment plan.

use super::{Firm, Paper, PaperKind};
use crate::platform::pdf::{Align, Block, Column, Style, Table, Words, grouped, sentence, two};
use entrepot_domain::kernel::{Money, line_value};
use entrepot_domain::trade::{Address, Contact, Line, PlannedStage, StageKind, Trigger};

/// An amount with its currency before it.
pub(super) fn amount(paper: &Paper<'_>, minor: i64) -> String {
    format!("{} {}", paper.terms.currency, number(paper, minor))
}

/// An amount without its currency.
fn number(paper: &Paper<'_>, minor: i64) -> String {
    let text = Money::new(minor, paper.terms.currency).to_string();
    grouped(text.split(' ').next().unwrap_or_default())
}

/// A column of a table.
fn column(paper: &Paper<'_>, title: Words, share: i32, align: Align) -> Column {
    Column { title: title.stacked(paper.language), share, align }
}

/// A share in basis points as a percentage: 3333 becomes `33.33 %`.
pub(super) fn percent(bps: i64) -> String {
    let text = format!("{}.{:02}", bps / 100, bps % 100);
    format!("{} %", text.trim_end_matches('0').trim_end_matches('.'))
}

/// Texts that say something, joined.
fn joined<'a>(parts: impl IntoIterator<Item = &'a str>, between: &str) -> String {
    parts.into_iter().map(str::trim).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(between)
}

pub(super) fn particulars(paper: &Paper<'_>) -> Vec<(String, String)> {
    let mut facts = vec![
        (paper.say(two("Order", "订单号")), paper.number.to_owned()),
        (paper.say(two("Version", "版本")), paper.version_text()),
    ];
    if let Some(version) = paper.version {
        facts.push((paper.say(two("Offered", "要约时间")), paper.zone.written(version.made.at)));
        if let Some(until) = version.valid_until.filter(|_| version.agreed.is_none()) {
            facts.push((paper.say(two("Valid until", "有效期至")), paper.zone.written(until)));
        }
        if let Some(agreed) = &version.agreed {
            facts.push((paper.say(two("Agreed", "成立时间")), paper.zone.written(agreed.at)));
        }
    }
    if let Some(po) = paper.terms.po_number.as_ref().filter(|po| !po.trim().is_empty()) {
        facts.push((paper.say(two("Buyer's order number", "买方采购单号")), po.clone()));
    }
    facts.push((paper.say(two("Currency", "币种")), paper.terms.currency.to_string()));
    facts
}

pub(super) fn firm(paper: &Paper<'_>, side: Words, firm: &Firm, contact: &Contact) -> Vec<Block> {
    let place = joined([firm.city.as_str(), firm.country.as_str()], ", ");
    let people = joined([contact.name.as_str(), contact.email.as_str(), contact.phone.as_str()], ", ");
    let registered = paper.say(two("Registration", "注册号"));
    let chinese = firm.name_zh.as_deref().unwrap_or_default().trim();
    let registration =
        if firm.registration.is_empty() { String::new() } else { format!("{registered} {}", firm.registration) };
    let mut blocks = vec![Block::Text(paper.say(side), Style::Small), Block::Text(firm.name.clone(), Style::Strong)];
    let further = [chinese.to_owned(), registration, place, people];
    blocks.extend(further.into_iter().filter(|text| !text.is_empty()).map(|text| Block::Text(text, Style::Plain)));
    blocks
}

/// The value of a line in minor units; the terms were validated, so it has one.
fn value(paper: &Paper<'_>, line: &Line) -> i64 {
    line_value(line.quantity, line.unit_price.in_currency(paper.terms.currency)).map_or(0, |money| money.minor)
}

pub(super) fn lines(paper: &Paper<'_>) -> Vec<Block> {
    let goods = |line: &Line| {
        let hs = if line.hs_code.is_empty() { String::new() } else { format!("HS {}", line.hs_code) };
        let ready = if line.stocked().is_some() { paper.say(two("From ready stock", "现货")) } else { String::new() };
        let numbers = joined([line.sku.as_str(), hs.as_str()], ", ");
        joined([line.title.as_str(), numbers.as_str(), ready.as_str()], "\n")
    };
    let row = |(no, line): (usize, &Line)| {
        vec![
            no.to_string(),
            goods(line),
            joined([grouped(&line.quantity.to_string()).as_str(), line.unit.as_str()], " "),
            grouped(&line.unit_price.in_currency(paper.terms.currency).decimal()),
            number(paper, value(paper, line)),
        ]
    };
    let columns = vec![
        column(paper, two("No.", "序号"), 7, Align::Left),
        column(paper, two("Goods", "货物"), 46, Align::Left),
        column(paper, two("Quantity", "数量"), 19, Align::Right),
        column(paper, two("Unit price", "单价"), 14, Align::Right),
        column(paper, two("Amount", "金额"), 18, Align::Right),
    ];
    let extras = [
        (two("Freight", "运费"), paper.terms.freight_minor),
        (two("Discount", "折扣"), paper.terms.discount_minor.saturating_neg()),
        (two("Tax", "税费"), paper.terms.tax_minor),
    ];
    let mut totals = vec![(paper.say(two("Goods", "货物合计")), amount(paper, paper.plan.goods_total))];
    let said = extras.into_iter().filter(|(_, minor)| *minor != 0);
    totals.extend(said.map(|(words, minor)| (paper.say(words), amount(paper, minor))));
    totals.push((paper.say(two("Total", "总金额")), amount(paper, paper.plan.total)));
    let rows = (1..).zip(&paper.terms.lines).map(row).collect();
    vec![
        Block::Heading(paper.say(two("Goods and prices", "货物与价格"))),
        Block::Table(Table { columns, rows, totals }),
    ]
}

fn address(address: &Address) -> String {
    let town = joined([address.postcode.as_str(), address.city.as_str()], " ");
    let parts = [&address.name, &address.street, &town, &address.region, &address.country];
    joined(parts.into_iter().map(String::as_str), ", ")
}

pub(super) fn delivery(paper: &Paper<'_>) -> Vec<Block> {
    let terms = paper.terms;
    let incoterm = format!("{} {} (Incoterms 2020)", terms.incoterm.code.as_str(), terms.incoterm.place);
    let mut facts = vec![(paper.say(two("Delivery term", "贸易术语")), incoterm)];
    let further = [
        (two("Consignee", "收货人"), terms.consignee.clone()),
        (two("Address", "收货地址"), address(&terms.delivery_address)),
    ];
    let said = further.into_iter().filter(|(_, text)| !text.trim().is_empty());
    facts.extend(said.map(|(words, text)| (paper.say(words), text)));
    let columns = vec![
        column(paper, two("Shipment", "批次"), 12, Align::Left),
        column(paper, two("Ship by", "最迟装运日"), 18, Align::Left),
        column(paper, two("Quantities by line", "各行数量"), 52, Align::Left),
        column(paper, two("Value", "货值"), 18, Align::Right),
    ];
    let quantities = |n: usize| {
        let shipment = terms.shipments.get(n);
        let shipped =
            shipment.into_iter().flat_map(|s| (1..).zip(&s.quantities)).filter(|(_, quantity)| quantity.0 > 0);
        let lines: Vec<String> =
            shipped.map(|(no, q): (usize, _)| format!("{no}: {}", grouped(&q.to_string()))).collect();
        lines.join("; ")
    };
    let rows = terms.shipments.iter().enumerate().map(|(n, shipment)| {
        let value = paper.plan.shipments.get(n).copied().unwrap_or(0);
        vec![(n + 1).to_string(), shipment.ship_by.to_string(), quantities(n), number(paper, value)]
    });
    vec![
        Block::Heading(paper.say(two("Delivery", "交货"))),
        Block::Facts(facts),
        Block::Gap(4_000),
        Block::Table(Table { columns, rows: rows.collect(), totals: Vec::new() }),
    ]
}

fn kind(kind: StageKind) -> Words {
    match kind {
        StageKind::Deposit => two("Deposit", "定金（预付款）"),
        StageKind::Balance => two("Balance", "尾款"),
        StageKind::Retention => two("Retention", "质保金"),
    }
}

fn trigger(paper: &Paper<'_>, trigger: Trigger) -> String {
    match trigger {
        Trigger::Agreed => sentence(
            paper.language,
            &format!("on agreement, within {} days", paper.terms.deposit_days),
            &format!("合同成立后 {} 日内", paper.terms.deposit_days),
        ),
        Trigger::BeforeDispatch => two("before dispatch", "发货前").stacked(paper.language),
        Trigger::BlCopy => two("against a copy of the bill of lading", "凭提单副本").stacked(paper.language),
        Trigger::Delivered => two("on delivery", "到货后").stacked(paper.language),
    }
}

pub(super) fn stages(paper: &Paper<'_>) -> Vec<Block> {
    let columns = vec![
        column(paper, two("Stage", "阶段"), 10, Align::Left),
        column(paper, two("Payment", "款项"), 24, Align::Left),
        column(paper, two("Due", "付款条件"), 34, Align::Left),
        column(paper, two("Shipment", "批次"), 14, Align::Left),
        column(paper, two("Amount", "金额"), 18, Align::Right),
    ];
    let whole = paper.say(two("all", "全部"));
    let row = |(no, stage): (usize, &PlannedStage)| {
        vec![
            no.to_string(),
            kind(stage.kind).stacked(paper.language),
            trigger(paper, stage.trigger),
            stage.shipment.map_or_else(|| whole.clone(), |shipment| shipment.to_string()),
            number(paper, stage.amount),
        ]
    };
    let rows: Vec<Vec<String>> = (1..).zip(&paper.plan.stages).map(row).collect();
    let shares: Vec<String> = paper.terms.stages.iter().map(|stage| percent(stage.share_bps)).collect();
    let title = match paper.kind {
        PaperKind::Contract => two("Payment plan", "付款计划"),
        PaperKind::Proforma => two("Amounts to be paid", "应付款项"),
    };
    let totals = vec![(paper.say(two("Total of all stages", "各阶段合计")), amount(paper, paper.plan.total))];
    vec![
        Block::Heading(paper.say(title)),
        Block::Table(Table { columns, rows, totals }),
        Block::Text(format!("{} {}", paper.say(two("Shares:", "比例：")), shares.join(" / ")), Style::Small),
    ]
}
