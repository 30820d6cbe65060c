//! The eleven delivery terms of Incoterms 2020.

use serde::{Deserialize, Serialize};

macro_rules! terms {
    ($($(#[$doc:meta])* $name:ident = $code:literal sea_only $sea:literal),* $(,)?) => {
        /// Names a delivery term of Incoterms 2020.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum IncotermCode {
            $($(#[$doc])* #[serde(rename = $code)] $name,)*
        }

        impl IncotermCode {
            /// Lists the eleven terms.
            pub const ALL: [Self; 11] = [$(Self::$name),*];

            /// Gives the three-letter code.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            /// Says whether the term is for sea and inland waterway only.
            #[must_use]
            pub const fn is_sea_only(self) -> bool {
                match self { $(Self::$name => $sea,)* }
            }
        }
    };
}

terms! {
    /// Ex works.
    Exw = "EXW" sea_only false,
    /// Free carrier.
    Fca = "FCA" sea_only false,
    /// Carriage paid to.
    Cpt = "CPT" sea_only false,
    /// Carriage and insurance paid to.
    Cip = "CIP" sea_only false,
    /// Delivered at place.
    Dap = "DAP" sea_only false,
    /// Delivered at place unloaded.
    Dpu = "DPU" sea_only false,
    /// Delivered duty paid.
    Ddp = "DDP" sea_only false,
    /// Free alongside ship.
    Fas = "FAS" sea_only true,
    /// Free on board.
    Fob = "FOB" sea_only true,
    /// Cost and freight.
    Cfr = "CFR" sea_only true,
    /// Cost, insurance and freight.
    Cif = "CIF" sea_only true,
}

impl IncotermCode {
    /// Finds a term by its code.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|term| term.as_str() == code)
    }
}

/// Is a delivery term with its named place.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Incoterm {
    /// Term.
    pub code: IncotermCode,
    /// Named place, such as `Ningbo`.
    pub place: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_terms_are_for_the_sea_only() {
        let sea: Vec<_> =
            IncotermCode::ALL.into_iter().filter(|term| term.is_sea_only()).map(IncotermCode::as_str).collect();

        assert_eq!(sea, ["FAS", "FOB", "CFR", "CIF"]);
    }

    #[test]
    fn codes_read_back_and_old_terms_are_refused() {
        for term in IncotermCode::ALL {
            assert_eq!(IncotermCode::parse(term.as_str()), Some(term));
            assert_eq!(serde_json::to_string(&term).unwrap(), format!("\"{}\"", term.as_str()));
        }
        assert_eq!(IncotermCode::parse("DAT"), None);
    }
}
