//! What a buyer does with their order later. Their right is the secret in the address.

use leptos::prelude::*;

use crate::ApiError;

#[server]
pub async fn resend_tickets(secret: String) -> Result<(), ApiError> {
    use services::orders::{self, ResendError};
    let sv = crate::ctx()?.services;
    match orders::resend(&sv, &secret).await {
        Ok(()) => Ok(()),
        Err(ResendError::NotFound) => Err(ApiError::not_found()),
        Err(e @ ResendError::NotPaid) => Err(ApiError::conflict(e.code())),
        Err(ResendError::Unexpected(e)) => Err(e.into()),
    }
}

#[server]
pub async fn set_invoice(
    secret: String,
    #[server(default)] invoice_name: String,
    #[server(default)] invoice_address: String,
    #[server(default)] invoice_country: String,
    #[server(default)] invoice_vat_id: String,
) -> Result<(), ApiError> {
    use services::{
        checkout::InvoiceInput,
        orders::{self, SetInvoiceError},
    };
    let sv = crate::ctx()?.services;
    let input = InvoiceInput {
        name: invoice_name,
        address: invoice_address,
        vat_id: invoice_vat_id,
    };
    match orders::set_invoice(&sv, &secret, &input, &invoice_country).await {
        Ok(()) => Ok(()),
        Err(SetInvoiceError::NotFound) => Err(ApiError::not_found()),
        Err(SetInvoiceError::TooOften) => Err(ApiError::conflict("corrected_too_often")),
        Err(SetInvoiceError::Fields(fields)) => Err(fields.into()),
        Err(SetInvoiceError::Unexpected(e)) => Err(e.into()),
    }
}

/// The answer is the same for every address.
#[server]
pub async fn find_my_tickets(#[server(default)] email: String) -> Result<(), ApiError> {
    use services::orders::{self, RequestLinksError};
    let ctx = crate::ctx()?;
    let client = ctx.request.household();
    match orders::request_links(&ctx.services, &email, &client, ctx.request.locale).await {
        Ok(()) => Ok(()),
        Err(RequestLinksError::Fields(fields)) => Err(fields.into()),
        Err(RequestLinksError::TooMany(many)) => Err(ApiError::too_many(many.retry_after)),
        Err(RequestLinksError::Unexpected(e)) => Err(e.into()),
    }
}
