//! What a verdict sounds and feels like: one long buzz is good, several short ones mean stop.

use domain::checkin::Tone;
use web_sys::{AudioContext, AudioContextState, OscillatorType};

/// One tone: pitch, when it begins and how long it lasts, in seconds.
type Note = (f32, f64, f64);

/// Speaks after a first touch only; browsers want it so.
#[derive(Clone)]
pub struct Voice {
    context: AudioContext,
}

impl Voice {
    /// To be called from a touch or key press.
    pub fn wake() -> Option<Self> {
        let context = AudioContext::new().ok()?;
        if context.state() == AudioContextState::Suspended {
            let _ = context.resume();
        }
        Some(Self { context })
    }

    pub fn say(&self, tone: Tone) {
        let (kind, notes): (OscillatorType, &[Note]) = match tone {
            Tone::Go => (OscillatorType::Sine, &[(1046.5, 0.0, 0.14)]),
            Tone::GoNote => (
                OscillatorType::Sine,
                &[(784.0, 0.0, 0.12), (1046.5, 0.14, 0.16)],
            ),
            Tone::Look => (
                OscillatorType::Sine,
                &[(1046.5, 0.0, 0.16), (659.3, 0.2, 0.3)],
            ),
            Tone::Out => (OscillatorType::Square, &[(523.3, 0.0, 0.04)]),
            Tone::Wait => (
                OscillatorType::Triangle,
                &[(262.0, 0.0, 0.12), (262.0, 0.2, 0.12), (262.0, 0.4, 0.12)],
            ),
            Tone::Elsewhere => (
                OscillatorType::Triangle,
                &[(262.0, 0.0, 0.16), (262.0, 0.24, 0.16)],
            ),
            Tone::Stop => (OscillatorType::Sawtooth, &[(131.0, 0.0, 0.5)]),
        };
        for note in notes {
            // A device that cannot sound still shows and shakes.
            let _ = self.sound(kind, *note);
        }
    }

    fn sound(
        &self,
        kind: OscillatorType,
        (pitch, after, length): Note,
    ) -> Result<(), wasm_bindgen::JsValue> {
        let (oscillator, gain) = (
            self.context.create_oscillator()?,
            self.context.create_gain()?,
        );
        let begin = self.context.current_time() + after;
        oscillator.set_type(kind);
        oscillator.frequency().set_value(pitch);
        gain.gain().set_value_at_time(0.0001, begin)?;
        gain.gain()
            .exponential_ramp_to_value_at_time(0.4, begin + 0.015)?;
        gain.gain()
            .exponential_ramp_to_value_at_time(0.0001, begin + length)?;
        oscillator.connect_with_audio_node(&gain)?;
        gain.connect_with_audio_node(&self.context.destination())?;
        oscillator.start_with_when(begin)?;
        oscillator.stop_with_when(begin + length + 0.02)
    }
}

pub fn shake(tone: Tone) {
    let pattern: &[u32] = match tone {
        Tone::Go | Tone::GoNote => &[250],
        Tone::Look => &[500],
        Tone::Out => &[60],
        Tone::Wait => &[90, 70, 90, 70, 90],
        Tone::Elsewhere => &[90, 70, 90],
        Tone::Stop => &[90, 60, 90, 60, 90, 60, 90],
    };
    let pattern: js_sys::Array = pattern
        .iter()
        .map(|part| wasm_bindgen::JsValue::from(*part))
        .collect();
    super::js::call(
        &leptos::prelude::window().navigator(),
        "vibrate",
        &[pattern.into()],
    );
}
