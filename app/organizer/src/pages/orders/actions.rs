//! What an organizer can do with an order.

use app_api::{
    FormState,
    organizer_orders::{CancelOrderByOrganizer, OrganizerOrderView, ResendOrder},
};
use app_ui::{Button, ButtonKind, ConfirmPanel, FormError, LinkButton, TextInput, use_locale};
use domain::permissions::Right;
use leptos::prelude::*;
use locales::{changes, money, orders as t};

#[component]
pub(super) fn Actions(organization: String, order: OrganizerOrderView) -> impl IntoView {
    let l = use_locale();
    let resend = FormState::new::<ResendOrder>();
    let refund = format!("/organize/{organization}/orders/{}/refund", order.code);
    let change = format!("/organize/{organization}/orders/{}/change", order.code);
    let may = |right| app_api::may(&organization, right);
    let money = order.can_refund();
    let (can_resend, can_refund, can_cancel, can_change) = (
        order.can_resend() && may(Right::ResendTickets),
        (money || order.can_end_free()) && may(Right::RefundOrders),
        order.can_cancel() && may(Right::CancelOrders),
        order.can_resend() && may(Right::RefundOrders),
    );
    let (org, code) = (organization.clone(), order.code.clone());
    (can_resend || can_refund || can_cancel || can_change).then(|| {
        view! {
            <FormError error=resend.form_error()/>
            <div class="page-actions">
                {can_refund.then(|| view! { <LinkButton href=refund>{if money { t::refund(l) } else { t::end_tickets(l) }}</LinkButton> })}
                {can_change
                    .then(|| view! { <LinkButton href=change kind=ButtonKind::Secondary>{changes::title(l)}</LinkButton> })}
                {can_resend
                    .then(|| view! {
                        <form method="post" action=resend.address()>
                            <input type="hidden" name="organization" value=org/>
                            <input type="hidden" name="code" value=code/>
                            <Button kind=ButtonKind::Secondary>{t::resend(l)}</Button>
                        </form>
                    })}
            </div>
            {can_cancel.then(|| view! { <CancelPanel organization order/> })}
        }
    })
}

#[component]
fn CancelPanel(organization: String, order: OrganizerOrderView) -> impl IntoView {
    let l = use_locale();
    let form = FormState::new::<CancelOrderByOrganizer>();
    let open = form.failed();
    let money_stays = order
        .can_refund()
        .then(|| t::cancel_money_stays(l, money::format(l, order.left)));
    view! {
        <ConfirmPanel label=t::cancel(l) open>
            <form method="post" action=form.address()>
                <div class="stack">
                    <p>{t::cancel_effects(l)}</p>
                    {money_stays.map(|text| view! { <p><strong>{text}</strong></p> })}
                    <FormError error=form.form_error()/>
                    <input type="hidden" name="organization" value=organization/>
                    <input type="hidden" name="code" value=order.code/>
                    <TextInput
                        name="reason"
                        label=t::reason(l)
                        hint=t::reason_hint(l)
                        maxlength=300
                        value=form.value("reason")
                        error=form.error("reason")
                    />
                    <div><Button kind=ButtonKind::Danger>{t::cancel_confirm(l)}</Button></div>
                </div>
            </form>
        </ConfirmPanel>
    }
    .into_any()
}
