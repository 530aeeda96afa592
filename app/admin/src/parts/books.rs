//! Whether our books and the provider's agree, at a glance.

use app_api::{
    admin::{AdminBooks, StandingView},
    ask,
};
use app_ui::{Badge, DateTimeView, Tone, use_locale};
use leptos::prelude::*;
use locales::{Locale, books as t};

use super::loaded;

#[component]
pub fn BooksTile() -> impl IntoView {
    let found = ask(|| AdminBooks {});
    loaded(found, tile)
}

fn tile(found: StandingView) -> AnyView {
    let l = use_locale();
    let (tone, words) = light(l, &found);
    let when = found.last.map(|last| {
        let at = last.ended;
        view! { <p class="stat-note">{t::last(l)}" · "<DateTimeView at zone="UTC"/></p> }
    });
    view! {
        <div class="card stack">
            <p class="stat-label"><a class="text-link" href="/admin/finance/cases">{t::tile(l)}</a></p>
            <p><Badge tone>{words}</Badge></p>
            {when}
        </div>
    }
    .into_any()
}

/// Green, red or neither, and in words.
pub fn light(l: Locale, found: &StandingView) -> (Tone, String) {
    let Some(last) = found.last.as_ref().filter(|_| found.keeps_book) else {
        let words = if found.keeps_book {
            t::never(l)
        } else {
            t::no_book(l)
        };
        return (Tone::Neutral, words.to_owned());
    };
    if found.open > 0 {
        (Tone::Error, t::differs(l, found.open))
    } else if last.error.is_empty() {
        (Tone::Success, t::agrees(l).to_owned())
    } else {
        (Tone::Warning, t::failed(l).to_owned())
    }
}
