//! `/account/security`: passkeys and the second factor.

use app_api::{
    ErrorKind, FormState, ask,
    passkeys::AddPasskey,
    provider::{CONNECT, UntieProvider},
    require_fresh_session,
    security::{
        AuthenticatorView, BeginAuthenticator, ConfirmAuthenticator, RecoveryCodesView,
        RenewRecoveryCodes, Security, SecurityView, TurnOffAuthenticator,
    },
    wallets::{AddWallet, RemoveWallet, WalletView},
};
use app_ui::{
    Breadcrumbs, Button, ButtonKind, ConfirmPanel, Container, ContainerSize, Crumb, FormError,
    LinkButton, Notice, PageHeader, QrView, Section, Skeleton, TextInput, Tone, use_locale,
};
use leptos::prelude::*;
use leptos_meta::{Meta, Title};
use locales::{Locale, accounts as t, dates};

use super::{
    factors::{self, recovery_codes},
    wallet::{Deed as WalletDeed, WalletForm},
};

#[derive(Clone, Copy)]
struct Forms {
    add_passkey: FormState,
    begin: FormState,
    confirm: FormState,
    renew: FormState,
    off: FormState,
}

#[component]
pub fn SecurityPage() -> impl IntoView {
    require_fresh_session();
    let l = use_locale();
    let found = ask(|| Security {});
    let forms = Forms {
        add_passkey: FormState::new::<AddPasskey>(),
        begin: FormState::new::<BeginAuthenticator>(),
        confirm: FormState::new::<ConfirmAuthenticator>(),
        renew: FormState::new::<RenewRecoveryCodes>(),
        off: FormState::new::<TurnOffAuthenticator>(),
    };
    let crumbs = vec![
        Crumb::link(t::account_title(l), "/account"),
        Crumb::here(t::security(l)),
    ];
    view! {
        <Title text=t::security(l)/>
        <Meta name="robots" content="noindex"/>
        <Container size=ContainerSize::Narrow>
            <Breadcrumbs items=crumbs/>
            <PageHeader title=t::security(l) lead=t::security_lead(l)/>
            <Transition fallback=|| view! { <Skeleton lines=6/> }>
                {move || {
                    found
                        .get()
                        .map(|found| match found {
                            Ok(found) => show(found, forms),
                            Err(error) => {
                                error.set_page_status();
                                let sign_in = (error.kind == ErrorKind::Unauthenticated)
                                    .then(|| {
                                        view! {
                                            <LinkButton href="/sign-in?next=/account/security">{t::sign_in(l)}</LinkButton>
                                        }
                                    });
                                view! { <Notice tone=Tone::Warning title=error.text(l)>{sign_in}</Notice> }.into_any()
                            }
                        })
                }}
            </Transition>
        </Container>
    }
}

fn show(found: SecurityView, forms: Forms) -> AnyView {
    let l = use_locale();
    let codes: Option<RecoveryCodesView> = forms
        .confirm
        .answer()
        .or_else(|| forms.renew.answer())
        .or_else(|| forms.add_passkey.answer());
    let codes = codes
        .filter(|view| !view.codes.is_empty())
        .map(|view| recovery_codes(l, view));
    let has_passkeys = !found.passkeys.is_empty();
    let body = match (found.since, found.begun) {
        (Some(since), _) => on(
            l,
            &dates::date_long(l, since),
            found.recovery_codes_left,
            forms,
        ),
        (None, begun) => {
            let begin = match begun {
                Some(begun) => begun_view(l, begun, &found.email, forms),
                None => off(l, forms),
            };
            let recovery =
                has_passkeys.then(|| recovery(l, found.recovery_codes_left, forms.renew, None));
            view! { {begin} {recovery} }.into_any()
        }
    };
    let keys = found
        .passkeys_available
        .then(|| factors::passkeys(l, found.passkeys, forms.add_passkey));
    let not_shown = found.not_shown.then(|| factors::not_shown(l));
    let provider = found
        .provider
        .map(|name| elsewhere(l, &name, found.provider_since));
    let wallets = found.wallets.map(|found| wallets(l, found));
    view! { {super::sign_in::why(l)} {not_shown} {codes} {keys} {body} {provider} {wallets} }
        .into_any()
}

/// The account elsewhere that opens this one.
fn elsewhere(l: Locale, name: &str, since: Option<jiff::civil::Date>) -> AnyView {
    let form = FormState::new::<UntieProvider>();
    let (connect, lead) = (t::provider_connect(l, name), t::provider_lead(l, name));
    let body = match since {
        None => view! {
            <p><LinkButton href=CONNECT kind=ButtonKind::Secondary external=true>{connect}</LinkButton></p>
        }
        .into_any(),
        Some(since) => view! {
            <p>{t::provider_since(l, dates::date_long(l, since))}</p>
            <form method="post" action=form.address()>
                <FormError error=form.form_error()/>
                <Button kind=ButtonKind::Secondary small=true>{t::provider_disconnect(l)}</Button>
            </form>
        }
        .into_any(),
    };
    view! {
        <Section title=name.to_owned() lead>
            <div class="stack">{body}</div>
        </Section>
    }
    .into_any()
}

