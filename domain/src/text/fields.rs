//! Collects the faults of a whole form, so that a person sees all of them at once.

use serde::{Deserialize, Serialize};

use super::Fault;

/// One fault of one field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    /// The name of the field in its form.
    pub field: String,
    /// Key for translations, see [`Fault::code`].
    pub code: String,
    /// What the words mention, see [`Fault::params`].
    #[serde(default)]
    pub params: Vec<(String, String)>,
}

impl FieldError {
    /// The value of one parameter.
    pub fn param(&self, name: &str) -> Option<&str> {
        self.params
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }
}

/// The faults of a form, in the order of its fields.
#[derive(Clone, Debug, Default, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[error("{} faulty fields", self.0.len())]
#[serde(transparent)]
pub struct FieldErrors(Vec<FieldError>);

impl FieldErrors {
    /// No faults yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// A single fault.
    pub fn one(field: &str, fault: Fault) -> Self {
        let mut errors = Self::new();
        errors.add(field, fault);
        errors
    }

    /// Passes a good value on and keeps the fault of a bad one.
    pub fn field<T>(&mut self, name: &str, value: Result<T, Fault>) -> Option<T> {
        value.map_err(|fault| self.add(name, fault)).ok()
    }

    /// Keeps a fault.
    pub fn add(&mut self, name: &str, fault: Fault) {
        let params = fault
            .params()
            .into_iter()
            .map(|(key, value)| (key.to_owned(), value))
            .collect();
        self.0.push(FieldError {
            field: name.to_owned(),
            code: fault.code().to_owned(),
            params,
        });
    }

    /// Keeps the faults of a part of the form under its prefix ("attendees.0").
    pub fn add_all(&mut self, prefix: &str, part: FieldErrors) {
        let named = part.0.into_iter().map(|error| FieldError {
            field: format!("{prefix}.{}", error.field),
            ..error
        });
        self.0.extend(named);
    }

    /// Fails when any fault was kept.
    pub fn finish(self) -> Result<(), FieldErrors> {
        if self.0.is_empty() { Ok(()) } else { Err(self) }
    }

    /// Whether no fault was kept.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All faults.
    pub fn entries(&self) -> &[FieldError] {
        &self.0
    }

    /// The first fault of one field.
    pub fn first(&self, field: &str) -> Option<&FieldError> {
        self.0.iter().find(|error| error.field == field)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_faults_are_kept_in_order() {
        let mut errors = FieldErrors::new();
        assert_eq!(errors.field("title", Ok(1)), Some(1));
        assert_eq!(
            errors.field::<u8>("title", Err(Fault::TooLong { max: 5 })),
            None
        );
        errors.add_all("attendees.0", FieldErrors::one("name", Fault::Required));
        let errors = errors.finish().unwrap_err();
        assert_eq!(
            errors.first("title").and_then(|error| error.param("max")),
            Some("5")
        );
        let json = serde_json::to_value(&errors).unwrap();
        assert_eq!(
            json,
            serde_json::json!([
                {"field": "title", "code": "too_long", "params": [["max", "5"]]},
                {"field": "attendees.0.name", "code": "required", "params": []},
            ])
        );
        assert_eq!(serde_json::from_value::<FieldErrors>(json).unwrap(), errors);
    }

    #[test]
    fn no_fault_is_fine() {
        assert_eq!(FieldErrors::new().finish(), Ok(()));
    }
}
