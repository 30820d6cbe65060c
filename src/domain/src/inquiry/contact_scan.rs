//! Looks for contact data in a folded text: addresses, links and messengers; `contact_phone` adds telephone numbers.
//!
//! Every finder starts at one place and answers where the find ends. All walk forward over a bounded distance, so a text
//! of n characters costs a small multiple of n.

use super::contact::{ContactKind, Span, fold};

/// Ends of names that no word of a sentence is: only these count without `www` or `@`, for many forget the space after a
/// full stop ("price.My offer").
const TLDS: &[&str] = &[
    "com", "net", "org", "biz", "cn", "hk", "tw", "io", "ru", "uk", "fr", "xyz", "eu", "jp", "kr", "br", "mx", "tr",
    "ae", "vn", "nl", "pl", "pt", "nz", "za", "eg", "ng", "pk", "bd", "lk", "sg",
];
/// Ends that are spelled out: "example dot com".
const SPELLED: &[&str] = &["com", "net", "org", "cn"];
const SECOND_LEVEL: &[&str] = &["com", "net", "org", "co", "gov", "edu"];
const SHORT_HOSTS: &[(&str, &str)] =
    &[("wa", "me"), ("t", "me"), ("m", "me"), ("line", "me"), ("bit", "ly"), ("wa", "link")];
/// Post offices that make "john at gmail.com" an address.
const MAILERS: &[&str] = &[
    "gmail", "hotmail", "outlook", "yahoo", "qq", "163", "126", "sina", "foxmail", "aliyun", "icloud", "proton",
    "yandex", "mail", "live", "yeah", "139", "189", "sohu",
];

/// Words that announce a name at a messenger, and whether they are so short that a mark must follow.
const MESSENGERS: &[(&str, bool)] = &[
    ("wechat", false),
    ("we chat", false),
    ("we-chat", false),
    ("weixin", false),
    ("whatsapp", false),
    ("whats app", false),
    ("what's app", false),
    ("whatapp", false),
    ("telegram", false),
    ("skype", false),
    ("viber", false),
    ("kakaotalk", false),
    ("kakao", false),
    ("zalo", false),
    ("line id", false),
    ("signal id", false),
    ("qq", false),
    ("wx", true),
    ("vx", true),
    ("wa", true),
    ("tg", true),
    ("gmail", true),
    ("hotmail", true),
    ("dingtalk", false),
    ("钉钉", false),
    ("微信", false),
    ("微 信", false),
    ("薇信", false),
    ("威信", false),
    ("徽信", false),
    ("v信", false),
    ("卫星号", false),
    ("扣扣", false),
    ("企鹅号", false),
    ("电报", false),
];
/// Words between a messenger's name and the name there.
const FILLERS: &[&str] = &[
    "id", "no", "number", "account", "acc", "is", "me", "at", "on", "add", "my", "name", "user", "username", "号码",
    "账号", "帐号", "号", "是", "为", "加", "我", "搜",
];
/// Words that are no name at a messenger.
const NO_NAMES: &[&str] = &[
    "please",
    "thanks",
    "thank",
    "group",
    "groups",
    "payment",
    "payments",
    "number",
    "account",
    "contact",
    "message",
    "messages",
    "available",
    "wechat",
    "whatsapp",
    "telegram",
    "skype",
    "business",
    "anytime",
    "later",
];

/// Is a folded text with the way back to its bytes.
pub(super) struct Scan {
    /// Folded characters.
    pub(super) c: Vec<char>,
    /// The same with Chinese and other numerals as digits.
    pub(super) d: Vec<char>,
    /// Bytes of each character in the original.
    at: Vec<(usize, usize)>,
}

/// Answers where a find at this place begins and ends.
type Finder = fn(&Scan, usize) -> Option<(usize, usize)>;

fn digit(c: char) -> char {
    match c {
        '零' | '〇' => '0',
        '一' | '壹' | '幺' | '①' => '1',
        '二' | '贰' | '②' => '2',
        '三' | '叁' | '③' => '3',
        '四' | '肆' | '④' => '4',
        '五' | '伍' | '⑤' => '5',
        '六' | '陆' | '⑥' => '6',
        '七' | '柒' | '⑦' => '7',
        '八' | '捌' | '⑧' => '8',
        '九' | '玖' | '⑨' => '9',
        '\u{660}'..='\u{669}' => char::from_digit(u32::from(c) - 0x660, 10).unwrap_or(c),
        other => other,
    }
}

impl Scan {
    pub(super) fn new(text: &str) -> Self {
        let mut scan = Self { c: Vec::new(), d: Vec::new(), at: Vec::new() };
        for (start, original) in text.char_indices() {
            if let Some(c) = fold(original) {
                scan.c.push(c);
                scan.d.push(digit(c));
                scan.at.push((start, start + original.len_utf8()));
            }
        }
        scan
    }

