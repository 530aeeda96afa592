//! What can be wrong with one field of a form.

use serde::{Deserialize, Serialize};

use crate::money::Money;

/// One thing that is wrong with a value; the words for it are chosen by `code` and `params`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[error("{}", self.code())]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// Nothing was entered.
    Required,
    /// Fewer characters than needed.
    TooShort { min: usize },
    /// More characters than allowed.
    TooLong { max: usize },
    /// Characters that cannot be seen or printed.
    ControlCharacters,
    /// Characters that make text read in another order than it is written.
    BidiOverride,
    /// A tag, where plain text is wanted.
    Markup,
    /// An address of a page or a mailbox, where a name is wanted.
    Address,
    /// Not an e-mail address.
    NotAnEmail,
    /// Not a web address.
    NotAUrl,
    /// Not an international account number, or mistyped.
    NotAnIban,
    /// Not a BIC, routing or sort code.
    NotABankCode,
    /// Not a number.
    NotANumber,
    /// A number below the least allowed one.
    TooSmall { min: i64 },
    /// A number above the greatest allowed one.
    TooLarge { max: i64 },
    /// What buyers would pay, tax and fee included, is less than can be charged.
    TooLittleToPay { pays: Money, min: Money },
    /// What buyers would pay, tax and fee included, is finer than cards move.
    PaidInSteps { pays: Money, step: Money },
    /// Finer than cards move.
    NotInSteps { step: Money },
    /// More decimals than allowed.
    TooPrecise { max: u8 },
    /// Not a date, or not one that exists.
    NotADate,
    /// Not the name of a time zone.
    NotATimeZone,
    /// Not one of the choices.
    UnknownChoice,
    /// More things than allowed.
    TooMany { max: usize },
    /// What answers for the whole cannot be limited to a part.
    NotLimited,
    /// People have relied on it already.
    InUse,
    /// Not usable as part of a web address.
    NotASlug,
    /// What is there already.
    SameAsBefore,
    /// Somebody else has it already.
    Taken,
    /// Lies in the past.
    InPast,
    /// The end comes before the start.
    EndBeforeStart,
    /// It must be before the event begins.
    AfterStart,
    /// It must be later than the end of the phase before.
    BeforeOtherPhase,
    /// Too easy to guess.
    WeakPassword,
    /// Known from a breach of another site.
    BreachedPassword,
    /// Differs from the value it has to repeat.
    Mismatch,
    /// Not the password of this account.
    WrongPassword,
    /// Not a code that is good now.
    WrongCode,
    /// Not an image that can be read.
    NotAnImage,
    /// A file above the greatest allowed size.
    FileTooLarge { max_mb: u32 },
    /// An image that would unfold into too many pixels.
    TooManyPixels,
    /// Not a well-formed number for value added tax.
    NotAVatId,
    /// The register of VAT ids does not know it.
    UnknownVatId,
    /// What was sold without tax names a business in another state of the Union.
    VatIdNeeded,
    /// Of other signs than letters and digits.
    NotAPromoCode,
    /// A time that clocks jump over on that day.
    TimeSkipped,
    /// A time that comes twice on that day, because clocks are set back.
    TimeTwice,
}

