//! `/organize/:org/events/:event`: what to do next, how it sells, and what can be done with the event.

use app_api::{
    FormState, ask,
    events::{CopyEvent, EventSales, EventView, OrganizerEvent, PublishEvent, UnpublishEvent},
};
use app_ui::{
    Badge, Button, ButtonKind, FormError, Icon, IconName, LinkButton, Notice, PageHeader, Section,
    Tone, use_locale,
};
use domain::{
    catalog::{EventState, Missing},
    permissions::Right,
};
use leptos::prelude::*;
use locales::{organizer as t, refunds, requests};

use super::sales::{figures, live};
use crate::parts::{EventFrame, EventTab, Part, loaded, missing, param, phase, starts};

#[component]
pub fn OverviewPage() -> impl IntoView {
    let l = use_locale();
    let event = param("event");
    let found = ask({
        let event = event.clone();
        move || OrganizerEvent {
            event: event.clone(),
        }
    });
    let sales = ask(move || EventSales {
        event: event.clone(),
    });
    view! {
        <EventFrame title=t::overview(l) tab=EventTab::Overview>
            {loaded(found, move |event| {
                let live = live(&event.id.to_string());
                let draft = event.state == EventState::Draft;
                let deeds = deeds(&event);
                let slug = StoredValue::new(event.slug.clone());
                let next = if draft {
                    next_steps(&event)
                } else {
                    loaded(sales, move |first| {
                        let waits = slug.with_value(|slug| waiting(slug, first.asked_orders));
                        let figures = figures(first, live);
                        view! { {waits} {figures} }.into_any()
                    })
                };
                let head = head(event);
                view! {
                    {head}
                    {next}
                    {deeds}
                }
                .into_any()
            })}
        </EventFrame>
    }
}

fn head(event: EventView) -> AnyView {
    let l = use_locale();
    let (tone, state) = phase(l, event.phase, event.sold_out);
    let page = format!("/e/{}", event.slug);
    let see = if event.state == EventState::Draft {
        t::preview(l)
    } else {
        t::see_page(l)
    };
    let reason = (!event.state_reason.is_empty())
        .then(|| view! { <Notice tone=Tone::Warning title=event.state_reason.clone()/> });
    let unlisted = (event.visibility == domain::catalog::Visibility::Unlisted)
        .then(|| view! { <Badge>{t::visible_unlisted(l)}</Badge> });
    view! {
        <PageHeader title=event.title>
            <LinkButton href=page kind=ButtonKind::Secondary>{see}</LinkButton>
        </PageHeader>
        <p class="fact-line">
            <Badge tone>{state}</Badge>
            {unlisted}
            {starts(event.phase, event.starts, event.zone)}
        </p>
        {reason}
    }
    .into_any()
}

/// How many requests wait for a decision, and the way to them.
fn waiting(event: &str, asked: u32) -> AnyView {
    let l = use_locale();
    let org = param("org");
    if asked == 0 || !app_api::may(&org, Right::ViewOrders) {
        return ().into_any();
    }
    let href = format!("/organize/{org}/events/{event}/orders?state=asked");
    view! {
        <Notice tone=Tone::Warning title=requests::waiting(l, u64::from(asked))>
            <p><a class="text-link" href=href>{requests::see_waiting(l)}</a></p>
        </Notice>
    }
    .into_any()
}

