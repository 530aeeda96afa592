//! A page once what it needs has arrived.

use std::sync::Arc;

use app_api::{
    ApiError, Asked, ErrorKind,
    ask::{Answer, Awaited},
};
use app_ui::{Container, FaultPage, Skeleton, use_locale};
use leptos::prelude::*;
use leptos_meta::{Meta, Title};
use leptos_router::hooks::use_params_map;
use locales::shell;
use serde::de::DeserializeOwned;

/// A part of the address.
pub fn param(name: &'static str) -> Memo<String> {
    let params = use_params_map();
    Memo::new(move |_| params.with(|params| params.get(name).unwrap_or_default()))
}

/// Shows what was asked for, or the refusal with its status.
pub fn fetched<T>(page: Asked<T>, show: impl Fn(T) -> AnyView + Send + Sync + 'static) -> AnyView
where
    T: Clone + DeserializeOwned + 'static,
{
    let show = move |answer: &Answer| match answer.open() {
        Ok(found) => show(found),
        Err(error) => view! { <Fault error/> }.into_any(),
    };
    waiting(page.awaited(), Arc::new(show))
}

/// The same code for whatever is shown.
fn waiting(awaited: Awaited, show: Arc<dyn Fn(&Answer) -> AnyView + Send + Sync>) -> AnyView {
    view! {
        <Transition fallback=|| view! { <Container><div class="page-wait"><Skeleton lines=6/></div></Container> }>
            {move || awaited.get().map(|answer| show(&answer))}
        </Transition>
    }
    .into_any()
}

#[component]
pub fn Fault(error: ApiError) -> impl IntoView {
    let l = use_locale();
    error.set_page_status();
    let (title, text) = match error.kind {
        ErrorKind::NotFound => (
            shell::not_found_title(l),
            shell::not_found_text(l).to_owned(),
        ),
        ErrorKind::Gone => (shell::gone_title(l), error.text(l)),
        ErrorKind::TooMany => (shell::too_many_title(l), error.text(l)),
        ErrorKind::Busy => (shell::busy_title(l), error.text(l)),
        ErrorKind::Unauthenticated => (shell::unauthenticated_title(l), error.text(l)),
        ErrorKind::Forbidden => (shell::forbidden_title(l), error.text(l)),
        ErrorKind::Conflict => (shell::conflict_title(l), error.text(l)),
        ErrorKind::Invalid => (shell::invalid_title(l), error.text(l)),
        ErrorKind::Internal => (shell::internal_title(l), error.text(l)),
    };
    let incident = error
        .incident
        .clone()
        .filter(|id| !id.is_empty())
        .map(|id| shell::incident(l, id));
    view! {
        <Title text=title/>
        <Meta name="robots" content="noindex"/>
        <FaultPage status=error.status() title text incident/>
    }
}
