//! A mailed link that is opened in another browser than the one that asked for it: that one shows six digits, which are typed here.

use app_api::{FormState, accounts::asked_code};
use app_ui::TextInput;
use leptos::prelude::*;
use locales::{Locale, accounts as t};

/// Said where a link that signs in was asked for, or one for a new password (`reset`).
pub(super) fn digits(l: Locale, reset: bool) -> AnyView {
    match asked_code(reset) {
        Some(code) => view! {
            <p>{t::link_code_text(l)}</p>
            <p class="link-code"><bdi dir="ltr">{code}</bdi></p>
        }
        .into_any(),
        None => ().into_any(),
    }
}

/// Asked for in a browser that did not ask for the link.
pub(super) fn field(l: Locale, form: FormState, here: bool) -> AnyView {
    let error = form.error("link_code");
    if here && error.is_none() {
        return ().into_any();
    }
    view! {
        <TextInput
            name="link_code"
            label=t::link_code(l)
            hint=t::link_code_hint(l)
            error
            autocomplete="one-time-code"
            required=true
        />
    }
    .into_any()
}
