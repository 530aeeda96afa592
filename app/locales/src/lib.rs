//! Every word Bilten says to people, in each language, as typed functions.
//!
//! `en/<area>.toml` and `ar/<area>.toml` become the module `<area>` with one function per key: `area::key(l)`;
//! placeholders become arguments, tables with CLDR forms take a count. Pages, mails and the scanner share them.
//! How amounts, dates and codes are put into words is written by hand beside them.

mod bidi;
pub mod categories;
pub mod countries;
pub mod dates;
pub mod errors;
pub mod faults;
mod fill;
mod locale;
pub mod money;
pub mod numbers;
pub mod roles;

/// The generated modules; where a hand-written one above has the same name, that one is meant to be used.
pub mod texts {
    include!(concat!(env!("OUT_DIR"), "/modules.rs"));
}

pub use bidi::isolate;
use fill::{count_of, fill, plural};
pub use locale::Locale;
pub use texts::*;
