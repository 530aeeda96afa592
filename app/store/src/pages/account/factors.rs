//! Parts of `/account/security`: passkeys, recovery codes, and showing a second factor that the session has not shown yet.

use app_api::{
    FormState,
    passkeys::{PasskeyView, ProvePasskey, RemovePasskey},
    security::{ProveAgain, RecoveryCodesView},
};
use app_ui::{Button, ButtonKind, ConfirmPanel, FormError, Notice, Section, TextInput, Tone};
use leptos::prelude::*;
use locales::{Locale, accounts as t, dates};

use super::passkey::{Deed, PasskeyForm};

const HERE: &str = "/account/security";

/// The account has a second factor, and whoever is here came without it: nothing of it changes before it is shown.
pub(super) fn not_shown(l: Locale) -> AnyView {
    let (by_key, by_code) = (
        FormState::new::<ProvePasskey>(),
        FormState::new::<ProveAgain>(),
    );
    let open = by_code.failed();
    view! {
        <Section title=t::factor_not_shown(l) lead=t::factor_not_shown_text(l)>
            <div class="stack">
                <PasskeyForm deed=Deed::Get form=by_key label=t::passkey_prove(l) kind=ButtonKind::Primary>
                    <input type="hidden" name="next" value=HERE/>
                </PasskeyForm>
                <ConfirmPanel label=t::factor_by_code(l) kind=ButtonKind::Secondary open>
                    <form method="post" action=by_code.address() class="form" novalidate=true>
                        <FormError error=by_code.form_error()/>
                        <input type="hidden" name="next" value=HERE/>
                        <TextInput
                            name="code"
                            id="recovery-code"
                            label=t::recovery_code(l)
                            hint=t::recovery_lead(l)
                            error=by_code.error("code")
                            autocomplete="off"
                            required=true
                        />
                        <div><Button>{t::prove(l)}</Button></div>
                    </form>
                </ConfirmPanel>
                <p>{t::factor_lost(l)}</p>
            </div>
        </Section>
    }
    .into_any()
}

/// Adding one needs scripts, because the browser makes it; removing one does not.
pub(super) fn passkeys(l: Locale, keys: Vec<PasskeyView>, add: FormState) -> AnyView {
    let removed = FormState::new::<RemovePasskey>();
    let rows = keys.into_iter().map(|key| passkey(l, key)).collect_view();
    view! {
        <Section title=t::passkeys(l) lead=t::passkeys_lead(l)>
            <p hidden=!add.done() role="status">{t::passkey_added(l)}</p>
            <p hidden=!removed.done() role="status">{t::passkey_removed(l)}</p>
            <ul class="list" role="list">{rows}</ul>
            <noscript><p>{t::passkeys_scripts(l)}</p></noscript>
            <PasskeyForm deed=Deed::Create form=add label=t::passkey_add(l) kind=ButtonKind::Primary>
                <TextInput
                    name="passkey_name"
                    label=t::passkey_name(l)
                    hint=t::passkey_name_hint(l)
                    value=add.value("passkey_name")
                    error=add.error("passkey_name")
                    maxlength=60
                />
            </PasskeyForm>
        </Section>
    }
    .into_any()
}

fn passkey(l: Locale, key: PasskeyView) -> AnyView {
    let form = FormState::of::<RemovePasskey>("id", &key.id);
    let added = t::passkey_since(l, dates::date_medium(l, key.added));
    let used = key
        .used
        .map(|at| t::last_seen(l, dates::date_medium(l, at)));
    let open = form.failed();
    view! {
        <li class="list-row">
            <span>
                <bdi>{key.name}</bdi>
                " "
                <span class="muted">{added} {used.map(|used| format!(" · {used}"))}</span>
            </span>
            <ConfirmPanel label=t::passkey_remove(l) kind=ButtonKind::Secondary open>
                <form method="post" action=form.address() class="form">
                    <p>{t::passkey_remove_effects(l)}</p>
                    <FormError error=form.form_error()/>
                    <input type="hidden" name="id" value=key.id/>
                    <div><Button kind=ButtonKind::Danger>{t::passkey_remove_confirm(l)}</Button></div>
                </form>
            </ConfirmPanel>
        </li>
    }
    .into_any()
}

/// Shown once, right after they were made.
pub(super) fn recovery_codes(l: Locale, view: RecoveryCodesView) -> AnyView {
    let rows = view
        .codes
        .into_iter()
        .map(|code| view! { <li><code class="code">{code}</code></li> })
        .collect_view();
    view! {
        <Notice tone=Tone::Warning title=t::recovery_title(l)>
            <p>{t::recovery_text(l)}</p>
            <ul class="recovery-codes" role="list" dir="ltr">{rows}</ul>
        </Notice>
    }
    .into_any()
}
