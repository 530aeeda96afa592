//! Lines of statements, as a table.

use app_api::admin::BankLineView;
use app_ui::{Badge, Column, DataTable, MoneyView, Tone, use_locale};
use leptos::prelude::*;
use locales::{Locale, dates, money, transfers as t};

/// Why somebody has to look at a credit.
pub(super) fn reason(l: Locale, line: &BankLineView) -> String {
    if let Some(surplus) = line.surplus {
        return t::reason_surplus(l, money::format(l, surplus));
    }
    match line.reason.as_deref() {
        Some("several") => t::reason_several(l),
        Some("too_little") => t::reason_too_little(l),
        Some("too_much") => t::reason_too_much(l),
        Some("wrong_currency") => t::reason_wrong_currency(l),
        Some("already_paid") => t::reason_already_paid(l),
        Some("order_over") => t::reason_order_over(l),
        Some(_) | None => t::reason_unknown(l),
    }
    .to_owned()
}

fn state(l: Locale, state: &str) -> Option<(Tone, &'static str)> {
    Some(match state {
        "open" => (Tone::Warning, t::state_open(l)),
        "matched" => (Tone::Success, t::state_matched(l)),
        "assigned" => (Tone::Success, t::state_assigned(l)),
        "returned" => (Tone::Info, t::state_returned(l)),
        "debit" => (Tone::Info, t::state_debit(l)),
        "refund" => (Tone::Success, t::state_refund(l)),
        _ => return None,
    })
}

/// What came and went, who is on the other side, and what they wrote.
pub(super) fn table(caption: &'static str, lines: Vec<BankLineView>) -> AnyView {
    let l = use_locale();
    let columns = vec![
        Column::text(t::line_day(l)),
        Column::number(t::line_amount(l)),
        Column::text(t::line_party(l)),
        Column::text(t::line_text(l)),
        Column::text(t::line_order(l)),
        Column::text(t::line_state(l)),
    ];
    let rows = lines
        .into_iter()
        .map(|line| {
            let badge = state(l, &line.state).map(|(tone, text)| view! { <Badge tone>{text}</Badge> });
            let account = (!line.account.is_empty())
                .then(|| view! { <br/><small><bdi class="code" dir="ltr">{line.account}</bdi></small> });
            view! {
                <tr>
                    <td data-label=t::line_day(l)>{dates::date_medium(l, line.day)}</td>
                    <td class="num" data-label=t::line_amount(l)><MoneyView amount=line.amount/></td>
                    <td data-label=t::line_party(l)><div><bdi>{line.party}</bdi>{account}</div></td>
                    <td data-label=t::line_text(l)><bdi>{line.text}</bdi></td>
                    <td data-label=t::line_order(l)><bdi class="code">{line.order}</bdi></td>
                    <td data-label=t::line_state(l)>{badge}</td>
                </tr>
            }
        })
        .collect_view();
    view! { <DataTable caption=caption columns stacked=true>{rows}</DataTable> }.into_any()
}
