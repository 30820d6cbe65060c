//! Reads the text of a PDF that this product made: objects, packed streams, fonts' tables of characters, drawn strings.
//! Enough of the format for that, and no more; what does not fit panics.

use flate2::read::ZlibDecoder;
use std::collections::BTreeMap;
use std::io::Read as _;

/// A PDF's text, page by page; each drawn text is a line.
pub struct Read {
    pub pages: Vec<String>,
}

impl Read {
    pub fn text(&self) -> String {
        self.pages.join("\n")
    }
}

/// An object: what stands before its stream, and the stream unpacked.
struct Object {
    head: String,
    stream: Vec<u8>,
}

fn find(bytes: &[u8], word: &[u8], from: usize) -> Option<usize> {
    bytes.get(from..)?.windows(word.len()).position(|window| window == word).map(|at| at + from)
}

fn objects(bytes: &[u8]) -> BTreeMap<u32, Object> {
    let (mut all, mut at) = (BTreeMap::new(), 0);
    while let Some(begin) = find(bytes, b" 0 obj", at) {
        let digits = bytes[..begin].iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
        let number = std::str::from_utf8(&bytes[begin - digits..begin]).unwrap().parse().unwrap();
        let end = find(bytes, b"endobj", begin).unwrap();
        let packed = find(bytes, b"stream\n", begin).filter(|stream| *stream < end);
        let head = String::from_utf8_lossy(&bytes[begin + 6..packed.unwrap_or(end)]).to_string();
        let mut stream = Vec::new();
        at = end;
        if let Some(packed) = packed {
            let length: usize = after(&head, "/Length ").parse().unwrap();
            let body = &bytes[packed + 7..packed + 7 + length];
            if head.contains("/FlateDecode") {
                ZlibDecoder::new(body).read_to_end(&mut stream).unwrap();
            }
            at = packed + 7 + length;
        }
        all.insert(number, Object { head, stream });
    }
    all
}

/// The digits that follow a name.
fn after<'a>(head: &'a str, name: &str) -> &'a str {
    let rest = head.split_once(name).unwrap_or_else(|| panic!("{name} in {head}")).1.trim_start_matches(['[', ' ']);
    &rest[..rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len())]
}

fn utf16(hex: &str) -> String {
    let units: Vec<u16> = (0..hex.len() / 4).map(|n| u16::from_str_radix(&hex[n * 4..n * 4 + 4], 16).unwrap()).collect();
    String::from_utf16(&units).unwrap()
}

/// Which characters the glyphs of a font stand for.
fn characters(table: &str) -> BTreeMap<u16, String> {
    let mut found = BTreeMap::new();
    let mut ranges = false;
    for line in table.lines() {
        ranges = (ranges || line.ends_with("beginbfrange")) && !line.starts_with("endbfrange");
        let words: Vec<&str> = line.split(['<', '>']).map(str::trim).filter(|word| !word.is_empty()).collect();
        let code = |word: &str| u16::from_str_radix(word, 16);
        match (words.as_slice(), ranges) {
            ([from, to, text], true) if code(from).is_ok() && from.len() == 4 => {
                let first = u32::from_str_radix(text, 16).unwrap();
                for glyph in code(from).unwrap()..=code(to).unwrap() {
                    let next = first + u32::from(glyph - code(from).unwrap());
                    found.insert(glyph, char::from_u32(next).unwrap().to_string());
                }
            }
            ([glyph, text], false) if glyph.len() == 4 && code(glyph).is_ok() => drop(found.insert(code(glyph).unwrap(), utf16(text))),
            (_, _) => {}
        }
    }
    found
}

/// The bytes of a literal string that begins behind `at`, and where it ends.
fn literal(content: &[u8], mut at: usize) -> (Vec<u8>, usize) {
    // Parentheses in pairs stand for themselves.
    let (mut bytes, mut depth) = (Vec::new(), 0);
    loop {
        match content[at] {
            b')' if depth == 0 => return (bytes, at + 1),
            paren @ (b'(' | b')') => {
                depth += if paren == b'(' { 1 } else { -1 };
                bytes.push(paren);
            }
            b'\\' => {
                at += 1;
                let octal = content[at..].iter().take(3).take_while(|b| (b'0'..=b'7').contains(b)).count();
                if octal > 0 {
                    let digits = std::str::from_utf8(&content[at..at + octal]).unwrap();
                    bytes.push(u8::from_str_radix(digits, 8).unwrap());
                    at += octal;
                    continue;
                }
                bytes.push(match content[at] {
                    b'n' => b'\n',
                    b'r' => b'\r',
                    b't' => b'\t',
                    b'b' => 8,
                    b'f' => 12,
                    other => other,
                });
            }
            other => bytes.push(other),
        }
        at += 1;
    }
}

fn page(content: &[u8], fonts: &BTreeMap<String, BTreeMap<u16, String>>) -> String {
    let (mut text, mut font, mut drawn, mut at) = (String::new(), None, Vec::new(), 0);
    while at < content.len() {
        match content[at] {
            b'(' => {
                let (bytes, end) = literal(content, at + 1);
                drawn.extend(bytes);
                at = end;
            }
            b'<' if content[at + 1] != b'<' => {
                let end = find(content, b">", at).unwrap();
                let hex = std::str::from_utf8(&content[at + 1..end]).unwrap();
                drawn.extend((0..hex.len() / 2).map(|n| u8::from_str_radix(&hex[n * 2..n * 2 + 2], 16).unwrap()));
                at = end + 1;
            }
            b'/' => {
                let end = at + 1 + content[at + 1..].iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
                let name = String::from_utf8_lossy(&content[at + 1..end]).to_string();
                font = fonts.get(&name).or(font);
                at = end;
            }
            b'T' if matches!(content[at + 1], b'J' | b'j') => {
                let known = font.expect("a font before the text");
                for glyph in drawn.chunks(2) {
                    text.push_str(known.get(&u16::from_be_bytes([glyph[0], glyph[1]])).map_or("", String::as_str));
                }
                text.push('\n');
                drawn.clear();
                at += 2;
            }
            _ => at += 1,
        }
    }
    text
}

/// Reads the file.
pub fn read(bytes: &[u8]) -> Read {
    assert!(bytes.starts_with(b"%PDF-"), "not a PDF: {}", String::from_utf8_lossy(&bytes[..bytes.len().min(300)]));
    let all = objects(bytes);
    let object = |number: &str| &all[&number.parse().unwrap()];
    let root = all.values().find(|object| object.head.contains("/Type/Pages")).unwrap();
    let kids = root.head.split_once("/Kids[").unwrap().1.split_once(']').unwrap().0;
    let pages = kids.split(" 0 R").map(str::trim).filter(|number| !number.is_empty()).map(|number| {
        let head = &object(number).head;
        let resources = &object(after(head, "/Resources ")).head;
        let named = resources.split_once("/Font<<").map_or("", |(_, rest)| rest.split_once(">>").unwrap().0);
        let fonts = named.split('/').filter(|font| !font.is_empty()).map(|font| {
            let (name, number) = font.split_once(' ').unwrap();
            let table = &object(after(&object(after(number, "")).head, "/ToUnicode ")).stream;
            (name.to_owned(), characters(&String::from_utf8_lossy(table)))
        });
        page(&object(after(head, "/Contents ")).stream, &fonts.collect())
    });
    Read { pages: pages.collect() }
}