    fn get(&self, i: usize) -> char {
        self.c.get(i).copied().unwrap_or('\0')
    }

    pub(super) fn before(&self, i: usize) -> char {
        i.checked_sub(1).map_or('\0', |i| self.get(i))
    }

    pub(super) fn digit_at(&self, i: usize) -> bool {
        self.d.get(i).is_some_and(char::is_ascii_digit)
    }

    fn has(&self, i: usize, word: &str) -> bool {
        word.chars().enumerate().all(|(n, c)| self.get(i + n) == c)
    }

    /// The word with no letter or digit of the same script on either side.
    pub(super) fn has_word(&self, i: usize, word: &str) -> bool {
        let ascii = word.is_ascii();
        self.has(i, word)
            && (!ascii
                || (!self.before(i).is_ascii_alphanumeric() && !self.get(i + word.len()).is_ascii_alphanumeric()))
    }

    pub(super) fn text(&self, from: usize, to: usize) -> String {
        self.c.get(from..to).unwrap_or(&[]).iter().collect()
    }

    pub(super) fn run(&self, from: usize, is: impl Fn(char) -> bool) -> usize {
        (from..self.c.len()).find(|i| !is(self.get(*i))).unwrap_or(self.c.len())
    }

    fn spaces(&self, from: usize) -> usize {
        self.run(from, |c| c == ' ').min(from + 2)
    }

    pub(super) fn spans(&self) -> Vec<Span> {
        let mut spans = Vec::new();
        let finders: [(ContactKind, Finder); 5] = [
            (ContactKind::Email, Self::email),
            (ContactKind::Link, Self::link),
            (ContactKind::Messenger, Self::messenger),
            (ContactKind::Phone, Self::phone),
            (ContactKind::Phone, Self::spoken),
        ];
        for (kind, find) in finders {
            let mut i = 0;
            while i < self.c.len() {
                let found = find(self, i).filter(|(from, to)| to > from && *to > i);
                if let Some(span) = found.and_then(|(from, to)| self.span(from, to, kind)) {
                    spans.push(span);
                }
                i = found.map_or(i + 1, |(_, to)| to);
            }
        }
        spans
    }

    fn span(&self, from: usize, to: usize, kind: ContactKind) -> Option<Span> {
        let (start, _) = *self.at.get(from)?;
        let (_, end) = *self.at.get(to.checked_sub(1)?)?;
        Some(Span { start, end, kind })
    }

    /// The length of an "at" here, and whether it can be nothing else.
    fn at_sign(&self, i: usize) -> Option<(usize, bool)> {
        let i_after = self.spaces(i);
        if self.get(i_after) == '@' {
            return Some((self.spaces(i_after + 1), true));
        }
        let marked = ["(at)", "[at]", "{at}", "<at>", "(@)", "[@]", "艾特", "#at#"];
        if let Some(word) = marked.iter().find(|word| self.has(i_after, word)) {
            return Some((self.spaces(i_after + word.chars().count()), true));
        }
        (i_after > i && self.has_word(i_after, "at")).then(|| (self.spaces(i_after + 2), false))
    }

    /// The place after a dot here, and whether it is written as one.
    fn dot(&self, i: usize) -> Option<(usize, bool)> {
        if self.get(i) == '.' && self.get(i + 1).is_ascii_alphanumeric() {
            return Some((i + 1, true));
        }
        let after = self.spaces(i);
        let marked = ["(dot)", "[dot]", "{dot}", "(.)", "[.]", "点", "點", "。"];
        if let Some(word) = marked.iter().find(|word| self.has(after, word)) {
            return Some((self.spaces(after + word.chars().count()), false));
        }
        if after > i && (self.has_word(after, "dot") || self.has(after, ". ")) {
            return Some((self.spaces(self.run(after, |c| c.is_ascii_alphabetic() || c == '.')), false));
        }
        None
    }

    /// Labels of a host from `i`: each with its end, and whether all dots so far are written as dots.
    fn labels(&self, i: usize) -> Vec<(usize, usize, bool)> {
        let (mut labels, mut from, mut plain) = (Vec::new(), i, true);
        while labels.len() < 8 {
            let end = self.run(from, |c| c.is_ascii_alphanumeric() || c == '-');
            if end == from || end - from > 63 {
                break;
            }
            labels.push((from, end, plain));
            match self.dot(end) {
                Some((next, written)) => (from, plain) = (next, plain && written),
                None => break,
            }
        }
        labels
    }

