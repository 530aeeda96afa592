//! Stripe's form encoding: `a[b][0][c]=x` and `a[]=x` become nested objects and lists of texts.

use serde_json::{Map, Value};

/// Reads a query or a body.
pub fn parse(encoded: &[u8]) -> Value {
    let mut root = Value::Object(Map::new());
    for (key, value) in form_urlencoded::parse(encoded) {
        put(&mut root, &segments(&key), value.into_owned());
    }
    lists(root)
}

fn segments(key: &str) -> Vec<String> {
    let Some((head, rest)) = key.split_once('[') else {
        return vec![key.to_owned()];
    };
    let mut all = vec![head.to_owned()];
    all.extend(rest.trim_end_matches(']').split("][").map(str::to_owned));
    all
}

fn put(node: &mut Value, path: &[String], value: String) {
    let Some((first, rest)) = path.split_first() else {
        *node = Value::String(value);
        return;
    };
    if !node.is_object() {
        *node = Value::Object(Map::new());
    }
    let Some(map) = node.as_object_mut() else {
        return;
    };
    // `a[]=x` counts on by itself.
    let key = if first.is_empty() {
        map.len().to_string()
    } else {
        first.clone()
    };
    put(map.entry(key).or_insert(Value::Null), rest, value);
}

/// Objects whose keys are all whole numbers are lists, in the order of those numbers.
fn lists(value: Value) -> Value {
    let Value::Object(map) = value else {
        return value;
    };
    let numbers: Option<Vec<usize>> = map.keys().map(|key| key.parse().ok()).collect();
    match numbers {
        Some(numbers) if !numbers.is_empty() => {
            let mut items: Vec<(usize, Value)> = numbers
                .into_iter()
                .zip(map.into_iter().map(|(_, value)| lists(value)))
                .collect();
            items.sort_by_key(|(number, _)| *number);
            Value::Array(items.into_iter().map(|(_, value)| value).collect())
        }
        _ => Value::Object(
            map.into_iter()
                .map(|(key, value)| (key, lists(value)))
                .collect(),
        ),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::parse;

    #[test]
    fn brackets_become_objects_and_lists() {
        assert_eq!(
            parse(b"amount=5&line_items[0][price_data][unit_amount]=7&line_items[1][quantity]=2&expand[]=a&expand[]=b&metadata%5Bk%5D=v+w"),
            json!({
                "amount": "5",
                "line_items": [{ "price_data": { "unit_amount": "7" } }, { "quantity": "2" }],
                "expand": ["a", "b"],
                "metadata": { "k": "v w" },
            })
        );
    }

    #[test]
    fn ten_and_more_items_keep_their_order() {
        let encoded: Vec<String> = (0..12).map(|n| format!("a[{n}]={n}")).collect();
        let list = parse(encoded.join("&").as_bytes());
        assert_eq!(list["a"][10], "10");
        assert_eq!(list["a"][2], "2");
    }
}
