//! What the address of the page being shown says.

use app_api::query::use_query_map;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// What the address of a list asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    pub organization: String,
    pub event: Option<String>,
    pub text: String,
    pub state: String,
    pub after: Option<String>,
}

/// The list of the address.
pub fn use_asked() -> Memo<Asked> {
    let (params, query) = (use_params_map(), use_query_map());
    Memo::new(move |_| {
        let (organization, event) =
            params.with(|p| (p.get("org").unwrap_or_default(), p.get("event")));
        query.with(|q| Asked {
            organization,
            event,
            text: q.get("q").unwrap_or_default(),
            state: q.get("state").unwrap_or_default(),
            after: q.get("after"),
        })
    })
}

/// One part of the path.
pub fn use_part(name: &'static str) -> Memo<String> {
    let params = use_params_map();
    Memo::new(move |_| params.with(|p| p.get(name).unwrap_or_default()))
}
