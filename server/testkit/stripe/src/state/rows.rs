//! Objects by id, each belonging to one account.

use serde_json::{Value, json};

use crate::{error::Failure, fields::Fields, state::State};

#[derive(Debug)]
pub(super) struct Row {
    scope: String,
    value: Value,
    /// What Stripe knows and does not show, as the number of a card.
    hidden: Value,
}

impl State {
    /// Takes in a new object of an account.
    pub fn insert(&mut self, scope: &str, value: Value) {
        let id = value.text("id").to_owned();
        self.lists
            .entry(value.text("object").to_owned())
            .or_default()
            .push(id.clone());
        self.rows.insert(
            id,
            Row {
                scope: scope.to_owned(),
                value,
                hidden: json!({}),
            },
        );
    }

    /// Writes an object that is known.
    pub fn save(&mut self, value: &Value) {
        if let Some(row) = self.rows.get_mut(value.text("id")) {
            row.value = value.clone();
        }
    }

    /// Takes an object away for good.
    pub fn remove(&mut self, id: &str) {
        if let Some(row) = self.rows.remove(id)
            && let Some(list) = self.lists.get_mut(row.value.text("object"))
        {
            list.retain(|other| other != id);
        }
    }

    /// An object, whoever it belongs to.
    pub fn find(&self, id: &str) -> Option<&Value> {
        self.rows.get(id).map(|row| &row.value)
    }

    /// An object, whoever it belongs to, to be changed and saved; null when there is none.
    pub fn load(&self, id: &str) -> Value {
        self.find(id).cloned().unwrap_or_default()
    }

    /// An object of an account, by its kind as Stripe's messages name it.
    pub fn get(&self, scope: &str, object: &str, id: &str) -> Result<Value, Failure> {
        self.rows
            .get(id)
            .filter(|row| row.value.text("object") == object && row.scope == scope)
            .map(|row| row.value.clone())
            .ok_or_else(|| Failure::missing(object, id))
    }

    /// The account that an object belongs to.
    pub fn scope_of(&self, id: &str) -> String {
        self.rows
            .get(id)
            .map(|row| row.scope.clone())
            .unwrap_or_default()
    }

    /// What is known of an object without being shown.
    pub fn hidden(&self, id: &str) -> &Value {
        self.rows.get(id).map_or(&Value::Null, |row| &row.hidden)
    }

    /// Notes something about an object that is not shown.
    pub fn hide(&mut self, id: &str, key: &str, value: impl Into<Value>) {
        if let Some(row) = self.rows.get_mut(id) {
            row.hidden.set(key, value);
        }
    }

    /// All objects of a kind in an account, the newest first.
    pub fn all<'a>(&'a self, scope: &'a str, object: &str) -> impl Iterator<Item = &'a Value> {
        let ids = self.lists.get(object).into_iter().flatten().rev();
        ids.filter_map(|id| self.rows.get(id))
            .filter(move |row| row.scope == scope)
            .map(|row| &row.value)
    }

    /// All objects of a kind, whoever they belong to, the oldest first.
    pub fn every<'a>(&'a self, object: &str) -> impl Iterator<Item = &'a Value> {
        let ids = self.lists.get(object).into_iter().flatten();
        ids.filter_map(|id| self.rows.get(id)).map(|row| &row.value)
    }
}
