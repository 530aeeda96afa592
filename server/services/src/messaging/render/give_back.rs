//! The event was postponed or moved, and tickets may be given back for a while.

use domain::when::Timestamp;
use locales::{Locale, dates, mails};

use super::{OrderFacts, order_facts_block, reason};
use crate::{
    messaging::letter::{Block, Letter},
    zone,
};

/// Leads to the page where buyers keep their tickets or give them back.
pub(super) fn offer(l: Locale, facts: &OrderFacts, moved: bool, until: Timestamp) -> Letter {
    let title = &facts.event_title;
    let (subject, text) = if moved {
        (
            mails::rescheduled_subject(l, title),
            mails::give_back_moved(l, title),
        )
    } else {
        (
            mails::postponed_subject(l, title),
            mails::give_back_postponed(l, title),
        )
    };
    let last = zone::local(until, &facts.time_zone).map_or_else(
        |_| until.to_string(),
        |local| dates::long(l, local.at, Some(&local.label)),
    );
    let mut more = reason(l, &facts.event_reason);
    more.push((mails::fact_give_back_until(l).to_owned(), last.clone()));
    Letter::new(l, subject.clone())
        .with(Block::Heading(subject))
        .with(Block::Text(mails::greeting(l, &facts.buyer_name)))
        .with(Block::Text(text))
        .with(Block::Text(mails::give_back_choice(l, last)))
        .with(order_facts_block(l, facts, more))
        .with(Block::Button {
            label: mails::give_back_button(l).to_owned(),
            url: format!("{}/new-date", facts.link),
        })
        .with(Block::Small(mails::sent_by(l, &facts.organizer)))
}
