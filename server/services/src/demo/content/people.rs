//! Names of invented buyers and guests.

/// First names for events in Latin script.
pub const GIVEN: &[&str] = &[
    "Amelia", "Anouk", "Aisha", "Bengt", "Björn", "Chloé", "Ciara", "Darius", "Dunja", "Eleni", "Emre", "Esra", "Fatou",
    "Finn", "Gabriela", "Georgi", "Giulia", "Hana", "Haruto", "Helga", "Idris", "Ines", "Ingrid", "Ivan", "Jakub",
    "Jamal", "Joana", "Jonas", "Kaito", "Karim", "Katarína", "Keiko", "Lars", "Leila", "Luca", "Lucía", "Maja", "Malik",
    "Marek", "Matěj", "Mei", "Mina", "Mirjam", "Naomi", "Neža", "Niamh", "Noor", "Olu", "Oskar", "Paloma", "Petra",
    "Priya", "Rafael", "Rania", "Rok", "Rosa", "Sana", "Sigrún", "Simone", "Sofía", "Stefan", "Svea", "Tariq", "Thandi",
    "Tomaž", "Uma", "Valentina", "Wei", "Yara", "Yusuf", "Zoë", "Žiga",
];

/// Family names for events in Latin script.
pub const FAMILY: &[&str] = &[
    "Adeyemi", "Akhtar", "Andersen", "Arslan", "Baumann", "Bianchi", "Björnsdóttir", "Brennan", "Carvalho", "Chen",
    "Costa", "Demir", "Diallo", "Dvořák", "Eriksson", "Fernández", "Fischer", "Fujimoto", "García", "Grabowski", "Haddad",
    "Hansen", "Horvat", "Ibrahim", "Ito", "Jansen", "Johansson", "Kaplan", "Keller", "Khan", "Kim", "Kovač", "Kowalska",
    "Lambert", "Larsen", "Leclerc", "Lindholm", "Marino", "Mensah", "Meyer", "Moreau", "Morgan", "Müller", "Nakamura",
    "Nguyen", "Novak", "O’Connor", "Okafor", "Olsen", "Owusu", "Papadakis", "Park", "Patel", "Pereira", "Petrović",
    "Quinn", "Ramos", "Rossi", "Ruiz", "Saito", "Schmid", "Silva", "Singh", "Sokolova", "Szabó", "Tanaka", "Taylor",
    "Vidmar", "Vogel", "Walsh", "Williams", "Yıldız", "Yamada", "Zupan", "Zimmermann",
];

/// First names for events in Arabic.
pub const GIVEN_AR: &[&str] = &[
    "أحمد", "آدم", "أسماء", "أمل", "أنس", "إيمان", "باسل", "بتول", "تالا", "جمانة", "جواد", "حازم", "حسن", "حلا", "خالد",
    "دانة", "دينا", "ديمة", "رامي", "رشا", "رغد", "ريم", "زياد", "زينب", "سارة", "سالم", "سلمى", "سمر", "شهد", "شيماء",
    "طارق", "عادل", "عائشة", "عبد الله", "عبير", "عمر", "غادة", "فاطمة", "فهد", "فيصل", "كريم", "لجين", "لمى", "ليلى",
    "ماجد", "محمد", "مريم", "مصطفى", "منى", "ناصر", "نورا", "هالة", "هبة", "هشام", "وائل", "ياسمين", "يزن", "يوسف",
];

/// Family names for events in Arabic.
pub const FAMILY_AR: &[&str] = &[
    "إبراهيم", "أبو زيد", "التميمي", "الحداد", "الخطيب", "الدوسري", "الراشد", "الرفاعي", "الزعبي", "السعدي", "السيد",
    "الشامي", "الشمري", "الصالح", "الصباغ", "الطويل", "العبادي", "العتيبي", "العلي", "العنزي", "الفارس", "القاسم",
    "القيسي", "الكندري", "المصري", "المطيري", "المغربي", "النجار", "الهاشمي", "بدران", "جابر", "حمدان", "خليل", "درويش",
    "رزق", "زيدان", "سليمان", "شاهين", "صبري", "عبد الرحمن", "عثمان", "عزام", "غانم", "فوزي", "قنديل", "مراد", "منصور",
    "ناجي", "نصار", "يونس",
];
