//! One request to `/v1/…`, from its first to its last header.

use std::time::Duration;

use axum::{
    body::{Body, Bytes},
    extract::State as Shared,
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri},
    response::Response,
};
use serde_json::{Value, json};

use crate::{
    error::Failure,
    form,
    http::{
        App, Call, auth, expand,
        fault::{Fault, Kind},
        idempotency::Answer,
    },
    params::Params,
    routes,
    state::{API_VERSION, State, letters},
};

type Header = (&'static str, String);

/// Answers a request. The work goes on when the one who asked has hung up, as it does at Stripe.
pub async fn serve(
    Shared(app): Shared<App>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let work = tokio::spawn(respond(app, method, uri, headers, body));
    work.await.unwrap_or_else(|_| broken())
}

async fn respond(app: App, method: Method, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    let request = format!("req_{}", letters(14));
    let version = auth::text(&headers, "stripe-version")
        .unwrap_or(API_VERSION)
        .to_owned();
    let mut extra: Vec<Header> = vec![("request-id", request.clone()), ("stripe-version", version)];
    if let Some(account) = auth::text(&headers, "stripe-account") {
        extra.push(("stripe-account", account.to_owned()));
    }
    let encoded = if method == Method::POST {
        &body[..]
    } else {
        uri.query().unwrap_or_default().as_bytes()
    };
    let (method_name, path) = (method.to_string(), parts(uri.path()));
    let mut values = form::parse(encoded);
    let asked = (method_name.as_str(), path.as_slice());
    let caller = auth::caller(&app.lock(), &headers, asked, &mut values);
    let caller = match caller {
        Ok(caller) => caller,
        Err(failure) => return refused(&failure, extra),
    };
    let call = Call {
        method: method_name,
        path,
        params: Params::new(values),
        scope: caller.scope,
    };
    let key = auth::text(&headers, "idempotency-key")
        .filter(|_| method == Method::POST)
        .map(str::to_owned);
    if let Some(key) = &key {
        extra.push(("idempotency-key", key.clone()));
    }
    let fault = match open(&app, &call, key.as_deref()) {
        Ok(Opened::Again((status, body, original))) => {
            extra.push(("idempotent-replayed", "true".to_owned()));
            extra.push(("original-request", original));
            return answer(status, &body, extra);
        }
        Ok(Opened::Work(fault)) => fault,
        Err(failure) => return refused(&failure, extra),
    };
    if let Some(fault) = &fault
        && matches!(fault.kind, Kind::Slow | Kind::TimeoutBefore)
    {
        tokio::time::sleep(Duration::from_millis(fault.millis)).await;
    }
    let mut given = conclude(&app, &call, key, fault.as_ref(), &request);
    if caller.public {
        auth::shorten(&mut given.1);
    }
    match fault {
        Some(Fault {
            kind: Kind::TimeoutBefore,
            ..
        }) => broken(),
        Some(Fault {
            kind: Kind::TimeoutAfter,
            millis,
            ..
        }) => {
            tokio::time::sleep(Duration::from_millis(millis)).await;
            broken()
        }
        Some(Fault {
            kind: Kind::RateLimit,
            retry_after,
            ..
        }) => {
            extra.push(("retry-after", retry_after.to_string()));
            answer(given.0, &given.1, extra)
        }
        _ => answer(given.0, &given.1, extra),
    }
}

enum Opened {
    Again(Answer),
    Work(Option<Fault>),
}

fn open(app: &App, call: &Call, key: Option<&str>) -> Result<Opened, Failure> {
    let mut state = app.lock();
    if let Some(key) = key
        && let Some(answer) = state.begin_key(call, key)?
    {
        return Ok(Opened::Again(answer));
    }
    Ok(Opened::Work(state.fault_for(call)))
}

/// Does the work, unless a fault prevents it, and remembers the answer under the key.
fn conclude(
    app: &App,
    call: &Call,
    key: Option<String>,
    fault: Option<&Fault>,
    request: &str,
) -> (u16, Value) {
    let mut state = app.lock();
    state.tick();
    let outcome = match fault.map(|fault| fault.kind) {
        Some(Kind::Error | Kind::TimeoutBefore) => Err(Failure::server()),
        Some(Kind::RateLimit) => Err(Failure::rate_limit()),
        Some(Kind::ErrorAfter) => {
            let done = work(&mut state, call, key.as_deref(), request);
            done.and(Err(Failure::server().begun()))
        }
        _ => work(&mut state, call, key.as_deref(), request),
    };
    let (given, begun) = match outcome {
        Ok(value) => ((200, value), true),
        Err(failure) => (
            (failure.status, json!({ "error": failure.error })),
            failure.begun,
        ),
    };
    if let Some(key) = key {
        let answer = begun.then(|| (given.0, given.1.clone(), request.to_owned()));
        state.end_key(call, &key, answer);
    }
    given
}

fn work(
    state: &mut State,
    call: &Call,
    key: Option<&str>,
    request: &str,
) -> Result<Value, Failure> {
    let wrote = call.method != "GET";
    state.request = if wrote {
        (Some(request.to_owned()), key.map(str::to_owned))
    } else {
        (None, None)
    };
    let outcome = routes::dispatch(state, call);
    state.request = (None, None);
    let mut value = outcome?;
    for path in call.params.texts("expand") {
        expand::expand(state, &mut value, &path)?;
    }
    Ok(value)
}

fn parts(path: &str) -> Vec<String> {
    let rest = path.strip_prefix("/v1/").unwrap_or_default();
    rest.split('/')
        .filter(|part| !part.is_empty())
        .map(str::to_owned)
        .collect()
}

fn refused(failure: &Failure, extra: Vec<Header>) -> Response {
    answer(failure.status, &json!({ "error": failure.error }), extra)
}

fn answer(status: u16, body: &Value, extra: Vec<Header>) -> Response {
    let text = serde_json::to_string_pretty(body).unwrap_or_default();
    let mut response = Response::new(Body::from(text));
    *response.status_mut() =
        StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    headers.insert("content-type", HeaderValue::from_static("application/json"));
    headers.insert(
        "cache-control",
        HeaderValue::from_static("no-cache, no-store"),
    );
    for (name, value) in extra {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(HeaderName::from_static(name), value);
        }
    }
    response
}

/// A connection that ends in the middle of the answer.
fn broken() -> Response {
    let cut = std::io::Error::new(std::io::ErrorKind::ConnectionReset, "the line is cut");
    let parts = futures::stream::once(std::future::ready(Err::<Bytes, _>(cut)));
    Response::new(Body::from_stream(parts))
}
