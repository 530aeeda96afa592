//! A second person has to agree to money going back.

use domain::{money::Money, orders::ApprovalState};
use locales::{Locale, mails, money};

use super::reason;
use crate::messaging::letter::{Block, Letter};

pub(super) fn asked(
    l: Locale,
    name: &str,
    (organization, by): (&str, &str),
    amount: Money,
    link: String,
) -> Letter {
    let amount = money::format(l, amount);
    letter(
        l,
        name,
        mails::refund_asked_subject(l, organization),
        mails::refund_asked_text(l, amount, by),
        link,
    )
}

pub(super) struct Answer<'a> {
    pub organization: &'a str,
    pub by: &'a str,
    pub amount: Money,
    pub outcome: ApprovalState,
    pub reason: &'a str,
}

pub(super) fn answered(l: Locale, name: &str, answer: &Answer<'_>, link: String) -> Letter {
    let amount = money::format(l, answer.amount);
    let text = match answer.outcome {
        ApprovalState::Approved => mails::refund_approved_text(l, amount, answer.by),
        ApprovalState::Overtaken => mails::refund_overtaken_text(l, amount),
        ApprovalState::Declined | ApprovalState::Expired | ApprovalState::Waiting => {
            mails::refund_declined_text(l, amount, answer.by)
        }
    };
    let subject = mails::refund_answered_subject(l, answer.organization);
    let letter = letter(l, name, subject, text, link);
    let why = reason(l, answer.reason);
    if why.is_empty() {
        letter
    } else {
        letter.with(Block::Facts(why))
    }
}

fn letter(l: Locale, name: &str, subject: String, text: String, url: String) -> Letter {
    Letter::new(l, subject.clone())
        .with(Block::Heading(subject))
        .with(Block::Text(mails::greeting(l, name)))
        .with(Block::Text(text))
        .with(Block::Button {
            label: mails::refund_asked_button(l).to_owned(),
            url,
        })
}
