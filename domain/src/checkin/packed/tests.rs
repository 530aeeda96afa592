use proptest::{collection::vec, option, prelude::*};

use super::*;

fn code() -> impl Strategy<Value = OrderCode> {
    any::<[u8; 8]>().prop_map(OrderCode::from_entropy)
}

fn instant() -> impl Strategy<Value = Timestamp> {
    let (first, last) = (Timestamp::MIN.as_second(), Timestamp::MAX.as_second());
    prop_oneof![
        (1_780_000_000_i64..1_790_000_000, 0..1000).prop_map(|(second, milli)| Timestamp::new(
            second,
            milli * 1_000_000
        )
        .unwrap()),
        (first + 1..last, -999_999_999..999_999_999_i32)
            .prop_map(|(second, nano)| Timestamp::new(second, nano).unwrap()),
        Just(Timestamp::MIN),
        Just(Timestamp::MAX),
    ]
}

fn admission() -> impl Strategy<Value = Admission> {
    let gate = option::of(prop_oneof!["[A-Z]", ".{0,12}"]);
    let list = option::of(0..3_u128);
    (instant(), gate, 0..4_u128, list, any::<bool>()).prop_map(|(at, gate, device, list, exit)| {
        Admission {
            at,
            gate,
            device: DeviceId::new(Uuid::from_u128(device)),
            list: list.map(|list| CheckInListId::new(Uuid::from_u128(list))),
            exit,
        }
    })
}

/// Ids of all sorts: near each other, at the ends, and anywhere.
fn ticket() -> impl Strategy<Value = TicketId> {
    let number = prop_oneof![
        0..9_u128,
        (0..5_u128, 0..3_u128).prop_map(|(milli, n)| (7000 + milli) << 80 | 5 << 16 | n),
        (0..5_u128).prop_map(|n| u128::MAX - n),
        any::<u128>(),
    ];
    number.prop_map(|number| TicketId::new(Uuid::from_u128(number)))
}

fn entry() -> impl Strategy<Value = RosterEntry> {
    let name = option::of(prop_oneof![Just("Ana Novak".to_owned()), ".{0,20}"]);
    let order = option::of(prop_oneof![Just(OrderCode::from_entropy([1; 8])), code()]);
    let rare = (
        prop::sample::select(Standing::all()),
        option::of(".{0,20}"),
        vec(admission(), 0..4),
    );
    (ticket(), 0..4_u16, name, order, rare).prop_map(
        |(ticket, type_number, name, order_code, (state, note, admitted))| RosterEntry {
            ticket,
            type_number,
            state,
            name,
            order_code,
            note,
            admitted,
        },
    )
}

proptest! {
    #[test]
    fn what_was_written_is_read(entries in vec(entry(), 0..40), head: Vec<u8>) {
        let bytes = pack(entries.iter());
        prop_assert_eq!(unpack(&bytes), Ok(entries.clone()));
        let page = pack_behind(&head, entries.iter());
        prop_assert_eq!(unpack_behind(&page), Ok((head.as_slice(), entries)));
    }

    #[test]
    fn a_part_of_a_list_is_none(entries in vec(entry(), 1..10), cut: prop::sample::Index) {
        let bytes = pack(entries.iter());
        prop_assert_eq!(unpack(&bytes[..cut.index(bytes.len())]), Err(Garbled));
        prop_assert_eq!(unpack(&[&bytes[..], &[0]].concat()), Err(Garbled));
    }

    #[test]
    fn garbage_is_refused_without_harm(bytes: Vec<u8>) {
        let _ = unpack(&bytes);
        let _ = unpack(&[&[VERSION, 9][..], &bytes].concat());
        let _ = unpack_behind(&bytes);
    }

    #[test]
    fn a_changed_list_does_no_harm(
        entries in vec(entry(), 1..10),
        changes in vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
    ) {
        let mut bytes = pack(entries.iter());
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        let _ = unpack(&bytes);
    }
}

#[test]
fn a_number_has_no_more_bits_than_fit() {
    let read = |bytes: &[u8]| Reader(bytes).number();
    assert_eq!(
        read(&[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1]),
        Ok(u64::MAX)
    );
    assert_eq!(
        read(&[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2]),
        Err(Garbled)
    );
    assert_eq!(read(&[0x80; 11]), Err(Garbled));
    assert_eq!(read(&[]), Err(Garbled));
}

/// As the server makes them: orders of `1..=most` tickets over a month, five kinds, some called off.
fn sold(tickets: usize, most: u32, named: bool) -> Vec<RosterEntry> {
    let mut state = 1_u64;
    let mut chance = |end: u64| {
        // Numerical Recipes' generator; its high bits are good enough here.
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % end
    };
    let mut entries = Vec::with_capacity(tickets);
    let mut at = 1_780_000_000_000_u128;
    while entries.len() < tickets {
        at += u128::from(chance(52_000 * u64::from(most + 1) / 2));
        let base = at << 80 | u128::from(chance(1 << 31)) << 48 | u128::from(chance(1 << 31)) << 16;
        let order = OrderCode::from_entropy(std::array::from_fn(|_| chance(256) as u8));
        let kind = u16::try_from(chance(5)).unwrap();
        let name = format!(
            "{}ana {}ovak{}",
            b'A' as u64 + chance(26),
            chance(10),
            chance(900)
        );
        for n in 0..=chance(u64::from(most)) {
            entries.push(RosterEntry {
                ticket: TicketId::new(Uuid::from_u128(base + u128::from(n))),
                type_number: kind,
                state: if chance(50) == 0 {
                    Standing::Cancelled
                } else {
                    Standing::Valid
                },
                name: named.then(|| name.clone()),
                order_code: Some(order),
                note: None,
                admitted: Vec::new(),
            });
        }
    }
    entries.truncate(tickets);
    entries
}

#[test]
fn a_hundred_thousand_tickets_are_less_than_a_megabyte() {
    for (most, limit) in [(4, 800_000), (3, 1_000_000)] {
        let size = pack(sold(100_000, most, false).iter()).len();
        println!("orders of up to {most}: {size} bytes");
        assert!(size < limit, "{size}");
    }
}

/// Builds that know different forms meet: each has its own name on the wire.
#[test]
fn another_form_has_another_name() {
    let form = crate::door::PACKED.rsplit_once(".v").unwrap().1;
    assert_eq!(form, VERSION.to_string());
}
