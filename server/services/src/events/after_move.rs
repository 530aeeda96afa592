//! What becomes of tickets when their event is postponed or gets another date.

use domain::{
    ids::{EventId, OrganizationId, UserId},
    orders::{AfterMove, RunCause},
    text::{Fault, FieldErrors},
    when::Timestamp,
};

use super::{EventError, change::tell, lifecycle, times};
use crate::{
    Services,
    db::Tx,
    orders::{self, NewOffer, NewRun},
    outbox::Announcement,
};

/// As the form sends it.
#[derive(Debug, Clone, Default)]
pub struct AfterMoveInput {
    /// A code of [`AfterMove`]; empty: buyers are only told.
    pub choice: String,
    /// Until when tickets may be given back, on the clocks of the venue.
    pub until: String,
}

/// The same, understood.
#[derive(Debug, Clone, Copy)]
pub(super) enum Tickets {
    Tell,
    GiveBack { until: Timestamp },
    Refund,
}

/// `starts`: the new beginning, if it is known. Who gives tickets back does so before.
pub(super) fn read(
    input: &AfterMoveInput,
    time_zone: &str,
    (now, starts): (Timestamp, Option<Timestamp>),
    errors: &mut FieldErrors,
) -> Option<Tickets> {
    let choice = match input.choice.trim() {
        "" => AfterMove::Tell,
        code => errors.field("choice", code.parse())?,
    };
    match choice {
        AfterMove::Tell => Some(Tickets::Tell),
        AfterMove::Refund => Some(Tickets::Refund),
        AfterMove::GiveBack => {
            let until = errors.field("until", times::optional(&input.until, time_zone))?;
            let Some(until) = until else {
                errors.add("until", Fault::Required);
                return None;
            };
            if until <= now {
                errors.add("until", Fault::InPast);
                return None;
            }
            if starts.is_some_and(|starts| until > starts) {
                errors.add("until", Fault::AfterStart);
                return None;
            }
            Some(Tickets::GiveBack { until })
        }
    }
}

/// An event that was moved.
pub(super) struct Moved<'a> {
    pub organization: OrganizationId,
    pub event: EventId,
    /// There is a new date; otherwise there is none yet.
    pub new_date: bool,
    /// Told to the buyers.
    pub reason: &'a str,
    pub by: Option<UserId>,
}

/// Tells the buyers, each in one mail.
pub(super) async fn apply(
    sv: &Services,
    tx: &mut Tx,
    moved: &Moved<'_>,
    tickets: Tickets,
) -> Result<(), EventError> {
    let (organization, event) = (moved.organization, moved.event);
    let said = match (tickets, moved.new_date) {
        (Tickets::Tell, true) => Some(Announcement::EventRescheduled { event: event.get() }),
        (Tickets::Tell, false) => Some(Announcement::EventPostponed { event: event.get() }),
        (Tickets::GiveBack { .. } | Tickets::Refund, _) => None,
    };
    tell(sv, tx, organization, event, said).await?;
    match tickets {
        Tickets::Tell => {}
        Tickets::GiveBack { until } => {
            let offer = NewOffer {
                event,
                moved: moved.new_date,
                until,
                by: moved.by,
            };
            orders::make_offer(sv, tx, organization, &offer).await?;
        }
        Tickets::Refund => {
            let run = NewRun {
                event,
                cause: RunCause::Moved,
                reason: moved.reason,
                by: moved.by,
                until: None,
            };
            lifecycle::refund_all(sv, tx, organization, &run).await?;
        }
    }
    Ok(())
}
