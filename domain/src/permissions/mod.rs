//! Who in a team may do what.

use crate::codes::coded_enum;

coded_enum! {
    /// What somebody is in an organization. Each role has all rights of the ones after it.
    pub enum Role {
        /// Answers for the organization.
        Owner = "owner",
        /// Runs events.
        Manager = "manager",
        /// Works at the door.
        Door = "door",
    }
}

coded_enum! {
    /// Something that can be allowed.
    pub enum Right {
        /// Change the organization itself.
        ManageOrganization = "manage_organization",
        /// Invite, change and remove members.
        ManageTeam = "manage_team",
        /// See balances and ledger.
        ViewMoney = "view_money",
        /// Create and change events, ticket types and pools.
        ManageEvents = "manage_events",
        /// Show an event to the world.
        PublishEvents = "publish_events",
        /// Postpone or call off an event.
        CancelEvents = "cancel_events",
        /// Follow how an event sells.
        ViewSales = "view_sales",
        /// See orders.
        ViewOrders = "view_orders",
        /// Change, resend and cancel orders.
        ManageOrders = "manage_orders",
        /// Give money back.
        RefundOrders = "refund_orders",
        /// Take the attendee list away as a file.
        ExportAttendees = "export_attendees",
        /// Pair and remove scanners.
        ManageDevices = "manage_devices",
        /// See who comes.
        ViewAttendees = "view_attendees",
        /// Let people in.
        CheckIn = "check_in",
    }
}

impl Role {
    /// Whether the role includes the right.
    pub fn has(self, right: Right) -> bool {
        match right {
            Right::ManageOrganization | Right::ManageTeam | Right::ViewMoney => match self {
                Self::Owner => true,
                Self::Manager | Self::Door => false,
            },
            Right::ManageEvents
            | Right::PublishEvents
            | Right::CancelEvents
            | Right::ViewSales
            | Right::ViewOrders
            | Right::ManageOrders
            | Right::RefundOrders
            | Right::ExportAttendees
            | Right::ManageDevices => match self {
                Self::Owner | Self::Manager => true,
                Self::Door => false,
            },
            Right::ViewAttendees | Right::CheckIn => match self {
                Self::Owner | Self::Manager | Self::Door => true,
            },
        }
    }

    /// Everything the role may do.
    pub fn rights(self) -> impl Iterator<Item = Right> {
        Right::all()
            .iter()
            .copied()
            .filter(move |right| self.has(*right))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_nest() {
        for right in Right::all() {
            assert!(Role::Owner.has(*right), "{right}");
            assert!(
                Role::Manager.has(*right) || !Role::Door.has(*right),
                "{right}"
            );
        }
    }

    #[test]
    fn the_door_only_lets_people_in() {
        assert_eq!(
            Role::Door.rights().collect::<Vec<_>>(),
            [Right::ViewAttendees, Right::CheckIn]
        );
    }

    #[test]
    fn only_owners_change_the_team() {
        assert!(!Role::Manager.has(Right::ManageTeam));
        assert!(!Role::Manager.has(Right::ManageOrganization));
        assert!(Role::Manager.has(Right::RefundOrders));
    }
}
