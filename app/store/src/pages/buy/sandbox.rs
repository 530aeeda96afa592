//! The page of the sandbox provider: the buyer chooses what their bank does.

use app_api::{
    FormState, ask,
    checkout::{ChooseOutcome, SandboxPage, SandboxView},
};
use app_ui::{ButtonKind, Container, ContainerSize, FormError, LinkButton, TextInput, use_locale};
use leptos::prelude::*;
use leptos_meta::{Meta, Title};
use locales::{checkout, money};

use crate::parts::{fetched, param};

pub fn sandbox() -> impl IntoView {
    let payment = param("payment");
    let page = ask(move || SandboxPage {
        reference: payment.get(),
    });
    fetched(page, |payment| view! { <Sandbox payment/> }.into_any())
}

#[component]
fn Sandbox(payment: SandboxView) -> impl IntoView {
    let l = use_locale();
    let form = FormState::new::<ChooseOutcome>();
    let outcomes = [
        (
            "succeed",
            checkout::sandbox_succeed(l),
            "btn btn-primary btn-wide",
        ),
        (
            "decline",
            checkout::sandbox_decline(l),
            "btn btn-secondary btn-wide",
        ),
        (
            "slow",
            checkout::sandbox_slow(l),
            "btn btn-secondary btn-wide",
        ),
        (
            "after_expiry",
            checkout::sandbox_after_expiry(l),
            "btn btn-secondary btn-wide",
        ),
    ];
    let buttons = outcomes
        .into_iter()
        .map(|(outcome, label, class)| {
            view! {
                <button class=class type="submit" name="outcome" value=outcome>
                    <span class="btn-label">{label}</span>
                </button>
            }
        })
        .collect_view();
    view! {
        <Title text=checkout::sandbox_title(l)/>
        <Meta name="robots" content="noindex"/>
        <Container size=ContainerSize::Narrow>
            <div class="sandbox">
                <h1 class="page-title">{checkout::sandbox_title(l)}</h1>
                <p class="buy-note">{checkout::sandbox_text(l)}</p>
                <div class="sandbox-amount">
                    <span class="sr-only">{checkout::sandbox_amount(l)}</span>
                    <span class="display money">{money::format(l, payment.amount)}</span>
                    <span dir="auto">{payment.event}</span>
                    <span class="buy-note" dir="auto">{payment.organizer}</span>
                    <span class="buy-note">{checkout::order_number(l, payment.code)}</span>
                </div>
                {if payment.open {
                    view! {
                        <form method="post" action=form.address() class="stack-tight">
                            <FormError error=form.form_error()/>
                            <input type="hidden" name="reference" value=payment.reference/>
                            <TextInput
                                name="card"
                                label=checkout::sandbox_card(l)
                                hint=checkout::sandbox_card_hint(l)
                                inputmode="numeric"
                                value=form.value_or("card", "4242424242424242")
                            />
                            {buttons}
                        </form>
                    }
                    .into_any()
                } else {
                    view! {
                        <p>{checkout::sandbox_closed(l)}</p>
                        <p><LinkButton href=payment.back.clone()>{checkout::sandbox_back(l)}</LinkButton></p>
                    }
                    .into_any()
                }}
                {payment
                    .open
                    .then(|| {
                        view! {
                            <p>
                                <LinkButton href=payment.back kind=ButtonKind::Quiet>{checkout::sandbox_back(l)}</LinkButton>
                            </p>
                        }
                    })}
            </div>
        </Container>
    }
}
