//! Everything that reads what others wrote: nothing breaks it.

use std::panic::{AssertUnwindSafe, catch_unwind};

use domain::{
    money::{Currency, Money},
    text::{Email, Slug, block, line, search_key},
    tickets::TicketCode,
};
use services::catalog::to_html;
use testkit::{Attack, tries};

use crate::chance::Chance;

/// What grammars are made of.
const PIECES: [&str; 64] = [
    "",
    " ",
    "\n",
    "\t",
    "\0",
    "\r\n",
    "#",
    "##",
    "*",
    "**",
    "_",
    "~~",
    "`",
    "```",
    ">",
    "-",
    "1.",
    "|",
    "|-|",
    "[",
    "](",
    ")",
    "![",
    "<",
    "</",
    "<!--",
    "-->",
    "<![CDATA[",
    "&",
    "&amp;",
    "&#0;",
    "&#x110000;",
    "\\",
    "\"",
    "'",
    "=",
    "==",
    ":",
    "://",
    "@",
    ".",
    ",",
    "0",
    "1",
    "-1",
    "9223372036854775807",
    "1e400",
    "NaN",
    "BT1",
    "A",
    "é",
    "\u{0301}",
    "\u{200b}",
    "\u{202e}",
    "\u{feff}",
    "😀",
    "👩‍👩‍👧",
    "مرحبا",
    "ﷺ",
    "ß",
    "İ",
    "\u{fffd}",
    "javascript:",
    "{{}}",
];

pub fn text(chance: &Chance) -> String {
    let length = [3, 10, 40, 200][chance.below(4)];
    let mut text = String::new();
    for _ in 0..chance.below(length) {
        match chance.below(3) {
            0 => text.push_str(&String::from_utf8_lossy(&chance.bytes(6))),
            _ => text.push_str(chance.of(&PIECES)),
        }
    }
    // What repeats finds what is quadratic.
    if chance.below(200) == 0 {
        text.repeat(1 + chance.below(100))
    } else {
        text
    }
}

fn read_all(text: &str) {
    let _ = TicketCode::parse(text);
    let _ = Email::parse(text);
    let _ = Slug::parse(text);
    let _ = Slug::from_title(text);
    let _ = line(text, 1, 120);
    let _ = block(text, 20_000);
    let _ = search_key(text);
    let _ = Money::parse_major(text, Currency::EUR);
    let _ = text.parse::<Currency>();
    let _ = text.parse::<domain::ids::OrderCode>();
    let _ = text.parse::<domain::ids::EventId>();
    let _ = text.parse::<domain::when::Timestamp>();
    let _ = text.parse::<domain::permissions::Role>();
    let _ = serde_json::from_str::<domain::door::ScanBatch>(text);
    let _ = locales::Locale::negotiate(text);
}

#[test]
fn nothing_breaks_what_reads() {
    let chance = Chance::new(5);
    let mut attack = Attack::on("texts that break what reads them");
    let count = tries(5000, 1_000_000);
    for _ in 0..count {
        let text = text(&chance);
        let broke = catch_unwind(AssertUnwindSafe(|| read_all(&text))).is_err();
        attack.note(broke, || format!("{text:?}"));
    }
    attack.end(count);
}

#[test]
fn descriptions_never_become_more_than_text() {
    let chance = Chance::new(6);
    let mut attack = Attack::on("descriptions that become more than text");
    let count = tries(2000, 100_000);
    for _ in 0..count {
        let text = text(&chance);
        let html = catch_unwind(AssertUnwindSafe(|| to_html(&text)));
        let bad = html.as_ref().map_or(true, |html| {
            let lower = html.to_lowercase();
            [
                "<script",
                "<img",
                "<svg",
                "<iframe",
                "<style",
                "href=\"javascript",
                "href=\"data",
                "href=\"/",
                " on",
            ]
            .iter()
            .any(|bad| {
                lower
                    .split('<')
                    .skip(1)
                    .any(|tag| format!("<{}", tag.split('>').next().unwrap()).contains(bad))
            })
        });
        attack.note(bad, || format!("{text:?} gave {html:?}"));
    }
    attack.end(count);
}
