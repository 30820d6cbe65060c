//! How texts become tokens, for the index and for what is typed alike.
//!
//! Latin letters lose case, accents and the plural; full-width forms are narrowed; traditional Chinese becomes simplified. A run of
//! Chinese gives its single characters and its pairs: a dictionary of words would lose every word that is typed with one wrong
//! character. Refuses nothing; what is neither letter nor digit only parts tokens.

use std::collections::HashMap;
use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization;

/// Longest token in characters; the rest of a longer one is left out.
const TOKEN_MAX: usize = 48;

static SIMPLIFIED: LazyLock<HashMap<char, char>> = LazyLock::new(|| {
    let pairs = include_str!("data/traditional.txt").split_whitespace();
    pairs.filter_map(|pair| pair.chars().next().zip(pair.chars().nth(1))).collect()
});

/// A part of a text that is looked for as one.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Piece {
    /// A word or number, without its plural.
    Word(String),
    /// Two or more Chinese (or Japanese, Korean) characters in a row.
    Run(Vec<char>),
}

/// Says whether a character is written without spaces between words.
fn is_dense(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}'
        | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3134f}')
}

/// Letters that have no accent to lose and still have a plain form.
fn plain(c: char) -> char {
    match c {
        '×' => 'x',
        'ø' => 'o',
        'ł' => 'l',
        'đ' => 'd',
        'ı' => 'i',
        'ß' => 's',
        other => SIMPLIFIED.get(&other).copied().unwrap_or(other),
    }
}

/// Text in the form tokens are cut from.
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase(); // nothing of it has another form
    }
    let bare = text.nfkd().filter(|c| !matches!(c, '\u{300}'..='\u{36f}'));
    bare.nfkc().flat_map(char::to_lowercase).filter(|c| *c != '\u{307}').map(plain).collect()
}

/// The runs of a folded text: words, and rows of dense characters.
fn runs(folded: &str) -> Vec<&str> {
    let mut found = Vec::new();
    // Where the run that is being read began, and whether it is dense.
    let mut begun: Option<(usize, bool)> = None;
    for (at, c) in folded.char_indices() {
        let kind = c.is_alphanumeric().then(|| is_dense(c));
        if let Some((from, _)) = begun.filter(|(_, dense)| kind != Some(*dense)) {
            found.extend(folded.get(from..at));
            begun = None;
        }
        begun = begun.or_else(|| kind.map(|dense| (at, dense)));
    }
    found.extend(begun.and_then(|(from, _)| folded.get(from..)));
    found
}

/// The beginning of a run, as long as a token may be.
fn bounded(run: &str) -> &str {
    let end = run.char_indices().nth(TOKEN_MAX).map(|(at, _)| at);
    end.and_then(|end| run.get(..end)).unwrap_or(run)
}

fn starts_dense(run: &str) -> bool {
    run.chars().next().is_some_and(is_dense)
}

/// A word without its English plural (S-stemmer after Harman, "How effective is suffixing?", 1991, with the endings after a sibilant
/// taken off whole).
pub fn stem(word: &str) -> &str {
    if word.len() <= 3 || !word.bytes().all(|b| b.is_ascii_lowercase()) {
        return word;
    }
    let cut = |n: usize| word.get(..word.len().saturating_sub(n)).unwrap_or(word);
    let ends = |endings: &[&str]| endings.iter().any(|ending| word.ends_with(ending));
    if ends(&["xes", "ches", "shes", "sses"]) {
        cut(2)
    } else if ends(&["us", "ss", "is"]) || !word.ends_with('s') {
        word
    } else {
        cut(1)
    }
}

/// `batteries` and `battery` both end as `batterie`/`battery` under the rule above; this settles on `y`.
fn word(run: &str) -> String {
    let whole = bounded(run);
    match whole.strip_suffix("ies") {
        Some(rest)
            if rest.len() >= 2 && !rest.ends_with(['a', 'e']) && rest.bytes().all(|b| b.is_ascii_lowercase()) =>
        {
            format!("{rest}y")
        }
        _ => stem(whole).to_owned(),
    }
}

