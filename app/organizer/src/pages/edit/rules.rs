//! `…/edit/rules`: who finds the event, and what buyers get back.

use app_api::{
    FormState,
    events::{
        EventView, SetEventCardLimit, SetEventChanges, SetEventPassing, SetEventRefunds,
        SetEventRequests, SetEventVisibility, SetEventWaitingRoom,
    },
};
use app_ui::{Button, Checkbox, Choice, FormError, RadioGroup, Section, TextInput, use_locale};
use domain::{catalog::Visibility, orders::Asking, permissions::Right};
use leptos::prelude::*;
use locales::{organizer as t, requests as words, waiting};

use super::{Part, editor, the_event};
use crate::parts::{param, saved};

#[component]
pub fn RulesPage() -> impl IntoView {
    let found = the_event();
    editor(Part::Rules, found, show)
}

fn show(event: EventView) -> AnyView {
    let l = use_locale();
    let (visibility, refunds) = (visibility(&event), refunds(&event));
    let (changes, passing) = (changes(&event), passing(&event));
    let (asking, card_limit) = (asking(&event), card_limit(&event));
    let room = app_api::may(&param("org"), Right::ManageWaitingRooms).then(|| {
        let room = waiting_room(&event);
        view! { <Section title=waiting::switch(l) lead=waiting::switch_lead(l)>{room}</Section> }
    });
    view! {
        <Section title=t::visibility(l)>{visibility}</Section>
        <Section title=words::policy(l) lead=words::policy_lead(l)>{asking}</Section>
        <Section title=t::refunds(l) lead=t::refunds_lead(l)>{refunds}</Section>
        <Section title=t::changes(l) lead=t::changes_lead(l)>{changes}</Section>
        <Section title=t::passing(l) lead=t::passing_lead(l)>{passing}</Section>
        <Section title=t::card_limit(l) lead=t::card_limit_lead(l)>{card_limit}</Section>
        {room}
    }
    .into_any()
}

fn visibility(event: &EventView) -> AnyView {
    let l = use_locale();
    let form = FormState::new::<SetEventVisibility>();
    let saved = saved(form);
    let slug = event.slug.clone();
    let selected = form.value_or("visibility", event.visibility.code());
    let choices = vec![
        Choice::new(Visibility::Public.code(), t::visible_public(l))
            .hint(t::visible_public_hint(l)),
        Choice::new(Visibility::Unlisted.code(), t::visible_unlisted(l))
            .hint(t::visible_unlisted_hint(l)),
    ];
    view! {
        <form method="post" action=form.address() class="form">
            <FormError error=form.form_error()/>
            {saved}
            <input type="hidden" name="event" value=slug/>
            <RadioGroup
                name="visibility"
                legend=t::visibility(l)
                hide_legend=true
                choices
                selected
                error=form.error("visibility")
                required=true
            />
            <div class="form-actions"><Button>{t::save(l)}</Button></div>
        </form>
    }
    .into_any()
}

/// Whether orders need the organizer's yes.
fn asking(event: &EventView) -> AnyView {
    let l = use_locale();
    let form = FormState::new::<SetEventRequests>();
    let saved = saved(form);
    let slug = event.slug.clone();
    let policy = event.requests;
    let on = form.checked("on", policy.asking != Asking::No);
    let held = form.checked("hold", policy.asking == Asking::Hold);
    let hold = event.can_hold.then(|| {
        view! { <Checkbox name="hold" label=words::policy_hold(l) hint=words::policy_hold_hint(l) checked=held/> }
    });
    view! {
        <form method="post" action=form.address() class="form" novalidate=true>
            <FormError error=form.form_error()/>
            {saved}
            <input type="hidden" name="event" value=slug/>
            <Checkbox
                name="on"
                id="asking-on"
                label=words::policy_on(l)
                hint=words::policy_on_hint(l)
                checked=on
            />
            {hold}
            <TextInput
                name="hours"
                label=words::policy_hours(l)
                hint=words::policy_hours_hint(l)
                inputmode="numeric"
                value=form.value_or("hours", policy.hours.to_string())
                error=form.error("hours")
            />
            <div class="form-actions"><Button>{t::save(l)}</Button></div>
        </form>
    }
    .into_any()
}

/// How many tickets one card may pay for.
fn card_limit(event: &EventView) -> AnyView {
    let l = use_locale();
    let form = FormState::new::<SetEventCardLimit>();
    let saved = saved(form);
    let slug = event.slug.clone();
    let most = event
        .max_per_card
        .map_or_else(String::new, |most| most.to_string());
    view! {
        <form method="post" action=form.address() class="form" novalidate=true>
            <FormError error=form.form_error()/>
            {saved}
            <input type="hidden" name="event" value=slug/>
            <TextInput
                name="most"
                id="card-limit"
                label=t::card_limit_most(l)
                hint=t::card_limit_hint(l)
                inputmode="numeric"
                value=form.value_or("most", most)
                error=form.error("most")
            />
            <div class="form-actions"><Button>{t::save(l)}</Button></div>
        </form>
    }
    .into_any()
}

