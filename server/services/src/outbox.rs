//! Announcements of what happened, written in the transaction in which it happened.
//!
//! A reader takes only rows of transactions below the oldest running one: sequence order is not commit order.

use domain::ids::OrganizationId;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{Services, Unexpected, db::Tx, messaging::RequestNews};

/// What other parts of the house want to know. The worker turns these into mails, search updates and live figures.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "topic", rename_all = "snake_case")]
pub enum Announcement {
    EventChanged {
        event: Uuid,
    },
    OrganizationChanged {
        organization: Uuid,
    },
    OrderPlaced {
        order: Uuid,
    },
    OrderPaid {
        order: Uuid,
    },
    OrderCancelled {
        order: Uuid,
    },
    /// The buyer gave some tickets of an order back, and keeps others.
    TicketsCancelled {
        order: Uuid,
        tickets: Vec<Uuid>,
    },
    OrderExpired {
        order: Uuid,
        /// The organizer had said yes to it.
        #[serde(default)]
        approved: bool,
        /// A transfer was waited for.
        #[serde(default)]
        by_transfer: bool,
    },
    /// Something about an order that needs the organizer's yes.
    Request {
        order: Uuid,
        news: RequestNews,
    },
    OrderRefunded {
        order: Uuid,
        refund: Uuid,
    },
    /// The money came after the places had gone, and goes back.
    PaidTooLate {
        order: Uuid,
    },
    /// The card had paid for as many tickets as it may: the order is over, and the money goes back or was never taken.
    OverCardLimit {
        order: Uuid,
    },
    /// The organizer has changed tickets, and the buyer is to pay a difference.
    ExchangeOffered {
        order: Uuid,
    },
    /// The money for other tickets came when the old ones could not be given in any more, and goes back.
    ExchangeFailed {
        order: Uuid,
    },
    EventPostponed {
        event: Uuid,
    },
    EventRescheduled {
        event: Uuid,
    },
    EventCancelled {
        event: Uuid,
    },
    /// Its buyers may give their tickets back for a while.
    GiveBackOffered {
        event: Uuid,
        offer: Uuid,
    },
}

impl Announcement {
    pub fn topic(&self) -> &'static str {
        match self {
            Self::EventChanged { .. } => "event_changed",
            Self::OrganizationChanged { .. } => "organization_changed",
            Self::OrderPlaced { .. } => "order_placed",
            Self::OrderPaid { .. } => "order_paid",
            Self::OrderCancelled { .. } => "order_cancelled",
            Self::TicketsCancelled { .. } => "tickets_cancelled",
            Self::OrderExpired { .. } => "order_expired",
            Self::Request { .. } => "request",
            Self::OrderRefunded { .. } => "order_refunded",
            Self::PaidTooLate { .. } => "paid_too_late",
            Self::OverCardLimit { .. } => "over_card_limit",
            Self::ExchangeOffered { .. } => "exchange_offered",
            Self::ExchangeFailed { .. } => "exchange_failed",
            Self::EventPostponed { .. } => "event_postponed",
            Self::EventRescheduled { .. } => "event_rescheduled",
            Self::EventCancelled { .. } => "event_cancelled",
            Self::GiveBackOffered { .. } => "give_back_offered",
        }
    }
}

pub async fn append(
    sv: &Services,
    tx: &mut Tx,
    organization: OrganizationId,
    announcement: &Announcement,
) -> Result<(), Unexpected> {
    append_all(sv, tx, organization, std::slice::from_ref(announcement)).await
}

/// In their order, in one statement.
pub async fn append_all(
    sv: &Services,
    tx: &mut Tx,
    organization: OrganizationId,
    announcements: &[Announcement],
) -> Result<(), Unexpected> {
    let topics: Vec<String> = announcements
        .iter()
        .map(|announcement| announcement.topic().to_owned())
        .collect();
    let payloads = announcements
        .iter()
        .map(serde_json::to_value)
        .collect::<Result<Vec<_>, _>>()
        .map_err(|e| Unexpected::new("outbox payload", e))?;
    sqlx::query!(
        r#"
        insert into outbox (organization_id, topic, payload, created_at)
        select $1, topic, payload, $2
        from unnest($3::text[], $4::jsonb[]) with ordinality as said (topic, payload, n)
        order by n
        "#,
        organization.get(),
        jiff_sqlx::Timestamp::from(sv.now()) as _,
        &topics,
        &payloads
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// A row taken from the outbox.
#[derive(Debug)]
pub struct Taken {
    pub id: i64,
    pub organization: Option<OrganizationId>,
    pub announcement: Announcement,
}

/// Takes (deletes) the oldest settled announcements within the caller's transaction, in order. The caller writes their
/// effects in the same transaction, so each has its effect exactly once. Unreadable rows are logged and dropped.
pub async fn take(tx: &mut Tx, limit: i64) -> Result<Vec<Taken>, Unexpected> {
    let rows = sqlx::query!(
        r#"
        delete from outbox
        -- As a list, which is made once: of a set a plan for a small table asks anew for each row.
        where id = any(array(
            select id from outbox
            where transaction < pg_snapshot_xmin(pg_current_snapshot())
            order by id
            limit $1
            for update skip locked
        ))
        returning id, organization_id, payload
        "#,
        limit
    )
    .fetch_all(&mut **tx)
    .await?;
    let mut taken: Vec<_> = rows
        .into_iter()
        .filter_map(|row| match serde_json::from_value(row.payload) {
            Ok(announcement) => Some(Taken {
                id: row.id,
                organization: row.organization_id.map(OrganizationId::new),
                announcement,
            }),
            Err(e) => {
                tracing::error!(outbox.id = row.id, error = %e, "unreadable announcement dropped");
                None
            }
        })
        .collect();
    taken.sort_by_key(|t| t.id);
    Ok(taken)
}
