//! The letters people get: in the language they chose last, in English and Chinese while they chose none; plain text, nothing
//! to load, one link at most.

use super::read::User;
use crate::platform::mail::{self, Letter};
use crate::platform::pdf::Language;

/// A letter in both languages.
struct Words {
    kind: &'static str,
    subject: (&'static str, &'static str),
    english: String,
    chinese: String,
}

impl Words {
    fn to(self, email: &str, user: Option<u128>, language: Language) -> Letter {
        let english = format!("{}\n\nEntrepot is a simulated market: only the money is not real.\n", self.english);
        let chinese = format!("{}\n\nEntrepot 是模拟市场：唯有资金并非真实。\n", self.chinese);
        Letter {
            kind: self.kind,
            recipient: email.to_owned(),
            user,
            market: None,
            subject: mail::subject(language, self.subject.0, self.subject.1),
            text: mail::text(language, &english, &chinese).into(),
        }
    }
}

/// Carries the link that verifies an address.
pub fn verify_email(user: &User, link: &str) -> Letter {
    let name = &user.name;
    Words {
        kind: "verify_email",
        subject: ("Verify your e-mail address", "验证邮箱地址"),
        english: format!("Hello {name},\n\nopen this link within three days to verify your e-mail address:\n\n{link}\n\nIf you did not sign up, ignore this mail."),
        chinese: format!("{name}，您好：\n\n请在三天内打开以下链接，验证您的邮箱地址：\n\n{link}\n\n若非您本人注册，请忽略本邮件。"),
    }
    .to(&user.email, Some(user.id), user.language)
}

/// Carries the link that sets a new password.
pub fn reset_password(user: &User, link: &str) -> Letter {
    let name = &user.name;
    Words {
        kind: "reset_password",
        subject: ("Set a new password", "设置新密码"),
        english: format!("Hello {name},\n\nopen this link within thirty minutes to set a new password:\n\n{link}\n\nIf you did not ask for it, ignore this mail; your password stays as it is."),
        chinese: format!("{name}，您好：\n\n请在三十分钟内打开以下链接，设置新密码：\n\n{link}\n\n若非您本人操作，请忽略本邮件，密码不会改变。"),
    }
    .to(&user.email, Some(user.id), user.language)
}

/// What happened to an account, for its owner to notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// A new password was set.
    Password,
    /// A second factor was turned on, or replaced.
    FactorOn,
    /// The second factor was turned off.
    FactorOff,
    /// A recovery code was used.
    RecoveryUsed,
    /// New recovery codes were drawn.
    RecoveryRenewed,
}

impl Change {
    const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Password => {
                ("a new password was set, and all sessions were signed out", "已设置新密码，所有会话均已退出")
            }
            Self::FactorOn => ("a second factor was turned on", "已启用两步验证"),
            Self::FactorOff => ("the second factor was turned off", "已关闭两步验证"),
            Self::RecoveryUsed => ("a recovery code was used", "已使用一个恢复码"),
            Self::RecoveryRenewed => ("new recovery codes were drawn", "已生成新的恢复码"),
        }
    }
}

/// Tells the owner of an account what happened to it.
pub fn changed(user: &User, change: Change) -> Letter {
    let (english, chinese) = change.words();
    let name = &user.name;
    Words {
        kind: "account_changed",
        subject: ("Your account was changed", "账户变更通知"),
        english: format!("Hello {name},\n\nat your account {english}.\n\nIf that was not you, set a new password at once and sign out everywhere."),
        chinese: format!("{name}，您好：\n\n您的账户{chinese}。\n\n若非您本人操作，请立即设置新密码并退出所有会话。"),
    }
    .to(&user.email, Some(user.id), user.language)
}

/// Carries the link of an invitation.
pub fn invitation(email: &str, market: u128, inviter: &str, place: &str, link: &str) -> Letter {
    let letter = Words {
        kind: "invitation",
        subject: ("You are invited", "邀请函"),
        // A name may end with a full stop of its own: "Co., Ltd."
        english: format!("Hello,\n\n{inviter} invites you to work for {}. Open this link within seven days:\n\n{link}\n\nIf you do not know them, ignore this mail.", place.trim_end_matches('.')),
        chinese: format!("您好：\n\n{inviter} 邀请您加入 {place}。请在七天内打开以下链接：\n\n{link}\n\n若您不认识对方，请忽略本邮件。"),
    }
    // Whoever is invited has no account yet, or one that this letter must not tell about.
    .to(email, None, Language::Both);
    Letter { market: Some(market), ..letter }
}
