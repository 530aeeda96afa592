//! An organizer begins to connect an account.

use domain::{
    ids::UserId,
    invoices::is_country,
    text::{Fault, FieldErrors},
};
use uuid::Uuid;

use super::{
    look::look_at,
    queries::{self, Account},
};
use crate::{
    Services, Unexpected, audit,
    permit::{ManagePayouts, Permit, Proven},
    ports::{NewAccount, PortError},
    rows::at,
};

#[derive(Debug, thiserror::Error)]
pub enum BeginError {
    /// The provider has no such accounts, or there is none.
    #[error("no accounts can be connected here")]
    NotOffered,
    #[error(transparent)]
    Fields(#[from] FieldErrors),
    /// The way on: try again in a moment.
    #[error("the provider does not answer")]
    ProviderDown,
    /// The provider makes no such account; in its words.
    #[error("the provider refused: {0}")]
    Refused(String),
    #[error(transparent)]
    Unexpected(#[from] Unexpected),
}

impl BeginError {
    /// Stable key for translations.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotOffered => "connect_not_offered",
            Self::Fields(_) => "invalid",
            Self::ProviderDown => "connect_unavailable",
            Self::Refused(_) => "connect_refused",
            Self::Unexpected(_) => "internal",
        }
    }
}

/// Makes the account, unless there is one: pressing twice, or again after an answer got lost, makes one. Fields: `country`.
#[tracing::instrument(skip_all)]
pub async fn begin(
    sv: &Services,
    permit: &Proven<Permit<ManagePayouts>>,
    country: &str,
) -> Result<(), BeginError> {
    let gateway = sv.payments.connect().ok_or(BeginError::NotOffered)?;
    let country = country.trim().to_ascii_uppercase();
    let mut errors = FieldErrors::new();
    if !is_country(&country) {
        errors.add("country", Fault::UnknownChoice);
    }
    errors.finish()?;
    let account = own(sv, permit, &country).await?;
    if account.reference.is_some() {
        return Ok(());
    }
    let organization = permit.organization();
    let mut tx = sv.db.begin(permit.scope()).await?;
    let who = sqlx::query!(
        "select name, contact_email from organizations where id = $1",
        organization.get()
    )
    .fetch_one(&mut *tx)
    .await
    .map_err(Unexpected::from)?;
    tx.commit().await?;
    let wanted = NewAccount {
        account: account.id,
        country: account.country.clone(),
        email: who.contact_email,
        name: who.name,
    };
    let reference = match gateway.open_account(&wanted).await {
        Ok(reference) => reference,
        Err(PortError::Unavailable(why)) => {
            tracing::warn!(why, "the payment provider makes no account");
            return Err(BeginError::ProviderDown);
        }
        Err(PortError::Refused(why)) => {
            // Nothing was made: what is asked for next may be another account, in another country.
            forget(sv, permit, account.id).await?;
            return Err(BeginError::Refused(why));
        }
    };
    let mut tx = sv.db.begin(permit.scope()).await?;
    sqlx::query!(
        "update connected_accounts set account_ref = $3 where organization_id = $1 and id = $2 and account_ref is null",
        organization.get(),
        account.id,
        reference
    )
    .execute(&mut *tx)
    .await
    .map_err(Unexpected::from)?;
    let entry = audit::Entry {
        actor: permit.actor(),
        organization: Some(organization),
        action: "payout.connect",
        subject_kind: "organization",
        subject: organization.to_string(),
        reason: "",
        before: None,
        after: Some(serde_json::json!({ "account": reference, "country": account.country })),
    };
    audit::append(sv, &mut tx, entry).await?;
    tx.commit().await?;
    if let Err(error) = look_at(sv, organization, account.id).await {
        tracing::warn!(%error, "a new account is asked about later");
    }
    Ok(())
}

/// The organization's account that is not cut off: another one where there is none, or only the row of one that was never
/// made, for another country.
async fn own(
    sv: &Services,
    permit: &Permit<ManagePayouts>,
    country: &str,
) -> Result<Account, BeginError> {
    let organization = permit.organization();
    let mut tx = sv.db.begin(permit.scope()).await?;
    sqlx::query!(
        r#"
        insert into connected_accounts (id, organization_id, provider, country, asked_at, created_at, created_by)
        values ($1, $2, $3, $4, $5, $5, $6)
        on conflict (organization_id, provider) where gone_at is null do nothing
        "#,
        sv.new_id(),
        organization.get(),
        sv.payments.provider(),
        country,
        at(sv.now()) as _,
        permit.actor().map(UserId::get)
    )
    .execute(&mut *tx)
    .await
    .map_err(Unexpected::from)?;
    let account = queries::latest(sv, &mut tx, organization)
        .await?
        .ok_or_else(|| Unexpected::bad_row("connected_accounts", organization, "gone"))?;
    tx.commit().await?;
    Ok(account)
}

async fn forget(
    sv: &Services,
    permit: &Permit<ManagePayouts>,
    account: Uuid,
) -> Result<(), Unexpected> {
    let mut tx = sv.db.begin(permit.scope()).await?;
    sqlx::query!(
        "delete from connected_accounts where organization_id = $1 and id = $2 and account_ref is null",
        permit.organization().get(),
        account
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await
}
