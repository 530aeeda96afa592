//! Which browser asked for a mailed link. It is good there, and elsewhere with six digits that stand in that browser: people read
//! mail on their phone and buy at their desk. So whoever reads the mail alone, or was sent a link that somebody else asked for,
//! does not get in.

use domain::{
    ids::UserId,
    text::{Fault, FieldErrors, western_digit},
};
use jiff::SignedDuration;
use subtle::ConstantTimeEq;
use uuid::Uuid;

use super::{
    AccountError,
    challenges::{self, Purpose},
    links::{LinkPurpose, about},
};
use crate::{
    Services, Unexpected,
    db::Tx,
    files::hex,
    seal, security_log,
    throttle::{self, Limit},
};

/// Six digits are not guessed within so many; then another link has to be asked for.
const GUESSES: Limit = Limit {
    what: "link_code",
    tries: 5,
    span: SignedDuration::from_mins(60),
};

/// What the browser that asked is given, whether the address is known or not.
#[derive(Debug)]
pub struct LinkAsked {
    /// Kept in a cookie, and here as a hash only. Its digits: [`asked_code`].
    pub browser: String,
    pub lasts: SignedDuration,
}

/// Where a link is opened.
#[derive(Debug, Clone, Default)]
pub struct Opened {
    /// What the browser kept, if it asked for a link.
    pub browser: Option<String>,
    /// What was typed.
    pub code: String,
}

/// Six digits of a browser that has asked, by what it kept: to be typed where the link is opened in another one.
#[must_use]
pub fn asked_code(sv: &Services, browser: &str) -> String {
    code(sv, &seal::hash(browser))
}

/// Remembers the browser that asks. `link` is whose link it is, and which; `None` where nobody has the address.
pub(super) async fn remember(
    sv: &Services,
    tx: &mut Tx,
    purpose: LinkPurpose,
    link: Option<(UserId, Uuid)>,
) -> Result<LinkAsked, Unexpected> {
    let browser = match link {
        Some((user, link)) => challenges::put(sv, tx, Purpose::AskLink, Some(user), &link).await?,
        None => sv.new_secret(),
    };
    Ok(LinkAsked {
        browser,
        lasts: purpose.lasts(),
    })
}

/// Lets go on where the link was asked for, or where the digits are known.
///
/// # Errors
/// The digits are missing or wrong, or were tried too often.
pub(super) async fn must_be_where_it_was_asked_for(
    sv: &Services,
    tx: &mut Tx,
    purpose: LinkPurpose,
    user: UserId,
    token: &str,
    opened: &Opened,
) -> Result<(), AccountError> {
    let asked = sqlx::query!(
        "select token_hash, state from challenges where user_id = $1 and purpose = $2 and expires_at > $3",
        user.get(),
        Purpose::AskLink.code(),
        jiff_sqlx::Timestamp::from(sv.now()) as _
    )
    .fetch_all(&mut **tx)
    .await
    .map_err(Unexpected::from)?;
    let of_link = asked.iter().find(|row| {
        let link = serde_json::from_value(row.state.clone());
        link.is_ok_and(|link| same(&sv.seal.derive(&about(purpose, link)), token))
    });
    // Without one the link was made before browsers were remembered.
    let of_link = &of_link.ok_or(AccountError::LinkOver)?.token_hash;
    // Whoever asks twice presses the first mail as well as the second: any browser that has asked for this person will do.
    let browser = opened.browser.as_deref().map(seal::hash);
    let is_its = |kept: &[u8]| asked.iter().any(|row| kept.ct_eq(&row.token_hash).into());
    if browser.is_some_and(|kept| is_its(&kept)) {
        return Ok(());
    }
    let digit = |sign: char| western_digit(sign).or(sign.is_ascii_digit().then_some(sign));
    let typed: String = opened.code.chars().filter_map(digit).collect();
    if typed.is_empty() {
        return Err(FieldErrors::one("link_code", Fault::Required).into());
    }
    let link = hex(of_link);
    throttle::count(sv, &GUESSES, &link).await?;
    if asked
        .iter()
        .any(|row| same(&typed, &code(sv, &row.token_hash)))
    {
        // What is typed besides may be wrong, and comes again with them.
        throttle::forget(sv, &GUESSES, &link).await;
        return Ok(());
    }
    security_log::rejected(&user.to_string(), "link_code");
    Err(FieldErrors::one("link_code", Fault::WrongCode).into())
}

/// Made again from what is kept, so that neither is of use without the signing key.
fn code(sv: &Services, browser: &[u8]) -> String {
    let mac = sv.seal.mac(&[b"link code|".as_slice(), browser].concat());
    let number = mac
        .iter()
        .take(8)
        .fold(0_u64, |sum, byte| (sum << 8) | u64::from(*byte));
    format!("{:06}", number % 1_000_000)
}

fn same(one: &str, other: &str) -> bool {
    one.as_bytes().ct_eq(other.as_bytes()).into()
}
