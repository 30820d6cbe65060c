//! How the demo companies keep their wallets: buyers pay in when money gets short, sellers withdraw what they earned.

use super::people::Trader;
use super::play::Stage;
use crate::platform::engine::Request;
use crate::platform::problem::Failure;
use crate::wallet::{PayIn, Withdraw, balances};
use entrepot_domain::kernel::{Currency, Money};

/// Days between two looks at a buyer's wallet.
const WEEK: u64 = 7;
/// Days between two withdrawals of a seller.
const MONTH: u64 = 30;
/// Currency, what a buyer wants to have at least, and what is missing to how much then; minor units.
const KEPT: &[(&str, i64, i64)] =
    &[("USD", 40_000_000, 60_000_000), ("EUR", 20_000_000, 30_000_000), ("CNY", 40_000_000, 60_000_000)];
/// Sellers leave smaller balances where they are, minor units.
const WITHDRAWN_MIN: i64 = 100_000;

impl Stage<'_> {
    /// What the companies' treasurers do on this day.
    pub(super) async fn keep_wallets(&self, day: u64) -> Result<(), Failure> {
        if day.is_multiple_of(WEEK) {
            for buyer in &self.buyers {
                self.top_up(buyer, if day == 0 { "Opening balance" } else { "Top-up" }).await?;
            }
        }
        if day > 0 && day.is_multiple_of(MONTH) {
            for seller in &self.sellers {
                self.cash_in(seller).await?;
            }
        }
        Ok(())
    }

    async fn top_up(&self, buyer: &Trader, reference: &str) -> Result<(), Failure> {
        let held = balances(self.state.engine.db(), self.market, buyer.id).await?;
        for (code, least, full) in KEPT {
            let Some(currency) = Currency::parse(code) else { continue };
            let has = held.get(&currency).map_or(0, |b| b.buyer);
            if has >= *least {
                continue;
            }
            let amount = Money { minor: full - has, currency };
            let payment = self.state.engine.ids().next();
            let command = PayIn { payment, company: buyer.id, amount, reference: reference.to_owned() };
            self.state.engine.execute(Request::new(self.owner(buyer.id), command)).await?;
        }
        Ok(())
    }

    async fn cash_in(&self, seller: &Trader) -> Result<(), Failure> {
        for (currency, held) in balances(self.state.engine.db(), self.market, seller.id).await? {
            if held.seller < WITHDRAWN_MIN {
                continue;
            }
            let amount = Money { minor: held.seller, currency };
            let payment = self.state.engine.ids().next();
            let command = Withdraw { payment, company: seller.id, amount };
            self.state.engine.execute(Request::new(self.owner(seller.id), command)).await?;
        }
        Ok(())
    }
}
