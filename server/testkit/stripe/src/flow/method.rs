//! Making and finding payment methods.

use serde_json::Value;

use crate::{
    cards,
    error::Failure,
    fields::{Fields, merge},
    objects::payment_method,
    params::Params,
    state::State,
};

/// What is typed from a card.
#[derive(Debug, Clone, Default)]
pub struct Card {
    /// Digits, spaces allowed.
    pub number: String,
    /// 1 to 12.
    pub month: i64,
    /// Two or four digits.
    pub year: i64,
    /// Three or four digits, or nothing.
    pub code: Option<String>,
}

/// Takes in a card, refusing what cannot be one.
pub fn card(
    state: &mut State,
    scope: &str,
    card: &Card,
    billing: &Value,
) -> Result<Value, Failure> {
    let number: String = card
        .number
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '-')
        .collect();
    if !cards::luhn(&number) {
        return Err(
            Failure::card("incorrect_number", "Your card number is incorrect.").param("number"),
        );
    }
    if !(1..=12).contains(&card.month) {
        return Err(Failure::card(
            "invalid_expiry_month",
            "Your card's expiration month is invalid.",
        )
        .param("exp_month"));
    }
    let year = if card.year < 100 {
        card.year + 2_000
    } else {
        card.year
    };
    let (this_year, this_month) = month_of(state.now());
    if (year, card.month) < (this_year, this_month) || year > this_year + 50 {
        return Err(Failure::card(
            "invalid_expiry_year",
            "Your card's expiration year is invalid.",
        )
        .param("exp_year"));
    }
    let odd_code =
        |code: &String| !(3..=4).contains(&code.len()) || code.chars().any(|c| !c.is_ascii_digit());
    if card.code.as_ref().is_some_and(odd_code) {
        return Err(
            Failure::card("invalid_cvc", "Your card's security code is invalid.").param("cvc"),
        );
    }
    let method = payment_method::card(state.now(), &number, card.month, year, billing_of(billing));
    Ok(keep(state, scope, method, &number))
}

/// Takes in a bank account.
pub fn sepa_debit(
    state: &mut State,
    scope: &str,
    iban: &str,
    billing: &Value,
) -> Result<Value, Failure> {
    let iban: String = iban.chars().filter(|c| !c.is_whitespace()).collect();
    let plain = iban.chars().all(|c| c.is_ascii_alphanumeric());
    if !plain
        || !(15..=34).contains(&iban.len())
        || !iban.starts_with(|c: char| c.is_ascii_uppercase())
    {
        return Err(Failure::invalid("The IBAN you provided is invalid.")
            .code("invalid_bank_account_iban")
            .param("sepa_debit[iban]"));
    }
    for needed in ["name", "email"] {
        if billing.maybe(needed).is_none() {
            return Err(Failure::needs(&format!("billing_details[{needed}]")));
        }
    }
    let method = payment_method::sepa_debit(state.now(), &iban, billing_of(billing));
    Ok(keep(state, scope, method, &iban))
}

/// Makes a method from `payment_method_data` or the parameters of `POST /v1/payment_methods`.
pub fn from_params(state: &mut State, scope: &str, params: &Params) -> Result<Value, Failure> {
    let billing = params.values()["billing_details"].clone();
    match params.need("type")? {
        "card" => {
            let fields = params.sub("card");
            if let Some(token) = fields.text("token") {
                let number = token
                    .strip_prefix("tok_")
                    .and_then(|name| cards::ready_made(&format!("pm_card_{name}")));
                let number = number.ok_or_else(|| Failure::missing("token", token))?;
                return card(state, scope, &good_card(number), &billing);
            }
            let typed = Card {
                number: fields.need("number")?.to_owned(),
                month: fields.need_int("exp_month")?,
                year: fields.need_int("exp_year")?,
                code: fields.text("cvc").map(str::to_owned),
            };
            card(state, scope, &typed, &billing)
        }
        "sepa_debit" => {
            let fields = params.sub("sepa_debit");
            sepa_debit(state, scope, fields.need("iban")?, &billing)
        }
        other => Err(Failure::invalid(format!(
            "The payment method type \"{other}\" is not supported by this double"
        ))
        .param("type")),
    }
}

/// The method of an id, made anew for ready-made ones as `pm_card_visa`.
pub fn resolve(state: &mut State, scope: &str, id: &str) -> Result<Value, Failure> {
    match cards::ready_made(id) {
        Some(number) => card(state, scope, &good_card(number), &Value::Null),
        None => state
            .get(scope, "payment_method", id)
            .map_err(|_| Failure::missing("PaymentMethod", id).param("payment_method")),
    }
}

/// A card of this number with an expiry in years.
pub fn good_card(number: &str) -> Card {
    Card {
        number: number.to_owned(),
        month: 12,
        year: 2_044,
        code: Some("123".to_owned()),
    }
}

/// The number behind a method.
pub fn number(state: &State, id: &str) -> String {
    state.hidden(id).text("number").to_owned()
}

fn keep(state: &mut State, scope: &str, method: Value, number: &str) -> Value {
    state.insert(scope, method.clone());
    state.hide(method.text("id"), "number", number);
    method
}

fn billing_of(given: &Value) -> Value {
    let mut billing = payment_method::no_billing();
    merge(&mut billing, given);
    billing
}

/// Year and month of a moment, in UTC (after Howard Hinnant's `civil_from_days`).
pub fn month_of(seconds: i64) -> (i64, i64) {
    let days = seconds.div_euclid(86_400) + 719_468;
    let era = days.div_euclid(146_097);
    let day = days.rem_euclid(146_097);
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day_of_year = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day_of_year + 2) / 153;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year + era * 400 + i64::from(month <= 2), month)
}

#[cfg(test)]
mod tests {
    use super::month_of;

    #[test]
    fn months_are_reckoned() {
        assert_eq!(month_of(0), (1970, 1));
        assert_eq!(month_of(951_782_400), (2000, 2));
        assert_eq!(month_of(1_795_824_000), (2026, 11));
    }
}
