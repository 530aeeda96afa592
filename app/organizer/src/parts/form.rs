//! What follows a form that went well.

use app_api::{ApiError, FormState};
use app_ui::{Button, ButtonKind, use_locale, use_toasts};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use locales::organizer as t;

/// Says that it is saved (as a toast in a living page, as a line otherwise) and reads again what the page shows.
pub fn saved<S>(form: FormState<S>, again: impl Fn() + 'static) -> AnyView
where
    S: ServerFn<Error = ApiError> + Clone + Send + Sync + 'static,
    S::Output: Send + Sync + 'static,
{
    let l = use_locale();
    let toasts = use_toasts();
    form.on_done(move || {
        toasts.success(t::saved(l));
        again();
    });
    let done = form.done();
    view! { <p class="saved" role="status" hidden=move || !done.get()>{t::saved(l)}</p> }.into_any()
}

/// The button of a small form and, beside it, why it was refused.
pub fn act<S>(form: FormState<S>, label: impl Into<String>, kind: ButtonKind) -> AnyView
where
    S: ServerFn<Error = ApiError> + Clone + Send + Sync + 'static,
    S::Output: Send + Sync + 'static,
{
    let error = form.form_error();
    let label = label.into();
    view! {
        <Button kind small=true pending=form.pending()>{label}</Button>
        {move || error.get().map(|text| view! { <p class="field-error-text" role="alert">{text}</p> })}
    }
    .into_any()
}
