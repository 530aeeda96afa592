//! Who in a team may do what, and where.

use crate::codes::coded_enum;

coded_enum! {
    /// What somebody is in an organization.
    pub enum Role {
        /// Answers for the organization.
        Owner = "owner",
        /// Runs events.
        Manager = "manager",
        /// Looks after the money: orders, refunds, figures.
        Finance = "finance",
        /// Writes and shows events; sees figures, no people.
        Marketing = "marketing",
        /// Helps buyers: orders, tickets, who comes.
        BoxOffice = "box_office",
        /// Runs the door: scanners and who comes.
        DoorLead = "door_lead",
        /// Works at the door.
        Door = "door",
        /// Sees everything about events, changes nothing.
        ReadOnly = "read_only",
    }
}

coded_enum! {
    /// Something that can be allowed.
    pub enum Right {
        /// Change the organization itself.
        ManageOrganization = "manage_organization",
        /// Invite, change and remove members.
        ManageTeam = "manage_team",
        /// Offer the ownership to somebody else.
        HandOver = "hand_over",
        /// Decide what proof members must give of themselves.
        ManageSecurity = "manage_security",
        /// Read the record of who did what.
        ViewAudit = "view_audit",
        /// Take that record away as a file.
        ExportAudit = "export_audit",
        /// See which events there are, and their pages, drafts too.
        ViewEvents = "view_events",
        /// Make events, copies of others too.
        CreateEvents = "create_events",
        /// Change title, texts and picture.
        EditPages = "edit_pages",
        /// Change when and where an event is, what buyers get back and who finds it.
        ManageEvents = "manage_events",
        /// Change ticket types, prices and capacity.
        ManageTickets = "manage_tickets",
        /// Let buyers wait in line.
        ManageWaitingRooms = "manage_waiting_rooms",
        /// Make promo codes, and see what became of them.
        ManagePromoCodes = "manage_promo_codes",
        /// Show an event to the world.
        PublishEvents = "publish_events",
        /// Postpone or call off an event.
        CancelEvents = "cancel_events",
        /// See everything about an event that is not about people, and follow how it sells.
        ViewSales = "view_sales",
        /// See orders.
        ViewOrders = "view_orders",
        /// Send tickets again.
        ResendTickets = "resend_tickets",
        /// Call orders off.
        CancelOrders = "cancel_orders",
        /// Give money back.
        RefundOrders = "refund_orders",
        /// See what the organization is owed, and what it was paid.
        ViewFinances = "view_finances",
        /// Ask for payouts, and say to which account they go.
        ManagePayouts = "manage_payouts",
        /// See who comes.
        ViewAttendees = "view_attendees",
        /// Take the attendee list away as a file.
        ExportAttendees = "export_attendees",
        /// Pair and remove scanners.
        ManageDevices = "manage_devices",
        /// Follow the door and let people in.
        CheckIn = "check_in",
    }
}

/// The rights of one who runs events; other roles have some of them.
const MANAGER: &[Right] = &[
    Right::ViewEvents,
    Right::CreateEvents,
    Right::EditPages,
    Right::ManageEvents,
    Right::ManageTickets,
    Right::ManageWaitingRooms,
    Right::ManagePromoCodes,
    Right::PublishEvents,
    Right::CancelEvents,
    Right::ViewSales,
    Right::ViewOrders,
    Right::ResendTickets,
    Right::CancelOrders,
    Right::RefundOrders,
    Right::ViewFinances,
    Right::ViewAttendees,
    Right::ExportAttendees,
    Right::ManageDevices,
    Right::CheckIn,
];
const FINANCE: &[Right] = &[
    Right::ViewAudit,
    Right::ViewEvents,
    Right::ViewSales,
    Right::ViewOrders,
    Right::CancelOrders,
    Right::RefundOrders,
    Right::ViewFinances,
    Right::ManagePayouts,
];
const MARKETING: &[Right] = &[
    Right::ViewEvents,
    Right::EditPages,
    Right::ManagePromoCodes,
    Right::PublishEvents,
    Right::ViewSales,
];
const BOX_OFFICE: &[Right] = &[
    Right::ViewEvents,
    Right::ViewSales,
    Right::ViewOrders,
    Right::ResendTickets,
    Right::CancelOrders,
    Right::ViewAttendees,
    Right::CheckIn,
];
const DOOR_LEAD: &[Right] = &[
    Right::ViewEvents,
    Right::ViewAttendees,
    Right::ManageDevices,
    Right::CheckIn,
];
const DOOR: &[Right] = &[Right::ViewEvents, Right::ViewAttendees, Right::CheckIn];
const READ_ONLY: &[Right] = &[
    Right::ViewEvents,
    Right::ViewSales,
    Right::ViewOrders,
    Right::ViewAttendees,
];

