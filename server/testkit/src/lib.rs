//! A small world for tests: a database of its own, a clock that is moved by hand, randomness that repeats, and ports
//! that remember what went through them.
//!
//! ```ignore
//! let w = World::new().await;
//! let event = w.event("Demo").ticket_type("Standing", 15_00, 100).published().await;
//! let placed = w.buyer("Ada").buys(&event, "Standing", 2).await?;
//! w.assert_sound().await;
//! ```
//!
//! Only for tests: it panics where a test should stop.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test stops where its world is broken"
)]

mod attack;
mod buyer;
mod clock;
mod database;
mod entropy;
mod event;
mod passes;
mod passkeys;
mod ports;
mod prices;
mod redis;
mod vies;
mod wallet;
mod world;

pub use attack::{Attack, figure, is_full, tries};
pub use buyer::Buyer;
pub use clock::MovableClock;
pub use database::TestDatabase;
pub use entropy::RepeatingEntropy;
pub use event::{Event, EventBuilder};
pub use passes::PassAuthority;
pub use passkeys::PasskeyDevice;
pub use ports::{BookkeepingGateway, CollectingMailer, MemoryFiles, NoCache, SentRefund};
pub use redis::RedisServer;
pub use vies::{ViesSays, ViesServer};
pub use wallet::TestWallet;
pub use world::{Organization, World};
