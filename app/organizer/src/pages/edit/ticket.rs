//! `…/edit/tickets/:ticket`: one ticket type, or a new one.

use app_api::{
    FormState,
    events::{EventView, SaveTicketType, TicketTypeView},
};
use app_ui::{
    Button, ButtonKind, Checkbox, Disclosure, EmptyState, FormError, LinkButton, TextInput,
    use_locale,
};
use leptos::prelude::*;
use locales::{door, organizer as t, shell};

use super::{Part, editor, prices, the_event, when::field_value};
use crate::parts::param;

#[component]
pub fn TicketPage() -> impl IntoView {
    editor(Part::Tickets, the_event(), |event| {
        let id = param("ticket");
        let one = event
            .ticket_types
            .iter()
            .find(|one| one.id.to_string() == id)
            .cloned();
        if one.is_none() && id != "new" {
            let l = use_locale();
            return view! { <EmptyState title=shell::not_found_title(l) text=shell::not_found_text(l)/> }.into_any();
        }
        show(event, one)
    })
}

fn show(event: EventView, one: Option<TicketTypeView>) -> AnyView {
    let l = use_locale();
    let form = FormState::new::<SaveTicketType>();
    let back = format!(
        "/organize/{}/events/{}/edit/tickets",
        param("org"),
        event.slug
    );
    let now = |pick: fn(&TicketTypeView) -> String| one.as_ref().map(pick).unwrap_or_default();
    let or = |pick: fn(&TicketTypeView) -> String, new: &str| {
        one.as_ref().map_or_else(|| new.to_owned(), pick)
    };
    let tax = prices::ticket_rate(&event.pricing, one.as_ref().and_then(|one| one.tax), form);
    let pools = pool_choice(&event, one.as_ref(), form);
    let value = |field: &str, now: String| form.value_or(field, now);
    let window = one
        .as_ref()
        .is_some_and(|one| one.sales_from.is_some() || one.sales_until.is_some());
    let id = now(|one| one.id.to_string());
    let name = value("name", now(|one| one.name.clone()));
    let description = value("description", now(|one| one.description.clone()));
    let price = value("price", now(|one| one.price.to_decimal_string()));
    let min = value(
        "min_per_order",
        or(|one| one.min_per_order.to_string(), "1"),
    );
    let max = value(
        "max_per_order",
        or(|one| one.max_per_order.to_string(), "10"),
    );
    let per_customer = value(
        "max_per_customer",
        now(|one| {
            one.max_per_customer
                .map(|most| most.to_string())
                .unwrap_or_default()
        }),
    );
    let note = value("door_note", now(|one| one.door_note.clone()));
    let from = value(
        "sales_from",
        now(|one| one.sales_from.map(field_value).unwrap_or_default()),
    );
    let until = value(
        "sales_until",
        now(|one| one.sales_until.map(field_value).unwrap_or_default()),
    );
    let phases_link = one.as_ref().map(|one| {
        let href = format!("{back}/{}/phases", one.id);
        view! { <p><a class="text-link" href=href>{t::phases_link(l)}</a></p> }
    });
    let currency = event.currency.as_str();
    let zone_hint = t::sales_window_hint(l, event.time_zone.replace('_', " "));
    let has_phases = one.as_ref().is_some_and(|one| !one.phases.is_empty());
    let price_hint = if has_phases {
        t::price_of_last(l)
    } else if event.sold && one.is_some() {
        t::price_later(l)
    } else {
        t::price_hint(l)
    };
    view! {
        <form method="post" action=form.address() class="form" novalidate=true>
            <FormError error=form.form_error()/>
            <input type="hidden" name="event" value=event.slug/>
            <input type="hidden" name="ticket" value=id/>
            <TextInput
                name="name"
                label=t::ticket_name(l)
                value=name
                error=form.error("name")
                maxlength=80
                required=true
            />
            <TextInput
                name="description"
                label=t::ticket_description(l)
                hint=t::ticket_description_hint(l)
                value=description
                error=form.error("description")
                maxlength=300
            />
            <div class="form-row">
                <TextInput
                    name="price"
                    label=t::price(l)
                    hint=price_hint
                    inputmode="decimal"
                    suffix=currency
                    value=price
                    error=form.error("price")
                />
                <TextInput
                    name="min_per_order"
                    label=t::min_per_order(l)
                    inputmode="numeric"
                    value=min
                    error=form.error("min_per_order")
                    required=true
                />
                <TextInput
                    name="max_per_order"
                    label=t::max_per_order(l)
                    inputmode="numeric"
                    value=max
                    error=form.error("max_per_order")
                    required=true
                />
            </div>
            {phases_link}
            {tax}
            <TextInput
                name="max_per_customer"
                label=t::max_per_customer(l)
                hint=t::max_per_customer_hint(l)
                inputmode="numeric"
                value=per_customer
                error=form.error("max_per_customer")
            />
            <TextInput
                name="door_note"
                label=door::kind_note(l)
                hint=door::kind_note_hint(l)
                value=note
                error=form.error("door_note")
                maxlength=140
            />
            {pools}
            <Disclosure label=t::sales_window(l) open=window>
                <div class="form">
                    <p class="field-hint">{zone_hint}</p>
                    <div class="form-row">
                        <TextInput
                            name="sales_from"
                            label=t::sales_from(l)
                            kind="datetime-local"
                            value=from
                            error=form.error("sales_from")
                        />
                        <TextInput
                            name="sales_until"
                            label=t::sales_until(l)
                            kind="datetime-local"
                            value=until
                            error=form.error("sales_until")
                        />
                    </div>
                </div>
            </Disclosure>
            <div class="form-actions">
                <Button>{t::save(l)}</Button>
                <LinkButton href=back kind=ButtonKind::Quiet>{t::cancel(l)}</LinkButton>
            </div>
        </form>
    }
    .into_any()
}

/// Which pools the tickets are taken from; for a new type also a capacity of its own.
fn pool_choice(event: &EventView, one: Option<&TicketTypeView>, form: FormState) -> AnyView {
    let l = use_locale();
    let only = event.pools.len() == 1;
    let boxes = event
        .pools
        .iter()
        .enumerate()
        .map(|(n, pool)| {
            let chosen = one.map_or(only, |one| one.pools.contains(&pool.id));
            let name = format!("pools[{n}]");
            let checked = form.checked(&name, chosen);
            let (label, value) = (pool.name.clone(), pool.id.to_string());
            let hint = t::pool_capacity(l, u64::try_from(pool.capacity).unwrap_or(0));
            view! { <Checkbox name label value checked hint/> }
        })
        .collect_view();
    let hint = if event.sold && one.is_some() {
        t::pools_fixed(l)
    } else {
        t::ticket_pools_hint(l)
    };
    view! {
        <fieldset class="field">
            <legend class="field-label">{t::ticket_pools(l)}</legend>
            <p class="field-hint">{hint}</p>
            {boxes}
        </fieldset>
        <TextInput
            name="own_capacity"
            label=t::own_capacity(l)
            hint=t::own_capacity_hint(l)
            inputmode="numeric"
            value=form.value("own_capacity")
            error=form.error("own_capacity")
        />
    }
    .into_any()
}
