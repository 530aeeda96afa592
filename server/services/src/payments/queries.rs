//! SQL of payments.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use domain::{
    ids::{EventId, OrderId, OrganizationId, PaymentId},
    ledger::Place,
    money::Money,
    payments::{DeclineReason, PaymentState},
    when::Timestamp,
};
use uuid::Uuid;

use super::{
    apply_news::{ProviderNews, Told},
    find::PaymentName,
    start::{Called, Way},
};
use crate::{
    Services, Unexpected,
    db::{Scope, Tx},
    ports::ProviderPayment,
    rows::{at, coded, money},
};

/// A payment as it stands.
#[derive(Debug, Clone)]
pub(super) struct Payment {
    pub id: PaymentId,
    pub organization: OrganizationId,
    pub order: OrderId,
    pub state: PaymentState,
    pub amount: Money,
    pub way: Way,
    /// Where the money is, once it is paid.
    pub place: Place,
    /// The provider's name of the money itself, once it is known.
    pub charge_ref: Option<String>,
    /// Nothing more can come of it at the provider.
    pub closed: bool,
    /// The connected account that its money goes to; nothing: the platform collects it.
    pub straight_to: Option<String>,
    /// The bank is only to keep the money ready.
    pub hold: bool,
    /// What stands for its card, where that matters.
    pub card: Option<Vec<u8>>,
    /// Its card had paid for as many tickets as it may.
    pub over_card_limit: bool,
}

impl Payment {
    /// What a message says besides the state; whether that was new. What is known stays known.
    pub(super) fn learn(&mut self, news: &ProviderNews) -> bool {
        let closes = news.closed && !self.closed;
        let names = self.charge_ref.is_none() && news.charge_ref.is_some();
        self.closed |= closes;
        if names {
            self.charge_ref.clone_from(&news.charge_ref);
        }
        let shows = self.card.is_none() && news.card.is_some();
        if shows {
            self.card.clone_from(&news.card);
        }
        closes || names || shows
    }
}

/// Whose a payment is, and whether the provider has told nothing of it yet.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Found {
    pub payment: PaymentId,
    pub organization: OrganizationId,
    pub event: EventId,
    pub order: OrderId,
    pub amount: Money,
    pub untouched: bool,
    /// The bank is only to keep the money ready.
    pub hold: bool,
    /// Its event is limited for a card, and which it was is not known yet.
    pub wants_card: bool,
}

/// In the order of the names.
pub(super) async fn find_all(
    tx: &mut Tx,
    names: &[PaymentName],
) -> Result<Vec<Option<Found>>, Unexpected> {
    let providers: Vec<String> = names.iter().map(|name| name.provider.clone()).collect();
    let refs: Vec<Option<String>> = names.iter().map(|name| name.reference.clone()).collect();
    let ids: Vec<Option<Uuid>> = names
        .iter()
        .map(|name| name.id.map(PaymentId::get))
        .collect();
    let rows = sqlx::query!(
        r#"
        select n.n as "n!", p.id as "id!", p.organization_id as "organization_id!", p.order_id as "order_id!",
               o.event_id as "event_id!", p.amount_minor as "amount_minor!", p.currency as "currency!",
               p.state = 'created' as "untouched!", p.hold as "hold!",
               e.max_per_card is not null and p.card_key is null as "wants_card!"
        from unnest($1::text[], $2::text[]) with ordinality as n (provider, name, n)
        join payments p on p.provider = n.provider and p.provider_ref = n.name
        join orders o on o.id = p.order_id
        join events e on e.id = o.event_id
        union all
        select n.n, p.id, p.organization_id, p.order_id, o.event_id, p.amount_minor, p.currency, p.state = 'created', p.hold,
               e.max_per_card is not null and p.card_key is null
        from unnest($1::text[], $3::uuid[]) with ordinality as n (provider, id, n)
        join payments p on p.id = n.id and p.provider = n.provider
        join orders o on o.id = p.order_id
        join events e on e.id = o.event_id
        "#,
        &providers,
        &refs as &[Option<String>],
        &ids as &[Option<Uuid>]
    )
    .fetch_all(&mut **tx)
    .await?;
    let mut found = vec![None; names.len()];
    for row in rows {
        let place = usize::try_from(row.n - 1).ok();
        if let Some(place) = place.and_then(|n| found.get_mut(n)) {
            *place = Some(Found {
                payment: PaymentId::new(row.id),
                organization: OrganizationId::new(row.organization_id),
                event: EventId::new(row.event_id),
                order: OrderId::new(row.order_id),
                amount: money("payments", row.id, row.amount_minor, &row.currency)?,
                untouched: row.untouched,
                hold: row.hold,
                wants_card: row.wants_card,
            });
        }
    }
    Ok(found)
}

