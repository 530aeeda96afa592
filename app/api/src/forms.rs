//! Forms that keep what was typed and show the server's faults beside their fields.
//!
//! ```ignore
//! let form = FormState::new::<SignIn>();
//! view! {
//!     <form method="post" action=form.address()>
//!         <TextInput name="email" value=form.value("email") error=form.error("email")/>
//!         <Button>…</Button>
//!     </form>
//! }
//! ```
//! A form is sent by the browser itself, with or without scripts: the server keeps the outcome of the submission for
//! ten minutes and sends the browser back with `?form=<id>`, where this page finds it again. One way for everybody is
//! less to load, and less that can break, than a second one for pages that have been taken over.

use crate::ApiError;
use crate::query::use_query_map;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use locales::Locale;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::sync::Arc;

/// The key in the query under which a page finds the outcome of the submission it follows.
pub const FORM_KEY: &str = "form";

/// What a plain submission left behind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormOutcome {
    pub id: String,
    /// Address of the server function.
    pub path: String,
    /// What was typed, without anything secret.
    pub values: Vec<(String, String)>,
    /// `None`: it went well.
    pub error: Option<ApiError>,
    /// What the function answered when it went well, as JSON.
    pub answer: Option<String>,
}

/// The outcome this page was loaded with.
#[derive(Clone)]
struct LastForm(Option<Arc<FormOutcome>>);

/// Hands the outcome that the server found for this page to all forms of the page, the same on both sides. Called once
/// at the root.
pub fn provide_last_form() {
    let outcome = SharedValue::new(use_context::<FormOutcome>).into_inner();
    provide_context(LastForm(outcome.map(Arc::new)));
}

/// One form: where it goes, and what became of it the last time.
#[derive(Clone, Copy)]
pub struct FormState {
    address: &'static str,
    earlier: StoredValue<Option<Arc<FormOutcome>>>,
    /// Whose fields are filled in again.
    typed: StoredValue<Option<Arc<FormOutcome>>>,
    locale: Locale,
}

impl FormState {
    /// The only form of its kind on the page.
    #[must_use]
    pub fn new<S: ServerFn>() -> Self {
        Self::build(S::PATH, None)
    }

    /// One of several forms of the same kind: the one whose hidden input `name` has this value.
    #[must_use]
    pub fn of<S: ServerFn>(name: &str, value: &str) -> Self {
        Self::build(S::PATH, Some((name, value)))
    }

    fn build(address: &'static str, only: Option<(&str, &str)>) -> Self {
        let earlier = earlier(address, only);
        let refused = earlier.clone().filter(|outcome| outcome.error.is_some());
        Self {
            address,
            earlier: StoredValue::new(earlier),
            typed: StoredValue::new(refused),
            locale: use_context().unwrap_or_default(),
        }
    }

    /// A form with buttons that send it to other functions (`formaction`): what was typed stays, whichever was pressed and
    /// whether it went well or not.
    #[must_use]
    pub fn keeping(self, buttons: &[&'static str]) -> Self {
        let kept = std::iter::once(&self.address)
            .chain(buttons)
            .find_map(|path| earlier(path, None));
        self.typed.set_value(kept);
        self
    }

    /// For `<form method="post" action=…>`.
    #[must_use]
    pub fn address(&self) -> &'static str {
        self.address
    }

    /// The whole refusal, if the last submission was refused.
    #[must_use]
    pub fn failure(&self) -> Option<ApiError> {
        self.earlier
            .with_value(|earlier| earlier.as_ref().and_then(|outcome| outcome.error.clone()))
    }

    /// Whether the last submission was refused.
    #[must_use]
    pub fn failed(&self) -> bool {
        self.earlier
            .with_value(|e| e.as_ref().is_some_and(|outcome| outcome.error.is_some()))
    }

    /// Whether the last submission went well.
    #[must_use]
    pub fn done(&self) -> bool {
        self.earlier
            .with_value(|e| e.as_ref().is_some_and(|outcome| outcome.error.is_none()))
    }

    /// What the function answered, when the last submission went well and it did not lead elsewhere.
    #[must_use]
    pub fn answer<T: DeserializeOwned>(&self) -> Option<T> {
        self.earlier.with_value(|earlier| {
            let answer = earlier.as_ref()?.answer.as_deref()?;
            serde_json::from_str(answer).ok()
        })
    }

    /// The sentence for one field, if it is at fault.
    #[must_use]
    pub fn error(&self, field: &str) -> Option<String> {
        self.failure()?.field_text(self.locale, field)
    }

    /// The sentence for the form as a whole.
    #[must_use]
    pub fn form_error(&self) -> Option<String> {
        Some(self.failure()?.text(self.locale))
    }

    /// What was typed before the page came back, for the field's first value.
    #[must_use]
    pub fn value(&self, field: &str) -> Option<String> {
        self.typed.with_value(|typed| {
            typed
                .as_ref()?
                .values
                .iter()
                .find(|(name, _)| name == field)
                .map(|(_, value)| value.clone())
        })
    }

    /// What was typed before, else `initial`.
    #[must_use]
    pub fn value_or(&self, field: &str, initial: impl Into<String>) -> String {
        self.value(field).unwrap_or_else(|| initial.into())
    }

    /// Whether a box was ticked before; `initial` when the form has not been sent. (A box that is not ticked sends
    /// nothing.)
    #[must_use]
    pub fn checked(&self, field: &str, initial: bool) -> bool {
        if self.typed.with_value(Option::is_some) {
            self.value(field).is_some()
        } else {
            initial
        }
    }
}

/// The outcome kept for this function, if the address of the page still asks for it.
fn earlier(path: &str, only: Option<(&str, &str)>) -> Option<Arc<FormOutcome>> {
    let outcome = use_context::<LastForm>()?.0?;
    let asked = use_query_map()
        .with_untracked(|query| query.get_str(FORM_KEY) == Some(outcome.id.as_str()));
    let same = outcome.path == path
        && only.is_none_or(|(name, value)| {
            outcome.values.iter().any(|(n, v)| n == name && v == value)
        });
    (asked && same).then_some(outcome)
}
