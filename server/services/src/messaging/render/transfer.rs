//! Where to transfer the money for an order.

use domain::{ids::OrderCode, transfers::Reference};
use locales::{Locale, dates, mails, money, transfers as t};
use uuid::Uuid;

use super::{RenderError, about_order};
use crate::{
    messaging::{facts::Facts, letter::Letter},
    zone,
};

pub(super) fn details(l: Locale, order: Uuid, facts: &Facts) -> Result<Letter, RenderError> {
    asks(l, order, facts, |l, event| {
        (mails::transfer_subject(l, event), mails::transfer_text(l))
    })
}

pub(super) fn reminder(l: Locale, order: Uuid, facts: &Facts) -> Result<Letter, RenderError> {
    asks(l, order, facts, |l, event| {
        let subject = mails::transfer_reminder_subject(l, event);
        (subject, mails::transfer_reminder_text(l))
    })
}

fn asks(
    l: Locale,
    order: Uuid,
    facts: &Facts,
    words: fn(Locale, &str) -> (String, &'static str),
) -> Result<Letter, RenderError> {
    let order = facts.order(order).ok_or(RenderError::Gone)?;
    let account = facts.account().ok_or(RenderError::Gone)?;
    let code: OrderCode = order.code.parse().map_err(|_| RenderError::Gone)?;
    let mut more = vec![
        (t::holder(l).to_owned(), account.holder.clone()),
        ("IBAN".to_owned(), account.iban_grouped()),
    ];
    if !account.bic.is_empty() {
        more.push(("BIC".to_owned(), account.bic.clone()));
    }
    if !account.bank.is_empty() {
        more.push((t::bank(l).to_owned(), account.bank.clone()));
    }
    more.push((t::amount(l).to_owned(), money::format(l, order.total)));
    more.push((
        t::reference(l).to_owned(),
        Reference::of_order(code).grouped(),
    ));
    let until = order
        .expires_at
        .and_then(|until| zone::local(until, &order.time_zone).ok());
    if let Some(until) = until {
        let text = dates::medium(l, until.at, Some(&until.label));
        more.push((t::until(l).to_owned(), text));
    }
    let (subject, text) = words(l, &order.event_title);
    Ok(about_order(l, subject, text.to_owned(), order, more))
}
