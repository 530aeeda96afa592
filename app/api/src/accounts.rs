//! Signing up and in, and what people change about their own account.

use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use serde::{Deserialize, Serialize};

use crate::ApiError;

/// The account page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountView {
    pub name: String,
    pub email: String,
    pub email_verified: bool,
    /// Whether there is one to be changed; somebody who came in by a link may have none.
    pub has_password: bool,
    pub locale: String,
    pub sessions: Vec<OpenSessionView>,
}

/// A browser that is signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenSessionView {
    pub id: String,
    /// What the browser calls itself, in short.
    pub browser: String,
    /// Date of the last use (UTC).
    pub last_seen: jiff::civil::Date,
    /// Somebody of the platform, who looks to help.
    pub support: bool,
    pub current: bool,
}

/// Where somebody comes to whose earlier password does not count any more: they choose another one.
pub const PASSWORD_GONE: &str = "/account?password=gone";

/// What an invitation says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvitationView {
    pub organization: String,
    pub inviter: String,
    pub email: String,
    pub role: domain::permissions::Role,
}

/// Makes an account; the answer is the same for an address that has one.
#[server]
pub async fn sign_up(name: String, email: String, password: String) -> Result<(), ApiError> {
    let ctx = crate::ctx()?;
    let cmd = services::accounts::SignUp {
        name,
        email,
        password,
        locale: ctx.request.locale,
        client: client(&ctx),
    };
    let browser = services::accounts::sign_up(&ctx.services, cmd).await?;
    crate::context::keep_half_sign_in(&ctx, &browser)
}

/// Opens a session and goes on to `next`.
#[server]
pub async fn sign_in(
    email: String,
    password: String,
    #[server(default)] next: String,
) -> Result<(), ApiError> {
    let ctx = crate::ctx()?;
    let cmd = services::accounts::SignIn {
        email,
        password,
        user_agent: user_agent(),
        client: client(&ctx),
    };
    let entered = services::accounts::sign_in(&ctx.services, cmd).await?;
    go_in(&ctx, &entered, &next).await
}

/// Proves a mailbox by the link that was mailed to it, and signs in. The password is asked for in a browser without a session
/// of the account.
#[server]
pub async fn verify_email(
    token: String,
    #[server(default)] password: String,
) -> Result<(), ApiError> {
    use services::accounts::Verified;
    let ctx = crate::ctx()?;
    let cmd = services::accounts::VerifyEmail {
        token,
        signed_up: crate::context::half_sign_in(),
        password,
        user_agent: user_agent(),
    };
    let session = ctx.request.session.as_ref();
    let verified = services::accounts::verify_email(&ctx.services, session, cmd).await?;
    crate::context::forget_half_sign_in(&ctx)?;
    match verified {
        Verified::Here(user) => {
            let next = crate::context::landing(&ctx.services, user, "").await?;
            crate::context::redirect(&next);
        }
        Verified::Entered(entered) => go_in(&ctx, &entered, "").await?,
    }
    Ok(())
}

/// Mails a link that signs in, if the address is known.
#[server]
pub async fn request_sign_in_link(email: String) -> Result<(), ApiError> {
    let ctx = crate::ctx()?;
    let client = client(&ctx);
    let asked = services::accounts::request_sign_in_link(&ctx.services, &email, &client).await?;
    crate::context::keep_asked(&ctx, crate::cookies::ASKED_SIGN_IN, &asked)
}

/// Whether this browser has asked for a link that signs in, or for a new password (`reset`); the page and the browser that takes
/// it over say the same.
#[must_use]
pub fn asked_here(reset: bool) -> bool {
    SharedValue::new(move || has_asked(reset)).into_inner()
}

/// The six digits for whoever opens the link in another browser, as long as this one knows that it has asked.
#[must_use]
pub fn asked_code(reset: bool) -> Option<String> {
    SharedValue::new(move || code_of(reset)).into_inner()
}

#[cfg(feature = "ssr")]
fn asked(reset: bool) -> Option<String> {
    use crate::cookies::{ASKED_RESET, ASKED_SIGN_IN};
    crate::context::asked(if reset { ASKED_RESET } else { ASKED_SIGN_IN })
}

#[cfg(feature = "ssr")]
fn has_asked(reset: bool) -> bool {
    asked(reset).is_some()
}

#[cfg(feature = "ssr")]
fn code_of(reset: bool) -> Option<String> {
    let ctx = crate::ctx().ok()?;
    Some(services::accounts::asked_code(
        &ctx.services,
        &asked(reset)?,
    ))
}

/// Only where the page was not made by the server, which does not happen with a link from a mail.
#[cfg(not(feature = "ssr"))]
fn has_asked(_reset: bool) -> bool {
    true
}

#[cfg(not(feature = "ssr"))]
fn code_of(_reset: bool) -> Option<String> {
    None
}

