//! Signing in with more than a password.
#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

use domain::permissions::Role;
use jiff::SignedDuration;
use locales::Locale;
use services::{
    accounts::{
        self, Entered, HalfSignIn, Proof, ResetPassword, SecondFactorError, SignIn, SignInCode,
        SignInError, SignUp, SignedIn,
    },
    organizers::{self, OrganizerError},
    permit::{self, Refused, ViewEvents},
    session::Session,
};
use testkit::World;
use totp_rs::{Builder, Secret};

const EMAIL: &str = "ada@people.test";
const PASSWORD: &str = "a quiet evening by the sea";

/// A device that has learnt a key.
struct Device(Vec<u8>);

impl Device {
    fn learn(typed: &str) -> Self {
        let key: String = typed.chars().filter(|c| *c != ' ').collect();
        Self(Secret::try_from_base32(key).unwrap().as_ref().to_vec())
    }

    fn code(&self, w: &World) -> String {
        self.code_in(w, 0)
    }

    fn code_in(&self, w: &World, seconds: i64) -> String {
        let at = u64::try_from(w.now().as_second() + seconds).unwrap();
        let totp = Builder::new().with_secret(self.0.clone()).build().unwrap();
        totp.generate(at).to_string()
    }
}

async fn sign_up(w: &World) -> Session {
    let new = SignUp {
        name: "Ada".into(),
        email: EMAIL.into(),
        password: PASSWORD.into(),
        locale: Locale::En,
        client: String::new(),
    };
    accounts::sign_up(&w.sv, new).await.unwrap();
    let Entered::In(signed_in) = password(w).await else {
        panic!("asked for a code that nobody set up");
    };
    session(w, &signed_in).await.unwrap()
}

async fn password(w: &World) -> Entered {
    let cmd = SignIn {
        email: EMAIL.into(),
        password: PASSWORD.into(),
        user_agent: String::new(),
        client: String::new(),
    };
    accounts::sign_in(&w.sv, cmd).await.unwrap()
}

async fn half(w: &World) -> HalfSignIn {
    match password(w).await {
        Entered::CodeNeeded(half) => half,
        Entered::In(_) => panic!("no code was asked for"),
    }
}

async fn session(w: &World, signed_in: &SignedIn) -> Option<Session> {
    accounts::session_by_token(&w.sv, &signed_in.token)
        .await
        .unwrap()
}

async fn enter(w: &World, half: &HalfSignIn, code: &str) -> Result<SignedIn, SignInError> {
    let cmd = SignInCode {
        token: half.token.clone(),
        code: code.into(),
        user_agent: String::new(),
    };
    accounts::sign_in_with_code(&w.sv, cmd).await
}

/// Ada has an authenticator; her session, her device and her recovery codes.
async fn set_up(w: &World) -> (Session, Device, Vec<String>) {
    let ada = sign_up(w).await;
    accounts::begin_authenticator(&w.sv, &ada).await.unwrap();
    let begun = accounts::second_factor(&w.sv, &ada)
        .await
        .unwrap()
        .begun
        .unwrap();
    let device = Device::learn(&begun.typed);
    let codes = accounts::confirm_authenticator(&w.sv, &ada, &device.code(w))
        .await
        .unwrap();
    (ada, device, codes)
}

fn wrong_code(refused: &SecondFactorError) -> bool {
    matches!(refused, SecondFactorError::Fields(fields) if fields.entries()[0].code == "wrong_code")
}

#[tokio::test]
async fn a_password_alone_is_not_enough_any_more() {
    let w = World::new().await;
    let (_, device, _) = set_up(&w).await;
    w.advance_minutes(1);
    let half = half(&w).await;
    let wrong = enter(&w, &half, "000000").await;
    assert!(matches!(wrong, Err(SignInError::Fields(_))), "{wrong:?}");
    let code = device.code(&w);
    let signed_in = enter(&w, &half, &code).await.unwrap();
    assert!(session(&w, &signed_in).await.unwrap().has_second_factor);
    let again = enter(&w, &half, &code).await;
    assert!(
        matches!(again, Err(SignInError::Over)),
        "half a sign-in is used up by the other half"
    );
}

