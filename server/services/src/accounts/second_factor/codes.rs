//! Checks a code and uses it up.

use domain::{ids::UserId, when::Timestamp};
use totp_rs::{Builder, Totp};

use super::WAITS;
use crate::{Services, Unexpected, db::Tx, reseal, seal, security_log};

/// Bytes of an authenticator's secret: what RFC 4226 recommends for SHA-1.
pub(super) const SECRET_BYTES: usize = 20;

/// Which kind of code was right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::accounts) enum Taken {
    Authenticator,
    /// So many recovery codes are left.
    Recovery {
        left: i64,
    },
}

/// Takes a code of a person who has a second factor. `None`: wrong, used already, or there is none.
pub(in crate::accounts) async fn take(
    sv: &Services,
    tx: &mut Tx,
    user: UserId,
    code: &str,
) -> Result<Option<Taken>, Unexpected> {
    let code: String = code
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '-')
        .collect();
    let taken = if code.len() == 6 && code.bytes().all(|b| b.is_ascii_digit()) {
        let taken = authenticator(sv, tx, user, &code, true).await?;
        taken.then_some(Taken::Authenticator)
    } else {
        recovery(sv, tx, user, &code.to_lowercase()).await?
    };
    match taken {
        Some(Taken::Authenticator) => security_log::accepted(user, "authenticator"),
        Some(Taken::Recovery { .. }) => security_log::accepted(user, "recovery_code"),
        None => security_log::rejected(&user.to_string(), "code"),
    }
    Ok(taken)
}

/// Takes a code of the authenticator, be it confirmed already, or begun a short while ago.
pub(super) async fn authenticator(
    sv: &Services,
    tx: &mut Tx,
    user: UserId,
    code: &str,
    confirmed: bool,
) -> Result<bool, Unexpected> {
    let now = sv.now();
    let row = sqlx::query!(
        r#"
        select secret_sealed, last_step from authenticators
        where user_id = $1 and (confirmed_at is not null) = $2 and ($2 or created_at > $3)
        for update
        "#,
        user.get(),
        confirmed,
        jiff_sqlx::Timestamp::from(now - WAITS) as _
    )
    .fetch_optional(&mut **tx)
    .await?;
    let Some(row) = row else { return Ok(false) };
    let secret = sv.seal.open(&place(user), &row.secret_sealed)?;
    let Some(step) = matching_step(secret, code, now)? else {
        return Ok(false);
    };
    if step <= row.last_step {
        return Ok(false);
    }
    sqlx::query!(
        "update authenticators set last_step = $2 where user_id = $1",
        user.get(),
        step
    )
    .execute(&mut **tx)
    .await?;
    Ok(true)
}

async fn recovery(
    sv: &Services,
    tx: &mut Tx,
    user: UserId,
    code: &str,
) -> Result<Option<Taken>, Unexpected> {
    let used = sqlx::query_scalar!(
        r#"
        update recovery_codes set used_at = $3
        where user_id = $1 and code_hash = $2 and used_at is null
          and (exists (select from authenticators a where a.user_id = $1 and a.confirmed_at is not null)
               or exists (select from passkeys p where p.user_id = $1))
        returning user_id
        "#,
        user.get(),
        seal::hash(code),
        jiff_sqlx::Timestamp::from(sv.now()) as _
    )
    .fetch_optional(&mut **tx)
    .await?;
    if used.is_none() {
        return Ok(None);
    }
    let left = sqlx::query_scalar!(
        r#"select count(*) as "count!" from recovery_codes where user_id = $1 and used_at is null"#,
        user.get()
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(Some(Taken::Recovery { left }))
}

/// The step of time that the code belongs to, if it is one of now, just before or just after.
fn matching_step(secret: Vec<u8>, code: &str, now: Timestamp) -> Result<Option<i64>, Unexpected> {
    let seconds = u64::try_from(now.as_second()).unwrap_or(0);
    let step = generator(secret)?.check(code, seconds);
    Ok(step.and_then(|step| i64::try_from(step).ok()))
}

fn generator(secret: Vec<u8>) -> Result<Totp, Unexpected> {
    Builder::new()
        .with_secret(secret)
        .build()
        .map_err(|e| Unexpected::new("authenticator", e.to_string()))
}

/// Seals secrets anew that are under an earlier key; how many.
pub(crate) async fn reseal_authenticators(sv: &Services, tx: &mut Tx) -> Result<u64, Unexpected> {
    let rows = sqlx::query!("select user_id, secret_sealed from authenticators for update")
        .fetch_all(&mut **tx)
        .await?;
    let rows = rows.into_iter().map(|row| {
        let place = place(UserId::new(row.user_id));
        (row.user_id, place, row.secret_sealed)
    });
    let (ids, sealed) = reseal::renewed(sv, rows)?;
    let done = sqlx::query!(
        r#"
        update authenticators a set secret_sealed = n.sealed
        from unnest($1::uuid[], $2::bytea[]) as n (id, sealed)
        where a.user_id = n.id
        "#,
        &ids,
        &sealed
    )
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected())
}

/// Where the secret is kept; sealed with it.
pub(super) fn place(user: UserId) -> String {
    format!("authenticators|secret|{user}")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238, appendix B: the last six of the eight digits for SHA-1.
    #[test]
    fn codes_are_those_of_the_standard() {
        let secret = b"12345678901234567890".to_vec();
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_234_567_890, "005924"),
            (20_000_000_000, "353130"),
        ] {
            let now = Timestamp::from_second(seconds).unwrap();
            let found = matching_step(secret.clone(), code, now).unwrap();
            assert_eq!(found, Some(seconds / 30), "{seconds}");
        }
    }

    #[test]
    fn a_code_is_good_for_a_step_of_drift_and_no_more() {
        let secret = b"12345678901234567890".to_vec();
        for (drift, good) in [
            (-61, false),
            (-30, true),
            (0, true),
            (30, true),
            (61, false),
        ] {
            let now = Timestamp::from_second(1_234_567_890 + drift).unwrap();
            let found = matching_step(secret.clone(), "005924", now).unwrap();
            assert_eq!(found.is_some(), good, "{drift}");
        }
    }
}
