//! How the right to give tickets back is used.

use app_api::refunds::OfferView;
use app_ui::{Badge, Definition, DefinitionList, MoneyView, Section, Stat, Tone, use_locale};
use leptos::prelude::*;
use locales::{dates, numbers::integer, refunds as t};

pub(super) fn offer(offer: OfferView) -> AnyView {
    let l = use_locale();
    let count = |n: u32| integer(u64::from(n));
    let (tone, state) = if offer.open {
        (Tone::Info, t::offer_open(l))
    } else {
        (Tone::Neutral, t::offer_over(l))
    };
    let until = dates::medium(l, offer.until.at, Some(&offer.until.zone));
    view! {
        <Section title=t::offer_title(l)>
            <div class="stack">
                <p class="fact-line"><Badge tone>{state}</Badge><span>{until}</span></p>
                <div class="stats">
                    <Stat label=t::offer_given_back(l) value=count(offer.given_back)/>
                    <Stat label=t::offer_kept(l) value=count(offer.kept)/>
                    <Stat label=t::offer_silent(l) value=count(offer.silent)/>
                </div>
                <DefinitionList>
                    <Definition term=t::offer_money(l)><MoneyView amount=offer.money_back/></Definition>
                </DefinitionList>
            </div>
        </Section>
    }
    .into_any()
}
