//! Keys that the browser holds for us and never gives away: we may seal and open with them, not read them. What was sealed
//! with a key that is gone is gone.

use js_sys::{Promise, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use super::{js, memory::Forgetful};

const NONCE: u32 = 12;

/// AES-GCM with 256 bits.
#[derive(Clone)]
pub struct Key(JsValue);

/// Something that is being opened.
pub struct Opening(Option<JsFuture>);

impl Key {
    pub async fn make() -> Result<Self, Forgetful> {
        let kind = js::object(&[("name", "AES-GCM".into()), ("length", 256.into())]);
        let uses = js_sys::Array::of2(&"encrypt".into(), &"decrypt".into());
        let extractable = JsValue::FALSE;
        js::wait(&subtle()?, "generateKey", &[kind, extractable, uses.into()])
            .await
            .map(Self)
            .ok_or(Forgetful::Refused)
    }

    /// As it came from the store.
    pub fn kept(value: JsValue) -> Option<Self> {
        value.is_object().then_some(Self(value))
    }

    /// For the store, which keeps keys without showing them.
    pub fn value(&self) -> &JsValue {
        &self.0
    }

    /// Seals for one place: it opens nowhere else.
    pub async fn seal(&self, place: &str, plain: &[u8]) -> Result<JsValue, Forgetful> {
        let nonce = Uint8Array::new_with_length(NONCE);
        leptos::prelude::window()
            .crypto()?
            .get_random_values_with_array_buffer_view(&nonce)?;
        let data = Uint8Array::from(plain).into();
        let sealed = js::wait(
            &subtle()?,
            "encrypt",
            &[how(&nonce, place), self.0.clone(), data],
        )
        .await
        .ok_or(Forgetful::Refused)?;
        let sealed = Uint8Array::new(&sealed);
        let whole = Uint8Array::new_with_length(NONCE + sealed.length());
        whole.set(&nonce, 0);
        whole.set(&sealed, NONCE);
        Ok(whole.into())
    }

    /// Begins to open; many can be opened at once.
    pub fn open(&self, place: &str, sealed: &JsValue) -> Opening {
        Opening(self.opened(place, sealed))
    }

    fn opened(&self, place: &str, sealed: &JsValue) -> Option<JsFuture> {
        let whole: &Uint8Array = sealed.dyn_ref()?;
        let how = how(&whole.subarray(0, NONCE), place);
        let data = whole.subarray(NONCE, whole.length()).into();
        let promise: Promise = js::call(&subtle().ok()?, "decrypt", &[how, self.0.clone(), data])?
            .dyn_into()
            .ok()?;
        Some(JsFuture::from(promise))
    }
}

impl Opening {
    pub const NOTHING: Self = Self(None);

    /// Nothing where it was sealed with another key, for another place, or is none of ours.
    pub async fn plain(self) -> Option<Vec<u8>> {
        let plain = self.0?.await.ok()?;
        Some(Uint8Array::new(&plain).to_vec())
    }
}

fn how(nonce: &Uint8Array, place: &str) -> JsValue {
    js::object(&[
        ("name", "AES-GCM".into()),
        ("iv", nonce.into()),
        ("additionalData", Uint8Array::from(place.as_bytes()).into()),
    ])
}

/// Browsers have it on pages that came by https only, as they have workers and cameras.
fn subtle() -> Result<JsValue, Forgetful> {
    let crypto = leptos::prelude::window().crypto()?;
    js::get(&crypto, "subtle").ok_or(Forgetful::Refused)
}
