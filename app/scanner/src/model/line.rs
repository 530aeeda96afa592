//! A line of this device's log.

use domain::{
    checkin::Verdict,
    door::{Answer, ReportKind, ScanReport, Used},
    ids::{CheckInId, TicketId},
    when::Timestamp,
};
use serde::{Deserialize, Serialize};

use super::Judged;

/// Written before anything is shown; its number is given by the store and never used again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    pub id: CheckInId,
    pub ticket: Option<TicketId>,
    pub kind: ReportKind,
    pub verdict: Verdict,
    pub at: Timestamp,
    pub holder: Option<String>,
    pub type_name: Option<String>,
    pub order_code: Option<String>,
    pub state: LineState,
}

/// Whether the server knows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LineState {
    Waiting,
    Told { settled: Answer, used: Option<Used> },
}

impl Line {
    pub fn new(id: CheckInId, kind: ReportKind, judged: &Judged, at: Timestamp) -> Self {
        Self {
            id,
            ticket: judged.ticket,
            kind,
            verdict: judged.verdict.clone(),
            at,
            holder: judged.holder.clone(),
            type_name: judged.type_name.clone(),
            order_code: judged.order_code.clone(),
            state: LineState::Waiting,
        }
    }

    pub fn report(&self, number: u64) -> ScanReport {
        ScanReport {
            id: self.id,
            ticket: self.ticket,
            kind: self.kind,
            verdict: self.verdict.code().to_owned(),
            at: self.at,
            counter: number,
        }
    }

    fn settled(&self) -> Option<Answer> {
        match &self.state {
            LineState::Waiting => None,
            LineState::Told { settled, .. } => Some(*settled),
        }
    }

    /// The server could not take the admission over: it counts nowhere.
    pub fn failed(&self) -> bool {
        matches!(
            self.settled(),
            Some(Answer::Refused | Answer::LateRevoked | Answer::Conflict)
        )
    }

    pub fn troubled(&self) -> bool {
        self.failed()
    }
}
