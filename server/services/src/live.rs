//! Live figures: whoever watches an event is told that something changed, and reads again.
//!
//! Goes through PostgreSQL's NOTIFY, so it works across server processes and is sent only if the change commits.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use domain::ids::EventId;
use sqlx::postgres::PgListener;
use tokio::sync::broadcast::{self, error::RecvError};

use crate::{
    Unexpected,
    db::{Db, Scope, Tx},
};

const CHANNEL: &str = "bilten_live";
/// What happens many times a second is told so long after the first time, for all that happened until then. Nobody who
/// watches reads more often.
const SOON: Duration = Duration::from_millis(500);
/// What the tables themselves tell of.
const PAGES: &str = "bilten_pages";

/// The fan-out within this process.
#[derive(Clone)]
pub struct Live {
    sender: broadcast::Sender<Option<EventId>>,
    pages: broadcast::Sender<PageChange>,
    /// Events whose change will be told.
    soon: Arc<Mutex<HashSet<EventId>>>,
}

/// What is heard of changes; without an event it may be any.
pub struct Changes(broadcast::Receiver<Option<EventId>>);

impl Changes {
    /// Waits until something changed about the event, or may have.
    pub async fn of(&mut self, event: EventId) {
        loop {
            match self.0.recv().await {
                Ok(which) if which.is_none_or(|which| which == event) => return,
                Ok(_) => {}
                Err(RecvError::Lagged(_)) => return,
                Err(RecvError::Closed) => std::future::pending().await,
            }
        }
    }
}

/// Whose page looks different from now on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PageChange {
    /// The event under this address.
    Event(String),
    /// It may be any.
    All,
}

impl Default for Live {
    fn default() -> Self {
        Self {
            sender: broadcast::channel(1024).0,
            pages: broadcast::channel(1024).0,
            soon: Arc::default(),
        }
    }
}

impl Live {
    /// Changes from now on.
    pub fn subscribe(&self) -> Changes {
        Changes(self.sender.subscribe())
    }

    /// Changes of pages from now on. A receiver that lags should take it that all have changed.
    pub fn page_changes(&self) -> broadcast::Receiver<PageChange> {
        self.pages.subscribe()
    }

    /// Tells watchers of `event` within half a second that something changed, which is committed already: once, however
    /// often it is called until then. If the process ends before, they hear of it with the next change.
    pub fn announce_soon(&self, db: &Db, event: EventId) {
        if !self.soon().insert(event) {
            return;
        }
        let (live, db) = (self.clone(), db.clone());
        tokio::spawn(async move {
            tokio::time::sleep(SOON).await;
            // First: what is committed from now on is told by the next.
            live.soon().remove(&event);
            if let Err(e) = announce_alone(&db, event).await {
                tracing::warn!(event.id = %event, error = %e, "watchers were not told of a change");
            }
        });
    }

    fn soon(&self) -> MutexGuard<'_, HashSet<EventId>> {
        self.soon.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Listens until the process ends; connects again when the connection is lost.
    pub async fn listen(self, db: Db) {
        loop {
            if let Err(e) = self.listen_once(&db).await {
                tracing::warn!(error = %e, "live updates interrupted, connecting again");
            }
            tokio::time::sleep(Duration::from_secs(2)).await;
        }
    }

    async fn listen_once(&self, db: &Db) -> Result<(), Unexpected> {
        let mut listener = PgListener::connect_with(db.pool()).await?;
        listener.listen_all([CHANNEL, PAGES]).await?;
        self.missed();
        loop {
            // None: the connection was lost, and is there again.
            let Some(notice) = listener.try_recv().await? else {
                self.missed();
                continue;
            };
            // An error of a sender only means that nobody watches.
            match (notice.channel(), notice.payload()) {
                (PAGES, "*") => {
                    let _ = self.pages.send(PageChange::All);
                }
                (PAGES, slug) => {
                    let _ = self.pages.send(PageChange::Event(slug.to_owned()));
                }
                (_, event) => {
                    if let Ok(event) = event.parse() {
                        let _ = self.sender.send(Some(event));
                    }
                }
            }
        }
    }

    /// Nobody knows what happened while nobody listened.
    fn missed(&self) {
        let _ = self.pages.send(PageChange::All);
        let _ = self.sender.send(None);
    }
}

async fn announce_alone(db: &Db, event: EventId) -> Result<(), Unexpected> {
    let mut tx = db.begin(Scope::System).await?;
    announce(&mut tx, event).await?;
    tx.commit().await
}

/// Tells watchers of `event`, when the transaction commits.
pub async fn announce(tx: &mut Tx, event: EventId) -> Result<(), Unexpected> {
    sqlx::query!("select pg_notify($1, $2)", CHANNEL, event.to_string())
        .execute(&mut **tx)
        .await?;
    Ok(())
}