    fn email(&self, i: usize) -> Option<(usize, usize)> {
        let local = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '%' | '+' | '-');
        if !self.get(i).is_ascii_alphanumeric() || local(self.before(i)) {
            return None;
        }
        let (host, sure) = self.at_sign(self.run(i, local))?;
        let labels = self.labels(host);
        let ends = (1..labels.len()).rev().find(|n| {
            let [first, tld] = [0, *n].map(|n| labels.get(n).copied().unwrap_or_default());
            let (first, name) = (self.text(first.0, first.1), self.text(tld.0, tld.1));
            let word = (2..=12).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_alphabetic());
            let known = TLDS.contains(&name.as_str());
            if sure { word && (tld.2 || known) } else { known && (!tld.2 || MAILERS.contains(&first.as_str())) }
        })?;
        Some((i, labels.get(ends)?.1))
    }

    fn link(&self, i: usize) -> Option<(usize, usize)> {
        let path = |c: char| c.is_ascii_graphic() && !matches!(c, '<' | '>' | '"' | ')' | ']');
        if ["http://", "https://", "hxxp://", "hxxps://", "www."].iter().any(|start| self.has(i, start)) {
            let end = self.run(i, path);
            return (end > i + 5).then_some((i, end));
        }
        let before = self.before(i);
        if !self.get(i).is_ascii_alphanumeric()
            || before.is_ascii_alphanumeric()
            || matches!(before, '-' | '.' | '@' | '_')
        {
            return None;
        }
        let labels = self.labels(i);
        let ends = (1..labels.len()).rev().find(|n| {
            let label = |n: usize| labels.get(n).map(|l| self.text(l.0, l.1)).unwrap_or_default();
            let (name, tld) = (label(*n - 1), label(*n));
            let plain = labels.get(*n).is_some_and(|l| l.2);
            let host = name.len() >= 3 || name.bytes().any(|b| b.is_ascii_alphabetic());
            let country = *n >= 2 && tld.len() == 2 && SECOND_LEVEL.contains(&name.as_str());
            let known = if plain { TLDS } else { SPELLED };
            SHORT_HOSTS.contains(&(name.as_str(), tld.as_str()))
                || (host && tld.bytes().all(|b| b.is_ascii_alphabetic()) && (known.contains(&tld.as_str()) || country))
        })?;
        let end = labels.get(ends)?.1;
        let end = if self.get(end) == '/' { self.run(end, path) } else { end };
        Some((i, end))
    }

    fn messenger(&self, i: usize) -> Option<(usize, usize)> {
        let word = |(word, _): &&(&str, bool)| {
            // A number may follow directly: "qq123456".
            let boundary = !word.is_ascii()
                || (!self.before(i).is_ascii_alphanumeric() && !self.get(i + word.len()).is_ascii_alphabetic());
            self.has(i, word) && boundary
        };
        let (word, short) = MESSENGERS.iter().find(word)?;
        let begin = i + word.chars().count();
        let (from, marked) = self.fillers(begin);
        let handle = self.get(from) == '@';
        let from = from + usize::from(handle);
        let named = |i: usize| {
            self.digit_at(i) || self.get(i).is_ascii_alphanumeric() || matches!(self.get(i), '_' | '-' | '.')
        };
        let mut end = (from..self.c.len()).find(|i| !named(*i)).unwrap_or(self.c.len());
        while end > from && matches!(self.before(end), '.' | '-') {
            end -= 1;
        }
        let name = self.text(from, end);
        let length = end - from;
        if !(5..=40).contains(&length) || NO_NAMES.contains(&name.as_str()) || FILLERS.contains(&name.as_str()) {
            return None;
        }
        let digits = (from..end).all(|i| self.digit_at(i));
        let letters = (from..end).all(|i| self.get(i).is_ascii_alphabetic());
        let direct = !word.is_ascii() && from == begin;
        let hit = match (digits, letters) {
            (true, _) => length <= 15 && (!short || marked || from == begin),
            (_, true) => marked || handle || direct,
            (_, _) => self.get(from).is_ascii_alphanumeric() && (!short || marked || handle),
        };
        hit.then_some((from, end))
    }

    /// The place after what stands between a messenger and the name there, and whether a mark such as `:` was among it.
    fn fillers(&self, begin: usize) -> (usize, bool) {
        let (mut i, mut marked) = (begin, false);
        while i < begin + 28 {
            let c = self.get(i);
            if matches!(c, ' ' | '#' | '-' | '>' | '(' | '（' | '、' | '/') {
                i += 1;
            } else if matches!(c, ':' | '=' | '：') {
                (i, marked) = (i + 1, true);
            } else if let Some(word) = FILLERS.iter().find(|word| self.has_word(i, word)) {
                i += word.chars().count();
                marked |= !word.is_ascii() && word.starts_with(['号', '账', '帐', '是', '为']);
            } else {
                break;
            }
        }
        (i, marked)
    }
}