impl Role {
    /// Whether the role includes the right, for those who work for the whole organization.
    pub fn has(self, right: Right) -> bool {
        match self {
            Self::Owner => true,
            Self::Manager => MANAGER.contains(&right),
            Self::Finance => FINANCE.contains(&right),
            Self::Marketing => MARKETING.contains(&right),
            Self::BoxOffice => BOX_OFFICE.contains(&right),
            Self::DoorLead => DOOR_LEAD.contains(&right),
            Self::Door => DOOR.contains(&right),
            Self::ReadOnly => READ_ONLY.contains(&right),
        }
    }

    /// Whether somebody with this role may; those who work for some events only have no rights about the organization.
    pub fn allows(self, right: Right, everywhere: bool) -> bool {
        self.has(right) && (everywhere || !right.is_about_the_whole())
    }

    /// Everything the role may do.
    pub fn rights(self) -> impl Iterator<Item = Right> {
        Right::all()
            .iter()
            .copied()
            .filter(move |right| self.has(*right))
    }

    /// Whether the role can be had for some events only. Who answers for the organization answers for all of it.
    pub fn can_be_limited(self) -> bool {
        self != Self::Owner
    }
}

impl Right {
    /// Whether it is about the organization and not about an event that is there already.
    pub fn is_about_the_whole(self) -> bool {
        matches!(
            self,
            Self::ManageOrganization
                | Self::ManageTeam
                | Self::HandOver
                | Self::ManageSecurity
                | Self::ViewAudit
                | Self::ExportAudit
                | Self::CreateEvents
                | Self::ManagePromoCodes
                | Self::ViewFinances
                | Self::ManagePayouts
        )
    }

    /// Whether it is for looking only, so that somebody who helps may have it.
    #[must_use]
    pub fn only_looks(self) -> bool {
        matches!(
            self,
            Self::ViewEvents
                | Self::ViewSales
                | Self::ViewOrders
                | Self::ViewAttendees
                | Self::ViewAudit
                | Self::ViewFinances
        )
    }

    /// Whether a suspended organization has lost it. It can look, refund its buyers and let sold tickets in.
    pub fn ends_with_suspension(self) -> bool {
        matches!(
            self,
            Self::ManageOrganization
                | Self::CreateEvents
                | Self::EditPages
                | Self::ManageEvents
                | Self::ManageTickets
                | Self::ManageWaitingRooms
                | Self::ManagePromoCodes
                | Self::PublishEvents
                | Self::ManagePayouts
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_sees_the_events_they_work_on() {
        for role in Role::all() {
            assert!(role.has(Right::ViewEvents), "{role}");
        }
    }

    #[test]
    fn the_door_only_lets_people_in() {
        assert_eq!(
            Role::Door.rights().collect::<Vec<_>>(),
            [Right::ViewEvents, Right::ViewAttendees, Right::CheckIn]
        );
    }

    #[test]
    fn only_owners_change_organization_team_and_security() {
        for role in Role::all() {
            for right in [
                Right::ManageOrganization,
                Right::ManageTeam,
                Right::HandOver,
                Right::ManageSecurity,
            ] {
                assert_eq!(role.has(right), *role == Role::Owner, "{role} {right}");
            }
        }
    }

    #[test]
    fn those_who_only_look_change_nothing() {
        for right in Role::ReadOnly.rights() {
            assert!(right.code().starts_with("view_"), "{right}");
        }
    }

    #[test]
    fn people_are_hidden_from_marketing_and_money_from_the_door() {
        for right in [Right::ViewOrders, Right::ViewAttendees, Right::CheckIn] {
            assert!(!Role::Marketing.has(right), "{right}");
        }
        for role in [Role::Door, Role::DoorLead] {
            for right in [Right::ViewSales, Right::ViewOrders, Right::RefundOrders] {
                assert!(!role.has(right), "{role} {right}");
            }
        }
    }

    #[test]
    fn some_events_only_give_no_rights_about_the_whole() {
        assert!(Role::Manager.allows(Right::CreateEvents, true));
        assert!(!Role::Manager.allows(Right::CreateEvents, false));
        assert!(Role::Manager.allows(Right::RefundOrders, false));
        assert!(!Role::Finance.allows(Right::ViewAudit, false));
    }

    #[test]
    fn there_are_enough_rights_to_tell_people_apart() {
        assert!(Right::all().len() >= 20);
        for one in Role::all() {
            for other in Role::all() {
                assert!(
                    one == other || one.rights().ne(other.rights()),
                    "{one} and {other}"
                );
            }
        }
    }
}
