use super::*;

fn document(blocks: Vec<Block>) -> Document {
    Document {
        title: "Test".into(),
        language: "en",
        header: "Header E-1".into(),
        footer: "Footer".into(),
        watermark: None,
        missing_note: "□ stands for a character the fonts lack:".into(),
        blocks,
    }
}

fn plain(text: &str) -> Block {
    Block::Text(text.into(), Style::Plain)
}

/// The lines of the text itself, without header, footer and page numbers.
fn lines(sheet: &Sheet) -> Vec<&Run> {
    let inside = |run: &&Run| run.y > TOP && run.y < PAGE_HEIGHT - BOTTOM;
    sheet.pages.iter().flat_map(|page| page.runs.iter().filter(inside)).collect()
}

fn inside_the_margins(sheet: &Sheet) {
    for page in &sheet.pages {
        for run in &page.runs {
            assert!(run.x >= SIDE && run.x + run.width <= PAGE_WIDTH - SIDE + 1, "{run:?}");
            assert!(run.y > 0 && run.y < PAGE_HEIGHT, "{run:?}");
        }
        let lowest = page.runs.iter().filter(|run| run.size > 7_000).map(|run| run.y).max().unwrap_or(0);
        assert!(lowest <= PAGE_HEIGHT - BOTTOM, "text in the lower margin");
    }
}

fn column(title: &str, share: i32, align: Align) -> Column {
    Column { title: title.into(), share, align }
}

fn table(rows: usize, cell: &str) -> Block {
    let columns = vec![
        column("No.\n序号", 1, Align::Left),
        column("Goods\n货物", 6, Align::Left),
        column("Value", 2, Align::Right),
    ];
    let rows = (1..=rows).map(|n| vec![n.to_string(), format!("{cell} {n}"), format!("{n}.00")]).collect();
    Block::Table(Table { columns, rows, totals: vec![("Total".into(), "USD 1.00".into())] })
}

#[test]
fn latin_breaks_at_spaces_chinese_between_characters_and_neither_loses_a_letter() {
    let english = "Goods are inspected before dispatch; what fails is made again at the seller's cost. ".repeat(6);
    let chinese = "货物在发运前检验，不合格的由卖方承担费用重新生产（包括材料和人工）。".repeat(8);
    let endless = "a".repeat(400);
    let sheet = lay_out(&document(vec![plain(&english), plain(&chinese), plain(&endless)])).unwrap();

    inside_the_margins(&sheet);
    let read: Vec<&str> = lines(&sheet).iter().map(|run| run.text.as_str()).collect();
    let latin: Vec<&str> =
        read.iter().copied().filter(|line| line.starts_with(|c: char| c.is_ascii_alphabetic())).collect();
    assert!(read.len() > 12, "{read:?}");
    assert_eq!(
        latin.iter().filter(|line| !line.starts_with("aaa")).copied().collect::<Vec<_>>().join(" "),
        english.trim()
    );
    let han: String = read.iter().copied().filter(|line| line.chars().any(|c| c == '货' || c == '的')).collect();
    assert_eq!(han, chinese);
    assert!(!read.iter().any(|line| line.starts_with(['，', '。', '）', '、']) || line.ends_with('（')), "{read:?}");
    assert_eq!(read.iter().filter(|line| line.starts_with("aaa")).map(|line| line.len()).sum::<usize>(), 400);
    assert!(sheet.missing.is_empty());
}

#[test]
fn a_long_table_names_its_columns_and_each_page_its_number() {
    let sheet = lay_out(&document(vec![Block::Heading("Goods".into()), table(150, "Hex bolt M8 六角螺栓")])).unwrap();

    inside_the_margins(&sheet);
    let count = sheet.pages.len();
    assert!(count >= 4, "{count} pages");
    for (page, no) in sheet.pages.iter().zip(1..) {
        let has = |text: &str| page.runs.iter().any(|run| run.text == text);
        assert!(has("Goods") && has("货物") && has("Value"), "page {no} does not name its columns");
        assert!(has(&format!("{no} / {count}")) && has("Header E-1") && has("Footer"), "page {no}");
    }
    let cells = lines(&sheet).iter().filter(|run| run.text.starts_with("Hex bolt")).count();
    assert_eq!(cells, 150, "each row once");
    let values: Vec<&Run> = lines(&sheet).into_iter().filter(|run| run.text.ends_with(".00")).collect();
    let ends: std::collections::BTreeSet<i32> = values.iter().map(|run| run.x + run.width).collect();
    assert_eq!(ends.len(), 1, "numbers end in one line: {ends:?}");
}

