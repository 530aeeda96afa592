//! An event that everybody wants.

use domain::{
    ids::{EventId, OrganizationId, PoolId, TicketTypeId},
    when::Timestamp,
};
use jiff::SignedDuration;

use super::Stage;
use crate::{Unexpected, db::Scope, rows::at, tickets::keys};

/// What kind of event to make.
#[derive(Debug, Clone, Copy)]
pub struct NewHotEvent {
    /// All of them in one pool, sold as one ticket type.
    pub places: u32,
    /// In cents of a euro; nothing makes it free.
    pub price_minor: i64,
    /// The most tickets in one order.
    pub most: u16,
}

/// A published event on sale, with its house.
#[derive(Debug, Clone)]
pub struct HotEvent {
    pub organization: OrganizationId,
    pub event: EventId,
    pub ticket_type: TicketTypeId,
    pub pool: PoolId,
    pub slug: String,
    pub places: u32,
    pub price_minor: i64,
    pub(super) ends_at: Timestamp,
}

impl Stage {
    /// Makes an organization with a signing key, and its event: published, on sale until it begins in a month.
    pub async fn hot_event(&self, new: NewHotEvent) -> Result<HotEvent, Unexpected> {
        let sv = &self.sv;
        let now = sv.now();
        let day = SignedDuration::from_hours(24);
        let starts_at = now + day * 30;
        let event = EventId::new(sv.new_id());
        let hot = HotEvent {
            organization: OrganizationId::new(sv.new_id()),
            event,
            ticket_type: TicketTypeId::new(sv.new_id()),
            pool: PoolId::new(sv.new_id()),
            slug: format!("hot-{}", event.get().simple()),
            places: new.places,
            price_minor: new.price_minor,
            ends_at: starts_at + day,
        };
        let mut tx = sv.db.begin(Scope::System).await?;
        sqlx::query!(
            r#"
            insert into organizations (id, slug, name, contact_email, country, created_at)
            values ($1, $2, 'House of Measures', 'house@measures.example', 'SI', $3)
            "#,
            hot.organization.get(),
            format!("house-{}", hot.organization.get().simple()),
            at(now) as _
        )
        .execute(&mut *tx)
        .await?;
        sqlx::query!(
            r#"
            insert into events (id, organization_id, slug, title, summary, description_md, category, state, venue_name,
                                venue_address, venue_city, venue_country, time_zone, starts_at, ends_at, currency,
                                published_at, created_at, updated_at)
            values ($1, $2, $3, 'The Night Everybody Wants', 'One evening, one stage, more friends than places.',
                    $4, 'concert', 'published', 'Great Hall', 'Market Square 1', 'Ljubljana', 'SI', 'Europe/Ljubljana',
                    $5, $6, 'EUR', $7, $7, $7)
            "#,
            hot.event.get(),
            hot.organization.get(),
            hot.slug,
            DESCRIPTION,
            at(starts_at) as _,
            at(hot.ends_at) as _,
            at(now) as _
        )
        .execute(&mut *tx)
        .await?;
        sqlx::query!(
            "insert into pools (id, organization_id, event_id, name, capacity) values ($1, $2, $3, 'Hall', $4)",
            hot.pool.get(),
            hot.organization.get(),
            hot.event.get(),
            crate::rows::int(new.places)
        )
        .execute(&mut *tx)
        .await?;
        sqlx::query!(
            r#"
            insert into ticket_types (id, organization_id, event_id, number, name, price_minor, max_per_order, created_at)
            values ($1, $2, $3, 1, 'Standing', $4, $5, $6)
            "#,
            hot.ticket_type.get(),
            hot.organization.get(),
            hot.event.get(),
            new.price_minor,
            crate::rows::small(u32::from(new.most)),
            at(now) as _
        )
        .execute(&mut *tx)
        .await?;
        sqlx::query!(
            "insert into ticket_type_pools (organization_id, ticket_type_id, pool_id) values ($1, $2, $3)",
            hot.organization.get(),
            hot.ticket_type.get(),
            hot.pool.get()
        )
        .execute(&mut *tx)
        .await?;
        keys::ensure(sv, &mut tx, hot.organization).await?;
        tx.commit().await?;
        Ok(hot)
    }
}

/// As long as organizers write.
const DESCRIPTION: &str = "Doors open at seven. The band begins at eight and plays without a break.\n\n\
    ## What to bring\n\n- your ticket, on paper or on a screen\n- a warm coat for the way home\n\n\
    The hall has **step-free access** on the north side; tell the door staff and they will take you in.\n\n\
    Bags larger than a sheet of paper stay in the cloakroom, which is free of charge.";
