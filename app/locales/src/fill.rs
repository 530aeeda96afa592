//! Puts values into texts and picks plural forms.

use crate::{Locale, bidi, numbers};
use std::fmt::Display;

type Values<'a> = &'a [(&'a str, &'a dyn Display)];

/// Replaces `{name}` by its value; a name without a value stays as it is written.
pub(crate) fn fill(l: Locale, template: &str, values: Values<'_>) -> String {
    let mut out = String::with_capacity(template.len() + 16);
    let mut rest = template;
    while let Some(at) = rest.find(['{', '}']) {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        if let Some(after) = from.strip_prefix("{{").or_else(|| from.strip_prefix("}}")) {
            out.push_str(&from[..1]);
            rest = after;
            continue;
        }
        let Some(end) = from.find('}') else {
            rest = from;
            break;
        };
        let name = from.get(1..end).unwrap_or_default();
        match values.iter().find(|(key, _)| *key == name) {
            Some((_, value)) => out.push_str(&bidi::isolate(l, &value.to_string())),
            None => out.push_str(&from[..=end]),
        }
        rest = &from[end + 1..];
    }
    out.push_str(rest);
    out
}

/// Forms come in the order zero, one, two, few, many, other.
pub(crate) fn plural(
    l: Locale,
    count: u64,
    forms: [&'static str; 6],
    values: Values<'_>,
) -> String {
    let template = forms[form(l, count)];
    let count = numbers::integer(count);
    let mut all: Vec<(&str, &dyn Display)> = vec![("count", &count)];
    all.extend(values.iter().filter(|(key, _)| *key != "count"));
    fill(l, template, &all)
}

/// The number that arrives as text when a plural is asked for by its code.
pub(crate) fn count_of(values: Values<'_>) -> u64 {
    let count = values
        .iter()
        .find(|(key, _)| matches!(*key, "count" | "min" | "max" | "max_mb"));
    count
        .and_then(|(_, value)| value.to_string().parse().ok())
        .unwrap_or_default()
}

/// The cardinal rules of CLDR for whole numbers. English says "no tickets" where a text has the form `zero`.
fn form(l: Locale, count: u64) -> usize {
    const ZERO: usize = 0;
    const ONE: usize = 1;
    const TWO: usize = 2;
    const FEW: usize = 3;
    const MANY: usize = 4;
    const OTHER: usize = 5;
    match (l, count) {
        (Locale::En | Locale::Ar, 0) => ZERO,
        (Locale::En | Locale::Ar, 1) => ONE,
        (Locale::En, _) => OTHER,
        (Locale::Ar, 2) => TWO,
        (Locale::Ar, _) => match count % 100 {
            3..=10 => FEW,
            11..=99 => MANY,
            _ => OTHER,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::{fill, form, plural};
    use crate::Locale;

    #[test]
    fn names_are_replaced_and_doubled_braces_stay() {
        assert_eq!(
            fill(
                Locale::En,
                "{a}, {{a}} and {b}",
                &[("a", &1), ("b", &"two")]
            ),
            "1, {a} and two"
        );
        assert_eq!(fill(Locale::En, "{unknown} {open", &[]), "{unknown} {open");
    }

    #[test]
    fn arabic_has_six_forms() {
        let picked: Vec<_> = [0, 1, 2, 3, 10, 11, 99, 100, 102, 103, 111, 200]
            .map(|n| form(Locale::Ar, n))
            .into();
        assert_eq!(picked, [0, 1, 2, 3, 3, 4, 4, 5, 5, 3, 4, 5]);
    }

    #[test]
    fn counts_are_grouped() {
        let text = plural(
            Locale::En,
            12_408,
            ["", "", "", "", "", "{count} tickets"],
            &[],
        );
        assert_eq!(text, "12,408 tickets");
    }
}
