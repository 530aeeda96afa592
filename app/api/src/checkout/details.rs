//! The step between held and ordered.

use domain::orders::AttendeeInput;
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use serde::{Deserialize, Serialize};

use super::views::CheckoutView;
use crate::ApiError;

/// A hold that has become an order leads to it.
#[server(input = GetUrl)]
pub async fn checkout_page(token: String) -> Result<CheckoutView, ApiError> {
    let sv = crate::ctx()?.services;
    let hold = services::checkout::show(&sv, &token)
        .await?
        .ok_or_else(ApiError::not_found)?;
    make::view(&sv, token, hold)
}

#[server]
pub async fn extend_hold(token: String) -> Result<(), ApiError> {
    use services::checkout::ExtendError;
    let sv = crate::ctx()?.services;
    match services::checkout::extend(&sv, &token).await {
        Ok(_) => Ok(()),
        Err(ExtendError::NotFound) => Err(ApiError::not_found()),
        Err(e @ ExtendError::Over) => Err(ApiError::gone(e.code())),
        Err(e @ ExtendError::AlreadyExtended) => Err(ApiError::conflict(e.code())),
        Err(ExtendError::Unexpected(e)) => Err(e.into()),
    }
}

/// Gives the tickets back and leads to the event.
#[server]
pub async fn release_hold(token: String, event: String) -> Result<(), ApiError> {
    let sv = crate::ctx()?.services;
    services::checkout::release(&sv, &token).await?;
    crate::context::redirect(&format!("/e/{event}"));
    Ok(())
}

/// The form as it was sent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct OrderForm {
    pub name: String,
    pub email: String,
    /// The address as it was when its likely typo was pointed out: sent again unchanged, it is meant.
    pub email_seen: String,
    /// Ticked or not there.
    pub same_for_all: Option<String>,
    pub attendees: Vec<AttendeeInput>,
    pub invoice_name: String,
    pub invoice_address: String,
    pub invoice_vat_id: String,
    /// The total the buyer saw.
    pub total_minor: i64,
    pub currency: String,
    pub key: String,
}

/// Places the order and leads to paying, or to the tickets when there is nothing to pay. With a code that was typed but not
/// taken yet, that comes first: the page comes back and says what is to be paid now.
#[server]
pub async fn place_order(
    token: String,
    #[server(default)] form: OrderForm,
    #[server(default)] code: String,
) -> Result<(), ApiError> {
    use domain::{money::Money, orders::DetailsInput, text::Email};
    use services::checkout::{self, InvoiceInput, PlaceError, PlaceOrder};
    if !code.trim().is_empty() {
        return super::use_promo_code(token, code).await;
    }
    let ctx = crate::ctx()?;
    if let Some(meant) = Email::parse(&form.email)
        .ok()
        .and_then(|email| email.suggestion())
        && form.email_seen.trim() != form.email.trim()
    {
        return Err(make::did_you_mean(&meant));
    }
    let currency = form
        .currency
        .parse()
        .map_err(|_| ApiError::new(crate::ErrorKind::Invalid, "bad_request"))?;
    let mut cmd = PlaceOrder {
        token,
        details: DetailsInput {
            name: form.name,
            email: form.email,
            same_for_all: form.same_for_all.is_some(),
            attendees: form.attendees,
        },
        invoice: Some(InvoiceInput {
            name: form.invoice_name,
            address: form.invoice_address,
            vat_id: form.invoice_vat_id,
        }),
        accepted_total: Money::new(form.total_minor, currency),
        locale: ctx.request.locale,
        from: ctx.origin(),
        idempotency_key: Some(form.key).filter(|key| (8..=100).contains(&key.len())),
    };
    let placed = match checkout::place(&ctx.services, cmd.clone()).await {
        // Sent before with other details: whether an order came of it is told by the hold itself.
        Err(PlaceError::KeyConflict) => {
            cmd.idempotency_key = None;
            checkout::place(&ctx.services, cmd).await
        }
        outcome => outcome,
    };
    match placed {
        Ok(placed) if placed.needs_payment => {
            crate::context::redirect(&format!("/orders/{}/pay", placed.secret))
        }
        Ok(placed) => crate::context::redirect(&format!("/orders/{}", placed.secret)),
        Err(PlaceError::AlreadyOrdered { order_secret }) => {
            crate::context::redirect(&format!("/orders/{order_secret}"));
        }
        Err(error) => return Err(make::refusal(error)),
    }
    Ok(())
}

