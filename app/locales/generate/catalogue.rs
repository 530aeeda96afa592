//! Reads the two folders, compares them and keeps what agrees.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use toml::{Table, Value};

pub const FORMS: [&str; 6] = ["zero", "one", "two", "few", "many", "other"];
const ENGLISH_FORMS: [&str; 2] = ["one", "other"];

/// One file of texts, or one table inside it.
#[derive(Default)]
pub struct Module {
    pub texts: BTreeMap<String, Text>,
    pub groups: BTreeMap<String, Module>,
}

pub enum Text {
    Plain {
        en: String,
        ar: String,
    },
    Filled {
        en: String,
        ar: String,
        names: BTreeSet<String>,
    },
    Plural {
        en: Forms,
        ar: Forms,
        names: BTreeSet<String>,
    },
}

/// Texts in the order of `FORMS`; a form the language does not have is empty.
pub type Forms = Vec<Option<String>>;

pub fn read(root: &Path) -> Result<BTreeMap<String, Module>, Vec<String>> {
    let mut faults = Vec::new();
    let en = folder(&root.join("en"), &mut faults);
    let ar = folder(&root.join("ar"), &mut faults);
    let mut modules = BTreeMap::new();
    for name in en.keys().chain(ar.keys()).collect::<BTreeSet<_>>() {
        match (en.get(name), ar.get(name)) {
            (Some(en), Some(ar)) => {
                let module = compare(&format!("{name}.toml"), "", en, ar, &mut faults);
                modules.insert(name.clone(), module);
            }
            (Some(_), None) => {
                faults.push(format!("ar/{name}.toml is missing, en/{name}.toml exists"))
            }
            (None, _) => faults.push(format!("en/{name}.toml is missing, ar/{name}.toml exists")),
        }
    }
    if faults.is_empty() {
        Ok(modules)
    } else {
        Err(faults)
    }
}

fn folder(path: &Path, faults: &mut Vec<String>) -> BTreeMap<String, Table> {
    let mut files = BTreeMap::new();
    let entries = match std::fs::read_dir(path) {
        Ok(entries) => entries,
        Err(fault) => {
            faults.push(format!("{}: {fault}", path.display()));
            return files;
        }
    };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.extension().is_none_or(|extension| extension != "toml") {
            continue;
        }
        let Some(name) = path.file_stem().and_then(|stem| stem.to_str()) else {
            continue;
        };
        if !is_name(name) {
            faults.push(format!("{}: a file is named in snake_case", path.display()));
            continue;
        }
        match std::fs::read_to_string(&path)
            .map_err(|e| e.to_string())
            .and_then(|text| {
                text.parse::<Table>()
                    .map_err(|e| e.to_string().replace('\n', " "))
            }) {
            Ok(table) => {
                files.insert(name.to_owned(), table);
            }
            Err(fault) => faults.push(format!("{}: {fault}", path.display())),
        }
    }
    files
}

fn compare(file: &str, prefix: &str, en: &Table, ar: &Table, faults: &mut Vec<String>) -> Module {
    let mut module = Module::default();
    for key in en.keys().chain(ar.keys()).collect::<BTreeSet<_>>() {
        let full = format!("{prefix}{key}");
        if !is_name(key) {
            faults.push(format!("{file}: key `{full}` is not snake_case"));
            continue;
        }
        let (en, ar) = match (en.get(key), ar.get(key)) {
            (Some(en), Some(ar)) => (en, ar),
            (Some(_), None) => {
                faults.push(format!("ar/{file}: key `{full}` is missing"));
                continue;
            }
            (None, _) => {
                faults.push(format!(
                    "en/{file}: key `{full}` is missing, ar/{file} has it"
                ));
                continue;
            }
        };
        match (en, ar) {
            (Value::String(en), Value::String(ar)) => {
                if let Some(text) = plain(file, &full, en, ar, faults) {
                    module.texts.insert(key.clone(), text);
                }
            }
            (Value::Table(en), Value::Table(ar)) if is_plural(en) && is_plural(ar) => {
                if let Some(text) = plural(file, &full, en, ar, faults) {
                    module.texts.insert(key.clone(), text);
                }
            }
            (Value::Table(en), Value::Table(ar)) if prefix.is_empty() && is_plural(en) == is_plural(ar) => {
                let group = compare(file, &format!("{key}."), en, ar, faults);
                module.groups.insert(key.clone(), group);
            }
            _ => faults.push(format!(
                "{file}: key `{full}` is neither a text, nor a plural, nor a table of texts in both languages"
            )),
        }
    }
    module
}

