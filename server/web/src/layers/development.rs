//! Pages for developers exist in development only.

use app_api::ApiError;
use axum::{extract::Request, http::StatusCode, response::Response};

use crate::{AppState, fault};

pub fn check(state: &AppState, request: &Request) -> Result<(), Box<Response>> {
    if request.uri().path().starts_with("/dev/") && state.config.is_production() {
        let refusal = fault::answer(StatusCode::NOT_FOUND, ApiError::not_found());
        return Err(Box::new(refusal));
    }
    Ok(())
}
