//! The last look before paying.

use app_api::{
    Asked, FormState,
    checkout::{
        BeginTransfer, CancelOrder, InPageView, OrderAt, OrderView, PayInPage, StartPayment,
    },
    values::Moment,
};
use app_ui::{
    Button, ButtonKind, ConfirmPanel, Container, Countdown, FormError, Notice, Tone, use_locale,
};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_meta::{Meta, Title};
use locales::{Locale, checkout, dates, errors, money, requests, transfers};

use super::{Way, order_at, summary::Summary};
use crate::parts::{RefundTerms, fetched};

pub fn pay() -> impl IntoView {
    let page = order_at(OrderAt::Pay);
    fetched(page, move |order| view! { <Pay order page/> }.into_any())
}

/// A clock that counts days helps nobody: the transfer's own page says until when.
const DAY: i64 = 24 * 60 * 60;

#[component]
fn Pay(order: OrderView, page: Asked<OrderView>) -> impl IntoView {
    let l = use_locale();
    let amount = money::format(l, order.due);
    let (secret, mine) = (order.secret.clone(), order.clone());
    let (button, note) = (pay_button(l, &order, &amount), pay_note(l, &order));
    let by_card = match order.card_refused.as_deref() {
        Some(why) => view! { <Notice title=errors::text(l, why)/> }.into_any(),
        None => {
            let in_page = order.in_page.clone().map(|page| {
                let (secret, button) = (secret.clone(), button.clone());
                view! { <Fields secret button page/> }
            });
            view! {
                {in_page}
                <div id="pay-hosted">
                    <Hosted secret>
                        <Button wide=true>{button}</Button>
                        <p class="buy-note">{note}</p>
                    </Hosted>
                </div>
            }
            .into_any()
        }
    };
    let declined = order
        .declined
        .and_then(|reason| checkout::decline::lookup(l, reason.code()));
    let asks = order.holds_first().then(|| {
        let text = requests::pay_text(l, &amount, &order.event.organizer);
        view! { <Notice title=requests::pay_title(l)><p>{text}</p></Notice> }
    });
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
                    <Summary event=order.event.clone() lines=order.lines.clone() promo=order.promo.clone() total=order.total taxes=order.taxes.clone() reverse_charge=order.reverse_charge credit=order.credit/>
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
                    {asks}
                    <section class="buy-part" aria-labelledby="policy">
                        <h2 class="buy-legend" id="policy">{checkout::policy(l)}</h2>
                        <RefundTerms terms=order.refund_terms.clone()/>
                    </section>
                    {by_card}
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

/// What is done with the amount.
fn pay_button(l: Locale, order: &OrderView, amount: &str) -> String {
    if order.holds_first() {
        requests::unpaid_hold_button(l, amount)
    } else {
        checkout::pay_button(l, amount)
    }
}

fn pay_note(l: Locale, order: &OrderView) -> &'static str {
    if order.holds_first() {
        requests::pay_note(l)
    } else {
        checkout::pay_note(l)
    }
}

/// Leads to the provider's page.
#[component]
fn Hosted(secret: String, children: Children) -> impl IntoView {
    let form = FormState::new::<StartPayment>();
    view! {
        <form method="post" action=form.address()>
            <input type="hidden" name="secret" value=secret/>
            <div class="buy-end">
                <FormError error=form.form_error()/>
                {children()}
            </div>
        </form>
    }
    .into_any()
}

/// The provider's fields, in this page. `public/pay.js` shows them in place of the form that leads to the provider's page, once
/// it runs; the page's policy lets it load the provider's script. So the page has to be loaded anew, not merely turned to.
#[component]
fn Fields(secret: String, button: String, page: InPageView) -> impl IntoView {
    let l = use_locale();
    let back = format!("/orders/{secret}/back");
    let asked_with = secret.clone();
    view! {
        <section
            class="buy-part"
            id="pay-in-page"
            hidden
            aria-labelledby="pay-fields-title"
            data-script=page.script
            data-key=page.public_key
            data-begin=PayInPage::url()
            data-secret=asked_with
            data-back=back
            data-failed=checkout::pay_fields_failed(l)
        >
            <h2 class="buy-legend" id="pay-fields-title">{checkout::pay_fields_title(l)}</h2>
            <div id="pay-fields" class="pay-fields"></div>
            <div class="buy-end">
                <p id="pay-problem" class="field-error-text" role="alert" hidden></p>
                <Button kind_of="button" wide=true>{button}</Button>
                <p class="buy-note">{checkout::pay_fields_note(l)}</p>
            </div>
            <Hosted secret>
                <Button kind=ButtonKind::Quiet wide=true>{checkout::pay_fields_hosted(l)}</Button>
            </Hosted>
        </section>
        <script src="/pay.js" defer></script>
    }
    .into_any()
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
