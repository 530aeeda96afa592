//! A mail of the mailbox folder as its receiver sees it, for the frame on `/dev/mail`, and as it would have left.

use app_api::ApiError;
use axum::{
    extract::{Path, State},
    http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, X_FRAME_OPTIONS},
    response::{IntoResponse, Response},
};
use services::messaging::{self, MailboxMail};

use crate::{AppState, fault};

/// The mail may show its own pictures and styles and open links in the whole window, nothing else.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; \
                      sandbox allow-popups allow-top-navigation-by-user-activation";

pub async fn html(State(state): State<AppState>, Path(id): Path<String>) -> Response {
    let Some(mail) = find(&state, &id).await else {
        return fault::refuse(ApiError::not_found());
    };
    let html = mail
        .html
        .replacen("<head>", "<head><base target=\"_top\">", 1);
    let headers = [
        (CONTENT_TYPE, "text/html; charset=utf-8"),
        (CONTENT_SECURITY_POLICY, POLICY),
        (X_FRAME_OPTIONS, "SAMEORIGIN"),
    ];
    (headers, html).into_response()
}

pub async fn raw(State(state): State<AppState>, Path(id): Path<String>) -> Response {
    let Some(mail) = find(&state, &id).await else {
        return fault::refuse(ApiError::not_found());
    };
    ([(CONTENT_TYPE, "text/plain; charset=utf-8")], mail.raw).into_response()
}

async fn find(state: &AppState, id: &str) -> Option<MailboxMail> {
    messaging::mailbox(&state.services)
        .await
        .into_iter()
        .find(|mail| mail.id == id)
}
