//! For people who build Bilten: the mailbox folder. Nothing of this answers in production.

use jiff::civil::DateTime;
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use serde::{Deserialize, Serialize};

use crate::ApiError;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailSummaryView {
    pub id: String,
    pub subject: String,
    pub to: String,
    /// UTC.
    pub sent: Option<DateTime>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailDetailView {
    pub id: String,
    pub subject: String,
    pub from: String,
    pub to: String,
    pub sent: Option<DateTime>,
    pub text: String,
    pub attachments: Vec<String>,
}

/// The newest mails of the mailbox folder.
#[server(input = GetUrl)]
pub async fn mailbox() -> Result<Vec<MailSummaryView>, ApiError> {
    let ctx = server::ctx()?;
    let mails = services::messaging::mailbox(&ctx.services).await;
    Ok(mails
        .into_iter()
        .map(|m| MailSummaryView {
            id: m.id,
            subject: m.subject,
            to: m.to,
            sent: m.sent_at.map(server::utc),
        })
        .collect())
}

#[server(input = GetUrl)]
pub async fn mailbox_mail(id: String) -> Result<MailDetailView, ApiError> {
    let ctx = server::ctx()?;
    let mails = services::messaging::mailbox(&ctx.services).await;
    let m = mails
        .into_iter()
        .find(|m| m.id == id)
        .ok_or_else(ApiError::not_found)?;
    Ok(MailDetailView {
        id: m.id,
        subject: m.subject,
        from: m.from,
        to: m.to,
        sent: m.sent_at.map(server::utc),
        text: m.text,
        attachments: m.attachments,
    })
}

#[cfg(feature = "ssr")]
mod server {
    use domain::when::Timestamp;
    use jiff::{civil::DateTime, tz::Offset};

    use crate::{ApiError, Ctx};

    pub(super) fn ctx() -> Result<Ctx, ApiError> {
        let ctx = crate::ctx()?;
        if ctx.request.development {
            Ok(ctx)
        } else {
            Err(ApiError::not_found())
        }
    }

    pub(super) fn utc(at: Timestamp) -> DateTime {
        Offset::UTC.to_datetime(at)
    }
}
