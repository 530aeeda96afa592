//! Everything about a person, for them to take away (GDPR, articles 15 and 20): one list for each table, with all its
//! columns that are theirs.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::{classes, proven};
use crate::{Services, Unexpected, db::Scope, permit, permit::Refused, session::Session};

/// Which rows are the person's: `$1` is their account, `$2` their proven address in small letters. In the order of the
/// file.
const ROWS: &[(&str, &str)] = &[
    ("users", "select to_jsonb(t) from users t where t.id = $1 and $2 = $2"),
    (
        "sessions",
        "select to_jsonb(t) from sessions t where t.user_id = $1 and $2 = $2 order by t.created_at",
    ),
    (
        "email_tokens",
        "select to_jsonb(t) from email_tokens t where t.user_id = $1 and $2 = $2 order by t.created_at",
    ),
    ("authenticators", "select to_jsonb(t) from authenticators t where t.user_id = $1 and $2 = $2"),
    ("recovery_codes", "select to_jsonb(t) from recovery_codes t where t.user_id = $1 and $2 = $2"),
    (
        "identities",
        "select to_jsonb(t) from identities t where t.user_id = $1 and $2 = $2 order by t.created_at",
    ),
    (
        "passkeys",
        "select to_jsonb(t) from passkeys t where t.user_id = $1 and $2 = $2 order by t.created_at",
    ),
    ("memberships", "select to_jsonb(t) from memberships t where t.user_id = $1 and $2 = $2"),
    (
        "ownership_offers",
        "select to_jsonb(t) from ownership_offers t where $1 in (t.offered_by, t.offered_to) and $2 = $2",
    ),
    (
        "invitations",
        "select to_jsonb(t) from invitations t where $1 = $1 and lower(t.email) = $2 order by t.created_at",
    ),
    (
        "orders",
        "select to_jsonb(t) from orders t where $1 = $1 and t.buyer_key = $2 order by t.created_at",
    ),
    (
        "kept_orders",
        "select to_jsonb(t) from kept_orders t where t.user_id = $1 and $2 = $2 order by t.kept_at",
    ),
    (
        "order_lines",
        "select to_jsonb(t) from order_lines t join orders o on o.id = t.order_id where $1 = $1 and o.buyer_key = $2",
    ),
    (
        "attendees",
        "select to_jsonb(t) from attendees t
         join order_lines l on l.id = t.order_line_id join orders o on o.id = l.order_id
         where $1 = $1 and (o.buyer_key = $2 or lower(t.email) = $2 and $2 <> '')",
    ),
    (
        "tickets",
        "select to_jsonb(t) from tickets t join orders o on o.id = t.order_id
         where $1 = $1 and (o.buyer_key = $2 and t.passed_on = 0 or lower(t.holder_email) = $2 and $2 <> '') order by t.issued_at",
    ),
    (
        "handovers",
        "select to_jsonb(t) from handovers t where $1 = $1 and lower(t.recipient_email) = $2 and $2 <> '' order by t.created_at",
    ),
    (
        "payments",
        "select to_jsonb(t) from payments t join orders o on o.id = t.order_id where $1 = $1 and o.buyer_key = $2",
    ),
    (
        "refunds",
        "select to_jsonb(t) from refunds t join orders o on o.id = t.order_id where $1 = $1 and o.buyer_key = $2",
    ),
    (
        "exchanges",
        "select to_jsonb(t) from exchanges t join orders o on o.id = t.order_id where $1 = $1 and o.buyer_key = $2",
    ),
    (
        "refund_run_orders",
        "select to_jsonb(t) from refund_run_orders t join orders o on o.id = t.order_id where $1 = $1 and o.buyer_key = $2",
    ),
    (
        "approvals",
        "select to_jsonb(t) from approvals t join orders o on o.id = t.order_id where $1 = $1 and o.buyer_key = $2",
    ),
    (
        "give_back_answers",
        "select to_jsonb(t) from give_back_answers t join orders o on o.id = t.order_id where $1 = $1 and o.buyer_key = $2",
    ),
    (
        "invoices",
        "select to_jsonb(t) from invoices t join orders o on o.id = t.order_id
         where $1 = $1 and o.buyer_key = $2 order by t.issued_at, t.id",
    ),
    (
        "disputes",
        "select to_jsonb(t) from disputes t join orders o on o.id = t.order_id
         where $1 = $1 and o.buyer_key = $2 order by t.opened_at, t.id",
    ),
    (
        "dispute_evidence",
        "select to_jsonb(t) from dispute_evidence t
         join disputes d on d.id = t.dispute_id join orders o on o.id = d.order_id
         where $1 = $1 and o.buyer_key = $2 order by t.dispute_id, t.part",
    ),
    (
        "check_ins",
        "select to_jsonb(t) from check_ins t
         join tickets k on k.id = t.ticket_id join orders o on o.id = k.order_id
         where $1 = $1 and (o.buyer_key = $2 and k.passed_on = 0 or lower(k.holder_email) = $2 and $2 <> '') order by t.scanned_at",
    ),
    (
        "mails",
        "select to_jsonb(t) from mails t where $1 = $1 and lower(t.recipient) = $2 order by t.created_at",
    ),
    (
        "audit_entries",
        "select to_jsonb(t) from audit_entries t where t.actor_id = $1 and $2 = $2 order by t.occurred_at, t.id",
    ),
];

/// Everything as one JSON document, by table. Needs a fresh proof, so that a borrowed browser cannot take it.
#[tracing::instrument(skip_all)]
pub async fn export_account(sv: &Services, session: &Session) -> Result<Value, Refused> {
    permit::fresh(sv, session)?;
    let mut tables = Map::new();
    let mut tx = sv.db.begin(Scope::System).await?;
    for (table, rows) in ROWS {
        let rows: Vec<Value> = sqlx::query_scalar::<_, Value>(*rows)
            .bind::<Uuid>(session.user.get())
            .bind(proven(session))
            .fetch_all(&mut *tx)
            .await
            .map_err(Unexpected::from)?;
        let columns = columns_given(table);
        let rows = rows.into_iter().map(|row| given(&columns, row)).collect();
        tables.insert((*table).to_owned(), Value::Array(rows));
    }
    tx.commit().await?;
    Ok(json!({
        "about": "Everything that Bilten keeps about you, by table of its database. Times are in UTC, amounts in the smallest unit of their currency.",
        "made_at": sv.now().to_string(),
        "tables": tables,
    }))
}

/// The columns of a table that the person gets.
fn columns_given(table: &str) -> BTreeSet<&'static str> {
    classes()
        .filter(|(name, _, class)| *name == table && class.is_given())
        .map(|(_, column, _)| column)
        .collect()
}

/// These columns of a row.
fn given(columns: &BTreeSet<&str>, row: Value) -> Value {
    let Value::Object(row) = row else {
        return Value::Null;
    };
    let mine = row
        .into_iter()
        .filter(|(column, _)| columns.contains(column.as_str()));
    Value::Object(mine.collect())
}