#[test]
fn a_cell_longer_than_a_page_is_split_and_nothing_of_it_is_lost() {
    let sheet = lay_out(&document(vec![table(1, &"很长的说明".repeat(800))])).unwrap();

    inside_the_margins(&sheet);
    assert!(sheet.pages.len() > 1);
    let read: String = lines(&sheet).iter().map(|run| run.text.as_str()).collect();
    assert_eq!(read.matches('很').count(), 800);
}

#[test]
fn headings_and_sums_never_stand_alone() {
    // Whatever is above them, the heading is followed by text on its page and the sum has a row above it.
    for above in 0..70 {
        let blocks = vec![Block::Gap(above * 10_000), Block::Heading("Stages".into()), table(2, "Deposit")];
        let sheet = lay_out(&document(blocks)).unwrap();
        for page in &sheet.pages {
            let find = |text: &str| page.runs.iter().position(|run| run.text == text);
            assert_eq!(find("Stages").is_some(), find("Deposit 1").is_some(), "{above}");
            assert!(find("Total").is_none() || find("Deposit 2").is_some(), "{above}");
        }
    }
}

#[test]
fn what_no_font_holds_is_shown_as_a_box_and_reported() {
    let blocks = vec![plain("Tower 𠮷 and مرحبا"), Block::Text("粗体字：龘".into(), Style::Strong)];
    let sheet = lay_out(&document(blocks)).unwrap();

    let read = sheet.text();
    assert!(read.contains("Tower □ and □□□□□"), "{read}");
    assert!(sheet.missing.contains(&'𠮷') && sheet.missing.contains(&'م') && !sheet.missing.contains(&'字'));
    assert!(read.contains("U+20BB7") && read.contains("□ stands for"), "{read}");
}

#[test]
fn names_prices_and_signs_of_trade_have_their_glyphs() {
    let text = "é ü ñ Ł ő ș İ ß € £ ¥ ₹ ₽ ± ≥ ≤ ≈ × ÷ µ Ω ° № ™ ® © ‰ → ② 壹贰叁肆伍陆柒捌玖拾佰仟萬元整 喆堃镕玥 ，。、：；“”《》（）ー Ж Σ";
    for style in [Style::Plain, Style::Strong] {
        let sheet = lay_out(&document(vec![Block::Text(text.into(), style)])).unwrap();
        assert_eq!(sheet.missing.iter().collect::<String>(), "萬", "traditional characters alone");
        let glyphs = lines(&sheet).into_iter().flat_map(|run| &run.pieces).flat_map(|piece| &piece.glyphs);
        assert!(glyphs.into_iter().all(|glyph| glyph.id != 0 && glyph.advance > 0));
    }
}

#[test]
fn equal_documents_are_equal_files_with_searchable_text() {
    let marked =
        Document { watermark: Some("NOT AGREED 未成立".into()), ..document(vec![table(60, "货物 goods")]) };
    let bytes = |document: &Document| write(&lay_out(document).unwrap()).unwrap();

    let first = bytes(&marked);
    assert_eq!(first, bytes(&marked));
    assert!(first.starts_with(b"%PDF-1.") && first.len() > 8_000 && first.len() < 200_000, "{} bytes", first.len());
    assert_ne!(first, bytes(&Document { watermark: None, ..marked.clone() }));
    let holds = |word: &[u8]| first.windows(word.len()).any(|window| window == word);
    assert!(holds(b"/ToUnicode") && holds(b"/FontFile"), "fonts lie in the file, and their text can be read");
}

#[test]
fn a_document_without_end_is_refused() {
    let endless = document(vec![Block::Gap(500_000); PAGES_MAX + 2]);
    assert!(matches!(lay_out(&endless), Err(PdfError::TooLong)));
}
