//! `/account`: one's name, password and open sessions.

use app_api::query::use_query_map;
use app_api::{
    ErrorKind, FormState,
    accounts::{
        Account, AccountView, ChangePassword, ChangeProfile, EndOtherSessions, EndSession,
        OpenSessionView, RequestPasswordReset, ResendVerification,
    },
    ask, use_session,
};
use app_ui::{
    Badge, Button, ButtonKind, Choice, Container, ContainerSize, FormError, LinkButton, Notice,
    PageHeader, Section, Select, Skeleton, TextInput, Tone, use_locale,
};
use leptos::prelude::*;
use leptos_meta::{Meta, Title};
use locales::{Locale, accounts as t, dates, roles};

#[component]
pub fn AccountPage() -> impl IntoView {
    let l = use_locale();
    let found = ask(|| Account {});
    let forms = Forms {
        profile: FormState::new::<ChangeProfile>(),
        password: FormState::new::<ChangePassword>(),
        first_password: FormState::new::<RequestPasswordReset>(),
        resend: FormState::new::<ResendVerification>(),
        others: FormState::new::<EndOtherSessions>(),
    };
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
                            Ok(account) => show(account, forms),
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
    profile: FormState,
    password: FormState,
    first_password: FormState,
    resend: FormState,
    others: FormState,
}

fn show(account: AccountView, forms: Forms) -> AnyView {
    let l = use_locale();
    let profile = profile_form(&account, forms.profile);
    let password = if account.has_password {
        password_form(&account.email, forms.password)
    } else {
        first_password(l, &account.email, forms.first_password)
    };
    let gone = (!account.has_password && earlier_is_gone()).then(|| {
        view! { <Notice tone=Tone::Warning title=t::password_gone(l)>{t::password_gone_text(l)}</Notice> }
    });
    let rows = account.sessions.into_iter().map(session_row).collect_view();
    view! {
        {gone}
        {(!account.email_verified).then(|| unverified(l, forms.resend))}
        <Section title=t::tickets_title(l) lead=t::tickets_lead(l)>
            <LinkButton href="/account/tickets" kind=ButtonKind::Secondary>{t::tickets_open(l)}</LinkButton>
        </Section>
        {organizations()}
        <Section title=t::profile(l)>{profile}</Section>
        <Section title=t::email(l) lead=account.email>
            <LinkButton href="/account/email" kind=ButtonKind::Secondary>{t::email_change(l)}</LinkButton>
        </Section>
        <Section title=t::change_password(l)>{password}</Section>
        <Section title=t::security(l) lead=t::security_lead(l)>
            <LinkButton href="/account/security" kind=ButtonKind::Secondary>{t::security_open(l)}</LinkButton>
        </Section>
        <Section title=t::privacy(l) lead=t::privacy_lead(l)>
            <LinkButton href="/account/privacy" kind=ButtonKind::Secondary>{t::privacy_open(l)}</LinkButton>
        </Section>
        <Section title=t::sessions(l) lead=t::sessions_lead(l)>
            <ul class="list" role="list">{rows}</ul>
            <form method="post" action=forms.others.address() class="form">
                <p><Button kind=ButtonKind::Secondary small=true>{t::end_others(l)}</Button></p>
            </form>
        </Section>
    }
    .into_any()
}

/// Whether somebody comes right from a link that took the earlier password away.
fn earlier_is_gone() -> bool {
    use_query_map().with_untracked(|query| query.get_str("password") == Some("gone"))
}

fn unverified(l: Locale, form: FormState) -> AnyView {
    view! {
        <Notice tone=Tone::Warning title=t::unverified(l)>
            <FormError error=form.form_error()/>
            <p hidden=!form.done() role="status">{t::resent(l)}</p>
            <form method="post" action=form.address()>
                <Button kind=ButtonKind::Secondary small=true>{t::resend(l)}</Button>
            </form>
        </Notice>
    }
    .into_any()
}

fn organizations() -> Option<AnyView> {
    let l = use_locale();
    let memberships = use_session()?.memberships;
    (!memberships.is_empty()).then(|| {
        let rows = memberships
            .into_iter()
            .map(|m| {
                view! {
                    <li class="list-row">
                        <a href=format!("/organize/{}", m.slug)>{m.name}</a>
                        <Badge>{roles::name(l, m.role.code())}</Badge>
                    </li>
                }
            })
            .collect_view();
        view! { <Section title=t::my_organizations(l)><ul class="list" role="list">{rows}</ul></Section> }
            .into_any()
    })
}

fn profile_form(account: &AccountView, form: FormState) -> AnyView {
    let l = use_locale();
    let name = form.value_or("name", account.name.clone());
    let locale = form.value_or("locale", account.locale.clone());
    let languages = Locale::all()
        .into_iter()
        .map(|one| Choice::new(one.code(), one.name()))
        .collect();
    view! {
        <form method="post" action=form.address() class="form" novalidate=true>
            <FormError error=form.form_error()/>
            <p hidden=!form.done() role="status">{t::saved(l)}</p>
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
            <div class="form-actions"><Button>{t::save(l)}</Button></div>
        </form>
    }
    .into_any()
}

fn password_form(email: &str, form: FormState) -> AnyView {
    let l = use_locale();
    let email = email.to_owned();
    view! {
        <form method="post" action=form.address() class="form" novalidate=true>
            <FormError error=form.form_error()/>
            <p hidden=!form.done() role="status">{t::password_changed(l)}</p>
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
            <div class="form-actions"><Button>{t::save_password(l)}</Button></div>
        </form>
    }
    .into_any()
}

/// Somebody who came in without a password gets one the way a lost one is replaced.
fn first_password(l: Locale, email: &str, form: FormState) -> AnyView {
    let email = email.to_owned();
    view! {
        <form method="post" action=form.address() class="form">
            <p>{t::password_none(l)}</p>
            <FormError error=form.form_error()/>
            <p hidden=!form.done() role="status">{t::resent(l)}</p>
            <input type="hidden" name="email" value=email/>
            <div class="form-actions"><Button kind=ButtonKind::Secondary>{t::reset_send(l)}</Button></div>
        </form>
    }
    .into_any()
}

fn session_row(open: OpenSessionView) -> AnyView {
    let l = use_locale();
    let form = FormState::of::<EndSession>("id", &open.id);
    view! {
        <li class="list-row">
            <span>
                {if open.support { t::session_support(l).into_any() } else { view! { <bdi>{open.browser}</bdi> }.into_any() }}
                " "
                <span class="muted">{t::last_seen(l, dates::date_short(l, open.last_seen))}</span>
            </span>
            {if open.current {
                view! { <Badge tone=Tone::Success>{t::this_session(l)}</Badge> }.into_any()
            } else {
                view! {
                    <form method="post" action=form.address()>
                        <input type="hidden" name="id" value=open.id/>
                        <Button kind=ButtonKind::Secondary small=true>{t::end_session(l)}</Button>
                    </form>
                }
                    .into_any()
            }}
        </li>
    }
    .into_any()
}
