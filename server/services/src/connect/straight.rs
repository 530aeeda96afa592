//! Money that goes straight to an organizer: where it goes when a payment begins, and what a refund takes back.

use domain::{
    connect::{Connected, MoneyGoes, goes_straight},
    ids::{OrderId, OrganizationId, PaymentId, RefundId},
    ledger::{Account as Books, LedgerError, Posting, Takings},
    money::Money,
};

use super::{agree::load_agreed, queries};
use crate::{
    Services, Unexpected,
    db::{Scope, Tx},
    jobs::{self, Job},
    ledger::{self, Cause},
    ports::ProviderPayment,
    rows::{at, coded, money},
};

/// Where payments of an organization go that begin now.
pub(crate) struct Goes {
    agreed: MoneyGoes,
    account: Connected,
    reference: Option<String>,
}

impl Goes {
    /// The account that the money of an order goes to; nothing: the platform collects it.
    pub(crate) fn of(&self, takings: Takings) -> Option<String> {
        let straight = goes_straight(self.agreed, &self.account, takings);
        self.reference.clone().filter(|_| straight)
    }
}

pub(crate) async fn goes(
    sv: &Services,
    tx: &mut Tx,
    organization: OrganizationId,
) -> Result<Goes, Unexpected> {
    let agreed = match sv.payments.connect() {
        Some(_) => load_agreed(tx, organization).await?.map(|(goes, _)| goes),
        None => None,
    };
    let agreed = agreed.unwrap_or(MoneyGoes::ToPlatform);
    let found = match agreed {
        MoneyGoes::Straight => queries::latest(sv, tx, organization).await?,
        MoneyGoes::ToPlatform => None,
    };
    let (account, reference) = found.map_or_else(
        || (Connected::default(), None),
        |account| (account.known, account.reference),
    );
    Ok(Goes {
        agreed,
        account,
        reference,
    })
}

/// What a refund takes along, as it was booked when it was promised.
async fn taken_along(
    tx: &mut Tx,
    organization: OrganizationId,
    refund: RefundId,
) -> Result<Option<Takings>, Unexpected> {
    let rows = sqlx::query!(
        r#"
        select e.account, sum(e.amount_minor)::bigint as "amount!", e.currency
        from ledger_transactions t
        join ledger_entries e on e.transaction_id = t.id
        where t.organization_id = $1 and t.refund_id = $2 and t.kind = 'refund'
          and e.account in ('organizer_payable', 'tax_collected', 'platform_fees')
        group by e.account, e.currency
        "#,
        organization.get(),
        refund.get()
    )
    .fetch_all(&mut **tx)
    .await?;
    let mut back: Option<Takings> = None;
    for row in rows {
        let amount = money("ledger_entries", refund, row.amount, &row.currency)?;
        let account: Books = coded("ledger_entries", refund, &row.account)?;
        let sum = back.get_or_insert(Takings::plain(Money::zero(amount.currency)));
        let wrong = |e| Unexpected::bad_row("ledger_entries", refund, e);
        sum.total = sum.total.checked_add(amount).map_err(wrong)?;
        match account {
            Books::TaxCollected => sum.tax = amount,
            Books::PlatformFees => sum.fee = amount,
            _ => {}
        }
    }
    Ok(back)
}

/// The provider has taken the organizer's part of a refund back from where it had gone: once for each refund, and the
/// platform's fee of it follows. Nothing for money that the platform collected.
pub(crate) async fn book_recall(
    sv: &Services,
    tx: &mut Tx,
    organization: OrganizationId,
    order: OrderId,
    refund: RefundId,
) -> Result<(), Unexpected> {
    let first = sqlx::query!(
        r#"
        update refunds r set recalled_at = $3
        from payments p
        where r.organization_id = $1 and r.id = $2 and r.recalled_at is null and p.id = r.payment_id
          and p.straight_to is not null
        "#,
        organization.get(),
        refund.get(),
        at(sv.now()) as _
    )
    .execute(&mut **tx)
    .await?
    .rows_affected()
        > 0;
    if !first {
        return Ok(());
    }
    let back = taken_along(tx, organization, refund)
        .await?
        .ok_or_else(|| Unexpected::bad_row("refunds", refund, "was never promised"))?;
    match Posting::recalled(back) {
        Ok(posting) => {
            let cause = Cause::Straight {
                order,
                refund: Some(refund),
            };
            ledger::post(sv, tx, organization, cause, &posting).await?;
        }
        // All of it was the platform's fee.
        Err(LedgerError::NotPositive) => {}
        Err(e) => return Err(Unexpected::bad_row("refunds", refund, e)),
    }
    jobs::enqueue(
        sv,
        tx,
        organization,
        &Job::ReturnFee { refund },
        sv.now(),
        Some(&format!("return_fee|{refund}")),
    )
    .await
}

/// Gives the platform's fee of a refund back to the organizer, outside of any transaction. The provider is told how much it
/// is to be in all, so that doing it twice, or after others, comes to the same.
pub(crate) async fn return_fee(
    sv: &Services,
    organization: OrganizationId,
    refund: RefundId,
) -> Result<(), Unexpected> {
    let mut tx = sv.db.begin(Scope::Organization(organization)).await?;
    let row = sqlx::query!(
        r#"
        select p.id, p.provider, p.provider_ref, p.charge_ref, p.currency,
               -- Tickets that were exchanged have the fee of another order; the payment gives back no more than was taken of it.
               least(coalesce((
                   select sum(e.amount_minor)::bigint
                   from refunds o
                   join ledger_transactions t on t.refund_id = o.id and t.kind = 'refund'
                   join ledger_entries e on e.transaction_id = t.id and e.account = 'platform_fees'
                   where o.payment_id = p.id and o.recalled_at is not null
               ), 0), paid.fee_minor) as "fee!"
        from refunds r
        join payments p on p.id = r.payment_id
        join orders paid on paid.id = p.order_id
        where r.organization_id = $1 and r.id = $2 and r.recalled_at is not null and r.fee_returned_at is null
        "#,
        organization.get(),
        refund.get()
    )
    .fetch_optional(&mut *tx)
    .await?;
    tx.commit().await?;
    let Some(row) = row else { return Ok(()) };
    let in_all = money("payments", row.id, row.fee, &row.currency)?;
    if in_all.minor > 0 {
        let gateway = sv
            .payments
            .connect()
            .filter(|_| row.provider == sv.payments.provider());
        let gateway = gateway.ok_or_else(|| {
            Unexpected::bad_row("payments", row.id, "its provider is not configured")
        })?;
        let of = ProviderPayment {
            payment: PaymentId::new(row.id),
            provider_ref: row.provider_ref,
            charge_ref: row.charge_ref,
        };
        gateway
            .return_fee(&of, in_all)
            .await
            .map_err(|e| Unexpected::new("return fee", e))?;
    }
    let mut tx = sv.db.begin(Scope::Organization(organization)).await?;
    sqlx::query!(
        "update refunds set fee_returned_at = $3 where organization_id = $1 and id = $2",
        organization.get(),
        refund.get(),
        at(sv.now()) as _
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await
}
