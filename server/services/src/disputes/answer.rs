//! The organizer answers a dispute with evidence, for good.

use domain::{
    disputes::EvidencePart,
    ids::DisputeId,
    text::{FieldErrors, block},
};

use super::{rows, show};
use crate::{
    Services, Unexpected, audit,
    db::Tx,
    payments::dispute_news,
    permit::{ManagePayouts, Permit},
    ports::PortError,
    rows::at,
};

const MOST_SIGNS: usize = 5000;

#[derive(Debug, thiserror::Error)]
pub enum AnswerDisputeError {
    #[error("no such dispute")]
    NotFound,
    /// It is answered, decided, or its time is over.
    #[error("no answer is taken any more")]
    TooLate,
    #[error(transparent)]
    Fields(#[from] FieldErrors),
    /// In the provider's words.
    #[error("the provider refuses: {0}")]
    Refused(String),
    #[error("the provider does not answer")]
    ProviderDown,
    #[error(transparent)]
    Unexpected(#[from] Unexpected),
}

impl AnswerDisputeError {
    /// Stable key for translations.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "not_found",
            Self::TooLate => "dispute_takes_no_answer",
            Self::Fields(_) => "invalid",
            Self::Refused(_) => "provider_refused",
            Self::ProviderDown => "provider_silent",
            Self::Unexpected(_) => "internal",
        }
    }
}

impl From<PortError> for AnswerDisputeError {
    fn from(e: PortError) -> Self {
        match e {
            PortError::Refused(why) => Self::Refused(why),
            PortError::Unavailable(_) => Self::ProviderDown,
        }
    }
}

/// Keeps what the organizer wants to say; nothing is sent.
#[tracing::instrument(skip_all, fields(dispute.id = %id))]
pub async fn save_statement(
    sv: &Services,
    permit: &Permit<ManagePayouts>,
    id: DisputeId,
    statement: &str,
) -> Result<(), AnswerDisputeError> {
    let mut tx = sv.db.begin(permit.scope()).await?;
    keep(sv, &mut tx, permit, id, statement).await?;
    tx.commit().await?;
    Ok(())
}

/// Sends the pack. What was sent is kept as it was.
#[tracing::instrument(skip_all, fields(dispute.id = %id))]
pub async fn answer(
    sv: &Services,
    permit: &Permit<ManagePayouts>,
    id: DisputeId,
    statement: &str,
) -> Result<(), AnswerDisputeError> {
    let mut tx = sv.db.begin(permit.scope()).await?;
    let reference = keep(sv, &mut tx, permit, id, statement).await?;
    let found = show::load(sv, &mut tx, permit, id).await?;
    let pack = found.ok_or(AnswerDisputeError::NotFound)?.evidence;
    keep_pack(sv, &mut tx, permit, id, &pack).await?;
    tx.commit().await?;
    let known = sv.payments.answer_dispute(&reference, &pack).await?;
    let mut tx = sv.db.begin(permit.scope()).await?;
    let sent = sqlx::query!(
        r#"
        update disputes set answered_at = $3, answered_by = $4
        where organization_id = $1 and id = $2
        "#,
        permit.organization().get(),
        id.get(),
        at(sv.now()) as _,
        permit.actor().map(domain::ids::UserId::get)
    )
    .execute(&mut *tx)
    .await
    .map_err(Unexpected::from)?;
    debug_assert_eq!(sent.rows_affected(), 1);
    done(sv, &mut tx, permit, (id, "answered"), "dispute.answer").await?;
    tx.commit().await?;
    dispute_news::take_in(sv, &known).await?;
    Ok(())
}

/// Locks it, if it takes an answer; the provider's name of it.
pub(super) async fn lock_open(
    sv: &Services,
    tx: &mut Tx,
    permit: &Permit<ManagePayouts>,
    id: DisputeId,
) -> Result<String, AnswerDisputeError> {
    let row = sqlx::query!(
        r#"
        select reference, state in ('inquiry', 'needs_answer') and (answer_by is null or answer_by > $3)
                          and provider = $4 as "open!"
        from disputes
        where organization_id = $1 and id = $2
        for update
        "#,
        permit.organization().get(),
        id.get(),
        at(sv.now()) as _,
        sv.payments.provider()
    )
    .fetch_optional(&mut **tx)
    .await
    .map_err(Unexpected::from)?
    .ok_or(AnswerDisputeError::NotFound)?;
    if row.open {
        Ok(row.reference)
    } else {
        Err(AnswerDisputeError::TooLate)
    }
}

async fn keep(
    sv: &Services,
    tx: &mut Tx,
    permit: &Permit<ManagePayouts>,
    id: DisputeId,
    statement: &str,
) -> Result<String, AnswerDisputeError> {
    let mut errors = FieldErrors::new();
    let statement = errors.field("statement", block(statement, MOST_SIGNS));
    errors.finish()?;
    let reference = lock_open(sv, tx, permit, id).await?;
    sqlx::query!(
        "update disputes set statement = $3 where organization_id = $1 and id = $2",
        permit.organization().get(),
        id.get(),
        statement.unwrap_or_default()
    )
    .execute(&mut **tx)
    .await
    .map_err(Unexpected::from)?;
    Ok(reference)
}

async fn keep_pack(
    sv: &Services,
    tx: &mut Tx,
    permit: &Permit<ManagePayouts>,
    id: DisputeId,
    pack: &[(EvidencePart, String)],
) -> Result<(), Unexpected> {
    let parts: Vec<String> = pack
        .iter()
        .map(|(part, _)| part.code().to_owned())
        .collect();
    let bodies: Vec<String> = pack.iter().map(|(_, body)| body.clone()).collect();
    // An earlier answer may have had parts that this one has not.
    sqlx::query!(
        "delete from dispute_evidence where organization_id = $1 and dispute_id = $2 and part <> all($3)",
        permit.organization().get(),
        id.get(),
        &parts
    )
    .execute(&mut **tx)
    .await?;
    sqlx::query!(
        r#"
        insert into dispute_evidence (dispute_id, organization_id, part, body, sent_at)
        select $2, $1, n.part, n.body, $3 from unnest($4::text[], $5::text[]) as n (part, body)
        on conflict on constraint dispute_evidence_pkey do update set body = excluded.body, sent_at = excluded.sent_at
        "#,
        permit.organization().get(),
        id.get(),
        at(sv.now()) as _,
        &parts,
        &bodies
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Somebody has done something about a dispute: into its timeline and into the record.
pub(super) async fn done(
    sv: &Services,
    tx: &mut Tx,
    permit: &Permit<ManagePayouts>,
    (id, what): (DisputeId, &'static str),
    action: &'static str,
) -> Result<(), Unexpected> {
    let organization = permit.organization();
    rows::insert_step(sv, tx, organization, id, what, permit.actor()).await?;
    let order = sqlx::query_scalar!(
        r#"
        select o.code from disputes d join orders o on o.id = d.order_id
        where d.organization_id = $1 and d.id = $2
        "#,
        organization.get(),
        id.get()
    )
    .fetch_one(&mut **tx)
    .await?;
    let entry = audit::Entry {
        actor: permit.actor(),
        organization: Some(organization),
        action,
        subject_kind: "order",
        subject: order,
        reason: "",
        before: None,
        after: None,
    };
    audit::append(sv, tx, entry).await
}
