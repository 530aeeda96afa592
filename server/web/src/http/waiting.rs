//! The board of a waiting room: the same for all who wait, so that a cache in front may answer for us.

use axum::{
    Json,
    extract::{Path, Request, State},
    http::{
        StatusCode,
        header::{CACHE_CONTROL, RETRY_AFTER},
    },
    response::{IntoResponse, Response},
};
use domain::text::Slug;
use services::waiting_room;

use crate::{
    AppState,
    layers::{faults::Asker, pace, request},
};

/// A second is how often a line moves.
const A_SECOND: &str = "public, max-age=1";

pub async fn board(
    State(state): State<AppState>,
    Path(slug): Path<String>,
    mut request: Request,
) -> Response {
    let Ok(slug) = Slug::parse(&slug) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let slug = slug.as_str();
    // A kept board costs nothing. Anything else may be made up, and asks the database.
    if !waiting_room::board_is_kept(&state.services, slug) {
        request::note(&state, &mut request);
        if let Err(refusal) = pace::check(&state, request.extensions().get()).await {
            return Asker::of(&request).explain(&state, *refusal);
        }
    }
    match waiting_room::board(&state.services, slug).await {
        Ok(Some(room)) => ([(CACHE_CONTROL, A_SECOND)], Json(&room.board)).into_response(),
        Ok(None) => StatusCode::NOT_FOUND.into_response(),
        Err(error) => {
            tracing::warn!(%error, "no board of a waiting room");
            let seconds = error.retry_after.unwrap_or(5).to_string();
            (StatusCode::SERVICE_UNAVAILABLE, [(RETRY_AFTER, seconds)]).into_response()
        }
    }
}
