//! The platform at a glance.

use app_api::{
    admin::{AdminOverview, OverviewView},
    ask,
};
use app_ui::{Stat, use_locale};
use leptos::prelude::*;
use locales::{admin, numbers::integer};

use crate::parts::{BooksTile, Frame, loaded};

#[component]
pub fn OverviewPage() -> impl IntoView {
    let l = use_locale();
    let overview = ask(|| AdminOverview {});
    view! { <Frame title=admin::overview(l) lead=admin::today_lead(l).to_owned()>{loaded(overview, figures)}<BooksTile/></Frame> }
}

fn figures(o: OverviewView) -> AnyView {
    let l = use_locale();
    let dead = |count: u64| (count > 0).then(|| admin::stat_dead(l, integer(count)));
    let suspended = (o.suspended_organizations > 0)
        .then(|| admin::stat_suspended(l, integer(o.suspended_organizations)));
    view! {
        <div class="stats">
            <Stat label=admin::stat_orders(l) value=integer(o.orders_today)/>
            <Stat label=admin::stat_tickets(l) value=integer(o.tickets_today)/>
            <Stat label=admin::stat_check_ins(l) value=integer(o.check_ins_today)/>
            <Stat label=admin::stat_events(l) value=integer(o.events_on_sale)/>
            <Stat label=admin::stat_organizations(l) value=integer(o.organizations) note=suspended/>
            <Stat label=admin::stat_users(l) value=integer(o.users)/>
            <Stat label=admin::stat_mails(l) value=integer(o.mails_waiting) note=dead(o.mails_dead)/>
            <Stat label=admin::stat_jobs(l) value=integer(o.jobs_waiting) note=dead(o.jobs_dead)/>
        </div>
    }
    .into_any()
}
