//! Asks the provider what has become of a payment, and takes the answer in like news.

use domain::{
    ids::{OrderId, OrganizationId, PaymentId},
    money::Money,
    payments::DeclineReason,
    when::shift,
};
use jiff::SignedDuration;

use super::{
    apply_news::{self, Applied, NewsKind, ProviderNews},
    card_limit, find,
    queries::{self, Found},
};
use crate::{
    Services, Unexpected,
    db::Scope,
    ports::{KnownPayment, PaymentStanding, PortError, ProviderPayment},
};

/// Whoever loads a page again does not ask the provider each time.
const A_MOMENT: SignedDuration = SignedDuration::from_secs(5);

/// Whether the page stays open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    Ask,
    /// Nobody shall pay on it any more.
    Close,
}

#[derive(Debug, thiserror::Error)]
pub(super) enum LookError {
    #[error(transparent)]
    Port(#[from] PortError),
    #[error(transparent)]
    Unexpected(#[from] Unexpected),
}

/// Outside of any transaction. `None` when the provider cannot say.
pub(super) async fn look(
    sv: &Services,
    payment: &ProviderPayment,
    how: Look,
) -> Result<Option<KnownPayment>, LookError> {
    queries::set_asked(sv, payment.payment).await?;
    let known = match how {
        Look::Ask => sv.payments.find(payment).await?,
        Look::Close => sv.payments.close(payment).await?,
    };
    if let Some(known) = &known {
        // What was seen is one message, however often it is seen.
        let seen = format!("{}|{:?}|{}", payment.payment, known.standing, known.closed);
        take_in(sv, payment.payment, format!("seen|{seen}"), known).await?;
    }
    Ok(known)
}

/// Takes in where a payment stands at the provider. `None`: we have no such payment.
pub(super) async fn take_in(
    sv: &Services,
    payment: PaymentId,
    event_id: String,
    known: &KnownPayment,
) -> Result<Option<Applied>, Unexpected> {
    let provider = sv.payments.provider();
    let Some(found) = find::find_own(sv, provider, payment).await? else {
        return Ok(None);
    };
    let kind = match known.standing {
        PaymentStanding::Open => return Ok(Some(Applied::Nothing)),
        PaymentStanding::Processing => NewsKind::Processing,
        PaymentStanding::Held => NewsKind::Held,
        PaymentStanding::Succeeded => NewsKind::Succeeded,
        PaymentStanding::Failed { reason } => NewsKind::Failed { reason },
    };
    let mut card = None;
    if matches!(kind, NewsKind::Succeeded | NewsKind::Held) {
        same_amount(&found, known.amount)?;
        card = card_limit::of_payment(sv, &found, known).await?;
    }
    let news = ProviderNews {
        provider: provider.to_owned(),
        event_id,
        provider_ref: String::new(),
        kind,
        charge_ref: known.charge_ref.clone(),
        closed: known.closed,
        card,
    };
    apply_news::take_in(sv, found, news).await.map(Some)
}

/// Whoever paid another amount than was asked for has not paid this.
fn same_amount(found: &Found, told: Option<Money>) -> Result<(), Unexpected> {
    match told {
        Some(told) if told == found.amount => Ok(()),
        told => Err(Unexpected::bad_row(
            "payments",
            found.payment,
            format!(
                "the provider says {told:?}, asked for was {:?}",
                found.amount
            ),
        )),
    }
}

/// Nothing will come of a payment to whose page nobody was sent, or that the provider does not know.
pub(super) async fn give_up(
    sv: &Services,
    payment: PaymentId,
    reason: DeclineReason,
) -> Result<(), Unexpected> {
    let provider = sv.payments.provider();
    let Some(found) = find::find_own(sv, provider, payment).await? else {
        return Ok(());
    };
    let news = ProviderNews {
        provider: provider.to_owned(),
        event_id: format!("given up|{payment}"),
        provider_ref: String::new(),
        kind: NewsKind::Failed { reason },
        charge_ref: None,
        closed: true,
        card: None,
    };
    apply_news::take_in(sv, found, news).await.map(|_| ())
}

/// Every payment of an order that may still change. Asked a moment ago: not again.
pub(super) async fn look_at_order(
    sv: &Services,
    organization: OrganizationId,
    order: OrderId,
) -> Result<(), LookError> {
    if !sv.payments.can_be_asked() {
        return Ok(());
    }
    let mut tx = sv.db.begin(Scope::Organization(organization)).await?;
    let before = shift(sv.now(), -A_MOMENT);
    let provider = sv.payments.provider();
    let open =
        queries::unclosed(&mut tx, organization, order, (provider, None), Some(before)).await?;
    tx.commit().await?;
    for payment in open.iter().filter(|payment| has_page(payment)) {
        look(sv, payment, Look::Ask).await?;
    }
    Ok(())
}

/// Until the provider has named its page, our own id stands in for its name, and nobody was sent there.
pub(super) fn has_page(payment: &ProviderPayment) -> bool {
    payment.provider_ref != payment.payment.to_string()
}
