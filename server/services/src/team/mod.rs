//! Who works for an organization, and inviting more. Changes take effect at once: rights are read on each request.

mod accept;
mod hand_over;
mod invite;
mod limits;
mod members;
mod reach;
mod record;
mod rescue;

use domain::text::FieldErrors;
use uuid::Uuid;

pub use accept::{Joined, OpenInvitation, accept, show_invitation};
pub use hand_over::{
    OfferOwnership, OpenOffer, accept_ownership, decline_ownership, offer_ownership, offered_to,
    open_offer, take_back_offer,
};
pub use invite::{Invite, invite, resend, revoke};
pub(crate) use invite::{end_all_invitations_of, end_invitations_of};
pub use members::{Invited, Member, Team, change_role, leave, list, remove};
pub use reach::{Reach, ReachChoice, choices as reach_choices};
pub use rescue::make_owner;

use crate::{Unexpected, permit::Refused, throttle};

/// Why something about a team could not be done.
#[derive(Debug, thiserror::Error)]
pub enum TeamError {
    #[error(transparent)]
    Fields(#[from] FieldErrors),
    #[error("no such member or invitation")]
    NotFound,
    /// There must always be somebody who can let others in.
    #[error("the last owner stays")]
    LastOwner,
    #[error("already a member")]
    AlreadyMember,
    #[error("already invited")]
    AlreadyInvited,
    #[error("too many open invitations")]
    TooMany,
    /// Too many mails went out; worth another try after so many seconds.
    #[error("too many mails")]
    TooOften { retry_after: u32 },
    /// Whoever writes to others has an address of their own that is proven.
    #[error("one's own address is not proven")]
    Unproven,
    /// One offer of the ownership is open already.
    #[error("already offered")]
    AlreadyOffered,
    /// The invitation is unknown, used, taken back or too old.
    #[error("the invitation is not valid any more")]
    LinkOver,
    /// The invitation went to another mailbox.
    #[error("the invitation is for somebody else")]
    OtherPerson,
    #[error(transparent)]
    Refused(#[from] Refused),
    #[error(transparent)]
    Unexpected(#[from] Unexpected),
}

impl From<throttle::TooMany> for TeamError {
    fn from(many: throttle::TooMany) -> Self {
        Self::TooOften {
            retry_after: many.retry_after,
        }
    }
}

/// What the token of an invitation's link is made from.
fn link_about(link: Uuid) -> String {
    format!("invitation|{link}")
}
