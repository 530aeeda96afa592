//! Buying: details, paying, waiting, and the order's own page.

mod accept;
mod cancel;
mod change;
mod code;
mod details;
mod find;
mod held;
mod invoice;
mod kept;
mod leave;
mod new_date;
mod order;
mod over;
mod pass_on;
mod pay;
mod processing;
mod sandbox;
mod summary;
mod tickets;
mod transfer;

pub use accept::accept;
pub use cancel::cancel;
pub use change::change;
pub use details::details;
pub use find::FindPage;
pub use held::held;
pub use leave::leave;
pub use new_date::new_date;
pub use order::order;
pub use pass_on::pass_on;
pub use pay::pay;
pub use processing::processing;
pub use sandbox::sandbox;

use app_api::{
    Asked, ask,
    checkout::{OrderAt, OrderPage, OrderView},
};
use app_ui::{Step, Steps, use_locale};
use leptos::prelude::*;
use locales::checkout;

use crate::parts::param;

/// The order whose secret stands in the address, for one of its pages.
fn order_at(at: OrderAt) -> Asked<OrderView> {
    let order = param("order");
    ask(move || {
        let secret = order.get();
        OrderPage { secret, at }
    })
}

/// Where on the way this is; free orders have nothing to pay.
#[component]
fn Way(current: usize, #[prop(default = false)] free: bool) -> impl IntoView {
    let l = use_locale();
    let step = |label: &'static str| Step {
        label: label.to_owned(),
        href: None,
    };
    let mut items = vec![
        step(checkout::step_choose(l)),
        step(checkout::step_details(l)),
    ];
    if !free {
        items.push(step(checkout::step_pay(l)));
    }
    items.push(step(checkout::step_done(l)));
    view! { <div class="buy-way"><Steps items current/></div> }
}
