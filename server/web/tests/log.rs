//! What is written down of a request: who came in and how, who did not, always with the request's number, never with what
//! opens anything.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::{
    io,
    sync::{Arc, Mutex},
};

use adapters::config::Config;
use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, StatusCode, header},
};
use bilten::{AppState, router};
use services::accounts::hash_password;
use testkit::World;
use tower::ServiceExt;

const PASSWORD: &str = "quite-a-long-one";
const CLIENT: &str = "2a00:1:2:3::7";

/// Lines as production writes them.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl io::Write for Lines {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(line)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Lines {
    fn listen() -> Self {
        let lines = Self::default();
        let to = lines.clone();
        let writer = move || to.clone();
        tracing_subscriber::fmt()
            .json()
            .flatten_event(true)
            .with_writer(writer)
            .init();
        lines
    }

    /// What was written since the last time.
    fn take(&self) -> Vec<serde_json::Value> {
        let text = String::from_utf8(std::mem::take(&mut *self.0.lock().unwrap())).unwrap();
        for secret in [PASSWORD, "ada@", "wrong-guess"] {
            assert!(!text.contains(secret), "{secret} in\n{text}");
        }
        let lines = text.lines();
        lines
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    /// Those for whoever watches, as words.
    fn security(&self) -> Vec<String> {
        let lines = self.take();
        assert!(
            lines.iter().all(|line| {
                let request = &line["spans"][0];
                let number = request["request.id"].as_str().unwrap_or_default();
                number.len() == 12 && request["client"] == "2a00:1:2:3::"
            }),
            "{lines:#?}"
        );
        lines
            .iter()
            .filter(|line| line["target"] == "security")
            .map(|line| {
                let words = ["message", "proof", "action", "limit", "why"];
                let words = words.map(|name| line[name].as_str().unwrap_or_default());
                words
                    .join(" ")
                    .split_whitespace()
                    .collect::<Vec<_>>()
                    .join(" ")
            })
            .collect()
    }
}

fn app(w: &World) -> Router {
    let proxy = ("BILTEN_SERVER__BEHIND_PROXY".to_owned(), "true".to_owned());
    let config = Config::load(None, [proxy]).unwrap();
    router(AppState::new(w.sv.clone(), config, "no-such-folder".into(), None).unwrap())
}

async fn post(
    app: &Router,
    function: &str,
    origin: &str,
    session: &str,
    form: &str,
) -> (StatusCode, String) {
    let request = Request::post(format!("/api/app_api/{function}"))
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::ORIGIN, origin)
        .header(header::COOKIE, format!("bilten_session={session}"))
        .header("x-forwarded-for", CLIENT)
        .body(Body::from(form.to_owned()))
        .unwrap();
    let answer = app.clone().oneshot(request).await.unwrap();
    let cookies = answer.headers().get_all(header::SET_COOKIE);
    let session = cookies
        .iter()
        .find_map(|cookie| cookie.to_str().unwrap().strip_prefix("bilten_session="))
        .map(|cookie| cookie.split(';').next().unwrap().to_owned());
    let status = answer.status();
    to_bytes(answer.into_body(), usize::MAX).await.unwrap();
    (status, session.unwrap_or_default())
}

#[tokio::test]
async fn who_comes_in_and_who_does_not_is_written_down() {
    const OURS: &str = "http://localhost:3000";
    let w = World::new().await;
    let ada = w.person("ada").await;
    let hash = hash_password(&w.sv, PASSWORD).await.unwrap();
    let db = sqlx::PgPool::connect(w.database_url()).await.unwrap();
    sqlx::query("update users set password_hash = $2, email = 'ada@people.test' where id = $1")
        .bind(ada.user.get())
        .bind(hash)
        .execute(&db)
        .await
        .unwrap();
    let lines = Lines::listen();
    let app = app(&w);
    let sign_in = async |password: &str| {
        let form = format!("email=ada%40people.test&password={password}");
        post(&app, "accounts/sign_in", OURS, "", &form).await
    };

    sign_in("wrong-guess").await;
    assert_eq!(lines.security(), ["a proof was not accepted password"]);
    let (_, session) = sign_in(PASSWORD).await;
    assert_eq!(
        lines.security(),
        ["a proof was accepted password", "a session began"]
    );

    let form = format!("current_password={PASSWORD}&new_password=another-long-one-xy");
    post(&app, "accounts/change_password", OURS, &session, &form).await;
    let changed = lines.take();
    let line = changed
        .iter()
        .find(|line| line["action"] == "account.password")
        .unwrap();
    assert_eq!(
        (&line["target"], &line["message"]),
        (&"security".into(), &"recorded".into())
    );
    // Lines of a signed-in person's requests say who it is.
    let user = ada.user.to_string();
    assert!(changed.iter().any(|line| line["message"] == "answered"));
    assert!(
        changed
            .iter()
            .all(|line| line["spans"][0]["user.id"] == *user)
    );

    let (status, _) = post(
        &app,
        "admin/moderate",
        OURS,
        &session,
        "deed=suspend_user&id=x&reason=y",
    )
    .await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    assert_eq!(lines.security(), ["refused no such thing"]);
    post(&app, "accounts/sign_in", "https://evil.example", "", "").await;
    assert_eq!(lines.security(), ["a form of another site was refused"]);
}
