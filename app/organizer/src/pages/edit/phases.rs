//! `…/edit/tickets/:ticket/phases`: the prices of a ticket type that follow one another by themselves.

use app_api::{
    FormState,
    events::{
        EventView, MovePricePhase, PhaseView, RemovePricePhase, SavePricePhase, TicketTypeView,
    },
};
use app_ui::{
    Badge, Button, ButtonKind, Column, DataTable, Disclosure, EmptyState, FormError, MoneyView,
    Section, TextInput, Tone, use_locale,
};
use leptos::prelude::*;
use locales::{Locale, dates, numbers, organizer as t, shell};

use super::{Part, editor, prices, the_event, when::field_value};
use crate::parts::{act, param};

#[component]
pub fn PhasesPage() -> impl IntoView {
    editor(Part::Tickets, the_event(), |event| {
        let id = param("ticket");
        let one = event
            .ticket_types
            .iter()
            .find(|one| one.id.to_string() == id)
            .cloned();
        match one {
            Some(one) => show(&event, &one),
            None => {
                let l = use_locale();
                view! { <EmptyState title=shell::not_found_title(l) text=shell::not_found_text(l)/> }
                    .into_any()
            }
        }
    })
}

fn show(event: &EventView, one: &TicketTypeView) -> AnyView {
    let l = use_locale();
    let back = format!(
        "/organize/{}/events/{}/edit/tickets",
        param("org"),
        event.slug
    );
    if one.price.is_zero() {
        return view! {
            <Section title=t::phases_of(l, &one.name) lead=t::phases_free(l)>
                <p><a class="text-link" href=back>{t::ticket_types(l)}</a></p>
            </Section>
        }
        .into_any();
    }
    let chain = (!one.phases.is_empty()).then(|| chain(event, one));
    let forms = one
        .phases
        .iter()
        .enumerate()
        .map(|(place, phase)| edit(event, one, place, phase))
        .collect_view();
    let add = add(event, one);
    let later = event.sold.then(|| t::phases_later(l));
    let zone = t::phases_zone(l, event.time_zone.replace('_', " "));
    view! {
        <Section title=t::phases_of(l, &one.name) lead=t::phases_lead(l)>
            <div class="stack">
                <p class="field-hint">{zone}</p>
                {later.map(|text| view! { <p class="field-hint">{text}</p> })}
                {chain}
                {forms}
            </div>
        </Section>
        <Section title=t::phase_add(l)>
            {add}
        </Section>
        <p><a class="text-link" href=back>{t::ticket_types(l)}</a></p>
    }
    .into_any()
}

/// The whole chain at a glance: what it is called, when it ends, what buyers pay and what the organizer has of it.
fn chain(event: &EventView, one: &TicketTypeView) -> AnyView {
    let l = use_locale();
    let columns = vec![
        Column::text(t::phase_name(l)),
        Column::text(t::phase_ends(l)),
        Column::number(t::your_price(l)),
        Column::number(t::buyer_pays(l)),
        Column::number(t::you_get(l)),
    ];
    let rows = one
        .phases
        .iter()
        .enumerate()
        .map(|(place, phase)| {
            let parts = prices::parts(&event.pricing.terms, phase.price, one.tax);
            let cell = |pick: fn(&[domain::money::Money; 4]) -> domain::money::Money| match &parts {
                Some(parts) => view! { <MoneyView amount=pick(parts)/> }.into_any(),
                None => t::price_too_large(l).into_any(),
            };
            let (pays, gets) = (cell(|parts| parts[0]), cell(|parts| parts[3]));
            let now = (place == one.phase_now)
                .then(|| view! { " "<Badge tone=Tone::Success>{t::phase_now(l)}</Badge> });
            let over =
                (place < one.phase_now).then(|| view! { " "<Badge>{t::phase_over(l)}</Badge> });
            let (name, ends, typed) = (phase.name.clone(), ends(l, phase), phase.price);
            view! {
                <tr>
                    <th scope="row"><bdi>{name}</bdi>{now}{over}</th>
                    <td data-label=t::phase_ends(l)>{ends}</td>
                    <td class="num" data-label=t::your_price(l)><MoneyView amount=typed/></td>
                    <td class="num" data-label=t::buyer_pays(l)>{pays}</td>
                    <td class="num" data-label=t::you_get(l)>{gets}</td>
                </tr>
            }
        })
        .collect_view();
    let counts = one.phases.iter().any(|phase| phase.count.is_some());
    let taken = counts.then(|| {
        let text = t::phases_taken(l, u64::from(one.taken));
        view! { <p class="field-hint">{text}</p> }
    });
    view! {
        <DataTable caption=t::phases(l) columns stacked=true>{rows}</DataTable>
        {taken}
    }
    .into_any()
}

/// When a phase ends, in words.
fn ends(l: Locale, phase: &PhaseView) -> String {
    let until = phase.until.map(|until| dates::medium(l, until, None));
    let count = phase.count.map(|count| numbers::integer(u64::from(count)));
    match (until, count) {
        (Some(until), Some(count)) => t::phase_ends_either(l, count, until),
        (Some(until), None) => t::phase_ends_date(l, until),
        (None, Some(count)) => t::phase_ends_count(l, count),
        (None, None) => t::phase_ends_never(l).to_owned(),
    }
}

