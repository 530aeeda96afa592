//! Changing an event section by section.

use domain::{
    catalog::{Attendance, Category, EventState, Visibility},
    ids::{EventId, FileId},
    money::{Currency, Money},
    orders::{ChangeTerms, RefundPolicy, RefundTier},
    text::{Fault, FieldErrors, block, line},
};

use super::{
    EventError,
    after_move::{self, AfterMoveInput, Moved},
    change::{is_sold, lock_open, tell},
    input, lifecycle,
    ticket_types::price,
    times::{self, WhenInput},
};
use crate::{
    Services, Unexpected,
    organizers::{country_code, web_address},
    permit::{EditPages, ManageEvents, Permit},
};

#[derive(Debug, Default, Clone)]
pub struct BasicsInput {
    pub title: String,
    pub summary: String,
    pub category: String,
    pub language: String,
    /// Fixed once somebody has tickets.
    pub currency: String,
}

#[derive(Debug, Default, Clone)]
pub struct PlaceInput {
    pub attendance: String,
    pub venue_name: String,
    pub venue_address: String,
    pub venue_city: String,
    pub venue_country: String,
    pub online_url: String,
}

#[derive(Debug, Default, Clone)]
pub struct DescriptionInput {
    pub description_md: String,
}

#[tracing::instrument(skip_all, fields(event.id = %event))]
pub async fn set_basics(
    sv: &Services,
    permit: &Permit<ManageEvents>,
    event: EventId,
    cmd: BasicsInput,
) -> Result<(), EventError> {
    let mut errors = FieldErrors::new();
    let title = errors.field("title", input::title(&cmd.title));
    let summary = errors.field("summary", line(&cmd.summary, 0, 200));
    let category = errors.field("category", cmd.category.parse::<Category>());
    let language = errors.field("language", input::language(&cmd.language));
    let currency = errors.field(
        "currency",
        cmd.currency
            .parse::<Currency>()
            .map_err(|_| Fault::UnknownChoice),
    );
    errors.finish()?;
    let (Some(title), Some(summary), Some(category), Some(language), Some(currency)) =
        (title, summary, category, language, currency)
    else {
        return Err(EventError::NotFound);
    };
    let organization = permit.organization();
    let mut tx = sv.db.begin(permit.scope()).await?;
    let locked = lock_open(&mut tx, organization, event).await?;
    if locked.currency != currency {
        // Prices are kept in minor units: 12.50 EUR would become 1250 JPY.
        if is_sold(&mut tx, organization, event).await? {
            return Err(EventError::AlreadySold);
        }
        convert_prices(&mut tx, event, locked.currency, currency).await?;
    }
    sqlx::query!(
        r#"
        update events set title = $3, summary = $4, category = $5, language = $6, currency = $7
        where organization_id = $1 and id = $2
        "#,
        organization.get(),
        event.get(),
        title,
        summary,
        category.code(),
        language,
        currency.as_str()
    )
    .execute(&mut *tx)
    .await?;
    tell(sv, &mut tx, organization, event, None).await?;
    tx.commit().await?;
    Ok(())
}

