//! Checks of what people type into the identity forms.

use crate::platform::problem::{FieldProblem, Refusal};

/// Longest e-mail address (RFC 5321).
const EMAIL_MAX: usize = 254;
/// Longest name of a person or company, in characters.
pub const NAME_MAX: usize = 200;
/// Longest registration number, in characters.
pub const REGISTRATION_MAX: usize = 64;
/// Longest text about a company, in characters.
pub const ABOUT_MAX: usize = 4_000;

/// Complaints gathered over a whole form, so that the user sees all of them at once.
#[derive(Default)]
pub struct Complaints(Vec<FieldProblem>);

impl Complaints {
    /// Adds a complaint.
    pub fn add(&mut self, pointer: &str, code: &str, detail: impl Into<String>) {
        self.0.push(FieldProblem { pointer: pointer.to_owned(), code: code.to_owned(), detail: detail.into() });
    }

    /// Complains unless the text has between `min` and `max` characters and no control characters but line breaks.
    pub fn text(&mut self, pointer: &str, text: &str, min: usize, max: usize) {
        let length = text.trim().chars().count();
        if length < min || length > max || text.chars().any(|c| c.is_control() && c != '\n') {
            self.add(pointer, "identity.field_length", format!("This field takes {min} to {max} characters."));
        }
    }

    /// Complains unless the text is a country code.
    pub fn country(&mut self, pointer: &str, text: &str) {
        if text.len() != 2 || !text.bytes().all(|b| b.is_ascii_uppercase()) {
            self.add(pointer, "identity.country_malformed", "A country is two capital letters.");
        }
    }

    /// Ends the check: 422 with all complaints, if there are any.
    pub fn judge(self) -> Result<(), Refusal> {
        if self.0.is_empty() {
            return Ok(());
        }
        let mut refusal = Refusal::invalid("Some fields need another value.");
        refusal.errors = self.0;
        Err(refusal)
    }
}

/// The form under which an e-mail address is stored and compared; `None` when it is none.
pub fn email(text: &str) -> Option<String> {
    let text = text.trim().to_lowercase();
    let (local, domain) = text.split_once('@')?;
    let odd = |c: char| c.is_control() || c.is_whitespace() || matches!(c, '@' | '<' | '>' | ',' | ';' | '"');
    let well_formed = !local.is_empty()
        && domain.contains('.')
        && !domain.starts_with('.')
        && !domain.ends_with('.')
        && text.len() <= EMAIL_MAX
        && !local.chars().any(odd)
        && !domain.chars().any(odd);
    well_formed.then_some(text)
}
