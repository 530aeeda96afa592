//! What is said of a dispute to those who answer for the money.

use domain::disputes::DisputeState;
use jiff::tz::Offset;
use locales::{Locale, dates, mails, money};

use crate::messaging::{
    MailKind,
    letter::{Block, Letter},
};

pub(super) fn opened(l: Locale, mail: &MailKind, url: String) -> Letter {
    let MailKind::DisputeOpened {
        name,
        organization,
        order,
        amount,
        answer_by,
        asks_only,
        ..
    } = mail
    else {
        return Letter::new(l, String::new());
    };
    let amount = money::format(l, *amount);
    let (subject, text) = if *asks_only {
        (
            mails::inquiry_subject(l, order),
            mails::inquiry_text(l, &amount, order, organization),
        )
    } else {
        (
            mails::dispute_subject(l, order),
            mails::dispute_text(l, &amount, order, organization),
        )
    };
    let mut letter = Letter::new(l, subject.clone())
        .with(Block::Heading(subject))
        .with(Block::Text(mails::greeting(l, name)))
        .with(Block::Text(text));
    if let Some(at) = answer_by {
        let until = dates::medium(l, Offset::UTC.to_datetime(*at), Some("UTC"));
        letter = letter.with(Block::Text(mails::dispute_until(l, until)));
    }
    letter.with(Block::Button {
        label: mails::dispute_button(l).to_owned(),
        url,
    })
}

pub(super) fn decided(l: Locale, mail: &MailKind, url: String) -> Letter {
    let MailKind::DisputeDecided {
        name,
        organization,
        order,
        amount,
        state,
        to_buyer,
        ..
    } = mail
    else {
        return Letter::new(l, String::new());
    };
    let amount = money::format(l, *amount);
    let (subject, text) = match state {
        DisputeState::Won if *to_buyer => (
            mails::dispute_won_subject(l, order),
            mails::dispute_won_on_text(l, &amount, order, organization),
        ),
        DisputeState::Won => (
            mails::dispute_won_subject(l, order),
            mails::dispute_won_text(l, &amount, order, organization),
        ),
        DisputeState::Lost => (
            mails::dispute_lost_subject(l, order),
            mails::dispute_lost_text(l, &amount, order, organization),
        ),
        DisputeState::Inquiry
        | DisputeState::InquiryAnswered
        | DisputeState::InquiryClosed
        | DisputeState::NeedsAnswer
        | DisputeState::UnderReview => (
            mails::inquiry_closed_subject(l, order),
            mails::inquiry_closed_text(l, &amount, order, organization),
        ),
    };
    Letter::new(l, subject.clone())
        .with(Block::Heading(subject))
        .with(Block::Text(mails::greeting(l, name)))
        .with(Block::Text(text))
        .with(Block::Button {
            label: mails::dispute_see(l).to_owned(),
            url,
        })
}
