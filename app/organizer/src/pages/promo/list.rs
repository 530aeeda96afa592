//! All codes of an organization.

use app_api::query::use_query_map;
use app_api::{
    ask,
    promo::{PromoCodes, PromoListView, PromoRowView},
};
use app_ui::{
    Badge, ButtonKind, Chip, Column, DataTable, DateTimeView, EmptyState, FilterChips, KeysetPager,
    LinkButton, Notice, SearchBox, Tone, address, use_locale,
};
use domain::promo::PromoState;
use leptos::prelude::*;
use locales::{Locale, promo as t};

use super::words;
use crate::parts::{Asked, Frame, loaded, use_asked};

#[component]
pub fn PromoCodesPage() -> impl IntoView {
    let l = use_locale();
    let asked = use_asked();
    let codes = ask(move || {
        let a = asked.get();
        PromoCodes {
            organization: a.organization,
            search: a.text,
            state: a.state,
            after: a.after,
        }
    });
    let said = use_query_map().with_untracked(|q| {
        let removed = q.get("done").map(|_| t::removed(l).to_owned());
        let made = q.get("made").and_then(|made| made.parse::<u32>().ok());
        made.map(|made| t::made_many(l, made)).or(removed)
    });
    view! {
        <Frame title=t::title(l)>
            {said.map(|text| view! { <Notice tone=Tone::Success title=text/> })}
            {loaded(codes, move |list| show(&asked.get_untracked(), list))}
        </Frame>
    }
}

fn show(asked: &Asked, list: PromoListView) -> AnyView {
    let l = use_locale();
    let path = format!("/organize/{}/promo-codes", asked.organization);
    let keep = if asked.state.is_empty() {
        Vec::new()
    } else {
        vec![("state".to_owned(), asked.state.clone())]
    };
    let here = |after: &str| {
        let query = [
            ("q", asked.text.as_str()),
            ("state", &asked.state),
            ("after", after),
        ];
        address(&path, &query)
    };
    let next = list.next.as_deref().map(&here);
    let previous = asked.after.is_some().then(|| here(""));
    let nothing_asked = asked.text.is_empty() && asked.state.is_empty() && asked.after.is_none();
    let (new, many) = (format!("{path}/new"), format!("{path}/many"));
    if list.rows.is_empty() && nothing_asked {
        return view! {
            <EmptyState title=t::none_title(l) text=t::none_text(l)>
                <LinkButton href=new>{t::new(l)}</LinkButton>
                <LinkButton href=many kind=ButtonKind::Secondary>{t::many(l)}</LinkButton>
            </EmptyState>
        }
        .into_any();
    }
    let csv = address(
        &format!("{path}.csv"),
        &[("q", &asked.text), ("state", &asked.state)],
    );
    let body = if list.rows.is_empty() {
        let all = path.clone();
        view! {
            <EmptyState title=t::not_found_title(l) text=t::not_found_text(l)>
                <LinkButton href=all kind=ButtonKind::Secondary>{t::show_all(l)}</LinkButton>
            </EmptyState>
        }
        .into_any()
    } else {
        table(l, &path, &list.zone, list.rows)
    };
    view! {
        <p class="form-actions">
            <LinkButton href=new>{t::new(l)}</LinkButton>
            <LinkButton href=many kind=ButtonKind::Secondary>{t::many(l)}</LinkButton>
            <LinkButton href=csv kind=ButtonKind::Secondary external=true>{t::download(l)}</LinkButton>
        </p>
        <SearchBox
            action=path.clone()
            label=t::search(l)
            placeholder=t::search_hint(l)
            value=asked.text.clone()
            keep
        />
        <FilterChips label=t::filter(l) chips=chips(l, asked, &path)/>
        {body}
        <KeysetPager previous next/>
    }
    .into_any()
}

fn chips(l: Locale, asked: &Asked, path: &str) -> Vec<Chip> {
    let all = Chip::choice(
        t::filter_all(l),
        address(path, &[("q", &asked.text)]),
        asked.state.is_empty(),
    );
    let states = PromoState::all().iter().map(|state| {
        let active = asked.state == state.code();
        let wanted = if active { "" } else { state.code() };
        let name = match state {
            PromoState::Active => t::active(l),
            PromoState::Paused => t::paused(l),
        };
        let there = address(path, &[("q", &asked.text), ("state", wanted)]);
        Chip::filter(name, there, active)
    });
    std::iter::once(all).chain(states).collect()
}

fn table(l: Locale, path: &str, zone: &str, rows: Vec<PromoRowView>) -> AnyView {
    let columns = vec![
        Column::text(t::col_code(l)),
        Column::text(t::col_off(l)),
        Column::text(t::col_for(l)),
        Column::number(t::col_uses(l)),
        Column::number(t::col_spent(l)),
        Column::text(t::col_state(l)),
        Column::text(t::col_until(l)),
    ];
    let rows = rows
        .into_iter()
        .map(|row| line(l, path, zone, row))
        .collect_view();
    view! { <DataTable caption=t::title(l) columns stacked=true>{rows}</DataTable> }.into_any()
}

fn line(l: Locale, path: &str, zone: &str, row: PromoRowView) -> AnyView {
    let (tone, standing) = words::standing(l, row.standing);
    let (off, uses, spent) = (
        words::off(l, &row.off),
        words::uses(l, &row),
        words::spent(l, &row),
    );
    let page = format!("{path}/{}", row.id);
    let event = match row.event {
        Some(title) => view! { <bdi>{title}</bdi> }.into_any(),
        None => t::all_events(l).into_any(),
    };
    let name = (!row.name.is_empty()).then(|| view! { <br/><small><bdi>{row.name}</bdi></small> });
    let zone = zone.to_owned();
    view! {
        <tr>
            <td data-label=t::col_code(l)>
                <span><a class="text-link" href=page><bdi class="code">{row.code}</bdi></a>{name}</span>
            </td>
            <td data-label=t::col_off(l)>{off}</td>
            <td data-label=t::col_for(l)>{event}</td>
            <td class="num" data-label=t::col_uses(l)>{uses}</td>
            <td class="num" data-label=t::col_spent(l)>{spent}</td>
            <td data-label=t::col_state(l)><Badge tone>{standing}</Badge></td>
            <td data-label=t::col_until(l)>{row.until.map(|at| view! { <DateTimeView at zone/> })}</td>
        </tr>
    }
    .into_any()
}
