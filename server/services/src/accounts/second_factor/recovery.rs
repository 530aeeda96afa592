//! Recovery codes: ten at a time, each good once. They are shown once; their hashes stay.

use domain::ids::UserId;

use crate::{Services, Unexpected, db::Tx, seal};

const HOW_MANY: usize = 10;

/// Makes new codes; earlier ones are worth nothing any more. 128 random bits each: so many cannot
/// be guessed from their hashes (OWASP ASVS 5.0.0, 6.5.2 and 11.5.1).
pub(in crate::accounts) async fn renew(
    sv: &Services,
    tx: &mut Tx,
    user: UserId,
) -> Result<Vec<String>, Unexpected> {
    sqlx::query!("delete from recovery_codes where user_id = $1", user.get())
        .execute(&mut **tx)
        .await?;
    let codes: Vec<String> = (0..HOW_MANY)
        .map(|_| {
            let mut bytes = [0; 16];
            sv.entropy.fill(&mut bytes);
            seal::base32(&bytes)
        })
        .collect();
    let hashes: Vec<Vec<u8>> = codes.iter().map(|code| seal::hash(code)).collect();
    sqlx::query!(
        "insert into recovery_codes (user_id, code_hash, created_at) select $1, h, $3 from unnest($2::bytea[]) as h",
        user.get(),
        &hashes,
        jiff_sqlx::Timestamp::from(sv.now()) as _
    )
    .execute(&mut **tx)
    .await?;
    Ok(codes.iter().map(|code| in_groups(code)).collect())
}

/// Groups of four are easier to copy by hand.
pub(super) fn in_groups(text: &str) -> String {
    let mut out = String::new();
    for (at, c) in text.chars().enumerate() {
        if at > 0 && at % 4 == 0 {
            out.push('-');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::in_groups;

    #[test]
    fn groups_of_four() {
        assert_eq!(in_groups("abcdefghij"), "abcd-efgh-ij");
        assert_eq!(in_groups("abcd"), "abcd");
    }
}
