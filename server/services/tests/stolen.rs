//! What is left to whoever had an account for a while that is not theirs: nothing.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::time::Duration;

use locales::Locale;
use services::{
    accounts::{
        self, AccountError, ChangePassword, Entered, HalfSignIn, HouseError, LinkAsked, NewPasskey,
        Opened, PasskeyAnswer, PasskeyError, Proof, ResetPassword, SecondFactorError, SignIn,
        SignInCode, SignInError, SignUp, SignedIn, session_by_token,
    },
    db::Scope,
    permit::Refused,
    session::{Acting, Session},
};
use testkit::{PasskeyDevice, World};
use totp_rs::{Builder, Secret};

const ADA: &str = "ada@people.test";
const PASSWORD: &str = "a quiet evening by the sea";
const OTHER: &str = "an entirely other sentence";

async fn sign_up(w: &World, email: &str) {
    let new = SignUp {
        name: "Ada".into(),
        email: email.into(),
        password: PASSWORD.into(),
        locale: Locale::En,
        client: String::new(),
    };
    accounts::sign_up(&w.sv, new).await.unwrap();
    w.settle().await;
}

/// Ada has an account and has proven its address.
async fn ada(w: &World) -> Session {
    sign_up(w, ADA).await;
    w.execute("update users set email_verified_at = now()")
        .await;
    enter(w, ADA, PASSWORD).await.unwrap()
}

async fn by_password(w: &World, email: &str, password: &str) -> Result<Entered, SignInError> {
    let cmd = SignIn {
        email: email.into(),
        password: password.into(),
        user_agent: String::new(),
        client: String::new(),
    };
    accounts::sign_in(&w.sv, cmd).await
}

async fn enter(w: &World, email: &str, password: &str) -> Option<Session> {
    match by_password(w, email, password).await {
        Ok(Entered::In(signed_in)) => session(w, &signed_in).await,
        _ => None,
    }
}

async fn session(w: &World, signed_in: &SignedIn) -> Option<Session> {
    session_by_token(&w.sv, &signed_in.token).await.unwrap()
}

/// The token at the end of the newest link of this kind in the mails to an address.
fn token(w: &World, email: &str, path: &str) -> String {
    let mails = w.mailer.to(email);
    let found = mails.iter().rev().find_map(|mail| {
        let start = mail.text.find(path)? + path.len();
        Some(mail.text[start..].split_whitespace().next()?.to_owned())
    });
    found.unwrap()
}

async fn move_to(w: &World, who: &Session, email: &str) {
    accounts::request_email_change(&w.sv, who, email)
        .await
        .unwrap();
    w.settle().await;
    let link = token(w, email, "/account/email/");
    accounts::confirm_email_change(&w.sv, &link).await.unwrap();
    w.settle().await;
}

/// In the browser that asked for the link.
fn here(asked: &LinkAsked) -> Opened {
    Opened {
        browser: Some(asked.browser.clone()),
        ..Opened::default()
    }
}

async fn reset(w: &World, email: &str) {
    let asked = accounts::request_password_reset(&w.sv, email, "")
        .await
        .unwrap();
    w.settle().await;
    let cmd = ResetPassword {
        token: token(w, email, "/reset/"),
        opened: here(&asked),
        password: OTHER.into(),
        user_agent: String::new(),
    };
    accounts::reset_password(&w.sv, cmd).await.unwrap();
}

fn is_over<T: std::fmt::Debug>(outcome: Result<T, AccountError>) {
    assert!(
        matches!(outcome, Err(AccountError::LinkOver)),
        "{outcome:?}"
    );
}

fn refused<T: std::fmt::Debug>(outcome: Result<T, PasskeyError>) {
    assert!(
        matches!(outcome, Err(PasskeyError::Refused(Refused::FactorNotShown))),
        "{outcome:?}"
    );
}

async fn add_passkey(
    w: &World,
    who: &Session,
    device: &mut PasskeyDevice,
) -> Result<Vec<String>, PasskeyError> {
    let question = accounts::begin_passkey(&w.sv, who).await?;
    let cmd = NewPasskey {
        credential: device.make(&question.options),
        token: question.token,
        name: "Phone".into(),
    };
    accounts::add_passkey(&w.sv, who, cmd).await
}