/// Keeps the figure that people see when the number of decimals changes.
async fn convert_prices(
    tx: &mut crate::db::Tx,
    event: EventId,
    from: Currency,
    to: Currency,
) -> Result<(), Unexpected> {
    let (from, to) = (u32::from(from.exponent()), u32::from(to.exponent()));
    let up = 10_i64.pow(to.saturating_sub(from));
    let down = 10_i64.pow(from.saturating_sub(to));
    sqlx::query!(
        r#"
        update ticket_types
        set price_minor = price_minor * $2 / $3,
            price_phases = jsonb_set(price_phases, '{ending}', (
                select jsonb_agg(
                    phase || jsonb_build_object('price_minor', (phase ->> 'price_minor')::bigint * $2 / $3) order by n)
                from jsonb_array_elements(price_phases -> 'ending') with ordinality as p (phase, n)))
        where event_id = $1
        "#,
        event.get(),
        up,
        down
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Changes when the event is. Of an event that was published, this is a new date, and buyers are told.
#[tracing::instrument(skip_all, fields(event.id = %event))]
pub async fn set_when(
    sv: &Services,
    permit: &Permit<ManageEvents>,
    event: EventId,
    cmd: WhenInput,
    after: &AfterMoveInput,
) -> Result<(), EventError> {
    let mut errors = FieldErrors::new();
    let when = times::when(&cmd, sv.now(), &mut errors);
    let starts = when.as_ref().map(|when| when.window.from);
    let tickets = after_move::read(after, &cmd.time_zone, (sv.now(), starts), &mut errors);
    errors.finish()?;
    let (Some(when), Some(tickets)) = (when, tickets) else {
        return Err(EventError::NotFound);
    };
    let mut tx = sv.db.begin(permit.scope()).await?;
    let locked = lock_open(&mut tx, permit.organization(), event).await?;
    match locked.state {
        EventState::Draft => {
            lifecycle::save_when(&mut tx, permit.organization(), event, &when).await?;
            tell(sv, &mut tx, permit.organization(), event, None).await?;
        }
        EventState::Published | EventState::Postponed | EventState::Cancelled => {
            let moved = Moved {
                organization: permit.organization(),
                event,
                new_date: true,
                reason: "",
                by: permit.actor(),
            };
            lifecycle::move_to(sv, &mut tx, &moved, locked.state, (&when, tickets)).await?;
        }
    }
    tx.commit().await?;
    Ok(())
}

#[tracing::instrument(skip_all, fields(event.id = %event))]
pub async fn set_place(
    sv: &Services,
    permit: &Permit<ManageEvents>,
    event: EventId,
    cmd: PlaceInput,
) -> Result<(), EventError> {
    let mut errors = FieldErrors::new();
    let attendance = errors.field("attendance", cmd.attendance.parse::<Attendance>());
    let name = errors.field("venue_name", line(&cmd.venue_name, 0, 120));
    let address = errors.field("venue_address", line(&cmd.venue_address, 0, 200));
    let city = errors.field("venue_city", line(&cmd.venue_city, 0, 80));
    let country = errors.field("venue_country", country_code(&cmd.venue_country));
    let online = errors.field("online_url", web_address(&cmd.online_url));
    errors.finish()?;
    let (Some(attendance), Some(name), Some(address), Some(city), Some(country), Some(online)) =
        (attendance, name, address, city, country, online)
    else {
        return Err(EventError::NotFound);
    };
    let organization = permit.organization();
    let mut tx = sv.db.begin(permit.scope()).await?;
    let locked = lock_open(&mut tx, organization, event).await?;
    if locked.state != EventState::Draft {
        // What visitors see must not lose its place.
        let (field, value) = match attendance {
            Attendance::InPerson => ("venue_name", &name),
            Attendance::Online => ("online_url", &online),
        };
        if value.is_empty() {
            return Err(FieldErrors::one(field, Fault::Required).into());
        }
    }
    sqlx::query!(
        r#"
        update events
        set attendance = $3, venue_name = $4, venue_address = $5, venue_city = $6, venue_country = $7, online_url = $8
        where organization_id = $1 and id = $2
        "#,
        organization.get(),
        event.get(),
        attendance.code(),
        name,
        address,
        city,
        country,
        online
    )
    .execute(&mut *tx)
    .await?;
    tell(sv, &mut tx, organization, event, None).await?;
    tx.commit().await?;
    Ok(())
}

#[tracing::instrument(skip_all, fields(event.id = %event))]
pub async fn set_description(
    sv: &Services,
    permit: &Permit<EditPages>,
    event: EventId,
    cmd: DescriptionInput,
) -> Result<(), EventError> {
    let text = block(&cmd.description_md, 20_000)
        .map_err(|fault| FieldErrors::one("description_md", fault))?;
    let organization = permit.organization();
    let mut tx = sv.db.begin(permit.scope()).await?;
    let locked = lock_open(&mut tx, organization, event).await?;
    if locked.state != EventState::Draft && text.is_empty() {
        return Err(FieldErrors::one("description_md", Fault::Required).into());
    }
    sqlx::query!(
        "update events set description_md = $3 where organization_id = $1 and id = $2",
        organization.get(),
        event.get(),
        text
    )
    .execute(&mut *tx)
    .await?;
    tell(sv, &mut tx, organization, event, None).await?;
    tx.commit().await?;
    Ok(())
}

/// Shows another picture, or none.
#[tracing::instrument(skip_all, fields(event.id = %event))]
pub async fn set_picture(
    sv: &Services,
    permit: &Permit<EditPages>,
    event: EventId,
    picture: Option<FileId>,
) -> Result<(), EventError> {
    let organization = permit.organization();
    let mut tx = sv.db.begin(permit.scope()).await?;
    lock_open(&mut tx, organization, event).await?;
    if let Some(file) = picture {
        sqlx::query_scalar!(
            "select id from files where organization_id = $1 and id = $2",
            organization.get(),
            file.get()
        )
        .fetch_optional(&mut *tx)
        .await?
        .ok_or(EventError::NotFound)?;
    }
    sqlx::query!(
        "update events set image_id = $3 where organization_id = $1 and id = $2",
        organization.get(),
        event.get(),
        picture.map(FileId::get)
    )
    .execute(&mut *tx)
    .await?;
    tell(sv, &mut tx, organization, event, None).await?;
    tx.commit().await?;
    Ok(())
}

/// What buyers get back when they cancel.
#[derive(Debug, Clone, Default)]
pub struct RefundInput {
    /// Rows of (days before, percent).
    pub rows: Vec<(String, String)>,
    /// The fee within a price does not go back.
    pub keeps_fee: bool,
    /// New events of the organization start with the same.
    pub for_new_events: bool,
}

/// Sets what buyers get back when they cancel. Orders keep the policy they were placed under.
#[tracing::instrument(skip_all, fields(event.id = %event))]
pub async fn set_refund_policy(
    sv: &Services,
    permit: &Permit<ManageEvents>,
    event: EventId,
    cmd: &RefundInput,
) -> Result<(), EventError> {
    let mut errors = FieldErrors::new();
    let mut tiers = Vec::new();
    for (n, (days, percent)) in cmd.rows.iter().take(10).enumerate() {
        if days.trim().is_empty() && percent.trim().is_empty() {
            continue;
        }
        let days = errors.field(&format!("days_{}", n + 1), input::whole(days, 0, 365));
        let percent = errors.field(&format!("percent_{}", n + 1), input::whole(percent, 0, 100));
        if let (Some(days), Some(percent)) = (days, percent) {
            let days_before = u16::try_from(days).unwrap_or(u16::MAX);
            tiers.push(RefundTier {
                days_before,
                percent: u8::try_from(percent).unwrap_or(100),
            });
        }
    }
    errors.finish()?;
    let policy = RefundPolicy::new(tiers)?.with_fee_kept(cmd.keeps_fee);
    let json = serde_json::to_value(&policy).map_err(|e| Unexpected::new("refund policy", e))?;
    let organization = permit.organization();
    let mut tx = sv.db.begin(permit.scope()).await?;
    lock_open(&mut tx, organization, event).await?;
    sqlx::query!(
        "update events set refund_policy = $3 where organization_id = $1 and id = $2",
        organization.get(),
        event.get(),
        json
    )
    .execute(&mut *tx)
    .await?;
    if cmd.for_new_events {
        sqlx::query!(
            "update organizations set refund_policy = $2 where id = $1",
            organization.get(),
            json
        )
        .execute(&mut *tx)
        .await?;
    }
    tell(sv, &mut tx, organization, event, None).await?;
    tx.commit().await?;
    Ok(())
}

/// What buyers may change by themselves.
#[derive(Debug, Clone, Default)]
pub struct ChangeInput {
    pub allowed: bool,
    /// Until how many hours before the start.
    pub until_hours: String,
    /// For each ticket.
    pub fee: String,
    /// A difference goes back to the buyer.
    pub returns_difference: bool,
}

/// Sets what buyers may change by themselves. Orders keep the terms they were placed under.
#[tracing::instrument(skip_all, fields(event.id = %event))]
pub async fn set_change_terms(
    sv: &Services,
    permit: &Permit<ManageEvents>,
    event: EventId,
    cmd: &ChangeInput,
) -> Result<(), EventError> {
    let organization = permit.organization();
    let mut tx = sv.db.begin(permit.scope()).await?;
    let current = lock_open(&mut tx, organization, event).await?;
    let terms = if cmd.allowed {
        Some(change_terms(cmd, current.currency)?)
    } else {
        None
    };
    let json = terms.map(serde_json::to_value).transpose();
    let json = json.map_err(|e| Unexpected::new("change terms", e))?;
    sqlx::query!(
        "update events set change_terms = $3 where organization_id = $1 and id = $2",
        organization.get(),
        event.get(),
        json
    )
    .execute(&mut *tx)
    .await?;
    tell(sv, &mut tx, organization, event, None).await?;
    tx.commit().await?;
    Ok(())
}

fn change_terms(cmd: &ChangeInput, currency: Currency) -> Result<ChangeTerms, FieldErrors> {
    let mut errors = FieldErrors::new();
    let hours = errors.field("until_hours", input::whole(&cmd.until_hours, 0, 2000));
    let fee = match cmd.fee.trim() {
        "" => Some(Money::zero(currency)),
        fee => errors.field("fee", price(fee, currency).and_then(in_steps)),
    };
    errors.finish()?;
    Ok(ChangeTerms {
        until_hours: hours
            .and_then(|hours| u16::try_from(hours).ok())
            .unwrap_or(0),
        fee_minor: fee.map_or(0, |fee| fee.minor),
        returns_difference: cmd.returns_difference,
    })
}

/// It is taken off what goes back, which cards move in steps.
fn in_steps(fee: Money) -> Result<Money, Fault> {
    if fee.is_in_steps() {
        Ok(fee)
    } else {
        let step = Money::new(fee.currency.step(), fee.currency);
        Err(Fault::NotInSteps { step })
    }
}

/// Listed for everybody, or only for those with the link.
#[tracing::instrument(skip_all, fields(event.id = %event))]
pub async fn set_visibility(
    sv: &Services,
    permit: &Permit<ManageEvents>,
    event: EventId,
    visibility: &str,
) -> Result<(), EventError> {
    let visibility: Visibility = visibility
        .parse()
        .map_err(|fault| FieldErrors::one("visibility", fault))?;
    let organization = permit.organization();
    let mut tx = sv.db.begin(permit.scope()).await?;
    lock_open(&mut tx, organization, event).await?;
    sqlx::query!(
        "update events set visibility = $3 where organization_id = $1 and id = $2",
        organization.get(),
        event.get(),
        visibility.code()
    )
    .execute(&mut *tx)
    .await?;
    tell(sv, &mut tx, organization, event, None).await?;
    tx.commit().await?;
    Ok(())
}
