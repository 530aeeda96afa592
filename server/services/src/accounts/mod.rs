//! People with accounts: signing up, proving a mailbox, signing in, open sessions, lost passwords.
//!
//! Answers never tell a stranger whether an address is known; the mail tells its owner.

mod asked;
mod challenges;
mod change_email;
mod enter;
mod house;
mod identities;
mod letters;
mod links;
mod passkeys;
mod password;
mod profile;
mod provider;
mod queries;
mod record;
mod reset_password;
mod second_factor;
mod sessions;
mod sign_in;
mod sign_in_link;
mod sign_up;
mod support;
mod verify_email;
mod wallets;
mod ways;

pub use asked::{LinkAsked, Opened, asked_code};
pub use change_email::{confirm_email_change, move_account, request_email_change, restore_email};
use domain::text::FieldErrors;
pub use enter::{Entered, HalfSignIn, SignInCode, sign_in_with_code};
pub(crate) use house::account;
pub use house::{HouseError, set_platform_admin};
pub use passkeys::{
    NewPasskey, PasskeyAnswer, PasskeyError, PasskeyQuestion, PasskeyRow, add_passkey,
    begin_passkey, begin_passkey_sign_in, passkeys, passkeys_available, prove_by_passkey,
    remove_passkey, sign_in_by_passkey,
};
pub use password::hash as hash_password;
pub use profile::{
    ChangePassword, Profile, change_locale, change_name, change_password, only_buys, profile,
};
pub use provider::{
    PROVIDER_RETURN, ProviderError, ProviderReturn, ProviderTrip, Returned, begin_provider,
    finish_provider, provider_name, provider_tied_since, untie_provider,
};
pub use reset_password::{ResetPassword, request_password_reset, reset_password};
pub use second_factor::{
    NewAuthenticator, Proof, SecondFactor, SecondFactorError, begin_authenticator,
    confirm_authenticator, prove_again, renew_recovery_codes, second_factor,
    take_second_factor_away_of, turn_off_authenticator,
};
pub(crate) use second_factor::{
    give_authenticator, reseal_authenticators, take_second_factor_away,
};
pub use sessions::{
    OpenSession, SignedIn, revoke_other_sessions, revoke_session, session_by_token, sessions,
    sign_out,
};
pub use sign_in::{SignIn, SignInError, sign_in};
pub use sign_in_link::{request_sign_in_link, sign_in_by_link};
pub use sign_up::{SignUp, sign_up};
pub(crate) use support::{end_session, open_for_support, tell_of_support};
pub use verify_email::{Verified, VerifyEmail, resend_verification, verify_email};
pub use wallets::{
    Wallet, WalletAnswer, WalletError, WalletQuestion, WalletRow, add_wallet, begin_wallet,
    remove_wallet, sign_in_by_wallet, wallets, wallets_available,
};
pub(crate) use ways::shut_out;

use crate::{Unexpected, permit::Refused, throttle};

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
    /// Somebody else has taken the address meanwhile.
    #[error("the address is taken")]
    AddressTaken,
    #[error(transparent)]
    Refused(#[from] Refused),
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
