//! `/organize/:org/money/payouts/:number`: what a payout is made of.

use app_api::query::use_query_map;
use app_api::{
    ask,
    finance::{OrganizerStatement, StatementView},
};
use app_ui::{
    Badge, ButtonKind, DateTimeView, Definition, DefinitionList, KeysetPager, LinkButton,
    MoneyView, Notice, Section, Tone, address, use_locale,
};
use leptos::prelude::*;
use locales::finance as t;

use super::{Here, movements, sections, words};
use crate::parts::{Frame, loaded, use_part};

#[component]
pub fn StatementPage() -> impl IntoView {
    let l = use_locale();
    let organization = use_part("org");
    let number = use_part("number");
    let query = use_query_map();
    let asked = query.with_untracked(|q| q.get("done").is_some());
    let after = Memo::new(move |_| query.with(|q| q.get("after")));
    let found = ask(move || OrganizerStatement {
        organization: organization.get(),
        number: number.get(),
        after: after.get(),
    });
    view! {
        <Frame title=t::statement_title(l, number.get_untracked())>
            {sections(&organization.get_untracked(), Here::Payouts)}
            {asked.then(|| view! { <Notice tone=Tone::Success title=t::requested(l)/> })}
            <p class="lead">{t::statement_lead(l)}</p>
            {loaded(found, move |found| show(&organization.get_untracked(), found))}
        </Frame>
    }
}

fn show(organization: &str, found: StatementView) -> AnyView {
    let l = use_locale();
    let payout = found.payout.clone();
    let (tone, state) = words::payout_state(l, payout.state);
    let file = format!(
        "/organize/{organization}/money/payouts/{}/statement.csv",
        payout.number
    );
    let reference = (!found.reference.is_empty()).then(|| {
        view! { <Definition term=t::statement_reference(l)><bdi>{found.reference.clone()}</bdi></Definition> }
    });
    let ended = payout.ended.map(|at| {
        view! { <Definition term=t::col_ended(l)><DateTimeView at zone="UTC"/></Definition> }
    });
    let returned = found.returned.clone().map(|(at, why)| {
        view! {
            <Definition term=t::statement_returned(l)>
                <span><DateTimeView at zone="UTC"/>" · "<bdi>{why}</bdi></span>
            </Definition>
        }
    });
    let sums = found
        .sums
        .iter()
        .map(|(kind, sum)| {
            let sum = *sum;
            view! { <Definition term=words::kind(l, kind)><MoneyView amount=sum/></Definition> }
        })
        .collect_view();
    let (amount, requested) = (payout.amount, payout.requested);
    let to = t::account_to(l, &found.holder, &payout.last_four);
    let here = format!("/organize/{organization}/money/payouts/{}", payout.number);
    let next = found.next.map(|after| address(&here, &[("after", &after)]));
    let lines = movements::table(organization, found.lines);
    view! {
        <DefinitionList>
            <Definition term=t::col_amount(l)><MoneyView amount/></Definition>
            <Definition term=t::col_state(l)><Badge tone>{state}</Badge></Definition>
            <Definition term=t::statement_to(l)>
                <bdi>{to}</bdi>
            </Definition>
            <Definition term=t::col_requested(l)><DateTimeView at=requested zone="UTC"/></Definition>
            {ended}
            {reference}
            {returned}
        </DefinitionList>
        <Section title=t::statement_sums(l)>
            <DefinitionList>
                <Definition term=t::statement_opening(l)><MoneyView amount=found.opening/></Definition>
                {sums}
                <Definition term=t::statement_closing(l)><MoneyView amount=found.closing/></Definition>
            </DefinitionList>
        </Section>
        <Section title=t::statement_lines(l)>
            <p>
                <LinkButton href=file kind=ButtonKind::Secondary small=true external=true>
                    {t::statement_csv(l)}
                </LinkButton>
            </p>
            {lines}
            <KeysetPager next/>
        </Section>
    }
    .into_any()
}
