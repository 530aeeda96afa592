//! A promo code for the basket: a field, or the code it has. Both belong to the form with the details, though they stand beside
//! it, so that nothing that was typed there is lost.

use app_api::query::use_query_map;
use app_api::{
    FormState,
    checkout::{CODE, CodeLine, PlaceOrder, RemovePromoCode, UsePromoCode},
};
use app_ui::{Button, ButtonKind, Disclosure, FormError, Notice, TextInput, Tone, use_locale};
use leptos::prelude::*;
use locales::{Locale, errors, faults, money, promo as t};

use super::details::DETAILS;

#[component]
pub fn PromoCode(promo: Option<CodeLine>) -> impl IntoView {
    let now = match promo {
        Some(promo) => has(promo),
        None => asks(),
    };
    view! {
        <div class="promo">
            // Enter presses the first button of a form. In the code's field it takes the code, elsewhere it goes on: the function
            // behind this one does either, and answers for what is missing.
            <button class="sr-only" form=DETAILS formnovalidate=true tabindex="-1" aria-hidden="true"></button>
            {now}
        </div>
    }
}

/// The code that is used, and the way to do without it.
fn has(promo: CodeLine) -> AnyView {
    let l = use_locale();
    let form = FormState::new::<RemovePromoCode>();
    let saved = money::format(l, promo.saved);
    let refused = refusal(l).map(|text| {
        view! { <Notice tone=Tone::Warning>{text}</Notice> }
    });
    view! {
        {refused}
        <p class="promo-used" role="status">{t::used(l, promo.code, saved)}</p>
        <FormError error=form.form_error()/>
        <div>
            <Button kind=ButtonKind::Quiet small=true form=DETAILS to=form.address()>
                {t::remove(l)}
            </Button>
        </div>
    }
    .into_any()
}

fn asks() -> AnyView {
    let l = use_locale();
    let form = FormState::new::<UsePromoCode>();
    let refused = refusal(l);
    let open = refused.is_some();
    // Taken with the details, it is still there when these are at fault.
    let typed = form
        .value(CODE)
        .or_else(|| FormState::new::<PlaceOrder>().value(CODE));
    view! {
        <Disclosure label=t::have_one(l) open>
            <div class="form">
                <TextInput
                    name=CODE
                    id="promo-code"
                    label=t::code(l)
                    autocomplete="off"
                    maxlength=60
                    value=typed
                    error=refused
                    form=DETAILS
                />
                <Button kind=ButtonKind::Secondary form=DETAILS to=form.address()>
                    {t::apply(l)}
                </Button>
            </div>
        </Disclosure>
    }
    .into_any()
}

/// Why the code takes nothing off: told by its button, by the form, or by the page where the tickets were chosen.
fn refusal(l: Locale) -> Option<String> {
    let button = FormState::new::<UsePromoCode>();
    if button.failed() {
        return button.error(CODE).or_else(|| button.form_error());
    }
    let form = FormState::new::<PlaceOrder>();
    if let Some(text) = form.error(CODE) {
        return Some(text);
    }
    // What was said of an earlier code is over once another was taken, or this one was let go.
    let since = [button, form, FormState::new::<RemovePromoCode>()];
    if since.iter().any(FormState::done) {
        return None;
    }
    let code = use_query_map().with_untracked(|q| q.get("refused"))?;
    Some(if code.starts_with("promo_") {
        faults::text(l, &code, &[])
    } else {
        errors::text(l, &code).to_owned()
    })
}
