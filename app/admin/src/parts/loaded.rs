//! What was read, or why it cannot be shown.

use app_api::{ApiError, ErrorKind};
use app_ui::{Notice, Skeleton, Tone, use_locale};
use leptos::prelude::*;
use locales::{admin, shell};
use serde::{Serialize, de::DeserializeOwned};

use super::Heading;

/// Shows `view` of what the resource brings; until then lines stand in its place.
pub fn loaded<T>(
    resource: Resource<Result<T, ApiError>>,
    view: impl Fn(T) -> AnyView + Copy + Send + Sync + 'static,
) -> AnyView
where
    T: Clone + Serialize + DeserializeOwned + Send + Sync + 'static,
{
    view! {
        <Suspense fallback=|| view! { <Skeleton lines=6/> }>
            {move || Suspend::new(async move {
                match resource.await {
                    Ok(value) => view(value),
                    Err(error) => refused(&error),
                }
            })}
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
