//! Enums whose variants have stable names: in the database, on the wire and as keys for translations.

macro_rules! coded_enum {
    ($(#[$meta:meta])* pub enum $name:ident { $($(#[$doc:meta])* $variant:ident = $code:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $name {
            $($(#[$doc])* #[serde(rename = $code)] $variant,)+
        }

        impl $name {
            /// Every variant, in the order of the declaration.
            pub const fn all() -> &'static [Self] {
                &[$(Self::$variant),+]
            }

            /// Stable name in the database, on the wire and for translations.
            pub const fn code(self) -> &'static str {
                match self {
                    $(Self::$variant => $code,)+
                }
            }

            /// The variant of that name.
            pub fn from_code(code: &str) -> Option<Self> {
                Self::all().iter().copied().find(|variant| variant.code() == code)
            }
        }

        #[cfg(feature = "schema")]
        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                utoipa::openapi::ObjectBuilder::new()
                    .schema_type(utoipa::openapi::schema::Type::String)
                    .enum_values(Some([$($code),+]))
                    .into()
            }
        }

        #[cfg(feature = "schema")]
        impl utoipa::ToSchema for $name {}

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.code())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::text::Fault;

            fn from_str(text: &str) -> Result<Self, $crate::text::Fault> {
                Self::from_code(text.trim()).ok_or($crate::text::Fault::UnknownChoice)
            }
        }
    };
}

pub(crate) use coded_enum;
