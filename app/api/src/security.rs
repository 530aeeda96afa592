//! The second factor: turning it on and off, signing in with it, and showing once more who one is.

use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use serde::{Deserialize, Serialize};

use crate::{ApiError, passkeys::PasskeyView, wallets::WalletView};

/// The security page of one's account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecurityView {
    pub email: String,
    /// Since when an authenticator is asked for (UTC).
    pub since: Option<jiff::civil::Date>,
    /// What was begun and waits for its first code.
    pub begun: Option<AuthenticatorView>,
    /// There is a second factor, and this session has not shown it: it changes none.
    pub not_shown: bool,
    pub recovery_codes_left: u32,
    /// Whether browsers have passkeys for this address.
    pub passkeys_available: bool,
    pub passkeys: Vec<PasskeyView>,
    /// `None` where wallets do not sign in.
    pub wallets: Option<Vec<WalletView>>,
    /// By which name people know the provider of accounts, if there is one.
    pub provider: Option<String>,
    /// Since when an account there opens this one (UTC).
    pub provider_since: Option<jiff::civil::Date>,
}

/// A secret for a device to learn.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthenticatorView {
    /// As a picture.
    pub qr: String,
    /// The same for devices on which it is set up by a link.
    pub link: String,
    /// The same to be typed.
    pub typed: String,
}

/// Codes that are shown once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecoveryCodesView {
    pub codes: Vec<String>,
}

#[server(input = GetUrl)]
pub async fn security() -> Result<SecurityView, ApiError> {
    let ctx = crate::ctx()?;
    let session = ctx.session()?;
    let found = services::accounts::second_factor(&ctx.services, session).await?;
    let begun = match found.begun {
        None => None,
        Some(begun) => Some(AuthenticatorView {
            qr: services::qr::svg(&begun.uri)?,
            link: begun.uri,
            typed: begun.typed,
        }),
    };
    let wallets = if services::accounts::wallets_available(&ctx.services) {
        let rows = services::accounts::wallets(&ctx.services, session).await?;
        Some(rows.into_iter().map(WalletView::from).collect())
    } else {
        None
    };
    Ok(SecurityView {
        email: session.email.clone(),
        since: found
            .since
            .map(|at| jiff::tz::Offset::UTC.to_datetime(at).date()),
        begun,
        not_shown: found.not_shown,
        recovery_codes_left: u32::try_from(found.recovery_codes_left).unwrap_or(0),
        passkeys_available: services::accounts::passkeys_available(&ctx.services),
        passkeys: services::accounts::passkeys(&ctx.services, session)
            .await?
            .into_iter()
            .map(PasskeyView::from)
            .collect(),
        wallets,
        provider: services::accounts::provider_name(&ctx.services).map(str::to_owned),
        provider_since: services::accounts::provider_tied_since(&ctx.services, session)
            .await?
            .map(|at| jiff::tz::Offset::UTC.to_datetime(at).date()),
    })
}

/// Makes a secret for an authenticator.
#[server]
pub async fn begin_authenticator() -> Result<(), ApiError> {
    let ctx = crate::ctx()?;
    Ok(services::accounts::begin_authenticator(&ctx.services, ctx.session()?).await?)
}

/// Shows by a first code that a device has the secret.
#[server]
pub async fn confirm_authenticator(code: String) -> Result<RecoveryCodesView, ApiError> {
    let ctx = crate::ctx()?;
    let codes =
        services::accounts::confirm_authenticator(&ctx.services, ctx.session()?, &code).await?;
    Ok(RecoveryCodesView { codes })
}

#[server]
pub async fn turn_off_authenticator(code: String) -> Result<(), ApiError> {
    let ctx = crate::ctx()?;
    Ok(services::accounts::turn_off_authenticator(&ctx.services, ctx.session()?, &code).await?)
}

#[server]
pub async fn renew_recovery_codes(
    #[server(default)] code: String,
) -> Result<RecoveryCodesView, ApiError> {
    let ctx = crate::ctx()?;
    let codes =
        services::accounts::renew_recovery_codes(&ctx.services, ctx.session()?, &code).await?;
    Ok(RecoveryCodesView { codes })
}

/// The second step of signing in, by a code of the authenticator or a recovery code.
#[server]
pub async fn sign_in_code(code: String, #[server(default)] next: String) -> Result<(), ApiError> {
    let ctx = crate::ctx()?;
    let cmd = services::accounts::SignInCode {
        token: crate::context::half_sign_in().unwrap_or_default(),
        code,
        user_agent: crate::accounts::user_agent(),
    };
    let signed_in = services::accounts::sign_in_with_code(&ctx.services, cmd).await?;
    crate::context::forget_half_sign_in(&ctx)?;
    crate::accounts::enter(&ctx, &signed_in, &next).await
}

/// Shows once more who one is, and goes on to what asked for it.
#[server]
pub async fn prove_again(
    #[server(default)] code: String,
    #[server(default)] password: String,
    #[server(default)] next: String,
) -> Result<(), ApiError> {
    let ctx = crate::ctx()?;
    let proof = services::accounts::Proof { code, password };
    let renewed = services::accounts::prove_again(&ctx.services, ctx.session()?, proof).await?;
    crate::context::set_session_cookie(&ctx, &renewed)?;
    crate::context::redirect(if next.is_empty() { "/account" } else { &next });
    Ok(())
}

#[cfg(feature = "ssr")]
impl From<services::accounts::SecondFactorError> for ApiError {
    fn from(e: services::accounts::SecondFactorError) -> Self {
        use services::accounts::SecondFactorError;
        match e {
            SecondFactorError::Fields(fields) => fields.into(),
            SecondFactorError::TooMany { retry_after } => Self::too_many(retry_after),
            SecondFactorError::NotNow => Self::conflict("conflict"),
            SecondFactorError::Refused(refused) => refused.into(),
            SecondFactorError::Unexpected(e) => e.into(),
        }
    }
}
