//! Deleting one's account. (Taking one's data away is a plain download.)

use leptos::prelude::*;

use crate::ApiError;

/// Deletes the account of whoever repeats their address, and signs out.
#[server]
pub async fn delete_account(confirm_email: String) -> Result<(), ApiError> {
    use services::privacy::{EraseError, erase_account};
    let ctx = crate::ctx()?;
    match erase_account(&ctx.services, ctx.session()?, &confirm_email).await {
        Ok(()) => {
            crate::context::clear_session_cookie()?;
            crate::context::redirect("/account/deleted");
            Ok(())
        }
        Err(EraseError::Fields(fields)) => Err(fields.into()),
        Err(EraseError::LastOwner(_)) => Err(ApiError::conflict("erase_last_owner")),
        Err(EraseError::PlatformAdmin) => Err(ApiError::conflict("erase_platform_admin")),
        Err(EraseError::Refused(refused)) => Err(refused.into()),
        Err(EraseError::Unexpected(e)) => Err(e.into()),
    }
}
