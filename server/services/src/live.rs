//! Live figures: whoever watches an event is told that something changed, and reads again.
//!
//! Goes through PostgreSQL's NOTIFY, so it works across server processes and is sent only if the change commits.

use std::time::Duration;

use domain::ids::EventId;
use sqlx::postgres::PgListener;
use tokio::sync::broadcast;

use crate::{
    Unexpected,
    db::{Db, Tx},
};

const CHANNEL: &str = "bilten_live";
/// What the tables themselves tell of.
const PAGES: &str = "bilten_pages";

/// The fan-out within this process.
#[derive(Clone)]
pub struct Live {
    sender: broadcast::Sender<EventId>,
    pages: broadcast::Sender<PageChange>,
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
        }
    }
}

impl Live {
    /// Changes from now on. A receiver that lags misses some; it should then read everything it shows.
    pub fn subscribe(&self) -> broadcast::Receiver<EventId> {
        self.sender.subscribe()
    }

    /// Changes of pages from now on. A receiver that lags should take it that all have changed.
    pub fn page_changes(&self) -> broadcast::Receiver<PageChange> {
        self.pages.subscribe()
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
        // Nobody knows what was missed before.
        let _ = self.pages.send(PageChange::All);
        loop {
            let notice = listener.recv().await?;
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
                        let _ = self.sender.send(event);
                    }
                }
            }
        }
    }
}

/// Tells watchers of `event`, when the transaction commits.
pub async fn announce(tx: &mut Tx, event: EventId) -> Result<(), Unexpected> {
    sqlx::query!("select pg_notify($1, $2)", CHANNEL, event.to_string())
        .execute(&mut **tx)
        .await?;
    Ok(())
}
