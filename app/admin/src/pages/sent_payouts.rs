//! Payouts that were sent: the latest, or those that were looked for.

use app_api::{
    FormState,
    admin::{EndPayout, SentPayoutView},
};
use app_ui::{
    Button, ButtonKind, ConfirmPanel, DateTimeView, Definition, DefinitionList, FormError,
    MoneyView, SearchBox, Section, TextInput, use_locale,
};
use leptos::prelude::*;
use locales::{Locale, admin, finance as t};

/// None where nothing was sent yet.
pub(super) fn section(
    sent: Vec<SentPayoutView>,
    looked_for: String,
    proved: bool,
) -> Option<AnyView> {
    let l = use_locale();
    (!sent.is_empty() || !looked_for.is_empty()).then(|| {
        let none = sent
            .is_empty()
            .then(|| view! { <p>{admin::nothing_title(l)}</p> });
        let all = sent
            .into_iter()
            .map(|one| sent_payout(l, one, proved))
            .collect_view();
        view! {
            <Section title=t::platform_sent(l)>
                <p>{t::platform_sent_text(l)}</p>
                <SearchBox
                    action="/admin/finance"
                    label=t::platform_sent_find(l)
                    placeholder=t::platform_sent_find(l)
                    value=looked_for
                />
                {none}
                <ul class="stack" role="list">{all}</ul>
            </Section>
        }
        .into_any()
    })
}

/// One that was sent, and that the bank may give back.
fn sent_payout(l: Locale, one: SentPayoutView, proved: bool) -> AnyView {
    let form = FormState::of::<EndPayout>("payout", &one.id);
    let acts = proved.then(|| {
        let open = form.form_error().is_some() || form.error("reference").is_some();
        view! {
            <ConfirmPanel label=t::came_back(l) open>
                <form method="post" action=form.address() class="form">
                    <FormError error=form.form_error()/>
                    <input type="hidden" name="payout" value=one.id.clone()/>
                    <input type="hidden" name="step" value="came_back"/>
                    <TextInput
                        name="reference"
                        id=format!("back-{}", one.id)
                        label=t::came_back_reason(l)
                        hint=t::came_back_hint(l)
                        maxlength=140
                        required=true
                        value=form.value_or("reference", String::new())
                        error=form.error("reference")
                    />
                    <div class="form-actions">
                        <Button kind=ButtonKind::Danger small=true>{t::came_back_confirm(l)}</Button>
                    </div>
                </form>
            </ConfirmPanel>
        }
    });
    let title = format!(
        "{} · {}",
        one.organization_name,
        t::number(l, one.number.to_string())
    );
    view! {
        <li class="card stack">
            <h3><bdi>{title}</bdi></h3>
            <DefinitionList>
                <Definition term=t::col_amount(l)><MoneyView amount=one.amount/></Definition>
                <Definition term=t::col_account(l)><bdi class="code">{format!("… {}", one.last_four)}</bdi></Definition>
                <Definition term=t::statement_reference(l)><bdi>{one.reference}</bdi></Definition>
                <Definition term=t::col_ended(l)><DateTimeView at=one.sent zone="UTC"/></Definition>
            </DefinitionList>
            {acts}
        </li>
    }
    .into_any()
}
