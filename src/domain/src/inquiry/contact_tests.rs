use super::*;
use crate::market::{Capabilities, Capability, Era, era_capabilities};
use ContactKind::{Email, Link, Messenger, Phone};
use proptest::prelude::*;

fn shown(text: &str) -> String {
    mask(text).into_iter().map(|part| part.text).collect()
}

fn kinds(text: &str) -> Vec<ContactKind> {
    find_contacts(text).into_iter().map(|span| span.kind).collect()
}

#[test]
fn contact_data_is_hidden_however_it_is_spelled() {
    let cases: &[(&str, &str, ContactKind)] = &[
        ("write to john.smith+x@acme-bolts.de please", "write to ••• please", Email),
        ("JOHN＠ＧＭＡＩＬ．ＣＯＭ", "•••", Email),
        ("john @ gmail.com", "•••", Email),
        ("john(at)gmail(dot)com", "•••", Email),
        ("john [at] acme [dot] io ok", "••• ok", Email),
        ("mail john at gmail dot com now", "mail ••• now", Email),
        ("mail john at gmail.com now", "mail ••• now", Email),
        ("jo\u{200b}hn@gm\u{200b}ail.com", "•••", Email),
        ("联系123456@qq.com谢谢", "联系•••谢谢", Email),
        ("john艾特gmail点com", "•••", Email),
        ("john@gmail。com", "•••", Email),
        ("a@b.co, c@d.museum", "•••, •••", Email),
        ("see https://evil.example/a?b=c.", "see •••", Link),
        ("www.acme-bolts.com", "•••", Link),
        ("our site acme-bolts.com has all", "our site ••• has all", Link),
        ("ACME.COM.CN/catalogue", "•••", Link),
        ("acme.com.my", "•••", Link),
        ("acme dot com", "•••", Link),
        ("acme点com", "•••", Link),
        ("1688.com shop", "••• shop", Link),
        ("wa.me/8613812345678", "•••", Link),
        ("t.me/boltseller", "•••", Link),
        ("WeChat: johnsmith", "WeChat: •••", Messenger),
        ("my wechat id is bolt_88", "my wechat id is •••", Messenger),
        ("weixin bolt1988", "weixin •••", Messenger),
        ("微信号：luosi2020", "微信号：•••", Messenger),
        ("加微信luosi", "加微信•••", Messenger),
        ("v信 luosi_2020", "v信 •••", Messenger),
        ("QQ 12345678", "QQ •••", Messenger),
        ("qq12345678", "qq•••", Messenger),
        ("扣扣一二三四五六七八", "扣扣•••", Messenger),
        ("QQ：１２３４５６７８", "QQ：•••", Messenger),
        ("vx: luosi88", "vx: •••", Messenger),
        ("telegram @boltseller", "telegram @•••", Messenger),
        ("Skype: live.bolts", "Skype: •••", Messenger),
        ("gmail: boltseller", "gmail: •••", Messenger),
        ("钉钉号 luosi_88", "钉钉号 •••", Messenger),
        ("+86-0574-87654321", "•••", Phone),
        ("WhatsApp 0086-138-1234-5678", "WhatsApp •••", Messenger),
        ("+86 138 1234 5678", "•••", Phone),
        ("+8613812345678", "•••", Phone),
        ("call (+49) 30 1234567 now", "call ••• now", Phone),
        ("13812345678", "•••", Phone),
        ("138-1234-5678", "•••", Phone),
        ("138 1234 5678", "•••", Phone),
        ("1 3 8 1 2 3 4 5 6 7 8", "•••", Phone),
        ("8613812345678", "•••", Phone),
        ("0086 13812345678", "•••", Phone),
        ("１３８１２３４５６７８", "•••", Phone),
        ("一三八一二三四五六七八", "•••", Phone),
        ("一三8 1234 五六七八", "•••", Phone),
        ("壹叁捌壹贰叁肆伍陆柒捌", "•••", Phone),
        ("幺三八幺二三四五六七八", "•••", Phone),
        ("0574-87654321", "•••", Phone),
        ("(0574) 8765-4321", "•••", Phone),
        ("010-12345678", "•••", Phone),
        ("(415) 555-2671", "•••", Phone),
        ("415.555.2671", "•••", Phone),
        ("Tel: 5552671", "Tel: •••", Phone),
        ("电话：8765 4321", "电话：•••", Phone),
        ("my phone number is 030 1234567", "my phone number is •••", Phone),
        ("WhatsApp +1 415 555 2671", "WhatsApp •••", Phone),
        ("٠٠٨٦ ١٣٨١٢٣٤٥٦٧٨", "•••", Phone),
        ("one three eight one two three four five", "•••", Phone),
    ];
    for (text, expected, kind) in cases {
        assert_eq!(shown(text), *expected, "{text}: {:?}", find_contacts(text));
        assert_eq!(kinds(text).first(), Some(kind), "{text}");
    }
}

