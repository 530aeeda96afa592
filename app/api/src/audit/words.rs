//! The record in words. Names of facts and values that are not known stand as they were recorded.

use locales::{Locale, audit as t, money, numbers::integer, orders, roles};

use super::{AuditView, ChangeView, FactView};

impl AuditView {
    /// What was done.
    #[must_use]
    pub fn action_name(&self, l: Locale) -> String {
        match self.action.as_str() {
            "organization.suspend" => t::action_organization_suspend(l),
            "organization.restore" => t::action_organization_restore(l),
            "organization.create" => t::action_organization_create(l),
            "organization.update" => t::action_organization_update(l),
            "organization.set_tax" => t::action_organization_set_tax(l),
            "organization.require_second_factor" => t::action_require_second_factor(l),
            "organization.rotate_ticket_keys" => t::action_rotate_ticket_keys(l),
            "user.suspend" => t::action_user_suspend(l),
            "user.restore" => t::action_user_restore(l),
            "account.change_email" => t::action_change_email(l),
            "account.restore_email" => t::action_restore_email(l),
            "account.wallet_added" => t::action_wallet_added(l),
            "account.wallet_removed" => t::action_wallet_removed(l),
            "account.passkey_added" => t::action_passkey_added(l),
            "account.passkey_removed" => t::action_passkey_removed(l),
            "account.erase" => t::action_erase(l),
            "account.provider_tied" => t::action_provider_tied(l),
            "account.provider_untied" => t::action_provider_untied(l),
            "user.admin_added" => t::action_admin_added(l),
            "user.admin_removed" => t::action_admin_removed(l),
            "user.move" => t::action_user_move(l),
            "user.act_as" => t::action_act_as(l),
            "user.second_factor_away" => t::action_second_factor_away(l),
            "user.act_as_over" => t::action_act_as_over(l),
            "account.password" => t::action_password(l),
            "account.second_factor_on" => t::action_second_factor_on(l),
            "account.second_factor_off" => t::action_second_factor_off(l),
            "account.recovery_codes" => t::action_recovery_codes(l),
            "payout.request" => t::action_payout_request(l),
            "payout.send" => t::action_payout_send(l),
            "payout.call_off" => t::action_payout_call_off(l),
            "payout.come_back" => t::action_payout_come_back(l),
            "payout.account" => t::action_payout_account(l),
            "payout.connect" => t::action_payout_connect(l),
            "payout.schedule" => t::action_payout_schedule(l),
            "dispute.open" => t::action_dispute_open(l),
            "dispute.change" => t::action_dispute_change(l),
            "dispute.answer" => t::action_dispute_answer(l),
            "dispute.accept" => t::action_dispute_accept(l),
            "dispute.policy" => t::action_dispute_policy(l),
            "organization.adjust" => t::action_adjust(l),
            "organization.reserve" => t::action_reserve(l),
            "transfers.set" => t::action_transfers_set(l),
            "transfers.take_in" => t::action_transfers_take_in(l),
            "transfers.assign" => t::action_transfers_assign(l),
            "transfers.send_back" => t::action_transfers_send_back(l),
            "transfers.refund_sent" => t::action_transfers_refund_sent(l),
            "transfers.refund_taken" => t::action_transfers_refund_taken(l),
            "transfers.refund_let_go" => t::action_transfers_refund_let_go(l),
            "transfers.refund_back" => t::action_transfers_refund_back(l),
            "organization.money_goes" => t::action_money_goes(l),
            "platform.issuer" => t::action_platform_issuer(l),
            "platform.bill" => t::action_platform_bill(l),
            "fee.agree" => t::action_fee_agree(l),
            "fee.withdraw" => t::action_fee_withdraw(l),
            "promo.create" => t::action_promo_create(l),
            "promo.create_many" => t::action_promo_create_many(l),
            "promo.change" => t::action_promo_change(l),
            "promo.pause" => t::action_promo_pause(l),
            "promo.resume" => t::action_promo_resume(l),
            "promo.remove" => t::action_promo_remove(l),
            "finance.compare" => t::action_finance_compare(l),
            "finance.explain" => t::action_finance_explain(l),
            "refund.ask" => t::action_refund_ask(l),
            "refund.approve" => t::action_refund_approve(l),
            "refund.decline" => t::action_refund_decline(l),
            "organization.approval_limit" => t::action_approval_limit(l),
            "ticket_type.prices" => t::action_ticket_prices(l),
            "event.refund_all" => t::action_refund_all(l),
            "event.retry_refunds" => t::action_retry_refunds(l),
            "order.door_note" => t::action_order_door_note(l),
            "door.add_list" => t::action_door_add_list(l),
            "door.change_list" => t::action_door_change_list(l),
            "door.remove_list" => t::action_door_remove_list(l),
            "door.open_gate" => t::action_door_open_gate(l),
            "door.close_gate" => t::action_door_close_gate(l),
            "door.message" => t::action_door_message(l),
            "door.clear_message" => t::action_door_clear_message(l),
            "door.set_pin" => t::action_door_set_pin(l),
            "door.remove_pin" => t::action_door_remove_pin(l),
            "order.refund" => t::action_order_refund(l),
            "order.retry_refund" => t::action_order_retry_refund(l),
            "order.cancel" => t::action_order_cancel(l),
            "order.exchange" => t::action_order_exchange(l),
            "order.reassign" => t::action_order_reassign(l),
            "order.approve" => t::action_order_approve(l),
            "order.decline" => t::action_order_decline(l),
            "team.invite" => t::action_team_invite(l),
            "team.invite_again" => t::action_team_invite_again(l),
            "team.revoke_invitation" => t::action_team_revoke(l),
            "team.join" => t::action_team_join(l),
            "team.change_role" => t::action_team_role(l),
            "team.make_owner" => t::action_team_make_owner(l),
            "team.remove" => t::action_team_remove(l),
            "team.leave" => t::action_team_leave(l),
            "team.offer_ownership" => t::action_ownership_offer(l),
            "team.take_back_offer" => t::action_ownership_take_back(l),
            "team.accept_ownership" => t::action_ownership_accept(l),
            "team.decline_ownership" => t::action_ownership_decline(l),
            other => return other.to_owned(),
        }
        .to_owned()
    }
}