pub(super) async fn lock(
    tx: &mut Tx,
    organization: OrganizationId,
    id: PaymentId,
) -> Result<Option<Payment>, Unexpected> {
    let mut locked = lock_all(tx, organization, &BTreeSet::from([id])).await?;
    Ok(locked.remove(&id))
}

/// Locks all payments of an order in the order of their ids.
pub(super) async fn lock_of_order(
    tx: &mut Tx,
    organization: OrganizationId,
    order: OrderId,
) -> Result<(), Unexpected> {
    sqlx::query_scalar!(
        "select id from payments where organization_id = $1 and order_id = $2 order by id for update",
        organization.get(),
        order.get()
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(())
}

/// Locks in the order of ids.
pub(super) async fn lock_all(
    tx: &mut Tx,
    organization: OrganizationId,
    ids: &BTreeSet<PaymentId>,
) -> Result<BTreeMap<PaymentId, Payment>, Unexpected> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.get()).collect();
    let rows = sqlx::query!(
        r#"
        select id, order_id, provider, in_page, state, decline_reason, amount_minor, currency, charge_ref,
               closed_at is not null as "closed!", straight_to, hold, card_key, over_card_limit
        from payments
        where organization_id = $1 and id = any($2)
        order by id
        for update
        "#,
        organization.get(),
        &ids
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter()
        .map(|row| {
            let id = PaymentId::new(row.id);
            let payment = Payment {
                id,
                organization,
                order: OrderId::new(row.order_id),
                state: state(id, &row.state, row.decline_reason.as_deref())?,
                amount: money("payments", id, row.amount_minor, &row.currency)?,
                way: Way::of(row.in_page),
                place: Place::of_provider(&row.provider),
                charge_ref: row.charge_ref,
                closed: row.closed,
                straight_to: row.straight_to,
                hold: row.hold,
                card: row.card_key,
                over_card_limit: row.over_card_limit,
            };
            Ok((id, payment))
        })
        .collect()
}

fn state(id: PaymentId, code: &str, reason: Option<&str>) -> Result<PaymentState, Unexpected> {
    let reason: Option<DeclineReason> = reason
        .map(|reason| coded("payments", id, reason))
        .transpose()?;
    PaymentState::from_parts(code, reason).ok_or_else(|| Unexpected::bad_row("payments", id, code))
}

pub(super) async fn save(tx: &mut Tx, payment: &Payment, now: Timestamp) -> Result<(), Unexpected> {
    save_all(tx, payment.organization, &[payment], now).await
}

