//! Events of Nordlicht Konzerte: concerts, a festival, a party.

use super::{
    Curve, DemoEvent, FAIR, GENEROUS, Language, NO_RETURNS, STRICT, State, on, pool, sold, ticket,
    venue,
};
use artwork::Style;
use domain::catalog::Category;
use jiff::civil::Weekday;

pub(super) const EVENTS: &[DemoEvent] = &[
    DemoEvent {
        organizer: "nordlicht",
        slug: "mara-lindqvist-quartet",
        title: "Mara Lindqvist Quartet",
        summary: "Slow-burning chamber jazz in the turbine hall, with two new suites heard for the first time.",
        description: r"Mara Lindqvist writes music the way other people write letters: addressed to one person, and slightly embarrassing to overhear. With her quartet she has spent the last two years on the road between Malmö and Marseille. Now she brings home two new suites, *Low Tide* and *The Translator's Daughter*.

The turbine hall has an echo of almost four seconds. The quartet knows that and plays with it: long bowed notes on the double bass, a piano that is prepared with felt and paper, and pauses that you can walk around in.

## The evening

- 19:00 doors and bar
- 20:00 first set: *Low Tide*
- 21:10 second set: *The Translator's Daughter*
- until midnight: records chosen by the band

The front half of the hall is seated, the back half is for standing. Wheelchair places are on a raised platform on the left; the entrance on the canal side has no steps.",
        category: Category::Concert,
        language: Language::En,
        place: venue("Umspannwerk Ost", "Palisadenstraße 48", "Berlin", "DE"),
        time_zone: "Europe/Berlin",
        when: on(12, 20, 0, 180),
        currency: "EUR",
        pools: &[
            pool("hall", "Whole hall", 420),
            pool("seats", "Chairs", 180),
        ],
        tickets: &[
            ticket(
                "Standing",
                "Free choice of place in the back half of the hall.",
                2_800,
                &["hall"],
                5,
            ),
            ticket(
                "Seated",
                "An unnumbered chair in the front half.",
                4_200,
                &["hall", "seats"],
                4,
            ),
            ticket(
                "Reduced, standing",
                "For students, people in training and on benefits. Bring proof.",
                1_900,
                &["hall"],
                2,
            )
            .at_most(2),
        ],
        state: State::Published,
        artwork: (Style::Moire, 2),
        sales: sold(71, 21, Curve::Rising),
        refund_policy: FAIR,
    },
    DemoEvent {
        organizer: "nordlicht",
        slug: "static-gardens",
        title: "Static Gardens — three nights of electronic music",
        summary: "Twenty-four acts, two halls and a winter garden full of loudspeakers. Come for a night or for all three.",
        description: r"For three nights the old glasshouses of the tree nursery in Treptow become an instrument. Forty-eight loudspeakers hang between palms and fig trees; the artists play to the plants first and to us second.

## Friday: Roots

Drones, tape loops, slow bass. With **Ilse Amsel**, **Kōji Watanabe & the Humming Field**, **Dry Ice Choir** and others.

## Saturday: Weather

The loud night. With **Halogen**, **Odile Ferrant**, **Sub Rosa Static** and a four-hour closing set by **Mother of Pearl**.

## Sunday: Light

Starts in the afternoon, ends early enough for work on Monday. Families are welcome until 19:00; ear protection for children is free at the door.

> Last year I came for one night and stayed for three. I still hum the figs. — a visitor

There is hot food all evening, water is free, and the cloakroom is included. Nobody has to stand: hammocks are in house three.",
        category: Category::Festival,
        language: Language::En,
        place: venue("Glashäuser Treptow", "Am Treptower Park 17", "Berlin", "DE"),
        time_zone: "Europe/Berlin",
        when: on(33, 18, 0, 3_180).first(Weekday::Friday),
        currency: "EUR",
        pools: &[
            pool("fri", "Friday", 900),
            pool("sat", "Saturday", 900),
            pool("sun", "Sunday", 700),
        ],
        tickets: &[
            ticket(
                "Early pass",
                "All three nights at the early price.",
                8_900,
                &["fri", "sat", "sun"],
                5,
            )
            .until(-4),
            ticket(
                "Festival pass",
                "All three nights.",
                11_500,
                &["fri", "sat", "sun"],
                4,
            ),
            ticket("Friday: Roots", "One night.", 4_400, &["fri"], 2),
            ticket("Saturday: Weather", "One night.", 5_200, &["sat"], 3),
            ticket(
                "Sunday: Light",
                "One afternoon and evening. Children under 12 come in free with an adult.",
                3_600,
                &["sun"],
                2,
            ),
        ],
        state: State::Published,
        artwork: (Style::Lamps, 3),
        sales: sold(58, 24, Curve::Rush),
        refund_policy: STRICT,
    },
    DemoEvent {
        organizer: "nordlicht",
        slug: "halogen-at-the-boiler-house",
        title: "Halogen at the Boiler House",
        summary: "Two drummers, one light bulb each. The loudest duo in town plays its smallest room.",
        description: r"Halogen are two drummers, Tilda Voss and Ben Okoro, and two light bulbs that flicker with every stroke. There is no backing track and no microphone: what you hear is skin, wood and a lot of brass.

The boiler house holds two hundred and sixty people around the duo, who play in the middle on a round stage. It gets warm. Bring ear plugs or take some from the bowl at the door.

**Flicker warning:** the show uses strong, irregular flashes of light for its whole length of seventy minutes.

Support comes from **Ana Brandt**, who plays the pipes of the building with mallets.",
        category: Category::Concert,
        language: Language::En,
        place: venue("Kesselhaus Nord", "Industriestraße 9", "Berlin", "DE"),
        time_zone: "Europe/Berlin",
        when: on(5, 21, 0, 150),
        currency: "EUR",
        pools: &[pool("room", "Room", 260)],
        tickets: &[
            ticket(
                "Entry",
                "Standing, all around the stage.",
                2_400,
                &["room"],
                5,
            )
            .at_most(4),
            ticket(
                "Solidarity entry",
                "You pay a little more, somebody else pays a little less.",
                3_000,
                &["room"],
                2,
            )
            .at_most(4),
        ],
        state: State::SoldOut,
        artwork: (Style::Curtain, 1),
        sales: sold(100, 9, Curve::Rush),
        refund_policy: FAIR,
    },
    DemoEvent {
        organizer: "nordlicht",
        slug: "organ-by-candlelight",
        title: "Organ by Candlelight",
        summary: "Three hundred candles, one organ and Icelandic hymns between midnight sun and polar night.",
        description: r"The church on the hill has no electric light on this evening. Three hundred candles are lit one by one while **Sigríður Hallsdóttir** begins to play, so quietly that you hear the matches.

## Programme

1. Hymns from the manuscript of Melgerði, arranged for organ
2. *Harbour, Frozen* — a new work for organ and breathing audience
3. Improvisation on a tune that somebody in the room may hum

The concert lasts seventy-five minutes without a break. The church is heated to sixteen degrees, so keep your coat; blankets lie on every pew. Afterwards there is cocoa in the parish house.",
        category: Category::Concert,
        language: Language::En,
        place: venue("Hæðarkirkja", "Skólavörðuholt 3", "Reykjavík", "IS"),
        time_zone: "Atlantic/Reykjavik",
        when: on(26, 19, 30, 75),
        currency: "ISK",
        pools: &[pool("pews", "Pews", 340)],
        tickets: &[
            ticket("Adult", "Unnumbered place in a pew.", 5_900, &["pews"], 6),
            ticket("Under 18", "Accompanied by an adult.", 2_900, &["pews"], 2),
            ticket(
                "Patron",
                "A place in the first three pews and our thanks in the programme.",
                12_500,
                &["pews"],
                1,
            ),
        ],
        state: State::Published,
        artwork: (Style::HalftoneSun, 2),
        sales: sold(44, 14, Curve::Steady),
        refund_policy: GENEROUS,
    },
    DemoEvent {
        organizer: "nordlicht",
        slug: "night-ferry",
        title: "Night Ferry",
        summary: "A concert that leaves the pier at dusk and comes back at midnight with a different song.",
        description: r"We borrowed a ferry. It left the pier at Treptow with the light, went once around the islands and came back at midnight. On the car deck played **The Estuary**, seven musicians with winds, strings and a singing saw; on the upper deck there was soup.

The evening had one rule: no announcements. The band began when the engine did and stopped when the ropes were thrown.

Photographs and a recording of the second half are on their way to everybody who was aboard. The next trip is planned for the first warm Friday of spring.",
        category: Category::Concert,
        language: Language::En,
        place: venue("Pier 4, Treptow", "Puschkinallee 15", "Berlin", "DE"),
        time_zone: "Europe/Berlin",
        when: on(-9, 19, 0, 300),
        currency: "EUR",
        pools: &[pool("deck", "Decks", 310)],
        tickets: &[
            ticket(
                "Aboard",
                "One place on the ferry, soup included.",
                3_900,
                &["deck"],
                5,
            ),
            ticket(
                "Aboard, reduced",
                "For students and people on benefits.",
                2_600,
                &["deck"],
                2,
            )
            .at_most(2),
        ],
        state: State::Past,
        artwork: (Style::HalftoneSun, 5),
        sales: sold(96, 30, Curve::Steady).arrived(91).refunded(4),
        refund_policy: FAIR,
    },
    DemoEvent {
        organizer: "nordlicht",
        slug: "paper-lanterns-unplugged",
        title: "Paper Lanterns, unplugged",
        summary: "The folk trio plays without amplification. Postponed while the singer's voice recovers.",
        description: r"**This concert is postponed.** Liv Amundsen has been told to be silent for some weeks, which she finds harder than touring. A new date follows soon; all tickets stay valid, and whoever cannot wait gets the full price back.

Paper Lanterns are a guitar, a nyckelharpa and a voice. In the small hall of the Rote Spinnerei they play without microphones, which works because the room is made of old pine and everybody sits close.

The evening follows their record *Household Gods* from the first song to the last, with the stories that go with it.",
        category: Category::Concert,
        language: Language::En,
        place: venue("Rote Spinnerei", "Seestrasse 211", "Zürich", "CH"),
        time_zone: "Europe/Zurich",
        when: on(17, 20, 0, 120),
        currency: "CHF",
        pools: &[pool("hall", "Small hall", 150)],
        tickets: &[
            ticket("Seat", "Unnumbered.", 3_800, &["hall"], 4),
            ticket(
                "Seat, in training",
                "With a valid card.",
                2_400,
                &["hall"],
                1,
            )
            .at_most(2),
        ],
        state: State::Postponed,
        artwork: (Style::Ridges, 3),
        sales: sold(52, 18, Curve::Steady).refunded(9),
        refund_policy: GENEROUS,
    },
    DemoEvent {
        organizer: "nordlicht",
        slug: "analogue-club",
        title: "Analogue Club",
        summary: "Nothing but records, two turntables and a sound system built by hand. Until it gets light.",
        description: r"No screens in the booth, no phones on the floor. Three selectors play vinyl from their own shelves, each for three hours, on a sound system that a carpenter and a physicist from Wedding built over two winters.

- 23:00 **Nadia Sorge** — dub, slow disco, records bought for the cover
- 02:00 **DJ Beton** — Detroit and its grandchildren
- 05:00 **Aunt Miriam** — whatever helps

We tape over camera lenses at the door. The bar takes cards and cash; water is free. There is an awareness team in yellow scarves all night long: speak to them about anything.",
        category: Category::Party,
        language: Language::En,
        place: venue("Keller 44", "Köpenicker Straße 44", "Berlin", "DE"),
        time_zone: "Europe/Berlin",
        when: on(1, 23, 0, 540),
        currency: "EUR",
        pools: &[pool("floor", "Floor", 380)],
        tickets: &[
            ticket("First hour", "Entry until midnight.", 1_200, &["floor"], 4).at_most(4),
            ticket("All night", "Entry at any time.", 1_800, &["floor"], 5).at_most(4),
        ],
        state: State::Published,
        artwork: (Style::Letters, 4),
        sales: sold(83, 8, Curve::Rising),
        refund_policy: NO_RETURNS,
    },
];
