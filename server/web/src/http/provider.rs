//! Signing in with an account elsewhere: the browser goes to the provider by a plain link (a form could not follow it there),
//! and comes back with a code. The way back is a `GET` because providers send people so; it does nothing without the cookie
//! that the way there left, and that is good once.

use app_api::{
    ApiError, ErrorKind, RequestInfo,
    cookies::{self, cookie, cookie_value},
    path,
    provider::{WHY_KEY, known_reason},
};
use axum::{
    Extension,
    extract::{Query, State},
    http::{
        HeaderMap, HeaderValue,
        header::{CACHE_CONTROL, SET_COOKIE, USER_AGENT},
    },
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use services::{
    Services,
    accounts::{self, Entered, ProviderError, ProviderReturn, Returned},
};

use crate::{AppState, fault, forms::came_from};

/// As long as a question is open.
const TRIP_SECONDS: u64 = 5 * 60;

#[derive(Debug, Deserialize)]
pub struct There {
    #[serde(default)]
    next: String,
}

#[derive(Debug, Deserialize)]
pub struct Back {
    #[serde(default)]
    state: String,
    #[serde(default)]
    code: String,
    iss: Option<String>,
}

/// Off to sign in.
pub async fn sign_in(
    State(state): State<AppState>,
    Extension(info): Extension<RequestInfo>,
    Query(there): Query<There>,
) -> Response {
    let next = path::local_path(&there.next).unwrap_or_default();
    go(&state.services, &info, false, next).await
}

/// Off to tie the provider's account to one's own.
pub async fn tie(
    State(state): State<AppState>,
    Extension(info): Extension<RequestInfo>,
    headers: HeaderMap,
) -> Response {
    // A link of another site must not tie whatever account the browser has at the provider.
    if !from_our_page(&headers, &state.origin()) {
        return fault::refuse(ApiError::new(ErrorKind::Forbidden, "csrf"));
    }
    if info.session.is_none() {
        return fault::refuse(ApiError::unauthenticated());
    }
    go(&state.services, &info, true, "").await
}

/// Whether a link of ours was followed. Browsers say so in one header or, the older ones, in the other.
fn from_our_page(headers: &HeaderMap, origin: &str) -> bool {
    match headers.get("sec-fetch-site") {
        Some(site) => site == "same-origin",
        None => came_from(headers, origin).is_some(),
    }
}

async fn go(sv: &Services, info: &RequestInfo, tie: bool, next: &str) -> Response {
    let session = info.session.as_ref().filter(|_| tie);
    match accounts::begin_provider(sv, session, next, &info.household()).await {
        Ok(trip) => with_cookies(
            Redirect::to(&trip.url).into_response(),
            &[trip_cookie(info, &trip.token, TRIP_SECONDS)],
        ),
        Err(error) => refuse(error, tie),
    }
}

/// Back again.
pub async fn back(
    State(state): State<AppState>,
    Extension(info): Extension<RequestInfo>,
    headers: HeaderMap,
    Query(back): Query<Back>,
) -> Response {
    let agent = headers
        .get(USER_AGENT)
        .and_then(|value| value.to_str().ok());
    let cmd = ProviderReturn {
        token: cookie_value(&headers, cookies::TRIP, info.secure_cookies)
            .unwrap_or_default()
            .to_owned(),
        state: back.state,
        code: back.code,
        issuer: back.iss,
        locale: info.locale,
        user_agent: agent.unwrap_or_default().to_owned(),
    };
    let sv = &state.services;
    let outcome = accounts::finish_provider(sv, info.session.as_ref(), cmd).await;
    let forget = trip_cookie(&info, "", 0);
    match outcome {
        Ok(Returned::Tied) => {
            with_cookies(Redirect::to("/account/security").into_response(), &[forget])
        }
        Ok(Returned::In { entered, next }) => match enter(sv, &info, &entered, &next).await {
            Ok((to, entry)) => {
                // Nothing of a support's session is left behind in this browser.
                let own = cookie(cookies::OWN, "", 0, info.secure_cookies);
                with_cookies(Redirect::to(&to).into_response(), &[forget, entry, own])
            }
            Err(error) => fault::refuse(error),
        },
        Err(error) => with_cookies(refuse(error, info.session.is_some()), &[forget]),
    }
}

/// Where to go on, and the cookie that says who comes.
async fn enter(
    sv: &Services,
    info: &RequestInfo,
    entered: &Entered,
    next: &str,
) -> Result<(String, String), ApiError> {
    // Whoever signs in anew does not leave an open session behind.
    if let (Entered::In(_), Some(session)) = (entered, &info.session) {
        accounts::sign_out(sv, session).await?;
    }
    let secure = info.secure_cookies;
    let lasts = |until: domain::when::Timestamp| {
        u64::try_from(until.duration_since(sv.now()).as_secs()).unwrap_or(0)
    };
    Ok(match entered {
        Entered::In(signed_in) => (
            app_api::context::landing(sv, signed_in.user, next).await?,
            cookie(
                cookies::SESSION,
                &signed_in.token,
                cookies::SESSION_SECONDS,
                secure,
            ),
        ),
        Entered::CodeNeeded(half) => (
            path::with_next("/sign-in/code", next),
            cookie(cookies::HALF, &half.token, lasts(half.expires_at), secure),
        ),
    })
}

/// Back to where the way began, which says why; faults of ours are pages of their own.
fn refuse(error: ProviderError, tie: bool) -> Response {
    let error = ApiError::from(error);
    let Some(code) = known_reason(&error.code) else {
        return fault::refuse(error);
    };
    let page = if tie { "/account/security" } else { "/sign-in" };
    let page = path::with_query(page, WHY_KEY, Some(code));
    Redirect::to(&page).into_response()
}

fn trip_cookie(info: &RequestInfo, token: &str, lasts: u64) -> String {
    cookie(cookies::TRIP, token, lasts, info.secure_cookies)
}

fn with_cookies(mut response: Response, cookies: &[String]) -> Response {
    let headers = response.headers_mut();
    for cookie in cookies {
        if let Ok(value) = HeaderValue::from_str(cookie) {
            headers.append(SET_COOKIE, value);
        }
    }
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