pub(super) async fn save_all(
    tx: &mut Tx,
    organization: OrganizationId,
    payments: &[&Payment],
    now: Timestamp,
) -> Result<(), Unexpected> {
    let ids: Vec<Uuid> = payments.iter().map(|payment| payment.id.get()).collect();
    let states: Vec<String> = payments
        .iter()
        .map(|payment| payment.state.code().to_owned())
        .collect();
    let reason = |payment: &&Payment| Some(payment.state.reason()?.code().to_owned());
    let reasons: Vec<Option<String>> = payments.iter().map(reason).collect();
    let charges: Vec<Option<String>> = payments
        .iter()
        .map(|payment| payment.charge_ref.clone())
        .collect();
    let closed: Vec<bool> = payments.iter().map(|payment| payment.closed).collect();
    let cards: Vec<Option<Vec<u8>>> = payments
        .iter()
        .map(|payment| payment.card.clone())
        .collect();
    let over: Vec<bool> = payments
        .iter()
        .map(|payment| payment.over_card_limit)
        .collect();
    sqlx::query!(
        r#"
        update payments p set state = n.state, decline_reason = n.reason, charge_ref = n.charge_ref,
                              closed_at = case when n.closed then coalesce(p.closed_at, $2) end, updated_at = $2,
                              card_key = n.card, over_card_limit = n.over
        from unnest($3::uuid[], $4::text[], $5::text[], $6::text[], $7::bool[], $8::bytea[], $9::bool[])
            as n (id, state, reason, charge_ref, closed, card, over)
        where p.organization_id = $1 and p.id = n.id
        "#,
        organization.get(),
        at(now) as _,
        &ids,
        &states,
        &reasons as &[Option<String>],
        &charges as &[Option<String>],
        &closed,
        &cards as &[Option<Vec<u8>>],
        &over
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Whether a bank keeps money ready for an order.
pub(super) async fn is_held(
    tx: &mut Tx,
    organization: OrganizationId,
    order: OrderId,
) -> Result<bool, Unexpected> {
    Ok(sqlx::query_scalar!(
        r#"
        select exists (
            select from payments where organization_id = $1 and order_id = $2 and state = 'held'
        ) as "held!"
        "#,
        organization.get(),
        order.get()
    )
    .fetch_one(&mut **tx)
    .await?)
}

/// The provider's name for one of its payments.
pub(super) async fn reference(
    sv: &Services,
    provider: &str,
    id: PaymentId,
) -> Result<Option<String>, Unexpected> {
    let mut tx = sv.db.begin(Scope::System).await?;
    let name = sqlx::query_scalar!(
        "select provider_ref from payments where provider = $1 and id = $2",
        provider,
        id.get()
    )
    .fetch_optional(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(name)
}

/// A payment by the provider's names.
pub(super) async fn names(
    tx: &mut Tx,
    organization: OrganizationId,
    id: PaymentId,
) -> Result<Option<ProviderPayment>, Unexpected> {
    let row = sqlx::query!(
        "select provider_ref, charge_ref from payments where organization_id = $1 and id = $2",
        organization.get(),
        id.get()
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(row.map(|row| ProviderPayment {
        payment: id,
        provider_ref: row.provider_ref,
        charge_ref: row.charge_ref,
    }))
}

/// Where an order can be paid that waits for its money.
pub(super) async fn page_url(
    tx: &mut Tx,
    organization: OrganizationId,
    order: OrderId,
    provider: &str,
) -> Result<Option<String>, Unexpected> {
    let url = sqlx::query_scalar!(
        r#"
        select p.page_url as "url!" from payments p
        join orders o on o.id = p.order_id
        where p.organization_id = $1 and p.order_id = $2 and p.provider = $3 and p.closed_at is null
          and p.state in ('created', 'failed') and o.state = 'pending' and p.page_url is not null
        order by p.created_at desc, p.id desc
        limit 1
        "#,
        organization.get(),
        order.get(),
        provider
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(url)
}

/// The provider is being asked about it.
pub(super) async fn set_asked(sv: &Services, id: PaymentId) -> Result<(), Unexpected> {
    let mut tx = sv.db.begin(Scope::System).await?;
    sqlx::query!(
        "update payments set asked_at = $2 where id = $1",
        id.get(),
        at(sv.now()) as _
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await
}

/// An order's payments of one provider of which something may still come, by their names there; those that were not asked
/// about since `asked_before`, if that is given, and of one way of paying, if that is.
pub(super) async fn unclosed(
    tx: &mut Tx,
    organization: OrganizationId,
    order: OrderId,
    (provider, way): (&str, Option<Way>),
    asked_before: Option<Timestamp>,
) -> Result<Vec<ProviderPayment>, Unexpected> {
    let rows = sqlx::query!(
        r#"
        select id, provider_ref, charge_ref from payments
        where organization_id = $1 and order_id = $2 and provider = $3 and closed_at is null
          and ($4::timestamptz is null or asked_at is null or asked_at < $4)
          and ($5::bool is null or in_page = $5)
        order by id
        "#,
        organization.get(),
        order.get(),
        provider,
        asked_before.map(at) as _,
        way.map(Way::in_page)
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| ProviderPayment {
            payment: PaymentId::new(row.id),
            provider_ref: row.provider_ref,
            charge_ref: row.charge_ref,
        })
        .collect())
}

/// An attempt that is still under way.
pub(super) struct Open {
    pub payment: PaymentId,
    pub since: Timestamp,
    /// The provider's name for it; our own id until that is known.
    pub provider_ref: String,
    /// The account that its money goes to.
    pub straight_to: Option<String>,
    /// The bank is only to keep the money ready.
    pub hold: bool,
    /// It does.
    pub held: bool,
}

/// The attempts at a provider that are still under way, by order and way of paying.
pub(super) async fn open(
    tx: &mut Tx,
    organization: OrganizationId,
    orders: &[Uuid],
    provider: &str,
) -> Result<HashMap<(OrderId, Way), Open>, Unexpected> {
    let rows = sqlx::query!(
        r#"
        select distinct on (order_id, in_page) order_id, in_page, id, created_at, provider_ref, straight_to, hold,
               state = 'held' as "held!"
        from payments
        where organization_id = $1 and order_id = any($2) and provider = $3 and state in ('created', 'processing', 'held')
        order by order_id, in_page, state = 'held' desc, created_at desc, id desc
        "#,
        organization.get(),
        orders,
        provider
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let open = Open {
                payment: PaymentId::new(row.id),
                since: row.created_at.to_jiff(),
                provider_ref: row.provider_ref,
                straight_to: row.straight_to,
                hold: row.hold,
                held: row.held,
            };
            ((OrderId::new(row.order_id), Way::of(row.in_page)), open)
        })
        .collect())
}

pub(super) async fn insert(
    tx: &mut Tx,
    organization: OrganizationId,
    payments: &[Payment],
    provider: &str,
    now: Timestamp,
) -> Result<(), Unexpected> {
    if payments.is_empty() {
        return Ok(());
    }
    let ids: Vec<Uuid> = payments.iter().map(|payment| payment.id.get()).collect();
    let orders: Vec<Uuid> = payments.iter().map(|payment| payment.order.get()).collect();
    let states: Vec<String> = payments
        .iter()
        .map(|payment| payment.state.code().to_owned())
        .collect();
    let amounts: Vec<i64> = payments
        .iter()
        .map(|payment| payment.amount.minor)
        .collect();
    let currencies: Vec<String> = payments
        .iter()
        .map(|payment| payment.amount.currency.as_str().to_owned())
        .collect();
    let straight: Vec<Option<String>> = payments
        .iter()
        .map(|payment| payment.straight_to.clone())
        .collect();
    let in_page: Vec<bool> = payments
        .iter()
        .map(|payment| payment.way.in_page())
        .collect();
    let holds: Vec<bool> = payments.iter().map(|payment| payment.hold).collect();
    // Until the provider has told its reference, our own id stands in for it.
    sqlx::query!(
        r#"
        insert into payments (id, organization_id, order_id, provider, provider_ref, state, amount_minor, currency,
                              straight_to, in_page, hold, created_at, updated_at)
        select n.id, $1, n.order_id, $2, n.id::text, n.state, n.amount, n.currency, n.straight_to, n.in_page, n.hold, $3, $3
        from unnest($4::uuid[], $5::uuid[], $6::text[], $7::bigint[], $8::text[], $9::text[], $10::bool[], $11::bool[])
            as n (id, order_id, state, amount, currency, straight_to, in_page, hold)
        "#,
        organization.get(),
        provider,
        at(now) as _,
        &ids,
        &orders,
        &states,
        &amounts,
        &currencies,
        &straight as &[Option<String>],
        &in_page,
        &holds
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Keeps the provider's names of payments, locked in the order of their ids.
pub(super) async fn set_refs(
    tx: &mut Tx,
    organization: OrganizationId,
    names: &[Called],
) -> Result<(), Unexpected> {
    let ids: Vec<Uuid> = names.iter().map(|name| name.payment.get()).collect();
    let refs: Vec<String> = names.iter().map(|name| name.provider_ref.clone()).collect();
    let urls: Vec<Option<String>> = names.iter().map(|name| name.page_url.clone()).collect();
    sqlx::query!(
        r#"
        with locked as materialized (
            select id from payments where organization_id = $1 and id = any($2) order by id for update
        )
        update payments p set provider_ref = n.name, page_url = n.url
        from unnest($2::uuid[], $3::text[], $4::text[]) as n (id, name, url)
        join locked using (id)
        where p.id = n.id and p.provider_ref <> n.name
        "#,
        organization.get(),
        &ids,
        &refs,
        &urls as &[Option<String>]
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Which of these messages are new, by the provider's names for them; they are known from now on.
pub(super) async fn first_times(
    tx: &mut Tx,
    organization: OrganizationId,
    told: &[Told],
    now: Timestamp,
) -> Result<HashSet<String>, Unexpected> {
    let news = || told.iter().map(Told::parts);
    let providers: Vec<String> = news().map(|(_, news)| news.provider.clone()).collect();
    let names: Vec<String> = news().map(|(_, news)| news.event_id.clone()).collect();
    let payments: Vec<Uuid> = news().map(|(payment, _)| payment.get()).collect();
    let kinds: Vec<String> = news()
        .map(|(_, news)| news.kind.code().to_owned())
        .collect();
    let new = sqlx::query_scalar!(
        r#"
        insert into payment_events (provider, provider_event_id, organization_id, payment_id, kind, received_at)
        select n.provider, n.name, $1, n.payment_id, n.kind, $2
        from unnest($3::text[], $4::text[], $5::uuid[], $6::text[]) as n (provider, name, payment_id, kind)
        on conflict on constraint payment_events_pkey do nothing
        returning provider_event_id
        "#,
        organization.get(),
        at(now) as _,
        &providers,
        &names,
        &payments,
        &kinds
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(new.into_iter().collect())
}
