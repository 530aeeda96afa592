//! `/admin/finance/transfers/refunds`: money that somebody has to send back with the platform's bank.

use app_api::{
    FormState,
    admin::{
        AdminBankRefunds, BankRefundBack, BankRefundSent, BankRefundTake, BankRefundView,
        BankRefundsView, SentRefundView,
    },
    ask,
};
use app_ui::{
    Button, ButtonKind, ConfirmPanel, DateTimeView, Definition, DefinitionList, EmptyState,
    FormError, LinkButton, MoneyView, Notice, SearchBox, Section, TextInput, Tone, use_locale,
};
use leptos::prelude::*;
use locales::{Locale, admin, finance, money, transfers as t};

use super::{HOME, back, done, said};
use crate::parts::{Frame, loaded, use_search};

#[component]
pub fn BankRefundsPage() -> impl IntoView {
    let l = use_locale();
    let search = use_search();
    let found = ask(move || AdminBankRefunds {
        q: search.get().text,
    });
    view! {
        <Frame title=t::refunds_title(l) lead=t::refunds_lead(l)>
            {back()}
            {done().map(|_| said(t::done(l)))}
            {loaded(found, move |found| show(found, search.get_untracked().text))}
        </Frame>
    }
}

fn show(found: BankRefundsView, looked_for: String) -> AnyView {
    let l = use_locale();
    if found.refunds.is_empty() && found.sent.is_empty() && looked_for.is_empty() {
        return view! { <EmptyState title=t::refunds_none(l) text=t::refunds_none_text(l)/> }
            .into_any();
    }
    let prove = (!found.proved).then(|| {
        let href = format!("/sign-in/again?next={HOME}/refunds");
        view! {
            <Notice tone=Tone::Info title=finance::prove_title(l)>
                <p>{finance::platform_masked(l)}</p>
                <p><LinkButton href small=true>{finance::prove_button(l)}</LinkButton></p>
            </Notice>
        }
    });
    let proved = found.proved;
    let some = found.refunds.iter().any(|one| one.failed.is_none());
    let sheet = (proved && some).then(|| {
        let href = format!("{HOME}/refunds.csv");
        view! {
            <p>
                <LinkButton href kind=ButtonKind::Secondary small=true external=true>{t::refunds_csv(l)}</LinkButton>
            </p>
        }
    });
    let all = found
        .refunds
        .into_iter()
        .map(|one| refund(l, one, proved))
        .collect_view();
    let sent = (!found.sent.is_empty() || !looked_for.is_empty()).then(|| {
        let none = found
            .sent
            .is_empty()
            .then(|| view! { <p>{admin::nothing_title(l)}</p> });
        let all = found
            .sent
            .into_iter()
            .map(|one| sent_refund(l, one, proved))
            .collect_view();
        view! {
            <Section title=t::refunds_sent(l)>
                <p>{t::refunds_sent_lead(l)}</p>
                <SearchBox
                    action=format!("{HOME}/refunds")
                    label=t::refunds_sent_find(l)
                    placeholder=t::refunds_sent_find(l)
                    value=looked_for
                />
                {none}
                <ul class="stack" role="list">{all}</ul>
            </Section>
        }
    });
    view! { {prove}{sheet}<ul class="stack" role="list">{all}</ul>{sent} }.into_any()
}

