//! Filters as links: each has an address, so results can be shared and the back button works.

use crate::{Icon, IconName, MaybeText, use_locale};
use leptos::prelude::*;
use locales::texts;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chip {
    label: String,
    href: String,
    active: bool,
    removable: bool,
}

impl Chip {
    /// A filter: pressing leads to where it is on when it is off, to where it is off when it is on.
    pub fn filter(label: impl Into<String>, href: impl Into<String>, active: bool) -> Self {
        Self {
            label: label.into(),
            href: href.into(),
            active,
            removable: true,
        }
    }

    /// One of several, of which one is always on.
    pub fn choice(label: impl Into<String>, href: impl Into<String>, active: bool) -> Self {
        Self {
            removable: false,
            ..Self::filter(label, href, active)
        }
    }
}

#[component]
pub fn FilterChips(#[prop(into, optional)] label: MaybeText, chips: Vec<Chip>) -> impl IntoView {
    let label = label.0;
    let l = use_locale();
    let chips = chips
        .into_iter()
        .map(|chip| {
            let remove =
                (chip.active && chip.removable).then(|| texts::ui::remove_filter(l, &chip.label));
            let cross = remove
                .is_some()
                .then(|| view! { <Icon name=IconName::Cross/> });
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
                        {cross}
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
