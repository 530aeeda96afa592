//! `/admin/finance/transfers/credits`: money that settles nothing by itself.

use app_api::query::use_query_map;
use app_api::{
    FormState,
    admin::{AdminCredits, AssignCredit, BankLineView, Listing, SendCreditBack},
    ask,
};
use app_ui::{
    Badge, Button, ButtonKind, Definition, DefinitionList, EmptyState, FormError, MoneyView,
    TextInput, Tone, use_locale,
};
use leptos::prelude::*;
use locales::{Locale, dates, money, transfers as t};

use super::{HOME, back, done, further, lines, said};
use crate::parts::{Frame, loaded};

#[component]
pub fn CreditsPage() -> impl IntoView {
    let l = use_locale();
    let query = use_query_map();
    let after = Memo::new(move |_| query.with(|query| query.get("after")));
    let found = ask(move || AdminCredits { after: after.get() });
    view! {
        <Frame title=t::work_title(l) lead=t::work_lead(l)>
            {back()}
            {done().map(|_| said(t::done(l)))}
            {loaded(found, move |found| show(found, after.get_untracked().is_none()))}
        </Frame>
    }
}

fn show(found: Listing<BankLineView>, on_first: bool) -> AnyView {
    let l = use_locale();
    if found.items.is_empty() {
        return view! { <EmptyState title=t::work_none(l) text=t::work_none_text(l)/> }.into_any();
    }
    let next = found.next;
    let all = found
        .items
        .into_iter()
        .map(|line| credit(l, line))
        .collect_view();
    view! {
        <ul class="stack" role="list">{all}</ul>
        {further(&format!("{HOME}/credits"), next, on_first)}
    }
    .into_any()
}

fn credit(l: Locale, line: BankLineView) -> AnyView {
    let why = lines::reason(l, &line);
    let due = line
        .due
        .filter(|_| line.surplus.is_none())
        .map(|due| view! { <p>{t::due(l, money::format(l, due))}</p> });
    let order = line.order.clone().map(|code| {
        view! { <Definition term=t::line_order(l)><bdi class="code">{code}</bdi></Definition> }
    });
    let account = (!line.account.is_empty())
        .then(|| view! { <br/><bdi class="code" dir="ltr">{line.account.clone()}</bdi> });
    let assign = (line.state == "open").then(|| assign(l, &line));
    let title = dates::date_medium(l, line.day);
    view! {
        <li class="card stack">
            <h3><MoneyView amount=line.amount/> " · " {title}</h3>
            <div class="badges"><Badge tone=Tone::Warning>{why}</Badge></div>
            {due}
            <DefinitionList>
                <Definition term=t::line_party(l)><bdi>{line.party.clone()}</bdi>{account}</Definition>
                <Definition term=t::line_text(l)><bdi>{line.text.clone()}</bdi></Definition>
                {order}
            </DefinitionList>
            {assign}
            {send_back(l, &line.id)}
        </li>
    }
    .into_any()
}

fn assign(l: Locale, line: &BankLineView) -> AnyView {
    let form = FormState::of::<AssignCredit>("line", &line.id);
    view! {
        <form method="post" action=form.address() class="form">
            <FormError error=form.form_error()/>
            <input type="hidden" name="line" value=line.id.clone()/>
            <TextInput
                name="code"
                id=format!("code-{}", line.id)
                label=t::assign_code(l)
                maxlength=12
                required=true
                value=form.value_or("code", line.order.clone().unwrap_or_default())
                error=form.error("code")
            />
            <div class="form-actions"><Button small=true>{t::assign_button(l)}</Button></div>
        </form>
    }
    .into_any()
}

fn send_back(l: Locale, id: &str) -> AnyView {
    let form = FormState::of::<SendCreditBack>("line", id);
    view! {
        <form method="post" action=form.address() class="form">
            <FormError error=form.form_error()/>
            <input type="hidden" name="line" value=id.to_owned()/>
            <TextInput
                name="note"
                id=format!("note-{id}")
                label=t::back_note(l)
                maxlength=140
                required=true
                value=form.value_or("note", String::new())
                error=form.error("note")
            />
            <div class="form-actions"><Button kind=ButtonKind::Secondary small=true>{t::back_button(l)}</Button></div>
        </form>
    }
    .into_any()
}