/// Signs in by the link that was mailed. `link_code` is asked for in a browser that did not ask for it.
#[server]
pub async fn sign_in_by_link(
    token: String,
    #[server(default)] link_code: String,
) -> Result<(), ApiError> {
    let ctx = crate::ctx()?;
    let opened = services::accounts::Opened {
        browser: crate::context::asked(crate::cookies::ASKED_SIGN_IN),
        code: link_code,
    };
    let agent = user_agent();
    let entered =
        services::accounts::sign_in_by_link(&ctx.services, &token, &opened, &agent).await?;
    go_in(&ctx, &entered, "").await
}

/// Mails a link to the address that the account is to have.
#[server]
pub async fn request_email_change(new_email: String) -> Result<(), ApiError> {
    let ctx = crate::ctx()?;
    Ok(services::accounts::request_email_change(&ctx.services, ctx.session()?, &new_email).await?)
}

/// Gives the account the address that the link was mailed to.
#[server]
pub async fn confirm_email_change(token: String) -> Result<(), ApiError> {
    let ctx = crate::ctx()?;
    Ok(services::accounts::confirm_email_change(&ctx.services, &token).await?)
}

/// Gives the account the address back that it had.
#[server]
pub async fn restore_email(token: String) -> Result<(), ApiError> {
    let ctx = crate::ctx()?;
    let asked = services::accounts::restore_email(&ctx.services, &token).await?;
    crate::context::keep_asked(&ctx, crate::cookies::ASKED_RESET, &asked)
}

/// Mails the link that proves the mailbox once more.
#[server]
pub async fn resend_verification() -> Result<(), ApiError> {
    let ctx = crate::ctx()?;
    Ok(services::accounts::resend_verification(&ctx.services, ctx.session()?).await?)
}

/// Mails a link for a new password, if the address is known.
#[server]
pub async fn request_password_reset(email: String) -> Result<(), ApiError> {
    let ctx = crate::ctx()?;
    let client = client(&ctx);
    let asked = services::accounts::request_password_reset(&ctx.services, &email, &client).await?;
    crate::context::keep_asked(&ctx, crate::cookies::ASKED_RESET, &asked)
}

/// Sets a new password by the mailed link, and signs in. `link_code` is asked for in a browser that did not ask for the link.
#[server]
pub async fn reset_password(
    token: String,
    password: String,
    #[server(default)] link_code: String,
) -> Result<(), ApiError> {
    let ctx = crate::ctx()?;
    let cmd = services::accounts::ResetPassword {
        token,
        opened: services::accounts::Opened {
            browser: crate::context::asked(crate::cookies::ASKED_RESET),
            code: link_code,
        },
        password,
        user_agent: user_agent(),
    };
    let entered = services::accounts::reset_password(&ctx.services, cmd).await?;
    go_in(&ctx, &entered, "").await
}

/// The signed-in person's own account.
#[server(input = GetUrl)]
pub async fn account() -> Result<AccountView, ApiError> {
    let ctx = crate::ctx()?;
    let session = ctx.session()?;
    let profile = services::accounts::profile(&ctx.services, session).await?;
    let sessions = services::accounts::sessions(&ctx.services, session).await?;
    Ok(AccountView {
        name: profile.name,
        email: profile.email,
        email_verified: profile.email_verified,
        has_password: profile.has_password,
        locale: profile.locale.code().to_owned(),
        sessions: sessions
            .into_iter()
            .map(|open| OpenSessionView {
                id: open.id.to_string(),
                browser: browser(&open.user_agent),
                last_seen: jiff::tz::Offset::UTC.to_datetime(open.last_seen_at).date(),
                support: open.support,
                current: open.current,
            })
            .collect(),
    })
}

/// Changes name and language of mails.
#[server]
pub async fn change_profile(name: String, locale: String) -> Result<(), ApiError> {
    let ctx = crate::ctx()?;
    let session = ctx.session()?;
    services::accounts::change_name(&ctx.services, session, &name).await?;
    let locale = locales::Locale::from_code(&locale).unwrap_or(ctx.request.locale);
    Ok(services::accounts::change_locale(&ctx.services, session, locale).await?)
}

/// Changes the password; other sessions end.
#[server]
pub async fn change_password(
    current_password: String,
    new_password: String,
) -> Result<(), ApiError> {
    let ctx = crate::ctx()?;
    let cmd = services::accounts::ChangePassword {
        current: current_password,
        new: new_password,
    };
    Ok(services::accounts::change_password(&ctx.services, ctx.session()?, cmd).await?)
}

/// Ends one of the person's sessions.
#[server]
pub async fn end_session(id: String) -> Result<(), ApiError> {
    let ctx = crate::ctx()?;
    let id = id.parse().map_err(|_| ApiError::not_found())?;
    if crate::context::proof_first(&ctx, "/account")? {
        return Ok(());
    }
    services::accounts::revoke_session(&ctx.services, ctx.session()?, id).await?;
    Ok(())
}

/// Ends all of the person's sessions but this one.
#[server]
pub async fn end_other_sessions() -> Result<(), ApiError> {
    let ctx = crate::ctx()?;
    if crate::context::proof_first(&ctx, "/account")? {
        return Ok(());
    }
    services::accounts::revoke_other_sessions(&ctx.services, ctx.session()?).await?;
    Ok(())
}

