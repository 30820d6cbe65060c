use super::market::read_companies;
use super::rows::{COLUMNS, GoodsRow, OPTIONAL, goods};
use super::text::{check_header, decode};
use super::{RowError, rows};

const HEADER: &str =
    "sku,title,title_zh,category,description,hs_code,unit,origin,currency,moq,ladder,lead_days,incoterm,place,picture";
const GOOD: &str =
    "A-1,Lace,蕾丝,textiles,\"Soft, \"\"fine\"\"\",580421,m,CN,USD,300,300:3.42;1000:3.15,18,FOB,Ningbo,lace";

fn file(lines: &[&str]) -> String {
    format!("{HEADER}\r\n{}\r\n", lines.join("\r\n"))
}

fn errors(rows: &[GoodsRow]) -> Vec<(u64, &str, &str)> {
    let all = rows.iter().filter_map(|r| r.draft.as_ref().err()).flatten();
    all.map(|e: &RowError| (e.line, e.column.as_deref().unwrap_or(""), e.code.as_str())).collect()
}

fn spoiled(column: &str, cell: &str) -> String {
    let at = COLUMNS.iter().position(|c| *c == column).unwrap();
    let mut cells: Vec<&str> = GOOD.split(',').collect();
    cells.splice(4..6, ["plain"]);
    cells[at] = cell;
    cells.join(",")
}

#[test]
fn a_good_line_is_a_draft_with_or_without_the_mark() {
    for mark in ["", "\u{feff}"] {
        let text = format!("{mark}{}", file(&[GOOD]));
        let rows = goods(decode(text.as_bytes()).unwrap(), false).unwrap();

        let draft = rows[0].draft.as_ref().unwrap();
        assert_eq!((rows[0].line, draft.sku.as_str(), draft.description.as_str()), (2, "A-1", "Soft, \"fine\""));
        assert_eq!((draft.ladder.len(), draft.pictures[0].as_str()), (2, "lace.svg"));
        assert!(draft.clone().listing(1, 2).is_ok());
    }
}

