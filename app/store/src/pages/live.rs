//! Live availability: the browser listens to the server's stream for as long as the page is open.

use app_api::store::OfferLive;
use domain::ids::EventId;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{EventSource, MessageEvent};

/// Puts what the stream says into `live`. Without a stream the page shows what it was loaded with.
pub fn watch(event: EventId, live: RwSignal<Vec<OfferLive>>) {
    Effect::new(move || {
        let Ok(source) = EventSource::new(&format!("/live/events/{event}")) else {
            return;
        };
        let heard = Closure::<dyn Fn(MessageEvent)>::new(move |message: MessageEvent| {
            let offers = message
                .data()
                .as_string()
                .and_then(|text| serde_json::from_str::<Vec<OfferLive>>(&text).ok());
            if let Some(offers) = offers {
                live.try_set(offers);
            }
        });
        source.set_onmessage(Some(heard.as_ref().unchecked_ref()));
        let open = StoredValue::new_local((source, heard));
        on_cleanup(move || {
            open.try_with_value(|(source, _)| source.close());
        });
    });
}
