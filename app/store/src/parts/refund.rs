//! Until when how much comes back, in sentences with dates.

use app_api::values::{ChangeTerm, RefundTerm};
use app_ui::use_locale;
use leptos::prelude::*;
use locales::{changes, dates, money, store};

#[component]
pub fn RefundTerms(terms: Vec<RefundTerm>) -> impl IntoView {
    let l = use_locale();
    if terms.is_empty() {
        return view! { <p class="refund-terms">{store::refund_none(l)}</p> }.into_any();
    }
    let keeps_fee = terms.iter().any(|term| term.keeps_fee);
    let lines = terms
        .into_iter()
        .map(|term| {
            let date = dates::medium(l, term.until.at, Some(&term.until.zone));
            let text = match term.percent {
                100 => store::refund_all(l, date),
                percent => store::refund_term(l, date, percent),
            };
            view! { <li>{text}</li> }
        })
        .collect_view();
    view! {
        <ul class="refund-terms">{lines}
            {keeps_fee.then(|| view! { <li>{store::refund_keeps_fee(l)}</li> })}
            <li>{store::refund_called_off(l)}</li></ul>
    }
    .into_any()
}

/// What may be changed, until when, and for how much.
#[component]
pub fn ChangeTerms(term: ChangeTerm) -> impl IntoView {
    let l = use_locale();
    let until = dates::medium(l, term.until.at, Some(&term.until.zone));
    let fee = if term.fee.is_zero() {
        changes::no_fee(l).to_owned()
    } else {
        changes::fee(l, money::format(l, term.fee))
    };
    let difference = if term.returns_difference {
        changes::difference_back(l)
    } else {
        changes::difference_stays(l)
    };
    view! {
        <ul class="refund-terms">
            <li>{changes::possible(l, until)} " " {fee}</li>
            <li>{difference}</li>
        </ul>
    }
}
