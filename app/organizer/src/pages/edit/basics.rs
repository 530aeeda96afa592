//! `…/edit`: title, summary, category, language, currency.

use app_api::{
    FormState,
    events::{EventView, SetEventBasics},
};
use app_ui::{Button, FormError, Select, TextInput, use_locale};
use leptos::prelude::*;
use locales::organizer as t;

use super::{Part, editor, the_event};
use crate::parts::{category_choices, currency_choices, language_choices, saved};

#[component]
pub fn BasicsPage() -> impl IntoView {
    let found = the_event();
    editor(Part::Basics, found, show)
}

fn show(event: EventView) -> AnyView {
    let l = use_locale();
    let form = FormState::new::<SetEventBasics>();
    let saved = saved(form);
    let hint = if event.sold {
        t::currency_fixed(l)
    } else {
        t::currency_hint(l)
    };
    view! {
        <form method="post" action=form.address() class="form" novalidate=true>
            <FormError error=form.form_error()/>
            {saved}
            <input type="hidden" name="event" value=event.slug/>
            <TextInput
                name="title"
                label=t::title(l)
                value=form.value_or("title", event.title)
                error=form.error("title")
                maxlength=160
                required=true
            />
            <TextInput
                name="summary"
                label=t::summary(l)
                hint=t::summary_hint(l)
                value=form.value_or("summary", event.summary)
                error=form.error("summary")
                maxlength=200
            />
            <div class="form-row">
                <Select
                    name="category"
                    label=t::category(l)
                    choices=category_choices(l)
                    selected=form.value_or("category", event.category.code())
                    error=form.error("category")
                    required=true
                />
                <Select
                    name="language"
                    label=t::event_language(l)
                    choices=language_choices()
                    selected=form.value_or("language", event.language)
                    error=form.error("language")
                    required=true
                />
            </div>
            <Select
                name="currency"
                label=t::currency(l)
                hint=hint
                choices=currency_choices(l)
                selected=form.value_or("currency", event.currency.as_str())
                error=form.error("currency")
                required=true
            />
            <div class="form-actions"><Button>{t::save(l)}</Button></div>
        </form>
    }
    .into_any()
}
