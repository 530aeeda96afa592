//! Where to transfer the money for an order. Works on paper, too.

use app_api::checkout::TransferView;
use app_ui::{Definition, DefinitionList, QrView, Section, use_locale};
use leptos::prelude::*;
use locales::{dates, money, transfers as t};

/// Account, amount, reference and time. A value is selected as a whole by a tap; numbers run from left to right in every
/// language.
#[component]
pub fn TransferDetails(transfer: TransferView) -> impl IntoView {
    let l = use_locale();
    let until = dates::long(l, transfer.until.at, Some(&transfer.until.zone));
    let instant = transfer.until.instant.clone();
    let optional = |term: &'static str, value: String| {
        (!value.is_empty()).then(|| {
            view! { <Definition term>{whole(value)}</Definition> }
        })
    };
    view! {
        <Section title=t::way_title(l)>
            <div class="split transfer">
                <div class="stack-tight">
                    <p>{t::waiting_text(l)}</p>
                    <DefinitionList>
                        <Definition term=t::holder(l)><bdi class="copyable">{transfer.holder}</bdi></Definition>
                        <Definition term="IBAN">{whole(transfer.iban)}</Definition>
                        {optional("BIC", transfer.bic)}
                        {(!transfer.bank.is_empty())
                            .then(|| {
                                view! { <Definition term=t::bank(l)><bdi class="copyable">{transfer.bank}</bdi></Definition> }
                            })}
                        <Definition term=t::amount(l)>
                            <strong class="copyable">{money::format(l, transfer.amount)}</strong>
                        </Definition>
                        <Definition term=t::reference(l)>{whole(transfer.reference)}</Definition>
                        <Definition term=t::until(l)><time datetime=instant>{until}</time></Definition>
                    </DefinitionList>
                    <p class="buy-note">{t::copy_hint(l)}</p>
                </div>
                {transfer
                    .qr
                    .map(|svg| {
                        view! {
                            <figure class="split-aside transfer-code">
                                <QrView svg label=t::qr_alt(l)/>
                                <figcaption>
                                    <strong>{t::qr_title(l)}</strong>
                                    <span class="buy-note">{t::qr_text(l)}</span>
                                </figcaption>
                            </figure>
                        }
                    })}
            </div>
        </Section>
    }
    .into_any()
}

fn whole(value: String) -> AnyView {
    view! { <span class="code copyable" dir="ltr">{value}</span> }.into_any()
}
