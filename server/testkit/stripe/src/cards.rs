//! Stripe's test cards and test bank accounts, and what each of them does.
//! Source: <https://docs.stripe.com/testing>.

/// What happens when a method is charged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Behaviour {
    /// The charge succeeds.
    Succeeds,
    /// The charge succeeds and is available at once.
    AvailableAtOnce,
    /// The bank says no: error code and decline code.
    Declines(&'static str, &'static str),
    /// The holder must say yes on a page of the bank, and then the charge succeeds or is declined.
    Challenge(Option<&'static str>),
    /// The charge succeeds and is disputed for this reason.
    Disputed(&'static str),
    /// A refund waits before it succeeds.
    RefundWaits,
    /// A refund succeeds and fails afterwards.
    RefundFails,
    /// A bank debit that is settled later: soon or slowly, paid or not, disputed or not.
    Debit {
        slow: bool,
        paid: bool,
        disputed: bool,
    },
}

use Behaviour::*;

/// A card that is worth a button on the hosted page.
pub struct Known {
    /// Its number.
    pub number: &'static str,
    /// What it does, in few words.
    pub label: &'static str,
}

/// The cards of the hosted page's buttons.
pub const SHOWN: &[Known] = &[
    Known {
        number: "4242424242424242",
        label: "succeeds",
    },
    Known {
        number: "4000000000000002",
        label: "is declined",
    },
    Known {
        number: "4000000000009995",
        label: "has insufficient funds",
    },
    Known {
        number: "4000000000009987",
        label: "was lost",
    },
    Known {
        number: "4000000000000069",
        label: "has expired",
    },
    Known {
        number: "4000000000000127",
        label: "has a wrong security code",
    },
    Known {
        number: "4000000000000119",
        label: "meets a processing error",
    },
    Known {
        number: "4000000000003220",
        label: "asks for 3D Secure",
    },
    Known {
        number: "4000000000000259",
        label: "is disputed afterwards",
    },
    Known {
        number: "4000000000007726",
        label: "is refunded slowly",
    },
    Known {
        number: "4000000000005126",
        label: "has a refund that fails",
    },
    Known {
        number: "4000000000000077",
        label: "is available at once",
    },
];

/// The number, what it does, and the end of the name of its ready-made payment method (`pm_card_…`).
const CARDS: &[(&str, Behaviour, &str)] = &[
    ("4242424242424242", Succeeds, "visa"),
    ("4000056655665556", Succeeds, "visa_debit"),
    ("5555555555554444", Succeeds, "mastercard"),
    ("5200828282828210", Succeeds, "mastercard_debit"),
    ("378282246310005", Succeeds, "amex"),
    ("6011111111111117", Succeeds, "discover"),
    ("3056930009020004", Succeeds, "diners"),
    ("3566002020360505", Succeeds, "jcb"),
    ("6200000000000005", Succeeds, "unionpay"),
    ("4000002760000016", Succeeds, "de"),
    ("4000000400000008", Succeeds, "at"),
    ("4000002500000003", Succeeds, "fr"),
    ("4000008260000000", Succeeds, "gb"),
    ("4000007560000009", Succeeds, "ch"),
    ("4000000000000077", AvailableAtOnce, "bypassPending"),
    (
        "4000003720000278",
        AvailableAtOnce,
        "bypassPendingInternational",
    ),
    (
        "4000000000000002",
        Declines("card_declined", "generic_decline"),
        "chargeDeclined",
    ),
    (
        "4000000000009995",
        Declines("card_declined", "insufficient_funds"),
        "chargeDeclinedInsufficientFunds",
    ),
    (
        "4000000000009987",
        Declines("card_declined", "lost_card"),
        "chargeDeclinedLostCard",
    ),
    (
        "4000000000009979",
        Declines("card_declined", "stolen_card"),
        "chargeDeclinedStolenCard",
    ),
    (
        "4000000000006975",
        Declines("card_declined", "card_velocity_exceeded"),
        "chargeDeclinedVelocityLimitExceeded",
    ),
    (
        "4000000000000341",
        Declines("card_declined", "generic_decline"),
        "chargeCustomerFail",
    ),
    (
        "4100000000000019",
        Declines("card_declined", "fraudulent"),
        "radarBlock",
    ),
    (
        "4000000000000069",
        Declines("expired_card", "expired_card"),
        "chargeDeclinedExpiredCard",
    ),
    (
        "4000000000000127",
        Declines("incorrect_cvc", "incorrect_cvc"),
        "chargeDeclinedIncorrectCvc",
    ),
    (
        "4000000000000119",
        Declines("processing_error", "processing_error"),
        "chargeDeclinedProcessingError",
    ),
    ("4000000000003220", Challenge(None), "threeDSecure2Required"),
    ("4000000000003063", Challenge(None), "threeDSecureRequired"),
    (
        "4000002500003155",
        Challenge(None),
        "authenticationRequiredOnSetup",
    ),
    (
        "4000002760003184",
        Challenge(None),
        "authenticationRequired",
    ),
    (
        "4000008400001629",
        Challenge(Some("generic_decline")),
        "threeDSecureRequiredChargeDeclined",
    ),
    (
        "4000008260003178",
        Challenge(Some("insufficient_funds")),
        "authenticationRequiredChargeDeclinedInsufficientFunds",
    ),
    ("4000000000000259", Disputed("fraudulent"), "createDispute"),
    (
        "4000000000002685",
        Disputed("product_not_received"),
        "createDisputeProductNotReceived",
    ),
    (
        "4000000000001976",
        Disputed("warning"),
        "createDisputeInquiry",
    ),
    ("4000000000007726", RefundWaits, "pendingRefund"),
    ("4000000000005126", RefundFails, "refundFail"),
];

/// Source: <https://docs.stripe.com/payments/sepa-debit/accept-a-payment#test-integration>.
const ACCOUNTS: &[(&str, Behaviour)] = &[
    (
        "AT611904300234573201",
        Debit {
            slow: false,
            paid: true,
            disputed: false,
        },
    ),
    (
        "DE89370400440532013000",
        Debit {
            slow: false,
            paid: true,
            disputed: false,
        },
    ),
    (
        "DE08370400440532013003",
        Debit {
            slow: true,
            paid: true,
            disputed: false,
        },
    ),
    (
        "DE62370400440532013001",
        Debit {
            slow: false,
            paid: false,
            disputed: false,
        },
    ),
    (
        "DE78370400440532013004",
        Debit {
            slow: true,
            paid: false,
            disputed: false,
        },
    ),
    (
        "DE35370400440532013002",
        Debit {
            slow: false,
            paid: true,
            disputed: true,
        },
    ),
];

/// The bank account of the hosted page's slow debit.
pub const SLOW_DEBIT: &str = "DE08370400440532013003";

/// What a card number or an IBAN does; numbers that are not in the tables simply succeed.
pub fn behaviour(number: &str) -> Behaviour {
    let card = CARDS
        .iter()
        .find(|(known, ..)| *known == number)
        .map(|(_, what, _)| *what);
    let account = || {
        ACCOUNTS
            .iter()
            .find(|(known, _)| *known == number)
            .map(|(_, what)| *what)
    };
    let fallback = if number.starts_with(|first: char| first.is_ascii_alphabetic()) {
        Debit {
            slow: false,
            paid: true,
            disputed: false,
        }
    } else {
        Succeeds
    };
    card.or_else(account).unwrap_or(fallback)
}

/// The card number behind a ready-made method, as `pm_card_visa_chargeDeclined`.
pub fn ready_made(id: &str) -> Option<&'static str> {
    let name = id.strip_prefix("pm_card_")?;
    let bare = name.strip_prefix("visa_").unwrap_or(name);
    let by = |name: &str| {
        CARDS
            .iter()
            .find(|(.., known)| *known == name)
            .map(|(number, ..)| *number)
    };
    by(name).or_else(|| by(bare))
}

