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
    Services, accounts,
    live::Changes,
    permit::{self, Permit, ViewSales},
    session::Session,
};

use tokio::time::Instant;

use super::streams::{self, OpenStream};
use crate::{AppState, fault};

/// A busy sale changes many times a second; nobody reads faster than this.
const PAUSE: Duration = Duration::from_millis(900);
/// So long a right may be gone before the figures stop.
const LOOK_AGAIN: Duration = Duration::from_secs(30);
const KEEP_ALIVE: Duration = Duration::from_secs(20);

/// The figures at once, then after each change.
pub async fn event(
    State(state): State<AppState>,
    Extension(info): Extension<RequestInfo>,
    Path(event): Path<EventId>,
) -> Response {
    let permit = match allowed(&state.services, info.session.as_ref(), event).await {
        Ok(permit) => permit,
        Err(error) => return fault::refuse(error),
    };
    let open = match state.streams.open(&info) {
        Ok(open) => open,
        Err(error) => return fault::refuse(error),
    };
    let watch = Watch {
        _open: open,
        right: Right {
            sv: state.services.clone(),
            secret: info.session_secret.clone().unwrap_or_default(),
            permit,
            looked: Instant::now(),
        },
        event,
        changes: state.services.live.subscribe(),
        first: true,
    };
    let until = Instant::now() + streams::life(&state.services);
    let stream = Sse::new(messages(watch, until)).keep_alive(KeepAlive::new().interval(KEEP_ALIVE));
    ([(CACHE_CONTROL, "no-store")], stream).into_response()
}

async fn allowed(
    sv: &Services,
    session: Option<&Session>,
    event: EventId,
) -> Result<Permit<ViewSales>, ApiError> {
    let session = session.ok_or_else(ApiError::unauthenticated)?;
    Ok(permit::for_event(sv, session, event).await?)
}

struct Watch {
    _open: OpenStream,
    right: Right,
    event: EventId,
    changes: Changes,
    first: bool,
}

/// What somebody watches by.
struct Right {
    sv: Services,
    /// Of the session.
    secret: String,
    permit: Permit<ViewSales>,
    /// When it was last looked whether it still holds.
    looked: Instant,
}

impl Right {
    /// Whoever was signed out, or works here no more, sees no further figures.
    async fn still_holds(&mut self, event: EventId, now: Instant) -> bool {
        if now.duration_since(self.looked) < LOOK_AGAIN {
            return true;
        }
        let Ok(session) = accounts::session_by_token(&self.sv, &self.secret).await else {
            return false;
        };
        let Ok(permit) = allowed(&self.sv, session.as_ref(), event).await else {
            return false;
        };
        self.permit = permit;
        self.looked = now;
        true
    }
}

fn messages(watch: Watch, until: Instant) -> impl Stream<Item = Result<Event, Infallible>> {
    stream::unfold(watch, move |mut watch| async move {
        loop {
            if !watch.first {
                let changed = tokio::time::timeout_at(until, watch.changes.of(watch.event)).await;
                changed.ok()?;
                tokio::time::sleep(PAUSE).await;
            }
            watch.first = false;
            if !watch.right.still_holds(watch.event, Instant::now()).await {
                return None;
            }
            // A fault passes: whoever watches keeps what they have.
            if let Ok(Some(figures)) =
                services::orders::sales(&watch.right.sv, &watch.right.permit, watch.event).await
                && let Ok(text) = serde_json::to_string(&SalesView::from(figures))
            {
                return Some((Ok(Event::default().data(text)), watch));
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use domain::permissions::Role;
    use testkit::World;

    use super::*;

    #[tokio::test]
    async fn who_works_here_no_more_sees_no_further_figures() {
        let w = World::new().await;
        let event = w.event("Demo").ticket_type("Seat", 0, 9).published().await;
        let manager = w.member(&event.organization, Role::Manager).await;
        let permit = allowed(&w.sv, Some(&manager), event.id).await.unwrap();
        let opened = Instant::now();
        let mut right = Right {
            sv: w.sv.clone(),
            secret: w.session_of(&manager).await,
            permit,
            looked: opened,
        };
        assert!(right.still_holds(event.id, opened + LOOK_AGAIN).await);
        w.execute("delete from memberships where role = 'manager'")
            .await;
        let soon = opened + LOOK_AGAIN * 2 - Duration::from_secs(1);
        assert!(right.still_holds(event.id, soon).await);
        assert!(!right.still_holds(event.id, opened + LOOK_AGAIN * 2).await);
    }
}
