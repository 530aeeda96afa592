//! Forms: what people press and fill in.

mod button;
mod choice;
mod confirm;
mod field;
mod search_box;
mod stepper;
mod text;

pub use button::{Button, ButtonKind, LinkButton};
pub use choice::{Checkbox, Choice, RadioGroup, Select};
pub use confirm::{ConfirmPanel, Disclosure};
pub use field::Field;
pub use search_box::SearchBox;
pub use stepper::Stepper;
pub use text::{TextArea, TextInput};
