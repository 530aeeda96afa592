//! Ends the session. A plain form: what follows is a new document for somebody nobody knows.

use app_api::{
    ApiError, RequestInfo,
    context::FORGET_PAGES,
    cookies::{self, cookie},
};
use axum::{
    Extension,
    extract::State,
    http::header::SET_COOKIE,
    response::{AppendHeaders, IntoResponse, Redirect, Response},
};
use services::accounts;

use crate::{AppState, fault};

pub async fn sign_out(
    State(state): State<AppState>,
    Extension(info): Extension<RequestInfo>,
) -> Response {
    if let Some(session) = &info.session
        && let Err(error) = accounts::sign_out(&state.services, session).await
    {
        return fault::refuse(ApiError::from(error));
    }
    let gone = cookie(cookies::SESSION, "", 0, info.secure_cookies);
    let own = cookie(cookies::OWN, "", 0, info.secure_cookies);
    let cookies = AppendHeaders([(SET_COOKIE, gone), (SET_COOKIE, own)]);
    ([FORGET_PAGES], cookies, Redirect::to("/")).into_response()
}
