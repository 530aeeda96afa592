//! Idempotency keys. Source: <https://docs.stripe.com/api/idempotent_requests>.

use serde_json::Value;

use crate::{error::Failure, http::Call, state::State};

/// What is known under a key.
#[derive(Debug, Clone)]
pub struct Kept {
    asked: String,
    answer: Option<Answer>,
}

/// An answer that is given again: status, body, and the id of the request that it first answered.
pub type Answer = (u16, Value, String);

impl State {
    /// Looks a key up: an answer to give again, or nothing when the work is to be done now.
    pub fn begin_key(&mut self, call: &Call, key: &str) -> Result<Option<Answer>, Failure> {
        if key.len() > 255 {
            return Err(Failure::idempotency(
                400,
                "Idempotency keys can be at most 255 characters long.",
            ));
        }
        let place = (call.scope.clone(), key.to_owned());
        let asked = format!("{} {} {}", call.method, call.url(), call.params.values());
        match self.kept.get(&place) {
            None => {
                self.kept.insert(place, Kept { asked, answer: None });
                Ok(None)
            }
            Some(kept) if kept.asked != asked => Err(Failure::idempotency(
                400,
                format!(
                    "Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '{key}' if you meant to execute a different request."
                ),
            )),
            Some(Kept { answer: None, .. }) => Err(Failure::idempotency(
                409,
                format!(
                    "There is currently another in-progress request using this Idempotent Key (that probably means you submitted twice, and the other request is still going through): {key}. Please try again later."
                ),
            )
            .code("idempotency_key_in_use")),
            Some(kept) => Ok(kept.answer.clone()),
        }
    }

    /// Remembers an answer, or forgets the key when no work had begun.
    pub fn end_key(&mut self, call: &Call, key: &str, answer: Option<Answer>) {
        let place = (call.scope.clone(), key.to_owned());
        match answer {
            None => {
                self.kept.remove(&place);
            }
            Some(_) => {
                if let Some(kept) = self.kept.get_mut(&place) {
                    kept.answer = answer;
                }
            }
        }
    }
}
