//! Words of mails about tickets that change hands. Nothing in them opens the order: that stays with whoever paid.

use domain::when::Timestamp;
use locales::{Locale, dates, mails};
use uuid::Uuid;

use super::{OrderFacts, RenderError, reason, when, with_calendar};
use crate::{
    messaging::{
        HeldNews,
        facts::{Facts, TicketFacts},
        letter::{Block, Letter},
    },
    passing::name_for_strangers,
    qr, zone,
};

/// The ticket, and of its order what everybody may know.
pub(super) struct About<'a> {
    order: &'a OrderFacts,
    ticket: &'a TicketFacts,
}

impl<'a> About<'a> {
    pub fn find(facts: &'a Facts, order: Uuid, ticket: Uuid) -> Result<Self, RenderError> {
        Ok(Self {
            order: facts.order(order).ok_or(RenderError::Gone)?,
            ticket: facts.ticket(ticket).ok_or(RenderError::Gone)?,
        })
    }

    /// `people`: whose mail it is, and who gives.
    pub fn offered(
        &self,
        l: Locale,
        (name, by): (&str, &str),
        until: Timestamp,
        link: String,
    ) -> Letter {
        let event = &self.order.event_title;
        // Here and not where the mail is queued: whatever waits in the queue is looked at too.
        let shown = name_for_strangers(l, by);
        let ignore = if shown == by {
            mails::offered_ignore(l, by)
        } else {
            mails::offered_ignore_unknown(l).to_owned()
        };
        let by = shown;
        let subject = mails::offered_subject(l, by, event);
        let until = zone::local(until, &self.order.time_zone).map_or_else(
            |_| until.to_string(),
            |local| dates::long(l, local.at, Some(&local.label)),
        );
        let more = vec![
            (
                mails::fact_ticket(l).to_owned(),
                self.ticket.ticket_type.clone(),
            ),
            (mails::fact_accept_until(l).to_owned(), until),
        ];
        Letter::new(l, subject.clone())
            .with(Block::Heading(subject))
            .with(Block::Text(mails::greeting(l, name)))
            .with(Block::Text(mails::offered_text(l, by, event)))
            .with(self.facts(l, more))
            .with(Block::Button {
                label: mails::offered_button(l).to_owned(),
                url: link,
            })
            .with(Block::Small(ignore))
    }

    pub fn received(
        &self,
        l: Locale,
        facts: &Facts,
        by_organizer: bool,
        link: String,
    ) -> Result<Letter, RenderError> {
        let event = &self.order.event_title;
        let text = if by_organizer {
            mails::received_from_organizer(l, &self.order.organizer)
        } else {
            mails::received_text(l).to_owned()
        };
        let letter = Letter::new(l, mails::received_subject(l, event))
            .with(Block::Heading(mails::order_heading(l, event)))
            .with(Block::Text(mails::greeting(l, &self.ticket.holder)))
            .with(Block::Text(text))
            .with(self.facts(l, Vec::new()))
            .with(Block::Ticket {
                title: self.ticket.ticket_type.clone(),
                holder: self.ticket.holder.clone(),
                png: qr::png(&self.ticket.code)?,
            })
            .with(Block::Button {
                label: mails::received_button(l).to_owned(),
                url: link,
            })
            .with(Block::Small(mails::received_keep(l).to_owned()))
            .with(Block::Small(mails::calendar_file(l).to_owned()));
        Ok(with_calendar(letter, self.order, facts))
    }

    pub fn answered(&self, l: Locale, name: &str, to: &str, accepted: bool) -> Letter {
        let (event, ticket) = (&self.order.event_title, &self.ticket.ticket_type);
        let (subject, text) = if accepted {
            (
                mails::passed_on_subject(l, event, to),
                mails::passed_on_text(l, ticket, to),
            )
        } else {
            (
                mails::declined_subject(l, event, to),
                mails::declined_text(l, ticket, to),
            )
        };
        Letter::new(l, subject.clone())
            .with(Block::Heading(subject))
            .with(Block::Text(mails::greeting(l, name)))
            .with(Block::Text(text))
            .with(Block::Small(mails::sent_by(l, &self.order.organizer)))
    }

    /// To whoever had it.
    pub fn reassigned(&self, l: Locale, name: &str, to: &str) -> Letter {
        let subject = mails::reassigned_subject(l, &self.order.event_title, to);
        let text = mails::reassigned_text(l, &self.order.organizer, &self.ticket.ticket_type, to);
        Letter::new(l, subject.clone())
            .with(Block::Heading(subject))
            .with(Block::Text(mails::greeting(l, name)))
            .with(Block::Text(text))
            .with(Block::Small(mails::sent_by(l, &self.order.organizer)))
    }

    pub fn taken_back(&self, l: Locale, name: &str) -> Letter {
        let (event, ticket) = (&self.order.event_title, &self.ticket.ticket_type);
        let subject = mails::taken_back_subject(l, event);
        Letter::new(l, subject.clone())
            .with(Block::Heading(subject))
            .with(Block::Text(mails::greeting(l, name)))
            .with(Block::Text(mails::taken_back_text(l, ticket)))
            .with(Block::Small(mails::sent_by(l, &self.order.organizer)))
    }

    pub fn news(&self, l: Locale, facts: &Facts, news: HeldNews, link: String) -> Letter {
        let event = &self.order.event_title;
        let (subject, text) = match news {
            HeldNews::Ended => (
                mails::held_ended_subject(l, event),
                mails::held_ended_text(l, event),
            ),
            HeldNews::EventPostponed => (
                mails::postponed_subject(l, event),
                mails::held_postponed_text(l, event),
            ),
            HeldNews::EventRescheduled => (
                mails::rescheduled_subject(l, event),
                mails::held_rescheduled_text(l, event),
            ),
        };
        let mut more = vec![(
            mails::fact_ticket(l).to_owned(),
            self.ticket.ticket_type.clone(),
        )];
        more.extend(reason(l, &self.order.event_reason));
        let letter = Letter::new(l, subject.clone())
            .with(Block::Heading(subject))
            .with(Block::Text(mails::greeting(l, &self.ticket.holder)))
            .with(Block::Text(text))
            .with(self.facts(l, more))
            .with(Block::Button {
                label: mails::received_button(l).to_owned(),
                url: link,
            })
            .with(Block::Small(mails::sent_by(l, &self.order.organizer)));
        match news {
            HeldNews::EventRescheduled => with_calendar(letter, self.order, facts),
            HeldNews::Ended | HeldNews::EventPostponed => letter,
        }
    }

    fn facts(&self, l: Locale, more: Vec<(String, String)>) -> Block {
        let place = if self.order.venue.is_empty() {
            mails::fact_online(l).to_owned()
        } else {
            self.order.venue.clone()
        };
        let mut list = vec![
            (mails::fact_when(l).to_owned(), when(l, self.order)),
            (mails::fact_where(l).to_owned(), place),
            (
                mails::fact_organizer(l).to_owned(),
                self.order.organizer.clone(),
            ),
        ];
        list.extend(more);
        Block::Facts(list)
    }
}
