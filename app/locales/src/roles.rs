//! What people in a team are called, by the code that is stored.

use crate::{Locale, texts};

/// The code itself for a role this build does not know.
#[must_use]
pub fn name(l: Locale, code: &str) -> String {
    words(l, code).map_or_else(|| code.to_owned(), |(name, _)| name.to_owned())
}

/// What the role may do, in a sentence.
#[must_use]
pub fn hint(l: Locale, code: &str) -> &'static str {
    words(l, code).map_or("", |(_, hint)| hint)
}

fn words(l: Locale, code: &str) -> Option<(&'static str, &'static str)> {
    Some(match code {
        "owner" => (texts::roles::owner(l), texts::roles::owner_hint(l)),
        "manager" => (texts::roles::manager(l), texts::roles::manager_hint(l)),
        "finance" => (texts::roles::finance(l), texts::roles::finance_hint(l)),
        "marketing" => (texts::roles::marketing(l), texts::roles::marketing_hint(l)),
        "box_office" => (
            texts::roles::box_office(l),
            texts::roles::box_office_hint(l),
        ),
        "door_lead" => (texts::roles::door_lead(l), texts::roles::door_lead_hint(l)),
        "door" => (texts::roles::door(l), texts::roles::door_hint(l)),
        "read_only" => (texts::roles::read_only(l), texts::roles::read_only_hint(l)),
        _ => return None,
    })
}
