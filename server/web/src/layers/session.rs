//! Who is asking, by the secret in the session cookie.

use app_api::SessionView;
use services::session::Session;

use crate::AppState;

pub async fn find(
    _state: &AppState,
    _path: &str,
    _secret: Option<&str>,
) -> (Option<Session>, Option<SessionView>) {
    (None, None)
}
