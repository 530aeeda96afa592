//! Asking the server for what a page shows.
//!
//! Every answer is the same opaque kind of thing until it is shown. The machinery that waits, renews and takes over what
//! the server wrote is therefore in the browser's files once and not once for each page, and so is the decoding of each
//! view model: whether it came with the page or was fetched later.

mod answer;
#[cfg(not(feature = "ssr"))]
mod fetch;

use std::marker::PhantomData;

use leptos::{prelude::*, server::codee::string::FromToStringCodec, server_fn::ServerFn};
use serde::{Serialize, de::DeserializeOwned};

pub use self::answer::Answer;
use crate::ApiError;

/// What is waited for, whatever it is.
pub type Awaited = Resource<Answer, FromToStringCodec>;

/// A server function that only reads. Its arguments are the question; asked by GET.
pub trait Question: ServerFn<Error = ApiError> + Serialize + Clone + Sync + 'static {
    type Found: Clone + Serialize + DeserializeOwned + Send + Sync + 'static;

    /// What is read, with its type.
    fn found(self) -> impl Future<Output = Result<Self::Found, ApiError>> + Send;
}

impl<F, T> Question for F
where
    F: ServerFn<Error = ApiError, Output = T> + Serialize + Clone + Sync + 'static,
    T: Clone + Serialize + DeserializeOwned + Send + Sync + 'static,
{
    type Found = T;

    async fn found(self) -> Result<T, ApiError> {
        self.run_body().await
    }
}

/// A question whose answer is on its way, to be asked again whenever the question changes.
pub struct Asked<T> {
    awaited: Awaited,
    found: PhantomData<fn() -> T>,
}

impl<T> Clone for Asked<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Asked<T> {}

impl<T: Clone + DeserializeOwned + 'static> Asked<T> {
    /// What is waited for, without its type.
    #[must_use]
    pub fn awaited(self) -> Awaited {
        self.awaited
    }

    /// What has been answered so far. Tracked.
    #[must_use]
    pub fn get(self) -> Option<Result<T, ApiError>> {
        Some(self.awaited.get()?.open())
    }

    /// What is answered.
    ///
    /// # Errors
    /// The refusal, as the server function gave it.
    pub async fn answer(self) -> Result<T, ApiError> {
        self.awaited.await.open()
    }

    /// Asks the same once more.
    pub fn refetch(self) {
        self.awaited.refetch();
    }
}

/// Asks what a page needs. On the server the page waits for the answer; in the browser the answer comes with the page, and
/// is fetched when the question becomes another one.
pub fn ask<F: Question>(question: impl Fn() -> F + Send + Sync + 'static) -> Asked<F::Found> {
    Asked {
        awaited: awaited(question),
        found: PhantomData,
    }
}

/// Asks once, now.
///
/// # Errors
/// The refusal, as the server function gave it.
#[cfg(feature = "ssr")]
pub async fn ask_once<F: Question>(question: F) -> Result<F::Found, ApiError> {
    question.found().await
}

/// Asks once, now.
///
/// # Errors
/// The refusal, as the server function gave it; `network` if there was none.
#[cfg(not(feature = "ssr"))]
pub async fn ask_once<F: Question>(question: F) -> Result<F::Found, ApiError> {
    fetch::answer(F::PATH, fetch::written(&question))
        .await
        .open()
}

#[cfg(feature = "ssr")]
fn awaited<F: Question>(question: impl Fn() -> F + Send + Sync + 'static) -> Awaited {
    /// A page on the server asks each question once.
    #[derive(Clone)]
    struct Once<F>(F);
    impl<F> PartialEq for Once<F> {
        fn eq(&self, _: &Self) -> bool {
            false
        }
    }
    Resource::new_str_blocking(
        move || Once(question()),
        |Once(question)| async move { Answer::from(question.found().await) },
    )
}

#[cfg(not(feature = "ssr"))]
fn awaited<F: Question>(question: impl Fn() -> F + Send + Sync + 'static) -> Awaited {
    fetch::awaited(F::PATH, Box::new(move || fetch::written(&question())))
}
