//! Signs of the verdicts, drawn large. They always stand beside their word.

use domain::checkin::Verdict;
use leptos::prelude::*;

pub fn of(verdict: &Verdict) -> AnyView {
    let path = match verdict {
        Verdict::Valid | Verdict::ValidNewToDevice => "M3.5 12.5l6 6L20.5 6",
        Verdict::AlreadyIn { .. } | Verdict::TooEarly { .. } | Verdict::TooLate { .. } => {
            "M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18M12 6.5v6l4 2.5"
        }
        // An eye.
        Verdict::Attention { .. } => {
            "M2.5 12C5 7.5 8.3 5.5 12 5.5s7 2 9.5 6.5c-2.5 4.5-5.8 6.5-9.5 6.5S5 16.5 2.5 12M12 9a3 3 0 1 0 0 6a3 3 0 1 0 0-6"
        }
        // An arrow out of a door.
        Verdict::Exited => "M13 4H5v16h8M10 12h11M17 8l4 4-4 4",
        // A hand.
        Verdict::Blocked => {
            "M8 12V5.5a1.5 1.5 0 0 1 3 0V11V4a1.5 1.5 0 0 1 3 0v7V6a1.5 1.5 0 0 1 3 0v8.5c0 4-2.5 6.5-6 6.5s-5-2-7.5-7a1.6 1.6 0 0 1 2.7-1.7L8 14"
        }
        // A sign at a road that is closed.
        Verdict::NotAdmitted => "M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18M7 12h10",
        // A signpost.
        Verdict::WrongEvent | Verdict::WrongGate { .. } => {
            "M12 3v18M12 5h6.5l2.5 2.5L18.5 10H12M12 12H5.5L3 14.5 5.5 17H12"
        }
        Verdict::Cancelled | Verdict::EventCancelled => "M5 5l14 14M19 5L5 19",
        // Two arrows changing places.
        Verdict::Replaced => "M4 8h15M15 4l4 4-4 4M20 16H5M9 12l-4 4 4 4",
        Verdict::Unknown { .. } => "M8 8.5a4 4 0 1 1 6.2 3.3c-1.5 1-2.2 1.8-2.2 3.7M12 19v.6",
        // A shield with a crack.
        Verdict::Forged => {
            "M12 2.5l8 3v6c0 5-3.5 8.5-8 10-4.5-1.5-8-5-8-10v-6zM13 7l-2.5 4h4L11 16"
        }
    };
    svg(path)
}

pub fn lock() -> AnyView {
    svg("M6 10.5h12V21H6zM8.5 10.5V7a3.5 3.5 0 0 1 7 0v3.5M12 14.5v2.5")
}

fn svg(path: &'static str) -> AnyView {
    view! {
        <svg class="scan-sign" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
            <path d=path fill="none" stroke="currentColor" stroke-width="2.2" stroke-linecap="round" stroke-linejoin="round"/>
        </svg>
    }
    .into_any()
}
