//! Makes an offer, in the transaction that postpones or moves the event.

use domain::{
    ids::{EventId, GiveBackOfferId, OrganizationId, UserId},
    when::Timestamp,
};

use crate::{
    Services, Unexpected,
    db::Tx,
    outbox::{self, Announcement},
    rows::at,
};

pub(crate) struct NewOffer {
    pub event: EventId,
    /// There is a new date.
    pub moved: bool,
    pub until: Timestamp,
    pub by: Option<UserId>,
}

/// It takes the place of one that is still open. Every buyer gets a mail with a link.
pub(crate) async fn make_offer(
    sv: &Services,
    tx: &mut Tx,
    organization: OrganizationId,
    new: &NewOffer,
) -> Result<GiveBackOfferId, Unexpected> {
    end_offer(sv, tx, organization, new.event).await?;
    let id = GiveBackOfferId::new(sv.new_id());
    sqlx::query!(
        r#"
        insert into give_back_offers (id, organization_id, event_id, moved, until, made_by, created_at)
        values ($1, $2, $3, $4, $5, $6, $7)
        "#,
        id.get(),
        organization.get(),
        new.event.get(),
        new.moved,
        at(new.until) as _,
        new.by.map(UserId::get),
        at(sv.now()) as _
    )
    .execute(&mut **tx)
    .await?;
    let said = Announcement::GiveBackOffered {
        event: new.event.get(),
        offer: id.get(),
    };
    outbox::append(sv, tx, organization, &said).await?;
    Ok(id)
}

/// Nobody can give tickets back any more by it: what comes now decides.
pub(crate) async fn end_offer(
    sv: &Services,
    tx: &mut Tx,
    organization: OrganizationId,
    event: EventId,
) -> Result<(), Unexpected> {
    sqlx::query!(
        "update give_back_offers set ended_at = $3 where organization_id = $1 and event_id = $2 and ended_at is null",
        organization.get(),
        event.get(),
        at(sv.now()) as _
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
