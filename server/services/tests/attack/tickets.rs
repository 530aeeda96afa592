//! Tickets that nobody sold.

use std::collections::BTreeMap;

use domain::{
    checkin::{Context, Place, Way, decide},
    ids::{EventId, TicketId},
    tickets::{Claims, KeyRing, PublicKey, SigningKey, TicketCode, read, sign},
    when::{Minute, Timestamp, ValidityWindow},
};
use testkit::{Attack, tries};
use uuid::Uuid;

use crate::chance::Chance;

const KEY: u32 = 7;
const OLD_KEY: u32 = 6;
const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
/// The order of the curve's group, least significant byte first: a signature plus this is another spelling of it.
const ORDER: [u8; 32] = [
    0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
];

static PLACE: Place = Place {
    gate: String::new(),
    lists: Vec::new(),
    openings: Vec::new(),
    type_notes: BTreeMap::new(),
};

struct Door {
    chance: Chance,
    ours: SigningKey,
    theirs: SigningKey,
    ring: KeyRing,
    event: EventId,
    other: EventId,
    at: Context<'static>,
}

impl Door {
    fn new() -> Self {
        let (ours, theirs) = (
            SigningKey::from_bytes(&[1; 32]),
            SigningKey::from_bytes(&[2; 32]),
        );
        let event = EventId::new(Uuid::from_u128(11));
        let hour = |hour: i64| Timestamp::from_second(hour * 3600).unwrap();
        Self {
            chance: Chance::new(2),
            ring: KeyRing::new(vec![PublicKey::of(KEY, &ours)]),
            ours,
            theirs,
            event,
            other: EventId::new(Uuid::from_u128(12)),
            at: Context {
                event_tag: event.into(),
                event_cancelled: false,
                now: hour(500_000),
                window: ValidityWindow {
                    from: hour(499_999),
                    until: hour(500_005),
                },
                place: &PLACE,
                way: Way::In,
            },
        }
    }

    fn admits(&self, text: &str) -> bool {
        decide(&read(text, &self.ring), None, &self.at)
            .verdict
            .admits()
    }

    fn claims(&self, event: EventId) -> Claims {
        let ticket = TicketId::new(Uuid::from_u128(u128::from(self.chance.number())));
        let window = (self.at.window.from, self.at.window.until);
        Claims::new(KEY, ticket, event, 3, window)
    }

