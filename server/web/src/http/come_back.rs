//! Where buyers come back to from the payment provider's page, perhaps before its message does.

use app_api::ApiError;
use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use services::payments;

use crate::{AppState, fault};

/// Looks what became of the payment and leads to the order's page, which leads on to the right one.
pub async fn order(State(state): State<AppState>, Path(secret): Path<String>) -> Response {
    match payments::come_back(&state.services, &secret).await {
        Ok(true) => Redirect::to(&format!("/orders/{secret}/processing")).into_response(),
        Ok(false) => fault::refuse(ApiError::not_found()),
        Err(error) => fault::refuse(ApiError::from(error)),
    }
}
