//! Orders that the organizer has to say yes to.

use locales::{Locale, dates, mails, money};

use super::{OrderFacts, order_facts_block, reason};
use crate::{
    messaging::{
        RequestNews,
        letter::{Block, Letter},
    },
    zone,
};

/// What became of it.
pub(super) fn to_buyer(l: Locale, order: &OrderFacts, news: RequestNews) -> Letter {
    let (title, organizer) = (&order.event_title, &order.organizer);
    let amount = money::format(l, order.due);
    let until = order.expires_at.and_then(|until| {
        let local = zone::local(until, &order.time_zone).ok()?;
        Some(dates::long(l, local.at, Some(&local.label)))
    });
    let (subject, mut text) = match news {
        RequestNews::Asked => (
            mails::request_asked_subject(l, title),
            mails::request_asked_text(l, organizer),
        ),
        RequestNews::ToPay => (
            mails::request_to_pay_subject(l, title),
            mails::request_to_pay_text(l, &amount, organizer),
        ),
        RequestNews::HoldGone => (
            mails::request_to_pay_subject(l, title),
            mails::request_hold_gone_text(l, &amount, organizer),
        ),
        RequestNews::Declined => (
            mails::request_declined_subject(l, title),
            mails::request_declined_text(l, organizer),
        ),
        RequestNews::Withdrawn => (
            mails::request_withdrawn_subject(l, title),
            mails::request_withdrawn_text(l).to_owned(),
        ),
        RequestNews::Lapsed => (
            mails::request_lapsed_subject(l, title),
            mails::request_lapsed_text(l, organizer),
        ),
        RequestNews::NotPaid => (
            mails::request_not_paid_subject(l, title),
            mails::request_not_paid_text(l, organizer),
        ),
    };
    let (waits, pays) = (
        news == RequestNews::Asked,
        matches!(news, RequestNews::ToPay | RequestNews::HoldGone),
    );
    if order.hold && !pays {
        text.push(' ');
        text.push_str(&if waits {
            mails::request_held(l, &amount)
        } else {
            mails::request_released(l).to_owned()
        });
    }
    let mut more = match news {
        RequestNews::Declined => reason(l, &order.cancel_reason),
        RequestNews::Asked
        | RequestNews::ToPay
        | RequestNews::HoldGone
        | RequestNews::Withdrawn
        | RequestNews::Lapsed
        | RequestNews::NotPaid => Vec::new(),
    };
    if let Some(until) = until.filter(|_| waits || pays) {
        let name = if waits {
            mails::fact_decided_until(l)
        } else {
            mails::fact_pay_until(l)
        };
        more.push((name.to_owned(), until));
    }
    let (label, url) = if pays {
        (mails::request_pay_button(l), format!("{}/pay", order.link))
    } else {
        (mails::order_button(l), order.link.clone())
    };
    Letter::new(l, subject.clone())
        .with(Block::Heading(subject))
        .with(Block::Text(mails::greeting(l, &order.buyer_name)))
        .with(Block::Text(text))
        .with(order_facts_block(l, order, more))
        .with(Block::Button {
            label: label.to_owned(),
            url,
        })
        .with(Block::Small(mails::sent_by(l, organizer)))
}

/// What somebody who decides is told of.
#[derive(Debug, Clone, Copy)]
pub(super) enum About {
    Waiting,
    Lapsed,
    Unpaid,
}

/// To somebody who decides.
pub(super) fn to_organizer(
    l: Locale,
    name: &str,
    event: &str,
    about: About,
    url: String,
) -> Letter {
    let (subject, text) = match about {
        About::Waiting => (
            mails::requests_wait_subject(l, event),
            mails::requests_wait_text(l, event),
        ),
        About::Lapsed => (
            mails::requests_lapsed_subject(l, event),
            mails::requests_lapsed_text(l, event),
        ),
        About::Unpaid => (
            mails::requests_unpaid_subject(l, event),
            mails::requests_unpaid_text(l, event),
        ),
    };
    Letter::new(l, subject.clone())
        .with(Block::Heading(subject))
        .with(Block::Text(mails::greeting(l, name)))
        .with(Block::Text(text))
        .with(Block::Button {
            label: mails::requests_button(l).to_owned(),
            url,
        })
}
