//! The scanner's service worker. It is written per build: the list of files to keep for offline use stands in it, so a
//! browser sees a new worker exactly when there is a new build, and keeps one whole build or none.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

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
    let built: Vec<String> = listed(&state.site, "pkg").collect();
    let pieces = pieces(&state.site, &built);
    files.extend(built.into_iter().filter(|name| is_needed(name, &pieces)));
    files.extend(listed(&state.site, "fonts").filter(|name| name.ends_with(".woff2")));
    files.extend(
        listed(&state.site, "scan")
            .filter(|name| name.ends_with(".png") || name.ends_with(".webmanifest")),
    );
    files.sort();
    files.dedup();
    files
}

/// Names, without hashes, of the pieces the scanner is made of, as the build wrote them down.
fn pieces(site: &Path, built: &[String]) -> BTreeSet<String> {
    let is_list =
        |name: &&String| name.starts_with("/pkg/__wasm_split_manifest") && name.ends_with(".json");
    built
        .iter()
        .find(is_list)
        .and_then(|name| std::fs::read_to_string(site.join(name.trim_start_matches('/'))).ok())
        .and_then(|list| serde_json::from_str::<BTreeMap<String, Vec<String>>>(&list).ok())
        .into_iter()
        .flatten()
        .filter(|(area, _)| area.starts_with("scanner"))
        .flat_map(|(_, pieces)| pieces)
        .map(|piece| stem(&piece).to_owned())
        .collect()
}

/// The scanner's pieces, and the script that knows where they are.
fn is_needed(name: &str, pieces: &BTreeSet<String>) -> bool {
    let file = name.trim_start_matches("/pkg/");
    let script = file.ends_with(".js") && file.starts_with("__wasm_split");
    script || (file.ends_with(".wasm") && pieces.contains(stem(file)))
}

/// A file's name up to its hash.
fn stem(file: &str) -> &str {
    file.split('.').next().unwrap_or(file)
}

/// Addresses of the files directly in a folder.
pub(super) fn listed(site: &Path, folder: &'static str) -> impl Iterator<Item = String> {
    let entries = std::fs::read_dir(site.join(folder))
        .into_iter()
        .flatten()
        .flatten();
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
        let pieces = BTreeSet::from(["split_scanner_12".to_owned(), "chunk_8".to_owned()]);
        let needed = |name: &str| is_needed(name, &pieces);
        assert!(needed("/pkg/split_scanner_12.1a.wasm"));
        assert!(needed("/pkg/chunk_8.1a.wasm"));
        assert!(needed("/pkg/__wasm_split.1a.js"));
        assert!(!needed("/pkg/chunk_80.1a.wasm"));
        assert!(!needed("/pkg/split_organizer_3.1a.wasm"));
        assert!(!needed("/pkg/chunk_8.1a.wasm.br"));
    }
}
