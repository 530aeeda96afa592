//! The camera: pictures in, texts of QR codes out. The browser's own detector where there is one, else our own.

mod decode;

use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    HtmlVideoElement, MediaDeviceInfo, MediaDeviceKind, MediaStream, MediaStreamConstraints,
    MediaStreamTrack,
};

use self::decode::Decoder;
use super::js;

const PAUSE_MILLIS: i32 = 110;

/// The camera could not be opened: forbidden, taken, or not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoCamera;

/// An open camera that shows itself in a video element. Closes when dropped.
pub struct Camera {
    stream: MediaStream,
    /// Whether it has a lamp.
    pub torch: bool,
    /// Its name for the browser, to open the same one again.
    pub id: Option<String>,
}

impl Camera {
    /// Opens the camera with this id, or the one that looks away from the person.
    pub async fn open(video: &HtmlVideoElement, id: Option<&str>) -> Result<Self, NoCamera> {
        let devices = window().navigator().media_devices().map_err(|_| NoCamera)?;
        let choice = match id {
            Some(id) => ("deviceId", js::object(&[("exact", id.into())])),
            None => ("facingMode", js::object(&[("ideal", "environment".into())])),
        };
        let size = |pixels: u32| js::object(&[("ideal", pixels.into())]);
        let wanted = js::object(&[choice, ("width", size(1280)), ("height", size(720))]);
        let constraints = MediaStreamConstraints::new();
        constraints.set_video(&wanted);
        let asked = devices
            .get_user_media_with_constraints(&constraints)
            .map_err(|_| NoCamera)?;
        let stream: MediaStream = JsFuture::from(asked)
            .await
            .map_err(|_| NoCamera)?
            .dyn_into()
            .map_err(|_| NoCamera)?;
        video.set_src_object(Some(&stream));
        if let Ok(playing) = video.play() {
            // Not playing yet is no reason to give up: frames come when it does.
            let _ = JsFuture::from(playing).await;
        }
        let mut camera = Self {
            stream,
            torch: false,
            id: None,
        };
        if let Some(track) = camera.track() {
            let capabilities = js::call(&track, "getCapabilities", &[]);
            camera.torch = capabilities
                .and_then(|able| js::get(&able, "torch"))
                .is_some_and(|torch| torch.is_truthy());
            camera.id = js::call(&track, "getSettings", &[])
                .and_then(|settings| js::get(&settings, "deviceId"))
                .and_then(|id| id.as_string());
        }
        Ok(camera)
    }

    fn track(&self) -> Option<MediaStreamTrack> {
        self.stream.get_video_tracks().get(0).dyn_into().ok()
    }

    pub fn set_torch(&self, on: bool) {
        if let Some(track) = self.track() {
            let advanced = js_sys::Array::of1(&js::object(&[("torch", on.into())]));
            js::call(
                &track,
                "applyConstraints",
                &[js::object(&[("advanced", advanced.into())])],
            );
        }
    }
}

impl Drop for Camera {
    fn drop(&mut self) {
        for track in self.stream.get_tracks() {
            if let Ok(track) = track.dyn_into::<MediaStreamTrack>() {
                track.stop();
            }
        }
    }
}

/// Ids of all cameras, in the browser's order.
pub async fn all() -> Vec<String> {
    let Ok(devices) = window().navigator().media_devices() else {
        return Vec::new();
    };
    let Ok(asked) = devices.enumerate_devices() else {
        return Vec::new();
    };
    let Ok(found) = JsFuture::from(asked).await else {
        return Vec::new();
    };
    js_sys::Array::from(&found)
        .iter()
        .filter_map(|device| device.dyn_into::<MediaDeviceInfo>().ok())
        .filter(|device| device.kind() == MediaDeviceKind::Videoinput)
        .map(|device| device.device_id())
        .filter(|id| !id.is_empty())
        .collect()
}

/// Looks at the video until `go_on` says no, and tells each text it reads. `looking` says whether anybody wants to know
/// at the moment.
pub async fn watch(
    video: HtmlVideoElement,
    go_on: impl Fn() -> bool,
    looking: impl Fn() -> bool,
    seen: impl Fn(String),
) {
    let mut decoder = Decoder::best().await;
    while go_on() {
        // 2 is HAVE_CURRENT_DATA.
        if looking()
            && !document().hidden()
            && video.ready_state() >= 2
            && let Some(text) = decoder.read(&video).await
        {
            seen(text);
        }
        js::sleep(PAUSE_MILLIS).await;
    }
}

/// The text of the first code in what the browser's detector found.
fn first_text(found: &JsValue) -> Option<String> {
    js_sys::Array::from(found)
        .iter()
        .find_map(|code| js::get(&code, "rawValue")?.as_string())
}
