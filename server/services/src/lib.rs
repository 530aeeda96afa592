//! The use cases of Bilten over PostgreSQL and a few ports. Owns all SQL.
//!
//! One folder per business noun, one file per use case. A use case opens a transaction for a scope, loads with
//! lock, lets `domain` decide, writes, announces through the outbox, commits. Nothing here renders or speaks HTTP.

pub mod accounts;
pub mod approvals;
pub mod audit;
mod batcher;
pub mod books;
pub mod catalog;
pub mod checkin;
pub mod checkout;
pub mod connect;
pub mod db;
pub mod demo;
pub mod disputes;
pub mod doctor;
pub mod error;
mod even;
pub mod events;
pub mod fees;
pub mod files;
mod household;
mod idempotency;
pub mod invoices;
pub mod jobs;
pub mod ledger;
pub mod live;
mod lookup;
pub mod messaging;
pub mod misses;
pub mod moderation;
pub mod orders;
pub mod organizers;
mod origin;
pub mod outbox;
pub mod paging;
pub mod passes;
pub mod passing;
pub mod payments;
pub mod payouts;
pub mod permit;
pub mod phases;
pub mod ports;
pub mod prices;
pub mod privacy;
pub mod promo;
pub mod qr;
mod queues;
pub mod reseal;
mod rows;
pub mod seal;
pub mod search;
mod security_log;
pub mod session;
mod sheet;
pub mod stage;
mod stock;
pub mod team;
mod throttle;
pub mod tickets;
pub mod transfers;
pub mod vat;
pub mod waiting_room;
pub mod work;
pub mod zone;

use std::{ops::Deref, sync::Arc};

use domain::when::Timestamp;
pub use error::Unexpected;
pub use household::household;
pub use origin::Origin;
pub use queues::Queues;
use uuid::Uuid;

use crate::{
    db::Db,
    live::Live,
    ports::{
        BreachedPasswords, Cache, Clock, Entropy, FileStore, Mailer, PassSigner, PaymentGateway,
        SaveSigner, SignInProvider, VatRegister,
    },
    seal::Seal,
};

/// What the operator decided and use cases need to know.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Scheme, host and port under which people reach this installation; no slash at the end.
    pub public_url: String,
    /// How long chosen tickets are kept for a buyer.
    pub hold: jiff::SignedDuration,
    /// What one extension adds.
    pub hold_extension: jiff::SignedDuration,
    /// How many reservations of one event an address may have at a time; 0: any number.
    pub holds_per_address: u32,
    /// So many wishes for one event may wait before those without a proof of work are sent away; 0: any number.
    pub crowd: u32,
    /// Whether wallets of Ethereum sign in.
    pub wallets: bool,
    /// Sender of mails, `Name <address>`.
    pub mail_from: String,
}

/// Everything a use case works with. Cheap to clone.
#[derive(Clone)]
pub struct Services(Arc<Parts>);

/// The parts of [`Services`], to be put together by the binary or the test.
pub struct Parts {
    pub db: Db,
    pub clock: Arc<dyn Clock>,
    pub entropy: Arc<dyn Entropy>,
    pub mailer: Arc<dyn Mailer>,
    pub payments: Arc<dyn PaymentGateway>,
    /// Where people may sign in with an account they have elsewhere.
    pub provider: Option<Arc<dyn SignInProvider>>,
    /// Who knows passwords that others have lost.
    pub breached: Option<Arc<dyn BreachedPasswords>>,
    /// Who knows which VAT ids were given out; where nobody is asked, an id counts by its form.
    pub vat_register: Option<Arc<dyn VatRegister>>,
    /// Who signs tickets for the wallets of phones.
    pub apple_wallet: Option<Arc<dyn PassSigner>>,
    pub google_wallet: Option<Arc<dyn SaveSigner>>,
    pub files: Arc<dyn FileStore>,
    pub cache: Arc<dyn Cache>,
    pub seal: Seal,
    pub live: Live,
    pub queues: Queues,
    pub counts: checkin::Counts,
    pub reporters: checkin::Reporters,
    pub rooms: waiting_room::Rooms,
    pub addresses: waiting_room::Addresses,
    pub proofs: checkout::Proofs,
    pub facets: search::KeptFacets,
    pub settings: Settings,
}

impl Deref for Services {
    type Target = Parts;
    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl Services {
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }

    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// A new time-ordered id (UUID version 7, RFC 9562).
    pub fn new_id(&self) -> Uuid {
        let millis = u64::try_from(self.clock.now().as_millisecond()).unwrap_or(0);
        let mut random = [0; 10];
        self.entropy.fill(&mut random);
        uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
    }

    /// New ids, each one more than the one before: a list of them is short to tell. At most 65,536 of them.
    pub fn new_ids(&self) -> impl Iterator<Item = Uuid> + use<> {
        let first = self.new_id().as_u128() & !0xffff;
        (0..=0xffff).map(move |number| Uuid::from_u128(first | number))
    }

    /// A secret for a link or a cookie: 160 random bits as 32 characters of base 32 (RFC 4648, lower case).
    pub fn new_secret(&self) -> String {
        let mut bytes = [0; 20];
        self.entropy.fill(&mut bytes);
        seal::base32(&bytes)
    }
}