#[test]
fn what_trade_talk_is_made_of_stays() {
    for text in [
        "",
        "HS code 7318.15.90.00, or 8471300000, or 7318159000",
        "We need 1000000 pcs, then 2 500 000, then 10,000,000",
        "USD 0.0035/pc, 13,800.00 in all; 1.5% off; EUR 1.234.567,89",
        "2026-11-26 or 26.11.2026 or 2026.11.26-2026.12.30, 14:30",
        "2026年11月26日交货，一百二十天，第三批",
        "M8 x 40, M8x40-8.8, DIN 933, DIN EN ISO 4014:2011",
        "ISO 9001, ISO 9001:2015, IATF 16949, CE 2006/42/EC, RAL 9005",
        "GB/T 5783-2016, EN 10204 3.1, AQL 2.5/4.0",
        "quantities 150 2000 3000 or 350 450 1250 or 1500 2000 1000",
        "1000 @ 0.35 USD, 5000@0.30usd, 20k @ FOB Ningbo",
        "EAN 6901234567892, CAS 7732-18-5, container MSKU1234567, PO-2026-000123",
        "Our Co.Ltd ships ex works.Price is net.My offer stands.In May we close.",
        "Acme Co., Ltd. e.g. i.e. p.a. No.5 Vol.12 drawing.pdf spec.v2.docx",
        "Please call off 100000 pcs monthly; phone cases 5000000 pcs; mobile phone 1500000 pcs",
        "gmail works, hotmail too; call 24/7",
        "We use WeChat Pay and reply on WhatsApp please, wechat group",
        "WX-2000 pump, TG 40 grease, QQ brand, VX-12 valve, WA state",
        "meet at port, deliver at site, look at it at 3.5 mm",
        "Steel 304/316L, 220-240 V, 50/60 Hz, IP 67, 1920x1080, -40 to 85",
        "one two three colours; two or three days; ninety-nine",
        "fifty + 5000 pcs, +/- 0.05 mm, +10%, +20 days",
        "三个颜色，五千件，二〇二六年",
        "40 HQ 1 x 20 GP 2 x 40 GP 68 cbm 26 000 kg",
        "polka dot fabric, dot matrix, at the dot of noon",
    ] {
        assert_eq!(shown(text), text, "{:?}", find_contacts(text));
    }
}

#[test]
fn what_surrounds_a_contact_stays_and_several_are_told_apart() {
    let text = "M8 x 40, HS 731815: mail a@b.com or call 138-1234-5678, 微信：luosi88.";
    assert_eq!(shown(text), "M8 x 40, HS 731815: mail ••• or call •••, 微信：•••.");
    assert_eq!(kinds(text), [Email, Phone, Messenger]);
}

#[test]
fn era_one_shows_contacts_and_the_next_hides_them() {
    assert!(!masks_contacts(era_capabilities(Era::Information)));
    assert!(!warns_of_payments(era_capabilities(Era::Information)));
    for era in [Era::Transaction, Era::Data] {
        assert!(masks_contacts(era_capabilities(era)) && warns_of_payments(era_capabilities(era)), "{era}");
    }
    let without = era_capabilities(Era::Information).with(Capability::ContactExchange, false);
    assert!(masks_contacts(without), "a teacher may switch the exchange off alone");
    assert!(masks_contacts(Capabilities::default()));
}

#[test]
fn a_text_of_the_longest_kind_is_looked_through_whatever_it_is_made_of() {
    for piece in ["1 ", "a", "a.", "@", "wechat ", "+1-", "一", "one ", "(at)", "138 1234 5678 "] {
        let text: String = piece.chars().cycle().take(TEXT_MAX).collect();
        let parts = mask(&text);
        assert!(!parts.is_empty(), "{piece}");
    }
}

proptest! {
    #[test]
    fn nothing_is_lost_or_invented_around_what_is_hidden(text in "\\PC{0,80}") {
        let spans = find_contacts(&text);
        let mut at = 0;
        for span in &spans {
            prop_assert!(span.start >= at && span.end > span.start && text.is_char_boundary(span.start) && text.is_char_boundary(span.end));
            at = span.end;
        }
        let plain: String = mask(&text).into_iter().filter(|part| part.hidden.is_none()).map(|part| part.text).collect();
        let mut kept = text.clone();
        for span in spans.iter().rev() {
            kept.replace_range(span.start..span.end, "");
        }
        prop_assert_eq!(plain, kept);
    }

    #[test]
    fn every_mobile_number_is_found_in_any_separation(number in "1[3-9][0-9]{8}[1-9]", separator in prop::sample::select(vec!["", "-", ".", " "]), words in "[a-z]{0,5}") {
        let (a, rest) = number.split_at(3);
        let (b, c) = rest.split_at(4);
        let written = [a, b, c].join(separator);
        // Groups that end in 0 and stand apart count as quantities.
        prop_assume!(separator != " " || ![a, b, c].iter().any(|group| group.ends_with('0')));
        let text = format!("{words} {written} {words}");
        prop_assert!(!shown(&text).contains(&written), "{}", text);
    }

    #[test]
    fn prices_with_a_currency_are_never_hidden(whole in 0..1_000_000_u32, cents in 0..100_u32) {
        for text in [format!("USD {whole}.{cents:02}"), format!("{whole}.{cents:02} CNY per pc"), format!("¥{whole}")] {
            prop_assert_eq!(shown(&text), text);
        }
    }
}
