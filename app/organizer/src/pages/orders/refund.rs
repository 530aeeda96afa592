//! `/organize/:org/orders/:code/refund`: first what to give back, then what that would do, then doing it. The choice
//! stands in the address, so going back changes it and nothing happens before the last step.

use app_api::query::use_query_map;
use app_api::{
    ApiError, ask,
    organizer_orders::{OrganizerOrder, OrganizerOrderView, RefundPreview, RefundPreviewView},
};
use app_ui::{
    Button, ButtonKind, Checkbox, FormError, LinkButton, MoneyView, Notice, Section, TextInput,
    Tone, use_locale,
};
use domain::money::Money;
use leptos::prelude::*;
use locales::orders as t;

use super::preview::Preview;
use crate::parts::{Frame, answered, loaded, use_part};

/// What the address asks to give back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Choice {
    /// "full", "amount", "tickets"; empty before anything is chosen.
    pub kind: String,
    pub amount: String,
    /// Ids with commas between.
    pub tickets: String,
    pub keep: bool,
}

#[component]
pub fn RefundPage() -> impl IntoView {
    let l = use_locale();
    let (organization, code) = (use_part("org"), use_part("code"));
    let query = use_query_map();
    let choice = Memo::new(move |_| {
        query.with(|q| Choice {
            kind: q.get("choice").unwrap_or_default(),
            amount: q.get("amount").unwrap_or_default(),
            tickets: q.get_all("t").unwrap_or_default().join(","),
            keep: q.get("keep").is_some(),
        })
    });
    let order = ask(move || OrganizerOrder {
        organization: organization.get(),
        code: code.get(),
    });
    let plan = ask(move || {
        let choice = choice.get();
        RefundPreview {
            organization: organization.get(),
            code: code.get(),
            choice: choice.kind,
            amount: choice.amount,
            tickets: choice.tickets,
            keep: choice.keep,
        }
    });
    view! {
        <Frame title=t::refund_title(l, code.get_untracked())>
            {loaded(order, move |order| {
                let order = StoredValue::new(order);
                answered(plan, move |plan| {
                    show(organization.get_untracked(), &choice.get_untracked(), order.get_value(), plan)
                })
            })}
        </Frame>
    }
}

fn show(
    organization: String,
    choice: &Choice,
    order: OrganizerOrderView,
    plan: Result<Option<RefundPreviewView>, ApiError>,
) -> AnyView {
    let l = use_locale();
    let back = format!("/organize/{organization}/orders/{}", order.code);
    match plan {
        Ok(Some(plan)) => view! { <Preview organization choice=choice.clone() order plan/> }.into_any(),
        _ if !order.can_refund() && !order.can_end_free() => view! {
            <Notice tone=Tone::Info title=t::nothing_left(l)>
                <p><LinkButton href=back kind=ButtonKind::Secondary>{t::back_to_order(l)}</LinkButton></p>
            </Notice>
        }
        .into_any(),
        refused => view! { <Choices choice=choice.clone() order back refused=refused.err()/> }.into_any(),
    }
}

#[component]
fn Choices(
    choice: Choice,
    order: OrganizerOrderView,
    back: String,
    refused: Option<ApiError>,
) -> impl IntoView {
    let l = use_locale();
    let path = format!("{back}/refund");
    let (full, some) = (path.clone(), path.clone());
    let about = |field: &str| {
        refused
            .as_ref()
            .and_then(|error| error.field_text(l, field))
    };
    let (amount_error, tickets_error) = (about("amount"), about("tickets"));
    let whole = refused.as_ref().map(|error| error.text(l));
    let keep = choice.keep;
    // An apology takes no tickets away, unless somebody says so.
    let keep_with_amount = keep || choice.kind != "amount";
    let keep_with_tickets = keep && choice.kind == "tickets";
    let money = order.can_refund();
    let several = order.valid_tickets().count() > 1;
    let tickets = order
        .may_end()
        .enumerate()
        .map(|(at, ticket)| {
            let label = t::ticket_of(l, &ticket.holder_name, &ticket.type_name);
            let hint = ticket.admitted.map(|_| t::already_inside(l));
            let checked = choice.tickets.contains(&ticket.id);
            view! { <Checkbox name="t" id=format!("ticket-{at}") value=ticket.id.clone() label hint checked/> }
        })
        .collect_view();
    let keep_box = move |id: &'static str, checked: bool| {
        view! { <Checkbox name="keep" id label=t::keep(l) hint=t::keep_hint(l) checked/> }
    };
    let whole_order = view! {
        <p class="lead">{t::left_to_refund(l)}" "<MoneyView amount=order.left/></p>
        <Section title=t::choice_full(l) lead=t::choice_full_hint(l)>
            <form method="get" action=full>
                <input type="hidden" name="choice" value="full"/>
                <Button>{t::preview(l)}</Button>
            </form>
        </Section>
    };
    let some_amount = view! {
        <Section title=t::choice_amount(l) lead=t::choice_amount_hint(l)>
            <form method="get" action=path class="form">
                <input type="hidden" name="choice" value="amount"/>
                <TextInput
                    name="amount"
                    label=t::amount(l)
                    inputmode="decimal"
                    required=true
                    suffix=order.total.currency.as_str()
                    value=choice.amount
                    error=amount_error
                    hint=t::amount_hint(l, plain(order.left))
                />
                {keep_box("keep-amount", keep_with_amount)}
                <div><Button kind=ButtonKind::Secondary>{t::preview(l)}</Button></div>
            </form>
        </Section>
    };
    let tickets_hint = if money {
        t::choice_tickets_hint(l)
    } else {
        t::choice_free_hint(l)
    };
    view! {
        <FormError error=whole/>
        {money.then_some(whole_order)}
        {several
            .then(|| view! {
                <Section title=t::choice_tickets(l) lead=tickets_hint>
                    <form method="get" action=some class="form">
                        <input type="hidden" name="choice" value="tickets"/>
                        <FormError error=tickets_error/>
                        {tickets}
                        {money.then(|| keep_box("keep-tickets", keep_with_tickets))}
                        <div><Button kind=ButtonKind::Secondary>{t::preview(l)}</Button></div>
                    </form>
                </Section>
            })}
        {money.then_some(some_amount)}
        <p><a class="text-link" href=back>{t::back_to_order(l)}</a></p>
    }
    .into_any()
}

fn plain(amount: Money) -> String {
    amount.to_decimal_string()
}
