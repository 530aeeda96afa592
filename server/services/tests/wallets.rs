//! Wallets: tying one to an account, signing in with it, and everything that must not open an account.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use services::{
    accounts::{
        self, Entered, Wallet, WalletAnswer, WalletError, WalletQuestion, session_by_token,
    },
    permit::Refused,
    session::Session,
};
use testkit::{TestWallet, World};

async fn ask(w: &World, who: Option<&Session>, address: &str) -> WalletQuestion {
    let wallet = Wallet {
        address: address.to_owned(),
        chain: 1,
    };
    accounts::begin_wallet(&w.sv, who, &wallet, "10.0.0.1")
        .await
        .unwrap()
}

fn answer(question: &WalletQuestion, signature: String) -> WalletAnswer {
    WalletAnswer {
        token: question.token.clone(),
        signature,
        user_agent: String::new(),
    }
}

async fn add(w: &World, who: &Session, wallet: &TestWallet) -> Result<(), WalletError> {
    let question = ask(w, Some(who), &wallet.address()).await;
    let answer = answer(&question, wallet.sign(&question.text));
    accounts::add_wallet(&w.sv, who, answer).await
}

async fn sign_in(w: &World, wallet: &TestWallet) -> Result<Entered, WalletError> {
    let question = ask(w, None, &wallet.address()).await;
    let answer = answer(&question, wallet.sign(&question.text));
    accounts::sign_in_by_wallet(&w.sv, answer).await
}

#[tokio::test]
async fn a_wallet_signs_in_until_it_is_removed() {
    let w = World::new().await;
    let (ada, purse) = (w.person("Ada").await, TestWallet::new(1));
    assert!(matches!(
        sign_in(&w, &purse).await,
        Err(WalletError::Unknown)
    ));
    add(&w, &ada, &purse).await.unwrap();
    // Once more changes nothing, however it is written.
    let question = ask(&w, Some(&ada), &purse.address().to_lowercase()).await;
    let again = answer(&question, purse.sign(&question.text));
    accounts::add_wallet(&w.sv, &ada, again).await.unwrap();
    w.settle().await;
    let told = w.mailer.to(&ada.email);
    let named = told
        .iter()
        .filter(|mail| mail.text.contains(&purse.address()));
    assert_eq!(named.count(), 1);

    let Entered::In(signed_in) = sign_in(&w, &purse).await.unwrap() else {
        panic!("asked for a code");
    };
    let session = session_by_token(&w.sv, &signed_in.token)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(session.user, ada.user);
    assert!(!session.has_second_factor);
    let found = accounts::wallets(&w.sv, &session).await.unwrap();
    assert_eq!(found[0].address, purse.address());
    // It is no account of a provider.
    assert!(
        accounts::provider_tied_since(&w.sv, &session)
            .await
            .unwrap()
            .is_none()
    );
    assert!(!accounts::untie_provider(&w.sv, &session).await.unwrap());

    let removed = accounts::remove_wallet(&w.sv, &session, &purse.address()).await;
    assert!(removed.unwrap());
    assert!(matches!(
        sign_in(&w, &purse).await,
        Err(WalletError::Unknown)
    ));
}

#[tokio::test]
async fn a_wallet_goes_into_one_account_even_at_the_same_moment() {
    let w = World::new().await;
    for number in 1..6 {
        let (ada, bob) = (w.person("Ada").await, w.person("Bob").await);
        let purse = TestWallet::new(number);
        let (one, other) = tokio::join!(add(&w, &ada, &purse), add(&w, &bob, &purse));
        let outcomes = [one, other];
        let tied = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
        assert_eq!(tied, 1, "{outcomes:?}");
        assert!(
            outcomes
                .iter()
                .all(|outcome| matches!(outcome, Ok(()) | Err(WalletError::TiedElsewhere))),
            "{outcomes:?}"
        );
    }
}

#[tokio::test]
async fn an_authenticator_is_asked_for_still() {
    let w = World::new().await;
    let (ada, purse) = (w.person("Ada").await, TestWallet::new(1));
    add(&w, &ada, &purse).await.unwrap();
    w.execute("insert into authenticators (user_id, secret_sealed, created_at, confirmed_at) select id, '', now(), now() from users")
        .await;
    assert!(matches!(
        sign_in(&w, &purse).await.unwrap(),
        Entered::CodeNeeded(_)
    ));
}

