//! Passwords guessed by the thousand, and the question who has an account.

use std::time::{Duration, Instant};

use domain::permissions::Role;
use futures::future::join_all;
use locales::Locale;
use services::{
    accounts::{self, Entered, SignIn, SignInError, SignUp},
    orders,
    team::{self, Invite},
};
use testkit::{Attack, World, figure, is_full, tries};

const PASSWORD: &str = "a quiet evening by the sea";

async fn sign_up(w: &World, email: &str) {
    let new = SignUp {
        name: "Ada".into(),
        email: email.into(),
        password: PASSWORD.into(),
        locale: Locale::En,
        client: format!("sign-up of {email}"),
    };
    accounts::sign_up(&w.sv, new).await.unwrap();
}

async fn guess(
    w: &World,
    email: &str,
    password: &str,
    client: &str,
) -> Result<Entered, SignInError> {
    let cmd = SignIn {
        email: email.into(),
        password: password.into(),
        user_agent: String::new(),
        client: client.into(),
    };
    accounts::sign_in(&w.sv, cmd).await
}

/// Whether the password was looked at.
fn is_evaluated(outcome: &Result<Entered, SignInError>) -> bool {
    !matches!(outcome, Err(SignInError::TooMany { .. }))
}

#[tokio::test]
async fn guesses_beyond_the_limits_are_not_looked_at() {
    let w = World::counting().await;
    let accounts = tries(20, 1000);
    for number in (0..accounts).step_by(50) {
        sign_up(&w, &format!("person{number}@people.test")).await;
    }
    let mut attack = Attack::on("passwords guessed from one address, beyond the limit");
    let mut evaluated = 0;
    for round in 0..10 {
        for number in 0..accounts {
            let email = format!("person{number}@people.test");
            let outcome = guess(&w, &email, &format!("guess number {round}"), "203.0.113.7").await;
            let looked_at = is_evaluated(&outcome);
            evaluated += usize::from(looked_at);
            let beyond = round * accounts + number >= 100;
            attack.note((looked_at && beyond) || outcome.is_ok(), || {
                format!("{email}, {round}")
            });
        }
    }
    figure(
        "guesses from one address, looked at",
        format!("{evaluated} of {}", attack.tried()),
    );
    // Whoever it is really comes in from where they are.
    assert!(
        guess(&w, "person0@people.test", PASSWORD, "198.51.100.1")
            .await
            .is_ok()
    );
    attack.end(accounts * 10);
}

#[tokio::test]
async fn guesses_from_many_addresses_are_counted_for_each() {
    let w = World::counting().await;
    let (clients, people) = (tries(1, 20), tries(2, 10));
    for number in 0..people {
        sign_up(&w, &format!("person{number}@people.test")).await;
    }
    let mut attack = Attack::on("passwords guessed from many addresses, beyond the limit");
    let mut evaluated = 0;
    for client in 0..clients {
        for number in 0..people {
            for round in 0..10 {
                let email = format!("person{number}@people.test");
                // Another spelling is the same person.
                let email = if round % 2 == 0 {
                    email.to_uppercase()
                } else {
                    format!(" {email}")
                };
                let outcome =
                    guess(&w, &email, "not this one", &format!("203.0.113.{client}")).await;
                evaluated += usize::from(is_evaluated(&outcome));
                attack.note(is_evaluated(&outcome) && round >= 8, || {
                    format!("{email} from {client}")
                });
            }
        }
    }
    figure(
        "guesses from many addresses, looked at",
        format!("{evaluated} of {}", attack.tried()),
    );
    for number in 0..people {
        let email = format!("person{number}@people.test");
        assert!(
            guess(&w, &email, PASSWORD, "198.51.100.1").await.is_ok(),
            "{email} is locked out"
        );
    }
    attack.end(clients * people * 10);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 8)]
async fn guesses_at_the_same_time_are_all_counted() {
    let w = World::counting().await;
    let mut attack = Attack::on("passwords guessed at the same time, beyond the limit");
    for person in 0..tries(1, 10) {
        let guesses = (0..200).map(|_| {
            let sv = w.sv.clone();
            let cmd = SignIn {
                email: format!("nobody{person}@people.test"),
                password: "not this one".into(),
                user_agent: String::new(),
                client: format!("203.0.113.{person}"),
            };
            tokio::spawn(async move { accounts::sign_in(&sv, cmd).await })
        });
        let outcomes = join_all(guesses).await;
        let evaluated = outcomes
            .into_iter()
            .filter(|outcome| is_evaluated(outcome.as_ref().unwrap()))
            .count();
        for number in 0..200 {
            attack.note(number >= 8 && number < evaluated, || {
                format!("guess {number}")
            });
        }
    }
    attack.end(200);
}

