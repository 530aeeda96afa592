//! Live sales of an event for its organizer, as server-sent events.

use std::{convert::Infallible, time::Duration};

use app_api::{ApiError, RequestInfo, events::SalesView};
use axum::{
    Extension,
    extract::{Path, State},
    http::header::CACHE_CONTROL,
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use domain::ids::EventId;
use futures::{Stream, stream};
use services::{
    Services,
    live::Changes,
    permit::{self, Permit, ViewSales},
};

use super::streams::{self, OpenStream};
use crate::{AppState, fault};

/// A busy sale changes many times a second; nobody reads faster than this.
const PAUSE: Duration = Duration::from_millis(900);
const KEEP_ALIVE: Duration = Duration::from_secs(20);

/// The figures at once, then after each change.
pub async fn event(
    State(state): State<AppState>,
    Extension(info): Extension<RequestInfo>,
    Path(event): Path<EventId>,
) -> Response {
    let permit = match allowed(&state, &info, event).await {
        Ok(permit) => permit,
        Err(error) => return fault::refuse(error),
    };
    let open = match state.streams.open(&info) {
        Ok(open) => open,
        Err(error) => return fault::refuse(error),
    };
    let watch = Watch {
        _open: open,
        sv: state.services.clone(),
        permit,
        event,
        changes: state.services.live.subscribe(),
        first: true,
    };
    let until = tokio::time::Instant::now() + streams::life(&state.services);
    let stream = Sse::new(messages(watch, until)).keep_alive(KeepAlive::new().interval(KEEP_ALIVE));
    ([(CACHE_CONTROL, "no-store")], stream).into_response()
}

async fn allowed(
    state: &AppState,
    info: &RequestInfo,
    event: EventId,
) -> Result<Permit<ViewSales>, ApiError> {
    let session = info
        .session
        .as_ref()
        .ok_or_else(ApiError::unauthenticated)?;
    Ok(permit::for_event(&state.services, session, event).await?)
}

struct Watch {
    _open: OpenStream,
    sv: Services,
    permit: Permit<ViewSales>,
    event: EventId,
    changes: Changes,
    first: bool,
}

fn messages(
    watch: Watch,
    until: tokio::time::Instant,
) -> impl Stream<Item = Result<Event, Infallible>> {
    stream::unfold(watch, move |mut watch| async move {
        loop {
            if !watch.first {
                let changed = tokio::time::timeout_at(until, watch.changes.of(watch.event)).await;
                changed.ok()?;
                tokio::time::sleep(PAUSE).await;
            }
            watch.first = false;
            // A fault passes: whoever watches keeps what they have.
            if let Ok(Some(figures)) =
                services::orders::sales(&watch.sv, &watch.permit, watch.event).await
                && let Ok(text) = serde_json::to_string(&SalesView::from(figures))
            {
                return Some((Ok(Event::default().data(text)), watch));
            }
        }
    })
}
