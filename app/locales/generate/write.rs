//! Writes the Rust source: one file per module and a list of them.

use super::catalogue::{FORMS, Module, Text};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

const KEYWORDS: &str = " abstract as async await become box break const continue crate do dyn else enum extern false \
    final fn for gen if impl in let loop macro match mod move mut override priv pub ref return self static struct super \
    trait true try type typeof unsafe unsized use virtual where while yield ";

pub fn all(
    modules: &BTreeMap<String, Module>,
    out: &Path,
) -> Result<(), Box<dyn std::error::Error>> {
    let mut list = String::new();
    for (name, module) in modules {
        let mut source = String::new();
        body(module, &mut source)?;
        std::fs::write(out.join(format!("{name}.rs")), source)?;
        writeln!(
            list,
            "pub mod {} {{ include!(concat!(env!(\"OUT_DIR\"), \"/{name}.rs\")); }}",
            ident(name)
        )?;
    }
    std::fs::write(out.join("modules.rs"), list)?;
    Ok(())
}

fn body(module: &Module, out: &mut String) -> std::fmt::Result {
    for (key, text) in &module.texts {
        function(key, text, out)?;
    }
    lookup(module, out)?;
    for (name, group) in &module.groups {
        writeln!(out, "pub mod {} {{", ident(name))?;
        body(group, out)?;
        writeln!(out, "}}")?;
    }
    Ok(())
}

fn function(key: &str, text: &Text, out: &mut String) -> std::fmt::Result {
    let name = ident(key);
    match text {
        Text::Plain { en, ar } => {
            writeln!(
                out,
                "#[doc = {en:?}]\n#[must_use]\npub fn {name}(l: crate::Locale) -> &'static str {{"
            )?;
            writeln!(
                out,
                "    match l {{ crate::Locale::En => {en:?}, crate::Locale::Ar => {ar:?} }}\n}}"
            )
        }
        Text::Filled { en, ar, names } => {
            writeln!(out, "#[doc = {en:?}]\n#[must_use]")?;
            writeln!(
                out,
                "pub fn {name}(l: crate::Locale{}) -> String {{",
                arguments(names)
            )?;
            writeln!(
                out,
                "    crate::fill(l, match l {{ crate::Locale::En => {en:?}, crate::Locale::Ar => {ar:?} }}, {})\n}}",
                values(names)
            )
        }
        Text::Plural { en, ar, names } => {
            let other = en[5].as_deref().unwrap_or_default();
            writeln!(out, "#[doc = {other:?}]\n#[must_use]")?;
            writeln!(
                out,
                "pub fn {name}(l: crate::Locale, count: u64{}) -> String {{",
                arguments(names)
            )?;
            writeln!(out, "    crate::plural(l, count, match l {{")?;
            writeln!(out, "        crate::Locale::En => {},", forms(en))?;
            writeln!(out, "        crate::Locale::Ar => {},", forms(ar))?;
            writeln!(out, "    }}, {})\n}}", values(names))
        }
    }
}

/// Texts by their key, for codes that arrive as data.
fn lookup(module: &Module, out: &mut String) -> std::fmt::Result {
    let plain: Vec<_> = module
        .texts
        .iter()
        .filter(|(_, text)| matches!(text, Text::Plain { .. }))
        .collect();
    if !plain.is_empty() {
        writeln!(out, "/// The plain text with this key.\n#[must_use]")?;
        writeln!(
            out,
            "pub fn lookup(l: crate::Locale, key: &str) -> Option<&'static str> {{\n    Some(match key {{"
        )?;
        for (key, _) in &plain {
            writeln!(out, "        {key:?} => {}(l),", ident(key))?;
        }
        writeln!(out, "        _ => return None,\n    }})\n}}")?;
    }
    if plain.len() == module.texts.len() {
        return Ok(());
    }
    writeln!(
        out,
        "/// The text with this key, filled from named values; a plural reads `count`.\n#[must_use]"
    )?;
    writeln!(
        out,
        "pub fn lookup_with(l: crate::Locale, key: &str, values: &[(&str, &dyn std::fmt::Display)]) -> Option<String> {{"
    )?;
    writeln!(out, "    Some(match key {{")?;
    for (key, text) in &module.texts {
        match text {
            Text::Plain { .. } => {
                writeln!(out, "        {key:?} => {}(l).to_owned(),", ident(key))?
            }
            Text::Filled { en, ar, .. } => writeln!(
                out,
                "        {key:?} => crate::fill(l, match l {{ crate::Locale::En => {en:?}, crate::Locale::Ar => {ar:?} }}, values),"
            )?,
            Text::Plural { en, ar, .. } => writeln!(
                out,
                "        {key:?} => crate::plural(l, crate::count_of(values), match l {{ crate::Locale::En => {}, crate::Locale::Ar => {} }}, values),",
                forms(en),
                forms(ar)
            )?,
        }
    }
    writeln!(out, "        _ => return None,\n    }})\n}}")
}

fn arguments(names: &BTreeSet<String>) -> String {
    names
        .iter()
        .map(|name| format!(", {}: impl std::fmt::Display", ident(name)))
        .collect()
}

fn values(names: &BTreeSet<String>) -> String {
    let list: Vec<_> = names
        .iter()
        .map(|name| format!("({name:?}, &{})", ident(name)))
        .collect();
    format!("&[{}]", list.join(", "))
}

/// A form that the language lacks is never picked; it repeats `other`.
fn forms(forms: &[Option<String>]) -> String {
    let other = forms[5].as_deref().unwrap_or_default();
    let list: Vec<_> = (0..FORMS.len())
        .map(|at| format!("{:?}", forms[at].as_deref().unwrap_or(other)))
        .collect();
    format!("[{}]", list.join(", "))
}

fn ident(name: &str) -> String {
    if KEYWORDS.contains(&format!(" {name} ")) {
        format!("r#{name}")
    } else {
        name.to_owned()
    }
}
