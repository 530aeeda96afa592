//! Puts a mail into the queue, within the transaction it tells of.

use domain::ids::OrderId;

use super::{MailKind, NewMail, queries};
use crate::{Services, Unexpected, db::Tx};

/// Queues a mail; a second one with the same key changes nothing.
pub async fn enqueue(sv: &Services, tx: &mut Tx, mail: NewMail) -> Result<(), Unexpected> {
    let payload =
        serde_json::to_value(&mail.kind).map_err(|e| Unexpected::new("mail payload", e))?;
    queries::insert(tx, sv.new_id(), &mail, payload, sv.now()).await
}

/// Queues a mail about an order to its buyer, in the buyer's language.
pub async fn enqueue_for_order(
    sv: &Services,
    tx: &mut Tx,
    order: OrderId,
    kind: MailKind,
    dedupe_key: String,
) -> Result<(), Unexpected> {
    let Some(to) = queries::addressee(tx, order).await? else {
        return Ok(());
    };
    let mail = NewMail {
        kind,
        dedupe_key,
        recipient: to.email,
        locale: to.locale,
        organization: Some(to.organization),
        order: Some(order),
    };
    enqueue(sv, tx, mail).await
}
