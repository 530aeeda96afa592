//! Wallets: accounts of Ethereum that sign people in (Sign-In with Ethereum, ERC-4361). The person signs a text that names
//! this installation, in their own wallet; no chain is asked. A signature is one factor, so an authenticator is asked for still.
//!
//! A wallet has no address that mails reach, so it makes no account: it is tied to one from a session, which proves both.
//! Wallets that are contracts cannot sign in: only a chain could tell whether their signature is good (ERC-1271).

mod list;
mod message;
mod sign_in;

pub use list::{WalletRow, remove_wallet, wallets};
pub use sign_in::{
    Wallet, WalletAnswer, WalletQuestion, add_wallet, begin_wallet, sign_in_by_wallet,
};

use crate::{Services, Unexpected, permit::Refused, throttle};

/// The issuer of wallets among the identities that open accounts.
pub(super) const ETHEREUM: &str = "ethereum";

/// Why something with a wallet could not be done.
#[derive(Debug, thiserror::Error)]
pub enum WalletError {
    /// The operator does not want wallets.
    #[error("no wallets here")]
    Off,
    #[error("tried too often")]
    TooMany { retry_after: u32 },
    /// The question is unknown, answered or too old.
    #[error("begin again")]
    Over,
    /// What came is no address, or no signature of it under the question.
    #[error("the signature was not accepted")]
    Rejected,
    /// It opens no account. Only told to those who have the wallet.
    #[error("no account has this wallet")]
    Unknown,
    /// It opens somebody else's account.
    #[error("tied to an account")]
    TiedElsewhere,
    /// Only told to those who have the wallet.
    #[error("the account is suspended")]
    Suspended,
    #[error(transparent)]
    Refused(#[from] Refused),
    #[error(transparent)]
    Unexpected(#[from] Unexpected),
}

impl From<throttle::TooMany> for WalletError {
    fn from(many: throttle::TooMany) -> Self {
        Self::TooMany {
            retry_after: many.retry_after,
        }
    }
}

/// Whether wallets sign in here.
pub fn wallets_available(sv: &Services) -> bool {
    sv.settings.wallets
}
