//! Events of Fieldnotes Conferences: conferences, a workshop, a meet-up.

use super::{
    Curve, DemoEvent, FAIR, GENEROUS, Language, NO_RETURNS, NOTHING_SOLD, Place, STRICT, State, on,
    pool, sold, ticket, venue,
};
use artwork::Style;
use domain::catalog::Category;

pub(super) const EVENTS: &[DemoEvent] = &[
    DemoEvent {
        organizer: "fieldnotes",
        slug: "plain-systems",
        title: "Plain Systems",
        summary: "Two days about software that is boring in the best sense: small, fast and easy to repair.",
        description: r"Plain Systems is for people who would rather delete a service than add one. Fourteen talks in one track, four workshops, and breaks long enough for the conversations you came for.

## Talks, a selection

- **Yetunde Bello:** The queue was the bug
- **Marek Havel:** Ten years, one database
- **Lucía Ibarra:** What our incident reviews left out
- **Dr Hal Osgood:** Estimating with a pencil

## Workshops

Held on the second morning; each has forty places and costs extra because the rooms do. Choose the ticket *with workshop* and pick yours by mail later.

## What is included

Lunch and coffee on both days, a quiet room, child care from two years on request, live captions, and a code of conduct that we act on. Recordings and transcripts are free for everyone a week later.",
        category: Category::Conference,
        language: Language::En,
        place: venue(
            "The Foundry Hall",
            "44-02 23rd Street, Long Island City",
            "New York",
            "US",
        ),
        time_zone: "America/New_York",
        when: on(40, 9, 0, 1_980),
        currency: "USD",
        pools: &[
            pool("hall", "Main hall", 480),
            pool("workshop", "Workshop places", 160),
        ],
        tickets: &[
            ticket(
                "Early bird",
                "Both days at the early price.",
                34_900,
                &["hall"],
                6,
            )
            .until(-6),
            ticket("Conference", "Both days.", 44_900, &["hall"], 4),
            ticket(
                "Conference with workshop",
                "Both days and a workshop on the second morning.",
                59_900,
                &["hall", "workshop"],
                4,
            ),
            ticket(
                "Student",
                "Both days, with a current student card.",
                9_900,
                &["hall"],
                2,
            )
            .at_most(1),
        ],
        state: State::Published,
        artwork: (Style::Dither, 6),
        sales: sold(67, 28, Curve::Rush),
        refund_policy: STRICT,
    },
    DemoEvent {
        organizer: "fieldnotes",
        slug: "writing-docs-people-read",
        title: "Writing Docs People Read",
        summary: "An online afternoon with your own text on the table. Thirty places, two editors.",
        description: r"Bring one page that you wrote and that nobody reads. In four hours and two breaks we turn it into a page that answers a question.

You learn to find the reader, to put the answer first, to cut half, and to test a text on a person in five minutes. **June Abara** has edited manuals for trains, **Teo Lindgren** for tax forms; both have strong feelings about the word *simply*.

- Live, with cameras on if you like
- Exercises in groups of three
- Your page comes back with notes within two days

*Times are given for New York; the calendar file in your mail converts them for you.*",
        category: Category::Course,
        language: Language::En,
        place: Place::Online {
            link: "https://room.fieldnotes.example/docs",
        },
        time_zone: "America/New_York",
        when: on(7, 12, 0, 240),
        currency: "USD",
        pools: &[pool("room", "Places", 30)],
        tickets: &[
            ticket(
                "Workshop",
                "With written notes on your page.",
                18_000,
                &["room"],
                4,
            )
            .at_most(3),
            ticket(
                "Listener",
                "Follow without handing in a page.",
                6_000,
                &["room"],
                2,
            )
            .at_most(3),
        ],
        state: State::Published,
        artwork: (Style::Letters, 7),
        sales: sold(90, 18, Curve::Steady).refunded(0),
        refund_policy: FAIR,
    },
    DemoEvent {
        organizer: "fieldnotes",
        slug: "hudson-systems-meetup",
        title: "Hudson Systems Meet-up",
        summary: "Two short talks, pizza with vegetables on it, and a problem nobody has solved yet. Free.",
        description: r"Every second month some sixty people who build and run software meet above a bicycle shop. There are two talks of fifteen minutes and one *open wound*: somebody describes a problem that is not solved, and the room tries.

This time:

1. **Rosalind Pike** — Moving nine terabytes without anybody noticing
2. **Anders Boateng** — A type system for trains
3. *Open wound:* Why does our scheduler like Tuesdays?

Free, thanks to the bicycle shop. Please give your ticket back if you cannot come; somebody is waiting for it.",
        category: Category::Meetup,
        language: Language::En,
        place: venue(
            "Loft above Spoke & Sons",
            "218 Franklin Street, 3rd floor",
            "New York",
            "US",
        ),
        time_zone: "America/New_York",
        when: on(11, 18, 30, 150),
        currency: "USD",
        pools: &[pool("chairs", "Chairs", 70)],
        tickets: &[ticket("Free entry", "Pizza included.", 0, &["chairs"], 1).at_most(2)],
        state: State::Published,
        artwork: (Style::Arcs, 6),
        sales: sold(76, 8, Curve::Spike).refunded(0),
        refund_policy: GENEROUS,
    },
    DemoEvent {
        organizer: "fieldnotes",
        slug: "plain-data-day",
        title: "Plain Data Day",
        summary: "One day about storing things and finding them again. Recordings are online.",
        description: r"Three hundred and twelve people, nine talks, one power cut, and the best argument about time zones we have ever hosted. Thank you to everybody who came.

## What was said

- Write the question down before the schema
- An index is a promise somebody else has to keep
- Nobody regretted deleting the third copy

All recordings and transcripts are free on our site. The date for next year will be announced in spring; people who were here get the first two days of sales.",
        category: Category::Conference,
        language: Language::En,
        place: venue(
            "The Foundry Hall",
            "44-02 23rd Street, Long Island City",
            "New York",
            "US",
        ),
        time_zone: "America/New_York",
        when: on(-21, 9, 0, 540),
        currency: "USD",
        pools: &[pool("hall", "Main hall", 360)],
        tickets: &[
            ticket(
                "Conference",
                "Lunch and coffee included.",
                19_900,
                &["hall"],
                5,
            ),
            ticket(
                "Student",
                "With a current student card.",
                4_900,
                &["hall"],
                1,
            )
            .at_most(1),
        ],
        state: State::Past,
        artwork: (Style::Chequer, 7),
        sales: sold(92, 40, Curve::Rush).arrived(94).refunded(5),
        refund_policy: STRICT,
    },
    DemoEvent {
        organizer: "fieldnotes",
        slug: "small-teams-summit",
        title: "Small Teams Summit",
        summary: "For teams of two to nine who do the work of twenty. No stage, no slides, one wall of questions.",
        description: r"Most advice about teams is written for companies with a floor plan. The Small Teams Summit is for the rest: agencies, museums, start-ups after the hype, the two people who keep a city's bus timetable alive.

The summit has no audience. Everybody brings a question, in the morning we sort them on a wall, and until the evening we work through as many as we can in groups of seven. **Priya Raman** and **Gus Holloway** moderate and keep time with a cowbell.

Team tickets go on sale first and cover up to five people. What is left becomes single tickets. A third of the places is given for free to teams from non-profits; write to us.",
        category: Category::Conference,
        language: Language::En,
        place: venue("Pier 57 Assembly", "25 11th Avenue", "New York", "US"),
        time_zone: "America/New_York",
        when: on(75, 10, 0, 480),
        currency: "USD",
        pools: &[pool("room", "Room", 140)],
        tickets: &[
            ticket(
                "Single",
                "One person, lunch included.",
                14_000,
                &["room"],
                3,
            )
            .from(7),
            ticket(
                "Team of five, per person",
                "Only as a team: please take exactly five.",
                11_000,
                &["room"],
                3,
            )
            .at_most(5)
            .from(7),
        ],
        state: State::Published,
        artwork: (Style::Moire, 9),
        sales: NOTHING_SOLD,
        refund_policy: NO_RETURNS,
    },
];
