//! Events with their pools and ticket types.

use domain::{
    catalog::{Attendance, EventState, Visibility},
    ids::{EventId, FileId},
    orders::{RefundPolicy, RefundTier},
    when::Timestamp,
};
use jiff::{SignedDuration, tz::TimeZone};
use uuid::Uuid;

use super::{accounts::House, ids::id_at, today};
use crate::{
    Services, Unexpected,
    db::Tx,
    demo::{
        content::{DemoEvent, Language, Place, SalesWindow, State},
        plan::Moments,
        queries::{self, NewEvent, NewPool, NewType},
    },
};

/// Ids of an event and of its ticket types, in the order of the content.
pub(super) struct EventIds {
    pub event: EventId,
    pub types: Vec<Uuid>,
}

/// The policy of an event as the domain knows it.
pub(super) fn policy(event: &DemoEvent) -> Result<RefundPolicy, Unexpected> {
    let tiers = event
        .refund_policy
        .iter()
        .map(|(days_before, percent)| RefundTier {
            days_before: *days_before,
            percent: *percent,
        });
    RefundPolicy::new(tiers.collect())
        .map_err(|e| Unexpected::new(format!("refund policy of {}", event.slug), e))
}

pub(super) fn language(event: &DemoEvent) -> &'static str {
    match event.language {
        Language::En => "en",
        Language::Ar => "ar",
    }
}

pub(super) async fn insert(
    sv: &Services,
    tx: &mut Tx,
    house: &House,
    event: &'static DemoEvent,
    picture: FileId,
    now: Timestamp,
) -> Result<(EventIds, Moments), Unexpected> {
    let bad = |e: jiff::Error| Unexpected::new(format!("when of {}", event.slug), e);
    let zone = TimeZone::get(event.time_zone).map_err(bad)?;
    let (starts, ends) = event.when.instants(today(now, &zone), &zone).map_err(bad)?;
    let moments = Moments { starts, ends, now };
    // On sale since the day before the first sale; written a few days earlier.
    let published =
        now.min(starts) - SignedDuration::from_hours(24 * (i64::from(event.sales.days) + 1));
    let created = published - SignedDuration::from_hours(24 * 4 + 5);
    let (state, visibility, reason) = standing(event);
    let id = EventId::new(id_at(sv, created));
    let (name, address, city, country, link, attendance) = match event.place {
        Place::Venue {
            name,
            address,
            city,
            country,
        } => (name, address, city, country, "", Attendance::InPerson),
        Place::Online { link } => ("", "", "", "", link, Attendance::Online),
    };
    let row = NewEvent {
        id,
        organization: house.id,
        event,
        language: language(event),
        state,
        visibility,
        reason,
        attendance,
        venue: [name, address, city, country],
        link,
        starts,
        ends,
        picture,
        policy: serde_json::to_value(policy(event)?)
            .map_err(|e| Unexpected::new("refund policy", e))?,
        published: (state != EventState::Draft).then_some(published),
        created,
    };
    queries::event(tx, &row).await?;
    let pools: Vec<NewPool> = event
        .pools
        .iter()
        .map(|pool| NewPool {
            id: id_at(sv, created),
            pool,
        })
        .collect();
    queries::pools(tx, house.id, id, &pools).await?;
    let types: Vec<NewType> = event
        .tickets
        .iter()
        .map(|ticket| {
            let day = |day: i32| now + SignedDuration::from_hours(24 * i64::from(day));
            let (from, until) = match ticket.sales {
                SalesWindow::Open => (None, None),
                SalesWindow::Until(end) => (None, Some(day(end))),
                SalesWindow::From(start) => (Some(day(start)), None),
            };
            let draws = pools
                .iter()
                .filter(|pool| ticket.pools.contains(&pool.pool.key))
                .map(|pool| pool.id)
                .collect();
            NewType {
                id: id_at(sv, created),
                ticket,
                from,
                until,
                draws,
            }
        })
        .collect();
    queries::ticket_types(tx, house.id, id, &types, created).await?;
    Ok((
        EventIds {
            event: id,
            types: types.into_iter().map(|new| new.id).collect(),
        },
        moments,
    ))
}

fn standing(event: &DemoEvent) -> (EventState, Visibility, &'static str) {
    let reason = match event.language {
        Language::En => "We are sorry. Details stand in the description.",
        Language::Ar => "نعتذر منكم. التفاصيل في الوصف.",
    };
    match event.state {
        State::Published | State::SoldOut | State::Past => {
            (EventState::Published, Visibility::Public, "")
        }
        State::Unlisted => (EventState::Published, Visibility::Unlisted, ""),
        State::Cancelled => (EventState::Cancelled, Visibility::Public, reason),
        State::Postponed => (EventState::Postponed, Visibility::Public, reason),
        State::Draft => (EventState::Draft, Visibility::Public, ""),
    }
}
