//! Waiting for the bank. Survives being loaded again; with and without WebAssembly the browser looks again by itself.

use app_api::checkout::{OrderAt, OrderView};
use app_ui::{ButtonKind, Container, ContainerSize, use_locale};
use leptos::prelude::*;
use leptos_meta::{Meta, Title};
use locales::{checkout, money};

use super::order_at;
use crate::parts::fetched;

const SECONDS: &str = "3";

pub fn processing() -> impl IntoView {
    let page = order_at(OrderAt::Processing);
    fetched(page, |order| view! { <Processing order/> }.into_any())
}

#[component]
fn Processing(order: OrderView) -> impl IntoView {
    let l = use_locale();
    let here = format!("/orders/{}/processing", order.secret);
    view! {
        <Title text=checkout::processing_title(l)/>
        <Meta name="robots" content="noindex"/>
        <Meta http_equiv="refresh" content=SECONDS/>
        <Container size=ContainerSize::Narrow>
            <div class="buy-over" role="status">
                <span class="spinner buy-waiting" aria-hidden="true"></span>
                <h1 class="page-title">{checkout::processing_title(l)}</h1>
                <p class="lead">{checkout::processing_text(l)}</p>
                <p class="buy-note">
                    {checkout::order_number(l, &order.code)} " · " {money::format(l, order.total)}
                </p>
                <p>
                    <app_ui::LinkButton href=here kind=ButtonKind::Secondary external=true>
                        {checkout::processing_again(l)}
                    </app_ui::LinkButton>
                </p>
            </div>
        </Container>
    }
}
