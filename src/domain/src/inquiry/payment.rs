//! Phrases that go before money lost outside of escrow: a changed account, a private account, transfer services, coins.
//!
//! A hint, never a proof: it flags a message and refuses nothing (risk flags, features 43; off-platform diversion,
//! reliability-security 7). A sentence that warns of such payments is flagged as well, which does no harm.

use serde::{Deserialize, Serialize};

use super::contact::folded;

/// Names what a phrase hints at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaymentHint {
    /// The bank account is said to have changed.
    AccountChanged,
    /// A person's account instead of the company's.
    PersonalAccount,
    /// A cash transfer service that nobody can call money back from.
    TransferService,
    /// Crypto currency.
    Crypto,
    /// Payment around the platform.
    OffPlatform,
}

impl PaymentHint {
    /// Lists every hint.
    pub const ALL: [Self; 5] =
        [Self::AccountChanged, Self::PersonalAccount, Self::TransferService, Self::Crypto, Self::OffPlatform];
}

/// Phrases as the folded text spells them: lower case, one space between words, apostrophes out.
const PHRASES: &[(PaymentHint, &[&str])] = &[
    (
        PaymentHint::AccountChanged,
        &[
            "account changed",
            "account has changed",
            "account have changed",
            "account was changed",
            "account has been changed",
            "accounts have changed",
            "account is changed",
            "change of bank",
            "change our bank",
            "changed our bank",
            "changed bank",
            "changed the bank",
            "changed our account",
            "new bank account",
            "new bank details",
            "new bank information",
            "new account number",
            "updated bank",
            "bank details have changed",
            "bank details changed",
            "different bank account",
            "another bank account",
            "改账户",
            "改帐户",
            "改账号",
            "更换账户",
            "更换账号",
            "更换银行",
            "换账户",
            "换账号",
            "账户变更",
            "账号变更",
            "账户有变",
            "账号有变",
            "账户已变",
            "账户已更",
            "变更收款",
            "新账户",
            "新帐户",
            "新账号",
            "新的账户",
            "新的账号",
            "新的收款",
        ],
    ),
    (
        PaymentHint::PersonalAccount,
        &[
            "personal account",
            "personal bank",
            "private account",
            "private bank account",
            "my own account",
            "account of my wife",
            "account of my boss",
            "boss account",
            "bosss account",
            "私人账户",
            "私人帐户",
            "私人账号",
            "个人账户",
            "个人帐户",
            "个人账号",
            "私账",
            "私户",
            "打到我个人",
            "转到我个人",
            "对私转账",
        ],
    ),
    (
        PaymentHint::TransferService,
        &[
            "western union",
            "westernunion",
            "moneygram",
            "money gram",
            "cash app",
            "cashapp",
            "venmo",
            "zelle",
            "friends and family",
            "gift card",
            "西联",
            "西聯",
            "速汇金",
            "礼品卡",
        ],
    ),
    (
        PaymentHint::Crypto,
        &[
            "bitcoin",
            "btc",
            "usdt",
            "usdc",
            "tether",
            "ethereum",
            "crypto",
            "cryptocurrency",
            "stablecoin",
            "比特币",
            "泰达币",
            "以太坊",
            "虚拟货币",
            "加密货币",
            "虚拟币",
        ],
    ),
    (
        PaymentHint::OffPlatform,
        &[
            "outside the platform",
            "outside of the platform",
            "outside this platform",
            "outside the website",
            "outside entrepot",
            "off platform",
            "off the platform",
            "avoid the fee",
            "avoid the fees",
            "avoid platform fee",
            "avoid platform fees",
            "avoid the platform fee",
            "save the platform fee",
            "save the fee",
            "save the fees",
            "pay me directly",
            "pay us directly",
            "pay directly to our",
            "pay direct to our",
            "without escrow",
            "instead of escrow",
            "线下付款",
            "线下交易",
            "线下支付",
            "线下打款",
            "私下交易",
            "私下付款",
            "绕过平台",
            "绕开平台",
            "不走平台",
            "平台外",
            "避开手续费",
            "省手续费",
            "省平台费",
            "直接打款",
            "直接转账给我",
            "直接汇款给我",
        ],
    ),
];

/// Gives the hints of a text, each once, in the order of [`PaymentHint::ALL`].
#[must_use]
pub fn payment_hints(text: &str) -> Vec<PaymentHint> {
    let words = spaced(text);
    let dense: String = words.split(' ').collect();
    let says = |phrase: &&str| {
        if phrase.is_ascii() { words.contains(&format!(" {phrase} ")) } else { dense.contains(*phrase) }
    };
    PHRASES.iter().filter(|(_, phrases)| phrases.iter().any(says)).map(|(hint, _)| *hint).collect()
}

/// The folded text with one space between words and around all; apostrophes join, every other mark parts.
fn spaced(text: &str) -> String {
    let mut out = String::from(" ");
    for c in folded(text) {
        match c {
            '\'' | '’' => {}
            c if c.is_alphanumeric() => {
                // Chinese stands without spaces: a Latin word beside it is a word all the same.
                let seam = out.chars().last().is_some_and(|last| last != ' ' && last.is_ascii() != c.is_ascii());
                if seam {
                    out.push(' ');
                }
                out.push(c);
            }
            _ if out.ends_with(' ') => {}
            _ => out.push(' '),
        }
    }
    if !out.ends_with(' ') {
        out.push(' ');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use PaymentHint::{AccountChanged, Crypto, OffPlatform, PersonalAccount, TransferService};

    #[test]
    fn phrases_that_go_before_lost_money_are_found() {
        for (text, hint) in [
            ("Please note our bank account has changed.", AccountChanged),
            ("BANK ACCOUNT   CHANGED!!", AccountChanged),
            ("We have a new bank account in Hong Kong", AccountChanged),
            ("抱歉，我们改账户了", AccountChanged),
            ("收款请用新 账 户", AccountChanged),
            ("pay to my personal account, it is faster", PersonalAccount),
            ("Transfer to boss's account", PersonalAccount),
            ("请打到私人账户", PersonalAccount),
            ("货款打私账可以便宜", PersonalAccount),
            ("Western Union only", TransferService),
            ("by Western-Union", TransferService),
            ("可以西联付款", TransferService),
            ("we accept USDT", Crypto),
            ("ＵＳＤＴ也可以", Crypto),
            ("可用USDT付款", Crypto),
            ("比特币", Crypto),
            ("Pay me directly and we avoid the fee", OffPlatform),
            ("let us trade outside the platform", OffPlatform),
            ("线下付款便宜5%", OffPlatform),
            ("我们不走平台", OffPlatform),
        ] {
            assert!(payment_hints(text).contains(&hint), "{text}: {:?}", payment_hints(text));
        }
    }

    #[test]
    fn ordinary_trade_talk_is_left_alone() {
        for text in [
            "",
            "30 % deposit by T/T, 70 % against copy of B/L, through the platform's escrow.",
            "Please change the colour; our account manager will help you.",
            "The new account of Maersk quotes 14 days.",
            "We need personal protective equipment and private label.",
            "A western style union nut, bitcoins' shape not needed",
            "请改颜色，新的报价单已发",
            "The subtitle says usdtx-40",
            "个人防护用品的账单",
        ] {
            assert_eq!(payment_hints(text), [], "{text}");
        }
    }

    #[test]
    fn each_hint_is_told_once_and_in_order() {
        let text = "USDT to my personal account; Western Union or USDT. Our bank account has changed. 线下付款";
        assert_eq!(payment_hints(text), PaymentHint::ALL);
    }
}
