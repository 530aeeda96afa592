//! The browser's half: takes over the page that the server wrote.

#![cfg(target_arch = "wasm32")]
#![recursion_limit = "512"]

use wasm_bindgen::prelude::wasm_bindgen;

/// Room for the tool that splits the file: it lays each area's data out anew within the length of the whole, and needs
/// some bytes more than the linker did. Without room it leaves all data in the main file. Nothing refers to this, so it
/// is in none of the files.
#[used]
static ROOM: [u8; 64 * 1024] = [b' '; 64 * 1024];

/// Called by the script in the page once everything is loaded.
#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_lazy(app::App);
}
