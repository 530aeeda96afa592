//! Forms that work without WebAssembly, keep what was typed and show the server's faults beside their fields.
//!
//! ```ignore
//! let form = FormState::<SignIn>::new();
//! view! {
//!     <ActionForm action=form.action>
//!         <TextInput name="email" value=form.value("email") error=form.error("email")/>
//!         <Button pending=form.pending()>…</Button>
//!     </ActionForm>
//! }
//! ```
//! With WebAssembly the action carries the answer. Without it the server keeps the outcome of the submission for ten
//! minutes, sends the browser back with `?form=<id>`, and this page finds it again.

use crate::ApiError;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::use_query_map;
use locales::Locale;
use serde::{Deserialize, Serialize};
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

/// One form and the server function behind it.
pub struct FormState<S>
where
    S: ServerFn + 'static,
    S::Output: 'static,
    S::Error: 'static,
{
    /// For `<ActionForm action=…>`.
    pub action: ServerAction<S>,
    earlier: StoredValue<Option<Arc<FormOutcome>>>,
    failure: Signal<Option<ApiError>>,
    locale: Locale,
}

impl<S> Clone for FormState<S>
where
    S: ServerFn + 'static,
    S::Output: 'static,
    S::Error: 'static,
{
    fn clone(&self) -> Self {
        *self
    }
}

impl<S> Copy for FormState<S>
where
    S: ServerFn + 'static,
    S::Output: 'static,
    S::Error: 'static,
{
}

impl<S> FormState<S>
where
    S: ServerFn<Error = ApiError> + Clone + Send + Sync + 'static,
    S::Output: Send + Sync + 'static,
{
    /// The only form of its kind on the page.
    #[must_use]
    pub fn new() -> Self {
        Self::build(None)
    }

    /// One of several forms of the same kind: the one whose hidden input `name` has this value.
    #[must_use]
    pub fn of(name: &str, value: &str) -> Self {
        Self::build(Some((name, value)))
    }

    fn build(only: Option<(&str, &str)>) -> Self {
        let action = ServerAction::<S>::new();
        let found = earlier(S::PATH, only);
        let answer = action.value();
        let earlier_error = found.as_ref().and_then(|outcome| outcome.error.clone());
        let failure = Signal::derive(move || {
            answer.with(|answer| match answer {
                Some(Err(error)) => Some(error.clone()),
                Some(Ok(_)) => None,
                None => earlier_error.clone(),
            })
        });
        Self {
            action,
            earlier: StoredValue::new(found),
            failure,
            locale: use_context().unwrap_or_default(),
        }
    }

    /// Where a plain `<form method="post">` goes: for forms that lead to another page anyway, and so gain nothing from
    /// being sent by scripts.
    #[must_use]
    pub fn address(&self) -> &'static str {
        S::PATH
    }

    /// Whether an answer is being waited for.
    #[must_use]
    pub fn pending(&self) -> Signal<bool> {
        let pending = self.action.pending();
        Signal::derive(move || pending.get())
    }

    /// The whole refusal, if the last submission was refused.
    #[must_use]
    pub fn failure(&self) -> Signal<Option<ApiError>> {
        self.failure
    }

    /// Whether the last submission went well.
    #[must_use]
    pub fn done(&self) -> Signal<bool> {
        let answer = self.action.value();
        let earlier = self
            .earlier
            .with_value(|e| e.as_ref().is_some_and(|outcome| outcome.error.is_none()));
        Signal::derive(move || answer.with(|answer| answer.as_ref().map_or(earlier, Result::is_ok)))
    }

    /// The sentence for one field, if it is at fault.
    #[must_use]
    pub fn error(&self, field: impl Into<String>) -> Signal<Option<String>> {
        let (failure, locale, field) = (self.failure, self.locale, field.into());
        Signal::derive(move || {
            failure.with(|f| {
                f.as_ref()
                    .and_then(|error| error.field_text(locale, &field))
            })
        })
    }

    /// The sentence for the form as a whole.
    #[must_use]
    pub fn form_error(&self) -> Signal<Option<String>> {
        let (failure, locale) = (self.failure, self.locale);
        Signal::derive(move || failure.with(|f| f.as_ref().map(|error| error.text(locale))))
    }

    /// What was typed before the page came back, for the field's first value.
    #[must_use]
    pub fn value(&self, field: &str) -> Option<String> {
        self.earlier.with_value(|earlier| {
            let values = &earlier
                .as_ref()
                .filter(|outcome| outcome.error.is_some())?
                .values;
            values
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
        let was_sent = self
            .earlier
            .with_value(|e| e.as_ref().is_some_and(|outcome| outcome.error.is_some()));
        if was_sent {
            self.value(field).is_some()
        } else {
            initial
        }
    }

    /// Runs `then` in the browser each time an answer arrives that is not a refusal.
    pub fn on_done(&self, then: impl Fn() + 'static) {
        let answer = self.action.value();
        Effect::new(move |_| {
            if answer.with(|answer| matches!(answer, Some(Ok(_)))) {
                then();
            }
        });
    }
}

impl<S> Default for FormState<S>
where
    S: ServerFn<Error = ApiError> + Clone + Send + Sync + 'static,
    S::Output: Send + Sync + 'static,
{
    fn default() -> Self {
        Self::new()
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
