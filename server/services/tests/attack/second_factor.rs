//! Codes, recovery codes and passkeys that must not open anything.

use locales::Locale;
use serde_json::Value;
use services::{
    accounts::{self, Entered, NewPasskey, PasskeyAnswer, Proof, SignIn, SignUp, session_by_token},
    session::Session,
};
use testkit::{Attack, PasskeyDevice, World, tries};
use totp_rs::{Builder, Secret};

use crate::chance::Chance;

const PASSWORD: &str = "a quiet evening by the sea";

async fn sign_up(w: &World, email: &str) -> Session {
    let new = SignUp {
        name: "Ada".into(),
        email: email.into(),
        password: PASSWORD.into(),
        locale: Locale::En,
        client: String::new(),
    };
    accounts::sign_up(&w.sv, new).await.unwrap();
    let cmd = SignIn {
        email: email.into(),
        password: PASSWORD.into(),
        user_agent: String::new(),
        client: String::new(),
    };
    let Entered::In(signed_in) = accounts::sign_in(&w.sv, cmd).await.unwrap() else {
        panic!("asked for a code");
    };
    session_by_token(&w.sv, &signed_in.token)
        .await
        .unwrap()
        .unwrap()
}

fn code(w: &World, key: &[u8], seconds: i64) -> String {
    let at = u64::try_from(w.now().as_second() + seconds).unwrap();
    Builder::new()
        .with_secret(key.to_vec())
        .build()
        .unwrap()
        .generate(at)
        .to_string()
}

async fn proves(w: &World, who: &Session, code: &str) -> bool {
    let proof = Proof {
        code: code.into(),
        password: PASSWORD.into(),
    };
    accounts::prove_again(&w.sv, who, proof).await.is_ok()
}

/// Somebody with an authenticator: their session, its key, their recovery codes.
async fn with_codes(w: &World, email: &str) -> (Session, Vec<u8>, Vec<String>) {
    let mut ada = sign_up(w, email).await;
    accounts::begin_authenticator(&w.sv, &ada).await.unwrap();
    let begun = accounts::second_factor(&w.sv, &ada)
        .await
        .unwrap()
        .begun
        .unwrap();
    let typed: String = begun.typed.chars().filter(|c| *c != ' ').collect();
    let key = Secret::try_from_base32(typed).unwrap().as_ref().to_vec();
    let codes = accounts::confirm_authenticator(&w.sv, &ada, &code(w, &key, 0))
        .await
        .unwrap();
    ada.has_authenticator = true;
    (ada, key, codes)
}

#[tokio::test]
async fn wrong_codes_prove_nothing() {
    let w = World::new().await;
    let (ada, key, codes) = with_codes(&w, "ada@people.test").await;
    let (_, other_key, other_codes) = with_codes(&w, "eve@people.test").await;
    w.advance_minutes(10);
    let mut wrong: Vec<(String, String)> = Vec::new();
    // Two steps away and more, before and after.
    for step in (-40..=40_i64).filter(|step| step.abs() > 1) {
        wrong.push((format!("{step} steps away"), code(&w, &key, step * 30)));
    }
    for step in -1..=1 {
        wrong.push(("of somebody else".into(), code(&w, &other_key, step * 30)));
    }
    wrong.extend(
        other_codes
            .iter()
            .map(|code| ("a recovery code of somebody else".into(), code.clone())),
    );
    let right = code(&w, &key, 0);
    for nonsense in [
        String::new(),
        " ".into(),
        "0".into(),
        "000000".into(),
        right[..5].into(),
        format!("{right}0"),
        format!("{right}{right}"),
        format!("{right}\0"),
        "٠١٢٣٤٥".into(),
        "null".into(),
        "' or 1=1 --".into(),
        "%".into(),
        "______".into(),
    ] {
        wrong.push(("nonsense".into(), nonsense));
    }
    for recovery in &codes {
        wrong.push((
            "half a recovery code".into(),
            recovery[..recovery.len() / 2].into(),
        ));
        wrong.push(("two recovery codes".into(), format!("{recovery}{recovery}")));
        wrong.push((
            "a recovery code backwards".into(),
            recovery.chars().rev().collect(),
        ));
    }
    let chance = Chance::new(7);
    let count = tries(150, 400);
    while wrong.len() < count {
        wrong.push(("a guess".into(), format!("{:06}", chance.below(1_000_000))));
    }
    // By chance a guess may be right.
    let good: Vec<String> = (-1..=1).map(|step| code(&w, &key, step * 30)).collect();
    wrong.retain(|(_, code)| !good.contains(code));
    let mut attack = Attack::on("codes that are wrong, old, of others, guessed");
    for (what, code) in &wrong {
        attack.note(proves(&w, &ada, code).await, || format!("{what}: {code:?}"));
    }
    assert!(proves(&w, &ada, &right).await);
    // Used: the same again, and each recovery code twice.
    attack.note(proves(&w, &ada, &right).await, || {
        "the same code twice".into()
    });
    attack.note(proves(&w, &ada, &code(&w, &key, -30)).await, || {
        "an earlier code".into()
    });
    for recovery in &codes {
        assert!(proves(&w, &ada, recovery).await, "{recovery}");
        for spelt in [
            recovery.clone(),
            recovery.to_uppercase(),
            recovery.replace('-', ""),
        ] {
            attack.note(proves(&w, &ada, &spelt).await, || {
                format!("{recovery} twice")
            });
        }
    }
    attack.end(count);
}

