//! The fields of a code, the same for a new one, for many and for one that is changed.

use app_api::{
    FormState,
    promo::{PromoChoicesView, PromoForm},
};
use app_ui::{Checkbox, Choice, RadioGroup, Select, TextInput, use_locale};
use leptos::prelude::*;
use locales::promo as t;

/// All but the code itself. What was typed goes before what was there.
pub(super) fn fields(form: FormState, choices: &PromoChoicesView, before: &PromoForm) -> AnyView {
    let l = use_locale();
    let typed = move |name: &str, before: &str| form.value_or(&format!("form[{name}]"), before);
    let kinds = vec![
        Choice::new("percent", t::kind_percent(l)),
        Choice::new("ticket", t::kind_ticket(l)),
        Choice::new("order", t::kind_order(l)),
    ];
    let kind = if before.kind.is_empty() {
        "percent"
    } else {
        before.kind.as_str()
    };
    let currency = if before.currency.is_empty() {
        choices.currency.clone()
    } else {
        before.currency.clone()
    };
    // A code stays for its event, whatever can be chosen today.
    let event = choices
        .event
        .clone()
        .unwrap_or_else(|| before.event.clone());
    let named = currency.clone();
    let currencies = event.is_empty().then(|| {
        let all = choices.currencies.iter();
        let all = all
            .map(|one| Choice::new(one.clone(), one.clone()))
            .collect();
        view! {
            <Select
                name="form[currency]"
                label=t::field_currency(l)
                hint=t::field_currency_hint(l)
                choices=all
                required=true
                selected=typed("currency", &named)
                error=form.error("currency")
            />
        }
    });
    let zone = choices.zone.clone();
    view! {
        <input type="hidden" name="form[event]" value=event/>
        {currencies}
        <RadioGroup
            name="form[kind]"
            legend=t::field_kind(l)
            choices=kinds
            selected=typed("kind", kind)
            error=form.error("kind")
        />
        <TextInput
            name="form[value]"
            label=t::field_value(l)
            hint=t::field_value_hint(l, currency.clone())
            inputmode="decimal"
            required=true
            value=typed("value", &before.value)
            error=form.error("value")
        />
        {types(form, choices, before)}
        <div class="form-row">
            <TextInput
                name="form[from]"
                kind="datetime-local"
                label=t::field_from(l)
                value=typed("from", &before.from)
                error=form.error("from")
            />
            <TextInput
                name="form[until]"
                kind="datetime-local"
                label=t::field_until(l)
                value=typed("until", &before.until)
                error=form.error("until")
            />
        </div>
        <p class="field-hint">{t::field_until_hint(l, zone)}</p>
        <TextInput
            name="form[max_uses]"
            label=t::field_max_uses(l)
            hint=t::field_max_uses_hint(l)
            inputmode="numeric"
            value=typed("max_uses", &before.max_uses)
            error=form.error("max_uses")
        />
        <TextInput
            name="form[max_per_customer]"
            label=t::field_max_per_customer(l)
            hint=t::field_max_uses_hint(l)
            inputmode="numeric"
            value=typed("max_per_customer", &before.max_per_customer)
            error=form.error("max_per_customer")
        />
        <TextInput
            name="form[budget]"
            label=t::field_budget(l)
            hint=t::field_budget_hint(l, currency)
            inputmode="decimal"
            value=typed("budget", &before.budget)
            error=form.error("budget")
        />
        <TextInput
            name="form[name]"
            label=t::field_name(l)
            hint=t::field_name_hint(l)
            maxlength=80
            value=typed("name", &before.name)
            error=form.error("name")
        />
    }
    .into_any()
}

/// The ticket types of the event that the code is for. A type without a box goes along unseen: left out, the code would be for
/// all of them.
fn types(form: FormState, choices: &PromoChoicesView, before: &PromoForm) -> Option<AnyView> {
    let l = use_locale();
    let offered = &choices.ticket_types;
    // One type alone is nothing to choose, unless the code was meant for it alone.
    if offered.len() < 2 && before.ticket_types.is_empty() {
        return None;
    }
    let unseen = before
        .ticket_types
        .iter()
        .filter(|kept| offered.iter().all(|(id, _)| id != *kept))
        .enumerate()
        .map(|(n, id)| {
            let name = format!("form[ticket_types][{}]", offered.len() + n);
            view! { <input type="hidden" name=name value=id.clone()/> }
        })
        .collect_view();
    let boxes = offered
        .iter()
        .enumerate()
        .map(|(n, (id, label))| {
            let name = format!("form[ticket_types][{n}]");
            let checked = form.checked(&name, before.ticket_types.contains(id));
            let (label, value) = (label.clone(), id.clone());
            view! { <Checkbox name label value checked/> }
        })
        .collect_view();
    let fault = form.error("ticket_types");
    Some(
        view! {
            <fieldset class="field">
                <legend class="field-label">{t::field_types(l)}</legend>
                <p class="field-hint">{t::field_types_hint(l)}</p>
                {boxes}
                {unseen}
                {fault.map(|text| view! { <p class="field-error" role="alert">{text}</p> })}
            </fieldset>
        }
        .into_any(),
    )
}
