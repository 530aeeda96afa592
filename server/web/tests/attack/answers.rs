//! Answers that would tell who has an account: the same to the last letter for those who have one and those who do not.

use axum::http::header;
use domain::permissions::Role;
use locales::Locale;
use services::accounts::{self, SignUp};
use testkit::{Attack, World};

use super::{Answer, app, encoded, form, send};

const KNOWN: &str = "ada@people.test";

/// All of it but what is different each time: numbers of requests, and secrets.
fn told(answer: &Answer, email: &str) -> String {
    let drawn = ["x-request-id", "content-security-policy", "date"];
    let kept = answer
        .headers
        .iter()
        .filter(|(name, _)| !drawn.contains(&name.as_str()));
    let mut headers: Vec<String> = kept
        .map(|(name, value)| {
            let value = value.to_str().unwrap();
            let value = match value.split_once('=') {
                Some((cookie, rest)) if name == header::SET_COOKIE => {
                    let (secret, rest) = rest.split_once(';').unwrap();
                    format!("{cookie}={} signs;{rest}", secret.len())
                }
                // Where what was typed is found again.
                _ => value.split("form=").next().unwrap().to_owned(),
            };
            format!("{name}: {value}")
        })
        .collect();
    headers.sort();
    let mut body = answer.body.replace(email, "EMAIL");
    // Digits for a link that is opened elsewhere, drawn for known and unknown alike.
    if let Some((before, code)) = body.split_once("{\"code\":\"") {
        body = format!("{before}{} signs", code.len());
    }
    format!("{} {headers:?} {body}", answer.status)
}

#[tokio::test]
async fn answers_are_the_same_for_known_and_unknown() {
    let w = World::new().await;
    let house = w.organization("House").await;
    let owner = w.member(&house, Role::Owner).await;
    let new = SignUp {
        name: "Ada".into(),
        email: KNOWN.into(),
        password: "a quiet evening by the sea".into(),
        locale: Locale::En,
        client: String::new(),
    };
    accounts::sign_up(&w.sv, new).await.unwrap();
    let token = w.session_of(&owner).await;
    let org = house.slug.as_str();
    let app = app(&w);
    let api = "/api/app_api";
    let mut attack = Attack::on("answers over HTTP that tell who has an account");
    let password = ("password", "another evening by the sea");
    for (path, more) in [
        (format!("{api}/accounts/sign_in"), vec![password]),
        (
            format!("{api}/accounts/sign_up"),
            vec![password, ("name", "Eve")],
        ),
        (format!("{api}/accounts/request_password_reset"), vec![]),
        (format!("{api}/accounts/request_sign_in_link"), vec![]),
        (format!("{api}/checkout/manage/find_my_tickets"), vec![]),
        (
            format!("{api}/accounts/request_email_change"),
            vec![password, ("new_email", KNOWN)],
        ),
        (
            format!("{api}/team/invite_member"),
            vec![("organization", org), ("role", "door")],
        ),
    ] {
        for accept in ["text/html", "application/json"] {
            for spelling in [str::to_owned, str::to_uppercase, |email: &str| {
                format!(" {email} ")
            }] {
                let mut answers = Vec::new();
                for email in [KNOWN, "bob@people.test"] {
                    let email = spelling(email);
                    let name = if path.ends_with("email_change") {
                        "new_email"
                    } else {
                        "email"
                    };
                    let mut pairs = more.clone();
                    pairs.retain(|(key, _)| *key != name);
                    pairs.push((name, &email));
                    let request = form(&path)
                        .header(header::ACCEPT, accept)
                        .header(header::REFERER, "http://localhost:3000/sign-in")
                        .header(header::COOKIE, format!("bilten_session={token}"))
                        .body(encoded(&pairs));
                    answers.push(told(&send(&app, request.unwrap()).await, &email));
                    w.execute("update invitations set revoked_at = now()").await;
                }
                attack.note(answers[0] != answers[1], || format!("{path}: {answers:#?}"));
            }
        }
    }
    attack.end(42);
}
