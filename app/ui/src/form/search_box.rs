//! A search that is a plain GET form, so that results have an address.

use crate::{Icon, IconName, MaybeText, use_locale};
use leptos::prelude::*;
use locales::texts;

#[component]
pub fn SearchBox(
    /// The page that shows results.
    #[prop(into)]
    action: String,
    #[prop(default = "q".to_owned(), into)] name: String,
    #[prop(into, optional)] value: MaybeText,
    #[prop(into)] label: String,
    #[prop(into, optional)] placeholder: MaybeText,
    /// Other parts of the address that must survive the search.
    #[prop(optional)]
    keep: Vec<(String, String)>,
) -> impl IntoView {
    let (value, placeholder) = (value.0, placeholder.0);
    let l = use_locale();
    let kept = keep
        .into_iter()
        .map(|(name, value)| view! { <input type="hidden" name=name value=value/> })
        .collect_view();
    view! {
        <form class="search" role="search" method="get" action=action>
            {kept}
            <label class="search-field">
                <Icon name=IconName::Search/>
                <span class="sr-only">{label}</span>
                <input
                    class="search-input"
                    type="search"
                    name=name
                    value=value
                    placeholder=placeholder
                    autocomplete="off"
                    enterkeyhint="search"
                />
            </label>
            <button class="btn btn-primary search-button" type="submit">
                <span class="btn-label">{texts::ui::search(l)}</span>
            </button>
        </form>
    }
    .into_any()
}
