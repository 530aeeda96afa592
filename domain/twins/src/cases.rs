//! The cases: a scanned text, what a list says about it, where and when; the logs of several doors; names as people type
//! them.

use domain::{
    checkin::{
        Admission, CheckInList, Context, Opening, Place, RosterEntry, ScanKind, ScanRecord,
        Standing, Uses, Way, decide, merge, pack, unpack,
    },
    ids::{CheckInId, CheckInListId, DeviceId, EventId, TicketId},
    text::{Wanted, search_key},
    tickets::{Claims, CodeFault, EventTag, KeyRing, PublicKey, SigningKey, read, sign},
    when::{Timestamp, ValidityWindow},
};
use uuid::Uuid;

use crate::chance::Chance;

const KEY: u32 = 3;
/// Signing takes long; so many codes serve all cases of a run.
const CODES: u32 = 256;
const DAY: u32 = 86_400;
const EVENING: i64 = 1_800_000_000;
const SIGNS: &str =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567018abz -=.:/?\u{200b}\u{e9}\u{17f}\u{430}\u{627}\u{ff22}";
const LETTERS: &str = "aeiouAEIOUlmnrstÄÖÜäöüßčšžČŠŽłŁøØåÅéèêñçğıİşÞðæœ'-. \u{300}\u{301}\u{30c}\u{640}\u{64e}اأإآىيةهنمر٠١٢０１Ａｂﬁ한글日本";

/// Everything that cases of one seed share.
pub struct Cases {
    seed: u32,
    ring: KeyRing,
    codes: Vec<(String, Claims)>,
}

impl Cases {
    pub fn new(seed: u32) -> Self {
        let [ours, theirs] = [1, 2].map(|seed| SigningKey::from_bytes(&[seed; 32]));
        let mut chance = Chance::new(u64::from(seed) << 32 | 0xffff_ffff);
        let codes = (0..CODES)
            .map(|number| {
                let claims = claims(&mut chance);
                let key = if number % 8 == 0 { &theirs } else { &ours };
                (sign(&claims, key).to_string(), claims)
            })
            .collect();
        Self {
            seed,
            ring: KeyRing::new(vec![PublicKey::of(KEY, &ours)]),
            codes,
        }
    }

    /// What the rules say to a case.
    pub fn answer(&self, number: u32) -> String {
        let chance = &mut Chance::new(u64::from(self.seed) << 32 | u64::from(number));
        match number % 8 {
            6 => together(chance),
            7 => named(chance),
            _ => self.scan(chance),
        }
    }

    fn scan(&self, chance: &mut Chance) -> String {
        let scan = self.scanned(chance);
        let about = scan.unwrap_or_else(|_| claims(chance));
        let known = (!chance.one_in(4)).then(|| entry(chance, &about));
        // As a scanner has it: out of the list it was sent.
        let packed = pack(known.iter());
        let entry = unpack(&packed).unwrap_or_default().pop();
        if entry != known {
            return format!("{known:?} became {entry:?}");
        }
        let place = place(chance);
        let context = context(chance, &about, &place);
        let decision = decide(&scan, entry.as_ref(), &context);
        let verdict = decision.verdict;
        format!(
            "{packed:?} {scan:?} {verdict:?} {:?} {} {:?} {}",
            decision.list,
            verdict.code(),
            verdict.tone(),
            serde_json::to_string(&verdict).unwrap_or_default()
        )
    }

    fn scanned(&self, chance: &mut Chance) -> Result<Claims, CodeFault> {
        let drawn = chance.pick(&self.codes).cloned();
        let Some((code, _)) = drawn.filter(|_| chance.one_in(2)) else {
            return Ok(claims(chance));
        };
        let shown = match chance.below(5) {
            0 => code,
            1 => format!("  {}\t", code.to_ascii_lowercase()),
            2 => {
                // Another sign somewhere.
                let place = chance.below(u32::try_from(code.len()).unwrap_or(0));
                let sign = text(chance, SIGNS, 1);
                code.char_indices()
                    .map(|(at, known)| match u32::try_from(at) {
                        Ok(at) if at == place => sign.clone(),
                        _ => known.to_string(),
                    })
                    .collect()
            }
            3 => code
                .chars()
                .take(usize::try_from(chance.below(175)).unwrap_or(0))
                .collect(),
            _ => format!(
                "{}{}",
                chance
                    .pick(&["BT1", "BT2", "bt", "https://", ""])
                    .copied()
                    .unwrap_or_default(),
                text(chance, SIGNS, 180)
            ),
        };
        read(&shown, &self.ring)
    }
}

/// A name folded for searching, and how well what somebody typed fits it.
fn named(chance: &mut Chance) -> String {
    let key = search_key(&text(chance, LETTERS, 24));
    let typed = text(chance, LETTERS, 8);
    let fits = Wanted::of(&typed).and_then(|mut wanted| wanted.resembles(&key));
    format!("{key} {fits:?}")
}

fn text(chance: &mut Chance, signs: &str, most: u32) -> String {
    let signs: Vec<char> = signs.chars().collect();
    (0..chance.below(most).saturating_add(1))
        .filter_map(|_| chance.pick(&signs).copied())
        .collect()
}

