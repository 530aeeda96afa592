//! The API as its description tells of it.

use std::collections::BTreeSet;

use adapters::config::Config;
use axum::{
    body::{Body, to_bytes},
    http::{Request, StatusCode, header},
};
use bilten::{AppState, router};
use serde_json::{Value, json};
use testkit::World;
use tower::ServiceExt;

pub struct Described(Value);

/// An answer that the description foretells.
pub struct Foretold {
    status: StatusCode,
    body: Value,
    /// The codes that may stand in a refusal with this status.
    codes: String,
}

impl Foretold {
    pub fn good(self) -> Value {
        assert_eq!(self.status, StatusCode::OK, "{}", self.body);
        self.body
    }

    pub fn refused(self, status: StatusCode, code: &str) {
        assert_eq!(self.status, status, "{}", self.body);
        assert_eq!(self.body["code"], code);
        assert!(
            self.codes.contains(&format!("`{code}`")),
            "{code} is not among {}",
            self.codes
        );
    }
}

async fn send(w: &World, request: Request<Body>) -> (StatusCode, Value) {
    let config = Config::development().unwrap();
    let state = AppState::new(w.sv.clone(), config, "no-such-folder".into(), None).unwrap();
    let response = router(state).oneshot(request).await.unwrap();
    let status = response.status();
    let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    let body = serde_json::from_slice(&body);
    (
        status,
        body.unwrap_or_else(|_| panic!("{status} without JSON")),
    )
}

impl Described {
    pub async fn read(w: &World) -> Self {
        let request = Request::get("/api/v1/openapi.json").body(Body::empty());
        let (status, document) = send(w, request.unwrap()).await;
        assert_eq!(status, StatusCode::OK);
        Self(document)
    }

    pub fn document(&self) -> &Value {
        &self.0
    }

    /// Method, path and description of every operation.
    fn all(&self) -> impl Iterator<Item = (&str, &str, &Value)> {
        let paths = self.0["paths"].as_object().unwrap();
        paths.iter().flat_map(|(path, item)| {
            let methods = item.as_object().unwrap().iter();
            methods.map(move |(method, operation)| (method.as_str(), path.as_str(), operation))
        })
    }

    pub fn operations(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self
            .all()
            .map(|(_, _, operation)| operation["operationId"].as_str().unwrap())
            .collect();
        names.sort_unstable();
        names
    }

    /// Asks as the description says, and holds the answer against it.
    pub async fn ask(
        &self,
        w: &World,
        name: &str,
        token: Option<&str>,
        query: &str,
        body: Option<&Value>,
    ) -> Foretold {
        let (method, path, operation) = self
            .all()
            .find(|(_, _, operation)| operation["operationId"] == name)
            .unwrap();
        let mut request = Request::builder()
            .method(method.to_ascii_uppercase().as_str())
            .uri(format!("{path}?{query}"))
            .header(header::ACCEPT, "application/json");
        if let Some(token) = token {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        let body = body.map(|body| {
            assert!(operation["requestBody"].is_object(), "{name} takes no body");
            body.to_string()
        });
        if body.is_some() {
            request = request.header(header::CONTENT_TYPE, "application/json");
        }
        let sent = body.clone();
        let request = request.body(body.map_or_else(Body::empty, Body::from));
        let (status, body) = send(w, request.unwrap()).await;
        if let Some(sent) = sent.filter(|_| status.is_success()) {
            let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
            self.assert_fits(schema, &serde_json::from_str(&sent).unwrap(), true);
        }
        let foretold = &operation["responses"][status.as_str()];
        assert!(
            foretold.is_object(),
            "{name} answered {status}, of which the description says nothing: {body}"
        );
        let schema = &foretold["content"]["application/json"]["schema"];
        self.assert_fits(schema, &body, status.is_success());
        let codes = foretold["description"].as_str().unwrap().to_owned();
        Foretold {
            status,
            body,
            codes,
        }
    }

    fn assert_fits(&self, schema: &Value, body: &Value, exactly: bool) {
        let mut whole = schema.clone();
        whole["components"] = self.0["components"].clone();
        if exactly {
            close(&mut whole["components"]["schemas"]);
        }
        let validator = jsonschema::draft202012::options()
            .should_validate_formats(true)
            .build(&whole)
            .unwrap();
        let faults: Vec<String> = validator
            .iter_errors(body)
            .map(|fault| format!("{} at {}", fault, fault.instance_path()))
            .collect();
        assert!(faults.is_empty(), "{body}\n{}", faults.join("\n"));
    }

    pub fn allows(&self, schema: &str, body: &Value) -> bool {
        let whole = json!({
            "$ref": format!("#/components/schemas/{schema}"),
            "components": self.0["components"],
        });
        jsonschema::draft202012::is_valid(&whole, body)
    }

    pub fn required(&self, schema: &str) -> Vec<String> {
        let names = &self.0["components"]["schemas"][schema]["required"];
        serde_json::from_value(names.clone()).unwrap()
    }

    pub fn assert_references(&self) {
        let mut found = BTreeSet::new();
        references(&self.0, &mut found);
        assert!(found.len() > 10, "{found:?}");
        for reference in found {
            let place = reference.strip_prefix('#').unwrap();
            assert!(self.0.pointer(place).is_some(), "{reference} leads nowhere");
        }
    }
}

/// Nothing may be sent of which the description does not speak.
fn close(schema: &mut Value) {
    match schema {
        Value::Object(fields) => {
            if fields.get("properties").is_some_and(Value::is_object) {
                fields.insert("additionalProperties".into(), false.into());
            }
            fields.values_mut().for_each(close);
        }
        Value::Array(items) => items.iter_mut().for_each(close),
        _ => {}
    }
}

fn references(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            if let Some(Value::String(reference)) = fields.get("$ref") {
                found.insert(reference.clone());
            }
            fields.values().for_each(|value| references(value, found));
        }
        Value::Array(items) => items.iter().for_each(|value| references(value, found)),
        _ => {}
    }
}
