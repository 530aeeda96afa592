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
    /// Whether this session was opened with more than a password.
    pub has_second_factor: bool,
    /// Whether the person can be asked for a code.
    pub has_authenticator: bool,
    /// Set where somebody of the platform looks as this person: until when, in UTC.
    pub acting_until: Option<jiff::civil::Time>,
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
    let acting = use_session().is_some_and(|session| session.acting_until.is_some());
    membership(slug).is_some_and(|m| m.role.allows(right, m.everywhere))
        && (!acting || right.only_looks())
}

/// Sends whoever is not signed in to the sign-in page and back. The page itself shows nothing without its server
/// functions, which refuse on their own.
pub fn require_session() {
    #[cfg(feature = "ssr")]
    if let Some((info, here)) = page()
        && info.session.is_none()
    {
        leptos_axum::redirect(&crate::path::with_next("/sign-in", &here));
    }
}

/// The same, and sends whoever has not shown for a while who they are to do that first.
pub fn require_fresh_session() {
    require_session();
    #[cfg(feature = "ssr")]
    if let (Some(services), Some((info, here))) = (use_context::<services::Services>(), page())
        && let Some(session) = &info.session
        && services::permit::fresh(&services, session).is_err()
    {
        leptos_axum::redirect(&crate::path::with_next("/sign-in/again", &here));
    }
}

/// The request of the page that is being written, and its address.
#[cfg(feature = "ssr")]
fn page() -> Option<(crate::RequestInfo, String)> {
    let (info, parts) = (
        use_context::<crate::RequestInfo>()?,
        use_context::<http::request::Parts>()?,
    );
    let here = crate::path::local_path(parts.uri.path()).unwrap_or("/organize");
    Some((info, here.to_owned()))
}
