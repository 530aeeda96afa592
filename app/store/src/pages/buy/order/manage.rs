//! What a buyer may still do: the mail again, other words on the invoice, other tickets, none at all.

use app_api::{
    FormState,
    checkout::{CancelOrder, OrderView, ResendTickets, SetInvoice},
};
use app_ui::{
    Button, ButtonKind, ConfirmPanel, Disclosure, FormError, LinkButton, Section, TextInput,
    use_locale,
};
use domain::{invoices::Kind, orders::OrderState};
use leptos::{prelude::*, server_fn::ServerFn};
use locales::{Locale, changes, checkout, dates, errors, invoices, money, requests};

use super::super::invoice::InvoiceFields;
use crate::parts::RefundTerms;

#[component]
pub(super) fn Manage(order: OrderView) -> impl IntoView {
    let l = use_locale();
    let (invoice_changed, cancel_tried) = (changed::<SetInvoice>(), changed::<CancelOrder>());
    let (invoice, change) = (order.clone(), change(l, &order));
    let cancel_title = if order.state == OrderState::Asked {
        requests::withdraw(l)
    } else {
        checkout::cancel_title(l)
    };
    view! {
        <Section title=checkout::manage(l)>
            <div class="order-manage">
                <Disclosure label=checkout::invoice_title(l) open=invoice_changed>
                    <Invoice order=invoice/>
                </Disclosure>
                {change}
                <Disclosure label=cancel_title open=cancel_tried>
                    <Cancel order/>
                </Disclosure>
            </div>
        </Section>
    }
}

#[component]
pub(super) fn Resend(order: OrderView) -> impl IntoView {
    let l = use_locale();
    let form = FormState::new::<ResendTickets>();
    let sent = checkout::resent(l, &order.buyer_email);
    view! {
        <form method="post" action=form.address()>
            <input type="hidden" name="secret" value=order.secret/>
            <Button kind=ButtonKind::Secondary>{checkout::resend(l)}</Button>
        </form>
        <p class="buy-note" role="status">{form.done().then_some(sent)}</p>
        <FormError error=form.form_error()/>
    }
}

/// The way to other tickets, where its terms offer one.
fn change(l: Locale, order: &OrderView) -> Option<AnyView> {
    let until = order.change_until.clone()?;
    let href = format!("/orders/{}/change", order.secret);
    let until = dates::medium(l, until.at, Some(&until.zone));
    Some(
        view! {
            <Disclosure label=changes::title(l)>
                <div class="stack-tight">
                    <p>{changes::until(l, until)}</p>
                    <p><LinkButton href kind=ButtonKind::Secondary>{changes::open(l)}</LinkButton></p>
                </div>
            </Disclosure>
        }
        .into_any(),
    )
}

/// Whether the page came back from this form, which then stays unfolded with its answer.
fn changed<S: ServerFn>() -> bool {
    let form = FormState::new::<S>();
    form.failed() || form.done()
}

#[component]
fn Invoice(order: OrderView) -> impl IntoView {
    let l = use_locale();
    let form = FormState::new::<SetInvoice>();
    let value = |name: &str, now: &str| Some(form.value_or(name, now));
    let name = (
        "invoice_name",
        value("invoice_name", &order.invoice.name),
        form.error("invoice_name"),
    );
    let address = (
        "invoice_address",
        value("invoice_address", &order.invoice.address),
        form.error("invoice_address"),
    );
    let country = form.value_or("invoice_country", &order.invoice.country);
    // What is issued stays: changing it means two more documents, which is said before.
    let issued = order
        .documents
        .iter()
        .any(|document| document.kind == Kind::Invoice);
    let vat_id = (
        "invoice_vat_id",
        value("invoice_vat_id", &order.invoice.vat_id),
        form.error("invoice_vat_id"),
    );
    view! {
        <form method="post" action=form.address() class="form">
            <FormError error=form.form_error()/>
            <p class="buy-note" role="status">{form.done().then(|| checkout::invoice_saved(l))}</p>
            <input type="hidden" name="secret" value=order.secret/>
            {issued.then(|| view! { <p class="buy-note">{invoices::correct_effect(l)}</p> })}
            <p class="buy-note">
                {if order.reverse_charge { checkout::vat_id_stays(l) } else { checkout::vat_id_later(l) }}
            </p>
            <InvoiceFields name address vat_id/>
            <TextInput
                name="invoice_country"
                label=invoices::country(l)
                hint=invoices::country_hint(l)
                value=country
                error=form.error("invoice_country")
                autocomplete="country"
                maxlength=2
            />
            <p>
                <Button kind=ButtonKind::Secondary>
                    {if issued { invoices::correct(l) } else { checkout::invoice_save(l) }}
                </Button>
            </p>
        </form>
    }
}

#[component]
fn Cancel(order: OrderView) -> impl IntoView {
    let l = use_locale();
    let form = FormState::new::<CancelOrder>();
    let cancel = order.cancel;
    let of_one = matches!(
        cancel.why_not.as_deref(),
        Some("cancel_already_inside" | "cancel_passed_on")
    );
    let some_may = of_one && cancel.tickets > 1;
    if let Some(why) = cancel.why_not.filter(|_| !cancel.allowed && !some_may) {
        return view! {
            <div class="stack-tight">
                <p>{errors::text(l, &why)}</p>
                <RefundTerms terms=order.refund_terms/>
            </div>
        }
        .into_any();
    }
    let amount = money::format(l, cancel.refund);
    if order.state == OrderState::Paid {
        let href = format!("/orders/{}/cancel", order.secret);
        return view! {
            <div class="stack-tight">
                <RefundTerms terms=order.refund_terms/>
                <p>
                    <LinkButton href kind=ButtonKind::Secondary>{checkout::give_back_open(l)}</LinkButton>
                </p>
            </div>
        }
        .into_any();
    }
    if order.state == OrderState::Asked {
        let (refund, secret) = (cancel.refund, order.secret);
        return view! {
            <div class="stack-tight">
                <p>{requests::withdraw_text(l)}</p>
                <FormError error=form.form_error()/>
                <form method="post" action=form.address()>
                    <input type="hidden" name="secret" value=secret/>
                    <input type="hidden" name="refund_minor" value=refund.minor/>
                    <input type="hidden" name="currency" value=refund.currency.as_str()/>
                    <Button kind=ButtonKind::Danger>{requests::withdraw_confirm(l)}</Button>
                </form>
            </div>
        }
        .into_any();
    }
    let nothing = cancel.refund.is_zero();
    view! {
        <div class="stack-tight">
            <RefundTerms terms=order.refund_terms/>
            <p>
                <strong>
                    {if nothing { checkout::cancel_nothing(l).to_owned() } else { checkout::cancel_refund(l, &amount) }}
                </strong>
            </p>
            <ConfirmPanel label=checkout::cancel_open(l)>
                <p>{checkout::tickets_lost(l, u64::from(cancel.tickets))} " " {checkout::cancel_effect(l)}</p>
                <FormError error=form.form_error()/>
                <form method="post" action=form.address()>
                    <input type="hidden" name="secret" value=order.secret/>
                    <input type="hidden" name="refund_minor" value=cancel.refund.minor/>
                    <input type="hidden" name="currency" value=cancel.refund.currency.as_str()/>
                    <Button kind=ButtonKind::Danger>
                        {if nothing {
                            checkout::cancel_confirm_free(l).to_owned()
                        } else {
                            checkout::cancel_confirm(l, amount)
                        }}
                    </Button>
                </form>
            </ConfirmPanel>
        </div>
    }
    .into_any()
}
