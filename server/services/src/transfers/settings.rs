//! Where buyers transfer to, and whether they may.

use domain::{
    orders::Asking,
    text::FieldErrors,
    transfers::{AccountInput, TransferAccount, pay_until},
    when::Timestamp,
};

use crate::{
    Services, Unexpected, audit,
    checkout::EventSummary,
    db::Tx,
    permit::{PlatformPermit, Proven},
    rows::{at, coded},
};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingsView {
    pub offered: bool,
    pub account: TransferAccount,
    pub changed_at: Timestamp,
    pub changed_by: String,
}

/// As it stands; `None`: nobody has said anything yet, and so nothing is offered.
pub async fn settings(
    sv: &Services,
    permit: &PlatformPermit,
) -> Result<Option<SettingsView>, Unexpected> {
    let mut tx = sv.db.begin(permit.scope()).await?;
    let found = load(&mut tx).await?;
    let by = sqlx::query_scalar!(
        "select u.name from transfer_settings s join users u on u.id = s.changed_by"
    )
    .fetch_optional(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(found.map(|found| SettingsView {
        offered: found.offered,
        account: found.account,
        changed_at: found.changed_at,
        changed_by: by.unwrap_or_default(),
    }))
}

pub(crate) struct Settings {
    pub offered: bool,
    pub account: TransferAccount,
    /// IBANs that buyers were told before.
    pub former: Vec<String>,
    pub changed_at: Timestamp,
}

impl Settings {
    /// Until when the money for an order of the event that is made now would have to be there; nothing where no transfer is
    /// offered for it.
    pub fn pay_until(&self, event: &EventSummary, now: Timestamp) -> Option<Timestamp> {
        let account = &self.account;
        (self.offered && event.currency == account.currency)
            .then(|| pay_until(now, event.starts_at, account.days, account.days_before))
            .flatten()
    }

    /// Whether money for orders may be on this account.
    pub fn knows(&self, iban: &str) -> bool {
        self.account.iban == iban || self.former.iter().any(|former| former == iban)
    }
}

pub(crate) async fn load(tx: &mut Tx) -> Result<Option<Settings>, Unexpected> {
    let row = sqlx::query!(
        r#"
        select offered, holder, iban, bic, bank, currency, days, days_before, former, changed_at
        from transfer_settings
        "#
    )
    .fetch_optional(&mut **tx)
    .await?;
    row.map(|row| {
        let days = |days: i16| {
            u16::try_from(days).map_err(|e| Unexpected::bad_row("transfer_settings", "one", e))
        };
        Ok(Settings {
            offered: row.offered,
            account: TransferAccount {
                holder: row.holder,
                iban: row.iban,
                bic: row.bic,
                bank: row.bank,
                currency: coded("transfer_settings", "one", &row.currency)?,
                days: days(row.days)?,
                days_before: days(row.days_before)?,
            },
            former: row.former,
            changed_at: row.changed_at.to_jiff(),
        })
    })
    .transpose()
}

/// Whether orders of the event that are made now can be paid by transfer: those for which no card is held first.
pub(crate) async fn offered_for(
    sv: &Services,
    tx: &mut Tx,
    event: &EventSummary,
) -> Result<bool, Unexpected> {
    if event.requests.of_order(false, sv.payments.can_hold()) == Asking::Hold {
        return Ok(false);
    }
    let settings = load(tx).await?;
    Ok(settings.is_some_and(|found| found.pay_until(event, sv.now()).is_some()))
}

/// The account, whether transfers are offered to new buyers or not.
pub(crate) async fn account(tx: &mut Tx) -> Result<Option<TransferAccount>, Unexpected> {
    Ok(load(tx).await?.map(|settings| settings.account))
}

#[derive(Debug, thiserror::Error)]
pub enum SetTransfersError {
    #[error(transparent)]
    Fields(#[from] FieldErrors),
    #[error(transparent)]
    Unexpected(#[from] Unexpected),
}

/// From now on buyers are told this account, or are not offered transfers any more. Those who were told before keep their time
/// to pay, and see the account as it is now.
#[tracing::instrument(skip_all)]
pub async fn set_transfers(
    sv: &Services,
    permit: &Proven<PlatformPermit>,
    offered: bool,
    input: &AccountInput,
) -> Result<(), SetTransfersError> {
    let account = TransferAccount::parse(input)?;
    let mut tx = sv.db.begin(permit.scope()).await?;
    sqlx::query!("select one from transfer_settings for update")
        .fetch_optional(&mut *tx)
        .await
        .map_err(Unexpected::from)?;
    let before = load(&mut tx).await?;
    sqlx::query!(
        r#"
        insert into transfer_settings as s (offered, holder, iban, bic, bank, currency, days, days_before, changed_at, changed_by)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        on conflict on constraint transfer_settings_pkey do update
        set offered = $1, holder = $2, iban = $3, bic = $4, bank = $5, currency = $6, days = $7, days_before = $8,
            changed_at = $9, changed_by = $10,
            former = case when s.iban = $3 or s.iban = any(s.former) then s.former else s.former || s.iban end
        "#,
        offered,
        account.holder,
        account.iban,
        account.bic,
        account.bank,
        account.currency.as_str(),
        i16::try_from(account.days).unwrap_or(i16::MAX),
        i16::try_from(account.days_before).unwrap_or(i16::MAX),
        at(sv.now()) as _,
        permit.actor().get()
    )
    .execute(&mut *tx)
    .await
    .map_err(Unexpected::from)?;
    let entry = audit::Entry {
        actor: Some(permit.actor()),
        organization: None,
        action: "transfers.set",
        subject_kind: "platform",
        subject: "transfers".to_owned(),
        reason: "",
        before: before.map(|before| facts(before.offered, &before.account)),
        after: Some(facts(offered, &account)),
    };
    audit::append(sv, &mut tx, entry).await?;
    tx.commit().await?;
    Ok(())
}

/// What buyers are told is no secret.
fn facts(offered: bool, account: &TransferAccount) -> serde_json::Value {
    serde_json::json!({
        "offered": offered, "holder": account.holder, "iban": account.iban, "currency": account.currency.as_str(),
        "days": account.days, "days_before": account.days_before,
    })
}