/// What an invitation says, to whoever holds its link.
#[server(input = GetUrl)]
pub async fn invitation(token: String) -> Result<InvitationView, ApiError> {
    let ctx = crate::ctx()?;
    let open = services::team::show_invitation(&ctx.services, &token).await?;
    Ok(InvitationView {
        organization: open.organization_name,
        inviter: open.inviter,
        email: open.email,
        role: open.role,
    })
}

/// Joins the team that invited the signed-in person.
#[server]
pub async fn accept_invitation(token: String) -> Result<(), ApiError> {
    let ctx = crate::ctx()?;
    let joined = services::team::accept(&ctx.services, ctx.session()?, &token).await?;
    crate::context::redirect(&format!("/organize/{}", joined.slug));
    Ok(())
}

#[cfg(feature = "ssr")]
mod server {
    use leptos::prelude::use_context;
    use services::accounts::{AccountError, Entered, SignInError, SignedIn};

    use crate::{ApiError, Ctx, ErrorKind};

    /// The caller's household, to count tries by.
    pub(crate) fn client(ctx: &Ctx) -> String {
        ctx.request.household()
    }

    pub(crate) fn user_agent() -> String {
        let parts = use_context::<http::request::Parts>();
        let value = parts.and_then(|parts| {
            Some(
                parts
                    .headers
                    .get(http::header::USER_AGENT)?
                    .to_str()
                    .ok()?
                    .to_owned(),
            )
        });
        value.unwrap_or_default()
    }

    /// Lets somebody in and on to `next`, or to the page that asks for a code first.
    pub(crate) async fn go_in(ctx: &Ctx, entered: &Entered, next: &str) -> Result<(), ApiError> {
        match entered {
            Entered::In(signed_in) => enter(ctx, signed_in, next).await,
            Entered::CodeNeeded(half) => {
                crate::context::keep_half_sign_in(ctx, half)?;
                crate::context::redirect(&crate::path::with_next("/sign-in/code", next));
                Ok(())
            }
        }
    }

    /// Signs the browser in and sends it on.
    pub(crate) async fn enter(ctx: &Ctx, signed_in: &SignedIn, next: &str) -> Result<(), ApiError> {
        leave(ctx).await?;
        crate::context::set_session_cookie(ctx, signed_in)?;
        crate::context::forget_own(ctx)?;
        if signed_in.password_gone {
            crate::context::redirect(crate::accounts::PASSWORD_GONE);
            return Ok(());
        }
        let next = crate::context::landing(&ctx.services, signed_in.user, next).await?;
        crate::context::redirect(&next);
        Ok(())
    }

    /// Whoever signs in anew does not leave an open session behind.
    async fn leave(ctx: &Ctx) -> Result<(), ApiError> {
        if let Some(session) = &ctx.request.session {
            services::accounts::sign_out(&ctx.services, session).await?;
        }
        Ok(())
    }

    /// "Firefox · Linux" from what browsers send; the full text would only confuse.
    pub(crate) fn browser(user_agent: &str) -> String {
        let first = |names: &[(&str, &'static str)]| {
            names
                .iter()
                .find(|(sign, _)| user_agent.contains(sign))
                .map(|(_, name)| *name)
        };
        let program = first(&[
            ("Edg/", "Edge"),
            ("OPR/", "Opera"),
            ("Firefox/", "Firefox"),
            ("Chrome/", "Chrome"),
            ("Safari/", "Safari"),
        ]);
        let system = first(&[
            ("Android", "Android"),
            ("iPhone", "iPhone"),
            ("iPad", "iPad"),
            ("Windows", "Windows"),
            ("Mac OS", "macOS"),
            ("Linux", "Linux"),
        ]);
        match (program, system) {
            (Some(program), Some(system)) => format!("{program} · {system}"),
            (Some(one), None) | (None, Some(one)) => one.to_owned(),
            (None, None) => "?".to_owned(),
        }
    }

    impl From<AccountError> for ApiError {
        fn from(e: AccountError) -> Self {
            match e {
                AccountError::Fields(fields) => fields.into(),
                AccountError::TooMany { retry_after } => Self::too_many(retry_after),
                AccountError::LinkOver => Self::gone("link_expired"),
                AccountError::AddressTaken => Self::conflict("address_taken"),
                AccountError::Refused(refused) => refused.into(),
                AccountError::Unexpected(e) => e.into(),
            }
        }
    }

    impl From<SignInError> for ApiError {
        fn from(e: SignInError) -> Self {
            match e {
                SignInError::Fields(fields) => fields.into(),
                SignInError::Wrong => Self::new(ErrorKind::Invalid, "wrong_credentials"),
                SignInError::TooMany { retry_after } => Self::too_many(retry_after),
                SignInError::Over => Self::gone("sign_in_over"),
                SignInError::Suspended => Self::new(ErrorKind::Forbidden, "account_suspended"),
                SignInError::Unexpected(e) => e.into(),
            }
        }
    }
}

#[cfg(feature = "ssr")]
pub(crate) use server::go_in;
#[cfg(feature = "ssr")]
pub(crate) use server::{browser, client, enter, user_agent};