/// What somebody asks who wants to know whether an address has an account.
async fn ask(w: &World, what: &str, email: &str) -> String {
    match what {
        "signing in" => format!("{:?}", guess(w, email, "not this one", "c").await),
        "a new password" => format!(
            "{:?}",
            accounts::request_password_reset(&w.sv, email, "c")
                .await
                .map(drop)
        ),
        "a link to sign in" => format!(
            "{:?}",
            accounts::request_sign_in_link(&w.sv, email, "c")
                .await
                .map(drop)
        ),
        "all tickets" => {
            format!(
                "{:?}",
                orders::request_links(&w.sv, email, "", Locale::En).await
            )
        }
        "signing up" => {
            let new = SignUp {
                name: "Eve".into(),
                email: email.into(),
                password: "another evening by the sea".into(),
                locale: Locale::En,
                client: "c".into(),
            };
            format!("{:?}", accounts::sign_up(&w.sv, new).await.map(drop))
        }
        _ => panic!("{what}"),
    }
}

#[tokio::test]
async fn nobody_learns_who_has_an_account() {
    let w = World::new().await;
    let mut attack = Attack::on("answers that tell who has an account");
    let times = tries(2, 100);
    let event = w
        .event("Night")
        .ticket_type("Seat", 0, 500)
        .published()
        .await;
    let mut known = Vec::new();
    for number in 0..times {
        // Not through signing up, which computes a hash for each.
        let mut buyer = w.buyer("Somebody");
        buyer.email = w.person(&format!("Person {number}")).await.email;
        buyer.buys(&event, "Seat", 1).await.unwrap();
        known.push(buyer.email);
    }
    sign_up(&w, "ada@people.test").await;
    for what in [
        "signing in",
        "a new password",
        "a link to sign in",
        "all tickets",
        "signing up",
    ] {
        let mut took: [Vec<Duration>; 2] = Default::default();
        for (number, email) in known.iter().enumerate() {
            let known = if what == "signing in" {
                "ada@people.test"
            } else {
                email
            };
            let unknown = format!("nobody{number}-{}@people.test", what.len());
            let mut answers = Vec::new();
            let mut both = [(0, known), (1, &unknown)];
            // What comes second finds everything warm.
            both.rotate_left(number % 2);
            for (is, email) in both {
                let begun = Instant::now();
                answers.push(ask(&w, what, email).await);
                took[is].push(begun.elapsed());
            }
            attack.note(answers[0] != answers[1], || format!("{what}: {answers:?}"));
        }
        let least = |of: &[Duration]| *of.iter().min().unwrap();
        if ["signing in", "signing up"].contains(&what) {
            // A password is hashed for those who are not there, too.
            assert!(least(&took[1]) * 2 > least(&took[0]), "{what}: {took:?}");
        }
        if is_full() {
            figure(&format!("{what}: known and unknown addresses"), told(&took));
        }
    }
    attack.end(times * 5);
}

#[tokio::test]
async fn an_invitation_does_not_tell_who_has_an_account() {
    let w = World::new().await;
    let house = w.organization("House").await;
    let owner = w.member(&house, Role::Owner).await;
    let mut attack = Attack::on("invitations that tell who has an account");
    let mut took: [Vec<Duration>; 2] = Default::default();
    for number in 0..tries(2, 40) {
        let person = w.person("Somebody").await;
        let unknown = format!("nobody{number}@people.test");
        let mut answers = Vec::new();
        for (is, email) in [(0, &person.email), (1, &unknown)] {
            let cmd = Invite {
                email: email.clone(),
                role: "door".into(),
                ..Invite::default()
            };
            let begun = Instant::now();
            answers.push(
                team::invite(&w.sv, &house.permit(), &owner, cmd)
                    .await
                    .map(drop),
            );
            took[is].push(begun.elapsed());
        }
        attack.note(!answers.iter().all(Result::is_ok), || {
            format!("{answers:?}")
        });
    }
    if is_full() {
        figure("an invitation: known and unknown addresses", told(&took));
    }
    attack.end(2);
}

/// Means, and how likely such a difference is by chance (Welch's t-test; so many that t is almost normal).
fn told(took: &[Vec<Duration>; 2]) -> String {
    let [(a, va), (b, vb)] = [0, 1].map(|is| {
        let mut all: Vec<f64> = took[is]
            .iter()
            .map(|took| took.as_secs_f64() * 1000.0)
            .collect();
        // The slowest of both are of the machine's other work.
        all.sort_by(f64::total_cmp);
        all.truncate(all.len() * 9 / 10);
        let n = all.iter().map(|_| 1.0).sum::<f64>();
        let mean = all.iter().sum::<f64>() / n;
        let variance = all.iter().map(|one| (one - mean).powi(2)).sum::<f64>() / (n - 1.0);
        (mean, variance / n)
    });
    let t = (a - b) / (va + vb).sqrt();
    format!(
        "{a:.2} ms and {b:.2} ms, t = {t:.1}, p = {:.3}",
        two_sided(t)
    )
}

/// Abramowitz and Stegun 7.1.26, good to seven digits.
fn two_sided(t: f64) -> f64 {
    let x = t.abs() / std::f64::consts::SQRT_2;
    let k = 1.0 / (1.0 + 0.327_591_1 * x);
    let terms = [
        1.061_405_429,
        -1.453_152_027,
        1.421_413_741,
        -0.284_496_736,
        0.254_829_592,
    ];
    terms.iter().fold(0.0, |sum, term| sum * k + term) * k * (-x * x).exp()
}
