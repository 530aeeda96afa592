//! Tickets that were sold before the measurement begins.

use std::collections::BTreeSet;

use domain::ids::{OrderCode, OrderId, TicketId};
use uuid::Uuid;

use super::{HotEvent, Stage};
use crate::{
    Unexpected,
    db::{Scope, Tx},
    orders,
    rows::at,
    seal,
    tickets::{keys, keys::Signer, validity},
};

/// So many go into one statement.
const PORTION: u32 = 10_000;

#[derive(Default)]
struct Portion {
    orders: Vec<Uuid>,
    order_codes: Vec<String>,
    secrets: Vec<Vec<u8>>,
    lines: Vec<Uuid>,
    tickets: Vec<Uuid>,
    codes: Vec<String>,
}

impl Stage {
    /// Sells `count` places of a free event, one ticket an order. Returns the tickets in the order of their ids.
    pub async fn tickets(&self, hot: &HotEvent, count: u32) -> Result<Vec<TicketId>, Unexpected> {
        if hot.price_minor > 0 {
            return Err(Unexpected::new("stage", "only free tickets are given away"));
        }
        let mut all = Vec::new();
        let mut left = count;
        while left > 0 {
            let now = left.min(PORTION);
            let mut tx = self.sv.db.begin(Scope::System).await?;
            let signer = keys::ensure(&self.sv, &mut tx, hot.organization).await?;
            let codes = self.codes(&mut tx, now).await?;
            let portion = self.portion(hot, &signer, codes);
            self.write(&mut tx, hot, &signer, &portion).await?;
            tx.commit().await?;
            all.extend(portion.tickets.into_iter().map(TicketId::new));
            left -= now;
        }
        Ok(all)
    }

    /// So many codes that no order has: beside ten million orders one that is drawn is taken now and then.
    async fn codes(&self, tx: &mut Tx, count: u32) -> Result<BTreeSet<String>, Unexpected> {
        let count = usize::try_from(count).unwrap_or(usize::MAX);
        let mut codes = BTreeSet::new();
        while codes.len() < count {
            let mut drawn: BTreeSet<String> = (codes.len()..count)
                .map(|_| {
                    let mut entropy = [0; OrderCode::LENGTH];
                    self.sv.entropy.fill(&mut entropy);
                    OrderCode::from_entropy(entropy).to_string()
                })
                .collect();
            let asked: Vec<String> = drawn.iter().cloned().collect();
            let taken = sqlx::query_scalar!("select code from orders where code = any($1)", &asked)
                .fetch_all(&mut **tx)
                .await?;
            for code in taken {
                drawn.remove(&code);
            }
            codes.append(&mut drawn);
        }
        Ok(codes)
    }

    fn portion(&self, hot: &HotEvent, signer: &Signer, codes: BTreeSet<String>) -> Portion {
        let sv = &self.sv;
        let mut portion = Portion::default();
        for code in codes {
            let (order, ticket) = (OrderId::new(sv.new_id()), TicketId::new(sv.new_id()));
            portion.orders.push(order.get());
            portion.order_codes.push(code);
            portion.secrets.push(seal::hash(&orders::secret(sv, order)));
            portion.lines.push(sv.new_id());
            portion.tickets.push(ticket.get());
            let valid = validity(sv.now(), hot.ends_at);
            portion
                .codes
                .push(signer.code(ticket, hot.event, 1, valid).to_string());
        }
        portion
    }

    async fn write(
        &self,
        tx: &mut Tx,
        hot: &HotEvent,
        signer: &Signer,
        rows: &Portion,
    ) -> Result<(), Unexpected> {
        let now = at(self.sv.now());
        let organization = hot.organization.get();
        sqlx::query!(
            r#"
            insert into orders (id, organization_id, event_id, code, secret_hash, state, stock, buyer_name, buyer_email,
                                currency, total_minor, created_at, paid_at)
            select o.id, $1, $2, o.code, o.secret, 'paid', 'sold', 'Guest ' || o.code, lower(o.code) || '@guests.example',
                   'EUR', 0, $3, $3
            from unnest($4::uuid[], $5::text[], $6::bytea[]) as o (id, code, secret)
            "#,
            organization,
            hot.event.get(),
            now as _,
            &rows.orders,
            &rows.order_codes,
            &rows.secrets
        )
        .execute(&mut **tx)
        .await?;
        sqlx::query!(
            r#"
            insert into order_lines (id, organization_id, order_id, ticket_type_id, quantity, unit_price_minor,
                                     net_minor)
            select l.id, $1, l.order_id, $2, 1, 0, 0 from unnest($3::uuid[], $4::uuid[]) as l (id, order_id)
            "#,
            organization,
            hot.ticket_type.get(),
            &rows.lines,
            &rows.orders
        )
        .execute(&mut **tx)
        .await?;
        sqlx::query!(
            r#"
            insert into tickets (id, organization_id, event_id, order_id, order_line_id, ticket_type_id, n, holder_name,
                                 code, key_id, issued_at)
            select t.id, $1, $2, t.order_id, t.line, $3, 1, 'Guest ' || t.order_code, t.code, $4, $5
            from unnest($6::uuid[], $7::uuid[], $8::uuid[], $9::text[], $10::text[]) as t (id, order_id, line, order_code, code)
            "#,
            organization,
            hot.event.get(),
            hot.ticket_type.get(),
            signer.key_id(),
            now as _,
            &rows.tickets,
            &rows.orders,
            &rows.lines,
            &rows.order_codes,
            &rows.codes
        )
        .execute(&mut **tx)
        .await?;
        sqlx::query!(
            "update pools set sold = sold + $3 where organization_id = $1 and id = $2",
            organization,
            hot.pool.get(),
            i32::try_from(rows.tickets.len()).unwrap_or(i32::MAX)
        )
        .execute(&mut **tx)
        .await?;
        Ok(())
    }
}
