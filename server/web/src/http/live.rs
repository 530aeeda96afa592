//! Live availability of an event as server-sent events. However many watch an event, it is read once per change.

use std::{
    collections::HashMap,
    convert::Infallible,
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
    time::Duration,
};

use app_api::{
    ApiError, RequestInfo,
    store::{OfferLive, SaleView, live_offers},
};
use axum::{
    Extension,
    extract::{Path, State},
    http::header::CACHE_CONTROL,
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use domain::{ids::EventId, when::Timestamp};
use futures::{Stream, StreamExt};
use moka::future::Cache;
use services::{Services, live::Changes};
use tokio::sync::watch;
use tokio_stream::wrappers::WatchStream;

use super::streams;
use crate::{AppState, fault};

/// A busy sale changes many times a second; nobody reads faster than this.
const PAUSE: Duration = Duration::from_millis(700);
/// Sales open and close by the clock, without anything being announced.
const AT_LATEST: Duration = Duration::from_secs(60);
/// So long after a change by the clock it has surely happened.
const SLACK: Duration = Duration::from_millis(50);
const KEEP_ALIVE: Duration = Duration::from_secs(20);

type Text = Arc<str>;

/// The events somebody watches, each with its one reader.
#[derive(Clone)]
pub struct Watchers {
    watched: Arc<Mutex<HashMap<EventId, Weak<watch::Receiver<Text>>>>>,
    /// Those that have just been begun: after a restart all of a crowd come at once, and one of them reads.
    beginning: Cache<EventId, Watched>,
}

/// Whoever has one watches.
type Watched = Arc<watch::Receiver<Text>>;

impl Default for Watchers {
    fn default() -> Self {
        Self {
            watched: Arc::default(),
            beginning: Cache::builder()
                .max_capacity(1000)
                .time_to_live(PAUSE)
                .build(),
        }
    }
}

impl Watchers {
    /// Joins those who watch, or begins to.
    async fn join(&self, sv: &Services, event: EventId) -> Result<Watched, ApiError> {
        if let Some(known) = self.known(event) {
            return Ok(known);
        }
        let begun = self.beginning.try_get_with(event, self.begin(sv, event));
        begun.await.map_err(|error| (*error).clone())
    }

    async fn begin(&self, sv: &Services, event: EventId) -> Result<Watched, ApiError> {
        // Somebody may have been faster in the meantime.
        if let Some(known) = self.known(event) {
            return Ok(known);
        }
        let changes = sv.live.subscribe();
        let (text, next) = read(sv, event).await?;
        let (sender, receiver) = watch::channel(text);
        let receiver = Arc::new(receiver);
        let mut map = self.watched();
        map.retain(|_, watched| watched.strong_count() > 0);
        map.insert(event, Arc::downgrade(&receiver));
        drop(map);
        tokio::spawn(keep_reading(sv.clone(), event, (changes, next), sender));
        Ok(receiver)
    }

    fn known(&self, event: EventId) -> Option<Watched> {
        self.watched().get(&event).and_then(Weak::upgrade)
    }

    fn watched(&self) -> MutexGuard<'_, HashMap<EventId, Weak<watch::Receiver<Text>>>> {
        self.watched.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What is offered, and how long that holds by the clock.
async fn read(sv: &Services, event: EventId) -> Result<(Text, Duration), ApiError> {
    let offers = live_offers(sv, event)
        .await?
        .ok_or_else(ApiError::not_found)?;
    let text =
        serde_json::to_string(&offers).map_err(|e| services::Unexpected::new("live offers", e))?;
    Ok((text.into(), until_next(&offers, sv.now())))
}

/// Until the first of these prices ends or of these sales opens.
fn until_next(offers: &[OfferLive], now: Timestamp) -> Duration {
    let moment = |offer: &OfferLive| match (&offer.phase, &offer.sale) {
        (_, SaleView::NotYet { opens }) => Some(opens.instant.clone()),
        (Some(phase), _) => phase.until.as_ref().map(|until| until.instant.clone()),
        (None, _) => None,
    };
    let instants = offers.iter().filter_map(moment);
    instants
        .filter_map(|instant| instant.parse::<Timestamp>().ok())
        .filter_map(|at| Duration::try_from(at.duration_since(now)).ok())
        .min()
        .map_or(AT_LATEST, |next| AT_LATEST.min(next + SLACK))
}

/// Reads again after each change, until nobody watches.
async fn keep_reading(
    sv: Services,
    event: EventId,
    (mut changes, mut next): (Changes, Duration),
    sender: watch::Sender<Text>,
) {
    loop {
        tokio::select! {
            () = sender.closed() => return,
            () = changes.of(event) => {}
            () = tokio::time::sleep(next) => {}
        }
        // A fault passes: those who watch keep what they have.
        next = AT_LATEST;
        if let Ok((text, holds)) = read(&sv, event).await {
            next = holds;
            sender.send_if_modified(|now| {
                let is_new = *now != text;
                *now = text;
                is_new
            });
        }
        tokio::time::sleep(PAUSE).await;
    }
}

pub async fn event(
    State(state): State<AppState>,
    Extension(info): Extension<RequestInfo>,
    Path(event): Path<EventId>,
) -> Response {
    match begin(&state, &info, event).await {
        Ok(messages) => {
            let stream = Sse::new(messages).keep_alive(KeepAlive::new().interval(KEEP_ALIVE));
            ([(CACHE_CONTROL, "no-store")], stream).into_response()
        }
        Err(error) => fault::refuse(error),
    }
}

/// What is known at once, then each change, for a while.
async fn begin(
    state: &AppState,
    info: &RequestInfo,
    event: EventId,
) -> Result<impl Stream<Item = Result<Event, Infallible>> + use<>, ApiError> {
    let open = state.streams.open(info)?;
    let receiver = state.watchers.join(&state.services, event).await?;
    // The shared receiver stays alive with the stream: when the last one goes, the reader ends.
    let messages = WatchStream::new((*receiver).clone()).map(move |text| {
        let _watching = (&receiver, &open);
        Ok(Event::default().data(&*text))
    });
    Ok(messages.take_until(tokio::time::sleep(streams::life(&state.services))))
}
