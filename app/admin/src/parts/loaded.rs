//! What was read, or why it cannot be shown.

use std::sync::Arc;

use app_api::{
    ApiError, Asked, ErrorKind,
    ask::{Answer, Awaited},
};
use app_ui::{Notice, Skeleton, Tone, use_locale};
use leptos::prelude::*;
use locales::{admin, shell};
use serde::de::DeserializeOwned;

use super::Heading;

/// Shows `view` of what was asked for; until then lines stand in its place.
pub fn loaded<T>(
    asked: Asked<T>,
    view: impl Fn(T) -> AnyView + Copy + Send + Sync + 'static,
) -> AnyView
where
    T: Clone + DeserializeOwned + 'static,
{
    let view = move |answer: &Answer| match answer.open() {
        Ok(found) => view(found),
        Err(error) => refused(&error),
    };
    waiting(asked.awaited(), Arc::new(view))
}

/// The same code for whatever is shown.
fn waiting(awaited: Awaited, view: Arc<dyn Fn(&Answer) -> AnyView + Send + Sync>) -> AnyView {
    view! {
        <Suspense fallback=|| view! { <Skeleton lines=6/> }>
            {move || {
                let view = view.clone();
                Suspend::new(async move { view(&awaited.await) })
            }}
        </Suspense>
    }
    .into_any()
}

fn refused(error: &ApiError) -> AnyView {
    let l = use_locale();
    error.set_page_status();
    match error.kind {
        ErrorKind::Unauthenticated => view! {
            <Notice tone=Tone::Info title=shell::sign_in_first(l)>
                <p><a class="btn btn-primary" href="/sign-in?next=/admin">{shell::sign_in(l)}</a></p>
            </Notice>
        }
        .into_any(),
        ErrorKind::NotFound => view! {
            <Heading
                eyebrow=admin::title(l)
                title=shell::not_found_title(l)
                lead=shell::not_found_text(l)
            />
        }
        .into_any(),
        _ => view! { <Notice tone=Tone::Error title=error.text(l)/> }.into_any(),
    }
}
