//! What a server function and a page being rendered know about the request they serve.

use std::{net::IpAddr, sync::Arc};

use domain::ids::UserId;
use http::{HeaderName, HeaderValue, header::SET_COOKIE, request::Parts};
use leptos::prelude::{provide_context, use_context};
use locales::Locale;
use services::{
    Origin, Services, Unexpected,
    accounts::{HalfSignIn, SignedIn},
    permit::{Held, Proven, Refused},
    session::Session,
};

use crate::{
    ApiError, ErrorKind, FormOutcome,
    cookies::{self, cookie, cookie_value, view_cookie},
    preferences::Theme,
    session::SessionView,
};

/// Facts about one request, found out once by the layers around everything.
#[derive(Debug, Clone)]
pub struct RequestInfo {
    /// Stands in the log and on error pages.
    pub id: Arc<str>,
    pub locale: Locale,
    pub theme: Theme,
    /// Who is asking, if signed in.
    pub session: Option<Session>,
    /// The same for the page's header.
    pub viewer: Option<SessionView>,
    /// The session's secret from the cookie, for ending it.
    pub session_secret: Option<String>,
    pub client: Option<IpAddr>,
    /// Scheme, host and port people reach us under, no slash at the end.
    pub public_url: Arc<str>,
    /// For scripts of this one answer.
    pub nonce: Arc<str>,
    pub secure_cookies: bool,
    /// Whether pages for developers exist.
    pub development: bool,
    /// The event page that the browser saw last: what makes two presses of its button one wish.
    pub view: Option<Arc<str>>,
    /// What a plain form left behind, when this page was asked for it.
    pub form: Option<FormOutcome>,
}

impl RequestInfo {
    /// What tries of the caller are counted by.
    #[must_use]
    pub fn household(&self) -> String {
        self.client
            .map(services::household)
            .map_or_else(String::new, |household| household.to_string())
    }
}

/// Services and the request, for a server function.
#[derive(Clone)]
pub struct Ctx {
    pub services: Services,
    pub request: RequestInfo,
}

impl Ctx {
    /// From where this request comes.
    #[must_use]
    pub fn origin(&self) -> Origin {
        Origin::new(self.request.client, &crate::accounts::user_agent())
    }

    /// The person who is signed in; refused as unauthenticated otherwise.
    pub fn session(&self) -> Result<&Session, ApiError> {
        self.request
            .session
            .as_ref()
            .ok_or_else(ApiError::unauthenticated)
    }
}

/// The context every server function begins with.
pub fn ctx() -> Result<Ctx, ApiError> {
    match (use_context::<Services>(), use_context::<RequestInfo>()) {
        (Some(services), Some(request)) => Ok(Ctx { services, request }),
        _ => {
            tracing::error!("a server function ran without its context");
            Err(ApiError::internal(String::new()))
        }
    }
}

/// Puts services, request, language and script nonce where [`ctx`] and the pages find them. Runs for each request,
/// after the layers have left their [`RequestInfo`] in it.
pub fn provide(services: &Services) {
    provide_context(services.clone());
    let Some(info) =
        use_context::<Parts>().and_then(|parts| parts.extensions.get::<RequestInfo>().cloned())
    else {
        return;
    };
    provide_context(info.locale);
    provide_context(leptos::nonce::Nonce::from_value(Arc::clone(&info.nonce)));
    if let Some(form) = info.form.clone() {
        provide_context(form);
    }
    provide_context(info);
}

/// No line is longer.
const PLACE_SECONDS: u64 = 24 * 60 * 60;

/// The browser keeps the place in the room of this event, beside those in others.
pub fn keep_place(ctx: &Ctx, slug: &str, place: &str) -> Result<(), ApiError> {
    send_cookie(&cookie(
        &cookies::place(slug),
        place,
        PLACE_SECONDS,
        ctx.request.secure_cookies,
    ))
}

/// The place in the room of this event that the browser brought.
pub fn place(ctx: &Ctx, slug: &str) -> Option<String> {
    let parts = use_context::<Parts>()?;
    let name = cookies::place(slug);
    cookie_value(&parts.headers, &name, ctx.request.secure_cookies).map(str::to_owned)
}

