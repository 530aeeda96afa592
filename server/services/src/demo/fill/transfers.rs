//! The platform takes transfers, and two buyers have promised one. They are told nothing: nobody has their addresses.

use domain::{
    ids::{EventId, OrderId, TicketTypeId},
    orders::DetailsInput,
    transfers::{PROVIDER, Reference},
};
use jiff::SignedDuration;
use locales::Locale;

use super::SIGN_INS;
use crate::{
    Origin, Services, Unexpected,
    checkout::{self, EventRef, HoldTickets, PlaceOrder, Placed},
    db::Scope,
    rows::at,
};

/// The example of the standard for account numbers; no bank has it.
const NUMBER: &str = "DE89370400440532013000";
const DAYS: i16 = 7;

/// Who waits for what.
const WAITING: [(&str, &str, &str, Locale); 2] = [
    (
        "mara-lindqvist-quartet",
        "Tomas Weber",
        "tomas.weber@letters.example",
        Locale::En,
    ),
    (
        "mara-lindqvist-quartet",
        "ليلى حداد",
        "layla.haddad@letters.example",
        Locale::Ar,
    ),
];

pub(super) async fn insert(sv: &Services) -> Result<(), Unexpected> {
    let mut tx = sv.db.begin(Scope::System).await?;
    sqlx::query!(
        r#"
        insert into transfer_settings (offered, holder, iban, bic, bank, currency, days, days_before, changed_at, changed_by)
        select true, 'Bilten Demo', $1, 'COBADEFFXXX', 'Example Bank', 'EUR', $2, 3, $3, id from users where email = $4
        on conflict on constraint transfer_settings_pkey do nothing
        "#,
        NUMBER,
        DAYS,
        at(sv.now()) as _,
        SIGN_INS[0].email
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    for (slug, name, email, locale) in WAITING {
        let placed = order(sv, slug, name, email, locale).await?;
        promise(sv, &placed).await?;
    }
    Ok(())
}

/// Two tickets of the event's first type that costs something.
async fn order(
    sv: &Services,
    slug: &str,
    name: &str,
    email: &str,
    locale: Locale,
) -> Result<Placed, Unexpected> {
    let wrong = |e: &dyn std::fmt::Display| Unexpected::new("order of the sample", e.to_string());
    let mut tx = sv.db.begin(Scope::System).await?;
    let row = sqlx::query!(
        r#"
        select e.id, t.id as ticket_type
        from events e join ticket_types t on t.event_id = e.id
        where e.slug = $1 and t.price_minor > 0
        order by t.position
        limit 1
        "#,
        slug
    )
    .fetch_one(&mut *tx)
    .await?;
    tx.commit().await?;
    let cmd = HoldTickets {
        event: EventRef::Id(EventId::new(row.id)),
        lines: vec![(TicketTypeId::new(row.ticket_type), 2)],
        locale,
        address: None,
        place: None,
        proof: None,
        idempotency_key: None,
        key_of_a_view: false,
    };
    let held = checkout::hold(sv, cmd).await.map_err(|e| wrong(&e))?;
    let shown = checkout::show(sv, &held.token)
        .await?
        .ok_or_else(|| wrong(&"gone"))?;
    let cmd = PlaceOrder {
        token: held.token,
        details: DetailsInput {
            name: name.to_owned(),
            email: email.to_owned(),
            same_for_all: true,
            attendees: Vec::new(),
        },
        invoice: None,
        accepted_total: shown.total,
        locale,
        from: Origin::default(),
        idempotency_key: None,
    };
    checkout::place(sv, cmd).await.map_err(|e| wrong(&e))
}

async fn promise(sv: &Services, placed: &Placed) -> Result<(), Unexpected> {
    let now = sv.now();
    let reference = Reference::of_order(placed.code);
    let mut tx = sv.db.begin(Scope::System).await?;
    sqlx::query!(
        r#"
        insert into payments (id, organization_id, order_id, provider, provider_ref, state, amount_minor, currency,
                              created_at, updated_at)
        select $1, organization_id, id, $3, $4, 'created', total_minor, currency, $5, $5 from orders where id = $2
        "#,
        sv.new_id(),
        OrderId::get(placed.order),
        PROVIDER,
        reference.as_str(),
        at(now) as _
    )
    .execute(&mut *tx)
    .await?;
    sqlx::query!(
        "update orders set expires_at = $2 where id = $1",
        OrderId::get(placed.order),
        at(now + SignedDuration::from_hours(24 * i64::from(DAYS))) as _
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await
}
