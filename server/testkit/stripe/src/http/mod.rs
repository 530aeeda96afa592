//! What every request goes through before and after its work: the key, faults, idempotency, expansion.

mod auth;
mod call;
mod expand;
mod fault;
mod idempotency;
mod serve;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

pub use call::Call;
pub use fault::Fault;
pub use idempotency::Kept;
pub use serve::serve;

use crate::state::State;

/// The state, shared by requests and the background work.
#[derive(Debug, Clone)]
pub struct App(Arc<Mutex<State>>);

impl App {
    /// Shares a state.
    pub fn new(state: State) -> Self {
        App(Arc::new(Mutex::new(state)))
    }

    /// The state, for a short while: never across an `await`.
    pub fn lock(&self) -> MutexGuard<'_, State> {
        // A test that panics inside of the lock must not take the others with it.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
