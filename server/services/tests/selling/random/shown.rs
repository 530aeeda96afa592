//! What is shown before it is done: it is what happens, or nothing does.

use domain::{ids::TicketId, tickets::TicketState};
use services::{
    Origin,
    checkout::Placed,
    orders::{
        self, CancelByBuyer, ExchangeWish, OrderView, RefundChoice, RefundOrder, WhichTickets,
    },
};

use super::{Story, nth};

impl Story {
    /// What was shown is what happens; what was refused when it was shown is refused.
    pub(super) async fn exchange(&mut self, n: usize, bits: u8, (full, student): (u16, u16)) {
        let sv = &self.w.sv;
        let Some(placed) = nth(&self.orders, n) else {
            return;
        };
        let before = self.order(placed).await;
        let valid = before
            .tickets
            .iter()
            .filter(|t| t.state == TicketState::Valid);
        let wish = ExchangeWish {
            tickets: valid
                .enumerate()
                .filter(|(at, _)| bits >> at.min(&7) & 1 == 1)
                .map(|(_, ticket)| ticket.id)
                .collect(),
            event: None,
            wanted: vec![
                (self.event.of_type("Full"), full),
                (self.event.of_type("Student"), student),
            ],
        };
        let page = orders::change_page(sv, &placed.secret, &wish)
            .await
            .unwrap()
            .unwrap();
        let Some(Ok(shown)) = page.preview else {
            return;
        };
        let sent = before
            .refunds
            .iter()
            .filter(|refund| !refund.exchanged)
            .count();
        let done = orders::exchange_by_buyer(sv, &placed.secret, &wish, shown, &Origin::default())
            .await
            .unwrap();
        let after = self.order(placed).await;
        let went = after.refunded.minor - before.refunded.minor;
        let new = Placed {
            order: done.order,
            secret: done.secret,
            code: done.code,
            needs_payment: done.needs_payment,
        };
        let made = self.order(&new).await;
        assert_eq!((made.total, made.due()), (shown.total, shown.money.to_pay));
        if new.needs_payment {
            assert_eq!(went, 0);
        } else {
            assert_eq!(went, shown.money.credit.minor + shown.money.back.minor);
            let more = after
                .refunds
                .iter()
                .filter(|refund| !refund.exchanged)
                .count();
            assert_eq!(more > sent, !shown.money.back.is_zero());
            assert_eq!(made.tickets.len(), usize::from(full + student));
        }
        self.orders.push(new);
    }

    /// What was shown is what happens, to the cent and to the ticket.
    pub(super) async fn give_back(&self, placed: &Placed, bits: u8) {
        let sv = &self.w.sv;
        let before = self.order(placed).await;
        let valid = |order: &OrderView| {
            let valid = order
                .tickets
                .iter()
                .filter(|t| t.state == TicketState::Valid);
            valid.map(|ticket| ticket.id).collect::<Vec<_>>()
        };
        let which = match bits {
            0 => WhichTickets::All,
            _ => WhichTickets::These(
                valid(&before)
                    .into_iter()
                    .enumerate()
                    .filter(|(at, _)| bits >> at.min(&7) & 1 == 1)
                    .map(|(_, id)| id)
                    .collect(),
            ),
        };
        let preview = orders::preview_cancel(sv, &placed.secret, &which)
            .await
            .unwrap()
            .unwrap();
        let cmd = CancelByBuyer {
            secret: placed.secret.clone(),
            tickets: which,
            accepted_refund: preview.refund,
        };
        let done = orders::cancel_by_buyer(sv, cmd).await;
        assert_eq!(done.is_ok(), preview.allowed);
        let after = self.order(placed).await;
        let went = after.refunded.minor - before.refunded.minor;
        if preview.allowed {
            assert_eq!(went, preview.refund.minor);
            let each: i64 = preview.each.iter().map(|ticket| ticket.back.minor).sum();
            assert_eq!(went, each);
            let stays = preview.each.iter().filter(|ticket| !ticket.ends);
            let mut stays: Vec<_> = stays.map(|ticket| ticket.id).collect();
            let mut left = valid(&after);
            stays.sort();
            left.sort();
            assert_eq!(left, stays);
        } else {
            assert_eq!((went, valid(&after)), (0, valid(&before)));
        }
    }

    pub(super) async fn order(&self, placed: &Placed) -> OrderView {
        orders::show_by_secret(&self.w.sv, &placed.secret)
            .await
            .unwrap()
            .unwrap()
    }

    pub(super) async fn refund(
        &self,
        order: usize,
        choice: impl FnOnce(Vec<domain::ids::TicketId>) -> Option<RefundChoice>,
        keep_tickets: bool,
    ) {
        let Some(placed) = nth(&self.orders, order) else {
            return;
        };
        let view = orders::show_by_secret(&self.w.sv, &placed.secret)
            .await
            .unwrap()
            .unwrap();
        let Some(choice) = choice(view.tickets.iter().map(|ticket| ticket.id).collect()) else {
            return;
        };
        let cmd = RefundOrder {
            code: placed.code,
            choice,
            keep_tickets,
            reason: String::new(),
            idempotency_key: None,
        };
        let (sv, permit) = (&self.w.sv, self.event.organization.permit());
        let shown = orders::preview_refund(sv, &permit, &cmd).await;
        let done = orders::refund(sv, &permit, cmd).await;
        let after = self.order(placed).await;
        let went = after.refunded.minor - view.refunded.minor;
        assert_eq!(shown.is_ok(), done.is_ok(), "{shown:?}, then {done:?}");
        if let (Ok(shown), Ok(done)) = (shown, done) {
            assert_eq!(done, shown);
            assert_eq!(went, shown.amount.minor);
            assert_eq!(after.state, shown.state_after);
            let ended = |id| after.tickets.iter().find(|ticket| ticket.id == id);
            let void = |id: &TicketId| ended(*id).unwrap().state != TicketState::Valid;
            assert!(shown.voided.iter().all(void));
        } else {
            assert_eq!((went, after.state), (0, view.state));
        }
    }
}
