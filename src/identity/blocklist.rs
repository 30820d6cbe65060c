//! Passwords everybody tries first: a frequency list, words of this product, and the user's own words.

use std::sync::LazyLock;

/// In small letters, NFKC, sorted by bytes; see `words/README.md` for where it comes from.
static COMMON: LazyLock<Vec<&str>> = LazyLock::new(|| include_str!("words/common-passwords.txt").lines().collect());

/// What the list does not know: this product, German and Chinese favourites, and the famous example.
const MORE: &[&str] =
    &["abc", "abcdef", "admin", "correcthorsebatterystaple", "entrepot", "entrepôt", "passwort", "test", "woaini"];

/// Words of the user's own shorter than this are not looked for.
const CONTEXT_MIN: usize = 4;
/// Letters that make a phrase around one's own word a password.
const AROUND_MIN: usize = 8;
/// Different characters a password has at least.
const DIFFERENT_MIN: usize = 5;

fn listed(word: &str) -> bool {
    COMMON.binary_search(&word).is_ok() || MORE.contains(&word)
}

/// True when a password is among the first a guesser tries; `context` holds the user's own words (ASVS 6.2.4, 6.2.11).
pub fn guessable(password: &str, context: &[&str]) -> bool {
    let password = password.to_lowercase();
    let letters: String = password.chars().filter(|c| c.is_alphanumeric()).collect();
    let stem = letters.trim_end_matches(|c: char| c.is_ascii_digit());
    if stem.is_empty()
        || [password.as_str(), letters.as_str(), stem].iter().any(|word| listed(word))
        || repeats(&letters)
    {
        return true;
    }
    let mut different: Vec<char> = password.chars().collect();
    different.sort_unstable();
    different.dedup();
    if different.len() < DIFFERENT_MIN {
        return true;
    }
    // A word of one's own is no password, even with a number behind it; within a longer phrase it does no harm.
    context.iter().any(|words| {
        let word: String = words.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect();
        let around = letters.replacen(&word, "", 1).chars().filter(|c| c.is_alphabetic()).count();
        word.chars().count() >= CONTEXT_MIN && letters.contains(&word) && around < AROUND_MIN
    })
}

/// True for a listed word written several times in a row.
fn repeats(letters: &str) -> bool {
    (4..=letters.len() / 2).filter(|n| letters.len().is_multiple_of(*n) && letters.is_char_boundary(*n)).any(|n| {
        let (word, rest) = letters.split_at(n);
        listed(word) && rest.as_bytes().chunks(n).all(|part| part == word.as_bytes())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted_and_long() {
        assert!(COMMON.len() > 40_000);
        assert!(COMMON.windows(2).all(|pair| pair[0] < pair[1]));
    }

    #[test]
    fn favourites_are_found_in_every_dress() {
        for password in [
            "password",
            "Password123456789",
            "1qaz2wsx3edc4rfv",
            "QWERTYUIOP1234567",
            "passwordpassword",
            "dragondragondragon",
            "123456789012345",
            "aaaaaaaaaaaaaaaa",
            "abababababababab",
            "correct horse battery staple",
            "entrepot20262027",
        ] {
            assert!(guessable(password, &[]), "{password}");
        }
        for password in ["nine sleepy otters", "quiet-harbour-lamp-seventeen", "他们在海边看着九只水獭睡觉呢真好啊"]
        {
            assert!(!guessable(password, &[]), "{password}");
        }
    }

    #[test]
    fn ones_own_words_are_no_password() {
        let context = ["anna.schmidt@example.com", "Schmidt Bikes GmbH"];

        assert!(guessable("schmidt-bikes-gmbh-1", &context));
        assert!(guessable("Anna.Schmidt@Example.com", &context));
        assert!(guessable("schmidtbikesgmbh 12345678901", &context));
        assert!(!guessable("nine otters ride schmidt bikes", &context));
    }
}
