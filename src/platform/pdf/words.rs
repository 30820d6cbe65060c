//! The languages of documents. Each text is written in both; a document in both shows English first.

/// Names the language of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// English.
    English,
    /// Simplified Chinese.
    Chinese,
    /// Both, side by side or one below the other.
    Both,
}

impl Language {
    /// Lists the languages.
    pub const ALL: [Self; 3] = [Self::English, Self::Chinese, Self::Both];

    /// The word in addresses and of files.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Chinese => "zh",
            Self::Both => "both",
        }
    }

    /// Finds a language by its word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.as_str() == word)
    }

    /// The language tag of the file.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::English | Self::Both => "en",
            Self::Chinese => "zh-Hans",
        }
    }
}

/// Is a text in English and in Chinese.
#[derive(Debug, Clone, Copy)]
pub struct Words(&'static str, &'static str);

/// A text in English and in Chinese.
pub const fn two(english: &'static str, chinese: &'static str) -> Words {
    Words(english, chinese)
}

impl Words {
    /// The text on one line.
    pub fn line(self, language: Language) -> String {
        either(language, self.0, self.1, " ")
    }

    /// The text on a line per language, for narrow columns.
    pub fn stacked(self, language: Language) -> String {
        either(language, self.0, self.1, "\n")
    }
}

/// Sentences with numbers in them, one paragraph per language.
pub fn sentence(language: Language, english: &str, chinese: &str) -> String {
    either(language, english, chinese, "\n")
}

fn either(language: Language, english: &str, chinese: &str, between: &str) -> String {
    match language {
        Language::English => english.to_owned(),
        Language::Chinese => chinese.to_owned(),
        Language::Both => format!("{english}{between}{chinese}"),
    }
}

/// A decimal number with its thousands apart: `-1234567.50` becomes `-1,234,567.50`.
pub fn grouped(number: &str) -> String {
    let (sign, digits) = number.strip_prefix('-').map_or(("", number), |rest| ("-", rest));
    let (whole, fraction) = digits.split_once('.').map_or((digits, None), |(whole, part)| (whole, Some(part)));
    let mut text = sign.to_owned();
    for (n, digit) in whole.chars().enumerate() {
        if n > 0 && (whole.len() - n) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    if let Some(fraction) = fraction {
        text.push('.');
        text.push_str(fraction);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::grouped;

    #[test]
    fn thousands_stand_apart_and_fractions_stay() {
        let cases = [("0.0035", "0.0035"), ("999", "999"), ("1000", "1,000"), ("-1234567.50", "-1,234,567.50")];
        for (number, text) in cases {
            assert_eq!(grouped(number), text);
        }
    }
}
