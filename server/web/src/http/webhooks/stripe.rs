//! Messages of Stripe. Answered with 200 only once they are kept; any other answer makes Stripe send them again.

use axum::{
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode},
};
use services::{
    payments::{self, ReceiveError},
    ports::WebhookError,
};

use crate::AppState;

pub async fn receive(State(state): State<AppState>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let proof = headers
        .get("stripe-signature")
        .and_then(|proof| proof.to_str().ok())
        .unwrap_or_default();
    match payments::receive(&state.services, proof, &body).await {
        Ok(_) => StatusCode::OK,
        Err(ReceiveError::Refused(WebhookError::NotExpected)) => StatusCode::NOT_FOUND,
        Err(ReceiveError::Refused(why @ WebhookError::NotProven(_))) => {
            tracing::warn!(target: "security", %why, "a message that claims to be Stripe's was refused");
            StatusCode::BAD_REQUEST
        }
        Err(ReceiveError::Refused(why @ WebhookError::NotUnderstood(_))) => {
            tracing::error!(%why, "a message of Stripe is not understood");
            StatusCode::BAD_REQUEST
        }
        Err(ReceiveError::Unexpected(error)) => {
            tracing::error!(%error, "a message of Stripe could not be kept: it will be sent again");
            StatusCode::SERVICE_UNAVAILABLE
        }
    }
}
