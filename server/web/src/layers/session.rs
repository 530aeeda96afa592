//! Who is asking, by the secret in the session cookie.

use app_api::{ApiError, MembershipView, RequestInfo, SessionView};
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use services::{Services, Unexpected, accounts, organizers, session::Session};

use crate::{AppState, fault};

/// Answers that are the same for everybody.
const FOR_ALL: [&str; 5] = ["/pkg/", "/media/", "/fonts/", "/healthz", "/readyz"];

pub async fn layer(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let personal = !FOR_ALL
        .iter()
        .any(|start| parts.uri.path().starts_with(start));
    if personal
        && let Some(info) = parts.extensions.get_mut::<RequestInfo>()
        && let Some(secret) = info.session_secret.clone()
    {
        match find(&state.services, &secret).await {
            Ok(Some((session, viewer))) => {
                info.session = Some(session);
                info.viewer = Some(viewer);
            }
            Ok(None) => {}
            Err(error) => return fault::refuse(ApiError::from(error)),
        }
    }
    next.run(Request::from_parts(parts, body)).await
}

async fn find(sv: &Services, secret: &str) -> Result<Option<(Session, SessionView)>, Unexpected> {
    let Some(session) = accounts::session_by_token(sv, secret).await? else {
        return Ok(None);
    };
    let memberships = organizers::list_mine(sv, &session).await?;
    let viewer = SessionView {
        name: session.name.clone(),
        email: session.email.clone(),
        email_verified: session.email_verified,
        platform_admin: session.platform_admin,
        memberships: memberships
            .into_iter()
            .map(|m| MembershipView {
                slug: m.slug,
                name: m.name,
                role: m.role,
            })
            .collect(),
    };
    Ok(Some((session, viewer)))
}
