//! The design system: black on white, hairlines, strong type. It knows nothing about tickets.
//!
//! Every piece renders complete HTML on the server and works without WebAssembly; hydration adds comfort. Class names
//! are defined in `style/`. Texts come in as props; the few generic ones stand in the `ui` texts of `locales`.

pub mod data;
pub mod feedback;
pub mod form;
pub mod gallery;
mod icon;
pub mod layout;
mod locale;
mod mailto;
pub mod nav;
mod text;

pub use data::*;
pub use feedback::*;
pub use form::*;
pub use gallery::Gallery;
pub use icon::{Icon, IconName};
pub use layout::*;
pub use locale::{provide_locale, use_locale};
pub use mailto::mailto;
pub use nav::*;
pub use text::MaybeText;
