//! What was read, or why it cannot be shown.

use std::sync::Arc;

use app_api::{
    ApiError, Asked, ErrorKind,
    ask::{Answer, Awaited},
};
use app_ui::{Notice, Skeleton, Tone, use_locale};
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use locales::shell;
use serde::de::DeserializeOwned;

/// Shows `view` of what was asked for; until then lines stand in its place. While it is read again,
/// what was there stays.
pub fn loaded<T>(
    asked: Asked<T>,
    view: impl Fn(T) -> AnyView + Copy + Send + Sync + 'static,
) -> AnyView
where
    T: Clone + DeserializeOwned + 'static,
{
    let here = use_location().pathname.get_untracked();
    answered(asked, move |found| match found {
        Ok(found) => view(found),
        Err(error) => refused(&error, &here),
    })
}

/// The same where a refusal is something to show as well.
pub fn answered<T>(
    asked: Asked<T>,
    view: impl Fn(Result<T, ApiError>) -> AnyView + Send + Sync + 'static,
) -> AnyView
where
    T: Clone + DeserializeOwned + 'static,
{
    waiting(asked.awaited(), Arc::new(move |answer| view(answer.open())))
}

/// The same code for whatever is shown.
fn waiting(awaited: Awaited, view: Arc<dyn Fn(&Answer) -> AnyView + Send + Sync>) -> AnyView {
    view! {
        <Transition fallback=|| view! { <Skeleton lines=6/> }>
            {move || {
                let view = view.clone();
                Suspend::new(async move { view(&awaited.await) })
            }}
        </Transition>
    }
    .into_any()
}

fn refused(error: &ApiError, here: &str) -> AnyView {
    let l = use_locale();
    error.set_page_status();
    let sign_in = format!("/sign-in?next={here}");
    match error.kind {
        ErrorKind::Unauthenticated => view! {
            <Notice tone=Tone::Info title=shell::sign_in_first(l)>
                <p><a class="btn btn-primary" href=sign_in>{shell::sign_in(l)}</a></p>
            </Notice>
        }
        .into_any(),
        ErrorKind::NotFound => view! {
            <Notice tone=Tone::Neutral title=shell::not_found_title(l)><p>{shell::not_found_text(l)}</p></Notice>
        }
        .into_any(),
        ErrorKind::Forbidden if error.code == "second_factor_needed" => view! {
            <Notice tone=Tone::Warning title=error.text(l)>
                <p><a class="btn btn-primary" href="/account/security">{shell::set_up_second_factor(l)}</a></p>
            </Notice>
        }
        .into_any(),
        _ => view! { <Notice tone=Tone::Error title=error.text(l)/> }.into_any(),
    }
}
