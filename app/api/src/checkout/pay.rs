//! To the provider and back; and the far side of the sandbox provider.

use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;

use super::views::{FieldsView, SandboxView};
use crate::ApiError;

/// Leads to the provider's page.
#[server]
pub async fn start_payment(secret: String) -> Result<(), ApiError> {
    use services::payments::{self, StartError};
    let sv = crate::ctx()?.services;
    match payments::start(&sv, &secret).await {
        Ok(url) => {
            to_provider(&sv, &secret, &url);
            Ok(())
        }
        Err(StartError::NotFound) => Err(ApiError::not_found()),
        Err(StartError::Unexpected(e)) => Err(e.into()),
        Err(e @ StartError::NotTaken(_)) => Err(ApiError::conflict(e.code())),
        Err(StartError::ProviderDown) => Err(ApiError {
            retry_after: Some(5),
            ..ApiError::new(crate::ErrorKind::Busy, "payment_unavailable")
        }),
        // Paid, over, or on its way by now: the order's page says so.
        Err(StartError::Transition(_) | StartError::Free | StartError::UnderWay) => {
            crate::context::redirect(&format!("/orders/{secret}"));
            Ok(())
        }
    }
}

/// Begins or goes on with a payment in the page that asks, in fields of the provider's. Asked by the page's script.
#[server]
pub async fn pay_in_page(secret: String) -> Result<FieldsView, ApiError> {
    use services::payments::{self, StartError};
    let sv = crate::ctx()?.services;
    match payments::start_in_page(&sv, &secret).await {
        Ok(begun) => Ok(FieldsView::Show {
            client_secret: begun.fields.client_secret,
            email: begun.buyer_email,
        }),
        Err(StartError::NotFound) => Err(ApiError::not_found()),
        Err(StartError::Unexpected(e)) => Err(e.into()),
        Err(e @ StartError::NotTaken(_)) => Err(ApiError::conflict(e.code())),
        Err(StartError::ProviderDown) => Err(ApiError {
            retry_after: Some(5),
            ..ApiError::new(crate::ErrorKind::Busy, "payment_unavailable")
        }),
        // Paid, over, or on its way by now: the order's page says so.
        Err(StartError::Transition(_) | StartError::Free | StartError::UnderWay) => {
            Ok(FieldsView::Leave {
                to: format!("/orders/{secret}"),
            })
        }
    }
}

/// The buyer would rather pay by transfer; the order's page says where to.
#[server]
pub async fn begin_transfer(secret: String) -> Result<(), ApiError> {
    use services::{
        payments::StartError,
        transfers::{self, BeginError},
    };
    let sv = crate::ctx()?.services;
    match transfers::begin(&sv, &secret).await {
        // Paid, over, or on its way by now: the order's page says so.
        Ok(()) | Err(BeginError::Transition(_) | BeginError::Provider(StartError::UnderWay)) => {
            crate::context::redirect(&format!("/orders/{secret}"));
            Ok(())
        }
        Err(BeginError::NotFound) => Err(ApiError::not_found()),
        Err(BeginError::Unexpected(e)) => Err(e.into()),
        Err(e @ (BeginError::NotOffered | BeginError::TooMany)) => {
            Err(ApiError::conflict(e.code()))
        }
        Err(BeginError::Provider(_)) => Err(ApiError {
            retry_after: Some(5),
            ..ApiError::new(crate::ErrorKind::Busy, "payment_unavailable")
        }),
    }
}

/// A page of our own is gone to within the site. To another site no form may lead, not even by a redirect; a page in between
/// does.
#[cfg(feature = "ssr")]
fn to_provider(sv: &services::Services, secret: &str, url: &str) {
    match url.strip_prefix(sv.settings.public_url.as_str()) {
        Some(path) => crate::context::redirect(path),
        None => crate::context::redirect(&format!("/orders/{secret}/leave")),
    }
}

/// The address of the page on which the order is being paid; it comes from the provider, not from people.
#[server(input = GetUrl)]
pub async fn provider_page(secret: String) -> Result<String, ApiError> {
    use services::payments::{self, OpenPage};
    let sv = crate::ctx()?.services;
    match payments::open_page(&sv, &secret).await? {
        OpenPage::At(url) => Ok(url),
        OpenPage::None => {
            let order = format!("/orders/{secret}");
            crate::context::redirect(&order);
            Ok(order)
        }
        OpenPage::NoOrder => Err(ApiError::not_found()),
    }
}

#[server(input = GetUrl)]
pub async fn sandbox_page(reference: String) -> Result<SandboxView, ApiError> {
    let sv = crate::ctx()?.services;
    let page = services::payments::sandbox::show(&sv, &reference)
        .await?
        .ok_or_else(ApiError::not_found)?;
    let back = page
        .return_url
        .strip_prefix(sv.settings.public_url.as_str())
        .unwrap_or("/")
        .to_owned();
    Ok(SandboxView {
        reference: page.provider_ref,
        amount: page.amount,
        event: page.event_title,
        organizer: page.organizer_name,
        code: page.order_code,
        open: page.open,
        back,
    })
}

/// The buyer chooses what happens.
#[server]
pub async fn choose_outcome(
    reference: String,
    outcome: String,
    #[server(default)] card: String,
) -> Result<(), ApiError> {
    use services::payments::sandbox::{self, SandboxOutcome};
    let sv = crate::ctx()?.services;
    let outcome: SandboxOutcome = outcome
        .parse()
        .map_err(|_| ApiError::field("outcome", domain::text::Fault::UnknownChoice))?;
    let back = sandbox::choose(&sv, &reference, outcome, &card)
        .await?
        .ok_or_else(ApiError::not_found)?;
    let path = back
        .strip_prefix(sv.settings.public_url.as_str())
        .unwrap_or("/");
    crate::context::redirect(&format!("{path}/processing"));
    Ok(())
}
