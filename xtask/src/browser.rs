//! Finds a browser for the journeys; a test tool's own download often fails on closed networks.

use std::path::{Path, PathBuf};

use crate::{Result, shell, tools};

pub fn find_or_install() -> Result<PathBuf> {
    if let Some(found) = find() {
        return Ok(found);
    }
    tools::apt_install("Chromium", "chromium", "1 to 3 min, once per machine");
    find().ok_or_else(|| {
        let package = if cfg!(any(target_os = "macos", windows)) {
            "google-chrome"
        } else {
            "chromium"
        };
        format!(
            "no Chromium or Chrome was found; {} (or set CHROMIUM to its program)",
            tools::package_hint(package)
        )
        .into()
    })
}

fn find() -> Option<PathBuf> {
    let named = std::env::var_os("CHROMIUM")
        .map(PathBuf::from)
        .filter(|file| file.is_file());
    let on_path = || {
        [
            "chromium",
            "chromium-browser",
            "google-chrome",
            "google-chrome-stable",
            "chrome",
        ]
        .into_iter()
        .find_map(shell::which)
    };
    let elsewhere = || {
        [
            "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
            "/Applications/Chromium.app/Contents/MacOS/Chromium",
            r"C:\Program Files\Google\Chrome\Application\chrome.exe",
        ]
        .into_iter()
        .map(Path::new)
        .find(|file| file.is_file())
        .map(Path::to_owned)
    };
    named.or_else(on_path).or_else(elsewhere)
}
