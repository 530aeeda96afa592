//! What may stand in a call instead of a thing: things of another house, of another kind, that are not there, and nonsense.

use std::collections::BTreeSet;

use crate::{Call, Things, Who, nowhere};

/// Says only to which page to go back; what is changed is named beside it.
const WAY_BACK: [(&str, &str); 1] = [("/retry_refund", "code")];

/// One call with something put in place of what it names.
pub struct Substitute {
    /// In words.
    pub what: String,
    pub things: Things,
    /// The same with what is not there, if the answer must be the same.
    pub like: Option<Things>,
}

impl Substitute {
    /// Whether all of it belongs to this person.
    pub fn is_of(&self, who: &Who, call: &Call, foreign: &Things) -> bool {
        let theirs = |name: &&str| self.things[name] == foreign[name];
        match who {
            // By another spelling, too.
            Who::Stranger => self.like.is_none() || names(call, foreign).iter().all(theirs),
            Who::Admin => call.rule == "admin",
            _ => false,
        }
    }
}

/// The things that a call names.
fn names(call: &Call, things: &Things) -> Vec<&'static str> {
    let named = |name: &&&'static str| {
        let hole = format!("{{{name}}}");
        call.template().contains(&hole) || call.arguments.iter().any(|(_, value)| *value == hole)
    };
    let is_way_back = |name: &&&str| {
        WAY_BACK
            .iter()
            .any(|(end, of)| call.path.ends_with(end) && *of == **name)
    };
    things
        .keys()
        .filter(named)
        .filter(|name| !is_way_back(name))
        .copied()
        .collect()
}

/// Each thing by itself and all of them together. With `every`, not only by what is of the same kind.
pub fn all(call: &Call, own: &Things, foreign: &Things, every: bool) -> Vec<Substitute> {
    let names = names(call, own);
    let nowhere = nowhere(own);
    let mut all = Vec::new();
    let mut put = |names: &[&'static str], value: &dyn Fn(&str) -> String, exists: bool| {
        let mut things = own.clone();
        let mut like = own.clone();
        for name in names {
            things.insert(name, value(name));
            like.insert(name, nowhere[name].clone());
        }
        if things != *own {
            let what = format!("{names:?} {:?}", value(names[0]));
            let like = exists.then_some(like);
            all.push(Substitute { what, things, like });
        }
    };
    for name in &names {
        put(&[name], &|name| foreign[name].clone(), true);
        if every {
            for value in of_other_kinds(name, own, foreign) {
                put(&[name], &|_| value.clone(), true);
            }
            for value in nonsense(&foreign[name]) {
                put(&[name], &|_| value.clone(), false);
            }
        }
    }
    if names.len() > 1 {
        put(&names, &|name| foreign[name].clone(), true);
        for name in names.iter().filter(|_| every) {
            // All but one are of the other house.
            let others: Vec<_> = names
                .iter()
                .filter(|other| *other != name)
                .copied()
                .collect();
            put(&others, &|name| foreign[name].clone(), true);
        }
    }
    all
}

/// The same things, but for those that are ours: in their place is what is not there.
pub fn without(things: &Things, own: &Things) -> Things {
    let nowhere = nowhere(own);
    let kept = |name: &str, value: &str| {
        if own[name] == value {
            nowhere[name].clone()
        } else {
            value.to_owned()
        }
    };
    things
        .iter()
        .map(|(name, value)| (*name, kept(name, value)))
        .collect()
}

/// Well-formed, and nothing of the kind that is meant.
fn of_other_kinds(name: &str, own: &Things, foreign: &Things) -> BTreeSet<String> {
    let like = shape(name);
    let mut values: BTreeSet<String> = own
        .iter()
        .chain(foreign)
        .filter(|(other, value)| shape(other) == like && **value != own[name])
        .map(|(_, value)| value.clone())
        .collect();
    let absent: &[&str] = match like {
        Shape::Slug => &["x", "no-such-thing", "admin", "new", "organize", "0"],
        Shape::Code => &["AAAAAAAA", "ZZZZZZZZ", "22222222"],
        Shape::Id => &[
            "00000000-0000-0000-0000-000000000000",
            "ffffffff-ffff-ffff-ffff-ffffffffffff",
            "00000000-0000-0000-0000-000000000001",
            "01890000-0000-7000-8000-000000000000",
            "01890000-0000-7fff-bfff-ffffffffffff",
            "6ba7b810-9dad-11d1-80b4-00c04fd430c8",
            "f47ac10b-58cc-4372-a567-0e02b2c3d479",
        ],
    };
    values.extend(absent.iter().map(|value| (*value).to_owned()));
    values
}

/// Malformed, or another spelling of what there is.
fn nonsense(real: &str) -> Vec<String> {
    let mut values: Vec<String> = [
        " ",
        "..",
        "../../etc/passwd",
        "' or 1=1 --",
        "\"",
        "%00",
        "\0",
        "1",
        "-1",
        "null",
        "{}",
        "<script>",
        "*",
        "%",
        "é",
        "\u{202e}",
        "18446744073709551616",
        "0x1",
        "true",
        "[]",
        "$1",
        "\r\n",
    ]
    .map(str::to_owned)
    .to_vec();
    values.extend([
        "a".repeat(5000),
        real.to_uppercase(),
        real.replace('-', ""),
        format!("{{{real}}}"),
        format!("urn:uuid:{real}"),
        format!(" {real}"),
        format!("{real}\n"),
        format!("{real}\0"),
        format!("{real},{real}"),
        format!("x/../{real}"),
        format!("{real}/"),
        // Letters of another alphabet that look the same.
        real.replace('a', "а").replace('e', "е"),
    ]);
    values
}

#[derive(PartialEq, Eq)]
enum Shape {
    Slug,
    Code,
    Id,
}

fn shape(name: &str) -> Shape {
    match name {
        "org" | "event" => Shape::Slug,
        "code" => Shape::Code,
        _ => Shape::Id,
    }
}
