//! The Commission's register of VAT ids (VIES), asked over its REST interface.
//!
//! A question is `POST check-vat-number`. An answer says `valid`; a failure says `actionSucceed: false` and names itself in
//! `errorWrappers`, also with status 200. Who asks in the name of a VAT id of their own gets an identifier as evidence.

use async_trait::async_trait;
use domain::pricing::VatId;
use reqwest::{
    Method, Request,
    header::{ACCEPT, CONTENT_TYPE, HeaderValue},
};
use serde::Deserialize;
use services::ports::{PortError, VatRegister, VatTold};
use url::Url;

use crate::{
    config::VatRegister as Settings,
    outbound::{Outbound, OutboundError},
};

/// The register of the settings.
pub struct Vies {
    question: Url,
    requester: Option<VatId>,
    out: Outbound,
}

impl Vies {
    /// Asks nobody yet.
    pub fn new(settings: &Settings) -> Result<Self, PortError> {
        let refused = |e: &dyn std::fmt::Display| PortError::Refused(e.to_string());
        let base = settings.url.as_str().trim_end_matches('/');
        let question = Url::parse(&format!("{base}/check-vat-number")).map_err(|e| refused(&e))?;
        Ok(Self {
            out: Outbound::new([], question.host_str()).map_err(|e| refused(&e))?,
            requester: settings.requester.parse().ok(),
            question,
        })
    }

    fn request(&self, id: &VatId) -> Result<Request, PortError> {
        let (country, number) = split(id);
        let mut body = serde_json::json!({ "countryCode": country, "vatNumber": number });
        if let (Some(own), Some(body)) = (&self.requester, body.as_object_mut()) {
            let (country, number) = split(own);
            body.insert("requesterMemberStateCode".to_owned(), country.into());
            body.insert("requesterNumber".to_owned(), number.into());
        }
        let mut request = Request::new(Method::POST, self.question.clone());
        let headers = request.headers_mut();
        let json = HeaderValue::from_static("application/json");
        headers.insert(CONTENT_TYPE, json.clone());
        headers.insert(ACCEPT, json);
        *request.body_mut() = Some(body.to_string().into());
        Ok(request)
    }
}

/// The register's own prefix (EL for Greece), and what comes after it.
fn split(id: &VatId) -> (&str, &str) {
    id.as_str().split_at_checked(2).unwrap_or_default()
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Told {
    valid: Option<bool>,
    request_identifier: Option<String>,
    user_error: Option<String>,
    error_wrappers: Vec<Fault>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Fault {
    error: String,
}

#[async_trait]
impl VatRegister for Vies {
    async fn ask(&self, id: &VatId) -> Result<VatTold, PortError> {
        let answer = match self.out.send(self.request(id)?).await {
            Ok(answer) => answer,
            Err(e @ OutboundError::Forbidden(_)) => return Err(PortError::Refused(e.to_string())),
            Err(e @ (OutboundError::TooLarge | OutboundError::Failed(_))) => {
                return Err(PortError::Unavailable(e.to_string()));
            }
        };
        // Errors come as JSON with whatever status; a page of a gateway in between is no JSON.
        let told: Told = serde_json::from_slice(&answer.body).map_err(|_| {
            PortError::Unavailable(format!("status {} without JSON", answer.status))
        })?;
        read(answer.status, told)
    }
}

fn read(status: u16, told: Told) -> Result<VatTold, PortError> {
    let fault = told
        .error_wrappers
        .into_iter()
        .map(|fault| fault.error)
        .chain(told.user_error)
        .find(|code| !matches!(code.as_str(), "" | "VALID" | "INVALID"));
    match (fault.as_deref(), told.valid) {
        (None, Some(valid)) if status == 200 => Ok(VatTold {
            valid,
            identifier: told.request_identifier.unwrap_or_default(),
        }),
        // No state gives out ids of such a form.
        (Some("INVALID_INPUT"), _) => Ok(VatTold {
            valid: false,
            identifier: String::new(),
        }),
        // Ours is wrong, or we are not wanted: asking again would not help.
        (Some(code @ ("INVALID_REQUESTER_INFO" | "VAT_BLOCKED" | "IP_BLOCKED")), _) => {
            Err(PortError::Refused(code.to_owned()))
        }
        (Some(code), _) => Err(PortError::Unavailable(code.chars().take(60).collect())),
        (None, _) => Err(PortError::Unavailable(format!("status {status}"))),
    }
}

#[cfg(test)]
mod tests;