async fn by_passkey(w: &World, device: &mut PasskeyDevice) -> Session {
    let question = accounts::begin_passkey_sign_in(&w.sv, "10.0.0.1")
        .await
        .unwrap();
    let cmd = PasskeyAnswer {
        credential: device.answer(&question.options),
        token: question.token,
        user_agent: String::new(),
    };
    let signed_in = accounts::sign_in_by_passkey(&w.sv, cmd).await.unwrap();
    session(w, &signed_in).await.unwrap()
}

/// The code that a device with this key shows.
fn code(w: &World, typed: &str) -> String {
    let key: String = typed.chars().filter(|c| *c != ' ').collect();
    let secret = Secret::try_from_base32(key).unwrap().as_ref().to_vec();
    let totp = Builder::new().with_secret(secret).build().unwrap();
    totp.generate(u64::try_from(w.now().as_second()).unwrap())
        .to_string()
}

async fn begun(w: &World, who: &Session) -> Option<String> {
    let found = accounts::second_factor(&w.sv, who).await.unwrap();
    Some(found.begun?.typed)
}

#[tokio::test]
async fn an_account_that_was_moved_on_and_on_comes_back_for_good() {
    let w = World::new().await;
    let thief = ada(&w).await;
    move_to(&w, &thief, "first@thief.test").await;
    w.advance_minutes(1);
    move_to(&w, &thief, "second@thief.test").await;
    let thiefs = token(&w, "first@thief.test", "/account/email/restore/");
    let adas = token(&w, ADA, "/account/email/restore/");
    accounts::restore_email(&w.sv, &adas).await.unwrap();
    w.settle().await;
    is_over(accounts::restore_email(&w.sv, &thiefs).await);
    assert!(
        enter(&w, ADA, PASSWORD).await.is_none(),
        "the password that the thief knows"
    );
    reset(&w, ADA).await;
    is_over(accounts::restore_email(&w.sv, &thiefs).await);
    assert!(enter(&w, ADA, OTHER).await.is_some());
}

#[tokio::test]
async fn a_thief_who_takes_it_back_first_does_not_keep_it() {
    let w = World::new().await;
    let thief = ada(&w).await;
    move_to(&w, &thief, "first@thief.test").await;
    w.advance_minutes(1);
    move_to(&w, &thief, "second@thief.test").await;
    let thiefs = token(&w, "first@thief.test", "/account/email/restore/");
    accounts::restore_email(&w.sv, &thiefs).await.unwrap();
    let adas = token(&w, ADA, "/account/email/restore/");
    accounts::restore_email(&w.sv, &adas).await.unwrap();
    reset(&w, ADA).await;
    assert!(enter(&w, ADA, OTHER).await.is_some());
}

#[tokio::test]
async fn signing_up_with_the_old_address_does_not_keep_its_owner_out() {
    let w = World::new().await;
    let thief = ada(&w).await;
    move_to(&w, &thief, "first@thief.test").await;
    sign_up(&w, ADA).await;
    let adas = token(&w, ADA, "/account/email/restore/");
    accounts::restore_email(&w.sv, &adas).await.unwrap();
    w.settle().await;
    assert!(
        enter(&w, ADA, PASSWORD).await.is_none(),
        "the thief's new one"
    );
    reset(&w, ADA).await;
    let back = enter(&w, ADA, OTHER).await.unwrap();
    assert_eq!(back.user, thief.user);
}

#[tokio::test]
async fn a_link_to_another_address_ends_with_the_sessions() {
    let w = World::new().await;
    let mut ada = ada(&w).await;
    let thiefs = async || {
        let thief = enter(&w, ADA, PASSWORD).await.unwrap();
        accounts::request_email_change(&w.sv, &thief, "thief@people.test")
            .await
            .unwrap();
        w.settle().await;
        token(&w, "thief@people.test", "/account/email/")
    };
    let link = thiefs().await;
    accounts::revoke_other_sessions(&w.sv, &ada).await.unwrap();
    is_over(accounts::confirm_email_change(&w.sv, &link).await);

    let mut phone = PasskeyDevice::new(1);
    let link = thiefs().await;
    add_passkey(&w, &ada, &mut phone).await.unwrap();
    ada = by_passkey(&w, &mut phone).await;
    let key = accounts::passkeys(&w.sv, &ada).await.unwrap()[0].id;
    assert!(accounts::remove_passkey(&w.sv, &ada, key).await.unwrap());
    is_over(accounts::confirm_email_change(&w.sv, &link).await);

    let link = thiefs().await;
    let cmd = ChangePassword {
        current: PASSWORD.into(),
        new: "yet another sentence of mine".into(),
    };
    accounts::change_password(&w.sv, &ada, cmd).await.unwrap();
    is_over(accounts::confirm_email_change(&w.sv, &link).await);

    accounts::request_email_change(&w.sv, &ada, "thief@people.test")
        .await
        .unwrap();
    w.settle().await;
    let link = token(&w, "thief@people.test", "/account/email/");
    reset(&w, ADA).await;
    is_over(accounts::confirm_email_change(&w.sv, &link).await);
}

