//! The board of a waiting room: the same for all who wait, so that a cache in front may answer for us.

use app_api::ApiError;
use axum::{
    Json,
    extract::{Path, State},
    http::header::CACHE_CONTROL,
    response::{IntoResponse, Response},
};
use services::waiting_room;

use crate::{AppState, fault};

/// A second is how often a line moves.
const FRESH: &str = "public, max-age=1";

pub async fn board(State(state): State<AppState>, Path(slug): Path<String>) -> Response {
    match waiting_room::board(&state.services, &slug).await {
        Ok(Some(room)) => ([(CACHE_CONTROL, FRESH)], Json(&room.board)).into_response(),
        Ok(None) => fault::refuse(ApiError::not_found()),
        Err(error) => fault::refuse(error.into()),
    }
}
