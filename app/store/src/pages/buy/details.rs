//! Who pays and who comes, while the clock runs.

use app_api::{
    Asked, FormState, ask,
    checkout::{
        ChangeView, CheckoutPage, CheckoutState, CheckoutView, ExtendHold, PlaceOrder, ReleaseHold,
        RemovePromoCode, UsePromoCode,
    },
};
use app_ui::{
    Button, ButtonKind, Checkbox, ConfirmPanel, Container, Countdown, Disclosure, Field, FormError,
    LinkButton, Notice, TextInput, Tone, use_locale,
};
use domain::orders::Asking;
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_meta::{Meta, Title};
use locales::{checkout, money, requests};

use super::{Way, code::PromoCode, invoice::InvoiceFields, over::Over, summary::Summary};
use crate::parts::{ChangeTerms, RefundTerms, fetched, param};

/// The id of the form.
pub(super) const DETAILS: &str = "details";

pub fn details() -> impl IntoView {
    let hold = param("hold");
    let page = ask(move || CheckoutPage { token: hold.get() });
    fetched(page, move |hold| view! { <Details hold page/> }.into_any())
}

#[component]
fn Details(hold: CheckoutView, page: Asked<CheckoutView>) -> impl IntoView {
    let l = use_locale();
    let stopped = hold.changes.iter().any(ChangeView::stops);
    let title = match hold.state {
        CheckoutState::Active => checkout::title(l),
        CheckoutState::Expired => checkout::expired_title(l),
        CheckoutState::Released => checkout::released_title(l),
    };
    view! {
        <Title text=title/>
        <Meta name="robots" content="noindex"/>
        {match hold.state {
            CheckoutState::Active if stopped => view! { <Stopped hold/> }.into_any(),
            CheckoutState::Active => view! { <Active hold page/> }.into_any(),
            CheckoutState::Expired | CheckoutState::Released => view! { <Over hold/> }.into_any(),
        }}
    }
}

/// Called off, postponed or suspended while the buyer was typing.
#[component]
fn Stopped(hold: CheckoutView) -> impl IntoView {
    let l = use_locale();
    let by_platform = hold.changes.contains(&ChangeView::SalesStopped);
    let text = if by_platform {
        checkout::sales_stopped_text(l)
    } else {
        checkout::event_stopped_text(l)
    };
    view! {
        <Container size=app_ui::ContainerSize::Narrow>
            <div class="buy-over">
                <h1 class="page-title">{checkout::event_stopped_title(l)}</h1>
                <p class="lead">{text}</p>
                <p><LinkButton href=format!("/e/{}", hold.event.slug)>{checkout::to_event(l)}</LinkButton></p>
            </div>
        </Container>
    }
}

#[component]
fn Active(hold: CheckoutView, page: Asked<CheckoutView>) -> impl IntoView {
    let l = use_locale();
    let free = hold.total.is_zero();
    view! {
        <Container>
            <Way current=1 free/>
            <div class="buy">
                <header class="buy-head">
                    <h1 class="page-title">{checkout::title(l)}</h1>
                    <Clock hold=hold.clone() page/>
                </header>
                <aside class="buy-aside">
                    <Summary
                        event=hold.event.clone()
                        lines=hold.lines.clone()
                        promo=hold.promo.clone()
                        total=hold.total
                        taxes=hold.taxes.clone()
                        reverse_charge=hold.reverse_charge
                    />
                    <PromoCode promo=hold.promo.clone()/>
                </aside>
                <div class="buy-main">
                    <Changes changes=hold.changes.clone()/>
                    <Form hold=hold.clone()/>
                    <Leave hold/>
                </div>
            </div>
        </Container>
    }
}

/// The server's clock, and the one extension.
#[component]
fn Clock(hold: CheckoutView, page: Asked<CheckoutView>) -> impl IntoView {
    let l = use_locale();
    let extend = FormState::new::<ExtendHold>();
    view! {
        <div class="buy-clock">
            <Countdown
                deadline=hold.deadline
                server_now=hold.now
                label=checkout::kept(l)
                on_end=Callback::new(move |()| page.refetch())
            />
            {(!hold.extended)
                .then(|| {
                    view! {
                        <form method="post" action=extend.address()>
                            <input type="hidden" name="token" value=hold.token.clone()/>
                            <Button kind=ButtonKind::Quiet small=true>
                                {checkout::more_time(l)}
                            </Button>
                        </form>
                    }
                })}
            <FormError error=extend.form_error()/>
        </div>
    }
}

