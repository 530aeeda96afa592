use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::{
    ids::{EventId, TicketId},
    tickets::PublicKey,
    when::{Minute, Timestamp},
};

const KEY_ID: u32 = 7;

fn key(seed: u8) -> SigningKey {
    SigningKey::from_bytes(&[seed; 32])
}

fn ring() -> KeyRing {
    KeyRing::new(vec![
        PublicKey::of(KEY_ID, &key(1)),
        PublicKey::of(8, &key(2)),
    ])
}

fn claims() -> Claims {
    let at = |second| Timestamp::from_second(second).unwrap();
    let event = EventId::new(Uuid::from_u128(0x0123_4567_89ab_cdef_fedc_ba98_7654_3210));
    Claims::new(
        KEY_ID,
        TicketId::new(Uuid::from_u128(42)),
        event,
        3,
        (at(600), at(1201)),
    )
}

fn text_of(bytes: &[u8]) -> String {
    let mut text = PREFIX.to_owned();
    base32::encode(bytes, &mut text);
    text
}

fn bytes_of(code: &TicketCode) -> [u8; CODE] {
    base32::decode(&code.as_str()[PREFIX.len()..]).unwrap()
}

#[test]
fn the_layout_never_changes() {
    let code = sign(&claims(), &key(1));
    assert_eq!((code.as_str().len(), TicketCode::LENGTH), (170, 170));
    let bytes = bytes_of(&code);
    let body: [u8; BODY] = [
        1, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 42, 0xfe, 0xdc, 0xba, 0x98,
        0x76, 0x54, 0x32, 0x10, 0, 3, 0, 0, 0, 10, 0, 0, 0, 21, 0,
    ];
    assert_eq!(bytes[..BODY], body);
    assert!(
        code.as_str()
            .bytes()
            .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
    );
}

#[test]
fn hands_and_scanners_are_forgiven() {
    let code = sign(&claims(), &key(1));
    assert_eq!(read(code.as_str(), &ring()), Ok(claims()));
    assert_eq!(
        read(&format!(" {}\r\n", code.as_str().to_lowercase()), &ring()),
        Ok(claims())
    );
}

#[test]
fn keys_decide() {
    assert_eq!(
        read(sign(&claims(), &key(2)).as_str(), &ring()),
        Err(CodeFault::Forged)
    );
    let unknown = Claims {
        key_id: 9,
        ..claims()
    };
    assert_eq!(
        read(sign(&unknown, &key(1)).as_str(), &ring()),
        Err(CodeFault::UnknownKey)
    );
    let weak = KeyRing::new(vec![PublicKey {
        key_id: KEY_ID,
        key: [0; 32],
    }]);
    assert_eq!(
        read(sign(&claims(), &key(1)).as_str(), &weak),
        Err(CodeFault::Forged)
    );
}

#[test]
fn a_signature_for_something_else_is_no_ticket() {
    let body = claims().to_bytes();
    let signature = key(1).sign(&body).to_bytes();
    assert_eq!(
        read(
            TicketCode::of(&UnverifiedCode { body, signature }).as_str(),
            &ring()
        ),
        Err(CodeFault::Forged)
    );
}

#[test]
fn other_texts_are_told_apart() {
    let not = |looks_like| Err(CodeFault::NotBilten { looks_like });
    for (text, fault) in [
        ("", not(LooksLike::Empty)),
        ("  \n", not(LooksLike::Empty)),
        ("https://example.org/x", not(LooksLike::Url)),
        ("HTTP://EXAMPLE.ORG", not(LooksLike::Url)),
        ("www.example.org", not(LooksLike::Url)),
        ("4006381333931", not(LooksLike::Text)),
        ("ab", not(LooksLike::Text)),
        ("تذكرة", not(LooksLike::Text)),
        ("BT2 tickets", not(LooksLike::Text)),
        ("BT1", Err(CodeFault::Damaged)),
        ("BT1ABC", Err(CodeFault::Damaged)),
    ] {
        assert_eq!(TicketCode::parse(text), fault, "{text}");
    }
    let later = sign(&claims(), &key(1)).as_str().replacen("BT1", "BT2", 1);
    assert_eq!(
        TicketCode::parse(&later),
        Err(CodeFault::UnsupportedVersion)
    );
    let truncated = &sign(&claims(), &key(1)).as_str()[..169].to_owned();
    assert_eq!(TicketCode::parse(truncated), Err(CodeFault::Damaged));
}

#[test]
fn every_flipped_bit_is_refused() {
    let bytes = bytes_of(&sign(&claims(), &key(1)));
    for bit in 0..CODE * 8 {
        let mut flipped = bytes;
        flipped[bit / 8] ^= 1 << (bit % 8);
        assert!(read(&text_of(&flipped), &ring()).is_err(), "bit {bit}");
    }
}

#[test]
fn every_changed_character_is_refused() {
    let code = sign(&claims(), &key(1));
    for place in 0..TicketCode::LENGTH {
        let mut text = code.as_str().as_bytes().to_vec();
        text[place] = if text[place] == b'Q' { b'R' } else { b'Q' };
        assert!(
            read(std::str::from_utf8(&text).unwrap(), &ring()).is_err(),
            "character {place}"
        );
    }
}

#[test]
fn keys_cross_the_wire_as_base64() {
    let json = serde_json::to_string(&ring()).unwrap();
    assert_eq!(serde_json::from_str::<KeyRing>(&json).unwrap(), ring());
    assert!(serde_json::from_str::<KeyRing>(r#"[{"key_id":1,"key":"AAAA"}]"#).is_err());
    let json = serde_json::to_string(&claims()).unwrap();
    assert_eq!(serde_json::from_str::<Claims>(&json).unwrap(), claims());
}

#[test]
fn codes_stay_out_of_logs() {
    let code = sign(&claims(), &key(1));
    assert_eq!(format!("{code:?}"), "TicketCode(***)");
}

proptest! {
    #[test]
    fn codes_survive(ticket: u128, event: u128, type_number: u16, from: u32, until: u32, flags: u8) {
        let claims = Claims {
            ticket: TicketId::new(Uuid::from_u128(ticket)),
            event_tag: EventId::new(Uuid::from_u128(event)).into(),
            type_number,
            valid_from: Minute(from),
            valid_until: Minute(until),
            flags,
            ..claims()
        };
        prop_assert_eq!(read(sign(&claims, &key(1)).as_str(), &ring()), Ok(claims));
    }

    #[test]
    fn no_text_breaks_reading(text in "(BT[0-9])?\\PC*") {
        prop_assert!(read(&text, &ring()).is_err());
    }
}
