//! Sessions that are over, guessed, altered or of somebody else.

use jiff::SignedDuration;
use locales::Locale;
use services::{
    accounts::{self, ChangePassword, Entered, Proof, SignIn, SignUp, SignedIn, session_by_token},
    session::Session,
};
use testkit::{Attack, World, tries};

use crate::chance::Chance;

const EMAIL: &str = "ada@people.test";
const PASSWORD: &str = "a quiet evening by the sea";

async fn sign_in(w: &World) -> SignedIn {
    let cmd = SignIn {
        email: EMAIL.into(),
        password: PASSWORD.into(),
        user_agent: String::new(),
        client: String::new(),
    };
    match accounts::sign_in(&w.sv, cmd).await.unwrap() {
        Entered::In(signed_in) => signed_in,
        Entered::CodeNeeded(_) => panic!("asked for a code"),
    }
}

async fn session(w: &World, token: &str) -> Option<Session> {
    session_by_token(&w.sv, token).await.unwrap()
}

async fn world() -> World {
    let w = World::new().await;
    let new = SignUp {
        name: "Ada".into(),
        email: EMAIL.into(),
        password: PASSWORD.into(),
        locale: Locale::En,
        client: String::new(),
    };
    accounts::sign_up(&w.sv, new).await.unwrap();
    w
}

#[tokio::test]
async fn what_is_no_token_is_nobody() {
    let w = world().await;
    let good = sign_in(&w).await;
    let chance = Chance::new(9);
    let mut attack = Attack::on("session tokens guessed, altered, cut");
    let count = tries(150, 2000);
    let signs: Vec<char> = good.token.chars().collect();
    let id = good.session.to_string();
    let hash = "select encode(token_hash, 'hex') from sessions";
    let fixed = [
        String::new(),
        " ".into(),
        id.clone(),
        id.replace('-', ""),
        hash.into(),
        good.user.to_string(),
        format!("{}\0", good.token),
        format!(" {}", good.token),
        good.token.to_uppercase(),
        good.token.to_lowercase(),
        good.token.repeat(2),
        "a".repeat(32),
        "%".repeat(32),
        "' or 1=1 --".into(),
        good.token.chars().rev().collect(),
        "null".into(),
        "a".repeat(100_000),
    ];
    for number in 0..count {
        let token = fixed.get(number).cloned().unwrap_or_else(|| {
            let mut signs = signs.clone();
            let (at, from) = (chance.below(32), chance.below(32));
            match number % 4 {
                0 => signs[at] = char::from(b"abcdefghijkmnpqrstuvwxyz23456789"[from]),
                1 => signs.truncate(at),
                2 => signs.swap(at, from),
                _ => signs = w.sv.new_secret().chars().collect(),
            }
            signs.into_iter().collect()
        });
        if token != good.token {
            attack.note(session(&w, &token).await.is_some(), || token.clone());
        }
    }
    assert!(session(&w, &good.token).await.is_some());
    attack.end(count * 9 / 10);
}

#[tokio::test]
async fn what_is_over_stays_over() {
    let w = world().await;
    let mut attack = Attack::on("sessions that are over");
    let mut seen = std::collections::BTreeSet::new();
    let endings = [
        "left",
        "ended elsewhere",
        "all others",
        "another password",
        "proved anew",
        "suspended",
        "not used",
        "too old",
    ];
    for ending in endings.iter().cycle().take(tries(8, 80)) {
        let (one, other) = (sign_in(&w).await, sign_in(&w).await);
        // Every sign-in has a token of its own.
        assert!(seen.insert(one.token.clone()) && seen.insert(other.token.clone()));
        let me = session(&w, &other.token).await.unwrap();
        match *ending {
            "left" => accounts::sign_out(&w.sv, &session(&w, &one.token).await.unwrap())
                .await
                .unwrap(),
            "ended elsewhere" => assert!(
                accounts::revoke_session(&w.sv, &me, one.session)
                    .await
                    .unwrap()
            ),
            "all others" => assert!(accounts::revoke_other_sessions(&w.sv, &me).await.unwrap() > 0),
            "another password" => {
                let cmd = ChangePassword {
                    current: PASSWORD.into(),
                    new: PASSWORD.into(),
                };
                accounts::change_password(&w.sv, &me, cmd).await.unwrap();
            }
            "proved anew" => {
                let proof = Proof {
                    code: String::new(),
                    password: PASSWORD.into(),
                };
                let one = session(&w, &one.token).await.unwrap();
                accounts::prove_again(&w.sv, &one, proof).await.unwrap();
            }
            "suspended" => w.execute("update users set suspended_at = now()").await,
            "not used" => w.advance(SignedDuration::from_hours(31 * 24)),
            _ => {
                for _ in 0..7 {
                    w.advance(SignedDuration::from_hours(29 * 24));
                    session(&w, &one.token).await;
                }
            }
        }
        for again in 0..3 {
            let open = session(&w, &one.token).await.is_some();
            attack.note(open, || format!("{ending}, asked {again} times"));
            w.advance_minutes(1);
        }
        w.execute("update users set suspended_at = null").await;
        w.execute("update sessions set revoked_at = now() where revoked_at is null")
            .await;
    }
    attack.end(24);
}
