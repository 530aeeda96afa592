//! `expand[]`: ids in an answer replaced by what they stand for.

use serde_json::Value;

use crate::{error::Failure, fields::Fields, state::State};

/// Expands one path, as `latest_charge.balance_transaction` or `data.payment_intent`.
pub fn expand(state: &State, answer: &mut Value, path: &str) -> Result<(), Failure> {
    let parts: Vec<&str> = path.split('.').collect();
    if parts.len() > 4 {
        return Err(Failure::invalid(
            "You cannot expand more than 4 levels of a property.",
        ));
    }
    walk(state, answer, &parts, path)
}

fn walk(state: &State, node: &mut Value, parts: &[&str], path: &str) -> Result<(), Failure> {
    let Some((first, rest)) = parts.split_first() else {
        return Ok(());
    };
    if let Some(items) = node.as_array_mut() {
        return items
            .iter_mut()
            .try_for_each(|item| walk(state, item, parts, path));
    }
    if *first == "line_items" && node.text("object") == "checkout.session" {
        let items = state.hidden(node.text("id"))["line_items"].clone();
        let url = format!("/v1/checkout/sessions/{}/line_items", node.text("id"));
        let items = items.as_array().cloned().unwrap_or_default();
        node.set("line_items", crate::objects::list(&url, items));
    }
    let known = node.as_object().is_some_and(|map| map.contains_key(*first));
    if !known {
        return Err(Failure::invalid(format!(
            "This property cannot be expanded ({path}). You may want to try expanding a different property."
        ))
        .param("expand"));
    }
    let child = &mut node[*first];
    if let Some(found) = child.as_str().and_then(|id| state.find(id)) {
        *child = found.clone();
    }
    if child.is_null() {
        return Ok(());
    }
    walk(state, child, rest, path)
}
