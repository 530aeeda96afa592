//! The last look before paying.

use app_api::{
    FormState,
    checkout::{BeginTransfer, CancelOrder, OrderAt, OrderView, StartPayment},
    values::Moment,
};
use app_ui::{
    Button, ButtonKind, ConfirmPanel, Container, Countdown, FormError, Notice, Tone, use_locale,
};
use leptos::prelude::*;
use leptos_meta::{Meta, Title};
use locales::{checkout, dates, money, transfers};

use super::{Way, order_at, summary::Summary};
use crate::parts::{Fetched, RefundTerms, fetched};

pub fn pay() -> impl IntoView {
    let page = order_at(OrderAt::Pay);
    fetched(page, move |order| view! { <Pay order page/> }.into_any())
}

/// A clock that counts days helps nobody: the transfer's own page says until when.
const DAY: i64 = 24 * 60 * 60;

#[component]
fn Pay(order: OrderView, page: Fetched<OrderView>) -> impl IntoView {
    let l = use_locale();
    let form = FormState::new::<StartPayment>();
    let amount = money::format(l, order.total);
    let (secret, mine) = (order.secret.clone(), order.clone());
    let declined = order
        .declined
        .and_then(|reason| checkout::decline::lookup(l, reason.code()));
    view! {
        <Title text=checkout::pay_title(l)/>
        <Meta name="robots" content="noindex"/>
        <Container>
            <Way current=2/>
            <div class="buy">
                <header class="buy-head">
                    <h1 class="page-title">{checkout::pay_title(l)}</h1>
                    <div class="buy-clock">
                        {order
                            .deadline
                            .filter(|deadline| deadline.saturating_sub(order.now) < DAY)
                            .map(|deadline| {
                                view! {
                                    <Countdown
                                        deadline
                                        server_now=order.now
                                        label=checkout::pay_kept(l)
                                        on_end=Callback::new(move |()| page.refetch())
                                    />
                                }
                            })}
                    </div>
                </header>
                <aside class="buy-aside">
                    <Summary event=order.event.clone() lines=order.lines.clone() total=order.total taxes=order.taxes.clone()/>
                </aside>
                <div class="buy-main stack">
                    {declined
                        .map(|reason| {
                            view! {
                                <Notice tone=Tone::Error title=checkout::declined_title(l)>
                                    <p>{reason}</p>
                                    <p>{checkout::declined_text(l)}</p>
                                </Notice>
                            }
                        })}
                    <section class="buy-part" aria-labelledby="policy">
                        <h2 class="buy-legend" id="policy">{checkout::policy(l)}</h2>
                        <RefundTerms terms=order.refund_terms.clone()/>
                    </section>
                    <form method="post" action=form.address()>
                        <input type="hidden" name="secret" value=secret/>
                        <div class="buy-end">
                            <FormError error=form.form_error()/>
                            <Button wide=true>{checkout::pay_button(l, amount)}</Button>
                            <p class="buy-note">{checkout::pay_note(l)}</p>
                        </div>
                    </form>
                    {order
                        .transfer_until
                        .clone()
                        .map(|until| view! { <Transfer secret=order.secret.clone() until/> })}
                    <GiveUp order=mine/>
                </div>
            </div>
        </Container>
    }
}

/// The second way.
#[component]
fn Transfer(secret: String, until: Moment) -> impl IntoView {
    let l = use_locale();
    let form = FormState::new::<BeginTransfer>();
    let until = dates::long(l, until.at, Some(&until.zone));
    view! {
        <section class="buy-part" aria-labelledby="transfer">
            <h2 class="buy-legend" id="transfer">{transfers::way_title(l)}</h2>
            <form method="post" action=form.address()>
                <input type="hidden" name="secret" value=secret/>
                <div class="buy-end">
                    <p>{transfers::way_text(l, until)}</p>
                    <FormError error=form.form_error()/>
                    <Button wide=true kind=ButtonKind::Secondary>{transfers::way_button(l)}</Button>
                </div>
            </form>
        </section>
    }
    .into_any()
}

#[component]
fn GiveUp(order: OrderView) -> impl IntoView {
    let l = use_locale();
    let cancel = FormState::new::<CancelOrder>();
    view! {
        <ConfirmPanel label=checkout::cancel_instead(l) kind=ButtonKind::Quiet>
            <p>{checkout::leave_text(l)}</p>
            <form method="post" action=cancel.address()>
                <input type="hidden" name="secret" value=order.secret/>
                <input type="hidden" name="refund_minor" value=order.cancel.refund.minor/>
                <input type="hidden" name="currency" value=order.total.currency.as_str()/>
                <Button kind=ButtonKind::Secondary>{checkout::leave_confirm(l)}</Button>
            </form>
            <FormError error=cancel.form_error()/>
        </ConfirmPanel>
    }
}
