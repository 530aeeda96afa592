//! `/organize/:org/money/connect`: on the way to the provider's page. A page of its own, because browsers let no form lead to
//! another site; the address is gone to by itself, or by the link. Each visit gets a new one, as each is good once.

use app_api::{ask, finance::ConnectPage};
use app_ui::{LinkButton, use_locale};
use leptos::prelude::*;
use leptos_meta::Meta;
use locales::finance as t;

use crate::parts::{Frame, loaded, use_part};

#[component]
pub fn ConnectPage() -> impl IntoView {
    let l = use_locale();
    let organization = use_part("org");
    let found = ask(move || ConnectPage {
        organization: organization.get(),
    });
    view! {
        <Frame title=t::connect_leave_title(l)>
            <p class="lead">{t::connect_leave_lead(l)}</p>
            {loaded(found, on)}
        </Frame>
    }
}

fn on(url: String) -> AnyView {
    let l = use_locale();
    let at_once = format!("0; url={url}");
    view! {
        <Meta name="referrer" content="no-referrer"/>
        <Meta http_equiv="refresh" content=at_once/>
        <p><LinkButton href=url external=true>{t::connect_leave_on(l)}</LinkButton></p>
    }
    .into_any()
}
