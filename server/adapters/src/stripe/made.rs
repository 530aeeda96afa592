//! Disputes and refunds that were made lately, as Stripe lists them: the same objects that its messages bring.
//! <https://docs.stripe.com/api/disputes/list>, <https://docs.stripe.com/api/refunds/list>

use domain::when::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use services::ports::ProviderTold;

use super::{
    book::get,
    dispute, event,
    http::{Fault, Http},
};

/// Stripe gives a hundred at once.
const PAGE: u32 = 100;
/// More pages than the refunds of the largest event in an hour.
const MOST_PAGES: usize = 200;

#[derive(Serialize)]
struct Ask<'a> {
    limit: u32,
    created: Since,
    #[serde(skip_serializing_if = "Option::is_none")]
    starting_after: Option<&'a str>,
}

#[derive(Serialize)]
struct Since {
    gte: i64,
}

#[derive(Deserialize)]
struct List {
    data: Vec<Value>,
    has_more: bool,
}

pub(super) async fn since(http: &Http, since: Timestamp) -> Result<Vec<ProviderTold>, Fault> {
    let mut told = Vec::new();
    // What cannot be read is none of ours, as in messages.
    for one in all(http, "/disputes", since).await? {
        let read = serde_json::from_value(one).ok().and_then(dispute::known);
        told.extend(read.map(|known| ProviderTold::Dispute { known }));
    }
    for one in all(http, "/refunds", since).await? {
        let read = serde_json::from_value(one).ok();
        told.extend(read.and_then(event::returned));
    }
    Ok(told)
}

async fn all(http: &Http, path: &str, since: Timestamp) -> Result<Vec<Value>, Fault> {
    let mut all: Vec<Value> = Vec::new();
    for _ in 0..MOST_PAGES {
        let after = all.last().and_then(|last| last["id"].as_str());
        let ask = Ask {
            limit: PAGE,
            created: Since {
                gte: since.as_second(),
            },
            starting_after: after,
        };
        let list: List = get(http, path, Some(&ask)).await?;
        all.extend(list.data);
        if !list.has_more {
            break;
        }
    }
    Ok(all)
}