/// `m8x40` also counts as `m8` and `40`: measures are typed with and without spaces.
fn measures(run: &str) -> Vec<&str> {
    let digit = |at: Option<usize>| at.and_then(|at| run.as_bytes().get(at)).is_some_and(u8::is_ascii_digit);
    let is_split = |(at, _): &(usize, &str)| digit(at.checked_sub(1)) && digit(at.checked_add(1));
    let splits: Vec<usize> = run.match_indices('x').filter(is_split).map(|(at, _)| at).collect();
    if splits.is_empty() {
        return Vec::new();
    }
    let mut parts = Vec::new();
    let mut from = 0;
    for at in splits.into_iter().chain(std::iter::once(run.len())) {
        parts.extend(run.get(from..at).map(bounded));
        from = at.saturating_add(1);
    }
    parts
}

/// The pieces of what somebody typed, in order.
pub fn pieces(text: &str) -> Vec<Piece> {
    let piece = |run: &str| match run.chars().count() {
        1 => Piece::Word(run.to_owned()),
        _ if starts_dense(run) => Piece::Run(run.chars().collect()),
        _ => Piece::Word(word(run)),
    };
    runs(&fold(text)).into_iter().map(piece).collect()
}

/// All tokens of a text that is indexed.
pub fn tokens(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for run in runs(&fold(text)) {
        if starts_dense(run) {
            let run: Vec<char> = run.chars().collect();
            found.extend(run.iter().map(char::to_string));
            found.extend(pairs(&run));
        } else {
            found.push(word(run));
            found.extend(measures(run).into_iter().map(str::to_owned));
        }
    }
    found
}

/// The pairs of neighbours in a run.
pub fn pairs(run: &[char]) -> impl Iterator<Item = String> + '_ {
    run.windows(2).map(|pair| pair.iter().collect())
}

/// The words of a title as they are written, for completing what is typed.
pub fn words(text: &str) -> Vec<String> {
    let latin = |run: &&str| run.chars().nth(1).is_some() && !starts_dense(run);
    runs(&fold(text)).into_iter().filter(latin).map(|run| bounded(run).to_owned()).collect()
}

/// The unfinished word at the end of what is typed, folded; none after a space or a Chinese character.
pub fn unfinished(text: &str) -> Option<String> {
    let folded = fold(text);
    let last = folded.chars().next_back()?;
    if !last.is_alphanumeric() || is_dense(last) {
        return None;
    }
    runs(&folded).pop().map(|run| bounded(run).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_lose_case_accents_plural_and_width() {
        for (text, wanted) in [
            ("Hex Bolts", "hex bolt"),
            ("BOXES brushes dresses glasses", "box brush dress glass"),
            ("batteries battery", "battery battery"),
            ("bus chassis glass gas", "bus chassis glass gas"),
            ("Sông Gió Çelik İğne", "song gio celik igne"),
            ("M8×40 m8 x 40", "m8x40 m8 40 m8 x 40"),
            ("220 g/m²", "220 g m2"),
            ("ＬＥＤ　ｌａｍｐ", "led lamp"),
            ("", ""),
            ("—!?", ""),
        ] {
            assert_eq!(tokens(text).join(" "), wanted, "{text}");
        }
    }

    #[test]
    fn chinese_gives_characters_and_pairs_in_simplified_form() {
        assert_eq!(tokens("不鏽鋼螺栓").join(" "), "不 锈 钢 螺 栓 不锈 锈钢 钢螺 螺栓");
        assert_eq!(tokens("M8螺栓").join(" "), "m8 螺 栓 螺栓");
        assert_eq!(tokens("螺").join(" "), "螺");
    }

    #[test]
    fn what_is_typed_falls_into_words_and_runs() {
        let run = |text: &str| Piece::Run(text.chars().collect());
        let word = |text: &str| Piece::Word(text.to_owned());
        assert_eq!(pieces("LED灯 bulbs"), [word("led"), word("灯"), word("bulb")]);
        assert_eq!(pieces("全棉T恤"), [run("全棉"), word("t"), word("恤")]);
        assert_eq!(pieces("  "), []);
    }

    #[test]
    fn only_an_unfinished_latin_word_is_completed() {
        assert_eq!(unfinished("hex bol").as_deref(), Some("bol"));
        assert_eq!(unfinished("hex "), None);
        assert_eq!(unfinished("螺栓"), None);
        assert_eq!(unfinished(""), None);
        assert_eq!(words("Piqué polo shirts, 220 g/m²"), ["pique", "polo", "shirts", "220", "m2"]);
    }

    #[test]
    fn a_token_is_bounded() {
        assert_eq!(tokens(&"a".repeat(5_000)).concat().len(), TOKEN_MAX);
        assert_eq!(stem("s"), "s");
    }
}
