//! Short ways to read and write the fields of a JSON object.
//!
//! The double keeps its objects as the JSON that it answers: what is read from them is always there, or
//! counts as empty.

use serde_json::{Map, Value};

/// Reading and writing fields by name.
pub trait Fields {
    /// The text of a field, empty when there is none.
    fn text(&self, key: &str) -> &str;
    /// The text of a field, if it is one and not empty.
    fn maybe(&self, key: &str) -> Option<&str>;
    /// The whole number of a field, nought when there is none.
    fn int(&self, key: &str) -> i64;
    /// Whether a field is `true`.
    fn flag(&self, key: &str) -> bool;
    /// Whether a field is missing or null.
    fn lacks(&self, key: &str) -> bool;
    /// Writes a field.
    fn set(&mut self, key: &str, value: impl Into<Value>);
    /// A field that is itself an object, made when it is not there.
    fn inner(&mut self, key: &str) -> &mut Value;
}

impl Fields for Value {
    fn text(&self, key: &str) -> &str {
        self[key].as_str().unwrap_or_default()
    }

    fn maybe(&self, key: &str) -> Option<&str> {
        self[key].as_str().filter(|text| !text.is_empty())
    }

    fn int(&self, key: &str) -> i64 {
        self[key].as_i64().unwrap_or_default()
    }

    fn flag(&self, key: &str) -> bool {
        self[key].as_bool().unwrap_or_default()
    }

    fn lacks(&self, key: &str) -> bool {
        self[key].is_null()
    }

    fn set(&mut self, key: &str, value: impl Into<Value>) {
        if !self.is_object() {
            *self = Value::Object(Map::new());
        }
        if let Some(map) = self.as_object_mut() {
            map.insert(key.to_owned(), value.into());
        }
    }

    fn inner(&mut self, key: &str) -> &mut Value {
        if !self[key].is_object() {
            self.set(key, Value::Object(Map::new()));
        }
        &mut self[key]
    }
}

/// The fields of `old` that read otherwise in `new`: Stripe's `previous_attributes`.
pub fn previous(old: &Value, new: &Value) -> Value {
    let mut changed = Map::new();
    for (key, value) in old.as_object().into_iter().flatten() {
        if new[key] != *value {
            changed.insert(key.clone(), value.clone());
        }
    }
    Value::Object(changed)
}

/// Writes `fields` over the fields of `target`, object into object; null removes nothing, it is written.
pub fn merge(target: &mut Value, fields: &Value) {
    for (key, value) in fields.as_object().into_iter().flatten() {
        if value.is_object() && target[key].is_object() {
            merge(&mut target[key], value);
        } else {
            target.set(key, value.clone());
        }
    }
}
