//! Passkeys: adding one, signing in with it, losing it, and everything that must not open an account.
#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

use domain::permissions::Role;
use services::{
    accounts::{
        self, NewPasskey, PasskeyAnswer, PasskeyError, PasskeyQuestion, SignedIn, session_by_token,
    },
    permit::{self, Refused, ViewEvents},
    session::Session,
};
use testkit::{PasskeyDevice, World};

async fn add(w: &World, who: &Session, device: &mut PasskeyDevice) -> Result<(), PasskeyError> {
    let question = accounts::begin_passkey(&w.sv, who).await?;
    let credential = device.make(&question.options);
    let cmd = NewPasskey {
        token: question.token,
        credential,
        name: "Phone".into(),
    };
    accounts::add_passkey(&w.sv, who, cmd).await.map(drop)
}

async fn ask(w: &World) -> PasskeyQuestion {
    accounts::begin_passkey_sign_in(&w.sv, "10.0.0.1")
        .await
        .unwrap()
}

async fn answer(w: &World, token: &str, credential: String) -> Result<SignedIn, PasskeyError> {
    let cmd = PasskeyAnswer {
        token: token.to_owned(),
        credential,
        user_agent: "test".into(),
    };
    accounts::sign_in_by_passkey(&w.sv, cmd).await
}

async fn sign_in(w: &World, device: &mut PasskeyDevice) -> Result<SignedIn, PasskeyError> {
    let question = ask(w).await;
    let credential = device.answer(&question.options);
    answer(w, &question.token, credential).await
}

fn is_rejected<T: std::fmt::Debug>(outcome: Result<T, PasskeyError>) {
    match outcome {
        Err(PasskeyError::Rejected) => {}
        other => panic!("not rejected: {other:?}"),
    }
}

#[tokio::test]
async fn a_passkey_signs_in_and_counts_as_two_factors() {
    let w = World::new().await;
    let (ada, mut phone) = (w.person("Ada").await, PasskeyDevice::new(1));
    add(&w, &ada, &mut phone).await.unwrap();
    w.settle().await;
    let told = w.mailer.to(&ada.email);
    assert!(told.iter().any(|mail| mail.text.contains("“Phone”")));

    let signed_in = sign_in(&w, &mut phone).await.unwrap();
    let session = session_by_token(&w.sv, &signed_in.token)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(session.user, ada.user);
    assert!(session.has_second_factor && !session.has_authenticator);
    let keys = accounts::passkeys(&w.sv, &session).await.unwrap();
    assert_eq!(keys.len(), 1);
    assert_eq!(keys[0].last_used_at, Some(w.now()));
}

#[tokio::test]
async fn keys_of_rsa_are_asked_for_last_and_taken() {
    let w = World::new().await;
    let (ada, mut laptop) = (w.person("Ada").await, PasskeyDevice::new(1));
    laptop.rsa = true;
    let question = accounts::begin_passkey(&w.sv, &ada).await.unwrap();
    let offered = question.options["pubKeyCredParams"].as_array().unwrap();
    let offered: Vec<_> = offered
        .iter()
        .map(|one| one["alg"].as_i64().unwrap())
        .collect();
    assert_eq!((offered.first(), offered.last()), (Some(&-7), Some(&-257)));
    add(&w, &ada, &mut laptop).await.unwrap();
    assert_eq!(accounts::passkeys(&w.sv, &ada).await.unwrap().len(), 1);
}

#[tokio::test]
async fn an_organization_that_asks_for_two_factors_lets_a_passkey_in() {
    let w = World::new().await;
    let organization = w.organization("Hall").await;
    let owner = w.member(&organization, Role::Owner).await;
    w.execute("update organizations set second_factor_required = true")
        .await;
    let refused = permit::for_organization::<ViewEvents>(&w.sv, &owner, organization.id).await;
    assert!(matches!(refused, Err(Refused::SecondFactorNeeded)));
    let mut phone = PasskeyDevice::new(1);
    add(&w, &owner, &mut phone).await.unwrap();
    let signed_in = sign_in(&w, &mut phone).await.unwrap();
    let session = session_by_token(&w.sv, &signed_in.token)
        .await
        .unwrap()
        .unwrap();
    permit::for_organization::<ViewEvents>(&w.sv, &session, organization.id)
        .await
        .unwrap();
    // Lost: once it is removed, that session has shown nothing any more.
    assert!(
        accounts::remove_passkey(
            &w.sv,
            &session,
            accounts::passkeys(&w.sv, &session).await.unwrap()[0].id
        )
        .await
        .unwrap()
    );
    is_rejected(sign_in(&w, &mut phone).await);
    let session = session_by_token(&w.sv, &signed_in.token)
        .await
        .unwrap()
        .unwrap();
    assert!(!session.has_second_factor);
}

