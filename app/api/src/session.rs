//! Who is signed in, as far as pages show it.

use domain::permissions::{Right, Role};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// The signed-in person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionView {
    pub name: String,
    pub email: String,
    pub email_verified: bool,
    pub platform_admin: bool,
    pub has_second_factor: bool,
    pub memberships: Vec<MembershipView>,
}

/// An organization the person belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MembershipView {
    pub slug: String,
    pub name: String,
    pub role: Role,
    /// Whether they work for all of its events, not only for some.
    pub everywhere: bool,
}

#[derive(Clone)]
struct Viewer(Option<SessionView>);

/// Makes the session the server found known to all parts of the page, the same on both sides. Called once at the root.
pub fn provide_session() {
    let viewer = SharedValue::new(found).into_inner();
    provide_context(Viewer(viewer));
}

#[cfg(feature = "ssr")]
fn found() -> Option<SessionView> {
    use_context::<crate::RequestInfo>().and_then(|info| info.viewer)
}

#[cfg(not(feature = "ssr"))]
fn found() -> Option<SessionView> {
    None
}

/// Who is signed in. Signing in and out makes a new page, so this stays what it is.
#[must_use]
pub fn use_session() -> Option<SessionView> {
    use_context::<Viewer>()?.0
}

/// The viewer's place in an organization, if any.
#[must_use]
pub fn membership(slug: &str) -> Option<MembershipView> {
    let session = use_session()?;
    session.memberships.into_iter().find(|m| m.slug == slug)
}

/// Whether the viewer may do something in an organization. Pages hide what they may not; the server refuses it anyway.
#[must_use]
pub fn may(slug: &str, right: Right) -> bool {
    membership(slug).is_some_and(|m| m.role.allows(right, m.everywhere))
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
