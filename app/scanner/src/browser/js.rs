//! Parts of browsers that have no stable binding: looked up by name, absent where they are absent.

use serde::de::DeserializeOwned;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

pub fn get(of: &JsValue, name: &str) -> Option<JsValue> {
    js_sys::Reflect::get(of, &name.into())
        .ok()
        .filter(|value| !value.is_undefined() && !value.is_null())
}

pub fn call(of: &JsValue, name: &str, arguments: &[JsValue]) -> Option<JsValue> {
    let function: js_sys::Function = get(of, name)?.dyn_into().ok()?;
    function
        .apply(of, &arguments.iter().collect::<js_sys::Array>())
        .ok()
}

/// Calls and waits for the promise.
pub async fn wait(of: &JsValue, name: &str, arguments: &[JsValue]) -> Option<JsValue> {
    let promise: js_sys::Promise = call(of, name, arguments)?.dyn_into().ok()?;
    JsFuture::from(promise).await.ok()
}

pub fn object(fields: &[(&str, JsValue)]) -> JsValue {
    let object = js_sys::Object::new();
    for (name, value) in fields {
        // Setting a field of a plain new object cannot fail.
        let _ = js_sys::Reflect::set(&object, &(*name).into(), value);
    }
    object.into()
}

/// Reads JSON. All of it as text: another kind of input would be another reader to fetch.
pub fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    serde_json::from_str(std::str::from_utf8(bytes).ok()?).ok()
}

pub async fn sleep(milliseconds: i32) {
    let promise = js_sys::Promise::new(&mut |resolve, _| {
        let _ = leptos::prelude::window()
            .set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, milliseconds);
    });
    let _ = JsFuture::from(promise).await;
}
