//! Bank transfers: the account, statements of the bank, credits that need somebody, and refunds to send.

#[cfg(feature = "ssr")]
mod server;

use domain::money::Money;
use jiff::civil::{Date, DateTime};
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use serde::{Deserialize, Serialize};

use super::Listing;
use crate::ApiError;

#[cfg(feature = "ssr")]
const HOME: &str = "/admin/finance/transfers";

/// Where buyers transfer to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TransferAccountView {
    pub offered: bool,
    pub holder: String,
    /// In groups of four.
    pub iban: String,
    pub bic: String,
    pub bank: String,
    pub currency: String,
    pub days: u16,
    pub days_before: u16,
    /// UTC.
    pub changed: DateTime,
    pub changed_by: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BankFileView {
    pub id: String,
    pub format: String,
    pub account: String,
    pub lines: u32,
    pub credits: Money,
    pub debits: Money,
    pub opening: Option<Money>,
    pub closing: Option<Money>,
    pub days: Option<(Date, Date)>,
    /// UTC.
    pub uploaded: DateTime,
    pub by: String,
    /// Lines that were new; `None` as long as it is not taken in.
    pub new: Option<u32>,
}

/// A line of a statement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BankLineView {
    pub id: String,
    pub day: Date,
    pub amount: Money,
    pub party: String,
    pub account: String,
    pub text: String,
    /// Empty in a file that is not taken in.
    pub state: String,
    pub reason: Option<String>,
    pub order: Option<String>,
    pub due: Option<Money>,
    pub surplus: Option<Money>,
    pub note: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TransfersView {
    pub account: Option<TransferAccountView>,
    pub waiting: u64,
    pub to_do: u64,
    pub refunds: u64,
    pub files: Listing<BankFileView>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BankFilePage {
    pub file: BankFileView,
    /// As long as it is not taken in, the first ones; then those that were new.
    pub lines: Listing<BankLineView>,
}

/// A refund that somebody has to send.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BankRefundView {
    pub id: String,
    pub order: String,
    pub organization: String,
    pub amount: Money,
    pub holder: String,
    /// In full only for somebody who has shown a short while ago who they are; empty where the bank did not tell.
    pub account: String,
    pub reference: String,
    pub asked: DateTime,
    /// It was tried before, and why it came to nothing.
    pub failed: Option<String>,
    /// Who of the platform has taken it on, and sends it with the bank.
    pub taken_by: Option<String>,
}

/// A refund that has left by bank, which may still give it back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentRefundView {
    pub id: String,
    pub order: String,
    pub organization: String,
    pub amount: Money,
    pub reference: String,
    pub sent: DateTime,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BankRefundsView {
    pub refunds: Vec<BankRefundView>,
    /// The latest, of those that were looked for.
    pub sent: Vec<SentRefundView>,
    /// Whether the viewer has shown a short while ago who they are.
    pub proved: bool,
}

#[server(input = GetUrl)]
pub async fn admin_transfers(after: Option<String>) -> Result<TransfersView, ApiError> {
    use services::transfers as t;
    let (ctx, permit) = super::server::permit()?;
    let sv = &ctx.services;
    let account = t::settings(sv, &permit).await?.map(server::account);
    let counts = t::counts(sv, &permit).await?;
    let files = t::files(sv, &permit, after.as_deref(), super::server::PAGE).await?;
    let n = super::server::count;
    Ok(TransfersView {
        account,
        waiting: n(counts.waiting),
        to_do: n(counts.to_do),
        refunds: n(counts.refunds),
        files: super::server::listing(files, server::file),
    })
}

#[server(input = GetUrl)]
pub async fn admin_transfer_account() -> Result<Option<TransferAccountView>, ApiError> {
    let (ctx, permit) = super::server::permit()?;
    let found = services::transfers::settings(&ctx.services, &permit).await?;
    Ok(found.map(server::account))
}

/// Where buyers transfer to from now on, and whether they may. All fields of [`domain::transfers::AccountInput`].
#[server]
pub async fn set_transfers(
    #[server(default)] offered: bool,
    #[server(default)] holder: String,
    #[server(default)] iban: String,
    #[server(default)] bic: String,
    #[server(default)] bank: String,
    #[server(default)] currency: String,
    #[server(default)] days: String,
    #[server(default)] days_before: String,
) -> Result<(), ApiError> {
    let (ctx, permit) = super::server::permit()?;
    let Some(permit) = crate::context::proven(&ctx, permit, "/admin/finance/transfers/account")?
    else {
        return Ok(());
    };
    let input = domain::transfers::AccountInput {
        holder,
        iban,
        bic,
        bank,
        currency,
        days,
        days_before,
    };
    services::transfers::set_transfers(&ctx.services, &permit, offered, &input).await?;
    crate::context::redirect(&format!("{HOME}?done=account"));
    Ok(())
}

#[server(input = GetUrl)]
pub async fn admin_bank_file(id: String, after: Option<String>) -> Result<BankFilePage, ApiError> {
    use services::transfers as t;
    let (ctx, permit) = super::server::permit()?;
    let sv = &ctx.services;
    let id = super::server::parse(&id)?;
    let found = t::file(sv, &permit, id)
        .await?
        .ok_or_else(ApiError::not_found)?;
    let lines = if found.row.taken_in_at.is_some() {
        let which = t::Which::Of(id);
        let page = t::lines(sv, &permit, which, after.as_deref(), super::server::PAGE).await?;
        super::server::listing(page, server::line)
    } else {
        Listing {
            items: found.preview.into_iter().map(server::preview).collect(),
            next: None,
        }
    };
    Ok(BankFilePage {
        file: server::file(found.row),
        lines,
    })
}

