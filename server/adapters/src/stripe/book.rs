//! Stripe's own book: its balance transactions. Of each only what is needed is read, so that a kind that Stripe invents
//! tomorrow is a line like any other. <https://docs.stripe.com/reports/balance-transaction-types>

use domain::{books::LineKind, money::Money, when::Timestamp};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;
use services::ports::{BookLine, BookPage};
use stripe_client_core::{RequestBuilder, StripeMethod};

use super::{
    amount,
    http::{Fault, Http},
};

/// Stripe gives a hundred at once; with all that a charge holds they might be larger than any answer we read.
const PAGE: u32 = 50;

#[derive(Serialize)]
struct Ask<'a> {
    limit: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    created: Option<Since>,
    #[serde(skip_serializing_if = "Option::is_none")]
    starting_after: Option<&'a str>,
    expand: [&'static str; 1],
}

#[derive(Serialize)]
struct Since {
    gte: i64,
}

#[derive(Deserialize)]
struct List {
    data: Vec<Line>,
    has_more: bool,
}

#[derive(Deserialize)]
struct Line {
    id: String,
    amount: i64,
    fee: i64,
    currency: String,
    created: i64,
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    reporting_category: String,
    source: Option<Source>,
}

/// What a line comes from: its name, or all of it.
#[derive(Deserialize)]
#[serde(untagged)]
enum Source {
    Name(String),
    Whole {
        id: String,
        payment_intent: Option<String>,
        amount: Option<i64>,
        currency: Option<String>,
        #[serde(flatten)]
        parents: Parents,
    },
}

/// What it belongs to in turn, for transfers, fees, and what was taken or given back of them. Other objects have fields of these
/// names too, with something else in them.
#[derive(Deserialize)]
struct Parents {
    source_transaction: Option<Value>,
    originating_transaction: Option<Value>,
    transfer: Option<Value>,
    fee: Option<Value>,
}

impl Parents {
    fn one(self) -> Option<String> {
        [
            self.source_transaction,
            self.originating_transaction,
            self.transfer,
            self.fee,
        ]
        .into_iter()
        .flatten()
        .find_map(|parent| parent.as_str().map(str::to_owned))
    }
}

/// One page, the newest first.
pub(super) async fn page(
    http: &Http,
    from: Option<Timestamp>,
    after: Option<&str>,
) -> Result<BookPage, Fault> {
    let ask = Ask {
        limit: PAGE,
        created: from.map(|from| Since {
            gte: from.as_second(),
        }),
        starting_after: after,
        expand: ["data.source"],
    };
    let list: List = get(http, "/balance_transactions", Some(&ask)).await?;
    let lines = list.data.into_iter().map(read);
    Ok(BookPage {
        lines: lines.collect::<Result<_, _>>()?,
        more: list.has_more,
    })
}

#[derive(Deserialize)]
struct Balance {
    available: Vec<Part>,
    pending: Vec<Part>,
    #[serde(default)]
    connect_reserved: Vec<Part>,
}

#[derive(Deserialize)]
struct Part {
    amount: i64,
    currency: String,
}

/// What lies there, one amount for each currency that Bilten knows.
pub(super) async fn balance(http: &Http) -> Result<Vec<Money>, Fault> {
    let found: Balance = get(http, "/balance", None::<&()>).await?;
    let parts = [found.available, found.pending, found.connect_reserved];
    let mut all: Vec<Money> = Vec::new();
    for part in parts.into_iter().flatten() {
        let Some(money) = amount::from_stripe(part.amount, &part.currency) else {
            continue;
        };
        match all.iter_mut().find(|one| one.currency == money.currency) {
            Some(one) => {
                *one = one
                    .checked_add(money)
                    .map_err(|_| Fault::refused("an amount that is too large"))?;
            }
            None => all.push(money),
        }
    }
    Ok(all)
}

pub(super) async fn get<T: DeserializeOwned>(
    http: &Http,
    path: &str,
    query: Option<&impl Serialize>,
) -> Result<T, Fault> {
    let mut request = RequestBuilder::new(StripeMethod::Get, path);
    if let Some(query) = query {
        request = request.query(query);
    }
    let bytes = http.send(request, None).await?;
    serde_json::from_slice(&bytes)
        .map_err(|e| Fault::Unknown(format!("an answer that is not understood: {e}")))
}

