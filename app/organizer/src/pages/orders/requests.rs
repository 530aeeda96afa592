//! Orders that wait for a decision: one of them, and several at once.

use app_api::query::use_query_map;
use app_api::{
    FormState,
    organizer_orders::{ApproveRequest, ApproveRequests, DeclineRequest, OrganizerOrderView},
};
use app_ui::{
    Button, ButtonKind, ConfirmPanel, DateTimeView, FormError, Notice, TextInput, Tone, use_locale,
};
use domain::{orders::Asking, permissions::Right};
use leptos::prelude::*;
use locales::{Locale, money, requests as t};

use crate::parts::Asked;

/// What a decision would do, and both of them.
pub(super) fn waiting(organization: String, order: &OrganizerOrderView) -> AnyView {
    let l = use_locale();
    let amount = money::format(l, order.due);
    let effect = match order.request.map(|request| request.asking) {
        _ if order.due.is_zero() => t::waits_free(l).to_owned(),
        Some(Asking::Hold) => t::waits_hold(l, amount),
        Some(Asking::Ask | Asking::No) | None => t::waits_pay(l, amount),
    };
    let zone = order.event.zone.clone();
    let until = order
        .expires
        .map(|at| view! { <p>{t::waits_until(l)} " " <DateTimeView at zone/></p> });
    let decide = app_api::may(&organization, Right::CancelOrders)
        .then(|| decisions(organization, order.code.clone()));
    view! {
        <Notice tone=Tone::Warning title=t::waits_title(l)>
            {until}
            <p>{effect}</p>
        </Notice>
        {decide}
    }
    .into_any()
}

fn decisions(organization: String, code: String) -> AnyView {
    let l = use_locale();
    let (yes, no) = (
        FormState::new::<ApproveRequest>(),
        FormState::new::<DeclineRequest>(),
    );
    let (org, order) = (organization.clone(), code.clone());
    view! {
        <FormError error=yes.form_error()/>
        <div class="page-actions">
            <form method="post" action=yes.address()>
                <input type="hidden" name="organization" value=org/>
                <input type="hidden" name="code" value=order/>
                <Button>{t::approve(l)}</Button>
            </form>
        </div>
        <ConfirmPanel label=t::decline(l) open=no.failed()>
            <form method="post" action=no.address() novalidate=true>
                <div class="stack">
                    <p>{t::decline_text(l)}</p>
                    <FormError error=no.form_error()/>
                    <input type="hidden" name="organization" value=organization/>
                    <input type="hidden" name="code" value=code/>
                    <TextInput
                        name="reason"
                        label=t::decline_reason(l)
                        hint=t::decline_reason_hint(l)
                        maxlength=300
                        value=no.value("reason")
                        error=no.error("reason")
                        required=true
                    />
                    <div><Button kind=ButtonKind::Danger>{t::decline_confirm(l)}</Button></div>
                </div>
            </form>
        </ConfirmPanel>
    }
    .into_any()
}

/// Whether several can be approved from this list.
pub(super) fn can_pick(asked: &Asked) -> bool {
    asked.state == "asked" && app_api::may(&asked.organization, Right::CancelOrders)
}

/// How many were approved just now, by the words in the address.
pub(super) fn answered(l: Locale) -> AnyView {
    let query = use_query_map();
    let count = |name: &str| query.with_untracked(|q| q.get(name)?.parse::<u32>().ok());
    let done = count("approved").map(|approved| {
        let left = count("left").unwrap_or_default();
        view! { <Notice tone=Tone::Success title=t::done_several(l, approved, left)/> }
    });
    view! { <div aria-live="polite">{done}</div> }.into_any()
}

/// The list as a form, with a box before each order.
pub(super) fn picking(asked: &Asked, table: AnyView) -> AnyView {
    let l = use_locale();
    let form = FormState::new::<ApproveRequests>();
    let done = answered(l);
    let (organization, event) = (
        asked.organization.clone(),
        asked.event.clone().unwrap_or_default(),
    );
    view! {
        {done}
        <form method="post" action=form.address() class="stack">
            <FormError error=form.form_error()/>
            <input type="hidden" name="organization" value=organization/>
            <input type="hidden" name="event" value=event/>
            {table}
            <div><Button>{t::approve_all(l)}</Button></div>
        </form>
    }
    .into_any()
}

/// The box of one order.
pub(super) fn pick(n: usize, code: &str) -> AnyView {
    let l = use_locale();
    view! {
        <td data-label=t::col_pick(l)>
            <input
                class="check-box"
                type="checkbox"
                name=format!("codes[{n}]")
                value=code.to_owned()
                aria-label=t::pick(l, code)
            />
        </td>
    }
    .into_any()
}
