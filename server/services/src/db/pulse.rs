//! Whether the database is there, and what time it has, found out over a connection of its own.
//!
//! Without it every request would find out for itself, each waiting until its patience ends. A connection that does
//! nothing else tells an absent database from a busy one: when all others are taken, this one still answers.

use std::time::Duration;

use sqlx::{Connection, PgConnection, PgPool};
use tokio::{sync::watch, time::timeout};

use super::time::Time;
use crate::Unexpected;

/// How often it is asked.
const EVERY: Duration = Duration::from_millis(250);
/// A machine that is out of breath answers late; one that is silent for so long is not there.
const SILENCE: Duration = Duration::from_secs(2);

/// What was heard last. Until somebody listens it is taken that the database is there.
#[derive(Debug)]
pub(super) struct Pulse(watch::Sender<bool>);

impl Default for Pulse {
    fn default() -> Self {
        Self(watch::Sender::new(true))
    }
}

impl Pulse {
    /// Returns once the database is not there; at once, if it is not.
    pub async fn lost(&self) {
        let mut there = self.0.subscribe();
        // The sender is our own, so this ends only when it is said.
        let _ = there.wait_for(|there| !there).await;
    }

    /// Listens until the process ends.
    pub async fn listen(&self, pool: &PgPool, time: &Time) {
        loop {
            let Err(error) = self.follow(pool, time).await;
            self.note(false, Some(&error));
            tokio::time::sleep(EVERY).await;
        }
    }

    async fn follow(
        &self,
        pool: &PgPool,
        time: &Time,
    ) -> Result<std::convert::Infallible, Unexpected> {
        let silent = |_| Unexpected::new("database", "no answer");
        let options = pool.connect_options();
        let connecting = PgConnection::connect_with(&options);
        let mut connection = timeout(SILENCE, connecting).await.map_err(silent)??;
        loop {
            timeout(SILENCE, time.ask(&mut connection))
                .await
                .map_err(silent)??;
            self.note(true, None);
            tokio::time::sleep(EVERY).await;
        }
    }

    fn note(&self, there: bool, error: Option<&Unexpected>) {
        let changed = self.0.send_if_modified(|before| {
            let changed = *before != there;
            *before = there;
            changed
        });
        match (changed, error) {
            (false, _) => {}
            (true, None) => tracing::info!("the database is there again"),
            (true, Some(error)) => tracing::error!(%error, "the database is not there"),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use crate::db::{Db, Limits, Scope};

    /// A port behind which nobody is.
    async fn refused() -> String {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        format!("postgres://a:b@{}/c", listener.local_addr().unwrap())
    }

    #[tokio::test]
    async fn nobody_waits_for_a_database_that_refuses() {
        let db = Db::open(&refused().await, &Limits::default()).unwrap();
        tokio::spawn(db.clone().watch());
        tokio::time::sleep(Duration::from_millis(300)).await;
        let begun = Instant::now();
        let error = db.begin(Scope::Public).await.map(drop).unwrap_err();
        assert!(begun.elapsed() < Duration::from_millis(200));
        assert_eq!(error.retry_after, Some(2));
    }

    #[tokio::test]
    async fn who_waits_when_it_falls_silent_is_told() {
        // Takes connections and never says a word, as a frozen one does.
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("postgres://a:b@{}/c", listener.local_addr().unwrap());
        tokio::spawn(async move {
            let mut kept = Vec::new();
            while let Ok(connection) = listener.accept().await {
                kept.push(connection);
            }
        });
        let limits = Limits {
            acquire: Duration::from_secs(60),
            ..Limits::default()
        };
        let db = Db::open(&url, &limits).unwrap();
        tokio::spawn(db.clone().watch());
        let begun = Instant::now();
        let error = db.begin(Scope::Public).await.map(drop).unwrap_err();
        assert!(begun.elapsed() < Duration::from_secs(6));
        assert_eq!(error.retry_after, Some(2));
    }
}
