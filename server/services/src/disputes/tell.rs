//! Tells those who answer for the organization's money that a bank asks for some of it, takes it, or has decided.

use domain::{disputes::DisputeState, permissions::Role};

use super::{rows::Locked, told::Disputed};
use crate::{
    Services, Unexpected,
    db::Tx,
    messaging::{self, Link, MailKind, NewMail},
    orders::{self, Order},
    ports::KnownDispute,
};

/// What there is to tell.
#[derive(Clone, Copy, PartialEq, Eq)]
enum News {
    Opened,
    /// An inquiry has become a dispute: money was taken, and there is a new deadline.
    Taken,
    Decided,
}

fn news(dispute: &Locked) -> Option<News> {
    let (before, now) = (dispute.before, dispute.case.state);
    match now {
        _ if dispute.is_new && now.is_open() => Some(News::Opened),
        _ if !dispute.is_new && before == now => None,
        DisputeState::NeedsAnswer => Some(News::Taken),
        DisputeState::Won | DisputeState::Lost | DisputeState::InquiryClosed => Some(News::Decided),
        // That is what the organizer did.
        DisputeState::Inquiry | DisputeState::InquiryAnswered | DisputeState::UnderReview => None,
    }
}

pub(super) async fn changed(
    sv: &Services,
    tx: &mut Tx,
    order: &Order,
    of: Disputed,
    dispute: &Locked,
    known: &KnownDispute,
) -> Result<(), Unexpected> {
    let Some(news) = news(dispute) else {
        return Ok(());
    };
    let organization = order.organization;
    let state = dispute.case.state;
    // Of an order that ended with its event, the organizer keeps nothing.
    let to_buyer = state == DisputeState::Won
        && of.own
        && orders::goes_on(tx, order, of.payment).await?.is_some();
    let people = sqlx::query!(
        r#"
        select u.id, u.name, u.email, u.locale, o.name as organization, o.slug
        from memberships m
        join users u on u.id = m.user_id
        join organizations o on o.id = m.organization_id
        where m.organization_id = $1 and m.role in ($2, $3) and m.events is null
        "#,
        organization.get(),
        Role::Owner.code(),
        Role::Finance.code()
    )
    .fetch_all(&mut **tx)
    .await?;
    for person in people {
        let page = format!("/organize/{}/money/disputes/{}", person.slug, dispute.id);
        let (name, link) = (person.name, Link::page(page));
        let kind = match news {
            News::Opened | News::Taken => MailKind::DisputeOpened {
                name,
                organization: person.organization,
                order: order.code.to_string(),
                amount: known.amount,
                answer_by: dispute.case.answer_by,
                asks_only: !state.holds_money(),
                link,
            },
            News::Decided => MailKind::DisputeDecided {
                name,
                organization: person.organization,
                order: order.code.to_string(),
                amount: known.amount,
                state,
                to_buyer,
                link,
            },
        };
        let dedupe_key = match news {
            News::Opened => format!("dispute|{}|{}", dispute.id, person.id),
            News::Taken | News::Decided => {
                format!("dispute|{}|{}|{}", dispute.id, person.id, state.code())
            }
        };
        let mail = NewMail {
            kind,
            dedupe_key,
            recipient: person.email,
            locale: crate::rows::coded("users", person.id, &person.locale)?,
            organization: Some(organization),
            order: None,
        };
        messaging::enqueue(sv, tx, mail).await?;
    }
    Ok(())
}
