//! The store's service worker: it keeps what the pages of kept tickets need, so that they open without a network
//! (docs/decisions/0012-tickets-offline.md). What the build made stands in it, so a browser sees a new worker exactly when
//! there is a new build. The scanner has a worker of its own, and this one leaves it alone.

use axum::{
    extract::State,
    http::header::{CACHE_CONTROL, CONTENT_TYPE},
    response::{IntoResponse, Response},
};
use sha2::{Digest, Sha256};

use super::scanner_files::listed;
use crate::AppState;

const WORKER: &str = include_str!("store_worker.js");

/// Names that stay the same when their content changes.
const PLAIN: [&str; 2] = ["/icon.svg", "/tickets.js"];

/// `GET /sw.js`
pub async fn worker(State(state): State<AppState>) -> Response {
    let headers = [
        (CONTENT_TYPE, "text/javascript; charset=utf-8"),
        (CACHE_CONTROL, "no-cache"),
    ];
    let mut version = Sha256::new();
    for name in PLAIN {
        let content = std::fs::read(state.site.join(name.trim_start_matches('/')));
        version.update(content.unwrap_or_default());
    }
    (headers, script(&files(&state), version)).into_response()
}

fn script(files: &[String], mut version: Sha256) -> String {
    let list = serde_json::to_string(files).unwrap_or_else(|_| "[]".into());
    version.update(&list);
    let version = version.finalize();
    let name: String = version.iter().take(8).map(|b| format!("{b:02x}")).collect();
    WORKER
        .replace("\"FILES\"", &list)
        .replace("\"VERSION\"", &format!("\"{name}\""))
}

/// Style, fonts, the mark and the script of kept tickets: their pages need nothing of the application.
fn files(state: &AppState) -> Vec<String> {
    let mut files = vec![state.assets.css.clone()];
    files.extend(listed(&state.site, "fonts").filter(|name| name.ends_with(".woff2")));
    files.extend(PLAIN.map(str::to_owned));
    files.sort();
    files
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_build_is_a_new_worker() {
        let files = ["/pkg/a.css".to_owned()];
        let one = script(&files, Sha256::new());
        assert!(one.contains("[\"/pkg/a.css\"]"));
        assert!(!one.contains("\"FILES\"") && !one.contains("\"VERSION\""));
        assert_ne!(
            one,
            script(&files, Sha256::new_with_prefix("another script"))
        );
    }
}