#[tokio::test]
async fn a_code_is_good_once_even_within_its_half_minute() {
    let w = World::new().await;
    let (_, device, _) = set_up(&w).await;
    let seen_at_set_up = device.code(&w);
    let one = half(&w).await;
    assert!(enter(&w, &one, &seen_at_set_up).await.is_err());
    w.advance(SignedDuration::from_secs(30));
    let code = device.code(&w);
    enter(&w, &one, &code).await.unwrap();
    let two = half(&w).await;
    assert!(enter(&w, &two, &code).await.is_err());
    assert!(
        enter(&w, &two, &device.code_in(&w, -30)).await.is_err(),
        "an earlier one neither"
    );
}

#[tokio::test]
async fn five_wrong_codes_end_it_and_so_does_time() {
    let w = World::new().await;
    let (_, device, _) = set_up(&w).await;
    w.advance_minutes(1);
    let one = half(&w).await;
    for _ in 0..5 {
        assert!(enter(&w, &one, "123456").await.is_err());
    }
    let right = enter(&w, &one, &device.code(&w)).await;
    assert!(matches!(right, Err(SignInError::Over)));
    let two = half(&w).await;
    w.advance_minutes(11);
    let late = enter(&w, &two, &device.code(&w)).await;
    assert!(matches!(late, Err(SignInError::Over)));
    let invented = HalfSignIn {
        token: "a".repeat(32),
        expires_at: w.now(),
    };
    assert!(matches!(
        enter(&w, &invented, &device.code(&w)).await,
        Err(SignInError::Over)
    ));
}

#[tokio::test]
async fn a_recovery_code_lets_in_once_and_its_owner_hears_of_it() {
    let w = World::new().await;
    let (_, _, codes) = set_up(&w).await;
    assert_eq!(codes.len(), 10);
    let one = half(&w).await;
    let spelt = codes[3].to_uppercase().replace('-', " ");
    enter(&w, &one, &spelt).await.unwrap();
    let two = half(&w).await;
    assert!(enter(&w, &two, &codes[3]).await.is_err());
    w.settle().await;
    let mails = w.mailer.to(EMAIL);
    let told = mails
        .iter()
        .filter(|mail| mail.subject.contains("recovery code"));
    assert_eq!(told.count(), 1);
}

#[tokio::test]
async fn the_link_for_a_new_password_does_not_lead_around_it() {
    let w = World::new().await;
    let (ada, device, _) = set_up(&w).await;
    w.execute("update users set email_verified_at = now()")
        .await;
    let asked = accounts::request_password_reset(&w.sv, EMAIL, "")
        .await
        .unwrap();
    w.settle().await;
    let mails = w.mailer.to(EMAIL);
    let link = mails
        .iter()
        .find_map(|mail| mail.text.split("/reset/").nth(1));
    let token: String = link.unwrap().chars().take(32).collect();
    let cmd = ResetPassword {
        token,
        opened: accounts::Opened {
            browser: Some(asked.browser),
            ..Default::default()
        },
        password: "another evening by the sea".into(),
        user_agent: String::new(),
    };
    let Entered::CodeNeeded(half) = accounts::reset_password(&w.sv, cmd).await.unwrap() else {
        panic!("a mailbox alone let somebody in");
    };
    w.advance_minutes(1);
    enter(&w, &half, &device.code(&w)).await.unwrap();
    assert!(
        accounts::sessions(&w.sv, &ada)
            .await
            .unwrap()
            .iter()
            .all(|open| !open.current)
    );
}

#[tokio::test]
async fn setting_it_up_ends_other_sessions_and_turning_it_off_needs_a_code() {
    let w = World::new().await;
    let ada = sign_up(&w).await;
    let Entered::In(elsewhere) = password(&w).await else {
        panic!("no code can be asked for yet");
    };
    accounts::begin_authenticator(&w.sv, &ada).await.unwrap();
    let begun = accounts::second_factor(&w.sv, &ada)
        .await
        .unwrap()
        .begun
        .unwrap();
    let device = Device::learn(&begun.typed);
    assert!(session(&w, &elsewhere).await.is_some());
    accounts::confirm_authenticator(&w.sv, &ada, &device.code(&w))
        .await
        .unwrap();
    assert!(session(&w, &elsewhere).await.is_none());

    let shown = Session {
        has_second_factor: true,
        has_authenticator: true,
        ..ada.clone()
    };
    let refused = accounts::begin_authenticator(&w.sv, &shown).await;
    assert!(
        matches!(refused, Err(SecondFactorError::NotNow)),
        "the key of another cannot be put in its place"
    );
    let refused = accounts::turn_off_authenticator(&w.sv, &ada, "000000")
        .await
        .unwrap_err();
    assert!(wrong_code(&refused));
    w.advance_minutes(1);
    accounts::turn_off_authenticator(&w.sv, &ada, &device.code(&w))
        .await
        .unwrap();
    assert!(matches!(password(&w).await, Entered::In(_)));
}

