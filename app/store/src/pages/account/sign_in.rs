//! `/sign-in`

use app_api::query::use_query_map;
use app_api::{
    FormState,
    accounts::SignIn,
    ask,
    passkeys::SignInPasskey,
    path,
    provider::{SIGN_IN, WHY_KEY, WaysIn, known_reason},
    wallets::SignInWallet,
};
use app_ui::{
    Button, ButtonKind, Container, ContainerSize, FormError, LinkButton, Notice, PageHeader,
    TextInput, Tone, use_locale,
};
use leptos::prelude::*;
use leptos_meta::{Meta, Title};
use locales::{Locale, accounts as t, errors};

use super::{
    next_path,
    passkey::{Deed, PasskeyForm},
    wallet::{Deed as WalletDeed, WalletForm},
    with_next,
};

#[component]
pub fn SignInPage() -> impl IntoView {
    let l = use_locale();
    let form = FormState::new::<SignIn>();
    let by_key = FormState::new::<SignInPasskey>();
    let next = next_path();
    let sign_up = with_next("/sign-up", &next);
    let next_too = next.clone();
    let provider = with_provider(l, &next);
    view! {
        <Title text=t::sign_in_title(l)/>
        <Meta name="robots" content="noindex"/>
        <Container size=ContainerSize::Narrow>
            <PageHeader title=t::sign_in_title(l) lead=t::sign_in_lead(l)/>
            <div class="stack">
                {why(l)}
                <form method="post" action=form.address() class="form" novalidate=true>
                    <FormError error=form.form_error()/>
                    <input type="hidden" name="next" value=next/>
                    <TextInput
                        name="email"
                        label=t::email(l)
                        kind="email"
                        value=form.value("email")
                        error=form.error("email")
                        autocomplete="username"
                        required=true
                    />
                    <TextInput
                        name="password"
                        label=t::password(l)
                        kind="password"
                        error=form.error("password")
                        autocomplete="current-password"
                        required=true
                    />
                    <div class="form-actions">
                        <Button wide=true>{t::sign_in(l)}</Button>
                    </div>
                </form>
                <PasskeyForm deed=Deed::Get form=by_key label=t::passkey_sign_in(l) wide=true>
                    <input type="hidden" name="next" value=next_too/>
                </PasskeyForm>
                {provider}
                <div class="stack-tight">
                    <p><a class="text-link" href="/sign-in/link">{t::link_instead(l)}</a></p>
                    <p><a class="text-link" href="/reset">{t::forgot(l)}</a></p>
                    <p>{t::no_account(l)} " " <a class="text-link" href=sign_up>{t::create_account(l)}</a></p>
                    <p>{t::find_tickets_hint(l)} " " <a class="text-link" href="/find-my-tickets">{t::find_tickets(l)}</a></p>
                </div>
            </div>
        </Container>
    }
}

/// Why somebody is back from the provider without success.
pub(super) fn why(l: Locale) -> Option<AnyView> {
    let why = use_query_map().with_untracked(|query| query.get(WHY_KEY))?;
    let text = errors::text(l, known_reason(&why)?);
    Some(view! { <Notice tone=Tone::Error title=text/> }.into_any())
}

/// A plain link: a form could not be followed to another site.
fn with_provider(l: Locale, next: &str) -> AnyView {
    let ways = ask(|| WaysIn {});
    let href = path::with_next(SIGN_IN, next);
    let by_wallet = FormState::new::<SignInWallet>();
    let next = next.to_owned();
    view! {
        <Suspense>
            {move || {
                let (href, next) = (href.clone(), next.clone());
                let ways = ways.get().and_then(Result::ok);
                let wallet = ways
                    .as_ref()
                    .is_some_and(|ways| ways.wallets)
                    .then(|| {
                        view! {
                            <WalletForm
                                deed=WalletDeed::SignIn
                                form=by_wallet
                                label=t::wallet_sign_in(l)
                                wide=true
                            >
                                <input type="hidden" name="next" value=next/>
                            </WalletForm>
                        }
                    });
                let provider = ways.and_then(|ways| ways.provider);
                let provider = provider
                    .map(|name| {
                        view! {
                            <p>
                                <LinkButton href kind=ButtonKind::Secondary wide=true external=true>
                                    {t::provider_sign_in(l, name)}
                                </LinkButton>
                            </p>
                        }
                    });
                view! { {provider} {wallet} }
            }}
        </Suspense>
    }
    .into_any()
}
