//! What follows a form that went well.

use app_api::FormState;
use app_ui::{Button, ButtonKind, use_locale, use_toasts};
use leptos::prelude::*;
use locales::organizer as t;

/// Says that it is saved: as a toast in a living page, which may be scrolled anywhere, as a line otherwise.
pub fn saved(form: FormState) -> AnyView {
    if !form.done() {
        return ().into_any();
    }
    let l = use_locale();
    let line = RwSignal::new(true);
    let toasts = use_toasts();
    Effect::new(move || {
        line.set(false);
        toasts.success(t::saved(l));
    });
    view! { <p class="saved" role="status" hidden=move || !line.get()>{t::saved(l)}</p> }.into_any()
}

/// The button of a small form and, beside it, why it was refused.
pub fn act(form: FormState, label: impl Into<String>, kind: ButtonKind) -> AnyView {
    let label = label.into();
    view! {
        <Button kind small=true>{label}</Button>
        {form.form_error().map(|text| view! { <p class="field-error-text" role="alert">{text}</p> })}
    }
    .into_any()
}
