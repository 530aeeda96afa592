//! Who gets what back and which tickets end, with the button that does it.

use app_api::{
    FormState,
    organizer_orders::{OrganizerOrderView, RefundOrder, RefundPreviewView},
};
use app_ui::{
    Badge, Button, ButtonKind, Definition, DefinitionList, FormError, LinkButton, MoneyView,
    Notice, Section, TextInput, Tone, use_locale,
};
use leptos::prelude::*;
use locales::{money, orders as t};

use super::{refund::Choice, words::order_state};

#[component]
pub(super) fn Preview(
    organization: String,
    choice: Choice,
    order: OrganizerOrderView,
    plan: RefundPreviewView,
) -> impl IntoView {
    let l = use_locale();
    let form = FormState::new::<RefundOrder>();
    let (tone, state) = order_state(l, plan.state_after);
    let again = format!("/organize/{organization}/orders/{}/refund", order.code);
    let voided = plan
        .voided
        .iter()
        .map(|(holder, kind)| view! { <li>{t::ticket_of(l, holder, kind)}</li> })
        .collect_view();
    let none_void = plan.voided.is_empty();
    let inside = u64::from(plan.voided_inside);
    let amount = money::format(l, plan.amount);
    // Tickets that cost nothing only end.
    let no_money = plan.amount.is_zero();
    let gets_back = (!no_money).then(|| {
        view! {
            <p class="lead">{t::gets_back(l, &amount, &order.buyer_name)}</p>
            <p>{t::same_way(l)}</p>
        }
    });
    let confirm = match (plan.second_person, no_money) {
        (true, _) => t::ask_second_person(l).to_owned(),
        (false, true) => t::end_confirm(l).to_owned(),
        (false, false) => t::refund_confirm(l, &amount),
    };
    view! {
        <Section title=t::preview_title(l)>
            {gets_back}
            <DefinitionList>
                <Definition term=t::col_total(l)><MoneyView amount=plan.total/></Definition>
                <Definition term=t::refunded_before(l)><MoneyView amount=plan.already_refunded/></Definition>
                <Definition term=t::refund_now(l)><strong><MoneyView amount=plan.amount/></strong></Definition>
                <Definition term=t::left_after(l)><MoneyView amount=plan.left_after/></Definition>
                <Definition term=t::state_after(l)><Badge tone>{state}</Badge></Definition>
                <Definition term=t::tickets_void(l)>
                    {if none_void {
                        view! { <span>{t::none_void(l)}</span> }.into_any()
                    } else {
                        view! { <ul role="list">{voided}</ul> }.into_any()
                    }}
                </Definition>
            </DefinitionList>
            {plan.second_person.then(|| view! { <Notice tone=Tone::Info title=t::second_person(l)/> })}
            {(inside > 0).then(|| view! { <Notice tone=Tone::Warning title=t::inside(l, inside)/> })}
        </Section>
        <form method="post" action=form.address() class="form">
            <FormError error=form.form_error()/>
            <input type="hidden" name="organization" value=organization/>
            <input type="hidden" name="code" value=order.code/>
            <input type="hidden" name="choice" value=choice.kind/>
            <input type="hidden" name="amount" value=choice.amount/>
            <input type="hidden" name="tickets" value=choice.tickets/>
            <input type="hidden" name="keep" value=choice.keep.to_string()/>
            <input type="hidden" name="accepted" value=plan.amount.to_decimal_string()/>
            <input type="hidden" name="key" value=plan.key/>
            <TextInput
                name="reason"
                label=t::reason(l)
                hint=t::reason_hint(l)
                maxlength=300
                value=form.value("reason")
                error=form.error("reason")
            />
            <div class="form-actions">
                <Button kind=ButtonKind::Danger>{confirm}</Button>
                <LinkButton href=again kind=ButtonKind::Secondary>{t::choose_again(l)}</LinkButton>
            </div>
        </form>
    }
    .into_any()
}
