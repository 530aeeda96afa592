//! Who is asking, by the secret in the session cookie.

use app_api::{
    ApiError, ErrorKind, MembershipView, RequestInfo, SessionView,
    cookies::{self, cookie, cookie_value},
};
use axum::{
    extract::Request,
    http::{HeaderValue, header::SET_COOKIE},
    response::Response,
};
use services::{Services, Unexpected, accounts, organizers, session::Session};

use super::access_log;
use crate::{AppState, fault};

/// Answers that are the same for everybody.
const FOR_ALL: [&str; 5] = ["/pkg/", "/media/", "/fonts/", "/healthz", "/readyz"];

/// What somebody may still send who looks as another person does, and changes nothing of theirs.
const MAY_STILL: [&str; 4] = [
    "/acting/stop",
    "/sign-out",
    "/preferences/locale",
    "/preferences/theme",
];

/// Leaves the person in the request's facts.
pub async fn recognize(state: &AppState, mut request: Request) -> Result<Request, Box<Response>> {
    let path = request.uri().path();
    let personal = !FOR_ALL.iter().any(|start| path.starts_with(start));
    let info = request.extensions().get::<RequestInfo>();
    let secret = info.and_then(|info| info.session_secret.clone());
    let Some(secret) = secret.filter(|_| personal) else {
        return Ok(request);
    };
    // Seldom needed, and large.
    let found = Box::pin(find(&state.services, &secret)).await;
    let mut found = found.map_err(|error| Box::new(fault::refuse(ApiError::from(error))))?;
    if found.is_none()
        && let Some(own) = own_session(state, &request)
    {
        let again = Box::pin(find(&state.services, &own)).await;
        found = again.map_err(|error| Box::new(fault::refuse(ApiError::from(error))))?;
        if found.is_some() {
            if let Some(info) = request.extensions_mut().get_mut::<RequestInfo>() {
                info.session_secret = Some(own.clone());
            }
            let secure = state.config.cookies.secure;
            request.extensions_mut().insert(OwnAgain { own, secure });
        }
    }
    if let Some((session, _)) = &found {
        access_log::note_person(session);
    }
    let acting = matches!(&found, Some((session, _)) if session.acting.is_some());
    if acting && !request.method().is_safe() && !MAY_STILL.contains(&request.uri().path()) {
        let error = ApiError::new(ErrorKind::Forbidden, "only_looking");
        return Err(Box::new(fault::refuse(error)));
    }
    if let Some((session, viewer)) = found
        && let Some(info) = request.extensions_mut().get_mut::<RequestInfo>()
    {
        info.session = Some(session);
        info.viewer = Some(viewer);
    }
    Ok(request)
}

/// An admin looked as somebody else until the time was over, and is themselves again: the browser hears of it with the answer.
#[derive(Clone)]
pub struct OwnAgain {
    own: String,
    secure: bool,
}

impl OwnAgain {
    pub fn tell(self, response: &mut Response) {
        let headers = response.headers_mut();
        let mut set = headers.get_all(SET_COOKIE).iter();
        // Signing in or out says more.
        if set.any(|value| cookies::sets(value.as_bytes(), cookies::SESSION)) {
            return;
        }
        let lasts = cookies::SESSION_SECONDS;
        for cookie in [
            cookie(cookies::SESSION, &self.own, lasts, self.secure),
            cookie(cookies::OWN, "", 0, self.secure),
        ] {
            if let Ok(value) = HeaderValue::from_str(&cookie) {
                headers.append(SET_COOKIE, value);
            }
        }
    }
}

/// The session that was kept while its owner looked as somebody else. It takes over for pages only: a form that was filled in as
/// somebody else is not sent as oneself.
fn own_session(state: &AppState, request: &Request) -> Option<String> {
    let secure = state.config.cookies.secure;
    let own = cookie_value(request.headers(), cookies::OWN, secure)?;
    request.method().is_safe().then(|| own.to_owned())
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
        has_second_factor: session.has_second_factor,
        has_authenticator: session.has_authenticator,
        acting_until: session
            .acting
            .as_ref()
            .map(|acting| jiff::tz::Offset::UTC.to_datetime(acting.until).time()),
        memberships: memberships
            .into_iter()
            .map(|m| MembershipView {
                slug: m.slug,
                name: m.name,
                role: m.role,
                everywhere: m.everywhere,
            })
            .collect(),
    };
    Ok(Some((session, viewer)))
}
