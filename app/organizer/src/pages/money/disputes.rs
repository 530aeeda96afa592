//! `/organize/:org/money/disputes`: payments that buyers' banks take back.

use app_api::query::use_query_map;
use app_api::{
    FormState, ask,
    disputes::{DisputeListView, DisputeRowView, OrganizerDisputes, SetDisputePolicy},
};
use app_ui::{
    Badge, Button, ButtonKind, Choice, Column, DataTable, DateTimeView, EmptyState, FormError,
    KeysetPager, MoneyView, Section, Select, address, use_locale,
};
use domain::disputes::TicketPolicy;
use leptos::prelude::*;
use locales::disputes as t;

use super::{Here, sections, words};
use crate::parts::{Frame, loaded, saved, use_part};

#[component]
pub fn DisputesPage() -> impl IntoView {
    let l = use_locale();
    let organization = use_part("org");
    let query = use_query_map();
    let after = Memo::new(move |_| query.with(|q| q.get("after")));
    let found = ask(move || OrganizerDisputes {
        organization: organization.get(),
        after: after.get(),
    });
    view! {
        <Frame title=t::title(l)>
            {sections(&organization.get_untracked(), Here::Disputes)}
            <p class="lead">{t::lead(l)}</p>
            {loaded(found, move |found| show(&organization.get_untracked(), found))}
        </Frame>
    }
}

fn show(organization: &str, found: DisputeListView) -> AnyView {
    let l = use_locale();
    let base = format!("/organize/{organization}/money/disputes");
    let next = found.next.map(|after| address(&base, &[("after", &after)]));
    let policy = found.may_manage.then(|| policy(organization, found.policy));
    let list = if found.rows.is_empty() {
        view! { <EmptyState title=t::none_title(l) text=t::none_text(l)/> }.into_any()
    } else {
        view! { {table(&base, found.rows)}<KeysetPager next/> }.into_any()
    };
    view! { {list}{policy} }.into_any()
}

fn table(base: &str, rows: Vec<DisputeRowView>) -> AnyView {
    let l = use_locale();
    let columns = vec![
        Column::text(t::col_order(l)),
        Column::text(t::col_state(l)),
        Column::text(t::col_reason(l)),
        Column::number(t::col_amount(l)),
        Column::text(t::col_until(l)),
        Column::text(t::col_opened(l)),
    ];
    let rows = rows
        .into_iter()
        .map(|row| {
            let href = format!("{base}/{}", row.id);
            let (tone, state) = words::dispute_state(l, row.state);
            let until = row.answer_by.filter(|_| row.state.takes_answer());
            view! {
                <tr>
                    <td data-label=t::col_order(l)>
                        <a class="text-link" href=href><bdi>{row.order}</bdi></a>
                        <br/>
                        <small><bdi>{row.event}</bdi></small>
                    </td>
                    <td data-label=t::col_state(l)><Badge tone>{state}</Badge></td>
                    <td data-label=t::col_reason(l)>{words::dispute_reason(l, row.reason)}</td>
                    <td class="num" data-label=t::col_amount(l)><MoneyView amount=row.amount/></td>
                    <td data-label=t::col_until(l)>{until.map(|at| view! { <DateTimeView at/> })}</td>
                    <td data-label=t::col_opened(l)><DateTimeView at=row.opened/></td>
                </tr>
            }
        })
        .collect_view();
    view! { <DataTable caption=t::title(l) columns stacked=true>{rows}</DataTable> }.into_any()
}

fn policy(organization: &str, now: TicketPolicy) -> AnyView {
    let l = use_locale();
    let form = FormState::new::<SetDisputePolicy>();
    let owner = organization.to_owned();
    let choices = vec![
        Choice::new(TicketPolicy::Block.code(), t::policy_block(l)),
        Choice::new(TicketPolicy::Keep.code(), t::policy_keep(l)),
    ];
    view! {
        <Section title=t::policy_title(l)>
            <form method="post" action=form.address() class="form">
                <FormError error=form.form_error()/>
                {saved(form)}
                <input type="hidden" name="organization" value=owner/>
                <Select
                    name="policy"
                    label=t::policy_label(l)
                    choices
                    required=true
                    selected=form.value_or("policy", now.code().to_owned())
                    error=form.error("policy")
                />
                <p class="field-hint">{t::policy_hint(l)}</p>
                <div class="form-actions">
                    <Button kind=ButtonKind::Secondary>{t::policy_save(l)}</Button>
                </div>
            </form>
        </Section>
    }
    .into_any()
}
