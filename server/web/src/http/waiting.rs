//! The board of a waiting room: the same for all who wait, so that a cache in front may answer for us.

use axum::{
    Json,
    extract::{Path, State},
    http::{
        StatusCode,
        header::{CACHE_CONTROL, HeaderName, RETRY_AFTER, X_CONTENT_TYPE_OPTIONS},
    },
    response::{IntoResponse, Response},
};
use services::waiting_room;

use crate::AppState;

/// A second is how often a line moves.
const HEADERS: [(HeaderName, &str); 2] = [
    (CACHE_CONTROL, "public, max-age=1"),
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
];

pub async fn board(State(state): State<AppState>, Path(slug): Path<String>) -> Response {
    match waiting_room::board(&state.services, &slug).await {
        Ok(Some(room)) => (HEADERS, Json(&room.board)).into_response(),
        Ok(None) => StatusCode::NOT_FOUND.into_response(),
        Err(error) => {
            tracing::warn!(%error, "no board of a waiting room");
            let seconds = error.retry_after.unwrap_or(5).to_string();
            (StatusCode::SERVICE_UNAVAILABLE, [(RETRY_AFTER, seconds)]).into_response()
        }
    }
}