/// The network of a card number.
pub fn brand(number: &str) -> &'static str {
    match number.get(..2).unwrap_or_default() {
        "34" | "37" => "amex",
        "30" | "36" | "38" => "diners",
        "35" => "jcb",
        "60" | "64" | "65" => "discover",
        "62" => "unionpay",
        two if two.starts_with('5') || two.starts_with('2') => "mastercard",
        _ => "visa",
    }
}

/// The country of the bank that gave out a card.
pub fn country(number: &str) -> &'static str {
    match number.get(4..8).unwrap_or_default() {
        "0276" => "DE",
        "0040" => "AT",
        "0250" => "FR",
        "0826" => "GB",
        "0756" => "CH",
        _ => "US",
    }
}

/// Whether the check digit is right (ISO/IEC 7812-1).
pub fn luhn(number: &str) -> bool {
    let digits: Option<Vec<u32>> = number.chars().map(|c| c.to_digit(10)).collect();
    let Some(digits) = digits.filter(|digits| (12..=19).contains(&digits.len())) else {
        return false;
    };
    let doubled = |(at, digit): (usize, u32)| match (at % 2, digit * 2) {
        (0, _) => digit,
        (_, twice) if twice > 9 => twice - 9,
        (_, twice) => twice,
    };
    digits
        .into_iter()
        .rev()
        .enumerate()
        .map(doubled)
        .sum::<u32>()
        % 10
        == 0
}

/// What Stripe says to the holder of a card that was declined.
pub fn message(decline_code: &str) -> &'static str {
    match decline_code {
        "insufficient_funds" => "Your card has insufficient funds.",
        "expired_card" => "Your card has expired.",
        "incorrect_cvc" => "Your card's security code is incorrect.",
        "processing_error" => {
            "An error occurred while processing your card. Try again in a little bit."
        }
        "card_velocity_exceeded" => {
            "Your card was declined for making repeated attempts too frequently or exceeding its amount limit."
        }
        _ => "Your card was declined.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_known_card_has_a_right_check_digit() {
        for (number, ..) in CARDS {
            assert!(luhn(number), "{number}");
        }
        assert!(!luhn("4242424242424241"));
    }

    #[test]
    fn every_button_does_what_its_card_does() {
        for known in SHOWN {
            assert!(
                CARDS.iter().any(|(number, ..)| *number == known.number),
                "{}",
                known.number
            );
        }
    }

    #[test]
    fn ready_made_methods_are_found_with_and_without_the_network() {
        assert_eq!(ready_made("pm_card_visa"), Some("4242424242424242"));
        assert_eq!(
            ready_made("pm_card_visa_chargeDeclined"),
            Some("4000000000000002")
        );
        assert_eq!(
            ready_made("pm_card_chargeDeclined"),
            Some("4000000000000002")
        );
        assert_eq!(ready_made("pm_card_nonsense"), None);
    }
}
