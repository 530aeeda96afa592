//! Events of خطوط الخليج in Kuwait, in Arabic, and of Kumo Arts in Tokyo.

use super::{
    Curve, DemoEvent, FAIR, GENEROUS, Language, NO_RETURNS, STRICT, State, on, pool, sold, ticket,
    venue,
};
use artwork::Style;
use domain::catalog::Category;

pub(super) const EVENTS: &[DemoEvent] = &[
    DemoEvent {
        organizer: "khutut",
        slug: "corniche-night-run",
        title: "سباق الكورنيش الليلي",
        summary: "خمسة أو عشرة كيلومترات على شاطئ الخليج بعد غروب الشمس. للمحترفين ولمن يبدأ اليوم.",
        description: r"ينطلق السباق بعد صلاة العشاء حين يبرد الهواء وتضيء الأبراج. المسار مستوٍ بالكامل، مغلق أمام السيارات، وعلى جانبيه نقاط ماء كل كيلومترين.

## اختر مسافتك

- **خمسة كيلومترات:** للعائلات والمبتدئين، ويمكن قطعها مشياً
- **عشرة كيلومترات:** بتوقيت إلكتروني وترتيب حسب الفئة العمرية

تشمل المشاركة قميصاً ورقماً وميدالية لكل من يصل، ووجبة خفيفة عند خط النهاية. تُسلَّم الأرقام في اليوم السابق من الرابعة إلى التاسعة مساءً.

يشترط أن يكون عمر المشارك في مسافة العشرة ستة عشر عاماً فأكثر. الفريق الطبي حاضر على طول المسار.",
        category: Category::Sport,
        language: Language::Ar,
        place: venue(
            "ساحة البحّارة",
            "شارع الخليج العربي، السالمية",
            "الكويت",
            "KW",
        ),
        time_zone: "Asia/Kuwait",
        when: on(22, 19, 30, 180),
        currency: "KWD",
        pools: &[
            pool("start", "خط البداية", 1_500),
            pool("ten", "عشرة كيلومترات", 700),
        ],
        tickets: &[
            ticket(
                "عشرة كيلومترات",
                "مع شريحة التوقيت والقميص.",
                12_500,
                &["start", "ten"],
                4,
            )
            .at_most(4),
            ticket(
                "خمسة كيلومترات",
                "مع القميص والميدالية.",
                8_000,
                &["start"],
                5,
            ),
            ticket(
                "طفل مع مرافق",
                "خمسة كيلومترات لمن هم دون الثانية عشرة.",
                3_500,
                &["start"],
                2,
            ),
        ],
        state: State::Published,
        artwork: (Style::Lanes, 2),
        sales: sold(54, 18, Curve::Rising),
        refund_policy: FAIR,
    },
    DemoEvent {
        organizer: "khutut",
        slug: "family-science-day",
        title: "يوم العائلة العلمي",
        summary: "ثلاثون تجربة تلمسها بيدك، من صاروخ الماء إلى بطارية الليمون. للأطفال من خمس سنوات.",
        description: r"في هذا اليوم لا توجد لافتة مكتوب عليها «ممنوع اللمس». ثلاثون طاولة، وعلى كل طاولة تجربة وشابٌّ أو شابة من طلبة العلوم يجيبون عن كل سؤال، حتى عن الأسئلة الغريبة.

## لا تفوّت

- إطلاق صواريخ الماء كل ساعة تماماً
- القبة الفلكية المتنقلة: سماء الكويت قبل ألف عام
- ورشة «اصنع مجهرك» لمن هم فوق التاسعة
- ركن هادئ للصغار الذين تعبوا، وللكبار أيضاً

المكان مهيأ لعربات الأطفال والكراسي المتحركة، والمواقف مجانية. الدخول مجاني لمن هم دون الثالثة.",
        category: Category::Family,
        language: Language::Ar,
        place: venue(
            "حديقة الواحة",
            "طريق الدائري الثالث، الشامية",
            "الكويت",
            "KW",
        ),
        time_zone: "Asia/Kuwait",
        when: on(12, 10, 0, 480),
        currency: "KWD",
        pools: &[
            pool("day", "الدخول", 800),
            pool("dome", "القبة الفلكية", 240),
        ],
        tickets: &[
            ticket(
                "طفل",
                "من ثلاث سنوات إلى اثنتي عشرة سنة.",
                2_250,
                &["day"],
                5,
            ),
            ticket("بالغ", "دخول طوال اليوم.", 3_750, &["day"], 4),
            ticket(
                "دخول مع القبة الفلكية",
                "يشمل عرضاً واحداً في القبة.",
                6_500,
                &["day", "dome"],
                3,
            ),
        ],
        state: State::Published,
        artwork: (Style::Blocks, 9),
        sales: sold(66, 14, Curve::Spike),
        refund_policy: GENEROUS,
    },
    DemoEvent {
        organizer: "khutut",
        slug: "light-and-sand",
        title: "معرض: ضوء ورمل",
        summary: "اثنا عشر فناناً يعملون بمادتين فقط، في ثلاث قاعات آخرها من صنع الزوار.",
        description: r"ماذا يبقى من الصحراء إذا أدخلناها غرفة؟ اثنا عشر فناناً وفنانة من الخليج والمشرق أجابوا بمادتين لا غير: الضوء والرمل.

في القاعة الأولى بندول يرسم على الأرض دائرة لا تنغلق. وفي الثانية غرفة مظلمة تهبّ فيها ريح تُرى ولا تُحَسّ. أما القاعة الثالثة فيكملها الزوار: اكتب اسمك في الرمل وانتظر حتى يمحوه الضوء.

**أوقات الزيارة:** يومياً من العاشرة صباحاً إلى العاشرة ليلاً. التذكرة صالحة لزيارة واحدة في أي يوم. جولة مع القيّمة **دانة الراشد** كل مساء في السابعة.",
        category: Category::Exhibition,
        language: Language::Ar,
        place: venue(
            "قاعة المرسم",
            "شارع عبدالله السالم، الضاحية",
            "الكويت",
            "KW",
        ),
        time_zone: "Asia/Kuwait",
        when: on(-3, 10, 0, 9_360),
        currency: "KWD",
        pools: &[pool("visits", "الزيارات", 900)],
        tickets: &[
            ticket(
                "زيارة",
                "صالحة لمرة واحدة في أي يوم.",
                2_500,
                &["visits"],
                5,
            ),
            ticket(
                "زيارة مع جولة",
                "مع القيّمة في السابعة مساءً.",
                4_250,
                &["visits"],
                2,
            )
            .at_most(4),
            ticket("طلاب ومعلمون", "مجاناً مع بطاقة سارية.", 0, &["visits"], 2).at_most(1),
        ],
        state: State::Published,
        artwork: (Style::Mountains, 3),
        sales: sold(49, 16, Curve::Rising).arrived(58),
        refund_policy: NO_RETURNS,
    },
    DemoEvent {
        organizer: "kumo",
        slug: "paper-wood-air",
        title: "Paper, Wood, Air",
        summary: "Kites, lanterns and folding screens by nine makers, hung in a townhouse where the windows stay open.",
        description: r"A kite is a drawing that has to work. For this exhibition nine makers from six prefectures built objects from paper, wood and nothing else; the third material is the air in the house, which is why the windows stay open and you are asked to keep your coat on.

## In the rooms

- **Ground floor:** lanterns by *Sachiko Mori*, lit at dusk
- **Stairs:** forty-two paper cranes that turn when somebody walks past
- **First floor:** a folding screen by *Atsushi Kagawa* that can be folded in eleven ways, and is, every hour
- **Roof:** kites, wind permitting

Each visit lasts an hour, and only twenty people are in the house at a time. Please take off your shoes; slippers come in four sizes.",
        category: Category::Exhibition,
        language: Language::En,
        place: venue("Kumo House", "3-14-8 Yanaka, Taitō-ku", "Tokyo", "JP"),
        time_zone: "Asia/Tokyo",
        when: on(-5, 10, 0, 17_820),
        currency: "JPY",
        pools: &[pool("visits", "Visits", 640)],
        tickets: &[
            ticket("Visit", "One hour on any day.", 1_800, &["visits"], 6),
            ticket(
                "Visit with tea",
                "Followed by tea in the garden room.",
                3_200,
                &["visits"],
                3,
            )
            .at_most(4),
            ticket("Under 16", "Accompanied by an adult.", 0, &["visits"], 1),
        ],
        state: State::Published,
        artwork: (Style::Arcs, 12),
        sales: sold(58, 20, Curve::Steady).arrived(47),
        refund_policy: GENEROUS,
    },
    DemoEvent {
        organizer: "kumo",
        slug: "ink-and-silence",
        title: "Ink and Silence",
        summary: "A morning with brush, ink and one character. Taught in Japanese and English, mostly without words.",
        description: r"You will grind your own ink, which takes twenty minutes and is the first exercise. Then you will write one character, the same one, about sixty times. Somewhere around the fortieth something usually happens.

**Reiko Amano** has taught for thirty years and speaks little while doing it. She corrects by placing her hand over yours, or, if you prefer, by moving her own brush next to you.

- Brushes, ink stones and paper are provided
- You take your best sheet home, mounted on card
- Low tables by default; chairs on request
- Ten places, tea at the end",
        category: Category::Course,
        language: Language::En,
        place: venue("Kumo House", "3-14-8 Yanaka, Taitō-ku", "Tokyo", "JP"),
        time_zone: "Asia/Tokyo",
        when: on(9, 9, 30, 180),
        currency: "JPY",
        pools: &[pool("tables", "Tables", 10)],
        tickets: &[ticket(
            "Place at a table",
            "Materials and tea included.",
            7_500,
            &["tables"],
            1,
        )
        .at_most(2)],
        state: State::SoldOut,
        artwork: (Style::Brush, 2),
        sales: sold(100, 15, Curve::Steady).refunded(0),
        refund_policy: FAIR,
    },
    DemoEvent {
        organizer: "kumo",
        slug: "kaze-percussion",
        title: "Kaze Percussion Ensemble",
        summary: "Eight players, ninety instruments, and a piece for falling rice.",
        description: r"The ensemble is named after the wind and sounds like everything it can move. Eight percussionists play drums from Sado, temple bowls, ship's planks, typewriters, and in the second half four kilograms of rice that fall from the ceiling for exactly nine minutes.

## Programme

1. *Sanba*, for three drums and a sewing machine
2. *Nine Minutes of Rain* by **Haruka Teshigawara**, first performance
3. Break
4. *Harbour Signals* (1984) by **Ōta Kenji**

Ages six and up. The first row gets a little rice.",
        category: Category::Concert,
        language: Language::En,
        place: venue(
            "Sumida Riverside Hall",
            "1-23-20 Azumabashi, Sumida-ku",
            "Tokyo",
            "JP",
        ),
        time_zone: "Asia/Tokyo",
        when: on(21, 18, 30, 120),
        currency: "JPY",
        pools: &[pool("s", "S seats", 120), pool("a", "A seats", 260)],
        tickets: &[
            ticket("S seat", "Rows one to eight.", 6_800, &["s"], 4),
            ticket("A seat", "Rows nine to twenty-four.", 4_800, &["a"], 5),
            ticket("A seat, student", "With a student card.", 2_400, &["a"], 2).at_most(2),
        ],
        state: State::Published,
        artwork: (Style::Curtain, 6),
        sales: sold(53, 20, Curve::Spike),
        refund_policy: STRICT,
    },
    DemoEvent {
        organizer: "kumo",
        slug: "midnight-noodle-walk",
        title: "Midnight Noodle Walk",
        summary: "Four counters, four broths, three kilometres. Begins when the last train has gone.",
        description: r"When the last train has left, the city belongs to taxi drivers, bakers and people who want noodles. **Daisuke Endo**, who drove a taxi for twenty-six years, takes twelve guests to four counters that do not have a sign.

You eat a half portion at each: clear chicken broth in a garage, black soy in Asakusa, cold buckwheat on a bridge, and one that he decides by the weather. Between them lie three slow kilometres along the river and a good deal of gossip.

**Food:** one of the four stops can be vegetarian, all four can be pork-free; tell us with your order. **Getting home:** the first train goes at 4:52, and so does the walk.",
        category: Category::Food,
        language: Language::En,
        place: venue(
            "Ueno Station, Shinobazu Gate",
            "7-1-1 Ueno, Taitō-ku",
            "Tokyo",
            "JP",
        ),
        time_zone: "Asia/Tokyo",
        when: on(6, 0, 40, 252),
        currency: "JPY",
        pools: &[pool("group", "Group", 12)],
        tickets: &[ticket(
            "One guest",
            "Four half portions and green tea included.",
            9_800,
            &["group"],
            1,
        )
        .at_most(4)],
        state: State::Published,
        artwork: (Style::Table, 5),
        sales: sold(75, 10, Curve::Rising).refunded(0),
        refund_policy: FAIR,
    },
];
