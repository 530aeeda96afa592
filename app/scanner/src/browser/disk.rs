//! Whether the browser may throw away what it keeps for us when it needs room.

use leptos::prelude::window;
use wasm_bindgen::JsValue;

use super::js;

/// Asks to be spared. To be called from a touch: some browsers ask the person.
pub async fn ask_to_keep() -> bool {
    asked("persist").await
}

pub async fn is_kept() -> bool {
    asked("persisted").await
}

async fn asked(question: &str) -> bool {
    let Some(storage) = js::get(&window().navigator(), "storage") else {
        return false;
    };
    let answer = js::wait(&storage, question, &[]).await;
    answer.is_some_and(|answer| answer == JsValue::TRUE)
}
