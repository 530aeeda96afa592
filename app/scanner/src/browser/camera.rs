//! The camera: pictures in, texts of QR codes out. The browser's own detector where there is one, else our own.

mod decode;

use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    HtmlVideoElement, MediaDeviceInfo, MediaDeviceKind, MediaDevices, MediaStream,
    MediaStreamConstraints, MediaStreamTrack,
};

use self::decode::Decoder;
use super::js;

const PAUSE_MILLIS: i32 = 110;

/// Why the camera could not be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoCamera {
    Forbidden,
    Missing,
    /// Another program has it, or the system gives it to nobody.
    Taken,
}

impl From<JsValue> for NoCamera {
    fn from(fault: JsValue) -> Self {
        let name = js::get(&fault, "name").and_then(|name| name.as_string());
        match name.as_deref() {
            Some("NotAllowedError" | "SecurityError") => Self::Forbidden,
            Some("NotFoundError" | "OverconstrainedError" | "TypeError") => Self::Missing,
            _ => Self::Taken,
        }
    }
}

/// How near the picture can be brought.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Zoom {
    pub min: f64,
    pub max: f64,
    pub step: f64,
}

/// An open camera that shows itself in a video element. Closes when dropped.
pub struct Camera {
    stream: MediaStream,
    /// Whether it has a lamp.
    pub torch: bool,
    /// Whether it can be brought nearer.
    pub zoom: Option<Zoom>,
    /// Its name for the browser, to open the same one again.
    pub id: Option<String>,
}

impl Camera {
    /// Opens the camera with this id, or the one that looks away from the person.
    pub async fn open(video: &HtmlVideoElement, id: Option<&str>) -> Result<Self, NoCamera> {
        // Not there at all on a page that did not come by https.
        let devices = js::get(&window().navigator(), "mediaDevices");
        let devices: MediaDevices = devices.ok_or(NoCamera::Missing)?.unchecked_into();
        let choice = match id {
            Some(id) => ("deviceId", js::object(&[("exact", id.into())])),
            None => ("facingMode", js::object(&[("ideal", "environment".into())])),
        };
        let size = |pixels: u32| js::object(&[("ideal", pixels.into())]);
        let wanted = js::object(&[choice, ("width", size(1280)), ("height", size(720))]);
        let constraints = MediaStreamConstraints::new();
        constraints.set_video(&wanted);
        let asked = devices.get_user_media_with_constraints(&constraints)?;
        let stream: MediaStream = JsFuture::from(asked).await?.dyn_into()?;
        video.set_src_object(Some(&stream));
        if let Ok(playing) = video.play() {
            // Not playing yet is no reason to give up: frames come when it does.
            let _ = JsFuture::from(playing).await;
        }
        let mut camera = Self {
            stream,
            torch: false,
            zoom: None,
            id: None,
        };
        if let Some(track) = camera.track() {
            let able = js::call(&track, "getCapabilities", &[]).unwrap_or_default();
            camera.torch = js::get(&able, "torch").is_some_and(|torch| torch.is_truthy());
            camera.zoom = js::get(&able, "zoom").and_then(|zoom| zoom_of(&zoom));
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
        self.wish("torch", on.into());
    }

    pub fn set_zoom(&self, times: f64) {
        self.wish("zoom", times.into());
    }

    /// Cameras that cannot do it go on as they are.
    fn wish(&self, what: &str, value: JsValue) {
        if let Some(track) = self.track() {
            let advanced = js_sys::Array::of1(&js::object(&[(what, value)]));
            js::call(
                &track,
                "applyConstraints",
                &[js::object(&[("advanced", advanced.into())])],
            );
        }
    }
}

fn zoom_of(range: &JsValue) -> Option<Zoom> {
    let part = |name: &str| js::get(range, name)?.as_f64();
    let (min, max) = (part("min")?, part("max")?);
    let step = part("step").filter(|step| *step > 0.0).unwrap_or(0.1);
    (min < max).then_some(Zoom { min, max, step })
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
