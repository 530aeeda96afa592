//! The real halves of the ports that `services` declares, and the settings they are made from.

mod assemble;
mod breached;
pub mod config;
mod local_files;
mod mailbox_folder;
mod memory_cache;
mod openid;
pub mod outbound;
mod passes;
mod payment_off;
mod redis_cache;
mod sandbox;
mod stripe;
mod vies;

pub use assemble::assemble;
pub use breached::BreachedList;
pub use local_files::LocalFiles;
pub use mailbox_folder::MailboxFolder;
pub use memory_cache::MemoryCache;
pub use openid::OpenId;
pub use passes::{AppleWallet, GoogleWallet};
pub use payment_off::PaymentOff;
pub use redis_cache::RedisCache;
pub use sandbox::Sandbox;
pub use stripe::Stripe;
pub use vies::Vies;