fn refund(l: Locale, one: BankRefundView, proved: bool) -> AnyView {
    let known = move |text: String| {
        if text.is_empty() {
            view! { {t::refunds_unknown(l)} }.into_any()
        } else {
            view! { <bdi class="code copyable">{text}</bdi> }.into_any()
        }
    };
    let free = one.failed.is_some() && one.taken_by.is_none();
    let take = (proved && one.failed.is_some()).then(|| take(l, &one.id, free));
    let acts = (proved && !free).then(|| {
        let form = FormState::of::<BankRefundSent>("refund", &one.id);
        let open = form.form_error().is_some();
        view! {
            <ConfirmPanel label=t::refund_sent(l) kind=ButtonKind::Primary open>
                <form method="post" action=form.address()>
                    <FormError error=form.form_error()/>
                    <input type="hidden" name="refund" value=one.id.clone()/>
                    <p>{t::refund_sent_text(l, money::format(l, one.amount))}</p>
                    <Button small=true>{t::refund_sent_confirm(l)}</Button>
                </form>
            </ConfirmPanel>
        }
    });
    let taken = one
        .taken_by
        .map(|name| view! { <Notice tone=Tone::Info title=t::refund_taken(l, name)/> });
    let failed = one.failed.map(|why| {
        view! {
            <Notice tone=Tone::Warning title=t::refund_failed(l)>
                <p><bdi>{why}</bdi></p>
                {free.then(|| view! { <p>{t::refund_failed_text(l)}</p> })}
            </Notice>
        }
    });
    view! {
        <li class="card stack">
            <h3><MoneyView amount=one.amount/> " · " <bdi class="code">{one.order}</bdi></h3>
            {failed}
            {taken}
            <DefinitionList>
                <Definition term=finance::account_holder(l)>{known(one.holder)}</Definition>
                <Definition term=finance::account_number(l)>{known(one.account)}</Definition>
                <Definition term=t::reference(l)><bdi class="code copyable" dir="ltr">{one.reference}</bdi></Definition>
                <Definition term=finance::by_organization(l)><bdi>{one.organization}</bdi></Definition>
                <Definition term=finance::col_requested(l)><DateTimeView at=one.asked zone="UTC"/></Definition>
            </DefinitionList>
            {acts}
            {take}
        </li>
    }
    .into_any()
}

/// Takes a failed one on, or lets it go again.
fn take(l: Locale, id: &str, free: bool) -> AnyView {
    let form = FormState::of::<BankRefundTake>("refund", id);
    let id = id.to_owned();
    if free {
        return view! {
            <form method="post" action=form.address()>
                <FormError error=form.form_error()/>
                <input type="hidden" name="refund" value=id/>
                <input type="hidden" name="step" value="take_on"/>
                <Button small=true>{t::refund_take(l)}</Button>
            </form>
        }
        .into_any();
    }
    let open = form.form_error().is_some();
    view! {
        <ConfirmPanel label=t::refund_let_go(l) open>
            <form method="post" action=form.address()>
                <FormError error=form.form_error()/>
                <input type="hidden" name="refund" value=id/>
                <input type="hidden" name="step" value="let_go"/>
                <p>{t::refund_let_go_text(l)}</p>
                <Button kind=ButtonKind::Danger small=true>{t::refund_let_go(l)}</Button>
            </form>
        </ConfirmPanel>
    }
    .into_any()
}

/// One that has left, and that the bank may give back.
fn sent_refund(l: Locale, one: SentRefundView, proved: bool) -> AnyView {
    let acts = proved.then(|| {
        let form = FormState::of::<BankRefundBack>("refund", &one.id);
        let open = form.form_error().is_some() || form.error("reason").is_some();
        view! {
            <ConfirmPanel label=finance::came_back(l) open>
                <form method="post" action=form.address() class="form">
                    <FormError error=form.form_error()/>
                    <input type="hidden" name="refund" value=one.id.clone()/>
                    <TextInput
                        name="reason"
                        id=format!("reason-{}", one.id)
                        label=finance::came_back_reason(l)
                        hint=t::refund_back_hint(l)
                        maxlength=140
                        required=true
                        value=form.value_or("reason", String::new())
                        error=form.error("reason")
                    />
                    <div class="form-actions">
                        <Button kind=ButtonKind::Danger small=true>{finance::came_back_confirm(l)}</Button>
                    </div>
                </form>
            </ConfirmPanel>
        }
    });
    view! {
        <li class="card stack">
            <h3><MoneyView amount=one.amount/> " · " <bdi class="code">{one.order}</bdi></h3>
            <DefinitionList>
                <Definition term=t::reference(l)><bdi class="code" dir="ltr">{one.reference}</bdi></Definition>
                <Definition term=finance::by_organization(l)><bdi>{one.organization}</bdi></Definition>
                <Definition term=finance::col_ended(l)><DateTimeView at=one.sent zone="UTC"/></Definition>
            </DefinitionList>
            {acts}
        </li>
    }
    .into_any()
}
