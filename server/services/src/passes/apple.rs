//! A pass for Apple's wallet: a package of what stands on it, pictures, words in each language, a list of digests of all of
//! that, and a signature over the list.
//! <https://developer.apple.com/library/archive/documentation/UserExperience/Conceptual/PassKit_PG/Creating.html>

use std::{
    collections::BTreeMap,
    io::{Cursor, Write as _},
    sync::Arc,
};

use domain::when::Timestamp;
use image::{ImageFormat, imageops::FilterType};
use locales::{Locale, passes as t};
use serde_json::{Value, json};
use sha1::{Digest, Sha1};
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

use super::facts::{Facts, Holder, facts};
use crate::{Services, Unexpected, ports::PassSigner};

/// Our own mark.
const MARK: &[u8] = include_bytes!("../../../../public/scan/icon-192.png");

/// Names and sides that the wallet asks for: the icon on the lock screen, the logo on the pass, for plain and sharp screens.
const PICTURES: [(&str, u32); 6] = [
    ("icon.png", 29),
    ("icon@2x.png", 58),
    ("icon@3x.png", 87),
    ("logo.png", 50),
    ("logo@2x.png", 100),
    ("logo@3x.png", 150),
];

/// A file to be taken away.
#[derive(Debug, Clone)]
pub struct ApplePass {
    pub bytes: Vec<u8>,
}

/// `None` where passes are not set up, and where [`Holder`] opens no ticket that admits.
pub async fn apple_pass(
    sv: &Services,
    holder: Holder<'_>,
) -> Result<Option<ApplePass>, Unexpected> {
    let Some(signer) = sv.apple_wallet.clone() else {
        return Ok(None);
    };
    let Some(facts) = facts(sv, holder).await? else {
        return Ok(None);
    };
    let now = sv.now();
    // Pictures and a signature take milliseconds: not beside requests.
    let made = tokio::task::spawn_blocking(move || packed(&facts, &signer, now)).await;
    let bytes = made.map_err(|e| Unexpected::new("wallet pass", e))??;
    Ok(Some(ApplePass { bytes }))
}

fn packed(
    facts: &Facts,
    signer: &Arc<dyn PassSigner>,
    now: Timestamp,
) -> Result<Vec<u8>, Unexpected> {
    let mut files = BTreeMap::new();
    let pass = pass(facts, signer.as_ref());
    files.insert("pass.json".to_owned(), written(&pass)?);
    for l in Locale::all() {
        let name = format!("{}.lproj/pass.strings", l.code());
        files.insert(name, strings(l, facts).into_bytes());
    }
    for (name, side) in PICTURES {
        files.insert(name.to_owned(), picture(side)?);
    }
    let digests: BTreeMap<&str, String> = files
        .iter()
        .map(|(name, bytes)| (name.as_str(), hex(&Sha1::digest(bytes))))
        .collect();
    let manifest = written(&json!(digests))?;
    let signature = signer
        .sign(&manifest, now)
        .map_err(|e| Unexpected::new("wallet pass", e))?;
    files.insert("manifest.json".to_owned(), manifest);
    files.insert("signature".to_owned(), signature);
    zipped(&files).map_err(|e| Unexpected::new("wallet pass", e))
}

fn written(value: &Value) -> Result<Vec<u8>, Unexpected> {
    serde_json::to_vec(value).map_err(|e| Unexpected::new("wallet pass", e))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// As it is: a few kilobytes, most of them pictures.
fn zipped(files: &BTreeMap<String, Vec<u8>>) -> Result<Vec<u8>, zip::result::ZipError> {
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        zip.start_file(name, options)?;
        zip.write_all(bytes)?;
    }
    Ok(zip.finish()?.into_inner())
}

fn picture(side: u32) -> Result<Vec<u8>, Unexpected> {
    let fault = |e| Unexpected::new("wallet pass", e);
    let mark = image::load_from_memory(MARK).map_err(fault)?;
    let mut bytes = Cursor::new(Vec::new());
    mark.resize_exact(side, side, FilterType::Lanczos3)
        .write_to(&mut bytes, ImageFormat::Png)
        .map_err(fault)?;
    Ok(bytes.into_inner())
}