impl ChangeView {
    /// A sentence of what changed; `None` where nothing did.
    #[must_use]
    pub fn text(&self, l: Locale) -> Option<String> {
        let field = name(l, &self.field);
        let fact = |fact: &Option<FactView>| {
            fact.as_ref()
                .map(|fact| value(l, &self.field, fact))
                .filter(|words| !words.is_empty())
        };
        match (fact(&self.before), fact(&self.after)) {
            (Some(before), Some(after)) if before != after => {
                Some(t::change_between(l, after, before, field))
            }
            (_, Some(value)) | (Some(value), None) => Some(t::change(l, field, value)),
            (None, None) => None,
        }
    }
}

fn name(l: Locale, field: &str) -> &str {
    match field {
        "state" | "suspended" => t::fact_state(l),
        "role" => t::fact_role(l),
        "refunded" => t::fact_refunded(l),
        "amount" => t::fact_amount(l),
        "asked_by" => t::fact_asked_by(l),
        "outcome" => t::fact_outcome(l),
        "void" => t::fact_void(l),
        "name" => t::fact_name(l),
        "contact_email" => t::fact_contact(l),
        "website" => t::fact_website(l),
        "tax_mode" => t::fact_tax_mode(l),
        "tax_country" => t::fact_tax_country(l),
        "vat_id" => t::fact_vat_id(l),
        "prices" => t::fact_prices(l),
        "ticket" => t::fact_ticket(l),
        "second_factor_required" => t::fact_required(l),
        other => other,
    }
}

fn value(l: Locale, field: &str, fact: &FactView) -> String {
    match (field, fact) {
        ("suspended", FactView::Flag(true)) => t::suspended(l).to_owned(),
        ("suspended", FactView::Flag(false)) => t::active(l).to_owned(),
        ("state", FactView::Text(state)) => state_name(l, state),
        ("role", FactView::Text(code)) => roles::name(l, code),
        (_, FactView::Flag(true)) => t::yes(l).to_owned(),
        (_, FactView::Flag(false)) => t::no(l).to_owned(),
        (_, FactView::Number(number)) => integer(*number),
        (_, FactView::Money(amount)) => money::format(l, *amount),
        (_, FactView::Text(text)) => text.clone(),
    }
}

fn state_name(l: Locale, state: &str) -> String {
    match state {
        "active" => t::active(l),
        "suspended" => t::suspended(l),
        "pending" => orders::state_pending(l),
        "paid" => orders::state_paid(l),
        "cancelled" => orders::state_cancelled(l),
        "expired" => orders::state_expired(l),
        "refunded" => orders::state_refunded(l),
        other => return other.to_owned(),
    }
    .to_owned()
}
