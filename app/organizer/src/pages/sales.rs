//! Figures of an event's sale: written by the server, kept fresh by events from it.

use app_api::events::SalesView;
use app_ui::{BarChart, ChartPoint, Column, DataTable, MoneyView, Section, Stat, use_locale};
use leptos::prelude::*;
use locales::{dates, money, numbers::integer, organizer as t, waiting};

/// The newest figures, once the server has sent some.
pub fn live(event: &str) -> RwSignal<Option<SalesView>> {
    let newest = RwSignal::new(None);
    let address = format!("/organize/live/{event}");
    Effect::new(move |_| listen(&address, newest));
    newest
}

#[cfg(feature = "hydrate")]
fn listen(address: &str, newest: RwSignal<Option<SalesView>>) {
    use wasm_bindgen::{JsCast, prelude::Closure};

    // Without live events the page keeps the figures it came with.
    let Ok(source) = web_sys::EventSource::new(address) else {
        return;
    };
    let heard =
        Closure::<dyn Fn(web_sys::MessageEvent)>::new(move |message: web_sys::MessageEvent| {
            let text = message.data().as_string().unwrap_or_default();
            if let Ok(figures) = serde_json::from_str(&text) {
                newest.try_set(Some(figures));
            }
        });
    source.set_onmessage(Some(heard.as_ref().unchecked_ref()));
    let kept = StoredValue::new_local((source, heard));
    on_cleanup(move || {
        kept.try_with_value(|(source, _)| source.close());
    });
}

#[cfg(not(feature = "hydrate"))]
fn listen(_address: &str, _newest: RwSignal<Option<SalesView>>) {}

pub fn figures(first: SalesView, newest: RwSignal<Option<SalesView>>) -> AnyView {
    view! { {move || numbers(newest.get().unwrap_or_else(|| first.clone()))} }.into_any()
}

fn numbers(sales: SalesView) -> AnyView {
    let l = use_locale();
    let count = |n: u32| integer(u64::from(n));
    let refunded =
        (!sales.refunded.is_zero()).then(|| t::refunded_note(l, money::format(l, sales.refunded)));
    let pending =
        (sales.pending_orders > 0).then(|| t::pending_note(l, u64::from(sales.pending_orders)));
    let held = (sales.held > 0).then(|| t::held_note(l, u64::from(sales.held)));
    let points = sales
        .days
        .iter()
        .map(|day| {
            ChartPoint::new(
                dates::date_short(l, day.day),
                i64::from(day.tickets),
                count(day.tickets),
            )
        })
        .collect();
    let columns = vec![
        Column::text(t::ticket_type(l)),
        Column::number(t::price(l)),
        Column::number(t::sold(l)),
        Column::number(t::held(l)),
        Column::number(t::left(l)),
        Column::number(t::checked_in(l)),
    ];
    let rows = sales
        .types
        .iter()
        .map(|one| {
            view! {
                <tr>
                    <th scope="row"><bdi>{one.name.clone()}</bdi></th>
                    <td class="num" data-label=t::price(l)><MoneyView amount=one.price free=true/></td>
                    <td class="num" data-label=t::sold(l)>{count(one.sold)}</td>
                    <td class="num" data-label=t::held(l)>{count(one.held)}</td>
                    <td class="num" data-label=t::left(l)>{count(one.left)}</td>
                    <td class="num" data-label=t::checked_in(l)>{count(one.checked_in)}</td>
                </tr>
            }
        })
        .collect_view();
    let line = sales.line.as_ref().map(|line| {
        view! {
            <div class="stats">
                <Stat label=waiting::figure_waiting(l) value=integer(line.waiting)/>
                <Stat label=waiting::figure_in(l) value=integer(line.admitted)/>
                <Stat label=waiting::figure_pace(l) value=count(line.admitted_per_minute)/>
            </div>
        }
    });
    let sold_of = t::sold_of(l, count(sales.capacity), count(sales.sold));
    view! {
        <Section title=t::sales(l)>
            <div class="stack">
                <div class="stats">
                    <Stat label=t::sold(l) value=sold_of note=held/>
                    <Stat label=t::revenue(l) value=money::format(l, sales.revenue) note=refunded/>
                    <Stat label=t::orders(l) value=count(sales.paid_orders) note=pending/>
                    <Stat label=t::checked_in(l) value=count(sales.checked_in)/>
                </div>
                {line}
                <BarChart title=t::tickets_per_day(l) points/>
                <DataTable caption=t::by_type(l) columns stacked=true>{rows}</DataTable>
            </div>
        </Section>
    }
    .into_any()
}
