//! Ways into an account without its password, another address for it, and the orders it holds.
#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

use std::sync::Arc;

use domain::text::{Fault, FieldErrors};
use jiff::SignedDuration;
use locales::Locale;
use services::{
    accounts::{
        self, AccountError, ChangePassword, Entered, LinkAsked, NewPasskey, Opened, PasskeyAnswer,
        Proof, ResetPassword, SignIn, SignInError, SignUp, SignedIn, Verified, VerifyEmail,
        session_by_token,
    },
    orders::{self, InAccount, When},
    permit::Refused,
    ports::{BreachedPasswords, PortError},
    session::Session,
};
use testkit::{PasskeyDevice, World};

const PASSWORD: &str = "a quiet evening by the sea";

/// What a breach brought to light; or a list that cannot be read.
struct Lost(Option<&'static str>);

impl BreachedPasswords for Lost {
    fn know(&self, password: &str) -> Result<bool, PortError> {
        self.0
            .map(|lost| lost == password)
            .ok_or_else(|| PortError::Unavailable("no such file".into()))
    }
}

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

/// The token at the end of the newest link of this kind in the mails to an address.
fn token(w: &World, email: &str, path: &str) -> Option<String> {
    let mails = w.mailer.to(email);
    mails.iter().rev().find_map(|mail| {
        let start = mail.text.find(path)? + path.len();
        Some(mail.text[start..].split_whitespace().next()?.to_owned())
    })
}

/// In the browser that asked.
fn here(asked: LinkAsked) -> Opened {
    Opened {
        browser: Some(asked.browser),
        ..Opened::default()
    }
}

/// In another one, with these digits.
fn elsewhere(code: &str) -> Opened {
    Opened {
        browser: Some("that of somebody else".into()),
        code: code.into(),
    }
}

fn is_about_digits<T: std::fmt::Debug>(outcome: Result<T, AccountError>, fault: &Fault) {
    let Err(AccountError::Fields(fields)) = outcome else {
        panic!("{outcome:?}");
    };
    assert_eq!(fields, FieldErrors::one("link_code", fault.clone()));
}

fn inside(entered: Entered) -> SignedIn {
    match entered {
        Entered::In(signed_in) => signed_in,
        Entered::CodeNeeded(_) => panic!("asked for a code"),
    }
}

async fn session(w: &World, signed_in: &SignedIn) -> Session {
    session_by_token(&w.sv, &signed_in.token)
        .await
        .unwrap()
        .unwrap()
}

async fn by_password(w: &World, email: &str) -> Option<SignedIn> {
    let cmd = SignIn {
        email: email.into(),
        password: PASSWORD.into(),
        user_agent: String::new(),
        client: String::new(),
    };
    accounts::sign_in(&w.sv, cmd).await.ok().map(inside)
}

/// Presses the newest link that proves Ada's address.
async fn verify(
    w: &World,
    session: Option<&Session>,
    password: &str,
) -> Result<Verified, AccountError> {
    let cmd = VerifyEmail {
        token: token(w, "ada@people.test", "/verify/").unwrap(),
        signed_up: None,
        password: password.into(),
        user_agent: String::new(),
    };
    accounts::verify_email(&w.sv, session, cmd).await
}

fn is_over<T: std::fmt::Debug>(outcome: Result<T, AccountError>) {
    assert!(
        matches!(outcome, Err(AccountError::LinkOver)),
        "{outcome:?}"
    );
}

#[tokio::test]
async fn a_mailed_link_signs_in_once() {
    let w = World::new().await;
    sign_up(&w, "ada@people.test").await;
    let opened = here(
        accounts::request_sign_in_link(&w.sv, "Ada@people.test", "")
            .await
            .unwrap(),
    );
    w.settle().await;
    let link = token(&w, "ada@people.test", "/sign-in/link/").unwrap();
    let signed_in = inside(
        accounts::sign_in_by_link(&w.sv, &link, &opened, "")
            .await
            .unwrap(),
    );
    // Whoever reads the mail owns the mailbox.
    assert!(session(&w, &signed_in).await.email_verified);
    is_over(accounts::sign_in_by_link(&w.sv, &link, &opened, "").await);

    accounts::request_sign_in_link(&w.sv, "ada@people.test", "")
        .await
        .unwrap();
    w.settle().await;
    let first = token(&w, "ada@people.test", "/sign-in/link/").unwrap();
    let opened = here(
        accounts::request_sign_in_link(&w.sv, "ada@people.test", "")
            .await
            .unwrap(),
    );
    w.settle().await;
    let second = token(&w, "ada@people.test", "/sign-in/link/").unwrap();
    assert_ne!(first, second);
    w.advance_minutes(11);
    is_over(accounts::sign_in_by_link(&w.sv, &second, &opened, "").await);
    // A link of another kind is none.
    let verify = token(&w, "ada@people.test", "/verify/").unwrap();
    is_over(accounts::sign_in_by_link(&w.sv, &verify, &opened, "").await);
}

#[tokio::test]
async fn a_link_is_good_where_it_was_asked_for_and_elsewhere_with_its_digits() {
    let w = World::counting().await;
    sign_up(&w, "ada@people.test").await;
    let asked = accounts::request_sign_in_link(&w.sv, "ada@people.test", "")
        .await
        .unwrap();
    w.settle().await;
    let link = token(&w, "ada@people.test", "/sign-in/link/").unwrap();
    let take = async |opened: Opened| accounts::sign_in_by_link(&w.sv, &link, &opened, "").await;
    is_about_digits(take(Opened::default()).await, &Fault::Required);
    is_about_digits(take(elsewhere("")).await, &Fault::Required);
    let code = accounts::asked_code(&w.sv, &asked.browser);
    let wrong = if code == "000000" { "000001" } else { "000000" };
    is_about_digits(take(elsewhere(wrong)).await, &Fault::WrongCode);
    // The digits of a phone with another script are the same, and spaces are no matter.
    let (front, back) = code.split_at(3);
    let arabic: String = front
        .chars()
        .filter_map(|c| char::from_u32(u32::from(c) - u32::from('0') + 0x660))
        .collect();
    inside(take(elsewhere(&format!(" {arabic} {back}"))).await.unwrap());
    is_over(take(here(asked)).await);
}

#[tokio::test]
async fn digits_of_a_link_are_not_guessed_without_end() {
    let w = World::counting().await;
    sign_up(&w, "ada@people.test").await;
    let asked = accounts::request_password_reset(&w.sv, "ada@people.test", "")
        .await
        .unwrap();
    w.settle().await;
    let link = token(&w, "ada@people.test", "/reset/").unwrap();
    let take = async |opened: Opened| {
        let cmd = ResetPassword {
            token: link.clone(),
            opened,
            password: "an entirely other sentence".into(),
            user_agent: String::new(),
        };
        accounts::reset_password(&w.sv, cmd).await
    };
    let code = accounts::asked_code(&w.sv, &asked.browser);
    let wrong = if code == "000000" { "000001" } else { "000000" };
    // Right ones are no guess, whatever else is wrong.
    for _ in 0..6 {
        let cmd = ResetPassword {
            token: link.clone(),
            opened: elsewhere(&code),
            password: "12345678".into(),
            user_agent: String::new(),
        };
        let weak = accounts::reset_password(&w.sv, cmd).await;
        assert!(matches!(weak, Err(AccountError::Fields(_))), "{weak:?}");
    }
    for _ in 0..5 {
        is_about_digits(take(elsewhere(wrong)).await, &Fault::WrongCode);
    }
    let right = take(elsewhere(&code)).await;
    assert!(
        matches!(right, Err(AccountError::TooMany { .. })),
        "{right:?}"
    );
    // Whoever asked is not held up by that.
    inside(take(here(asked)).await.unwrap());
}

#[tokio::test]
async fn a_browser_that_asked_for_one_persons_link_does_not_open_anothers() {
    let w = World::new().await;
    for email in ["ada@people.test", "bob@people.test"] {
        sign_up(&w, email).await;
    }
    let ask = async |email: &str| {
        let asked = accounts::request_sign_in_link(&w.sv, email, "")
            .await
            .unwrap();
        w.settle().await;
        asked
    };
    let (bobs, first) = (ask("bob@people.test").await, ask("ada@people.test").await);
    ask("ada@people.test").await;
    let link = token(&w, "ada@people.test", "/sign-in/link/").unwrap();
    let opened = Opened {
        code: accounts::asked_code(&w.sv, &bobs.browser),
        ..here(bobs)
    };
    let taken = accounts::sign_in_by_link(&w.sv, &link, &opened, "").await;
    is_about_digits(taken, &Fault::WrongCode);
    // Whoever has asked twice has asked.
    inside(
        accounts::sign_in_by_link(&w.sv, &link, &here(first), "")
            .await
            .unwrap(),
    );
}

#[tokio::test]
async fn whoever_signed_up_with_an_address_of_others_loses_it_to_them() {
    let w = World::new().await;
    sign_up(&w, "ada@people.test").await;
    let thief = session(&w, &by_password(&w, "ada@people.test").await.unwrap()).await;
    let mut thiefs = PasskeyDevice::new(1);
    add_passkey(&w, &thief, &mut thiefs).await;
    let opened = here(
        accounts::request_sign_in_link(&w.sv, "ada@people.test", "")
            .await
            .unwrap(),
    );
    w.settle().await;
    let link = token(&w, "ada@people.test", "/sign-in/link/").unwrap();
    inside(
        accounts::sign_in_by_link(&w.sv, &link, &opened, "")
            .await
            .unwrap(),
    );
    assert!(by_password(&w, "ada@people.test").await.is_none());
    assert!(by_passkey(&w, &mut thiefs).await.is_none());
    assert_eq!(
        w.count("select count(*) from sessions where revoked_at is null")
            .await,
        1
    );
}

#[tokio::test]
async fn a_new_password_by_link_closes_what_a_stranger_had_opened_with_the_address() {
    let w = World::new().await;
    sign_up(&w, "ada@people.test").await;
    let thief = session(&w, &by_password(&w, "ada@people.test").await.unwrap()).await;
    let mut thiefs = PasskeyDevice::new(1);
    add_passkey(&w, &thief, &mut thiefs).await;
    let opened = here(
        accounts::request_password_reset(&w.sv, "ada@people.test", "")
            .await
            .unwrap(),
    );
    w.settle().await;
    let cmd = ResetPassword {
        token: token(&w, "ada@people.test", "/reset/").unwrap(),
        opened,
        password: "an entirely other sentence".into(),
        user_agent: String::new(),
    };
    inside(accounts::reset_password(&w.sv, cmd).await.unwrap());
    assert!(by_password(&w, "ada@people.test").await.is_none());
    assert!(by_passkey(&w, &mut thiefs).await.is_none());
}

#[tokio::test]
async fn a_press_in_a_browser_that_knows_the_person_is_enough() {
    let w = World::new().await;
    sign_up(&w, "ada@people.test").await;
    let ada = session(&w, &by_password(&w, "ada@people.test").await.unwrap()).await;
    let done = verify(&w, Some(&ada), "").await.unwrap();
    assert!(matches!(done, Verified::Here(_)));
    is_over(verify(&w, Some(&ada), "").await);
    let proven = "select count(*) from users where email_verified_at is not null";
    assert_eq!(w.count(proven).await, 1);
}

#[tokio::test]
async fn the_browser_that_signed_up_is_known_by_its_cookie() {
    let w = World::new().await;
    let browser = async |email: &str| {
        let new = SignUp {
            name: "Ada".into(),
            email: email.into(),
            password: PASSWORD.into(),
            locale: Locale::En,
            client: String::new(),
        };
        Some(accounts::sign_up(&w.sv, new).await.unwrap().token)
    };
    let (adas, bobs) = (
        browser("ada@people.test").await,
        browser("bob@people.test").await,
    );
    // A known address: the same kind of answer, good for nothing.
    let third = browser("ada@people.test").await;
    w.settle().await;
    let press = async |signed_up: &Option<String>| {
        let cmd = VerifyEmail {
            token: token(&w, "ada@people.test", "/verify/").unwrap(),
            signed_up: signed_up.clone(),
            password: String::new(),
            user_agent: String::new(),
        };
        accounts::verify_email(&w.sv, None, cmd).await
    };
    for others in [bobs, third] {
        let refused = press(&others).await;
        assert!(
            matches!(refused, Err(AccountError::Fields(_))),
            "{refused:?}"
        );
    }
    assert!(matches!(press(&adas).await.unwrap(), Verified::Entered(_)));
}

#[tokio::test]
async fn the_owner_of_a_mailbox_does_not_prove_it_for_a_stranger() {
    let w = World::new().await;
    sign_up(&w, "ada@people.test").await;
    let thief = session(&w, &by_password(&w, "ada@people.test").await.unwrap()).await;
    let mut thiefs = PasskeyDevice::new(1);
    add_passkey(&w, &thief, &mut thiefs).await;
    let somebody = w.person("Somebody").await;
    // Without the password that the stranger chose, pressing proves nothing, and the link stays good.
    for (who, password) in [(None, ""), (None, "a guess of mine"), (Some(&somebody), "")] {
        let refused = verify(&w, who, password).await;
        assert!(
            matches!(refused, Err(AccountError::Fields(_))),
            "{refused:?}"
        );
    }
    let proven =
        "select count(*) from users where email like 'ada%' and email_verified_at is not null";
    assert_eq!(w.count(proven).await, 0);
    assert!(matches!(
        verify(&w, None, PASSWORD).await.unwrap(),
        Verified::Entered(_)
    ));
}

#[tokio::test]
async fn an_account_without_a_password_is_its_mailboxs_alone() {
    let w = World::new().await;
    sign_up(&w, "ada@people.test").await;
    let thief = session(&w, &by_password(&w, "ada@people.test").await.unwrap()).await;
    let mut thiefs = PasskeyDevice::new(1);
    add_passkey(&w, &thief, &mut thiefs).await;
    w.execute("update users set password_hash = null").await;
    assert!(matches!(
        verify(&w, None, "").await.unwrap(),
        Verified::Entered(_)
    ));
    assert!(by_passkey(&w, &mut thiefs).await.is_none());
}

#[tokio::test]
async fn another_password_is_told_and_written_down() {
    let w = World::new().await;
    sign_up(&w, "ada@people.test").await;
    let ada = session(&w, &by_password(&w, "ada@people.test").await.unwrap()).await;
    let cmd = ChangePassword {
        current: PASSWORD.into(),
        new: "an entirely other sentence".into(),
    };
    accounts::change_password(&w.sv, &ada, cmd).await.unwrap();
    w.settle().await;
    let told = w.mailer.to("ada@people.test");
    assert!(
        told.iter()
            .any(|mail| mail.subject.contains("password has changed"))
    );
    let entry = "select count(*) from audit_entries where action = 'account.password'";
    assert_eq!(w.count(entry).await, 1);
}

#[tokio::test]
async fn a_proven_persons_passkey_outlives_a_new_password() {
    let w = World::new().await;
    sign_up(&w, "ada@people.test").await;
    let ada = session(&w, &by_password(&w, "ada@people.test").await.unwrap()).await;
    verify(&w, Some(&ada), "").await.unwrap();
    let mut phone = PasskeyDevice::new(1);
    add_passkey(&w, &ada, &mut phone).await;
    let opened = here(
        accounts::request_password_reset(&w.sv, "ada@people.test", "")
            .await
            .unwrap(),
    );
    w.settle().await;
    let cmd = ResetPassword {
        token: token(&w, "ada@people.test", "/reset/").unwrap(),
        opened,
        password: "an entirely other sentence".into(),
        user_agent: String::new(),
    };
    inside(accounts::reset_password(&w.sv, cmd).await.unwrap());
    assert!(by_passkey(&w, &mut phone).await.is_some());
}

#[tokio::test]
async fn a_borrowed_browser_cannot_sign_others_out() {
    let w = World::new().await;
    sign_up(&w, "ada@people.test").await;
    let ada = session(&w, &by_password(&w, "ada@people.test").await.unwrap()).await;
    let phone = session(&w, &by_password(&w, "ada@people.test").await.unwrap()).await;
    w.advance_minutes(20);
    for refused in [
        accounts::revoke_session(&w.sv, &ada, phone.id).await.err(),
        accounts::revoke_other_sessions(&w.sv, &ada).await.err(),
    ] {
        assert!(matches!(refused, Some(Refused::ProofNeeded)), "{refused:?}");
    }
    let proof = Proof {
        code: String::new(),
        password: PASSWORD.into(),
    };
    let renewed = accounts::prove_again(&w.sv, &ada, proof).await.unwrap();
    let ada = session(&w, &renewed).await;
    assert!(
        accounts::revoke_session(&w.sv, &ada, phone.id)
            .await
            .unwrap()
    );
    // Whoever goes asks nobody.
    accounts::sign_out(&w.sv, &ada).await.unwrap();
}

#[tokio::test]
async fn an_unknown_address_gets_the_same_answer_and_no_mail() {
    let w = World::new().await;
    let asked = accounts::request_sign_in_link(&w.sv, "nobody@people.test", "")
        .await
        .unwrap();
    assert!(accounts::asked_code(&w.sv, &asked.browser).len() == 6 && !asked.browser.is_empty());
    w.settle().await;
    assert!(w.mailer.to("nobody@people.test").is_empty());
}

#[tokio::test]
async fn another_address_proves_itself_and_the_old_one_can_take_it_back() {
    let w = World::new().await;
    sign_up(&w, "old@people.test").await;
    let signed_in = by_password(&w, "old@people.test").await.unwrap();
    let ada = session(&w, &signed_in).await;
    accounts::request_email_change(&w.sv, &ada, "new@people.test")
        .await
        .unwrap();
    w.settle().await;
    // Nothing has changed yet.
    assert!(by_password(&w, "new@people.test").await.is_none());
    let link = token(&w, "new@people.test", "/account/email/").unwrap();
    assert!(token(&w, "old@people.test", "/account/email/").is_none());
    accounts::confirm_email_change(&w.sv, &link).await.unwrap();
    is_over(accounts::confirm_email_change(&w.sv, &link).await);
    assert!(by_password(&w, "old@people.test").await.is_none());
    let signed_in = by_password(&w, "new@people.test").await.unwrap();
    let changed = session(&w, &signed_in).await;
    assert_eq!(
        (changed.email.as_str(), changed.email_verified),
        ("new@people.test", true)
    );

    w.settle().await;
    let restore = token(&w, "old@people.test", "/account/email/restore/").unwrap();
    accounts::restore_email(&w.sv, &restore).await.unwrap();
    assert!(
        session_by_token(&w.sv, &signed_in.token)
            .await
            .unwrap()
            .is_none(),
        "whoever changed it is signed out"
    );
    w.settle().await;
    assert!(token(&w, "old@people.test", "/reset/").is_some());
    // Whoever changed it knows that password.
    assert!(by_password(&w, "old@people.test").await.is_none());
    is_over(accounts::restore_email(&w.sv, &restore).await);
}

#[tokio::test]
async fn taking_an_address_back_closes_what_the_thief_added_and_no_more() {
    let w = World::new().await;
    sign_up(&w, "old@people.test").await;
    let at_home = session(&w, &by_password(&w, "old@people.test").await.unwrap()).await;
    let (mut own, mut thiefs) = (PasskeyDevice::new(1), PasskeyDevice::new(2));
    add_passkey(&w, &at_home, &mut own).await;
    w.advance(SignedDuration::from_hours(3 * 24));
    // In a browser that was left signed in by the passkey: a password alone adds none.
    let thief = session(&w, &by_passkey(&w, &mut own).await.unwrap()).await;
    add_passkey(&w, &thief, &mut thiefs).await;
    accounts::request_email_change(&w.sv, &thief, "thief@people.test")
        .await
        .unwrap();
    w.settle().await;
    let link = token(&w, "thief@people.test", "/account/email/").unwrap();
    accounts::confirm_email_change(&w.sv, &link).await.unwrap();
    w.settle().await;
    w.advance(SignedDuration::from_hours(2 * 24));
    let restore = token(&w, "old@people.test", "/account/email/restore/").unwrap();
    accounts::restore_email(&w.sv, &restore).await.unwrap();
    assert!(by_passkey(&w, &mut thiefs).await.is_none());
    assert!(by_passkey(&w, &mut own).await.is_some());
}

async fn add_passkey(w: &World, who: &Session, device: &mut PasskeyDevice) {
    let question = accounts::begin_passkey(&w.sv, who).await.unwrap();
    let cmd = NewPasskey {
        credential: device.make(&question.options),
        token: question.token,
        name: "Phone".into(),
    };
    accounts::add_passkey(&w.sv, who, cmd).await.unwrap();
}

async fn by_passkey(w: &World, device: &mut PasskeyDevice) -> Option<SignedIn> {
    let question = accounts::begin_passkey_sign_in(&w.sv, "10.0.0.1")
        .await
        .unwrap();
    let cmd = PasskeyAnswer {
        credential: device.answer(&question.options),
        token: question.token,
        user_agent: String::new(),
    };
    accounts::sign_in_by_passkey(&w.sv, cmd).await.ok()
}

#[tokio::test]
async fn an_address_that_is_taken_is_not_given_away_and_not_taken() {
    let w = World::new().await;
    sign_up(&w, "ada@people.test").await;
    sign_up(&w, "bob@people.test").await;
    let ada = session(&w, &by_password(&w, "ada@people.test").await.unwrap()).await;
    // The same answer as for a free address; the owner is told.
    accounts::request_email_change(&w.sv, &ada, "bob@people.test")
        .await
        .unwrap();
    w.settle().await;
    assert!(token(&w, "bob@people.test", "/account/email/").is_none());
    // Taken between the asking and the press.
    accounts::request_email_change(&w.sv, &ada, "free@people.test")
        .await
        .unwrap();
    w.settle().await;
    let link = token(&w, "free@people.test", "/account/email/").unwrap();
    sign_up(&w, "free@people.test").await;
    let outcome = accounts::confirm_email_change(&w.sv, &link).await;
    assert!(
        matches!(outcome, Err(AccountError::AddressTaken)),
        "{outcome:?}"
    );
    assert!(by_password(&w, "ada@people.test").await.is_some());
    let same = accounts::request_email_change(&w.sv, &ada, "ADA@people.test").await;
    assert!(matches!(same, Err(AccountError::Fields(_))), "{same:?}");
    w.advance_minutes(16);
    let stale = accounts::request_email_change(&w.sv, &ada, "x@people.test").await;
    assert!(
        matches!(stale, Err(AccountError::Refused(Refused::ProofNeeded))),
        "{stale:?}"
    );
}

#[tokio::test]
async fn orders_come_into_the_account_by_the_address_or_by_their_link() {
    let w = World::new().await;
    let event = w
        .event("Demo")
        .ticket_type("Standing", 15_00, 100)
        .published()
        .await;
    let mine = w.buyer("Ada").buys(&event, "Standing", 2).await.unwrap();
    let other = w.buyer("Bob").buys(&event, "Standing", 1).await.unwrap();
    let mut ada = w.person("Ada").await;
    ada.email = w.buyer("Ada").email;
    let list = async |who: &Session, when| {
        orders::list_mine(&w.sv, who, when, None, 10)
            .await
            .unwrap()
            .items
    };

    ada.email_verified = false;
    assert!(
        list(&ada, When::Ahead).await.is_empty(),
        "an unproven address shows nothing"
    );
    ada.email_verified = true;
    let found = list(&ada, When::Ahead).await;
    assert_eq!(found.len(), 1);
    assert_eq!(
        (found[0].id, found[0].tickets, found[0].kept),
        (mine.order, 2, false)
    );
    assert!(list(&ada, When::Past).await.is_empty());

    let secret = orders::secret(&w.sv, other.order);
    let stands = async || orders::in_account(&w.sv, &ada, &secret).await.unwrap();
    assert_eq!(stands().await, Some(InAccount::No));
    assert!(orders::keep(&w.sv, &ada, &secret).await.unwrap());
    assert!(
        orders::keep(&w.sv, &ada, &secret).await.unwrap(),
        "twice is once"
    );
    assert_eq!(stands().await, Some(InAccount::Yes));
    assert_eq!(list(&ada, When::Ahead).await.len(), 2);
    assert!(!orders::keep(&w.sv, &ada, "nothing").await.unwrap());
    let bob = w.person("Bob").await;
    assert!(!orders::let_go(&w.sv, &bob, other.order).await.unwrap());
    assert!(orders::let_go(&w.sv, &ada, other.order).await.unwrap());
    assert_eq!(list(&ada, When::Ahead).await.len(), 1);
    // One's own order needs no keeping, and cannot be lost by letting go.
    let own = orders::secret(&w.sv, mine.order);
    assert!(orders::keep(&w.sv, &ada, &own).await.unwrap());
    assert!(!orders::let_go(&w.sv, &ada, mine.order).await.unwrap());
}

#[tokio::test]
async fn a_session_ends_however_much_it_is_used() {
    let w = World::new().await;
    sign_up(&w, "ada@people.test").await;
    let signed_in = by_password(&w, "ada@people.test").await.unwrap();
    let mut days = 0;
    while session_by_token(&w.sv, &signed_in.token)
        .await
        .unwrap()
        .is_some()
    {
        w.advance(SignedDuration::from_hours(10 * 24));
        days += 10;
        assert!(days < 400, "it never ends");
    }
    assert_eq!(days, 180);
}

#[tokio::test]
async fn the_queue_of_mails_opens_nothing() {
    let w = World::new().await;
    sign_up(&w, "ada@people.test").await;
    let opened = here(
        accounts::request_sign_in_link(&w.sv, "ada@people.test", "")
            .await
            .unwrap(),
    );
    let link = w
        .text("select payload::text from mails where kind = 'sign_in_link'")
        .await;
    w.settle().await;
    let token = token(&w, "ada@people.test", "/sign-in/link/").unwrap();
    assert!(link.contains("/sign-in/link/") && !link.contains(&token));
    inside(
        accounts::sign_in_by_link(&w.sv, &token, &opened, "")
            .await
            .unwrap(),
    );
}

#[tokio::test]
async fn many_households_do_not_guess_one_password_without_end() {
    let w = World::counting().await;
    sign_up(&w, "ada@people.test").await;
    let from = async |household: usize, password: &str| {
        let cmd = SignIn {
            email: "Ada@people.test".into(),
            password: password.into(),
            user_agent: String::new(),
            client: format!("203.0.113.{household}"),
        };
        accounts::sign_in(&w.sv, cmd).await
    };
    for household in 0..100 {
        let refused = from(household, "a guess").await;
        assert!(matches!(refused, Err(SignInError::Wrong)), "{refused:?}");
    }
    let refused = from(200, PASSWORD).await;
    assert!(
        matches!(refused, Err(SignInError::TooMany { .. })),
        "{refused:?}"
    );
    // The person has other ways in.
    let opened = here(
        accounts::request_sign_in_link(&w.sv, "ada@people.test", "203.0.113.201")
            .await
            .unwrap(),
    );
    w.settle().await;
    let link = token(&w, "ada@people.test", "/sign-in/link/").unwrap();
    inside(
        accounts::sign_in_by_link(&w.sv, &link, &opened, "")
            .await
            .unwrap(),
    );
}

#[tokio::test]
async fn a_password_that_others_have_lost_is_refused_beside_its_field() {
    let w = World::new().await;
    let new = |email: &str| SignUp {
        name: "Ada".into(),
        email: email.into(),
        password: PASSWORD.into(),
        locale: Locale::En,
        client: String::new(),
    };
    let sv = w.knowing(Arc::new(Lost(Some(PASSWORD))));
    let Err(AccountError::Fields(faults)) = accounts::sign_up(&sv, new("ada@example.org")).await
    else {
        panic!("taken");
    };
    let [fault] = faults.entries() else {
        panic!("{faults:?}");
    };
    assert_eq!(
        (fault.field.as_str(), fault.code.as_str()),
        ("password", "breached_password")
    );
    let sv = w.knowing(Arc::new(Lost(Some("another one"))));
    accounts::sign_up(&sv, new("ada@example.org"))
        .await
        .unwrap();
    let sv = w.knowing(Arc::new(Lost(None)));
    accounts::sign_up(&sv, new("eva@example.org"))
        .await
        .unwrap();
}
