//! Inquiries of the demo market: some are answered soon, some late, some never; a few go on for some days.

use super::people::Trader;
use super::play::Stage;
use crate::inquiry::Take;
use crate::platform::engine::Request;
use crate::platform::problem::Failure;
use entrepot_domain::inquiry::{Ask, CloseReason, InquiryCommand, Words};
use entrepot_domain::kernel::ProductId;

/// Days between two days with new inquiries.
const PAUSE: u64 = 4;
/// Inquiries of such a day.
const AT_ONCE: u64 = 2;
/// Days after which a thread is left alone.
const TALK_DAYS: u64 = 6;

const QUESTIONS: [&str; 5] = [
    "Could you quote for our usual quantity, delivered to our port? Please name the lead time as well.",
    "We are looking for a second source. Which certificates come with the goods, and may we have a sample?",
    "请报价，并说明最小起订量和交货期。 Please quote, with minimum quantity and lead time.",
    "Is the price in your listing still valid for the next quarter?",
    "Can the packing carry our own label, and what would that add per carton?",
];
const ANSWERS: [&str; 4] = [
    "Thank you for asking. The listed price holds for 30 days; we ship within the lead time in the listing.",
    "您好，感谢询盘。样品免费，运费到付。 A sample is free, you pay the courier.",
    "Yes, with test report and certificate of origin. For twice the quantity we can go to the next break.",
    "Own label is no problem from one pallet up; artwork please as PDF.",
];
const THANKS: [&str; 2] = [
    "Understood, thank you. We will come back to you this week.",
    "谢谢，我们会尽快下单。 Thank you, we will order soon.",
];

/// A running demo thread.
pub(super) struct Talking {
    id: u128,
    n: u64,
    buyer: u128,
    seller: u128,
    born: u64,
}

fn pick<'a>(texts: &[&'a str], draw: u64) -> &'a str {
    let last = u64::try_from(texts.len()).unwrap_or(1).max(1);
    usize::try_from(draw % last).ok().and_then(|n| texts.get(n)).copied().unwrap_or_default()
}

impl Stage<'_> {
    /// What is asked and answered on this day.
    pub(super) async fn talk(&self, day: u64, running: &mut Vec<Talking>) -> Result<(), Failure> {
        for thread in running.iter() {
            self.go_on(thread, day - thread.born).await?;
        }
        running.retain(|thread| day - thread.born < TALK_DAYS);
        if day.is_multiple_of(PAUSE) {
            for k in 0..AT_ONCE {
                running.extend(self.inquire(day * AT_ONCE + k, day).await?);
            }
        }
        Ok(())
    }

    async fn inquire(&self, n: u64, day: u64) -> Result<Option<Talking>, Failure> {
        let among = |all: &[Trader], purpose: &str| {
            let bound = u64::try_from(all.len()).unwrap_or(1);
            usize::try_from(self.draw.below(purpose, n, bound)).unwrap_or(0)
        };
        // The first sellers are asked most, so that their response clocks have something to tell.
        let few = self.sellers.get(..self.sellers.len().min(4)).unwrap_or(&[]);
        let sellers = if self.draw.below("asked few", n, 3) > 0 { few } else { self.sellers.as_slice() };
        let buyer = self.buyers.get(among(&self.buyers, "asks"));
        let (Some(buyer), Some(seller)) = (buyer, sellers.get(among(sellers, "asked"))) else {
            return Ok(None);
        };
        let own: Vec<_> = self.goods.iter().filter(|good| good.supplier_registration == seller.registration).collect();
        let which = self.draw.below("asked good", n, u64::try_from(own.len()).unwrap_or(1));
        let good = usize::try_from(which).ok().and_then(|which| own.get(which));
        let product = good.and_then(|good| self.products.get(&(seller.id, good.sku().to_owned())));
        let ask = Ask {
            product: product.and_then(|id| id.parse::<ProductId>().ok()),
            subject: good.map_or_else(|| "Your goods".to_owned(), |good| good.title().to_owned()),
            quantity: None,
            destination: Some(buyer.country.clone()),
            target_price: None,
            listed_price: None,
        };
        let text = pick(&QUESTIONS, self.draw.below("question", n, 1_000)).to_owned();
        let command = InquiryCommand::Open { ask, words: Words { text, files: Vec::new() } };
        let id = self.state.engine.ids().next();
        let talking = Talking { id, n, buyer: buyer.id, seller: seller.id, born: day };
        Ok(self.say(&talking, talking.buyer, command).await?.then_some(talking))
    }

    /// Says one thing; a refusal by the rules is part of life and answers false.
    async fn say(&self, thread: &Talking, company: u128, command: InquiryCommand) -> Result<bool, Failure> {
        let parties = Some([thread.buyer, thread.seller]);
        let message = self.state.engine.ids().next();
        let take = Take { inquiry: thread.id, parties, message, sells: true, insider: false, command };
        match self.state.engine.execute(Request::new(self.owner(company), take)).await {
            Ok(_) => Ok(true),
            Err(Failure::Refused(refusal)) => {
                tracing::debug!(inquiry = thread.n, code = %refusal.code, "demo inquiry refused: {}", refusal.detail);
                Ok(false)
            }
            Err(fault) => Err(fault),
        }
    }

    async fn go_on(&self, thread: &Talking, age: u64) -> Result<(), Failure> {
        let write = |text: &str| InquiryCommand::Write { words: Words { text: text.to_owned(), files: Vec::new() } };
        // Each seller has a pace of its own: most answer the next day, one in five never.
        let pace = match self.draw.below("answers", thread.n, 10) {
            0..2 => TALK_DAYS,
            2..7 => 1,
            slow => slow - 4,
        };
        if age == pace {
            let text = pick(&ANSWERS, self.draw.below("answer", thread.n, 1_000));
            self.say(thread, thread.seller, write(text)).await?;
        }
        if age == pace + 1 && age < TALK_DAYS {
            let text = pick(&THANKS, self.draw.below("thanks", thread.n, 1_000));
            self.say(thread, thread.buyer, write(text)).await?;
        }
        if age + 1 == TALK_DAYS && self.draw.below("ends", thread.n, 4) == 0 {
            let reason = if pace == TALK_DAYS { CloseReason::NoAnswer } else { CloseReason::Ordered };
            self.say(thread, thread.buyer, InquiryCommand::Close { reason }).await?;
        }
        Ok(())
    }
}
