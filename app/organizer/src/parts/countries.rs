//! Choosing a country by its name.

use app_ui::Choice;

/// All countries; `none` first, where no choice is one too.
pub fn country_choices(none: Option<&str>, countries: &[(String, String)]) -> Vec<Choice> {
    let none = none.map(|label| Choice::new("", label));
    let all = countries
        .iter()
        .map(|(code, name)| Choice::new(code.clone(), name.clone()));
    none.into_iter().chain(all).collect()
}
