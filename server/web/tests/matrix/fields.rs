//! Who sees which field: every field of every answer, as everybody, held against `fields.txt`. A field without a line there, or
//! with a value for somebody whose class does not have it, fails.

use serde_json::Value;

use super::*;

/// Who may see a field of an answer.
#[derive(Debug)]
enum Class {
    /// Everybody, or whoever knows the secret in the address.
    Public,
    /// A signed-in person, about themselves.
    Own,
    Member,
    Admin,
    With(Right),
}

impl Class {
    fn read(word: &str) -> Self {
        match word {
            "public" => Self::Public,
            "own" => Self::Own,
            "member" => Self::Member,
            "admin" => Self::Admin,
            code => {
                let right = Right::from_code(code);
                Self::With(right.unwrap_or_else(|| panic!("fields.txt: {code} is no class")))
            }
        }
    }

    fn has(&self, who: &Who) -> bool {
        let insider = |right: Option<Right>| match who {
            Who::Member(role) => right.is_none_or(|right| role.allows(right, true)),
            Who::Elsewhere(role) => right.is_none_or(|right| role.allows(right, false)),
            // As the owner does, without changing anything.
            Who::Looking => true,
            _ => false,
        };
        match self {
            Self::Public => true,
            Self::Own => !matches!(who, Who::Nobody | Who::Revoked),
            Self::Admin => *who == Who::Admin,
            Self::Member => insider(None),
            Self::With(right) => insider(Some(*right)),
        }
    }
}

/// Address and field, with who may see it.
fn classes() -> BTreeMap<(String, String), Class> {
    include_str!("fields.txt")
        .lines()
        .filter(|line| !line.starts_with('#') && !line.trim().is_empty())
        .map(|line| {
            let mut words = line.split_whitespace();
            let mut word = || words.next().unwrap_or_else(|| panic!("fields.txt: {line}"));
            let (path, field, class) = (word(), word(), word());
            ((path.to_owned(), field.to_owned()), Class::read(class))
        })
        .collect()
}

/// The names of everything that has a value: `rows[].buyer`. What is empty tells nothing.
fn fields(value: &Value, name: &str, found: &mut BTreeSet<String>) {
    match value {
        Value::Null => {}
        Value::Array(all) => {
            for one in all {
                fields(one, &format!("{name}[]"), found);
            }
        }
        Value::Object(all) => {
            for (key, one) in all {
                let dot = if name.is_empty() { "" } else { "." };
                fields(one, &format!("{name}{dot}{key}"), found);
            }
        }
        Value::String(text) if text.is_empty() => {}
        _ => {
            let name = if name.is_empty() { "." } else { name };
            found.insert(name.to_owned());
        }
    }
}

#[tokio::test]
async fn every_field_has_a_class_and_nobody_sees_one_of_another() {
    let house = House::open().await;
    let classes = classes();
    let (mut faults, mut seen) = (BTreeSet::new(), BTreeSet::new());
    let looks = |call: &Call| call.method == "GET" && !call.is_stream() && call.rule != "shell";
    for call in Call::all().iter().filter(|call| looks(call)) {
        for person in &house.people {
            let (status, body) = house.call(call, person, &house.things).await;
            let Ok(answer) = serde_json::from_str::<Value>(&body) else {
                continue;
            };
            // It describes fields, of programs' calls, and has none.
            if status != StatusCode::OK || call.path.ends_with("/openapi.json") {
                continue;
            }
            let mut found = BTreeSet::new();
            fields(&answer, "", &mut found);
            for field in found {
                let (path, who) = (call.path.clone(), &person.who);
                let key = (path, field);
                match classes.get(&key) {
                    None => {
                        faults.insert(format!("{} {} has no class", key.0, key.1));
                    }
                    Some(class) if !class.has(who) => {
                        faults.insert(format!("{} {}: {who:?} sees it", key.0, key.1));
                    }
                    Some(_) => {}
                }
                seen.insert(key);
            }
        }
    }
    for (path, field) in classes.keys() {
        if !seen.contains(&(path.clone(), field.clone())) {
            faults.insert(format!("{path} {field} is not there any more"));
        }
    }
    let faults: Vec<_> = faults.into_iter().collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(seen.len() > 300, "{} fields", seen.len());
}
