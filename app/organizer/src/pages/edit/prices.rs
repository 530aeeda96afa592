//! What is in the prices of an event: the rate of tax, who bears the fee, and what becomes of each price, worked out while
//! it is changed by the rule that charges it.

use app_api::{
    ApiError, FormState,
    events::{EventView, PricingView, SetEventPrices, TicketTypeView},
};
use app_ui::{
    Button, Column, DataTable, Field, FormError, MoneyView, Notice, Section, Select, TextInput,
    Tone, use_locale,
};
use domain::{
    money::Money,
    pricing::{
        Rate, Terms,
        tax::rates::{Choice, Covers},
    },
};
use leptos::prelude::*;
use locales::{Locale, numbers, organizer as t};

use crate::parts::{param, saved};

/// The section of the page of tickets.
pub fn section(event: &EventView) -> AnyView {
    let l = use_locale();
    let form = FormState::new::<SetEventPrices>();
    let terms = event.pricing.terms;
    let typed = form.value_or("fee_to_buyer", terms.fee_to_buyer_percent.to_string());
    let percent = RwSignal::new(percent_of(&typed).unwrap_or(terms.fee_to_buyer_percent));
    let slug = event.slug.clone();
    let (split, rate) = (
        split(&terms, form, typed, percent),
        rate_fields(&event.pricing, form, event.pricing.own, None),
    );
    let (table, not_payable) = (preview(event, percent), not_payable(event));
    view! {
        <Section title=t::money_title(l) lead=t::money_lead(l)>
            <div class="stack">
                <form method="post" action=form.address() class="form" novalidate=true>
                    <FormError error=form.form_error()/>
                    {saved(form)}
                    {not_payable}
                    <input type="hidden" name="event" value=slug/>
                    {split}
                    {rate}
                    <div class="form-actions"><Button>{t::save(l)}</Button></div>
                </form>
                {table}
            </div>
        </Section>
    }
    .into_any()
}

/// Which tickets nobody can buy, and why: what is saved here changes what all of them cost.
fn not_payable(event: &EventView) -> Option<AnyView> {
    let l = use_locale();
    let why = |one: &TicketTypeView| {
        let fault = ApiError::field("price", one.not_payable.clone()?);
        let text = fault.field_text(l, "price")?;
        let name = one.name.clone();
        Some(view! { <li><strong><bdi>{name}</bdi></strong>" "{text}</li> })
    };
    let named: Vec<_> = event.ticket_types.iter().filter_map(why).collect();
    (!named.is_empty()).then(|| {
        view! { <Notice tone=Tone::Warning title=t::not_payable_title(l)><ul>{named}</ul></Notice> }
            .into_any()
    })
}

/// The choice of a rate for one ticket type.
pub fn ticket_rate(pricing: &PricingView, own: Option<Rate>, form: FormState) -> AnyView {
    let of_event = pricing.own.unwrap_or(pricing.usual);
    rate_fields(pricing, form, own, Some(of_event))
}

/// With a plan, the share of the fee that buyers bear; kept as it is where there is no fee to bear.
fn split(terms: &Terms, form: FormState, typed: String, percent: RwSignal<u8>) -> AnyView {
    let l = use_locale();
    if terms.plan.is_none() {
        return view! {
            <input type="hidden" name="fee_to_buyer" value=typed/>
            <p class="field-hint">{t::no_fee(l)}</p>
        }
        .into_any();
    }
    let error = form.error("fee_to_buyer");
    let wrong = error.is_some();
    let described_by = if wrong {
        "fee-to-buyer-error fee-to-buyer-hint"
    } else {
        "fee-to-buyer-hint"
    };
    view! {
        <Field
            id="fee-to-buyer"
            label=t::fee_to_buyer(l)
            hint=t::fee_to_buyer_hint(l)
            error
            required=true
        >
            <div class="input-frame input-narrow">
                <input
                    class="input"
                    id="fee-to-buyer"
                    name="fee_to_buyer"
                    type="number"
                    min="0"
                    max="100"
                    step="5"
                    dir="ltr"
                    value=typed
                    aria-invalid=wrong.then_some("true")
                    aria-describedby=described_by
                    on:input=move |typing| {
                        if let Some(typed) = percent_of(&event_target_value(&typing)) {
                            percent.set(typed);
                        }
                    }
                />
                <span class="input-suffix">"%"</span>
            </div>
        </Field>
    }
    .into_any()
}

fn percent_of(typed: &str) -> Option<u8> {
    typed
        .trim()
        .parse::<u8>()
        .ok()
        .filter(|percent| *percent <= 100)
}

