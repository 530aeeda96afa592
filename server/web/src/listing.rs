//! Every address that answers, as text: what `bilten routes` prints and what the table of who may call what is held
//! against.

use std::collections::BTreeSet;

use leptos::server_fn;

use crate::{http, routes};

/// Method and address of pages, server functions and plain routes, sorted.
#[must_use]
pub fn all() -> BTreeSet<String> {
    let pages = routes::pages();
    let pages = pages.iter().map(|page| format!("GET {}", page.path()));
    let functions =
        server_fn::axum::server_fn_paths().map(|(path, method)| format!("{method} {path}"));
    let plain = [http::table().list, http::bare().list].concat();
    let plain = plain
        .iter()
        .map(|(method, path)| format!("{method} {path}"));
    pages.chain(functions).chain(plain).collect()
}

/// One line each.
#[must_use]
pub fn text() -> String {
    all().into_iter().map(|line| line + "\n").collect()
}

#[cfg(test)]
mod tests {
    use super::all;

    /// With `--no-default-features` as well, as programs for production are built.
    #[test]
    fn tools_of_developers_are_in_programs_for_development_only() {
        let tools = |line: &String| line.contains(" /dev/") || line.contains("/development/");
        assert_eq!(all().iter().any(tools), cfg!(feature = "development"));
    }
}
