//! A new code.

use domain::{
    ids::PromoCodeId,
    text::{Fault, FieldErrors},
};

use super::form::{CodeForm, NewCode};
use crate::{
    Services, Unexpected, audit,
    db::Tx,
    permit::{ManagePromoCodes, Permit},
    rows::{at, int},
};

/// No organization needs more.
pub const MOST_CODES: u32 = 100_000;

#[derive(Debug, thiserror::Error)]
pub enum CreateCodeError {
    #[error(transparent)]
    Fields(#[from] FieldErrors),
    #[error(transparent)]
    Unexpected(#[from] Unexpected),
}

/// Makes a code that can be used at once, within its limits.
#[tracing::instrument(skip_all)]
pub async fn create(
    sv: &Services,
    permit: &Permit<ManagePromoCodes>,
    form: &CodeForm,
) -> Result<PromoCodeId, CreateCodeError> {
    let mut tx = sv.db.begin(permit.scope()).await?;
    let about = super::form::about(&mut tx, permit.organization(), form).await?;
    let new = about.read(form)?;
    if count(&mut tx, permit).await? >= MOST_CODES {
        return Err(FieldErrors::one(
            "code",
            Fault::TooMany {
                max: usize::try_from(MOST_CODES).unwrap_or(usize::MAX),
            },
        )
        .into());
    }
    let id = PromoCodeId::new(sv.new_id());
    if !insert(sv, &mut tx, permit, id, &new).await? {
        return Err(FieldErrors::one("code", Fault::Taken).into());
    }
    let entry = audit::Entry {
        actor: permit.actor(),
        organization: Some(permit.organization()),
        action: "promo.create",
        subject_kind: "promo_code",
        subject: new.code.shown.clone(),
        reason: "",
        before: None,
        after: Some(new.told()),
    };
    audit::append(sv, &mut tx, entry).await?;
    tx.commit().await?;
    Ok(id)
}

/// How many there are.
pub(super) async fn count(
    tx: &mut Tx,
    permit: &Permit<ManagePromoCodes>,
) -> Result<u32, Unexpected> {
    let number = sqlx::query_scalar!(
        r#"select count(*) as "number!" from promo_codes where organization_id = $1"#,
        permit.organization().get()
    )
    .fetch_one(&mut **tx)
    .await?;
    crate::rows::count("promo_codes", permit.organization(), number)
}

/// Whether it was free.
async fn insert(
    sv: &Services,
    tx: &mut Tx,
    permit: &Permit<ManagePromoCodes>,
    id: PromoCodeId,
    new: &NewCode,
) -> Result<bool, Unexpected> {
    let (percent, amount) = new.columns();
    let inserted = sqlx::query!(
        r#"
        insert into promo_codes (id, organization_id, event_id, code, folded, name, kind, percent_bp, amount_minor, currency,
                                 ticket_types, valid_from, valid_until, max_uses, max_per_customer, budget_minor,
                                 created_at, created_by)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
        on conflict (organization_id, folded) do nothing
        "#,
        id.get(),
        permit.organization().get(),
        new.event.map(domain::ids::EventId::get),
        new.code.shown,
        new.code.folded,
        new.name,
        new.kind.code(),
        percent,
        amount,
        new.currency.as_str(),
        new.ticket_types.as_deref(),
        new.from.map(at) as _,
        new.until.map(at) as _,
        new.max_uses.map(int),
        new.max_per_customer.map(int),
        new.budget.map(|budget| budget.minor),
        at(sv.now()) as _,
        permit.actor().map(domain::ids::UserId::get)
    )
    .execute(&mut **tx)
    .await?;
    Ok(inserted.rows_affected() == 1)
}
