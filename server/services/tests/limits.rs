//! What `docs/limits.md` says of limits is what the code has.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

fn server() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The rows of the document whose first, or last, cell is in code signs.
fn rows() -> Vec<Vec<String>> {
    let text = fs::read_to_string(server().join("../docs/limits.md")).unwrap();
    let (_, tables) = text.split_once("## How often").unwrap();
    tables
        .lines()
        .filter(|line| line.starts_with('|') && line.contains('`'))
        .map(|line| {
            let cells = line.trim_matches('|').split('|');
            cells.map(|cell| cell.trim().to_owned()).collect()
        })
        .collect()
}

fn sources(folder: &Path) -> Vec<String> {
    fs::read_dir(folder)
        .unwrap()
        .flat_map(|entry| {
            let path = entry.unwrap().path();
            if path.is_dir() {
                sources(&path)
            } else {
                vec![fs::read_to_string(path).unwrap()]
            }
        })
        .collect()
}

fn between<'t>(text: &'t str, start: &str, end: &str) -> Option<&'t str> {
    text.split_once(start)?.1.split_once(end).map(|(it, _)| it)
}

/// The only number in a value as code has it.
fn number(value: &str) -> String {
    value.chars().filter(char::is_ascii_digit).collect()
}

fn span(value: &str) -> String {
    let (unit, number) = value.split_once('(').unwrap();
    match (unit, number) {
        ("mins", "60") | ("hours", "1") => "1 hour".into(),
        ("mins", minutes) => format!("{minutes} minutes"),
        (_, hours) => format!("{hours} hours"),
    }
}

#[test]
fn tries_are_limited_as_the_document_says() {
    let mut known = BTreeMap::new();
    for source in sources(&server().join("services/src")) {
        for limit in source.split("Limit {").skip(1) {
            let Some(what) = between(limit, "what: \"", "\"") else {
                continue;
            };
            let tries = between(limit, "tries: ", ",").unwrap();
            let span = span(between(limit, "SignedDuration::from_", ")").unwrap());
            known.insert(format!("`{what}`"), format!("{tries} in {span}"));
        }
    }
    let said: BTreeMap<_, _> = rows()
        .into_iter()
        .filter(|row| row[0].starts_with('`'))
        .map(|row| (row[0].clone(), row[1].clone()))
        .collect();
    assert_eq!(said, known);
}

#[test]
fn numbers_are_limited_as_the_document_says() {
    let said: Vec<_> = rows()
        .into_iter()
        .filter(|row| row[2].contains("` of `"))
        .collect();
    assert!(said.len() > 10);
    for row in said {
        let names: Vec<_> = row[2].split('`').collect();
        let source = fs::read_to_string(server().join(names[3])).unwrap();
        let (_, value) = ["const", "static"]
            .iter()
            .find_map(|kind| between(&source, &format!("{kind} {}: ", names[1]), ";"))
            .and_then(|value| value.split_once('='))
            .unwrap_or_else(|| panic!("not in the code: {row:?}"));
        assert_eq!(number(value), row[1], "{row:?}");
    }
}
