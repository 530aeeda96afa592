//! The order's page, for ever: tickets, and everything a buyer may still do.

use app_api::{
    FormState,
    checkout::{
        CancelOrder, KeepOrder, Keeping, OrderAt, OrderView, RefundView, ResendTickets, SetInvoice,
    },
};
use app_ui::{
    Button, ButtonKind, ConfirmPanel, Container, Definition, DefinitionList, Disclosure, FormError,
    LinkButton, MoneyView, Notice, Section, TextInput, Tone, mailto, use_locale,
};
use domain::{catalog::Phase, invoices::Kind, orders::OrderState};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_meta::{Meta, Title};
use leptos_router::hooks::use_query_map;
use locales::{Locale, changes, checkout, dates, disputes, errors, invoices, money, transfers};

use super::{
    Way,
    invoice::InvoiceFields,
    order_at,
    summary::{EventLines, Summary},
    tickets::Tickets,
    transfer::TransferDetails,
};
use crate::parts::{RefundTerms, fetched};

pub fn order() -> impl IntoView {
    let page = order_at(OrderAt::Order);
    fetched(page, |order| view! { <Order order/> }.into_any())
}

#[component]
fn Order(order: OrderView) -> impl IntoView {
    let l = use_locale();
    let paid = order.state == OrderState::Paid;
    let title = title(l, &order);
    let free = order.total.is_zero();
    let (invoice_changed, cancel_tried) = (changed::<SetInvoice>(), changed::<CancelOrder>());
    let (facts, invoice, cancel) = (order.clone(), order.clone(), order.clone());
    let documents = documents(l, &order);
    let (organizer, contact) = (
        order.event.organizer.clone(),
        order.event.organizer_email.clone(),
    );
    let write_to = mailto(&contact);
    let (links, change) = (exchanges(l, &order), change(l, &order));
    let credit = order.credit;
    let (event, lines, total) = (order.event.clone(), order.lines.clone(), order.total);
    let (promo, taxes) = (order.promo.clone(), order.taxes.clone());
    view! {
        <Title text=title.clone()/>
        <Meta name="robots" content="noindex"/>
        <Meta name="referrer" content="same-origin"/>
        <Container>
            <div class="no-print">{paid.then(|| view! { <Way current=if free { 3 } else { 4 } free/> })}</div>
            <header class="order-head no-print">
                <p class="eyebrow">{checkout::order_number(l, &order.code)}</p>
                <h1 class="order-title" dir="auto">{title}</h1>
                <State order=order.clone()/>
                {paid
                    .then(|| {
                        view! {
                            <div class="btn-row">
                                {order
                                    .online_url
                                    .clone()
                                    .map(|url| {
                                        view! { <LinkButton href=url external=true>{checkout::join(l)}</LinkButton> }
                                    })}
                                <LinkButton
                                    href=format!("/e/{}/calendar.ics", order.event.slug)
                                    kind=ButtonKind::Secondary
                                    external=true
                                >
                                    {checkout::calendar(l)}
                                </LinkButton>
                                <Resend order=order.clone()/>
                            </div>
                        }
                    })}
            </header>
            {order.transfer.clone().map(|transfer| view! { <TransferDetails transfer/> })}
            {order
                .blocked
                .then(|| {
                    view! {
                        <Notice tone=Tone::Warning title=disputes::order_blocked_title(l)>
                            <p>{disputes::buyer_blocked(l)}</p>
                        </Notice>
                    }
                })}
            {(!order.tickets.is_empty())
                .then(|| {
                    view! {
                        <Tickets
                            event=order.event.clone()
                            tickets=order.tickets.clone()
                            code=order.code.clone()
                            secret=order.secret.clone()
                        />
                    }
                })}
            <div class="order-parts no-print">
                <Section title=checkout::details(l)>
                    <div class="split">
                        <Facts order=facts/>
                        <div class="split-aside">
                            <Summary event lines promo total taxes credit/>
                        </div>
                    </div>
                </Section>
                {documents}
                {links}
                <Section title=checkout::manage(l)>
                    <div class="order-manage">
                        <Disclosure label=checkout::invoice_title(l) open=invoice_changed>
                            <Invoice order=invoice/>
                        </Disclosure>
                        {change}
                        <Disclosure label=checkout::cancel_title(l) open=cancel_tried>
                            <Cancel order=cancel/>
                        </Disclosure>
                    </div>
                </Section>
                <p class="buy-note">
                    {checkout::contact(l, organizer)} " " <a class="text-link" href=write_to><bdi>{contact}</bdi></a>
                </p>
                <p class="buy-note">{checkout::keep_link(l)}</p>
                {keep(l, order.keeping, &order.secret)}
            </div>
        </Container>
    }
}

