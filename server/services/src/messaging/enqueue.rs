//! Puts mails into the queue, within the transaction they tell of.

use domain::{ids::OrderId, when::Timestamp};

use super::{MailKind, NewMail, queries};
use crate::{Services, Unexpected, db::Tx};

/// A mail about an order, to its buyer, in the buyer's language.
#[derive(Debug)]
pub(crate) struct OrderMail {
    pub order: OrderId,
    pub kind: MailKind,
    pub dedupe_key: String,
}

/// Queues a mail; a second one with the same key changes nothing.
pub async fn enqueue(sv: &Services, tx: &mut Tx, mail: NewMail) -> Result<(), Unexpected> {
    queries::insert(tx, sv.new_id(), &mail, payload(&mail.kind)?, sv.now()).await
}

/// The same, to be sent not before `at`.
pub(crate) async fn enqueue_for(
    sv: &Services,
    tx: &mut Tx,
    mail: NewMail,
    at: Timestamp,
) -> Result<(), Unexpected> {
    queries::insert(tx, sv.new_id(), &mail, payload(&mail.kind)?, at).await
}

/// Queues mails about orders, in one statement. Orders that are gone get none.
pub(crate) async fn enqueue_for_orders(
    sv: &Services,
    tx: &mut Tx,
    mails: &[OrderMail],
) -> Result<(), Unexpected> {
    if mails.is_empty() {
        return Ok(());
    }
    let ids = mails.iter().map(|_| sv.new_id()).collect();
    let payloads = mails
        .iter()
        .map(|mail| payload(&mail.kind))
        .collect::<Result<_, _>>()?;
    queries::insert_for_orders(tx, ids, mails, payloads, sv.now()).await
}

fn payload(kind: &MailKind) -> Result<serde_json::Value, Unexpected> {
    serde_json::to_value(kind).map_err(|e| Unexpected::new("mail payload", e))
}
