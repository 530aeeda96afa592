//! Events of Kino Svetilnik: films, courses, a running festival, an unfinished draft.

use super::{
    Curve, DemoEvent, FAIR, GENEROUS, Language, NO_RETURNS, NOTHING_SOLD, Place, State, on, pool,
    sold, ticket, venue,
};
use artwork::Style;
use domain::catalog::Category;
use jiff::civil::Weekday;

const CINEMA: Place = venue("Kino Svetilnik", "Trnovski pristan 12", "Ljubljana", "SI");

pub(super) const EVENTS: &[DemoEvent] = &[
    DemoEvent {
        organizer: "svetilnik",
        slug: "the-last-tram",
        title: "The Last Tram, with live piano",
        summary: "A silent film from 1927, a grand piano and the projector's own rhythm.",
        description: r"*The Last Tram* was thought lost until a tin without a label turned up in a cellar in Maribor. It tells one night in the life of a conductor, a seamstress and a stolen cake, and it is funnier than it has any right to be.

We show the restored print at its proper speed of twenty frames per second. **Maja Cerar** plays her own score on the house piano, a Bösendorfer that came with the building and has opinions about humidity.

## Good to know

- Length: 82 minutes, one reel change that we will not hide
- Intertitles in Slovene, with English shown below
- After the film Maja and the projectionist answer questions at the bar",
        category: Category::Film,
        language: Language::En,
        place: CINEMA,
        time_zone: "Europe/Ljubljana",
        when: on(8, 20, 30, 120),
        currency: "EUR",
        pools: &[pool("house", "House", 164)],
        tickets: &[
            ticket("Full price", "Unnumbered seat.", 900, &["house"], 5),
            ticket(
                "Members",
                "Have your card ready at the door.",
                600,
                &["house"],
                3,
            )
            .at_most(2),
            ticket("Students and over 65", "", 700, &["house"], 3),
        ],
        state: State::Published,
        artwork: (Style::Frames, 2),
        sales: sold(63, 12, Curve::Spike),
        refund_policy: GENEROUS,
    },
    DemoEvent {
        organizer: "svetilnik",
        slug: "projectionist-course",
        title: "Become a projectionist: 35 mm weekend",
        summary: "Two days, twelve people, one machine from 1961. At the end you show a film to a paying audience.",
        description: r"Film projection is a craft of the hands. In two days you learn to inspect and splice a print, to thread the machine in under a minute, to change over between two projectors without anybody noticing, and to stay calm when somebody notices.

## Saturday

Anatomy of a print, rewinding by hand, splicing, the lamp and why it deserves respect. Lunch together.

## Sunday

Threading, focus, changeovers, sound. At 17:00 the doors open, and the twelve of you run the afternoon show.

No experience needed. Wear closed shoes and nothing with long sleeves. The booth is up a spiral stair; if that is difficult for you, write to us and we set up a machine on the ground floor.",
        category: Category::Course,
        language: Language::En,
        place: CINEMA,
        time_zone: "Europe/Ljubljana",
        when: on(19, 9, 30, 1_980).first(Weekday::Saturday),
        currency: "EUR",
        pools: &[pool("course", "Places", 12)],
        tickets: &[
            ticket(
                "Course place",
                "Both days, lunch and materials included.",
                18_000,
                &["course"],
                3,
            )
            .at_most(2),
            ticket(
                "Supported place",
                "For those who could not come otherwise. We do not ask for proof.",
                6_000,
                &["course"],
                1,
            )
            .at_most(1),
        ],
        state: State::Published,
        artwork: (Style::Arcs, 3),
        sales: sold(84, 20, Curve::Steady).refunded(0),
        refund_policy: FAIR,
    },
    DemoEvent {
        organizer: "svetilnik",
        slug: "bring-your-short",
        title: "Bring Your Own Short",
        summary: "An open screen for films under ten minutes. Bring a file, stay for the talk. Free.",
        description: r"Once a month the screen belongs to whoever brings something. The rules fit on a beer mat: under ten minutes, made by you, and you say one sentence before it starts.

We show up to nine films in the order of arrival, with a break in the middle. Nothing is too unfinished. Some of the best evenings had no sound.

**How to take part:** come at 18:30 with your film on a stick or a link on a piece of paper. For watching you only need the free ticket below, so that we know how many chairs to put up.",
        category: Category::Meetup,
        language: Language::En,
        place: CINEMA,
        time_zone: "Europe/Ljubljana",
        when: on(4, 19, 0, 150),
        currency: "EUR",
        pools: &[pool("house", "House", 120)],
        tickets: &[
            ticket("Audience", "Free of charge.", 0, &["house"], 6).at_most(4),
            ticket(
                "I bring a film",
                "Free of charge, with a place in the running order.",
                0,
                &["house"],
                1,
            )
            .at_most(1),
        ],
        state: State::Published,
        artwork: (Style::Blocks, 2),
        sales: sold(57, 9, Curve::Rising),
        refund_policy: GENEROUS,
    },
    DemoEvent {
        organizer: "svetilnik",
        slug: "svetilnik-short-film-days",
        title: "Svetilnik Short Film Days",
        summary: "Four days, sixty-one films, none longer than a tram ride, and a prize from the projection booth.",
        description: r"Sixty-one short films from twenty-three countries, chosen by a jury of projectionists, ushers and one dentist. Every programme lasts seventy minutes and is shown twice, once in the afternoon and once at night.

## Programmes

1. **Kitchens** — eight films in which something boils over
2. **Borders** — documentaries without commentary
3. **Drawn by hand** — animation, with the drawings on show in the foyer
4. **After midnight** — not for the easily frightened

A pass admits you to everything as long as there are seats; day tickets are good for all shows of one day. On the last day at 18:00 the audience prize is awarded: a lamp from the booth, signed by everybody.",
        category: Category::Festival,
        language: Language::En,
        place: CINEMA,
        time_zone: "Europe/Ljubljana",
        when: on(-1, 14, 0, 5_220),
        currency: "EUR",
        pools: &[
            pool("d1", "First day", 164),
            pool("d2", "Second day", 164),
            pool("d3", "Third day", 164),
            pool("d4", "Last day", 164),
        ],
        tickets: &[
            ticket(
                "Festival pass",
                "All four days.",
                3_200,
                &["d1", "d2", "d3", "d4"],
                6,
            ),
            ticket("Second day", "All shows of the day.", 1_100, &["d2"], 2),
            ticket("Third day", "All shows of the day.", 1_100, &["d3"], 2),
            ticket(
                "Last day",
                "All shows of the day and the award.",
                1_200,
                &["d4"],
                2,
            ),
        ],
        state: State::Published,
        artwork: (Style::Dither, 3),
        sales: sold(78, 25, Curve::Rising).arrived(64),
        refund_policy: NO_RETURNS,
    },
    DemoEvent {
        organizer: "svetilnik",
        slug: "how-a-film-is-restored",
        title: "How a Film Is Restored",
        summary: "Two archivists open their workshop on camera: scanning, colour, dust and doubt. Online.",
        description: r"Between a rusty tin and a clean screening lie about four hundred hours of work. **Urška Mlakar** and **Pavel Hrdlička** have restored eleven films together and disagree on almost everything: how much dust belongs to a film, whether a scratch tells a story, what black is.

They stream live from the workshop, with a camera on the scanner, and show one reel before, during and after.

- 60 minutes of demonstration, 30 minutes of questions
- in English, with live captions
- the recording stays available to ticket holders for a month",
        category: Category::Film,
        language: Language::En,
        place: Place::Online {
            link: "https://live.svetilnik.example/restored",
        },
        time_zone: "Europe/Ljubljana",
        when: on(14, 18, 0, 90),
        currency: "EUR",
        pools: &[pool("room", "Stream", 500)],
        tickets: &[
            ticket(
                "Watch",
                "Link by mail, recording for a month.",
                500,
                &["room"],
                4,
            )
            .at_most(2),
            ticket(
                "Watch and support",
                "The same, and a metre of new leader film for the archive.",
                1_500,
                &["room"],
                1,
            )
            .at_most(2),
        ],
        state: State::Published,
        artwork: (Style::Chequer, 3),
        sales: sold(28, 10, Curve::Steady),
        refund_policy: GENEROUS,
    },
    DemoEvent {
        organizer: "svetilnik",
        slug: "new-year-double-feature",
        title: "New Year's Double Feature",
        summary: "Two comedies, one interval, sparkling wine at midnight. Still looking for the second print.",
        description: r"Every year the last show of the old year runs into the first of the new one. The first film ends at ten minutes to midnight, so that there is time to find a glass and a stranger.

*Working notes:* the first film is settled, the second depends on the archive in Zagreb. If they cannot lend the print, we show the one with the elephant again, which nobody would mind.

Doors open at nine. Soup is served in the interval, and the night tram stops in front of the house until three.",
        category: Category::Film,
        language: Language::En,
        place: CINEMA,
        time_zone: "Europe/Ljubljana",
        when: on(39, 21, 30, 330),
        currency: "EUR",
        pools: &[pool("house", "House", 164)],
        tickets: &[ticket(
            "Both films",
            "Includes a glass at midnight.",
            2_400,
            &["house"],
            1,
        )],
        state: State::Draft,
        artwork: (Style::Stars, 6),
        sales: NOTHING_SOLD,
        refund_policy: FAIR,
    },
];
