//! The platform's money: what it holds and for whom, what it has to send, what it earned.

use domain::money::Money;
use jiff::civil::DateTime;
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use serde::{Deserialize, Serialize};

use crate::{ApiError, finance::ReportView};

/// What the platform holds in one currency, and for whom: `provider + bank + costs + adjustments = organizers + buyers +
/// fees`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlatformBalanceView {
    pub provider: Money,
    pub bank: Money,
    pub organizers: Money,
    pub buyers: Money,
    pub fees: Money,
    pub costs: Money,
    /// Given to organizers in corrections, less what was taken.
    pub adjustments: Money,
}

/// A payout that was sent, and that a bank may still give back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentPayoutView {
    pub id: String,
    pub number: i32,
    pub organization_name: String,
    pub amount: Money,
    pub last_four: String,
    pub reference: String,
    pub sent: DateTime,
}

/// A payout that somebody has to send.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenPayoutView {
    pub id: String,
    pub number: i32,
    pub organization: String,
    pub organization_name: String,
    pub amount: Money,
    pub holder: String,
    /// In full only for somebody who has shown a short while ago who they are.
    pub account: String,
    pub bank_code: String,
    pub requested: DateTime,
    /// `None`: the schedule asked.
    pub by: Option<String>,
    /// It can be sent to an account of the organization at the payment provider.
    pub has_connected: bool,
    /// It is being sent there.
    pub being_sent: bool,
    /// Why the provider did not send it, in its words.
    pub sending_failure: String,
    /// The organizer owes the platform by now: it should be called off.
    pub short: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlatformMoneyView {
    pub balances: Vec<PlatformBalanceView>,
    pub open: Vec<OpenPayoutView>,
    /// The latest, of those that were looked for.
    pub sent: Vec<SentPayoutView>,
    /// Whether the viewer has shown a short while ago who they are.
    pub proved: bool,
}

/// `q` finds among the payouts that were sent.
#[server(input = GetUrl)]
pub async fn admin_finance(#[server(default)] q: String) -> Result<PlatformMoneyView, ApiError> {
    let (ctx, permit) = super::server::permit()?;
    let sv = &ctx.services;
    let proved = services::permit::fresh(sv, ctx.session()?).is_ok();
    let balances = services::ledger::platform_balances(sv, &permit).await?;
    let open = services::payouts::open(sv, &permit).await?;
    Ok(PlatformMoneyView {
        balances: balances
            .into_iter()
            .map(|one| PlatformBalanceView {
                provider: one.provider,
                bank: one.bank,
                organizers: one.organizers,
                buyers: one.buyers,
                fees: one.fees,
                costs: one.costs,
                adjustments: one.adjustments,
            })
            .collect(),
        open: open
            .into_iter()
            .map(|one| OpenPayoutView {
                id: one.id.to_string(),
                number: one.number,
                organization: one.organization_slug,
                organization_name: one.organization_name,
                amount: one.amount,
                account: if proved {
                    one.account.number.grouped()
                } else {
                    format!("… {}", one.account.number.last_four())
                },
                bank_code: if proved {
                    one.account.bank_code
                } else {
                    String::new()
                },
                holder: one.account.holder,
                requested: super::server::utc(one.requested_at),
                by: one.requested_by,
                has_connected: one.has_connected,
                being_sent: one.being_sent,
                sending_failure: one.sending_failure,
                short: one.short,
            })
            .collect(),
        sent: services::payouts::sent(sv, &permit, &q)
            .await?
            .into_iter()
            .map(|one| SentPayoutView {
                id: one.id.to_string(),
                number: one.number,
                organization_name: one.organization_name,
                amount: one.amount,
                last_four: one.last_four,
                reference: one.reference,
                sent: super::server::utc(one.sent_at),
            })
            .collect(),
        proved,
    })
}

/// Figures of all organizations in a span of days of UTC, both ends in it. Without days it is the current year.
#[server(input = GetUrl)]
pub async fn admin_report(
    #[server(default)] by: String,
    #[server(default)] first: String,
    #[server(default)] last: String,
    #[server(default)] as_of: String,
) -> Result<ReportView, ApiError> {
    let (ctx, permit) = super::server::permit()?;
    let asked = crate::finance::Asked {
        by,
        first,
        last,
        as_of,
        ..Default::default()
    };
    let wanted = asked.read(ctx.services.now(), "UTC".to_owned())?;
    let found = services::ledger::platform_report(&ctx.services, &permit, &wanted).await?;
    Ok(crate::finance::report(wanted, found))
}