impl Fault {
    /// Stable key for translations.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::TooShort { .. } => "too_short",
            Self::TooLong { .. } => "too_long",
            Self::ControlCharacters => "control_characters",
            Self::BidiOverride => "bidi_override",
            Self::Markup => "markup",
            Self::Address => "address",
            Self::NotAnEmail => "not_an_email",
            Self::NotAUrl => "not_a_url",
            Self::NotAnIban => "not_an_iban",
            Self::NotABankCode => "not_a_bank_code",
            Self::NotANumber => "not_a_number",
            Self::TooSmall { .. } => "too_small",
            Self::TooLarge { .. } => "too_large",
            Self::TooLittleToPay { .. } => "too_little_to_pay",
            Self::PaidInSteps { .. } => "paid_in_steps",
            Self::NotInSteps { .. } => "not_in_steps",
            Self::TooPrecise { .. } => "too_precise",
            Self::NotADate => "not_a_date",
            Self::NotATimeZone => "not_a_time_zone",
            Self::UnknownChoice => "unknown_choice",
            Self::TooMany { .. } => "too_many",
            Self::NotLimited => "not_limited",
            Self::InUse => "in_use",
            Self::NotASlug => "not_a_slug",
            Self::SameAsBefore => "same_as_before",
            Self::Taken => "taken",
            Self::InPast => "in_past",
            Self::EndBeforeStart => "end_before_start",
            Self::AfterStart => "after_start",
            Self::BeforeOtherPhase => "before_other_phase",
            Self::WeakPassword => "weak_password",
            Self::BreachedPassword => "breached_password",
            Self::Mismatch => "mismatch",
            Self::WrongPassword => "wrong_password",
            Self::WrongCode => "wrong_code",
            Self::NotAnImage => "not_an_image",
            Self::FileTooLarge { .. } => "file_too_large",
            Self::TooManyPixels => "too_many_pixels",
            Self::NotAVatId => "not_a_vat_id",
            Self::UnknownVatId => "unknown_vat_id",
            Self::VatIdNeeded => "vat_id_needed",
            Self::NotAPromoCode => "not_a_promo_code",
            Self::TimeSkipped => "time_skipped",
            Self::TimeTwice => "time_twice",
        }
    }

    /// The numbers that the words for this fault mention.
    pub fn params(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::TooShort { min } => vec![("min", min.to_string())],
            Self::TooLong { max } => vec![("max", max.to_string())],
            Self::TooSmall { min } => vec![("min", min.to_string())],
            Self::TooLarge { max } => vec![("max", max.to_string())],
            Self::TooLittleToPay { pays, min } => {
                vec![("pays", amount(*pays)), ("min", amount(*min))]
            }
            Self::PaidInSteps { pays, step } => {
                vec![("pays", amount(*pays)), ("step", amount(*step))]
            }
            Self::NotInSteps { step } => vec![("step", amount(*step))],
            Self::TooPrecise { max } => vec![("max", max.to_string())],
            Self::TooMany { max } => vec![("max", max.to_string())],
            Self::FileTooLarge { max_mb } => vec![("max_mb", max_mb.to_string())],
            Self::Required
            | Self::ControlCharacters
            | Self::BidiOverride
            | Self::Markup
            | Self::Address
            | Self::NotAnEmail
            | Self::NotAUrl
            | Self::NotAnIban
            | Self::NotABankCode
            | Self::NotANumber
            | Self::NotADate
            | Self::NotATimeZone
            | Self::UnknownChoice
            | Self::NotLimited
            | Self::InUse
            | Self::NotASlug
            | Self::SameAsBefore
            | Self::Taken
            | Self::InPast
            | Self::EndBeforeStart
            | Self::AfterStart
            | Self::BeforeOtherPhase
            | Self::WeakPassword
            | Self::BreachedPassword
            | Self::Mismatch
            | Self::WrongPassword
            | Self::WrongCode
            | Self::NotAnImage
            | Self::TooManyPixels
            | Self::NotAVatId
            | Self::UnknownVatId
            | Self::VatIdNeeded
            | Self::NotAPromoCode
            | Self::TimeSkipped
            | Self::TimeTwice => Vec::new(),
        }
    }
}

fn amount(money: Money) -> String {
    format!("{} {}", money.currency, money.to_decimal_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::Currency;

    #[test]
    fn amounts_are_said_with_their_currency() {
        let dinars = |minor| Money::new(minor, Currency::KWD);
        let step = dinars(10);
        let named = ("step", "KWD 0.010".to_owned());
        let pays = dinars(5_255);
        let with_price = Fault::PaidInSteps { pays, step }.params();
        assert_eq!(with_price[1], named);
        assert_eq!(with_price[0], ("pays", "KWD 5.255".to_owned()));
        assert_eq!(Fault::NotInSteps { step }.params(), [named]);
    }
}
