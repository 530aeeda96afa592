//! What the page says back.

mod countdown;
mod dialog;
mod fault;
mod notice;
mod progress;
mod toast;

pub use countdown::Countdown;
pub use dialog::Dialog;
pub use fault::FaultPage;
pub use notice::{Badge, FormError, Notice, Tone};
pub use progress::ProgressBar;
pub use toast::{ToastRegion, Toasts, provide_toasts, use_toasts};