/// A rate of the country's list, or a typed one. Nothing where the organization charges no tax.
fn rate_fields(
    pricing: &PricingView,
    form: FormState,
    own: Option<Rate>,
    of_event: Option<Rate>,
) -> AnyView {
    let l = use_locale();
    let listed = own.filter(|own| pricing.choices.iter().any(|choice| choice.rate == *own));
    let other = own.filter(|own| listed != Some(*own));
    let text = |rate: Option<Rate>| rate.map(|rate| rate.to_string()).unwrap_or_default();
    if !pricing.terms.mode.charges() {
        // What was chosen before is kept for when the organization charges tax again.
        return view! {
            <input type="hidden" name="tax_rate" value=text(listed)/>
            <input type="hidden" name="other_tax_rate" value=text(other)/>
            {of_event
                .is_none()
                .then(|| {
                    let settings = format!("/organize/{}/settings", param("org"));
                    view! { <p class="field-hint"><a class="text-link" href=settings>{t::tax_off(l)}</a></p> }
                })}
        }
        .into_any();
    }
    let usual = match of_event {
        Some(rate) => t::tax_of_event(l, numbers::rate(rate)),
        None if pricing.choices.is_empty() => t::tax_unknown(l).to_owned(),
        None => t::tax_usual(l, numbers::rate(pricing.usual)),
    };
    let choices: Vec<_> = std::iter::once(app_ui::Choice::new("", usual))
        .chain(pricing.choices.iter().map(|choice| named(l, *choice)))
        .collect();
    view! {
        <Select
            name="tax_rate"
            label=t::tax_rate(l)
            hint=t::tax_rate_hint(l)
            choices
            selected=form.value_or("tax_rate", text(listed))
            error=form.error("tax_rate")
            required=true
        />
        <TextInput
            name="other_tax_rate"
            label=t::other_tax_rate(l)
            hint=t::other_tax_rate_hint(l)
            inputmode="decimal"
            suffix="%"
            value=form.value_or("other_tax_rate", text(other))
            error=form.error("other_tax_rate")
        />
    }
    .into_any()
}

fn named(l: Locale, choice: Choice) -> app_ui::Choice {
    let rate = numbers::rate(choice.rate);
    let label = match choice.covers {
        Covers::Standard => t::tax_standard(l, rate),
        Covers::Culture => t::tax_culture(l, rate),
        Covers::Sport => t::tax_sport(l, rate),
        Covers::CultureAndSport => t::tax_culture_and_sport(l, rate),
        Covers::Other => t::tax_other(l, rate),
    };
    app_ui::Choice::new(choice.rate.to_string(), label)
}

/// What becomes of the price of one ticket of each type.
fn preview(event: &EventView, percent: RwSignal<u8>) -> AnyView {
    let l = use_locale();
    let columns = vec![
        Column::text(t::ticket_name(l)),
        Column::number(t::your_price(l)),
        Column::number(t::buyer_pays(l)),
        Column::number(t::tax_in_it(l)),
        Column::number(t::fee_in_it(l)),
        Column::number(t::you_get(l)),
    ];
    let terms = event.pricing.terms;
    let rows = event
        .ticket_types
        .iter()
        .filter(|one| one.state != "archived")
        .map(|one| {
            let (name, typed, tax) = (one.name.clone(), one.price_now(), one.tax);
            let parts = Memo::new(move |_| {
                let terms = Terms {
                    fee_to_buyer_percent: percent.get(),
                    ..terms
                };
                parts(&terms, typed, tax)
            });
            let cell = move |label: &str, pick: fn(&[Money; 4]) -> Money| {
                let label = label.to_owned();
                view! {
                    <td class="num" data-label=label>
                        {move || match parts.get() {
                            Some(parts) => view! { <MoneyView amount=pick(&parts)/> }.into_any(),
                            None => t::price_too_large(l).into_any(),
                        }}
                    </td>
                }
            };
            view! {
                <tr>
                    <th scope="row"><bdi>{name}</bdi></th>
                    <td class="num" data-label=t::your_price(l)><MoneyView amount=typed/></td>
                    {cell(t::buyer_pays(l), |parts| parts[0])}
                    {cell(t::tax_in_it(l), |parts| parts[1])}
                    {cell(t::fee_in_it(l), |parts| parts[2])}
                    {cell(t::you_get(l), |parts| parts[3])}
                </tr>
            }
        })
        .collect_view();
    view! { <DataTable caption=t::one_ticket(l) columns stacked=true>{rows}</DataTable> }.into_any()
}

/// The whole price of one ticket, the tax and the fee in it, and what the organizer has of it.
pub(super) fn parts(terms: &Terms, typed: Money, own: Option<Rate>) -> Option<[Money; 4]> {
    let price = terms.price(typed, own).ok()?;
    let tax = price.tax_in_one().ok()?;
    Some([price.unit, tax, price.fee, price.organizer_gets().ok()?])
}
