//! Organizations that hold events: making one, what it shows of itself, which ones a person works for.

mod create;
mod mine;
mod profile;
mod security;
mod tax;

use domain::text::FieldErrors;

pub use create::{CreateOrganization, Created, create};
pub use mine::{Membership, by_slug, list_mine};
pub use profile::{
    OrganizationProfile, PublicOrganizer, UpdateOrganization, profile, show_public, update,
};
pub(crate) use profile::{country_code, web_address};
pub use security::{require_second_factor, second_factor_required};
pub use tax::{TaxInput, set_tax, tax};

use crate::{Unexpected, permit::Refused};

/// Why something about an organization could not be done.
#[derive(Debug, thiserror::Error)]
pub enum OrganizerError {
    #[error(transparent)]
    Fields(#[from] FieldErrors),
    #[error("no such organization")]
    NotFound,
    /// A person may found only so many.
    #[error("too many organizations")]
    TooMany,
    /// Who asks others for a second factor must have one.
    #[error("a second factor of one's own comes first")]
    SecondFactorFirst,
    #[error(transparent)]
    Refused(#[from] Refused),
    #[error(transparent)]
    Unexpected(#[from] Unexpected),
}