/// Sends a payout, or calls it off, or says that the bank gave it back; `step` is `send`, `call_off` or `came_back`. `reference`
/// is what the bank calls the transfer, or why there is none.
#[server]
pub async fn end_payout(
    payout: String,
    step: String,
    #[server(default)] reference: String,
) -> Result<(), ApiError> {
    let (ctx, permit) = super::server::permit()?;
    let cmd = services::payouts::EndPayout {
        payout: super::server::parse(&payout)?,
        reference,
    };
    let Some(permit) = crate::context::proven(&ctx, permit, "/admin/finance")? else {
        return Ok(());
    };
    match step.as_str() {
        "send" => services::payouts::send(&ctx.services, &permit, cmd).await?,
        "call_off" => services::payouts::call_off(&ctx.services, &permit, cmd).await?,
        "came_back" => services::payouts::came_back(&ctx.services, &permit, cmd).await?,
        _ => return Err(ApiError::field("step", domain::text::Fault::UnknownChoice)),
    }
    crate::context::redirect("/admin/finance?done=payout");
    Ok(())
}

/// How much of an organization's takings is kept back until its events are over, and for how long after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReserveView {
    pub percent: u8,
    pub days_after: u16,
}

#[server(input = GetUrl)]
pub async fn admin_reserve(organization: String) -> Result<ReserveView, ApiError> {
    let (ctx, permit) = super::server::permit()?;
    let id = super::server::parse(&organization)?;
    let found = services::payouts::reserve(&ctx.services, &permit, id).await?;
    found
        .map(|reserve| ReserveView {
            percent: reserve.percent,
            days_after: reserve.days_after,
        })
        .ok_or_else(ApiError::not_found)
}

#[server]
pub async fn set_reserve(
    organization: String,
    #[server(default)] percent: String,
    #[server(default)] days_after: String,
    #[server(default)] reason: String,
) -> Result<(), ApiError> {
    use domain::text::{Fault, FieldErrors, line};
    let (ctx, permit) = super::server::permit()?;
    let id = super::server::parse(&organization)?;
    let mut errors = FieldErrors::new();
    let number = |text: &str, max: i64| -> Result<u16, Fault> {
        let number: u16 = text.trim().parse().map_err(|_| Fault::NotANumber)?;
        if i64::from(number) > max {
            return Err(Fault::TooLarge { max });
        }
        Ok(number)
    };
    let percent = errors.field("percent", number(&percent, 100));
    let days_after = errors.field("days_after", number(&days_after, 365));
    let reason = errors.field("reason", line(&reason, 10, 300));
    errors.finish()?;
    let back = format!("/admin/organizations/{id}");
    let Some(permit) = crate::context::proven(&ctx, permit, &back)? else {
        return Ok(());
    };
    let reserve = domain::payouts::Reserve {
        percent: u8::try_from(percent.unwrap_or_default()).unwrap_or(100),
        days_after: days_after.unwrap_or_default(),
    };
    services::payouts::set_reserve(
        &ctx.services,
        &permit,
        id,
        reserve,
        &reason.unwrap_or_default(),
    )
    .await?;
    Ok(())
}

/// Corrects what the platform owes an organization: above zero it gives, below zero it takes. `adjustment` is the form's own: sent
/// twice, it is booked once.
#[server]
pub async fn adjust_balance(
    organization: String,
    adjustment: String,
    #[server(default)] amount: String,
    #[server(default)] currency: String,
    #[server(default)] reason: String,
) -> Result<(), ApiError> {
    let (ctx, permit) = super::server::permit()?;
    let id = super::server::parse(&organization)?;
    let names = (id, super::server::parse(&adjustment)?);
    let back = format!("/admin/organizations/{id}");
    let Some(permit) = crate::context::proven(&ctx, permit, &back)? else {
        return Ok(());
    };
    let what = (amount.as_str(), currency.as_str());
    services::ledger::adjust(&ctx.services, &permit, names, what, &reason).await?;
    Ok(())
}

#[cfg(feature = "ssr")]
mod server {
    use services::{
        ledger::AdjustError,
        payouts::{EndPayoutError, SetReserveError},
    };

    use crate::ApiError;

    impl From<EndPayoutError> for ApiError {
        fn from(e: EndPayoutError) -> Self {
            match e {
                EndPayoutError::NotFound => Self::not_found(),
                EndPayoutError::Fields(fields) => fields.into(),
                EndPayoutError::Unexpected(e) => e.into(),
                e @ (EndPayoutError::Transition(_) | EndPayoutError::BeingSent) => {
                    Self::conflict(e.code())
                }
            }
        }
    }

    impl From<AdjustError> for ApiError {
        fn from(e: AdjustError) -> Self {
            match e {
                AdjustError::NotFound => Self::not_found(),
                AdjustError::Fields(fields) => fields.into(),
                AdjustError::Unexpected(e) => e.into(),
                e @ AdjustError::Booked => Self::conflict(e.code()),
            }
        }
    }

    impl From<SetReserveError> for ApiError {
        fn from(e: SetReserveError) -> Self {
            match e {
                SetReserveError::NotFound => Self::not_found(),
                SetReserveError::Fields(fields) => fields.into(),
                SetReserveError::Unexpected(e) => e.into(),
            }
        }
    }
}
