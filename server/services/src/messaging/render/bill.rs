//! What is said of the platform's invoice to those who answer for the money.

use domain::invoices::Kind;
use locales::{Locale, dates, mails, money};

use crate::messaging::{
    MailKind,
    letter::{Block, Letter},
};

pub(super) fn issued(l: Locale, mail: &MailKind, url: String) -> Letter {
    let MailKind::PlatformInvoice {
        name,
        organization,
        document,
        number,
        month,
        amount,
        ..
    } = mail
    else {
        return Letter::new(l, String::new());
    };
    let amount = money::format(l, *amount);
    let year = month.year().to_string();
    let month = dates::month(l, month.month());
    let (subject, text) = match document {
        Kind::CreditNote | Kind::PlatformCredit => (
            mails::bill_credit_subject(l, month, &year),
            mails::bill_credit_text(l, amount, month, number, organization, &year),
        ),
        Kind::Invoice | Kind::Platform => (
            mails::bill_subject(l, month, &year),
            mails::bill_text(l, amount, month, number, organization, &year),
        ),
    };
    Letter::new(l, subject.clone())
        .with(Block::Heading(subject))
        .with(Block::Text(mails::greeting(l, name)))
        .with(Block::Text(text))
        .with(Block::Button {
            label: mails::bill_button(l).to_owned(),
            url,
        })
}
