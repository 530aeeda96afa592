//! `…/new` and `…/many`: one code, or many that begin alike. The event is chosen first, in the address, because what else can
//! be chosen hangs on it.

use app_api::query::use_query_map;
use app_api::{
    FormState, ask,
    promo::{CreatePromoCode, CreatePromoCodes, PromoChoices, PromoChoicesView, PromoForm},
};
use app_ui::{Button, ButtonKind, Choice, FormError, LinkButton, Select, TextInput, use_locale};
use leptos::prelude::*;
use locales::{Locale, promo as t};

use super::form::fields;
use crate::parts::{Frame, loaded, use_part};

#[component]
pub fn NewPromoCodePage() -> impl IntoView {
    page(use_locale(), false)
}

#[component]
pub fn ManyPromoCodesPage() -> impl IntoView {
    page(use_locale(), true)
}

fn page(l: Locale, many: bool) -> AnyView {
    let organization = use_part("org");
    let query = use_query_map();
    let event = Memo::new(move |_| query.with(|q| q.get("event").unwrap_or_default()));
    let found = ask(move || PromoChoices {
        organization: organization.get(),
        event: event.get(),
    });
    let title = if many {
        t::many_title(l)
    } else {
        t::new_title(l)
    };
    view! {
        <Frame title>
            {loaded(found, move |choices| show(&organization.get_untracked(), &choices, many))}
        </Frame>
    }
    .into_any()
}

fn show(organization: &str, choices: &PromoChoicesView, many: bool) -> AnyView {
    let l = use_locale();
    let base = format!("/organize/{organization}/promo-codes");
    let here = if many {
        format!("{base}/many")
    } else {
        format!("{base}/new")
    };
    let lead = many.then(|| view! { <p class="lead">{t::many_lead(l)}</p> });
    let form = if many {
        many_form(l, organization, choices, base)
    } else {
        one_form(l, organization, choices, base)
    };
    view! {
        {lead}
        {event_choice(l, here, choices)}
        {form}
    }
    .into_any()
}

fn event_choice(l: Locale, here: String, choices: &PromoChoicesView) -> AnyView {
    let all = std::iter::once(Choice::new("", t::all_events(l)))
        .chain(
            choices
                .events
                .iter()
                .map(|(id, title)| Choice::new(id.clone(), title.clone())),
        )
        .collect();
    let selected = choices.event.clone().unwrap_or_default();
    view! {
        <form action=here class="form-row">
            <Select name="event" label=t::field_event(l) hint=t::field_event_hint(l) choices=all selected/>
            <Button kind=ButtonKind::Secondary>{t::choose_event(l)}</Button>
        </form>
    }
    .into_any()
}

fn one_form(l: Locale, organization: &str, choices: &PromoChoicesView, back: String) -> AnyView {
    let form = FormState::new::<CreatePromoCode>();
    let fields = fields(form, choices, &PromoForm::default());
    view! {
        <form method="post" action=form.address() class="form">
            <FormError error=form.form_error()/>
            <input type="hidden" name="organization" value=organization.to_owned()/>
            <TextInput
                name="form[code]"
                label=t::field_code(l)
                hint=t::field_code_hint(l)
                autocomplete="off"
                maxlength=40
                required=true
                value=form.value_or("form[code]", String::new())
                error=form.error("code")
            />
            {fields}
            <div class="form-actions">
                <Button>{t::create(l)}</Button>
                <LinkButton href=back kind=ButtonKind::Quiet>{t::show_all(l)}</LinkButton>
            </div>
        </form>
    }
    .into_any()
}

fn many_form(l: Locale, organization: &str, choices: &PromoChoicesView, back: String) -> AnyView {
    let form = FormState::new::<CreatePromoCodes>();
    let before = PromoForm {
        max_uses: "1".to_owned(),
        ..PromoForm::default()
    };
    let fields = fields(form, choices, &before);
    view! {
        <form method="post" action=form.address() class="form">
            <FormError error=form.form_error()/>
            <input type="hidden" name="organization" value=organization.to_owned()/>
            <TextInput
                name="number"
                label=t::number(l)
                hint=t::number_hint(l, choices.most)
                inputmode="numeric"
                required=true
                value=form.value_or("number", String::new())
                error=form.error("number")
            />
            <TextInput
                name="form[code]"
                label=t::prefix(l)
                hint=t::prefix_hint(l)
                autocomplete="off"
                maxlength=20
                value=form.value_or("form[code]", String::new())
                error=form.error("code")
            />
            {fields}
            <div class="form-actions">
                <Button>{t::make_many(l)}</Button>
                <LinkButton href=back kind=ButtonKind::Quiet>{t::show_all(l)}</LinkButton>
            </div>
        </form>
    }
    .into_any()
}
