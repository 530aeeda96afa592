//! Events of دار النغم in Cairo and مدار in Amman, in Arabic.

use super::{Curve, DemoEvent, FAIR, GENEROUS, Language, NO_RETURNS, Place, STRICT, State, on, pool, sold, ticket, venue};
use crate::demo::artwork::Style;
use domain::catalog::Category;

const HOUSE: Place = venue("مسرح دار النغم", "١٤ شارع المعز، الجمالية", "القاهرة", "EG");

pub(super) const EVENTS: &[DemoEvent] = &[
    DemoEvent {
        organizer: "naghm",
        slug: "laylat-al-maqamat",
        title: "ليلة المقامات",
        summary: "سبعة مقامات في ليلة واحدة: من الراست إلى الصبا، مع تخت شرقي كامل وصوت سلمى الوراق.",
        description: r"المقام ليس سلّماً موسيقياً فحسب، بل مزاجٌ له باب ونافذة وساعة من ساعات النهار. في هذه الليلة تأخذنا **سلمى الوراق** ومعها تخت شرقي من ستة عازفين في رحلة بين سبعة مقامات، مقاماً بعد مقام، بلا استعجال.

## برنامج الأمسية

1. راست وسوزناك: افتتاح وسماعي قديم
2. بيات: موشحات أندلسية
3. حجاز ونهاوند: أدوار من مطلع القرن العشرين
4. استراحة مع الشاي والنعناع
5. سيكاه وهزام: تقاسيم وحوار بين القانون والناي
6. صبا: ختام هادئ

تسبق كلَّ مقام كلمةٌ قصيرة تشرح ما سنسمع، فلا حاجة إلى معرفة سابقة. يُفتح الباب قبل الموعد بساعة، والمقاعد الأمامية مخصّصة لمن يحتاج إلى رؤية العازفين عن قرب.",
        category: Category::Concert,
        language: Language::Ar,
        place: HOUSE,
        time_zone: "Africa/Cairo",
        when: on(9, 20, 0, 150),
        currency: "EGP",
        pools: &[pool("parterre", "الصالة", 210), pool("balcony", "الشرفة", 90)],
        tickets: &[
            ticket("الصالة", "مقعد في الصالة من دون ترقيم.", 45_000, &["parterre"], 5),
            ticket("الشرفة", "إطلالة كاملة على المسرح.", 30_000, &["balcony"], 3),
            ticket("طلاب", "ببطاقة جامعية سارية.", 15_000, &["balcony"], 2).at_most(2),
        ],
        state: State::Published,
        artwork: (Style::Stars, 2),
        sales: sold(72, 19, Curve::Rising),
        refund_policy: FAIR,
    },
    DemoEvent {
        organizer: "naghm",
        slug: "oud-solo-yahya-darwish",
        title: "عود منفرد: يحيى درويش",
        summary: "ساعة من التقاسيم في فناء البيت القديم، من دون مكبّرات صوت. نفدت التذاكر.",
        description: r"يجلس يحيى درويش وحده في وسط الفناء، وحوله ثمانون كرسياً لا أكثر. لا مكبّر صوت ولا إضاءة مسرح: عودٌ صنعه والده عام ١٩٧٨، ونافورة صغيرة لا تتوقف.

يبدأ العزف مع غروب الشمس تماماً، ولهذا يتغيّر الموعد قليلاً كل أسبوع. يرتجل يحيى ساعةً كاملة، ثم يجيب عن الأسئلة ويسمح للأطفال بلمس الأوتار.

نرجو الوصول قبل الموعد بربع ساعة، لأننا نغلق الباب الخشبي عند أول نغمة ولا نفتحه حتى آخرها.",
        category: Category::Concert,
        language: Language::Ar,
        place: venue("فناء بيت السنديان", "٧ حارة الصالحية، الدرب الأحمر", "القاهرة", "EG"),
        time_zone: "Africa/Cairo",
        when: on(6, 17, 30, 90),
        currency: "EGP",
        pools: &[pool("court", "الفناء", 80)],
        tickets: &[ticket("كرسي في الفناء", "يشمل الشاي.", 60_000, &["court"], 1).at_most(4)],
        state: State::SoldOut,
        artwork: (Style::Ridges, 6),
        sales: sold(100, 11, Curve::Rush),
        refund_policy: GENEROUS,
    },
    DemoEvent {
        organizer: "naghm",
        slug: "nile-music-days",
        title: "أيام النيل للموسيقى",
        summary: "ثلاثة أيام على ضفة النهر: فرق من مصر والسودان وإثيوبيا وأوغندا على مسرح واحد.",
        description: r"يمرّ النيل بإحدى عشرة دولة، ولكل دولة إيقاعها. على مدى ثلاثة أيام نجمع على ضفته موسيقيين لم يلتقوا من قبل، ونترك لهم مسرحاً ووقتاً كافياً.

## اليوم الأول: المنبع

طبول من أوغندا، وقيثارة الكرار الإثيوبية مع **تسفاي برهانو**، وورشة رقص مفتوحة قبل الغروب.

## اليوم الثاني: اللقاء

الطنبور السوداني مع **فرقة مقرن النيلين**، ثم حفل مشترك أُعدّ خلال أسبوع من الإقامة الفنية.

## اليوم الثالث: المصبّ

السمسمية من مدن القناة، والمزمار من الصعيد، وختام تشارك فيه كل الفرق.

الموقع مفتوح من الرابعة عصراً، وفيه سوق للطعام وركن للأطفال. تسير قوارب مجانية بين الضفتين كل عشرين دقيقة.",
        category: Category::Festival,
        language: Language::Ar,
        place: venue("حديقة المرسى", "كورنيش النيل، المنيل", "القاهرة", "EG"),
        time_zone: "Africa/Cairo",
        when: on(29, 16, 0, 3_300),
        currency: "EGP",
        pools: &[pool("d1", "اليوم الأول", 1_200), pool("d2", "اليوم الثاني", 1_200), pool("d3", "اليوم الثالث", 1_200)],
        tickets: &[
            ticket("تذكرة الأيام الثلاثة", "دخول كامل طوال المهرجان.", 75_000, &["d1", "d2", "d3"], 5),
            ticket("اليوم الأول: المنبع", "دخول يوم واحد.", 30_000, &["d1"], 2),
            ticket("اليوم الثاني: اللقاء", "دخول يوم واحد.", 35_000, &["d2"], 3),
            ticket("اليوم الثالث: المصبّ", "دخول يوم واحد.", 35_000, &["d3"], 2),
        ],
        state: State::Published,
        artwork: (Style::HalftoneSun, 9),
        sales: sold(37, 15, Curve::Rising),
        refund_policy: STRICT,
    },
    DemoEvent {
        organizer: "naghm",
        slug: "rhythm-for-beginners",
        title: "الإيقاع للمبتدئين",
        summary: "أربع ساعات مع الدف والطبلة. لا تحتاج إلى خبرة، بل إلى كفّين فقط.",
        description: r"قبل النغمة كان الإيقاع. في هذه الورشة نتعلّم خمسة إيقاعات أساسية، من المقسوم إلى السماعي الثقيل، نقرأها بالكلام أولاً ثم ننقلها إلى اليدين.

يقود الورشة **حازم قنديل**، عازف الإيقاع الذي درّب جيلاً كاملاً من شباب الفرق في القاهرة، ويؤمن بأن من يستطيع المشي يستطيع العزف.

- الآلات متوفرة، ويمكنك إحضار آلتك
- عدد المشاركين ثمانية عشر على الأكثر
- استراحة مع فطير وعسل
- في الختام نعزف معاً مقطوعة كاملة ونسجّلها",
        category: Category::Course,
        language: Language::Ar,
        place: HOUSE,
        time_zone: "Africa/Cairo",
        when: on(13, 11, 0, 240),
        currency: "EGP",
        pools: &[pool("places", "المقاعد", 18)],
        tickets: &[ticket("مشاركة", "تشمل الآلة والفطور.", 85_000, &["places"], 4).at_most(3), ticket("مشاركة مخفّضة", "للطلاب ومن لا يسمح دخله.", 40_000, &["places"], 1).at_most(1)],
        state: State::Published,
        artwork: (Style::Lamps, 7),
        sales: sold(61, 13, Curve::Steady).refunded(0),
        refund_policy: FAIR,
    },
    DemoEvent {
        organizer: "naghm",
        slug: "autumn-tarab-night",
        title: "ليلة طرب الخريف",
        summary: "سهرة طويلة من الأدوار والموشحات. شكراً لكل من غنّى معنا حتى الفجر.",
        description: r"بدأت السهرة في الثامنة، وكان مقرّراً أن تنتهي في الحادية عشرة، لكن الجمهور كان له رأي آخر. غنّت **نادية الشامي** ثلاث وصلات، وأعادت المقطع الأخير أربع مرات نزولاً عند رغبة الشرفة.

حضر الأمسية أكثر من مئتين وخمسين سمّيعاً. سيُنشر التسجيل الصوتي قريباً، ويصل رابطه بالبريد إلى كل من حمل تذكرة.

نلتقي في سهرة الشتاء، وسنترك هذه المرة موعد الختام مفتوحاً.",
        category: Category::Concert,
        language: Language::Ar,
        place: HOUSE,
        time_zone: "Africa/Cairo",
        when: on(-12, 20, 0, 240),
        currency: "EGP",
        pools: &[pool("parterre", "الصالة", 210), pool("balcony", "الشرفة", 90)],
        tickets: &[ticket("الصالة", "مقعد من دون ترقيم.", 40_000, &["parterre"], 5), ticket("الشرفة", "إطلالة كاملة على المسرح.", 25_000, &["balcony"], 2)],
        state: State::Past,
        artwork: (Style::Stars, 5),
        sales: sold(90, 26, Curve::Rising).arrived(93),
        refund_policy: FAIR,
    },
    DemoEvent {
        organizer: "madar",
        slug: "amman-open-software",
        title: "مؤتمر عمّان للبرمجيات الحرة",
        summary: "يومان من المحاضرات والورش عن البرمجيات التي نملكها حقاً، بالعربية من أول كلمة إلى آخرها.",
        description: r"كيف نكتب برنامجاً يعيش عشر سنوات؟ ومن يعتني به حين ننشغل؟ يجمع المؤتمر للسنة الرابعة مبرمجات ومبرمجين من المنطقة ليتحدثوا عن شغلهم كما هو: الأخطاء قبل النجاحات.

## من المحاضرات

- **رنا العبادي:** قاعدة بيانات واحدة تكفي
- **ليث حمدان:** العربية على الشاشة، من الحرف إلى السطر
- **د. سهى النجار:** كيف تعيش المكتبات الصغيرة
- **قصي بدران:** أربعون ألف سطر حذفتها هذا العام

## الورش

في صباح اليوم الثاني أربع ورش متوازية، لكل منها ثلاثون مقعداً. تُحجز بتذكرة مستقلة تشمل اليومين.

الغداء والقهوة ضمن التذكرة، ويتوفر ركن لرعاية الأطفال وترجمة فورية إلى لغة الإشارة.",
        category: Category::Conference,
        language: Language::Ar,
        place: venue("مركز رأس العين", "شارع قريش، رأس العين", "عمّان", "JO"),
        time_zone: "Asia/Amman",
        when: on(31, 9, 30, 1_950),
        currency: "JOD",
        pools: &[pool("hall", "القاعة", 320), pool("workshop", "مقاعد الورش", 120)],
        tickets: &[
            ticket("الحجز المبكر", "اليومان بالسعر المبكر.", 35_000, &["hall"], 5).until(-3),
            ticket("المؤتمر", "اليومان مع الغداء.", 48_500, &["hall"], 4),
            ticket("المؤتمر مع ورشة", "اليومان وورشة في صباح اليوم الثاني.", 69_750, &["hall", "workshop"], 3),
            ticket("طلاب", "ببطاقة جامعية سارية.", 12_250, &["hall"], 2).at_most(1),
        ],
        state: State::Published,
        artwork: (Style::Arcs, 9),
        sales: sold(59, 22, Curve::Rush),
        refund_policy: STRICT,
    },
    DemoEvent {
        organizer: "madar",
        slug: "arabic-calligraphy-weekend",
        title: "الخط العربي من النقطة",
        summary: "عطلة أسبوع مع القصبة والحبر: أبجدية خط النسخ خطوة خطوة، لمن لم يمسك قلماً من قبل.",
        description: r"كل حرف يُقاس بالنقطة. من هنا نبدأ: نبري القصبة، ونحضّر الحبر، ونرسم النقطة مئة مرة حتى تستقيم، ثم نصعد منها إلى الألف.

## ماذا سنفعل

1. اليوم الأول: الأدوات، وميزان الحروف، والحروف المفردة
2. اليوم الثاني: اتصال الحروف، وكتابة الاسم، ولوحة صغيرة تأخذها معك

تدرّس الدورة الخطاطة **لمى الصباغ**، وهي مجازة في النسخ والثلث. المجموعة صغيرة، ولكل مشارك طاولة ومصباح وعدّة كاملة تبقى له.

الدورة مناسبة لمن يكتب باليمنى أو باليسرى، من عمر أربعة عشر عاماً.",
        category: Category::Course,
        language: Language::Ar,
        place: venue("بيت مدار", "٢٢ شارع الرينبو، جبل عمّان", "عمّان", "JO"),
        time_zone: "Asia/Amman",
        when: on(18, 10, 0, 1_860),
        currency: "JOD",
        pools: &[pool("tables", "الطاولات", 14)],
        tickets: &[ticket("مقعد في الدورة", "يشمل الأدوات والورق.", 55_000, &["tables"], 1).at_most(2)],
        state: State::Published,
        artwork: (Style::Brush, 3),
        sales: sold(86, 16, Curve::Steady).refunded(0),
        refund_policy: FAIR,
    },
    DemoEvent {
        organizer: "madar",
        slug: "readers-evening",
        title: "لقاء القرّاء: رواية في ساعة",
        summary: "نقرأ معاً الفصل الأول بصوت عالٍ ثم نتحدث. مجاني ومفتوح للجميع.",
        description: r"لا يُشترط أن تكون قد قرأت الكتاب. في كل لقاء نختار رواية، ويقرأ أحدنا فصلها الأول بصوت عالٍ، ثم نطرح سؤالاً واحداً: هل تكملها؟

رواية هذا الشهر تدور في مكتبة تبيع كتباً بلا أغلفة، ويستضيف اللقاء كاتبتها **هبة قاسم** التي ستبقى صامتة حتى آخر نصف ساعة، كما وعدت.

القهوة علينا، والكعك على من يحب أن يخبز. نرجو إلغاء التذكرة إن تعذّر الحضور، لأن المقاعد قليلة.",
        category: Category::Meetup,
        language: Language::Ar,
        place: venue("بيت مدار", "٢٢ شارع الرينبو، جبل عمّان", "عمّان", "JO"),
        time_zone: "Asia/Amman",
        when: on(2, 18, 0, 120),
        currency: "JOD",
        pools: &[pool("chairs", "الكراسي", 45)],
        tickets: &[ticket("حضور مجاني", "مقعد مع فنجان قهوة.", 0, &["chairs"], 1).at_most(3)],
        state: State::Published,
        artwork: (Style::Letters, 12),
        sales: sold(80, 7, Curve::Spike).refunded(0),
        refund_policy: GENEROUS,
    },
    DemoEvent {
        organizer: "madar",
        slug: "clear-arabic-writing",
        title: "كيف تكتب نصاً واضحاً",
        summary: "ورشة عبر الإنترنت لكل من يكتب تقارير أو مقالات أو رسائل يقرؤها الآخرون على عجل.",
        description: r"الوضوح ليس موهبة، بل مراجعة. أحضر معك صفحة واحدة كتبتها في عملك، وسنعيد كتابتها معاً ثلاث مرات: مرة للقارئ، ومرة للجملة، ومرة للحذف.

تقدّم الورشة المحررة **غادة عزّام** التي عملت عشرين عاماً في الصحافة العلمية، وتعتقد أن الفاصلة أهم من الاستعارة.

- ثلاث ساعات مع استراحتين
- مجموعات صغيرة من ثلاثة أشخاص
- تسجيل متاح أسبوعين بعد الورشة

يصل رابط الدخول مع التذكرة، ويكفي متصفح حديث وسماعة.",
        category: Category::Course,
        language: Language::Ar,
        place: Place::Online { link: "https://live.madar.example/write" },
        time_zone: "Asia/Amman",
        when: on(16, 17, 0, 180),
        currency: "JOD",
        pools: &[pool("room", "المقاعد", 60)],
        tickets: &[ticket("مشاركة", "مع ملاحظات مكتوبة على نصك.", 18_500, &["room"], 3).at_most(2), ticket("استماع فقط", "متابعة الورشة من دون تسليم نص.", 7_500, &["room"], 2).at_most(2)],
        state: State::Published,
        artwork: (Style::Contours, 5),
        sales: sold(48, 11, Curve::Steady),
        refund_policy: NO_RETURNS,
    },
];