/// The form of one phase, and the buttons beside it.
fn edit(event: &EventView, one: &TicketTypeView, place: usize, phase: &PhaseView) -> AnyView {
    let l = use_locale();
    let id = phase.id.to_string();
    let form = FormState::of::<SavePricePhase>("phase", &id);
    let last = place + 1 == one.phases.len();
    let fields = fields(form, event, Some(phase), last, &format!("phase-{place}"));
    let (slug, ticket) = (event.slug.clone(), one.id.to_string());
    let up = (place > 0).then(|| step(event, one, &id, Some("up"), t::move_up(l)));
    let down = (!last).then(|| step(event, one, &id, Some("down"), t::move_down(l)));
    let remove = step(event, one, &id, None, t::phase_remove(l));
    let label = t::phase_change(l, &phase.name);
    view! {
        <Disclosure label open=form.failed()>
            <div class="stack">
                <form method="post" action=form.address() class="form" novalidate=true>
                    <FormError error=form.form_error()/>
                    <input type="hidden" name="event" value=slug/>
                    <input type="hidden" name="ticket" value=ticket/>
                    <input type="hidden" name="phase" value=id.clone()/>
                    {fields}
                    <div class="form-actions"><Button>{t::save(l)}</Button></div>
                </form>
                <p class="field-hint">{t::phase_move_hint(l)}</p>
                <span class="row-actions">{up} {down} {remove}</span>
            </div>
        </Disclosure>
    }
    .into_any()
}

fn add(event: &EventView, one: &TicketTypeView) -> AnyView {
    let l = use_locale();
    let form = FormState::of::<SavePricePhase>("phase", "");
    let fields = fields(form, event, None, false, "phase-new");
    let first = one.phases.is_empty().then(|| {
        let price = locales::money::format(l, one.price);
        view! {
            <TextInput
                name="last_name"
                label=t::phase_last_name(l)
                hint=t::phase_last_name_hint(l, price)
                value=form.value_or("last_name", t::phase_last_default(l).to_owned())
                error=form.error("last_name")
                maxlength=40
                required=true
            />
        }
    });
    let (slug, ticket) = (event.slug.clone(), one.id.to_string());
    view! {
        <form method="post" action=form.address() class="form" novalidate=true>
            <FormError error=form.form_error()/>
            <input type="hidden" name="event" value=slug/>
            <input type="hidden" name="ticket" value=ticket/>
            <input type="hidden" name="phase" value=""/>
            {fields}
            {first}
            <div class="form-actions"><Button>{t::phase_add(l)}</Button></div>
        </form>
    }
    .into_any()
}

/// Name and price, and for all but the last where it ends. `prefix` keeps the ids of one page's forms apart.
fn fields(
    form: FormState,
    event: &EventView,
    phase: Option<&PhaseView>,
    last: bool,
    prefix: &str,
) -> AnyView {
    let l = use_locale();
    let now = |pick: fn(&PhaseView) -> String| phase.map(pick).unwrap_or_default();
    let name = form.value_or("name", now(|phase| phase.name.clone()));
    let price = form.value_or("price", now(|phase| phase.price.to_decimal_string()));
    let until = form.value_or(
        "until",
        now(|phase| phase.until.map(field_value).unwrap_or_default()),
    );
    let count = form.value_or(
        "count",
        now(|phase| {
            phase
                .count
                .map(|count| count.to_string())
                .unwrap_or_default()
        }),
    );
    let currency = event.currency.as_str();
    let end = (!last).then(|| {
        view! {
            <div class="form-row">
                <TextInput
                    name="until"
                    id=format!("{prefix}-until")
                    label=t::phase_until(l)
                    kind="datetime-local"
                    value=until
                    error=form.error("until")
                />
                <TextInput
                    name="count"
                    id=format!("{prefix}-count")
                    label=t::phase_count(l)
                    hint=t::phase_count_hint(l)
                    inputmode="numeric"
                    value=count
                    error=form.error("count")
                />
            </div>
        }
    });
    view! {
        <div class="form-row">
            <TextInput
                name="name"
                id=format!("{prefix}-name")
                label=t::phase_name(l)
                value=name
                error=form.error("name")
                maxlength=40
                required=true
            />
            <TextInput
                name="price"
                id=format!("{prefix}-price")
                label=t::price(l)
                inputmode="decimal"
                suffix=currency
                value=price
                error=form.error("price")
                required=true
            />
        </div>
        {end}
    }
    .into_any()
}

/// One button that moves a phase, or takes it out.
fn step(
    event: &EventView,
    one: &TicketTypeView,
    phase: &str,
    to: Option<&'static str>,
    label: &str,
) -> AnyView {
    let form = match to {
        Some(_) => FormState::of::<MovePricePhase>("phase", phase),
        None => FormState::of::<RemovePricePhase>("phase", phase),
    };
    let kind = if to.is_some() {
        ButtonKind::Quiet
    } else {
        ButtonKind::Secondary
    };
    let button = act(form, label, kind);
    let (slug, ticket, phase) = (event.slug.clone(), one.id.to_string(), phase.to_owned());
    view! {
        <form method="post" action=form.address()>
            <input type="hidden" name="event" value=slug/>
            <input type="hidden" name="ticket" value=ticket/>
            <input type="hidden" name="phase" value=phase/>
            {to.map(|to| view! { <input type="hidden" name="to" value=to/> })}
            {button}
        </form>
    }
    .into_any()
}