#[tokio::test]
async fn half_a_sign_in_ends_with_the_password_it_was_begun_with() {
    let w = World::new().await;
    let ada = ada(&w).await;
    accounts::begin_authenticator(&w.sv, &ada).await.unwrap();
    let key = begun(&w, &ada).await.unwrap();
    let codes = accounts::confirm_authenticator(&w.sv, &ada, &code(&w, &key))
        .await
        .unwrap();
    let Ok(Entered::CodeNeeded(HalfSignIn { token, .. })) = by_password(&w, ADA, PASSWORD).await
    else {
        panic!("no code was asked for");
    };
    reset(&w, ADA).await;
    let cmd = SignInCode {
        token,
        code: codes[0].clone(),
        user_agent: String::new(),
    };
    let late = accounts::sign_in_with_code(&w.sv, cmd).await;
    assert!(matches!(late, Err(SignInError::Over)), "{late:?}");
}

#[tokio::test]
async fn a_password_alone_does_not_make_itself_two_factors() {
    let w = World::new().await;
    let (mut phone, mut thiefs) = (PasskeyDevice::new(1), PasskeyDevice::new(2));
    let first = ada(&w).await;
    let codes = add_passkey(&w, &first, &mut phone).await.unwrap();
    assert_eq!(codes.len(), 10);
    let thief = enter(&w, ADA, PASSWORD).await.unwrap();
    assert!(!thief.has_second_factor);
    refused(add_passkey(&w, &thief, &mut thiefs).await);
    let key = accounts::passkeys(&w.sv, &thief).await.unwrap()[0].id;
    refused(accounts::remove_passkey(&w.sv, &thief, key).await);
    for outcome in [
        accounts::begin_authenticator(&w.sv, &thief).await,
        accounts::renew_recovery_codes(&w.sv, &thief, "")
            .await
            .map(drop),
    ] {
        assert!(
            matches!(
                outcome,
                Err(SecondFactorError::Refused(Refused::FactorNotShown))
            ),
            "{outcome:?}"
        );
    }
    let found = accounts::second_factor(&w.sv, &thief).await.unwrap();
    assert!(found.not_shown);

    // With the passkey everything goes on as before; codes come with the first one only.
    let ada = by_passkey(&w, &mut phone).await;
    let mut tablet = PasskeyDevice::new(3);
    assert!(add_passkey(&w, &ada, &mut tablet).await.unwrap().is_empty());
    let renewed = accounts::renew_recovery_codes(&w.sv, &ada, "")
        .await
        .unwrap();
    assert!(codes.iter().all(|code| !renewed.contains(code)));
}

#[tokio::test]
async fn who_lost_the_passkey_comes_back_by_a_recovery_code() {
    let w = World::new().await;
    let mut phone = PasskeyDevice::new(1);
    let first = ada(&w).await;
    let codes = add_passkey(&w, &first, &mut phone).await.unwrap();
    let ada = enter(&w, ADA, PASSWORD).await.unwrap();
    let elsewhere = enter(&w, ADA, PASSWORD).await.unwrap();
    let proof = |code: &str| Proof {
        code: code.into(),
        password: String::new(),
    };
    assert!(
        accounts::prove_again(&w.sv, &ada, proof("abcd"))
            .await
            .is_err()
    );
    let renewed = accounts::prove_again(&w.sv, &ada, proof(&codes[0]))
        .await
        .unwrap();
    let again = accounts::prove_again(&w.sv, &elsewhere, proof(&codes[0])).await;
    assert!(again.is_err(), "each code is good once");
    w.settle().await;
    let told = w.mailer.to(ADA);
    assert!(
        told.iter()
            .any(|mail| mail.subject.contains("recovery code"))
    );
    let ada = session(&w, &renewed).await.unwrap();
    assert!(ada.has_second_factor);
    let key = accounts::passkeys(&w.sv, &ada).await.unwrap()[0].id;
    assert!(accounts::remove_passkey(&w.sv, &ada, key).await.unwrap());
    // Whoever has found the device is out, and the codes of a factor that is gone are nothing.
    assert_eq!(
        w.count("select count(*) from sessions where revoked_at is null")
            .await,
        1
    );
    assert_eq!(w.count("select count(*) from recovery_codes").await, 0);
    let left = session(&w, &renewed).await.unwrap();
    assert!(!left.has_second_factor);
    assert!(add_passkey(&w, &left, &mut phone).await.is_ok());
}

