//! Making an account. The answer is the same for a known address; the mail says which it is.

use domain::text::{Email, Fault, FieldErrors, line};
use jiff::SignedDuration;
use locales::Locale;

use super::{
    AccountError, HalfSignIn,
    challenges::{self, Purpose},
    letters::{self, Addressee},
    links::{LinkPurpose, send_link},
    password, queries,
};
use crate::{
    Services,
    db::Scope,
    throttle::{self, Limit},
};

const PER_CLIENT: Limit = Limit {
    what: "sign_up",
    tries: 20,
    span: SignedDuration::from_mins(60),
};
const PER_EMAIL: Limit = Limit {
    what: "sign_up_mail",
    tries: 5,
    span: SignedDuration::from_mins(60),
};

#[derive(Debug)]
pub struct SignUp {
    pub name: String,
    pub email: String,
    pub password: String,
    pub locale: Locale,
    /// Network address of the caller, to slow down machines.
    pub client: String,
}

/// Makes an account and mails a link that proves the mailbox. A known address gets a mail that says so. The answer is for the
/// browser to keep: it shows later that it is the one that signed up, if it is.
#[tracing::instrument(skip_all)]
pub async fn sign_up(sv: &Services, cmd: SignUp) -> Result<HalfSignIn, AccountError> {
    let mut errors = FieldErrors::new();
    let name = errors.field("name", line(&cmd.name, 1, 120));
    let email = errors.field("email", Email::parse(&cmd.email));
    errors.field(
        "password",
        password::check(sv, &cmd.password, &cmd.email, &cmd.name).await,
    );
    errors.finish()?;
    let (Some(name), Some(email)) = (name, email) else {
        return Err(FieldErrors::one("email", Fault::Required).into());
    };
    throttle::count(sv, &PER_CLIENT, &cmd.client).await?;
    throttle::count(sv, &PER_EMAIL, email.as_str()).await?;

    // Hashed for known addresses too: the answer must not come sooner for them.
    let hash = password::hash(sv, &cmd.password).await?;
    let mut tx = sv.db.begin(Scope::System).await?;
    let token =
        match queries::insert_user(sv, &mut tx, &email, &name, Some(&hash), cmd.locale).await? {
            Some(user) => {
                let to = Addressee {
                    user,
                    email: email.as_str(),
                    name: &name,
                    locale: cmd.locale,
                };
                send_link(sv, &mut tx, &to, LinkPurpose::VerifyEmail).await?;
                challenges::put(sv, &mut tx, Purpose::SignUp, Some(user), &()).await?
            }
            None => {
                let known = queries::user_by_email(&mut tx, &email).await?;
                if let Some(known) = known.filter(|known| !known.suspended) {
                    letters::account_exists(sv, &mut tx, &Addressee::of(&known)).await?;
                }
                sv.new_secret()
            }
        };
    tx.commit().await?;
    Ok(HalfSignIn {
        token,
        expires_at: sv.now() + LinkPurpose::VerifyEmail.lasts(),
    })
}