/// Adding one needs scripts, because the wallet signs; removing one does not.
fn wallets(l: Locale, found: Vec<WalletView>) -> AnyView {
    let (add, removed) = (
        FormState::new::<AddWallet>(),
        FormState::new::<RemoveWallet>(),
    );
    let rows = found.into_iter().map(|one| wallet(l, one)).collect_view();
    view! {
        <Section title=t::wallets(l) lead=t::wallets_lead(l)>
            <p hidden=!add.done() role="status">{t::wallet_added(l)}</p>
            <p hidden=!removed.done() role="status">{t::wallet_removed(l)}</p>
            <ul class="list" role="list">{rows}</ul>
            <WalletForm
                deed=WalletDeed::Add
                form=add
                label=t::wallet_add(l)
                otherwise=t::wallets_none(l)
            />
        </Section>
    }
    .into_any()
}

fn wallet(l: Locale, one: WalletView) -> AnyView {
    let form = FormState::of::<RemoveWallet>("address", &one.address);
    let added = t::passkey_since(l, dates::date_medium(l, one.added));
    let open = form.failed();
    view! {
        <li class="list-row">
            <span>
                <code class="code" dir="ltr">{one.address.clone()}</code>
                " "
                <span class="muted">{added}</span>
            </span>
            <ConfirmPanel label=t::passkey_remove(l) kind=ButtonKind::Secondary open>
                <form method="post" action=form.address() class="form">
                    <p>{t::wallet_remove_effects(l)}</p>
                    <FormError error=form.form_error()/>
                    <input type="hidden" name="address" value=one.address/>
                    <div><Button kind=ButtonKind::Danger>{t::wallet_remove_confirm(l)}</Button></div>
                </form>
            </ConfirmPanel>
        </li>
    }
    .into_any()
}

fn off(l: Locale, forms: Forms) -> AnyView {
    let form = forms.begin;
    view! {
        <Section title=t::authenticator(l) lead=t::authenticator_off(l)>
            {forms.off.done().then(|| view! { <p role="status">{t::authenticator_gone(l)}</p> })}
            <form method="post" action=form.address()>
                <FormError error=form.form_error()/>
                <Button>{t::authenticator_begin(l)}</Button>
            </form>
        </Section>
    }
    .into_any()
}

fn begun_view(l: Locale, begun: AuthenticatorView, email: &str, forms: Forms) -> AnyView {
    let (form, begin) = (forms.confirm, forms.begin);
    let label = t::authenticator_picture(l, email);
    view! {
        <Section title=t::authenticator(l) lead=t::authenticator_scan(l)>
            <div class="stack">
                <QrView svg=begun.qr label/>
                <p><a class="text-link" href=begun.link>{t::authenticator_open(l)}</a></p>
                <p>{t::authenticator_type(l)}</p>
                <p dir="ltr"><code class="code">{begun.typed}</code></p>
                <form method="post" action=form.address() class="form" novalidate=true>
                    <FormError error=form.form_error()/>
                    <TextInput
                        name="code"
                        label=t::code_now(l)
                        hint=t::code_now_hint(l)
                        error=form.error("code")
                        inputmode="numeric"
                        autocomplete="one-time-code"
                        required=true
                    />
                    <div class="form-actions"><Button>{t::authenticator_confirm(l)}</Button></div>
                </form>
                <form method="post" action=begin.address()>
                    <FormError error=begin.form_error()/>
                    <Button kind=ButtonKind::Secondary small=true>{t::authenticator_anew(l)}</Button>
                </form>
            </div>
        </Section>
    }
    .into_any()
}

fn on(l: Locale, since: &str, left: u32, forms: Forms) -> AnyView {
    let (renew, off) = (forms.renew, forms.off);
    let off_open = off.failed();
    view! {
        <Section title=t::authenticator(l) lead=t::authenticator_on(l, since)>
            <ConfirmPanel label=t::authenticator_off_button(l) open=off_open>
                <form method="post" action=off.address() class="form" novalidate=true>
                    <p>{t::authenticator_off_effects(l)}</p>
                    <FormError error=off.form_error()/>
                    {code_field(l, off, "off-code")}
                    <div><Button kind=ButtonKind::Danger>{t::authenticator_off_confirm(l)}</Button></div>
                </form>
            </ConfirmPanel>
        </Section>
        {recovery(l, left, renew, Some(code_field(l, renew, "renew-code")))}
    }
    .into_any()
}

/// How many recovery codes are left, and new ones; a code of the authenticator is asked for where there is one.
fn recovery(l: Locale, left: u32, renew: FormState, code: Option<AnyView>) -> AnyView {
    let open = renew.failed();
    let lead = t::recovery_left(l, u64::from(left));
    view! {
        <Section title=t::recovery(l) lead>
            <ConfirmPanel label=t::recovery_renew(l) kind=ButtonKind::Secondary open>
                <form method="post" action=renew.address() class="form" novalidate=true>
                    <p>{t::recovery_renew_effects(l)}</p>
                    <FormError error=renew.form_error()/>
                    {code}
                    <div><Button>{t::recovery_renew_confirm(l)}</Button></div>
                </form>
            </ConfirmPanel>
        </Section>
    }
    .into_any()
}

fn code_field(l: Locale, form: FormState, id: &'static str) -> AnyView {
    view! {
        <TextInput
            name="code"
            id
            label=t::code(l)
            hint=t::code_hint(l)
            error=form.error("code")
            autocomplete="one-time-code"
            required=true
        />
    }
    .into_any()
}
