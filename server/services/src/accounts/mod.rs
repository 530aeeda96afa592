//! People with accounts: signing up, proving a mailbox, signing in, open sessions, lost passwords.
//!
//! Answers never tell a stranger whether an address is known; the mail tells its owner.

mod enter;
mod letters;
mod password;
mod profile;
mod queries;
mod reset_password;
mod second_factor;
mod sessions;
mod sign_in;
mod sign_up;
mod verify_email;

use domain::text::FieldErrors;
pub use enter::{Entered, HalfSignIn, SignInCode, sign_in_with_code};
pub use password::hash as hash_password;
pub use profile::{ChangePassword, Profile, change_locale, change_name, change_password, profile};
pub use reset_password::{ResetPassword, request_password_reset, reset_password};
pub(crate) use second_factor::give_authenticator;
pub use second_factor::{
    NewAuthenticator, Proof, SecondFactor, SecondFactorError, begin_authenticator,
    confirm_authenticator, prove_again, renew_recovery_codes, second_factor,
    turn_off_authenticator,
};
pub use sessions::{
    OpenSession, SignedIn, revoke_other_sessions, revoke_session, session_by_token, sessions,
    sign_out,
};
pub use sign_in::{SignIn, SignInError, sign_in};
pub use sign_up::{SignUp, sign_up};
use uuid::Uuid;
pub use verify_email::{resend_verification, verify_email};

use crate::{Services, Unexpected, throttle};

/// Why something about an account could not be done.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    #[error(transparent)]
    Fields(#[from] FieldErrors),
    /// Asked too often; worth another try after so many seconds.
    #[error("asked too often")]
    TooMany { retry_after: u32 },
    /// The link is unknown, used or too old.
    #[error("the link is not valid any more")]
    LinkOver,
    #[error(transparent)]
    Unexpected(#[from] Unexpected),
}

impl From<throttle::TooMany> for AccountError {
    fn from(many: throttle::TooMany) -> Self {
        Self::TooMany {
            retry_after: many.retry_after,
        }
    }
}

/// What a link in a mail is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum LinkPurpose {
    VerifyEmail,
    ResetPassword,
}

impl LinkPurpose {
    fn code(self) -> &'static str {
        match self {
            Self::VerifyEmail => "verify_email",
            Self::ResetPassword => "reset_password",
        }
    }
}

/// The token of a link in a mail, made again from the link's id.
fn link_token(sv: &Services, purpose: LinkPurpose, link: Uuid) -> String {
    sv.seal.derive(&format!("{}|{link}", purpose.code()))
}