fn id(chance: &mut Chance, end: u32) -> Uuid {
    Uuid::from_u128(u128::from(chance.below(end)))
}

/// Mostly on the evening itself; now and then at the ends of time.
fn instant(chance: &mut Chance) -> Timestamp {
    let second = match chance.below(12) {
        0 => 0,
        1 => -i64::from(chance.below(u32::MAX)),
        2 => i64::from(chance.below(u32::MAX)).saturating_mul(50),
        _ => EVENING.saturating_add(i64::from(chance.below(DAY))),
    };
    let millis = i64::from(chance.below(1000));
    Timestamp::from_millisecond(second.saturating_mul(1000).saturating_add(millis))
        .unwrap_or(Timestamp::UNIX_EPOCH)
}

fn window(chance: &mut Chance) -> ValidityWindow {
    ValidityWindow {
        from: instant(chance).min(instant(chance)),
        until: instant(chance).max(instant(chance)),
    }
}

fn claims(chance: &mut Chance) -> Claims {
    let key = if chance.one_in(10) { 9 } else { KEY };
    let ticket = TicketId::new(id(chance, 50));
    let event = EventId::new(id(chance, 3));
    let number = u16::try_from(chance.below(5)).unwrap_or(0);
    let window = window(chance);
    Claims::new(key, ticket, event, number, (window.from, window.until))
}

fn context<'a>(chance: &mut Chance, about: &Claims, place: &'a Place) -> Context<'a> {
    let event_tag = if chance.one_in(6) {
        EventTag::of(EventId::new(id(chance, 3)))
    } else {
        about.event_tag
    };
    Context {
        event_tag,
        event_cancelled: chance.one_in(12),
        now: instant(chance),
        window: window(chance),
        place,
        way: if chance.one_in(8) { Way::Out } else { Way::In },
    }
}

fn gate(chance: &mut Chance) -> String {
    let gates = ["", "North", "South"];
    chance.pick(&gates).copied().unwrap_or_default().to_owned()
}

fn uses(chance: &mut Chance) -> Uses {
    Uses {
        times: u16::try_from(chance.below(3)).unwrap_or(0),
        reentry: chance.one_in(2),
    }
}

fn list_id(chance: &mut Chance) -> Option<CheckInListId> {
    (!chance.one_in(3)).then(|| CheckInListId::new(id(chance, 3)))
}

/// A door with up to three lists, gates opened by hand, and things to look at.
fn place(chance: &mut Chance) -> Place {
    let number = |chance: &mut Chance| u16::try_from(chance.below(5)).unwrap_or(0);
    Place {
        gate: gate(chance),
        lists: (0..chance.below(4))
            .map(|_| CheckInList {
                id: CheckInListId::new(id(chance, 3)),
                name: String::new(),
                types: chance
                    .one_in(2)
                    .then(|| (0..3).map(|_| number(chance)).collect()),
                gates: chance
                    .one_in(2)
                    .then(|| (0..2).map(|_| gate(chance)).collect()),
                window: window(chance),
                uses: uses(chance),
            })
            .collect(),
        openings: (0..chance.below(3))
            .map(|_| Opening {
                gate: gate(chance),
                type_number: number(chance),
            })
            .collect(),
        type_notes: (0..chance.below(2))
            .map(|_| (number(chance), text(chance, LETTERS, 12)))
            .collect(),
    }
}

fn entry(chance: &mut Chance, about: &Claims) -> RosterEntry {
    let mut entry = RosterEntry::new_to_device(about);
    if chance.one_in(10) {
        entry.ticket = TicketId::new(id(chance, 50));
    }
    entry.state = match chance.below(6) {
        0 => Standing::Cancelled,
        1 => Standing::Replaced,
        2 => Standing::Blocked,
        _ => Standing::Valid,
    };
    entry.note = chance.one_in(4).then(|| text(chance, LETTERS, 12));
    entry.admitted = (0..chance.below(4)).map(|_| admission(chance)).collect();
    entry
}

fn admission(chance: &mut Chance) -> Admission {
    Admission {
        at: instant(chance),
        gate: chance.one_in(2).then(|| text(chance, LETTERS, 12)),
        device: DeviceId::new(id(chance, 4)),
        list: list_id(chance),
        exit: chance.one_in(4),
    }
}

/// The logs of several doors, in which everything collides.
fn together(chance: &mut Chance) -> String {
    let lines: Vec<ScanRecord> = (0..chance.below(30)).map(|_| line(chance)).collect();
    let uses = uses(chance);
    format!("{:?}", merge(lines, |_, _| uses))
}

fn line(chance: &mut Chance) -> ScanRecord {
    let kind = match chance.below(8) {
        0 | 1 => ScanKind::Undo {
            of: CheckInId::new(id(chance, 20)),
        },
        2 => ScanKind::Exit,
        3 => ScanKind::Force,
        _ => ScanKind::Admit,
    };
    ScanRecord {
        at: instant(chance),
        counter: chance.number() % 5,
        device: DeviceId::new(id(chance, 4)),
        id: CheckInId::new(id(chance, 20)),
        ticket: TicketId::new(id(chance, 4)),
        gate: chance.one_in(2).then(|| text(chance, LETTERS, 12)),
        list: list_id(chance),
        kind,
    }
}