/// `step` is `take_in` or `discard`.
#[server]
pub async fn end_bank_file(file: String, step: String) -> Result<(), ApiError> {
    use services::transfers as t;
    let (ctx, permit) = super::server::permit()?;
    let id = super::server::parse(&file)?;
    let back = format!("{HOME}/files/{id}");
    let Some(permit) = crate::context::proven(&ctx, permit, &back)? else {
        return Ok(());
    };
    match step.as_str() {
        "take_in" => {
            t::take_in(&ctx.services, &permit, id).await?;
            crate::context::redirect(&format!("{HOME}/files/{id}?done=taken_in"));
        }
        "discard" => {
            if !t::discard(&ctx.services, &permit, id).await? {
                return Err(ApiError::not_found());
            }
            crate::context::redirect(&format!("{HOME}?done=discarded"));
        }
        _ => return Err(ApiError::field("step", domain::text::Fault::UnknownChoice)),
    }
    Ok(())
}

/// Money that settles nothing by itself, oldest first.
#[server(input = GetUrl)]
pub async fn admin_credits(after: Option<String>) -> Result<Listing<BankLineView>, ApiError> {
    use services::transfers as t;
    let (ctx, permit) = super::server::permit()?;
    let page = t::lines(
        &ctx.services,
        &permit,
        t::Which::ToDo,
        after.as_deref(),
        super::server::PAGE,
    )
    .await?;
    Ok(super::server::listing(page, server::line))
}

/// The credit pays the order with this number.
#[server]
pub async fn assign_credit(line: String, #[server(default)] code: String) -> Result<(), ApiError> {
    let (ctx, permit) = super::server::permit()?;
    let cmd = services::transfers::AssignLine {
        line: super::server::parse(&line)?,
        code,
    };
    let back = format!("{HOME}/credits");
    let Some(permit) = crate::context::proven(&ctx, permit, &back)? else {
        return Ok(());
    };
    services::transfers::assign(&ctx.services, &permit, cmd).await?;
    crate::context::redirect(&format!("{HOME}/credits?done=assigned"));
    Ok(())
}

/// The money of a credit, or what was too much of it, was sent back.
#[server]
pub async fn send_credit_back(
    line: String,
    #[server(default)] note: String,
) -> Result<(), ApiError> {
    let (ctx, permit) = super::server::permit()?;
    let line = super::server::parse(&line)?;
    let back = format!("{HOME}/credits");
    let Some(permit) = crate::context::proven(&ctx, permit, &back)? else {
        return Ok(());
    };
    services::transfers::send_back(&ctx.services, &permit, line, &note).await?;
    crate::context::redirect(&format!("{HOME}/credits?done=sent_back"));
    Ok(())
}

/// `q` finds among those that were sent.
#[server(input = GetUrl)]
pub async fn admin_bank_refunds(#[server(default)] q: String) -> Result<BankRefundsView, ApiError> {
    let (ctx, permit) = super::server::permit()?;
    let sv = &ctx.services;
    let proved = services::permit::fresh(sv, ctx.session()?).is_ok();
    let refunds = services::transfers::refunds(sv, &permit).await?;
    let sent = services::transfers::sent_refunds(sv, &permit, &q).await?;
    Ok(BankRefundsView {
        refunds: refunds
            .into_iter()
            .map(|row| server::refund(row, proved))
            .collect(),
        sent: sent.into_iter().map(server::sent_refund).collect(),
        proved,
    })
}

/// Somebody takes a failed refund on, to send it with the bank, or does not send it after all; `step` is `take_on` or `let_go`.
#[server]
pub async fn bank_refund_take(refund: String, step: String) -> Result<(), ApiError> {
    use services::transfers as t;
    let (ctx, permit) = super::server::permit()?;
    let id = super::server::parse(&refund)?;
    let Some(permit) = crate::context::proven(&ctx, permit, "/admin/finance/transfers/refunds")?
    else {
        return Ok(());
    };
    match step.as_str() {
        "take_on" => t::take_on(&ctx.services, &permit, id).await?,
        "let_go" => t::let_go(&ctx.services, &permit, id).await?,
        _ => return Err(ApiError::field("step", domain::text::Fault::UnknownChoice)),
    }
    crate::context::redirect(&format!("{HOME}/refunds?done=taken"));
    Ok(())
}

/// The money of a refund has left the platform's account.
#[server]
pub async fn bank_refund_sent(refund: String) -> Result<(), ApiError> {
    let (ctx, permit) = super::server::permit()?;
    let id = super::server::parse(&refund)?;
    let Some(permit) = crate::context::proven(&ctx, permit, "/admin/finance/transfers/refunds")?
    else {
        return Ok(());
    };
    services::transfers::mark_sent(&ctx.services, &permit, id).await?;
    crate::context::redirect(&format!("{HOME}/refunds?done=sent"));
    Ok(())
}

/// The bank gave the money of a refund back; `reason` is what it says.
#[server]
pub async fn bank_refund_back(
    refund: String,
    #[server(default)] reason: String,
) -> Result<(), ApiError> {
    let (ctx, permit) = super::server::permit()?;
    let id = super::server::parse(&refund)?;
    let Some(permit) = crate::context::proven(&ctx, permit, "/admin/finance/transfers/refunds")?
    else {
        return Ok(());
    };
    services::transfers::mark_came_back(&ctx.services, &permit, id, &reason).await?;
    crate::context::redirect(&format!("{HOME}/refunds?done=back"));
    Ok(())
}
