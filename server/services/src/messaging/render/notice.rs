//! What is said of a change to an account, in case it was not its owner.

use domain::connect::Standing;
use jiff::civil::Date;
use locales::{Locale, dates, mails};

use crate::messaging::{
    AccountNotice,
    letter::{Block, Letter},
};

pub(super) fn account_notice(
    l: Locale,
    name: &str,
    notice: &AccountNotice,
    link: String,
) -> Letter {
    let (subject, text) = match notice {
        AccountNotice::PasswordChanged => (
            mails::password_changed_subject(l),
            mails::password_changed_text(l).to_owned(),
        ),
        AccountNotice::SecondFactorOn => (
            mails::second_factor_on_subject(l),
            mails::second_factor_on_text(l).to_owned(),
        ),
        AccountNotice::SecondFactorOff => (
            mails::second_factor_off_subject(l),
            mails::second_factor_off_text(l).to_owned(),
        ),
        AccountNotice::SecondFactorTakenAway { reason } => (
            mails::second_factor_away_subject(l),
            mails::second_factor_away_text(l, reason),
        ),
        AccountNotice::RecoveryCodeUsed { left } => (
            mails::recovery_code_subject(l),
            mails::recovery_code_text(l, *left),
        ),
        AccountNotice::EarlierWaysClosed => (
            mails::earlier_ways_subject(l),
            mails::earlier_ways_text(l).to_owned(),
        ),
        AccountNotice::AccountMoved { new, reason } => (
            mails::account_moved_subject(l),
            mails::account_moved_text(l, new, reason),
        ),
        AccountNotice::PasskeyAdded { name } => (
            mails::passkey_added_subject(l),
            mails::passkey_added_text(l, name),
        ),
        AccountNotice::PasskeyRemoved { name } => (
            mails::passkey_removed_subject(l),
            mails::passkey_removed_text(l, name),
        ),
        AccountNotice::SupportLooked { reason } => {
            (mails::support_subject(l), mails::support_text(l, reason))
        }
        AccountNotice::PayoutAccountChanged {
            organization,
            last_four,
        } => (
            mails::payout_account_subject(l),
            mails::payout_account_text(l, organization, last_four),
        ),
        AccountNotice::ConnectedAccount {
            organization,
            standing,
            deadline,
        } => connected(l, organization, *standing, *deadline),
        AccountNotice::WalletAdded { address } => (
            mails::wallet_added_subject(l),
            mails::wallet_added_text(l, address),
        ),
        AccountNotice::WalletRemoved { address } => (
            mails::wallet_removed_subject(l),
            mails::wallet_removed_text(l, address),
        ),
        AccountNotice::ProviderTied { name } => (
            mails::provider_tied_subject(l),
            mails::provider_tied_text(l, name),
        ),
        AccountNotice::ProviderUntied { name } => (
            mails::provider_untied_subject(l),
            mails::provider_untied_text(l, name),
        ),
    };
    let letter = Letter::new(l, subject.to_owned())
        .with(Block::Heading(subject.to_owned()))
        .with(Block::Text(mails::greeting(l, name)))
        .with(Block::Text(text));
    // Nobody's account was touched: there is nothing to be afraid of.
    if matches!(notice, AccountNotice::ConnectedAccount { .. }) {
        return letter.with(Block::Button {
            label: mails::connect_button(l).to_owned(),
            url: link,
        });
    }
    letter
        .with(Block::Button {
            label: mails::notice_button(l).to_owned(),
            url: link,
        })
        .with(Block::Small(mails::notice_not_you(l).to_owned()))
}

/// An organization's account at the payment provider does less than it did, or soon will.
fn connected(
    l: Locale,
    organization: &str,
    standing: Standing,
    deadline: Option<Date>,
) -> (&'static str, String) {
    match (standing, deadline) {
        (Standing::Rejected, _) => (
            mails::connect_rejected_subject(l),
            mails::connect_rejected_text(l, organization),
        ),
        (Standing::Disconnected, _) => (
            mails::connect_gone_subject(l),
            mails::connect_gone_text(l, organization),
        ),
        (Standing::Ready, Some(deadline)) => (
            mails::connect_soon_subject(l),
            mails::connect_soon_text(l, organization, dates::date_long(l, deadline)),
        ),
        (
            Standing::Restricted
            | Standing::Ready
            | Standing::NotBegun
            | Standing::DetailsMissing
            | Standing::BeingChecked,
            _,
        ) => (
            mails::connect_restricted_subject(l),
            mails::connect_restricted_text(l, organization),
        ),
    }
}