/// An order can be kept in the account of somebody who has its link, whatever address bought it.
fn keep(l: Locale, keeping: Keeping, secret: &str) -> Option<AnyView> {
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

/// The orders on the other side of exchanges.
fn exchanges(l: Locale, order: &OrderView) -> Option<AnyView> {
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
fn documents(l: Locale, order: &OrderView) -> Option<AnyView> {
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

/// Whether the page came back from this form, which then stays unfolded with its answer.
fn changed<S: ServerFn>() -> bool {
    let form = FormState::new::<S>();
    form.failed() || form.done()
}

fn title(l: Locale, order: &OrderView) -> String {
    match order.state {
        OrderState::Paid => checkout::order_title(l, &order.event.title),
        OrderState::Pending if order.transfer.is_some() => transfers::waiting_title(l).to_owned(),
        OrderState::Pending => checkout::order_pending_title(l).to_owned(),
        OrderState::Cancelled => checkout::order_cancelled_title(l).to_owned(),
        OrderState::Expired => checkout::order_expired_title(l).to_owned(),
        OrderState::Refunded => checkout::order_refunded_title(l).to_owned(),
    }
}

#[component]
fn State(order: OrderView) -> impl IntoView {
    let l = use_locale();
    let text = match order.state {
        OrderState::Paid => checkout::order_thanks(l, &order.buyer_email),
        OrderState::Pending if order.transfer.is_some() => transfers::mailed(l).to_owned(),
        OrderState::Pending => checkout::order_pending_text(l).to_owned(),
        OrderState::Cancelled => checkout::order_cancelled_text(l).to_owned(),
        OrderState::Expired if !order.refunds.is_empty() => checkout::order_late_text(l).to_owned(),
        OrderState::Expired => checkout::order_expired_text(l).to_owned(),
        OrderState::Refunded => checkout::order_refunded_text(l).to_owned(),
    };
    let notice = match order.event.phase {
        Phase::Cancelled => Some((
            Tone::Error,
            checkout::event_cancelled_title(l),
            checkout::event_cancelled_text(l),
        )),
        Phase::Postponed => Some((
            Tone::Warning,
            checkout::event_postponed_title(l),
            checkout::event_postponed_text(l),
        )),
        Phase::Draft | Phase::Upcoming | Phase::Running | Phase::Ended => None,
    };
    let over = matches!(
        order.state,
        OrderState::Cancelled | OrderState::Expired | OrderState::Refunded
    );
    let given_back = use_query_map()
        .with_untracked(|query| query.get("done"))
        .as_deref()
        == Some("cancel");
    view! {
        {given_back.then(|| view! { <Notice tone=Tone::Success title=checkout::give_back_done(l)/> })}
        <p class="lead">{text}</p>
        {notice.map(|(tone, title, text)| view! { <Notice tone title=title>{text}</Notice> })}
        {(order.state == OrderState::Pending)
            .then(|| {
                let href = format!("/orders/{}/pay", order.secret);
                // A page with fields of the provider's has a policy of its own: it has to be loaded anew.
                let external = order.in_page.is_some();
                if order.transfer.is_some() {
                    let kind = ButtonKind::Secondary;
                    return view! { <p><LinkButton href kind external small=true>{transfers::card_instead(l)}</LinkButton></p> }
                        .into_any();
                }
                view! {
                    <p>
                        <LinkButton href external>
                            {checkout::pay_button(l, money::format(l, order.due))}
                        </LinkButton>
                    </p>
                }
                .into_any()
            })}
        {over
            .then(|| {
                view! {
                    <p>
                        <LinkButton href=format!("/e/{}", order.event.slug) kind=ButtonKind::Secondary>
                            {checkout::to_event(l)}
                        </LinkButton>
                    </p>
                }
            })}
    }
}

#[component]
fn Facts(order: OrderView) -> impl IntoView {
    let l = use_locale();
    let email = order.buyer_email.clone();
    let refunds = order
        .refunds
        .into_iter()
        .map(|refund| view! { <Refund refund/> })
        .collect_view();
    let with_refunds = !order.refunded.is_zero();
    view! {
        <DefinitionList>
            <Definition term=locales::store::when(l)><EventLines event=order.event/></Definition>
            <Definition term=checkout::buyer(l)>
                <p dir="auto">{order.buyer_name}</p>
                <p><bdi>{email}</bdi></p>
            </Definition>
            <Definition term=checkout::ordered_on(l)>
                {dates::medium(l, order.created.at, Some(&order.created.zone))}
            </Definition>
            {with_refunds
                .then(|| {
                    view! {
                        <Definition term=checkout::refunded(l)>
                            <p><MoneyView amount=order.refunded/></p>
                            {refunds}
                        </Definition>
                    }
                })}
        </DefinitionList>
    }
}

#[component]
fn Refund(refund: RefundView) -> impl IntoView {
    let l = use_locale();
    let state = match refund.state.as_str() {
        _ if refund.exchanged => changes::refund_moved(l).to_owned(),
        "succeeded" => checkout::refund_done(l, dates::date_medium(l, refund.at.at.date())),
        "failed" => checkout::refund_failed(l).to_owned(),
        _ => checkout::refund_pending(l).to_owned(),
    };
    view! { <p class="buy-note">{money::format(l, refund.amount)} ": " {state}</p> }
}

#[component]
fn Resend(order: OrderView) -> impl IntoView {
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
