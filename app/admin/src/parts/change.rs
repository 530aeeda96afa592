//! What an action changed, in words.

use app_api::admin::{ChangeView, FactView};
use locales::{Locale, admin, money, numbers::integer, roles};

use super::order_state;

/// A sentence of it; names of facts and values that are not known stand as they were recorded.
pub fn change(l: Locale, change: &ChangeView) -> Option<String> {
    let field = name(l, &change.field);
    let fact = |fact: &Option<FactView>| {
        fact.as_ref()
            .map(|fact| value(l, &change.field, fact))
            .filter(|words| !words.is_empty())
    };
    match (fact(&change.before), fact(&change.after)) {
        (Some(before), Some(after)) if before != after => {
            Some(admin::change_between(l, after, before, field))
        }
        (_, Some(value)) | (Some(value), None) => Some(admin::change(l, field, value)),
        (None, None) => None,
    }
}

fn name(l: Locale, field: &str) -> &str {
    match field {
        "state" | "suspended" => admin::col_state(l),
        "role" => admin::fact_role(l),
        "refunded" => admin::fact_refunded(l),
        "amount" => admin::fact_amount(l),
        "void" => admin::fact_void(l),
        "name" => admin::col_name(l),
        "contact_email" => admin::contact(l),
        "website" => admin::fact_website(l),
        other => other,
    }
}

fn value(l: Locale, field: &str, fact: &FactView) -> String {
    match (field, fact) {
        ("suspended", FactView::Flag(true)) => admin::suspended(l).to_owned(),
        ("suspended", FactView::Flag(false)) => admin::active(l).to_owned(),
        ("state", FactView::Text(state)) => match state.as_str() {
            "active" => admin::active(l).to_owned(),
            "suspended" => admin::suspended(l).to_owned(),
            _ => order_state(l, state).1,
        },
        ("role", FactView::Text(code)) => roles::name(l, code),
        (_, FactView::Flag(flag)) => flag.to_string(),
        (_, FactView::Number(number)) => integer(*number),
        (_, FactView::Money(amount)) => money::format(l, *amount),
        (_, FactView::Text(text)) => text.clone(),
    }
}
