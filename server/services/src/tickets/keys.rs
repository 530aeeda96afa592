//! The keys that sign an organization's tickets. One is current; retired ones stay in the ring, so that tickets signed
//! with them still open doors. Private halves are sealed with the installation's master key.

use domain::{
    ids::{EventId, OrganizationId, TicketId},
    tickets::{Claims, KeyRing, PublicKey, SigningKey, TicketCode, sign},
    when::ValidityWindow,
};

use crate::{Services, Unexpected, db::Tx, reseal, rows::at};

/// The current key, ready to sign.
pub struct Signer {
    key_id: i32,
    number: u32,
    key: SigningKey,
}

impl Signer {
    /// The key's id in the database.
    pub fn key_id(&self) -> i32 {
        self.key_id
    }

    /// The code of one ticket.
    pub fn code(
        &self,
        ticket: TicketId,
        event: EventId,
        type_number: u16,
        valid: ValidityWindow,
    ) -> TicketCode {
        sign(
            &Claims::new(
                self.number,
                ticket,
                event,
                type_number,
                (valid.from, valid.until),
            ),
            &self.key,
        )
    }
}

/// The organization's current key; makes the first one when there is none.
pub async fn ensure(
    sv: &Services,
    tx: &mut Tx,
    organization: OrganizationId,
) -> Result<Signer, Unexpected> {
    if let Some(signer) = current(sv, tx, organization).await? {
        return Ok(signer);
    }
    make(sv, tx, organization).await?;
    // Another transaction may have been faster; whichever key is there now is the one.
    current(sv, tx, organization)
        .await?
        .ok_or_else(|| Unexpected::new("signing key", "none after making one"))
}

/// Retires the current key and makes a new one. Tickets out there stay good.
pub async fn rotate(
    sv: &Services,
    tx: &mut Tx,
    organization: OrganizationId,
) -> Result<Signer, Unexpected> {
    sqlx::query!(
        "update signing_keys set retired_at = $2 where organization_id = $1 and retired_at is null",
        organization.get(),
        at(sv.now()) as _
    )
    .execute(&mut **tx)
    .await?;
    ensure(sv, tx, organization).await
}

/// All public keys, current and retired.
pub async fn public_ring(tx: &mut Tx, organization: OrganizationId) -> Result<KeyRing, Unexpected> {
    let rows = sqlx::query!(
        "select key_id, public_key from signing_keys where organization_id = $1 order by key_id",
        organization.get()
    )
    .fetch_all(&mut **tx)
    .await?;
    let keys = rows.into_iter().map(|row| {
        let key_id = u32::try_from(row.key_id)
            .map_err(|e| Unexpected::bad_row("signing_keys", row.key_id, e))?;
        let key = <[u8; 32]>::try_from(row.public_key)
            .map_err(|_| Unexpected::bad_row("signing_keys", row.key_id, "not 32 bytes"))?;
        Ok(PublicKey { key_id, key })
    });
    Ok(KeyRing::new(keys.collect::<Result<_, Unexpected>>()?))
}

async fn current(
    sv: &Services,
    tx: &mut Tx,
    organization: OrganizationId,
) -> Result<Option<Signer>, Unexpected> {
    let Some(row) = sqlx::query!(
        r#"
        select key_id, public_key, private_key_sealed from signing_keys
        where organization_id = $1 and retired_at is null
        "#,
        organization.get()
    )
    .fetch_optional(&mut **tx)
    .await?
    else {
        return Ok(None);
    };
    let private = sv.seal.open(
        &place(organization, &row.public_key),
        &row.private_key_sealed,
    )?;
    let private = <[u8; 32]>::try_from(private)
        .map_err(|_| Unexpected::bad_row("signing_keys", row.key_id, "not 32 bytes"))?;
    let number = u32::try_from(row.key_id)
        .map_err(|e| Unexpected::bad_row("signing_keys", row.key_id, e))?;
    Ok(Some(Signer {
        key_id: row.key_id,
        number,
        key: SigningKey::from_bytes(&private),
    }))
}

async fn make(sv: &Services, tx: &mut Tx, organization: OrganizationId) -> Result<(), Unexpected> {
    let mut private = [0; 32];
    sv.entropy.fill(&mut private);
    let public = SigningKey::from_bytes(&private).verifying_key().to_bytes();
    let sealed = sv
        .seal
        .seal(&*sv.entropy, &place(organization, &public), &private)?;
    sqlx::query!(
        r#"
        insert into signing_keys (organization_id, public_key, private_key_sealed, created_at)
        values ($1, $2, $3, $4)
        on conflict (organization_id) where retired_at is null do nothing
        "#,
        organization.get(),
        public.as_slice(),
        sealed,
        at(sv.now()) as _
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Seals private keys anew that are under an earlier key; how many.
pub(crate) async fn reseal_keys(sv: &Services, tx: &mut Tx) -> Result<u64, Unexpected> {
    let rows = sqlx::query!(
        "select key_id, organization_id, public_key, private_key_sealed from signing_keys for update"
    )
    .fetch_all(&mut **tx)
    .await?;
    let rows = rows.into_iter().map(|row| {
        let place = place(OrganizationId::new(row.organization_id), &row.public_key);
        (row.key_id, place, row.private_key_sealed)
    });
    let (ids, sealed) = reseal::renewed(sv, rows)?;
    let done = sqlx::query!(
        r#"
        update signing_keys k set private_key_sealed = n.sealed
        from unnest($1::integer[], $2::bytea[]) as n (id, sealed)
        where k.key_id = n.id
        "#,
        &ids,
        &sealed
    )
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected())
}

/// What the sealed key belongs to: moved to another row, it does not open.
fn place(organization: OrganizationId, public: &[u8]) -> String {
    format!(
        "signing_keys|{organization}|{}",
        crate::seal::base32(public)
    )
}
