//! Signing in with an account elsewhere. The way there and back is made of plain addresses, because it leaves the site.

use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use serde::{Deserialize, Serialize};

use crate::ApiError;

/// Where the way to the provider begins.
pub const SIGN_IN: &str = "/sign-in/provider";
/// The same from a session, to connect the two accounts.
pub const CONNECT: &str = "/account/provider";
/// The key in the query under which a page finds why somebody is back without success.
pub const WHY_KEY: &str = "why";

/// The ways to sign in that an operator can add.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaysInView {
    /// By which name people know the provider.
    pub provider: Option<String>,
    /// Whether wallets sign in.
    pub wallets: bool,
}

/// Which ways there are.
#[server(input = GetUrl)]
pub async fn ways_in() -> Result<WaysInView, ApiError> {
    let sv = crate::ctx()?.services;
    Ok(WaysInView {
        provider: services::accounts::provider_name(&sv).map(str::to_owned),
        wallets: services::accounts::wallets_available(&sv),
    })
}

/// Cuts the tie to the account elsewhere.
#[server]
pub async fn untie_provider() -> Result<(), ApiError> {
    let ctx = crate::ctx()?;
    if services::accounts::untie_provider(&ctx.services, ctx.session()?).await? {
        Ok(())
    } else {
        Err(ApiError::not_found())
    }
}

/// The code of a refusal, as it stands in an address, if it is one of ours.
#[must_use]
pub fn known_reason(code: &str) -> Option<&str> {
    [
        "provider_over",
        "provider_rejected",
        "provider_unreachable",
        "provider_no_address",
        "provider_account_exists",
        "provider_tied_elsewhere",
        "account_suspended",
        "proof_needed",
    ]
    .contains(&code)
    .then_some(code)
}

#[cfg(feature = "ssr")]
impl From<services::accounts::ProviderError> for ApiError {
    fn from(error: services::accounts::ProviderError) -> Self {
        use services::accounts::ProviderError;

        use crate::ErrorKind;
        match error {
            ProviderError::None => Self::not_found(),
            ProviderError::TooMany { retry_after } => Self::too_many(retry_after),
            ProviderError::Over => Self::gone("provider_over"),
            ProviderError::Rejected => Self::new(ErrorKind::Invalid, "provider_rejected"),
            ProviderError::Unreachable => Self::new(ErrorKind::Busy, "provider_unreachable"),
            ProviderError::NoAddress => Self::new(ErrorKind::Invalid, "provider_no_address"),
            ProviderError::AccountExists => Self::conflict("provider_account_exists"),
            ProviderError::TiedElsewhere => Self::conflict("provider_tied_elsewhere"),
            ProviderError::Suspended => Self::new(ErrorKind::Forbidden, "account_suspended"),
            ProviderError::Refused(refused) => refused.into(),
            ProviderError::Unexpected(error) => error.into(),
        }
    }
}
