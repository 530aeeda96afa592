//! What was read, or why it cannot be shown.

use app_api::{ApiError, ErrorKind};
use app_ui::{Notice, Skeleton, Tone, use_locale};
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use locales::shell;
use serde::{Serialize, de::DeserializeOwned};

/// Shows `view` of what the resource brings; until then lines stand in its place. While it is read again,
/// what was there stays.
pub fn loaded<T>(
    resource: Resource<Result<T, ApiError>>,
    view: impl Fn(T) -> AnyView + Copy + Send + Sync + 'static,
) -> AnyView
where
    T: Clone + Serialize + DeserializeOwned + Send + Sync + 'static,
{
    let here = use_location().pathname.get_untracked();
    view! {
        <Transition fallback=|| view! { <Skeleton lines=6/> }>
            {move || {
                let here = here.clone();
                Suspend::new(async move {
                    match resource.await {
                        Ok(value) => view(value),
                        Err(error) => refused(&error, &here),
                    }
                })
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
