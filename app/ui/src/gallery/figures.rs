//! Figures, charts, tables.

use crate::*;
use domain::money::{Currency, Money};
use jiff::civil::{DateTime, datetime};
use leptos::prelude::*;
use locales::texts::gallery as t;
use locales::{dates, money};

const WHEN: DateTime = datetime(2026, 3, 14, 19, 30, 0, 0);

#[component]
pub fn Figures() -> impl IntoView {
    let l = use_locale();
    let euros = move |minor| money::format(l, Money::new(minor, Currency::EUR));
    let week = [
        120_400_i64,
        98_000,
        143_200,
        310_500,
        402_000,
        288_750,
        521_300,
    ];
    let sales = week
        .into_iter()
        .enumerate()
        .map(|(at, minor)| {
            let day = WHEN
                .date()
                .saturating_add(jiff::Span::new().days(i64::try_from(at).unwrap_or_default()));
            ChartPoint::new(dates::date_short(l, day), minor, euros(minor))
        })
        .collect::<Vec<_>>();
    let kinds = [
        (t::kind_early(l), 120),
        (t::kind_regular(l), 164),
        (t::kind_reduced(l), 41),
        (t::kind_door(l), 0),
    ]
    .map(|(label, count)| ChartPoint::new(label, count, count.to_string()))
    .to_vec();
    view! {
        <Section title=t::numbers(l)>
            <div class="stack">
                <div class="stats">
                    <Stat label=t::stat_sold(l) value="325" note=t::stat_sold_note(l)/>
                    <Stat label=t::stat_income(l) value=euros(1_884_150)/>
                    <Stat label=t::stat_today(l) value="31"/>
                    <Stat label=t::stat_refunds(l) value=euros(9640)/>
                </div>
                <LineChart title=t::sales(l) points=sales/>
                <BarChart title=t::sales_by_kind(l) points=kinds/>
                <Orders/>
                <KeysetPager previous="#top" next="#top"/>
                <DefinitionList>
                    <Definition term=t::starts(l)>
                        <DateTimeView at=WHEN style=DateStyle::Long zone=t::zone(l)/>
                    </Definition>
                    <Definition term=t::place(l)>{t::place_value(l)}</Definition>
                    <Definition term=t::total(l)>
                        <MoneyView amount=Money::new(12_500, Currency::KWD)/>
                    </Definition>
                    <Definition term=t::price(l)>
                        <MoneyView amount=Money::zero(Currency::EUR) free=true/>
                    </Definition>
                </DefinitionList>
            </div>
        </Section>
    }
    .into_any()
}

#[component]
fn Orders() -> impl IntoView {
    let l = use_locale();
    let columns = vec![
        Column::text(t::column_code(l)),
        Column::text(t::column_who(l)),
        Column::text(t::column_when(l)),
        Column::number(t::column_amount(l)),
        Column::text(t::column_state(l)),
        Column::actions(t::column_more(l)),
    ];
    let rows = [
        ("K7M2QX9P", t::person_a(l), 4820, true),
        ("W3HD8RTA", t::person_b(l), 124_000, true),
        ("B5NC4YZE", t::person_c(l), 9640, false),
    ]
    .map(|(code, who, minor, paid)| {
        let state = if paid {
            view! { <Badge tone=Tone::Success>{t::paid(l)}</Badge> }.into_any()
        } else {
            view! { <Badge>{t::refunded(l)}</Badge> }.into_any()
        };
        view! {
            <tr>
                <th scope="row">{code}</th>
                <td data-label=t::column_who(l)><bdi>{who}</bdi></td>
                <td data-label=t::column_when(l)><DateTimeView at=WHEN/></td>
                <td class="num" data-label=t::column_amount(l)><MoneyView amount=Money::new(minor, Currency::EUR)/></td>
                <td data-label=t::column_state(l)>{state}</td>
                <td><a class="text-link" href="#top">{t::open(l)}</a></td>
            </tr>
        }
    })
    .into_iter()
    .collect_view();
    view! { <DataTable caption=t::table(l) columns stacked=true>{rows}</DataTable> }.into_any()
}
