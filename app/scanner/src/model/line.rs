//! A line of this device's log.

use domain::{
    checkin::Verdict,
    door::{Answer, ReportKind, ScanReport, Used},
    ids::{CheckInId, CheckInListId, EventId, TicketId},
    when::Timestamp,
};
use serde::{Deserialize, Serialize};

/// Written before anything is shown; its number is given by the store and never used again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    pub id: CheckInId,
    pub ticket: Option<TicketId>,
    #[serde(default)]
    pub list: Option<CheckInListId>,
    pub kind: ReportKind,
    pub verdict: Verdict,
    pub at: Timestamp,
    /// Where it was chosen on the device.
    #[serde(default)]
    pub gate: Option<String>,
    #[serde(default)]
    pub reason: Option<String>,
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

/// A line that has to be told, whatever the device may know by then. It names nobody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unsent {
    /// Of the pairing under which it was scanned.
    pub token: String,
    pub event: EventId,
    pub line: Line,
}

impl Unsent {
    /// A line as the first build kept it, in the open beside what it kept of the device. Nothing where it does not wait.
    pub fn of_first_build(identity: &str, line: &str) -> Option<Self> {
        #[derive(Deserialize)]
        struct Kept {
            token: String,
            door: KeptDoor,
        }
        #[derive(Deserialize)]
        struct KeptDoor {
            event: KeptEvent,
        }
        #[derive(Deserialize)]
        struct KeptEvent {
            id: EventId,
        }
        let kept: Kept = serde_json::from_str(identity).ok()?;
        let line: Line = serde_json::from_str(line).ok()?;
        (line.state == LineState::Waiting).then(|| Self {
            token: kept.token,
            event: kept.door.event.id,
            line: line.nameless(),
        })
    }
}

impl Line {
    /// What the server needs of it, and nothing about the guest.
    pub fn nameless(&self) -> Self {
        let verdict = match &self.verdict {
            Verdict::Attention { .. } => Verdict::Attention { texts: Vec::new() },
            other => other.clone(),
        };
        Self {
            verdict,
            holder: None,
            type_name: None,
            order_code: None,
            ..self.clone()
        }
    }

    /// Somebody went through, one way or the other.
    pub fn passes(&self) -> bool {
        matches!(
            self.kind,
            ReportKind::Admit | ReportKind::Force | ReportKind::Exit
        )
    }

    pub fn report(&self, number: u64) -> ScanReport {
        ScanReport {
            id: self.id,
            ticket: self.ticket,
            list: self.list,
            gate: self.gate.clone(),
            reason: self.reason.clone(),
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

    /// Of a conflict, too: it would count if the other door took back its own.
    pub fn may_be_undone(&self) -> bool {
        !matches!(self.settled(), Some(Answer::Refused | Answer::LateRevoked))
    }

    /// The server could not take the admission over: it counts nowhere.
    pub fn failed(&self) -> bool {
        matches!(
            self.settled(),
            Some(Answer::Refused | Answer::LateRevoked | Answer::Conflict)
        )
    }
}
