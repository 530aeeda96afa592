//! The far side of the sandbox provider: its page, and the news it sends once the buyer has chosen what happens.

use std::str::FromStr;

use domain::{
    ids::{OrderId, PaymentId},
    money::Money,
    payments::{DeclineReason, PaymentState, RefundState},
    when::shift,
};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use super::{
    apply_news::{self, NewsError, NewsKind, ProviderNews},
    card_limit, find,
    queries::{self, Found},
};
use crate::{
    Services, Unexpected,
    db::Scope,
    jobs::{self, Job},
    orders,
    ports::{KnownPayment, KnownRefund, NewRefund, PaymentStanding},
    rows::money,
};

/// Its name, as the name of a payment's provider.
pub const PROVIDER: &str = "sandbox";
/// How long a slow bank takes.
const SLOW: SignedDuration = SignedDuration::from_secs(10);
/// Long enough to see that the order has expired before the money arrives all the same.
const AFTER_EXPIRY: SignedDuration = SignedDuration::from_secs(4);

/// What the provider's page shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SandboxView {
    pub provider_ref: String,
    pub amount: Money,
    pub event_title: String,
    pub organizer_name: String,
    pub order_code: String,
    /// Once it is not open any more, there is nothing to choose.
    pub open: bool,
    /// The order's page.
    pub return_url: String,
}

/// What the buyer lets happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SandboxOutcome {
    Succeed,
    Decline,
    /// Succeeds, after a while.
    Slow,
    /// Succeeds, after the order has expired. It expires right now, so that nobody has to wait for it.
    AfterExpiry,
}

impl SandboxOutcome {
    pub const fn all() -> [Self; 4] {
        [Self::Succeed, Self::Decline, Self::Slow, Self::AfterExpiry]
    }

    pub const fn code(self) -> &'static str {
        match self {
            Self::Succeed => "succeed",
            Self::Decline => "decline",
            Self::Slow => "slow",
            Self::AfterExpiry => "after_expiry",
        }
    }
}

impl FromStr for SandboxOutcome {
    type Err = UnknownOutcome;

