//! The server's half: what arrives as text becomes types, what is found becomes what pages show.

use domain::{
    money::{Currency, Money},
    text::{Fault, FieldErrors},
    when::{Timestamp, shift},
};
use jiff::{
    civil::{Date, DateTime},
    tz::{Offset, TimeZone},
};
use services::{
    ledger::{Balance, By, Movement, Report, ReportRow, SETTLED, SetZoneError, Span, Wanted},
    payouts::{
        AccountView, PayoutRow, RequestPayout, RequestPayoutError, SetAccountError, Statement,
        StatementLine,
    },
    permit::{Act, Permit, Proven},
};

use super::{
    BalanceView, MovementView, PayoutAccountView, PayoutView, ReportRowView, ReportView,
    StatementView,
};
use crate::{ApiError, Ctx, error::FieldError};

pub(super) const PAGE: u16 = 50;
pub(super) const LATEST: u16 = 5;

pub(super) fn utc(at: Timestamp) -> DateTime {
    Offset::UTC.to_datetime(at)
}

/// Money only moves for somebody who has shown a short while ago who they are.
pub(super) fn proven<A: Act>(
    ctx: &Ctx,
    permit: Permit<A>,
    organization: &str,
) -> Result<Option<Proven<Permit<A>>>, ApiError> {
    crate::context::proven(ctx, permit, &format!("/organize/{organization}/money"))
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
        disputed: one.disputed,
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
        reason: one.reason,
        owed: one.owed,
        tax: one.tax,
        fee: one.fee,
    }
}

pub(super) fn statement((one, next): (Statement, Option<String>)) -> StatementView {
    let line = |line: StatementLine| MovementView {
        at: utc(line.at),
        kind: line.kind,
        order: line.order_code,
        event: line.event_title,
        payout: None,
        reason: line.reason,
        owed: line.owed,
        tax: line.tax,
        fee: line.fee,
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
        returned: one.returned.map(|(at, why)| (utc(at), why)),
        opening: one.opening,
        closing: one.closing,
        sums: one.sums,
        next,
        lines: one.lines.into_iter().map(line).collect(),
    }
}

/// A report as the address asks for it.
#[derive(Debug, Clone, Default, serde::Deserialize)]
pub struct Asked {
    #[serde(default)]
    pub by: String,
    #[serde(default)]
    pub first: String,
    #[serde(default)]
    pub last: String,
    /// The address of an event; empty: all of them.
    #[serde(default)]
    pub event: String,
    /// The moment of the books; empty, or later than what is sure in them: the latest that is.
    #[serde(default)]
    pub as_of: String,
}

impl Asked {
    /// What that means in a zone. Without days it is the current year.
    pub fn read(&self, now: Timestamp, zone: String) -> Result<Wanted, ApiError> {
        let there = TimeZone::get(&zone).unwrap_or(TimeZone::UTC);
        let today = now.to_zoned(there).date();
        let mut errors = FieldErrors::new();
        let first = errors.field("first", day(&self.first, today.first_of_year()));
        let last = errors.field("last", day(&self.last, today.last_of_year()));
        let as_of = errors.field("as_of", moment(&self.as_of, now));
        let (first, last) = (first.unwrap_or(today), last.unwrap_or(today));
        if last < first {
            errors.add("last", Fault::EndBeforeStart);
        }
        errors.finish()?;
        Ok(Wanted {
            by: By::from_code(&self.by).unwrap_or(By::Month),
            span: Span { first, last },
            zone,
            as_of: as_of.unwrap_or(now).min(shift(now, -SETTLED)),
            event: Some(self.event.trim().to_owned()).filter(|event| !event.is_empty()),
        })
    }
}

pub(crate) fn report(wanted: Wanted, found: Report) -> ReportView {
    ReportView {
        by: wanted.by.code().to_owned(),
        first: wanted.span.first,
        last: wanted.span.last,
        as_of: utc(wanted.as_of),
        as_of_text: wanted.as_of.to_string(),
        zone: wanted.zone,
        event: wanted.event.unwrap_or_default(),
        rows: found.rows.into_iter().map(row).collect(),
        totals: found.totals.into_iter().map(row).collect(),
    }
}

fn day(text: &str, otherwise: Date) -> Result<Date, Fault> {
    match text.trim() {
        "" => Ok(otherwise),
        text => text.parse().map_err(|_| Fault::NotADate),
    }
}

fn moment(text: &str, now: Timestamp) -> Result<Timestamp, Fault> {
    match text.trim() {
        "" => Ok(now),
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
        dispute_fees: one.dispute_fees,
        tax: one.tax,
        fees: one.fees,
        net: one.net,
        costs: one.costs,
        owed: one.owed,
    }
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

impl From<SetZoneError> for ApiError {
    fn from(e: SetZoneError) -> Self {
        match e {
            SetZoneError::Fields(fields) => fields.into(),
            SetZoneError::Unexpected(e) => e.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is being booked this very moment may not be seen yet: a later look at the same moment would find it.
    #[test]
    fn no_report_is_of_a_moment_that_is_not_over() {
        let now: Timestamp = "2026-11-28T12:00:00Z".parse().unwrap();
        let of = |as_of: &str| {
            let asked = Asked {
                as_of: as_of.to_owned(),
                ..Asked::default()
            };
            asked.read(now, "UTC".to_owned()).unwrap().as_of.to_string()
        };
        for asked in ["", "2026-11-28T12:00:00Z", "2030-01-01T00:00:00Z"] {
            assert_eq!(of(asked), "2026-11-28T11:59:55Z", "{asked}");
        }
        let past = "2026-11-28T11:00:00Z";
        assert_eq!(of(past), past);
    }
}
