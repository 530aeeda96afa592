//! `/account`: one's name, password and open sessions.

use app_api::{
    ErrorKind, FormState,
    accounts::{
        AccountView, ChangePassword, ChangeProfile, EndOtherSessions, EndSession, OpenSessionView,
        ResendVerification, account,
    },
    use_session,
};
use app_ui::{
    Badge, Button, ButtonKind, Choice, Container, ContainerSize, FormError, LinkButton, Notice,
    PageHeader, Section, Select, Skeleton, TextInput, Tone, use_locale,
};
use leptos::prelude::*;
use leptos_meta::{Meta, Title};
use locales::{Locale, accounts as t, dates};

#[component]
pub fn AccountPage() -> impl IntoView {
    let l = use_locale();
    let found = Resource::new(|| (), |()| account());
    let again = move || found.refetch();
    let forms = Forms {
        profile: FormState::new(),
        password: FormState::new(),
        resend: FormState::new(),
        others: FormState::new(),
    };
    forms.profile.on_done(move || {
        app_api::refresh_session();
        again();
    });
    forms.password.on_done(again);
    forms.others.on_done(again);
    view! {
        <Title text=t::account_title(l)/>
        <Meta name="robots" content="noindex"/>
        <Container size=ContainerSize::Narrow>
            <PageHeader title=t::account_title(l)/>
            <Transition fallback=|| view! { <Skeleton lines=6/> }>
                {move || {
                    found
                        .get()
                        .map(|found| match found {
                            Ok(account) => show(account, forms, again),
                            Err(error) => {
                                error.set_page_status();
                                let sign_in = (error.kind == ErrorKind::Unauthenticated)
                                    .then(|| {
                                        view! { <LinkButton href="/sign-in?next=/account">{t::sign_in(l)}</LinkButton> }
                                    });
                                view! { <Notice tone=Tone::Warning title=error.text(l)>{sign_in}</Notice> }.into_any()
                            }
                        })
                }}
            </Transition>
        </Container>
    }
}

#[derive(Clone, Copy)]
struct Forms {
    profile: FormState<ChangeProfile>,
    password: FormState<ChangePassword>,
    resend: FormState<ResendVerification>,
    others: FormState<EndOtherSessions>,
}

fn show(
    account: AccountView,
    forms: Forms,
    again: impl Fn() + Copy + Send + Sync + 'static,
) -> AnyView {
    let l = use_locale();
    let profile = profile_form(&account, forms.profile);
    let password = password_form(&account.email, forms.password);
    let rows = account
        .sessions
        .into_iter()
        .map(|open| session_row(open, again))
        .collect_view();
    view! {
        {(!account.email_verified).then(|| unverified(l, forms.resend))}
        {organizations()}
        <Section title=t::profile(l) lead=account.email>{profile}</Section>
        <Section title=t::change_password(l)>{password}</Section>
        <Section title=t::sessions(l) lead=t::sessions_lead(l)>
            <ul class="list" role="list">{rows}</ul>
            <ActionForm action=forms.others.action attr:class="form">
                <Button kind=ButtonKind::Secondary small=true pending=forms.others.pending()>{t::end_others(l)}</Button>
            </ActionForm>
        </Section>
    }
    .into_any()
}

fn unverified(l: Locale, form: FormState<ResendVerification>) -> AnyView {
    let done = form.done();
    view! {
        <Notice tone=Tone::Warning title=t::unverified(l)>
            <FormError error=form.form_error()/>
            <p hidden=move || !done.get() role="status">{t::resent(l)}</p>
            <ActionForm action=form.action>
                <Button kind=ButtonKind::Secondary small=true pending=form.pending()>{t::resend(l)}</Button>
            </ActionForm>
        </Notice>
    }
    .into_any()
}

fn organizations() -> AnyView {
    let l = use_locale();
    let session = use_session();
    view! {
        {move || {
            let memberships = session.get().map(|session| session.memberships).unwrap_or_default();
            (!memberships.is_empty())
                .then(|| {
                    let rows = memberships
                        .into_iter()
                        .map(|m| {
                            view! {
                                <li class="list-row">
                                    <a href=format!("/organize/{}", m.slug)>{m.name}</a>
                                    <Badge>{super::join::role_name(l, m.role)}</Badge>
                                </li>
                            }
                        })
                        .collect_view();
                    view! { <Section title=t::my_organizations(l)><ul class="list" role="list">{rows}</ul></Section> }
                })
        }}
    }
    .into_any()
}

fn profile_form(account: &AccountView, form: FormState<ChangeProfile>) -> AnyView {
    let l = use_locale();
    let done = form.done();
    let name = form.value_or("name", account.name.clone());
    let locale = form.value_or("locale", account.locale.clone());
    let languages = Locale::all()
        .into_iter()
        .map(|one| Choice::new(one.code(), one.name()))
        .collect();
    view! {
        <ActionForm action=form.action attr:class="form" attr:novalidate=true>
            <FormError error=form.form_error()/>
            <p hidden=move || !done.get() role="status">{t::saved(l)}</p>
            <TextInput
                name="name"
                label=t::name(l)
                value=name
                error=form.error("name")
                autocomplete="name"
                required=true
            />
            <Select
                name="locale"
                label=t::language(l)
                choices=languages
                selected=locale
                required=true
            />
            <div class="form-actions"><Button pending=form.pending()>{t::save(l)}</Button></div>
        </ActionForm>
    }
    .into_any()
}

fn password_form(email: &str, form: FormState<ChangePassword>) -> AnyView {
    let l = use_locale();
    let email = email.to_owned();
    let done = form.done();
    view! {
        <ActionForm action=form.action attr:class="form" attr:novalidate=true>
            <FormError error=form.form_error()/>
            <p hidden=move || !done.get() role="status">{t::password_changed(l)}</p>
            // Tells password keepers whose password this is.
            <input type="hidden" autocomplete="username" value=email/>
            <TextInput
                name="current_password"
                label=t::current_password(l)
                kind="password"
                error=form.error("current_password")
                autocomplete="current-password"
                required=true
            />
            <TextInput
                name="new_password"
                label=t::new_password(l)
                kind="password"
                hint=t::password_hint(l)
                error=form.error("new_password")
                autocomplete="new-password"
                required=true
            />
            <div class="form-actions"><Button pending=form.pending()>{t::save_password(l)}</Button></div>
        </ActionForm>
    }
    .into_any()
}

fn session_row(open: OpenSessionView, again: impl Fn() + Copy + 'static) -> AnyView {
    let l = use_locale();
    let form = FormState::<EndSession>::of("id", &open.id);
    form.on_done(again);
    view! {
        <li class="list-row">
            <span>
                <bdi>{open.browser}</bdi>
                <span class="muted">{t::last_seen(l, dates::date_short(l, open.last_seen))}</span>
            </span>
            {if open.current {
                view! { <Badge tone=Tone::Success>{t::this_session(l)}</Badge> }.into_any()
            } else {
                view! {
                    <ActionForm action=form.action>
                        <input type="hidden" name="id" value=open.id/>
                        <Button kind=ButtonKind::Secondary small=true pending=form.pending()>{t::end_session(l)}</Button>
                    </ActionForm>
                }
                    .into_any()
            }}
        </li>
    }
    .into_any()
}