#[component]
fn Changes(changes: Vec<ChangeView>) -> impl IntoView {
    let l = use_locale();
    changes
        .into_iter()
        .filter_map(|change| match change {
            ChangeView::Price {
                name,
                promised,
                now,
            } => Some(checkout::price_changed(
                l,
                name,
                money::price(l, now),
                money::price(l, promised),
            )),
            ChangeView::Gone { name } => Some(checkout::type_gone(l, name)),
            ChangeView::EventNotOnSale | ChangeView::SalesStopped => None,
        })
        .map(|text| view! { <Notice tone=Tone::Info>{text}</Notice> })
        .collect_view()
}

#[component]
fn Form(hold: CheckoutView) -> impl IntoView {
    let l = use_locale();
    let form = FormState::new::<PlaceOrder>().keeping(&[UsePromoCode::PATH, RemovePromoCode::PATH]);
    let free = hold.total.is_zero();
    let one = hold.tickets == 1;
    let email_error = form.error("email");
    let asked_again = email_error.is_some();
    // An address that was asked about and is sent again is meant.
    let seen = if asked_again {
        "form[email]"
    } else {
        "form[email_seen]"
    };
    let seen_email = form.value(seen).unwrap_or_default();
    let email_now = RwSignal::new(seen_email.clone());
    let same_at_first = form.checked("form[same_for_all]", true);
    let has_invoice = [
        "form[invoice_name]",
        "form[invoice_address]",
        "form[invoice_vat_id]",
    ]
    .iter()
    .any(|name| form.value(name).is_some_and(|value| !value.is_empty()));
    let organizer = hold.event.organizer.clone();
    let amount = money::format(l, hold.total);
    let (asks, button, note) = match hold.asking {
        Asking::No if free => (
            None,
            checkout::place_free(l),
            checkout::place_note_free(l).to_owned(),
        ),
        Asking::No => (
            None,
            checkout::place_paid(l),
            checkout::place_note(l).to_owned(),
        ),
        Asking::Ask if free => (
            Some(requests::checkout_free(l, &organizer)),
            requests::send(l),
            requests::send_note(l, &organizer),
        ),
        Asking::Ask => (
            Some(requests::checkout_ask(l, &amount, &organizer)),
            requests::send(l),
            requests::send_note(l, &organizer),
        ),
        Asking::Hold => (
            Some(requests::checkout_hold(l, &amount, &organizer)),
            requests::send_hold(l),
            requests::send_note(l, &organizer),
        ),
    };
    let types: Vec<String> = hold
        .lines
        .iter()
        .flat_map(|line| {
            std::iter::repeat_n(
                line.name.clone(),
                usize::try_from(line.quantity).unwrap_or_default(),
            )
        })
        .collect();
    view! {
        <form method="post" id=DETAILS action=form.address() class="form buy-form">
            <FormError error=form.form_error()/>
            <input type="hidden" name="token" value=hold.token/>
            <input type="hidden" name="form[key]" value=hold.form_key/>
            <input type="hidden" name="form[total_minor]" value=hold.total.minor/>
            <input type="hidden" name="form[currency]" value=hold.total.currency.as_str()/>
            <input
                type="hidden"
                name="form[email_seen]"
                value=seen_email.clone()
                prop:value=move || {
                    if asked_again { email_now.get() } else { seen_email.clone() }
                }
            />
            <fieldset class="buy-part">
                <legend class="buy-legend">{checkout::you(l)}</legend>
                <div on:input=move |ev| email_now.set(event_target_value(&ev))>
                    <TextInput
                        name="form[email]"
                        kind="email"
                        label=checkout::email(l)
                        hint=checkout::you_hint(l)
                        autocomplete="email"
                        inputmode="email"
                        value=form.value("form[email]")
                        error=email_error
                        required=true
                    />
                </div>
                <TextInput
                    name="form[name]"
                    label=checkout::name(l)
                    hint=checkout::name_hint(l)
                    autocomplete="name"
                    value=form.value("form[name]")
                    error=form.error("name")
                    maxlength=120
                    required=true
                />
            </fieldset>
            <fieldset class="buy-part buy-names">
                <legend class="buy-legend">{checkout::names(l)}</legend>
                <Checkbox
                    name="form[same_for_all]"
                    id="same-for-all"
                    label=if one { checkout::same_for_one(l) } else { checkout::same_for_all(l) }
                    checked=same_at_first
                    error=form.error("attendees")
                />
                <div class="buy-attendees">
                    {types
                        .into_iter()
                        .enumerate()
                        .map(|(at, type_name)| view! { <Attendee form at type_name/> })
                        .collect_view()}
                </div>
            </fieldset>
            <Disclosure label=checkout::invoice(l) open=has_invoice || hold.reverse_charge>
                {hold.has_reverse_charge.then(|| view! { <p class="buy-note">{checkout::reverse_charge_hint(l)}</p> })}
                <InvoiceFields
                    name=("form[invoice_name]", form.value("form[invoice_name]"), form.error("invoice_name"))
                    address=("form[invoice_address]", form.value("form[invoice_address]"), form.error("invoice_address"))
                    vat_id=("form[invoice_vat_id]", form.value("form[invoice_vat_id]"), form.error("invoice_vat_id"))
                />
            </Disclosure>
            {(!free)
                .then(|| {
                    view! {
                        <div class="buy-policy">
                            <h2 class="buy-legend">{checkout::policy(l)}</h2>
                            <RefundTerms terms=hold.refund_terms/>
                            {hold.change_term.map(|term| view! { <ChangeTerms term/> })}
                        </div>
                    }
                })}
            <div class="buy-end">
                {asks.map(|text| view! { <Notice title=requests::checkout_title(l)><p>{text}</p></Notice> })}
                <Button wide=true>{button}</Button>
                <p class="buy-note">{note}</p>
            </div>
        </form>
    }
}

