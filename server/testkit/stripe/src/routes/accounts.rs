//! `/v1/accounts` and `/v1/account`.

use serde_json::{Value, json};

use super::{Answer, deleted, list, unknown};
use crate::{
    error::Failure,
    fields::{Fields, merge, previous},
    flow::onboarding,
    http::Call,
    money,
    objects::account,
    state::{State, letters},
};

const FIELDS: &[&str] = &[
    "type",
    "country",
    "email",
    "business_type",
    "business_profile",
    "capabilities",
    "controller",
    "company",
    "individual",
    "default_currency",
    "external_account",
    "metadata",
    "settings",
    "tos_acceptance",
];

/// Answers everything under both addresses.
pub fn answer(state: &mut State, call: &Call) -> Answer {
    let params = &call.params;
    match (call.method.as_str(), call.route().1.as_slice()) {
        ("GET", ["account"]) => Ok(state.load(&call.scope)),
        ("POST", ["accounts"]) => create(state, call),
        ("GET", ["accounts"]) => {
            params.only(&list::known(&[]))?;
            let platform = state.platform.clone();
            list::page(state, call, "account", |made| made.text("id") != platform)
        }
        ("GET", ["accounts", id]) => find(state, id),
        ("POST", ["accounts", id]) => update(state, call, id),
        ("DELETE", ["accounts", id]) => {
            connected(state, id)?;
            if state
                .sums
                .iter()
                .any(|((owner, _), sums)| owner == id && sums.available + sums.pending != 0)
            {
                return Err(Failure::invalid(
                    "This account has a balance and cannot be deleted.",
                ));
            }
            state.remove(id);
            Ok(deleted("account", id))
        }
        ("POST", ["accounts", id, "reject"]) => {
            connected(state, id)?;
            params.need("reason")?;
            onboarding::become_state(state, id, "rejected")
        }
        ("POST", ["accounts", id, "login_links"]) => login_link(state, id),
        ("GET", ["accounts", id, "external_accounts"]) => {
            let made = find(state, id)?;
            list::cut(
                call,
                made["external_accounts"]["data"]
                    .as_array()
                    .into_iter()
                    .flatten()
                    .collect(),
            )
        }
        ("POST", ["accounts", id, "external_accounts"]) => {
            let made = connected(state, id)?;
            add_bank(state, call, made)
        }
        ("GET", ["accounts", id, "capabilities", name]) => {
            let made = find(state, id)?;
            Ok(capability(&made, name))
        }
        ("POST", ["accounts", id, "capabilities", name]) => {
            let mut made = connected(state, id)?;
            if params.flag("requested")? == Some(true) && made["capabilities"].lacks(name) {
                ask_for(&mut made, name);
                state.save(&made);
            }
            Ok(capability(&made, name))
        }
        _ => Err(unknown(call)),
    }
}

fn find(state: &State, id: &str) -> Answer {
    let found = state
        .find(id)
        .filter(|found| found.text("object") == "account");
    found.cloned().ok_or_else(|| {
        Failure::forbidden(format!(
            "The provided key does not have access to account '{id}' (or that account does not exist). Application access may have been revoked."
        ))
        .code("account_invalid")
    })
}

fn connected(state: &State, id: &str) -> Answer {
    if id == state.platform {
        return Err(Failure::invalid(
            "You cannot perform this request on your own account.",
        ));
    }
    find(state, id)
}

fn create(state: &mut State, call: &Call) -> Answer {
    let params = &call.params;
    params.only(FIELDS)?;
    let country = params
        .text("country")
        .unwrap_or(&state.options.country)
        .to_uppercase();
    if country.len() != 2 || !country.chars().all(|c| c.is_ascii_uppercase()) {
        return Err(Failure::invalid(format!("Country '{country}' is unknown."))
            .code("country_unsupported")
            .param("country"));
    }
    let currency = match params.text("default_currency") {
        Some(text) => money::currency(text, "default_currency")?,
        None => currency_of(&country).to_owned(),
    };
    let controller = params.map("controller");
    if controller.is_some() && params.has("type") {
        return Err(Failure::invalid(
            "You may only specify one of these parameters: controller, type.",
        ));
    }
    let kind = match params.word("type", &["custom", "express", "standard"])? {
        Some(kind) => kind,
        None if controller.is_some() => "none",
        None => return Err(Failure::needs("type")),
    };
    let mut made = account::new(state.now(), &country, &currency, kind);
    if let Some(controller) = controller {
        merge(made.inner("controller"), controller.values());
        if made["controller"]["stripe_dashboard"]
            .maybe("type")
            .is_none()
        {
            return Err(Failure::needs("controller[stripe_dashboard][type]"));
        }
    }
    fill(call, &mut made)?;
    state.insert(&state.platform.clone(), made.clone());
    state.emit("account.updated", &made, None);
    Ok(made)
}

fn update(state: &mut State, call: &Call, id: &str) -> Answer {
    call.params.only(FIELDS)?;
    let mut made = connected(state, id)?;
    let old = made.clone();
    fill(call, &mut made)?;
    state.save(&made);
    state.emit("account.updated", &made, Some(previous(&old, &made)));
    Ok(made)
}

