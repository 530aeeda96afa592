//! Merges requests that want the same rows into one transaction.
//!
//! PostgreSQL keeps a row's lock until the commit is on disk, so one hot row serves about one transaction per commit.
//! Requests for it therefore wait here, in a bounded queue per key, and the next free writer takes all that wait. There
//! is no timer: a request's window is the time the running commit takes, so with little to do each goes alone and at
//! once. Several processes may do this for the same rows; the row lock still decides.
//!
//! A queue that is full, and a request that has waited too long, are answered with "busy" and when to come again.

use std::{
    collections::{HashMap, VecDeque},
    future::Future,
    hash::Hash,
    panic::AssertUnwindSafe,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use futures::FutureExt;
use tokio::{sync::oneshot, time::Instant};

use crate::Unexpected;

#[cfg(test)]
mod tests;

/// What one transaction takes at most: beyond this the statement grows as fast as the saving.
const LARGEST: usize = 512;
/// What may wait for one key. At the rate of a slow disk this is some seconds of work.
const LONGEST: usize = 4096;
/// One commits while the other prepares and waits for the lock.
const WRITERS: usize = 2;
/// Longer than any statement may take: the connection is dead and nobody has told it. What was asked may have happened;
/// whoever asks again under the same key gets to know.
const DEADLINE: Duration = Duration::from_secs(if cfg!(test) { 5 } else { 20 });
/// Whoever waited this long has gone, or presses the button again.
const PATIENCE: Duration = Duration::from_secs(4);

/// How many have come to any queue.
static CAME: AtomicU64 = AtomicU64::new(0);

/// One kind of requests, and how many of them become one transaction.
pub(crate) trait Merge: Send + Sync + 'static {
    /// What serving needs: the services, or a test's own.
    type Context: Clone + Send + Sync + 'static;
    /// What they are queued by: the rows they lock.
    type Key: Clone + Eq + Hash + Send + Sync + 'static;
    type Request: Send + Sync + 'static;
    type Answer: Send + 'static;

    /// Serves all requests in one transaction, in their order, and gives an answer for each. Answers say success only
    /// after the commit. An error means that nothing of it was done; the requests are then served one by one.
    fn serve(
        cx: &Self::Context,
        key: &Self::Key,
        requests: &[Self::Request],
    ) -> impl Future<Output = Result<Vec<Self::Answer>, Unexpected>> + Send;
}

/// The queues of one kind of requests.
pub(crate) struct Batcher<M: Merge>(Arc<Mutex<HashMap<M::Key, Lane<M>>>>);

struct Lane<M: Merge> {
    /// In the order of their numbers.
    waiting: VecDeque<Waiting<M>>,
    writers: usize,
    /// How long one request took lately, as part of its batch.
    pace: Duration,
}

struct Waiting<M: Merge> {
    /// Nobody else's, whatever they wait for.
    number: u64,
    request: M::Request,
    since: Instant,
    answer: oneshot::Sender<Result<M::Answer, Unexpected>>,
}

impl<M: Merge> Default for Batcher<M> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<M: Merge> Clone for Batcher<M> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<M: Merge> Default for Lane<M> {
    fn default() -> Self {
        Self {
            waiting: VecDeque::new(),
            writers: 0,
            pace: Duration::from_millis(1),
        }
    }
}

impl<M: Merge> Batcher<M> {
    /// Queues the request and waits for its answer. It is served even if nobody waits any more once it was taken; one that
    /// nobody has taken in time goes away.
    pub(crate) async fn submit(
        &self,
        cx: &M::Context,
        key: M::Key,
        request: M::Request,
    ) -> Result<M::Answer, Unexpected> {
        let (answer, mut answered) = oneshot::channel();
        let waiting = Waiting {
            number: 0,
            request,
            since: Instant::now(),
            answer,
        };
        let (number, writer_wanted) = self.queue(&key, waiting)?;
        if writer_wanted {
            let (batcher, cx, key) = (self.clone(), cx.clone(), key.clone());
            tokio::spawn(async move { batcher.write(&cx, key).await });
        }
        let in_time = tokio::time::timeout(PATIENCE, &mut answered).await;
        let answered = match in_time {
            Ok(answered) => answered,
            // Writers that wait for the database themselves do not look whether somebody else has waited long enough.
            Err(_) => match self.leave(&key, number) {
                Some(seconds) => return Err(Unexpected::busy(seconds)),
                None => answered.await,
            },
        };
        // The writer is gone only if the process ends; the request may or may not have been served.
        answered.unwrap_or_else(|_| Err(Unexpected::busy(1)))
    }

    /// Goes away unserved; when to come again. `None`: a writer has taken it already.
    fn leave(&self, key: &M::Key, number: u64) -> Option<u32> {
        let mut lanes = self.lanes();
        let lane = lanes.get_mut(key)?;
        let at = lane
            .waiting
            .binary_search_by_key(&number, |waiting| waiting.number)
            .ok()?;
        let seconds = lane.seconds();
        lane.waiting.remove(at);
        Some(seconds)
    }

    /// How many wait under the key.
    pub(crate) fn waiting(&self, key: &M::Key) -> usize {
        self.lanes().get(key).map_or(0, |lane| lane.waiting.len())
    }

    /// Its number, and whether another writer is wanted, who is counted already.
    fn queue(&self, key: &M::Key, waiting: Waiting<M>) -> Result<(u64, bool), Unexpected> {
        let mut lanes = self.lanes();
        let lane = lanes.entry(key.clone()).or_default();
        if lane.waiting.len() >= LONGEST {
            return Err(Unexpected::busy(lane.seconds()));
        }
        let number = CAME.fetch_add(1, Ordering::Relaxed);
        lane.waiting.push_back(Waiting { number, ..waiting });
        let wanted = lane.writers < WRITERS;
        lane.writers += usize::from(wanted);
        Ok((number, wanted))
    }

