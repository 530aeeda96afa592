//! Asks the register what waits to be asked.

use domain::pricing::VatId;
use jiff::SignedDuration;

use crate::{
    Services, Unexpected,
    db::Scope,
    ports::{PortError, VatTold},
    rows::at,
};

/// Whoever asks has that long; then another worker may.
const LEASE: SignedDuration = SignedDuration::from_mins(2);
/// After the first time without an answer; doubled each time.
const PAUSE_MINUTES: i64 = 2;
const LONGEST_PAUSE_MINUTES: i64 = 12 * 60;
/// Then it is asked no more until somebody uses the id again: two weeks or so.
const MOST_ATTEMPTS: i32 = 30;

/// Asks for the id that waits longest; whether there was one.
pub async fn ask_due(sv: &Services) -> Result<bool, Unexpected> {
    let Some(register) = sv.vat_register.as_ref() else {
        return Ok(false);
    };
    let mut tx = sv.db.begin_shared(Scope::System).await?;
    let due = sqlx::query!(
        r#"
        update vat_checks set ask_at = $2, attempts = attempts + 1
        where vat_id = (
            select vat_id from vat_checks where ask_at <= $1 order by ask_at, vat_id limit 1 for update skip locked
        )
        returning vat_id, attempts
        "#,
        at(sv.now()) as _,
        at(sv.now() + LEASE) as _
    )
    .fetch_optional(&mut *tx)
    .await?;
    tx.commit().await?;
    let Some(due) = due else {
        return Ok(false);
    };
    let told = match due.vat_id.parse::<VatId>() {
        Ok(id) => register.ask(&id).await,
        Err(_) => Err(PortError::Refused("no VAT id".to_owned())),
    };
    match told {
        Ok(told) => answered(sv, &due.vat_id, &told).await?,
        Err(e) => {
            tracing::info!(attempts = due.attempts, error = %e, "the register of VAT ids has not answered");
            let again = matches!(e, PortError::Unavailable(_)) && due.attempts < MOST_ATTEMPTS;
            unanswered(
                sv,
                &due.vat_id,
                again.then_some(due.attempts),
                &e.to_string(),
            )
            .await?;
        }
    }
    Ok(true)
}

async fn answered(sv: &Services, id: &str, told: &VatTold) -> Result<(), Unexpected> {
    let mut tx = sv.db.begin_shared(Scope::System).await?;
    let identifier: String = told.identifier.chars().take(60).collect();
    sqlx::query!(
        r#"
        update vat_checks
        set state = $2, answered_at = $3, identifier = $4, ask_at = null, attempts = 0, last_error = ''
        where vat_id = $1
        "#,
        id,
        if told.valid { "valid" } else { "invalid" },
        at(sv.now()) as _,
        identifier
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await
}

/// What was known before stays known.
async fn unanswered(
    sv: &Services,
    id: &str,
    attempts: Option<i32>,
    error: &str,
) -> Result<(), Unexpected> {
    let next = attempts.map(|attempts| {
        let doubled = PAUSE_MINUTES << (attempts - 1).clamp(0, 12);
        at(sv.now() + SignedDuration::from_mins(doubled.min(LONGEST_PAUSE_MINUTES)))
    });
    let error: String = error.chars().take(300).collect();
    let mut tx = sv.db.begin_shared(Scope::System).await?;
    sqlx::query!(
        "update vat_checks set ask_at = $2, last_error = $3 where vat_id = $1",
        id,
        next as _,
        error
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await
}
