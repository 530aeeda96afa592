//! Keeps one piece of work that panics from taking others with it.

use std::{
    any::Any,
    panic::{AssertUnwindSafe, catch_unwind},
};

use futures::FutureExt as _;

use crate::Unexpected;

/// A panic of this piece of work is its own failure. What it had begun in the database is rolled back.
pub async fn unharmed<T>(
    work: impl Future<Output = Result<T, Unexpected>>,
) -> Result<T, Unexpected> {
    let outcome = AssertUnwindSafe(work).catch_unwind().await;
    outcome.unwrap_or_else(|panic| Err(panicked(panic.as_ref())))
}

/// The same for work that needs no waiting.
pub(crate) fn unharmed_now<T>(work: impl FnOnce() -> T) -> Result<T, Unexpected> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|panic| panicked(panic.as_ref()))
}

fn panicked(panic: &(dyn Any + Send)) -> Unexpected {
    let said = panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    Unexpected::new("panic", said.unwrap_or("without a word"))
}
