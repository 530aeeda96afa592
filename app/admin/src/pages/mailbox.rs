//! `/dev/mail`: the mailbox folder, for people who try Bilten out.

use app_api::{
    ApiError, ask,
    development::{MailDetailView, MailSummaryView, Mailbox, MailboxMail},
};
use app_ui::{
    Column, Container, ContainerSize, DataTable, DateTimeView, Definition, DefinitionList,
    Disclosure, EmptyState, Notice, PageHeader, Skeleton, Tone, use_locale,
};
use leptos::prelude::*;
use leptos_meta::{Meta, Title};
use leptos_router::hooks::use_params_map;
use locales::development as texts;

#[component]
pub fn MailsPage() -> impl IntoView {
    let l = use_locale();
    let mails = ask(|| Mailbox {});
    view! {
        <Title text=texts::mailbox(l)/>
        <Meta name="robots" content="noindex"/>
        <Container size=ContainerSize::Wide>
            <PageHeader title=texts::mailbox(l) lead=texts::mailbox_lead(l)/>
            <Suspense fallback=|| view! { <Skeleton lines=6/> }>
                {move || Suspend::new(async move { mails.answer().await.map_or_else(|e| fault(&e), list) })}
            </Suspense>
        </Container>
    }
}

fn fault(error: &ApiError) -> AnyView {
    error.set_page_status();
    view! { <Notice tone=Tone::Error title=error.text(use_locale())/> }.into_any()
}

fn list(mails: Vec<MailSummaryView>) -> AnyView {
    let l = use_locale();
    if mails.is_empty() {
        return view! { <EmptyState title=texts::mailbox_empty(l) text=texts::mailbox_empty_text(l)/> }.into_any();
    }
    let columns = vec![
        Column::text(texts::subject(l)),
        Column::text(texts::to(l)),
        Column::text(texts::sent(l)),
    ];
    let rows = mails
        .into_iter()
        .map(|mail| {
            view! {
                <tr>
                    <td data-label=texts::subject(l)><a href=format!("/dev/mail/{}", mail.id)><bdi>{mail.subject}</bdi></a></td>
                    <td data-label=texts::to(l)><bdi>{mail.to}</bdi></td>
                    <td data-label=texts::sent(l)>{mail.sent.map(|at| view! { <DateTimeView at zone="UTC"/> })}</td>
                </tr>
            }
        })
        .collect_view();
    view! { <DataTable caption=texts::mailbox(l) columns stacked=true>{rows}</DataTable> }
        .into_any()
}

#[component]
pub fn MailPage() -> impl IntoView {
    let l = use_locale();
    let params = use_params_map();
    let mail = ask(move || MailboxMail {
        id: params.with(|p| p.get("id").unwrap_or_default()),
    });
    view! {
        <Meta name="robots" content="noindex"/>
        <Container>
            <p><a href="/dev/mail">{texts::mailbox(l)}</a></p>
            <Suspense fallback=|| view! { <Skeleton lines=6/> }>
                {move || Suspend::new(async move { mail.answer().await.map_or_else(|e| fault(&e), detail) })}
            </Suspense>
        </Container>
    }
}

fn detail(mail: MailDetailView) -> AnyView {
    let l = use_locale();
    let frame = format!("/dev/mail/{}/html", mail.id);
    let raw = format!("/dev/mail/{}/raw", mail.id);
    let attachments = mail.attachments.join(", ");
    view! {
        <Title text=mail.subject.clone()/>
        <PageHeader title=mail.subject.clone()/>
        <div class="stack">
            <DefinitionList>
                <Definition term=texts::from(l)><bdi>{mail.from}</bdi></Definition>
                <Definition term=texts::to(l)><bdi>{mail.to}</bdi></Definition>
                {mail.sent.map(|at| view! { <Definition term=texts::sent(l)><DateTimeView at zone="UTC"/></Definition> })}
                {(!attachments.is_empty())
                    .then(|| view! { <Definition term=texts::attachments(l)><bdi>{attachments}</bdi></Definition> })}
            </DefinitionList>
            <iframe class="mail-frame" src=frame title=mail.subject></iframe>
            <Disclosure label=texts::plain_text(l)><pre class="mail-text" dir="auto">{mail.text}</pre></Disclosure>
            <p><a href=raw rel="external">{texts::raw(l)}</a></p>
        </div>
    }
    .into_any()
}
