//! Events and how they reach the shop: made, signed, sent, tried again, and led astray on request.

mod deliver;
mod event;
mod hooks;
mod sign;

pub use deliver::deliver;
pub use event::register;
pub use hooks::Hooks;
pub use sign::signature;
