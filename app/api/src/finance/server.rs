//! The server's half: what arrives as text becomes types, what is found becomes what pages show.

use domain::{
    money::{Currency, Money},
    text::{Fault, FieldErrors},
    when::Timestamp,
};
use jiff::{
    civil::{Date, DateTime},
    tz::Offset,
};
use services::{
    ledger::{Balance, By, Movement, ReportRow, Span},
    payouts::{
        AccountView, PayoutRow, RequestPayout, RequestPayoutError, SetAccountError, Statement,
        StatementLine,
    },
};

use super::{
    BalanceView, MovementView, PayoutAccountView, PayoutView, ReportRowView, ReportView,
    StatementView,
};
use crate::{ApiError, Ctx, error::FieldError};

pub(super) const PAGE: u16 = 50;
pub(super) const LATEST: u16 = 5;
/// How many bookings of a statement a page shows.
const LINES: usize = 50;

fn utc(at: Timestamp) -> DateTime {
    Offset::UTC.to_datetime(at)
}

/// Money only moves for somebody who has shown a short while ago who they are.
pub(super) fn proof_first(ctx: &Ctx, organization: &str) -> Result<bool, ApiError> {
    crate::context::proof_first(ctx, &format!("/organize/{organization}/money"))
}

pub(super) fn wanted(currency: &str, amount: &str) -> Result<RequestPayout, ApiError> {
    let currency: Currency = currency
        .parse()
        .map_err(|_| ApiError::field("currency", Fault::UnknownChoice))?;
    let amount = match amount.trim() {
        "" => None,
        text => Some(
            Money::parse_major(text, currency).map_err(|fault| ApiError::field("amount", fault))?,
        ),
    };
    Ok(RequestPayout { currency, amount })
}

pub(super) fn balance(one: Balance) -> BalanceView {
    BalanceView {
        owed: one.owed,
        tax: one.tax,
        reserve: one.reserve,
        on_the_way: one.on_the_way,
        refunds: one.refunds,
    }
}

pub(super) fn account(one: AccountView) -> PayoutAccountView {
    PayoutAccountView {
        holder: one.holder,
        last_four: one.last_four,
        since: utc(one.since),
    }
}

pub(super) fn payout(row: PayoutRow) -> PayoutView {
    PayoutView {
        number: row.number,
        amount: row.amount,
        state: row.state,
        last_four: row.last_four,
        requested: utc(row.requested_at),
        ended: row.ended_at.map(utc),
    }
}

pub(super) fn movement(one: Movement) -> MovementView {
    MovementView {
        at: utc(one.at),
        kind: one.kind,
        order: one.order_code,
        event: one.event_title,
        payout: one.payout_number,
        owed: one.owed,
        tax: one.tax,
        fee: one.fee,
        note: one.note,
    }
}

pub(super) fn statement(one: Statement) -> StatementView {
    let line = |line: StatementLine| MovementView {
        at: utc(line.at),
        kind: line.kind,
        order: line.order_code,
        event: line.event_title,
        payout: None,
        owed: line.owed,
        tax: line.tax,
        fee: line.fee,
        note: line.note,
    };
    StatementView {
        payout: PayoutView {
            number: one.number,
            amount: one.amount,
            state: one.state,
            last_four: one.last_four,
            requested: utc(one.requested_at),
            ended: one.ended_at.map(utc),
        },
        holder: one.holder,
        reference: one.reference,
        opening: one.opening,
        closing: one.closing,
        sums: one.sums,
        more_lines: one.lines.len() > LINES,
        lines: one.lines.into_iter().take(LINES).map(line).collect(),
    }
}

/// A report as the address asks for it.
pub struct Asked {
    pub by: By,
    pub span: Span,
}

impl Asked {
    pub fn read(now: Timestamp, by: &str, first: &str, last: &str) -> Result<Self, ApiError> {
        let today = utc(now).date();
        let by = match by {
            "event" => By::Event,
            "organization" => By::Organization,
            _ => By::Month,
        };
        let mut errors = FieldErrors::new();
        let first = errors.field("first", day(first, today.first_of_year()));
        let last = errors.field("last", day(last, today.last_of_year()));
        let span = match (first, last) {
            (Some(first), Some(last)) if first <= last => Span { first, last },
            (Some(_), Some(_)) => {
                errors.add("last", Fault::EndBeforeStart);
                Span {
                    first: today,
                    last: today,
                }
            }
            _ => Span {
                first: today,
                last: today,
            },
        };
        errors.finish()?;
        Ok(Self { by, span })
    }

    pub(crate) fn answer(self, rows: Vec<ReportRow>) -> ReportView {
        let rows: Vec<_> = rows.into_iter().map(row).collect();
        ReportView {
            by: self.by.code().to_owned(),
            first: self.span.first,
            last: self.span.last,
            totals: totals(&rows),
            rows,
        }
    }
}

fn day(text: &str, otherwise: Date) -> Result<Date, Fault> {
    match text.trim() {
        "" => Ok(otherwise),
        text => text.parse().map_err(|_| Fault::NotADate),
    }
}

fn row(one: ReportRow) -> ReportRowView {
    ReportRowView {
        key: one.key,
        name: one.name,
        orders: one.orders,
        gross: one.gross,
        refunded: one.refunded,
        disputed: one.disputed,
        tax: one.tax,
        fees: one.fees,
        net: one.net,
    }
}

fn totals(rows: &[ReportRowView]) -> Vec<ReportRowView> {
    let mut sums: Vec<ReportRowView> = Vec::new();
    for row in rows {
        match sums
            .iter_mut()
            .find(|sum| sum.gross.currency == row.gross.currency)
        {
            None => sums.push(ReportRowView {
                key: String::new(),
                name: String::new(),
                ..row.clone()
            }),
            Some(sum) => {
                sum.orders = sum.orders.saturating_add(row.orders);
                for (to, from) in [
                    (&mut sum.gross, row.gross),
                    (&mut sum.refunded, row.refunded),
                    (&mut sum.disputed, row.disputed),
                    (&mut sum.tax, row.tax),
                    (&mut sum.fees, row.fees),
                    (&mut sum.net, row.net),
                ] {
                    to.minor = to.minor.saturating_add(from.minor);
                }
            }
        }
    }
    sums
}

/// The amount is above what can be had.
fn too_much(available: Money) -> ApiError {
    ApiError::invalid(vec![FieldError {
        field: "amount".to_owned(),
        code: "too_large".to_owned(),
        params: vec![("max".to_owned(), available.to_decimal_string())],
    }])
}

impl From<RequestPayoutError> for ApiError {
    fn from(e: RequestPayoutError) -> Self {
        match e {
            RequestPayoutError::TooMuch { available } => too_much(available),
            RequestPayoutError::NotPositive => Self::field("amount", Fault::TooSmall { min: 1 }),
            RequestPayoutError::Unexpected(e) => e.into(),
            e @ (RequestPayoutError::NoAccount
            | RequestPayoutError::OneIsOpen
            | RequestPayoutError::Nothing) => Self::conflict(e.code()),
        }
    }
}

impl From<SetAccountError> for ApiError {
    fn from(e: SetAccountError) -> Self {
        match e {
            SetAccountError::Fields(fields) => fields.into(),
            SetAccountError::Unexpected(e) => e.into(),
        }
    }
}
