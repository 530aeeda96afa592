//! The search box above a list, and the list's page in the address.

use app_api::admin::Listing;
use app_api::query::use_query_map;
use app_ui::{EmptyState, KeysetPager, SearchBox, address, use_locale};
use leptos::prelude::*;
use locales::admin;

/// What the address asks for: the text, and the cursor of the page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Search {
    pub text: String,
    pub after: Option<String>,
    pub action: String,
}

/// The search in the address.
pub fn use_search() -> Memo<Search> {
    let query = use_query_map();
    Memo::new(move |_| {
        query.with(|q| Search {
            text: q.get("q").unwrap_or_default(),
            after: q.get("after"),
            action: q.get("action").unwrap_or_default(),
        })
    })
}

/// A list that was found: its rows in a table made by `table`, or that there is nothing; then the way on.
#[component]
pub fn Found<T, F>(
    /// The page's own address.
    path: &'static str,
    #[prop(into)] label: String,
    search: Search,
    listing: Listing<T>,
    /// Title and text while there is nothing to be found at all.
    #[prop(optional)]
    empty: Option<(&'static str, &'static str)>,
    table: F,
) -> impl IntoView
where
    T: 'static,
    F: FnOnce(Vec<T>) -> AnyView + 'static,
{
    let l = use_locale();
    let keep = if search.action.is_empty() {
        Vec::new()
    } else {
        vec![("action".to_owned(), search.action.clone())]
    };
    let page = |after: &str| {
        let query = [
            ("q", search.text.as_str()),
            ("action", &search.action),
            ("after", after),
        ];
        address(path, &query)
    };
    let next = listing.next.as_deref().map(page);
    let previous = search.after.is_some().then(|| page(""));
    let body = if listing.items.is_empty() {
        let (title, text) = empty
            .filter(|_| search == Search::default())
            .unwrap_or((admin::nothing_title(l), admin::nothing_text(l)));
        view! { <EmptyState title text/> }.into_any()
    } else {
        table(listing.items)
    };
    view! {
        <SearchBox action=path label=label.clone() placeholder=label value=search.text keep/>
        {body}
        <KeysetPager previous=previous next=next/>
    }
    .into_any()
}
