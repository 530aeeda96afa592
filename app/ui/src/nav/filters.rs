//! Filters as links: each has an address, so results can be shared and the back button works.

use crate::{Icon, IconName, MaybeText, use_locale};
use leptos::prelude::*;
use locales::texts;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chip {
    pub label: String,
    /// Where pressing leads: with the filter when it is off, without it when it is on.
    pub href: String,
    pub active: bool,
}

#[component]
pub fn FilterChips(#[prop(into, optional)] label: MaybeText, chips: Vec<Chip>) -> impl IntoView {
    let label = label.0;
    let l = use_locale();
    let chips = chips
        .into_iter()
        .map(|chip| {
            let remove = chip
                .active
                .then(|| texts::ui::remove_filter(l, &chip.label));
            view! {
                <li>
                    <a
                        class="chip"
                        class:chip-active=chip.active
                        href=chip.href
                        aria-current=chip.active.then_some("true")
                        aria-label=remove
                    >
                        <span>{chip.label}</span>
                        {chip.active.then(|| view! { <Icon name=IconName::Cross/> })}
                    </a>
                </li>
            }
        })
        .collect_view();
    view! {
        <nav class="chips" aria-label=label.unwrap_or_else(|| texts::ui::filters(l).to_owned())>
            <ul class="chips-list" role="list">{chips}</ul>
        </nav>
    }
    .into_any()
}
