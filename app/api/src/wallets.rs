//! Wallets of Ethereum: adding and removing them, and signing in. The browser's part stands in the pages: they ask for a text,
//! hand it to the wallet, and send its signature as a form.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::ApiError;

/// A text for the wallet to sign.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WalletQuestion {
    /// Comes back with the signature.
    pub token: String,
    pub text: String,
}

/// A wallet of the account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WalletView {
    pub address: String,
    /// Date it was added (UTC).
    pub added: jiff::civil::Date,
}

/// Asks a wallet to be tied to the account.
#[server]
pub async fn begin_wallet(address: String, chain: u64) -> Result<WalletQuestion, ApiError> {
    let ctx = crate::ctx()?;
    server::begin(&ctx, Some(ctx.session()?), address, chain).await
}

/// The wallet that has signed opens the account from now on.
#[server]
pub async fn add_wallet(token: String, signature: String) -> Result<(), ApiError> {
    let ctx = crate::ctx()?;
    let answer = server::answer(token, signature);
    Ok(services::accounts::add_wallet(&ctx.services, ctx.session()?, answer).await?)
}

/// Removes a wallet of the account.
#[server]
pub async fn remove_wallet(address: String) -> Result<(), ApiError> {
    let ctx = crate::ctx()?;
    if services::accounts::remove_wallet(&ctx.services, ctx.session()?, &address).await? {
        Ok(())
    } else {
        Err(ApiError::not_found())
    }
}

/// Asks a wallet to sign in.
#[server]
pub async fn begin_wallet_sign_in(address: String, chain: u64) -> Result<WalletQuestion, ApiError> {
    let ctx = crate::ctx()?;
    server::begin(&ctx, None, address, chain).await
}

/// Signs in with the wallet that has signed.
#[server]
pub async fn sign_in_wallet(
    token: String,
    signature: String,
    #[server(default)] next: String,
) -> Result<(), ApiError> {
    let ctx = crate::ctx()?;
    let answer = server::answer(token, signature);
    let entered = services::accounts::sign_in_by_wallet(&ctx.services, answer).await?;
    crate::accounts::go_in(&ctx, &entered, &next).await
}

#[cfg(feature = "ssr")]
mod server {
    use services::{
        accounts::{self, Wallet, WalletAnswer, WalletError, WalletRow},
        session::Session,
    };

    use super::{WalletQuestion, WalletView};
    use crate::{ApiError, Ctx, ErrorKind};

    pub(super) async fn begin(
        ctx: &Ctx,
        session: Option<&Session>,
        address: String,
        chain: u64,
    ) -> Result<WalletQuestion, ApiError> {
        let client = crate::accounts::client(ctx);
        let wallet = Wallet { address, chain };
        let asked = accounts::begin_wallet(&ctx.services, session, &wallet, &client).await?;
        Ok(WalletQuestion {
            token: asked.token,
            text: asked.text,
        })
    }

    pub(super) fn answer(token: String, signature: String) -> WalletAnswer {
        WalletAnswer {
            token,
            signature,
            user_agent: crate::accounts::user_agent(),
        }
    }

    impl From<WalletRow> for WalletView {
        fn from(row: WalletRow) -> Self {
            Self {
                address: row.address,
                added: jiff::tz::Offset::UTC.to_datetime(row.added_at).date(),
            }
        }
    }

    impl From<WalletError> for ApiError {
        fn from(e: WalletError) -> Self {
            match e {
                WalletError::Off => Self::gone("wallet_off"),
                WalletError::TooMany { retry_after } => Self::too_many(retry_after),
                WalletError::Over => Self::gone("passkey_over"),
                WalletError::Rejected => Self::new(ErrorKind::Invalid, "wallet_refused"),
                WalletError::Unknown => Self::new(ErrorKind::Invalid, "wallet_unknown"),
                WalletError::TiedElsewhere => Self::conflict("wallet_taken"),
                WalletError::Suspended => Self::new(ErrorKind::Forbidden, "account_suspended"),
                WalletError::Refused(refused) => refused.into(),
                WalletError::Unexpected(e) => e.into(),
            }
        }
    }
}
