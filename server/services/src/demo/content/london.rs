//! Events of Harbour Lane Theatre: plays, a puppet show, a cabaret.

use super::{
    Curve, DemoEvent, FAIR, GENEROUS, Language, Place, State, on, pool, sold, ticket, venue,
};
use artwork::Style;
use domain::catalog::Category;

const THEATRE: Place = venue(
    "Harbour Lane Theatre",
    "27 Harbour Lane, Rotherhithe",
    "London",
    "GB",
);

pub(super) const EVENTS: &[DemoEvent] = &[
    DemoEvent {
        organizer: "harbour-lane",
        slug: "the-lighthouse-keepers-daughter",
        title: "The Lighthouse Keeper’s Daughter",
        summary: "A new play by Orla Finnegan about a lamp, a lie and a very long winter.",
        description: r"In the winter of 1911 the lamp on Skerry Rock goes out for eleven minutes. Nobody drowns. The keeper writes in his log that it never happened, and his daughter, who is fourteen and saw everything, learns what a word in a book can do.

Orla Finnegan's new play follows Nell for fifty years, from the rock to a council flat in Leith, always in the same room that the sea seems to rearrange. **Dervla Kane** plays Nell at every age; **Samuel Achebe** plays everybody who lies to her.

## Times

| | |
|---|---|
| Doors | 18:45 |
| Part one | 19:30 – 20:25 |
| Interval | 20 minutes |
| Part two | 20:45 – 21:40 |

Suitable from twelve years. The play contains storms, smoke and one slap. Captioned; a touch tour of the set begins at 18:00, book it by mail.",
        category: Category::Theatre,
        language: Language::En,
        place: THEATRE,
        time_zone: "Europe/London",
        when: on(15, 19, 30, 130),
        currency: "GBP",
        pools: &[pool("stalls", "Stalls", 168), pool("circle", "Circle", 72)],
        tickets: &[
            ticket(
                "Stalls",
                "Numbered rows, free choice of seat within your row.",
                3_400,
                &["stalls"],
                5,
            ),
            ticket("Circle", "Closer than you think.", 2_600, &["circle"], 3),
            ticket(
                "Under 26",
                "Any free seat in the stalls. Bring proof of age.",
                1_200,
                &["stalls"],
                2,
            )
            .at_most(2),
            ticket(
                "Access with companion",
                "Step-free seat; your companion comes in free of charge.",
                1_700,
                &["stalls"],
                1,
            )
            .at_most(2),
        ],
        state: State::Published,
        artwork: (Style::Contours, 2),
        sales: sold(74, 26, Curve::Spike),
        refund_policy: FAIR,
    },
    DemoEvent {
        organizer: "harbour-lane",
        slug: "the-tin-whale",
        title: "The Tin Whale",
        summary: "A puppet adventure for everyone from four. The whale is five metres long and made of biscuit tins.",
        description: r"Bo collects tins. One night the tins collect themselves, and in the morning there is a whale in the yard who would like to see the sea, please.

The Tin Whale is told by three puppeteers, one trombone and a great deal of water that is not wet. It lasts fifty minutes, which we have tested on real four-year-olds.

## For grown-ups

- Children sit on cushions in front, adults on benches behind them
- Prams stay in the foyer under watch
- The house lights never go out completely, and leaving and coming back is fine
- After the show everyone may look inside the whale",
        category: Category::Family,
        language: Language::En,
        place: THEATRE,
        time_zone: "Europe/London",
        when: on(10, 11, 0, 70),
        currency: "GBP",
        pools: &[pool("house", "House", 200)],
        tickets: &[
            ticket(
                "Child",
                "Up to twelve years, with a cushion.",
                900,
                &["house"],
                5,
            ),
            ticket("Adult", "With a bench.", 1_400, &["house"], 4),
            ticket(
                "Baby on a lap",
                "Under two. Free of charge, but please take a ticket.",
                0,
                &["house"],
                1,
            )
            .at_most(2),
        ],
        state: State::Published,
        artwork: (Style::Blocks, 6),
        sales: sold(69, 16, Curve::Rising),
        refund_policy: GENEROUS,
    },
    DemoEvent {
        organizer: "harbour-lane",
        slug: "hamlet-in-an-hour",
        title: "Hamlet in an Hour",
        summary: "Six actors, sixty minutes, one skull. Cancelled because the company's van is at the bottom of a lock.",
        description: r"**We are sorry: this performance is cancelled.** The company is well; its van and its set are not. Everybody who bought a ticket has been sent the full price back, which reaches most banks within five days.

The Pocket Players had promised the whole of *Hamlet* in one hour, with a clock on stage and a forfeit for every minute over. They hope to try again in the summer, in a building that is not next to a canal.",
        category: Category::Theatre,
        language: Language::En,
        place: THEATRE,
        time_zone: "Europe/London",
        when: on(7, 20, 0, 60),
        currency: "GBP",
        pools: &[pool("house", "House", 240)],
        tickets: &[
            ticket("Seat", "Anywhere in the house.", 1_800, &["house"], 3),
            ticket("Under 26", "Bring proof of age.", 1_000, &["house"], 1).at_most(2),
        ],
        state: State::Cancelled,
        artwork: (Style::Letters, 9),
        sales: sold(46, 15, Curve::Steady).refunded(100),
        refund_policy: GENEROUS,
    },
    DemoEvent {
        organizer: "harbour-lane",
        slug: "friends-preview-salt",
        title: "Friends’ Preview: Salt",
        summary: "A first look at our spring production, with scripts still in hand. For friends of the house.",
        description: r"You are reading this because somebody sent you the link, and we are glad about it. Before a play opens we show it once to people who like us enough to be honest.

*Salt* is a two-hander about a divorce and a sourdough starter. On this evening the actors may stop, swear and begin a scene again. Afterwards director **Imogen Adu** asks three questions and listens to the answers.

Please do not write about it in public yet. There are crisps.",
        category: Category::Theatre,
        language: Language::En,
        place: THEATRE,
        time_zone: "Europe/London",
        when: on(20, 19, 0, 150),
        currency: "GBP",
        pools: &[pool("house", "House", 80)],
        tickets: &[ticket(
            "Friend of the house",
            "Pay what the theatre is worth to you at the bar.",
            0,
            &["house"],
            1,
        )
        .at_most(2)],
        state: State::Unlisted,
        artwork: (Style::Brush, 6),
        sales: sold(55, 7, Curve::Rush),
        refund_policy: GENEROUS,
    },
    DemoEvent {
        organizer: "harbour-lane",
        slug: "autumn-cabaret",
        title: "An Autumn Cabaret",
        summary: "Ten turns, two hosts, one piano that has seen worse. It was a very good night.",
        description: r"Twice a year the theatre clears the stalls, puts in tables and lets the neighbourhood on stage. This autumn brought a juggling notary, a choir of bus drivers, the return of **Madame Fontaine and her Reasonable Dog**, and a sea shanty that nobody could stop.

Proceeds of £3,120 went to the hardship fund for young performers. Thank you for every glass and every encore.

The winter edition looks for turns of up to six minutes. Talent is helpful and not required.",
        category: Category::Party,
        language: Language::En,
        place: THEATRE,
        time_zone: "Europe/London",
        when: on(-16, 19, 30, 210),
        currency: "GBP",
        pools: &[pool("tables", "Places at tables", 130)],
        tickets: &[
            ticket("Place at a table", "With one drink.", 2_400, &["tables"], 5),
            ticket(
                "Table end",
                "Less view, more elbow room.",
                1_800,
                &["tables"],
                2,
            ),
        ],
        state: State::Past,
        artwork: (Style::Seats, 2),
        sales: sold(100, 28, Curve::Rising).arrived(95).refunded(2),
        refund_policy: FAIR,
    },
    DemoEvent {
        organizer: "harbour-lane",
        slug: "backstage-tour",
        title: "Backstage: ropes, traps and ghosts",
        summary: "Climb the fly tower, stand on the trap and pull a rope that holds up a sky.",
        description: r"The building was a ship chandlery, a rope store and a bingo hall before it became a theatre. Our chief technician **Winnie Clarke** shows you what is left of each.

You will stand under the stage, beside the stage and eleven metres above it. You may fly a cloud in and out by hand, make thunder with a steel sheet from 1893, and hear the truth about the lady in row F.

The tour takes seventy-five minutes and has ninety-one steps. A step-free version without the tower runs at the same time; choose it below. Children from eight, please in closed shoes.",
        category: Category::Exhibition,
        language: Language::En,
        place: THEATRE,
        time_zone: "Europe/London",
        when: on(3, 14, 0, 75),
        currency: "GBP",
        pools: &[pool("group", "Whole group", 24), pool("tower", "Tower", 16)],
        tickets: &[
            ticket(
                "Tour with tower",
                "Ninety-one steps.",
                1_500,
                &["group", "tower"],
                4,
            )
            .at_most(6),
            ticket(
                "Step-free tour",
                "Everything except the tower.",
                1_200,
                &["group"],
                2,
            )
            .at_most(6),
        ],
        state: State::Published,
        artwork: (Style::Seats, 5),
        sales: sold(87, 12, Curve::Steady),
        refund_policy: GENEROUS,
    },
];
