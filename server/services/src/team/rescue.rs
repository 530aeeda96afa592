//! An organization whose owners are gone gets one from whoever runs the installation, after it was made sure that it is theirs.

use domain::{ids::OrganizationId, permissions::Role};
use serde_json::json;

use crate::{
    Services, Unexpected,
    accounts::{self, HouseError},
    audit,
    db::Scope,
};

/// Makes the account with this address an owner of the organization, whatever it was before. Who owns it already stays one.
#[tracing::instrument(skip_all)]
pub async fn make_owner(
    sv: &Services,
    organization: &str,
    email: &str,
    reason: &str,
) -> Result<(), HouseError> {
    let mut tx = sv.db.begin(Scope::System).await?;
    let user = accounts::account(&mut tx, email).await?;
    let organization =
        sqlx::query_scalar!("select id from organizations where slug = $1", organization)
            .fetch_optional(&mut *tx)
            .await
            .map_err(Unexpected::from)?
            .ok_or(HouseError::NoOrganization)?;
    let organization = OrganizationId::new(organization);
    tx.narrow(organization).await?;
    let made = sqlx::query!(
        r#"
        insert into memberships (organization_id, user_id, role, created_at) values ($1, $2, $3, $4)
        on conflict on constraint memberships_pkey do update set role = excluded.role, events = null
        where memberships.role <> excluded.role
        "#,
        organization.get(),
        user.get(),
        Role::Owner.code(),
        jiff_sqlx::Timestamp::from(sv.now()) as _
    )
    .execute(&mut *tx)
    .await
    .map_err(Unexpected::from)?;
    if made.rows_affected() == 0 {
        return Err(HouseError::Already);
    }
    let entry = audit::Entry {
        actor: None,
        organization: Some(organization),
        action: "team.make_owner",
        subject_kind: "user",
        subject: user.to_string(),
        reason,
        before: None,
        after: Some(json!({ "role": Role::Owner.code() })),
    };
    audit::append(sv, &mut tx, entry).await?;
    tx.commit().await?;
    Ok(())
}