#[tokio::test]
async fn what_does_not_fit_opens_nothing() {
    let w = World::new().await;
    let (ada, bob) = (w.person("Ada").await, w.person("Bob").await);
    let (adas, bobs) = (TestWallet::new(1), TestWallet::new(2));
    add(&w, &ada, &adas).await.unwrap();
    add(&w, &bob, &bobs).await.unwrap();
    let address = adas.address();

    type Lie = fn(&TestWallet, &TestWallet, &str) -> String;
    let lies: [(&str, Lie); 9] = [
        ("another wallet", |_, bobs, text| bobs.sign(text)),
        ("another site", |adas, _, text| {
            adas.sign(&text.replace("bilten.test", "bilten.tset"))
        }),
        ("another nonce", |adas, _, text| {
            adas.sign(&text.replace("Nonce: ", "Nonce: a"))
        }),
        ("another chain", |adas, _, text| {
            adas.sign(&text.replace("Chain ID: 1", "Chain ID: 2"))
        }),
        ("nothing", |_, _, _| String::new()),
        ("no number", |_, _, _| "0xzz".repeat(33)),
        ("half of it", |adas, _, text| {
            adas.sign(text)[..66].to_owned()
        }),
        ("all zero", |_, _, _| format!("0x{}", "0".repeat(130))),
        ("the other half of the curve", |adas, _, text| {
            mirrored(&adas.sign(text))
        }),
    ];
    for (lie, make) in lies {
        let question = ask(&w, None, &address).await;
        let answered = answer(&question, make(&adas, &bobs, &question.text));
        let refused = accounts::sign_in_by_wallet(&w.sv, answered).await;
        assert!(
            matches!(refused, Err(WalletError::Rejected)),
            "{lie}: {refused:?}"
        );
        // And there is no second try.
        let good = answer(&question, adas.sign(&question.text));
        let over = accounts::sign_in_by_wallet(&w.sv, good).await;
        assert!(matches!(over, Err(WalletError::Over)), "{lie}: {over:?}");
    }
    for nonsense in [
        "",
        "0x",
        "0x12",
        "nobody",
        &"0x".repeat(21),
        &format!("{address}00"),
    ] {
        let wallet = Wallet {
            address: nonsense.to_string(),
            chain: 1,
        };
        let refused = accounts::begin_wallet(&w.sv, None, &wallet, "").await;
        assert!(matches!(refused, Err(WalletError::Rejected)), "{nonsense}");
    }
}

/// The same signature with the other `s`, which is good for the same text.
fn mirrored(signature: &str) -> String {
    let signature: alloy_primitives::Signature = signature.parse().unwrap();
    let order = alloy_primitives::uint!(
        0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141_U256
    );
    alloy_primitives::Signature::new(signature.r(), order - signature.s(), !signature.v())
        .to_string()
}

#[tokio::test]
async fn a_question_is_for_one_purpose_one_person_and_five_minutes() {
    let w = World::new().await;
    let (ada, bob, purse) = (
        w.person("Ada").await,
        w.person("Bob").await,
        TestWallet::new(1),
    );
    let good = |question: &WalletQuestion| answer(question, purse.sign(&question.text));
    // A text for tying does not sign in, nor tie to somebody else; one for signing in ties nothing.
    let tie = ask(&w, Some(&ada), &purse.address()).await;
    assert!(matches!(
        accounts::sign_in_by_wallet(&w.sv, good(&tie)).await,
        Err(WalletError::Over)
    ));
    assert!(matches!(
        accounts::add_wallet(&w.sv, &bob, good(&tie)).await,
        Err(WalletError::Over)
    ));
    let enter = ask(&w, None, &purse.address()).await;
    assert!(matches!(
        accounts::add_wallet(&w.sv, &ada, good(&enter)).await,
        Err(WalletError::Over)
    ));
    accounts::add_wallet(&w.sv, &ada, good(&tie)).await.unwrap();
    assert!(matches!(
        add(&w, &bob, &purse).await,
        Err(WalletError::TiedElsewhere)
    ));
    let late = ask(&w, None, &purse.address()).await;
    w.advance_minutes(6);
    assert!(matches!(
        accounts::sign_in_by_wallet(&w.sv, good(&late)).await,
        Err(WalletError::Over)
    ));
    // A session that showed long ago who it is ties nothing.
    w.advance_minutes(20);
    let wallet = Wallet {
        address: TestWallet::new(3).address(),
        chain: 1,
    };
    let stale = accounts::begin_wallet(&w.sv, Some(&ada), &wallet, "").await;
    assert!(matches!(
        stale,
        Err(WalletError::Refused(Refused::ProofNeeded))
    ));
    w.execute("update users set suspended_at = now(), suspended_reason = 'x'")
        .await;
    assert!(matches!(
        sign_in(&w, &purse).await,
        Err(WalletError::Suspended)
    ));
}

#[tokio::test]
async fn an_operator_may_not_want_them() {
    let w = World::set(|settings| settings.wallets = false).await;
    let wallet = Wallet {
        address: TestWallet::new(1).address(),
        chain: 1,
    };
    let refused = accounts::begin_wallet(&w.sv, None, &wallet, "").await;
    assert!(matches!(refused, Err(WalletError::Off)));
}
