//! What all pages share.

use axum::{
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Redirect, Response},
};

const STYLE: &str = "
body { font: 16px/1.5 system-ui, sans-serif; max-width: 34rem; margin: 2rem auto; padding: 0 1rem; color: #111; }
label { display: block; margin: .75rem 0; }
input { display: block; width: 100%; box-sizing: border-box; font: inherit; padding: .5rem; border: 1px solid #888; border-radius: .25rem; }
button { font: inherit; padding: .5rem 1rem; margin: .25rem .25rem .25rem 0; border: 1px solid #111; border-radius: .25rem; background: #fff; cursor: pointer; }
button.main { background: #111; color: #fff; width: 100%; }
[role=alert] { border: 2px solid #b00020; padding: .5rem 1rem; border-radius: .25rem; }
fieldset { border: 1px solid #ccc; border-radius: .25rem; margin: 1.5rem 0; }
.row { display: flex; gap: 1rem; } .row label { flex: 1; }
.test { background: #ffe9a8; padding: .25rem .5rem; border-radius: .25rem; }
";

/// A whole page. `body` is HTML whose texts went through [`text`].
pub fn page(status: StatusCode, title: &str, body: &str) -> Response {
    let html = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>{title}</title><style>{STYLE}</style></head><body><main><p><span class=\"test\">Test mode: no money moves</span></p><h1>{title}</h1>{body}</main></body></html>",
        title = text(title),
    );
    let mut response = (status, Html(html)).into_response();
    let name: HeaderName = header::CACHE_CONTROL;
    response
        .headers_mut()
        .insert(name, HeaderValue::from_static("no-store"));
    response
}

/// A page for something that is not there.
pub fn missing() -> Response {
    page(
        StatusCode::NOT_FOUND,
        "Page not found",
        "<p>This page is not there, or not any more.</p>",
    )
}

/// Sends the browser on, after a form too.
pub fn go(url: &str) -> Response {
    Redirect::to(url).into_response()
}

/// Text that can stand in HTML and in its attributes.
pub fn text(raw: &str) -> String {
    raw.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}

#[cfg(test)]
mod tests {
    use super::text;

    #[test]
    fn texts_cannot_break_out() {
        assert_eq!(text("<a b=\"c\">&'"), "&lt;a b=&quot;c&quot;&gt;&amp;&#39;");
    }
}
