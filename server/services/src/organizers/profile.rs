//! What an organization shows of itself.

use domain::text::{Email, Fault, FieldErrors, block, line};

use super::OrganizerError;
use crate::{
    Services, Unexpected, audit,
    db::Scope,
    outbox::{self, Announcement},
    permit::{ManageOrganization, Permit},
};

/// The page every visitor sees.
#[derive(Debug, Clone)]
pub struct PublicOrganizer {
    pub slug: String,
    pub name: String,
    pub description_md: String,
    pub website: String,
    pub country: String,
}

/// The settings page.
#[derive(Debug, Clone)]
pub struct OrganizationProfile {
    pub slug: String,
    pub name: String,
    pub description_md: String,
    pub contact_email: String,
    pub website: String,
    pub country: String,
}

#[derive(Debug, Default)]
pub struct UpdateOrganization {
    pub name: String,
    pub description_md: String,
    pub contact_email: String,
    pub website: String,
    /// ISO 3166-1 alpha-2, or empty.
    pub country: String,
}

/// An active organization as visitors see it.
pub async fn show_public(sv: &Services, slug: &str) -> Result<PublicOrganizer, OrganizerError> {
    let mut tx = sv.db.begin(Scope::Public).await?;
    let found = sqlx::query_as!(
        PublicOrganizer,
        "select slug, name, description_md, website, country from organizations where slug = $1",
        slug
    )
    .fetch_optional(&mut *tx)
    .await
    .map_err(Unexpected::from)?;
    tx.commit().await?;
    found.ok_or(OrganizerError::NotFound)
}

pub async fn profile(
    sv: &Services,
    permit: &Permit<ManageOrganization>,
) -> Result<OrganizationProfile, OrganizerError> {
    let mut tx = sv.db.begin(permit.scope()).await?;
    let found = sqlx::query_as!(
        OrganizationProfile,
        "select slug, name, description_md, contact_email, website, country from organizations where id = $1",
        permit.organization().get()
    )
    .fetch_optional(&mut *tx)
    .await
    .map_err(Unexpected::from)?;
    tx.commit().await?;
    found.ok_or(OrganizerError::NotFound)
}

#[tracing::instrument(skip_all)]
pub async fn update(
    sv: &Services,
    permit: &Permit<ManageOrganization>,
    cmd: UpdateOrganization,
) -> Result<(), OrganizerError> {
    let mut errors = FieldErrors::new();
    let name = errors.field("name", line(&cmd.name, 2, 120));
    let description = errors.field("description_md", block(&cmd.description_md, 5000));
    let contact = errors.field("contact_email", Email::parse(&cmd.contact_email));
    let website = errors.field("website", web_address(&cmd.website));
    let country = errors.field("country", country_code(&cmd.country));
    errors.finish()?;
    let (Some(name), Some(description), Some(contact), Some(website), Some(country)) =
        (name, description, contact, website, country)
    else {
        return Err(OrganizerError::NotFound);
    };
    let mut tx = sv.db.begin(permit.scope()).await?;
    sqlx::query!(
        r#"
        update organizations
        set name = $2, description_md = $3, contact_email = $4, website = $5, country = $6
        where id = $1
        "#,
        permit.organization().get(),
        name,
        description,
        contact.as_str(),
        website,
        country
    )
    .execute(&mut *tx)
    .await
    .map_err(Unexpected::from)?;
    let announcement = Announcement::OrganizationChanged {
        organization: permit.organization().get(),
    };
    outbox::append(sv, &mut tx, permit.organization(), &announcement).await?;
    let entry = audit::Entry {
        actor: permit.actor(),
        organization: Some(permit.organization()),
        action: "organization.update",
        subject_kind: "organization",
        subject: permit.organization().to_string(),
        reason: "",
        before: None,
        after: Some(
            serde_json::json!({ "name": name, "contact_email": contact.as_str(), "website": website }),
        ),
    };
    audit::append(sv, &mut tx, entry).await?;
    tx.commit().await?;
    Ok(())
}

/// An http(s) address, or nothing. A bare host is meant as https.
pub(crate) fn web_address(text: &str) -> Result<String, Fault> {
    let text = line(text, 0, 300)?;
    if text.is_empty() {
        return Ok(text);
    }
    let address = if text.contains("://") {
        text
    } else {
        format!("https://{text}")
    };
    let rest = address
        .strip_prefix("https://")
        .or_else(|| address.strip_prefix("http://"))
        .ok_or(Fault::NotAUrl)?;
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | ':');
    let good = host.contains('.')
        && host.chars().all(plain)
        && !host.starts_with('.')
        && !rest
            .chars()
            .any(|c| c.is_whitespace() || matches!(c, '"' | '<' | '>' | '\\'));
    if good {
        Ok(address)
    } else {
        Err(Fault::NotAUrl)
    }
}

/// Two letters, or nothing.
pub(crate) fn country_code(text: &str) -> Result<String, Fault> {
    let code = text.trim().to_ascii_uppercase();
    let good = code.is_empty() || (code.len() == 2 && code.bytes().all(|b| b.is_ascii_uppercase()));
    if good {
        Ok(code)
    } else {
        Err(Fault::UnknownChoice)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_web_addresses_are_web_addresses() {
        assert_eq!(
            web_address("example.com/a"),
            Ok("https://example.com/a".to_owned())
        );
        assert_eq!(
            web_address(" http://example.com "),
            Ok("http://example.com".to_owned())
        );
        assert_eq!(web_address(""), Ok(String::new()));
        for bad in [
            "javascript:alert(1)",
            "ftp://example.com",
            "https://",
            "https://a b.c",
            "data://x.y",
            "https://x.y/\"onload",
        ] {
            assert_eq!(web_address(bad), Err(Fault::NotAUrl), "{bad}");
        }
    }
}
