//! Passwords: Argon2id at OWASP's floor (19 MiB, two passes, one lane), off the async threads, few at a time.

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use domain::text::Fault;
use tokio::sync::Semaphore;

use crate::{Services, Unexpected};

pub(super) const MIN: usize = 10;
const MAX: usize = 200;

/// Each hash takes 19 MiB: a crowd at the door must not take all memory.
static AT_ONCE: Semaphore = Semaphore::const_new(4);

/// Stands in for the hash of people who do not exist, so that their absence takes as long to find out.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5bm9ib2R5bm9ibw$3bSlFnQ2G0V1b0p4s9uZJQm3mJ6g8yqQ9c1o5VnX0aI";

/// Parts of the passwords that are tried first; whoever uses one adds a digit and thinks it is new.
const COMMON: &[&str] = &[
    "password",
    "passw0rd",
    "p@ssword",
    "p@ssw0rd",
    "qwertyuiop",
    "qwerty",
    "azerty",
    "qwertz",
    "asdfghjkl",
    "zxcvbnm",
    "1q2w3e4r",
    "1qaz2wsx",
    "q1w2e3r4",
    "iloveyou",
    "letmein",
    "welcome",
    "administrator",
    "admin",
    "abc123",
    "monkey",
    "dragon",
    "football",
    "baseball",
    "superman",
    "batman",
    "sunshine",
    "princess",
    "trustno1",
    "whatever",
    "master",
    "shadow",
    "michael",
    "jordan",
    "starwars",
    "pokemon",
    "liverpool",
    "chelsea",
    "arsenal",
    "barcelona",
    "juventus",
    "changeme",
    "default",
    "secret",
    "access",
    "login",
    "bilten",
    "ticket",
    "tickets",
    "computer",
    "internet",
    "samsung",
    "google",
    "facebook",
    "whatsapp",
    "hello",
    "mustang",
    "cheese",
    "charlie",
    "ashley",
    "bailey",
    "passwort",
    "hallo",
    "motdepasse",
    "contrasena",
    "parola",
    "heslo",
    "geslo",
    "haslo",
    "lozinka",
    "summer",
    "winter",
    "spring",
    "autumn",
];

/// A password good enough to keep: long, and not what everybody tries first.
pub(super) fn check(password: &str, email: &str, name: &str) -> Result<(), Fault> {
    let length = password.chars().count();
    if length == 0 {
        return Err(Fault::Required);
    }
    if length < MIN {
        return Err(Fault::TooShort { min: MIN });
    }
    if length > MAX {
        return Err(Fault::TooLong { max: MAX });
    }
    if is_weak(password, email, name) {
        Err(Fault::WeakPassword)
    } else {
        Ok(())
    }
}

fn is_weak(password: &str, email: &str, name: &str) -> bool {
    let small = password.to_lowercase();
    let mut kinds: Vec<char> = small.chars().collect();
    kinds.sort_unstable();
    kinds.dedup();
    if kinds.len() < 4 || is_run(&small) {
        return true;
    }
    let about_person = [email, email.split('@').next().unwrap_or(""), name];
    let known = COMMON.iter().copied().chain(about_person.iter().copied());
    // What is left after the known part must still be worth guessing.
    known.filter(|part| part.chars().count() >= 4).any(|part| {
        let part = part.to_lowercase();
        small.contains(&part) && small.replace(&part, "").chars().count() < 5
    })
}

/// Neighbours all the way: 1234567890, abcdefghij, 9876543210.
fn is_run(text: &str) -> bool {
    let codes: Vec<u32> = text.chars().map(u32::from).collect();
    let steps = |by: i64| {
        codes
            .windows(2)
            .filter(|pair| matches!(pair, [a, b] if i64::from(*b) - i64::from(*a) == by))
            .count()
    };
    let most = codes.len().saturating_sub(3);
    steps(1) >= most || steps(-1) >= most
}

/// The hash to keep, as a PHC string.
pub async fn hash(sv: &Services, password: &str) -> Result<String, Unexpected> {
    let mut salt = [0; 16];
    sv.entropy.fill(&mut salt);
    let password = password.to_owned();
    blocking(move || {
        let hash: PasswordHash = argon2()?
            .hash_password_with_salt(password.as_bytes(), &salt)
            .map_err(|e| Unexpected::new("hash password", e.to_string()))?;
        Ok(hash.to_string())
    })
    .await
}

/// Whether the password fits. `None` takes just as long and never fits.
pub(super) async fn fits(password: &str, kept: Option<String>) -> Result<bool, Unexpected> {
    let password = password.to_owned();
    blocking(move || {
        let known = kept.is_some();
        let kept = kept.unwrap_or_else(|| NOBODY.to_owned());
        let hash = PasswordHash::new(&kept)
            .map_err(|e| Unexpected::new("kept password hash", e.to_string()))?;
        let fits = argon2()?
            .verify_password(password.as_bytes(), &hash)
            .is_ok();
        Ok(fits && known)
    })
    .await
}

fn argon2() -> Result<Argon2<'static>, Unexpected> {
    let params =
        Params::new(19 * 1024, 2, 1, None).map_err(|e| Unexpected::new("argon2", e.to_string()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Unexpected> + Send + 'static,
) -> Result<T, Unexpected> {
    let _turn = AT_ONCE
        .acquire()
        .await
        .map_err(|e| Unexpected::new("password turn", e))?;
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|e| Unexpected::new("password thread", e))?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_everybody_tries_is_refused() {
        for weak in [
            "password123",
            "P@ssw0rd2026",
            "1234567890",
            "12345678901",
            "abcdefghijkl",
            "aaaaaaaaaaaa",
            "qwertyuiop1",
            "ada@example.com",
            "AdaLovelace1",
            "ababababab",
            "welcome2026",
            "0987654321",
        ] {
            assert_eq!(
                check(weak, "ada@example.com", "AdaLovelace"),
                Err(Fault::WeakPassword),
                "{weak}"
            );
        }
        for good in [
            "correct horse",
            "ticket office at dawn",
            "مفتاح الباب القديم",
            "x9!kfLq02m",
        ] {
            assert_eq!(
                check(good, "ada@example.com", "Ada Lovelace"),
                Ok(()),
                "{good}"
            );
        }
        assert_eq!(check("short", "", ""), Err(Fault::TooShort { min: MIN }));
        assert_eq!(check("", "", ""), Err(Fault::Required));
    }

    #[tokio::test]
    async fn nobody_never_fits() {
        assert!(!fits("anything at all", None).await.unwrap());
    }
}
