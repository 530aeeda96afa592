//! The secret key, and the account that a request is about.

use axum::http::HeaderMap;
use base64::{Engine, engine::general_purpose::STANDARD};

use crate::{error::Failure, fields::Fields, state::State};

/// The account that the request may act for.
pub fn scope_of(state: &State, headers: &HeaderMap) -> Result<String, Failure> {
    let key = key(headers).ok_or_else(|| {
        Failure::unauthorized(
            "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY').",
        )
    })?;
    if key != state.options.secret_key {
        let end = key.get(key.len().saturating_sub(4)..).unwrap_or_default();
        return Err(Failure::unauthorized(format!(
            "Invalid API Key provided: sk_test_****{end}"
        )));
    }
    let Some(account) = text(headers, "stripe-account") else {
        return Ok(state.platform.clone());
    };
    match state.find(account) {
        Some(found) if found.text("object") == "account" => Ok(account.to_owned()),
        _ => Err(Failure::forbidden(format!(
            "The provided key does not have access to account '{account}' (or that account does not exist). Application access may have been revoked."
        ))
        .code("account_invalid")),
    }
}

/// A header as text.
pub fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get(name)
        .and_then(|value| value.to_str().ok())
        .filter(|text| !text.is_empty())
}

fn key(headers: &HeaderMap) -> Option<String> {
    let value = text(headers, "authorization")?;
    if let Some(key) = value.strip_prefix("Bearer ") {
        return Some(key.trim().to_owned());
    }
    let decoded = STANDARD.decode(value.strip_prefix("Basic ")?.trim()).ok()?;
    let pair = String::from_utf8(decoded).ok()?;
    pair.split(':').next().map(str::to_owned)
}
