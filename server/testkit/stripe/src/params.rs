//! The parameters of a request: texts that are read as what they should be, or refused as Stripe does.

use serde_json::{Map, Value, json};

use crate::{error::Failure, fields::Fields};

type Read<T> = Result<T, Failure>;

/// Parameters and where they stand (`payment_intent_data[...]`), for the `param` of an error.
#[derive(Debug, Clone)]
pub struct Params {
    values: Value,
    place: String,
}

impl Params {
    /// What [`crate::form::parse`] has read.
    pub fn new(values: Value) -> Self {
        Params {
            values,
            place: String::new(),
        }
    }

    /// The parameters as they came.
    pub fn values(&self) -> &Value {
        &self.values
    }

    /// The name of a parameter as an error gives it.
    pub fn name(&self, key: &str) -> String {
        if self.place.is_empty() {
            key.to_owned()
        } else {
            format!("{}[{key}]", self.place)
        }
    }

    /// Whether the parameter was sent, be it empty.
    pub fn has(&self, key: &str) -> bool {
        !self.values.lacks(key)
    }

    /// Whether the parameter was sent empty, which unsets a field.
    pub fn clears(&self, key: &str) -> bool {
        self.values[key].as_str() == Some("")
    }

    /// A text that is not empty.
    pub fn text(&self, key: &str) -> Option<&str> {
        self.values.maybe(key)
    }

    /// A text that must be there.
    pub fn need(&self, key: &str) -> Read<&str> {
        self.text(key)
            .ok_or_else(|| Failure::needs(&self.name(key)))
    }

    /// A whole number.
    pub fn int(&self, key: &str) -> Read<Option<i64>> {
        match self.text(key) {
            None => Ok(None),
            Some(text) => text.parse().map(Some).map_err(|_| {
                Failure::invalid(format!("Invalid integer: {text}"))
                    .code("parameter_invalid_integer")
                    .param(&self.name(key))
            }),
        }
    }

    /// A whole number that must be there.
    pub fn need_int(&self, key: &str) -> Read<i64> {
        self.int(key)?
            .ok_or_else(|| Failure::needs(&self.name(key)))
    }

    /// `true` or `false`.
    pub fn flag(&self, key: &str) -> Read<Option<bool>> {
        match self.text(key) {
            None => Ok(None),
            Some("true") => Ok(Some(true)),
            Some("false") => Ok(Some(false)),
            Some(other) => {
                Err(Failure::invalid(format!("Invalid boolean: {other}")).param(&self.name(key)))
            }
        }
    }

    /// One of the words given.
    pub fn word(&self, key: &str, allowed: &[&str]) -> Read<Option<&str>> {
        match self.text(key) {
            Some(word) if !allowed.contains(&word) => Err(Failure::invalid(format!(
                "Invalid {}: must be one of {}",
                self.name(key),
                allowed.join(", ")
            ))
            .param(&self.name(key))),
            word => Ok(word),
        }
    }

    /// Nested parameters.
    pub fn map(&self, key: &str) -> Option<Params> {
        self.values[key].is_object().then(|| Params {
            values: self.values[key].clone(),
            place: self.name(key),
        })
    }

    /// Nested parameters, empty when there are none.
    pub fn sub(&self, key: &str) -> Params {
        self.map(key).unwrap_or_else(|| Params {
            values: Value::Object(Map::new()),
            place: self.name(key),
        })
    }

    /// A list of nested parameters.
    pub fn list(&self, key: &str) -> Vec<Params> {
        let items = self.values[key].as_array().cloned().unwrap_or_default();
        let place = self.name(key);
        let item = |(at, values)| Params {
            values,
            place: format!("{place}[{at}]"),
        };
        items.into_iter().enumerate().map(item).collect()
    }

    /// A list of texts.
    pub fn texts(&self, key: &str) -> Vec<String> {
        let items = self.values[key].as_array().into_iter().flatten();
        items
            .filter_map(|item| item.as_str().map(str::to_owned))
            .collect()
    }

    /// Refuses parameters that the endpoint does not know.
    pub fn only(&self, known: &[&str]) -> Read<()> {
        let stranger = |key: &&String| *key != "expand" && !known.contains(&key.as_str());
        match self
            .values
            .as_object()
            .into_iter()
            .flat_map(Map::keys)
            .find(stranger)
        {
            None => Ok(()),
            Some(key) => Err(Failure::invalid(format!(
                "Received unknown parameter: {}",
                self.name(key)
            ))
            .code("parameter_unknown")
            .param(&self.name(key))),
        }
    }

    /// Metadata laid over `old`: an empty text removes a key, an empty `metadata` removes all of them.
    /// Source: <https://docs.stripe.com/metadata>.
    pub fn metadata(&self, old: &Value) -> Read<Value> {
        let mut metadata = if old.is_object() {
            old.clone()
        } else {
            json!({})
        };
        if self.clears("metadata") {
            return Ok(json!({}));
        }
        let Some(fields) = self.values["metadata"].as_object() else {
            return Ok(metadata);
        };
        for (key, value) in fields {
            let place = format!("{}[{key}]", self.name("metadata"));
            let text = value.as_str().ok_or_else(|| {
                Failure::invalid("Metadata values must be strings".to_owned()).param(&place)
            })?;
            if key.chars().count() > 40 {
                return Err(
                    Failure::invalid("Metadata keys can be up to 40 characters long.")
                        .param(&place),
                );
            }
            if text.chars().count() > 500 {
                return Err(Failure::invalid(format!(
                    "Metadata values can have up to 500 characters, but you passed in a value that is {} characters.",
                    text.chars().count()
                ))
                .param(&place));
            }
            if text.is_empty() {
                metadata.as_object_mut().map(|map| map.remove(key));
            } else {
                metadata.set(key, text);
            }
        }
        if metadata.as_object().map_or(0, Map::len) > 50 {
            return Err(Failure::invalid("Metadata can have up to 50 keys.").param("metadata"));
        }
        Ok(metadata)
    }

    /// Copies texts that were sent into the fields of the same name; an empty one becomes null.
    pub fn copy(&self, keys: &[&str], target: &mut Value) {
        for key in keys {
            if self.clears(key) {
                target.set(key, Value::Null);
            } else if self.has(key) {
                target.set(key, self.values[*key].clone());
            }
        }
    }
}
