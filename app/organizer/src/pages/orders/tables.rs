//! Lines, tickets and money of an order.

use app_api::{
    FormState,
    organizer_orders::{OrderRefundView, OrganizerOrderView, RetryRefund},
};
use app_ui::{
    Badge, Button, ButtonKind, Column, DataTable, DateTimeView, Definition, DefinitionList,
    FormError, MoneyView, use_locale,
};
use domain::{money::Money, permissions::Right};
use leptos::prelude::*;
use locales::{numbers::integer, orders as t};

use super::words::{decline, payment_state, refund_state, ticket_state};

pub(super) fn lines(order: &OrganizerOrderView) -> AnyView {
    let l = use_locale();
    let columns = vec![
        Column::text(t::col_type(l)),
        Column::number(t::col_quantity(l)),
        Column::number(t::col_unit(l)),
        Column::number(t::col_total(l)),
    ];
    let rows = order
        .lines
        .iter()
        .cloned()
        .map(|line| view! {
            <tr>
                <th scope="row"><bdi>{line.name}</bdi></th>
                <td class="num" data-label=t::col_quantity(l)>{integer(u64::from(line.quantity))}</td>
                <td class="num" data-label=t::col_unit(l)><MoneyView amount=line.unit free=true/></td>
                <td class="num" data-label=t::col_total(l)><MoneyView amount=line.total free=true/></td>
            </tr>
        })
        .collect_view();
    let promo = order.promo.clone().map(|promo| {
        let less = Money::new(promo.saved.minor.saturating_neg(), promo.saved.currency);
        view! {
            <tr>
                <th scope="row">{locales::promo::line(l, promo.code)}</th>
                <td></td>
                <td></td>
                <td class="num" data-label=t::col_total(l)><MoneyView amount=less/></td>
            </tr>
        }
    });
    view! { <DataTable caption=t::what_was_ordered(l) columns stacked=true>{rows}{promo}</DataTable> }
        .into_any()
}

pub(super) fn tickets(order: &OrganizerOrderView) -> AnyView {
    let l = use_locale();
    if order.tickets.is_empty() {
        return view! { <p>{t::no_tickets(l)}</p> }.into_any();
    }
    let columns = vec![
        Column::text(t::col_holder(l)),
        Column::text(t::col_type(l)),
        Column::text(t::col_state(l)),
        Column::text(t::col_admitted(l)),
    ];
    let rows = order
        .tickets
        .iter()
        .cloned()
        .map(|ticket| {
            let (tone, state) = ticket_state(l, ticket.state);
            let passed = match (ticket.passed_on, ticket.offered_to) {
                (_, Some(name)) => Some(t::ticket_offered_to(l, &name)),
                (true, None) => Some(t::ticket_passed_on(l).to_owned()),
                (false, None) => None,
            }
            .map(|text| view! { <br/><small>{text}</small> });
            let admitted = match ticket.admitted {
                Some(at) => view! {
                    <span>
                        <DateTimeView at/>
                        {ticket.gate.map(|gate| view! { <br/><small><bdi>{gate}</bdi></small> })}
                    </span>
                }
                .into_any(),
                None => view! { <span>{t::not_in_yet(l)}</span> }.into_any(),
            };
            view! {
                <tr>
                    <td data-label=t::col_holder(l)>
                        <span><bdi>{ticket.holder_name}</bdi><br/><small><bdi>{ticket.holder_email}</bdi></small></span>
                    </td>
                    <td data-label=t::col_type(l)><bdi>{ticket.type_name}</bdi></td>
                    <td data-label=t::col_state(l)><span><Badge tone>{state}</Badge>{passed}</span></td>
                    <td data-label=t::col_admitted(l)>{admitted}</td>
                </tr>
            }
        })
        .collect_view();
    view! { <DataTable caption=t::col_tickets(l) columns stacked=true>{rows}</DataTable> }
        .into_any()
}

pub(super) fn money(organization: &str, order: &OrganizerOrderView) -> AnyView {
    let l = use_locale();
    let payment = order.payment.as_ref().map(|payment| {
        let (tone, state) = payment_state(l, &payment.state);
        let why = payment.decline.map(|reason| decline(l, reason));
        view! {
            <Definition term=t::payment(l)>
                <Badge tone>{state}</Badge>
                {why.map(|why| view! { <span>{" "}{why}</span> })}
            </Definition>
        }
    });
    let refunds = order
        .refunds
        .iter()
        .cloned()
        .map(|refund| {
            view! {
                <RefundLine organization=organization.to_owned() code=order.code.clone() refund/>
            }
        })
        .collect_view();
    let (total, refunded, left) = (order.total, order.refunded, order.left);
    view! {
        <DefinitionList>
            <Definition term=t::col_total(l)><MoneyView amount=total free=true/></Definition>
            <Definition term=t::refunded(l)><MoneyView amount=refunded/></Definition>
            <Definition term=t::left(l)><MoneyView amount=left/></Definition>
            {payment}
        </DefinitionList>
        <ul class="stack" role="list">{refunds}</ul>
    }
    .into_any()
}

#[component]
fn RefundLine(organization: String, code: String, refund: OrderRefundView) -> impl IntoView {
    let l = use_locale();
    let (tone, state) = refund_state(l, &refund.state, refund.sent);
    let reason = Some(refund.reason).filter(|reason| !reason.is_empty());
    let form = FormState::of::<RetryRefund>("refund", &refund.id);
    let failed = refund.state == "failed";
    let taken = (failed && refund.taken).then(|| view! { <p>{t::refund_taken_text(l)}</p> });
    let may_retry = failed && !refund.taken && app_api::may(&organization, Right::RefundOrders);
    let why = Some(refund.failure).filter(|why| !why.is_empty());
    let id = refund.id;
    view! {
        <li>
            <p>
                {t::refund_of(l)}" "<MoneyView amount=refund.amount/>" · "<DateTimeView at=refund.created/>" "
                <Badge tone>{state}</Badge>
            </p>
            {reason.map(|reason| view! { <p><bdi>{reason}</bdi></p> })}
            {taken}
            {may_retry
                .then(|| view! {
                    <form method="post" action=form.address()>
                        <FormError error=form.form_error()/>
                        <p>{t::refund_failed_text(l)}</p>
                        {why.map(|why| view! { <p>{t::refund_failed_why(l)}" "<bdi lang="en" dir="ltr">{why}</bdi></p> })}
                        <input type="hidden" name="organization" value=organization/>
                        <input type="hidden" name="code" value=code/>
                        <input type="hidden" name="refund" value=id/>
                        <Button kind=ButtonKind::Secondary small=true>{t::retry(l)}</Button>
                    </form>
                })}
        </li>
    }
    .into_any()
}