#[tokio::test]
async fn the_house_takes_lost_passkeys_away_too() {
    let w = World::new().await;
    let mut phone = PasskeyDevice::new(1);
    let first = ada(&w).await;
    add_passkey(&w, &first, &mut phone).await.unwrap();
    let why = "called back at the number on the contract";
    for done in [true, false] {
        let taken = accounts::take_second_factor_away_of(&w.sv, ADA, why).await;
        assert_eq!(taken.unwrap(), done);
    }
    let open = "select count(*) from sessions where revoked_at is null";
    assert_eq!(w.count(open).await, 0);
    let ada = enter(&w, ADA, PASSWORD).await.unwrap();
    add_passkey(&w, &ada, &mut PasskeyDevice::new(2))
        .await
        .unwrap();
}

#[tokio::test]
async fn a_secret_that_was_begun_is_for_whoever_has_just_shown_who_they_are() {
    let w = World::new().await;
    let mut ada = ada(&w).await;
    accounts::begin_authenticator(&w.sv, &ada).await.unwrap();
    let key = begun(&w, &ada).await.unwrap();
    // Somebody of the platform, who helps.
    let helper = w.person("Helper").await;
    let acting = Session {
        acting: Some(Acting {
            by: helper.user,
            until: w.now(),
        }),
        ..ada.clone()
    };
    assert!(begun(&w, &acting).await.is_none());
    let outcome = accounts::confirm_authenticator(&w.sv, &acting, &code(&w, &key)).await;
    assert!(
        matches!(
            outcome,
            Err(SecondFactorError::Refused(Refused::OnlyLooking))
        ),
        "{outcome:?}"
    );
    // A browser that was left open.
    w.advance_minutes(14);
    let stale = Session {
        proved_at: w.now() - jiff::SignedDuration::from_mins(16),
        ..ada.clone()
    };
    assert!(begun(&w, &stale).await.is_none());
    let outcome = accounts::confirm_authenticator(&w.sv, &stale, &code(&w, &key)).await;
    assert!(
        matches!(
            outcome,
            Err(SecondFactorError::Refused(Refused::ProofNeeded))
        ),
        "{outcome:?}"
    );
    // It waits a quarter of an hour and no longer, however fresh the proof.
    assert!(begun(&w, &ada).await.is_some());
    w.advance_minutes(2);
    ada.proved_at = w.now();
    assert!(begun(&w, &ada).await.is_none());
    let outcome = accounts::confirm_authenticator(&w.sv, &ada, &code(&w, &key)).await;
    assert!(
        matches!(outcome, Err(SecondFactorError::Fields(_))),
        "{outcome:?}"
    );
    let on = "select count(*) from authenticators where confirmed_at is not null";
    assert_eq!(w.count(on).await, 0);
}

/// The right password was read, and while it was judged somebody set another one.
#[tokio::test]
async fn a_password_that_changes_meanwhile_lets_nobody_in() {
    let w = World::new().await;
    ada(&w).await;
    let sessions = w.count("select count(*) from sessions").await;
    let mut reset = w.sv.db.begin(Scope::System).await.unwrap();
    sqlx::query("update users set password_hash = 'another'")
        .execute(&mut *reset)
        .await
        .unwrap();
    let signing_in = by_password(&w, ADA, PASSWORD);
    let commit = async {
        tokio::time::sleep(Duration::from_millis(500)).await;
        reset.commit().await.unwrap();
    };
    let (outcome, ()) = tokio::join!(signing_in, commit);
    assert!(matches!(outcome, Err(SignInError::Wrong)), "{outcome:?}");
    assert_eq!(w.count("select count(*) from sessions").await, sessions);
}

