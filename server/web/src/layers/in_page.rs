//! What browsers are told of the page on which an order is paid in fields of Stripe's: the only page into which anything of
//! another site may come, and only there where the operator has chosen it.
//! <https://docs.stripe.com/security/guide#content-security-policy>

use adapters::config::Config;
use axum::http::{HeaderMap, HeaderName, HeaderValue};

/// Whether it is the address of such a page: `/orders/{order}/pay`.
pub(super) fn is_paid_on(path: &str) -> bool {
    let order = path
        .strip_prefix("/orders/")
        .and_then(|rest| rest.strip_suffix("/pay"));
    order.is_some_and(|order| !order.is_empty() && !order.contains('/'))
}

/// Instead of what all other pages are told. What is left out here is told as everywhere.
pub(super) fn put(config: &Config, nonce: &str, headers: &mut HeaderMap) {
    let payment = &config.payment;
    let script = payment.stripe_js_url.origin().ascii_serialization();
    let api = payment.stripe_url.origin().ascii_serialization();
    let (scripts, frames) = if script == "https://js.stripe.com" {
        // Stripe's own frames, and those in which banks ask.
        let scripts = format!("{script} https://*.js.stripe.com");
        let frames = format!("{scripts} https://hooks.stripe.com");
        (scripts, frames)
    } else {
        (script.clone(), script.clone())
    };
    let upgrade = if config.server.public_url.scheme() == "https" {
        "; upgrade-insecure-requests"
    } else {
        ""
    };
    // Without `strict-dynamic`: it would let every script that is trusted bring any other.
    let policy = format!(
        "default-src 'self'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval' {scripts}; style-src 'self'; \
         img-src 'self' data: blob:; media-src 'self' blob:; font-src 'self'; connect-src 'self' {api}; worker-src 'self'; \
         manifest-src 'self'; frame-src {frames}; object-src 'none'; base-uri 'none'; form-action 'self'; \
         frame-ancestors 'none'{upgrade}"
    );
    // Wallets ask the browser for a payment from inside of the frame, or in a window of their own.
    let features = format!(
        "camera=(), microphone=(), geolocation=(), payment=(self \"{script}\"), usb=(), browsing-topics=()"
    );
    for (name, value) in [
        ("content-security-policy", policy.as_str()),
        ("permissions-policy", features.as_str()),
        ("cross-origin-opener-policy", "same-origin-allow-popups"),
        // Stripe's frames do not ask to be let into such a page.
        ("cross-origin-embedder-policy", "unsafe-none"),
    ] {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(HeaderName::from_static(name), value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::is_paid_on;

    #[test]
    fn only_the_page_of_paying_is_meant() {
        assert!(is_paid_on("/orders/abc/pay"));
        for other in [
            "/orders/abc",
            "/orders/abc/leave",
            "/orders//pay",
            "/orders/abc/invoices/pay",
            "/sandbox/pay/abc",
            "/pay",
        ] {
            assert!(!is_paid_on(other), "{other}");
        }
    }
}
