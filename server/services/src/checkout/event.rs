//! What buyers see of the event they buy for.

use domain::{
    catalog::{Attendance, EventState, Phase, phase},
    ids::{EventId, FileId, OrganizationId},
    money::Currency,
    orders::{ChangeTerms, HOURS_USUAL, RefundPolicy, RequestPolicy},
    pricing::{TaxMode, TicketSeller, VatId},
    when::Timestamp,
};
use serde::{Deserialize, Serialize};

use crate::{Unexpected, db::Tx, rows::coded};

/// How a visitor names an event.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum EventRef {
    Id(EventId),
    Slug(String),
}

/// The event of a hold or an order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EventSummary {
    pub id: EventId,
    pub slug: String,
    pub title: String,
    pub organizer_slug: String,
    pub organizer_name: String,
    pub organizer_email: String,
    pub organizer_suspended: bool,
    /// How its organizer is taxed.
    pub seller: TicketSeller,
    pub state: EventState,
    pub state_reason: String,
    pub attendance: Attendance,
    pub venue_name: String,
    pub venue_address: String,
    pub venue_city: String,
    pub venue_country: String,
    /// Only for those who have a ticket.
    pub online_url: String,
    /// IANA name.
    pub time_zone: String,
    pub starts_at: Timestamp,
    pub ends_at: Timestamp,
    pub currency: Currency,
    pub image: Option<FileId>,
    /// What a new order would agree to.
    pub refund_policy: RefundPolicy,
    /// What a new order's buyer may change by themselves; nothing: nothing.
    pub change_terms: Option<ChangeTerms>,
    /// Whether a new order needs the organizer's yes.
    pub requests: RequestPolicy,
}

impl EventSummary {
    pub fn phase(&self, now: Timestamp) -> Phase {
        phase(self.state, self.starts_at, self.ends_at, now)
    }

    /// Whether some businesses would owe the tax in its tickets themselves.
    pub fn has_reverse_charge(&self) -> bool {
        self.seller.has_reverse_charge(self.attendance)
    }

    /// Whether the holder of this VAT id owes the tax in its tickets; a text that is none has no holder.
    pub(crate) fn is_tax_owed_by(&self, vat_id: &str) -> bool {
        self.has_reverse_charge()
            && vat_id
                .parse::<VatId>()
                .is_ok_and(|id| self.seller.is_tax_owed_by(&id, self.attendance))
    }
}

/// Reads one event of the organization.
pub(crate) async fn summary(
    tx: &mut Tx,
    organization: OrganizationId,
    event: EventId,
) -> Result<Option<EventSummary>, Unexpected> {
    let Some(row) = sqlx::query!(
        r#"
        select e.id, e.slug, e.title, e.state, e.state_reason, e.attendance, e.venue_name, e.venue_address, e.venue_city,
               e.venue_country, e.online_url, e.time_zone, e.starts_at, e.ends_at, e.currency, e.image_id, e.refund_policy, e.change_terms,
               e.asking, e.asking_hours,
               o.slug as organizer_slug, o.name as organizer_name, o.contact_email as organizer_email,
               o.state as organizer_state, o.vat_id, o.tax_mode, coalesce(nullif(o.tax_country, ''), o.country) as "tax_country!"
        from events e
        join organizations o on o.id = e.organization_id
        where e.organization_id = $1 and e.id = $2
        "#,
        organization.get(),
        event.get()
    )
    .fetch_optional(&mut **tx)
    .await?
    else {
        return Ok(None);
    };
    Ok(Some(EventSummary {
        id: event,
        state: coded("events", row.id, &row.state)?,
        attendance: coded("events", row.id, &row.attendance)?,
        currency: coded("events", row.id, &row.currency)?,
        refund_policy: serde_json::from_value(row.refund_policy)
            .map_err(|e| Unexpected::bad_row("events", row.id, e))?,
        change_terms: row
            .change_terms
            .map(serde_json::from_value)
            .transpose()
            .map_err(|e| Unexpected::bad_row("events", row.id, e))?,
        requests: RequestPolicy {
            asking: coded("events", row.id, &row.asking)?,
            hours: u16::try_from(row.asking_hours).unwrap_or(HOURS_USUAL),
        },
        slug: row.slug,
        title: row.title,
        organizer_slug: row.organizer_slug,
        organizer_name: row.organizer_name,
        organizer_email: row.organizer_email,
        organizer_suspended: row.organizer_state == "suspended",
        seller: TicketSeller {
            country: row.tax_country,
            vat_id: row.vat_id,
            charges_tax: coded::<TaxMode>("organizations", organization, &row.tax_mode)?.charges(),
        },
        state_reason: row.state_reason,
        venue_name: row.venue_name,
        venue_address: row.venue_address,
        venue_city: row.venue_city,
        venue_country: row.venue_country,
        online_url: row.online_url,
        time_zone: row.time_zone,
        starts_at: row.starts_at.to_jiff(),
        ends_at: row.ends_at.to_jiff(),
        image: row.image_id.map(FileId::new),
    }))
}
