//! Who the platform is on its invoices. As long as nobody has said so, none are issued.

use domain::{
    invoices::{Biller, Party, Prefix, is_country},
    pricing::{Rate, VatId, tax::rates},
    text::{Email, Fault, FieldErrors, block, line},
    when::Timestamp,
};

use crate::{
    Services, Unexpected, audit,
    db::Tx,
    invoices::seller::lines,
    permit::PlatformPermit,
    prices,
    rows::{at, coded},
};

/// As it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issuer {
    pub party: Party,
    pub biller: Biller,
    pub invoice_prefix: Prefix,
    pub credit_prefix: Prefix,
    pub changed_at: Timestamp,
    pub changed_by: String,
}

/// As typed.
#[derive(Debug, Clone, Default)]
pub struct IssuerInput {
    pub legal_name: String,
    pub street: String,
    pub postcode: String,
    pub city: String,
    pub country: String,
    pub vat_id: String,
    pub tax_number: String,
    pub registration: String,
    pub email: String,
    pub small_business: bool,
    pub tax_note: String,
    /// A percentage; empty: the standard rate of the country.
    pub tax_rate: String,
    pub invoice_prefix: String,
    pub credit_prefix: String,
}

#[derive(Debug, thiserror::Error)]
pub enum SetIssuerError {
    #[error(transparent)]
    Fields(#[from] FieldErrors),
    #[error(transparent)]
    Unexpected(#[from] Unexpected),
}

/// `None`: nobody has said anything yet.
pub async fn issuer(sv: &Services, permit: &PlatformPermit) -> Result<Option<Issuer>, Unexpected> {
    let mut tx = sv.db.begin(permit.scope()).await?;
    let found = load(&mut tx).await?;
    tx.commit().await?;
    Ok(found)
}

pub(super) async fn load(tx: &mut Tx) -> Result<Option<Issuer>, Unexpected> {
    let row = sqlx::query!(
        r#"
        select p.legal_name, p.street, p.postcode, p.city, p.country, p.vat_id, p.tax_number, p.registration, p.email,
               p.small_business, p.tax_note, p.tax_rate, p.invoice_prefix, p.credit_prefix, p.changed_at,
               u.name as changed_by
        from platform_issuer p
        join users u on u.id = p.changed_by
        "#
    )
    .fetch_optional(&mut **tx)
    .await?;
    row.map(|row| {
        let rate = prices::rate("platform_issuer", "one", row.tax_rate)?;
        Ok(Issuer {
            biller: Biller {
                country: row.country.clone(),
                rate,
                small_business: row.small_business.then_some(row.tax_note),
            },
            party: Party {
                name: row.legal_name,
                address: lines(&row.street),
                postcode: row.postcode,
                city: row.city,
                country: row.country,
                vat_id: row.vat_id,
                tax_number: row.tax_number,
                registration: row.registration,
                email: row.email,
            },
            invoice_prefix: coded("platform_issuer", "one", &row.invoice_prefix)?,
            credit_prefix: coded("platform_issuer", "one", &row.credit_prefix)?,
            changed_at: row.changed_at.to_jiff(),
            changed_by: row.changed_by,
        })
    })
    .transpose()
}

/// Changes what stands on the platform's invoices from now on; those that wait are issued next.
#[tracing::instrument(skip_all)]
pub async fn set_issuer(
    sv: &Services,
    permit: &PlatformPermit,
    input: &IssuerInput,
) -> Result<(), SetIssuerError> {
    let new = check(sv, input)?;
    let mut tx = sv.db.begin(permit.scope()).await?;
    let before = load(&mut tx).await?;
    sqlx::query!(
        r#"
        insert into platform_issuer (legal_name, street, postcode, city, country, vat_id, tax_number, registration, email,
                                     small_business, tax_note, tax_rate, invoice_prefix, credit_prefix, look_at, changed_at,
                                     changed_by)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $15, $16)
        on conflict on constraint platform_issuer_pkey do update
        set legal_name = $1, street = $2, postcode = $3, city = $4, country = $5, vat_id = $6, tax_number = $7,
            registration = $8, email = $9, small_business = $10, tax_note = $11, tax_rate = $12, invoice_prefix = $13,
            credit_prefix = $14, look_at = $15, changed_at = $15, changed_by = $16
        "#,
        new.legal_name,
        new.street,
        new.postcode,
        new.city,
        new.country,
        new.vat_id,
        new.tax_number,
        new.registration,
        new.email,
        new.small_business,
        new.tax_note,
        new.rate.map(|rate| i32::from(rate.thousandths())),
        new.invoice_prefix.as_str(),
        new.credit_prefix.as_str(),
        at(sv.now()) as _,
        permit.actor().get()
    )
    .execute(&mut *tx)
    .await
    .map_err(Unexpected::from)?;
    let entry = audit::Entry {
        actor: Some(permit.actor()),
        organization: None,
        action: "platform.issuer",
        subject_kind: "platform",
        subject: "issuer".to_owned(),
        reason: "",
        before: before.map(|b| facts(&b.party.name, &b.party.country, &b.party.vat_id)),
        after: Some(facts(&new.legal_name, &new.country, &new.vat_id)),
    };
    audit::append(sv, &mut tx, entry).await?;
    tx.commit().await?;
    Ok(())
}

/// What a company says of itself on invoices is no secret.
fn facts(name: &str, country: &str, vat_id: &str) -> serde_json::Value {
    serde_json::json!({ "name": name, "country": country, "vat_id": vat_id })
}

struct Checked {
    legal_name: String,
    street: String,
    postcode: String,
    city: String,
    country: String,
    vat_id: String,
    tax_number: String,
    registration: String,
    email: String,
    small_business: bool,
    tax_note: String,
    rate: Option<Rate>,
    invoice_prefix: Prefix,
    credit_prefix: Prefix,
}

/// All faults at once.
fn check(sv: &Services, input: &IssuerInput) -> Result<Checked, FieldErrors> {
    let mut errors = FieldErrors::new();
    let legal_name = errors.field("legal_name", line(&input.legal_name, 1, 160));
    let street = block(&input.street, 200).and_then(|street| match street.as_str() {
        "" => Err(Fault::Required),
        _ => Ok(street),
    });
    let street = errors.field("street", street);
    let postcode = errors.field("postcode", line(&input.postcode, 0, 20));
    let city = errors.field("city", line(&input.city, 1, 80));
    let country = errors.field("country", country(&input.country));
    let tax_number = errors.field("tax_number", line(&input.tax_number, 0, 40));
    let vat_id = match input.vat_id.trim() {
        // Without either nobody can tell who charges tax.
        "" if tax_number.as_deref() == Some("") => Err(Fault::Required),
        "" => Ok(String::new()),
        typed => typed.parse::<VatId>().map(String::from),
    };
    let vat_id = errors.field("vat_id", vat_id);
    let registration = errors.field("registration", line(&input.registration, 0, 60));
    let email = match input.email.trim() {
        "" => Ok(String::new()),
        typed => typed.parse::<Email>().map(String::from),
    };
    let email = errors.field("email", email);
    let least = usize::from(input.small_business);
    let tax_note = errors.field("tax_note", line(&input.tax_note, least, 300));
    let known = country.as_deref().is_none_or(|country| {
        let today = crate::invoices::made::today(sv);
        input.small_business || !rates::of(country, today).is_empty()
    });
    let rate = match input.tax_rate.trim() {
        "" if known => Ok(None),
        "" => Err(Fault::Required),
        typed => Rate::parse(typed).map(Some),
    };
    let rate = errors.field("tax_rate", rate);
    let prefix = |text: &str| text.parse::<Prefix>().map_err(|_| Fault::UnknownChoice);
    let invoice_prefix = errors.field("invoice_prefix", prefix(&input.invoice_prefix));
    let credit_prefix = errors.field("credit_prefix", prefix(&input.credit_prefix));
    errors.finish()?;
    let (Some(invoice_prefix), Some(credit_prefix)) = (invoice_prefix, credit_prefix) else {
        return Err(FieldErrors::new());
    };
    Ok(Checked {
        legal_name: legal_name.unwrap_or_default(),
        street: street.unwrap_or_default(),
        postcode: postcode.unwrap_or_default(),
        city: city.unwrap_or_default(),
        country: country.unwrap_or_default(),
        vat_id: vat_id.unwrap_or_default(),
        tax_number: tax_number.unwrap_or_default(),
        registration: registration.unwrap_or_default(),
        email: email.unwrap_or_default(),
        small_business: input.small_business,
        tax_note: tax_note.unwrap_or_default(),
        rate: rate.flatten(),
        invoice_prefix,
        credit_prefix,
    })
}

fn country(text: &str) -> Result<String, Fault> {
    let code = crate::organizers::country_code(text)?;
    match code.as_str() {
        "" => Err(Fault::Required),
        known if is_country(known) => Ok(code),
        _ => Err(Fault::UnknownChoice),
    }
}