#[component]
fn Attendee(form: FormState, at: usize, type_name: String) -> impl IntoView {
    let l = use_locale();
    let id = format!("attendee-{at}");
    let name_error = form.error(&format!("attendees.{at}.name"));
    let wrong = name_error.is_some();
    let (name, email) = (
        format!("form[attendees][{at}][name]"),
        format!("form[attendees][{at}][email]"),
    );
    view! {
        <fieldset class="buy-attendee">
            <legend class="buy-attendee-title">{checkout::attendee(l, at + 1, type_name)}</legend>
            <div class="form-row">
                // Needed only while the box above is not ticked, so the browser must not insist on it.
                <Field id=id.clone() label=checkout::attendee_name(l) error=name_error required=true>
                    <input
                        class="input"
                        type="text"
                        dir="auto"
                        id=id.clone()
                        value=form.value(&name)
                        name=name
                        maxlength=120
                        autocomplete="off"
                        aria-invalid=wrong.then_some("true")
                        aria-describedby=wrong.then(|| format!("{id}-error"))
                        autofocus=wrong
                    />
                </Field>
                <TextInput
                    value=form.value(&email)
                    name=email
                    kind="email"
                    label=checkout::attendee_email(l)
                    error=form.error(&format!("attendees.{at}.email"))
                    autocomplete="off"
                />
            </div>
        </fieldset>
    }
}

#[component]
fn Leave(hold: CheckoutView) -> impl IntoView {
    let l = use_locale();
    let leave = FormState::new::<ReleaseHold>();
    view! {
        <div class="buy-leave">
            <ConfirmPanel label=checkout::leave(l) kind=ButtonKind::Quiet>
                <p>{checkout::leave_text(l)}</p>
                <form method="post" action=leave.address()>
                    <input type="hidden" name="token" value=hold.token/>
                    <input type="hidden" name="event" value=hold.event.slug/>
                    <Button kind=ButtonKind::Secondary>{checkout::leave_confirm(l)}</Button>
                </form>
                <FormError error=leave.form_error()/>
            </ConfirmPanel>
        </div>
    }
}
