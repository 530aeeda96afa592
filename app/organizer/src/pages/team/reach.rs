//! For which events somebody works.

use app_api::{FormState, team::ReachView};
use app_ui::{Checkbox, Choice, RadioGroup, use_locale};
use domain::ids::EventId;
use leptos::prelude::*;
use locales::{Locale, dates, team as t};

/// The choice in a form; `now` is how it stands.
pub(super) fn choice(
    form: FormState,
    id: &str,
    events: &[ReachView],
    now: Option<&[EventId]>,
) -> AnyView {
    let l = use_locale();
    let selected = form.value_or("reach", if now.is_some() { "some" } else { "all" });
    let choices = vec![
        Choice::new("all", t::reach_all(l)),
        Choice::new("some", t::reach_some(l)),
    ];
    let boxes = events
        .iter()
        .enumerate()
        .map(|(n, event)| {
            let chosen = now.is_some_and(|now| now.contains(&event.id));
            let name = format!("events[{n}]");
            let checked = form.checked(&name, chosen);
            let (label, value) = (event.title.clone(), event.id.to_string());
            let hint = dates::date_long(l, event.day);
            let id = format!("{id}-event-{n}");
            view! { <Checkbox name label value checked hint id/> }
        })
        .collect_view();
    let error = form.error("events");
    let list = if events.is_empty() {
        view! { <p class="field-hint">{t::reach_no_events(l)}</p> }.into_any()
    } else {
        view! { <div class="reach-list">{boxes}</div> }.into_any()
    };
    view! {
        <div class="reach">
            <RadioGroup
                name="reach"
                legend=t::reach(l)
                choices
                selected
                error
                id=format!("{id}-reach")
            />
            <fieldset class="field reach-events">
                <legend class="field-label">{t::reach_events(l)}</legend>
                {list}
            </fieldset>
        </div>
    }
    .into_any()
}

/// In a few words: "All events", or which ones.
pub(super) fn told(l: Locale, events: &[ReachView], reach: Option<&[EventId]>) -> String {
    let Some(reach) = reach else {
        return t::reach_all(l).to_owned();
    };
    let names: Vec<&str> = events
        .iter()
        .filter(|event| reach.contains(&event.id))
        .map(|event| event.title.as_str())
        .collect();
    match names.as_slice() {
        [one] => locales::isolate(l, one).into_owned(),
        _ => t::reach_count(l, u64::try_from(reach.len()).unwrap_or(0)),
    }
}
