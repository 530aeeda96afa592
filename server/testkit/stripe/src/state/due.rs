//! What happens by itself when its time comes.

use crate::{flow, state::State};

/// One thing that is due at a moment.
#[derive(Debug, Clone)]
pub enum Due {
    /// A balance transaction becomes available.
    Available(String),
    /// A checkout session runs out.
    Expires(String),
    /// A bank debit is paid, or not.
    Debit(String, bool),
    /// A refund comes to its end: paid out, or not.
    Refund(String, bool),
    /// A charge is disputed for this reason.
    Dispute(String, &'static str),
    /// A dispute is decided: won, or not.
    Verdict(String, bool),
    /// A payout reaches the bank, or not.
    Payout(String, bool),
}

impl State {
    /// Notes that something happens `seconds` from now.
    pub fn later(&mut self, seconds: i64, what: Due) {
        self.counter += 1;
        let key = (self.clock.now() + seconds, self.counter);
        self.due.insert(key, what);
    }

    /// Lets happen what is due.
    pub fn tick(&mut self) {
        loop {
            let now = self.clock.now();
            let Some(entry) = self.due.first_entry().filter(|entry| entry.key().0 <= now) else {
                return;
            };
            let what = entry.remove();
            // What was settled by hand before is refused here, and that is all right.
            let outcome = match what {
                Due::Available(id) => self.release(&id),
                Due::Expires(id) => flow::session::expire(self, &id).map(drop),
                Due::Debit(id, paid) => flow::debit::settle(self, &id, paid).map(drop),
                Due::Refund(id, paid) => {
                    flow::refund::settle(self, &id, refund_end(paid)).map(drop)
                }
                Due::Dispute(id, reason) => flow::dispute::open(self, &id, reason).map(drop),
                Due::Verdict(id, won) => flow::dispute::close(self, &id, won).map(drop),
                Due::Payout(id, paid) => flow::payout::settle(self, &id, paid).map(drop),
            };
            if let Err(failure) = outcome {
                tracing::debug!(error = %failure.error, "what was due had been settled before");
            }
        }
    }
}

fn refund_end(paid: bool) -> &'static str {
    if paid { "succeeded" } else { "failed" }
}
