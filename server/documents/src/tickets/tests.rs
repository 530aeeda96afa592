use locales::Locale;
use proptest::prelude::*;

use super::*;

fn sample(count: usize) -> Tickets {
    let code = Squares {
        side: 25,
        dark: (0..625).map(|at| at % 3 == 0).collect(),
    };
    let ticket = |number| Ticket {
        number,
        kind: "Standing".into(),
        holder: "Ada Lovelace".into(),
        code: code.clone(),
    };
    Tickets {
        locale: Locale::En,
        title: "Night of the Baltic Choirs".into(),
        when: "Saturday, 14 March 2026, 22:00–04:00 (Ljubljana time)".into(),
        place: "Kino Šiška, Trg prekomorskih brigad 3, Ljubljana".into(),
        organizer: "Kino Šiška".into(),
        organizer_email: "tickets@siska.example".into(),
        order: "AB2CD3EF".into(),
        printed_on: jiff::civil::date(2026, 3, 1),
        all: count,
        tickets: (1..=count).map(ticket).collect(),
    }
}

fn pages(bytes: &[u8]) -> usize {
    let is_page = |w: &&[u8]| *w == b"/Type/Page/" || *w == b"/Type /Page";
    bytes.windows(11).filter(is_page).count()
}

#[test]
fn each_ticket_has_a_page_and_the_same_tickets_the_same_bytes() {
    let bytes = tickets(&sample(3)).unwrap();
    assert!(bytes.starts_with(b"%PDF"));
    assert_eq!(pages(&bytes), 3);
    assert_eq!(bytes, tickets(&sample(3)).unwrap());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Whatever anything is called, in whatever script.
    #[test]
    fn every_name_can_be_printed(title in "\\PC{0,160}", holder in "[\\p{Arabic}\\p{Latin}\\p{Han} \u{2068}\u{2069}]{0,120}") {
        let mut sample = sample(1);
        (sample.title, sample.tickets[0].holder) = (title, holder);
        for locale in [Locale::En, Locale::Ar] {
            sample.locale = locale;
            prop_assert!(tickets(&sample).is_ok());
        }
    }
}
