//! Every address that answers is known, with who may call it.
#![expect(clippy::panic, reason = "a helper of tests")]

use std::collections::BTreeMap;

const RULES: [&str; 11] = [
    "public",
    "form",
    "session",
    "member",
    "may",
    "link",
    "device",
    "signed",
    "admin",
    "development",
    "shell",
];

fn table() -> BTreeMap<String, String> {
    include_str!("access.txt")
        .lines()
        .filter(|line| !line.starts_with('#') && !line.trim().is_empty())
        .map(|line| {
            let mut words = line.split_whitespace();
            let mut word = || {
                words
                    .next()
                    .unwrap_or_else(|| panic!("three words expected: {line}"))
            };
            let address = format!("{} {}", word(), word());
            // `may:RIGHT` is one rule; which rights there are, the matrix knows.
            let rule = word().split(':').next().unwrap_or_default();
            (address, rule.to_owned())
        })
        .collect()
}

#[tokio::test]
async fn every_address_has_its_rule() {
    let table = table();
    let answering = bilten::listing::all();
    let missing: Vec<_> = answering
        .iter()
        .filter(|address| !table.contains_key(*address))
        .collect();
    let left_over: Vec<_> = table
        .keys()
        .filter(|address| !answering.contains(*address))
        .collect();
    assert!(
        missing.is_empty(),
        "add to tests/access.txt who may call these: {missing:#?}"
    );
    assert!(
        left_over.is_empty(),
        "these answer no more, take them out of tests/access.txt: {left_over:#?}"
    );
    for (address, rule) in &table {
        assert!(
            RULES.contains(&rule.as_str()),
            "{address}: {rule} is no rule"
        );
    }
}

#[tokio::test]
async fn what_changes_something_is_not_open_to_other_sites() {
    for (address, rule) in table() {
        assert!(
            address.starts_with("GET ") || rule != "public",
            "{address} changes something: call its rule form"
        );
    }
}
