//! Names of the kinds of events, by the code that is stored.

use crate::{Locale, texts};

/// The code itself for a kind this build does not know.
#[must_use]
pub fn name(l: Locale, code: &str) -> String {
    match code {
        "concert" => texts::categories::concert(l),
        "conference" => texts::categories::conference(l),
        "theatre" => texts::categories::theatre(l),
        "course" => texts::categories::course(l),
        "meetup" => texts::categories::meetup(l),
        "festival" => texts::categories::festival(l),
        "exhibition" => texts::categories::exhibition(l),
        "sport" => texts::categories::sport(l),
        "film" => texts::categories::film(l),
        "food" => texts::categories::food(l),
        "party" => texts::categories::party(l),
        "family" => texts::categories::family(l),
        other => return other.to_owned(),
    }
    .to_owned()
}
