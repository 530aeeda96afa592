//! A promo code for the tickets that are kept.

use leptos::prelude::*;

use crate::ApiError;

/// The name of the code's field, and of what stands in the address for a code.
pub const CODE: &str = "code";

/// Takes the code for the basket. The page comes back with its new total, and with all that was typed in its form.
#[server]
pub async fn use_promo_code(
    token: String,
    #[server(default)] code: String,
) -> Result<(), ApiError> {
    use services::checkout::{ApplyCode, apply_code};
    let ctx = crate::ctx()?;
    let cmd = ApplyCode {
        token,
        code,
        address: ctx.request.client,
    };
    apply_code(&ctx.services, &cmd).await.map_err(refusal)?;
    Ok(())
}

/// The basket costs again what it does without a code. The page comes back as it does with one.
#[server]
pub async fn remove_promo_code(token: String) -> Result<(), ApiError> {
    let ctx = crate::ctx()?;
    services::checkout::remove_code(&ctx.services, &token)
        .await
        .map_err(refusal)?;
    Ok(())
}

#[cfg(feature = "ssr")]
pub(super) use make::{after_hold, refusal};

#[cfg(feature = "ssr")]
mod make {
    use services::checkout::{ApplyCode, CodeError, apply_code};

    use super::CODE;
    use crate::{ApiError, Ctx, ErrorKind, FieldError};

    /// Where it goes on from tickets that were chosen together with a code: to the basket, which says why the code was
    /// refused.
    pub(in crate::checkout) async fn after_hold(
        ctx: &Ctx,
        token: String,
        code: &str,
    ) -> Result<String, ApiError> {
        let basket = format!("/checkout/{token}");
        let code = code.trim();
        if code.is_empty() {
            return Ok(basket);
        }
        let cmd = ApplyCode {
            token,
            code: code.to_owned(),
            address: ctx.request.client,
        };
        match apply_code(&ctx.services, &cmd).await {
            Ok(_) => Ok(basket),
            Err(CodeError::Unexpected(error)) => Err(error.into()),
            Err(error) => Ok(format!("{basket}?refused={}", error.code())),
        }
    }

    pub(in crate::checkout) fn refusal(error: CodeError) -> ApiError {
        let code = error.code();
        match error {
            CodeError::NotFound => ApiError::not_found(),
            CodeError::Over => ApiError::gone(code),
            CodeError::TooMany(wait) => ApiError::too_many(wait.retry_after),
            CodeError::Refused(_) | CodeError::PricesChanged | CodeError::NotPayable(_) => {
                ApiError {
                    fields: vec![FieldError {
                        field: CODE.to_owned(),
                        code: code.to_owned(),
                        params: Vec::new(),
                    }],
                    ..ApiError::new(ErrorKind::Conflict, "invalid")
                }
            }
            CodeError::Unexpected(error) => error.into(),
        }
    }
}