    /// Serves what waits under the key until nothing does.
    async fn write(&self, cx: &M::Context, key: M::Key) {
        let mut writer = Writer {
            batcher: self,
            key,
            counted: true,
        };
        while let Some(batch) = writer.take() {
            let began = Instant::now();
            let size = batch.len();
            serve(cx, &writer.key, batch).await;
            writer.note(began.elapsed(), size);
        }
    }

    fn lanes(&self) -> MutexGuard<'_, HashMap<M::Key, Lane<M>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<M: Merge> Lane<M> {
    /// When all that waits will have been served, in whole seconds.
    fn seconds(&self) -> u32 {
        let waiting = u32::try_from(self.waiting.len()).unwrap_or(u32::MAX);
        let seconds = self.pace.saturating_mul(waiting).as_secs() + 1;
        u32::try_from(seconds.min(60)).unwrap_or(60)
    }
}

/// A writer that is counted in its lane until it goes, also when it goes by a panic.
struct Writer<'b, M: Merge> {
    batcher: &'b Batcher<M>,
    key: M::Key,
    counted: bool,
}

impl<M: Merge> Writer<'_, M> {
    /// The next batch, without those who have gone. `None`: there is nothing to do, and the writer does not count any more:
    /// whoever comes next must not take it for one that will see them.
    fn take(&mut self) -> Option<Vec<Waiting<M>>> {
        let mut lanes = self.batcher.lanes();
        let lane = lanes.get_mut(&self.key)?;
        while !lane.waiting.is_empty() {
            let seconds = lane.seconds();
            let size = lane.waiting.len().min(LARGEST);
            let (old, fresh): (Vec<_>, Vec<_>) = lane
                .waiting
                .drain(..size)
                .filter(|waiting| !waiting.answer.is_closed())
                .partition(|waiting| waiting.since.elapsed() > PATIENCE);
            for waiting in old {
                // An error only means that they have just gone.
                let _ = waiting.answer.send(Err(Unexpected::busy(seconds)));
            }
            if !fresh.is_empty() {
                return Some(fresh);
            }
        }
        self.counted = false;
        lane.writers = lane.writers.saturating_sub(1);
        if lane.writers == 0 {
            lanes.remove(&self.key);
        }
        None
    }

    fn note(&self, took: Duration, size: usize) {
        let mut lanes = self.batcher.lanes();
        if let Some(lane) = lanes.get_mut(&self.key) {
            let each = took / u32::try_from(size).unwrap_or(u32::MAX).max(1);
            lane.pace = (lane.pace * 3 + each) / 4;
        }
    }
}

impl<M: Merge> Drop for Writer<'_, M> {
    fn drop(&mut self) {
        if !self.counted {
            return;
        }
        let mut lanes = self.batcher.lanes();
        if let Some(lane) = lanes.get_mut(&self.key) {
            lane.writers = lane.writers.saturating_sub(1);
            if lane.writers == 0 && lane.waiting.is_empty() {
                lanes.remove(&self.key);
            }
        }
    }
}

async fn serve<M: Merge>(cx: &M::Context, key: &M::Key, batch: Vec<Waiting<M>>) {
    let (requests, answers): (Vec<_>, Vec<_>) = batch
        .into_iter()
        .map(|waiting| (waiting.request, waiting.answer))
        .unzip();
    match attempt::<M>(cx, key, &requests).await {
        Ok(served) => {
            for (answer, served) in answers.into_iter().zip(served) {
                let _ = answer.send(Ok(served));
            }
        }
        Err(error) if answers.len() > 1 && error.retry_after.is_some() => {
            // The database itself is not to be had: one by one would only take longer.
            tracing::warn!(requests = answers.len(), error = %error, "a batch could not be served");
            for answer in answers {
                let _ = answer.send(Err(Unexpected::busy(2)));
            }
        }
        Err(error) if answers.len() > 1 => {
            tracing::warn!(requests = answers.len(), error = %error, "a batch failed, serving one by one");
            let mut away = false;
            for (request, answer) in requests.iter().zip(answers) {
                let alone = if away {
                    Err(Unexpected::busy(2))
                } else {
                    attempt::<M>(cx, key, std::slice::from_ref(request)).await
                };
                away |= alone
                    .as_ref()
                    .is_err_and(|error| error.retry_after.is_some());
                let _ = answer.send(alone.and_then(only));
            }
        }
        Err(error) => {
            if let Some(answer) = answers.into_iter().next() {
                let _ = answer.send(Err(error));
            }
        }
    }
}

/// Serves within the deadline. A panic is an error like others, so that it harms nobody who only waited beside it.
async fn attempt<M: Merge>(
    cx: &M::Context,
    key: &M::Key,
    requests: &[M::Request],
) -> Result<Vec<M::Answer>, Unexpected> {
    let serving = AssertUnwindSafe(M::serve(cx, key, requests)).catch_unwind();
    match tokio::time::timeout(DEADLINE, serving).await {
        Ok(Ok(served)) => served,
        Ok(Err(_)) => Err(Unexpected::new("batcher", "serving panicked")),
        Err(_) => Err(Unexpected::busy(2)),
    }
}

fn only<T>(answers: Vec<T>) -> Result<T, Unexpected> {
    answers
        .into_iter()
        .next()
        .ok_or_else(|| Unexpected::new("batcher", "a request without an answer"))
}