#[tokio::test]
async fn what_a_passkey_did_not_say_opens_nothing() {
    let w = World::new().await;
    let (ada, bob) = (w.person("Ada").await, w.person("Bob").await);
    let (mut phone, mut bobs) = (PasskeyDevice::new(1), PasskeyDevice::new(2));
    for (who, device) in [(&ada, &mut phone), (&bob, &mut bobs)] {
        let question = accounts::begin_passkey(&w.sv, who).await.unwrap();
        let cmd = NewPasskey {
            token: question.token,
            credential: device.make(&question.options),
            name: "Phone".into(),
        };
        accounts::add_passkey(&w.sv, who, cmd).await.unwrap();
    }
    let chance = Chance::new(8);
    let mut attack = Attack::on("passkeys that lie, copied, altered on the way");
    let count = tries(120, 400);
    for number in 0..count {
        let question = accounts::begin_passkey_sign_in(&w.sv, "10.0.0.1")
            .await
            .unwrap();
        let mut device = phone.clone();
        let (what, credential) = lie(number, &mut device, &bobs, &question.options, &chance);
        // What is used up goes on counting, so that only the lie can be what is refused.
        phone.counter = phone.counter.max(device.counter);
        let cmd = PasskeyAnswer {
            token: question.token,
            credential: credential.clone(),
            user_agent: String::new(),
        };
        let outcome = accounts::sign_in_by_passkey(&w.sv, cmd).await;
        attack.note(outcome.is_ok(), || format!("{what}: {credential}"));
    }
    let question = accounts::begin_passkey_sign_in(&w.sv, "10.0.0.1")
        .await
        .unwrap();
    let credential = phone.answer(&question.options);
    let cmd = PasskeyAnswer {
        token: question.token,
        credential,
        user_agent: String::new(),
    };
    assert!(accounts::sign_in_by_passkey(&w.sv, cmd).await.is_ok());
    attack.end(count);
}

const ORIGINS: [&str; 18] = [
    "http://bilten.test",
    "https://bilten.test:444",
    "https://a.bilten.test",
    "https://bilten.test.evil.example",
    "https://evil.example",
    "https://bilten.test@evil.example",
    "https://evilbilten.test",
    "https://bilten.tes",
    "https://test",
    "null",
    "",
    "bilten.test",
    "https://",
    "https://bilten.test%2eevil.example",
    "https://xn--bilten-9ua.test",
    "android:apk-key-hash:x",
    "file://bilten.test",
    "https://127.0.0.1",
];
const SITES: [&str; 8] = [
    "evil.example",
    "test",
    "a.bilten.test",
    "bilten.test.",
    "BILTEN.TEST",
    "",
    "https://bilten.test",
    "localhost",
];

fn lie(
    number: usize,
    device: &mut PasskeyDevice,
    bobs: &PasskeyDevice,
    options: &Value,
    chance: &Chance,
) -> (&'static str, String) {
    match number % 8 {
        0 => {
            device.origin = ORIGINS[number / 8 % ORIGINS.len()].into();
            ("another origin", device.answer(options))
        }
        1 => {
            device.site = SITES[number / 8 % SITES.len()].into();
            ("another site", device.answer(options))
        }
        2 => {
            device.verifies = false;
            ("no finger", device.answer(options))
        }
        3 => {
            let mut false_ada = bobs.clone();
            false_ada.claim(device);
            ("the key of another", false_ada.answer(options))
        }
        4 => {
            let mut other = options.clone();
            let pointer = if other["challenge"].is_string() {
                "/challenge"
            } else {
                "/publicKey/challenge"
            };
            *other.pointer_mut(pointer).unwrap() =
                Value::from("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
            ("another question", device.answer(&other))
        }
        5 => {
            // A key that says what another said.
            let mine = bobs.clone().answer(options);
            let mut credential: Value = serde_json::from_str(&device.answer(options)).unwrap();
            let mine: Value = serde_json::from_str(&mine).unwrap();
            let part = *["authenticatorData", "signature"]
                .get(number / 8 % 2)
                .unwrap();
            credential["response"][part] = mine["response"][part].clone();
            ("a part of another answer", credential.to_string())
        }
        6 => {
            let mut credential: Value = serde_json::from_str(&device.answer(options)).unwrap();
            let part = *["authenticatorData", "clientDataJSON", "signature"]
                .get(number / 8 % 3)
                .unwrap();
            let mut text = credential["response"][part]
                .as_str()
                .unwrap()
                .as_bytes()
                .to_vec();
            // The last sign may hold bits that mean nothing.
            let place = chance.below(text.len() - 2);
            text[place] = if text[place] == b'A' { b'B' } else { b'A' };
            credential["response"][part] = String::from_utf8(text).unwrap().into();
            ("a letter altered", credential.to_string())
        }
        _ => {
            let mut credential: Value = serde_json::from_str(&device.answer(options)).unwrap();
            let nothing = [
                Value::Null,
                Value::from(""),
                Value::from(1),
                Value::Array(Vec::new()),
                Value::from("a".repeat(100_000)),
            ];
            let part = *["authenticatorData", "clientDataJSON", "signature"]
                .get(number / 8 % 3)
                .unwrap();
            credential["response"][part] = nothing[number / 24 % 5].clone();
            ("a part missing", credential.to_string())
        }
    }
}
