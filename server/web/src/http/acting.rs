//! Looking at Bilten as somebody else ends: the admin is themselves again.

use app_api::{
    ApiError, RequestInfo,
    cookies::{self, cookie, cookie_value},
};
use axum::{
    Extension,
    extract::State,
    http::{HeaderMap, HeaderValue, header::SET_COOKIE},
    response::{IntoResponse, Redirect, Response},
};
use services::moderation;

use crate::{AppState, fault};

pub async fn stop(
    State(state): State<AppState>,
    Extension(info): Extension<RequestInfo>,
    headers: HeaderMap,
) -> Response {
    let acting = info
        .session
        .as_ref()
        .filter(|session| session.acting.is_some());
    let Some(session) = acting else {
        return Redirect::to("/admin").into_response();
    };
    if let Err(error) = moderation::stop_acting(&state.services, session).await {
        return fault::refuse(ApiError::from(error));
    }
    let secure = info.secure_cookies;
    let own = cookie_value(&headers, cookies::OWN, secure).unwrap_or_default();
    let lasts = if own.is_empty() {
        0
    } else {
        cookies::SESSION_SECONDS
    };
    let mut response = Redirect::to(&format!("/admin/users/{}", session.user)).into_response();
    for cookie in [
        cookie(cookies::SESSION, own, lasts, secure),
        cookie(cookies::OWN, "", 0, secure),
    ] {
        if let Ok(value) = HeaderValue::from_str(&cookie) {
            response.headers_mut().append(SET_COOKIE, value);
        }
    }
    response
}