    /// Something like a ticket, made from genuine ones.
    fn forged(&self, kind: usize) -> String {
        let genuine = sign(&self.claims(self.event), &self.ours);
        let text = genuine.as_str();
        let mut bytes = bytes_of(text);
        let signature = bytes.len() - 64;
        match kind {
            0..=3 => {
                for _ in 0..=self.chance.below(8) {
                    let bit = self.chance.below(bytes.len() * 8);
                    bytes[bit / 8] ^= 1 << (bit % 8);
                }
                // Bits that were flipped twice are as they were.
                if bytes == bytes_of(text) {
                    bytes[signature] ^= 1;
                }
                text_of(&bytes)
            }
            4 => text[..self.chance.below(text.len())].to_owned(),
            5 => format!("{text}{}", "A".repeat(1 + self.chance.below(3000))),
            // Another organization's key, whatever number it says.
            6 => sign(&self.claims(self.event), &self.theirs).to_string(),
            7 => sign(&self.claims(self.other), &self.ours).to_string(),
            // The signature of one ticket under another.
            8 => {
                let other = bytes_of(sign(&self.claims(self.event), &self.ours).as_str());
                bytes[signature..].copy_from_slice(&other[signature..]);
                text_of(&bytes)
            }
            // One that is over, and one that is not yet, made to fit by hand.
            9 => {
                let late = Claims {
                    valid_until: Minute(0),
                    ..self.claims(self.event)
                };
                bytes[..signature - 9]
                    .copy_from_slice(&bytes_of(sign(&late, &self.ours).as_str())[..signature - 9]);
                text_of(&bytes)
            }
            10 => {
                let claims = Claims {
                    key_id: [OLD_KEY, 0, u32::MAX, KEY + 1][self.chance.below(4)],
                    ..self.claims(self.event)
                };
                sign(&claims, &self.ours).to_string()
            }
            11 => {
                let shift = Minute(u32::MAX - u32::try_from(self.chance.below(9999)).unwrap());
                let early = Claims {
                    valid_from: shift,
                    valid_until: Minute(u32::MAX),
                    ..self.claims(self.event)
                };
                sign(&early, &self.ours).to_string()
            }
            12 => {
                let mut carry = 0_u16;
                for (byte, of) in bytes[signature + 32..].iter_mut().zip(ORDER) {
                    let sum = u16::from(*byte) + u16::from(of) + carry;
                    carry = sum >> 8;
                    *byte = sum.to_le_bytes()[0];
                }
                text_of(&bytes)
            }
            13 => {
                // Points of small order, and nothing at all, as the first half of a signature.
                let weak = [[0; 32], [0xff; 32], {
                    let mut one = [0; 32];
                    one[0] = 1;
                    one
                }];
                bytes[signature..signature + 32].copy_from_slice(&weak[self.chance.below(3)]);
                if self.chance.below(2) == 0 {
                    bytes[signature + 32..].fill(0);
                }
                text_of(&bytes)
            }
            14 => {
                // A letter that looks the same, or stands beside it.
                let like = [
                    "А", "Ｂ", "0", "1", "8", "Ο", "І", "ſ", "\u{200b}", " ", "=", "-",
                ];
                let place = 3 + self.chance.below(text.len() - 3);
                let letter = self.chance.of(&like);
                format!("{}{letter}{}", &text[..place], &text[place + 1..])
            }
            15 => {
                let place = 3 + self.chance.below(text.len() - 3);
                let letter = char::from(ALPHABET[self.chance.below(32)]);
                let changed = format!("{}{letter}{}", &text[..place], &text[place + 1..]);
                if changed == text {
                    String::new()
                } else {
                    changed
                }
            }
            16 => String::from_utf8_lossy(&self.chance.bytes(170)).into_owned(),
            17 => {
                let guess: String = (0..167)
                    .map(|_| char::from(ALPHABET[self.chance.below(32)]))
                    .collect();
                format!("BT1{guess}")
            }
            // Two parts swapped.
            18 => {
                let (a, b) = (self.chance.below(52), 52 + self.chance.below(51));
                bytes.swap(a, b);
                if bytes == bytes_of(text) {
                    bytes.reverse();
                }
                text_of(&bytes)
            }
            _ => format!(
                "{}{text}",
                ["BT2", "BT", "https://bilten.test/", "bt1", "\0"][self.chance.below(5)]
            ),
        }
    }
}

fn text_of(bytes: &[u8]) -> String {
    let mut text = "BT1".to_owned();
    let bit = |at: usize| {
        bytes
            .get(at / 8)
            .map_or(0, |byte| (byte >> (7 - at % 8)) & 1)
    };
    for at in (0..bytes.len() * 8).step_by(5) {
        let five = (at..at + 5).fold(0, |five, at| five << 1 | bit(at));
        text.push(char::from(ALPHABET[usize::from(five)]));
    }
    text
}

fn bytes_of(text: &str) -> Vec<u8> {
    let mut bytes = vec![0_u8; 104];
    let fives = text
        .bytes()
        .skip(3)
        .map(|sign| ALPHABET.iter().position(|known| *known == sign).unwrap());
    for (at, bit) in fives
        .flat_map(|five| (0..5).rev().map(move |place| five >> place & 1))
        .enumerate()
    {
        if at < 104 * 8 && bit == 1 {
            bytes[at / 8] |= 0x80 >> (at % 8);
        }
    }
    bytes
}

#[test]
fn forged_tickets_admit_nobody() {
    let door = Door::new();
    let mut attack = Attack::on("tickets altered, cut, of others, signed by others");
    let count = tries(20_000, 1_000_000);
    for number in 0..count {
        let text = door.forged(number % 20);
        attack.note(door.admits(&text), || {
            format!("kind {}: {text}", number % 20)
        });
    }
    attack.end(count);
}

#[test]
fn genuine_tickets_all_admit() {
    let door = Door::new();
    for _ in 0..tries(1000, 50_000) {
        let code = sign(&door.claims(door.event), &door.ours);
        assert_eq!(text_of(&bytes_of(code.as_str())), code.as_str());
        assert!(door.admits(code.as_str()), "{code}");
        assert!(TicketCode::parse(code.as_str()).is_ok());
    }
}
