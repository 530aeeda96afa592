//! Countries and tax ids, as far as a structured invoice asks.

/// ISO 3166-1, two letters.
const COUNTRIES: &str = "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS \
    BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ \
    FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT \
    JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP \
    MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE \
    RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV \
    TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW";

/// Whether it is a country's code of two large letters.
pub fn is_country(code: &str) -> bool {
    code.len() == 2 && COUNTRIES.split(' ').any(|known| known == code)
}

/// A VAT id as it is compared and sent: large letters and digits only.
pub fn normal_vat_id(text: &str) -> String {
    text.chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|sign| sign.to_ascii_uppercase())
        .collect()
}

/// Whether it names its country first, as EN 16931 demands (BR-CO-09); Greece writes EL, Northern Ireland XI.
pub fn is_vat_id(text: &str) -> bool {
    let text = normal_vat_id(text);
    let Some((country, rest)) = text.split_at_checked(2) else {
        return false;
    };
    (4..=20).contains(&text.len())
        && (is_country(country) || matches!(country, "EL" | "XI"))
        && rest.chars().any(|sign| sign.is_ascii_digit())
}

/// The country that a VAT id names, by ISO 3166-1.
pub fn country_of_vat_id(text: &str) -> Option<String> {
    let id = normal_vat_id(text);
    let country = match id.get(..2).filter(|_| is_vat_id(&id))? {
        "EL" => "GR",
        "XI" => "GB",
        country => country,
    };
    Some(country.to_owned())
}
