//! What is wrong with a field of a form, by the code and the limits of the fault.

use crate::{Locale, texts};
use std::fmt::Display;

/// The sentence for a field fault. A code without a text of its own asks to check the field.
#[must_use]
pub fn text(l: Locale, code: &str, params: &[(String, String)]) -> String {
    let values: Vec<(&str, &dyn Display)> = params
        .iter()
        .map(|(name, value)| (name.as_str(), value as &dyn Display))
        .collect();
    texts::faults::lookup_with(l, code, &values)
        .unwrap_or_else(|| texts::faults::other(l).to_owned())
}

#[cfg(test)]
mod tests {
    use super::text;
    use crate::Locale;

    #[test]
    fn limits_are_filled_in() {
        let params = [("max".to_owned(), "80".to_owned())];
        assert_eq!(
            text(Locale::En, "too_long", &params),
            "Use at most 80 characters."
        );
        assert!(text(Locale::Ar, "too_long", &params).contains("80"));
    }

    #[test]
    fn every_fault_has_its_words() {
        use domain::{
            money::{Currency, Money},
            text::Fault,
        };
        let dinars = |minor| Money::new(minor, Currency::BHD);
        let faults = [
            Fault::Required,
            Fault::TooShort { min: 2 },
            Fault::TooLong { max: 5 },
            Fault::ControlCharacters,
            Fault::BidiOverride,
            Fault::Markup,
            Fault::Address,
            Fault::NotAnEmail,
            Fault::NotAUrl,
            Fault::NotAnIban,
            Fault::NotABankCode,
            Fault::NotANumber,
            Fault::TooSmall { min: 1 },
            Fault::TooLarge { max: 9 },
            Fault::TooPrecise { max: 2 },
            Fault::TooLittleToPay {
                pays: dinars(200),
                min: dinars(500),
            },
            Fault::PaidInSteps {
                pays: dinars(5_775),
                step: dinars(10),
            },
            Fault::NotInSteps { step: dinars(10) },
            Fault::NotADate,
            Fault::NotATimeZone,
            Fault::UnknownChoice,
            Fault::TooMany { max: 100 },
            Fault::NotLimited,
            Fault::InUse,
            Fault::NotASlug,
            Fault::SameAsBefore,
            Fault::Taken,
            Fault::InPast,
            Fault::EndBeforeStart,
            Fault::AfterStart,
            Fault::BeforeOtherPhase,
            Fault::WeakPassword,
            Fault::BreachedPassword,
            Fault::Mismatch,
            Fault::WrongPassword,
            Fault::WrongCode,
            Fault::NotAnImage,
            Fault::NotAVatId,
            Fault::NotAPromoCode,
            Fault::FileTooLarge { max_mb: 10 },
        ];
        for l in Locale::all() {
            for fault in &faults {
                let params: Vec<_> = fault
                    .params()
                    .into_iter()
                    .map(|(name, value)| (name.to_owned(), value))
                    .collect();
                let text = text(l, fault.code(), &params);
                assert_ne!(text, super::text(l, "other", &[]), "{}", fault.code());
                assert!(!text.contains('{'), "{text}");
            }
        }
    }

    #[test]
    fn an_unknown_code_asks_to_check_the_field() {
        assert_eq!(
            text(Locale::En, "no_such_code", &[]),
            "Please check this field."
        );
    }
}
