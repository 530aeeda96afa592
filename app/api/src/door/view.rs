//! What the door page shows, in words. They are put together on the server: a page that renews itself every few seconds
//! should only have to show them.

use domain::{door::Answer, ids::DeviceId};
use serde::{Deserialize, Serialize};

/// Everything the door page shows. Times are in the event's zone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DoorView {
    pub title: String,
    /// Whether the person looking may pair and remove scanners, and speak to them.
    pub manages: bool,
    /// Inside now, came in, still to come; each with what it means.
    pub counts: [(String, String, String); 3],
    /// Gates that need a look.
    pub alerts: Vec<String>,
    /// Cells: gate, let in, per minute, share of refusals, last scan.
    pub gates: Vec<Vec<String>>,
    pub devices: Vec<ScannerView>,
    pub recent: Vec<DoorScanView>,
    /// What somebody should look at; with a second entry, the one that counts.
    pub conflicts: Vec<(DoorScanView, Option<DoorScanView>)>,
    pub refused: Vec<DoorScanView>,
    /// "Already in: 12", the most frequent first.
    pub reasons: Vec<String>,
    pub forced: Vec<DoorScanView>,
    pub openings: Vec<OpeningView>,
    pub message: Option<MessageView>,
    pub has_pin: bool,
    /// Ids and names of kinds of tickets.
    pub kinds: Vec<(String, String)>,
    pub known_gates: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScannerView {
    pub id: DeviceId,
    /// Cells: device, gate, last heard of, waiting, let in, battery, names, version.
    pub cells: Vec<String>,
    pub revoked: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DoorScanView {
    /// Cells: when, guest, ticket, where.
    pub cells: Vec<String>,
    /// What became of it, in words.
    pub result: String,
    /// Why a supervisor did it.
    pub reason: Option<String>,
    pub let_in: bool,
    pub fate: Answer,
}

/// A gate that is open for tickets that belong elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpeningView {
    pub gate: String,
    pub kind: String,
    /// "VIP at North".
    pub text: String,
    /// When and by whom.
    pub said: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessageView {
    pub text: String,
    /// When and by whom.
    pub said: String,
}

/// A fresh link for one scanner. It is shown once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PairingView {
    pub link: String,
    /// The same as a picture.
    pub qr: String,
    /// Until when, by the event's clock.
    pub until: String,
}

/// The check-in lists of an event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DoorListsView {
    pub title: String,
    pub zone: String,
    pub manages: bool,
    pub lists: Vec<DoorListView>,
    /// Ids and names of kinds of tickets.
    pub kinds: Vec<(String, String)>,
    pub known_gates: Vec<String>,
}

/// One list, in words and as its form has it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DoorListView {
    pub id: String,
    /// What it does.
    pub sentence: String,
    pub form: DoorListForm,
}

/// What an organizer types about a list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DoorListForm {
    pub name: String,
    pub types: Vec<String>,
    /// One a line.
    pub gates: String,
    pub opens: String,
    pub closes: String,
    pub times: String,
    pub reentry: String,
}
