//! What an organization is owed, by the books.

use domain::{
    ids::OrganizationId,
    ledger::Account,
    money::{Currency, Money},
};
use serde::{Deserialize, Serialize};

use crate::{
    Services, Unexpected,
    db::Tx,
    payouts,
    permit::{Permit, ViewFinances},
    rows::{coded, money},
};

/// The organization's side of the books in one currency. Everything that is owed to it is above zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Balance {
    /// What a payout that is asked for now can pay; below zero when the organization owes the platform.
    pub owed: Money,
    /// The tax in it.
    pub tax: Money,
    /// Kept back until events are over, as that payout would keep it.
    pub reserve: Money,
    /// Asked for and not sent yet.
    pub on_the_way: Money,
    /// Promised to buyers and not sent yet.
    pub refunds: Money,
    /// Held by buyers' banks until they decide; not part of what is owed.
    pub disputed: Money,
}

/// One for each currency that was ever used, in the order of their names.
pub async fn balances(
    sv: &Services,
    permit: &Permit<ViewFinances>,
) -> Result<Vec<Balance>, Unexpected> {
    let id = permit.organization();
    let mut tx = sv.db.begin(permit.scope()).await?;
    let rows = sqlx::query!(
        r#"
        select currency, account, -sum(amount_minor)::bigint as "owed!"
        from ledger_entries
        where organization_id = $1
          and account in ('organizer_payable', 'tax_collected', 'organizer_reserve', 'payouts_payable', 'refunds_payable')
        group by currency, account
        order by currency
        "#,
        id.get()
    )
    .fetch_all(&mut *tx)
    .await?;
    let disputed = sqlx::query!(
        r#"
        select currency, sum(taken_minor)::bigint as "taken!" from disputes
        where organization_id = $1 and state in ('needs_answer', 'under_review')
        group by currency
        "#,
        id.get()
    )
    .fetch_all(&mut *tx)
    .await?;
    let mut all: Vec<Balance> = Vec::new();
    for row in rows {
        let amount = money("ledger_entries", id, row.owed, &row.currency)?;
        let account: Account = coded("ledger_entries", id, &row.account)?;
        if all
            .last()
            .is_none_or(|last| last.owed.currency != amount.currency)
        {
            let nothing = Money::zero(amount.currency);
            all.push(Balance {
                owed: nothing,
                tax: nothing,
                reserve: nothing,
                on_the_way: nothing,
                refunds: nothing,
                disputed: nothing,
            });
        }
        let Some(balance) = all.last_mut() else {
            continue;
        };
        let add = |to: &mut Money| {
            *to = Money::new(to.minor.saturating_add(amount.minor), to.currency);
        };
        match account {
            Account::OrganizerPayable => add(&mut balance.owed),
            Account::TaxCollected => {
                add(&mut balance.owed);
                add(&mut balance.tax);
            }
            Account::OrganizerReserve => add(&mut balance.reserve),
            Account::PayoutsPayable => add(&mut balance.on_the_way),
            Account::RefundsPayable => add(&mut balance.refunds),
            Account::ProviderClearing
            | Account::Bank
            | Account::PlatformFees
            | Account::ProviderCosts
            | Account::Adjustments
            // Nothing is ever left there.
            | Account::Exchange => {}
        }
    }
    for row in disputed {
        let taken = money("disputes", id, row.taken, &row.currency)?;
        if let Some(balance) = all
            .iter_mut()
            .find(|one| one.owed.currency == taken.currency)
        {
            balance.disputed = taken;
        }
    }
    // The books follow with the payout; until then they hold what was kept back by the one before.
    for balance in &mut all {
        let more = payouts::reserve_adjustment(sv, &mut tx, id, balance.owed.currency).await?;
        // No more is kept back than is here: what was paid out before a share was set is no debt.
        let more = Money::new(more.minor.min(balance.owed.minor.max(0)), more.currency);
        balance.owed.minor = balance.owed.minor.saturating_sub(more.minor);
        balance.reserve.minor = balance.reserve.minor.saturating_add(more.minor);
    }
    tx.commit().await?;
    Ok(all)
}

/// What can be paid out to the organization in one currency.
pub(crate) async fn owed(
    tx: &mut Tx,
    organization: OrganizationId,
    currency: Currency,
) -> Result<Money, Unexpected> {
    let minor = sqlx::query_scalar!(
        r#"
        select coalesce(-sum(amount_minor), 0)::bigint as "owed!"
        from ledger_entries
        where organization_id = $1 and currency = $2 and account in ('organizer_payable', 'tax_collected')
        "#,
        organization.get(),
        currency.as_str()
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(Money::new(minor, currency))
}