/// The browser goes on to the second step of signing in.
pub fn keep_half_sign_in(ctx: &Ctx, half: &HalfSignIn) -> Result<(), ApiError> {
    let lasts = half.expires_at.duration_since(ctx.services.now()).as_secs();
    let lasts = u64::try_from(lasts).unwrap_or(0);
    send_cookie(&cookie(
        cookies::HALF,
        &half.token,
        lasts,
        ctx.request.secure_cookies,
    ))
}

/// The second step is done.
pub fn forget_half_sign_in(ctx: &Ctx) -> Result<(), ApiError> {
    send_cookie(&cookie(cookies::HALF, "", 0, ctx.request.secure_cookies))
}

/// The secret of a half-done sign-in that the browser brought.
pub fn half_sign_in() -> Option<String> {
    let secure = ctx().ok()?.request.secure_cookies;
    let parts = use_context::<Parts>()?;
    cookie_value(&parts.headers, cookies::HALF, secure).map(str::to_owned)
}

/// The browser is known as the one that asked for a link.
pub fn keep_asked(
    ctx: &Ctx,
    name: &'static str,
    asked: &services::accounts::LinkAsked,
) -> Result<(), ApiError> {
    let lasts = u64::try_from(asked.lasts.as_secs()).unwrap_or(0);
    let secure = ctx.request.secure_cookies;
    send_cookie(&cookie(name, &asked.browser, lasts, secure))
}

/// The secret of the browser that asked for a link, if it is this one.
pub fn asked(name: &'static str) -> Option<String> {
    let info = use_context::<RequestInfo>()?;
    let parts = use_context::<Parts>()?;
    cookie_value(&parts.headers, name, info.secure_cookies).map(str::to_owned)
}

/// Where somebody goes who has just signed in: to `next`, or to what they most likely came for.
pub async fn landing(sv: &Services, user: UserId, next: &str) -> Result<String, Unexpected> {
    if !next.is_empty() {
        return Ok(next.to_owned());
    }
    let only_buys = services::accounts::only_buys(sv, user).await?;
    Ok(if only_buys {
        "/account/tickets"
    } else {
        "/organize"
    }
    .to_owned())
}

/// From here on the admin sees what somebody else sees, until they stop or the time is over.
pub fn become_another(ctx: &Ctx, there: &SignedIn) -> Result<(), ApiError> {
    let secure = ctx.request.secure_cookies;
    let own = ctx.request.session_secret.as_deref().unwrap_or_default();
    send_cookie(&cookie(cookies::OWN, own, cookies::SESSION_SECONDS, secure))?;
    set_session_cookie(ctx, there)?;
    redirect("/account");
    Ok(())
}

/// From here on the browser sees a page anew: what it chooses is a new wish.
pub fn begin_view(ctx: &Ctx) -> Result<(), ApiError> {
    let name = ctx.services.new_secret();
    send_cookie(&view_cookie(&name, ctx.request.secure_cookies))
}

/// Signs the browser in: sends the session's secret as a cookie that scripts cannot read.
pub fn set_session_cookie(ctx: &Ctx, signed_in: &SignedIn) -> Result<(), ApiError> {
    let secure = ctx.request.secure_cookies;
    let token = &signed_in.token;
    let lasts = cookies::SESSION_SECONDS;
    send_cookie(&cookie(cookies::SESSION, token, lasts, secure))
}

/// Whoever comes in anew leaves nothing of a support's session behind in this browser.
pub fn forget_own(ctx: &Ctx) -> Result<(), ApiError> {
    send_cookie(&cookie(cookies::OWN, "", 0, ctx.request.secure_cookies))
}

/// At the end of a session the browser forgets what it kept of pages. Its storage stays: scanners keep their scans there.
pub const FORGET_PAGES: (HeaderName, HeaderValue) = (
    HeaderName::from_static("clear-site-data"),
    HeaderValue::from_static("\"cache\""),
);

