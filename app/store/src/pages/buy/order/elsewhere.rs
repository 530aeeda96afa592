//! Where an order leads to: other orders, documents, the account of whoever has it.

use app_api::{
    FormState,
    checkout::{KeepOrder, Keeping, OrderView},
};
use app_ui::{Button, ButtonKind, FormError, MoneyView, Section};
use domain::invoices::Kind;
use leptos::prelude::*;
use locales::{Locale, changes, checkout, dates, invoices};

/// The orders on the other side of exchanges.
pub(super) fn exchanges(l: Locale, order: &OrderView) -> Option<AnyView> {
    let rows = order
        .exchanges
        .iter()
        .map(|link| {
            let text = match (link.is_newer, link.added) {
                (_, _) if link.failed => changes::link_failed(l),
                (true, _) if link.waits => changes::link_waits(l),
                (true, true) => changes::link_added(l),
                (true, false) => changes::link_newer(l),
                (false, true) => changes::link_added_to(l),
                (false, false) => changes::link_older(l),
            };
            let href = format!("/orders/{}", link.secret);
            let (code, event) = (link.code.clone(), link.event.clone());
            view! {
                <li>
                    {text} " " <a class="text-link" href=href><bdi class="code">{code}</bdi></a> " · " <bdi>{event}</bdi>
                </li>
            }
        })
        .collect_view();
    (!order.exchanges.is_empty()).then(|| {
        view! {
            <Section title=changes::linked(l)>
                <ul class="stack-tight">{rows}</ul>
            </Section>
        }
        .into_any()
    })
}

/// Invoices and credit notes, to be taken away.
pub(super) fn documents(l: Locale, order: &OrderView) -> Option<AnyView> {
    let rows = order
        .documents
        .iter()
        .map(|document| {
            let kind = match document.kind {
                Kind::CreditNote | Kind::PlatformCredit => invoices::credit_note(l),
                Kind::Invoice | Kind::Platform => invoices::invoice(l),
            };
            let file = format!("/orders/{}/invoices/{}.pdf", order.secret, document.number);
            let (number, total) = (document.number.clone(), document.total);
            view! {
                <li class="dotted">
                    <a class="text-link" href=file rel="external">{kind} " " <bdi class="code">{number}</bdi></a>
                    <span>{dates::date_medium(l, document.issued_on)}</span>
                    <MoneyView amount=total/>
                </li>
            }
        })
        .collect_view();
    (!order.documents.is_empty()).then(|| {
        view! {
            <Section title=invoices::documents(l)>
                <ul class="stack-tight">{rows}</ul>
            </Section>
        }
        .into_any()
    })
}

/// An order can be kept in the account of somebody who has its link, whatever address bought it.
pub(super) fn keep(l: Locale, keeping: Keeping, secret: &str) -> Option<AnyView> {
    let form = FormState::new::<KeepOrder>();
    match keeping {
        Keeping::Kept => Some(
            view! {
                <p class="buy-note">
                    {checkout::in_account(l)} " " <a class="text-link" href="/account/tickets">{checkout::in_account_open(l)}</a>
                </p>
            }
            .into_any(),
        ),
        Keeping::SignedOut => Some(
            view! {
                <p class="buy-note">
                    <a class="text-link" href=format!("/sign-in?next=/orders/{secret}")>{checkout::keep_sign_in(l)}</a>
                </p>
            }
            .into_any(),
        ),
        Keeping::Free => {
            let secret = secret.to_owned();
            Some(
                view! {
                    <form method="post" action=form.address()>
                        <FormError error=form.form_error()/>
                        <input type="hidden" name="secret" value=secret/>
                        <Button kind=ButtonKind::Secondary small=true>{checkout::keep_order(l)}</Button>
                    </form>
                }
                .into_any(),
            )
        }
    }
}
