//! The people behind the sample, and the organizations they work for.

use domain::{
    ids::{OrganizationId, UserId},
    permissions::Role,
};
use jiff::SignedDuration;
use locales::Locale;

use super::{ADMIN_KEY, PASSWORD, SIGN_INS, ids::id_at};
use crate::{
    Services, Unexpected, accounts,
    db::Scope,
    demo::{
        content::{DemoOrganization, Language, ORGANIZATIONS},
        queries::{self, NewUser},
    },
    seal,
};

/// Organizations that the accounts worth knowing share.
const SHARED: [&str; 4] = ["nordlicht", "svetilnik", "naghm", "harbour-lane"];

/// An organization that is in the database.
pub(super) struct House {
    pub key: &'static str,
    pub name: &'static str,
    pub id: OrganizationId,
}

/// Makes accounts, organizations and teams; those that are there already are left as they are.
pub(super) async fn make(sv: &Services) -> Result<Vec<House>, Unexpected> {
    let founded = sv.now() - SignedDuration::from_hours(24 * 210);
    let password_hash = accounts::hash_password(sv, PASSWORD).await?;
    let mut tx = sv.db.begin(Scope::System).await?;
    let user = |email: String, name: &str, locale: Locale| NewUser {
        id: id_at(sv, founded),
        email,
        name: name.to_owned(),
        locale,
        admin: false,
        password_hash: password_hash.clone(),
        created_at: founded,
    };
    let mut known = Vec::new();
    for (number, sign_in) in SIGN_INS.iter().enumerate() {
        let mut new = user(sign_in.email.to_owned(), sign_in.name, Locale::En);
        new.admin = number == 0;
        let user = queries::user(&mut tx, &new).await?;
        if new.admin {
            accounts::give_authenticator(sv, &mut tx, user, ADMIN_KEY).await?;
        }
        known.push(user);
    }
    let mut houses = Vec::new();
    for organization in ORGANIZATIONS {
        let created = founded + SignedDuration::from_hours(30);
        let id = queries::organization(&mut tx, id_at(sv, created), organization, created).await?;
        let team = if SHARED.contains(&organization.key) {
            known
                .iter()
                .copied()
                .skip(1)
                .zip([Role::Owner, Role::Manager, Role::Door])
                .collect()
        } else {
            let (name, locale) = founder(organization);
            let new = user(
                format!("{}@demo.bilten.example", organization.key),
                name,
                locale,
            );
            vec![(queries::user(&mut tx, &new).await?, Role::Owner)]
        };
        for (user, role) in &team {
            queries::membership(&mut tx, id, *user, *role, created).await?;
        }
        if organization.key == "nordlicht" {
            invite(sv, &mut tx, id, &team).await?;
        }
        houses.push(House {
            key: organization.key,
            name: organization.name,
            id,
        });
    }
    tx.commit().await?;
    Ok(houses)
}

/// Somebody who has not answered yet.
async fn invite(
    sv: &Services,
    tx: &mut crate::db::Tx,
    organization: OrganizationId,
    team: &[(UserId, Role)],
) -> Result<(), Unexpected> {
    let Some((owner, _)) = team.first() else {
        return Ok(());
    };
    let at = sv.now() - SignedDuration::from_hours(50);
    let token_hash = seal::hash(&sv.new_secret());
    queries::invitation(tx, id_at(sv, at), organization, *owner, &token_hash, at).await
}

fn founder(organization: &DemoOrganization) -> (&'static str, Locale) {
    let locale = match organization.language {
        Language::En => Locale::En,
        Language::Ar => Locale::Ar,
    };
    let name = match organization.key {
        "harbour-lane" => "Winnie Clarke",
        "madar" => "رنا العبادي",
        "kumo" => "Reiko Amano",
        "fieldnotes" => "Gus Holloway",
        "khutut" => "دانة الراشد",
        "longtable" => "Defne Soysal",
        "opentrack" => "Lukas Baumann",
        _ => organization.name,
    };
    (name, locale)
}
