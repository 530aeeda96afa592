//! Until when how much comes back, in sentences with dates.

use app_api::values::RefundTerm;
use app_ui::use_locale;
use leptos::prelude::*;
use locales::{dates, store};

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