/// Signs the browser out.
pub fn clear_session_cookie() -> Result<(), ApiError> {
    let secure = ctx()?.request.secure_cookies;
    send_cookie(&cookie(cookies::SESSION, "", 0, secure))?;
    let (name, value) = FORGET_PAGES;
    response()?.insert_header(name, value);
    Ok(())
}

fn send_cookie(value: &str) -> Result<(), ApiError> {
    let header = HeaderValue::from_str(value).map_err(|e| report("cookie", &e))?;
    response()?.append_header(SET_COOKIE, header);
    Ok(())
}

/// What is said beside the answer.
fn response() -> Result<leptos_axum::ResponseOptions, ApiError> {
    use_context().ok_or_else(|| ApiError::internal(String::new()))
}

/// Sends the browser to another page of this site, with and without WebAssembly. Anything else goes to the start page.
pub fn redirect(path: &str) {
    leptos_axum::redirect(crate::path::local_path(path).unwrap_or("/"));
}

/// The code of the refusal of those who have to show first who they are.
pub const PROOF_NEEDED: &str = "proof_needed";

/// Goes to the page that asks once more who one is, where that was too long ago; it leads back. `true`: that way it is.
pub fn proof_first(ctx: &Ctx, back: &str) -> Result<bool, ApiError> {
    match services::permit::fresh(&ctx.services, ctx.session()?) {
        Ok(()) => Ok(false),
        Err(Refused::ProofNeeded) => {
            redirect(&crate::path::with_next("/sign-in/again", back));
            Ok(true)
        }
        Err(refused) => Err(refused.into()),
    }
}

/// The permit with a fresh proof of its holder; `None`: the way leads to the page that asks for one, and back.
pub fn proven<P: Held>(ctx: &Ctx, permit: P, back: &str) -> Result<Option<Proven<P>>, ApiError> {
    if proof_first(ctx, back)? {
        return Ok(None);
    }
    let proven = services::permit::proven(&ctx.services, ctx.session()?, permit)?;
    Ok(Some(proven))
}

/// Logs a failure nobody outside can act on, and gives the number that people may quote.
fn report(what: &str, error: &dyn std::error::Error) -> ApiError {
    let id = use_context::<RequestInfo>().map_or_else(String::new, |info| info.id.to_string());
    tracing::error!(request.id = %id, error = %error, "{what} failed unexpectedly");
    ApiError::internal(id)
}

/// Somebody has no right to what they asked for. Parts of a page are made outside of the request's span.
fn note_refusal(why: &Refused) {
    let info = use_context::<RequestInfo>();
    let id = info.as_ref().map(|info| &*info.id);
    let user = info.as_ref().and_then(|info| info.session.as_ref());
    let user = user.map(|session| tracing::field::display(session.user));
    tracing::info!(target: "security", { request.id = id, user.id = user, %why }, "refused");
}

impl From<Unexpected> for ApiError {
    fn from(error: Unexpected) -> Self {
        if let Some(seconds) = error.retry_after {
            tracing::warn!(error = %error, "too busy for a request");
            return Self::busy(seconds);
        }
        report("a use case", &error)
    }
}

impl From<Refused> for ApiError {
    fn from(refused: Refused) -> Self {
        if !matches!(refused, Refused::Unexpected(_)) {
            note_refusal(&refused);
        }
        match refused {
            Refused::NotFound => Self::not_found(),
            Refused::Forbidden => Self::forbidden(),
            Refused::Suspended => Self::new(ErrorKind::Forbidden, "suspended"),
            Refused::SecondFactorNeeded => Self::new(ErrorKind::Forbidden, "second_factor_needed"),
            Refused::FactorNotShown => Self::new(ErrorKind::Forbidden, "factor_not_shown"),
            Refused::OnlyLooking => Self::new(ErrorKind::Forbidden, "only_looking"),
            Refused::ProofNeeded => Self::new(ErrorKind::Forbidden, PROOF_NEEDED),
            Refused::Unexpected(error) => error.into(),
        }
    }
}
