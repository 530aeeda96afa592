//! A promo code for the basket: a field, or the code it has.

use app_api::{
    FormState,
    checkout::{CODE, CodeLine, RemovePromoCode, UsePromoCode},
};
use app_ui::{Button, ButtonKind, Disclosure, FormError, Notice, TextInput, Tone, use_locale};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use locales::{Locale, errors, faults, money, promo as t};

#[component]
pub fn PromoCode(token: String, promo: Option<CodeLine>) -> impl IntoView {
    match promo {
        Some(promo) => has(token, promo),
        None => asks(token),
    }
}

/// The code that is used, and the way to do without it.
fn has(token: String, promo: CodeLine) -> AnyView {
    let l = use_locale();
    let form = FormState::new::<RemovePromoCode>();
    let other = FormState::new::<UsePromoCode>();
    let saved = money::format(l, promo.saved);
    let refused = refusal(l, other).map(|text| {
        view! { <Notice tone=Tone::Warning>{text}</Notice> }
    });
    view! {
        <div class="promo">
            {refused}
            <p class="promo-used" role="status">{t::used(l, promo.code, saved)}</p>
            <form method="post" action=form.address()>
                <FormError error=form.form_error()/>
                <input type="hidden" name="token" value=token/>
                <Button kind=ButtonKind::Quiet small=true>{t::remove(l)}</Button>
            </form>
        </div>
    }
    .into_any()
}

fn asks(token: String) -> AnyView {
    let l = use_locale();
    let form = FormState::new::<UsePromoCode>();
    let refused = refusal(l, form);
    let open = refused.is_some();
    view! {
        <div class="promo">
            <Disclosure label=t::have_one(l) open>
                <form method="post" action=form.address() class="form">
                    <input type="hidden" name="token" value=token/>
                    <TextInput
                        name=CODE
                        id="promo-code"
                        label=t::code(l)
                        autocomplete="off"
                        maxlength=60
                        required=true
                        value=form.value_or(CODE, String::new())
                        error=refused
                    />
                    <Button kind=ButtonKind::Secondary>{t::apply(l)}</Button>
                </form>
            </Disclosure>
        </div>
    }
    .into_any()
}

/// Why the code takes nothing off: told by this form, or by the page where the tickets were chosen.
fn refusal(l: Locale, form: FormState) -> Option<String> {
    if form.failed() {
        return form.error(CODE).or_else(|| form.form_error());
    }
    let code = use_query_map().with_untracked(|q| q.get("refused"))?;
    Some(if code.starts_with("promo_") {
        faults::text(l, &code, &[])
    } else {
        errors::text(l, &code).to_owned()
    })
}
