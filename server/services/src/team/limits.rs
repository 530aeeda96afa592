//! How many mails about a team go out. Whom they go to and what stands in their subject is the sender's choice, so they must
//! not become a way to write to strangers under our name.

use domain::ids::OrganizationId;
use jiff::SignedDuration;

use super::TeamError;
use crate::{
    Services,
    session::Session,
    throttle::{self, Limit},
};

const PER_ORGANIZATION: Limit = Limit {
    what: "invitation_organization",
    tries: 60,
    span: SignedDuration::from_hours(1),
};
/// Over all organizations.
const PER_RECIPIENT: Limit = Limit {
    what: "invitation_recipient",
    tries: 5,
    span: SignedDuration::from_hours(24),
};

/// Counts a mail to `recipient`, and refuses it when there were too many, or nobody knows who the sender is.
pub(super) async fn mail(
    sv: &Services,
    session: &Session,
    organization: OrganizationId,
    recipient: &str,
) -> Result<(), TeamError> {
    if !session.email_verified {
        return Err(TeamError::Unproven);
    }
    throttle::count(sv, &PER_ORGANIZATION, &organization.to_string()).await?;
    throttle::count(sv, &PER_RECIPIENT, recipient).await?;
    Ok(())
}
