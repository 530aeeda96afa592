//! An organization's own account at the payment provider.

use domain::connect::{Asked, MoneyGoes, Standing};
use jiff::civil::DateTime;
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use serde::{Deserialize, Serialize};

use crate::ApiError;
#[cfg(feature = "ssr")]
use crate::organizers::server::{member, permit};

/// The account as the organization's people and the platform see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectedView {
    pub standing: Standing,
    /// Payments that begin now go straight there.
    pub straight: bool,
    /// What is agreed with the platform.
    pub agreed: MoneyGoes,
    pub asked: Vec<Asked>,
    pub overdue: Vec<Asked>,
    pub deadline: Option<DateTime>,
    /// The provider's own word for why not everything is possible; empty where it is.
    pub disabled: String,
    pub charges: bool,
    pub payouts: bool,
    pub since: Option<DateTime>,
    /// Of the account, or what the organization says of itself; may be empty.
    pub country: String,
    /// Codes and names of all countries, as the reader looks for them; empty where none has to be chosen any more.
    pub countries: Vec<(String, String)>,
}

/// `None` where the provider has no such accounts.
#[server(input = GetUrl)]
pub async fn organizer_connect(organization: String) -> Result<Option<ConnectedView>, ApiError> {
    let (ctx, member) = member(&organization).await?;
    let may = permit(&ctx, &member).await?;
    let found = services::connect::account(&ctx.services, &may).await?;
    let mut view = found.map(ConnectedView::from);
    if let Some(view) = view.as_mut()
        && matches!(view.standing, Standing::NotBegun | Standing::Disconnected)
    {
        view.countries = crate::values::countries(ctx.request.locale);
    }
    Ok(view)
}

/// Makes the account, and goes on to the provider's page.
#[server]
pub async fn begin_connect(
    organization: String,
    #[server(default)] country: String,
) -> Result<(), ApiError> {
    let (ctx, member) = member(&organization).await?;
    let may = permit(&ctx, &member).await?;
    let Some(may) = super::server::proven(&ctx, may, &organization)? else {
        return Ok(());
    };
    services::connect::begin(&ctx.services, &may, &country).await?;
    crate::context::redirect(&format!("/organize/{organization}/money/connect"));
    Ok(())
}

/// A new address of the provider's page, which comes from the provider. Each is good once.
#[server(input = GetUrl)]
pub async fn connect_page(organization: String) -> Result<String, ApiError> {
    use services::connect::PageError;
    let (ctx, member) = member(&organization).await?;
    let may = permit(&ctx, &member).await?;
    let money = format!("/organize/{organization}/money");
    let Some(may) = super::server::proven(&ctx, may, &organization)? else {
        return Ok(money);
    };
    match services::connect::page(&ctx.services, &may, &organization).await {
        Ok(url) => Ok(url),
        Err(PageError::NotBegun) => {
            crate::context::redirect(&money);
            Ok(money)
        }
        Err(error) => Err(error.into()),
    }
}

#[cfg(feature = "ssr")]
mod server {
    use jiff::tz::Offset;
    use services::connect::{AccountView, BeginError, PageError};

    use super::ConnectedView;
    use crate::{ApiError, ErrorKind};

    impl From<AccountView> for ConnectedView {
        fn from(one: AccountView) -> Self {
            let utc = |at| Offset::UTC.to_datetime(at);
            Self {
                standing: one.standing,
                straight: one.straight,
                agreed: one.agreed,
                asked: one.asked,
                overdue: one.overdue,
                deadline: one.deadline.map(utc),
                disabled: one.disabled,
                charges: one.charges,
                payouts: one.payouts,
                since: one.since.map(utc),
                country: one.country,
                countries: Vec::new(),
            }
        }
    }

    /// It is worth another try in a moment.
    fn busy(code: &str) -> ApiError {
        ApiError {
            retry_after: Some(5),
            ..ApiError::new(ErrorKind::Busy, code)
        }
    }

    impl From<BeginError> for ApiError {
        fn from(e: BeginError) -> Self {
            match e {
                BeginError::Fields(fields) => fields.into(),
                BeginError::Unexpected(e) => e.into(),
                BeginError::ProviderDown => busy("connect_unavailable"),
                e @ (BeginError::NotOffered | BeginError::Refused(_)) => {
                    tracing::warn!(error = %e, "an account was not made");
                    Self::conflict(e.code())
                }
            }
        }
    }

    impl From<PageError> for ApiError {
        fn from(e: PageError) -> Self {
            match e {
                PageError::Unexpected(e) => e.into(),
                PageError::ProviderDown => busy("connect_unavailable"),
                e @ PageError::NotBegun => Self::conflict(e.code()),
            }
        }
    }
}
