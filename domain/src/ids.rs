//! Identities. Each entity has its own type, so that a ticket can never be looked up by the id of an order.
//!
//! The ids themselves (uuid v7) are made by a port of the application, never here.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        #[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
        #[cfg_attr(feature = "schema", schema(value_type = String, format = Uuid))]
        pub struct $name(Uuid);

        impl $name {
            /// Wraps a uuid that is known to name this kind of entity.
            pub const fn new(id: Uuid) -> Self {
                Self(id)
            }

            /// The bare uuid, for the database.
            pub const fn get(self) -> Uuid {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                Uuid::from_str(text.trim()).map(Self).map_err(|_| InvalidId)
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }

        impl From<$name> for Uuid {
            fn from(id: $name) -> Uuid {
                id.0
            }
        }
    )+};
}

ids! {
    /// A person with an account.
    UserId;
    /// An organization that holds events.
    OrganizationId;
    /// An event.
    EventId;
    /// A kind of ticket of one event.
    TicketTypeId;
    /// Money on its way to an organizer.
    PayoutId;
    /// One of the prices that a ticket type has one after the other.
    PricePhaseId;
    /// Capacity shared by ticket types.
    PoolId;
    /// A timed reservation.
    HoldId;
    /// An order.
    OrderId;
    /// One row of an order.
    OrderLineId;
    /// One admission for one person.
    TicketId;
    /// Which tickets may come in where, when and how often.
    CheckInListId;
    /// One attempt to pay an order.
    PaymentId;
    /// Money on its way back to a buyer.
    RefundId;
    /// A payment that the buyer's bank takes back.
    DisputeId;
    /// A promo code.
    PromoCodeId;
    /// All orders of an event ending.
    RefundRunId;
    /// The right to give tickets back for a while.
    GiveBackOfferId;
    /// A scanner paired with an event or organization.
    DeviceId;
    /// One recorded admission.
    CheckInId;
    /// An entrance.
    GateId;
    /// An uploaded file.
    FileId;
    /// A signed-in browser.
    SessionId;
    /// An invitation to join a team.
    InvitationId;
    /// An entry of the audit log.
    AuditId;
}

/// The text is not an id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an id")]
pub struct InvalidId;

impl InvalidId {
    /// Stable key for translations.
    pub fn code(&self) -> &'static str {
        "invalid_id"
    }
}

/// The short name of an order that people read aloud: eight characters that cannot be mistaken for each other.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(value_type = String, pattern = "^[A-HJ-NP-Z2-9]{8}$"))]
pub struct OrderCode([u8; OrderCode::LENGTH]);

impl OrderCode {
    /// How many characters a code has.
    pub const LENGTH: usize = 8;
    /// Capital letters and digits without I, O, 0 and 1.
    pub const ALPHABET: &'static [u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

    /// Makes a code from random bytes; five bits of each byte count, so the choice is even.
    pub fn from_entropy(entropy: [u8; Self::LENGTH]) -> Self {
        Self(entropy.map(|byte| Self::ALPHABET[usize::from(byte & 31)]))
    }

    /// The code in five bits for each character.
    pub(crate) fn packed(self) -> [u8; 5] {
        let places = self.0.map(|sign| {
            let place = Self::ALPHABET.iter().position(|known| *known == sign);
            u64::try_from(place.unwrap_or_default()).unwrap_or_default()
        });
        let bits = places.into_iter().fold(0, |bits, place| bits << 5 | place);
        let [_, _, _, packed @ ..] = bits.to_be_bytes();
        packed
    }

    pub(crate) fn unpacked(packed: [u8; 5]) -> Self {
        let bits = packed
            .into_iter()
            .fold(0_u64, |bits, byte| bits << 8 | u64::from(byte));
        let mut entropy = [0; Self::LENGTH];
        for (place, shift) in entropy.iter_mut().rev().zip((0..40).step_by(5)) {
            *place = (bits >> shift & 31) as u8;
        }
        Self::from_entropy(entropy)
    }

    /// The code as text.
    pub fn as_str(&self) -> &str {
        // The bytes come from the alphabet, so they are always text.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl fmt::Display for OrderCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for OrderCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OrderCode({})", self.as_str())
    }
}

/// The text is not an order code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an order code")]
pub struct InvalidOrderCode;

impl InvalidOrderCode {
    /// Stable key for translations.
    pub fn code(&self) -> &'static str {
        "invalid_order_code"
    }
}

impl FromStr for OrderCode {
    type Err = InvalidOrderCode;

    /// Small letters, spaces and hyphens are tolerated: people copy codes by hand.
    fn from_str(text: &str) -> Result<Self, InvalidOrderCode> {
        let mut kept = text
            .bytes()
            .filter(|byte| !byte.is_ascii_whitespace() && *byte != b'-')
            .map(|byte| byte.to_ascii_uppercase());
        let mut code = [0; Self::LENGTH];
        for place in &mut code {
            *place = kept
                .next()
                .filter(|byte| Self::ALPHABET.contains(byte))
                .ok_or(InvalidOrderCode)?;
        }
        match kept.next() {
            None => Ok(Self(code)),
            Some(_) => Err(InvalidOrderCode),
        }
    }
}

impl TryFrom<String> for OrderCode {
    type Error = InvalidOrderCode;

    fn try_from(text: String) -> Result<Self, InvalidOrderCode> {
        text.parse()
    }
}

impl From<OrderCode> for String {
    fn from(code: OrderCode) -> String {
        code.as_str().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_id_is_a_bare_uuid_on_the_wire() {
        let id = EventId::new(Uuid::from_u128(7));
        let json = serde_json::to_string(&id).unwrap();
        assert_eq!(json, "\"00000000-0000-0000-0000-000000000007\"");
        assert_eq!(serde_json::from_str::<EventId>(&json).unwrap(), id);
        assert_eq!(id.to_string().parse::<EventId>(), Ok(id));
        assert_eq!("7".parse::<EventId>(), Err(InvalidId));
    }

    #[test]
    fn order_codes_forgive_hands_but_not_wrong_characters() {
        let code: OrderCode = "abcd-ef 23".parse().unwrap();
        assert_eq!(code.as_str(), "ABCDEF23");
        for wrong in [
            "",
            "ABCDEF2",
            "ABCDEF234",
            "ABCDEF20",
            "ABCDEFI2",
            "ÄBCDEF2",
        ] {
            assert_eq!(wrong.parse::<OrderCode>(), Err(InvalidOrderCode), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn order_codes_survive_the_wire(entropy: [u8; 8]) {
            let code = OrderCode::from_entropy(entropy);
            let json = serde_json::to_string(&code).unwrap();
            prop_assert_eq!(serde_json::from_str::<OrderCode>(&json).unwrap(), code);
            prop_assert_eq!(code.to_string().to_lowercase().parse::<OrderCode>(), Ok(code));
            prop_assert_eq!(OrderCode::unpacked(code.packed()), code);
        }
    }
}
