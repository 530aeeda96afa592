//! Passwords: Argon2id at OWASP's floor (19 MiB, two passes, one lane), off the async threads, few at a time.

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use domain::text::Fault;
use tokio::sync::Semaphore;
use zxcvbn::{Score, zxcvbn};

use crate::{Services, Unexpected, ports::PortError};

pub(super) const MIN: usize = 10;
const MAX: usize = 200;

/// Each hash takes 19 MiB: a crowd at the door must not take all memory.
static AT_ONCE: Semaphore = Semaphore::const_new(4);

/// Stands in for the hash of people who do not exist, so that their absence takes as long to find out.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5bm9ib2R5bm9ibw$3bSlFnQ2G0V1b0p4s9uZJQm3mJ6g8yqQ9c1o5VnX0aI";

/// What is looked at of a password: beyond it, more makes nothing weaker, and looking takes long.
const LOOKED_AT: usize = 100;

/// A password good enough to keep: long, not what is tried first, and none that others have lost.
pub(super) async fn check(
    sv: &Services,
    password: &str,
    email: &str,
    name: &str,
) -> Result<(), Fault> {
    judge(password, email, name)?;
    let Some(breached) = sv.breached.clone() else {
        return Ok(());
    };
    let asked = password.to_owned();
    let known = tokio::task::spawn_blocking(move || breached.know(&asked))
        .await
        .unwrap_or_else(|lost| Err(PortError::Unavailable(lost.to_string())));
    match known {
        Ok(true) => Err(Fault::BreachedPassword),
        Ok(false) => Ok(()),
        // A list that is lost for a while must not keep people from their accounts.
        Err(error) => {
            tracing::error!(%error, "the list of breached passwords cannot be asked");
            Ok(())
        }
    }
}

fn judge(password: &str, email: &str, name: &str) -> Result<(), Fault> {
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

/// Whether somebody who has the hash would guess it soon: judged by zxcvbn, which knows the passwords of known breaches, words
/// and names of several languages, keyboards and dates, and takes what is known about the person for known.
fn is_weak(password: &str, email: &str, name: &str) -> bool {
    let looked_at: String = password.chars().take(LOOKED_AT).collect();
    let about = [email, email.split('@').next().unwrap_or(""), name, "bilten"];
    let about: Vec<&str> = about
        .into_iter()
        .chain(name.split_whitespace())
        .filter(|part| !part.is_empty())
        .collect();
    zxcvbn(&looked_at, &about).score() < Score::Three
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
    let turn = AT_ONCE
        .acquire()
        .await
        .map_err(|e| Unexpected::new("password turn", e))?;
    // The turn goes along: whoever gives up waiting does not end the work.
    tokio::task::spawn_blocking(move || {
        let _turn = turn;
        work()
    })
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
                judge(weak, "ada@example.com", "AdaLovelace"),
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
                judge(good, "ada@example.com", "Ada Lovelace"),
                Ok(()),
                "{good}"
            );
        }
        assert_eq!(judge("short", "", ""), Err(Fault::TooShort { min: MIN }));
        assert_eq!(judge("", "", ""), Err(Fault::Required));
    }

    #[tokio::test]
    async fn nobody_never_fits() {
        assert!(!fits("anything at all", None).await.unwrap());
    }
}