    fn from_str(code: &str) -> Result<Self, UnknownOutcome> {
        Self::all()
            .into_iter()
            .find(|outcome| outcome.code() == code)
            .ok_or(UnknownOutcome)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no such outcome")]
pub struct UnknownOutcome;

/// Whether the sandbox is what is paid with now. Payments of a time when it was must not be finished for nothing.
pub(crate) fn is_used(sv: &Services) -> bool {
    sv.payments.provider() == PROVIDER
}

/// Gives money back that was never there: also what was paid before a real provider was set up, as in sample data.
pub fn give_back(refund: &NewRefund) -> KnownRefund {
    KnownRefund {
        reference: format!("sandbox-refund-{}-{}", refund.refund, refund.attempt),
        state: RefundState::Succeeded,
        why: String::new(),
        recalled: false,
    }
}

/// Takes money that was never held.
pub fn take_held(amount: Money) -> KnownPayment {
    KnownPayment {
        standing: PaymentStanding::Succeeded,
        charge_ref: None,
        closed: true,
        amount: Some(amount),
        card: None,
    }
}

/// Lets go of money that was never held.
pub fn let_go() -> KnownPayment {
    KnownPayment {
        standing: PaymentStanding::Failed {
            reason: DeclineReason::Abandoned,
        },
        charge_ref: None,
        closed: true,
        amount: None,
        card: None,
    }
}

/// `None` for a reference of no payment of the sandbox.
pub async fn show(sv: &Services, provider_ref: &str) -> Result<Option<SandboxView>, Unexpected> {
    if !is_used(sv) {
        return Ok(None);
    }
    let mut tx = sv.db.begin(Scope::System).await?;
    let row = sqlx::query!(
        r#"
        select p.id, p.state, p.amount_minor, p.currency, p.order_id, o.code, e.title, g.name as organizer
        from payments p
        join orders o on o.id = p.order_id
        join events e on e.id = o.event_id
        join organizations g on g.id = p.organization_id
        where p.provider = $1 and p.provider_ref = $2
        "#,
        PROVIDER,
        provider_ref
    )
    .fetch_optional(&mut *tx)
    .await?;
    tx.commit().await?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(SandboxView {
        provider_ref: provider_ref.to_owned(),
        amount: money("payments", row.id, row.amount_minor, &row.currency)?,
        event_title: row.title,
        organizer_name: row.organizer,
        order_code: row.code,
        open: row.state == PaymentState::Created.code(),
        return_url: orders::link(sv, OrderId::new(row.order_id)),
    }))
}

/// Lets it happen; returns where to send the buyer, `None` for an unknown reference. The first choice stands. `card` is a made-up
/// number: of the same digits, it is the same card; without any, none is known.
pub async fn choose(
    sv: &Services,
    provider_ref: &str,
    outcome: SandboxOutcome,
    card: &str,
) -> Result<Option<String>, Unexpected> {
    if !is_used(sv) {
        return Ok(None);
    }
    let Some(found) = find::find(sv, PROVIDER, provider_ref).await? else {
        return Ok(None);
    };
    if found.untouched {
        let digits: String = card.chars().filter(char::is_ascii_digit).collect();
        let card = (found.wants_card && !digits.is_empty())
            .then(|| card_limit::key(sv, found.event, &digits));
        match outcome {
            SandboxOutcome::Succeed | SandboxOutcome::Decline => {
                let news = ProviderNews {
                    card: card.filter(|_| outcome == SandboxOutcome::Succeed),
                    ..news(found.payment, found.hold, provider_ref.to_owned(), outcome)
                };
                apply_news::take_in(sv, found, news).await?;
            }
            SandboxOutcome::Slow => later(sv, found, (outcome, SLOW), card).await?,
            SandboxOutcome::AfterExpiry => later(sv, found, (outcome, AFTER_EXPIRY), card).await?,
        }
    }
    Ok(Some(orders::link(sv, found.order)))
}

/// The buyer comes back to a page that says "being processed" until the news is here.
async fn later(
    sv: &Services,
    found: Found,
    (outcome, delay): (SandboxOutcome, SignedDuration),
    card: Option<Vec<u8>>,
) -> Result<(), Unexpected> {
    let (now, organization) = (sv.now(), found.organization);
    let mut tx = sv.db.begin(Scope::Organization(organization)).await?;
    let payment = queries::lock(&mut tx, organization, found.payment).await?;
    let Some(mut payment) = payment.filter(|payment| payment.state == PaymentState::Created) else {
        return Ok(());
    };
    payment.state = PaymentState::Processing;
    payment.card = card;
    queries::save(&mut tx, &payment, now).await?;
    if outcome == SandboxOutcome::AfterExpiry
        && let Some(mut order) = orders::lock(&mut tx, organization, found.order).await?
    {
        orders::expire_now(sv, &mut tx, &mut order).await?;
    }
    let job = Job::SandboxNews {
        payment: found.payment,
        outcome: outcome.code().to_owned(),
    };
    let key = format!("sandbox|{}", found.payment);
    jobs::enqueue(
        sv,
        &mut tx,
        organization,
        &job,
        shift(now, delay),
        Some(&key),
    )
    .await?;
    tx.commit().await
}

/// The provider calls.
pub(crate) async fn tell(sv: &Services, id: PaymentId, outcome: &str) -> Result<(), Unexpected> {
    if !is_used(sv) {
        return Ok(());
    }
    let outcome: SandboxOutcome = outcome
        .parse()
        .map_err(|e| Unexpected::new("sandbox outcome", e))?;
    let Some(provider_ref) = queries::reference(sv, PROVIDER, id).await? else {
        return Ok(());
    };
    let Some(found) = find::find(sv, PROVIDER, &provider_ref).await? else {
        return Ok(());
    };
    match apply_news::apply_news(sv, news(id, found.hold, provider_ref, outcome)).await {
        Ok(_) | Err(NewsError::UnknownPayment) => Ok(()),
        Err(NewsError::Unexpected(e)) => Err(e),
    }
}

fn news(
    payment: PaymentId,
    hold: bool,
    provider_ref: String,
    outcome: SandboxOutcome,
) -> ProviderNews {
    let kind = match outcome {
        SandboxOutcome::Decline => NewsKind::Failed {
            reason: DeclineReason::CardDeclined,
        },
        SandboxOutcome::Succeed | SandboxOutcome::Slow | SandboxOutcome::AfterExpiry if hold => {
            NewsKind::Held
        }
        SandboxOutcome::Succeed | SandboxOutcome::Slow | SandboxOutcome::AfterExpiry => {
            NewsKind::Succeeded
        }
    };
    ProviderNews {
        provider: PROVIDER.to_owned(),
        event_id: format!("{payment}-{}", outcome.code()),
        provider_ref,
        kind,
        charge_ref: None,
        closed: !hold,
        card: None,
    }
}