fn waiting_room(event: &EventView) -> AnyView {
    let l = use_locale();
    let form = FormState::new::<SetEventWaitingRoom>();
    let saved = saved(form);
    let slug = event.slug.clone();
    let checked = form.checked("on", event.waiting_room);
    view! {
        <form method="post" action=form.address() class="form">
            <FormError error=form.form_error()/>
            {saved}
            <input type="hidden" name="event" value=slug/>
            <Checkbox
                name="on"
                label=waiting::switch_on(l)
                hint=waiting::switch_on_hint(l)
                checked
            />
            <div class="form-actions"><Button>{t::save(l)}</Button></div>
        </form>
    }
    .into_any()
}

/// What buyers may change without asking.
fn changes(event: &EventView) -> AnyView {
    let l = use_locale();
    let form = FormState::new::<SetEventChanges>();
    let saved = saved(form);
    let slug = event.slug.clone();
    let terms = event.change_terms;
    let currency = event.currency;
    let hours = terms.map_or(24, |terms| terms.until_hours).to_string();
    let fee = terms.map_or_else(String::new, |terms| terms.fee(currency).to_decimal_string());
    let allowed = form.checked("allowed", terms.is_some());
    let returns = form.checked(
        "returns_difference",
        terms.is_none_or(|terms| terms.returns_difference),
    );
    view! {
        <form method="post" action=form.address() class="form" novalidate=true>
            <FormError error=form.form_error()/>
            {saved}
            <input type="hidden" name="event" value=slug/>
            <Checkbox name="allowed" label=t::changes_allowed(l) hint=t::changes_allowed_hint(l) checked=allowed/>
            <div class="form-row">
                <TextInput
                    name="until_hours"
                    label=t::changes_until(l)
                    inputmode="numeric"
                    value=form.value_or("until_hours", hours)
                    error=form.error("until_hours")
                />
                <TextInput
                    name="fee"
                    label=t::changes_fee(l)
                    inputmode="decimal"
                    suffix=currency.as_str()
                    value=form.value_or("fee", fee)
                    error=form.error("fee")
                />
            </div>
            <Checkbox
                name="returns_difference"
                label=t::changes_returns(l)
                hint=t::changes_returns_hint(l)
                checked=returns
            />
            <div class="form-actions"><Button>{t::save(l)}</Button></div>
        </form>
    }
    .into_any()
}

/// Whether tickets may go over to other people.
fn passing(event: &EventView) -> AnyView {
    let l = use_locale();
    let form = FormState::new::<SetEventPassing>();
    let saved = saved(form);
    let slug = event.slug.clone();
    let checked = form.checked("allowed", event.passing.allowed);
    let hours = form.value_or("hours_before", event.passing.hours_before.to_string());
    let most = form.value_or("most", event.passing.most.to_string());
    view! {
        <form method="post" action=form.address() class="form" novalidate=true>
            <FormError error=form.form_error()/>
            {saved}
            <input type="hidden" name="event" value=slug/>
            <Checkbox name="allowed" label=t::passing_allowed(l) checked/>
            <div class="form-row">
                <TextInput
                    name="hours_before"
                    label=t::passing_hours(l)
                    hint=t::passing_hours_hint(l)
                    inputmode="numeric"
                    value=hours
                    error=form.error("hours_before")
                />
                <TextInput
                    name="most"
                    label=t::passing_most(l)
                    inputmode="numeric"
                    value=most
                    error=form.error("most")
                />
            </div>
            <div class="form-actions"><Button>{t::save(l)}</Button></div>
        </form>
    }
    .into_any()
}

fn refunds(event: &EventView) -> AnyView {
    let l = use_locale();
    let form = FormState::new::<SetEventRefunds>();
    let saved = saved(form);
    let slug = event.slug.clone();
    let rows = (1..=3_usize)
        .map(|n| {
            let tier = event.refund_tiers.get(n - 1);
            let (days, percent) = (format!("days_{n}"), format!("percent_{n}"));
            let days_now = tier
                .map(|tier| tier.days_before.to_string())
                .unwrap_or_default();
            let percent_now = tier
                .map(|tier| tier.percent.to_string())
                .unwrap_or_default();
            view! {
                <div class="form-row">
                    <TextInput
                        name=days.clone()
                        label=t::refund_days(l)
                        inputmode="numeric"
                        value=form.value_or(&days, days_now)
                        error=form.error(&days)
                    />
                    <TextInput
                        name=percent.clone()
                        label=t::refund_percent(l)
                        inputmode="numeric"
                        suffix="%"
                        value=form.value_or(&percent, percent_now)
                        error=form.error(&percent)
                    />
                </div>
            }
        })
        .collect_view();
    let keeps_fee = form.checked("keeps_fee", event.refund_keeps_fee);
    let for_new = form.checked("for_new_events", false);
    view! {
        <form method="post" action=form.address() class="form" novalidate=true>
            <FormError error=form.form_error()/>
            {saved}
            <input type="hidden" name="event" value=slug/>
            {rows}
            <p class="field-hint">{t::refunds_hint(l)}</p>
            <Checkbox
                name="keeps_fee"
                label=t::refund_keeps_fee(l)
                hint=t::refund_keeps_fee_hint(l)
                checked=keeps_fee
            />
            <Checkbox
                name="for_new_events"
                label=t::refund_for_new(l)
                hint=t::refund_for_new_hint(l)
                checked=for_new
            />
            <div class="form-actions"><Button>{t::save(l)}</Button></div>
        </form>
    }
    .into_any()
}
