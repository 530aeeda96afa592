//! Pages for developers exist in development only.

use app_api::ApiError;
use axum::{
    extract::{Request, State},
    http::StatusCode,
    middleware::Next,
    response::Response,
};

use crate::{AppState, fault};

pub async fn layer(State(state): State<AppState>, request: Request, next: Next) -> Response {
    if request.uri().path().starts_with("/dev/") && state.config.is_production() {
        return fault::answer(StatusCode::NOT_FOUND, ApiError::not_found());
    }
    next.run(request).await
}
