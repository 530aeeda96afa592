//! `/admin/finance/transfers/files/:id`: what stands in a statement, and whether it counts.

use app_api::query::use_query_map;
use app_api::{
    FormState,
    admin::{AdminBankFile, BankFilePage as Found, BankFileView, EndBankFile},
    ask,
};
use app_ui::{
    Button, ButtonKind, Definition, DefinitionList, FormError, MoneyView, Notice, Section, Tone,
    use_locale,
};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use locales::{Locale, numbers::integer, transfers as t};

use super::{HOME, back, done, further, lines, overview::days};
use crate::parts::{Frame, loaded};

#[component]
pub fn BankFilePage() -> impl IntoView {
    let l = use_locale();
    let (params, query) = (use_params_map(), use_query_map());
    let wanted = Memo::new(move |_| {
        let id = params.with(|params| params.get("id")).unwrap_or_default();
        (id, query.with(|query| query.get("after")))
    });
    let found = ask(move || {
        let (id, after) = wanted.get();
        AdminBankFile { id, after }
    });
    let again = (done().as_deref() == Some("again")).then(|| {
        view! { <Notice tone=Tone::Info title=t::file_again(l)/> }
    });
    view! {
        <Frame title=t::file_title(l)>
            {back()}
            {again}
            {loaded(found, move |found| show(found, wanted.get_untracked().1.is_none()))}
        </Frame>
    }
}

fn show(found: Found, on_first: bool) -> AnyView {
    let l = use_locale();
    let file = found.file;
    let path = format!("{HOME}/files/{}", file.id);
    let told = match (file.new, done().as_deref()) {
        (Some(new), Some("taken_in")) => {
            let text = t::file_done(l, integer(u64::from(new)));
            Some(view! { <Notice tone=Tone::Success title=text/> })
        }
        _ => None,
    };
    let acts = file.new.is_none().then(|| decide(l, &file.id));
    let caption = if file.new.is_some() {
        t::files_lines(l)
    } else {
        t::file_preview(l)
    };
    let table = if found.lines.items.is_empty() {
        view! { <p>{t::file_no_lines(l)}</p> }.into_any()
    } else {
        let next = found.lines.next;
        view! { {lines::table(caption, found.lines.items)}{further(&path, next, on_first)} }
            .into_any()
    };
    view! {
        {told}
        {facts(l, file)}
        {acts}
        <Section title=caption>{table}</Section>
    }
    .into_any()
}

fn facts(l: Locale, file: BankFileView) -> AnyView {
    let format = if file.format == "csv" {
        "CSV"
    } else {
        "CAMT.053"
    };
    let balance = |term: &'static str, amount: Option<domain::money::Money>| {
        amount.map(|amount| view! { <Definition term><MoneyView amount/></Definition> })
    };
    view! {
        <DefinitionList>
            <Definition term=t::file_account(l)><bdi class="code" dir="ltr">{file.account}</bdi></Definition>
            <Definition term=t::file_format(l)><bdi>{format}</bdi></Definition>
            <Definition term=t::files_days(l)>{days(l, file.days)}</Definition>
            <Definition term=t::files_lines(l)>{integer(u64::from(file.lines))}</Definition>
            {balance(t::file_opening(l), file.opening)}
            <Definition term=t::files_credits(l)><MoneyView amount=file.credits/></Definition>
            <Definition term=t::files_debits(l)><MoneyView amount=file.debits/></Definition>
            {balance(t::file_closing(l), file.closing)}
            <Definition term=t::file_by(l)><bdi>{file.by}</bdi></Definition>
        </DefinitionList>
    }
    .into_any()
}

fn decide(l: Locale, id: &str) -> AnyView {
    let form = FormState::new::<EndBankFile>();
    view! {
        <form method="post" action=form.address() class="form">
            <FormError error=form.form_error()/>
            <p>{t::file_take_in_text(l)}</p>
            <input type="hidden" name="file" value=id.to_owned()/>
            <div class="form-actions">
                <Button name="step" value="take_in">{t::file_take_in(l)}</Button>
                <Button name="step" value="discard" kind=ButtonKind::Quiet>{t::file_discard(l)}</Button>
            </div>
        </form>
    }
    .into_any()
}
