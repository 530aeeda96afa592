//! The page where a buyer pays.

use std::fmt::Write;

use axum::{
    body::Bytes,
    extract::{Path, State as Shared},
    http::StatusCode,
    response::Response,
};
use serde_json::Value;

use super::frame::{go, missing, page, text};
use crate::{
    cards,
    fields::Fields,
    flow::{
        method::{Card, good_card},
        session::{self, By, Payer},
    },
    form,
    http::App,
    money::shown,
    state::State,
};

/// Shows the page.
pub async fn show(Shared(app): Shared<App>, Path(id): Path<String>) -> Response {
    let mut state = app.lock();
    state.tick();
    render(&state, &id, &Value::Null, None)
}

/// Takes the form: pays and sends the browser on, or shows the page again and says why not.
pub async fn pay(Shared(app): Shared<App>, Path(id): Path<String>, body: Bytes) -> Response {
    let mut state = app.lock();
    state.tick();
    let form = form::parse(&body);
    let session = state.load(&id);
    if session.text("status") != "open" {
        return render(&state, &id, &form, None);
    }
    match session::attempt(&mut state, &id, &payer(&form)) {
        Ok(url) => go(&url),
        Err(failure) => {
            let message = failure.error.text("message").to_owned();
            render(&state, &id, &form, Some(&message))
        }
    }
}

/// A button of the test cards needs nothing else to be filled in.
fn payer(form: &Value) -> Payer {
    let quick = form.maybe("test_card").is_some() || form.maybe("test_debit").is_some();
    let or = |key: &str, instead: &str| match form.maybe(key) {
        None if quick => instead.to_owned(),
        given => given.unwrap_or_default().to_owned(),
    };
    let by = match (
        form.maybe("test_card"),
        form.maybe("test_debit"),
        form.text("method"),
    ) {
        (Some(number), ..) => By::Card(good_card(number)),
        (None, Some(iban), _) => By::Debit(iban.to_owned()),
        (None, None, "sepa_debit") => By::Debit(form.text("iban").to_owned()),
        (None, None, _) => By::Card(typed(form)),
    };
    Payer {
        email: or("email", "buyer@example.com"),
        name: or("name", "Test Buyer"),
        by,
    }
}

fn typed(form: &Value) -> Card {
    let (month, year) = form.text("expiry").split_once('/').unwrap_or_default();
    Card {
        number: form.text("number").to_owned(),
        month: month.trim().parse().unwrap_or_default(),
        year: year.trim().parse().unwrap_or_default(),
        code: Some(form.text("cvc").trim().to_owned()),
    }
}

fn render(state: &State, id: &str, form: &Value, problem: Option<&str>) -> Response {
    let session = state.load(id);
    if session.text("object") != "checkout.session" {
        return missing();
    }
    let back = session.maybe("cancel_url").map_or_else(String::new, |url| {
        format!("<p><a href=\"{}\">Back to the shop</a></p>", text(url))
    });
    match session.text("status") {
        "complete" => {
            let on = text(&session::success_url(state, id));
            let body = format!(
                "<p>This payment is complete.</p><p><a href=\"{on}\">Continue to the shop</a></p>"
            );
            return page(StatusCode::OK, "You're all done here", &body);
        }
        "expired" => {
            let body = format!("<p>This checkout session has expired.</p>{back}");
            return page(StatusCode::OK, "This page has expired", &body);
        }
        _ => {}
    }
    let amount = shown(session.int("amount_total"), session.text("currency"));
    let mut body = back;
    body.push_str(&lines(state, &session));
    if let Some(problem) = problem {
        let _ = write!(body, "<p role=\"alert\">{}</p>", text(problem));
    }
    body.push_str(&fields(&session, form, &amount));
    // After a declined card the page is shown anew with 200, as a form that a browser may send again.
    page(StatusCode::OK, &format!("Pay {amount}"), &body)
}

fn lines(state: &State, session: &Value) -> String {
    let mut html = "<ul>".to_owned();
    for item in state.hidden(session.text("id"))["line_items"]
        .as_array()
        .into_iter()
        .flatten()
    {
        let amount = shown(item.int("amount_total"), item.text("currency"));
        let _ = write!(
            html,
            "<li>{} × {}: {amount}</li>",
            item.int("quantity"),
            text(item.text("description"))
        );
    }
    html.push_str("</ul>");
    html
}

fn fields(session: &Value, form: &Value, amount: &str) -> String {
    let takes = |kind: &str| {
        session["payment_method_types"]
            .as_array()
            .into_iter()
            .flatten()
            .any(|known| known == kind)
    };
    let mut html = "<form method=\"post\">".to_owned();
    match session.maybe("customer_email") {
        Some(email) => {
            let _ = write!(html, "<p>Email: <strong>{}</strong></p>", text(email));
        }
        None => html.push_str(&input(form, "email", "Email", "email", "email")),
    }
    html.push_str(&input(form, "name", "Name on card", "text", "cc-name"));
    if takes("card") {
        html.push_str(&input(form, "number", "Card number", "text", "cc-number"));
        html.push_str("<div class=\"row\">");
        html.push_str(&input(form, "expiry", "Expiry (MM / YY)", "text", "cc-exp"));
        html.push_str(&input(form, "cvc", "Security code (CVC)", "text", "cc-csc"));
        let _ = write!(
            html,
            "</div><button class=\"main\" name=\"method\" value=\"card\">Pay {}</button>",
            text(amount)
        );
        html.push_str("<fieldset><legend>Test cards</legend>");
        for known in cards::SHOWN {
            let _ = write!(
                html,
                "<button name=\"test_card\" value=\"{0}\" formnovalidate>{1}: {2}</button>",
                known.number,
                spaced(known.number),
                known.label
            );
        }
        html.push_str("</fieldset>");
    }
    if takes("sepa_debit") {
        html.push_str("<fieldset><legend>Bank debit</legend>");
        html.push_str(&input(form, "iban", "IBAN", "text", "off"));
        html.push_str("<button name=\"method\" value=\"sepa_debit\" formnovalidate>Pay by bank debit</button>");
        let _ = write!(
            html,
            "<button name=\"test_debit\" value=\"{}\" formnovalidate>Slow bank debit</button></fieldset>",
            cards::SLOW_DEBIT
        );
    }
    html.push_str("</form>");
    html
}

fn input(form: &Value, name: &str, label: &str, kind: &str, fill: &str) -> String {
    // What was typed stays, except for the security code.
    let value = if name == "cvc" { "" } else { form.text(name) };
    format!(
        "<label>{label}<input name=\"{name}\" type=\"{kind}\" autocomplete=\"{fill}\" value=\"{}\"></label>",
        text(value)
    )
}

fn spaced(number: &str) -> String {
    let mut spaced = String::new();
    for (at, digit) in number.chars().enumerate() {
        if at > 0 && at % 4 == 0 {
            spaced.push(' ');
        }
        spaced.push(digit);
    }
    spaced
}
