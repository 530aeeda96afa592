//! What a borrowed browser must not do: whoever has not shown for long who they are does that first.

use super::*;

/// Besides all files that are taken away.
const ASKED_FIRST: [&str; 25] = [
    "/accounts/end_session",
    "/accounts/end_other_sessions",
    "/admin/connect/agree_money",
    "/admin/connect/transfer_payout",
    "/admin/finance/adjust_balance",
    "/admin/finance/end_payout",
    "/admin/finance/set_reserve",
    "/admin/transfers/assign_credit",
    "/admin/transfers/bank_refund_back",
    "/admin/transfers/bank_refund_sent",
    "/admin/transfers/bank_refund_take",
    "/admin/transfers/end_bank_file",
    "/admin/transfers/send_credit_back",
    "/admin/transfers/set_transfers",
    "/approvals/set_approval_limit",
    "/finance/connect/begin_connect",
    "/finance/connect/connect_page",
    "/finance/remove_payout_account",
    "/finance/request_payout",
    "/finance/set_payout_account",
    "/finance/set_payout_schedule",
    "/organizers/set_organization_security",
    "/team/change_member_role",
    "/team/invite_member",
    "/team/offer_ownership",
];

/// Only these of what an admin does to a person.
const ACTING: [&str; 2] = ["act_as", "second_factor_away"];

#[tokio::test]
async fn who_showed_long_ago_who_they_are_is_asked_first() {
    let house = House::open().await;
    let long_ago = "update sessions set proved_at = proved_at - interval '2 days'";
    run(&house.db, long_ago).await;
    let before = house.trace().await;
    let mut faults = Vec::new();
    let mut asked = 0;
    for call in calls() {
        let who = match call.rule.as_str() {
            "admin" => Who::Admin,
            _ => Who::Member(Role::Owner),
        };
        let person = house.people.iter().find(|person| person.who == who);
        let answer = house.answer(&call, person.unwrap(), &house.things).await;
        let there = answer.headers().get(header::LOCATION);
        let there = there.map_or("", |there| there.to_str().unwrap());
        if !there.starts_with("/sign-in/again?next=") {
            let status = answer.status();
            faults.push(format!("{} as {who:?}: {status}, {there:?}", call.name()));
        }
        asked += 1;
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    // Every name of the list is one of an address.
    assert!(asked > ASKED_FIRST.len() + ACTING.len());
    assert_eq!(before, house.trace().await, "something was done");
}

fn calls() -> Vec<Call> {
    let mut calls = Vec::new();
    for name in ASKED_FIRST {
        let mut called = Call::all();
        called.retain(|call| call.path.ends_with(name));
        assert_eq!(called.len(), 1, "{name}");
        calls.append(&mut called);
    }
    for deed in ACTING {
        let mut called = Call::all();
        called.retain(|call| call.path.ends_with("/admin/moderate"));
        for call in &mut called {
            for (name, value) in &mut call.arguments {
                if name == "deed" {
                    *value = deed.to_owned();
                }
            }
        }
        assert_eq!(called.len(), 1);
        calls.append(&mut called);
    }
    calls.extend(Call::all().into_iter().filter(Call::takes_away));
    calls
}
