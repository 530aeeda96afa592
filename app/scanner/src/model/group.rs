//! Everybody of one order in one go.

use domain::{checkin::Tone, ids::TicketId, when::Timestamp};

use super::{Judged, Model};

impl Model {
    /// The tickets that came with this one and may go in now without a closer look; without it.
    pub fn mates(&self, judged: &Judged, now: Timestamp) -> Vec<TicketId> {
        let code = judged.order_code.as_deref().map(str::parse);
        let Some(Ok(code)) = code.filter(|_| judged.verdict.admits()) else {
            return Vec::new();
        };
        self.tickets_of(code)
            .into_iter()
            .filter(|ticket| Some(*ticket) != judged.ticket)
            .filter(|ticket| {
                self.judge_chosen(*ticket, now)
                    .is_some_and(|judged| matches!(judged.verdict.tone(), Tone::Go | Tone::GoNote))
            })
            .collect()
    }
}
