//! What the provider asks for, in the few kinds that people know it by.

use crate::codes::coded_enum;

coded_enum! {
    /// What the provider wants to know, sorted by what an organizer would look for.
    pub enum Asked {
        /// What kind of organization it is.
        BusinessType = "business_type",
        /// What it sells, and where.
        BusinessProfile = "business_profile",
        /// Name, address and number of the company.
        Company = "company",
        /// Who answers for it, who owns it, who directs it.
        Person = "person",
        /// A paper that shows it.
        Document = "document",
        /// Where the money goes.
        BankAccount = "bank_account",
        /// That the provider's terms are agreed to.
        Terms = "terms",
        /// Something else, which its page explains.
        Other = "other",
    }
}

impl Asked {
    /// By the provider's name for the field, as `individual.verification.document`.
    /// <https://docs.stripe.com/connect/handling-api-verification>
    pub fn from_field(field: &str) -> Self {
        let first = field.split('.').next().unwrap_or_default();
        if field.contains(".verification.") || field.contains("documents.") {
            return Self::Document;
        }
        match first {
            "business_type" => Self::BusinessType,
            "business_profile" | "settings" => Self::BusinessProfile,
            "company" => Self::Company,
            "individual" | "representative" | "owners" | "directors" | "executives"
            | "relationship" => Self::Person,
            "external_account" | "bank_account" => Self::BankAccount,
            "tos_acceptance" => Self::Terms,
            first if first.starts_with("person_") => Self::Person,
            _ => Self::Other,
        }
    }
}
