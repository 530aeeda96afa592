//! Bank transfers as a second way to pay. A buyer chooses it and is told where to send the money; the platform uploads what its
//! bank tells; each credit settles its payment the way every provider's news do. Not for: sending money, which a bank does.

mod apply;
mod assign;
mod begin;
mod files;
mod lines;
mod read;
mod refunds;
mod remind;
mod reseal;
mod settings;
mod shown;
mod stored;
mod take_in;
mod taken;
mod upload;

pub use apply::{Due, apply_due};
pub use assign::{AssignError, AssignLine, assign, send_back};
pub use begin::{BeginError, begin};
pub use files::{FileRow, FileView, PreviewLine, discard, file, files};
pub use lines::{Counts, LineRow, Which, counts, lines};
pub use read::{MAX_BYTES, MAX_LINES, ReadError};
pub use refunds::{
    CameBackError, RefundRow, SentError, SentRow, mark_came_back, mark_sent, refunds,
    refunds_sheet, sent_refunds,
};
pub(crate) use remind::remind;
pub(crate) use reseal::reseal_lines;
pub use settings::{SetTransfersError, SettingsView, set_transfers, settings};
pub(crate) use settings::{account, offered_for};
pub use shown::{ForBuyer, WaitingTransfer, for_buyer};
pub use take_in::{TakeInError, TakenIn, Told, take_in};
pub use taken::{let_go, take_on};
pub use upload::{UploadError, Uploaded, upload};
