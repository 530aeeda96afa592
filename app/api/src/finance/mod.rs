//! What an organization is owed, what it was paid, and where its money goes. Days and times are those of UTC.

mod bills;
mod connect;
#[cfg(feature = "ssr")]
mod server;
mod view;
mod words;

use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;

pub use bills::*;
pub use connect::*;
#[cfg(feature = "ssr")]
pub use server::Asked;
#[cfg(feature = "ssr")]
pub(crate) use server::report;
pub use view::*;
pub use words::ReportChart;

use crate::ApiError;
#[cfg(feature = "ssr")]
use crate::organizers::server::{member, permit};

/// Balances, the account and the latest payouts.
#[server(input = GetUrl)]
pub async fn organizer_money(organization: String) -> Result<MoneyPageView, ApiError> {
    use domain::permissions::Right;
    let (ctx, member) = member(&organization).await?;
    let (sv, may) = (&ctx.services, permit(&ctx, &member).await?);
    let payouts = services::payouts::list(sv, &may, None, server::LATEST).await?;
    Ok(MoneyPageView {
        balances: services::ledger::balances(sv, &may)
            .await?
            .into_iter()
            .map(server::balance)
            .collect(),
        account: services::payouts::account(sv, &may)
            .await?
            .map(server::account),
        schedule: services::payouts::schedule(sv, &may).await?,
        next_payout: services::payouts::next_day(sv, &may)
            .await?
            .map(server::utc),
        payouts: payouts.items.into_iter().map(server::payout).collect(),
        more_payouts: payouts.next.is_some(),
        may_manage: member.may(Right::ManagePayouts),
        proved: services::permit::fresh(sv, ctx.session()?).is_ok(),
    })
}

/// One page of bookings that changed what the organization is owed, the latest first.
#[server(input = GetUrl)]
pub async fn organizer_movements(
    organization: String,
    #[server(default)] after: Option<String>,
) -> Result<MovementListView, ApiError> {
    let (ctx, member) = member(&organization).await?;
    let may = permit(&ctx, &member).await?;
    let page =
        services::ledger::movements(&ctx.services, &may, after.as_deref(), server::PAGE).await?;
    Ok(MovementListView {
        rows: page.items.into_iter().map(server::movement).collect(),
        next: page.next,
    })
}

/// One page of payouts, the latest first.
#[server(input = GetUrl)]
pub async fn organizer_payouts(
    organization: String,
    #[server(default)] after: Option<String>,
) -> Result<PayoutListView, ApiError> {
    let (ctx, member) = member(&organization).await?;
    let may = permit(&ctx, &member).await?;
    let page = services::payouts::list(&ctx.services, &may, after.as_deref(), server::PAGE).await?;
    Ok(PayoutListView {
        rows: page.items.into_iter().map(server::payout).collect(),
        next: page.next,
    })
}

/// What a payout is made of, page by page.
#[server(input = GetUrl)]
pub async fn organizer_statement(
    organization: String,
    number: String,
    #[server(default)] after: Option<String>,
) -> Result<StatementView, ApiError> {
    let (ctx, member) = member(&organization).await?;
    let may = permit(&ctx, &member).await?;
    let number = number.parse().map_err(|_| ApiError::not_found())?;
    let found = services::payouts::statement_page(
        &ctx.services,
        &may,
        number,
        after.as_deref(),
        server::PAGE,
    )
    .await?;
    found.map(server::statement).ok_or_else(ApiError::not_found)
}

/// Figures of a span of days, both ends in it. Without days it is the current year.
#[server(input = GetUrl)]
pub async fn organizer_report(
    organization: String,
    #[server(default)] by: String,
    #[server(default)] first: String,
    #[server(default)] last: String,
    #[server(default)] event: String,
    #[server(default)] as_of: String,
) -> Result<OrganizerReportView, ApiError> {
    use domain::permissions::Right;
    let (ctx, member) = member(&organization).await?;
    let (sv, may) = (&ctx.services, permit(&ctx, &member).await?);
    let asked = Asked {
        by,
        first,
        last,
        event,
        as_of,
    };
    let zone = services::ledger::zone(sv, &may).await?;
    let wanted = asked.read(sv.now(), zone)?;
    let found = services::ledger::report(sv, &may, &wanted).await?;
    let events = services::ledger::sold_events(sv, &may).await?;
    Ok(OrganizerReportView {
        report: server::report(wanted, found),
        events,
        may_set_zone: member.may(Right::ManageOrganization),
    })
}

/// Says whose days and months the figures are of.
#[server]
pub async fn set_report_zone(
    organization: String,
    #[server(default)] zone: String,
) -> Result<(), ApiError> {
    let (ctx, member) = member(&organization).await?;
    let may = permit(&ctx, &member).await?;
    services::ledger::set_zone(&ctx.services, &may, &zone).await?;
    crate::context::redirect(&format!("/organize/{organization}/money/report?done=zone"));
    Ok(())
}

/// Asks for a payout: of an amount, or of everything that can be had.
#[server]
pub async fn request_payout(
    organization: String,
    currency: String,
    #[server(default)] amount: String,
) -> Result<(), ApiError> {
    let (ctx, member) = member(&organization).await?;
    let may = permit(&ctx, &member).await?;
    let Some(may) = server::proven(&ctx, may, &organization)? else {
        return Ok(());
    };
    let cmd = server::wanted(&currency, &amount)?;
    let number = services::payouts::request(&ctx.services, &may, cmd).await?;
    crate::context::redirect(&format!(
        "/organize/{organization}/money/payouts/{number}?done=request"
    ));
    Ok(())
}

/// Says where money goes from now on.
#[server]
pub async fn set_payout_account(
    organization: String,
    #[server(default)] holder: String,
    #[server(default)] number: String,
    #[server(default)] bank_code: String,
) -> Result<(), ApiError> {
    let (ctx, member) = member(&organization).await?;
    let may = permit(&ctx, &member).await?;
    let Some(may) = server::proven(&ctx, may, &organization)? else {
        return Ok(());
    };
    services::payouts::set_account(&ctx.services, &may, &holder, &number, &bank_code).await?;
    Ok(())
}

/// Nothing is paid out until there is another account.
#[server]
pub async fn remove_payout_account(organization: String) -> Result<(), ApiError> {
    let (ctx, member) = member(&organization).await?;
    let may = permit(&ctx, &member).await?;
    let Some(may) = server::proven(&ctx, may, &organization)? else {
        return Ok(());
    };
    Ok(services::payouts::remove_account(&ctx.services, &may).await?)
}

/// How often everything is paid out by itself.
#[server]
pub async fn set_payout_schedule(organization: String, schedule: String) -> Result<(), ApiError> {
    let (ctx, member) = member(&organization).await?;
    let may = permit(&ctx, &member).await?;
    let wanted = schedule
        .parse()
        .map_err(|fault| ApiError::field("schedule", fault))?;
    let Some(may) = server::proven(&ctx, may, &organization)? else {
        return Ok(());
    };
    Ok(services::payouts::set_schedule(&ctx.services, &may, wanted).await?)
}
