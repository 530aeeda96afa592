//! What others send without being asked. Each message proves by its signature who sent it, so nothing here depends on
//! cookies, on who asks from where, or on one of our pages.

pub mod stripe;

/// Addresses of such messages.
pub fn is_webhook(path: &str) -> bool {
    path.starts_with("/webhooks/")
}
