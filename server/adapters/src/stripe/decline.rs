//! Why a card was declined: Stripe's codes in our words. <https://docs.stripe.com/declines/codes>

use domain::payments::DeclineReason;

/// The bank's reason is finer than Stripe's own.
pub(super) fn reason(code: Option<&str>, decline_code: Option<&str>) -> DeclineReason {
    decline_code
        .and_then(known)
        .or_else(|| code.and_then(known))
        .unwrap_or(DeclineReason::CardDeclined)
}

fn known(code: &str) -> Option<DeclineReason> {
    Some(match code {
        "insufficient_funds" => DeclineReason::InsufficientFunds,
        "expired_card" => DeclineReason::ExpiredCard,
        "incorrect_number"
        | "invalid_number"
        | "incorrect_cvc"
        | "invalid_cvc"
        | "incorrect_zip"
        | "incorrect_address"
        | "invalid_expiry_month"
        | "invalid_expiry_year"
        | "invalid_account"
        | "incorrect_pin" => DeclineReason::WrongDetails,
        "authentication_required"
        | "payment_intent_authentication_failure"
        | "payment_method_provider_decline"
        | "approve_with_id" => DeclineReason::AuthenticationFailed,
        "card_velocity_exceeded" | "withdrawal_count_limit_exceeded" | "amount_too_large" => {
            DeclineReason::LimitExceeded
        }
        "fraudulent" | "stolen_card" | "lost_card" | "merchant_blacklist" | "pickup_card"
        | "restricted_card" | "security_violation" => DeclineReason::FraudSuspected,
        "processing_error" | "issuer_not_available" | "try_again_later" | "reenter_transaction" => {
            DeclineReason::ProviderError
        }
        "payment_intent_payment_attempt_expired" | "payment_method_customer_decline" => {
            DeclineReason::Abandoned
        }
        _ => return None,
    })
}
