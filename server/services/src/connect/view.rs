//! An organization's account as its own people see it.

use domain::{
    connect::{Asked, MoneyGoes, Standing},
    ids::OrganizationId,
    when::Timestamp,
};

use super::{agree::load_agreed, queries};
use crate::{
    Services, Unexpected,
    db::Tx,
    permit::{Permit, ViewFinances},
};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountView {
    pub standing: Standing,
    /// Payments that begin now go straight there.
    pub straight: bool,
    /// What is agreed with the platform.
    pub agreed: MoneyGoes,
    pub asked: Vec<Asked>,
    pub overdue: Vec<Asked>,
    pub deadline: Option<Timestamp>,
    /// The provider's own word for why not everything is possible; empty where it is.
    pub disabled: String,
    pub charges: bool,
    pub payouts: bool,
    pub since: Option<Timestamp>,
    /// Of the account, or what the organization says of itself; may be empty.
    pub country: String,
}

/// `None` where the provider has no such accounts.
pub async fn account(
    sv: &Services,
    permit: &Permit<ViewFinances>,
) -> Result<Option<AccountView>, Unexpected> {
    let mut tx = sv.db.begin(permit.scope()).await?;
    let found = account_of(sv, &mut tx, permit.organization()).await?;
    tx.commit().await?;
    Ok(found)
}

pub(super) async fn account_of(
    sv: &Services,
    tx: &mut Tx,
    organization: OrganizationId,
) -> Result<Option<AccountView>, Unexpected> {
    if sv.payments.connect().is_none() {
        return Ok(None);
    }
    let Some((agreed, country)) = load_agreed(tx, organization).await? else {
        return Ok(None);
    };
    let found = queries::latest(sv, tx, organization).await?;
    let begun = found.filter(|account| account.reference.is_some());
    Ok(Some(match begun {
        None => AccountView {
            standing: Standing::NotBegun,
            straight: false,
            agreed,
            asked: Vec::new(),
            overdue: Vec::new(),
            deadline: None,
            disabled: String::new(),
            charges: false,
            payouts: false,
            since: None,
            country,
        },
        Some(account) => AccountView {
            standing: account.known.standing(),
            straight: agreed == MoneyGoes::Straight && account.known.takes_money(),
            agreed,
            asked: account.known.facts.asked.into_iter().collect(),
            overdue: account.known.facts.overdue.into_iter().collect(),
            deadline: account.known.facts.deadline,
            disabled: account.known.facts.disabled,
            charges: account.known.facts.charges,
            payouts: account.known.facts.payouts,
            since: Some(account.since),
            country: account.country,
        },
    }))
}