#[test]
fn other_encodings_are_refused() {
    let utf16: Vec<u8> = [0xff, 0xfe].into_iter().chain(HEADER.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let latin1 = [file(&[]).as_bytes(), b"A,Caf\xe9,"].concat();
    for bytes in [utf16.as_slice(), &utf16[2..], latin1.as_slice()] {
        assert_eq!(decode(bytes).unwrap_err().code, "import.encoding");
    }
    assert!(decode(&latin1).unwrap_err().detail.contains("line 3"));
}

#[test]
fn a_wrong_header_names_what_is_missing_and_unknown() {
    let refusal = check_header(&HEADER.replace("moq", "minimum"), COLUMNS, OPTIONAL).unwrap_err();
    assert_eq!(refusal.code, "import.header");
    assert_eq!(
        refusal.params,
        [("missing".to_owned(), "moq".to_owned()), ("unknown".to_owned(), "minimum".to_owned())]
    );
    assert!(check_header("", COLUMNS, OPTIONAL).unwrap_err().detail.contains("sku, title"));
    assert!(check_header(&HEADER.replace(',', ";"), COLUMNS, OPTIONAL).is_err());
    assert!(check_header(&format!("{HEADER},sku"), COLUMNS, OPTIONAL).is_err());
    let mut turned: Vec<&str> = HEADER.split(',').collect();
    turned.reverse();
    assert!(check_header(&turned.join(","), COLUMNS, OPTIONAL).is_ok());
}

#[test]
fn a_line_of_two_megabytes_and_a_stray_quote_cost_one_line_each() {
    let long = format!("B,{}", "x".repeat(2_000_000));
    let quote = format!("C,\"never closed{}", GOOD.trim_start_matches("A-1"));
    let filler: Vec<String> =
        (0..2_000).map(|n| format!("D-{n},Lace,,textiles,plain,580421,m,CN,USD,1,1:1,1,FOB,Ningbo,")).collect();
    let mut lines = vec![GOOD, &long, "", &quote];
    lines.extend(filler.iter().map(String::as_str));

    let rows = goods(&file(&lines), false).unwrap();

    assert_eq!(errors(&rows).first(), Some(&(3, "", "import.line_too_long")));
    assert!(rows.iter().filter(|r| r.draft.is_ok()).count() >= 1_990);
    assert!(errors(&rows).len() <= 3, "{:?}", errors(&rows));
}

#[test]
fn line_numbers_count_the_lines_of_quoted_cells() {
    let broken = GOOD.replace("Soft", "Soft\nand\nlong");
    let rows = goods(&file(&[&broken, "only,three,cells"]), false).unwrap();

    assert!(rows[0].draft.as_ref().unwrap().description.contains("and\nlong"));
    assert_eq!(errors(&rows), [(5, "", "import.cells")]);
}

#[test]
fn formulas_and_bad_numbers_are_named_by_column() {
    let cases = [
        ("title", "=HYPERLINK(1)", "import.formula"),
        ("title", "@x", "import.formula"),
        ("place", "+1", "import.formula"),
        ("sku", "-1", "import.formula"),
        ("title_zh", "\tx", "import.formula"),
        ("moq", "=1+1", "import.formula"),
        ("ladder", "=A1", "import.formula"),
        ("lead_days", "@1", "import.formula"),
        ("lead_days", "soon", "import.number"),
        ("unit", "a\u{7}", "import.control"),
        ("ladder", "300", "import.ladder"),
    ];
    for (column, cell, code) in cases {
        let line = spoiled(column, cell);
        let rows = goods(&file(&[&line]), false).unwrap();
        assert!(errors(&rows).contains(&(2, column, code)), "{column}={cell}: {:?}", errors(&rows));
    }
}

#[test]
fn wrong_ladders_are_complained_about_in_their_column() {
    for (cell, code) in [
        ("300:3;200:2", "product.ladder_order"),
        ("300:3;400:4", "product.ladder_price"),
        ("500:3", "product.ladder_start"),
        ("300:x", "catalog.number"),
        ("300:1.1234567", "catalog.number"),
        ("-5:1", "product.ladder_order"),
        ("", "product.ladder_length"),
    ] {
        let line = spoiled("ladder", cell);
        let rows = goods(&file(&[&line]), false).unwrap();
        let complaints = rows[0].draft.clone().unwrap().listing(1, 2).unwrap_err();
        let cells = rows[0].cells.as_deref().unwrap();
        let found: Vec<RowError> = complaints.iter().map(|e| rows::row_error(2, cells, e)).collect();
        assert!(found.iter().any(|e| e.code == code && e.column.as_deref() == Some("ladder")), "{cell}: {found:?}");
    }
}

#[test]
fn a_sku_stands_once_in_a_file() {
    let rows = goods(&file(&[GOOD, GOOD]), false).unwrap();
    assert_eq!(errors(&rows), [(3, "sku", "import.sku_repeated")]);
}

#[test]
fn companies_are_read_and_bad_ones_named() {
    let csv = "registration_number,name,name_zh,country,city,founded,about,sells,buys\n330603,Lanqiao,兰桥,CN,Shaoxing,2006,Weaves.,true,false\n\
        1,Bikes,,DE,Kiel,,,0,1\n2,=x,,DE,Kiel,old,,maybe,1\n";
    let (good, bad) = read_companies(csv).unwrap();

    assert_eq!(good.len(), 2);
    assert_eq!((good[0].founded, good[0].sells, good[1].name_zh.clone(), good[1].buys), (Some(2006), true, None, true));
    let columns: Vec<_> = bad.iter().map(|e| (e.line, e.column.as_deref().unwrap())).collect();
    assert_eq!(columns, [(4, "founded"), (4, "name"), (4, "sells")]);
}
