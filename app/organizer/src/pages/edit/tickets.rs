//! `…/edit/tickets`: the ticket types in their order, and the pools they draw from.

use app_api::{
    FormState,
    events::{EventView, MoveTicketType, PoolView, SetTicketTypeState, TicketTypeView},
};
use app_ui::{
    Badge, ButtonKind, Column, DataTable, LinkButton, MoneyView, ProgressBar, Section, Tone,
    use_locale,
};
use leptos::prelude::*;
use locales::{numbers, organizer as t};

use super::{Part, editor, prices, the_event};
use crate::parts::{act, param};

#[component]
pub fn TicketsPage() -> impl IntoView {
    let found = the_event();
    editor(Part::Tickets, found, show)
}

fn show(event: EventView) -> AnyView {
    let l = use_locale();
    let base = format!("/organize/{}/events/{}/edit", param("org"), event.slug);
    let types = types(&event, &base);
    let prices = prices::section(&event);
    let pools = event
        .pools
        .iter()
        .map(|pool| pool_row(pool, &base))
        .collect_view();
    let columns = vec![
        Column::text(t::pool(l)),
        Column::number(t::capacity(l)),
        Column::number(t::sold(l)),
        Column::number(t::held(l)),
        Column::actions(t::actions(l)),
    ];
    let (new_ticket, new_pool) = (format!("{base}/tickets/new"), format!("{base}/pools/new"));
    view! {
        <Section title=t::ticket_types(l)>
            <div class="stack">
                <ul class="event-list" role="list">{types}</ul>
                <p><LinkButton href=new_ticket>{t::new_ticket(l)}</LinkButton></p>
            </div>
        </Section>
        {prices}
        <Section title=t::pools(l) lead=t::pools_lead(l)>
            <div class="stack">
                <DataTable caption=t::pools(l) columns stacked=true>{pools}</DataTable>
                <p><LinkButton href=new_pool kind=ButtonKind::Secondary>{t::new_pool(l)}</LinkButton></p>
            </div>
        </Section>
    }
    .into_any()
}

fn types(event: &EventView, base: &str) -> AnyView {
    let slug = event.slug.clone();
    event
        .ticket_types
        .iter()
        .map(|one| type_row(one, event, &slug, base))
        .collect_view()
        .into_any()
}

fn type_row(one: &TicketTypeView, event: &EventView, slug: &str, base: &str) -> AnyView {
    let l = use_locale();
    let (tone, state) = match one.state.as_str() {
        "paused" => (Tone::Warning, t::type_paused(l)),
        "archived" => (Tone::Neutral, t::type_archived(l)),
        _ => (Tone::Success, t::type_active(l)),
    };
    let pools: Vec<String> = event
        .pools
        .iter()
        .filter(|pool| one.pools.contains(&pool.id))
        .map(|pool| pool.name.clone())
        .collect();
    let sold = t::sold_count(l, u64::try_from(one.sold).unwrap_or(0));
    let id = one.id.to_string();
    let href = format!("{base}/tickets/{id}");
    let changes: Vec<(&str, &str)> = match one.state.as_str() {
        "paused" => vec![("active", t::resume(l)), ("archived", t::archive(l))],
        "archived" => vec![("active", t::bring_back(l))],
        _ => vec![("paused", t::pause(l))],
    };
    let changes = changes
        .into_iter()
        .map(|(to, label)| state_form(slug, &id, to, label))
        .collect_view();
    let moves = (one.state != "archived").then(|| {
        view! {
            {move_form(slug, &id, "up", t::move_up(l))}
            {move_form(slug, &id, "down", t::move_down(l))}
        }
    });
    let (name, price) = (one.name.clone(), one.price_now());
    let phase = one
        .phases
        .get(one.phase_now)
        .map(|phase| phase.name.clone());
    let (phases_href, phases_label) = (format!("{base}/tickets/{id}/phases"), t::phases(l));
    let not_payable = one
        .not_payable
        .as_ref()
        .map(|_| view! { <Badge tone=Tone::Warning>{t::not_payable(l)}</Badge> });
    view! {
        <li class="event-row ticket-row">
            <span class="event-row-text">
                <a class="event-row-title" href=href><bdi>{name}</bdi></a>
                <span class="muted dotted">
                    {(!pools.is_empty()).then(|| view! { <bdi>{pools.join(", ")}</bdi> })}
                    <span>{sold}</span>
                </span>
            </span>
            <span class="event-row-figures">
                <MoneyView amount=price free=true/>
                {phase.map(|phase| view! { <bdi class="muted">{phase}</bdi> })}
                {not_payable}
                <Badge tone>{state}</Badge>
            </span>
            <span class="row-actions">
                <LinkButton href=phases_href kind=ButtonKind::Quiet small=true>{phases_label}</LinkButton>
                {moves} {changes}
            </span>
        </li>
    }
    .into_any()
}

fn state_form(slug: &str, id: &str, to: &str, label: &str) -> AnyView {
    let form = FormState::of::<SetTicketTypeState>("ticket", id);
    step(form, slug, id, ("state", to), label, ButtonKind::Secondary)
}

fn move_form(slug: &str, id: &str, to: &str, label: &str) -> AnyView {
    let form = FormState::of::<MoveTicketType>("ticket", id);
    step(form, slug, id, ("to", to), label, ButtonKind::Quiet)
}

/// One button that does one thing to one ticket type.
fn step(
    form: FormState,
    slug: &str,
    id: &str,
    (name, to): (&'static str, &str),
    label: &str,
    kind: ButtonKind,
) -> AnyView {
    let (slug, id, to) = (slug.to_owned(), id.to_owned(), to.to_owned());
    let button = act(form, label, kind);
    view! {
        <form method="post" action=form.address()>
            <input type="hidden" name="event" value=slug/>
            <input type="hidden" name="ticket" value=id/>
            <input type="hidden" name=name value=to/>
            {button}
        </form>
    }
    .into_any()
}

fn pool_row(pool: &PoolView, base: &str) -> AnyView {
    let l = use_locale();
    let count = |n: i32| numbers::integer(u64::try_from(n).unwrap_or(0));
    let whole = |n: i32| u32::try_from(n).unwrap_or(0);
    let (capacity, sold, held) = (count(pool.capacity), count(pool.sold), count(pool.held));
    let taken = whole(pool.sold.saturating_add(pool.held));
    let text = format!("{} / {}", numbers::integer(u64::from(taken)), capacity);
    let max = whole(pool.capacity);
    let name = pool.name.clone();
    let label = pool.name.clone();
    let href = format!("{base}/pools/{}", pool.id);
    view! {
        <tr>
            <th scope="row">
                <bdi>{name}</bdi>
                <ProgressBar label value=taken max text hide_label=true/>
            </th>
            <td class="num" data-label=t::capacity(l)>{capacity}</td>
            <td class="num" data-label=t::sold(l)>{sold}</td>
            <td class="num" data-label=t::held(l)>{held}</td>
            <td><a href=href>{t::change(l)}</a></td>
        </tr>
    }
    .into_any()
}
