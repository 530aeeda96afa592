//! A link that lets Google's wallet save a ticket: what is to be saved, signed by the issuer (RS256), stands in the address.
//! <https://developers.google.com/wallet/tickets/events/web>

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use locales::Locale;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::facts::{Facts, Holder, facts};
use crate::{Services, Unexpected, ports::SaveSigner};

/// Where such links lead.
const SAVE: &str = "https://pay.google.com/gp/v/save/";

/// Bytes of a name. Google promises to take tokens of 1800 characters, so long names are cut and only what a door and its
/// guest need is said.
const LONGEST: usize = 60;

/// `None` where it is not set up, and where [`Holder`] opens no ticket that admits.
pub async fn google_link(
    sv: &Services,
    holder: Holder<'_>,
    l: Locale,
) -> Result<Option<String>, Unexpected> {
    let Some(signer) = sv.google_wallet.as_deref() else {
        return Ok(None);
    };
    let Some(facts) = facts(sv, holder).await? else {
        return Ok(None);
    };
    let claims = json!({
        "iss": signer.account(),
        "aud": "google",
        "typ": "savetowallet",
        "iat": sv.now().as_second(),
        "payload": payload(&facts, signer, l),
    });
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let head = json!({ "alg": "RS256", "typ": "JWT" });
    let signed = format!("{}.{}", part(&head), part(&claims));
    let signature = signer
        .sign(signed.as_bytes())
        .map_err(|e| Unexpected::new("wallet link", e))?;
    let signature = URL_SAFE_NO_PAD.encode(signature);
    Ok(Some(format!("{SAVE}{signed}.{signature}")))
}

/// The event, which Google keeps when the first ticket to it is saved, and the ticket.
fn payload(facts: &Facts, signer: &dyn SaveSigner, l: Locale) -> Value {
    let text = |text: &str| json!({ "defaultValue": { "language": l.code(), "value": cut(text) } });
    // Google keeps what it was told first of a class; of an event that was moved it has to hear anew.
    let about = format!(
        "{} {} {} {}",
        facts.title,
        facts.starts,
        facts.ends,
        l.code()
    );
    let digest = URL_SAFE_NO_PAD.encode(&Sha256::digest(about)[..6]);
    let class = format!(
        "{}.{}-{digest}",
        signer.issuer(),
        facts.event.get().simple()
    );
    let object = format!("{}.{}", signer.issuer(), facts.ticket.get().simple());
    let event = json!({
        "id": class,
        "issuerName": cut(&facts.organizer),
        "reviewStatus": "UNDER_REVIEW",
        "eventName": text(&facts.title),
        "dateTime": { "start": facts.starts, "end": facts.ends },
    });
    let ticket = json!({
        "id": object,
        "classId": class,
        "state": "ACTIVE",
        "ticketHolderName": cut(&facts.holder),
        "ticketType": text(&facts.kind),
        "barcode": { "type": "QR_CODE", "value": facts.code },
    });
    json!({ "eventTicketClasses": [event], "eventTicketObjects": [ticket] })
}

fn cut(text: &str) -> String {
    let mut cut = String::new();
    for sign in text.chars() {
        if cut.len() + sign.len_utf8() > LONGEST {
            break;
        }
        cut.push(sign);
    }
    cut
}