#[tokio::test]
async fn nobody_uses_the_codes_of_another() {
    let w = World::new().await;
    let (_, device, codes) = set_up(&w).await;
    let eve = w.person("Eve").await;
    accounts::begin_authenticator(&w.sv, &eve).await.unwrap();
    w.advance_minutes(1);
    for code in [device.code(&w), codes[0].clone()] {
        let refused = accounts::confirm_authenticator(&w.sv, &eve, &code)
            .await
            .unwrap_err();
        assert!(wrong_code(&refused));
        let refused = accounts::turn_off_authenticator(&w.sv, &eve, &code)
            .await
            .unwrap_err();
        assert!(wrong_code(&refused));
    }
    // Ada's code is still good: nothing of it was used up.
    let half = half(&w).await;
    enter(&w, &half, &codes[0]).await.unwrap();
}

#[tokio::test]
async fn an_organization_can_ask_for_it() {
    let w = World::new().await;
    let organization = w.organization("House").await;
    let mut owner = w.member(&organization, Role::Owner).await;
    let door = w.member(&organization, Role::Door).await;
    let may = permit::for_organization(&w.sv, &owner, organization.id)
        .await
        .unwrap();
    let refused = organizers::require_second_factor(&w.sv, &may, &owner, true).await;
    assert!(matches!(refused, Err(OrganizerError::SecondFactorFirst)));
    owner.has_second_factor = true;
    let mut stale = owner.clone();
    stale.proved_at = w.now() - SignedDuration::from_mins(16);
    for required in [true, false] {
        let refused = organizers::require_second_factor(&w.sv, &may, &stale, required).await;
        assert!(
            matches!(refused, Err(OrganizerError::Refused(Refused::ProofNeeded))),
            "{refused:?}"
        );
    }
    organizers::require_second_factor(&w.sv, &may, &owner, true)
        .await
        .unwrap();
    let refused = permit::for_organization::<ViewEvents>(&w.sv, &door, organization.id).await;
    assert!(matches!(refused, Err(Refused::SecondFactorNeeded)));
    permit::for_organization::<ViewEvents>(&w.sv, &owner, organization.id)
        .await
        .unwrap();
}

#[tokio::test]
async fn a_proof_is_fresh_for_a_quarter_of_an_hour() {
    let w = World::new().await;
    let ada = sign_up(&w).await;
    permit::fresh(&w.sv, &ada).unwrap();
    w.advance_minutes(16);
    assert!(matches!(
        permit::fresh(&w.sv, &ada),
        Err(Refused::ProofNeeded)
    ));
    let wrong = Proof {
        code: String::new(),
        password: "not this one".into(),
    };
    assert!(accounts::prove_again(&w.sv, &ada, wrong).await.is_err());
    let right = Proof {
        code: String::new(),
        password: PASSWORD.into(),
    };
    accounts::prove_again(&w.sv, &ada, right).await.unwrap();
    let proved = w
        .count("select count(*) from sessions where proved_at > created_at + interval '15 minutes'")
        .await;
    assert_eq!(proved, 1);
}

#[tokio::test]
async fn who_lost_everything_is_helped_by_whoever_runs_the_house() {
    let w = World::new().await;
    let (_, _, codes) = set_up(&w).await;
    let why = "called back at the number on the contract";
    for (email, done) in [
        ("nobody@people.test", false),
        ("none", false),
        (EMAIL, true),
    ] {
        let taken = accounts::take_second_factor_away_of(&w.sv, email, why).await;
        assert_eq!(taken.unwrap(), done, "{email}");
    }
    let open = "select count(*) from sessions where revoked_at is null";
    assert_eq!(w.count(open).await, 0);
    assert_eq!(w.count("select count(*) from recovery_codes").await, 0);
    let Entered::In(signed_in) = password(&w).await else {
        panic!("still asked for a code");
    };
    assert!(!session(&w, &signed_in).await.unwrap().has_second_factor);
    w.settle().await;
    assert!(
        w.mailer
            .to(EMAIL)
            .iter()
            .any(|mail| mail.text.contains(why))
    );
    let again = accounts::take_second_factor_away_of(&w.sv, EMAIL, why).await;
    assert!(!again.unwrap());
    assert_eq!(codes[0].len(), 26 + 6);
}
