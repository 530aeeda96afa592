//! The scanner's service worker. It is written per build: the list of files to keep for offline use stands in it, so a
//! browser sees a new worker exactly when there is a new build, and keeps one whole build or none.

use std::path::Path;

use axum::{
    extract::State,
    http::{
        HeaderName,
        header::{CACHE_CONTROL, CONTENT_TYPE},
    },
    response::{IntoResponse, Response},
};

use crate::AppState;

const WORKER: &str = include_str!("scanner_worker.js");

/// `GET /scan/sw.js`
pub async fn worker(State(state): State<AppState>) -> Response {
    let script = script(&files(&state));
    (
        [
            (CONTENT_TYPE, "text/javascript; charset=utf-8"),
            (CACHE_CONTROL, "no-cache"),
            (HeaderName::from_static("service-worker-allowed"), "/scan"),
        ],
        script,
    )
        .into_response()
}

fn script(files: &[String]) -> String {
    let list = serde_json::to_string(files).unwrap_or_else(|_| "[]".into());
    WORKER.replace("\"FILES\"", &list)
}

/// Everything the scanner needs without a network: the first piece of the application, its style, the scanner's own
/// pieces, fonts and icons. Pieces of other areas stay out.
fn files(state: &AppState) -> Vec<String> {
    let assets = &state.assets;
    let mut files = vec![assets.js.clone(), assets.wasm.clone(), assets.css.clone()];
    files.extend(listed(&state.site, "pkg").filter(|name| is_piece(name)));
    files.extend(listed(&state.site, "fonts").filter(|name| name.ends_with(".woff2")));
    files.extend(listed(&state.site, "scan").filter(|name| name.ends_with(".png") || name.ends_with(".webmanifest")));
    files.sort();
    files.dedup();
    files
}

/// Loaded later than the first piece: lazy pieces, what they share, and the script that knows where they are.
fn is_piece(name: &str) -> bool {
    let file = name.trim_start_matches("/pkg/");
    let elsewhere = ["store", "organizer", "admin", "design", "development"].iter().any(|area| file.contains(area));
    let script = file.ends_with(".js") && (file.starts_with("__wasm_split") || file.starts_with("snippets"));
    let piece = file.ends_with(".wasm") && !file.starts_with("bilten.");
    (script || piece) && !elsewhere
}

/// Addresses of the files directly in a folder.
fn listed(site: &Path, folder: &'static str) -> impl Iterator<Item = String> {
    let entries = std::fs::read_dir(site.join(folder)).into_iter().flatten().flatten();
    entries
        .filter(|entry| entry.path().is_file())
        .filter_map(move |entry| Some(format!("/{folder}/{}", entry.file_name().to_str()?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_stands_in_the_worker() {
        let script = script(&["/pkg/a.js".to_owned()]);
        assert!(script.contains("[\"/pkg/a.js\"]"));
        assert!(!script.contains("\"FILES\""));
    }

    #[test]
    fn other_areas_stay_out() {
        assert!(is_piece("/pkg/split_scanner.1a.wasm"));
        assert!(is_piece("/pkg/chunk_0.1a.wasm"));
        assert!(is_piece("/pkg/__wasm_split.1a.js"));
        assert!(!is_piece("/pkg/split_organizer.1a.wasm"));
        assert!(!is_piece("/pkg/bilten.1a.wasm"));
        assert!(!is_piece("/pkg/chunk_0.1a.wasm.br"));
    }
}