#[tokio::test]
async fn strangers_do_not_end_a_link_by_asking_for_another() {
    let w = World::new().await;
    ada(&w).await;
    let ask = async || {
        let asked = accounts::request_password_reset(&w.sv, ADA, "")
            .await
            .unwrap();
        w.settle().await;
        (token(&w, ADA, "/reset/"), here(&asked))
    };
    let adas = ask().await;
    let strangers = ask().await;
    assert_ne!(adas.0, strangers.0);
    let press = async |(token, opened): &(String, Opened)| {
        let cmd = ResetPassword {
            token: token.clone(),
            opened: opened.clone(),
            password: OTHER.into(),
            user_agent: String::new(),
        };
        accounts::reset_password(&w.sv, cmd).await
    };
    press(&adas).await.unwrap();
    // Once there is a new password, none of them sets another.
    is_over(press(&strangers).await);
}

#[tokio::test]
async fn who_signed_up_and_comes_by_a_mailed_link_hears_that_the_password_is_gone() {
    let w = World::new().await;
    sign_up(&w, ADA).await;
    let by_link = async || {
        let asked = accounts::request_sign_in_link(&w.sv, ADA, "")
            .await
            .unwrap();
        w.settle().await;
        let link = token(&w, ADA, "/sign-in/link/");
        let entered = accounts::sign_in_by_link(&w.sv, &link, &here(&asked), "").await;
        match entered.unwrap() {
            Entered::In(signed_in) => signed_in.password_gone,
            Entered::CodeNeeded(_) => panic!("asked for a code"),
        }
    };
    let told = || {
        let mails = w.mailer.to(ADA);
        let told = mails
            .iter()
            .filter(|mail| mail.subject.contains("choose a password"));
        told.count()
    };
    assert!(by_link().await);
    assert!(enter(&w, ADA, PASSWORD).await.is_none());
    w.settle().await;
    assert_eq!(told(), 1);
    // It happens once.
    assert!(!by_link().await);
    w.settle().await;
    assert_eq!(told(), 1);
}

#[tokio::test]
async fn whoever_runs_the_house_makes_admins_and_takes_that_from_them() {
    let w = World::new().await;
    let ada = w.person("Ada").await;
    let admins = "select count(*) from users where is_platform_admin";
    let set = async |email: &str, admin| {
        accounts::set_platform_admin(&w.sv, email, admin, "she runs the box office").await
    };
    let nobody = set("nobody@people.test", true).await;
    assert!(matches!(nobody, Err(HouseError::Nobody)), "{nobody:?}");
    set(&ada.email, true).await.unwrap();
    let again = set(&ada.email, true).await;
    assert!(matches!(again, Err(HouseError::Already)), "{again:?}");
    assert_eq!(w.count(admins).await, 1);
    set(&ada.email, false).await.unwrap();
    assert_eq!(w.count(admins).await, 0);
    let recorded = "select count(*) from audit_entries where action in ('user.admin_added', 'user.admin_removed') and reason <> ''";
    assert_eq!(w.count(recorded).await, 2);
    w.execute("update users set email_verified_at = null").await;
    let unproven = set(&ada.email, true).await;
    assert!(
        matches!(unproven, Err(HouseError::Unproven)),
        "{unproven:?}"
    );
}

#[tokio::test]
async fn who_lost_the_mailbox_gets_the_account_back_from_the_house() {
    let w = World::new().await;
    let session = ada(&w).await;
    move_to(&w, &session, "lost@people.test").await;
    sign_up(&w, "bob@people.test").await;
    let why = "showed a passport at the box office";
    let taken = accounts::move_account(&w.sv, "lost@people.test", "bob@people.test", why).await;
    assert!(matches!(taken, Err(HouseError::Taken)), "{taken:?}");
    accounts::move_account(&w.sv, "lost@people.test", "new@people.test", why)
        .await
        .unwrap();
    w.settle().await;
    for email in ["lost@people.test", "new@people.test"] {
        let told = w.mailer.to(email);
        assert!(told.iter().any(|mail| mail.text.contains(why)), "{email}");
    }
    // Whoever reads an earlier mailbox by now does not take it back.
    let old = token(&w, ADA, "/account/email/restore/");
    is_over(accounts::restore_email(&w.sv, &old).await);
    assert!(enter(&w, "new@people.test", PASSWORD).await.is_none());
    reset(&w, "new@people.test").await;
    assert!(enter(&w, "new@people.test", OTHER).await.is_some());
}