/// The checklist of a draft, with publishing at its end.
fn next_steps(event: &EventView) -> AnyView {
    let l = use_locale();
    let form = FormState::new::<PublishEvent>();
    let org = param("org");
    let base = format!("/organize/{org}/events/{}", event.slug);
    let slug = event.slug.clone();
    let may_publish = app_api::may(&org, Right::PublishEvents);
    let can_publish = event.can_publish;
    let items = Missing::all()
        .iter()
        .map(|one| {
            let open = event.missing.contains(one);
            let (text, part) = missing(l, *one);
            let href = match part {
                Some(part) => app_api::may(&org, part.right()).then(|| format!("{base}{}", part.path())),
                None => Some("/account".to_owned()),
            };
            let icon = if open { IconName::Arrow } else { IconName::Check };
            let advice = (open && !one.blocks_publishing()).then(|| t::advice(l));
            view! {
                <li class="checklist-item" class:checklist-done=!open>
                    <Icon name=icon/>
                    {match (open, href) {
                        (true, Some(href)) => view! { <a href=href>{text}</a> }.into_any(),
                        (true, None) => view! { <span>{text}</span> }.into_any(),
                        (false, _) => view! { <span>{text} <span class="sr-only">{t::done(l)}</span></span> }.into_any(),
                    }}
                    {advice.map(|advice| view! { <span class="muted">{advice}</span> })}
                </li>
            }
        })
        .collect_view();
    let disabled = !can_publish;
    view! {
        <Section title=t::next_steps(l) lead=t::next_steps_lead(l)>
            <div class="stack">
                <ul class="checklist" role="list">{items}</ul>
                {may_publish
                    .then(|| view! {
                        <FormError error=form.form_error()/>
                        <form method="post" action=form.address()>
                            <input type="hidden" name="event" value=slug/>
                            <Button disabled=disabled>{t::publish(l)}</Button>
                        </form>
                        <p class="field-hint">
                            {if can_publish { t::publish_effect(l) } else { t::publish_blocked(l) }}
                        </p>
                    })}
            </div>
        </Section>
    }
    .into_any()
}

fn deeds(event: &EventView) -> AnyView {
    let l = use_locale();
    let org = param("org");
    let base = format!("/organize/{org}/events/{}", event.slug);
    let may = |right| app_api::may(&org, right);
    let part = Part::first(&org).filter(|_| event.state != EventState::Cancelled);
    let edit = part.map(|part| {
        let href = format!("{base}{}", part.path());
        view! { <LinkButton href kind=ButtonKind::Secondary>{t::edit(l)}</LinkButton> }
    });
    let copy = may(Right::CreateEvents).then(|| copy(&event.slug));
    let (may_move, may_show, may_cancel) = (
        may(Right::ManageEvents),
        may(Right::PublishEvents),
        may(Right::CancelEvents),
    );
    let move_it = format!("{base}{}", Part::When.path());
    let changes = match event.state {
        EventState::Draft | EventState::Cancelled => ().into_any(),
        EventState::Published => view! {
            {may_move
                .then(|| view! { <LinkButton href=move_it kind=ButtonKind::Secondary>{t::reschedule(l)}</LinkButton> })}
            {(may_show && !event.sold).then(|| unpublish(&event.slug))}
            {may_cancel.then(|| call_off(&base))}
        }
        .into_any(),
        EventState::Postponed => view! {
            {may_move.then(|| view! { <LinkButton href=move_it>{t::set_new_date(l)}</LinkButton> })}
            {may_cancel.then(|| call_off(&base))}
        }
        .into_any(),
    };
    let refunds = (may(Right::ViewOrders)
        && matches!(event.state, EventState::Postponed | EventState::Cancelled))
    .then(|| {
        let href = format!("{base}/refunds");
        view! { <LinkButton href kind=ButtonKind::Secondary>{refunds::see_refunds(l)}</LinkButton> }
    });
    let any = refunds.is_some() || edit.is_some() || copy.is_some() || may_show || may_cancel;
    any.then(|| {
        view! {
            <Section title=t::what_you_can_do(l)>
                <div class="deeds">{edit} {copy} {refunds} {changes}</div>
            </Section>
        }
    })
    .into_any()
}

/// Postponing and cancelling have a page of their own: it shows first what they mean.
fn call_off(base: &str) -> AnyView {
    let l = use_locale();
    let href = format!("{base}/call-off");
    view! { <LinkButton href kind=ButtonKind::Danger>{refunds::call_off(l)}</LinkButton> }
        .into_any()
}

fn copy(slug: &str) -> AnyView {
    let l = use_locale();
    let form = FormState::new::<CopyEvent>();
    let slug = slug.to_owned();
    view! {
        <form method="post" action=form.address()>
            <FormError error=form.form_error()/>
            <input type="hidden" name="event" value=slug/>
            <Button kind=ButtonKind::Secondary>{t::copy_event(l)}</Button>
        </form>
    }
    .into_any()
}

fn unpublish(slug: &str) -> AnyView {
    let l = use_locale();
    let form = FormState::new::<UnpublishEvent>();
    let slug = slug.to_owned();
    view! {
        <form method="post" action=form.address()>
            <FormError error=form.form_error()/>
            <input type="hidden" name="event" value=slug/>
            <Button kind=ButtonKind::Secondary>{t::unpublish(l)}</Button>
        </form>
    }
    .into_any()
}
