//! Chooses the words of each mail.

mod approval;
mod bill;
mod dispute;
mod give_back;
mod notice;
mod passing;
mod request;
mod transfer;

use domain::money::Money;
use locales::{Locale, dates, documents, mails, money, promo, roles, store};
use uuid::Uuid;

use super::{
    Given, MailKind,
    facts::{Facts, OrderFacts},
    letter::{Block, Letter},
    queries::Claimed,
};
use crate::{Unexpected, ports::Attachment, qr, zone};

#[derive(Debug, thiserror::Error)]
pub(super) enum RenderError {
    /// The order (or whatever it tells of) no longer exists.
    #[error("what it tells of is gone")]
    Gone,
    /// Nobody knows what it is to say.
    #[error("unreadable: {0}")]
    Unreadable(String),
    #[error(transparent)]
    Unexpected(#[from] Unexpected),
}

pub(super) fn render(mail: &Claimed, facts: &Facts) -> Result<Letter, RenderError> {
    let l = mail.locale;
    let url = |link| facts.url(link);
    let kind = mail.kind.as_ref();
    match kind.map_err(|e| RenderError::Unreadable(e.clone()))? {
        MailKind::VerifyEmail { name, link } => Ok(simple(
            l,
            name,
            mails::verify_subject(l),
            mails::verify_text(l),
            (mails::verify_button(l), url(link)),
        )),
        MailKind::AlreadyRegistered { name, link } => Ok(simple(
            l,
            name,
            mails::known_subject(l),
            mails::known_text(l),
            (mails::known_button(l), url(link)),
        )),
        MailKind::ResetPassword { name, link } => Ok(simple(
            l,
            name,
            mails::reset_subject(l),
            mails::reset_text(l),
            (mails::reset_button(l), url(link)),
        )),
        MailKind::SignInLink { name, link } => Ok(simple(
            l,
            name,
            mails::sign_in_subject(l),
            mails::sign_in_text(l),
            (mails::sign_in_button(l), url(link)),
        )),
        MailKind::ChangeEmail { name, link } => Ok(simple(
            l,
            name,
            mails::change_email_subject(l),
            mails::change_email_text(l),
            (mails::change_email_button(l), url(link)),
        )),
        MailKind::EmailChanged { name, new, link } => Ok(email_changed(l, name, new, url(link))),
        MailKind::AccountErased { name } => Ok(account_erased(l, name)),
        MailKind::AccountNotice { name, notice, link } => {
            Ok(notice::account_notice(l, name, notice, url(link)))
        }
        MailKind::WaitingPlace { event, link } => Ok(waiting_place(l, event, url(link))),
        MailKind::TicketOffered {
            order,
            ticket,
            name,
            by,
            until,
            link,
        } => {
            let about = passing::About::find(facts, *order, *ticket)?;
            Ok(about.offered(l, (name, by), *until, url(link)))
        }
        MailKind::TicketReceived {
            order,
            ticket,
            by_organizer,
            link,
        } => {
            let about = passing::About::find(facts, *order, *ticket)?;
            about.received(l, facts, *by_organizer, url(link))
        }
        MailKind::OfferTakenBack {
            order,
            ticket,
            name,
        } => Ok(passing::About::find(facts, *order, *ticket)?.taken_back(l, name)),
        MailKind::HandoverAnswered {
            order,
            ticket,
            name,
            to,
            accepted,
            by_organizer,
        } => {
            let about = passing::About::find(facts, *order, *ticket)?;
            Ok(if *by_organizer {
                about.reassigned(l, name, to)
            } else {
                about.answered(l, name, to, *accepted)
            })
        }
        MailKind::HeldTicket {
            order,
            ticket,
            news,
            link,
        } => {
            let about = passing::About::find(facts, *order, *ticket)?;
            Ok(about.news(l, facts, *news, url(link)))
        }
        MailKind::Invitation {
            organization,
            inviter,
            role,
            link,
        } => Ok(invitation(l, organization, inviter, role, url(link))),
        MailKind::OwnershipOffer {
            organization,
            by,
            link,
        } => Ok(ownership_offer(l, organization, by, url(link))),
        MailKind::PlatformInvoice { link, .. } => Ok(bill::issued(
            l,
            kind.map_err(|e| RenderError::Unreadable(e.clone()))?,
            url(link),
        )),
        MailKind::DisputeDecided { link, .. } => Ok(dispute::decided(
            l,
            kind.map_err(|e| RenderError::Unreadable(e.clone()))?,
            url(link),
        )),
        MailKind::DisputeOpened { link, .. } => Ok(dispute::opened(
            l,
            kind.map_err(|e| RenderError::Unreadable(e.clone()))?,
            url(link),
        )),
        MailKind::RefundAsked {
            name,
            organization,
            by,
            amount,
            link,
        } => Ok(approval::asked(
            l,
            name,
            (organization, by),
            *amount,
            url(link),
        )),
        MailKind::RefundAnswered {
            name,
            organization,
            by,
            amount,
            outcome,
            reason: why,
            link,
        } => {
            let text = approval::Answer {
                organization,
                by,
                amount: *amount,
                outcome: *outcome,
                reason: why,
            };
            Ok(approval::answered(l, name, &text, url(link)))
        }
        MailKind::OrderConfirmed { order } => confirmed(l, *order, facts),
        MailKind::OrderCancelled { order } => {
            let order = facts.order(*order).ok_or(RenderError::Gone)?;
            let text = mails::cancelled_text(l, &order.event_title);
            Ok(about_order(
                l,
                mails::cancelled_subject(l, &order.code),
                text,
                order,
                reason(l, &order.cancel_reason),
            ))
        }
        MailKind::TicketsCancelled { order, tickets } => {
            let order = facts.order(*order).ok_or(RenderError::Gone)?;
            let text = mails::tickets_cancelled_text(l, &order.event_title);
            let names = tickets.iter().filter_map(|id| facts.ticket(*id));
            let more = names
                .map(|ticket| (ticket.ticket_type.clone(), ticket.holder.clone()))
                .collect();
            Ok(about_order(
                l,
                mails::tickets_cancelled_subject(l, &order.event_title),
                text,
                order,
                more,
            ))
        }
        MailKind::OrderRefunded { order, refund } => {
            let order = facts.order(*order).ok_or(RenderError::Gone)?;
            let amount = facts.refund(*refund).ok_or(RenderError::Gone)?;
            let amount = money::format(l, amount);
            let text = mails::refund_text(l, &amount);
            let more = vec![(mails::fact_refund(l).to_owned(), amount)];
            Ok(about_order(
                l,
                mails::refund_subject(l, &order.event_title),
                text,
                order,
                more,
            ))
        }
        MailKind::TransferDetails { order } => transfer::details(l, *order, facts),
        MailKind::TransferReminder { order } => transfer::reminder(l, *order, facts),
        MailKind::TransferMissed { order } => {
            let order = facts.order(*order).ok_or(RenderError::Gone)?;
            let subject = mails::transfer_missed_subject(l, &order.event_title);
            let text = mails::transfer_missed_text(l).to_owned();
            Ok(about_order(l, subject, text, order, Vec::new()))
        }
        MailKind::Request { order, news } => {
            let order = facts.order(*order).ok_or(RenderError::Gone)?;
            Ok(request::to_buyer(l, order, *news))
        }
        MailKind::RequestsOfEvent {
            name,
            event,
            lapsed,
            link,
        } => {
            let about = if *lapsed {
                request::About::Lapsed
            } else {
                request::About::Waiting
            };
            Ok(request::to_organizer(l, name, event, about, url(link)))
        }
        MailKind::UnpaidOfEvent { name, event, link } => {
            let about = request::About::Unpaid;
            Ok(request::to_organizer(l, name, event, about, url(link)))
        }
        MailKind::PaidTooLate { order } => {
            let order = facts.order(*order).ok_or(RenderError::Gone)?;
            let text = mails::late_text(l).to_owned();
            Ok(about_order(
                l,
                mails::late_subject(l, &order.event_title),
                text,
                order,
                Vec::new(),
            ))
        }
        MailKind::OverCardLimit { order } => {
            let order = facts.order(*order).ok_or(RenderError::Gone)?;
            Ok(about_order(
                l,
                mails::card_limit_subject(l, &order.event_title),
                mails::card_limit_text(l).to_owned(),
                order,
                Vec::new(),
            ))
        }
        MailKind::ExchangeOffered { order } => {
            let order = facts.order(*order).ok_or(RenderError::Gone)?;
            let due = money::format(l, order.due);
            let more = vec![(mails::fact_to_pay(l).to_owned(), due)];
            Ok(about_order(
                l,
                mails::exchange_offered_subject(l, &order.event_title),
                mails::exchange_offered_text(l).to_owned(),
                order,
                more,
            ))
        }
        MailKind::ExchangeFailed { order } => {
            let order = facts.order(*order).ok_or(RenderError::Gone)?;
            Ok(about_order(
                l,
                mails::exchange_failed_subject(l, &order.event_title),
                mails::exchange_failed_text(l).to_owned(),
                order,
                Vec::new(),
            ))
        }
        MailKind::EventPostponed { order } => {
            let order = facts.order(*order).ok_or(RenderError::Gone)?;
            let text = mails::postponed_text(l, &order.event_title);
            let more = reason(l, &order.event_reason);
            Ok(about_order(
                l,
                mails::postponed_subject(l, &order.event_title),
                text,
                order,
                more,
            ))
        }
        MailKind::EventRescheduled { order } => {
            let order = facts.order(*order).ok_or(RenderError::Gone)?;
            let text = mails::rescheduled_text(l, &order.event_title);
            let letter = about_order(
                l,
                mails::rescheduled_subject(l, &order.event_title),
                text,
                order,
                Vec::new(),
            );
            Ok(with_calendar(letter, order, facts))
        }
        MailKind::EventCancelled { order } => {
            let order = facts.order(*order).ok_or(RenderError::Gone)?;
            let text = mails::event_cancelled_text(l, &order.event_title);
            let more = reason(l, &order.event_reason);
            Ok(about_order(
                l,
                mails::event_cancelled_subject(l, &order.event_title),
                text,
                order,
                more,
            ))
        }
        MailKind::GiveBackOffer {
            order,
            moved,
            until,
        } => {
            let order = facts.order(*order).ok_or(RenderError::Gone)?;
            let letter = give_back::offer(l, order, *moved, *until);
            Ok(if *moved {
                with_calendar(letter, order, facts)
            } else {
                letter
            })
        }
        MailKind::MyTickets { orders, given } => Ok(mine(l, orders, given, facts)),
    }
}

fn simple(
    l: Locale,
    name: &str,
    subject: &str,
    text: &str,
    (label, url): (&str, String),
) -> Letter {
    Letter::new(l, subject.to_owned())
        .with(Block::Heading(subject.to_owned()))
        .with(Block::Text(mails::greeting(l, name)))
        .with(Block::Text(text.to_owned()))
        .with(Block::Button {
            label: label.to_owned(),
            url,
        })
        .with(Block::Small(mails::ignore(l).to_owned()))
}

fn invitation(l: Locale, organization: &str, inviter: &str, role: &str, link: String) -> Letter {
    let subject = mails::invite_subject(l, inviter, organization);
    Letter::new(l, subject.clone())
        .with(Block::Heading(subject))
        .with(Block::Text(mails::invite_text(
            l,
            inviter,
            organization,
            roles::name(l, role),
        )))
        .with(Block::Button {
            label: mails::invite_button(l).to_owned(),
            url: link,
        })
        .with(Block::Small(mails::ignore(l).to_owned()))
}

fn account_erased(l: Locale, name: &str) -> Letter {
    let subject = mails::account_erased_subject(l);
    Letter::new(l, subject.to_owned())
        .with(Block::Heading(subject.to_owned()))
        .with(Block::Text(mails::greeting(l, name)))
        .with(Block::Text(mails::account_erased_text(l).to_owned()))
}

/// To the old address. The way back stands in it as a button, because it is the one thing to do if this was not them.
fn email_changed(l: Locale, name: &str, new: &str, link: String) -> Letter {
    let subject = mails::email_changed_subject(l);
    Letter::new(l, subject.to_owned())
        .with(Block::Heading(subject.to_owned()))
        .with(Block::Text(mails::greeting(l, name)))
        .with(Block::Text(mails::email_changed_text(l, new)))
        .with(Block::Text(mails::email_changed_not_you(l).to_owned()))
        .with(Block::Button {
            label: mails::email_changed_button(l).to_owned(),
            url: link,
        })
}

fn ownership_offer(l: Locale, organization: &str, by: &str, link: String) -> Letter {
    let subject = mails::ownership_subject(l, by, organization);
    Letter::new(l, subject.clone())
        .with(Block::Heading(subject))
        .with(Block::Text(mails::ownership_text(l, by, organization)))
        .with(Block::Button {
            label: mails::ownership_button(l).to_owned(),
            url: link,
        })
        .with(Block::Small(mails::ignore(l).to_owned()))
}

fn waiting_place(l: Locale, event: &str, link: String) -> Letter {
    let subject = mails::waiting_subject(l, event);
    Letter::new(l, subject.clone())
        .with(Block::Heading(subject))
        .with(Block::Text(mails::waiting_text(l).to_owned()))
        .with(Block::Button {
            label: mails::waiting_button(l).to_owned(),
            url: link,
        })
        .with(Block::Small(mails::ignore(l).to_owned()))
}

fn confirmed(l: Locale, order: Uuid, facts: &Facts) -> Result<Letter, RenderError> {
    let tickets = facts.tickets(order);
    let order = facts.order(order).ok_or(RenderError::Gone)?;
    let online = order.venue.is_empty();
    let text = if online {
        mails::order_text_online(l, &order.buyer_name)
    } else {
        mails::order_text(l, &order.buyer_name)
    };
    let mut letter = Letter::new(l, mails::order_subject(l, &order.event_title))
        .with(Block::Heading(mails::order_heading(l, &order.event_title)))
        .with(Block::Text(text))
        .with(order_facts_block(l, order, Vec::new()));
    for ticket in tickets {
        letter = letter.with(Block::Ticket {
            title: ticket.ticket_type.clone(),
            holder: ticket.holder.clone(),
            png: qr::png(&ticket.code)?,
        });
    }
    let letter = letter
        .with(Block::Button {
            label: mails::order_button(l).to_owned(),
            url: order.link.clone(),
        })
        .with(Block::Small(mails::order_keep(l).to_owned()))
        .with(Block::Small(mails::calendar_file(l).to_owned()))
        .with(Block::Small(refund_terms(l, order)));
    Ok(with_calendar(letter, order, facts))
}

/// What the buyer agreed to, as it was shown before the order.
fn refund_terms(l: Locale, order: &OrderFacts) -> String {
    let terms = &order.refunds_until;
    let mut lines: Vec<String> = terms
        .steps()
        .iter()
        .filter(|step| step.percent > 0)
        .filter_map(|step| {
            let local = zone::local(step.until, &order.time_zone).ok()?;
            let date = dates::medium(l, local.at, Some(&local.label));
            Some(match step.percent {
                100 => store::refund_all(l, date),
                percent => store::refund_term(l, date, percent),
            })
        })
        .collect();
    if lines.is_empty() {
        return store::refund_none(l).to_owned();
    }
    if terms.keeps_fee() {
        lines.push(store::refund_keeps_fee(l).to_owned());
    }
    lines.push(store::refund_called_off(l).to_owned());
    lines.join(" ")
}

fn mine(l: Locale, orders: &[Uuid], given: &[Given], facts: &Facts) -> Letter {
    let mut letter = Letter::new(l, mails::mine_subject(l).to_owned())
        .with(Block::Heading(mails::mine_subject(l).to_owned()))
        .with(Block::Text(mails::mine_text(l).to_owned()));
    for order in orders.iter().filter_map(|order| facts.order(*order)) {
        letter = letter.with(Block::Button {
            label: mails::mine_button(l, &order.code, &order.event_title),
            url: order.link.clone(),
        });
    }
    for ticket in given {
        letter = letter.with(Block::Button {
            label: mails::mine_given_button(l, &ticket.event, &ticket.ticket_type),
            url: facts.url(&ticket.link),
        });
    }
    letter.with(Block::Small(mails::ignore(l).to_owned()))
}

fn about_order(
    l: Locale,
    subject: String,
    text: String,
    facts: &OrderFacts,
    more: Vec<(String, String)>,
) -> Letter {
    Letter::new(l, subject.clone())
        .with(Block::Heading(subject))
        .with(Block::Text(mails::greeting(l, &facts.buyer_name)))
        .with(Block::Text(text))
        .with(order_facts_block(l, facts, more))
        .with(Block::Button {
            label: mails::order_button(l).to_owned(),
            url: facts.link.clone(),
        })
        .with(Block::Small(mails::sent_by(l, &facts.organizer)))
}

fn order_facts_block(l: Locale, facts: &OrderFacts, more: Vec<(String, String)>) -> Block {
    let place = if facts.venue.is_empty() {
        mails::fact_online(l).to_owned()
    } else {
        facts.venue.clone()
    };
    let mut list = vec![
        (mails::fact_when(l).to_owned(), when(l, facts)),
        (mails::fact_where(l).to_owned(), place),
        (mails::fact_organizer(l).to_owned(), facts.organizer.clone()),
        (mails::fact_order(l).to_owned(), facts.code.clone()),
    ];
    if let Some((code, saved)) = &facts.promo {
        let less = Money::new(saved.minor.saturating_neg(), saved.currency);
        list.push((promo::line(l, code), money::format(l, less)));
    }
    if !facts.total.is_zero() {
        list.push((
            mails::fact_total(l).to_owned(),
            money::format(l, facts.total),
        ));
    }
    if facts.reverse_charge {
        list.push((
            mails::fact_tax(l).to_owned(),
            documents::reverse_charge(l).to_owned(),
        ));
    }
    list.extend(more);
    Block::Facts(list)
}

fn reason(l: Locale, text: &str) -> Vec<(String, String)> {
    if text.is_empty() {
        Vec::new()
    } else {
        vec![(mails::fact_reason(l).to_owned(), text.to_owned())]
    }
}

/// In the event's own zone, which is named.
fn when(l: Locale, facts: &OrderFacts) -> String {
    match (
        zone::local(facts.starts_at, &facts.time_zone),
        zone::local(facts.ends_at, &facts.time_zone),
    ) {
        (Ok(from), Ok(until)) => dates::range(l, from.at, until.at, Some(&from.label)),
        _ => facts.starts_at.to_string(),
    }
}

fn with_calendar(mut letter: Letter, order: &OrderFacts, facts: &Facts) -> Letter {
    if let Some(file) = facts.calendar(&order.event_slug) {
        letter.attachments.push(Attachment {
            name: format!("{}.ics", order.event_slug),
            content_type: "text/calendar; charset=utf-8".into(),
            bytes: file.as_bytes().to_vec(),
        });
    }
    letter
}
