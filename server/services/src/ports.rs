//! The edge of the world: what Bilten needs from outside, so that tests can stand in for it.

mod book;
mod connect;
mod passes;
mod passwords;
mod payments;
mod vat;

use async_trait::async_trait;
use domain::when::Timestamp;
use serde::{Deserialize, Serialize};

pub use book::{BookLine, BookPage};
pub use connect::{ConnectGateway, NewAccount, NewAccountPage, NewTransfer};
pub use passes::{PassSigner, SaveSigner};
pub use passwords::BreachedPasswords;
pub use payments::{
    DisputeEvidence, InPage, KnownDispute, KnownPayment, KnownRefund, NewPayment, NewRefund,
    NotTaken, PaymentFields, PaymentGateway, PaymentPage, PaymentStanding, ProviderEvent,
    ProviderPayment, ProviderRefund, ProviderTold, Straight, WebhookError,
};
pub use vat::{VatRegister, VatTold};

pub trait Clock: Send + Sync {
    fn now(&self) -> Timestamp;
}

pub trait Entropy: Send + Sync {
    /// Fills with bytes from a cryptographic source.
    fn fill(&self, bytes: &mut [u8]);
}

/// A mail ready to go out.
#[derive(Debug, Clone)]
pub struct OutgoingMail {
    /// Unique per message; providers that honour it drop repeats. Becomes the Message-ID.
    pub key: String,
    pub from: String,
    pub to: String,
    pub subject: String,
    pub text: String,
    pub html: String,
    /// Pictures the HTML shows as `cid:<name>`.
    pub pictures: Vec<Attachment>,
    pub attachments: Vec<Attachment>,
    pub sent_at: Timestamp,
}

#[derive(Debug, Clone)]
pub struct Attachment {
    pub name: String,
    pub content_type: String,
    pub bytes: Vec<u8>,
}

/// Why a port could not do it.
#[derive(Debug, thiserror::Error)]
pub enum PortError {
    /// Worth another try later.
    #[error("temporarily unavailable: {0}")]
    Unavailable(String),
    /// Will never work as asked.
    #[error("refused: {0}")]
    Refused(String),
}

#[async_trait]
pub trait Mailer: Send + Sync {
    async fn send(&self, mail: &OutgoingMail) -> Result<(), PortError>;
    /// Mails of the mailbox folder, newest first; `None` where mails really leave.
    async fn mailbox(&self) -> Option<Vec<StoredMail>>;
}

/// A mail in the development mailbox.
#[derive(Debug, Clone)]
pub struct StoredMail {
    pub id: String,
    pub raw: Vec<u8>,
}

#[async_trait]
pub trait FileStore: Send + Sync {
    async fn put(&self, name: &str, bytes: Vec<u8>) -> Result<(), PortError>;
    async fn get(&self, name: &str) -> Result<Option<Vec<u8>>, PortError>;
    async fn delete(&self, name: &str) -> Result<(), PortError>;
}

/// How often something was counted, this time included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counted {
    pub tries: u32,
    /// Until it is forgotten.
    pub seconds_left: u32,
}

/// Counts that may vanish at any time without lasting harm. Where several processes serve, they may have them in common.
#[async_trait]
pub trait Cache: Send + Sync {
    /// Counts `key` once more, each time as a step of its own however many come at once. The first time begins a span of
    /// so many seconds; at its end all is forgotten.
    async fn count(&self, key: &str, seconds: u32) -> Counted;

    async fn forget(&self, key: &str);

    /// Holds `key` to so many in a second, and so many at once after a pause (neither is 0), over all processes. Refused:
    /// seconds until the next one is welcome. Each process has its own pace besides; one that shares nothing adds nothing.
    async fn pace(&self, _key: &str, _per_second: u32, _at_once: u32) -> Result<(), u32> {
        Ok(())
    }
}

/// The real clock and the operating system's randomness.
pub struct System;

impl Clock for System {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the port everything else asks"
    )]
    fn now(&self) -> Timestamp {
        let now = Timestamp::now();
        // PostgreSQL keeps microseconds: what is written must equal what is read.
        now.round(jiff::Unit::Microsecond).unwrap_or(now)
    }
}

impl Entropy for System {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the port everything else asks"
    )]
    fn fill(&self, bytes: &mut [u8]) {
        if let Err(e) = getrandom::fill(bytes) {
            // Without randomness no secret can be made; going on would make guessable ones.
            tracing::error!(error = %e, "the operating system gives no randomness");
            std::process::abort();
        }
    }
}

/// Somebody as a provider of accounts knows them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The provider's own address; with `subject` it names the person for ever.
    pub issuer: String,
    pub subject: String,
    pub email: Option<String>,
    /// Whether the provider has made sure that the address is theirs.
    pub email_verified: bool,
    pub name: String,
}

/// What a browser is sent to a provider with, and what its answer is held against.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ProviderQuestion {
    pub url: String,
    pub state: String,
    pub nonce: String,
    /// Proves to the provider that the code is redeemed by who asked (RFC 7636).
    pub verifier: String,
}

/// Somebody else who knows people: an OpenID provider.
#[async_trait]
pub trait SignInProvider: Send + Sync {
    /// By which people know it.
    fn name(&self) -> &str;
    /// A new question; `return_to` is where the browser comes back to.
    async fn question(&self, return_to: &str) -> Result<ProviderQuestion, PortError>;
    /// Redeems the code that the browser brought. `issuer` is who claims to have given it, where that is said.
    async fn answer(
        &self,
        question: &ProviderQuestion,
        code: &str,
        issuer: Option<&str>,
        return_to: &str,
    ) -> Result<Identity, PortError>;
}