fn plain(file: &str, key: &str, en: &str, ar: &str, faults: &mut Vec<String>) -> Option<Text> {
    let names = agreed(file, key, placeholders(en), placeholders(ar), faults)?;
    let (en, ar) = (en.to_owned(), ar.to_owned());
    Some(if names.is_empty() {
        Text::Plain { en, ar }
    } else {
        Text::Filled { en, ar, names }
    })
}

fn plural(file: &str, key: &str, en: &Table, ar: &Table, faults: &mut Vec<String>) -> Option<Text> {
    let before = faults.len();
    for form in ENGLISH_FORMS.iter().filter(|form| !en.contains_key(**form)) {
        faults.push(format!("en/{file}: plural `{key}` has no form `{form}`"));
    }
    for form in FORMS.iter().filter(|form| !ar.contains_key(**form)) {
        faults.push(format!("ar/{file}: plural `{key}` has no form `{form}`"));
    }
    // English may name nothing at all ("No tickets"); it has no other forms.
    for form in en
        .keys()
        .filter(|form| *form != "zero" && !ENGLISH_FORMS.contains(&form.as_str()))
    {
        faults.push(format!(
            "en/{file}: plural `{key}` has form `{form}`, which English does not use"
        ));
    }
    let names = agreed(
        file,
        key,
        form_placeholders(en),
        form_placeholders(ar),
        faults,
    )?;
    (faults.len() == before).then(|| Text::Plural {
        en: forms(en),
        ar: forms(ar),
        names,
    })
}

fn agreed(
    file: &str,
    key: &str,
    en: Result<BTreeSet<String>, String>,
    ar: Result<BTreeSet<String>, String>,
    faults: &mut Vec<String>,
) -> Option<BTreeSet<String>> {
    match (en, ar) {
        (Ok(en), Ok(ar)) if en == ar => return Some(en),
        (Ok(en), Ok(ar)) => {
            faults.push(format!(
                "{file}: key `{key}` has placeholders {en:?} in en and {ar:?} in ar"
            ));
        }
        (Err(fault), _) => faults.push(format!("en/{file}: key `{key}`: {fault}")),
        (_, Err(fault)) => faults.push(format!("ar/{file}: key `{key}`: {fault}")),
    }
    None
}

fn is_plural(table: &Table) -> bool {
    table.contains_key("other")
        && table
            .iter()
            .all(|(key, value)| FORMS.contains(&key.as_str()) && value.is_str())
}

fn forms(table: &Table) -> Forms {
    FORMS
        .iter()
        .map(|form| table.get(*form).and_then(Value::as_str).map(str::to_owned))
        .collect()
}

/// What the forms name together; `count` is every plural's own argument.
fn form_placeholders(table: &Table) -> Result<BTreeSet<String>, String> {
    let mut names = BTreeSet::new();
    for text in table.values().filter_map(Value::as_str) {
        names.extend(placeholders(text)?);
    }
    names.remove("count");
    Ok(names)
}

/// Names between braces; `{{` and `}}` stand for a brace.
fn placeholders(text: &str) -> Result<BTreeSet<String>, String> {
    let mut names = BTreeSet::new();
    let text = text.replace("{{", "").replace("}}", "");
    let mut rest = text.as_str();
    while let Some(start) = rest.find('{') {
        let after = &rest[start + 1..];
        let end = after.find('}').ok_or("a brace is not closed")?;
        let name = &after[..end];
        if !is_name(name) || name == "l" {
            return Err(format!("`{{{name}}}` is not a placeholder name"));
        }
        names.insert(name.to_owned());
        rest = &after[end + 1..];
    }
    Ok(names)
}

fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}