#[cfg(feature = "ssr")]
mod make {
    use domain::text::Email;
    use services::{
        Services,
        checkout::{HoldChange, HoldState, HoldView, PlaceError},
        orders::refund_schedule,
    };

    use crate::{
        ApiError, ErrorKind, FieldError,
        checkout::views::{
            ChangeView, CheckoutState, CheckoutView, CodeLine, EventBrief, LineView, TaxLine,
        },
        values::{change_term, refund_terms},
    };

    pub(super) fn view(
        sv: &Services,
        token: String,
        hold: HoldView,
    ) -> Result<CheckoutView, ApiError> {
        let state = match &hold.state {
            HoldState::Active => CheckoutState::Active,
            HoldState::Expired => CheckoutState::Expired,
            HoldState::Released => CheckoutState::Released,
            HoldState::Ordered { order_secret } => {
                crate::context::redirect(&format!("/orders/{order_secret}"));
                CheckoutState::Released
            }
        };
        let zone = hold.event.time_zone.as_str();
        Ok(CheckoutView {
            token,
            state,
            event: EventBrief::new(sv, &hold.event),
            change_term: change_term(
                hold.event.change_terms,
                (hold.event.starts_at, hold.now),
                hold.event.currency,
                zone,
            ),
            refund_terms: refund_terms(
                &refund_schedule(&hold.event.refund_policy, hold.event.starts_at, zone),
                hold.now,
                zone,
            ),
            lines: hold
                .lines
                .into_iter()
                .map(|line| LineView {
                    ticket_type: line.ticket_type,
                    name: line.name,
                    quantity: line.quantity,
                    unit: line.unit,
                    total: line.total,
                })
                .collect(),
            promo: hold.code.map(|code| CodeLine {
                code: code.code,
                saved: code.saved,
            }),
            total: hold.total,
            taxes: TaxLine::all(&hold.taxes, hold.sales_tax),
            reverse_charge: hold.reverse_charge,
            has_reverse_charge: hold.event.has_reverse_charge(),
            tickets: hold.tickets,
            deadline: hold.expires_at.as_second(),
            now: hold.now.as_second(),
            extended: hold.extended,
            changes: hold
                .changes
                .into_iter()
                .map(|change| match change {
                    HoldChange::PriceChanged {
                        ticket_type,
                        promised,
                        now,
                    } => ChangeView::Price {
                        name: ticket_type,
                        promised,
                        now,
                    },
                    HoldChange::TicketTypeGone { ticket_type } => {
                        ChangeView::Gone { name: ticket_type }
                    }
                    HoldChange::EventNotOnSale { .. } => ChangeView::EventNotOnSale,
                    HoldChange::SalesStopped => ChangeView::SalesStopped,
                })
                .collect(),
            asking: hold
                .event
                .requests
                .of_order(hold.total.is_zero(), sv.payments.can_hold()),
            form_key: sv.new_secret(),
        })
    }

    pub(super) fn did_you_mean(meant: &Email) -> ApiError {
        ApiError::invalid(vec![FieldError {
            field: "email".to_owned(),
            code: "did_you_mean".to_owned(),
            params: vec![("suggestion".to_owned(), meant.to_string())],
        }])
    }

    pub(super) fn refusal(error: PlaceError) -> ApiError {
        let code = error.code();
        match error {
            PlaceError::NotFound => ApiError::not_found(),
            PlaceError::Expired { .. } => ApiError::new(ErrorKind::Gone, code),
            PlaceError::Fields(fields) => fields.into(),
            PlaceError::TooManyForCustomer {
                ticket_type,
                max,
                left,
            } => ApiError {
                fields: vec![FieldError {
                    field: "email".to_owned(),
                    code: code.to_owned(),
                    params: vec![
                        ("name".to_owned(), ticket_type),
                        ("max".to_owned(), max.to_string()),
                        ("left".to_owned(), left.to_string()),
                    ],
                }],
                ..ApiError::conflict(code)
            },
            PlaceError::CodeUsedByCustomer { max } => ApiError {
                fields: vec![FieldError {
                    field: "email".to_owned(),
                    code: code.to_owned(),
                    params: vec![("max".to_owned(), max.to_string())],
                }],
                ..ApiError::conflict(code)
            },
            PlaceError::TotalChanged { .. }
            | PlaceError::NotPayableWithoutTax
            | PlaceError::NotPayable(_)
            | PlaceError::EventNotOnSale { .. }
            | PlaceError::Suspended
            | PlaceError::AlreadyOrdered { .. }
            | PlaceError::KeyConflict => ApiError::conflict(code),
            PlaceError::Unexpected(error) => error.into(),
        }
    }
}