/// Labels, and values that are ours, are keys of `pass.strings`.
fn pass(facts: &Facts, signer: &dyn PassSigner) -> Value {
    let text =
        |key: &str, label: &str, value: &str| json!({ "key": key, "label": label, "value": value });
    // The clock of the place, whatever the phone's says.
    let time = |key: &str, label: &str, value: &str| {
        json!({ "key": key, "label": label, "value": value, "ignoresTimeZone": true,
                "dateStyle": "PKDateStyleMedium", "timeStyle": "PKDateStyleShort" })
    };
    let place = match facts.online {
        true => "pass_online",
        false => facts.venue.as_str(),
    };
    let mut back = vec![
        time("ends", "pass_ends", &facts.ends),
        text("address", "pass_address", &facts.address),
        text(
            "organizer",
            "pass_organizer",
            &format!("{}, {}", facts.organizer, facts.organizer_email),
        ),
        text("note", "pass_note", "pass_note_text"),
    ];
    if let Some(order) = &facts.order {
        back.insert(0, text("order", "pass_order", order));
    }
    back.retain(|field| field["value"] != "");
    json!({
        "formatVersion": 1,
        "passTypeIdentifier": signer.pass_type(),
        "teamIdentifier": signer.team(),
        "serialNumber": facts.ticket.to_string(),
        "organizationName": facts.organizer,
        "description": "pass_description",
        "logoText": "Bilten",
        "foregroundColor": "rgb(10, 10, 10)",
        "backgroundColor": "rgb(255, 255, 255)",
        "labelColor": "rgb(99, 99, 97)",
        "relevantDate": facts.starts,
        "expirationDate": facts.past,
        "barcodes": [{
            "format": "PKBarcodeFormatQR",
            "message": facts.code,
            "messageEncoding": "iso-8859-1",
        }],
        "eventTicket": {
            "headerFields": [time("starts", "pass_starts", &facts.starts)],
            "primaryFields": [text("event", "pass_event", &facts.title)],
            "secondaryFields": [text("place", "pass_place", place)],
            "auxiliaryFields": [
                text("holder", "pass_holder", &facts.holder),
                text("kind", "pass_kind", &facts.kind),
            ],
            "backFields": back,
        },
    })
}

fn strings(l: Locale, facts: &Facts) -> String {
    let words = [
        ("pass_description", t::description(l, &facts.title)),
        ("pass_starts", t::starts(l).to_owned()),
        ("pass_ends", t::ends(l).to_owned()),
        ("pass_event", t::event(l).to_owned()),
        ("pass_place", t::place(l).to_owned()),
        ("pass_online", t::online(l).to_owned()),
        ("pass_address", t::address(l).to_owned()),
        ("pass_holder", t::holder(l).to_owned()),
        ("pass_kind", t::kind(l).to_owned()),
        ("pass_order", t::order(l).to_owned()),
        ("pass_organizer", t::organizer(l).to_owned()),
        ("pass_note", t::note(l).to_owned()),
        ("pass_note_text", t::note_text(l).to_owned()),
    ];
    words
        .iter()
        .map(|(key, text)| format!("\"{key}\" = \"{}\";\n", escaped(text)))
        .collect()
}

/// For between quotes. Titles are written by people.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace(['\n', '\r'], " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_people_stay_between_their_quotes() {
        assert_eq!(escaped("A \"B\" \\ C\nD"), "A \\\"B\\\" \\\\ C D");
    }

    #[test]
    fn pictures_have_the_sides_that_are_asked_for() {
        for (name, side) in PICTURES {
            let picture = image::load_from_memory(&picture(side).unwrap()).unwrap();
            assert_eq!((picture.width(), picture.height()), (side, side), "{name}");
        }
    }
}
