//! Events of Long Table around the Mediterranean and of Open Track Running.

use super::{
    Curve, DemoEvent, FAIR, GENEROUS, Language, NO_RETURNS, STRICT, State, on, pool, sold, ticket,
    venue,
};
use artwork::Style;
use domain::catalog::Category;
use jiff::civil::Weekday;

pub(super) const EVENTS: &[DemoEvent] = &[
    DemoEvent {
        organizer: "longtable",
        slug: "long-table-on-the-bosphorus",
        title: "Long Table on the Bosphorus",
        summary: "Forty strangers, seven courses and one table between two continents.",
        description: r"The table is eighteen metres long and stands in a boathouse in Arnavutköy, with the doors open to the water. You sit where your card is. To your left is somebody you do not know yet.

**Defne Soysal** cooks with what comes in by boat that morning: bonito if there is bonito, anchovies if there is not. Bread is baked behind you; the vegetables come from three market gardens inside the old city walls.

## Seven courses

Broth · pickles of the walls · fish from that morning · stuffed vine leaves with sour cherry · a pause on the jetty · lamb or celeriac · quince, clotted cream and coffee

There is a full vegetarian menu and non-alcoholic pairings of tea, grape must and fermented carrot. Tell us what you cannot eat when you order and we cook around it.",
        category: Category::Food,
        language: Language::En,
        place: venue(
            "The Boathouse",
            "Bebek Arnavutköy Caddesi 61",
            "Istanbul",
            "TR",
        ),
        time_zone: "Europe/Istanbul",
        when: on(13, 19, 0, 270),
        currency: "TRY",
        pools: &[pool("table", "The table", 40)],
        tickets: &[
            ticket(
                "Seat with wine",
                "Seven courses with wine.",
                485_000,
                &["table"],
                3,
            )
            .at_most(4),
            ticket(
                "Seat without alcohol",
                "Seven courses with the non-alcoholic pairing.",
                395_000,
                &["table"],
                3,
            )
            .at_most(4),
        ],
        state: State::Published,
        artwork: (Style::Table, 2),
        sales: sold(80, 17, Curve::Spike).refunded(0),
        refund_policy: FAIR,
    },
    DemoEvent {
        organizer: "longtable",
        slug: "bread-from-seven-valleys",
        title: "Bread from Seven Valleys",
        summary: "A day of flour: seven wheats, one oven, sixteen bakers with warm hands.",
        description: r"Every valley between Kars and the Aegean once had a wheat of its own. **Nuri Aktaş** has collected seven of them and grinds them in a stone mill that fits on a kitchen table.

In one day you make a flat bread, a loaf with a crust, and a ring with sesame, and you learn how a dough tells you that it is ready. While it rests, we eat soup. At the end everyone carries home three breads, a jar of sourdough and instructions for keeping it alive.

The kitchen is on the ground floor. Aprons are provided; rings and watches stay in a bowl.",
        category: Category::Course,
        language: Language::En,
        place: venue("Fırın Kadıköy", "Moda Caddesi 118", "Istanbul", "TR"),
        time_zone: "Europe/Istanbul",
        when: on(18, 9, 0, 420),
        currency: "TRY",
        pools: &[pool("bench", "Work bench", 16)],
        tickets: &[
            ticket(
                "One baker",
                "Ingredients, soup and three breads.",
                260_000,
                &["bench"],
                3,
            )
            .at_most(3),
            ticket(
                "Baker and child",
                "One place for two people who share a bench. Child from eight.",
                320_000,
                &["bench"],
                1,
            )
            .at_most(2),
        ],
        state: State::Published,
        artwork: (Style::Mountains, 7),
        sales: sold(44, 9, Curve::Steady).refunded(0),
        refund_policy: GENEROUS,
    },
    DemoEvent {
        organizer: "longtable",
        slug: "casablanca-street-food-nights",
        title: "Casablanca Street Food Nights",
        summary: "Three evenings, fifty grills, one harbour. Snail broth, sardines, and a competition for the best msemen.",
        description: r"For three evenings the old fish hall becomes the longest kitchen in the city. Fifty cooks from Tangier to Tiznit bring one dish each, and each dish costs the same: one token.

## Evenings

- **Thursday: Sea.** Sardines, sea urchin, fried calamari, the chermoula argument
- **Friday: Smoke.** Everything that touches charcoal
- **Saturday: Sweet.** Honey, almonds, orange blossom and the msemen final at nine

The entry ticket includes five tokens; more are sold inside. Music from eight, by **Groupe Lalla Batoul** and the brass band of the harbour pilots. Children under ten come in free and eat half portions.",
        category: Category::Festival,
        language: Language::En,
        place: venue(
            "Ancienne Halle aux Poissons",
            "Boulevard des Almohades 3",
            "Casablanca",
            "MA",
        ),
        time_zone: "Africa/Casablanca",
        when: on(24, 18, 0, 3_180).first(Weekday::Thursday),
        currency: "MAD",
        pools: &[
            pool("thu", "Thursday", 800),
            pool("fri", "Friday", 800),
            pool("sat", "Saturday", 800),
        ],
        tickets: &[
            ticket(
                "Three evenings",
                "Fifteen tokens.",
                39_000,
                &["thu", "fri", "sat"],
                3,
            ),
            ticket("Thursday: Sea", "Five tokens.", 15_000, &["thu"], 2),
            ticket("Friday: Smoke", "Five tokens.", 17_000, &["fri"], 3),
            ticket("Saturday: Sweet", "Five tokens.", 17_000, &["sat"], 3),
        ],
        state: State::Published,
        artwork: (Style::Stars, 9),
        sales: sold(41, 15, Curve::Rising),
        refund_policy: STRICT,
    },
    DemoEvent {
        organizer: "longtable",
        slug: "olive-harvest-lunch",
        title: "Olive Harvest Lunch",
        summary: "We picked, we pressed, we ate. Four hundred litres of oil and one very long lunch.",
        description: r"Sixty guests came to Ayvalık to shake trees. By noon the crates were full, by two the first oil ran green from the press, and by half past two it was on the bread.

Lunch was cooked by the pickers: purslane with yoghurt, bulgur with chestnuts, grilled bonito and a halva that needed two people to stir. Everyone took a bottle home; the rest of the oil goes to the school kitchen of the village.

We do this again next year in the last week of October.",
        category: Category::Food,
        language: Language::En,
        place: venue("Yukarı Zeytinlik", "Çakmak Köyü Yolu 8", "Ayvalık", "TR"),
        time_zone: "Europe/Istanbul",
        when: on(-24, 9, 0, 480),
        currency: "TRY",
        pools: &[pool("table", "Places", 60)],
        tickets: &[
            ticket(
                "Picker and guest",
                "Lunch and a bottle of new oil.",
                280_000,
                &["table"],
                4,
            ),
            ticket("Child", "Under twelve.", 90_000, &["table"], 1),
        ],
        state: State::Past,
        artwork: (Style::Table, 9),
        sales: sold(97, 30, Curve::Rising).arrived(96).refunded(3),
        refund_policy: FAIR,
    },
    DemoEvent {
        organizer: "opentrack",
        slug: "lakeside-half-marathon",
        title: "Lakeside Half Marathon",
        summary: "Twenty-one flat kilometres along the lake, with a finish on the grass and soup for everyone.",
        description: r"The course follows the right bank from the park in Zürich to Küsnacht and back. It is flat, measured, and closed to cars for the whole morning. Pacemakers run for 1:30, 1:45, 2:00 and 2:15; the last group carries balloons and a speaker.

## Start blocks

1. **Block A** below 1:35 — please be honest
2. **Block B** below 2:00
3. **Block C** everybody else, as slowly as you like

Chip timing, a bag with fruit, a bowl of soup and a shirt made of recycled nets are included. Number pick-up is on Saturday from 10:00 to 18:00 at the boat house. There is a wheelchair and handbike start five minutes before the gun.",
        category: Category::Sport,
        language: Language::En,
        place: venue("Zürichhorn Park", "Bellerivestrasse 138", "Zürich", "CH"),
        time_zone: "Europe/Zurich",
        when: on(48, 8, 30, 240).first(Weekday::Sunday),
        currency: "CHF",
        pools: &[pool("all", "Whole field", 1_400), pool("a", "Block A", 250)],
        tickets: &[
            ticket("Block A", "For times below 1:35.", 8_900, &["all", "a"], 2).at_most(2),
            ticket(
                "Block B or C",
                "You choose at the number pick-up.",
                8_900,
                &["all"],
                6,
            )
            .at_most(4),
            ticket("Student", "With a valid card.", 5_900, &["all"], 2).at_most(1),
        ],
        state: State::Published,
        artwork: (Style::Lanes, 5),
        sales: sold(47, 30, Curve::Rush),
        refund_policy: STRICT,
    },
    DemoEvent {
        organizer: "opentrack",
        slug: "lava-trail-25",
        title: "Lava Trail 25",
        summary: "Twenty-five kilometres over moss and basalt, between two hot springs.",
        description: r"The trail starts at a hot river, crosses a lava field that is younger than the printing press, climbs six hundred metres and ends in another hot river. You may sit in both.

The path is marked with yellow pegs and is rough underfoot. You need trail shoes, a wind jacket, a whistle and a charged phone; we check at the start. Aid stations at kilometres nine and seventeen have water, flat cakes and dried fish.

**Weather:** if the wind is above eighteen metres per second we run the valley course of sixteen kilometres. Whoever does not want that gets the entry back in full.",
        category: Category::Sport,
        language: Language::En,
        place: venue("Hveragerði Sundlaug", "Laugaskarð 1", "Hveragerði", "IS"),
        time_zone: "Atlantic/Reykjavik",
        when: on(36, 9, 0, 420),
        currency: "ISK",
        pools: &[
            pool("field", "Field", 300),
            pool("bus", "Seats on the bus", 110),
        ],
        tickets: &[
            ticket(
                "Entry",
                "You come to the start on your own.",
                14_900,
                &["field"],
                3,
            )
            .at_most(4),
            ticket(
                "Entry with bus",
                "Bus from Reykjavík and back.",
                18_900,
                &["field", "bus"],
                3,
            )
            .at_most(4),
        ],
        state: State::Published,
        artwork: (Style::Contours, 9),
        sales: sold(62, 24, Curve::Steady),
        refund_policy: FAIR,
    },
    DemoEvent {
        organizer: "opentrack",
        slug: "first-laps",
        title: "First Laps: track evening for beginners",
        summary: "One lap, then a break, then another. A free evening for people who do not run. Yet.",
        description: r"You have bought the shoes, or you have not. You ran last in 2009. You are afraid of the people in shorts. Come along; the people in shorts are very kind.

We begin with walking. Three trainers look after groups of ten, explain how breathing works, and stop everybody before it hurts. After an hour there is tea from a large pot.

Free of charge and for all ages from fourteen. Showers and lockers are open; a trainer stays at the gate for anyone who would rather watch first.",
        category: Category::Meetup,
        language: Language::En,
        place: venue("Sportanlage Sihlhölzli", "Manessestrasse 1", "Zürich", "CH"),
        time_zone: "Europe/Zurich",
        when: on(1, 18, 30, 90),
        currency: "CHF",
        pools: &[pool("groups", "Places in groups", 30)],
        tickets: &[ticket(
            "Free place",
            "One hour of training and tea.",
            0,
            &["groups"],
            1,
        )
        .at_most(2)],
        state: State::Published,
        artwork: (Style::Lanes, 8),
        sales: sold(90, 6, Curve::Rising).refunded(0),
        refund_policy: NO_RETURNS,
    },
];
