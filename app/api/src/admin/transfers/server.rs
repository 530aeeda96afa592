//! From the rows of the use cases to what pages show.

use domain::payouts::AccountNumber;
use services::transfers::{
    AssignError, CameBackError, FileRow, LineRow, PreviewLine, RefundRow, SentError, SentRow,
    SetTransfersError, SettingsView, TakeInError,
};

use super::{BankFileView, BankLineView, BankRefundView, SentRefundView, TransferAccountView};
use crate::{ApiError, admin::server::utc};

pub(super) fn account(found: SettingsView) -> TransferAccountView {
    let account = found.account;
    TransferAccountView {
        offered: found.offered,
        iban: account.iban_grouped(),
        holder: account.holder,
        bic: account.bic,
        bank: account.bank,
        currency: account.currency.as_str().to_owned(),
        days: account.days,
        days_before: account.days_before,
        changed: utc(found.changed_at),
        changed_by: found.changed_by,
    }
}

pub(super) fn file(row: FileRow) -> BankFileView {
    BankFileView {
        id: row.id.to_string(),
        format: row.format,
        account: grouped(&row.account),
        lines: row.lines,
        credits: row.credits,
        debits: row.debits,
        opening: row.opening,
        closing: row.closing,
        days: row.days,
        uploaded: utc(row.uploaded_at),
        by: row.uploaded_by,
        new: row.new_lines,
    }
}

pub(super) fn line(row: LineRow) -> BankLineView {
    BankLineView {
        id: row.id.to_string(),
        day: row.booked_on,
        amount: row.amount,
        party: row.told.party,
        account: grouped(&row.told.account),
        text: row.told.text,
        state: row.state,
        reason: row.reason.map(|reason| reason.code().to_owned()),
        order: row.order,
        due: row.due,
        surplus: Some(row.surplus).filter(|surplus| !surplus.is_zero()),
        note: row.note,
    }
}

pub(super) fn preview(line: PreviewLine) -> BankLineView {
    BankLineView {
        id: String::new(),
        day: line.booked_on,
        amount: line.amount,
        party: line.told.party,
        account: grouped(&line.told.account),
        text: line.told.text,
        state: String::new(),
        reason: None,
        order: line
            .reference
            .and_then(|reference| reference.order())
            .map(String::from),
        due: None,
        surplus: None,
        note: String::new(),
    }
}

pub(super) fn refund(row: RefundRow, proved: bool) -> BankRefundView {
    let account = match AccountNumber::parse(&row.account) {
        Ok(number) if !proved => format!("… {}", number.last_four()),
        Ok(number) => number.grouped(),
        Err(_) => row.account,
    };
    BankRefundView {
        id: row.id.to_string(),
        order: row.order,
        organization: row.organization,
        amount: row.amount,
        holder: row.holder,
        account,
        reference: row.reference.grouped(),
        asked: utc(row.asked_at),
        failed: row.failed,
        taken_by: row.taken_by,
    }
}

pub(super) fn sent_refund(row: SentRow) -> SentRefundView {
    SentRefundView {
        id: row.id.to_string(),
        order: row.order,
        organization: row.organization,
        amount: row.amount,
        reference: row.reference,
        sent: utc(row.sent_at),
    }
}

fn grouped(account: &str) -> String {
    AccountNumber::parse(account).map_or_else(|_| account.to_owned(), |number| number.grouped())
}

impl From<SetTransfersError> for ApiError {
    fn from(e: SetTransfersError) -> Self {
        match e {
            SetTransfersError::Fields(fields) => fields.into(),
            SetTransfersError::Unexpected(e) => e.into(),
        }
    }
}

impl From<TakeInError> for ApiError {
    fn from(e: TakeInError) -> Self {
        match e {
            TakeInError::NotFound => Self::not_found(),
            TakeInError::Unexpected(e) => e.into(),
        }
    }
}

impl From<AssignError> for ApiError {
    fn from(e: AssignError) -> Self {
        match e {
            AssignError::NotFound => Self::not_found(),
            AssignError::Fields(fields) => fields.into(),
            AssignError::Unexpected(e) => e.into(),
            e @ (AssignError::NotWaiting
            | AssignError::TooLittle { .. }
            | AssignError::WrongCurrency) => Self::conflict(e.code()),
        }
    }
}

impl From<SentError> for ApiError {
    fn from(e: SentError) -> Self {
        match e {
            SentError::NotFound => Self::not_found(),
            SentError::Unexpected(e) => e.into(),
        }
    }
}

impl From<CameBackError> for ApiError {
    fn from(e: CameBackError) -> Self {
        match e {
            CameBackError::NotFound => Self::not_found(),
            CameBackError::Fields(fields) => fields.into(),
            CameBackError::Unexpected(e) => e.into(),
        }
    }
}
