//! What the organizer's pages show of events.

use domain::{
    catalog::{Attendance, Category, EventState, Missing, Phase, Visibility},
    ids::{EventId, PoolId, PricePhaseId, TicketTypeId},
    money::{Currency, Money},
    orders::{ChangeTerms, PassingPolicy, RefundTier, RequestPolicy},
    pricing::{Rate, Terms, tax::rates::Choice},
    text::Fault,
};
use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

/// The dashboard of an organization.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventListView {
    pub organization: String,
    /// Who offers the viewer the ownership, and whether they step back for it.
    pub offer: Option<OwnershipOfferView>,
    /// Why nothing can be sold or changed; `None` while it can.
    pub suspended_reason: Option<String>,
    pub rows: Vec<EventRowView>,
    pub next: Option<String>,
    pub upcoming: i64,
    pub drafts: i64,
    pub past: i64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnershipOfferView {
    pub by: String,
    pub to: String,
    pub steps_back: bool,
    /// The last day it is good for (UTC).
    pub until: jiff::civil::Date,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventRowView {
    pub slug: String,
    pub title: String,
    pub phase: Phase,
    pub starts: DateTime,
    pub zone: String,
    pub city: String,
    pub online: bool,
    /// Address of the picture, 480 wide.
    pub picture: Option<String>,
    pub capacity: i64,
    pub sold: i64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewEventView {
    pub organization: String,
    pub language: String,
    /// Of the last event; empty before the first one.
    pub time_zone: String,
    pub currency: String,
    pub time_zones: Vec<String>,
}

/// Everything about an event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventView {
    pub id: EventId,
    pub organization_slug: String,
    pub organization_name: String,
    pub slug: String,
    pub title: String,
    pub summary: String,
    pub description_md: String,
    pub category: Category,
    pub language: String,
    pub state: EventState,
    pub state_reason: String,
    pub phase: Phase,
    pub visibility: Visibility,
    /// Whether buyers wait for their turn.
    pub waiting_room: bool,
    pub attendance: Attendance,
    pub venue_name: String,
    pub venue_address: String,
    pub venue_city: String,
    pub venue_country: String,
    pub online_url: String,
    pub time_zone: String,
    /// On the clocks of the venue, with what to call their zone.
    pub starts: DateTime,
    pub ends: DateTime,
    pub zone: String,
    pub currency: Currency,
    /// Address of the picture, 960 wide.
    pub picture: Option<String>,
    pub refund_tiers: Vec<RefundTier>,
    pub refund_keeps_fee: bool,
    /// What buyers may change by themselves.
    pub change_terms: Option<ChangeTerms>,
    pub passing: PassingPolicy,
    /// How many tickets one card may pay for.
    pub max_per_card: Option<i16>,
    /// Whether orders need the organizer's yes.
    pub requests: RequestPolicy,
    /// Whether a card can be held meanwhile.
    pub can_hold: bool,
    pub sold: bool,
    pub sold_out: bool,
    pub ticket_types: Vec<TicketTypeView>,
    pub pools: Vec<PoolView>,
    pub pricing: PricingView,
    pub missing: Vec<Missing>,
    pub can_publish: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketTypeView {
    pub id: TicketTypeId,
    pub name: String,
    pub description: String,
    /// As it was typed; with phases, for the last one.
    pub price: Money,
    /// Its prices one after the other, the last one included; empty where there is one price.
    pub phases: Vec<PhaseView>,
    /// How many are taken, where a phase ends by count.
    pub taken: u32,
    /// Which phase holds.
    pub phase_now: usize,
    /// Of tax, where it is not the event's.
    pub tax: Option<Rate>,
    pub min_per_order: i16,
    pub max_per_order: i16,
    /// Over all orders of one customer.
    pub max_per_customer: Option<i16>,
    /// What to look at at the door.
    pub door_note: String,
    pub sales_from: Option<DateTime>,
    pub sales_until: Option<DateTime>,
    pub state: String,
    pub pools: Vec<PoolId>,
    pub sold: i64,
    /// Why nobody can buy it, at the price that holds now or at one that comes.
    pub not_payable: Option<Fault>,
}

/// One of the prices that a ticket type has one after the other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhaseView {
    pub id: PricePhaseId,
    pub name: String,
    /// As it was typed.
    pub price: Money,
    /// On the clocks of the venue.
    pub until: Option<DateTime>,
    /// How many of the type are taken when it ends.
    pub count: Option<u32>,
}

impl TicketTypeView {
    /// As it was typed for what holds now.
    #[must_use]
    pub fn price_now(&self) -> Money {
        self.phases
            .get(self.phase_now)
            .map_or(self.price, |phase| phase.price)
    }
}

/// What is in the prices of an event, and which rates of tax there are to choose from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PricingView {
    pub terms: Terms,
    /// For admission where the event is.
    pub usual: Rate,
    /// What was chosen for the event instead.
    pub own: Option<Rate>,
    pub choices: Vec<Choice>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PoolView {
    pub id: PoolId,
    pub name: String,
    pub capacity: i32,
    pub held: i32,
    pub sold: i32,
}

#[cfg(feature = "ssr")]
mod server {
    use services::{
        events::{Checklist, EventDetail, EventPage, TicketTypeDetail},
        files::picture_path,
        organizers::Membership,
        team::OpenOffer,
        zone,
    };

    use super::*;

    impl From<OpenOffer> for OwnershipOfferView {
        fn from(offer: OpenOffer) -> Self {
            Self {
                by: offer.by_name,
                to: offer.to_name,
                steps_back: offer.steps_back,
                until: jiff::tz::Offset::UTC.to_datetime(offer.expires_at).date(),
            }
        }
    }

    impl EventListView {
        pub(crate) fn new(member: &Membership, page: EventPage, offer: Option<OpenOffer>) -> Self {
            Self {
                organization: member.name.clone(),
                offer: offer.map(OwnershipOfferView::from),
                suspended_reason: member.suspended_reason.clone(),
                rows: page
                    .rows
                    .into_iter()
                    .map(|row| EventRowView {
                        slug: row.slug,
                        title: row.title,
                        phase: row.phase,
                        starts: row.starts_local.at,
                        zone: row.starts_local.label,
                        city: row.venue_city,
                        online: row.online,
                        picture: row.picture.map(|hash| picture_path(&hash, 480)),
                        capacity: row.capacity,
                        sold: row.sold,
                    })
                    .collect(),
                next: page.next,
                upcoming: page.upcoming,
                drafts: page.drafts,
                past: page.past,
            }
        }
    }

    fn phases(t: &TicketTypeDetail, time_zone: &str) -> Vec<PhaseView> {
        let Some(chain) = &t.phases else {
            return Vec::new();
        };
        let local = |at| zone::local(at, time_zone).ok().map(|local| local.at);
        let ending = chain.ending.iter().map(|phase| PhaseView {
            id: phase.id,
            name: phase.name.clone(),
            price: Money::new(phase.price_minor, t.price.currency),
            until: phase.until.and_then(local),
            count: phase.count,
        });
        let last = PhaseView {
            id: chain.last.id,
            name: chain.last.name.clone(),
            price: t.price,
            until: None,
            count: None,
        };
        ending.chain(std::iter::once(last)).collect()
    }

    impl EventView {
        pub(crate) fn new(event: EventDetail, checklist: Checklist) -> Self {
            let can_publish = checklist.can_publish();
            Self {
                id: event.id,
                organization_slug: event.organization_slug,
                organization_name: event.organization_name,
                slug: event.slug,
                title: event.title,
                summary: event.summary,
                description_md: event.description_md,
                category: event.category,
                language: event.language,
                state: event.state,
                state_reason: event.state_reason,
                phase: event.phase,
                visibility: event.visibility,
                waiting_room: event.waiting_room,
                attendance: event.attendance,
                venue_name: event.venue_name,
                venue_address: event.venue_address,
                venue_city: event.venue_city,
                venue_country: event.venue_country,
                online_url: event.online_url,
                time_zone: event.time_zone.clone(),
                starts: event.starts_local.at,
                ends: event.ends_local.at,
                zone: event.starts_local.label,
                currency: event.currency,
                picture: event.picture.map(|hash| picture_path(&hash, 960)),
                refund_tiers: event.refund_policy.tiers().to_vec(),
                refund_keeps_fee: event.refund_policy.keeps_fee(),
                change_terms: event.change_terms,
                passing: event.passing,
                max_per_card: event.max_per_card,
                requests: event.requests,
                can_hold: event.can_hold,
                sold: event.sold,
                sold_out: event.sold_out,
                ticket_types: event
                    .ticket_types
                    .into_iter()
                    .map(|t| TicketTypeView {
                        phases: phases(&t, &event.time_zone),
                        id: t.id,
                        name: t.name,
                        description: t.description,
                        taken: t.taken,
                        phase_now: t.phase_now,
                        price: t.price,
                        tax: t.tax,
                        min_per_order: t.min_per_order,
                        max_per_order: t.max_per_order,
                        max_per_customer: t.max_per_customer,
                        door_note: t.door_note.unwrap_or_default(),
                        sales_from: t.sales_from_local,
                        sales_until: t.sales_until_local,
                        state: t.state,
                        pools: t.pools,
                        sold: t.sold,
                        not_payable: t.not_payable,
                    })
                    .collect(),
                pools: event
                    .pools
                    .into_iter()
                    .map(|p| PoolView {
                        id: p.id,
                        name: p.name,
                        capacity: p.capacity,
                        held: p.held,
                        sold: p.sold,
                    })
                    .collect(),
                pricing: PricingView {
                    terms: event.pricing.terms,
                    usual: event.pricing.usual,
                    own: event.pricing.own,
                    choices: event.pricing.choices,
                },
                missing: checklist.missing,
                can_publish,
            }
        }
    }
}
