//! `/organize/:org/events/:event/call-off`: what is sold, and postponing or cancelling it.

use app_api::{
    FormState, ask,
    events::{CancelEvent, PostponeEvent},
    refunds::{CallOffPreview, CallOffView},
};
use app_ui::{
    Button, ButtonKind, Choice, ConfirmPanel, FormError, PageHeader, RadioGroup, Section,
    TextInput, use_locale,
};
use domain::{catalog::EventState, orders::AfterMove};
use leptos::prelude::*;
use locales::{organizer, refunds as t};

use super::figures::figures;
use crate::parts::{EventFrame, EventTab, loaded, param};

#[component]
pub fn CallOffPage() -> impl IntoView {
    let l = use_locale();
    let event = param("event");
    let found = ask(move || CallOffPreview {
        event: event.clone(),
    });
    view! {
        <EventFrame title=t::call_off_title(l) tab=EventTab::Overview>
            <PageHeader title=t::call_off_title(l)/>
            {loaded(found, show)}
        </EventFrame>
    }
}

fn show(found: CallOffView) -> AnyView {
    let (may_postpone, may_cancel) = match found.state {
        EventState::Published => (true, true),
        EventState::Postponed => (false, true),
        EventState::Draft | EventState::Cancelled => (false, false),
    };
    let postpone = may_postpone.then(|| postpone(&found));
    let cancel = may_cancel.then(|| cancel(&found));
    view! {
        {figures(&found)}
        {postpone}
        {cancel}
    }
    .into_any()
}

/// What is to become of the tickets of those who have some.
pub fn moved_choices(form: FormState, id: &'static str) -> AnyView {
    let l = use_locale();
    let choices = vec![
        Choice::new(AfterMove::Tell.code(), t::choice_tell(l)).hint(t::choice_tell_hint(l)),
        Choice::new(AfterMove::GiveBack.code(), t::choice_give_back(l))
            .hint(t::choice_give_back_hint(l)),
        Choice::new(AfterMove::Refund.code(), t::choice_refund(l)).hint(t::choice_refund_hint(l)),
    ];
    view! {
        <RadioGroup
            name="choice"
            id=format!("{id}-choice")
            legend=t::moved_question(l)
            choices
            selected=form.value_or("choice", AfterMove::Tell.code())
            error=form.error("choice")
        />
        <TextInput
            name="until"
            id=format!("{id}-until")
            label=t::until(l)
            hint=t::until_hint(l)
            kind="datetime-local"
            value=form.value("until")
            error=form.error("until")
        />
    }
    .into_any()
}

fn postpone(found: &CallOffView) -> AnyView {
    let l = use_locale();
    let form = FormState::new::<PostponeEvent>();
    let choices = (found.orders > 0).then(|| moved_choices(form, "postpone"));
    let slug = found.slug.clone();
    view! {
        <Section title=t::postpone_title(l) lead=t::postpone_text(l)>
            <form method="post" action=form.address() class="form" novalidate=true>
                <FormError error=form.form_error()/>
                <input type="hidden" name="event" value=slug/>
                {choices}
                <TextInput
                    name="reason"
                    id="postpone-reason"
                    label=organizer::reason(l)
                    hint=organizer::reason_hint(l)
                    value=form.value("reason")
                    error=form.error("reason")
                    maxlength=300
                />
                <div><Button kind=ButtonKind::Secondary>{organizer::postpone_now(l)}</Button></div>
            </form>
        </Section>
    }
    .into_any()
}

fn cancel(found: &CallOffView) -> AnyView {
    let l = use_locale();
    let form = FormState::new::<CancelEvent>();
    let slug = found.slug.clone();
    let open = form.failed();
    let follow = (found.orders > 0).then(|| view! { <p>{t::cancel_progress(l)}</p> });
    view! {
        <Section title=t::cancel_title(l) lead=t::cancel_text(l)>
            <ConfirmPanel label=organizer::cancel_event(l) open>
                <form method="post" action=form.address() class="form" novalidate=true>
                    {follow}
                    <FormError error=form.form_error()/>
                    <input type="hidden" name="event" value=slug/>
                    <TextInput
                        name="reason"
                        id="cancel-reason"
                        label=organizer::reason(l)
                        hint=organizer::reason_hint(l)
                        value=form.value("reason")
                        error=form.error("reason")
                        maxlength=300
                        required=true
                    />
                    <div><Button kind=ButtonKind::Danger>{organizer::cancel_now(l)}</Button></div>
                </form>
            </ConfirmPanel>
        </Section>
    }
    .into_any()
}
