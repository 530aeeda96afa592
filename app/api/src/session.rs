//! Who is signed in, as far as pages show it.

use domain::permissions::Role;
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use leptos::task::spawn_local;
use serde::{Deserialize, Serialize};

use crate::ApiError;

/// The signed-in person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionView {
    pub name: String,
    pub email: String,
    pub email_verified: bool,
    pub platform_admin: bool,
    pub memberships: Vec<MembershipView>,
}

/// An organization the person belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MembershipView {
    pub slug: String,
    pub name: String,
    pub role: Role,
}

#[derive(Clone, Copy)]
struct Viewer(RwSignal<Option<SessionView>>);

/// Makes the session the server found known to all parts of the page, the same on both sides. Called once at the root.
pub fn provide_session() {
    let viewer = SharedValue::new(found).into_inner();
    provide_context(Viewer(RwSignal::new(viewer)));
}

#[cfg(feature = "ssr")]
fn found() -> Option<SessionView> {
    use_context::<crate::RequestInfo>().and_then(|info| info.viewer)
}

#[cfg(not(feature = "ssr"))]
fn found() -> Option<SessionView> {
    None
}

/// Who is signed in now.
#[must_use]
pub fn use_session() -> Signal<Option<SessionView>> {
    match use_context::<Viewer>() {
        Some(Viewer(viewer)) => viewer.into(),
        None => Signal::stored(None),
    }
}

/// Asks again who is signed in: after signing in or out without a new page.
pub fn refresh_session() {
    if let Some(Viewer(viewer)) = use_context::<Viewer>() {
        spawn_local(async move {
            if let Ok(now) = current_session().await {
                viewer.set(now);
            }
        });
    }
}

/// Sends whoever is not signed in to the sign-in page and back. The page itself shows nothing without its server
/// functions, which refuse on their own.
pub fn require_session() {
    #[cfg(feature = "ssr")]
    if let (Some(info), Some(parts)) = (
        use_context::<crate::RequestInfo>(),
        use_context::<http::request::Parts>(),
    ) && info.session.is_none()
    {
        let here = crate::path::local_path(parts.uri.path()).unwrap_or("/organize");
        leptos_axum::redirect(&format!("/sign-in?next={here}"));
    }
}

/// The signed-in person, if any.
#[server(input = GetUrl)]
pub async fn current_session() -> Result<Option<SessionView>, ApiError> {
    Ok(crate::ctx()?.request.viewer)
}
