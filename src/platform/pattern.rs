//! What people type into a search box, as a pattern for `LIKE … ESCAPE '!'`: their signs stand for themselves.

/// A text that holds `word`.
pub fn holding(word: &str) -> String {
    format!("%{}%", word.replace('!', "!!").replace('%', "!%").replace('_', "!_"))
}

#[cfg(test)]
mod tests {
    use super::holding;

    #[test]
    fn wildcards_stand_for_themselves() {
        assert_eq!(holding("100% a_b!"), "%100!% a!_b!!%");
    }
}