/// Takes over what creating and updating have in common.
fn fill(call: &Call, made: &mut Value) -> Result<(), Failure> {
    let params = &call.params;
    params.copy(&["email", "business_type"], made);
    made.set("metadata", params.metadata(&made["metadata"])?);
    for part in ["business_profile", "settings"] {
        merge(made.inner(part), &typed(&params.values()[part]));
    }
    if params.has("tos_acceptance") {
        merge(
            made.inner("tos_acceptance"),
            &typed(&params.values()["tos_acceptance"]),
        );
    }
    for part in ["company", "individual"] {
        if params.has(part) {
            merge(made.inner(part), &params.values()[part]);
        }
    }
    let asked = params.sub("capabilities");
    for name in asked
        .values()
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, _)| name)
    {
        if asked.sub(name).flag("requested")? == Some(true) && made["capabilities"].lacks(name) {
            ask_for(made, name);
        }
    }
    if let Some(token) = params.text("external_account") {
        return Err(Failure::missing("token", token).param("external_account"));
    }
    if let Some(bank) = params.map("external_account") {
        let currency = bank
            .text("currency")
            .unwrap_or(made.text("default_currency"))
            .to_owned();
        let country = bank
            .text("country")
            .unwrap_or(made.text("country"))
            .to_owned();
        let number = bank.need("account_number")?;
        let bank = account::bank(
            made.text("id"),
            &country,
            &currency,
            number,
            bank.text("account_holder_name"),
        );
        made["external_accounts"].set("data", json!([bank]));
        made["external_accounts"].set("total_count", 1);
    }
    Ok(())
}

fn ask_for(made: &mut Value, name: &str) {
    let word = if made.flag("charges_enabled") {
        "active"
    } else {
        "inactive"
    };
    made["capabilities"].set(name, word);
}

/// Fields whose texts are whole numbers in the objects; a telephone number is none.
const NUMBERS: &[&str] = &["date", "delay_days", "monthly_anchor"];

/// Texts that are whole numbers or truth values, as such: the objects have them so.
fn typed(value: &Value) -> Value {
    let Some(map) = value.as_object() else {
        return value.clone();
    };
    let field = |(key, value): (&String, &Value)| {
        let number = value.as_str().filter(|_| NUMBERS.contains(&key.as_str()));
        let read = match (
            number.and_then(|text| text.parse::<i64>().ok()),
            value.as_str(),
        ) {
            (Some(number), _) => number.into(),
            (None, Some("true")) => true.into(),
            (None, Some("false")) => false.into(),
            _ => typed(value),
        };
        (key.clone(), read)
    };
    map.iter().map(field).collect()
}

fn add_bank(state: &mut State, call: &Call, mut made: Value) -> Answer {
    let given = call
        .params
        .map("external_account")
        .ok_or_else(|| Failure::needs("external_account"))?;
    let currency = money::currency(given.need("currency")?, "external_account[currency]")?;
    let number = given.need("account_number")?;
    let bank = account::bank(
        made.text("id"),
        given.need("country")?,
        &currency,
        number,
        given.text("account_holder_name"),
    );
    if let Some(banks) = made["external_accounts"]["data"].as_array_mut() {
        banks.retain(|known| known.text("currency") != currency);
        banks.insert(0, bank.clone());
    }
    let count = made["external_accounts"]["data"]
        .as_array()
        .map_or(0, Vec::len);
    made["external_accounts"].set("total_count", count);
    state.save(&made);
    state.emit("account.external_account.created", &bank, None);
    Ok(bank)
}

fn capability(made: &Value, name: &str) -> Value {
    let status = made["capabilities"].maybe(name).unwrap_or("unrequested");
    json!({
        "id": name, "object": "capability", "account": made["id"],
        "future_requirements": account::requirements(&[], None), "requested": status != "unrequested",
        "requested_at": made["created"], "requirements": made["requirements"], "status": status,
    })
}

fn login_link(state: &mut State, id: &str) -> Answer {
    let made = connected(state, id)?;
    if made["controller"]["stripe_dashboard"].text("type") != "express" {
        return Err(Failure::invalid(
            "Cannot create a login link for an account that is not an Express account.",
        ));
    }
    if !made.flag("details_submitted") {
        return Err(Failure::invalid(
            "Cannot create a login link for an account that has not completed onboarding.",
        ));
    }
    let link = letters(12);
    state.hide(id, "login", link.clone());
    let url = format!("{}/express/{id}/{link}", state.url);
    Ok(json!({ "object": "login_link", "created": state.now(), "url": url }))
}

fn currency_of(country: &str) -> &'static str {
    match country {
        "US" => "usd",
        "GB" => "gbp",
        "CH" | "LI" => "chf",
        "AE" => "aed",
        "DK" => "dkk",
        "SE" => "sek",
        "NO" => "nok",
        "PL" => "pln",
        "CZ" => "czk",
        "HU" => "huf",
        "RO" => "ron",
        "CA" => "cad",
        "AU" => "aud",
        "JP" => "jpy",
        _ => "eur",
    }
}
