//! What a destination charges on imported goods: an *illustrative* table, dated, for comparing quotes.
//!
//! The rates are of the right order of magnitude for teaching and are no customs advice; every answer that rests on them
//! says so with [`ILLUSTRATIVE_ON`]. A country that is not in the table has no rates at all, rather than guessed ones
//! (ruling 26). Rates are basis points; the base of duty follows export-rebate 2.4: CIF nearly everywhere, FOB in a few.

/// The day the table was made.
pub const ILLUSTRATIVE_ON: &str = "2026-01-01";

/// Names what duty is charged on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ValuationBasis {
    /// Goods with freight and insurance to the border.
    Cif,
    /// Goods at the port of loading.
    Fob,
}

impl ValuationBasis {
    /// Lists both.
    pub const ALL: [Self; 2] = [Self::Cif, Self::Fob];

    /// Gives the word `cif` or `fob`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Cif => "cif",
            Self::Fob => "fob",
        }
    }
}

/// Holds one destination's rates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Destination {
    /// Country, ISO 3166 alpha-2.
    pub country: &'static str,
    /// What duty is charged on.
    pub basis: ValuationBasis,
    /// Import VAT or its like in basis points of customs value and duty; 0 where there is none at the border.
    pub vat_bps: i64,
    /// Duty by group of HS chapters: food (1–24), minerals and chemicals (25–40), leather, wood and paper (41–49),
    /// textiles and footwear (50–67), stone, glass and metal (68–83), machines and electronics (84–85), the rest (86–97).
    duty_bps: [i64; 7],
}

const fn row(country: &'static str, basis: ValuationBasis, vat_bps: i64, duty_bps: [i64; 7]) -> Destination {
    Destination { country, basis, vat_bps, duty_bps }
}

const TABLE: &[Destination] = &[
    row("AE", ValuationBasis::Cif, 500, [500; 7]),
    row("AU", ValuationBasis::Fob, 1_000, [0, 500, 500, 500, 500, 0, 500]),
    row("BR", ValuationBasis::Cif, 1_700, [1_200, 1_000, 1_200, 3_500, 1_400, 1_400, 2_000]),
    row("DE", ValuationBasis::Cif, 1_900, [1_000, 550, 300, 1_000, 350, 200, 350]),
    row("GB", ValuationBasis::Cif, 2_000, [1_000, 400, 200, 1_200, 200, 0, 200]),
    row("IN", ValuationBasis::Cif, 1_800, [3_000, 1_000, 1_000, 2_000, 1_000, 1_000, 2_000]),
    row("JP", ValuationBasis::Cif, 1_000, [1_200, 300, 300, 900, 150, 0, 200]),
    row("KE", ValuationBasis::Cif, 1_600, [2_500, 1_000, 2_500, 2_500, 2_500, 1_000, 2_500]),
    row("MX", ValuationBasis::Cif, 1_600, [1_500, 500, 1_000, 2_500, 700, 500, 1_000]),
    row("US", ValuationBasis::Fob, 0, [400, 400, 200, 1_200, 300, 150, 300]),
    row("ZA", ValuationBasis::Cif, 1_500, [1_000, 500, 1_000, 3_000, 1_000, 500, 1_000]),
];

impl Destination {
    /// Finds a country's rates; `None` beyond the table.
    #[must_use]
    pub fn of(country: &str) -> Option<&'static Self> {
        TABLE.iter().find(|row| row.country == country)
    }

    /// Lists the countries of the table.
    pub fn countries() -> impl Iterator<Item = &'static str> {
        TABLE.iter().map(|row| row.country)
    }

    /// Gives the duty on goods of an HS code in basis points; `None` without a code that begins with a chapter.
    #[must_use]
    pub fn duty_bps(&self, hs_code: &str) -> Option<i64> {
        let chapter: u8 = hs_code.get(..2)?.parse().ok()?;
        let group = match chapter {
            1..=24 => 0,
            25..=40 => 1,
            41..=49 => 2,
            50..=67 => 3,
            68..=83 => 4,
            84..=85 => 5,
            86..=97 => 6,
            // Chapters 98 and 99 are national, and 0 is none.
            _ => return None,
        };
        self.duty_bps.get::<usize>(group).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_country_of_the_table_is_found_once_and_has_sane_rates() {
        let countries: Vec<_> = Destination::countries().collect();
        assert!(countries.is_sorted() && countries.len() >= 10);
        for country in countries {
            let found = Destination::of(country).unwrap();
            assert_eq!(found.country, country);
            assert!((0..=3_000).contains(&found.vat_bps), "{country}");
            assert!(found.duty_bps.iter().all(|bps| (0..=5_000).contains(bps)), "{country}");
        }
    }

    #[test]
    fn duty_follows_the_chapter_and_what_has_none_has_no_duty() {
        let germany = Destination::of("DE").unwrap();
        for (hs, bps) in [("731815", 350), ("610910", 1_000), ("0102", 1_000), ("854142", 200), ("97", 350)] {
            assert_eq!(germany.duty_bps(hs), Some(bps), "{hs}");
        }
        for hs in ["", "7", "00", "9801", "ab1234", "七三一八"] {
            assert_eq!(germany.duty_bps(hs), None, "{hs}");
        }
        assert_eq!(Destination::of("XX"), None);
    }

    #[test]
    fn the_united_states_value_at_the_port_of_loading_and_charge_no_vat() {
        let states = Destination::of("US").unwrap();
        assert_eq!((states.basis.as_str(), states.vat_bps), ("fob", 0));
    }
}
