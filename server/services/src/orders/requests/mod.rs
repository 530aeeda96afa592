//! Orders that the organizer has to say yes to: asked for, decided, ended. Such an order is `asked` while it waits, and `pending`
//! like any other from the yes on until its money is there. Its places are held all the time.

mod decide;
mod end;
mod held;
mod mails;
mod policy;
mod stored;

pub use decide::{
    Answered, DecideRequestError, approve_request, approve_requests, decline_request,
};
pub(crate) use end::withdraw_all;
pub(super) use end::{EndRequestError, end_request};
pub(crate) use held::{hold_gone, money_held};
pub(crate) use mails::{TellOf, tell_organizers};
pub use policy::{RequestInput, set_request_policy};
pub(super) use stored::of_order;
pub use stored::{RequestView, count_requests};