#[tokio::test]
async fn what_does_not_fit_opens_nothing() {
    let w = World::new().await;
    let (ada, bob) = (w.person("Ada").await, w.person("Bob").await);
    let (mut adas, mut bobs) = (PasskeyDevice::new(1), PasskeyDevice::new(2));
    add(&w, &ada, &mut adas).await.unwrap();
    add(&w, &bob, &mut bobs).await.unwrap();
    let good = adas.clone();
    type Lie = fn(&mut PasskeyDevice);
    let lies: [(&str, Lie); 6] = [
        ("another origin", |d| {
            d.origin = "https://bilten.test.evil.example".into();
        }),
        ("plain http", |d| d.origin = "http://bilten.test".into()),
        ("another port", |d| {
            d.origin = "https://bilten.test:444".into();
        }),
        ("a subdomain", |d| {
            d.origin = "https://a.bilten.test".into();
        }),
        ("another site", |d| d.site = "evil.example".into()),
        ("no finger", |d| d.verifies = false),
    ];
    for (what, lie) in lies {
        let mut device = good.clone();
        lie(&mut device);
        let outcome = sign_in(&w, &mut device).await;
        assert!(
            matches!(outcome, Err(PasskeyError::Rejected)),
            "{what}: {outcome:?}"
        );
    }
    // Bob's device says that it is Ada's.
    let mut false_ada = bobs.clone();
    false_ada.claim(&adas);
    is_rejected(sign_in(&w, &mut false_ada).await);
    // Nobody's key.
    let mut unknown = PasskeyDevice::new(3);
    unknown.claim(&adas);
    is_rejected(sign_in(&w, &mut unknown).await);
    for nonsense in ["", "{}", "null", "[]", "{\"id\":\"\"}"] {
        let question = ask(&w).await;
        is_rejected(answer(&w, &question.token, nonsense.to_owned()).await);
    }
    assert!(sign_in(&w, &mut adas).await.is_ok());
}

#[tokio::test]
async fn a_question_is_answered_once_and_in_time() {
    let w = World::new().await;
    let ada = w.person("Ada").await;
    let mut phone = PasskeyDevice::new(1);
    add(&w, &ada, &mut phone).await.unwrap();

    let question = ask(&w).await;
    let credential = phone.answer(&question.options);
    answer(&w, &question.token, credential.clone())
        .await
        .unwrap();
    let again = answer(&w, &question.token, credential.clone()).await;
    assert!(matches!(again, Err(PasskeyError::Over)), "{again:?}");
    // An earlier answer does not fit a new question.
    let other = ask(&w).await;
    is_rejected(answer(&w, &other.token, credential).await);
    // A failed try uses the question up too.
    let credential = phone.answer(&other.options);
    let after = answer(&w, &other.token, credential).await;
    assert!(matches!(after, Err(PasskeyError::Over)), "{after:?}");

    let late = ask(&w).await;
    let credential = phone.answer(&late.options);
    w.advance_minutes(6);
    let outcome = answer(&w, &late.token, credential).await;
    assert!(matches!(outcome, Err(PasskeyError::Over)), "{outcome:?}");
}

#[tokio::test]
async fn a_copied_key_is_found_out() {
    let w = World::new().await;
    let ada = w.person("Ada").await;
    let mut phone = PasskeyDevice::new(1);
    add(&w, &ada, &mut phone).await.unwrap();
    let mut copy = phone.clone();
    sign_in(&w, &mut phone).await.unwrap();
    sign_in(&w, &mut phone).await.unwrap();
    is_rejected(sign_in(&w, &mut copy).await);
}

#[tokio::test]
async fn adding_and_removing_need_a_fresh_proof_and_ones_own_key() {
    let w = World::new().await;
    let (ada, bob) = (w.person("Ada").await, w.person("Bob").await);
    let mut phone = PasskeyDevice::new(1);
    // A question that was put to Ada is none of Bob's.
    let question = accounts::begin_passkey(&w.sv, &ada).await.unwrap();
    let cmd = NewPasskey {
        token: question.token.clone(),
        credential: phone.make(&question.options),
        name: "Phone".into(),
    };
    let outcome = accounts::add_passkey(&w.sv, &bob, cmd).await;
    assert!(matches!(outcome, Err(PasskeyError::Over)), "{outcome:?}");
    add(&w, &ada, &mut phone).await.unwrap();
    // The same key does not go into a second account.
    is_rejected(add(&w, &bob, &mut phone.clone()).await);
    let id = accounts::passkeys(&w.sv, &ada).await.unwrap()[0].id;
    assert!(!accounts::remove_passkey(&w.sv, &bob, id).await.unwrap());
    w.advance_minutes(16);
    for outcome in [
        accounts::begin_passkey(&w.sv, &ada).await.map(|_| ()),
        accounts::remove_passkey(&w.sv, &ada, id).await.map(|_| ()),
    ] {
        assert!(
            matches!(outcome, Err(PasskeyError::Refused(Refused::ProofNeeded))),
            "{outcome:?}"
        );
    }
    assert_eq!(w.count("select count(*) from passkeys").await, 1);
}

#[tokio::test]
async fn a_suspended_person_is_told_so() {
    let w = World::new().await;
    let ada = w.person("Ada").await;
    let mut phone = PasskeyDevice::new(1);
    add(&w, &ada, &mut phone).await.unwrap();
    w.execute("update users set suspended_at = now()").await;
    let outcome = sign_in(&w, &mut phone).await;
    assert!(
        matches!(outcome, Err(PasskeyError::Suspended)),
        "{outcome:?}"
    );
    assert_eq!(w.count("select count(*) from sessions").await, 0);
}
