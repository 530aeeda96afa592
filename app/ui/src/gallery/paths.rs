//! Links through pages.

use crate::*;
use leptos::prelude::*;
use locales::texts::gallery as t;

#[component]
pub fn Paths() -> impl IntoView {
    let l = use_locale();
    let crumbs = vec![
        Crumb::link(t::home(l), "#top"),
        Crumb::link(t::events(l), "#top"),
        Crumb::here(t::here(l)),
    ];
    let tabs = vec![
        TabItem::new(t::tab_overview(l), "#top", true),
        TabItem {
            count: Some("325".to_owned()),
            ..TabItem::new(t::tab_orders(l), "#top", false)
        },
        TabItem::new(t::tab_settings(l), "#top", false),
    ];
    let steps = vec![
        Step {
            label: t::step_choose(l).to_owned(),
            href: Some("#top".to_owned()),
        },
        Step {
            label: t::step_you(l).to_owned(),
            href: None,
        },
        Step {
            label: t::step_pay(l).to_owned(),
            href: None,
        },
    ];
    let chips = [
        (t::chip_today(l), false),
        (t::chip_weekend(l), true),
        (t::chip_free(l), false),
    ]
    .map(|(label, active)| Chip::filter(label, "#top", active))
    .to_vec();
    view! {
        <Section title=t::ways(l)>
            <div class="stack">
                <Breadcrumbs items=crumbs/>
                <Tabs label=t::ways(l) items=tabs/>
                <Steps items=steps current=1/>
                <FilterChips chips/>
            </div>
        </Section>
    }
    .into_any()
}
