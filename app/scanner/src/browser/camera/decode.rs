//! Reading a QR code from a picture of a video.

use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, HtmlVideoElement};

use super::{first_text, js};
use crate::qr::Reader;

/// Sharp enough for a ticket's code held at arm's length, small enough to be read several times a second.
const LONGEST_SIDE: u32 = 800;

pub enum Decoder {
    /// The browser's BarcodeDetector.
    Native(JsValue),
    Own {
        canvas: HtmlCanvasElement,
        context: CanvasRenderingContext2d,
        reader: Reader,
    },
    /// Neither works here.
    Blind,
}

impl Decoder {
    pub async fn best() -> Self {
        match native().await {
            Some(detector) => Self::Native(detector),
            None => own().unwrap_or(Self::Blind),
        }
    }

    pub async fn read(&mut self, video: &HtmlVideoElement) -> Option<String> {
        match self {
            Self::Native(detector) => {
                let found = js::wait(detector, "detect", &[video.clone().into()]).await;
                match found {
                    Some(found) => first_text(&found),
                    None => {
                        // Some systems promise a detector and have none.
                        *self = own().unwrap_or(Self::Blind);
                        None
                    }
                }
            }
            Self::Own {
                canvas,
                context,
                reader,
            } => read_with(canvas, context, reader, video),
            Self::Blind => None,
        }
    }
}

async fn native() -> Option<JsValue> {
    let class: js_sys::Function = js::get(&window(), "BarcodeDetector")?.dyn_into().ok()?;
    let formats = js::wait(&class, "getSupportedFormats", &[]).await?;
    js_sys::Array::from(&formats)
        .iter()
        .find(|format| format.as_string().as_deref() == Some("qr_code"))?;
    let wanted = js::object(&[("formats", js_sys::Array::of1(&"qr_code".into()).into())]);
    js_sys::Reflect::construct(&class, &js_sys::Array::of1(&wanted)).ok()
}

fn own() -> Option<Decoder> {
    let canvas: HtmlCanvasElement = document().create_element("canvas").ok()?.dyn_into().ok()?;
    let options = js::object(&[("willReadFrequently", true.into())]);
    let context = canvas
        .get_context_with_context_options("2d", &options)
        .ok()??;
    Some(Decoder::Own {
        canvas,
        context: context.dyn_into().ok()?,
        reader: Reader::default(),
    })
}

fn read_with(
    canvas: &HtmlCanvasElement,
    context: &CanvasRenderingContext2d,
    reader: &mut Reader,
    video: &HtmlVideoElement,
) -> Option<String> {
    let (width, height) = (video.video_width(), video.video_height());
    let longest = width.max(height);
    if longest == 0 {
        return None;
    }
    let scaled = |side: u32| {
        if longest > LONGEST_SIDE {
            side * LONGEST_SIDE / longest
        } else {
            side
        }
    };
    let (width, height) = (scaled(width), scaled(height));
    if canvas.width() != width || canvas.height() != height {
        canvas.set_width(width);
        canvas.set_height(height);
    }
    let (w, h) = (f64::from(width), f64::from(height));
    context
        .draw_image_with_html_video_element_and_dw_and_dh(video, 0.0, 0.0, w, h)
        .ok()?;
    let pixels = context.get_image_data(0.0, 0.0, w, h).ok()?.data();
    let (width, height) = (usize::try_from(width).ok()?, usize::try_from(height).ok()?);
    // Green stands for brightness: closest to what the eye sees, and only one byte to read.
    let brightness: Vec<u8> = pixels.iter().skip(1).step_by(4).copied().collect();
    reader.look(width, height, &brightness)
}
