//! The way to Redis: asked with little patience, left alone while it is away, found again when it is back.
//!
//! `redis::aio::ConnectionManager` is not used: requests wait there while it connects, and after a refusal that is no broken
//! connection (a wrong password, an answer that is not Redis') it stays refused.

use std::{
    fmt::Display,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use redis::{
    AsyncConnectionConfig, Client, FromRedisValue, RedisError, ScriptInvocation,
    aio::MultiplexedConnection,
};
use tokio::time::timeout;

/// Between two attempts to connect, and how long one may take.
const PAUSE: Duration = Duration::from_secs(1);
/// Between two warnings.
const QUIET: Duration = Duration::from_secs(60);

#[derive(Clone)]
pub struct Link(Arc<Parts>);

struct Parts {
    client: Client,
    patience: Duration,
    state: Mutex<State>,
}

struct State {
    connection: Option<MultiplexedConnection>,
    next_attempt: Instant,
    next_warning: Instant,
}

impl Link {
    pub fn new(url: &str, patience: Duration) -> Result<Self, RedisError> {
        let now = Instant::now();
        Ok(Self(Arc::new(Parts {
            client: Client::open(url)?,
            patience,
            state: Mutex::new(State {
                connection: None,
                next_attempt: now,
                next_warning: now,
            }),
        })))
    }

    /// The answer, if it came in time and was `sensible`.
    pub async fn ask<T: FromRedisValue, A>(
        &self,
        question: &ScriptInvocation<'_>,
        sensible: impl FnOnce(T) -> Option<A>,
    ) -> Option<A> {
        let mut connection = self.connection()?;
        let answer = timeout(self.0.patience, question.invoke_async(&mut connection));
        match answer.await {
            Ok(Ok(answer)) => {
                let answer = sensible(answer);
                if answer.is_none() {
                    self.lose(&"an answer that makes no sense");
                }
                answer
            }
            Ok(Err(error)) => {
                self.lose(&error);
                None
            }
            Err(_) => {
                self.lose(&"no answer in time");
                None
            }
        }
    }

    /// Whether there is a connection now, over which Redis has answered in time.
    pub async fn connect(&self) -> bool {
        // How long an answer takes is looked at around each question, so that it covers all that belongs to it.
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(PAUSE))
            .set_response_timeout(None);
        let connecting = async {
            let mut connection = self
                .0
                .client
                .get_multiplexed_async_connection_with_config(&config)
                .await?;
            let ping = redis::cmd("PING");
            let answer = timeout(self.0.patience, ping.exec_async(&mut connection));
            answer.await.map_err(std::io::Error::from)??;
            Ok::<_, RedisError>(connection)
        };
        match timeout(PAUSE, connecting).await {
            Ok(Ok(connection)) => {
                self.state().connection = Some(connection);
                tracing::info!("Redis answers: limits hold over all processes");
                return true;
            }
            Ok(Err(error)) => self.lose(&error),
            Err(_) => self.lose(&"no connection in time"),
        }
        false
    }

    /// Nobody waits for a connection: while there is none, somebody who asks has one looked for.
    fn connection(&self) -> Option<MultiplexedConnection> {
        let mut state = self.state();
        let now = Instant::now();
        if state.connection.is_none() && state.next_attempt <= now {
            state.next_attempt = now + PAUSE;
            let link = self.clone();
            tokio::spawn(async move { link.connect().await });
        }
        state.connection.clone()
    }

    fn lose(&self, why: &dyn Display) {
        if self.state().lose(Instant::now()) {
            tracing::warn!(why = %why, "Redis is away: limits hold for each process by itself");
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Whether it is to be said.
    fn lose(&mut self, now: Instant) -> bool {
        self.connection = None;
        self.next_attempt = now + PAUSE;
        let say = self.next_warning <= now;
        if say {
            self.next_warning = now + QUIET;
        }
        say
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_away_is_said_once_a_minute() {
        let start = Instant::now();
        let mut state = State {
            connection: None,
            next_attempt: start,
            next_warning: start,
        };
        let said = (0..600).filter(|tenth| state.lose(start + Duration::from_millis(tenth * 100)));
        assert_eq!(said.count(), 1);
        assert!(state.lose(start + QUIET));
    }
}