fn read(line: Line) -> Result<BookLine, Fault> {
    let of = |minor: i64, currency: &str| {
        amount::from_stripe(minor, currency)
            .ok_or_else(|| Fault::refused(format!("the line {} is in {currency}", line.id)))
    };
    let (taken, fee) = (
        of(line.amount, &line.currency)?,
        of(line.fee, &line.currency)?,
    );
    let kind = kind(&line.kind, &line.reporting_category);
    let (source, parent, charge_ref, original) = match line.source {
        None => (None, None, None, None),
        Some(Source::Name(name)) => (Some(name), None, None, None),
        Some(Source::Whole {
            id,
            payment_intent,
            amount,
            currency,
            parents,
        }) => {
            // Objects tell sizes, lines directions.
            let original = match (amount, currency) {
                (Some(size), Some(currency)) if currency != line.currency => {
                    Some(of(size * line.amount.signum(), &currency)?)
                }
                _ => None,
            };
            let parent = parents.one().filter(|_| kind == LineKind::Straight);
            (Some(id), parent, payment_intent, original)
        }
    };
    Ok(BookLine {
        reference: line.id.clone(),
        kind,
        name: format!("{} {}", line.kind, line.reporting_category)
            .trim()
            .to_owned(),
        amount: taken,
        fee,
        original,
        source,
        parent,
        charge_ref,
        at: Timestamp::from_second(line.created)
            .map_err(|e| Fault::Unknown(format!("a time that is none: {e}")))?,
    })
}

fn kind(name: &str, category: &str) -> LineKind {
    match (name, category) {
        ("charge" | "payment", _) => LineKind::Charge,
        ("refund" | "payment_refund", _) => LineKind::Refund,
        ("payment_failure_refund" | "payment_reversal", _) => LineKind::ChargeFailed,
        ("refund_failure", _) => LineKind::RefundBack,
        ("adjustment", "dispute") => LineKind::Dispute,
        ("adjustment", "dispute_reversal") => LineKind::DisputeBack,
        ("stripe_fee" | "stripe_fx_fee" | "tax_fee", _) | ("adjustment", "fee") => LineKind::Fee,
        ("payout", _) => LineKind::Payout,
        ("payout_cancel" | "payout_failure" | "topup", _) => LineKind::PayoutBack,
        (
            "transfer"
            | "transfer_cancel"
            | "transfer_failure"
            | "transfer_refund"
            | "application_fee"
            | "application_fee_refund"
            | "connect_collection_transfer",
            _,
        ) => LineKind::Straight,
        _ => LineKind::Other,
    }
}

#[cfg(test)]
mod tests {
    use domain::money::Currency;

    use super::*;

    fn line(json: &str) -> BookLine {
        read(serde_json::from_str(json).unwrap()).unwrap()
    }

    #[test]
    fn a_charge_names_its_payment_and_its_fee() {
        let read = line(
            r#"{"id":"txn_1","amount":5600,"fee":109,"net":5491,"currency":"eur","created":1700000000,"type":"charge",
                "reporting_category":"charge","status":"pending","source":{"id":"ch_1","object":"charge","amount":5600,
                "currency":"eur","payment_intent":"pi_1","metadata":{}}}"#,
        );
        assert_eq!(
            (read.kind, read.amount.minor, read.fee.minor),
            (LineKind::Charge, 5_600, 109)
        );
        assert_eq!(read.charge_ref.as_deref(), Some("pi_1"));
        assert_eq!(
            (read.source.as_deref(), read.original),
            (Some("ch_1"), None)
        );
    }

    #[test]
    fn what_was_changed_into_another_currency_keeps_the_buyers_amount() {
        let read = line(
            r#"{"id":"txn_2","amount":-918,"fee":0,"currency":"eur","created":1700000000,"type":"refund",
                "source":{"id":"re_1","amount":1000,"currency":"usd","payment_intent":"pi_2"}}"#,
        );
        assert_eq!(read.original, Some(Money::new(-1_000, Currency::USD)));
    }

    #[test]
    fn what_went_straight_on_names_what_it_belongs_to() {
        for (kind, source, parent) in [
            (
                "transfer",
                r#"{"id":"tr_1","source_transaction":"ch_1"}"#,
                "ch_1",
            ),
            (
                "application_fee",
                r#"{"id":"fee_1","charge":"py_1","originating_transaction":"ch_1"}"#,
                "ch_1",
            ),
            (
                "transfer_refund",
                r#"{"id":"trr_1","transfer":"tr_1"}"#,
                "tr_1",
            ),
            (
                "application_fee_refund",
                r#"{"id":"fr_1","fee":"fee_1"}"#,
                "fee_1",
            ),
        ] {
            let read = line(&format!(
                r#"{{"id":"txn_4","amount":5,"fee":0,"currency":"eur","created":1700000000,"type":"{kind}","source":{source}}}"#
            ));
            assert_eq!(
                (read.kind, read.parent.as_deref()),
                (LineKind::Straight, Some(parent))
            );
        }
        let charge = line(
            r#"{"id":"txn_5","amount":5,"fee":0,"currency":"eur","created":1700000000,"type":"charge",
                "source":{"id":"ch_1","payment_intent":"pi_1","transfer":"tr_1"}}"#,
        );
        assert_eq!(
            (charge.parent, charge.charge_ref.as_deref()),
            (None, Some("pi_1"))
        );
    }

    #[test]
    fn what_nobody_knows_is_a_line_too() {
        let read = line(
            r#"{"id":"txn_3","amount":-5,"fee":0,"currency":"eur","created":1700000000,"type":"climate_order",
                "reporting_category":"x","source":null}"#,
        );
        assert_eq!(
            (read.kind, read.name.as_str()),
            (LineKind::Other, "climate_order x")
        );
    }
}
