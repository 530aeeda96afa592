//! What is being bought, beside every step.

use app_api::checkout::{CodeLine, EventBrief, LineView, TaxLine};
use app_ui::{MoneyView, use_locale};
use domain::money::Money;
use leptos::prelude::*;
use locales::{changes, checkout, dates, documents, money, numbers, promo as t, store};

#[component]
pub fn Summary(
    event: EventBrief,
    lines: Vec<LineView>,
    promo: Option<CodeLine>,
    total: Money,
    taxes: Vec<TaxLine>,
    /// Without tax, which the buyer owes.
    reverse_charge: bool,
    /// What tickets that were given in pay of it.
    #[prop(optional)]
    credit: Option<Money>,
) -> impl IntoView {
    let l = use_locale();
    let rows = lines
        .into_iter()
        .map(|line| {
            view! {
                <li class="summary-line">
                    <span class="summary-name">
                        <span class="num">{line.quantity}</span>
                        <span aria-hidden="true">" × "</span>
                        <span dir="auto">{line.name}</span>
                    </span>
                    <MoneyView amount=line.total free=true/>
                </li>
            }
        })
        .collect_view();
    let promo = promo.map(|promo| {
        view! {
            <li class="summary-line summary-promo">
                <span class="summary-name">{t::line(l, promo.code)}</span>
                <MoneyView amount=Money::new(promo.saved.minor.saturating_neg(), promo.saved.currency)/>
            </li>
        }
    });
    let taxes = taxes
        .into_iter()
        .map(|tax| {
            let rate = numbers::rate(tax.rate);
            let name = if tax.sales_tax {
                checkout::sales_tax_within(l, rate)
            } else {
                checkout::tax_within(l, rate)
            };
            view! { <p class="summary-tax"><span>{name}</span><MoneyView amount=tax.amount/></p> }
        })
        .collect_view();
    view! {
        <section class="summary stub" aria-labelledby="summary">
            <div class="stub-part">
                <h2 class="sr-only" id="summary">{checkout::your_order(l)}</h2>
                <p class="summary-event" dir="auto"><a href=format!("/e/{}", event.slug)>{event.title.clone()}</a></p>
                <EventLines event/>
            </div>
            <div class="stub-part">
                <ul class="summary-lines" role="list">{rows}{promo}</ul>
                <p class="summary-total">
                    <span>{checkout::total(l)}</span>
                    <span class="summary-sum money">{money::price(l, total)}</span>
                </p>
                {taxes}
                {reverse_charge.then(|| view! { <p class="summary-note">{documents::reverse_charge(l)}</p> })}
                {credit
                    .filter(|credit| !credit.is_zero())
                    .map(|credit| {
                        view! {
                            <p class="summary-tax"><span>{changes::credit(l)}</span><MoneyView amount=-credit/></p>
                            <p class="summary-total">
                                <span>{changes::to_pay(l)}</span>
                                <span class="summary-sum money">{money::price(l, due(total, credit))}</span>
                            </p>
                        }
                    })}
                {(!total.is_zero() && !reverse_charge)
                    .then(|| view! { <p class="summary-note">{checkout::includes(l)}</p> })}
            </div>
        </section>
    }
}

fn due(total: Money, credit: Money) -> Money {
    Money::new(total.minor.saturating_sub(credit.minor), total.currency)
}

/// When and where, in two lines.
#[component]
pub fn EventLines(event: EventBrief) -> impl IntoView {
    let l = use_locale();
    let when = dates::range(l, event.starts.at, event.ends.at, Some(&event.starts.zone));
    let place = if event.online {
        store::online(l).to_owned()
    } else {
        let parts = [event.venue, event.address, event.city];
        parts
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(", ")
    };
    view! {
        <p class="summary-fact"><time datetime=event.starts.instant>{when}</time></p>
        <p class="summary-fact" dir="auto">{place}</p>
    }
}
