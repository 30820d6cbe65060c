//! Looks for telephone numbers in a folded text: runs of digits in the forms that people write them in, and digits in words.
//!
//! Prices, quantities, dates and customs numbers are made of the same digits: a run counts only with a plus, a word for
//! telephones before it, or the grouping of a mobile, landline or American number.

use super::contact_scan::Scan;

const PHONES: &[&str] = &[
    "tel",
    "phone",
    "telephone",
    "mobile",
    "mob",
    "cell",
    "cellphone",
    "call",
    "fax",
    "dial",
    "hotline",
    "whatsapp",
    "wechat",
    "viber",
    "telegram",
    "signal",
    "sms",
    "ph",
    "电话",
    "電話",
    "手机",
    "手機",
    "座机",
    "热线",
    "联系方式",
    "传真",
    "微信",
    "致电",
    "打给我",
    "拨打",
];
const DIGIT_WORDS: &[&str] =
    &["zero", "oh", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "double", "triple"];

/// Digits of the shortest and the longest number, with 00 and the country.
const PHONE_MIN: usize = 7;
const PHONE_MAX: usize = 17;

/// One run of digits within a possible telephone number.
struct Group {
    start: usize,
    end: usize,
    /// The characters between this one and the next are spaces only.
    spaced: bool,
}

impl Scan {
    pub(super) fn phone(&self, i: usize) -> Option<(usize, usize)> {
        if !self.digit_at(i) || (i > 0 && self.digit_at(i - 1)) {
            return None;
        }
        let groups = self.groups(i);
        let plus = self.text(i.saturating_sub(2), i).trim_end_matches([' ', '(']).ends_with('+');
        let announced = self.announced(i);
        let fits = |n: &usize| {
            let first = groups.get(..*n).unwrap_or(&[]);
            let digits: usize = first.iter().map(|group| group.end - group.start).sum();
            (PHONE_MIN..=PHONE_MAX).contains(&digits) && self.is_phone(first, plus, announced)
        };
        let last = (1..=groups.len()).rev().find(fits)?;
        let end = groups.get(last - 1)?.end;
        let from = if plus { self.c.get(..i)?.iter().rposition(|c| *c == '+')? } else { i };
        Some((if self.before(from) == '(' { from - 1 } else { from }, end))
    }

    /// Up to 15 runs of digits with at most two marks between each.
    fn groups(&self, i: usize) -> Vec<Group> {
        let (mut groups, mut from): (Vec<Group>, usize) = (Vec::new(), i);
        while groups.len() < 15 {
            let end = (from..self.c.len()).find(|i| !self.digit_at(*i)).unwrap_or(self.c.len());
            let next = self.run(end, |c| matches!(c, ' ' | '-' | '.' | '(' | ')' | '*' | '_' | '·'));
            let spaced = self.text(end, next).trim().is_empty();
            groups.push(Group { start: from, end, spaced });
            if next == end || next > end + 2 || !self.digit_at(next) {
                break;
            }
            from = next;
        }
        groups
    }

    /// Whether a word for telephones stands before, with nothing but small words and marks between.
    fn announced(&self, i: usize) -> bool {
        let mut before = self.text(i.saturating_sub(28), i);
        let marks = [' ', ':', '：', '.', '#', '-', '(', '+', '=', '（', '是', '为', '号', '码', '/'];
        loop {
            let trimmed = before.trim_end_matches(marks);
            let words = [" no", " number", " is", " me", " us", " at", " on", " id"];
            let shorter = words.iter().find_map(|word| trimmed.strip_suffix(word)).unwrap_or(trimmed).to_owned();
            if shorter == before {
                break;
            }
            before = shorter;
        }
        PHONES.iter().any(|word| {
            let rest = before.strip_suffix(word);
            rest.is_some_and(|rest| !word.is_ascii() || !rest.ends_with(|c: char| c.is_ascii_alphanumeric()))
        })
    }

    fn is_phone(&self, groups: &[Group], plus: bool, announced: bool) -> bool {
        let digits: String = groups.iter().flat_map(|g| self.d.get(g.start..g.end).unwrap_or(&[])).collect();
        let lengths: Vec<usize> = groups.iter().map(|g| g.end - g.start).collect();
        let whole = lengths.len() == 1;
        let inner = groups.split_last().map_or(&[][..], |(_, inner)| inner);
        let spaced = !whole && inner.iter().all(|g| g.spaced);
        // Numbers that end in 0 and stand apart are quantities sooner than a telephone.
        let round = spaced && groups.iter().any(|g| g.end - g.start > 1 && self.d.get(g.end - 1) == Some(&'0'));
        let written = groups.iter().any(|g| self.text(g.start, g.end).chars().any(|c| !c.is_ascii_digit()));
        if plus && (8..=15).contains(&digits.len()) && !(whole && digits.ends_with("0000")) {
            return true;
        }
        // "Phone 1500000 pcs" is a quantity of telephones.
        if announced && (7..=15).contains(&digits.len()) && !digits.ends_with("000") {
            return true;
        }
        let abroad = digits.strip_prefix("00").filter(|rest| !rest.starts_with('0'));
        if abroad.is_some_and(|rest| (9..=15).contains(&rest.len()) && (rest.starts_with("86") || !whole)) && !round {
            return true;
        }
        let home = digits.strip_prefix("86").filter(|rest| rest.len() == 11).unwrap_or(&digits);
        let lone = lengths.iter().all(|length| *length == 1);
        let mobile_form = whole
            || lone
            || written
            || matches!(lengths.as_slice(), [3, 4, 4] | [3, 3, 5] | [4, 3, 4] | [3, 8])
            || matches!(lengths.as_slice(), [2, 3, 4, 4] | [2, 11]);
        if mobile(home) && mobile_form && !round && !(whole && digits.ends_with("0000")) {
            return true;
        }
        let area = digits.starts_with('0') && !digits.starts_with("00");
        let landline = matches!(lengths.as_slice(), [3 | 4, 7 | 8] | [3 | 4, 4, 4] | [4, 3, 4]);
        let american = matches!(lengths.as_slice(), [3, 3, 4] | [1, 3, 3, 4]) && !digits.starts_with('0');
        ((area && landline) || american) && !round
    }

    /// Seven or more digits in words.
    pub(super) fn spoken(&self, i: usize) -> Option<(usize, usize)> {
        if self.before(i).is_ascii_alphanumeric() {
            return None;
        }
        let (mut at, mut end, mut count) = (i, i, 0);
        while let Some(word) = DIGIT_WORDS.iter().find(|word| self.has_word(at, word)) {
            end = at + word.len();
            count += 1;
            at = self.run(end, |c| matches!(c, ' ' | '-' | ',' | '.'));
        }
        (count >= 7).then_some((i, end))
    }
}

/// A mobile number of mainland China.
fn mobile(digits: &str) -> bool {
    digits.len() == 11 && digits.starts_with('1') && digits.as_bytes().get(1).is_some_and(|b| (b'3'..=b'9').contains(b))
}
