//! The way to the provider's page on which organizers tell about themselves, and back.

use super::{look::look_at, queries};
use crate::{
    Services, Unexpected,
    permit::{ManagePayouts, Permit, Proven, ViewFinances},
    ports::{NewAccountPage, PortError},
};

#[derive(Debug, thiserror::Error)]
pub enum PageError {
    /// The way on: begin.
    #[error("there is no account to tell about")]
    NotBegun,
    #[error("the provider does not answer")]
    ProviderDown,
    #[error(transparent)]
    Unexpected(#[from] Unexpected),
}

impl PageError {
    /// Stable key for translations.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotBegun => "connect_not_begun",
            Self::ProviderDown => "connect_unavailable",
            Self::Unexpected(_) => "internal",
        }
    }
}

/// A new address of the page: it is good once, so each visit gets its own.
#[tracing::instrument(skip_all)]
pub async fn page(
    sv: &Services,
    permit: &Proven<Permit<ManagePayouts>>,
    slug: &str,
) -> Result<String, PageError> {
    let gateway = sv.payments.connect().ok_or(PageError::NotBegun)?;
    let mut tx = sv.db.begin(permit.scope()).await?;
    let account = queries::latest(sv, &mut tx, permit.organization()).await?;
    tx.commit().await?;
    let account = account.filter(|account| !account.known.gone);
    let reference = account.and_then(|account| account.reference);
    let base = format!("{}/organize/{slug}/money/connect", sv.settings.public_url);
    let wanted = NewAccountPage {
        account_ref: reference.ok_or(PageError::NotBegun)?,
        return_url: format!("{base}/back"),
        refresh_url: base,
    };
    gateway.account_page(&wanted).await.map_err(|e| match e {
        PortError::Unavailable(why) => {
            tracing::warn!(why, "the payment provider opens no page for an account");
            PageError::ProviderDown
        }
        PortError::Refused(_) => Unexpected::new("account page", e).into(),
    })
}

/// The organizer comes back, perhaps before the provider's message does. A provider that does not answer keeps nobody from
/// their page: its message will come.
#[tracing::instrument(skip_all)]
pub async fn come_back(sv: &Services, permit: &Permit<ViewFinances>) -> Result<(), Unexpected> {
    let mut tx = sv.db.begin(permit.scope()).await?;
    let account = queries::latest(sv, &mut tx, permit.organization()).await?;
    tx.commit().await?;
    if let Some(account) = account.filter(|account| !account.known.gone)
        && let Err(error) = look_at(sv, account.organization, account.id).await
    {
        tracing::warn!(%error, "could not ask the payment provider about an account");
    }
    Ok(())
}
