//! The camera on the screen.

use js_sys::Number;
use leptos::{html::Video, prelude::*};
use locales::{Locale, scanner as t};
use web_sys::HtmlInputElement;

use super::{control, say};
use crate::browser::camera::{self, Camera, NoCamera, Zoom};

/// Shows what the camera sees and tells the texts it reads. Closes the camera when it goes.
#[component]
pub fn CameraView(on_text: Callback<String>, looking: Signal<bool>) -> impl IntoView {
    let control = control();
    let video: NodeRef<Video> = NodeRef::new();
    let open: StoredValue<Option<Camera>, LocalStorage> = StoredValue::new_local(None);
    let alive = StoredValue::new(true);
    let denied: RwSignal<Option<NoCamera>> = RwSignal::new(None);
    let zoom: RwSignal<Option<Zoom>> = RwSignal::new(None);
    let torch = RwSignal::new(false);
    let has_torch = RwSignal::new(false);
    let several = RwSignal::new(false);
    on_cleanup(move || {
        alive.set_value(false);
        open.try_update_value(|camera| camera.take());
    });
    let start = move |id: Option<String>| {
        let Some(element) = video.get_untracked() else {
            return;
        };
        open.set_value(None);
        torch.set(false);
        leptos::task::spawn_local(async move {
            let opened = match Camera::open(&element, id.as_deref()).await {
                // The one chosen last time may be gone.
                Err(_) if id.is_some() => Camera::open(&element, None).await,
                other => other,
            };
            if !alive.try_get_value().unwrap_or(false) {
                return;
            }
            match opened {
                Ok(camera) => {
                    denied.set(None);
                    zoom.set(camera.zoom);
                    has_torch.set(camera.torch);
                    open.set_value(Some(camera));
                    several.set(camera::all().await.len() > 1);
                }
                Err(why) => denied.set(Some(why)),
            }
        });
    };
    Effect::new(move |_| {
        let Some(element) = video.get() else { return };
        start(
            control
                .settings
                .with_untracked(|settings| settings.camera.clone()),
        );
        leptos::task::spawn_local(camera::watch(
            element,
            move || alive.try_get_value().unwrap_or(false),
            move || looking.try_get_untracked().unwrap_or(false),
            move |text| on_text.run(text),
        ));
    });
    let next = move |_| {
        let current =
            open.with_value(|camera| camera.as_ref().and_then(|camera| camera.id.clone()));
        leptos::task::spawn_local(async move {
            let all = camera::all().await;
            let at = all
                .iter()
                .position(|id| Some(id) == current.as_ref())
                .map_or(0, |at| at + 1);
            if let Some(id) = all.get(at).or(all.first()).cloned() {
                control.set(|settings| settings.camera = Some(id.clone()));
                start(Some(id));
            }
        });
    };
    let lamp = move |_| {
        torch.update(|on| *on = !*on);
        open.with_value(|camera| {
            if let Some(camera) = camera {
                camera.set_torch(torch.get_untracked());
            }
        });
    };
    let nearer = Callback::new(move |times: f64| {
        open.with_value(|camera| {
            if let Some(camera) = camera {
                camera.set_zoom(times);
            }
        });
    });
    let again = Callback::new(move |()| {
        start(
            control
                .settings
                .with_untracked(|settings| settings.camera.clone()),
        );
    });
    view! {
        <div class="scan-camera" class:scan-camera-off=move || denied.get().is_some()>
            <video node_ref=video class="scan-video" autoplay playsinline muted aria-label=say(t::camera_view)></video>
            <span class="scan-frame" aria-hidden="true"></span>
            {move || denied.get().map(|why| view! { <Denied why again/> })}
            <div class="scan-camera-tools">
                {move || zoom.get().map(|range| view! { <Nearer range on_choice=nearer/> })}
                <Show when=move || has_torch.get()>
                    <button class="btn btn-secondary btn-small" type="button" aria-pressed=move || torch.get().to_string() on:click=lamp>
                        {say(t::torch)}
                    </button>
                </Show>
                <Show when=move || several.get()>
                    <button class="btn btn-secondary btn-small" type="button" on:click=next>{say(t::camera_next)}</button>
                </Show>
            </div>
        </div>
    }
}

/// Why there is no picture, and the way out.
#[component]
fn Denied(why: NoCamera, again: Callback<()>) -> impl IntoView {
    let title = move |l: Locale| match why {
        NoCamera::Forbidden => t::camera_forbidden_title(l),
        NoCamera::Missing => t::camera_missing_title(l),
        NoCamera::Taken => t::camera_taken_title(l),
    };
    let text = move |l: Locale| match why {
        NoCamera::Forbidden => t::camera_forbidden(l),
        NoCamera::Missing => t::camera_missing(l),
        NoCamera::Taken => t::camera_taken(l),
    };
    view! {
        <div class="scan-denied" role="alert">
            <p><strong>{say(title)}</strong></p>
            <p>{say(text)}</p>
            <button class="btn btn-secondary btn-small" type="button" on:click=move |_| again.run(())>{say(t::try_again)}</button>
        </div>
    }
}

/// Brings the picture nearer, for a guest behind a counter. Numbers are read and written by the browser, which has the tables
/// for that anyway.
#[component]
fn Nearer(range: Zoom, on_choice: Callback<f64>) -> impl IntoView {
    let chosen = move |event| {
        on_choice.run(event_target::<HtmlInputElement>(&event).value_as_number());
    };
    let text = |number: f64| {
        let text = Number::from(number).to_string_with_radix(10);
        text.map(String::from).unwrap_or_default()
    };
    view! {
        <input class="scan-zoom" type="range" aria-label=say(t::zoom) min=text(range.min) max=text(range.max)
            step=text(range.step) value=text(range.min) on:input=chosen/>
    }
}
