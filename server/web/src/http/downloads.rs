//! Files an organizer takes away.

use app_api::{ApiError, RequestInfo, path};
use axum::{
    Extension,
    body::Body,
    extract::{Path, State},
    http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS},
    response::{IntoResponse, Redirect, Response},
};
use futures::StreamExt;
use services::{
    events, orders, organizers,
    permit::{self, ExportAttendees, Permit, Refused},
};

use crate::{AppState, fault};

/// Who comes to an event, as CSV, sent while it is read.
pub async fn attendees(
    State(state): State<AppState>,
    Extension(info): Extension<RequestInfo>,
    Path((organization, event)): Path<(String, String)>,
) -> Response {
    file(&state, &info, &organization, &event)
        .await
        .unwrap_or_else(fault::refuse)
}

async fn file(
    state: &AppState,
    info: &RequestInfo,
    organization: &str,
    slug: &str,
) -> Result<Response, ApiError> {
    let sv = &state.services;
    let session = info
        .session
        .as_ref()
        .ok_or_else(ApiError::unauthenticated)?;
    let member = organizers::by_slug(sv, session, organization).await?;
    let permit: Permit<ExportAttendees> =
        permit::for_organization(sv, session, member.organization).await?;
    match permit::fresh(sv, session) {
        Ok(()) => {}
        Err(Refused::ProofNeeded) => {
            let back = format!("/organize/{organization}/events/{slug}/attendees");
            return Ok(Redirect::to(&path::with_next("/sign-in/again", &back)).into_response());
        }
        Err(refused) => return Err(refused.into()),
    }
    let event = events::id_by_slug(sv, slug).await?;
    let pieces = orders::export_attendees(sv, &permit, event, info.locale)
        .await?
        .ok_or_else(ApiError::not_found)?;
    let pieces = pieces.inspect(|piece| {
        if let Err(error) = piece {
            // The answer has begun: all that is left is to break it off, which the browser notices.
            tracing::error!(%error, "the attendee file broke off");
        }
    });
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (
            CONTENT_DISPOSITION,
            format!("attachment; filename=\"{}\"", name(slug)),
        ),
        (CACHE_CONTROL, "no-store".to_owned()),
        (X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
    ];
    Ok((headers, Body::from_stream(pieces)).into_response())
}

/// A slug comes from an address; only what a file name and a header may hold stays of it.
fn name(slug: &str) -> String {
    let plain: String = slug
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || *c == '-')
        .take(80)
        .collect();
    format!("attendees-{plain}.csv")
}

#[cfg(test)]
mod tests {
    use super::name;

    #[test]
    fn a_file_name_cannot_leave_its_header() {
        assert_eq!(name("summer-night-2"), "attendees-summer-night-2.csv");
        assert_eq!(name("a\"; x=\r\ny/../z"), "attendees-axyz.csv");
    }
}
