//! One company keeps another from writing to it (`company.block`, `company.unblock`). The other learns of it by a refusal
//! that does not say why, and by nothing else.

use crate::platform::access::{Actor, Relation};
use crate::platform::engine::{Command, Context, Decision, Key, Outcome, View};
use crate::platform::problem::Refusal;
use entrepot_domain::kernel::CompanyId;
use serde::Serialize;
use serde_json::json;
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

/// Kind of the aggregate: one per ordered pair of companies.
pub const BLOCK: &str = "company_block";

/// Whether `blocker` keeps `blocked` from writing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Blocking {
    /// Who keeps the other out.
    pub blocker: CompanyId,
    /// Who is kept out.
    pub blocked: CompanyId,
    /// Whether it holds now.
    pub active: bool,
    /// Market time of the last change, microseconds.
    pub at: i64,
}

/// The aggregate key of a pair: its identifier is derived from the two, so that it is found without a search.
pub fn key(blocker: u128, blocked: u128) -> Key {
    let digest = Sha256::new().chain_update(blocker.to_be_bytes()).chain_update(blocked.to_be_bytes()).finalize();
    let mut bytes = [0u8; 16];
    bytes.iter_mut().zip(digest.iter()).for_each(|(to, from)| *to = *from);
    Key { kind: BLOCK, id: u128::from_be_bytes(bytes) }
}

/// Says whether `blocker` keeps `blocked` from writing.
pub fn blocks(view: &View<'_>, blocker: u128, blocked: u128) -> bool {
    view.get::<Blocking>(key(blocker, blocked)).is_some_and(|blocking| blocking.active)
}

/// Blocks or unblocks a company.
pub struct BlockCompany {
    /// Who keeps the other out.
    pub blocker: u128,
    /// Who is kept out; a company of the market.
    pub blocked: u128,
    /// True to block, false to unblock.
    pub active: bool,
}

/// How a company stands to the own one.
#[derive(Debug, Serialize, ToSchema)]
pub struct BlockReceipt {
    /// The other company.
    company: String,
    /// Whether it is kept from writing.
    blocked: bool,
}

impl Command for BlockCompany {
    fn step(&self) -> &'static str {
        if self.active { "company.block" } else { "company.unblock" }
    }

    fn subject(&self) -> Key {
        key(self.blocker, self.blocked)
    }

    fn relation(&self, _: &View<'_>, actor: &Actor) -> Relation {
        if actor.company == Some(self.blocker) { Relation::Party } else { Relation::Market }
    }

    fn decide(&self, cx: &Context<'_>, view: &View<'_>, out: &mut Outcome) -> Result<Decision, Refusal> {
        if self.blocker == self.blocked {
            return Err(Refusal::new(422, "inquiry.block_self", "A company does not block itself."));
        }
        let company = format!("{:032x}", self.blocked);
        out.reply(200, &BlockReceipt { company: company.clone(), blocked: self.active })?;
        if view.get::<Blocking>(self.subject()).is_some_and(|before| before.active) == self.active {
            return Ok(Decision::Already);
        }
        out.tell(&json!({ "company": company, "blocked": self.active }))?;
        // The other company's live stream hears nothing.
        out.parties = [Some(self.blocker), None];
        let (blocker, blocked) = (CompanyId(self.blocker), CompanyId(self.blocked));
        out.save(self.subject(), Blocking { blocker, blocked, active: self.active, at: cx.now.0 });
        Ok(Decision::Write)
    }
}
