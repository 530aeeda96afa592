//! What is signed of an entry, and of its place in the chain.

use domain::when::Timestamp;
use serde_json::Value;
use uuid::Uuid;

use crate::seal::Seal;

/// All of an entry.
pub(super) struct Signed<'a> {
    pub id: Uuid,
    pub organization: Option<Uuid>,
    pub actor: Option<Uuid>,
    pub action: &'a str,
    pub subject_kind: &'a str,
    pub subject: &'a str,
    pub reason: &'a str,
    pub before: Option<&'a Value>,
    pub after: Option<&'a Value>,
    pub at: Timestamp,
}

/// HMAC over every part, each with its length in front, so that none can take over a piece of its neighbour.
pub(super) fn entry(seal: &Seal, entry: &Signed<'_>) -> [u8; 32] {
    let id = |id: Option<Uuid>| id.map(|id| id.to_string()).unwrap_or_default();
    let json = |value: Option<&Value>| value.map(canonical).unwrap_or_default();
    let parts = [
        "audit entry".to_owned(),
        entry.id.to_string(),
        id(entry.organization),
        id(entry.actor),
        entry.action.to_owned(),
        entry.subject_kind.to_owned(),
        entry.subject.to_owned(),
        entry.reason.to_owned(),
        json(entry.before),
        json(entry.after),
        entry.at.as_microsecond().to_string(),
    ];
    let mut message = Vec::new();
    for part in parts {
        message.extend(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        message.extend(part.as_bytes());
    }
    seal.mac(&message)
}

/// A link: the entry's signature behind the link before it.
pub(super) fn link(
    seal: &Seal,
    chain: Uuid,
    position: i64,
    before: &[u8],
    entry: &[u8],
) -> [u8; 32] {
    let message = [
        b"audit link".as_slice(),
        chain.as_bytes(),
        &position.to_be_bytes(),
        before,
        entry,
    ]
    .concat();
    seal.mac(&message)
}

/// How long a chain is.
pub(super) fn head(seal: &Seal, chain: Uuid, position: i64) -> [u8; 32] {
    let message = [
        b"audit head".as_slice(),
        chain.as_bytes(),
        &position.to_be_bytes(),
    ]
    .concat();
    seal.mac(&message)
}

/// The same text for the same facts, in whatever order the database keeps them.
fn canonical(value: &Value) -> String {
    match value {
        Value::Object(facts) => {
            let mut facts: Vec<_> = facts.iter().collect();
            facts.sort_unstable_by_key(|(name, _)| name.as_str());
            let facts: Vec<String> = facts
                .into_iter()
                .map(|(name, value)| format!("{}:{}", Value::from(name.as_str()), canonical(value)))
                .collect();
            format!("{{{}}}", facts.join(","))
        }
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(canonical).collect();
            format!("[{}]", items.join(","))
        }
        plain => plain.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_of_facts_does_not_matter() {
        let one: Value = serde_json::from_str(r#"{"b":[1,{"y":2,"x":null}],"a":"é\""}"#).unwrap();
        let two: Value = serde_json::from_str(r#"{"a":"é\"","b":[1,{"x":null,"y":2}]}"#).unwrap();
        assert_eq!(canonical(&one), canonical(&two));
        assert_eq!(canonical(&one), r#"{"a":"é\"","b":[1,{"x":null,"y":2}]}"#);
    }

    #[test]
    fn no_part_takes_a_piece_of_its_neighbour() {
        let seal = Seal::new([1; 32], [2; 32]);
        let of = |subject: &str, reason: &str| {
            let signed = Signed {
                id: Uuid::nil(),
                organization: None,
                actor: None,
                action: "x",
                subject_kind: "user",
                subject,
                reason,
                before: None,
                after: None,
                at: Timestamp::UNIX_EPOCH,
            };
            entry(&seal, &signed)
        };
        assert_ne!(of("ab", "c"), of("a", "bc"));
        assert_eq!(of("ab", "c"), of("ab", "c"));
    }
}
