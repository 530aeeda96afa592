//! Accounts of organizers at the payment provider, connected to the platform's.

use async_trait::async_trait;
use domain::{connect::Facts, ids::PayoutId, money::Money};
use uuid::Uuid;

use super::{PortError, ProviderPayment};

/// An account to be made for an organization.
#[derive(Debug, Clone)]
pub struct NewAccount {
    /// Ours. The same one is the same account.
    pub account: Uuid,
    /// Two large letters.
    pub country: String,
    pub email: String,
    pub name: String,
}

/// A way to the provider's page on which an organizer tells about themselves; good once and for minutes.
#[derive(Debug, Clone)]
pub struct NewAccountPage {
    /// The provider's name of the account.
    pub account_ref: String,
    /// Where they come back to, however far they got.
    pub return_url: String,
    /// Where a new way is to be had, when this one is used up.
    pub refresh_url: String,
}

/// Money of the platform to a connected account.
#[derive(Debug, Clone)]
pub struct NewTransfer {
    pub payout: PayoutId,
    /// Counts from 1; another one after a try that was refused.
    pub attempt: u32,
    pub account_ref: String,
    pub amount: Money,
    pub description: String,
}

/// What a provider with connected accounts can do.
#[async_trait]
pub trait ConnectGateway: Send + Sync {
    /// Makes an account and answers the provider's name for it. Idempotent by `account`.
    async fn open_account(&self, account: &NewAccount) -> Result<String, PortError>;

    /// The address of the page.
    async fn account_page(&self, page: &NewAccountPage) -> Result<String, PortError>;

    /// How it stands; `None` when it is not connected any more.
    async fn find_account(&self, account_ref: &str) -> Result<Option<Facts>, PortError>;

    /// Sends, and answers the provider's name for it. Idempotent by payout and attempt. Refused means that no money left.
    async fn transfer(&self, transfer: &NewTransfer) -> Result<String, PortError>;

    /// The provider's name for what was sent for a payout; `None` where nothing was.
    async fn find_transfer(&self, transfer: &NewTransfer) -> Result<Option<String>, PortError>;

    /// Gives so much of the platform's fee on a payment back that it is this much in all. Again is fine.
    async fn return_fee(&self, of: &ProviderPayment, in_all: Money) -> Result<(), PortError>;
}
